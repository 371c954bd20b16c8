"""OpenAlex from files: what a work and an author entity say, in every form in which they circulate.

`openalex_2026.jsonl` is synthetic in its fields of 2026 (full_name, raw_author_names, awards): no real record has them.
"""

import gzip
import json
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from kolgraph.loaders.openalex import LOADER
from kolgraph.loaders.openalex_record import OVER_MERGED, entity_id, parse_work

from kolgraph.errors import InputError, TruncatedError, UsageError
from kolgraph.loading import Ask, Page
from kolgraph.loading.http import Client
from kolgraph.model import Affiliation, Mention, MeshTerm, Profile, Publication
from kolgraph.testing import check_loader

DATA = Path(__file__).parent / "data"


@cache
def pages(path: Path) -> list[Page]:
    return check_loader(LOADER, Ask(file=path), Client(LOADER, Ask()))


def works(path: Path) -> dict[str, Publication]:
    found = (record.noun for page in pages(path) for record in page.records)
    return {noun.id.removeprefix("openalex:"): noun for noun in found if isinstance(noun, Publication)}


def profiles(path: Path) -> dict[str, Profile]:
    found = (record.noun for page in pages(path) for record in page.records)
    return {noun.id.removeprefix("openalex:"): noun for noun in found if isinstance(noun, Profile)}


def unknown(path: Path) -> Counter[str]:
    return sum((page.unknown for page in pages(path)), Counter())


def test_a_work_is_read_whole() -> None:
    found = works(DATA / "openalex_works.json")["W9000000001"]
    printed = Affiliation("Dept. of Lungs, Harbour Clinic, Hamburg, Germany", ("ror:04nbqb988",), country="DE")
    elsewhere = Affiliation("Coast University", country="FR")
    assert found == Publication(
        "openalex:W9000000001",
        title="Inhaled steroids in invented asthma",
        year=2021,
        date="2021-03-04",
        journal="Invented Journal",
        types=("article",),
        abstract="We asked, then waited, then wrote.",
        language="eng",
        mesh=(MeshTerm("mesh:D001249", "Asthma", True), MeshTerm("mesh:D006801", "Humans")),
        identifiers=("doi:10.1000/invented.1", "pmid:90000001", "pmc:PMC9000001"),
        grants=("IF-7 (Invented Fund)", "Second Fund"),
        authors=(
            Mention(
                0,
                name="Erfunden, N. B.",
                orcid="0000-0002-1825-0097",
                affiliations=(printed, elsewhere),
                corresponding=True,
                identifiers=("openalex:A9000000001",),
            ),
            Mention(1, name="Otto Beispiel", affiliations=(Affiliation("A place that nobody knows"),)),
            Mention(2, group="The Invented Study Group"),
        ),
        complete=False,
        cited_by=12,
    )


def test_what_is_missing_unknown_or_odd_is_counted_and_costs_no_record() -> None:
    path = DATA / "openalex_works.json"
    found = works(path)
    assert found["W9000000002"] == Publication(
        "openalex:W9000000002", year=1994, date="1994", types=("hologram",), language="xx", cited_by=0
    )
    retracted = found["W9000000003"]
    assert (retracted.kind, retracted.cited_by, retracted.complete) == ("retracted", None, True)
    assert retracted.grants == ("R01 HL000001 (Third Fund)",)
    assert retracted.authors == (
        Mention(
            0,
            name="Ada Vorbild",
            affiliations=(Affiliation("Coast University", ("ror:02mhbdp94",), country="FR"),),
            identifiers=("openalex:A9000000002",),
        ),
    )
    assert unknown(path) == {
        "author entity: twice in one work": 1,
        "author list: cut by OpenAlex": 1,
        "author: without a name, left out": 1,
        "language: xx": 1,
        "work type: hologram": 1,
        "work: cited_by_count is str, left out": 1,
        "work: authorships[].author.display_name is int, left out": 1,
    }


def test_authors_answers_to_select_and_institutions() -> None:
    path = DATA / "openalex_2026.jsonl"
    assert profiles(path)["A9000000001"] == Profile(
        "openalex:A9000000001",
        "Nora Erfunden",
        ("Nora Beate Erfunden", "N. Erfunden", "Erfunden, N. B."),
        "0000-0002-1825-0097",
        (
            Affiliation("Coast University", country="FR"),
            Affiliation("Harbour Clinic", ("ror:04nbqb988",), country="DE"),
        ),
        24_933,
    )
    assert works(path)["W9000000004"].title == "An answer to select="
    (page,) = pages(path)
    assert page.aliases == (("openalex:I9000000001", "ror:04nbqb988"),)
    assert [reject.reason.split(":")[-1].strip() for reject in page.rejected] == [
        "nothing of an institution is kept but that",
        "nothing else of OpenAlex is read",
        "the entity has no OpenAlex id",
    ]
    assert page.unknown[f"author entity: over {OVER_MERGED:,} works, surely several people"] == 1


