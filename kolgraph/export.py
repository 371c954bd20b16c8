"""Tables out of a workspace: CSV, Parquet or XLSX by the suffix of the file, and the plan as a calendar.

A file is whole or absent: it is written beside its place, synced and renamed. What a spreadsheet would take for a
formula is neutralised in text cells of CSV and XLSX; Parquet keeps every value as it is.
"""

import csv
import io
import math
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import IO, Any

import icalendar
import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

from kolgraph.engagements import readable
from kolgraph.errors import InputError, UsageError
from kolgraph.formulas import harmless
from kolgraph.frames import SCHEMAS, Row, batches, rows_of
from kolgraph.model import Engagement
from kolgraph.workspace import Workspace

XLSX_ROWS = 1_048_576
PLAN = ("due", "name", "objective", "question", "channel", "owner", "status", "held", "follow_up", "person")


def export(ws: Workspace, what: str, path: Path) -> int:
    """Write people, mentions, edges, scores or engagements to `path`; returns the number of rows.

    An entry in the ledger says that it was done, before the file is there. Raises UsageError for an unknown `what` or
    suffix, a missing folder, more rows than XLSX can hold.
    """
    if what not in SCHEMAS:
        raise UsageError(f'nothing called "{what}" to export: known are {", ".join(SCHEMAS)}')
    write = WRITERS.get(path.suffix.lower())
    if write is None:
        raise UsageError(f'"{path.name}" has no known ending: write {", ".join(WRITERS)}')
    if not path.parent.is_dir():
        raise UsageError(f"there is no folder {path.parent}: make it first")
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with temporary.open("wb") as file:
            rows = write(file, rows_of(ws, what), SCHEMAS[what])
            file.flush()
            os.fsync(file.fileno())
        ws.ledger.append("export.file", path.name, {"what": what, "rows": rows})
        temporary.replace(path)
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror or error}") from None
    finally:
        temporary.unlink(missing_ok=True)
    return rows


def csv_bytes(rows: Iterable[Row], columns: Sequence[str]) -> bytes:
    """A table for download, in UTF-8 with the mark by which Excel knows it."""
    file = io.BytesIO(b"\xef\xbb\xbf")
    file.seek(0, io.SEEK_END)
    _write_csv(file, rows, columns)
    return file.getvalue()


def xlsx_bytes(rows: Iterable[Row], columns: Sequence[str]) -> bytes:
    """A workbook for download: numbers are numbers, text is text. Raises UsageError for over a million rows."""
    file = io.BytesIO()
    _write_xlsx(file, rows, columns)
    return file.getvalue()


def plan_rows(engagements: Iterable[Engagement], names: Mapping[str, str]) -> list[dict[str, str]]:
    """The plan as a table with the columns of PLAN; `names` maps person ids to names. Notes of talks stay out."""
    return [{**{c: getattr(e, c) for c in PLAN if c != "name"}, "name": names.get(e.person, "")} for e in engagements]


def plan_ics(engagements: Iterable[Engagement], names: Mapping[str, str]) -> bytes:
    """The plan as a calendar (RFC 5545): due dates as whole days, objectives but no other notes.

    An engagement keeps its UID and counts its versions, so that the next import moves or strikes what this one made.
    """
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//kolgraph//plan//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for one in engagements:
        name = names.get(one.person, one.person)
        objective = f": {one.objective}" if one.objective else ""
        if one.due and one.status != "done":
            calendar.add_component(_day(one, f"{name}{objective}"))
    return bytes(calendar.to_ical())


def _day(one: Engagement, summary: str) -> icalendar.Event:
    event = icalendar.Event()
    event.add("uid", f"{one.id.replace(':', '-')}@kolgraph")
    event.add("sequence", one.version)
    event.add("dtstamp", datetime.now(UTC))
    event.add("dtstart", date.fromisoformat(one.due))
    event.add("dtend", date.fromisoformat(one.due) + timedelta(days=1))
    event.add("summary", " ".join(readable(summary).split()))
    event.add("status", "CANCELLED" if one.status == "cancelled" else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    return event


def _write_csv(file: IO[bytes], rows: Iterable[Row], columns: Iterable[str]) -> int:
    text = io.TextIOWrapper(file, "utf-8", errors="replace", newline="")
    out = csv.writer(text)  # RFC 4180: lines end in CR LF
    names = list(columns)
    out.writerow(names)
    count = 0
    for row in rows:
        out.writerow([_cell(row[name]) for name in names])
        count += 1
    text.flush()
    text.detach()
    return count


def _write_xlsx(file: IO[bytes], rows: Iterable[Row], columns: Iterable[str]) -> int:
    names = list(columns)
    # constant memory: a row leaves for the disk when the next one begins
    book = xlsxwriter.Workbook(file, {"constant_memory": True})
    sheet = book.add_worksheet("kolgraph")
    bold = book.add_format({"bold": True})
    for place, name in enumerate(names):
        sheet.write_string(0, place, name, bold)
    sheet.freeze_panes(1, 0)
    count = 0
    try:
        for row in rows:
            count += 1
            if count >= XLSX_ROWS:
                raise UsageError(f"more rows than the {XLSX_ROWS:,} of an XLSX sheet: write .csv or .parquet")
            for place, name in enumerate(names):
                value = _cell(row[name])
                if isinstance(value, bool):
                    sheet.write_boolean(count, place, value)
                elif isinstance(value, (int, float)):
                    sheet.write_number(count, place, value)
                elif value:
                    sheet.write_string(count, place, value)
    finally:
        book.close()
    return count


def _write_parquet(file: IO[bytes], rows: Iterable[Row], columns: Mapping[str, pa.DataType]) -> int:
    schema = pa.schema(list(columns.items()))
    count = 0
    with pq.ParquetWriter(file, schema, compression="zstd") as out:
        for batch in batches(rows, schema):
            out.write_batch(batch)
            count += len(batch)
    return count


def _cell(value: Any) -> str | int | float | bool:
    """A value for a spreadsheet: lists joined, what is not there empty, no text that would be run as a formula."""
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return ""
    if isinstance(value, (bool, int, float)):
        return value
    return harmless(";".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value))


WRITERS: dict[str, Callable[[IO[bytes], Iterable[Row], Any], int]] = {
    ".csv": _write_csv,
    ".parquet": _write_parquet,
    ".xlsx": _write_xlsx,
}
