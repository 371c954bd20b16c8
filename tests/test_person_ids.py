"""Person ids stay with their mentions: through withdrawals, splits, merges, reloads and kills; plans follow them."""

import random
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from resolve_world import CARDIO, paper

from kolgraph import jobs, landscape
from kolgraph.loading import Page, Record
from kolgraph.model import Publication
from kolgraph.resolve.naming import Named, name_persons
from kolgraph.resolve.slots import LISTED
from kolgraph.resolve.standing import former
from kolgraph.services import judging
from kolgraph.workspace import Workspace


class World:
    """Persons as groups of numbers, named again and again; what the ledger and the resolved folder would keep."""

    def __init__(self) -> None:
        self.register: dict[str, str] = {}
        self.redirects: dict[str, str] = {}
        self.table: pa.Table | None = None

    def name(self, *groups: Iterable[int], listed: Iterable[int] = ()) -> list[str]:
        """The ids of these persons; of each group, in the order given."""
        people = [sorted(group) for group in groups]
        held = sorted(one for group in people for one in group)
        keys = pa.array([f"pmid:{one}#0" for one in held], pa.string())
        kind = pa.array([LISTED if one in set(listed) else 0 for one in held], pa.int8())
        slots = pa.table({"kind": kind})
        label = np.empty(len(held), np.int64)
        for group in people:
            label[[held.index(one) for one in group]] = held.index(group[0])
        said = name_persons(slots, keys, label, self.register.items(), self.former(held))
        self.keep(held, said)
        person = dict(zip(held, said.persons.to_pylist(), strict=True))
        assert len({person[group[0]] for group in people}) == len(people)
        return [person[group[0]] for group in people]

    def former(self, held: list[int]) -> pa.Table | None:
        if self.table is None:
            return None
        rows = {row["held"]: (at, row) for at, row in enumerate(self.table.to_pylist())}
        found = [rows.get(one, (-1, {"person": None, "origin": None})) for one in held]
        columns = {name: pa.array([row[name] for _, row in found], pa.string()) for name in ("person", "origin")}
        return pa.table(columns | {"row": pa.array([at for at, _ in found], pa.int64())})

    def keep(self, held: list[int], said: Named) -> None:
        self.register |= dict(said.anchors)
        self.register |= {id: anchor for id, anchor in said.issued if id not in self.register}
        self.redirects |= {id: id for id, _ in said.issued} | dict(said.redirects)
        self.table = pa.table({"held": held, "person": said.persons, "origin": said.origins.cast(pa.string())})

    def follow(self, id: str) -> str:
        while self.redirects.get(id, id) != id:
            id = self.redirects[id]
        return id

    def forget(self) -> None:
        """The resolved folder is lost."""
        self.table = None


@pytest.fixture
def world() -> World:
    return World()


def test_the_larger_part_keeps_the_id_wherever_the_anchor_is(world: World) -> None:
    (whole,) = world.name(range(1, 6))
    assert world.register == {whole: "pmid:1#0"}
    small, large = world.name([1], range(2, 6))
    assert large == whole != small
    assert world.register == {whole: "pmid:2#0", small: "pmid:1#0"}
    assert world.name([1], range(2, 6)) == [small, large]
    world.forget()
    assert world.name([1], range(2, 6)) == [small, large]


def test_of_equal_parts_the_one_with_the_smallest_mention_keeps_the_id(world: World) -> None:
    (whole,) = world.name([2, 3, 4])
    assert world.name([1, 2, 3, 4]) == [whole]
    assert world.name([2, 3], [1, 4])[1] == whole  # the anchor is in the other part
    assert world.register[whole] == "pmid:1#0"


def test_new_mentions_do_not_decide_who_is_meant(world: World) -> None:
    (whole,) = world.name([1, 2, 3])
    assert world.name([1, 7, 8, 9], [2, 3])[1] == whole


def test_an_id_outlives_its_anchor_and_all_its_first_mentions(world: World) -> None:
    (one,) = world.name([1, 2])
    assert world.name([2, 3]) == [one]
    assert world.name([3, 4]) == [one]
    world.forget()
    assert world.name([4, 3]) == [one]


def test_who_is_gone_comes_back_under_the_old_id(world: World) -> None:
    one, two = world.name([1], [2])
    assert world.name([2]) == [two]
    assert world.name([1], [2]) == [one, two]


