"""Files that list JSON records: cut into records, read in pages, one bad record never more than one reject."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import IO

import msgspec

from kolgraph.errors import InputError, TruncatedError
from kolgraph.loading import Page, Record, Reject
from kolgraph.loading.collector import collector_paused
from kolgraph.loading.files import members, whole

PAGE = 1000
Listed = tuple[str, bytes, str]  # place, bytes of a record, what is wrong with it or ""


@dataclass(slots=True)
class Draft:
    """A page in the making."""

    records: list[Record] = field(default_factory=list)
    rejected: list[Reject] = field(default_factory=list)
    unknown: Counter[str] = field(default_factory=Counter)
    aliases: list[tuple[str, str]] = field(default_factory=list)

    def page(self) -> Page:
        return Page(
            tuple(self.records), rejected=tuple(self.rejected), unknown=+self.unknown, aliases=tuple(self.aliases)
        )


Take = Callable[[bytes, Draft], None]  # reads one record into the draft; raises InputError


def read(listed: Iterable[Listed], take: Take) -> Page:
    """The page that some records make; what cannot be read is rejected one by one."""
    draft = Draft()
    with collector_paused():
        for where, raw, fault in listed:
            try:
                if fault:
                    raise InputError(fault)
                take(raw, draft)
            except InputError as error:
                draft.rejected.append(Reject(where, str(error), raw))
    return draft.page()


def file_pages(
    path: Path, take: Take, records: Callable[[bytes, str], Iterable[bytes]], done: int, limit: int | None
) -> Iterator[Page]:
    """Pages of a file; the cursor is the number of records done. `records` takes a JSON document apart.

    Raises InputError before the first page of a broken file; a broken one among many in a zip is one reject.
    """
    with members(path, "") as files:
        yield from paged(_listed(files, records), take, done, limit)


def paged(
    listed: Iterator[Listed], take: Take, done: int, limit: int | None, expected: int | None = None
) -> Iterator[Page]:
    """Pages of what is listed from the `done`th on; the cursor is the number of records done."""
    left = islice(listed, done, limit)
    batch = list(islice(left, PAGE))
    while True:
        following = list(islice(left, PAGE))
        done += len(batch)
        yield replace(read(batch, take), cursor=str(done) if following else "", expected=expected)
        if not following:
            return
        batch = following


def _listed(
    files: Iterator[tuple[str, IO[bytes]]], records: Callable[[bytes, str], Iterable[bytes]]
) -> Iterator[Listed]:
    for name, stream in files:
        if "/" in name and not name.lower().endswith((".json", ".jsonl")):
            continue  # of a zip: its folders and what explains them
        try:
            source = BytesIO(whole(stream, name)) if "/" in name else stream  # what a zip damages, shows here
            for where, document in documents(source, name):
                try:
                    found = list(records(document, where))
                except InputError as error:
                    if where == name:
                        raise
                    yield where, document, str(error)  # one line of many
                    continue
                yield from ((f"{where} record {number}", raw, "") for number, raw in enumerate(found))
        except InputError as error:
            if "/" not in name:
                raise
            yield name, b"", str(error)


def documents(stream: IO[bytes], name: str) -> Iterator[tuple[str, bytes]]:
    """Each JSON document of a file with its place: the lines of JSON Lines, else the whole file.

    Raises TruncatedError before the first document when the last line has no end.
    """
    whole_line, last = _complete(stream.readline()), b""
    for line in stream if whole_line else ():
        last = line if line.strip() else last
    if not last:
        stream.seek(0)
        yield name, whole(stream, name)
        return
    if not _complete(last):
        raise TruncatedError(f"{name} is cut: its last line has no end; fetch it again")
    stream.seek(0)
    for number, line in enumerate(stream, 1):
        if line.strip():
            yield f"{name} line {number}", line.strip()


def _complete(line: bytes) -> bool:
    try:
        msgspec.json.decode(line, type=msgspec.Raw)
    except (msgspec.DecodeError, RecursionError):
        return False
    return True
