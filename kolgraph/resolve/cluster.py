"""Best-first agglomeration under vetoes: which slots become one person (identity.md section 7).

The link of two clusters is half the mean and half the maximum of the clipped log-odds over their cross pairs. Any veto
between any two of their mentions forbids the merge. Clusters join in rounds: all pairs that are each other's best link
merge at once, which is best first for all blocks together and costs a few passes over the links (the reciprocal
nearest neighbours of Murtagh 1983). No union-find over scores, no connected components: these only say which links can
still matter.
"""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from kolgraph.resolve.block import Pairs, kept_apart, pairs_of
from kolgraph.resolve.corpus import Corpus
from kolgraph.resolve.evidence import log_odds
from kolgraph.resolve.seeds import Seeds
from kolgraph.resolve.text import Floats, Ints

Flags = NDArray[np.bool_]
SAMPLE = 32  # cross pairs that stand for all, where a big block did not compare them


@dataclass(slots=True)
class Merges:
    """Every merge by evidence, in order: the smallest slots of both sides, the link, and the pair behind its best."""

    a: Ints
    b: Ints
    value: Floats
    mean: Floats
    best: Floats
    strongest: NDArray[np.int64]  # index of the pair


@dataclass(slots=True)
class Clusters:
    """`label[n]`: the smallest slot of n's person; `weakest[n]`: its weakest accepted link, inf for hard facts only."""

    label: Ints
    weakest: Floats
    merges: Merges
    nodes: "Nodes"


@dataclass(slots=True)
class Links:
    """Pairs of nodes, each with the sum, maximum and number of its cross pairs, and whether the two may join."""

    a: Ints
    b: Ints
    total: Floats
    best: Floats
    count: NDArray[np.int64]
    strongest: NDArray[np.int64]  # index of the pair behind `best`
    may: Flags

    def __len__(self) -> int:
        return len(self.a)

    def __getitem__(self, which: "NDArray[np.int64] | Flags") -> "Links":
        return Links(*(getattr(self, one.name)[which] for one in fields(self)))

    def value(self) -> Floats:
        """Half the mean, half the maximum."""
        return 0.5 * self.total / np.maximum(1, self.count) + 0.5 * self.best


def gather(label: Ints, pairs: Pairs, odds: Floats) -> Links:
    """Sum up the pairs between the groups that `label` makes."""
    count = np.ones(len(pairs), np.int64)
    every = Links(label[pairs.a], label[pairs.b], odds, odds, count, np.arange(len(pairs)), count > 0)
    return _joined(every)


def cluster(corpus: Corpus, seeds: Seeds, pairs: Pairs, odds: Floats, merge: float) -> Clusters:
    """Join nodes, best links first, until the best link is below `merge`."""
    nodes = Nodes(corpus, seeds, pairs)
    links = gather(nodes.label, pairs, odds)
    done: list[Links] = []
    while True:
        nodes.forbid(links)
        links.may &= ~seeds.kept(nodes.label, links.a, links.b)
        value = links.value()
        strong = links.may & (value >= merge)
        if not strong.any():
            break
        inside = _together(links, strong)
        links, value, strong = links[inside], value[inside], strong[inside]
        chosen = _reciprocal(links, value, strong)
        partial = chosen[nodes.partial(links[chosen])]
        nodes.complete(links, partial)  # and see in the next round whether it is the best link still
        sure = np.setdiff1d(chosen, partial)
        done.append(links[sure])
        nodes.join(links.a[sure], links.b[sure])
        links.a, links.b = nodes.parent[links.a], nodes.parent[links.b]
        links = _joined(links)
    return _clusters(nodes, done)


