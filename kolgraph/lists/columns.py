"""Which line is the header, which column is which field: from its name, else from what stands in it, or as told."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from kolgraph.errors import InputError, UsageError
from kolgraph.ids import npi_id, orcid_id
from kolgraph.lists.cells import country, day
from kolgraph.lists.fields import FIELDS, REQUIRED, TITLES, field_of, never
from kolgraph.lists.problem import ERROR, WARNING, Problem, shown
from kolgraph.lists.sheet import Line, Sheet
from kolgraph.lists.wish import Wish
from kolgraph.names import fold, is_person

_HEAD, _SAMPLE = 20, 220  # lines in which the header is looked for, lines that are looked at in all
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.\w+")
_AMBIGUOUS = ("last", "first", "name", "orcid", "npi")  # two such columns may be two people in a row


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the file: `field` is what it is read as, "" when it stays out, and `why` says so in words."""

    number: int  # from 1
    title: str
    field: str
    why: str
    samples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """How a sheet is read. `header` is the line of the header, 0 when there is none."""

    sheet: Sheet
    columns: tuple[Column, ...]
    header: int
    kind: str
    problems: tuple[Problem, ...]  # of the file as a whole

    def places(self) -> dict[str, int]:
        """Field -> index of its cell."""
        return {column.field: column.number - 1 for column in self.columns if column.field}


def read_columns(sheet: Sheet, wish: Wish) -> Reading:
    """Look at the first rows and decide. Raises UsageError for a mapping of columns or to fields that do not exist."""
    first = list(islice(sheet.rows(), _SAMPLE))
    if not first:
        raise InputError(f"{sheet.path.name} is empty: a list has a header and at least one row")
    at = _header(first, {fold(name) for name, _ in wish.columns if not name.startswith("#")})
    at = {"yes": max(at, 0), "no": -1}.get(wish.header, at)
    header = first[at] if at >= 0 else None
    body = first[at + 1 :]
    width = len(header.cells) if header else Counter(len(line.cells) for line in body).most_common(1)[0][0]
    titles = header.cells if header else [""] * width
    columns = [
        Column(i + 1, titles[i] or f"column {i + 1}", "", "", tuple(_samples(body, i)))
        for i in range(width)
        if titles[i] or any(i < len(line.cells) and line.cells[i] for line in body)
    ]
    told = _told(columns, wish.columns)
    problems = list(_before(first[: max(0, at)], sheet))
    if not header:
        todo = f"write a header such as {TITLES['last']}, {TITLES['first']}, {TITLES['institution']}"
        problems.append(Problem(1, "", WARNING, "no header", shown(" | ".join(first[0].cells)), todo))
    columns = [_named(column, told, header is not None) for column in columns]
    columns = _as_a_whole(columns, told, body)
    columns, more = _single(columns, told)
    kind = wish.kind or _kind({column.field for column in columns})
    problems += [*more, *_missing(columns, kind)]
    problems += [
        Problem(header.number if header else 0, one.title, WARNING, "column left out", shown(one.title), one.why)
        for one in columns
        if not one.field
    ]
    if not body:
        problems.append(Problem(0, "", ERROR, "no rows", "only a header", "put one person into each row below it"))
    return Reading(sheet, tuple(columns), header.number if header else 0, kind, tuple(problems))


def _header(first: list[Line], told: set[str]) -> int:
    """Index of the line that names most fields, or a told column; -1 when none does. The first line may be a title."""
    best, found = 0, -1
    for i, line in enumerate(first[:_HEAD]):
        if told & set(map(fold, line.cells)) - {""}:
            return i
        named = {name for cell in line.cells if (name := field_of(cell))}
        refused = sum(bool(never(cell)) for cell in line.cells if len(cell) < 40)
        value = len(named) * 2 + min(refused, 2)
        if named and value > best and (len(named) > 1 or i == 0 or len(line.cells) <= 2):
            best, found = value, i
    if found < 0 and first and _unlike_data(first):
        return 0
    return found


def _unlike_data(first: list[Line]) -> bool:
    """Whether the first line can only be a header: words where the lines below hold numbers, identifiers or dates."""
    head, body = first[0].cells, first[1:30]
    for i, cell in enumerate(head):
        below = [line.cells[i] for line in body if i < len(line.cells) and line.cells[i]]
        if below and cell and not _coded(cell) and sum(map(_coded, below)) > 0.8 * len(below):
            return True
    return False


def _coded(cell: str) -> bool:
    return bool(orcid_id(cell)) or cell.replace(".", "").isdigit() or bool(day(cell)[0])


def _before(lines: list[Line], sheet: Sheet) -> list[Problem]:
    found = [
        Problem(
            one.number, "", WARNING, "line above the header", shown(" | ".join(filter(None, one.cells))), "left out"
        )
        for one in lines
    ]
    found += [
        Problem(
            0, "", WARNING, "sheet left out", shown(name), "one sheet is one list: import it from a file of its own"
        )
        for name in sheet.unread
        if fold(name) != "help"
    ]
    if sheet.text and sheet.text.mixed:
        todo = "save the file as CSV UTF-8; the lines in question are named below"
        found.append(Problem(0, "", WARNING, "mixed encodings", "UTF-8 and Windows-1252", todo))
    return found


