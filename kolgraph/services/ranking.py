"""Who leads by a score in a topic: the table, its filters, the words that explain the score."""

from dataclasses import dataclass, field
from typing import Any

from kolgraph.errors import UsageError
from kolgraph.names import search_words
from kolgraph.services.evidence import WEIGHTS
from kolgraph.services.explore import scope_name
from kolgraph.workspace import Workspace

TOP = 1000  # rows of a table; filters reach everybody
NAMED = 200  # people looked up by name
DIMENSIONS = tuple(WEIGHTS)
CHOICES = ("influence", *DIMENSIONS, "activity", "papers", "pagerank", "betweenness", "core")


@dataclass(frozen=True, slots=True)
class Row:
    """A person in the table. None = not measured; `coverage` counts the dimensions that were."""

    id: str
    name: str
    place: str
    city: str
    country: str
    value: float
    rank: int
    papers: int
    trials: int
    influence: float | None
    coverage: int | None
    parts: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Definition:
    """A score: its name, the text that says what it is, its unit."""

    id: str
    title: str
    about: str
    unit: str


@dataclass(frozen=True, slots=True)
class Table:
    scope: str
    scope_name: str
    score: Definition
    rows: tuple[Row, ...]
    total: int  # people with this score in this scope
    cut: bool  # more people fit than are listed


def definitions(ws: Workspace) -> dict[str, Definition]:
    """The scores that this graph holds, those to rank by first."""
    rows = {row["id"]: row for row in ws.store.read("score_list")}
    known = [id for id in CHOICES if id in rows] + sorted(set(rows) - set(CHOICES))
    return {id: Definition(id, rows[id]["title"], rows[id]["description"], rows[id]["unit"] or "") for id in known}


def countries(ws: Workspace, scope: str) -> list[tuple[str, int]]:
    """Countries of a scope with their number of people, the largest first; "" is unknown."""
    rows = ws.store.read("countries", scope=scope)
    return sorted(((row["country"], row["people"]) for row in rows), key=lambda pair: (-pair[1], pair[0]))


def institutions(ws: Workspace, text: str = "", top: int = 20) -> list[tuple[str, str, int]]:
    """(id, name, people) of institutions under this text; the largest ones for no text."""
    rows = ws.store.read("search_institutions", words=search_words(text), top=top)
    return [(row["id"], row["name"], row["peopleCount"]) for row in rows]


def institution_name(ws: Workspace, id: str) -> str:
    """The name of an institution in which somebody works, "" when nobody does."""
    rows = ws.store.read("ranking_at_institution", score="influence", scope="all", institution=id, top=1, offset=0)
    return str(rows[0]["institutionName"]) if rows else ""


def table(
    ws: Workspace,
    score: str = "influence",
    scope: str = "all",
    *,
    country: str = "",
    institution: str = "",
    text: str = "",
    top: int = TOP,
) -> Table:
    """The people of a scope by a score, under all filters at once; ranks are those of the whole scope.

    Raises UsageError for a score or scope that the landscape lacks.
    """
    name = scope_name(ws, scope)
    known = definitions(ws)
    if score not in known:
        raise UsageError(
            f'there is no score "{score}" here: choose one of {", ".join(known) or "none, nothing is scored"}'
        )
    total = ws.store.read("ranking_total", score=score, scope=scope)
    found = _found(ws, score, scope, country, institution, text, top + 1)
    rows = _rows(ws, found[:top], scope)
    return Table(scope, name, known[score], rows, total[0]["total"] if total else 0, len(found) > top)


def _found(
    ws: Workspace, score: str, scope: str, country: str, institution: str, text: str, top: int
) -> list[dict[str, Any]]:
    words = search_words(text)
    if words:
        found = _named(ws, words, score, scope)
        if institution:
            found = [row for row in found if row["institution"] == institution]
    elif institution:
        found = ws.store.read(
            "ranking_at_institution", score=score, scope=scope, institution=institution, top=top, offset=0
        )
    elif country:
        return ws.store.read("ranking_in_country", score=score, scope=scope, country=country, top=top, offset=0)
    else:
        return ws.store.read("ranking", score=score, scope=scope, top=top, offset=0)
    return [row for row in found if country in ("", row["country"])]


def _named(ws: Workspace, words: list[str], score: str, scope: str) -> list[dict[str, Any]]:
    people = {row["id"]: row for row in ws.store.read("search_people", words=words, top=NAMED)}
    scored = [row for row in ws.store.read("scores_for", ids=list(people), scope=scope) if row["score"] == score]
    found = [{**people[row["id"]], "value": row["value"], "rank": row["rank"]} for row in scored]
    return sorted(found, key=lambda row: (row["rank"], row["id"]))


def _rows(ws: Workspace, found: list[dict[str, Any]], scope: str) -> tuple[Row, ...]:
    scores: dict[str, dict[str, float]] = {}
    for one in ws.store.read("scores_for", ids=[row["id"] for row in found], scope=scope):
        scores.setdefault(one["id"], {})[one["score"]] = one["value"]
    return tuple(_row(row, scores.get(row["id"], {})) for row in found)


def _row(row: dict[str, Any], scores: dict[str, float]) -> Row:
    coverage = scores.get("coverage")
    return Row(
        id=row["id"],
        name=row["name"],
        place=row["institutionName"] or "",
        city=row["city"] or "",
        country=row["country"] or "",
        value=row["value"],
        rank=row["rank"],
        papers=row["paperCount"] or 0,
        trials=row["trialCount"] or 0,
        influence=scores.get("influence"),
        coverage=None if coverage is None else round(coverage),
        parts={id: scores[id] for id in DIMENSIONS if id in scores},
    )
