"""All slots in, persons out: in parts that cannot touch each other, and where a resolution stands, only what is new.

A part is resolved whole, so an increment gives what a batch gives as far as the rarities agree: those of the standing
resolution are kept until a quarter has been added, so that every stored link still adds up when it is explained.
"""

import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from kolgraph.model import Judgement
from kolgraph.resolve.naming import keys_of, mention_table, name_persons, place_in
from kolgraph.resolve.part import Part, read_answer, resolve_file, resolve_part, write_job, write_rarity
from kolgraph.resolve.persons import ASSIGN, DOUBTS, MERGES
from kolgraph.resolve.rarity import Rarity, counted
from kolgraph.resolve.runner import give_back, run
from kolgraph.resolve.slots import LISTED
from kolgraph.resolve.split import parts, touched

Progress = Callable[[int, int | None, str], None]
Index = NDArray[np.int64]
PART = 10_000  # slots that are resolved at once: what a process holds in memory
_DRIFT = 1.25  # how much may be added before rarities are counted anew
TROUBLE = pa.schema([("kind", pa.string()), ("text", pa.string())])


@dataclass(frozen=True, slots=True)
class Resolution:
    """Who is who. Tables as the contract of the `resolved` folder says; ids for the ledger's register.

    `issued` lists (person id, anchor mention) of every person there is, `anchors` those of ids that have left theirs;
    `redirects` (old id, id it means now).
    `fresh` mentions were looked at; of the others stands what stood.
    """

    mentions: pa.Table  # see naming.MENTIONS
    doubts: pa.Table  # pairs of persons that may be one: persons.DOUBTS with person_a and person_b
    merges: pa.Table  # what was joined by evidence and how surely: persons.MERGES with person
    trouble: pa.Table  # kind text: judgements that cannot all hold, or whose mention is gone
    rarity: pa.Table  # what `explain` weighs with
    issued: list[tuple[str, str]]
    anchors: list[tuple[str, str]]
    redirects: list[tuple[str, str]]
    pairs: int  # pairs of mentions that were weighed
    fresh: int

    @property
    def contradictions(self) -> list[str]:
        """Judgements that cannot all hold."""
        return self._trouble("contradiction")

    @property
    def lost(self) -> list[str]:
        """Judgements about mentions that are gone."""
        return self._trouble("lost")

    def _trouble(self, kind: str) -> list[str]:
        return [str(row["text"]) for row in self.trouble.to_pylist() if row["kind"] == kind]

    def counts(self) -> dict[str, int]:
        """For the progress line."""
        found = {"mentions": len(self.mentions), "people": len(self.issued), "doubts": len(self.doubts)}
        found["pairs compared"] = self.pairs
        found |= {"mentions compared": self.fresh} if self.fresh < len(self.mentions) else {}
        trouble = {"contradictory judgements": len(self.contradictions), "judgements without mention": len(self.lost)}
        return found | {name: count for name, count in trouble.items() if count}


@dataclass(frozen=True, slots=True)
class Before:
    """A resolution that stands: its tables, its judgements, and the keys of its slots that have changed since."""

    mentions: pa.Table
    doubts: pa.Table
    merges: pa.Table
    rarity: Rarity
    judgements: frozenset[tuple[bool, str, str]]
    changed: pa.Array  # keys of slots that read otherwise now


