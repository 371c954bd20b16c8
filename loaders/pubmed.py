"""PubMed: citations of the biomedical literature, from NLM's bulk files or by query from the E-utilities."""

from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from kolgraph.loaders.pubmed_record import order, parse_record

from kolgraph.errors import InputError, UsageError
from kolgraph.ids import pmid_id
from kolgraph.loading import Ask, Loader, Page, Record, Reject
from kolgraph.loading.files import chunks, members
from kolgraph.loading.xml import Slice, check, parse, slices, text

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
        from kolgraph.loaders.pubmed_query import query_pages

        yield from query_pages(ask, client, cursor)
    else:
        raise UsageError("what to load from PubMed? Give a file or a query")


def read(cut: Iterator[tuple[str, Slice]]) -> Page:
    """The page that some slices of (name of the file, slice) make; what cannot be read is rejected one by one."""
    records: list[Record] = []
    rejected: list[Reject] = []
    deleted: list[tuple[str, int]] = []
    unknown: Counter[str] = Counter()
    for where, one in cut:
        try:
            if one.fault:
                raise InputError(one.fault)
            if one.tag in DELETIONS:
                deleted += _deletions(one.raw)
            else:
                records.append(parse_record(one.raw, unknown))
        except InputError as error:
            rejected.append(Reject(where, str(error), one.raw))
    return Page(tuple(records), "", tuple(deleted), tuple(rejected), +unknown)


def _file_pages(path: Path, limit: int | None, done: int) -> Iterator[Page]:
    expected = _check(path)
    expected = expected if limit is None else min(expected, limit)
    cut = islice(_slices(path), done, limit)
    batch = list(islice(cut, PAGE))
    while True:
        following = list(islice(cut, PAGE))
        done += len(batch)
        page = read(iter(batch))
        yield Page(page.records, str(done) if following else "", page.deleted, page.rejected, page.unknown, expected)
        if not following:
            return
        batch = following


def _check(path: Path) -> int:
    """The number of records in a file. Raises before anything is stored when the file is broken."""
    with members(path, ".xml") as files:
        found, broken = 0, 0
        for name, stream in files:
            try:
                found += check(chunks(stream, name), name, ROOT, RECORDS)
            except InputError:
                if "/" not in name:
                    raise
                broken += 1
        return found


def _slices(path: Path) -> Iterator[tuple[str, Slice]]:
    """Everything in a file one by one, with its place; a broken member of a zip is one fault."""
    with members(path, ".xml") as files:
        for name, stream in files:
            yield from ((name, one) for one in slices(chunks(stream, name), RECORDS + DELETIONS))


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
)
