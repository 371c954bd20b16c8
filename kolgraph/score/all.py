"""Score everybody: per scope the raw scores, the dimensions, influence, communities and the map, into the store."""

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Protocol

import numpy as np

from kolgraph.graph import now
from kolgraph.graph.csr import CsrGraph, Floats, Ints
from kolgraph.graph.layout import layout
from kolgraph.graph.views import Streams, Tables, graph_of, tables
from kolgraph.landscape import Landscape
from kolgraph.score import Score, activity, blend, network, trials
from kolgraph.score.communities import Community, community_id, named
from kolgraph.score.evidence import Evidence, evidence

Progress = Callable[[int, int | None, str], None]
Row = dict[str, Any]
SCORES: tuple[Score, ...] = (*activity.SCORES, *trials.SCORES, *network.SCORES)


class Store(Streams, Protocol):
    """What scoring needs of a store: views to read, rows to write, all visible at once at the end."""

    def derive(self, name: str, **params: Any) -> int: ...
    def write(self, name: str, rows: Iterable[Mapping[str, Any]]) -> int: ...
    def publish(self, **meta: Any) -> None: ...


def score_all(
    store: Store,
    landscape: Landscape,
    *,
    scores: Iterable[Score] = SCORES,
    progress: Progress = lambda done, of, what: None,
) -> dict[str, int]:
    """Score the scope "all" and every topic; returns how many rows of each kind. Equal graphs give equal rows.

    Payments are no input: no view holds them.
    """
    scores = tuple(scores)
    scopes = ["all", *(topic.id for topic in landscape.topics)]
    titles = {"all": "everybody"} | {topic.id: topic.name for topic in landscape.topics}
    weights = {one.id: one.weight for one in blend.lens(landscape.weights)}
    whole = tables(store)
    home = _homes(store)
    results: list[_Result] = []
    members: list[Iterator[Row]] = []
    groups: list[Row] = []
    for done, scope in enumerate(scopes):
        progress(done, len(scopes), f"scores of {titles[scope]}")
        found = evidence(whole, scope)
        graph = graph_of(found.found, found.active)
        if not len(graph):
            continue
        results.append(_ranked(scope, found.active, measure(found, graph, scores, weights)))
        these = named(graph, found.active, found.found, scope, home)
        these += _others(these, scope, len(graph))
        groups += [_community(one, scope, rank) for rank, one in enumerate(these, start=1)]
        members.append(_members(graph, these, scope))
    progress(len(scopes), len(scopes), "writing scores")
    store.derive("clear_scores")
    counts = {
        "score": store.write("score", [_about(*one) for one in (*_BLENDED, *map(_described, scores))]),
        "community": store.write("community", groups),
        "scored": store.write("scored", _scored(results, whole)),
        "member_of": store.write("member_of", chain.from_iterable(members)),
    }
    store.publish(scoredAt=now())
    return counts


def measure(
    found: Evidence, graph: CsrGraph, scores: Sequence[Score] = SCORES, weights: Mapping[str, float] | None = None
) -> dict[str, Floats]:
    """Every score, dimension, influence and coverage of a scope: one value per node of `graph`, NaN = not measured."""
    views: dict[str, Any] = {"coauthor": graph, "evidence": found}
    if any(score.view == "coinvestigator" for score in scores):
        views["coinvestigator"] = graph_of(found.found, found.active, found.found.coinvestigators())
    parts: dict[str, Floats] = {}
    for score in scores:
        values = score.of(views[score.view])
        parts[score.id] = blend.tidy(np.array([values.get(person, np.nan) for person in graph.ids], float))
    sides = blend.dimensions(parts)
    total, coverage = blend.influence(sides, weights)
    return {"influence": total, "coverage": coverage.astype(float), **sides, **parts}


_BLENDED = (
    ("influence", "Influence", blend.INFLUENCE, "0 to 100"),
    ("coverage", "Coverage", blend.COVERAGE, "dimensions"),
    *((one.id, one.title, one.about, "percentile") for one in blend.DIMENSIONS),
)


def _described(one: Score) -> tuple[str, str, str, str]:
    return one.id, one.title, inspect.getdoc(one.of) or "", one.unit


def _about(id: str, title: str, description: str, unit: str) -> Row:
    return {"id": id, "title": title, "description": description, "unit": unit}


@dataclass(frozen=True, slots=True)
class _Result:
    """All scores of a scope: `people` are ascending numbers; a column per score, ranks 0 where not measured."""

    scope: str
    people: list[int]
    names: list[str]
    values: list[list[float]]
    ranks: list[list[int]]


def _ranked(scope: str, people: Ints, measured: Mapping[str, Floats]) -> _Result:
    ranks = np.zeros((len(people), len(measured)), np.int64)
    for column, values in enumerate(measured.values()):
        known = ~np.isnan(values)
        ranks[known, column] = blend.ranks(values[known])
    values = np.column_stack(list(measured.values()))
    return _Result(scope, people.tolist(), list(measured), values.tolist(), ranks.tolist())


def _scored(results: list[_Result], whole: Tables) -> Iterator[Row]:
    """Person by person, as a store keeps them: rows that arrive in order are written several times faster."""
    begin = [0] * len(results)
    for number, (person, country) in enumerate(zip(whole.people, whole.country, strict=True)):
        for which, result in enumerate(results):
            row = begin[which]
            if row == len(result.people) or result.people[row] != number:
                continue
            begin[which] += 1
            for name, value, rank in zip(result.names, result.values[row], result.ranks[row], strict=True):
                if rank:
                    yield {
                        "person": person,
                        "score": name,
                        "scope": result.scope,
                        "country": country,
                        "value": value,
                        "rank": rank,
                    }


def _community(one: Community, scope: str, rank: int) -> Row:
    return {
        "id": one.id,
        "scope": scope,
        "name": one.name,
        "size": len(one.members),
        "rank": rank,
        "topics": list(one.topics),
    }


def _others(groups: list[Community], scope: str, people: int) -> list[Community]:
    """Those in groups too small for a name, as the last of the communities: a place on the map needs one."""
    alone = np.ones(people, bool)
    for one in groups:
        alone[one.members] = False
    if not alone.any():
        return []
    return [Community(community_id(scope, 0), "Small groups", np.flatnonzero(alone), ())]


def _members(graph: CsrGraph, groups: list[Community], scope: str) -> Iterator[Row]:
    group = [""] * len(graph)
    for one in groups:
        for i in one.members.tolist():
            group[i] = one.id
    x, y = (axis.tolist() for axis in layout(graph, network.communities(graph), network.SEED))
    rows = zip(graph.ids, group, x, y, strict=True)
    return ({"person": a, "community": b, "scope": scope, "x": c, "y": d} for a, b, c, d in rows)


def _homes(store: Streams) -> dict[str, str]:
    """The name of each person's current institution."""
    places = {row["id"]: row["name"] for row in store.stream("institutions")}
    return {row["id"]: places.get(row["institution"], "") for row in store.stream("people")}
