"""Every fact of the graph answers where it comes from, and a fact that does not is counted."""

import json
import sqlite3
from pathlib import Path

from kolgraph.provenance import LINKS, facts
from kolgraph.workspace import Workspace

KINDS = {
    *("publications", "trials", "institutions", "people", "authorships", "investigations", "affiliations", "about"),
    *("reports", "sites", "sponsors", "parts", "coauthor_edges", "coinvestigator_edges", "nominations"),
}


def test_every_fact_of_the_synthetic_landscape_answers(ws: Workspace) -> None:
    found = {one.kind: one for one in facts(ws)}
    assert found.keys() == KINDS | {LINKS}
    assert {one.kind: one.example for one in found.values() if one.without} == {}
    assert {kind for kind, one in found.items() if not one.count} == {"nominations", LINKS}  # no own list, no register


def test_every_view_of_the_graph_is_looked_at_or_computed() -> None:
    """A new kind of fact must be counted too."""
    views = {path.stem for path in (Path(__file__).parents[1] / "queries" / "views").glob("*.sql")}
    computed = {"communities", "measures", "members", "scores"}
    assert views - computed - {"topics"} == KINDS


def test_facts_of_a_record_that_is_gone_are_counted(ws: Workspace) -> None:
    before = {one.kind: one.count for one in facts(ws)}
    row = next(row for row in ws.store.stream("authorships") if row["authorCount"] > 2)
    paper = row["publication"]
    with sqlite3.connect(ws.path / "inbox.db") as db:
        db.execute("UPDATE record SET closed = '2026-01-01' WHERE id = ?", (paper,))
        db.execute("UPDATE mark SET sum = zeroblob(32)")
    found = {one.kind: one for one in facts(ws)}
    assert {kind: one.count for kind, one in found.items()} == before
    assert found["publications"].without == 1
    assert paper in found["publications"].example
    assert found["authorships"].without == sum(one["publication"] == paper for one in ws.store.stream("authorships"))
    assert found["trials"].without == 0


def test_a_load_that_does_not_say_its_version_is_no_provenance(ws: Workspace) -> None:
    with sqlite3.connect(ws.path / "inbox.db") as db:
        db.execute("UPDATE load SET version = '' WHERE source = 'clinicaltrials'")
    found = {one.kind: one for one in facts(ws)}
    assert found["trials"].without == found["trials"].count
    assert found["publications"].without == 0


def test_on_the_command_line(ws: Workspace, run, begun) -> None:  # type: ignore[no-untyped-def]
    ws.close()
    code, out, _ = run("status", "--provenance", "--json", workspace=ws.path)
    said = json.loads(out)
    assert (code, said["facts without provenance"]) == (0, 0)
    assert said["facts"]["authorships"] > 0
    assert "facts without provenance" in run("status", "--provenance", workspace=ws.path)[1]
    code, _, said = begun("status", "--provenance")
    assert (code, said.count("\n")) == (2, 1)
