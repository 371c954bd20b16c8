"""What changed between two builds, against a truth that the test constructs and loads through the real loaders."""

import csv
import io
import json
import re
import shutil
from dataclasses import replace

import pytest
from click.testing import CliRunner
from refresh import MOVING, NEW, TRIAL, refresh

from kolgraph import cli, jobs, snapshots
from kolgraph.errors import UsageError
from kolgraph.services import changes, watch
from kolgraph.services.changed import tally
from kolgraph.services.compare import OPPOSITE
from kolgraph.workspace import Workspace


@pytest.fixture(scope="module")
def refreshed(small_world, tmp_path_factory):
    """A workspace with two builds, and what lies between them; the leader and the mover are watched."""
    path = shutil.copytree(small_world, tmp_path_factory.mktemp("refreshed") / "ws")
    with Workspace(path) as ws:
        told = refresh(ws)
        for person in (told.leader, told.mover):
            watch.watch(ws, person, "ada", "asked for")
        yield ws, told


def whole(ws, **asked):
    return changes.changes(ws, top=1000, **asked)


def test_watched_people_have_their_new_papers_and_trials(refreshed):
    ws, told = refreshed
    news = {one.person.id: one for one in whole(ws).watched}
    assert set(news) == {told.leader, told.mover}
    assert {(work.what, work.id) for work in news[told.leader].works} == {
        ("new", NEW),
        ("new", TRIAL),
        ("retracted", told.retracted),
        ("withdrawn", told.withdrawn),
    }
    assert {(work.what, work.id) for work in news[told.mover].works} >= {("new", MOVING)}


def test_who_moved_and_since_which_record(refreshed):
    ws, told = refreshed
    (moved,) = whole(ws).relocated
    assert (moved.person.id, moved.after) == (told.mover, told.place)
    assert [work.id for work in moved.since] == [MOVING]
    assert moved.after_name == moved.person.place
    assert moved.before_name not in ("", moved.after_name)


def test_retractions_name_the_people(refreshed):
    ws, told = refreshed
    found = {(one.work.what, one.work.id): one for one in whole(ws).retractions}
    assert set(found) == {("retracted", told.retracted), ("withdrawn", told.withdrawn)}
    authors = {row["person"] for row in ws.store.stream("authorships") if row["publication"] == told.retracted}
    assert {person.id for person in found["retracted", told.retracted].people} == authors
    assert told.leader in {person.id for person in found["withdrawn", told.withdrawn].people}


def test_every_move_is_between_the_ranks_of_the_two_builds_and_says_why(refreshed):
    ws, told = refreshed
    found = whole(ws)
    before, after = (snapshots.read(snapshots.folder(ws.path), one) for one in (found.before, found.after))
    ranks = [
        {side.people[i]: int(rank) for i, rank in zip(all_.people, all_.ranks["influence"], strict=True)}
        for side in (before, after)
        for all_ in [side.scopes["all"]]
    ]
    moves = {move.person.id: move for move in found.moved}
    assert {id: (one.before, one.after) for id, one in moves.items()} == {
        id: (rank, ranks[1][id]) for id, rank in ranks[0].items() if id in ranks[1] and ranks[1][id] != rank
    }
    changed = {work.id for move in found.moved for work in move.why}
    assert changed <= {NEW, MOVING, TRIAL, told.retracted, told.withdrawn}
    others = [move for move in found.moved if not move.why]
    assert others
    assert all(move.words == "others moved" for move in others)
    (leader,) = (news for news in found.watched if news.person.id == told.leader)
    assert tally(leader.works) == ["1 new paper", "1 new trial", "1 paper withdrawn by the source", "1 retracted paper"]


def test_new_in_the_top_are_those_who_were_not_there(refreshed):
    ws, _ = refreshed
    risen = next(move for move in whole(ws).moved if move.after < move.before)
    top = risen.after
    found = changes.changes(ws, top=top)
    assert risen.person.id in {move.person.id for move in found.entered}
    assert all(move.after <= top and not (move.before and move.before <= top) for move in found.entered)
    assert all(move.before <= top and not (move.after and move.after <= top) for move in found.left)
    assert len(found.entered) == len(found.left)


