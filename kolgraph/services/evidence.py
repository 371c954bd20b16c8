"""What stands behind a dot and a line: the parts of a score, shared papers and trials, their sources."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import sqrt
from typing import Any

from kolgraph.errors import UsageError
from kolgraph.ids import public_page
from kolgraph.model import COUNTED_KINDS
from kolgraph.score import blend
from kolgraph.services.confidence import Confidence, confidences, of
from kolgraph.services.explore import groups, scope_name, stages
from kolgraph.services.sources import Source, label, places_said, sources
from kolgraph.services.watch import is_watched
from kolgraph.store import Row
from kolgraph.workspace import Workspace

CLOSEST = 8
BEHIND = 6  # records shown under a score; the profile has them all
CROWD = 100  # a paper with more authors counts for its authors but makes no ties


@dataclass(frozen=True, slots=True)
class Record:
    """A paper or trial as evidence: where anyone can read it, which source said so and when it was fetched."""

    id: str
    kind: str  # paper, trial
    title: str
    year: int | None
    detail: str  # journal; or phase and status
    part: str  # what the person did, or both persons
    page: str = ""
    label: str = ""  # "PMID 38012345"
    source: str = ""
    fetched: str = ""
    note: str = ""
    sources: tuple[Source, ...] = ()  # every record that tells of it, the leading one first


@dataclass(frozen=True, slots=True)
class Part:
    """A raw measure under a dimension; None = not measured."""

    id: str
    title: str
    about: str
    unit: str
    value: float | None
    rank: int | None
    total: int


@dataclass(frozen=True, slots=True)
class Dimension:
    """One side of influence: percentile, share of the weight measured, points it adds; these sum to influence."""

    id: str
    title: str
    about: str
    weight: float
    percentile: float | None
    share: float | None
    points: float | None
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Close:
    """A strong tie: how many papers and trials two people share; None = no tie of that kind among the strongest."""

    id: str
    name: str
    place: str
    papers: int
    trials: int
    weight: float
    identity: Confidence | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """A person in a scope, for the inspector. None = not measured, never zero."""

    id: str
    name: str
    place: str
    where: str
    identity: Confidence
    community: str
    slot: int
    stage: str
    scope: str
    scope_name: str
    influence: float | None
    rank: int | None
    ranked: int
    dimensions: tuple[Dimension, ...]
    papers: int
    trials: int
    coauthors: int
    coinvestigators: int
    years: tuple[tuple[int, int], ...]
    closest: tuple[Close, ...]
    behind: tuple[Record, ...]
    as_of: str
    place_sources: tuple[Source, ...]
    watched: bool


@dataclass(frozen=True, slots=True)
class Receipt:
    """Why a line is drawn between two people."""

    a: str
    b: str
    names: tuple[str, str]
    identities: tuple[Confidence, Confidence]
    papers: tuple[Record, ...]
    trials: tuple[Record, ...]
    institutions: tuple[tuple[str, str, str, tuple[Source, ...]], ...]  # name, what is known, public page, who says so


def inspect(ws: Workspace, person: str, scope: str = "all") -> Card:
    """Who this is in this scope. Raises UsageError for an id the graph does not hold."""
    name = scope_name(ws, scope)
    row = _person(ws, person)
    scores = {r["score"]: r for r in ws.store.read("scores_of", id=person) if r["scope"] == scope}
    influence = scores.get("influence", {})
    papers, trials = ws.store.read("papers_of", id=person), ws.store.read("trials_of", id=person)
    count = next(iter(ws.store.read("tie_counts", ids=[person])), {})
    place = next(iter(ws.store.read("community_of", ids=[person], scope=scope)), {})
    group = next((g for g in groups(ws, scope) if g.id == place.get("community")), None)
    papers = [r for r in papers if r["kind"] in COUNTED_KINDS]
    inside = [r for r in papers if scope == "all" or scope in (r["topics"] or ())]
    return Card(
        id=row["id"],
        name=row["name"],
        place=row["institutionName"] or "",
        where=", ".join(row[part] for part in ("city", "country") if row[part]),
        identity=of(row),
        community=group.name if group else "",
        slot=group.slot if group else -1,
        stage=stages(ws).get(person, "none"),
        scope=scope,
        scope_name=name,
        influence=influence.get("value"),
        rank=influence.get("rank"),
        ranked=influence.get("total") or 0,
        dimensions=dimensions(ws, scores, {}),
        papers=row["paperCount"] or 0,
        trials=row["trialCount"] or 0,
        coauthors=count.get("coauthors", 0),
        coinvestigators=count.get("coinvestigators", 0),
        years=per_year(inside),
        closest=closest_ties(ws, person),
        behind=_behind(ws, inside, [t for t in trials if scope == "all" or scope in (t["topics"] or ())]),
        as_of=_built(ws),
        place_sources=places_said(ws, person).get(row["institution"] or "", ()),
        watched=is_watched(ws, person),
    )


def receipt(ws: Workspace, a: str, b: str) -> Receipt:
    """The papers, trials and institutions that two people share, apart. Raises UsageError for unknown people."""
    ends = (_person(ws, a), _person(ws, b))
    papers = [_shared_paper(row) for row in ws.store.read("shared_papers", a=a, b=b)]
    trials = [_shared_trial(row) for row in ws.store.read("shared_trials", a=a, b=b)]
    shared = ws.store.read("shared_institutions", a=a, b=b)
    said = places_said(ws, a, b)
    places = tuple(
        (
            row["name"],
            _both_there(row["isCurrentA"], row["isCurrentB"]),
            public_page(row["id"]),
            said.get(row["id"], ()),
        )
        for row in shared
    )
    records = sourced(ws, [*papers, *trials])
    names, sure = (ends[0]["name"], ends[1]["name"]), (of(ends[0]), of(ends[1]))
    return Receipt(a, b, names, sure, records[: len(papers)], records[len(papers) :], places)


def _person(ws: Workspace, person: str) -> dict[str, Any]:
    rows = ws.store.read("person", id=person)
    if not rows:
        raise UsageError("this person is not in the landscape: it may have been rebuilt since; search again")
    return rows[0]


def dimensions(ws: Workspace, scores: Mapping[str, Row], about: Mapping[str, Row]) -> tuple[Dimension, ...]:
    """Every dimension with what it adds; and the measures behind it, of those that `about` describes."""
    lens = blend.lens(ws.landscape.weights)
    whole = sum(one.weight for one in lens if one.id in scores)
    return tuple(_dimension(one, scores, about, whole) for one in lens)


def _dimension(one: blend.Dimension, scores: Mapping[str, Row], about: Mapping[str, Row], whole: float) -> Dimension:
    percentile = scores[one.id]["value"] if one.id in scores else None
    share = None if percentile is None or not whole else one.weight / whole
    points = None if percentile is None or share is None else share * percentile
    parts = tuple(_part(id, scores.get(id), about[id]) for id in one.parts if id in about)
    return Dimension(one.id, one.title, one.about, one.weight, percentile, share, points, parts)


def _part(id: str, row: Row | None, about: Row) -> Part:
    value, rank, total = (row["value"], row["rank"], row["total"]) if row else (None, None, 0)
    return Part(id, about["title"], about["description"], about["unit"] or "", value, rank, total)


def closest_ties(ws: Workspace, person: str) -> tuple[Close, ...]:
    found: dict[str, Close] = {}
    for field, question in (("papers", "coauthors"), ("trials", "coinvestigators")):
        for row in ws.store.read(question, id=person, top=10 * CLOSEST):
            known = found.get(row["id"]) or Close(row["id"], row["name"], row["institutionName"] or "", 0, 0, 0.0)
            change: dict[str, Any] = {field: row["count"], "weight": known.weight + row["weight"]}
            found[row["id"]] = replace(known, **change)
    strongest = sorted(found.values(), key=lambda tie: (-tie.weight, tie.id))[:CLOSEST]
    sure = confidences(ws, (tie.id for tie in strongest))
    return tuple(replace(tie, identity=sure.get(tie.id)) for tie in strongest)


def _behind(ws: Workspace, papers: list[dict[str, Any]], trials: list[dict[str, Any]]) -> tuple[Record, ...]:
    """The papers with most evidence for the person (place among the authors, age) and the latest trials."""
    latest = max((row["year"] for row in papers if row["year"]), default=0)
    papers = sorted(papers, key=lambda row: (-_evidence(row, latest), row["id"]))[:BEHIND]
    trials = sorted(trials, key=lambda row: (-(row["startYear"] or 0), row["id"]))[: BEHIND // 2]
    return sourced(
        ws,
        [
            *(paper_record(row, position_words(row["position"], row["authorCount"])) for row in papers),
            *(trial_record(row, ROLES.get(row["role"], row["role"])) for row in trials),
        ],
    )


def _evidence(row: dict[str, Any], latest: int) -> float:
    count = row["authorCount"] or 1
    leads = row["isCorresponding"] or row["position"] in (0, count - 1)
    return float((1 if leads else 1 / sqrt(count)) * 2 ** (-(latest - (row["year"] or latest - 20)) / 5))


def per_year(papers: Sequence[dict[str, Any]]) -> tuple[tuple[int, int], ...]:
    found = Counter(row["year"] for row in papers if row["year"])
    return tuple((year, found[year]) for year in range(min(found), max(found) + 1)) if found else ()


def paper_record(row: dict[str, Any], part: str) -> Record:
    note = ""
    if row["kind"] not in COUNTED_KINDS:
        note = f"{row['kind']}: counts for nobody"
    elif (row["authorCount"] or 0) > CROWD:
        note = f"{row['authorCount']:,} authors: too many for a tie"
    kind = "" if row["kind"] == "article" else row["kind"]
    detail = " · ".join(text for text in (row["journal"], kind) if text)
    return Record(
        row["id"],
        "paper",
        row["title"],
        row["year"],
        detail,
        part,
        public_page(row["id"]),
        label(row["id"]),
        note=note,
    )


def trial_record(row: dict[str, Any], part: str) -> Record:
    detail = " · ".join(text for text in (_phase(row["phase"]), row["status"]) if text)
    return Record(
        row["id"], "trial", row["title"], row["startYear"], detail, part, public_page(row["id"]), label(row["id"])
    )


def _shared_paper(row: dict[str, Any]) -> Record:
    count = row["authorCount"]
    return paper_record(
        row,
        f"{position_words(row['positionA'], count)} and {position_words(row['positionB'], count)}, {count:,} authors",
    )


def _shared_trial(row: dict[str, Any]) -> Record:
    roles = [ROLES.get(row[role], row[role]) for role in ("roleA", "roleB")]
    return trial_record(row, f"{roles[0]} and {roles[1]}" if roles[0] != roles[1] else f"both {roles[0]}")


ROLES = {
    "principal": "principal investigator",
    "sub": "sub-investigator",
    "chair": "study chair",
    "director": "study director",
    "contact": "contact",
    "": "investigator",
}


def position_words(position: int | None, count: int | None) -> str:
    if position is None:
        return "author"
    if position == 0:
        return "first author"
    return "last author" if count and position == count - 1 else f"author {position + 1}"


def _phase(phase: str) -> str:
    return f"phase {phase}".replace("phase early1", "early phase 1") if phase else ""


def _both_there(a: bool, b: bool) -> str:
    return "both now" if a and b else "one now, one earlier" if a or b else "both earlier"


def sourced(ws: Workspace, records: Sequence[Record]) -> tuple[Record, ...]:
    """The records with where each comes from."""
    known = sources(ws, (record.id for record in records))
    return tuple(
        replace(record, source=said[0].title, fetched=said[0].fetched[:10], sources=said)
        if (said := known.get(record.id))
        else record
        for record in records
    )


def _built(ws: Workspace) -> str:
    rows = ws.store.read("build")
    return str(rows[0]["builtAt"] or "")[:10] if rows else ""
