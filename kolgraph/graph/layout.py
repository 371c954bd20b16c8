"""Where people stand on the map: every community a disc, the discs side by side, everybody else on a ring outside.

Disc packing: within a disc Fruchterman and Reingold (Softw Pract Exp 21:1129, 1991) with sampled repulsion, all discs
at once, then radii by rank, so that everybody has equal room; discs attract by their ties and push each other apart.
Equal input gives equal bytes. One unit of area per person inside a disc.
"""

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.spatial import cKDTree

from kolgraph.graph.csr import CsrGraph, Floats, Ints

LEAST = 3  # people that make a disc
_ROUNDS = 60  # inside discs
_SAMPLE = 6  # others that push a person, per round
_PUSHES = 200  # rounds of pushing discs apart
_GAP = 1.12  # between discs, in radii
_GOLDEN = np.pi * (3 - np.sqrt(5))


def layout(graph: CsrGraph, community: Ints, seed: int = 7) -> tuple[Floats, Floats]:
    """x and y of every node. `community` numbers groups from 0, largest first; groups under LEAST go to the ring."""
    n = len(graph)
    if not n:
        return np.empty(0), np.empty(0)
    rng = np.random.default_rng(seed)
    size = np.bincount(community)
    groups = int((size >= LEAST).sum())
    inside = community < groups
    at = np.zeros((n, 2))
    if groups:
        radius = np.sqrt(size[:groups] / np.pi)
        center = _centers(graph, community, radius, rng)
        disc = _discs(graph, community, groups, rng)
        own = community[inside]
        at[inside] = center[own] + disc[inside] * radius[own, None]
    _ring(at, ~inside)
    return np.ascontiguousarray(at[:, 0]), np.ascontiguousarray(at[:, 1])


def _discs(graph: CsrGraph, community: Ints, groups: int, rng: np.random.Generator) -> Floats:
    """Positions within the unit disc of each community, all communities at once."""
    n = len(graph)
    order = np.argsort(community, kind="stable")
    size = np.bincount(community)
    begin = np.concatenate([[0], np.cumsum(size)])[community]
    many = size[community]
    rows = graph.rows
    same = (community[rows] == community[graph.idx]) & (community[rows] < groups)
    pull = sparse.csr_array((np.ones(same.sum()), (rows[same], graph.idx[same])), shape=(n, n))
    ties = np.maximum(1, np.diff(pull.indptr))[:, None]
    ideal = (1.0 / np.sqrt(many))[:, None]  # the distance at which n people fill the unit disc
    angle, spread = rng.random(n) * 2 * np.pi, np.sqrt(rng.random(n))
    at = np.column_stack([np.cos(angle), np.sin(angle)]) * spread[:, None]
    for round_ in range(_ROUNDS):
        # springs of plain Hooke form, shared among a person's ties: stiff enough, and one sparse product
        force = (pull @ at - np.diff(pull.indptr)[:, None] * at) / np.sqrt(ties)
        for _ in range(_SAMPLE):
            other = order[begin + (rng.random(n) * many).astype(np.int64)]
            apart = at - at[other]
            push = ideal**2 / np.maximum((apart * apart).sum(axis=1), 1e-4)[:, None]
            force += apart * push * (many[:, None] / _SAMPLE) * ideal
        force -= 0.1 * at
        step = np.sqrt((force * force).sum(axis=1))[:, None]
        heat = 0.3 * (1 - round_ / _ROUNDS) + 0.01
        at += force * (np.minimum(step, 1.0) * heat / np.maximum(step, 1e-9))
    mean = np.column_stack([np.bincount(community, at[:, k]) for k in (0, 1)]) / size[:, None]
    at -= mean[community]
    angle, distance = np.arctan2(at[:, 1], at[:, 0]), (at * at).sum(axis=1)
    outward = np.lexsort((np.arange(n), distance, community))
    rank = np.empty(n)
    rank[outward] = np.arange(n) - begin[outward]
    return np.column_stack([np.cos(angle), np.sin(angle)]) * np.sqrt((rank + 0.5) / many)[:, None]