def test_a_partial_answer_never_replaces_a_whole_one() -> None:
    partial = next(r for r in pages(DATA / "openalex_2026.jsonl")[0].records if r.id == "openalex:W9000000004")
    whole = pages(DATA / "openalex_works.json")[0].records
    assert partial.version == 1
    assert [record.version for record in whole] == [20251021063331, 20251020000000, 1]


@pytest.mark.parametrize(
    ("said", "number"),
    [
        *(("https://openalex.org/W1", "W1"), ("w22", "W22"), ("https://api.openalex.org/works/W3", "W3")),
        *(("https://openalex.org/subfields/1710", ""), ("", ""), (None, ""), ("Wilson", ""), ("W1 W2", "")),
    ],
)
def test_ids(said: str | None, number: str) -> None:
    assert entity_id(said) == number


@pytest.mark.parametrize(
    ("said", "mention"),
    [
        ("Nora B. Erfunden", Mention(0, name="Nora B. Erfunden")),
        ("Erik Janssen", Mention(0, "Janssen", "Erik")),  # who is no firm
        ("Roche, Anna-Lena", Mention(0, "Roche", "Anna-Lena")),
        ("Otto W. Senior", Mention(0, "Senior", "Otto W.")),
        ("Invented Team", Mention(0, group="Invented Team")),
        ("The 3C Collaboration", Mention(0, group="The 3C Collaboration")),
        ("Onename", Mention(0, name="Onename")),
    ],
)
def test_human_beings_and_groups(said: str, mention: Mention) -> None:
    raw = json.dumps({"id": "https://openalex.org/W1", "authorships": [{"raw_author_name": said}]}).encode()
    noun = parse_work(raw, Counter()).noun
    assert isinstance(noun, Publication)
    assert noun.authors == (mention,)


def test_an_abstract_with_a_position_beyond_all_bounds() -> None:
    counted: Counter[str] = Counter()
    index = {"one": [0], "two": [1, 10**12], "minus": [-1]}
    raw = json.dumps({"id": "https://openalex.org/W1", "abstract_inverted_index": index}).encode()
    noun = parse_work(raw, counted).noun
    assert isinstance(noun, Publication)
    assert noun.abstract == "one two"
    assert counted["abstract: words beyond its end, left out"] == 1


def test_an_index_that_is_none_costs_the_abstract_alone() -> None:
    counted: Counter[str] = Counter()
    raw = b'{"id": "https://openalex.org/W1", "title": "Kept", "abstract_inverted_index": {"one": "zero"}}'
    noun = parse_work(raw, counted).noun
    assert isinstance(noun, Publication)
    assert (noun.title, noun.abstract) == ("Kept", "")
    assert +counted == {"work: abstract_inverted_index[...] is str, left out": 1}


def test_every_form_of_a_file(tmp_path: Path) -> None:
    listed = json.loads((DATA / "openalex_works.json").read_bytes())["results"]
    forms = {
        "page.json": json.dumps({"meta": {}, "results": listed}).encode(),
        "page_indented.json": json.dumps({"meta": {}, "results": listed}, indent=1).encode(),
        "list.json": json.dumps(listed).encode(),
        "lines.jsonl": b"\n".join(json.dumps(one).encode() for one in listed) + b"\n\n",
        "snapshot.gz": gzip.compress(b"\n".join(json.dumps(one).encode() for one in listed)),
    }
    for name, body in forms.items():
        (tmp_path / name).write_bytes(body)
        assert works(tmp_path / name) == works(DATA / "openalex_works.json"), name
    (tmp_path / "one.json").write_text(json.dumps(listed[0], indent=1))
    assert list(works(tmp_path / "one.json")) == ["W9000000001"]


