"""PubMed by query: the E-utilities (https://www.ncbi.nlm.nih.gov/books/NBK25499/), walked by ranges of PMIDs.

A search serves its first 9,999 records only, hence the halving of PMID ranges until each fits: unlike ranges of dates,
they never overlap (a paper has an electronic and a printed date) and a single day is no special case. Records are then
fetched by their numbers, not through the history server: a number cannot expire, an answer is compared with what was
asked, and the highest PMID done is all that is needed to go on.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Any

from kolgraph.errors import SourceError, UsageError
from kolgraph.loading import Ask, Page, Reject
from kolgraph.loading.files import kind_of
from kolgraph.loading.xml import Slice, slices

if TYPE_CHECKING:
    from kolgraph.loading.http import Client

BASE = "https://eutils.ncbi.nlm.nih.gov/entrez/eutils/"
REACH = 9_999  # records of one search
FETCH = 400  # records of one answer, about 8 MB
TOP = 99_999_999  # no PMID is above
Read = Callable[[Iterable[tuple[str, Slice]]], Page]


def query_pages(ask: Ask, client: "Client", cursor: str, read: Read, records: tuple[bytes, ...]) -> Iterator[Page]:
    """Pages in order of PMID; `cursor` is the highest PMID done."""
    walk = _Walk(ask, client)
    total = walk.count(1, TOP)
    expected = total if ask.limit is None else min(total, ask.limit)
    wanted = walk.numbers(int(cursor or 0) + 1)
    if ask.limit is not None:
        wanted = islice(wanted, max(0, ask.limit - (walk.count(1, int(cursor)) if cursor else 0)))
    batch = list(islice(wanted, FETCH))
    while batch:
        following = list(islice(wanted, FETCH))
        page = _page(batch, walk, read, records)
        if not following and ask.limit is None:
            expected = walk.count(1, TOP)  # what the source counts now: it may have grown on the way
        yield replace(page, cursor=str(batch[-1]) if following else "", expected=expected)
        batch = following
    if not total:
        yield Page(expected=0)


class _Walk:
    """The requests of one query."""

    def __init__(self, ask: Ask, client: "Client"):
        self._client = client
        self._base = (ask.base_url or BASE).rstrip("/") + "/"
        self._rate = 10.0 if ask.api_key else 3.0  # NCBI's own limits
        self._common = {"db": "pubmed", "tool": "kolgraph"}
        self._common |= {"email": ask.contact} if ask.contact else {}
        self._common |= {"api_key": ask.api_key} if ask.api_key else {}
        self._query = ask.query
        self._dates: dict[str, str] = {}
        if ask.since or ask.until:
            first, last = (ask.since or "1500-01-01"), (ask.until or "3000-12-31")
            self._dates = {"datetype": "pdat", "mindate": first.replace("-", "/"), "maxdate": last.replace("-", "/")}

    def count(self, low: int, high: int) -> int:
        """How many records of the query have a PMID in this range."""
        return int(self._search(low, high, 0)["count"])

    def numbers(self, low: int) -> Iterator[int]:
        """All PMIDs of the query from `low` on, ascending."""
        ranges = [(low, TOP)]
        while ranges:
            low, high = ranges.pop()
            found = self._search(low, high, REACH)
            if int(found["count"]) > REACH:
                middle = (low + high) // 2
                ranges += [(middle + 1, high), (low, middle)]
                continue
            listed = sorted({int(number) for number in found["idlist"]})
            if len(listed) < int(found["count"]):
                raise SourceError(
                    f"PubMed lists {len(listed):,} of {found['count']} records: run the same command to go on"
                )
            yield from listed

    def fetch(self, numbers: Iterable[int]) -> bytes:
        """The XML of these records, as far as PubMed has them."""
        ids = ",".join(map(str, numbers))
        return self._post("efetch.fcgi", {"id": ids, "retmode": "xml"}, _whole_xml)

    def _search(self, low: int, high: int, most: int) -> dict[str, Any]:
        term = self._query if (low, high) == (1, TOP) else f"({self._query}) AND {low}:{high}[UID]"
        asked = {"term": term, "retmax": str(most), "retmode": "json", **self._dates}
        found: dict[str, Any] = _json(self._post("esearch.fcgi", asked, _whole_json))["esearchresult"]
        if problem := found.get("ERROR"):
            raise UsageError(f"PubMed does not understand the query: {self._client.scrub(str(problem))}")
        return found

    def _post(self, what: str, asked: dict[str, str], whole: Callable[[bytes], str]) -> bytes:
        # by POST: long lists of numbers fit, and the key is in no address that anybody logs
        return self._client.ask(self._base + what, self._common | asked, whole, rate=self._rate, post=True)


def _page(batch: list[int], walk: _Walk, read: Read, records: tuple[bytes, ...]) -> Page:
    """The records of these PMIDs; what a first answer leaves out is asked for once more, then rejected."""
    page = read(_cut(walk.fetch(batch), records))
    missing = sorted(set(batch) - _got(page))
    if missing and not page.rejected:
        again = read(_cut(walk.fetch(missing), records))
        unknown: Counter[str] = page.unknown + again.unknown
        page = Page((*page.records, *again.records), rejected=again.rejected, unknown=unknown)
        missing = sorted(set(batch) - _got(page))
    unaccounted = missing[len(page.rejected) :]
    lost = (Reject(f"pmid:{number}", "PubMed lists this record and does not deliver it") for number in unaccounted)
    return replace(page, rejected=(*page.rejected, *lost))


def _got(page: Page) -> set[int]:
    return {int(record.id.removeprefix("pmid:")) for record in page.records}


def _cut(body: bytes, records: tuple[bytes, ...]) -> Iterator[tuple[str, Slice]]:
    return (("answer of efetch", one) for one in slices([body], records))


def _json(body: bytes) -> dict[str, Any]:
    # an error message may hold a raw line break, which strict JSON forbids
    found: dict[str, Any] = json.loads(body, strict=False)
    return found


def _whole_json(body: bytes) -> str:
    try:
        found = _json(body)
    except ValueError:
        return f"an answer that is no JSON (it begins like {kind_of(body)})"
    if not isinstance(found, dict) or not isinstance(result := found.get("esearchresult"), dict):
        return f"an answer without a result: {' '.join(body[:120].decode('utf-8', 'replace').split())}"
    return "" if "count" in result or "ERROR" in result else "an answer without a count"


def _whole_xml(body: bytes) -> str:
    end = body.rstrip()
    if end.endswith((b"</PubmedArticleSet>", b"<PubmedArticleSet/>")) or b"Empty result - nothing to do" in body[:1000]:
        return ""
    if problem := re.search(rb"<ERROR>([^<]*)", body[:2000]):
        return f"an error: {problem[1].decode('utf-8', 'replace').strip()}"
    return (
        f"a cut answer of {len(body):,} bytes"
        if b"<PubmedArticleSet" in body[:2000]
        else f"{kind_of(body)} for records"
    )
