"""Two snapshots side by side: who is who in the other, whose records came or went, who was merged or split.

Pure: no store, no ledger. Everything is told in both directions alike, so that a comparison turned round says the same
with its signs changed.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from kolgraph.graph.csr import Ints
from kolgraph.model import COUNTED_KINDS
from kolgraph.score.evidence import WINDOW
from kolgraph.snapshots import SCORES, Ranks, Snapshot

COUNTED = {*COUNTED_KINDS, "trial"}
OPPOSITE = {
    "new": "withdrawn", "retracted": "reinstated", "joined": "parted", "corrected": "corrected", "window": "window",
}  # fmt: skip


@dataclass(frozen=True, slots=True, order=True)
class Came:
    """A record that came to a person or went: `what` is a key or a value of OPPOSITE.

    new and withdrawn: the landscape did not hold it before, or holds it no longer. joined and parted: it was, or is,
    somebody else's. window: the ten years that count have moved on.
    """

    what: str
    record: str


@dataclass(frozen=True, slots=True)
class Identity:
    """People of before that are one now (merged), or the one of before who is several (split)."""

    what: str  # merged, split
    one: str
    several: tuple[str, ...]


class Side:
    """One of the two snapshots, with what is looked up in it."""

    def __init__(self, snapshot: Snapshot, same: Mapping[str, str]):
        """`same` gives a record the id under which both sides know it."""
        self.snapshot = snapshot
        self.number = {id: i for i, id in enumerate(snapshot.people)}
        self.records = [same.get(id, id) for id in snapshot.records]
        self.place = {id: i for i, id in enumerate(self.records)}

    def works(self, people: Iterable[int]) -> set[str]:
        """The records of people together."""
        return {self.records[i] for person in people for i in self.snapshot.records_of(person)}

    def kind(self, record: str) -> str:
        return self.snapshot.kinds[self.place[record]]

    def year(self, record: str) -> int | None:
        year = self.snapshot.facts[self.place[record]][0]
        return year if year >= 0 else None

    def within(self, record: str, scope: str) -> bool:
        """Whether a record is about a topic."""
        return scope == "all" or scope in self.snapshot.topics[self.place[record]]

    def in_window(self, record: str) -> bool:
        return self.snapshot.facts[self.place[record]][0] > self.snapshot.build.latest - WINDOW

    def counts(self, record: str, scope: str) -> bool:
        """Whether scores of a scope read a record."""
        return self.kind(record) in COUNTED and self.within(record, scope) and self.in_window(record)

    def ranks(self, scope: str) -> Ranks | None:
        return self.snapshot.scopes.get(scope)

    @cached_property
    def people_on(self) -> tuple[Ints, Ints]:
        """People by record: those of record i stand from `start[i]` to `start[i + 1]`."""
        work, start = self.snapshot.work, self.snapshot.start
        person = np.repeat(np.arange(len(start) - 1), np.diff(start))
        order = np.argsort(work, kind="stable")
        return np.searchsorted(work[order], np.arange(len(self.records) + 1)), person[order]

    def people_of(self, record: str) -> list[int]:
        """The people of a record, none where it is not held."""
        if record not in self.place:
            return []
        begin, person = self.people_on
        i = self.place[record]
        return [int(one) for one in person[begin[i] : begin[i + 1]]]


class Comparison:
    """`before` and `after`, and who is who: `moved` are redirects of person ids, `same` of record ids."""

    def __init__(self, before: Snapshot, after: Snapshot, moved: Mapping[str, str], same: Mapping[str, str]):
        self.before, self.after = Side(before, same), Side(after, same)
        heirs = _heirs(self.before, self.after, moved)
        origins = _heirs(self.after, self.before, moved)
        # whoever has an id of one side only and comes from exactly one of the other is that one under a new id
        for new, old in origins.items():
            if old not in self.after.number and old not in heirs:
                heirs[old] = new
        self._now = {id: heirs.get(id, id) for id in before.people}
        self._origin = origins
        self._then: dict[str, list[int]] = {}
        for id, now in self._now.items():
            self._then.setdefault(now, []).append(self.before.number[id])

    def now(self, person: str) -> str:
        """Who somebody of `before` is in `after`; nobody there keeps their id."""
        return self._now[person]

    def then(self, person: str) -> list[int]:
        """Numbers in `before` of those who are this person now."""
        return self._then.get(person, [])

    def identities(self) -> list[Identity]:
        """Who was merged and who was split."""
        before, after = self.before.snapshot.people, self.after.number
        merged = [
            Identity("merged", now, tuple(before[i] for i in then))
            for now, then in sorted(self._then.items())
            if len(then) > 1
        ]
        parts: dict[str, set[str]] = {}
        for new, old in self._origin.items():
            parts.setdefault(old, set()).add(new)
        for old, those in parts.items():
            if (now := self._now[old]) in after:
                those.add(now)
        split = [Identity("split", old, tuple(sorted(those))) for old, those in sorted(parts.items()) if len(those) > 1]
        return merged + split

    def came(self, person: str, scope: str | None) -> list[Came]:
        """Records that came to a person or went; in a scope only what its scores read, with None all of them."""
        then = self.then(person)
        now = [self.after.number[person]] if person in self.after.number else []
        had, has = self.before.works(then), self.after.works(now)
        found = []
        for record in sorted(had | has):
            counted = [
                record in own and (scope is None or side.counts(record, scope))
                for side, own in ((self.before, had), (self.after, has))
            ]
            if what := self._what(record, had, has, counted, scope):
                found.append(Came(what, record))
        return found

    def _what(self, record: str, had: set[str], has: set[str], counted: list[bool], scope: str | None) -> str:
        before, after = self.before, self.after
        if not any(counted):
            return ""
        if record not in before.place:
            return "new"
        if record not in after.place:
            return "withdrawn"
        if record not in had:
            return "joined"
        if record not in has:
            return "parted"
        kinds = before.kind(record), after.kind(record)
        if "retracted" in kinds and kinds[0] != kinds[1]:
            return "retracted" if kinds[1] == "retracted" else "reinstated"
        if scope is not None and before.in_window(record) != after.in_window(record):
            return "window"
        i, j = before.place[record], after.place[record]
        changed = kinds[0] != kinds[1] or before.snapshot.facts[i] != after.snapshot.facts[j]
        return "corrected" if changed or counted[0] != counted[1] else ""

    def retractions(self, scope: str) -> list[Came]:
        """Papers that were retracted or reinstated, and records that the sources no longer hold."""
        found = []
        for record in self.before.records:
            if record not in self.after.place:
                if self.before.within(record, scope):
                    found.append(Came("withdrawn", record))
                continue
            if not (self.before.within(record, scope) or self.after.within(record, scope)):
                continue
            kinds = self.before.kind(record), self.after.kind(record)
            if "retracted" in kinds and kinds[0] != kinds[1]:
                found.append(Came("retracted" if kinds[1] == "retracted" else "reinstated", record))
        return found

    def places(self, person: str) -> tuple[str, str]:
        """The institution before and after, "" where none was known; before merging, that of the one with most work."""
        then = sorted(self.then(person), key=lambda i: (-len(self.before.snapshot.records_of(i)), i))
        before = next((home for i in then if (home := self.before.snapshot.institutions[i])), "")
        number = self.after.number.get(person)
        return before, "" if number is None else self.after.snapshot.institutions[number]

    def since(self, person: str) -> list[str]:
        """The records that name the institution of now: the new ones if any do, otherwise all of them."""
        number = self.after.number[person]
        naming = {self.after.records[i] for i in self.after.snapshot.home_of(number)}
        return sorted(naming - self.before.works(self.then(person)) or naming)

    def standing(self, person: str, scope: str) -> tuple[dict[str, tuple[float, int]], dict[str, tuple[float, int]]]:
        """Value and rank by score, before and after; of several who are one now, those of the first in rank."""
        number = self.after.number.get(person)
        now = {} if number is None else _standing(self.after.ranks(scope), number)
        then = [_standing(self.before.ranks(scope), i) for i in self.then(person)]
        return min(then, key=lambda one: one.get("influence", (0.0, 1 << 40))[1], default={}), now

    def top(self, scope: str, most: int) -> tuple[set[str], set[str]]:
        """The people ranked up to `most` by influence, before (under their ids of now) and after."""
        names = self.before.snapshot.people
        then = {self._now[names[i]] for i in _top(self.before.ranks(scope), most)}
        return then, {self.after.snapshot.people[i] for i in _top(self.after.ranks(scope), most)}


def _standing(ranks: Ranks | None, person: int) -> dict[str, tuple[float, int]]:
    if ranks is None:
        return {}
    i = int(np.searchsorted(ranks.people, person))
    if i == len(ranks.people) or ranks.people[i] != person:
        return {}
    known = ((name, float(ranks.values[name][i]), int(ranks.ranks[name][i])) for name in SCORES)
    return {name: (round(value, 2), rank) for name, value, rank in known if rank}


def _top(ranks: Ranks | None, most: int) -> list[int]:
    if ranks is None:
        return []
    rank = ranks.ranks["influence"]
    return [int(i) for i in ranks.people[(rank > 0) & (rank <= most)]]


def _heirs(one: Side, other: Side, moved: Mapping[str, str]) -> dict[str, str]:
    """Of the people whom only `one` has: who they are in `other`, by redirects, else by who has their records there."""
    found: dict[str, str] = {}
    for id in one.snapshot.people:
        if id in other.number:
            continue
        heir = id
        while heir not in other.number and heir in moved:
            heir = moved[heir]
        if heir not in other.number:
            heir = _holder(one, other, one.number[id])
        if heir:
            found[id] = heir
    return found


def _holder(one: Side, other: Side, person: int) -> str:
    """Who has most of a person's records in `other` and had fewer of them in `one`; "" for nobody with half of them."""
    kept = [record for record in one.works([person]) if record in other.place]
    holders = Counter(
        other.snapshot.people[holder]
        for record in kept
        for holder in other.people_of(record)
        if not ((there := one.number.get(other.snapshot.people[holder])) is not None and _on(one, there, record))
    )
    best = min(holders, key=lambda id: (-holders[id], id), default="")
    return best if best and 2 * holders[best] >= len(kept) else ""


def _on(side: Side, person: int, record: str) -> bool:
    return side.place[record] in side.snapshot.records_of(person)
