"""Europe PMC from files and by query: core and lite, preprints and their versions, marks that stand still."""

import json
from collections import Counter
from pathlib import Path

import pytest
from kolgraph.loaders.europepmc import LOADER
from kolgraph.loaders.europepmc_record import parse_result
from servers.europepmc import EuropePmc, preprint
from servers.faults import Fault, Served, faulty, survives

from kolgraph.errors import InputError, SourceError, UsageError
from kolgraph.inbox import Inbox
from kolgraph.loading import Ask, Page, Wanted
from kolgraph.loading.http import Client
from kolgraph.loading.runner import LoadResult, load
from kolgraph.model import Affiliation, Mention, Publication
from kolgraph.testing import check_loader

DATA = Path(__file__).parent / "data"


def pages(path: Path) -> list[Page]:
    return check_loader(LOADER, Ask(file=path), Client(LOADER, Ask()))


def papers(path: Path) -> dict[str, Publication]:
    found = (record.noun for page in pages(path) for record in page.records)
    return {noun.id: noun for noun in found if isinstance(noun, Publication)}


def parse(**said: object) -> tuple[Publication, Counter[str]]:
    counted: Counter[str] = Counter()
    noun = parse_result(json.dumps({"id": "1", "source": "PPR", **said}).encode(), counted).noun
    assert isinstance(noun, Publication)
    return noun, +counted


def test_a_preprint_in_core_form() -> None:
    found = papers(DATA / "europepmc_core.json")["europepmc:PPR/PPR900001"]
    assert found == Publication(
        "europepmc:PPR/PPR900001",
        2,
        "Inhaled steroids & p < 0.05 in asthma",
        2021,
        "2021-06-03",
        "Invented Preprints",
        "article",
        ("Preprint",),
        "Background We asked. Results Less than 5 < 6.",
        "eng",
        ("asthma", "steroids"),
        identifiers=("doi:10.21203/rs.3.rs-900001/v2", "europepmc:PPR/PPR900000"),
        grants=("IF-7 (Invented Fund)", "Second Fund"),
        authors=(
            Mention(
                0,
                "Erfunden",
                "Nora B",
                "NB",
                orcid="0000-0002-1825-0097",
                affiliations=(Affiliation("Harbour Clinic, Hamburg, Germany. n.erfunden@clinic.example"),),
                corresponding=True,
            ),
            Mention(1, group="Invented Study Group"),
            Mention(2, name="Beispiel O"),
        ),
        cited_by=3,
    )


def test_a_paper_of_pubmed_is_named_by_its_pmid() -> None:
    found = papers(DATA / "europepmc_core.json")["europepmc:MED/90000001"]
    assert found.identifiers == ("pmid:90000001", "doi:10.1000/invented.1", "pmc:PMC9000001")
    assert (found.kind, found.journal, found.year) == ("retracted", "Invented Journal", 2020)


def test_the_lite_form_knows_no_author() -> None:
    path = DATA / "europepmc_lite.json"
    found = papers(path)["europepmc:MED/90000001"]
    assert (found.authors, found.complete, found.types) == ((), False, ("review", "journal article"))
    assert (found.kind, found.journal) == ("review", "Invented Journal")
    assert papers(path)["europepmc:AGR/IND9"].complete  # nobody is named, nothing is cut
    (page,) = pages(path)
    assert page.unknown == {"author list: in one string, not read (ask for resultType=core)": 1}
    # of both forms the core counts, whichever comes first
    (core,) = pages(DATA / "europepmc_core.json")
    assert {r.id: r.version for r in core.records}["europepmc:MED/90000001"] > page.records[0].version


def test_what_is_odd_is_counted_and_costs_no_record() -> None:
    noun, counted = parse(title=None, pubYear="in press", citedByCount="3", pubTypeList={"pubType": ["Hologram"]})
    assert (noun.title, noun.year, noun.cited_by, noun.kind) == ("", None, None, "article")
    assert counted == {"publication type: Hologram": 1, "result: citedByCount is str, left out": 1}
    noun, counted = parse(
        authorList={
            "author": [{"lastName": " "}, {"lastName": "Kurz", "authorId": {"type": "ORCID", "value": "0000-0001"}}]
        }
    )
    assert noun.authors == (Mention(1, "Kurz"),)
    assert counted == {"author: without a name, left out": 1, "orcid: malformed, left out": 1}


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'{"resultList": {"result": [{"id": "1"', "is cut"),
        (b"<html></html>", "an HTML page"),
        (
            b'{"request": {"resultType": "idlist"}, "resultList": {"result": [{"id": "1", "source": "MED"}]}}',
            "ids alone",
        ),
    ],
)
def test_files_that_are_none_are_refused(tmp_path: Path, body: bytes, said: str) -> None:
    path = tmp_path / "file.json"
    path.write_bytes(body)
    with pytest.raises(InputError, match=said):
        pages(path)


