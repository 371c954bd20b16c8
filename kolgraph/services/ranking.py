"""Who leads by a score in a topic: the table, its filters, the words that explain the score."""

from dataclasses import dataclass, field
from typing import Any

from kolgraph.errors import UsageError
from kolgraph.export import csv_bytes, xlsx_bytes
from kolgraph.geo import country_name
from kolgraph.names import search_words
from kolgraph.score import blend
from kolgraph.services.confidence import Confidence, of
from kolgraph.services.data import built_at
from kolgraph.services.explore import scope_name
from kolgraph.workspace import Workspace

TOP = 1000  # rows of a table; filters reach everybody
NAMED = 200  # people looked up by name
EVERYBODY = 100_000
DIMENSIONS = tuple(one.id for one in blend.DIMENSIONS)
CHOICES = ("influence", *DIMENSIONS, "activity", "papers", "pagerank", "betweenness", "core")


@dataclass(frozen=True, slots=True)
class Row:
    """A person in the table. None = not measured; `coverage` counts the dimensions that were."""

    id: str
    name: str
    place: str
    city: str
    country: str  # its name
    value: float
    rank: int
    papers: int
    trials: int
    influence: float | None
    coverage: int | None
    identity: Confidence
    parts: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Definition:
    """A score: its name, the text that says what it is, its unit."""

    id: str
    title: str
    about: str
    unit: str


@dataclass(frozen=True, slots=True)
class Filters:
    """What is asked for; "" filters nothing. `text` is looked up in names, `country` is a code, `identity` a word."""

    scope: str = "all"
    score: str = "influence"
    country: str = ""
    institution: str = ""
    text: str = ""
    identity: str = ""


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


def unmeasured(ws: Workspace, scope: str) -> set[str]:
    """The dimensions that nobody of a scope has: what they need was not loaded."""
    totals = {id: ws.store.read("ranking_total", score=id, scope=scope) for id in DIMENSIONS}
    return {id for id, rows in totals.items() if not rows or not rows[0]["total"]}


def countries(ws: Workspace, scope: str) -> list[tuple[str, str, int]]:
    """(code, name, people) of the countries of a scope, the largest first; the unknown one is left out."""
    rows = sorted(ws.store.read("countries", scope=scope), key=lambda row: (-row["people"], row["country"]))
    return [(row["country"], country_name(row["country"]), row["people"]) for row in rows if row["country"]]


def institutions(ws: Workspace, text: str = "", top: int = 20) -> list[tuple[str, str, int]]:
    """(id, name, people) of institutions under this text; the largest ones for no text."""
    rows = ws.store.read("search_institutions", words=search_words(text), top=top)
    return [(row["id"], row["name"], row["peopleCount"]) for row in rows]


def institution_name(ws: Workspace, id: str) -> str:
    """The name of an institution in which somebody works now, "" when nobody does."""
    rows = ws.store.read("ranking_at_institution", score="influence", scope="all", institution=id, top=1, offset=0)
    places = ws.store.read("affiliations_of", id=rows[0]["id"]) if rows else []
    return next((str(place["name"]) for place in places if place["id"] == id), "")


def table(ws: Workspace, asked: Filters, top: int = TOP) -> Table:
    """The people of a scope by a score, under all filters at once; ranks are those of the whole scope.

    Raises UsageError for a score or scope that the landscape lacks.
    """
    name = scope_name(ws, asked.scope)
    known = definitions(ws)
    if asked.score not in known:
        raise UsageError(f'there is no score "{asked.score}" here: choose one of {", ".join(known) or "none yet"}')
    total = ws.store.read("ranking_total", score=asked.score, scope=asked.scope)
    found = _found(ws, asked, EVERYBODY if asked.identity else top + 1)
    found = [row for row in found if asked.identity in ("", of(row).word)]
    rows = _rows(ws, found[:top], asked.scope)
    return Table(asked.scope, name, known[asked.score], rows, total[0]["total"] if total else 0, len(found) > top)


def _found(ws: Workspace, asked: Filters, top: int) -> list[dict[str, Any]]:
    words = search_words(asked.text)
    page: dict[str, Any] = {"score": asked.score, "scope": asked.scope, "top": top, "offset": 0}
    if words:
        found = _named(ws, words, asked.score, asked.scope)
        if asked.institution:  # somebody may work at several
            there = ws.store.read("ranking_at_institution", institution=asked.institution, **page | {"top": EVERYBODY})
            found = [row for row in found if row["id"] in {one["id"] for one in there}]
    elif asked.institution:
        found = ws.store.read("ranking_at_institution", institution=asked.institution, **page)
    elif asked.country:
        return ws.store.read("ranking_in_country", country=asked.country, **page)
    else:
        return ws.store.read("ranking", **page)
    return [row for row in found if asked.country in ("", row["country"])]


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
        country=country_name(row["country"] or ""),
        value=row["value"],
        rank=row["rank"],
        papers=row["paperCount"] or 0,
        trials=row["trialCount"] or 0,
        influence=scores.get("influence"),
        coverage=None if coverage is None else round(coverage),
        identity=of(row),
        parts={id: scores[id] for id in DIMENSIONS if id in scores},
    )


def file(ws: Workspace, shown: Table, suffix: str, actor: str) -> bytes:
    """The table as CSV or XLSX, landscape, topic and date in each row; the ledger says so before it is returned."""
    columns = (
        "rank",
        "name",
        "institution",
        "city",
        "country",
        shown.score.id,
        "coverage",
        *DIMENSIONS,
        "papers",
        "trials",
        "identity",
        "confidence",
    )
    about = {"id": "", "topic": shown.scope_name, "landscape": ws.landscape.title, "asOf": built_at(ws)}
    rows = [_cells(row, shown.score.id) | about | {"id": row.id} for row in shown.rows]
    ws.ledger.append("export.file", f"ranking.{suffix}", {"what": "ranking", "rows": len(rows)}, actor=actor)
    named = tuple(dict.fromkeys((*columns, *about)))
    return xlsx_bytes(rows, named) if suffix == "xlsx" else csv_bytes(rows, named)


def _cells(row: Row, score: str) -> dict[str, Any]:
    parts = {id: row.parts.get(id) for id in DIMENSIONS}
    given = {"name": row.name, "institution": row.place, "city": row.city, "country": row.country, "rank": row.rank}
    return {
        **parts,
        **given,
        "papers": row.papers,
        "trials": row.trials,
        "coverage": row.coverage,
        **_sure(row),
        score: row.value,
    }


def _sure(row: Row) -> dict[str, Any]:
    return {"identity": row.identity.word, "confidence": row.identity.value}
