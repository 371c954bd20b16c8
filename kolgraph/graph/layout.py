"""Where people stand on the map: every community a disc, the discs side by side, everybody else on a ring outside.

Disc packing: within a disc Fruchterman and Reingold (Softw Pract Exp 21:1129, 1991) with sampled repulsion, all discs
at once, then radii by rank, so that everybody has equal room; discs attract by their ties and push each other apart.
Equal input gives equal bytes. One unit of area per person inside a disc.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from kolgraph.graph.csr import CsrGraph, Floats, Ints

LEAST = 3  # people that make a disc
_ROUNDS = 60  # inside discs
_SAMPLE = 6  # others that push a person, per round
_REPEL = 0.5
_GRAVITY = 0.3
_LARGE = 240  # discs that are placed by their ties
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
        center = _centers(graph, community, radius)
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
    ideal = (1.0 / np.sqrt(many))[:, None]  # the distance at which n people fill the unit disc
    angle, spread = rng.random(n) * 2 * np.pi, np.sqrt(rng.random(n))
    at = np.column_stack([np.cos(angle), np.sin(angle)]) * spread[:, None]
    degree = np.diff(pull.indptr)[:, None]
    for round_ in range(_ROUNDS):
        # Fruchterman and Reingold: attraction d^2 / ideal, repulsion ideal^2 / d; the first taken as springs of the
        # mean length, which makes it one sparse product
        force = (pull @ at - degree * at) * (0.5 / np.sqrt(degree + 1.0))
        for _ in range(_SAMPLE):
            apart = at - at[order[begin + (rng.random(n) * many).astype(np.int64)]]
            distance = np.maximum((apart * apart).sum(axis=1), 1e-4)[:, None]
            force += apart / distance * (ideal**2 * many[:, None] / _SAMPLE) * _REPEL
        force -= _GRAVITY * at
        step = np.sqrt((force * force).sum(axis=1))[:, None]
        heat = 0.2 * (1 - round_ / _ROUNDS) + 0.005
        at += force * (np.minimum(step, 1.0) * heat / np.maximum(step, 1e-9))
    mean = np.column_stack([np.bincount(community, at[:, k]) for k in (0, 1)]) / size[:, None]
    at -= mean[community]
    angle, distance = np.arctan2(at[:, 1], at[:, 0]), (at * at).sum(axis=1)
    outward = np.lexsort((np.arange(n), distance, community))
    rank = np.empty(n)
    rank[outward] = np.arange(n) - begin[outward]
    return np.column_stack([np.cos(angle), np.sin(angle)]) * np.sqrt((rank + 0.5) / many)[:, None]


def _centers(graph: CsrGraph, community: Ints, radius: Floats) -> Floats:
    """Centres of the discs: the large ones where their ties draw them, all others around them, large to small."""
    groups = len(radius)
    large = min(groups, _LARGE)
    wide = radius * _GAP
    at = np.zeros((groups, 2))
    at[:large] = _pushed(_sunflower(wide[:large], 0.0), wide[:large], _links(graph, community, large))
    at[:large] -= (at[:large] * radius[:large, None] ** 2).sum(axis=0) / (radius[:large] ** 2).sum()
    if large < groups:
        edge = float((np.sqrt((at[:large] ** 2).sum(axis=1)) + wide[:large]).max())
        at[large:] = _sunflower(wide[large:], edge + float(wide[large]))
    return at


def _links(graph: CsrGraph, community: Ints, groups: int) -> Floats:
    """How strongly discs draw each other: the root of the number of ties, each row adding up to 1 (or 0)."""
    rows = graph.rows
    a, b = community[rows], community[graph.idx]
    across = (a != b) & (a < groups) & (b < groups)
    count = np.bincount(a[across] * groups + b[across], minlength=groups * groups).reshape(groups, groups)
    links: Floats = np.sqrt(count)
    total = links.sum(axis=1, keepdims=True)
    np.divide(links, total, out=links, where=total > 0)
    return links


def _pushed(at: Floats, radius: Floats, links: Floats) -> Floats:
    """Discs drawn together by their ties, ever less, and pushed apart until none overlap; large ones move less."""
    tied = links.any(axis=1)
    drawn: Any = sparse.csr_array(links)  # its products add in a fixed order, those of a dense matrix need not
    reach = radius[:, None] + radius[None, :]
    mass = radius**2
    yields = mass[None, :] / (mass[:, None] + mass[None, :])
    for round_ in range(_ROUNDS * 4):
        warm = max(0.0, 1 - round_ / (_ROUNDS * 2))
        at = at * (1 - 0.02 * warm)
        at[tied] += 0.2 * warm * ((drawn @ at)[tied] - at[tied])
        gap = at[:, None, :] - at[None, :, :]
        distance = np.maximum(np.sqrt((gap * gap).sum(axis=2)), 1e-9)
        overlap = np.maximum(0.0, reach - distance)
        np.fill_diagonal(overlap, 0.0)
        if not warm and overlap.max() < 1e-3:
            break
        way = overlap / distance * yields
        at = at + 0.7 * (gap * way[:, :, None]).sum(axis=1)
    return at


def _sunflower(radius: Floats, inner: float) -> Floats:
    """Discs along a spiral round the middle, each with the area it needs, outside `inner`."""
    area = radius**2 * 1.3
    reach = np.sqrt(inner**2 + np.cumsum(area) - area / 2)
    return reach[:, None] * _spiral(len(radius))


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
