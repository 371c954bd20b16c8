"""Graph measures over arrays: CsrGraph in, one value per node out, in the order of its `ids`.

What `backend` hands to networkx as dictionaries; scores read the arrays.
"""

from collections.abc import Sequence

import networkx as nx
import numpy as np
from graspologic_native import leiden_csr
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import csgraph

from kolgraph.graph.csr import CsrGraph, Floats, Ints

_BATCH = 1 << 25  # cells of (source, node) kept at once


def pagerank(
    graph: CsrGraph,
    alpha: float = 0.85,
    weight: str | None = "weight",
    tol: float = 1e-6,
    max_iter: int = 100,
    personalization: Floats | None = None,
    dangling: Floats | None = None,
    start: Floats | None = None,
) -> Floats:
    """Where a reader who follows weighted ties at random is found (Page et al. 1999); adds up to 1.

    `personalization`, `dangling` and `start` add up to 1 each. Raises PowerIterationFailedConvergence like networkx.
    """
    n = len(graph)
    if not n:
        return np.empty(0)
    matrix = graph.matrix(weight)
    strength: Floats = np.asarray(matrix.sum(axis=1), float)
    scale: Floats = np.divide(1.0, strength, out=np.zeros(n), where=strength != 0)
    jump = np.full(n, 1 / n) if personalization is None else personalization
    lost = jump if dangling is None else dangling
    stuck = strength == 0
    now: Floats = np.full(n, 1 / n) if start is None else start
    for _ in range(max_iter):
        before = now
        # the matrix is its own transpose, so the product may run along its rows
        now = alpha * (matrix @ (before * scale) + before[stuck].sum() * lost) + (1 - alpha) * jump
        if np.abs(now - before).sum() < n * tol:
            return now
    raise nx.PowerIterationFailedConvergence(max_iter)


def core_number(graph: CsrGraph) -> Ints:
    """The largest k such that the node belongs to a group in which everybody has k ties inside (Seidman 1983)."""
    degree = graph.degrees.copy()
    core = np.zeros(len(graph), np.int64)
    alive = np.ones(len(graph), bool)
    while alive.any():
        k = int(degree[alive].min())
        layer = np.flatnonzero(alive & (degree <= k))
        while len(layer):
            core[layer] = k
            alive[layer] = False
            touched = _neighbours(graph, layer)
            touched = touched[alive[touched]]
            np.subtract.at(degree, touched, 1)
            layer = np.unique(touched[degree[touched] <= k])
    return core


def _neighbours(graph: CsrGraph, nodes: Ints) -> Ints:
    """The neighbours of all `nodes`, one after the other, repeats kept."""
    begin, size = graph.ptr[nodes], graph.ptr[nodes + 1] - graph.ptr[nodes]
    shift = np.repeat(begin - np.concatenate([[0], np.cumsum(size)[:-1]]), size)
    return graph.idx[shift + np.arange(int(size.sum()))].astype(np.int64)


def betweenness(graph: CsrGraph, sources: Sequence[int] | Ints | None = None) -> Floats:
    """Shortest paths (in steps) through a node, from each source to every other node; ends are not counted.

    Brandes (J Math Sociol 25:163, 2001), all sources at once: a level of the searches is one sparse product. Not
    normalised; every pair counts once per source.
    """
    n = len(graph)
    chosen = np.arange(n) if sources is None else np.asarray(sources, np.int64)
    total = np.zeros(n)
    batch = max(1, _BATCH // max(1, n))
    matrix = graph.matrix()
    for begin in range(0, len(chosen), batch):
        total += _dependencies(matrix, chosen[begin : begin + batch])
    return total


def _dependencies(matrix: sparse.csr_array, sources: Ints) -> Floats:
    many, n = len(sources), matrix.shape[0]
    level = np.full((many, n), -1, np.int16)
    level[np.arange(many), sources] = 0
    front = sparse.csr_array((np.ones(many), (np.arange(many), sources)), shape=(many, n))
    fronts = [front]
    while front.nnz:
        front = _kept(front @ matrix, level, -1)
        rows, columns = _cells(front)
        level[rows, columns] = len(fronts)
        fronts.append(front)
    total = np.zeros(n)
    share: sparse.csr_array | None = None  # per node: what each path to it carries for the nodes further out
    for depth in range(len(fronts) - 2, 0, -1):  # the last front is empty
        here = fronts[depth]
        carried = sparse.csr_array((1 / here.data, here.indices, here.indptr), shape=here.shape)
        if share is not None:
            inside = here.multiply(share).tocsr()
            total += np.bincount(inside.indices, inside.data, minlength=n)
            carried = (carried + share).tocsr()
        share = _kept(carried @ matrix, level, depth - 1)
    return total


def _cells(matrix: sparse.csr_array) -> tuple[Ints, Ints]:
    return np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr)), matrix.indices.astype(np.int64)


def _kept(matrix: sparse.csr_array, level: NDArray[np.int16], wanted: int) -> sparse.csr_array:
    """The cells whose node is on the wanted level of that source's search."""
    rows, columns = _cells(matrix)
    keep = level[rows, columns] == wanted
    ptr = np.zeros(matrix.shape[0] + 1, np.int64)
    np.cumsum(np.bincount(rows[keep], minlength=matrix.shape[0]), out=ptr[1:])
    return sparse.csr_array((matrix.data[keep], columns[keep], ptr), shape=matrix.shape)


def components(graph: CsrGraph) -> Ints:
    """A number per node, equal for nodes that are connected."""
    if not len(graph):
        return np.empty(0, np.int64)
    return csgraph.connected_components(graph.matrix(), directed=False)[1].astype(np.int64)


def clustering(graph: CsrGraph) -> Floats:
    """The share of pairs of neighbours that are tied themselves (Watts and Strogatz 1998); loops do not count."""
    n = len(graph)
    rows = graph.rows
    proper = rows != graph.idx
    matrix = sparse.csr_array((np.ones(proper.sum()), (rows[proper], graph.idx[proper])), shape=(n, n))
    degree = np.diff(matrix.indptr)
    closed = np.zeros(n)
    step = 4096  # rows of the square at once: its memory grows with the number of triangles
    for begin in range(0, n, step):
        some = matrix[begin : begin + step]
        closed[begin : begin + step] = (some @ matrix).multiply(some).sum(axis=1)
    pairs = degree * (degree - 1)
    share: Floats = np.divide(closed, pairs, out=np.zeros(n), where=pairs > 0)
    return share


def leiden(
    graph: CsrGraph, seed: int = 7, resolution: float = 1.0, weight: str | None = "weight", iterations: int = 4
) -> Ints:
    """A community number per node by modularity (Traag, Waltman and van Eck, Sci Rep 9:5233, 2019).

    Communities are numbered by size, largest first, ties by their first node; a node without ties is alone.
    """
    n = len(graph)
    if not len(graph.idx):
        return np.arange(n)
    _, found = leiden_csr(
        graph.ptr, graph.idx, graph.weights(weight), n, resolution=resolution, iterations=iterations, seed=seed
    )
    label = np.empty(n, np.int64)
    label[np.fromiter(found.keys(), np.int64, n)] = np.fromiter(found.values(), np.int64, n)
    _, first, inverse, size = np.unique(label, return_index=True, return_inverse=True, return_counts=True)
    place = np.empty(len(size), np.int64)
    place[np.lexsort((first, -size))] = np.arange(len(size))
    return place[inverse]
