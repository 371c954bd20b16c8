"""The registers of the synthetic world: read by the real loaders without a doubt, and true to its people."""

from collections import Counter, defaultdict
from pathlib import Path

import pytest

from kolgraph.demo import SOURCES, generate
from kolgraph.ids import npi_id
from kolgraph.loading import Ask, Page
from kolgraph.model import Grant, Payment, Practitioner
from kolgraph.names import fold
from kolgraph.plugins import loaders


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("registers")
    generate(folder, 2000, 7)
    return folder


def pages(world: Path, source: str) -> list[Page]:
    loader = loaders()[source]
    files = sorted((world / source).iterdir())
    assert files
    return [page for file in files for page in loader.pages(Ask(file=file), None, "")]  # type: ignore[arg-type]


def truth(world: Path, name: str) -> list[list[str]]:
    return [line.split("\t") for line in (world / "truth" / f"{name}.tsv").read_text("utf-8").splitlines()[1:]]


@pytest.mark.parametrize("source", SOURCES[3:])
def test_every_row_is_read(world: Path, source: str) -> None:
    for page in pages(world, source):
        assert page.records
        assert not page.rejected
        assert not page.unknown


def test_everybody_in_a_register_is_somebody(world: Path) -> None:
    whose = {id: person for person, *ids in truth(world, "registers") for id in ids}
    last = {person: name for person, name, *_ in truth(world, "people")}
    found = Counter[str]()
    for source in SOURCES[3:]:
        for record in (record for page in pages(world, source) for record in page.records):
            noun = record.noun
            assert isinstance(noun, Practitioner | Payment | Grant)
            named = (noun.mention,) if isinstance(noun, Practitioner) else getattr(noun, "recipients", ())
            for mention in named or getattr(noun, "investigators", ()):
                people = {whose[id] for id in mention.identifiers}
                assert len(people) == 1
                assert fold(mention.last) == fold(last[people.pop()])
                found[source] += 1
    assert all(found[source] > 50 for source in SOURCES[3:])


def test_numbers_are_well_formed_and_not_given_out(world: Path) -> None:
    for _, npi, *_ in truth(world, "registers"):
        assert npi_id(npi.removeprefix("npi:")).startswith("29")
    (page,) = pages(world, "nppes")
    assert len(page.deleted) == 5
    assert len(page.aliases) == 1


def test_a_published_year_is_whole(world: Path) -> None:
    groups = {group for page in pages(world, "openpayments") for group in page.replaces}
    assert groups == {f"{kind} payments of {year}" for kind in ("general", "research") for year in (2024, 2025)}
    ids = [record.id for page in pages(world, "openpayments") for record in page.records]
    assert len(set(ids)) == len(ids)


def test_money_follows_fame_with_noise(world: Path) -> None:
    fame: dict[str, float] = {}
    for person, _, year, value in truth(world, "influence"):
        if year == "2026":
            fame[person] = float(value)
    whose = {profile: person for person, _, profile, _ in truth(world, "registers")}
    paid: dict[str, float] = defaultdict(float)
    for record in (record for page in pages(world, "openpayments") for record in page.records):
        if isinstance(record.noun, Payment) and record.noun.kind == "general":
            paid[whose[record.noun.recipients[0].identifiers[0]]] += record.noun.amount
    people = sorted(set(fame) & set(whose.values()))
    ranks = [ranked([fame[p] for p in people]), ranked([paid[p] for p in people])]
    n, squares = len(people), sum((a - b) ** 2 for a, b in zip(*ranks, strict=True))
    spearman = 1 - 6 * squares / (n * (n * n - 1))
    assert 0.3 < spearman < 0.9


def ranked(values: list[float]) -> list[int]:
    order = sorted(range(len(values)), key=values.__getitem__)
    ranks = [0] * len(values)
    for rank, at in enumerate(order):
        ranks[at] = rank
    return ranks


def test_a_small_world_has_no_file_without_rows(tmp_path: Path) -> None:
    generate(tmp_path, 150, 7)
    assert [page for page in pages(tmp_path, "openpayments") if page.records]
