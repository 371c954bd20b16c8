"""Best-first agglomeration under vetoes: which slots become one person (identity.md section 7).

The link of two clusters is half the mean and half the maximum of the clipped log-odds over their cross pairs. Two
clusters join only when every cross pair is comparable: a pair that `block` left out is a veto. No union-find over
scores, no connected components: these only cut the work into parts that cannot touch each other.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from kolgraph.resolve.block import Pairs
from kolgraph.resolve.corpus import Corpus
from kolgraph.resolve.seeds import Seeds
from kolgraph.resolve.text import Floats, Ints

Flags = NDArray[np.bool_]


@dataclass(slots=True)
class Clusters:
    """`label[n]`: the smallest slot of n's person; `weakest[n]`: its weakest accepted link, inf for hard facts only."""

    label: Ints
    weakest: Floats


@dataclass(slots=True)
class Links:
    """Pairs of nodes (slots tied by hard facts), each with the sum, maximum and number of its cross pairs."""

    a: Ints
    b: Ints
    total: Floats
    best: Floats
    count: NDArray[np.int64]
    strongest: NDArray[np.int64]  # index of the pair behind `best`


def gather(label: Ints, pairs: Pairs, odds: Floats) -> Links:
    """Sum up the pairs between the groups that `label` makes."""
    one, two = label[pairs.a].astype(np.int64), label[pairs.b].astype(np.int64)
    low, high = np.minimum(one, two), np.maximum(one, two)
    code = low * (len(label) + 1) + high
    across = np.flatnonzero(low != high)
    order = across[np.lexsort((across, -odds[across], code[across]))]
    if not len(order):
        none, empty = np.zeros(0, np.int64), np.zeros(0)
        return Links(none.astype(np.int32), none.astype(np.int32), empty, empty, none, none)
    starts = np.flatnonzero(np.append(True, np.diff(code[order]) > 0))
    counts = np.diff(np.append(starts, len(order)))
    first = order[starts]
    totals = np.add.reduceat(odds[order], starts)
    return Links(low[first].astype(np.int32), high[first].astype(np.int32), totals, odds[first], counts, first)


def cluster(corpus: Corpus, seeds: Seeds, pairs: Pairs, odds: Floats, merge: float) -> Clusters:
    """Join nodes best link first until the best link is below `merge`."""
    label = seeds.settled()
    size = np.bincount(label[~corpus.listed], minlength=len(label))  # rows of lists have no pairs: they veto nothing
    links = gather(label, pairs, odds)
    allowed = _allowed(corpus, seeds, label, size, pairs, links)
    weakest = np.full(len(label), np.inf)
    strong = np.flatnonzero(allowed & (links.best >= merge))
    shape = (len(label), len(label))
    graph = coo_array((np.ones(len(strong)), (links.a[strong], links.b[strong])), shape=shape)
    _, part = connected_components(graph, directed=False)
    inside = np.flatnonzero(part[links.a] == part[links.b])
    inside = inside[np.argsort(part[links.a[inside]], kind="stable")]
    bounds = np.flatnonzero(np.diff(part[links.a[inside]]) != 0) + 1
    for rows in np.split(inside, bounds) if len(inside) else ():
        nodes = np.unique(np.concatenate((links.a[rows], links.b[rows])))
        for node, root, link in _agglomerate(nodes, links, rows, allowed, size, merge):
            label[node] = root
            weakest[root] = min(weakest[root], weakest[node], link)
    label = label[label]
    return Clusters(label, weakest[label])


def _agglomerate(
    nodes: Ints, links: Links, rows: NDArray[np.int64], allowed: Flags, size: NDArray[np.int64], merge: float
) -> list[tuple[int, int, float]]:
    """The merges of one part as (node, final root, link), in an order in which links can be folded."""
    k = len(nodes)
    total, best, count = np.zeros((k, k)), np.full((k, k), -np.inf), np.ones((k, k))
    may = np.zeros((k, k), np.bool_)
    a, b = np.searchsorted(nodes, links.a[rows]), np.searchsorted(nodes, links.b[rows])
    for matrix, values in ((total, links.total), (best, links.best), (count, links.count), (may, allowed)):
        matrix[a, b] = matrix[b, a] = values[rows]
    link = np.where(may, 0.5 * total / count + 0.5 * best, -np.inf)
    top, at = link.max(axis=1), link.argmax(axis=1)
    into = list(range(k))
    weakest = np.full(k, np.inf)
    while True:
        i = int(top.argmax())
        if top[i] < merge:
            break
        i, j = sorted((i, int(at[i])))
        weakest[i] = min(weakest[i], weakest[j], top[i], top[j])
        into[j] = i
        total[i] += total[j]
        count[i] += count[j]
        best[i] = np.maximum(best[i], best[j])
        may[i] &= may[j]
        may[:, j] = may[j] = False
        for matrix in (total, count, best, may):
            matrix[:, i] = matrix[i]
        may[i, i] = False
        link[i] = np.where(may[i], 0.5 * total[i] / count[i] + 0.5 * best[i], -np.inf)
        link[:, i] = link[i]
        link[j] = link[:, j] = -np.inf
        stale = np.flatnonzero((at == i) | (at == j) | (link[i] > top))
        stale = np.unique(np.append(stale, (i, j)))
        top[stale], at[stale] = link[stale].max(axis=1), link[stale].argmax(axis=1)
    merges = []
    for node in range(k):
        root = node
        while into[root] != root:
            root = into[root]
        if root != node:
            merges.append((int(nodes[node]), int(nodes[root]), float(weakest[root])))
    return merges


def _allowed(corpus: Corpus, seeds: Seeds, label: Ints, size: NDArray[np.int64], pairs: Pairs, links: Links) -> Flags:
    """Which nodes may join: all cross pairs comparable and none judged apart.

    A node whose own names conflict was tied by a judgement or an ORCID: there one comparable pair is enough, unless
    records or ORCIDs keep the two apart.
    """
    allowed = np.asarray(links.count == size[links.a] * size[links.b])
    apart = {(min(label[x], label[y]), max(label[x], label[y])) for x, y in seeds.apart}
    tied = np.flatnonzero(size > 1)
    if len(tied):
        inner = label[pairs.a[label[pairs.a] == label[pairs.b]]]
        mixed = np.bincount(inner, minlength=len(label)) < size * (size - 1) // 2
        members = {int(node): np.flatnonzero(label == node) for node in tied[mixed[tied]]}
        for row in np.flatnonzero(~allowed & (mixed[links.a] | mixed[links.b])):
            a = members.get(int(links.a[row]))
            b = members.get(int(links.b[row]))
            left = np.flatnonzero(label == links.a[row]) if a is None else a
            right = np.flatnonzero(label == links.b[row]) if b is None else b
            allowed[row] = not _kept_apart(corpus, left, right)
    if apart:
        allowed &= np.array([(x, y) not in apart for x, y in zip(links.a, links.b, strict=True)], np.bool_)
    return allowed


def _kept_apart(corpus: Corpus, left: NDArray[np.int64], right: NDArray[np.int64]) -> bool:
    lists = [{(int(corpus.record[n]), corpus.role[n]) for n in side} for side in (left, right)]
    orcids = [{int(corpus.orcid[n]) for n in side} - {-1} for side in (left, right)]
    return bool(lists[0] & lists[1]) or bool(orcids[0] and orcids[1] and orcids[0] != orcids[1])
