"""The map: same bytes each time, discs that do not overlap, everybody on it."""

import networkx as nx
import numpy as np

from kolgraph.graph.csr import CsrGraph
from kolgraph.graph.layout import layout
from kolgraph.score import kernels
from kolgraph.score.functions import functions


def planted() -> CsrGraph:
    graph = nx.planted_partition_graph(40, 30, 0.3, 0.003, seed=5)
    graph.add_nodes_from(range(1200, 1300))
    graph.add_edge(1200, 1201)
    return functions.convert_from_nx(graph)


def test_equal_input_gives_equal_bytes_and_another_seed_another_map() -> None:
    graph = planted()
    community = kernels.leiden(graph, 7)
    assert community.tobytes() == kernels.leiden(planted(), 7).tobytes()
    first, again, other = (layout(graph, community, seed) for seed in (1, 1, 2))
    assert [axis.tobytes() for axis in first] == [axis.tobytes() for axis in again]
    assert first[0].tobytes() != other[0].tobytes()


def test_discs_lie_apart_and_the_rest_outside() -> None:
    graph = planted()
    community = kernels.leiden(graph, 7)
    x, y = layout(graph, community)
    at = np.column_stack([x, y])
    assert np.isfinite(at).all()
    assert len(np.unique(at.round(9), axis=0)) == len(at)
    size = np.bincount(community)
    groups = np.flatnonzero(size >= 3)
    middle = np.array([at[community == group].mean(axis=0) for group in groups])
    radius = np.sqrt(size[groups] / np.pi)
    for i in range(len(groups)):
        own = np.sqrt(((at[community == groups[i]] - middle[i]) ** 2).sum(axis=1))
        assert own.max() <= radius[i] * 1.5
        for j in range(i):
            assert np.sqrt(((middle[i] - middle[j]) ** 2).sum()) > 0.8 * (radius[i] + radius[j])
    inside = np.isin(community, groups)
    assert np.hypot(x[~inside], y[~inside]).min() > np.hypot(x[inside], y[inside]).max()


def test_neighbours_in_a_disc_are_nearer_than_others() -> None:
    graph = functions.convert_from_nx(nx.planted_partition_graph(4, 12, 0.9, 0.05, seed=2))
    x, y = layout(graph, np.zeros(48, np.int64))
    at = np.column_stack([x, y])
    apart = np.sqrt(((at[:, None] - at[None]) ** 2).sum(axis=2))
    tied = graph.matrix().toarray() > 0
    assert apart[tied].mean() < 0.75 * apart[~tied].mean()


def test_small_and_empty_graphs() -> None:
    empty = functions.convert_from_nx(nx.Graph())
    assert [len(axis) for axis in layout(empty, np.empty(0, np.int64))] == [0, 0]
    loners = functions.convert_from_nx(nx.empty_graph(5))
    x, y = layout(loners, np.arange(5))
    assert np.isfinite(x).all()
    assert len({*zip(x.tolist(), y.tolist(), strict=True)}) == 5
    trio = functions.convert_from_nx(nx.complete_graph(3))
    assert np.isfinite(np.concatenate(layout(trio, np.zeros(3, np.int64)))).all()
