"""The recipe of a landscape: written, read back, and every mistake named in one line."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kolgraph import landscape
from kolgraph.errors import InputError, UsageError
from kolgraph.landscape import DIMENSIONS, Landscape, Source, first_day, last_day, topic
from kolgraph.model import Topic
from kolgraph.score import blend

TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), min_size=1, max_size=12)
DATES = st.sampled_from(["", "2019", "2019-06", "2019-06-30"])
RECIPES = st.builds(
    Landscape,
    TEXT,
    st.just((topic("Asthma=asthma|wheeze|mesh:D001249|mesh:Status Asthmaticus"), topic("COVID-19"))),
    st.lists(
        st.builds(
            Source, TEXT, st.lists(TEXT, max_size=2).map(tuple), TEXT | st.just(""), DATES, st.just(""), st.booleans()
        ),
        max_size=3,
    ).map(tuple),
    st.booleans(),
    DATES,
    st.just("2021"),
    st.lists(st.sampled_from(["DE", "US", "JP"]), unique=True).map(tuple),
    st.dictionaries(st.sampled_from(DIMENSIONS), st.floats(0.5, 1e6)).map(lambda d: tuple(d.items())),
)


@given(RECIPES)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_written_is_read(tmp_path: Path, recipe: Landscape) -> None:
    landscape.write(tmp_path, recipe)
    read = landscape.read(tmp_path)
    assert read == recipe
    assert read.digest() == recipe.digest()


def test_topics_in_one_line() -> None:
    said = "Asthma = asthma | wheez* | mesh:D001249 | mesh:Status Asthmaticus"
    mesh = ("mesh:D001249", "Status Asthmaticus")
    assert topic(said) == Topic("topic:asthma", "Asthma", ("asthma", "wheez*"), mesh)
    assert topic("COVID-19").terms == ("COVID-19",)
    assert topic("Skin=mesh:D012871") == Topic("topic:skin", "Skin", (), ("mesh:D012871",))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("title = [", "is not a recipe"),
        ("titel = 'x'", "titel"),
        ("[[topic]]\nterms = ['x']", "name"),
        ("[[topic]]\nname = 'X'\nterm = ['x']", "term"),
        ("[[topic]]\nname = 'X'\nterms = 'asthma'", "array"),
        ("[[topic]]\nname = 'X'\nterms = ['!!']", "no name that can be matched"),
        ("[[topic]]\nname = 'X'\n[[topic]]\nname = 'x'", "are one"),
        ("[[source]]\nfiles = ['x']", "loader"),
        ("[[source]]\nloader = 'pubmed'\nsince = 'last year'", 'since = "last year"'),
        ("since = 2019\nuntil = 2018", "lies after"),
        ("until = '2019-13'", 'until = "2019-13"'),
        ("since = '2019-02-30'", "is no date"),
        ("countries = ['Germany']", 'no country "Germany"'),
        ("countries = 'DE'", "array"),
        ("[weights]\nsciense = 1", 'no dimension "sciense"'),
        ("[weights]\nscience = -1", "from 0 on"),
        ("[weights]\nscience = nan", "from 0 on"),
        ("[weights]\nscience = 'much'", "float"),
        ("[weights]\n" + "\n".join(f"{one} = 0" for one in DIMENSIONS), "all weights are 0"),
        ("synthetic = 'yes'", "bool"),
    ],
)
def test_mistakes_are_named_in_one_line(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / landscape.FILE).write_text(text)
    with pytest.raises(InputError) as refused:
        landscape.read(tmp_path)
    assert said in str(refused.value)
    assert landscape.FILE in str(refused.value)
    assert "\n" not in str(refused.value)


def test_years_and_days_as_toml_writes_them(tmp_path: Path) -> None:
    (tmp_path / landscape.FILE).write_text("since = 2019\nuntil = 2021-06-30")
    read = landscape.read(tmp_path)
    assert (read.since, read.until) == ("2019", "2021-06-30")
    assert [first_day(said) for said in ("", "2019", "2019-06", "2019-06-05")] == [
        "",
        "2019-01-01",
        "2019-06-01",
        "2019-06-05",
    ]
    assert [last_day(said) for said in ("", "2019", "2020-02", "2020-02-05")] == [
        "",
        "2019-12-31",
        "2020-02-29",
        "2020-02-05",
    ]


def test_the_digest_covers_what_a_build_depends_on() -> None:
    plain = Landscape("A", (topic("Asthma=asthma"),))
    same = Landscape("B", plain.topics, (Source("pubmed"),), since="2019", countries=("DE",))
    assert plain.digest() == same.digest()
    others = [
        Landscape("A", (topic("Asthma=wheeze"),)),
        Landscape("A", (topic("Asthma=asthma|mesh:D001249"),)),
        Landscape("A", plain.topics, weights=(("science", 1.0),)),
        Landscape("A"),
    ]
    assert len({plain.digest(), *(one.digest() for one in others)}) == 5


def test_weights_name_the_dimensions_that_there_are() -> None:
    assert tuple(one.id for one in blend.DIMENSIONS) == DIMENSIONS
    lens = {one.id: one.weight for one in blend.lens([("science", 1.0)])}
    assert lens == {one.id: one.weight for one in blend.DIMENSIONS} | {"science": 1.0}


def test_a_landscape_made_in_code_is_checked_too() -> None:
    with pytest.raises(UsageError, match='no country "XX"'):
        landscape.check(Landscape("A", countries=("XX",)))
