"""Position in the coauthor network, in networkx's words."""

from collections.abc import Mapping

import networkx as nx
import numpy as np

from kolgraph.graph.csr import CsrGraph, Ints
from kolgraph.score import Score, kernels
from kolgraph.score.functions import functions

SAMPLE = 64  # least starting points of sampled betweenness
STEPS = 20_000_000  # ties walked from all of them, where that allows more points
SEED = 7
BRIDGING_DEGREE = 3  # coauthors from which it can be told whether they belong to several communities


def pagerank(graph: nx.Graph) -> Mapping[str, float]:
    """Weighted PageRank of the coauthor network: tied to people who are well tied themselves.

    Ties weigh 1 / (n - 1) per shared paper of n authors (Newman 2001); papers of over 100 authors make none.
    Brin and Page, Comput Netw ISDN 30:107 (1998).
    """
    return nx.pagerank(graph, tol=1e-9, max_iter=500)  # type: ignore[no-any-return]


def betweenness(graph: nx.Graph) -> Mapping[str, float]:
    """How often a person lies on the shortest paths between others.

    Exact in small networks; in large ones estimated from some starting points (seed 7): at least 64, and as many as
    make twenty million steps. Brandes, Soc Networks 30:136 (2008).
    """
    view = _arrays(graph)
    if not len(view):
        return {}
    label = kernels.components(view)
    steps = np.bincount(label) * np.bincount(label, view.degrees)  # of all starting points in a component
    k = min(len(view), max(SAMPLE, int(STEPS * len(view) // max(1, steps.sum()))))
    return nx.betweenness_centrality(view, k=k, seed=SEED)  # type: ignore[no-any-return]


def core(graph: nx.Graph) -> Mapping[str, float]:
    """The core number: the largest k such that the person is in a group where everybody has k coauthors inside.

    Seidman, Soc Networks 5:269 (1983).
    """
    return nx.core_number(graph)  # type: ignore[no-any-return]


def participation(graph: nx.Graph) -> Mapping[str, float]:
    """How evenly coauthors are spread over communities: 1 - sum over communities of (share of coauthors there)^2.

    Communities by Leiden (seed 7). Not measured below three coauthors. Guimera and Amaral, Nature 433:895 (2005).
    """
    view = _arrays(graph)
    label, degree = communities(view), view.degrees
    cell = np.unique(view.rows * (len(view) + 1) + label[view.idx], return_counts=True)
    person = cell[0] // (len(view) + 1)
    share = cell[1] / degree[person]
    value = 1.0 - np.bincount(person, share * share, minlength=len(view))
    return {view.ids[i]: float(value[i]) for i in np.flatnonzero(degree >= BRIDGING_DEGREE).tolist()}


def communities(graph: CsrGraph) -> Ints:
    """The community of each person of the network, largest first; found once per graph."""
    made = graph.__networkx_cache__
    if "communities" not in made:
        made["communities"] = kernels.leiden(graph, SEED)
    return made["communities"]  # type: ignore[no-any-return]


def _arrays(graph: nx.Graph) -> CsrGraph:
    return graph if isinstance(graph, CsrGraph) else functions.convert_from_nx(graph)


SCORES = (
    Score("pagerank", "PageRank", "coauthor", pagerank),
    Score("betweenness", "Betweenness", "coauthor", betweenness),
    Score("core", "Core number", "coauthor", core, "coauthors"),
    Score("participation", "Spread over communities", "coauthor", participation),
)