def test_a_merge_keeps_the_older_id_and_what_it_joined_gets_its_own_back(world: World) -> None:
    small, large = world.name([1, 2], range(3, 8))
    first, second = sorted([small, large], key=list(world.register).index)
    assert world.name(range(1, 8)) == [first]
    assert world.follow(second) == first
    assert world.name(range(1, 8)) == [first]
    assert world.name([1, 2], range(3, 8)) == [small, large]
    assert world.follow(second) == second


@pytest.mark.parametrize("lost", [False, True])
def test_an_older_person_that_few_mentions_had_gets_its_id_back(world: World, lost: bool) -> None:
    (old,) = world.name([1])
    assert world.name([1], range(2, 8))[0] == old
    _, young = world.name([1], range(2, 8))
    assert world.name(range(1, 8)) == [old]
    if lost:
        world.forget()
        assert world.name(range(1, 8)) == [old]
    assert world.name([1], range(2, 8)) == [old, young]


def test_a_crumb_that_was_joined_does_not_take_the_larger_part(world: World) -> None:
    (old,) = world.name(range(1, 8))
    _, crumb = world.name(range(1, 8), [9])
    assert world.name([*range(1, 8), 9]) == [old]
    fresh, large = world.name([1, 2], [3, 4, 5, 6, 7, 9])
    assert large == old
    assert world.follow(crumb) == old
    assert fresh not in (old, crumb)


def test_who_joins_after_a_reload_does_not_take_the_larger_part_either(world: World) -> None:
    (old,) = world.name(range(1, 8))
    world.forget()
    world.name(range(1, 8), [9])
    assert world.name([*range(1, 8), 9]) == [old]
    assert world.name([1, 2], [3, 4, 5, 6, 7, 9])[1] == old


def test_merge_split_merge_old_ids_still_resolve(world: World) -> None:
    one, two = world.name([1, 2], [3, 4, 5])
    (both,) = world.name([1, 2, 3, 4, 5])
    third, rest = world.name([1], [2, 3, 4, 5])
    assert rest == both
    assert world.name([1, 2, 3, 4, 5]) == [both]
    assert {world.follow(id) for id in (one, two, third)} == {both}
    world.forget()
    assert world.name([1, 2, 3, 4, 5]) == [both]
    assert {world.follow(id) for id in (one, two, third)} == {both}


def test_rows_of_lists_decide_last(world: World) -> None:
    (one,) = world.name([1, 2], listed=[1])
    assert world.register[one] == "pmid:2#0"
    assert world.name([1], [2], listed=[1])[1] == one