def assign(
    slots: pa.Table,
    judgements: Iterable[Judgement] = (),
    register: Iterable[tuple[str, str]] = (),
    progress: Progress = lambda done, of, what: None,
    *,
    big_block: int,
    workers: int = 1,
    before: Before | None = None,
    former: Callable[[pa.Array], pa.Table | None] = lambda keys: None,
) -> Resolution:
    """Persons of all slots (shape SLOTS, as `in_order` sorts them); `former` tells whose these keys were before."""
    keys, judged = keys_of(slots), list(judgements)
    a, b = (place_in(keys, pa.array([getattr(one, side) for one in judged], pa.string())) for side in "ab")
    known = ((a >= 0) & (b >= 0)).tolist()
    lost = [_gone(one) for one, held in zip(judged, known, strict=True) if not held]
    judged = [one for one, held in zip(judged, known, strict=True) if held]
    mentions = int((np.asarray(slots["kind"]) != LISTED).sum())
    if before is not None and mentions > _DRIFT * before.rarity.mentions():
        before = None
    rarity = before.rarity if before else counted(slots)
    fresh = _fresh(slots, keys, judged, before) if before else np.ones(len(slots), np.bool_)
    found = list(_resolved(slots, keys, fresh, judged, rarity, progress, big_block, workers))
    assigned = pa.concat_tables([ASSIGN.empty_table(), *(one.assigned for one in found)])
    doubts = pa.concat_tables([DOUBTS.empty_table(), *(one.doubts for one in found)])
    merges = pa.concat_tables([MERGES.empty_table(), *(one.merges for one in found)])
    if before:
        kept = _kept(keys, fresh, before)
        assigned = pa.concat_tables([assigned, kept.assigned])
        merges = pa.concat_tables([merges, kept.merges])
        doubts = pa.concat_tables([doubts, kept.doubts])
    assigned = assigned.take(pa.array(place_in(assigned["key"].combine_chunks(), keys)))
    label = place_in(keys, assigned["person"].combine_chunks())
    named = name_persons(slots, keys, label, register, former(keys))
    trouble = [{"kind": "contradiction", "text": text} for one in found for text in one.contradictions]
    trouble += [{"kind": "lost", "text": text} for text in lost]
    return Resolution(
        mention_table(slots, label, named, assigned),
        _doubts(doubts, keys, label, named.persons),
        _merges(merges, keys, named.persons),
        pa.Table.from_pylist(trouble, TROUBLE),
        rarity.table(),
        named.issued,
        named.anchors,
        named.redirects,
        sum(one.pairs for one in found),
        int(fresh.sum()),
    )


def in_order(slots: pa.Table) -> pa.Table:
    """By record and position: nothing depends on the order in which records come; no row that names nobody."""
    order = pc.sort_indices(slots, sort_keys=[("record", "ascending"), ("position", "ascending")])
    persons = pc.greater_equal(slots["position"], 0).combine_chunks()
    return slots.take(order.filter(persons.take(order))).combine_chunks()


def _gone(one: Judgement) -> str:
    return f"{'same' if one.same else 'apart'}: {one.a} {one.b} (by {one.by}): a mention is gone"