def _centers(graph: CsrGraph, community: Ints, radius: Floats, rng: np.random.Generator) -> Floats:
    """Centres of the discs: a sunflower from large to small, drawn together by ties, then pushed apart."""
    groups = len(radius)
    reach = np.cumsum(radius**2)
    at = np.sqrt(reach - radius**2 / 2)[:, None] * 1.4 * _spiral(groups)
    rows = graph.rows
    a, b = community[rows], community[graph.idx]
    across = (a != b) & (a < groups) & (b < groups)
    links = sparse.csr_array((np.ones(across.sum()), (a[across], b[across])), shape=(groups, groups))
    links.sum_duplicates()
    links.data = np.sqrt(links.data)
    total = np.asarray(links.sum(axis=1))[:, None]
    tied = total[:, 0] > 0
    for round_ in range(_PUSHES):
        warm = 1 - round_ / _PUSHES
        if tied.any():
            mean = (links @ at)[tied] / total[tied]
            at[tied] += 0.15 * warm * (mean - at[tied])
        at *= 1 - 0.01 * warm
        _push(at, radius * _GAP)
    for _ in range(_PUSHES):
        if not _push(at, radius * _GAP):
            break
    return at


def _push(at: Floats, radius: Floats) -> bool:
    """Move overlapping discs apart, small ones further; True when any overlapped."""
    first, second = _near(at, radius)
    gap = at[second] - at[first]
    distance = np.maximum(np.sqrt((gap * gap).sum(axis=1)), 1e-9)
    overlap = radius[first] + radius[second] - distance
    hit = overlap > 1e-3
    if not hit.any():
        return False
    first, second, overlap = first[hit], second[hit], overlap[hit]
    way = gap[hit] / distance[hit, None] * overlap[:, None] * 0.6
    mass = radius * radius
    both = (mass[first] + mass[second])[:, None]
    for k in (0, 1):
        at[:, k] -= np.bincount(first, way[:, k] * (mass[second][:, None] / both)[:, 0], minlength=len(at))
        at[:, k] += np.bincount(second, way[:, k] * (mass[first][:, None] / both)[:, 0], minlength=len(at))
    return True


def _near(at: Floats, radius: Floats) -> tuple[Ints, Ints]:
    """Pairs that may overlap: a disc and every smaller one within its own reach; discs come largest first."""
    found = []
    begin = 0
    while begin < len(radius):
        # discs of one size class (within a factor 2) among themselves and against all smaller ones
        end = begin + int(np.searchsorted(-radius[begin:], -radius[begin] / 2, side="right"))
        tree = cKDTree(at[begin:])
        near = cKDTree(at[begin:end]).sparse_distance_matrix(tree, 2 * radius[begin], output_type="coo_matrix")
        i, j = near.row + begin, near.col + begin
        keep = i < j
        found.append(np.column_stack([i[keep], j[keep]]))
        begin = end
    pairs = np.concatenate(found).astype(np.int64)
    pairs = pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]
    return pairs[:, 0], pairs[:, 1]


def _ring(at: Floats, outside: NDArray[np.bool_]) -> None:
    """People without a disc, in even rings round the discs, one unit of area each."""
    many = int(outside.sum())
    if not many:
        return
    middle = at[~outside]
    inner = 0.0 if not len(middle) else float(np.sqrt((middle * middle).sum(axis=1)).max()) + 2.0
    reach = np.sqrt(inner**2 + (np.arange(many) + 0.5) / np.pi * 1.5)
    at[outside] = reach[:, None] * _spiral(many)


def _spiral(many: int) -> Floats:
    turn = _GOLDEN * np.arange(many)
    return np.column_stack([np.cos(turn), np.sin(turn)])
