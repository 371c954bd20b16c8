"""NIH RePORTER: projects that the National Institutes of Health fund, from answers of its API or by query.

A row is one funded period of one project (a year, a subproject, a supplement): sum money by row, count grants by
`Grant.project`.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import msgspec

from kolgraph.errors import InputError, UsageError
from kolgraph.loading import Ask, Loader, Page, Record, Reject
from kolgraph.loading.files import members, whole
from kolgraph.loading.strict import decode

from .nihreporter_query import phrase, plan, query_pages
from .nihreporter_record import parse_project

if TYPE_CHECKING:
    from kolgraph.loading.http import Client

PAGE = 1000


class Meta(msgspec.Struct):
    total: int | None = None


class Envelope(msgspec.Struct):
    """An answer of the API."""

    results: list[msgspec.Raw] | None = None
    meta: Meta = msgspec.field(default_factory=Meta)


_SHAPES = msgspec.json.Decoder(Envelope | list[msgspec.Raw])


def pages(ask: Ask, client: "Client", cursor: str) -> Iterator[Page]:
    """Pages of a file, or of the answer to a query."""
    if ask.file:
        yield from _file_pages(ask, int(cursor or 0))
    elif ask.query:
        yield from query_pages(ask, client, cursor, read)
    else:
        raise UsageError("what to load from NIH RePORTER? Give a file or a query")


def read(listed: Iterable[tuple[str, bytes]]) -> Page:
    """The page that some (place, bytes of a row) make; what cannot be read is rejected one by one."""
    records: list[Record] = []
    rejected: list[Reject] = []
    for where, raw in listed:
        try:
            records.append(parse_project(raw))
        except InputError as error:
            rejected.append(Reject(where, str(error), raw))
    return Page(tuple(records), "", (), tuple(rejected), Counter())


def _file_pages(ask: Ask, done: int) -> Iterator[Page]:
    assert ask.file
    with members(ask.file, ".json") as files:
        name, stream = next(files)
        found = decode(_SHAPES, whole(stream, name), name)
    listed = found if isinstance(found, list) else found.results
    if listed is None or (listed and b'"project_num"' not in bytes(listed[0])):
        raise InputError(f"{name} is JSON, but no projects of NIH RePORTER: no project_num")
    listed = listed[: ask.limit]
    while True:
        page = read(
            (f"{name} project {number}", bytes(raw)) for number, raw in enumerate(listed[done : done + PAGE], done)
        )
        done += PAGE
        yield replace(page, cursor=str(done) if done < len(listed) else "", expected=len(listed))
        if done >= len(listed):
            return


LOADER = Loader(
    name="nihreporter",
    title="NIH RePORTER",
    home="https://reporter.nih.gov/",
    licence="public",
    yields=("grants",),
    version="1",
    pages=pages,
    hosts=("api.reporter.nih.gov",),
    phrase=phrase,
    plan=plan,
)
