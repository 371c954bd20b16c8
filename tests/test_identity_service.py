"""Who is one person: the queue, a pair opened, decisions and their way back, records of a person, bulk."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from identity_world import STRANGER, doubtful

from kolgraph import jobs
from kolgraph.errors import LedgerError, UsageError
from kolgraph.score.blend import DIMENSIONS
from kolgraph.services import identity, identity_bulk, identity_pair, identity_person, judging
from kolgraph.services.identity import Asked
from kolgraph.services.identity_acts import act
from kolgraph.services.identity_index import index
from kolgraph.snapshots import Ranks
from kolgraph.workspace import Workspace

ME = "Mara Sand"


@pytest.fixture(scope="module")
def told(small_world: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = shutil.copytree(small_world, tmp_path_factory.mktemp("doubts") / "workspace")
    with Workspace(path) as ws:
        doubtful(ws)
    return path


@pytest.fixture
def ws(told: Path, tmp_path: Path):
    with Workspace(shutil.copytree(told, tmp_path / "workspace")) as opened:
        yield opened


def pairs(ws: Workspace, **asked: str) -> list[tuple[str, str]]:
    return [(row.a, row.b) for row in identity.queue(ws, Asked(**asked), 1000).rows]


def everybody(ws: Workspace) -> set[frozenset[str]]:
    """Who is together, whatever they are called."""
    said = index(ws).mentions
    return {frozenset(said.key(row) for row in said.rows(person)) for person in range(len(said.people))}


def test_the_queue_holds_each_doubt_once_and_filters_by_kind_and_name(ws: Workspace) -> None:
    found = identity.queue(ws, Asked(), 1000)
    assert found.total == len(found.rows) == len(set(pairs(ws))) == found.grey + found.clash
    assert found.ranked
    assert found.clash == len(pairs(ws, kind="clash")) == 1
    (clash,) = identity.queue(ws, Asked("clash")).rows
    assert STRANGER in clash.names
    assert clash.probability is None
    one = found.rows[0]
    surname = one.names[0].split()[-1]
    named = identity.queue(ws, Asked(text=surname[:4].upper())).rows
    assert one in named
    assert len(named) < found.total
    assert pairs(ws, kind="trouble") == []
    with pytest.raises(UsageError, match="no kind"):
        identity.queue(ws, Asked("odd"))
    with pytest.raises(UsageError, match="unknown scope"):
        identity.queue(ws, Asked(scope="topic:odd"))


def test_the_evidence_of_every_pair_adds_up_and_so_does_the_link(ws: Workspace) -> None:
    for a, b in pairs(ws):
        seen = identity_pair.pair(ws, a, b)
        assert seen.weighed is not None
        total = seen.weighed.intercept + sum(one.value for one in seen.weighed.told)
        assert total == pytest.approx(seen.weighed.total, abs=1e-9)
        assert 0 <= seen.weighed.probability <= 1
        if seen.kind == "clash":
            assert seen.link is None
            assert "ORCID" in seen.reason
        else:
            assert seen.link is not None
            assert seen.link.logodds == pytest.approx((seen.link.mean + seen.link.best) / 2, abs=1e-9)
        for side in seen.sides:
            assert side.works[0].mention == side.mention
            assert len({work.record for work in side.works}) == len(side.works) == side.size
            assert sum(side.years.values()) <= side.size
    with pytest.raises(UsageError, match="no doubt any more"):
        identity_pair.pair(ws, "pmid:1#0", "pmid:2#0")


def test_shared_coauthors_are_marked_on_both_sides(ws: Workspace) -> None:
    said = index(ws).mentions
    for a, b in pairs(ws, kind="grey"):
        one, two = identity_pair.pair(ws, a, b).sides
        for side, other in ((one, two), (two, one)):
            names = {name for work in other.works for _, name in work.with_}
            people = {person for work in other.works for person, _ in work.with_}
            for mate in side.coauthors:
                met = {person for work in side.works for person, name in work.with_ if name == mate.name}
                assert mate.shared == bool(mate.name in names or met & people)
            assert said.who[side.person] not in {person for work in side.works for person, _ in work.with_}


def test_a_decision_leaves_the_queue_at_once_and_undo_restores_the_first_state(ws: Workspace) -> None:
    first, before = pairs(ws), everybody(ws)
    done = [act(ws, {"verb": "same" if i % 2 else "apart", "a": a, "b": b}, ME) for i, (a, b) in enumerate(first[:20])]
    assert pairs(ws) == first[20:]
    assert judging.pending(ws) == 20
    assert [one.settled for one in done] == [((a, b),) for a, b in first[:20]]
    assert identity_pair.pair(ws, *first[0]).decided
    for one in reversed(done):
        undone = act(ws, {"verb": "undo", "entries": list(one.entries)}, ME)
        assert undone.reopened == one.settled
    assert pairs(ws) == first
    assert ws.ledger.judgements() == []
    assert judging.pending(ws) == 0
    assert {one.by for one in judging.history(ws)} == {ME}
    jobs.resolve(ws)
    assert everybody(ws) == before


def test_what_follows_from_decisions_is_settled_too(ws: Workspace) -> None:
    (a, b), (c, d) = pairs(ws, kind="grey")[:2]
    act(ws, {"verb": "same", "a": a, "b": b}, ME)
    act(ws, {"verb": "same", "a": b, "b": d}, ME)
    assert (c, d) in pairs(ws)
    said = act(ws, {"verb": "same", "a": a, "b": c}, ME)
    assert (c, d) in said.settled
    back = act(ws, {"verb": "undo", "entries": list(said.entries)}, ME)
    assert (c, d) in back.reopened


def test_a_merge_is_one_person_after_the_next_resolution_and_apart_is_no_doubt_any_more(ws: Workspace) -> None:
    (a, b), (c, d) = pairs(ws, kind="grey")[:2]
    act(ws, {"verb": "same", "a": a, "b": b, "why": "Same institution and field"}, ME)
    act(ws, {"verb": "apart", "a": c, "b": d}, ME)
    jobs.resolve(ws)
    said = index(ws).mentions
    assert said.person[said.row(a)] == said.person[said.row(b)]
    assert said.person[said.row(c)] != said.person[said.row(d)]
    assert not {(a, b), (c, d)} & set(pairs(ws))
    assert judging.pending(ws) == 0
    assert [one.why for one in judging.history(ws)] == ["", "Same institution and field"]


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"verb": "marry", "a": "pmid:1#0", "b": "pmid:2#0"},
        {"verb": "same", "a": "pmid:1#0", "b": "pmid:1#0"},
        {"verb": "same", "a": "pmid:1#0"},
        {"verb": "same", "a": ["pmid:1#0"], "b": "pmid:2#0"},
        {"verb": "apart", "a": "pmid:1#0", "b": "x" * 301},
        {"verb": "split", "person": "person:nobody", "out": ["pmid:1#0"]},
        {"verb": "split", "person": "person:nobody", "out": []},
        {"verb": "split", "person": 7, "out": ["pmid:1#0"]},
        {"verb": "undo", "entries": [10**6]},
        {"verb": "undo", "entries": ["1"]},
        {"verb": "undo", "entries": [True]},
        {"verb": "bulk", "least": 0.5, "seen": 1},
        {"verb": "bulk", "least": 0.95, "seen": 100_000},
        {"verb": "bulk", "least": "all", "seen": 1},
    ],
)
def test_what_no_page_of_ours_sends_is_refused_and_nothing_is_written(ws: Workspace, asked: dict[str, object]) -> None:
    before = ws.ledger.watermark()
    with pytest.raises((UsageError, LedgerError)):
        act(ws, asked, ME)
    assert ws.ledger.watermark() == before


def largest(ws: Workspace) -> str:
    said = index(ws).mentions
    return said.people[int(np.argmax(np.diff(said.start)))]


def test_the_records_of_a_person_say_what_holds_each_the_weakest_first(ws: Workspace) -> None:
    person = largest(ws)
    seen = identity_person.opened(ws, person)
    said = index(ws).mentions
    assert {one.work.mention for one in seen.held} == {said.key(row) for row in said.rows(said.who[person])}
    soft = [one.probability for one in seen.held if one.by == "soft"]
    assert soft == sorted(soft)
    assert [one.by for one in seen.held] == sorted((one.by for one in seen.held), key=lambda by: by != "soft")
    keys = {one.work.mention for one in seen.held}
    assert all(one.other in keys and one.words for one in seen.held[:3] if one.by == "soft")
    years = [one.work.year or 0 for one in identity_person.opened(ws, person, "newest").held]
    assert years == sorted(years, reverse=True)
    with pytest.raises(UsageError, match="nobody of this landscape"):
        identity_person.opened(ws, "person:nobody")


def test_what_is_split_off_is_another_person_and_undo_brings_it_back(ws: Workspace) -> None:
    person, before = largest(ws), everybody(ws)
    keys = [one.work.mention for one in identity_person.opened(ws, person).held]
    done = act(ws, {"verb": "split", "person": person, "out": keys[:2], "why": "Namesake"}, ME)
    jobs.resolve(ws)
    said = index(ws).mentions
    out, rest = ({int(said.person[said.row(key)]) for key in side} for side in (keys[:2], keys[2:]))
    assert len(out) == 1
    assert not out & rest
    act(ws, {"verb": "undo", "entries": list(done.entries)}, ME)
    jobs.resolve(ws)
    assert everybody(ws) == before


def test_a_bulk_merges_what_it_showed_as_one_entry_with_one_undo(ws: Workspace) -> None:
    first = pairs(ws)
    bulk = identity_bulk.offered(ws, 0.97)
    people = [name for row in bulk.rows for name in (row.a, row.b)]
    assert bulk.rows
    assert len(people) == len(set(people))
    assert all((row.probability or 0) >= 0.97 for row in bulk.rows)
    assert bulk.sample[0] == min(bulk.rows, key=lambda row: row.probability or 0)
    assert len(identity_bulk.offered(ws, 0.9).rows) > len(bulk.rows)
    done = act(ws, {"verb": "bulk", "least": 0.97, "seen": len(bulk.rows)}, ME)
    assert len(done.entries) == 1
    assert set(done.settled) >= {(row.a, row.b) for row in bulk.rows}
    assert identity_bulk.offered(ws, 0.97).rows == ()
    act(ws, {"verb": "undo", "entries": list(done.entries)}, ME)
    assert pairs(ws) == first
    with pytest.raises(UsageError, match="from 90% on"):
        identity_bulk.offered(ws, 0.89)


def test_judgements_that_cannot_all_hold_are_told(ws: Workspace) -> None:
    a, b = pairs(ws, kind="grey")[0]
    other = pairs(ws, kind="grey")[1][1]
    for verb, x, y in (("apart", a, other), ("same", a, b), ("same", b, other)):
        act(ws, {"verb": verb, "a": x, "b": y}, ME)
    jobs.resolve(ws)
    (trouble,) = judging.trouble(ws)
    assert trouble.kind == "contradiction"
    assert ME in trouble.text


def ranks(*influence: float) -> Ranks:
    """People of a scope by influence; science says the same as influence, nothing else is measured."""
    values = {one.id: np.full(len(influence), np.nan) for one in DIMENSIONS}
    values["science"] = values["influence"] = np.array(influence)
    order = np.argsort(np.argsort(-np.array(influence))) + 1
    return Ranks(np.arange(len(influence)), [""] * len(influence), values, {"influence": order})


def test_two_who_are_one_climb_to_about_where_their_works_together_stand() -> None:
    known = ranks(95.0, 80.0, 60.0, 50.0, 40.0, 10.0)

    def after(one: int, two: int) -> int:
        return int(identity._after(known, np.array([one]), np.array([two]))[0])

    assert after(2, 3) == 2  # 60 and 50 are 80 together, and nobody is counted twice
    assert after(0, 1) == 1
    assert after(4, 5) == 5  # 40 and 10 are 46, which is still less than 50
    assert after(3, -1) == 4  # the other is not in the ranking: nothing is added
    assert after(-1, -1) == 0


def test_without_a_resolution_the_page_is_told_what_to_do(tmp_path: Path, told: Path) -> None:
    path = shutil.copytree(told, tmp_path / "workspace")
    shutil.rmtree(path / "resolved")
    with Workspace(path) as ws, pytest.raises(UsageError, match="build the landscape first"):
        identity.queue(ws, Asked())
