"""Files that leave the house: people as CSV, every export written into the ledger first (no entry, no file)."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

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


def people_csv(ws: Workspace, ids: Sequence[str], scope: str) -> str:
    """The people named, in that order, as CSV with a header; an empty cell is "not measured"."""
    people = {row["id"]: row for row in ws.store.read("people", ids=list(ids))}
    places = {row["id"]: row["community"] for row in ws.store.read("community_of", ids=list(ids), scope=scope)}
    names = {group.id: group.name for group in groups(ws, scope)}
    scores = {
        row["id"]: row for row in ws.store.read("scores_for", ids=list(ids), scope=scope) if row["score"] == "influence"
    }
    built = next(iter(ws.store.read("build")), {})
    tail = [scope_name(ws, scope), ws.landscape.title, str(built.get("builtAt") or "")[:10]]

    def cells(id: str) -> list[Any]:
        row, score = people[id], scores.get(id, {})
        return [
            row["name"], row["institutionName"], public_page(row["institution"] or ""), row["country"],
            names.get(places.get(id, ""), ""), score.get("value"), score.get("rank"), row["paperCount"],
            row["trialCount"], row["firstYear"], row["lastYear"], *tail,
        ]  # fmt: skip

    return table(PEOPLE, (cells(id) for id in ids if id in people))


def table(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """CSV (RFC 4180) whose text cells cannot start a formula in a spreadsheet (CWE-1236)."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([safe(cell) for cell in row] for row in rows)
    return out.getvalue()


def safe(cell: Any) -> Any:
    """Text that begins like a formula gets an apostrophe before it; the unknown is an empty cell."""
    if cell is None:
        return ""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r", "\n") else cell
