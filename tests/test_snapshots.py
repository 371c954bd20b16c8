"""Snapshots say what the build said, are small, forget old builds and people, and are whole or absent."""

import shutil
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kolgraph import jobs, snapshots
from kolgraph.errors import StoreError
from kolgraph.model import COUNTED_KINDS
from kolgraph.services.compare import OPPOSITE, Comparison
from kolgraph.snapshots import Build, Ranks, Snapshot


@pytest.fixture
def into(ws):
    return snapshots.folder(ws.path)


def last(into):
    return snapshots.read(into, snapshots.builds(into)[-1])


def test_it_says_what_the_build_said(ws, into):
    seen = last(into)
    assert seen.build.id == ws.store.read("build")[0]["id"]
    assert set(seen.scopes) == {"all", *(topic.id for topic in ws.landscape.topics)}
    for scope, ranks in seen.scopes.items():
        for name in snapshots.SCORES:
            stored = ws.store.read("ranking", score=name, scope=scope, top=100_000, offset=0)
            rows = zip(ranks.people, ranks.values[name], ranks.ranks[name], strict=True)
            kept = {seen.people[i]: (value, rank) for i, value, rank in rows}
            assert {id: rank for id, (_, rank) in kept.items() if rank} == {row["id"]: row["rank"] for row in stored}
            assert all(kept[row["id"]][0] == pytest.approx(row["value"], abs=0.01) for row in stored)
    pairs = {(seen.people[i], seen.records[r]) for i in range(len(seen.people)) for r in seen.records_of(i)}
    written = {(row["person"], row["publication"]) for row in ws.store.stream("authorships")}
    led = {(row["person"], row["trial"]) for row in ws.store.stream("investigations")}
    assert pairs == written | led
    kinds = dict(zip(seen.records, seen.kinds, strict=True))
    assert {kinds[paper] for _, paper in written} >= {"article", "retracted"}
    assert {kinds[trial] for _, trial in led} == {"trial"}


def test_it_knows_by_which_records_somebody_is_where_they_are(ws, into):
    seen = last(into)
    at_home = [i for i, place in enumerate(seen.institutions) if place]
    assert len(at_home) > 100
    assert all(seen.home_of(i) <= seen.records_of(i) for i in range(len(seen.people)))
    assert sum(bool(seen.home_of(i)) for i in at_home) >= 0.9 * len(at_home)


def test_it_is_small_beside_the_graph(ws, into):
    size = sum(file.stat().st_size for file in into.rglob("*.parquet"))
    assert size < 0.1 * (ws.path / "graph.db").stat().st_size


def test_a_score_step_that_died_before_its_snapshot_takes_it_up(ws, into):
    shutil.rmtree(into)
    assert jobs.score(ws).fresh
    assert len(snapshots.builds(into)) == 1
    before = (into / snapshots.builds(into)[0].folder / "people.parquet").stat().st_mtime_ns
    assert jobs.score(ws).fresh
    assert (into / snapshots.builds(into)[0].folder / "people.parquet").stat().st_mtime_ns == before


def test_a_snapshot_that_fails_leaves_the_one_before(ws, into, tmp_path):
    (build,) = snapshots.builds(into)
    with pytest.raises(FileNotFoundError):
        snapshots.take(ws.store, tmp_path / "nobody", into)
    assert snapshots.builds(into) == [build]
    assert [path.name for path in into.iterdir()] == [build.folder]
    (into / build.folder / "work.parquet").write_bytes(b"torn")
    with pytest.raises(StoreError, match="cannot be read"):
        snapshots.read(into, build)
    (into / build.folder / "people.parquet").write_bytes(b"torn")
    with pytest.raises(StoreError, match="cannot be read"):
        snapshots.builds(into)


def test_old_builds_go_but_the_last_of_each_month_stays(ws, into):
    (build,) = snapshots.builds(into)
    for day in ("2026-08-03", "2026-08-30", "2026-09-01", "2026-09-02", "2026-10-07", "2026-10-08", "2026-10-09"):
        old = replace(build, built=f"{day}T00:00:00+00:00")
        shutil.copytree(into / build.folder, into / old.folder)
        tables = snapshots._load(into / old.folder)
        tables["people"] = snapshots.stamped(tables["people"], old)
        snapshots._write(tables, into / old.folder)
    snapshots.prune(into, keep=3)
    assert [one.built[:10] for one in snapshots.builds(into)][:-1] == [
        "2026-08-30",
        "2026-09-02",
        "2026-10-08",
        "2026-10-09",
    ]
    assert snapshots.builds(into)[-1] == build


