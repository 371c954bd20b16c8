"""The real records, counted as their manifest counts them."""

from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from kolgraph.loaders import clinicaltrials, pubmed, ror

from kolgraph.loading import Ask, Loader, Page, Record
from kolgraph.loading.files import expand
from kolgraph.loading.http import Client
from kolgraph.model import Institution, Publication, Trial


@cache
def pages(loader: Loader, path: Path) -> list[Page]:
    return list(loader.pages(Ask(file=path), Client(loader, Ask()), ""))


def records(loader: Loader, path: Path) -> list[Record]:
    return [record for page in pages(loader, path) for record in page.records]


def papers(path: Path) -> dict[str, Publication]:
    return {r.id: r.noun for r in records(pubmed.LOADER, path)}  # type: ignore[misc]


@pytest.fixture(scope="module")
def main_file(realdata: Path) -> Path:
    return realdata / "pubmed" / "pubmed21n1298_partA.xml.gz"


def test_the_main_file_is_read_whole(main_file: Path) -> None:
    found = records(pubmed.LOADER, main_file)
    nouns = [r.noun for r in found]
    assert len(found) == 11_813
    assert len({r.id for r in found}) == 11_812
    assert sum(len(page.deleted) for page in pages(pubmed.LOADER, main_file)) == 10
    assert not any(page.rejected for page in pages(pubmed.LOADER, main_file))
    assert sum(r.raw.count(b"<CollectiveName>") for r in found) == 211
    slots = [m for noun in nouns if isinstance(noun, Publication) for m in noun.authors]
    authors = [m for m in slots if m.role == "author"]
    unknown: Counter[str] = Counter()
    for page in pages(pubmed.LOADER, main_file):
        unknown += page.unknown
    assert len(authors) + unknown["author: marked invalid by PubMed, left out"] == 75_714
    assert sum(1 for m in slots if m.role == "member") == 5_007
    assert sum(1 for m in authors if m.orcid) == 8_412 - 4
    assert unknown["orcid: malformed, left out"] == 4
    assert sum(1 for m in authors if m.group) == 211
    assert sum(1 for m in authors if len(m.affiliations) > 1) == 7_925
    assert sum(1 for m in authors if m.affiliations) > 0.97 * len(authors)
    schemes = Counter(i.split(":")[0] for m in slots for a in m.affiliations for i in a.identifiers)
    assert (schemes["grid"], schemes["isni"], schemes["ringgold"]) == (609, 577, 68)


def test_the_kinds_of_the_main_file(main_file: Path) -> None:
    kinds = Counter(paper.kind for paper in papers(main_file).values())
    assert (kinds["retracted"], kinds["notice"], kinds["erratum"], kinds["guideline"]) == (2, 6, 116, 5)
    every = papers(main_file).values()
    assert sum(1 for paper in every if paper.trials) == 79
    assert sum(len(paper.trials) for paper in every) == 104
    assert sum(1 for paper in every if not paper.title) == 0
    assert all(paper.year and paper.date.startswith(str(paper.year)) for paper in every)
    assert sum(1 for paper in every if paper.mesh) == 184


def test_the_two_versions_of_one_paper(main_file: Path) -> None:
    versions = [r.version // 10**8 for r in records(pubmed.LOADER, main_file) if r.id == "pmid:34017925"]
    assert sorted(versions) == [1, 2]


def test_the_old_file(realdata: Path) -> None:
    found = papers(realdata / "pubmed" / "pubmed20n0014_partA.xml.gz")
    assert len(found) == 3_000
    authors = [m for paper in found.values() for m in paper.authors]
    assert (len(authors), sum(1 for m in authors if m.affiliations)) == (7_889, 45)
    assert all(paper.mesh for paper in found.values())
    assert found["pmid:399336"].date == str(found["pmid:399336"].year)


def test_single_answers_of_efetch(realdata: Path) -> None:
    found: dict[str, Publication] = {}
    for path in expand([realdata / "pubmed" / "efetch_single", realdata / "pubmed" / "efetch_small"]):
        assert not any(page.rejected for page in pages(pubmed.LOADER, path)), path.name
        found |= papers(path)
    assert len(found) > 110
    book = found["pmid:20301546"]
    assert book.kind == "book"
    assert Counter(m.role for m in book.authors)["editor"] > 4
    assert any("ø" in m.last for m in found["pmid:10440612"].authors)
    assert any(m.fore == "Pär" for m in found["pmid:38884108"].authors)


def test_the_zip_with_broken_files(realdata: Path) -> None:
    walk = pages(pubmed.LOADER, realdata / "and_gold" / "train_articles.zip")
    rejected = [reject for page in walk for reject in page.rejected]
    found = papers(realdata / "and_gold" / "train_articles.zip")
    assert len(found) == 2_945
    assert len(rejected) == 10
    assert sum("is empty" in reject.reason for reject in rejected) == 4
    assert sum("it says" in reject.reason for reject in rejected) == 4
    assert sum("an HTML page" in reject.reason for reject in rejected) == 2
    assert len(found["pmid:27770180"].authors) == 5_425
    teams = [sum(m.role == "author" for m in paper.authors) for paper in found.values()]
    assert sum(1 for size in teams if size >= 100) == 22


def test_all_files_of_clinicaltrials(realdata: Path) -> None:
    found: list[Trial] = []
    unknown: Counter[str] = Counter()
    rejected = []
    for path in expand([realdata / "ctgov"]):
        for page in pages(clinicaltrials.LOADER, path):
            found += [r.noun for r in page.records if isinstance(r.noun, Trial)]
            rejected += page.rejected
            unknown += page.unknown
    assert len(found) == 344
    assert [r.reason for r in rejected] == ["the study has no NCT number (identificationModule.nctId)"] * 3
    by_id = {trial.id: trial for trial in found}
    assert by_id["nct:NCT03103880"].aliases == ("nct:NCT05712863",)
    assert by_id["nct:NCT00124774"].title
    names = {m.name for trial in found for m in trial.investigators}
    assert "HUAJUN CHEN, MD" in names
    assert not names & {"Clinical Trials", "Clinical Trial Management", "Principal Investigator", "President"}
    assert not any(key.startswith(("status", "phase", "role", "country", "study type")) for key in unknown)
    assert unknown["site: anonymous, left out"] > 441
    assert not any("Research Site" in site.name for trial in found for site in trial.sites)


@pytest.mark.parametrize(
    ("name", "count", "american"),
    [("ror-data_merged_schema_v2.json.gz", 35_990, 4_145), ("ror-data_v1only_schema_v1.json.gz", 15_380, 4_162)],
)
def test_both_schemas_of_ror(realdata: Path, name: str, count: int, american: int) -> None:
    found = {r.id: r.noun for r in records(ror.LOADER, realdata / "ror" / name) if isinstance(r.noun, Institution)}
    assert len(found) == count
    assert sum(1 for place in found.values() if place.country == "US") == american
    assert not any(page.rejected or page.unknown for page in pages(ror.LOADER, realdata / "ror" / name))
    assert all(place.name for place in found.values())
    if count == 35_990:
        assert Counter(place.status for place in found.values()) == {
            "active": 35_075,
            "inactive": 725,
            "withdrawn": 190,
        }
        assert found["ror:000bmd763"].successors == ("ror:04nbqb988",)
        assert all(place.lat is not None for place in found.values())
    else:
        assert {"ror:02jzgtq86", "ror:002pd6e78"} <= found.keys()
