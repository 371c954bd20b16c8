"""Home, ranking, person, plan and data as plain functions over a real workspace."""

import csv
import io
from datetime import date, timedelta

import openpyxl
import pytest

from kolgraph.errors import LedgerError, UsageError
from kolgraph.landscape import Landscape, write
from kolgraph.services import data, home, plan, ranking
from kolgraph.services.dossier import dossier
from kolgraph.services.ranking import Filters, table
from kolgraph.workspace import Workspace

TODAY = date(2026, 11, 24)  # a Tuesday


def first(ws, scope="all"):
    return ws.store.read("ranking", score="influence", scope=scope, top=1, offset=0)[0]["id"]


@pytest.mark.parametrize("scope", ["all", "topic"])
def test_everything_that_a_score_shows_adds_up(ws, scope):
    scope = ws.landscape.topics[0].id if scope == "topic" else scope
    rows = ws.store.read("ranking", score="influence", scope=scope, top=50, offset=0)
    assert len(rows) > 20
    for row in rows:
        seen = dossier(ws, row["id"], scope)
        assert sum(one.points or 0 for one in seen.dimensions) == pytest.approx(seen.here.value, abs=1e-9)
        assert sum(one.adds or 0 for one in seen.papers) == pytest.approx(seen.papers_add or 0, abs=1e-9)
        assert sum(one.adds or 0 for one in seen.trials) == pytest.approx(seen.trials_add or 0, abs=1e-9)
        assert seen.here.coverage == sum(one.percentile is not None for one in seen.dimensions)
        assert seen.here.rank == row["rank"]


def test_a_dimension_that_was_not_measured_is_never_zero(ws):
    seen = dossier(ws, first(ws))
    impact = next(one for one in seen.dimensions if one.id == "impact")  # the demo holds no citations
    assert impact.percentile is impact.points is impact.share is None
    assert sum(one.share or 0 for one in seen.dimensions) == pytest.approx(1)


def test_a_record_says_where_it_comes_from(ws):
    seen = dossier(ws, first(ws))
    assert seen.papers
    for work in (*seen.papers, *seen.trials):
        assert work.record.source in ("PubMed", "ClinicalTrials.gov")
        assert work.record.fetched >= "2026"
        assert work.record.page.startswith("https://")


def test_a_merged_person_is_found_under_the_old_id(ws):
    id = first(ws)
    ws.ledger.redirect("person:aaaaaaaaaaaa", id)
    assert dossier(ws, "person:aaaaaaaaaaaa").id == id


def test_an_unknown_person_is_named_as_such(ws):
    with pytest.raises(UsageError, match="not in the landscape"):
        dossier(ws, "person:nobodynobody")


def test_ranking_filters_reach_everybody_and_keep_the_rank_of_the_scope(ws):
    whole = table(ws, Filters())
    assert not whole.cut
    assert len(whole.rows) == whole.total
    assert [row.rank for row in whole.rows] == sorted(row.rank for row in whole.rows)
    assert all(row.coverage is None or 1 <= row.coverage <= len(ranking.DIMENSIONS) for row in whole.rows)
    code, name, people = ranking.countries(ws, "all")[0]
    inside = table(ws, Filters(country=code))
    assert {row.country for row in inside.rows} == {name}
    assert 0 < len(inside.rows) <= people
    last = whole.rows[-1]
    word = last.name.split()[-1]
    named = table(ws, Filters(text=word))
    assert (last.id, last.rank) in [(row.id, row.rank) for row in named.rows]
    both = table(ws, Filters(text=word, country=code))
    assert {row.id for row in both.rows} == {row.id for row in named.rows} & {row.id for row in inside.rows}
    cut = table(ws, Filters(), top=5)
    assert cut.cut
    assert cut.rows == whole.rows[:5]


def test_ranking_at_an_institution(ws):
    row = next(row for row in table(ws, Filters()).rows if row.place)
    id = ws.store.read("person", id=row.id)[0]["institution"]
    assert ranking.institution_name(ws, id) == row.place
    found = table(ws, Filters(institution=id))
    assert row.id in {one.id for one in found.rows}
    assert row.id in {one.id for one in table(ws, Filters(institution=id, text=row.name.split()[0])).rows}
    assert id in [one for one, *_ in ranking.institutions(ws, row.place.split()[0])]


@pytest.mark.parametrize("asked", [Filters(score="payments"), Filters(scope="topic:nothing")])
def test_ranking_refuses_what_it_does_not_have(ws, asked):
    with pytest.raises(UsageError):
        table(ws, asked)


def test_an_exported_ranking_is_recorded_and_holds_the_rows(ws):
    shown = table(ws, Filters())
    text = ranking.file(ws, shown, "csv", "Mara").decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["id"] for row in rows] == [row.id for row in shown.rows]
    assert rows[0]["landscape"] == ws.landscape.title
    assert rows[0]["impact"] == ""  # not measured, not zero
    sheet = openpyxl.load_workbook(io.BytesIO(ranking.file(ws, shown, "xlsx", "Mara"))).active
    assert sheet.max_row == len(rows) + 1
    event = ws.ledger.events("export.file")[-1]
    assert (event.actor, event.object, event.data["rows"]) == ("Mara", "ranking.xlsx", len(rows))


