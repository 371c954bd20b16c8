"""How sure an identity is: the words, what they rest on, and that every place which shows a person says it."""

import csv
import io
import re
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from kolgraph.services import changes, explore, home, plan, ranking, search, watch
from kolgraph.services.confidence import WORDS, Confidence, confidences, of, percent
from kolgraph.services.dossier import dossier
from kolgraph.services.evidence import inspect, receipt
from kolgraph.ui.pages import person as page
from kolgraph.ui.parts import confidence as part
from kolgraph.ui.parts import explore_card, explore_receipt, explore_wire, grid, plan_list
from kolgraph.workspace import Workspace

TODAY = date(2026, 11, 24)
CASES = {
    (1.0, 4): "settled", (0.95, 4): "settled", (0.9499, 4): "likely", (0.85, 4): "likely", (0.8499, 4): "in doubt",
    (0.0, 2): "in doubt", (None, 1): "one record only", (None, 3): "not checked",
}  # fmt: skip


@pytest.mark.parametrize(("given", "word"), CASES.items())
def test_the_word_of_a_figure(given: tuple[float | None, int], word: str) -> None:
    one = Confidence(*given, hard=0.5)
    assert one.word == word
    assert word in WORDS
    assert one.doubtful == (word == "in doubt")
    assert set(part.LOOKS) == set(WORDS)


def test_a_figure_is_never_rounded_to_a_word_it_has_not_earned_nor_to_certainty() -> None:
    shown = {0.8499: "84 %", 0.85: "85 %", 0.9499: "94 %", 0.29: "29 %", 0.995: "over 99 %", 1.0: "over 99 %"}
    assert {share: percent(share) for share in shown} == shown
    assert percent(0.0) == "under 1 %"


def test_what_was_not_compared_has_no_figure_and_says_why() -> None:
    one, many = Confidence(None, 1, None), Confidence(None, 3, None)
    for nothing in (one, many):
        assert "%" not in nothing.short + nothing.about
        assert "0" not in nothing.short + nothing.about
        drawn = str(part.mark(nothing, "person:a")) + str(part.chip(nothing, "person:a"))
        assert not re.search(r"\d %(?![0-9A-F]{2})", drawn)  # but the percent signs of an icon's address
    assert "nothing to compare" in one.about
    assert one.word != many.word


def test_what_a_figure_rests_on() -> None:
    assert Confidence(0.97, 12, 0.25).about == (
        "The weakest link among the 12 mentions is right with 97 %. "
        "25 % of them are held by hard evidence (a judgement, an ORCID or an NPI)."
    )
    assert "None of them is held by hard evidence" in Confidence(0.97, 12, 0.0).about
    assert "hard evidence: a judgement" in Confidence(1.0, 12, 1.0).about


def test_the_mark_is_quiet_where_it_is_settled_and_a_word_where_it_is_in_doubt() -> None:
    settled, doubtful = (str(part.mark(Confidence(v, 5, 0.0), "person:a")) for v in (0.97, 0.6))
    assert "'97 %'" in settled
    assert "'in doubt 60 %'" in doubtful
    assert "/identity?person=person:a" in settled
    assert part.mark(None, "person:a") is None


@pytest.fixture(scope="module")
def ws(small_world: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    path = shutil.copytree(small_world, tmp_path_factory.mktemp("sure") / "ws")
    with Workspace(path) as opened:
        yield opened


@pytest.fixture(scope="module")
def leaders(ws: Workspace) -> list[str]:
    return [row.id for row in ranking.table(ws, ranking.Filters()).rows[:2]]


def test_services_say_of_everybody_what_the_graph_holds(ws: Workspace, leaders: list[str]) -> None:
    a, b = leaders
    (row,) = ws.store.read("person", id=a)
    sure = of(row)
    assert sure.value is not None
    assert sure.hard is not None
    assert dossier(ws, a).identity == inspect(ws, a).identity == confidences(ws, leaders)[a] == sure
    assert receipt(ws, a, b).identities[0] == sure
    assert next(dot for dot in explore.landscape(ws).part.dots if dot.id == a).identity == sure
    tops = [one for field in home.overview(ws, TODAY).topics for one in field.top]
    assert tops
    assert {id: one for id, _, one in tops} == confidences(ws, (id for id, *_ in tops))
    watch.watch(ws, a, "ada")
    assert [one.identity for one in watch.watched(ws)] == [sure]
    watch.unwatch(ws, a, "ada")
    assert confidences(ws, ["person:nobody"]) == {}


def test_pages_show_it(ws: Workspace, leaders: list[str]) -> None:
    a, b = leaders
    sure = dossier(ws, a).identity
    assert f"Identity: {sure.short}" in str(page.layout(ws, a))
    assert f"Identity: {sure.short}" in str(explore_card.card(inspect(ws, a)))
    assert "sure-both" in str(explore_receipt.receipt(receipt(ws, a, b)))
    assert {dot["i"] for dot in explore_wire.map_json(explore.landscape(ws))["dots"]} >= {sure.short}
    plan.add(ws, a, {"objective": "Ask", "due": "2026-11-30"}, "ada")
    (item,) = plan.items(ws, TODAY)
    assert percent(sure.value or 0) in str(plan_list.line(item))


def test_the_ranking_has_a_column_a_filter_and_an_export(ws: Workspace) -> None:
    whole = ranking.table(ws, ranking.Filters())
    assert "identity" in [column["field"] for column in grid.columns(whole)]
    assert grid.rows(whole)[0]["sure"][1] == whole.rows[0].identity.short
    parts = {word: ranking.table(ws, ranking.Filters(identity=word)).rows for word in WORDS}
    assert sum(map(len, parts.values())) == len(whole.rows)
    assert all(row.identity.word == word for word, rows in parts.items() for row in rows)
    assert parts["settled"]
    assert parts["one record only"]
    (first, *_) = csv.DictReader(io.StringIO(ranking.file(ws, whole, "csv", "ada").decode("utf-8-sig")))
    assert first["identity"] == whole.rows[0].identity.word
    assert float(first["confidence"]) == whole.rows[0].identity.value


def test_a_filter_reaches_everybody_however_short_the_table(ws: Workspace) -> None:
    single = ranking.Filters(identity="one record only")
    assert len(ranking.table(ws, single, top=3).rows) == 3
    assert ranking.table(ws, single, top=3).cut


def test_search_says_it_only_where_there_is_doubt(ws: Workspace, leaders: list[str]) -> None:
    row = ws.store.read("person", id=leaders[0])[0]
    (note,) = [hit.note for hit in search.search(ws, row["name"]).people if hit.id == row["id"]]
    assert "identity" not in note
    low = search._person({**row, "confidence": 0.6})
    assert low.note.endswith("identity in doubt")


def test_changes_are_exported_with_it() -> None:
    assert "identity" in changes.COLUMNS