def test_nothing_changed_from_a_build_to_itself(refreshed):
    ws, _ = refreshed
    for build in snapshots.builds(snapshots.folder(ws.path)):
        same = whole(ws, start=build.folder, end=build.folder)
        assert same.count == same.new_records == same.gone_records == 0


@pytest.mark.parametrize("scope", ["all", "topic"])
def test_turned_round_it_says_the_same_with_its_signs_changed(refreshed, scope):
    ws, _ = refreshed
    scope = ws.landscape.topics[0].id if scope == "topic" else scope
    first, second = snapshots.builds(snapshots.folder(ws.path))
    risen = next(move for move in whole(ws, scope=scope).moved if move.after < move.before)
    there = changes.changes(ws, start=first.folder, end=second.folder, scope=scope, top=risen.after)
    back = changes.changes(ws, start=second.folder, end=first.folder, scope=scope, top=risen.after)
    assert there.entered
    assert there.left
    ids = [sorted(move.person.id for move in moves) for moves in (there.entered, there.left, back.entered, back.left)]
    assert ids[:2] == [ids[3], ids[2]]
    assert {(m.person.id, m.before, m.after) for m in there.moved} == {
        (m.person.id, m.after, m.before) for m in back.moved
    }
    turned = OPPOSITE | {value: key for key, value in OPPOSITE.items()}
    works = [{(news.person.id, w.what, w.id) for news in one.watched for w in news.works} for one in (there, back)]
    assert works[0] == {(id, turned[what], record) for id, what, record in works[1]}
    assert {(m.person.id, m.before, m.after) for m in there.relocated} == {
        (m.person.id, m.after, m.before) for m in back.relocated
    }


def test_builds_are_found_by_day_and_by_id(refreshed):
    ws, _ = refreshed
    first, second = snapshots.builds(snapshots.folder(ws.path))
    assert changes.pick(ws) == (first, second)
    assert changes.pick(ws, first.id[:8]) == (first, second)
    assert changes.pick(ws, end=first.id, start=second.folder) == (second, first)
    assert changes.pick(ws, second.built[:10])[0] == second
    for wrong in ("1999-01-01", "zzz", "2026-1-1"):
        with pytest.raises(UsageError, match=second.built[:10]):
            changes.pick(ws, wrong)
    with pytest.raises(UsageError, match="first one kept"):
        changes.pick(ws, end=first.id)


def test_one_build_has_nothing_to_be_compared_with(ws):
    with pytest.raises(UsageError, match="one build so far"):
        changes.changes(ws)
    assert changes.digest(ws) is None
    shutil.rmtree(snapshots.folder(ws.path))
    with pytest.raises(UsageError, match="no build yet"):
        changes.pick(ws)


def test_the_file_holds_every_record_and_is_written_down_first(refreshed):
    ws, told = refreshed
    found = whole(ws)
    rows = list(csv.DictReader(io.StringIO(changes.file(ws, found, "ada").decode("utf-8-sig"))))
    assert ws.ledger.events("export.file")[-1].data == {"what": "changes", "rows": len(rows)}
    assert {row["record"] for row in rows if row["section"] == "retraction"} == {told.retracted, told.withdrawn}
    assert {row["record"] for row in rows if row["section"] == "watched"} >= {NEW, TRIAL, MOVING}
    assert all(row["page"].startswith("https://") for row in rows if row["record"])