def test_plan_groups_by_due_date_and_survives_a_new_workspace(ws):
    person = first(ws)
    for days in (-1, 0, 5, 6, 30):  # the fifth day is the Sunday
        plan.add(ws, person, {"objective": f"in {days}", "due": (TODAY + timedelta(days)).isoformat()}, "Mara")
    plan.add(ws, person, {"objective": "some day"}, "Mara")
    with Workspace(ws.path) as again:
        items = plan.items(again, TODAY)
    assert [(one.bucket, one.engagement.objective) for one in items] == [
        ("overdue", "in -1"),
        ("week", "in 0"),
        ("week", "in 5"),
        ("later", "in 6"),
        ("later", "in 30"),
        ("later", "some day"),
    ]
    assert all(one.name and one.engagement.person == person for one in items)


def test_logging_a_contact_plans_the_follow_up(ws):
    person = first(ws)
    id = plan.add(ws, person, {"objective": "Ask", "channel": "Phone", "due": "2026-11-20", "owner": "Mara"}, "Mara")
    fields = {
        "held": "2026-11-23",
        "asked": "Is there a table?",
        "unsolicited": True,
        "safety": True,
        "follow_up": "2026-12-01",
    }
    following = plan.log(ws, id, "", fields, "Mara")
    done, later = plan.item(ws, id, TODAY), plan.item(ws, following, TODAY)
    assert (done.bucket, done.engagement.unsolicited, done.engagement.safety) == ("done", True, True)
    assert later.engagement.due == "2026-12-01"
    assert later.engagement.objective == "Follow up: Is there a table?"
    assert (later.engagement.person, later.engagement.owner, later.engagement.channel) == (person, "Mara", "Phone")


def test_the_plan_is_there_without_a_graph(ws):
    plan.add(ws, first(ws), {"objective": "Still here", "due": "2026-11-25"}, "Mara")
    (ws.path / "graph.db").unlink()
    with Workspace(ws.path) as bare:
        (item,) = plan.items(bare, TODAY)
        assert (item.engagement.objective, item.bucket) == ("Still here", "week")
        assert "Still here" in plan.spreadsheet(bare, "Mara").decode()


def test_undo_and_cancel_lose_nothing(ws):
    id = plan.add(ws, first(ws), {"objective": "One", "due": "2026-12-01"}, "Mara")
    plan.change(ws, id, {"objective": "Two", "due": "2026-12-01"}, "Mara")
    plan.undo(ws, id, "Mara")
    assert plan.item(ws, id, TODAY).engagement.objective == "One"
    plan.cancel(ws, id, "Mara")
    assert plan.item(ws, id, TODAY).bucket == "cancelled"
    plan.undo(ws, id, "Mara")
    assert plan.item(ws, id, TODAY).bucket == "later"
    entries = len(ws.ledger.events())
    plan.change(ws, id, {"objective": "One"}, "Mara")
    assert len(ws.ledger.events()) == entries  # nothing differed, nothing was written


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"held": "2999-01-01"}, "future"),
        ({"held": "2026-11-01", "follow_up": "2026-10-01"}, "before the contact"),
        ({}, "day of the exchange"),
        ({"held": "2026-11-01", "asked": "x" * 5000}, "characters long"),
    ],
)
def test_a_wrong_contact_is_refused_in_one_line(ws, fields, words):
    with pytest.raises((UsageError, LedgerError), match=words):
        plan.log(ws, "", first(ws), fields, "Mara")


def test_a_plan_needs_a_person_and_an_objective(ws):
    with pytest.raises(UsageError, match="person"):
        plan.add(ws, "person:nobodynobody", {"objective": "x"}, "Mara")
    with pytest.raises(UsageError, match="objective"):
        plan.add(ws, first(ws), {"objective": ""}, "Mara")


def test_calendar_and_table_of_the_plan_are_recorded(ws):
    id = first(ws)
    plan.add(ws, id, {"objective": "=1+1", "due": "2026-12-01"}, "Mara")
    name = ws.store.read("person", id=id)[0]["name"]
    calendar = plan.calendar(ws, "Mara").decode()
    assert "DTSTART;VALUE=DATE:20261201" in calendar
    assert name.split()[-1] in calendar
    assert "'=1+1" in plan.spreadsheet(ws, "Mara").decode("utf-8-sig")
    assert [event.object for event in ws.ledger.events("export.file")] == ["plan.ics", "plan.csv"]


def test_home_says_what_is_held(ws):
    seen = home.overview(ws, TODAY)
    assert seen.condition.state == "ready"
    assert seen.counts["papers"] == ws.inbox.counts()["publications"]
    assert [field.id for field in seen.topics] == [row["id"] for row in ws.store.read("topics")]
    assert all(field.top for field in seen.topics if field.people)
    assert {one.load.source for one in seen.loads} == {"ror", "pubmed", "clinicaltrials"}
    assert seen.communities


def test_an_empty_workspace_says_what_to_run(tmp_path):
    write(tmp_path, Landscape("Nothing yet"))
    with Workspace(tmp_path) as ws:
        seen = home.overview(ws, TODAY)
        assert seen.condition.state == "empty"
        assert f"kolgraph --workspace {tmp_path} run" in seen.condition.notice
        assert data.inventory(ws).counts == ()


def test_inventory_is_whole(ws):
    seen = data.inventory(ws)
    assert seen.ledger.ok
    assert dict(seen.counts)["Publication"] == seen.records["publications"]
    assert all(one.licence for one in seen.loads)
    assert seen.build["builtAt"]
    assert len(seen.doubts) <= seen.doubtful