def _samples(body: list[Line], i: int) -> list[str]:
    found = dict.fromkeys(line.cells[i] for line in body if i < len(line.cells) and line.cells[i])
    return [shown(cell, 60) for cell in islice(found, 3)]


def _told(columns: list[Column], mapping: Sequence[tuple[str, str]]) -> dict[int, str]:
    """Column number -> field, as the wish says."""
    found: dict[int, str] = {}
    for name, field in mapping:
        same = [one for one in columns if name in (one.title, f"#{one.number}")]
        same = same or [one for one in columns if fold(one.title) == fold(name)]
        if not same:
            known = ", ".join(f"“{shown(one.title, 40)}”" for one in columns[:20])
            raise UsageError(f'no column is called "{name}": there are {known}')
        if field not in ("", *FIELDS):
            raise UsageError(f'there is no field "{field}": known are {", ".join(FIELDS)}')
        found[same[0].number] = field
    return found


def _named(column: Column, told: dict[int, str], header: bool) -> Column:
    """Forbidden columns first: no mapping brings them in."""
    refused = never(column.title) if header else ""
    if refused:
        return replace(column, why=refused)
    if column.number in told:
        return replace(column, field=told[column.number], why="as told" if told[column.number] else "left out as told")
    if column.samples and all(map(_MAIL.fullmatch, column.samples)):
        return replace(column, why=never("e-mail"))
    field = field_of(column.title) if header else ""
    return replace(column, field=field, why="by its name" if field else "no field of kolgraph has this name")


_PLACES = (
    "universi",
    "hospital",
    "klinik",
    "clinic",
    "institut",
    "medical cent",
    "charite",
    "hopital",
    "krankenhaus",
    "ospedal",
)
_VALUES: tuple[tuple[str, Callable[[str], bool], float], ...] = (
    ("orcid", lambda cell: bool(orcid_id(cell)), 0.6),
    ("npi", lambda cell: bool(npi_id(cell)), 0.6),
    ("date", lambda cell: bool(day(cell)[0]) and not cell.isdigit(), 0.8),
    ("country", lambda cell: bool(country(cell)), 0.8),
    ("institution", lambda cell: any(word in fold(cell) for word in _PLACES), 0.5),
    ("name", lambda cell: is_person(cell) and "," not in cell[:3], 0.8),
)


def _as_a_whole(columns: list[Column], told: dict[int, str], body: list[Line]) -> list[Column]:
    """What names leave open: fields by their values, and names that mean another thing beside others."""
    used = {column.field for column in columns}
    by_value = []
    for column in columns:
        free = not column.field and column.number not in told and column.why.startswith("no field")
        cells = [line.cells[column.number - 1] for line in body if len(line.cells) >= column.number]
        cells = [cell for cell in cells if cell]
        for field, fits, share in _VALUES if free and cells else ():
            names_known = field == "name" and used & {"last", "name"}
            if field not in used and not names_known and sum(map(fits, cells)) >= share * len(cells):
                column = replace(column, field=field, why="by what stands in it")
                used.add(field)
                break
        by_value.append(column)
    fields = {column.field for column in by_value}
    swap = {}
    if "first" in fields and "last" not in fields:  # "Name, Vorname", or "Nome" for all of it
        swap = {"name": "last"} if "name" in fields else {"first": "name"}
    return [
        replace(column, field=swap[column.field], why="beside the others")
        if column.field in swap and column.number not in told
        else column
        for column in by_value
    ]


def _single(columns: list[Column], told: dict[int, str]) -> tuple[list[Column], list[Problem]]:
    """One column a field: the first by its name, unless a told one claims it. Two that name people are an error."""
    owner: dict[str, Column] = {}
    problems = []
    for column in sorted(columns, key=lambda one: (one.number not in told, one.number)):
        if not column.field:
            continue
        if column.field not in owner:
            owner[column.field] = column
        elif column.number in told:
            raise UsageError(f"two columns are told to be {column.field}: {owner[column.field].title}, {column.title}")
        elif column.field in _AMBIGUOUS and owner[column.field].number not in told:
            both = f"{owner[column.field].title}, {column.title}"
            todo = f"is there more than one person in a row? Say which column to take: “{owner[column.field].title}”"
            problems.append(Problem(0, column.title, ERROR, "two columns for one field", shown(both), todo))
    kept = []
    for column in columns:
        mine = column.field and owner[column.field].number == column.number
        why = f"“{owner[column.field].title}” is read as this field" if column.field and not mine else column.why
        kept.append(column if mine or not column.field else replace(column, field="", why=why))
    return kept, problems


def _kind(fields: set[str]) -> str:
    if "by" in fields:
        return "nominations"
    if "event" in fields:
        return "events"
    return "affiliations" if {"institution", "date"} <= fields else "people"


def _missing(columns: list[Column], kind: str) -> list[Problem]:
    fields = {"name" if column.field == "last" else column.field for column in columns}
    titles = ", ".join(f"“{shown(column.title, 30)}”" for column in columns[:12])
    return [
        Problem(
            0,
            TITLES[field],
            ERROR,
            "missing column",
            f"there are {titles}",
            f"name the column: --column HEADER={field}",
        )
        for field in REQUIRED[kind]
        if field not in fields
    ]