def test_a_person_is_dropped_from_every_snapshot_and_nothing_else_is(ws, into):
    before = last(into)
    gone = before.people[70]
    assert snapshots.drop(into, [gone, "person:nobodynobody"]) == 1
    assert snapshots.drop(into, [gone]) == 0
    after = last(into)
    assert gone not in after.people
    assert not any(gone.encode() in file.read_bytes() for file in into.rglob("*.parquet"))
    for number, person in enumerate(after.people):
        old = before.people.index(person)
        assert (after.names[number], after.institutions[number]) == (before.names[old], before.institutions[old])
        assert after.records_of(number) == before.records_of(old)
        assert after.home_of(number) == before.home_of(old)
    for scope, ranks in after.scopes.items():
        was = before.scopes[scope]
        rows = {before.people[i]: rank for i, rank in zip(was.people, was.ranks["influence"], strict=True)}
        rows.pop(gone, None)
        now = {after.people[i]: rank for i, rank in zip(ranks.people, ranks.ranks["influence"], strict=True)}
        assert now == rows


PEOPLE = [f"person:{letter}" for letter in "abcde"]
RECORDS = [f"pmid:{n}" for n in range(1, 7)]


def snapshot(on: dict[str, dict[str, str]]) -> Snapshot:
    """person -> record -> kind."""
    people = sorted(on)
    records = sorted({record for works in on.values() for record in works})
    kinds = {record: kind for works in on.values() for record, kind in works.items()}
    work = [(i, records.index(record)) for i, person in enumerate(people) for record in sorted(on[person])]
    order = sorted(range(len(people)), key=lambda i: (-len(on[people[i]]), people[i]))
    rank = np.zeros(len(people), int)
    rank[order] = np.arange(1, len(people) + 1)
    every = dict.fromkeys(snapshots.SCORES, rank.astype(float)), dict.fromkeys(snapshots.SCORES, rank)
    return Snapshot(
        build=Build("x", "2026-01-01T00:00:00", "", "", "", 2026),
        people=people,
        names=people,
        institutions=[""] * len(people),
        scopes={"all": Ranks(np.arange(len(people)), [""] * len(people), *every)},
        records=records,
        kinds=[kinds[record] for record in records],
        facts=[(2026, 3, "")] * len(records),
        topics=[[] for _ in records],
        start=np.searchsorted([i for i, _ in work], np.arange(len(people) + 1)),
        work=np.array([r for _, r in work], int),
        names_home=np.zeros(len(work), bool),
    )


@st.composite
def worlds(draw):
    kinds = {record: draw(st.sampled_from(["article", "retracted", "comment"])) for record in RECORDS}
    held = draw(st.sets(st.sampled_from(RECORDS), min_size=1))
    on: dict[str, dict[str, str]] = {}
    for record in sorted(held):
        for person in draw(st.sets(st.sampled_from(PEOPLE), min_size=1, max_size=3)):
            on.setdefault(person, {})[record] = kinds[record]
    return snapshot(on)


@settings(max_examples=300, deadline=None)
@given(worlds(), worlds())
def test_a_comparison_turned_round_says_the_same(a, b):
    there, back = Comparison(a, b, {}, {}), Comparison(b, a, {}, {})
    turned = OPPOSITE | {value: key for key, value in OPPOSITE.items()}
    for person in {*a.people} & {*b.people}:
        if there.then(person) == [a.people.index(person)] and back.then(person) == [b.people.index(person)]:
            for scope in ("all", None):
                assert {(one.what, one.record) for one in there.came(person, scope)} == {
                    (turned[one.what], one.record) for one in back.came(person, scope)
                }
    gone = {one.record for one in there.retractions("all") if one.what == "withdrawn"}
    assert gone == {*a.records} - {*b.records}
    retracted = {one.record for one in there.retractions("all") if one.what == "retracted"}
    assert retracted == {one.record for one in back.retractions("all") if one.what == "reinstated"}


@settings(max_examples=100, deadline=None)
@given(worlds())
def test_nothing_came_between_a_build_and_itself(a):
    same = Comparison(a, a, {}, {})
    assert same.identities() == same.retractions("all") == []
    assert all(same.came(person, scope) == [] for person in a.people for scope in ("all", None))
    assert same.top("all", 2)[0] == same.top("all", 2)[1]


def works(*records: str) -> dict[str, str]:
    return dict.fromkeys(records, COUNTED_KINDS[0])


def test_merged_split_and_renamed_people_are_told_apart():
    apart = snapshot({"person:a": works("pmid:1", "pmid:2"), "person:b": works("pmid:3"), "person:c": works("pmid:4")})
    joined = snapshot({"person:a": works("pmid:1", "pmid:2", "pmid:3"), "person:d": works("pmid:4")})
    for moved in ({"person:b": "person:a"}, {}):  # by the ledger, or by who has the records
        merged, split = Comparison(apart, joined, moved, {}), Comparison(joined, apart, moved, {})
        assert [(one.what, one.one, one.several) for one in merged.identities()] == [
            ("merged", "person:a", ("person:a", "person:b"))
        ]
        assert [(one.what, one.one, one.several) for one in split.identities()] == [
            ("split", "person:a", ("person:a", "person:b"))
        ]
        assert merged.came("person:a", "all") == []
        assert [one.what for one in split.came("person:a", "all")] == ["parted"]
        assert merged.now("person:c") == "person:d"
        assert split.now("person:d") == "person:c"
    known = Comparison(apart, joined, {}, {"pmid:4": "doi:10.1/x"})
    assert "pmid:4" not in known.before.place
