"""ROR, the Research Organization Registry: institutions, from its dump (JSON of schema 2 or 1, gzip, or ROR's zip)."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

import msgspec

from kolgraph.errors import InputError, UsageError
from kolgraph.loading import Ask, Loader, Page, Record, Reject
from kolgraph.loading.files import members, whole
from kolgraph.loading.strict import decode

from .ror_match import matcher
from .ror_record import parse_organisation

if TYPE_CHECKING:
    from kolgraph.loading.http import Client

PAGE = 2000
_LIST = msgspec.json.Decoder(list[msgspec.Raw])


def pages(ask: Ask, client: "Client", cursor: str) -> Iterator[Page]:
    """Pages of a dump; the zip of ROR holds both schemas of the same data, of which the second is read."""
    if not ask.file:
        raise UsageError("ROR is loaded from its dump: give the file with --file (ror.readme.io/docs/data-dump)")
    listed = _organisations(ask)
    expected, done = len(listed), int(cursor or 0)
    while True:
        records: list[Record] = []
        rejected: list[Reject] = []
        unknown: Counter[str] = Counter()
        for number, raw in enumerate(islice(listed, done, done + PAGE), done):
            try:
                records.append(parse_organisation(bytes(raw), unknown))
            except InputError as error:
                rejected.append(Reject(f"{ask.file.name} organisation {number}", str(error), bytes(raw)))
        done += PAGE
        over = done >= expected
        yield Page(tuple(records), "" if over else str(done), (), tuple(rejected), +unknown, expected)
        if over:
            return


def _organisations(ask: Ask) -> list[msgspec.Raw]:
    assert ask.file
    with members(ask.file, ".json") as files:
        bodies = [(name, whole(stream, name)) for name, stream in files if _wanted(name)]
    name, body = max(bodies, key=lambda one: "schema_v2" in one[0] or "_v2" in one[0])
    listed = decode(_LIST, body, name)
    if listed and not re.search(rb'"id"\s*:\s*"https://ror.org/', bytes(listed[0])):
        raise InputError(f"{name} is a JSON list, but not of ROR organisations")
    return listed[: ask.limit]


def _wanted(name: str) -> bool:
    return not name.rsplit("/", 1)[-1].startswith(".")


LOADER = Loader(
    name="ror",
    title="Research Organization Registry",
    home="https://ror.org/",
    licence="CC0",
    yields=("institutions",),
    version="1",
    pages=pages,
    places=matcher,
)