def _resolved(
    slots: pa.Table,
    keys: pa.Array,
    fresh: NDArray[np.bool_],
    judged: Sequence[Judgement],
    rarity: Rarity,
    progress: Progress,
    big_block: int,
    workers: int,
) -> Iterator[Part]:
    """Every part of the fresh slots, resolved."""
    rows = np.flatnonzero(fresh)
    some, spelt = (slots, keys) if len(rows) == len(slots) else (slots.take(pa.array(rows)), keys.take(pa.array(rows)))
    cut = parts(some, spelt, judged, min(PART, max(1, len(some) // max(1, workers))))
    where = np.empty(len(some), np.int64)
    for number, part in enumerate(cut):
        where[part] = number
    homes = place_in(spelt, pa.array([one.a for one in judged], pa.string()))
    shares: list[list[Judgement]] = [[] for _ in cut]
    for one, home in zip(judged, homes.tolist(), strict=True):
        if home >= 0:
            shares[where[home]].append(one)
    tables = (some if len(cut) == 1 else some.take(pa.array(part)) for part in cut)
    progress(0, len(slots), "who is who")
    done = len(slots) - len(some)
    if workers < 2 or len(cut) < 2:
        inline = (resolve_part(table, rarity, share, big_block) for table, share in zip(tables, shares, strict=True))
        yield from _counted(inline, cut, done, len(slots), progress)
        return
    give_back()
    with tempfile.TemporaryDirectory(prefix="kolgraph-resolve-") as name:
        folder = Path(name)
        write_rarity(folder, rarity)
        jobs = (
            write_job(folder, number, table, share, big_block)
            for number, (table, share) in enumerate(zip(tables, shares, strict=True))
        )
        answers = map(read_answer, run(resolve_file, jobs, min(workers, len(cut))))
        yield from _counted(answers, cut, done, len(slots), progress)


def _counted(answers: Iterable[Part], cut: Sequence[Index], done: int, of: int, progress: Progress) -> Iterator[Part]:
    for part, answer in zip(cut, answers, strict=True):
        yield answer
        done += len(part)
        progress(done, of, "who is who")


def _fresh(slots: pa.Table, keys: pa.Array, judged: Sequence[Judgement], before: Before) -> NDArray[np.bool_]:
    """The slots that may be somebody else's now: all that is new or judged, and what that can touch."""
    old = keys_of(before.mentions)
    _, persons = np.unique(np.asarray(before.mentions["person"]), return_inverse=True)
    at = place_in(old, keys)
    new = (at < 0) | (place_in(before.changed, keys) >= 0)
    # those that stand are replayed too: what they cannot do is reported anew each time
    said = {(one.same, one.a, one.b) for one in judged} | before.judgements
    about = pa.array(sorted({key for _, a, b in said for key in (a, b)}), pa.string())
    person = np.where(at >= 0, persons[at], -1) if len(persons) else np.full(len(slots), -1)
    bereft = np.unique(persons[place_in(keys, old) < 0])  # who lost a mention may fall apart
    again = (place_in(about, keys) >= 0) | np.isin(person, bereft)
    return touched(slots, keys, new | again, person, judged)


def _kept(keys: pa.Array, fresh: NDArray[np.bool_], before: Before) -> Part:
    """What stands about the slots that nothing new touches."""
    old = keys_of(before.mentions)
    fresh = np.append(fresh, True)  # at -1, where what is gone is looked for
    untouched = pa.array(~fresh[place_in(keys, old)])
    mentions, own = before.mentions.filter(untouched), old.filter(untouched)
    _, first, which = np.unique(np.asarray(mentions["person"]), return_index=True, return_inverse=True)
    columns = {
        "key": own,
        "person": own.take(pa.array(first[which])),
        "confidence": pc.fill_null(mentions["confidence"], 1.0),
        "hard": mentions["hard"],
        "tied": mentions["tied"],
    }

    def stands(table: pa.Table, schema: pa.Schema) -> pa.Table:
        a, b = (place_in(keys, table[side].combine_chunks()) for side in "ab")
        # what could be compared can touch: both sides are looked at anew, or neither is; what is gone is at -1
        return table.filter(pa.array(~(fresh[a] | fresh[b]))).select(schema.names)

    return Part(pa.table(columns, schema=ASSIGN), stands(before.doubts, DOUBTS), stands(before.merges, MERGES))


def _doubts(doubts: pa.Table, keys: pa.Array, label: Index, persons: pa.Array) -> pa.Table:
    """With the persons; clashes first, then the highest log-odds."""
    a, b = (place_in(keys, doubts[side].combine_chunks()) for side in "ab")
    doubts = doubts.append_column("person_a", persons.take(pa.array(a)))
    doubts = doubts.append_column("person_b", persons.take(pa.array(b)))
    value = np.asarray(pc.fill_null(doubts["logodds"], np.inf), np.float64)
    return doubts.take(pa.array(np.lexsort((b, a, label[b], label[a], -value))))


def _merges(merges: pa.Table, keys: pa.Array, persons: pa.Array) -> pa.Table:
    """With the persons, by person and step."""
    person = persons.take(pa.array(place_in(keys, merges["a"].combine_chunks())))
    return merges.add_column(0, "person", person).sort_by([("person", "ascending"), ("step", "ascending")])