def test_a_result_without_an_id_is_rejected(tmp_path: Path) -> None:
    path = tmp_path / "file.json"
    path.write_bytes(
        b'{"resultList": {"result": [{"title": "no id"}, {"id": "P1", "source": "PPR", "title": "kept"}]}}'
    )
    (page,) = pages(path)
    assert ([r.id for r in page.records], len(page.rejected)) == (["europepmc:PPR/P1"], 1)


# by query


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kolgraph.loaders.europepmc.PAGE", 20)


def world(count: int, **said: object) -> EuropePmc:
    records = {f"PPR/PPR{n}": preprint(n) for n in range(101, 101 + count)}
    records["MED/7"] = preprint(7, id="7", source="MED", pmid="7")
    return EuropePmc(records, **said)  # type: ignore[arg-type]


def run(inbox: Inbox, served: Served, **said: object) -> LoadResult:
    ask = Ask(base_url=served.url, **{"query": "asthma NOT SRC:MED", **said})  # type: ignore[arg-type]
    return load(
        inbox, LOADER, ask, Client(LOADER, ask, sleep=served.clock.sleep, clock=served.clock.now), lambda *a: None
    )


def test_two_thousand_faults(small_pages: None) -> None:
    one = world(90)
    truth = {f"europepmc:{name}" for name in one.records if name.startswith("PPR")}
    survives(LOADER, Ask(query="asthma NOT SRC:MED"), one, truth, rate=3, seed=5, share=0.8)


@pytest.mark.parametrize("still", [True, False])
def test_a_walk_to_the_mark_that_stands_still_or_is_left_out(inbox: Inbox, small_pages: None, still: bool) -> None:
    with faulty(world(50, still=still)) as served:
        result = run(inbox, served, contact="msl@firm.example", since="2011-01-01", until="2019-12-31")
    assert (result.records, result.incomplete) == (45, "")
    (first, *_) = served.asked
    assert first.path == "/search"
    assert first.params["query"] == "(asthma NOT SRC:MED) AND FIRST_PDATE:[2011-01-01 TO 2019-12-31]"
    assert (first.params["resultType"], first.params["email"]) == ("core", "msl@firm.example")


def test_nothing_found_is_an_answer(inbox: Inbox) -> None:
    with faulty(EuropePmc({})) as served:
        result = run(inbox, served)
    assert (result.records, result.incomplete) == (0, "")


def test_what_is_counted_and_never_listed_is_said(inbox: Inbox, small_pages: None) -> None:
    with faulty(world(50, forgets=2)) as served:
        assert "Europe PMC counts 50 records, 48 came" in run(inbox, served).incomplete


def test_a_walk_goes_on_where_it_stopped(inbox: Inbox, small_pages: None) -> None:
    with faulty(world(70), [None, None, *[Fault("503")] * 6]) as served:
        with pytest.raises(SourceError, match="failed 6 times"):
            run(inbox, served)
        assert inbox.counts()["publications"] == 40
        assert run(inbox, served).incomplete == ""
    assert inbox.counts()["publications"] == 70
    assert served.never_faster_than(3)


def test_a_query_that_is_not_understood(inbox: Inbox) -> None:
    with faulty(world(1)) as served, pytest.raises(UsageError, match="not understand the query"):
        run(inbox, served, query="(asthma")


def test_a_plan_and_a_landscape_in_the_words_of_europe_pmc() -> None:
    assert LOADER.plan
    assert LOADER.phrase
    said = LOADER.phrase(Wanted(("asthma", 'lung "acute"'), ("Bronchial Spasm",), countries=("DE",)))
    words = ('"asthma"', '"lung acute"', '"Bronchial Spasm"')
    assert said.startswith("(" + " OR ".join(f"TITLE_ABS:{word} OR KW:{word}" for word in words) + ") AND (AFF:")
    assert 'AFF:"Germany"' in said
    assert said.endswith(" NOT SRC:MED")  # the others come from PubMed
    with faulty(world(600)) as served:
        ask = Ask(query=said, base_url=served.url)
        told = LOADER.plan(ask, Client(LOADER, ask, sleep=served.clock.sleep, clock=served.clock.now))
    assert (told.records, told.requests, told.usd) == (600, 2, 0.0)


# the real records, counted as their manifest counts them


def test_real_files(realdata: Path) -> None:
    folder = realdata / "europepmc"
    core, lite = papers(folder / "search_cancer_core.json"), papers(folder / "search_cancer.json")
    assert (len(core), len(lite), len(papers(folder / "search_cancer_page2.json"))) == (25, 25, 5)
    assert core.keys() == lite.keys()
    assert sum(bool(one.authors) for one in core.values()) == 24
    assert not any(one.authors for one in lite.values())
    assert any(mention.orcid for one in core.values() for mention in one.authors)
    assert all(place.text for one in core.values() for mention in one.authors for place in mention.affiliations)
    assert papers(folder / "search_no_results.json") == {}
    with pytest.raises(InputError, match="ids alone"):
        pages(folder / "search_cancer_idlist.json")
