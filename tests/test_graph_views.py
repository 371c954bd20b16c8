"""Networks read back from the store equal those that are built by hand."""

from itertools import combinations
from pathlib import Path

import networkx as nx
import numpy as np
import pytest
from graph_nouns import ASH, BIRCH, CEDAR, LANDSCAPE, MENTIONS, NOUNS, Nouns, built, match, team

from kolgraph.graph.csr import CsrGraph
from kolgraph.graph.edges import ties
from kolgraph.graph.views import network, reference_year, tables
from kolgraph.store import GraphStore

TEAMS = {
    "pmid:1": ("ab", 2015, "asthma"),
    "pmid:2": ("abc", 2018, "asthma"),
    "pmid:3": ("cd", 2019, "melanoma"),
    "pmid:4": ("bcde", 2020, "melanoma and asthma"),
    "pmid:5": ("f", 2020, "asthma"),
}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> GraphStore:
    parts = [team(key, people, year=year, title=title) for key, (people, year, title) in TEAMS.items()]
    papers = tuple(paper for paper, _ in parts)
    return built(tmp_path_factory.mktemp("views"), Nouns(papers), [row for _, rows in parts for row in rows], LANDSCAPE)


def by_hand(chosen: list[str]) -> nx.Graph:
    graph = nx.Graph()
    for people, _, _ in (TEAMS[key] for key in chosen):
        graph.add_nodes_from(f"person:{one}" for one in people)
        for a, b in combinations(people, 2):
            weight = graph.get_edge_data(f"person:{a}", f"person:{b}", {"weight": 0.0})["weight"]
            graph.add_edge(f"person:{a}", f"person:{b}", weight=weight + 1 / (len(people) - 1))
    return graph


@pytest.mark.parametrize(
    ("topic", "years", "chosen"),
    [
        (None, None, list(TEAMS)),
        ("all", None, list(TEAMS)),
        ("topic:asthma", None, ["pmid:1", "pmid:2", "pmid:4", "pmid:5"]),
        ("topic:melanoma", None, ["pmid:3", "pmid:4"]),
        ("topic:empty", None, []),
        (None, (2018, 2019), ["pmid:2", "pmid:3"]),
        ("topic:asthma", (2020, 2020), ["pmid:4", "pmid:5"]),
    ],
)
def test_a_view_equals_the_graph_by_hand(
    store: GraphStore, topic: str | None, years: tuple[int, int] | None, chosen: list[str]
) -> None:
    view, plain = network(store, topic, years), by_hand(chosen)
    assert nx.utils.graphs_equal(nx.Graph(view), plain)
    assert nx.utils.graphs_equal(view.plain(), plain)
    assert view.number_of_edges() == plain.number_of_edges()
    for function in (nx.pagerank, nx.core_number, nx.betweenness_centrality):
        assert function(view) == pytest.approx(function(plain), abs=1e-9)


def test_the_view_of_all_equals_the_stored_ties(store: GraphStore) -> None:
    view = network(store)
    stored = {(row["a"], row["b"]): row["weight"] for row in store.stream("coauthor_edges")}
    assert {(min(a, b), max(a, b)): w for a, b, w in view.edges(data="weight")} == stored


def test_kinds_that_do_not_count_make_no_view(tmp_path: Path) -> None:
    view = network(built(tmp_path, NOUNS, MENTIONS, LANDSCAPE, match=match))
    assert {frozenset(edge) for edge in view.edges} == {
        frozenset(pair) for pair in ((ASH, BIRCH), (ASH, CEDAR), (BIRCH, CEDAR))
    }
    assert "person:dahl" in view  # who wrote an erratum is there, without ties


def test_the_view_of_trials_equals_the_stored_ties(tmp_path: Path) -> None:
    store = built(tmp_path, NOUNS, MENTIONS, LANDSCAPE, match=match)
    found = tables(store)
    these = found.coinvestigators()
    (stored,) = store.stream("coinvestigator_edges")
    assert [(found.people[a], found.people[b]) for a, b in zip(these.a, these.b, strict=True)] == [
        (stored["a"], stored["b"])
    ]
    assert these.weight.tolist() == [stored["weight"]]


def test_a_view_reads_like_a_graph_and_cannot_be_changed(store: GraphStore) -> None:
    view = network(store)
    assert isinstance(view, nx.Graph)
    assert sorted(view["person:a"]) == ["person:b", "person:c"]
    assert view.degree("person:b") == 4
    assert view.has_edge("person:a", "person:b")
    assert not view.has_edge("person:a", "person:e")
    assert set(nx.ego_graph(view, "person:a")) == {"person:a", "person:b", "person:c"}
    assert nx.shortest_path(view, "person:a", "person:e") in (
        ["person:a", "person:b", "person:e"],
        ["person:a", "person:c", "person:e"],
    )
    some = view.subgraph(["person:c", "person:d", "person:a"])
    assert nx.utils.graphs_equal(nx.Graph(some), nx.Graph(view.plain().subgraph(list(some))))
    assert nx.utils.graphs_equal(
        nx.Graph(view.edge_subgraph([("person:a", "person:b")])).copy(), by_hand(["pmid:1"])
    ) or (view.edge_subgraph([("person:a", "person:b")]).number_of_edges() == 1)
    copy = view.copy()
    copy.add_edge("person:a", "person:new")
    for change in (
        lambda: view.add_edge("person:a", "person:f"),
        lambda: view.remove_node("person:a"),
        lambda: view.clear(),
    ):
        with pytest.raises(nx.NetworkXError, match="read-only"):
            change()
    assert "person:new" not in view


def test_loops_and_empty_graphs() -> None:
    one = CsrGraph.from_pairs(["a", "b"], np.array([0, 0]), np.array([0, 1]), np.array([2.0, 3.0]))
    assert sorted(one.edges(data="weight")) == [("a", "a", 2.0), ("a", "b", 3.0)]
    none = CsrGraph.from_pairs([], np.empty(0, int), np.empty(0, int), np.empty(0))
    assert (len(none), none.number_of_edges(), list(none.edges)) == (0, 0, [])


def test_sums_do_not_depend_on_the_order_of_entries() -> None:
    rng = np.random.default_rng(3)
    record = np.repeat(np.arange(400), 7)
    person = np.concatenate([rng.choice(30, 7, replace=False) for _ in range(400)])
    year = 2000 + record % 20
    role = rng.random(len(record))
    shuffled = rng.permutation(len(record))
    plain = ties(record, person, np.full(len(record), 9), year, role)
    mixed = ties(*(column[shuffled] for column in (record, person, np.full(len(record), 9), year, role)))
    for name in ("a", "b", "count", "weight", "start", "years"):
        assert getattr(plain, name).tobytes() == getattr(mixed, name).tobytes()
    assert (plain.a < plain.b).all()
    assert plain.count.sum() == 400 * 21
    assert plain.year_lists()[0] == sorted(set(plain.year_lists()[0]))


def test_the_reference_year_ignores_a_handful_ahead_of_time(store: GraphStore) -> None:
    assert reference_year({}) == 0
    assert reference_year({2019: 10, 2021: 1}) == 2021
    assert reference_year({2020: 500, 2021: 490, 2022: 4}) == 2021
    assert reference_year({2021: 190, 2022: 10}) == 2022
    assert tables(store).latest == 2020
    rows = store.read("papers_per_year", scope="all")
    assert reference_year({row["year"]: row["papers"] for row in rows}) == 2020