class Nodes:
    """The clusters while they grow: who belongs where, and what is known of the pairs between two of them.

    Where a block was too big to compare all (`corpus.capped`) a pair that is missing was not looked at; everywhere
    else it is a veto. A node whose own names conflict was tied by a judgement or an ORCID: between it and others only
    records and ORCIDs keep apart.
    """

    def __init__(self, corpus: Corpus, seeds: Seeds, pairs: Pairs) -> None:
        self.corpus = corpus
        self.label = seeds.settled()
        self.parent = np.arange(len(corpus), dtype=np.int32)
        # rows of lists have no pairs: they veto nothing
        self.size = np.bincount(self.label[~corpus.listed], minlength=len(corpus))
        self.capped = np.zeros(len(corpus), np.bool_)
        self.capped[self.label[corpus.capped]] = True
        inner = self.label[pairs.a[self.label[pairs.a] == self.label[pairs.b]]]
        tied = self.size > 1
        self.mixed = tied & (np.bincount(inner, minlength=len(corpus)) < self.size * (self.size - 1) // 2)

    def partial(self, links: Links) -> Flags:
        """Where not every cross pair is known."""
        return np.asarray(links.count < self.size[links.a] * self.size[links.b])

    def forbid(self, links: Links) -> None:
        """A missing pair is a veto, unless somebody has to look."""
        look = (self.capped | self.mixed)[links.a] | (self.capped | self.mixed)[links.b]
        links.may &= look | ~self.partial(links)

    def complete(self, links: Links, rows: NDArray[np.int64]) -> None:
        """Look for vetoes among all cross pairs of these links; without one, take the mean of a sample for all."""
        if not len(rows):
            return
        order = np.argsort(self.label, kind="stable").astype(np.int32)
        order = order[~self.corpus.listed[order]]
        bounds = np.searchsorted(self.label[order], np.arange(len(self.label) + 1))
        samples: list[tuple[int, int]] = []
        sampled: list[tuple[int, int]] = []
        for row in rows.tolist():
            left, right = (order[bounds[n] : bounds[n + 1]] for n in (links.a[row], links.b[row]))
            mixed = self.mixed[links.a[row]] or self.mixed[links.b[row]]
            if kept_apart(self.corpus, left, right, names=not mixed):
                links.may[row] = False
            elif mixed:
                self._extend(links, row, links.total[row] / links.count[row])
            else:
                every = len(left) * len(right)
                picked = np.unique(np.linspace(0, every - 1, min(every, SAMPLE)).astype(np.int64))
                sampled.append((row, len(picked)))
                samples.extend(
                    zip(left[picked // len(right)].tolist(), right[picked % len(right)].tolist(), strict=True)
                )
        if samples:
            odds = log_odds(self.corpus, pairs_of(self.corpus, samples, ordered=False))
            starts = np.cumsum([0] + [count for _, count in sampled])
            for (row, _), start, end in zip(sampled, starts, starts[1:], strict=False):
                self._extend(links, row, float(odds[start:end].mean()))

    def _extend(self, links: Links, row: int, mean: float) -> None:
        links.count[row] = self.size[links.a[row]] * self.size[links.b[row]]
        links.total[row] = mean * links.count[row]

    def join(self, a: Ints, b: Ints) -> None:
        """Make one node of every pair, under the smaller slot."""
        self.parent[b] = a
        self.label = self.parent[self.label]
        self.size[a] += self.size[b]
        for flags in (self.capped, self.mixed):
            flags[a] |= flags[b]


def _joined(links: Links) -> Links:
    """One link for all between the same two nodes, sorted by them; what lies within a node is gone."""
    low, high = np.minimum(links.a, links.b), np.maximum(links.a, links.b)
    code = low.astype(np.int64) << 32 | high
    order = np.argsort(code, kind="stable")  # quick where most links stand as they stood
    order = order[(low != high)[order]]
    if not len(order):
        return links[order]
    code, best, strongest = code[order], links.best[order], links.strongest[order]
    starts = np.flatnonzero(np.append(True, np.diff(code) != 0))
    if len(starts) == len(order):
        return Links(low[order], high[order], links.total[order], best, links.count[order], strongest, links.may[order])
    highest = np.maximum.reduceat(best, starts)
    group = np.repeat(np.arange(len(starts)), np.diff(np.append(starts, len(order))))
    behind = np.minimum.reduceat(np.where(best == highest[group], strongest, np.iinfo(np.int64).max), starts)
    totals = np.add.reduceat(links.total[order], starts)
    counts = np.add.reduceat(links.count[order], starts)
    may = np.logical_and.reduceat(links.may[order], starts)
    return Links(low[order[starts]], high[order[starts]], totals, highest, counts, behind, may)


def _together(links: Links, strong: Flags) -> NDArray[np.int64]:
    """The links whose ends can still become one."""
    shape = (int(links.b.max()) + 1,) * 2
    graph = coo_array((np.ones(int(strong.sum()), np.int8), (links.a[strong], links.b[strong])), shape=shape)
    _, part = connected_components(graph, directed=False)
    return np.flatnonzero(part[links.a] == part[links.b])


def _reciprocal(links: Links, value: Floats, strong: Flags) -> NDArray[np.int64]:
    """The links that are the best of both their ends; ties go to the smaller slots, in the order of which links lie."""
    rows = np.flatnonzero(strong)
    a, b, value = links.a[rows], links.b[rows], value[rows]
    most = int(links.b.max()) + 1
    best, first = np.full(most, -np.inf), np.full(most, len(rows))
    place = np.arange(len(rows))
    for ends in (a, b):
        np.maximum.at(best, ends, value)
    for ends in (a, b):
        top = np.flatnonzero(value == best[ends])
        np.minimum.at(first, ends[top], place[top])
    return np.asarray(rows[(first[a] == place) & (first[b] == place)])


def _clusters(nodes: Nodes, done: list[Links]) -> Clusters:
    columns = [np.concatenate([getattr(one, name) for one in done]) if done else np.zeros(0) for name in _MERGED]
    a, b, total, best, count, strongest = columns
    mean = total / np.maximum(1, count)
    value = 0.5 * mean + 0.5 * best
    merges = Merges(a.astype(np.int32), b.astype(np.int32), value, mean, best, strongest.astype(np.int64))
    weakest = np.full(len(nodes.label), np.inf)
    np.minimum.at(weakest, nodes.label[merges.a], value)
    return Clusters(nodes.label, weakest[nodes.label], merges, nodes)


_MERGED = ("a", "b", "total", "best", "count", "strongest")
