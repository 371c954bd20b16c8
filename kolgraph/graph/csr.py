"""A graph as three arrays (compressed sparse rows) that networkx takes for one of its own.

`nx.pagerank(graph)` and the other functions of `kolgraph.score.functions` read the arrays; anything else sees a plain
`nx.Graph`, whose dictionaries are made when first asked for. Read-only: `nx.Graph(graph)` is a copy to edit.
"""

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any

import networkx as nx
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


def _read_only(*_: Any, **__: Any) -> None:
    raise nx.NetworkXError("this graph is a read-only view of the store: nx.Graph(graph) is a copy that can be edited")


class CsrGraph(nx.Graph):  # type: ignore[misc]
    """Undirected weighted graph; node i is `ids[i]`, its neighbours are `idx[ptr[i]:ptr[i + 1]]`, ascending.

    ptr int64 (n + 1), idx int32, weight float64 (both 2 m; a loop stands once). `attribute` names the weight in
    networkx's words: asked for another name, every edge weighs 1.
    """

    __networkx_backend__ = "kolgraph"

    def __init__(
        self, ids: Sequence[Any], ptr: Ints, idx: NDArray[np.int32], weight: Floats, attribute: str = "weight"
    ):
        self.ids, self.ptr, self.idx, self.weight, self.attribute = ids, ptr, idx, weight, attribute
        self.graph: dict[str, Any] = {}
        self.__networkx_cache__: dict[str, Any] = {}

    @classmethod
    def from_pairs(cls, ids: Sequence[Any], a: Ints, b: Ints, weight: Floats, attribute: str = "weight") -> "CsrGraph":
        """From distinct pairs of positions in `ids`, each pair once, in any order."""
        n = len(ids)
        other = a != b
        rows, columns = np.concatenate([a, b[other]]), np.concatenate([b, a[other]])
        order = np.argsort(rows * n + columns, kind="stable")
        ptr = np.zeros(n + 1, np.int64)
        np.cumsum(np.bincount(rows, minlength=n), out=ptr[1:])
        weights = np.concatenate([weight, weight[other]])[order]
        return cls(ids, ptr, columns[order].astype(np.int32), weights.astype(np.float64), attribute)

    @cached_property
    def number(self) -> dict[Any, int]:
        """Node -> its position in `ids`."""
        return {node: i for i, node in enumerate(self.ids)}

    @property
    def degrees(self) -> Ints:
        """Neighbours per node; a loop counts once."""
        return np.diff(self.ptr)

    @property
    def rows(self) -> Ints:
        """The node of each entry of `idx`."""
        return np.repeat(np.arange(len(self.ids)), self.degrees)

    def weights(self, attribute: str | None) -> Floats:
        """The weight of each entry of `idx` when that is what `attribute` names, else ones."""
        return self.weight if attribute == self.attribute else np.ones(len(self.idx))

    def matrix(self, attribute: str | None = None) -> sparse.csr_array:
        """The adjacency matrix; all ones without `attribute`."""
        n = len(self.ids)
        return sparse.csr_array((self.weights(attribute), self.idx, self.ptr), shape=(n, n))

    def pairs(self) -> tuple[Ints, Ints, Floats]:
        """Every edge once: smaller position, larger position, weight."""
        rows = self.rows
        once = rows <= self.idx
        return rows[once], self.idx[once].astype(np.int64), self.weight[once]

    def plain(self) -> nx.Graph:
        """The same graph as an ordinary `nx.Graph`."""
        graph = nx.Graph()
        graph.add_nodes_from(self.ids)
        a, b, weight = self.pairs()
        ids = self.ids
        graph.add_edges_from(
            (ids[i], ids[j], {self.attribute: w})
            for i, j, w in zip(a.tolist(), b.tolist(), weight.tolist(), strict=True)
        )
        return graph

    # what networkx looks for when it treats this as an nx.Graph

    @cached_property
    def _node(self) -> dict[Any, dict[str, Any]]:
        return {node: {} for node in self.ids}

    @cached_property
    def _adj(self) -> dict[Any, dict[Any, dict[str, Any]]]:
        return self.plain()._adj  # type: ignore[no-any-return]

    def __len__(self) -> int:
        return len(self.ids)

    def number_of_nodes(self) -> int:
        return len(self.ids)

    def number_of_edges(self, u: Any = None, v: Any = None) -> int:
        return int((self.rows <= self.idx).sum()) if u is None else super().number_of_edges(u, v)

    def copy(self, as_view: bool = False) -> nx.Graph:
        return self.plain()

    def subgraph(self, nodes: Iterable[Any]) -> "CsrGraph":
        """The graph among `nodes`, in their order here."""
        kept = np.zeros(len(self.ids), bool)
        kept[[self.number[node] for node in self.nbunch_iter(nodes)]] = True
        place = np.cumsum(kept) - 1
        a, b, weight = self.pairs()
        inside = kept[a] & kept[b]
        ids = [self.ids[i] for i in np.flatnonzero(kept).tolist()]
        return CsrGraph.from_pairs(ids, place[a[inside]], place[b[inside]], weight[inside], self.attribute)

    def edge_subgraph(self, edges: Iterable[Any]) -> nx.Graph:
        return self.plain().edge_subgraph(edges)

    add_node = add_nodes_from = remove_node = remove_nodes_from = _read_only
    add_edge = add_edges_from = add_weighted_edges_from = remove_edge = remove_edges_from = _read_only
    clear = clear_edges = update = _read_only
