"""Our networkx backend against networkx itself: textbook graphs with published values, random graphs, odd ones."""

import math
from collections.abc import Callable
from typing import Any

import networkx as nx
import numpy as np
import pytest

from kolgraph.graph.csr import CsrGraph
from kolgraph.score import kernels
from kolgraph.score.functions import functions

KRACKHARDT = nx.krackhardt_kite_graph()
# Krackhardt, Adm Sci Q 35:342 (1990): betweenness of the ten people of the kite
KITE = {0: 0.023, 1: 0.023, 2: 0.0, 3: 0.102, 4: 0.0, 5: 0.231, 6: 0.231, 7: 0.389, 8: 0.222, 9: 0.0}
# Wasserman and Faust, Social Network Analysis (1994): betweenness of the Florentine families
FLORENCE = {
    "Acciaiuoli": 0.000,
    "Albizzi": 0.212,
    "Barbadori": 0.093,
    "Bischeri": 0.104,
    "Castellani": 0.055,
    "Ginori": 0.000,
    "Guadagni": 0.255,
    "Lamberteschi": 0.000,
    "Medici": 0.522,
    "Pazzi": 0.000,
    "Peruzzi": 0.022,
    "Ridolfi": 0.114,
    "Salviati": 0.143,
    "Strozzi": 0.103,
    "Tornabuoni": 0.092,
}


def plain_graphs() -> list[nx.Graph]:
    graphs = [KRACKHARDT, nx.karate_club_graph(), nx.florentine_families_graph(), nx.les_miserables_graph()]
    graphs += [nx.empty_graph(0), nx.empty_graph(1), nx.empty_graph(4), nx.path_graph(2), nx.path_graph(3)]
    graphs += [
        nx.complete_graph(7),
        nx.star_graph(6),
        nx.cycle_graph(8),
        nx.disjoint_union(KRACKHARDT, nx.cycle_graph(4)),
    ]
    for seed in range(6):
        graph = nx.gnm_random_graph(50, 20 + seed * 25, seed=seed)
        rng = np.random.default_rng(seed)
        for _, _, data in graph.edges(data=True):
            data["weight"] = float(rng.choice([0.5, 1.0, 2.5]))
        graphs.append(nx.relabel_nodes(graph, {i: f"person:{i:02d}" for i in graph}))
    return graphs


GRAPHS = plain_graphs()
CALLS: list[tuple[Callable[..., Any], dict[str, Any]]] = [
    (nx.pagerank, {}),
    (nx.pagerank, {"weight": None, "alpha": 0.6}),
    (nx.core_number, {}),
    (nx.betweenness_centrality, {}),
    (nx.betweenness_centrality, {"normalized": False}),
    (nx.betweenness_centrality, {"endpoints": True}),
    (nx.betweenness_centrality, {"weight": "weight"}),
    (nx.clustering, {}),
    (nx.clustering, {"weight": "weight"}),
    (nx.degree_centrality, {}),
    (nx.constraint, {}),
    (nx.harmonic_centrality, {}),
]


def same(ours: dict[Any, float], theirs: dict[Any, float]) -> None:
    assert list(ours) == list(theirs)
    for node, value in theirs.items():
        assert ours[node] == pytest.approx(value, abs=1e-8) or (math.isnan(value) and math.isnan(ours[node])), node


EVERY = [  # networkx knows no constraint of nothing
    pytest.param(graph, function, given, id=f"{function.__name__}-{given}-{len(graph)}n{graph.number_of_edges()}m")
    for function, given in CALLS
    for graph in GRAPHS
    if len(graph) or function is not nx.constraint
]


@pytest.mark.parametrize(("graph", "function", "given"), EVERY)
def test_values_are_those_of_networkx(graph: nx.Graph, function: Callable[..., Any], given: dict[str, Any]) -> None:
    theirs = function(graph, **given)
    same(function(graph.copy(), backend="kolgraph", **given), theirs)
    same(function(functions.convert_from_nx(graph), **given), theirs)


@pytest.mark.parametrize("graph", GRAPHS, ids=lambda graph: f"{len(graph)}n{graph.number_of_edges()}m")
def test_components_are_those_of_networkx(graph: nx.Graph) -> None:
    view = functions.convert_from_nx(graph)
    ours = sorted(map(sorted, nx.connected_components(view)))
    assert ours == sorted(map(sorted, nx.connected_components(graph)))
    assert nx.number_connected_components(view) == len(ours)


@pytest.mark.parametrize("k", [1, 2, 9, 34])
@pytest.mark.parametrize("normalized", [True, False])
def test_sampled_betweenness_takes_the_same_sample(k: int, normalized: bool) -> None:
    graph = nx.karate_club_graph()
    given = {"k": k, "seed": 7, "normalized": normalized}
    same(
        nx.betweenness_centrality(functions.convert_from_nx(graph), **given), nx.betweenness_centrality(graph, **given)
    )