def groups_of(draw: random.Random, held: list[int]) -> list[list[int]]:
    found: dict[int, list[int]] = {}
    for one in held:
        found.setdefault(draw.randrange(max(1, len(held) // 3)), []).append(one)
    return list(found.values())


@pytest.mark.parametrize("seed", range(25))
def test_any_history_can_be_repeated_reloaded_and_followed(seed: int) -> None:
    draw, world = random.Random(seed), World()
    for _ in range(12):
        groups = groups_of(draw, sorted(draw.sample(range(40), draw.randint(10, 40))))
        before = (
            dict(zip(*(world.table[name].to_pylist() for name in ("held", "person")), strict=True))
            if world.table
            else {}
        )
        ids = world.name(*groups)
        now = {one: id for id, group in zip(ids, groups, strict=True) for one in group}
        for id in {before[one] for one in before if one in now}:  # whoever has a mention left is somebody
            assert world.follow(id) in ids
        told = dict(world.register), dict(world.redirects)
        shuffled = draw.sample(range(len(groups)), len(groups))
        assert world.name(*(groups[at] for at in shuffled)) == [ids[at] for at in shuffled]
        assert (world.register, world.redirects) == told
    if world.table is not None:
        world.forget()
        assert world.name(*groups) == ids
        assert (world.register, world.redirects) == told


@pytest.mark.parametrize("seed", range(25))
def test_what_came_of_one_state_leads_back_to_it_even_after_a_reload(seed: int) -> None:
    draw, world = random.Random(seed), World()
    first = groups_of(draw, list(range(40)))
    ids = world.name(*first)
    for _ in range(1 if seed % 2 else 5):
        mixed = groups_of(draw, list(range(40)))
        found = world.name(*mixed)
    if seed % 2:
        world.forget()
        assert world.name(*mixed) == found
    assert world.name(*first) == ids


NAMES = {n: f"pmid:{n}#0" for n in range(1, 8)}


def store(ws: Workspace, *papers: Publication) -> None:
    walk = ws.inbox.begin("test", f"{len(ws.inbox.loads())}", "", "1")
    ws.inbox.store(walk, Page(tuple(Record(one.id, repr(one).encode(), one) for one in papers)))
    ws.inbox.finish(walk)


def withdraw(ws: Workspace, *records: str) -> None:
    walk = ws.inbox.begin("test", f"withdrawn {records}", "", "1")
    ws.inbox.store(walk, Page(deleted=tuple((record, 99) for record in records)))
    ws.inbox.finish(walk)


def papers(*numbers: int) -> list[Publication]:
    return [paper(n, ("Quimbly", "Osric")) for n in numbers]


def persons(ws: Workspace) -> dict[str, str]:
    rows = pq.read_table(ws.resolved / "mentions.parquet", columns=["record", "position", "person"]).to_pylist()
    return {f"{row['record']}#{row['position']}": row["person"] for row in rows}


def resolved(ws: Workspace) -> dict[int, str]:
    """Resolve -> the person of each of the papers of one author."""
    assert not jobs.resolve(ws).fresh
    assert ws.ledger.verify().ok
    now = persons(ws)
    return {n: now[key] for n, key in NAMES.items() if key in now}


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Workspace]:
    """Seven papers of one author and his colleague, resolved; the author is watched and planned for."""
    landscape.write(tmp_path, landscape.Landscape("Lab"))
    with Workspace(tmp_path) as opened:
        store(opened, *papers(*NAMES))
        jobs.resolve(opened)
        author = persons(opened)[NAMES[1]]
        opened.ledger.append("watch.add", author, actor="ada", why="speaks in May")
        opened.ledger.append("engagement.plan", "", {"person": author, "due": "2026-05-01"})
        yield opened


def followed(ws: Workspace) -> tuple[list[str], list[str]]:
    """Who is watched, and with whom something is planned."""
    return list(ws.ledger.watched()), [one.person for one in ws.ledger.engagements()]


def test_plan_and_watch_list_stay_when_the_first_record_is_withdrawn(lab: Workspace) -> None:
    author = persons(lab)[NAMES[1]]
    assert dict(lab.ledger.register())[author] == NAMES[1]
    withdraw(lab, "pmid:1")
    assert set(resolved(lab).values()) == {author}
    assert followed(lab) == ([author], [author])
    assert dict(lab.ledger.register())[author] == NAMES[2]
    assert lab.ledger.issued([author])[author][1] == judging.anchor(lab, author) == NAMES[2]
    jobs.build(lab)
    assert author in {row["person"] for row in lab.store.stream("authorships")}
    withdraw(lab, *(f"pmid:{n}" for n in range(2, 7)))
    assert resolved(lab) == {7: author}
    assert followed(lab) == ([author], [author])


def test_plan_and_watch_list_go_with_the_larger_part_and_come_back(lab: Workspace) -> None:
    first = persons(lab)
    author = first[NAMES[1]]
    entry = judging.split(lab, [NAMES[1], NAMES[2]], [NAMES[n] for n in range(3, 8)], "ada", "namesake")
    now = resolved(lab)
    assert {now[n] for n in range(3, 8)} == {author}
    assert now[1] == now[2] != author
    assert followed(lab) == ([author], [author])
    lab.ledger.append("watch.add", now[1], actor="bo")
    undo = judging.undo(lab, entry, "ada")
    assert set(resolved(lab).values()) == {author}
    assert persons(lab) == first
    assert lab.ledger.follow(now[1]) == author
    assert followed(lab) == ([author], [author])
    judging.undo(lab, undo, "ada")
    assert resolved(lab) == now
    assert followed(lab) == ([now[1], author], [author])


def test_two_that_become_one_keep_both_plans_under_the_older_id(lab: Workspace) -> None:
    store(lab, paper(8, ("Vandermolle", "Osra"), place=CARDIO))
    resolved(lab)
    author, other = persons(lab)[NAMES[1]], persons(lab)["pmid:8#0"]
    lab.ledger.append("engagement.plan", "", {"person": other, "due": "2026-04-01"})
    lab.ledger.append("watch.add", other, actor="ada")
    same = judging.decide(lab, "same", NAMES[1], "pmid:8#0", "ada", "married name")
    resolved(lab)
    assert persons(lab)["pmid:8#0"] == author
    assert followed(lab) == ([author], [author, author])
    judging.undo(lab, same, "ada")
    resolved(lab)
    assert persons(lab)["pmid:8#0"] == other
    assert followed(lab) == ([other, author], [other, author])


@pytest.mark.parametrize("kept", [True, False])
def test_all_loaded_again_the_ids_are_those_of_before(lab: Workspace, kept: bool) -> None:
    judging.split(lab, [NAMES[1]], [NAMES[n] for n in range(2, 8)], "ada", "namesake")
    resolved(lab)
    withdraw(lab, "pmid:2")
    resolved(lab)
    before = persons(lab)
    lab.close()
    for file in (*lab.path.glob("inbox.db*"), *lab.path.glob("graph.db*")):
        file.unlink()
    if not kept:
        shutil.rmtree(lab.resolved)
    store(lab, *papers(7, 3, 5))
    resolved(lab)
    store(lab, *papers(1, 6, 4))
    resolved(lab)
    assert persons(lab) == before


def test_a_resolution_of_before_that_kept_no_origins_is_heard(lab: Workspace) -> None:
    author, path = persons(lab)[NAMES[1]], lab.resolved / "mentions.parquet"
    pq.write_table(pq.read_table(path).drop_columns(["origin"]), path)
    judging.split(lab, [NAMES[1]], [NAMES[n] for n in range(2, 8)], "ada", "namesake")
    assert resolved(lab)[7] == author


@pytest.mark.parametrize("told", range(4))
def test_killed_between_the_ledger_and_the_table_the_next_run_gives_the_same_ids(
    lab: Workspace, tmp_path_factory: pytest.TempPathFactory, told: int
) -> None:
    store(lab, paper(8, ("Vandermolle", "Osra"), place=CARDIO))
    resolved(lab)
    judging.split(lab, [NAMES[1], NAMES[2]], [NAMES[n] for n in range(3, 8)], "ada", "namesake")
    judging.decide(lab, "same", NAMES[3], "pmid:8#0", "ada")
    lab.close()
    with Workspace(shutil.copytree(lab.path, tmp_path_factory.mktemp("whole") / "ws")) as whole:
        resolved(whole)
        register, redirects = whole.ledger.register(), whole.ledger.redirects()
        expected = pq.read_table(whole.resolved / "mentions.parquet").replace_schema_metadata(None).to_pylist()
    known = len(lab.ledger.register())
    assert register[:known] != lab.ledger.register()
    assert len(register) > known
    assert redirects
    # what the first run had told the ledger when it died
    for tell, rows in [
        (lab.ledger.move_anchors, register[:known]),
        (lab.ledger.issue, register),
        (lab.ledger.redirect_all, list(redirects.items())),
    ][:told]:
        assert tell(rows)
    resolved(lab)
    assert (lab.ledger.register(), lab.ledger.redirects()) == (register, redirects)
    assert pq.read_table(lab.resolved / "mentions.parquet").replace_schema_metadata(None).to_pylist() == expected


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_arrival_and_the_number_of_processes_change_nothing(tmp_path: Path, seed: int) -> None:
    found = []
    for workers in (1, 2):
        draw = random.Random(seed * workers)
        folder = tmp_path / str(workers)
        folder.mkdir()
        landscape.write(folder, landscape.Landscape("Lab"))
        with Workspace(folder) as ws:
            store(ws, *draw.sample(papers(*NAMES), 7))
            jobs.resolve(ws, workers=workers)
            withdraw(ws, *draw.sample(["pmid:1", "pmid:4"], 2))
            judging.split(ws, [NAMES[2]], [NAMES[n] for n in (3, 5, 6, 7)], "ada")
            jobs.resolve(ws, workers=workers)
            table = pq.read_table(ws.resolved / "mentions.parquet").replace_schema_metadata(None)
            found.append((table.to_pylist(), ws.ledger.register(), ws.ledger.redirects()))
    assert found[0] == found[1]


def test_two_mentions_that_become_one_are_those_of_the_first(tmp_path: Path) -> None:
    table = {"record": ["a", "b", "c"], "position": [0, 0, 0], "person": ["x", "y", "z"], "origin": ["x", "x", None]}
    pq.write_table(pa.table(table), tmp_path / "mentions.parquet")
    found = former(tmp_path, pa.array(["c#0", "d#0"]), lambda keys: dict.fromkeys(keys, "d#0"))
    assert found is not None
    assert found.to_pylist() == [{"person": "z", "origin": None, "row": 2}, {"person": "x", "origin": "x", "row": 0}]
    assert former(tmp_path / "none", pa.array(["c#0"]), lambda keys: {}) is None
