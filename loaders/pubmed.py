"""PubMed: citations of the biomedical literature, from NLM's bulk files or by query from the E-utilities."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING

from kolgraph.errors import InputError, UsageError
from kolgraph.ids import pmid_id
from kolgraph.loading import Ask, Loader, Page, Record, Reject
from kolgraph.loading.collector import collector_paused
from kolgraph.loading.files import CHUNK, chunks, members
from kolgraph.loading.xml import Slice, check, parse, slices, text, watched

from .pubmed_query import plan, query_pages
from .pubmed_record import Shared, order, parse_record
from .pubmed_words import phrase, suggest

if TYPE_CHECKING:
    from kolgraph.loading.http import Client

PAGE = 1000
ROOT = b"PubmedArticleSet"
RECORDS = (b"PubmedArticle", b"PubmedBookArticle")
DELETIONS = (b"DeleteCitation", b"DeleteDocument")


def pages(ask: Ask, client: "Client", cursor: str) -> Iterator[Page]:
    """Pages of a file, or of the answer to a query."""
    if ask.file:
        yield from _file_pages(ask.file, ask.limit, int(cursor or 0))
    elif ask.query:
        yield from query_pages(ask, client, cursor, read, RECORDS)
    else:
        raise UsageError("what to load from PubMed? Give a file or a query")


def read(cut: Iterable[tuple[str, Slice]], controls: list[bool] | None = None) -> Page:
    """The page that some (place, slice) make; what cannot be read is rejected one by one.

    `controls` is what `xml.watched` says of the files that the slices come from.
    """
    clean = controls is not None and not any(controls)
    records: list[Record] = []
    rejected: list[Reject] = []
    deleted: list[tuple[str, int]] = []
    unknown: Counter[str] = Counter()
    shared: Shared = {}
    with collector_paused():
        for where, one in cut:
            try:
                if one.fault:
                    raise InputError(one.fault)
                if one.tag in DELETIONS:
                    deleted += _deletions(one.raw)
                else:
                    records.append(parse_record(one.raw, unknown, shared, clean))
            except InputError as error:
                rejected.append(Reject(where, str(error), one.raw))
    return Page(tuple(records), "", tuple(deleted), tuple(rejected), +unknown)


def _file_pages(path: Path, limit: int | None, done: int) -> Iterator[Page]:
    counted: Counter[str] = Counter()
    controls: list[bool] = []
    with members(path, ".xml") as files:
        cut = islice(_slices(files, counted, controls), done, limit)
        batch = list(islice(cut, PAGE))
        while True:
            following = list(islice(cut, PAGE))
            done += len(batch)
            expected = counted.total() if limit is None else min(counted.total(), limit)
            yield replace(read(batch, controls), cursor=str(done) if following else "", expected=expected)
            if not following:
                return
            batch = following


def _slices(
    files: Iterator[tuple[str, IO[bytes]]], counted: Counter[str], controls: list[bool]
) -> Iterator[tuple[str, Slice]]:
    """Everything in the files one by one, with its place; `counted` gets the number of records of each.

    Raises InputError before the first slice of a broken file; a broken one among many in a zip is one fault.
    """
    for name, stream in files:
        try:
            counted[name] = check(watched(chunks(stream, name), controls), name, ROOT, RECORDS)
        except InputError as error:
            if "/" not in name:
                raise
            stream.seek(0)
            yield name, Slice(b"", stream.read(CHUNK), str(error))
            continue
        stream.seek(0)
        for number, one in enumerate(slices(chunks(stream, name), RECORDS + DELETIONS)):
            yield f"{name} record {number}", one


def _deletions(raw: bytes) -> Iterator[tuple[str, int]]:
    for number in parse(raw):
        if pmid := pmid_id(text(number)):
            # a deletion takes every revision of that version with it
            yield f"pmid:{pmid}", order(int(number.get("Version") or 1), "9999-99-99")


LOADER = Loader(
    name="pubmed",
    title="PubMed",
    home="https://pubmed.ncbi.nlm.nih.gov/",
    licence="public; abstracts may carry the publisher's copyright",
    yields=("publications",),
    version="1",
    pages=pages,
    hosts=("eutils.ncbi.nlm.nih.gov",),
    phrase=phrase,
    plan=plan,
    suggest=suggest,
)