def test_the_command_says_it_in_lines_and_for_programs(refreshed, small_world):
    ws, told = refreshed
    said = CliRunner().invoke(cli.cli, ["--workspace", str(ws.path), "diff", "--top", "20", "--json"])
    found = json.loads(said.stdout)
    assert [one["person"]["id"] for one in found["relocated"]] == [told.mover]
    assert {one["work"]["id"] for one in found["retractions"]} == {told.retracted, told.withdrawn}
    assert found["retractions"][0]["work"]["sources"][0]["sha256"]
    said = CliRunner().invoke(cli.cli, ["--workspace", str(ws.path), "diff", "--topic", ws.landscape.topics[0].name])
    assert said.exit_code == 0
    assert said.stdout.startswith(ws.landscape.topics[0].name)
    said = CliRunner().invoke(cli.cli, ["--workspace", str(small_world), "diff"])
    assert isinstance(said.exception, UsageError)
    assert str(said.exception).startswith("there is one build so far, of 20")


def test_a_judgement_merges_two_people_and_its_withdrawal_parts_them(ws):
    first, second = strangers(ws)
    anchors = dict(ws.ledger.register())
    pair = {"a": anchors[first], "b": anchors[second]}
    for person in (first, second):
        watch.watch(ws, person, "ada")
    for action, what, told in (("judgement.same", "merged", "joined"), ("judgement.withdraw", "split", "parted")):
        ws.ledger.append(action, "", pair)
        for step in (jobs.resolve, jobs.build, jobs.score):
            step(ws)
        found = whole(ws)
        (identity,) = found.merged
        assert identity.what == what
        assert {person.id for person in identity.several} == {first, second}
        assert {news.identity for news in found.watched} == {what}
        assert found.relocated == found.retractions == ()
        assert found.new_records == found.gone_records == 0
        touched = [move for move in (*found.moved, *found.entered) if move.person.id in (first, second)]
        assert all(told in move.words for move in touched)
        assert all(move.words == "others moved" for move in found.moved if move not in touched)
    assert {*ws.ledger.watched()} == {first, second}


def strangers(ws):
    """Two people who share no paper and have one each, so that joining them moves nobody else."""
    works = {}
    for row in ws.store.stream("authorships"):
        works.setdefault(row["person"], set()).add(row["publication"])
    alone = sorted(person for person, papers in works.items() if len(papers) == 1)
    return next(
        sorted((one, other)) for one in alone for other in alone if one != other and not works[one] & works[other]
    )


def test_watching_is_told_apart_from_what_stands_already(ws):
    person = ws.store.read("ranking", score="influence", scope="all", top=1, offset=0)[0]["id"]
    for on in (True, True, False, False):
        watch.toggle(ws, person, on, "ada")
    assert [event.action for event in ws.ledger.events("watch.")] == ["watch.add", "watch.remove"]
    watch.toggle(ws, person, True, "ada")
    assert [watch.note(ws, person, "leads the registry", "ada") for _ in range(2)] == [True, False]
    for on in (False, True):  # as Undo does
        watch.toggle(ws, person, on, "ada")
    assert watch.watched(ws)[0].why == "leads the registry"
    watch.toggle(ws, person, False, "ada")
    assert not watch.note(ws, person, "nobody asks", "ada")
    with pytest.raises(UsageError, match="choose a person"):
        watch.watch(ws, "person:nobodynobody", "ada")
    ws.ledger.redirect("person:oldoldoldold", person)
    watch.watch(ws, "person:oldoldoldold", "ada", "first seen under another id")
    (listed,) = watch.watched(ws)
    assert (listed.id, listed.why, listed.by) == (person, "first seen under another id", "ada")


def test_what_changes_for_everybody_is_said_and_is_why_those_move_whose_records_did_not(refreshed):
    ws, _ = refreshed
    first, second = snapshots.builds(snapshots.folder(ws.path))
    assert changes.notes(first, second) == whole(ws).notes == ()
    later = replace(second, latest=second.latest + 1, recipe="another")
    year, recipe = changes.notes(first, later)
    assert (str(first.latest), str(later.latest)) == tuple(re.findall(r"\d{4}", year))
    assert recipe.startswith("the recipe changed")
    move = next(move for move in whole(ws).moved if not move.why)
    assert (move.words, replace(move, whole=year).words) == ("others moved", year)
    own = next(move for move in (*whole(ws).moved, *whole(ws).entered) if move.why)
    assert replace(own, whole=year).words == own.words
