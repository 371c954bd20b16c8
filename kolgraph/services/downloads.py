"""Files that leave Explore: people as CSV, every export written into the ledger first (no entry, no file)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from kolgraph.export import csv_bytes
from kolgraph.ids import public_page
from kolgraph.services.explore import groups, scope_name
from kolgraph.workspace import Workspace

PEOPLE = (
    "name", "institution", "institution_page", "country", "community", "influence", "rank", "papers", "trials",
    "first_year", "last_year", "scope", "landscape", "as_of",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Note:
    """What a file is named after: landscape, scope, date."""

    file: str  # without extension
    landscape: str
    date: str


def record(ws: Workspace, what: str, scope: str, rows: int, user: str) -> Note:
    """Write the export into the ledger and name its file. Raises UsageError for an unknown scope."""
    name, date = scope_name(ws, scope), datetime.now(UTC).date().isoformat()
    ws.ledger.append("export.file", scope, {"what": what, "rows": rows}, actor=user)
    words = "-".join(word for word in f"{ws.landscape.title} {name}".casefold().split() if word.isalnum())
    return Note(f"{words or 'kolgraph'}-{date}", ws.landscape.title, date)


def people_csv(ws: Workspace, ids: Sequence[str], scope: str) -> bytes:
    """The people named, in that order, as CSV with a header; an empty cell is "not measured"."""
    people = {row["id"]: row for row in ws.store.read("people", ids=list(ids))}
    places = {row["id"]: row["community"] for row in ws.store.read("community_of", ids=list(ids), scope=scope)}
    names = {group.id: group.name for group in groups(ws, scope)}
    scores = {
        row["id"]: row for row in ws.store.read("scores_for", ids=list(ids), scope=scope) if row["score"] == "influence"
    }
    built = next(iter(ws.store.read("build")), {})
    tail = (scope_name(ws, scope), ws.landscape.title, str(built.get("builtAt") or "")[:10])

    def row(id: str) -> dict[str, Any]:
        person, score = people[id], scores.get(id, {})
        cells = (
            person["name"], person["institutionName"], public_page(person["institution"] or ""), person["country"],
            names.get(places.get(id, ""), ""), score.get("value"), score.get("rank"), person["paperCount"],
            person["trialCount"], person["firstYear"], person["lastYear"], *tail,
        )  # fmt: skip
        return dict(zip(PEOPLE, cells, strict=True))

    return csv_bytes((row(id) for id in ids if id in people), PEOPLE)
