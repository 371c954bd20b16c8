"""Functions of networkx, with its own signatures, over the arrays of a CsrGraph; `backend` is their door.

What is not here, or not for these arguments, is done by networkx on a converted graph.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import networkx as nx
import numpy as np
from networkx.utils import create_py_random_state

from kolgraph.graph.csr import CsrGraph, Floats
from kolgraph.score import kernels


class Functions:
    """What networkx asks: its own function names, and the two conversions."""

    def __getattr__(self, name: str) -> Callable[..., Any]:
        """A function that is not here, done by networkx itself on plain graphs."""
        known = nx.utils.backends._registered_algorithms.get(name)
        if known is None or "networkx" not in known.backends:
            raise AttributeError(name)
        return lambda *args, **kwargs: _by_networkx(name, *args, **kwargs)

    @staticmethod
    def convert_from_nx(
        graph: nx.Graph, *, edge_attrs: Mapping[str, Any] | None = None, preserve_all_attrs: bool = False, **_: Any
    ) -> CsrGraph:
        """A plain undirected graph as arrays, with the one weight that the function to come wants."""
        if isinstance(graph, CsrGraph):
            return graph
        if graph.is_directed() or graph.is_multigraph():
            raise NotImplementedError("only undirected graphs without parallel edges")
        attribute, default = next(iter((edge_attrs or {}).items()), ("weight", 1))
        ids = list(graph)
        number = {node: i for i, node in enumerate(ids)}
        edges = list(graph.edges(data=attribute, default=default))
        a = np.array([number[edge[0]] for edge in edges], np.int64)
        b = np.array([number[edge[1]] for edge in edges], np.int64)
        return CsrGraph.from_pairs(ids, a, b, np.array([edge[2] for edge in edges], np.float64), attribute)

    @staticmethod
    def convert_to_nx(result: Any, *, name: str | None = None) -> Any:
        return result.plain() if isinstance(result, CsrGraph) else result

    @staticmethod
    def pagerank(
        G: CsrGraph,
        alpha: float = 0.85,
        personalization: Mapping[Any, float] | None = None,
        max_iter: int = 100,
        tol: float = 1e-06,
        nstart: Mapping[Any, float] | None = None,
        weight: str | None = "weight",
        dangling: Mapping[Any, float] | None = None,
    ) -> dict[Any, float]:
        jump, lost, start = (_shares(G, given) for given in (personalization, dangling, nstart))
        return _named(G, kernels.pagerank(G, alpha, weight, tol, max_iter, jump, lost, start))

    @staticmethod
    def betweenness_centrality(
        G: CsrGraph,
        k: int | None = None,
        normalized: bool = True,
        weight: str | None = None,
        endpoints: bool = False,
        seed: Any = None,
    ) -> dict[Any, float]:
        if weight is not None or endpoints or G.is_directed():
            return _by_networkx(  # type: ignore[no-any-return]
                "betweenness_centrality", G, k, normalized, weight, endpoints, create_py_random_state(seed)
            )
        sources = None if k is None or k == len(G) else create_py_random_state(seed).sample(range(len(G)), k)
        return _named(G, scaled(kernels.betweenness(G, sources), sources, normalized))

    @staticmethod
    def core_number(G: CsrGraph) -> dict[Any, int]:
        if (G.rows == G.idx).any():
            raise nx.NetworkXNotImplemented("the graph has loops, for which core numbers are not defined")
        return _named(G, kernels.core_number(G))

    @staticmethod
    def connected_components(G: CsrGraph) -> Iterator[set[Any]]:
        return iter(_groups(G, kernels.components(G)))

    @staticmethod
    def number_connected_components(G: CsrGraph) -> int:
        return int(kernels.components(G).max(initial=-1)) + 1

    @staticmethod
    def leiden_communities(
        G: CsrGraph,
        weight: str | None = "weight",
        resolution: float = 1,
        max_level: int | None = None,
        seed: Any = None,
    ) -> list[set[Any]]:
        number = create_py_random_state(seed).randrange(2**32)
        return _groups(G, kernels.leiden(G, number, resolution, weight))

    @staticmethod
    def clustering(G: CsrGraph, nodes: Any = None, weight: str | None = None) -> Any:
        if weight is not None:
            return _by_networkx("clustering", G, nodes, weight)
        values = _named(G, kernels.clustering(G))
        if nodes is None:
            return values
        return values[nodes] if nodes in G else {node: values[node] for node in G.nbunch_iter(nodes)}

    @staticmethod
    def degree_centrality(G: CsrGraph) -> dict[Any, float]:
        n = len(G)
        if n <= 1:
            return dict.fromkeys(G.ids, 1)
        loops = np.bincount(G.rows[G.rows == G.idx], minlength=n)
        return _named(G, (G.degrees + loops) * (1.0 / (n - 1.0)))


def scaled(raw: Floats, sources: list[int] | None, normalized: bool = True) -> Floats:
    """Betweenness sums as networkx reports them: a share of the pairs, or pairs of the whole graph."""
    others = len(raw) - 1
    if others < 2:
        return raw
    if sources is None:
        return raw * (1 / (others * (others - 1)) if normalized else 0.5)
    k = len(sources)
    whole = 1 / (others - 1) if normalized else others / 2
    scale: Floats = np.full(len(raw), whole / k)
    # a source is no path's inside when it is the start: it has one start fewer
    scale[sources] = whole / (k - 1) if k > 1 else np.nan
    return raw * scale


def _by_networkx(name: str, *args: Any, **kwargs: Any) -> Any:
    function = nx.utils.backends._registered_algorithms[name].orig_func
    return function(*map(_plain, args), **{key: _plain(value) for key, value in kwargs.items()})


def _plain(value: Any) -> Any:
    if isinstance(value, CsrGraph):
        return value.__networkx_cache__.setdefault("plain", value.plain())
    return [_plain(one) for one in value] if isinstance(value, list) else value


def _named(graph: CsrGraph, values: Any) -> dict[Any, Any]:
    return dict(zip(graph.ids, values.tolist(), strict=True))


def _groups(graph: CsrGraph, label: Any) -> list[set[Any]]:
    found: dict[int, set[Any]] = {}
    for node, one in zip(graph.ids, label.tolist(), strict=True):
        found.setdefault(one, set()).add(node)
    return list(found.values())


def _shares(graph: CsrGraph, given: Mapping[Any, float] | None) -> Floats | None:
    if given is None:
        return None
    values: Floats = np.array([given.get(node, 0) for node in graph.ids], float)
    total = float(values.sum())
    if total == 0 and len(graph):
        raise ZeroDivisionError("the given values add up to 0 over the nodes of the graph")
    return values / total


functions = Functions()
