"""Links to registers from the files to the page of a person: counted, sourced, judged, and never part of a score."""

import json
import re
import sqlite3
from pathlib import Path

import pytest

from kolgraph import jobs, landscape
from kolgraph.errors import UsageError
from kolgraph.provenance import LINKS, facts
from kolgraph.services import dossier, judging, registers
from kolgraph.specialties import spoken
from kolgraph.ui.parts.registers import DISCLOSURE, card
from kolgraph.workspace import Workspace

SOURCES = ("nppes", "openpayments", "nihreporter")


@pytest.fixture(scope="module")
def scores(small_world: Path) -> list[dict[str, object]]:
    """The scores of the small world before any register is loaded."""
    with Workspace(small_world) as ws:
        return [dict(row) for row in ws.store.stream("scores")]


@pytest.fixture
def known(ws: Workspace) -> Workspace:
    """The small world with its registers, built anew."""
    for name in SOURCES:
        jobs.load(ws, landscape.Source(name, (f"files/{name}",)))
    for step in (jobs.resolve, jobs.build, jobs.score):
        step(ws)
    return ws


def linked(ws: Workspace, kind: str) -> str:
    """Somebody with a linked record of a kind."""
    rows = [row for row in all_links(ws) if row["kind"] == kind and row["state"] == "linked"]
    return str(rows[0]["person"])


def all_links(ws: Workspace) -> list[registers.Row]:
    people = {row["id"] for row in ws.store.stream("people")}
    return [row for person in sorted(people) for row in registers.links_of(ws, person)]


def test_from_the_files_to_the_page(known: Workspace, scores: list[dict[str, object]]) -> None:
    ws = known
    # payments never reach a score, nor does anything else of a register
    assert [dict(row) for row in ws.store.stream("scores")] == scores
    # every link answers where it comes from
    (counted,) = [one for one in facts(ws) if one.kind == LINKS]
    assert counted.count > 5
    assert counted.without == 0
    person = linked(ws, "payment")
    seen = registers.registered(ws, person)
    paid = [row for row in registers.links_of(ws, person) if row["kind"] == "payment"]
    assert sum(one.count for one in seen.payments) == len(paid)
    assert all(one.sources and one.general + one.research > 0 for one in seen.payments)
    assert {title for title, _, _ in seen.licences} >= {"NPPES", "Open Payments"}
    assert all(licence == "public" and fetched for _, licence, fetched in seen.licences)
    # the number is an identifier of the person, with the register as its source
    found = dossier.dossier(ws, person)
    npi = seen.practices[0].npi
    assert npi in found.identifiers
    assert found.given[npi][0].title == "NPPES"
    said = json.dumps([part.to_plotly_json() for part in card(ws, person)], default=lambda one: one.to_plotly_json())
    assert DISCLOSURE in said
    assert npi.removeprefix("npi:") in said
    # grants add up
    funded = registers.registered(ws, linked(ws, "grant")).grants
    assert all(one.amount and one.first and one.role and one.agency and one.sources for one in funded)


def test_a_verdict_is_kept_and_heard_and_taken_back(known: Workspace) -> None:
    ws = known
    person = linked(ws, "practitioner")
    before = registers.links_of(ws, person)
    (one,) = [entry for entry in registers.registered(ws, person).linked if entry.key.startswith("npi:")]
    with pytest.raises(UsageError, match="no register has npi:1"):
        registers.judge(ws, "apart", "npi:1", person, "ada")
    with pytest.raises(UsageError, match="no verdict"):
        registers.judge(ws, "perhaps", one.key, person, "ada")
    registers.judge(ws, "apart", one.key, person, "ada", "another Wells")
    assert [entry.said for entry in registers.registered(ws, person).linked if entry.key == one.key] == ["apart"]
    assert not jobs.resolve(ws).fresh
    assert not any(row["entry"] == one.key for row in registers.links_of(ws, person))
    assert not judging.trouble(ws)
    jobs.build(ws)
    assert one.key not in dossier.dossier(ws, person).identifiers
    judging.undo(ws, judging.history(ws)[0].entry, "ada")
    jobs.resolve(ws)
    assert registers.links_of(ws, person) == before


def test_what_scores_are_made_of_knows_no_payments() -> None:
    house = Path(jobs.__file__).parent
    code = [path for room in ("score", "graph") for path in (house / room).rglob("*.py")]
    questions = [path for kind in ("sql", "cypher") for path in (house.parent / "queries").rglob(f"*.{kind}")]
    assert code
    assert questions
    for path in code + questions:
        assert not re.search(r"\bPayment\b|\bpayments?\b", path.read_text("utf-8")), path


def test_no_specialty_is_a_code_alone() -> None:
    assert spoken("207RR0500X") == "rheumatology (207RR0500X)"
    assert spoken("207RH0003X") == "hematology, oncology (207RH0003X)"
    assert spoken("207R00000X") == "internal medicine (207R00000X)"
    assert spoken("390200000X") == "student in training (390200000X)"
    assert spoken("Physicians, Nephrology") == "Physicians, Nephrology"


def test_links_of_records_that_are_gone_are_counted(known: Workspace) -> None:
    with sqlite3.connect(known.path / "inbox.db") as db:
        db.execute("UPDATE record SET closed = '2026-01-01' WHERE kind = 'practitioners'")
        db.execute("UPDATE mark SET sum = zeroblob(32)")
    (counted,) = [one for one in facts(known) if one.kind == LINKS]
    assert 0 < counted.without < counted.count
    person = linked(known, "practitioner")
    assert registers.registered(known, person).practices == ()


def test_a_landscape_without_registers_shows_nothing(ws: Workspace) -> None:
    person = next(row["id"] for row in ws.store.stream("people"))
    assert not registers.registered(ws, person)
    assert card(ws, person) == []
    (counted,) = [one for one in facts(ws) if one.kind == LINKS]
    assert (counted.count, counted.without) == (0, 0)
