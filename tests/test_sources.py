"""Where facts come from: every record behind a paper, an affiliation and an identifier; the mark that shows it."""

import re

from kolgraph.loading import Page, Record
from kolgraph.model import Mention, Publication, mentions_of
from kolgraph.plugins import loaders
from kolgraph.services.dossier import dossier
from kolgraph.services.evidence import inspect, receipt
from kolgraph.services.sources import SHORT, Source, identifiers_said, label, places_said, sources
from kolgraph.ui.parts.source_mark import mark, told


def leader(ws):
    return ws.store.read("ranking", score="influence", scope="all", top=1, offset=0)[0]["id"]


def test_every_fact_on_a_page_of_a_person_answers_where_it_comes_from(ws):
    seen = dossier(ws, leader(ws))
    facts = [work.record.sources for work in (*seen.papers, *seen.trials)]
    facts += [place.sources for place in seen.places] + [seen.given[one] for one in seen.identifiers]
    assert len(facts) > 50
    for said in facts:
        assert said
        for one in said:
            assert re.fullmatch(r"\d{4}-\d\d-\d\dT.*", one.fetched)
            assert re.fullmatch(r"[0-9a-f]{64}", one.sha256)
            assert all((one.record, one.title, one.version, one.origin, one.page.startswith("https://")))


def test_the_inspector_and_the_receipt_of_a_tie_answer_too(ws):
    card = inspect(ws, leader(ws))
    assert card.place_sources
    assert all(row.sources for row in card.behind)
    seen = receipt(ws, card.id, card.closest[0].id)
    assert all(row.sources for row in (*seen.papers, *seen.trials))
    assert all(said for *_, said in seen.institutions)


def test_an_affiliation_names_the_latest_records_that_give_it_and_the_register(ws):
    person = leader(ws)
    home = ws.store.read("person", id=person)[0]["institution"]
    *records, register = [one.record for one in places_said(ws, person)[home]]
    assert register == home
    assert 1 <= len(records) <= 5
    for record in records:
        noun = ws.inbox.record(record)[0]
        assert any(one.affiliations for one in mentions_of(noun))


def test_an_identifier_names_a_record_in_which_it_stands(ws):
    person = next(row for row in ws.store.stream("people") if row["identifiers"])
    ((identifier, (said,)),) = identifiers_said(ws, person["id"], person["identifiers"]).items()
    noun = ws.inbox.record(said.record)[0]
    assert identifier.removeprefix("orcid:") in {one.orcid for one in mentions_of(noun)}
    assert identifiers_said(ws, person["id"], ()) == {}


def test_a_paper_of_several_records_names_them_all_the_leading_one_first(ws):
    paper = Publication("pmid:7", title="One paper", identifiers=("doi:10.1/x",), authors=(Mention(0, last="Ash"),))
    twin = Publication(
        "openalex:W7", title="One paper", identifiers=("doi:10.1/x",), authors=(Mention(0, name="A Ash"),)
    )
    for source, noun in (("openalex", twin), ("pubmed", paper)):
        load = ws.inbox.begin(source, "file", "ab" * 32, "1")
        ws.inbox.store(load, Page((Record(noun.id, b"raw", noun),)))
        ws.inbox.finish(load)
    for id in (paper.id, twin.id):
        assert [(one.record, one.short) for one in sources(ws, [id])[id]] == [("pmid:7", "PM"), ("openalex:W7", "OA")]


def test_what_is_not_held_has_no_source_and_no_mark(ws):
    assert sources(ws, ["pmid:1"]) == {}
    assert mark(()) is None
    assert "Not held any more" in str(told(()))


def said(record: str, page: str = "") -> Source:
    return Source(record, "Own lists", "List", page, "2026-11-24T10:20:30+00:00", "ab" * 32, "1", "board.csv")


def test_a_mark_opens_the_public_page_or_tells_in_place():
    alone = mark([said("own:a:1")])
    assert (type(alone).__name__, alone.id) == ("Button", {"type": "source-mark", "id": "own:a:1"})
    several = mark([said("own:a:1"), said("pmid:1", "https://example.org/1"), *[said(f"own:a:{n}") for n in range(9)]])
    assert (type(several).__name__, several.href, several.children) == ("A", "https://example.org/1", "List +10")
    lines = several.title.split("\n")
    assert lines[0].startswith("Own lists, pmid:1, fetched 2026-11-24 10:20, file abababab")
    assert lines[-1] == "and 5 more"
    assert len(lines) == 7


def test_labels_are_those_of_the_field():
    assert [label(id) for id in ("pmid:1", "nct:NCT00000001", "openalex:W1")] == ["PMID 1", "NCT00000001", "W1"]


def test_every_source_of_the_house_has_initials_of_its_own():
    assert loaders().keys() <= SHORT.keys()
    assert len({*SHORT.values()}) == len(SHORT)
