"""ClinicalTrials.gov: registered studies, from files of the site or of the API, or by query from the API (v2)."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING

import msgspec

from kolgraph.errors import InputError, UsageError
from kolgraph.loading import Ask, Loader, Page, Record, Reject
from kolgraph.loading.files import members, whole
from kolgraph.loading.strict import decode

from .clinicaltrials_query import query_pages
from .clinicaltrials_record import parse_study

if TYPE_CHECKING:
    from kolgraph.loading.http import Client

PAGE = 500


class Envelope(msgspec.Struct):
    """A page of the API, or (without `studies`) a single study."""

    studies: list[msgspec.Raw] | None = None
    nextPageToken: str = ""  # the API's own spelling
    totalCount: int | None = None
    protocolSection: msgspec.Raw = msgspec.Raw()


_SHAPES = msgspec.json.Decoder(Envelope | list[msgspec.Raw])


def pages(ask: Ask, client: "Client", cursor: str) -> Iterator[Page]:
    """Pages of a file, or of the answer to a query."""
    if ask.file:
        yield from _file_pages(ask.file, ask.limit, int(cursor or 0))
    elif ask.query:
        yield from query_pages(ask, client, cursor, read)
    else:
        raise UsageError("what to load from ClinicalTrials.gov? Give a file or a query")


def studies(body: bytes, name: str) -> list[msgspec.Raw]:
    """The studies of a file in any of its three shapes: bare list, API page, one study. Raises InputError."""
    found = decode(_SHAPES, body, name)
    if isinstance(found, list):
        listed = found
    elif found.studies is not None:
        listed = found.studies
    elif found.protocolSection:
        return [msgspec.Raw(body)]
    else:
        raise InputError(f"{name} is JSON but no study of ClinicalTrials.gov: it has no protocolSection")
    if listed and b'"protocolSection"' not in bytes(listed[0]):
        raise InputError(f"{name} is a JSON list, but not of studies of ClinicalTrials.gov: no protocolSection")
    return listed


def read(listed: Iterable[tuple[str, bytes, str]]) -> Page:
    """The page that some (place, bytes of a study, fault or "") make; what cannot be read is rejected one by one."""
    records: list[Record] = []
    rejected: list[Reject] = []
    unknown: Counter[str] = Counter()
    for where, raw, fault in listed:
        try:
            if fault:
                raise InputError(fault)
            records.append(parse_study(raw, unknown))
        except InputError as error:
            rejected.append(Reject(where, str(error), raw))
    return Page(tuple(records), "", (), tuple(rejected), +unknown)


def _file_pages(path: Path, limit: int | None, done: int) -> Iterator[Page]:
    with members(path, ".json") as files:
        listed = islice(_listed(files), done, limit)
        batch = list(islice(listed, PAGE))
        while True:
            following = list(islice(listed, PAGE))
            done += len(batch)
            yield replace(read(batch), cursor=str(done) if following else "")
            if not following:
                return
            batch = following


def _listed(files: Iterator[tuple[str, IO[bytes]]]) -> Iterator[tuple[str, bytes, str]]:
    """Every study with its place; a broken file raises before its first one, among many in a zip it is one fault."""
    for name, stream in files:
        try:
            found = studies(whole(stream, name), name)
        except InputError as error:
            if "/" not in name:
                raise
            yield name, b"", str(error)
            continue
        yield from ((f"{name} study {number}", bytes(raw), "") for number, raw in enumerate(found))


LOADER = Loader(
    name="clinicaltrials",
    title="ClinicalTrials.gov",
    home="https://clinicaltrials.gov/",
    licence="public",
    yields=("trials",),
    version="1",
    pages=pages,
    hosts=("clinicaltrials.gov",),
)
