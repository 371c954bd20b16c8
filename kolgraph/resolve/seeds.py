"""Facts that decide before any evidence is weighed: judgements, then ORCIDs and NPIs (identity.md section 4).

Union-find is used here and only here: over decisions and hard identifiers, never over scores.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from kolgraph.model import Judgement
from kolgraph.names import relate_last, swapped
from kolgraph.resolve.corpus import Corpus
from kolgraph.resolve.text import Ints


@dataclass(slots=True)
class Seeds:
    """Slots tied before clustering (`root[n]` is the smallest slot tied to n), slots kept apart, and what clashed."""

    root: Ints
    apart: set[tuple[int, int]] = field(default_factory=set)
    foes: dict[int, list[tuple[int, int]]] = field(default_factory=dict)  # by root, as (slot tied to it, the other)
    clashes: list[tuple[int, int, str]] = field(default_factory=list)  # one ORCID or NPI on names that do not fit
    contradictions: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)  # judgements about mentions that are gone

    def find(self, slot: int) -> int:
        while self.root[slot] != slot:
            self.root[slot] = self.root[self.root[slot]]
            slot = int(self.root[slot])
        return slot

    def tie(self, a: int, b: int) -> None:
        low, high = sorted((self.find(a), self.find(b)))
        self.root[high] = low
        if low != high and high in self.foes:
            self.foes.setdefault(low, []).extend(self.foes.pop(high))

    def part(self, a: int, b: int) -> None:
        if (min(a, b), max(a, b)) not in self.apart:
            self.apart.add((min(a, b), max(a, b)))
            for one, two in ((a, b), (b, a)):
                self.foes.setdefault(self.find(one), []).append((one, two))

    def between(self, a: int, b: int) -> tuple[int, int] | None:
        """The smallest pair judged apart that tying `a` and `b` would join."""
        one, two = self.find(a), self.find(b)
        few, other = sorted((one, two), key=lambda root: len(self.foes.get(root, ())))
        return min(
            ((min(pair), max(pair)) for pair in self.foes.get(few, ()) if self.find(pair[1]) == other), default=None
        )

    def kept(self, label: Ints, a: Ints, b: Ints) -> NDArray[np.bool_]:
        """Which pairs of nodes hold two slots that were judged apart."""
        if not self.apart:
            return np.zeros(len(a), np.bool_)
        judged = label[np.array(sorted(self.apart))]
        low, high = np.minimum(a, b).astype(np.int64), np.maximum(a, b)
        parted = judged.min(axis=1).astype(np.int64) * len(label) + judged.max(axis=1)
        return np.isin(low * len(label) + high, parted)

    def settled(self) -> Ints:
        """The root of every slot."""
        return np.array([self.find(slot) for slot in range(len(self.root))], np.int32)


def plant(corpus: Corpus, judgements: Iterable[Judgement]) -> Seeds:
    """Tie what is decided, and clear from `corpus` the ORCIDs that are not to be believed."""
    seeds = Seeds(np.arange(len(corpus), dtype=np.int32))
    _judge(corpus, seeds, list(judgements))
    for kind, column, numbers in (("ORCID", corpus.orcid, corpus.orcids), ("NPI", corpus.npi, corpus.npis)):
        holders: dict[int, list[int]] = defaultdict(list)
        for slot in np.flatnonzero(column >= 0):
            holders[int(column[slot])].append(int(slot))
        for number in sorted(holders):
            _same_number(corpus, seeds, column, holders[number], f"one {kind} ({numbers[number]}) on two names")
    return seeds


def _judge(corpus: Corpus, seeds: Seeds, judgements: list[Judgement]) -> None:
    number = {key: slot for slot, key in enumerate(corpus.keys)} if judgements else {}
    known = []
    for one in judgements:
        if one.a in number and one.b in number:
            known.append((one, number[one.a], number[one.b]))
        else:
            seeds.lost.append(f"{'same' if one.same else 'apart'}: {one.a} {one.b} (by {one.by}): a mention is gone")
    for one, a, b in known:
        if not one.same:
            seeds.part(a, b)
    for one, a, b in known:
        if not one.same:
            continue
        if broken := seeds.between(a, b):
            keys = " and ".join(corpus.keys[slot] for slot in broken)
            seeds.contradictions.append(f"same: {one.a} {one.b} (by {one.by}) would join {keys}, judged apart")
        else:
            seeds.tie(a, b)
    _join_orcids(corpus, seeds, [slot for _, a, b in known for slot in (a, b)])


def _join_orcids(corpus: Corpus, seeds: Seeds, judged: list[int]) -> None:
    """Some people own two ORCIDs: where a judgement ties them, they count as one from here on."""
    owned: dict[int, set[int]] = defaultdict(set)
    for slot in judged:
        if corpus.orcid[slot] >= 0:
            owned[seeds.find(slot)].add(int(corpus.orcid[slot]))
    for root in sorted(owned):
        corpus.orcid[np.isin(corpus.orcid, sorted(owned[root]))] = min(owned[root])
    # a row of a list keeps nothing apart by itself: its ORCID goes to the records judged its own
    lent = {seeds.find(slot) for slot in judged if corpus.listed[slot] and corpus.orcid[slot] >= 0}
    if not lent:
        return
    settled = seeds.settled()
    for root in sorted(lent):
        corpus.orcid[(settled == root) & (corpus.orcid < 0)] = min(owned[root])


def _same_number(corpus: Corpus, seeds: Seeds, column: Ints, slots: list[int], clash: str) -> None:
    """Tie the holders whose names fit; where they do not, the smaller side's number is evidence no more.

    What records say outvotes what somebody listed.
    """
    groups: list[list[int]] = []
    for slot in slots:
        home = next((group for group in groups if _fits(corpus, group[0], slot)), None)
        if home is None:
            groups.append([slot])
        else:
            home.append(slot)
    for group in groups:
        for slot in group[1:]:
            if not seeds.between(group[0], slot):
                seeds.tie(group[0], slot)
    if len(groups) > 1:
        votes = {group[0]: (int((~corpus.listed[group]).sum()), len(group)) for group in groups}
        groups.sort(key=lambda group: votes[group[0]], reverse=True)
        doubtful = groups[1:] if votes[groups[0][0]] > votes[groups[1][0]] else groups
        for group in doubtful:
            column[group] = -1
        for group in groups[1:]:
            if seeds.find(groups[0][0]) != seeds.find(group[0]):
                seeds.clashes.append((groups[0][0], group[0], clash))


def _fits(corpus: Corpus, a: int, b: int) -> bool:
    one, two = corpus.names[corpus.name[a]], corpus.names[corpus.name[b]]
    initials = not one.initial or not two.initial or one.initial == two.initial
    return swapped(one, two) or (initials and relate_last(one, two))
