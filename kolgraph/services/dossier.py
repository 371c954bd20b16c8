"""A person opened down to the records: scores and what they are made of, papers, trials, ties, places."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kolgraph.errors import UsageError
from kolgraph.geo import country_name
from kolgraph.graph.views import reference_year
from kolgraph.ids import public_page
from kolgraph.model import COUNTED_KINDS
from kolgraph.score import activity, trials
from kolgraph.services.confidence import Confidence, of
from kolgraph.services.evidence import (
    ROLES,
    Close,
    Dimension,
    Record,
    closest_ties,
    dimensions,
    paper_record,
    position_words,
    sourced,
    trial_record,
)
from kolgraph.services.explore import Group, groups, scope_name, scopes
from kolgraph.services.sources import Source, identifiers_said, places_said
from kolgraph.services.watch import is_watched
from kolgraph.store import Row
from kolgraph.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Scored:
    """Influence in one scope: value 0 to 100, rank among `total`, how many of the dimensions were measured."""

    scope: str
    name: str
    value: float | None
    rank: int | None
    total: int
    coverage: int | None


@dataclass(frozen=True, slots=True)
class Work:
    """A paper or trial of the person; `adds` is what it adds to the measure in the scope, None if nothing."""

    record: Record
    kind: str
    topics: tuple[str, ...]
    adds: float | None
    retracted: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """An institution that a person's records name; years are those of the records."""

    id: str
    name: str
    where: str
    first: int | None
    last: int | None
    current: bool
    confidence: float | None
    records: int
    page: str
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Dossier:
    """A person in a scope. `papers_add` and `trials_add` are the stored measures that the works add up to."""

    id: str
    name: str
    place: str
    where: str
    identity: Confidence
    identifiers: tuple[str, ...]
    first: int | None
    last: int | None
    scope: str
    scope_name: str
    here: Scored | None
    scored: tuple[Scored, ...]
    dimensions: tuple[Dimension, ...]
    papers_add: float | None
    trials_add: float | None
    papers: tuple[Work, ...]
    trials: tuple[Work, ...]
    paper_years: tuple[tuple[int, int], ...]
    trial_years: tuple[tuple[int, int], ...]
    ties: tuple[Close, ...]
    coauthors: int
    coinvestigators: int
    places: tuple[Place, ...]
    community: Group | None
    as_of: str
    given: dict[str, tuple[Source, ...]]  # identifier -> the record that gives it
    watched: bool


def dossier(ws: Workspace, person: str, scope: str = "") -> Dossier:
    """Everything about a person; `scope` "" opens the whole landscape. Merged ids are followed.

    Raises UsageError for a person or scope that the landscape lacks.
    """
    id = ws.ledger.follow(person)
    rows = ws.store.read("person", id=id)
    if not rows:
        raise UsageError("this person is not in the landscape: the id may be mistyped, or the records have changed")
    row, scope = rows[0], scope or "all"
    name = scope_name(ws, scope)
    scores: dict[str, dict[str, Row]] = {}
    for one in ws.store.read("scores_of", id=id):
        scores.setdefault(one["scope"], {})[one["score"]] = one
    here = scores.get(scope, {})
    latest = reference_year({one["year"]: one["papers"] for one in ws.store.read("papers_per_year", scope="all")})
    papers, led = ws.store.read("papers_of", id=id), ws.store.read("trials_of", id=id)
    scored = tuple(_scored(scores.get(one, {}), one, title) for one, title in scopes(ws))
    ties = next(iter(ws.store.read("tie_counts", ids=[id])), {})
    built = ws.store.read("build")
    said = places_said(ws, id)
    written = [one["year"] for one in papers if one["kind"] in COUNTED_KINDS and one["year"]]
    begun = [one["startYear"] for one in led if one["startYear"]]
    return Dossier(
        id=id,
        name=row["name"],
        place=row["institutionName"] or "",
        where=", ".join(part for part in (row["city"], country_name(row["country"] or "")) if part),
        identity=of(row),
        identifiers=tuple(row["identifiers"] or ()),
        first=row["firstYear"],
        last=row["lastYear"],
        scope=scope,
        scope_name=name,
        here=next((one for one in scored if one.scope == scope and one.value is not None), None),
        scored=scored,
        dimensions=dimensions(ws, here, {row["id"]: row for row in ws.store.read("score_list")}),
        papers_add=_value(here, activity.SCORES[0].id),
        trials_add=_value(here, trials.SCORES[0].id),
        papers=_papers(ws, papers, scope, latest),
        trials=_trials(ws, led, scope, latest),
        paper_years=_years(written, (*written, *begun)),
        trial_years=_years(begun, (*written, *begun)),
        ties=closest_ties(ws, id),
        coauthors=ties.get("coauthors", 0),
        coinvestigators=ties.get("coinvestigators", 0),
        places=tuple(_place(one, said.get(one["id"], ())) for one in ws.store.read("affiliations_of", id=id)),
        community=_community(ws, id, scope),
        as_of=str(built[0]["builtAt"] or "")[:10] if built else "",
        given=identifiers_said(ws, id, row["identifiers"] or ()),
        watched=is_watched(ws, id),
    )


