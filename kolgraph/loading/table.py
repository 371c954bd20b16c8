"""CSV as registers publish it: a stream of rows, columns found by the names in the header, only those that are allowed.

What is not on the caller's list of columns is dropped before anybody sees it: it reaches no noun, no stored row, no
message. Cells that are not UTF-8 are read as Windows-1252 and counted; a row of another length is one fault.
"""

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import count, islice
from pathlib import Path
from typing import IO

import msgspec

from kolgraph.errors import InputError
from kolgraph.loading import Page, Record, Reject
from kolgraph.loading.files import chunks, members

Cells = dict[str, str]  # column -> what it says; empty cells are left out


@dataclass(slots=True)
class Found:
    """What the rows of one page say."""

    records: list[Record] = field(default_factory=list)
    deleted: list[tuple[str, int]] = field(default_factory=list)
    aliases: list[tuple[str, str]] = field(default_factory=list)
    unknown: Counter[str] = field(default_factory=Counter)


Parse = Callable[[Cells, Found], None]


@dataclass(frozen=True, slots=True)
class Table:
    """A CSV at work: the allowed columns that it has, and its rows as (number from 1, cells, fault or "")."""

    name: str
    columns: tuple[str, ...]
    rows: Iterator[tuple[int, Cells, str]]


def table_pages(
    path: Path,
    member: Callable[[str], bool],
    allowed: Callable[[str], str],
    parser: Callable[[Table], Parse],
    cursor: str,
    size: int,
) -> Iterator[Page]:
    """Pages of a CSV, plain, gzip or (every `member` of) a zip, each seen to be whole before its first page.

    `allowed` gives our word for a column of the header, "" for one that is not read. `parser` looks at the columns that
    there are and gives what puts a row where it belongs; a row for which it raises InputError is rejected.
    Raises InputError for what is no such table, TruncatedError for what ends before its end.
    """
    first, row = map(int, cursor.split(" ")) if cursor else (0, 0)
    number, last = -1, None
    with members(path, ".csv") as files:
        for name, stream in files:
            if "/" in name and not member(name.rsplit("/", 1)[-1].lower()):
                continue
            number += 1
            if number < first:
                continue
            if last:
                yield replace(last, cursor=f"{number} 0")
            if "/" in name:
                for _ in chunks(stream, name):  # damage in a zip shows at the end of the member only
                    pass
                stream.seek(0)
            table = read_table(stream, name, allowed)
            for page in _pages(table, parser(table), row if number == first else 0, size):
                if page.cursor:
                    yield replace(page, cursor=f"{number} {page.cursor}")
                else:
                    last = page
    if last is None:
        raise InputError(f"{path.name} holds no table of this source")
    yield last


def read_table(stream: IO[bytes], name: str, allowed: Callable[[str], str]) -> Table:
    """The table in a stream. Raises InputError where nothing in the first line is allowed: then it is no header."""
    lines = csv.reader(io.TextIOWrapper(stream, "utf-8-sig", errors="surrogateescape", newline=""))
    try:
        header = [" ".join(cell.split()) for cell in next(lines, [])]
    except csv.Error as error:
        raise InputError(f"{name} is no CSV: {error}") from None
    picked = [(at, word) for at, cell in enumerate(header) if (word := allowed(cell))]
    if not picked:
        shown = ", ".join(header[:6]).encode("utf-8", "replace").decode()[:120]
        raise InputError(f"{name} has none of the columns that are looked for; its first line is: {shown or 'empty'}")
    return Table(name, tuple(word for _, word in picked), _rows(lines, picked, len(header)))


def _rows(lines: Iterator[list[str]], picked: list[tuple[int, str]], width: int) -> Iterator[tuple[int, Cells, str]]:
    for number in count(1):
        try:
            line = next(lines, None)
        except csv.Error as error:
            yield number, {}, f"not readable as CSV: {error}"
            continue
        if line is None:
            return
        if len(line) == width:
            yield number, {word: cell for at, word in picked if (cell := line[at].strip())}, ""
        elif line:  # a blank line is none
            yield number, {}, f"has {len(line):,} cells where the header has {width:,}: the file may be cut here"


def _pages(table: Table, parse: Parse, done: int, size: int) -> Iterator[Page]:
    rows = islice(table.rows, done, None)
    batch = list(islice(rows, size))
    if not batch and not done:
        raise InputError(f"{table.name} is a header without a single row")
    while True:
        following = list(islice(rows, size))
        found = Found()
        rejected: list[Reject] = []
        for number, cells, fault in batch:
            try:
                if fault:
                    raise InputError(fault)
                parse(_repaired(cells, found.unknown), found)
            except InputError as error:
                rejected.append(Reject(f"{table.name} row {number:,}", str(error), raw_of(cells)))
        done += len(batch)
        cursor = str(done) if following else ""
        yield Page(
            *(tuple(found.records), cursor, tuple(found.deleted), tuple(rejected), +found.unknown),
            aliases=tuple(found.aliases),
        )
        if not following:
            return
        batch = following


def _repaired(cells: Cells, unknown: Counter[str]) -> Cells:
    """The cells without the half characters that stand for bytes which are not UTF-8."""
    if all(map(str.isascii, cells.values())):
        return cells
    return {word: cell if cell.isascii() else _decoded(cell, unknown) for word, cell in cells.items()}


def _decoded(cell: str, unknown: Counter[str]) -> str:
    try:
        cell.encode()
    except UnicodeEncodeError:
        unknown["text: not UTF-8, read as Windows-1252"] += 1
        return cell.encode("utf-8", "surrogateescape").decode("cp1252", "replace")
    return cell


def raw_of(cells: Cells) -> bytes:
    """The row as it is kept: the allowed cells under the names of their columns."""
    return msgspec.json.encode({word: cell.encode("utf-8", "replace").decode() for word, cell in cells.items()})