@pytest.mark.parametrize(
    ("body", "error", "said"),
    [
        (b'{"id": "https://openalex.org/W1"}\n{"id": "https://openalex.org/W2", "ti', TruncatedError, "last line"),
        (b'{"meta": {}, "results": [{"id": "https://openal', TruncatedError, "is cut"),
        (b"<!doctype html><title>404 Not Found</title>", InputError, "an HTML page"),
        (b'{"meta": {}, "results": [{"id": "https://openalex.org/S1"}]}', InputError, "only works, authors"),
        (b"PAR1\0\0\0", InputError, "not JSON"),
        (b"[" * 200_000, InputError, "nested too deeply"),
    ],
)
def test_files_that_are_none_are_refused(tmp_path: Path, body: bytes, error: type[InputError], said: str) -> None:
    path = tmp_path / "file.json"
    path.write_bytes(body)
    with pytest.raises(error, match=said) as caught:
        list(LOADER.pages(Ask(file=path), Client(LOADER, Ask()), ""))
    assert "file.json" in str(caught.value)


def test_a_bad_line_among_good_ones_is_one_reject(tmp_path: Path) -> None:
    path = tmp_path / "lines.jsonl"
    path.write_bytes(b'{"id": "https://openalex.org/W1"}\n{"id": nonsense}\n{"id": "https://openalex.org/W2"}\n')
    (page,) = LOADER.pages(Ask(file=path), Client(LOADER, Ask()), "")
    assert len(page.records) == 2
    assert ["line 2" in reject.where for reject in page.rejected] == [True]


def test_neither_file_nor_query() -> None:
    with pytest.raises(UsageError, match="Give a file or a query"):
        list(LOADER.pages(Ask(), Client(LOADER, Ask()), ""))


# the real records, counted as their manifest counts them


@pytest.fixture(scope="module")
def real(realdata: Path) -> Path:
    return realdata / "openalex"


def test_real_works(real: Path) -> None:
    found = works(real / "works.jsonl.gz")
    authors = [one for work in found.values() for one in work.authors]
    assert (len(found), len(authors)) == (290, 2_339)
    assert sum(any(id.startswith("pmid:") for id in work.identifiers) for work in found.values()) == 103
    bare = [one for one in authors if not any(place.identifiers for place in one.affiliations)]
    assert 0.25 < len(bare) / len(authors) < 0.30
    assert any(one.affiliations and not one.affiliations[0].identifiers for one in found["W1974927094"].authors)
    assert not any(id.startswith("doi:") for id in found["W104609242"].identifiers)
    assert (found["W1637437975"].journal, found["W2163815564"].authors) == ("", ())
    assert unknown(real / "works.jsonl.gz")["author list: cut by OpenAlex"] == 5
    assert Counter(work.kind for work in found.values())["other"] == 9  # data sets, front matter


def test_a_real_page_cut_at_a_hundred_authors(real: Path) -> None:
    found = works(real / "works_page_2020_2023.json.gz")
    assert len(found) == 50
    cut = found["W3092849554"]
    assert (len(cut.authors), cut.complete) == (100, False)
    ids = [id for one in cut.authors for id in one.identifiers]
    assert len(set(ids)) < len(ids)


def test_real_answers_to_select(real: Path) -> None:
    assert len(works(real / "works_select_partial.jsonl.gz")) == 162


def test_real_authors(real: Path) -> None:
    found = profiles(real / "authors.jsonl.gz")
    assert len(found) == 72
    assert found["A5053777031"].works == 24_933
    assert len(profiles(real / "authors_page1.json.gz")) == 50
    assert unknown(real / "authors.jsonl.gz")[f"author entity: over {OVER_MERGED:,} works, surely several people"] == 50


def test_real_institutions_leave_their_numbers(real: Path) -> None:
    counts = {
        name: sum(len(page.aliases) for page in pages(real / name))
        for name in ("institutions.jsonl.gz", "institutions_US_page1.json.gz", "institution_I161548249.json")
    }
    assert counts == {
        "institutions.jsonl.gz": 56,
        "institutions_US_page1.json.gz": 50,
        "institution_I161548249.json": 1,
    }


def test_real_single_entities_and_what_is_refused(real: Path) -> None:
    assert list(works(real / "work_W2741809807.json")) == ["W2741809807"]
    assert list(profiles(real / "author_A5017898742.json")) == ["A5017898742"]
    with pytest.raises(InputError, match="only works, authors and institutions"):
        list(LOADER.pages(Ask(file=real / "sources_page.json"), Client(LOADER, Ask()), ""))
    with pytest.raises(InputError, match="not JSON"):
        list(LOADER.pages(Ask(file=real / "openalex_all_institutions_id_name.parquet"), Client(LOADER, Ask()), ""))
