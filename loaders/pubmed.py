"""PubMed: citations of the biomedical literature, from NLM's bulk files or by query from the E-utilities.

The baseline of a year (`pubmed27n0001.xml.gz` ...) replaces that of the year before, file by file: what a file of the
new one does not hold, and no other, is closed when it is read. What came by updates of the old year and is in no new
baseline is closed by the first update of the new one. Files are taken for such by the folders in which NLM has them,
`baseline` and, beside it, `updatefiles`: their names are alike.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING

from kolgraph.errors import InputError, UsageError
from kolgraph.ids import pmid_id
from kolgraph.loading import Ask, Batch, Cut, Loader, Page, Record, Reject
from kolgraph.loading.collector import collector_paused
from kolgraph.loading.files import CHUNK, check_md5, chunks, members
from kolgraph.loading.pool import within
from kolgraph.loading.xml import Slice, check, parse, slices, text, watched

from .pubmed_query import plan, query_pages
from .pubmed_record import Shared, order, parse_record
from .pubmed_shape import unescape
from .pubmed_words import phrase, suggest

if TYPE_CHECKING:
    from kolgraph.loading.http import Client

PAGE = 500
ROOT = b"PubmedArticleSet"
RECORDS = (b"PubmedArticle", b"PubmedBookArticle")
DELETIONS = (b"DeleteCitation", b"DeleteDocument")
LEFT_OUT = "outside the topics: left in the file"
_BULK = re.compile(r"pubmed(\d\d)n(\d{4,})\.xml")
_TAG = re.compile("<[^>]*>")
_NO_WORDS = re.compile(
    r"</?(?:i|b|u|sup|sub)>|<QualifierName[^<]*</QualifierName>|<CopyrightInf[^<]*</CopyrightInf\w+>"
)


def pages(ask: Ask, client: "Client", cursor: str) -> Iterator[Page]:
    """Pages of a file, or of the answer to a query."""
    if ask.file:
        for batch in batches(ask, cursor):
            yield within(batch.around, read(batch.cut, batch.clean, batch.group))
    elif ask.query:
        yield from query_pages(ask, client, cursor, _read_answer, RECORDS)
    else:
        raise UsageError("what to load from PubMed? Give a file or a query")


def batches(ask: Ask, cursor: str) -> Iterator[Batch]:
    """A file cut into batches. `cursor` is how much of it is done and, behind a space, how much of that was left out.

    Raises InputError before the first one when the file is broken.
    """
    if ask.file is None:
        raise UsageError("what to load from PubMed? Give a file")
    check_md5(ask.file)
    group, replaced, edition = _edition(ask.file)
    if group and ask.keep:
        # a part replaces the same part of the year before, never the whole
        group, replaced = f"{group}, {ask.query}", f"{replaced}, {ask.query}"
    done, _, before = cursor.partition(" ")
    seen, left = int(done or 0), int(before or 0)
    counted: Counter[str] = Counter()
    controls: list[bool] = []
    with members(ask.file, ".xml") as files:
        gathered = _gathered(islice(_slices(files, counted, controls), seen, ask.limit), ask.keep)
        following: _Gathered | None = next(gathered)
        while following:
            cut, more, out = following
            following = next(gathered, None)
            seen, left = seen + more, left + out
            expected = counted.total() if ask.limit is None else min(counted.total(), ask.limit)
            around = Page(
                cursor=f"{seen} {left}".removesuffix(" 0") if following else "",
                unknown=+Counter({LEFT_OUT: out}),
                expected=expected - left,
                replaces=(replaced,) if replaced else (),
                mark=edition,
            )
            yield Batch(cut, around, not any(controls), group)


_Gathered = tuple[list[Cut], int, int]  # what to read, how much it was cut from, how much of that is left out


def _gathered(cut: Iterable[tuple[str, Slice]], keep: Callable[[str], bool] | None) -> Iterator[_Gathered]:
    """What makes a page, page by page; one at least, which may be empty."""
    wanted: list[Cut] = []
    seen = out = number = 0
    for where, one in cut:
        seen += 1
        if keep and one.tag in RECORDS and not one.fault and not keep(_subjects(one.raw)):
            out += 1
            continue
        wanted.append((where, *one))
        if len(wanted) == PAGE:
            yield wanted, seen, out
            wanted, seen, out, number = [], 0, 0, number + 1
    if seen or not number:
        yield wanted, seen, out


def _subjects(raw: bytes) -> str:
    """The words by which a record is about something, without parsing it: nearly all are left where they are."""
    stop = raw.find(b"</MedlineCitation>")
    behind = raw.rfind(b"</Article>", 0, max(stop, 0))
    if behind < 0 or b"<!" in raw:  # a book, or an odd one
        return unescape(_TAG.sub("\n", raw.decode(errors="replace")))
    parts = [
        _between(raw, b"<ArticleTitle", b"</ArticleTitle>", 0, behind),
        _between(raw, b"<Abstract>", b"</Abstract>", 0, behind),
        _between(raw, b"<MeshHeadingList>", b"</MeshHeadingList>", behind, stop),
        _between(raw, b"<KeywordList", b"</KeywordList>", behind, stop),
    ]
    if not parts[0].rpartition(b">")[2].strip():
        parts.append(_between(raw, b"<VernacularTitle", b"</VernacularTitle>", 0, behind))
    said = b"\n".join(parts).decode(errors="replace")
    return unescape(_TAG.sub("\n", _NO_WORDS.sub("", said)))


def _between(raw: bytes, opening: bytes, close: bytes, first: int, last: int) -> bytes:
    begin = raw.find(opening, first, last)
    return raw[begin : raw.rfind(close, begin, last)] if begin >= 0 else b""


def _edition(path: Path) -> tuple[str, str, str]:
    """The group of the records in a file, the group that it replaces, and its year; "" for files of no edition."""
    found = _BULK.match(path.name)
    folder = path.absolute().parent
    if not found:
        return "", "", ""
    year = 2000 + int(found[1])
    if folder.name == "baseline":
        return f"baseline {found[2]}", f"baseline {found[2]}", str(year)
    if folder.name == "updatefiles" and any(folder.with_name("baseline").glob(f"pubmed{found[1]}n*")):
        return f"updates {year}", f"updates {year - 1}", str(year)
    return "", "", ""


def read(cut: Iterable[Cut], clean: bool = False, group: str = "") -> Page:
    """The page that some slices make; what cannot be read is rejected one by one."""
    records: list[Record] = []
    rejected: list[Reject] = []
    deleted: list[tuple[str, int]] = []
    unknown: Counter[str] = Counter()
    shared: Shared = {}
    with collector_paused():
        for where, tag, raw, fault in cut:
            try:
                if fault:
                    raise InputError(fault)
                if tag in DELETIONS:
                    deleted += _deletions(raw)
                else:
                    records.append(parse_record(raw, unknown, shared, clean, group))
            except InputError as error:
                rejected.append(Reject(where, str(error), raw))
    return Page(tuple(records), "", tuple(deleted), tuple(rejected), +unknown)


def _read_answer(cut: Iterable[tuple[str, Slice]]) -> Page:
    return read([(where, *one) for where, one in cut])


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
    batches=batches,
    read=read,
    keeps=True,
    hosts=("eutils.ncbi.nlm.nih.gov",),
    phrase=phrase,
    plan=plan,
    suggest=suggest,
)
