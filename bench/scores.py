"""Influence measures over arrays against plain networkx, on generated coauthor networks of 10k and 100k people."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import networkx as nx
import numpy as np

from bench import Row, row
from kolgraph.graph.csr import CsrGraph
from kolgraph.graph.edges import ties
from kolgraph.graph.layout import layout
from kolgraph.score import kernels

SOURCES = 64  # of sampled betweenness
FEW = 2  # that plain networkx walks; its time is multiplied up


def coauthors(people: int, seed: int = 7) -> CsrGraph:
    """Teams drawn from groups of 100 by power law, one author in ten from anywhere; about 10 ties a person."""
    rng = np.random.default_rng(seed)
    papers = people * 3 // 4
    size = np.clip(rng.geometric(1 / 5, papers), 1, 100)
    record = np.repeat(np.arange(papers), size)
    group = rng.integers(0, people // 100, papers)[record]
    local = group * 100 + np.minimum(99, (rng.pareto(0.9, len(record)) * 8).astype(np.int64))
    person = np.where(rng.random(len(record)) < 0.9, local, rng.integers(0, people, len(record)))
    record, person = np.divmod(np.unique(record * people + person), people)
    team = np.bincount(record, minlength=papers)[record]
    found = ties(record, person, team, np.full(len(record), 2021))
    return CsrGraph.from_pairs(range(people), found.a, found.b, found.weight)


def seconds(work: Callable[[], Any]) -> float:
    """Processor time of one run: other programs on the machine do not count."""
    begin = time.process_time()
    work()
    return time.process_time() - begin


def rows() -> Iterator[Row]:
    for people in (10_000, 100_000):
        yield from compare(people)


def compare(people: int) -> Iterator[Row]:
    large = people >= 100_000
    view = coauthors(people)
    plain = view.plain()
    size = f"{people // 1000}k people, {view.number_of_edges() // 1000}k ties"
    sources = np.random.default_rng(7).choice(people, SOURCES, replace=False)
    ours: dict[str, Callable[[], Any]] = {
        "PageRank": lambda: kernels.pagerank(view),
        "core number": lambda: kernels.core_number(view),
        f"betweenness, {SOURCES} sources": lambda: kernels.betweenness(view, sources),
        "components": lambda: kernels.components(view),
        "communities (Leiden against Louvain)": lambda: kernels.leiden(view),
        "clustering": lambda: kernels.clustering(view),
    }
    theirs: dict[str, Callable[[], Any]] = {
        "PageRank": lambda: nx.pagerank(plain),
        "core number": lambda: nx.core_number(plain),
        f"betweenness, {SOURCES} sources": lambda: nx.betweenness_centrality(plain, k=FEW, seed=7),
        "components": lambda: list(nx.connected_components(plain)),
        "communities (Leiden against Louvain)": lambda: nx.community.louvain_communities(plain, seed=7),
        "clustering": lambda: nx.clustering(plain),
    }
    total_ours = total_theirs = 0.0
    for name, work in ours.items():
        mine, other = seconds(work), seconds(theirs[name]) * (SOURCES / FEW if "sources" in name else 1)
        total_ours, total_theirs = total_ours + mine, total_theirs + other
        yield row(f"{name}, {size}", round(mine, 3), "s", f"<= {other:.3f}")
    yield row(
        f"the set against plain networkx, {size}", round(total_theirs / total_ours, 1), "x", ">= 50" if large else ""
    )
    community = kernels.leiden(view)
    yield row(f"map, {size}", round(seconds(lambda: layout(view, community)), 2), "s", "<= 12" if large else "")