def _scored(scores: Mapping[str, Row], scope: str, name: str) -> Scored:
    row, coverage = scores.get("influence"), _value(scores, "coverage")
    if row is None:
        return Scored(scope, name, None, None, 0, None)
    return Scored(scope, name, row["value"], row["rank"], row["total"], None if coverage is None else round(coverage))


def _value(scores: Mapping[str, Row], id: str) -> float | None:
    return float(scores[id]["value"]) if id in scores else None


def _papers(ws: Workspace, rows: list[Row], scope: str, latest: int) -> tuple[Work, ...]:
    adds = {row["id"]: value for row, value in activity.contributions(rows, scope, latest)}
    records = sourced(ws, [paper_record(row, _position(row)) for row in rows])
    return tuple(
        Work(record, row["kind"], tuple(row["topics"] or ()), adds.get(row["id"]), row["kind"] == "retracted")
        for record, row in zip(records, rows, strict=True)
    )


def _position(row: Row) -> str:
    words = position_words(row["position"], row["authorCount"])
    count = f" of {row['authorCount']:,}" if row["authorCount"] else ""
    return f"{words}{count}{', corresponding' if row['isCorresponding'] else ''}"


def _trials(ws: Workspace, rows: list[Row], scope: str, latest: int) -> tuple[Work, ...]:
    adds = {row["id"]: value for row, value in trials.contributions(rows, scope, latest)}
    records = sourced(ws, [trial_record(row, ROLES.get(row["role"], str(row["role"]))) for row in rows])
    return tuple(
        Work(record, "trial", tuple(row["topics"] or ()), adds.get(row["id"]))
        for record, row in zip(records, rows, strict=True)
    )


def _years(found: list[int], span: tuple[int, ...]) -> tuple[tuple[int, int], ...]:
    """(year, how many) for each year of the span, so that the charts of a person share their axis; () for none."""
    counts = Counter(found)
    return tuple((year, counts[year]) for year in range(min(span), max(span) + 1)) if found else ()


def _place(row: dict[str, Any], said: tuple[Source, ...]) -> Place:
    where = ", ".join(part for part in (row["city"], country_name(row["country"] or "")) if part)
    return Place(
        id=row["id"],
        name=row["name"],
        where=where,
        first=row["firstYear"],
        last=row["lastYear"],
        current=bool(row["isCurrent"]),
        confidence=row["confidence"],
        records=row["recordCount"] or 0,
        page=public_page(row["id"]),
        sources=said,
    )


def _community(ws: Workspace, id: str, scope: str) -> Group | None:
    row = next(iter(ws.store.read("community_of", ids=[id], scope=scope)), None)
    return next((one for one in groups(ws, scope) if row and one.id == row["community"]), None)