def test_sources_in_batches_add_up(monkeypatch: pytest.MonkeyPatch) -> None:
    view = functions.convert_from_nx(nx.les_miserables_graph())
    whole = kernels.betweenness(view)
    monkeypatch.setattr(kernels, "_BATCH", 5 * len(view))
    assert kernels.betweenness(view) == pytest.approx(whole, abs=1e-9)


def test_published_values() -> None:
    kite = nx.betweenness_centrality(functions.convert_from_nx(KRACKHARDT))
    assert {node: round(value, 3) for node, value in kite.items()} == KITE
    florence = nx.betweenness_centrality(functions.convert_from_nx(nx.florentine_families_graph()))
    for family, value in FLORENCE.items():
        assert florence[family] == pytest.approx(value, abs=6e-4)
    karate = functions.convert_from_nx(nx.karate_club_graph())
    rank = nx.pagerank(karate, weight=None)
    assert sorted(rank, key=lambda node: -rank[node])[:3] == [33, 0, 32]
    assert nx.betweenness_centrality(karate)[0] == pytest.approx(0.437635, abs=1e-6)  # Brandes (2001) on Zachary (1977)
    assert max(nx.core_number(karate).values()) == 4


def test_pagerank_takes_the_same_options() -> None:
    graph = nx.karate_club_graph()
    view = functions.convert_from_nx(graph)
    for given in (
        {"personalization": {0: 1, 5: 3}},
        {"nstart": {33: 1.0}},
        {"dangling": {0: 1}},
        {"tol": 1e-12, "max_iter": 500},
        {"weight": "no such"},
    ):
        same(nx.pagerank(view, **given), nx.pagerank(graph, **given))
    with pytest.raises(nx.PowerIterationFailedConvergence):
        nx.pagerank(view, max_iter=1)
    with pytest.raises(ZeroDivisionError):
        nx.pagerank(view, personalization={0: 0})


def test_other_weights_are_asked_for_by_name() -> None:
    graph = nx.karate_club_graph()
    for a, b, data in graph.edges(data=True):
        data["papers"] = 1 + (a + b) % 3
    same(nx.pagerank(graph, weight="papers", backend="kolgraph"), nx.pagerank(graph, weight="papers"))


def test_one_node_and_several_nodes_of_clustering() -> None:
    view = functions.convert_from_nx(KRACKHARDT)
    assert nx.clustering(view, 3) == nx.clustering(KRACKHARDT, 3)
    assert nx.clustering(view, [3, 5]) == nx.clustering(KRACKHARDT, [3, 5])


def test_loops_are_refused_where_networkx_refuses_them_and_ignored_elsewhere() -> None:
    graph = nx.karate_club_graph()
    graph.add_edge(3, 3, weight=2)
    view = functions.convert_from_nx(graph)
    with pytest.raises(nx.NetworkXNotImplemented):
        nx.core_number(view)
    for function in (nx.pagerank, nx.betweenness_centrality, nx.clustering, nx.degree_centrality):
        same(function(view), function(graph))


@pytest.mark.parametrize("kind", [nx.DiGraph, nx.MultiGraph])
def test_other_kinds_of_graph_are_not_taken(kind: type) -> None:
    with pytest.raises(NotImplementedError):
        nx.pagerank(kind([(0, 1)]), backend="kolgraph")


def test_what_is_not_here_is_done_by_networkx() -> None:
    view = functions.convert_from_nx(nx.karate_club_graph())
    assert nx.average_shortest_path_length(view) == nx.average_shortest_path_length(nx.karate_club_graph())
    assert nx.transitivity(nx.karate_club_graph(), backend="kolgraph") == nx.transitivity(nx.karate_club_graph())
    with pytest.raises(AttributeError):
        functions.no_such_function


def test_leiden_finds_planted_communities_and_the_same_each_time() -> None:
    graph = nx.planted_partition_graph(6, 25, 0.6, 0.01, seed=3)
    view = functions.convert_from_nx(graph)
    found = nx.community.leiden_communities(view, seed=1)
    assert sorted(map(sorted, found)) == [list(range(i, i + 25)) for i in range(0, 150, 25)]
    assert found == nx.community.leiden_communities(view, seed=1)
    karate = functions.convert_from_nx(nx.karate_club_graph())
    partition = nx.community.leiden_communities(karate, seed=1)
    assert nx.community.modularity(nx.karate_club_graph(), partition) > 0.44  # the optimum is 0.4449 with weights
    loners = CsrGraph.from_pairs(["a", "b"], np.empty(0, int), np.empty(0, int), np.empty(0))
    assert nx.community.leiden_communities(loners, seed=1) == [{"a"}, {"b"}]


def test_communities_are_numbered_by_size() -> None:
    graph = nx.disjoint_union_all([nx.complete_graph(n) for n in (3, 8, 5, 8)])
    label = kernels.leiden(functions.convert_from_nx(graph))
    assert label.tolist() == [3] * 3 + [0] * 8 + [2] * 5 + [1] * 8
