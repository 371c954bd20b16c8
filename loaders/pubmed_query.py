"""PubMed by query: the E-utilities (https://www.ncbi.nlm.nih.gov/books/NBK25499/), walked by ranges of PMIDs.

A search serves its first 9,999 records only, hence the halving of PMID ranges until each fits: unlike ranges of dates,
they never overlap (a paper has an electronic and a printed date) and a single day is no special case. Records are then
fetched by their numbers, not through the history server (WebEnv), which serves the same 9,999, clamps a page silently
and forgets: a number cannot expire, an answer is compared with what was asked, and the highest PMID done is all that is
needed to go on. What changes while we walk is for the next refresh: `mark` is the time at which the walk began.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any

from kolgraph.errors import SourceError
from kolgraph.loading import Ask, Page, Plan, Record, Reject
from kolgraph.loading.xml import Slice, slices

from .pubmed_answers import found_in, whole_records, whole_search

if TYPE_CHECKING:
    from kolgraph.loading.http import Client

BASE = "https://eutils.ncbi.nlm.nih.gov/entrez/eutils/"
REACH = 9_999  # records of one search
FETCH = 400  # records of one answer, about 8 MB
TOP = 99_999_999  # no PMID is above
ASKS = 3  # how often records that PubMed lists are asked for
Read = Callable[[Iterable[tuple[str, Slice]]], Page]


def query_pages(ask: Ask, client: "Client", cursor: str, read: Read, records: tuple[bytes, ...]) -> Iterator[Page]:
    """Pages in order of PMID; `cursor` is the highest PMID done."""
    walk = Walk(ask, client)
    total, note = walk.first()
    said = {} if cursor else {"mark": client.date, "note": note}
    expected = total if ask.limit is None else min(total, ask.limit)
    wanted = walk.numbers(int(cursor or 0) + 1)
    if ask.limit is not None:
        wanted = islice(wanted, max(0, ask.limit - (walk.count(1, int(cursor)) if cursor else 0)))
    batch = list(islice(wanted, FETCH))
    if not batch:  # nothing at all, or nothing any more behind the place where an earlier run stopped
        yield Page(expected=expected, **said)
    while batch:
        following = list(islice(wanted, FETCH))
        page = _page(batch, walk, read, records)
        if not following and ask.limit is None:
            expected = walk.count(1, TOP)  # what the source counts now: it may have grown on the way
        yield replace(page, cursor=str(batch[-1]) if following else "", expected=expected, **said)
        batch, said = following, {}


def plan(ask: Ask, client: "Client") -> Plan:
    """What the walk would take: one search counts it."""
    walk = Walk(ask, client)
    total, note = walk.first()
    records = total if ask.limit is None else min(total, ask.limit)
    # a range that is too large is halved, on average to three quarters of what fits
    searches = 1 if total <= REACH else round(2 * total / (0.75 * REACH))
    requests = 2 + searches + -(-records // FETCH)
    return Plan(records, requests, requests / walk.rate, note=note)


class Walk:
    """The requests of one query."""

    def __init__(self, ask: Ask, client: "Client"):
        self._client = client
        self._base = (ask.base_url or BASE).rstrip("/") + "/"
        self.rate = 10.0 if ask.api_key else 3.0  # NCBI's own limits
        self._common = {"db": "pubmed", "tool": "kolgraph"}
        self._common |= {"email": ask.contact} if ask.contact else {}
        self._common |= {"api_key": ask.api_key} if ask.api_key else {}
        self._query = ask.query
        self._dates: dict[str, str] = {}
        dated = (ask.since or "1500-01-01").replace("-", "/"), (ask.until or "3000-12-31").replace("-", "/")
        if ask.changed:
            # NCBI counts in days of its own time zone: the day before is asked for once more
            first = date.fromisoformat(ask.changed[:10]) - timedelta(days=1)
            self._dates = {"datetype": "mdat", "mindate": f"{first:%Y/%m/%d}", "maxdate": "3000/12/31"}
            if ask.since or ask.until:  # a search takes one pair of dates, the other one goes into the term
                self._query = f"({ask.query}) AND {dated[0]}:{dated[1]}[pdat]"
        elif ask.since or ask.until:
            self._dates = {"datetype": "pdat", "mindate": dated[0], "maxdate": dated[1]}

    def first(self) -> tuple[int, str]:
        """How many records the query has, and what PubMed says about its words."""
        found = self._search(1, TOP, 0)
        lost = [word for kind in ("errorlist", "warninglist") for word in _not_found(found.get(kind))]
        note = f"PubMed does not find {', '.join(dict.fromkeys(lost))}" if lost else ""
        return int(found["count"]), self._client.scrub(note)

    def count(self, low: int, high: int) -> int:
        """How many records of the query have a PMID in this range."""
        return int(self._search(low, high, 0)["count"])

    def translation(self, said: str) -> str:
        """What PubMed makes of words without a field."""
        asked = {"term": said, "retmax": "0", "retmode": "json"}
        found = found_in(self.post("esearch.fcgi", asked, whole_search), self._client)
        return str(found.get("querytranslation", ""))

    def numbers(self, low: int) -> Iterator[int]:
        """All PMIDs of the query from `low` on, ascending."""
        ranges = [(low, TOP)]
        while ranges:
            low, high = ranges.pop()
            found = self._search(low, high, REACH)
            count = int(found["count"])
            if count > high - low + 1:
                raise SourceError(f"PubMed counts {count:,} records in {high - low + 1:,} numbers: run the same again")
            if count > REACH:
                middle = (low + high) // 2
                ranges += [(middle + 1, high), (low, middle)]
                continue
            listed = sorted({int(number) for number in found.get("idlist", ())})
            if len(listed) != count:
                raise SourceError(f"PubMed lists {len(listed):,} of {count:,} records: run the same command to go on")
            yield from listed

    def fetch(self, numbers: Iterable[int]) -> bytes:
        """The XML of these records, as far as PubMed has them."""
        ids = ",".join(map(str, numbers))
        return self.post("efetch.fcgi", {"id": ids, "retmode": "xml"}, whole_records)

    def _search(self, low: int, high: int, most: int) -> dict[str, Any]:
        term = self._query if (low, high) == (1, TOP) else f"({self._query}) AND {low}:{high}[UID]"
        asked = {"term": term, "retmax": str(most), "retmode": "json", **self._dates}
        return found_in(self.post("esearch.fcgi", asked, whole_search), self._client)

    def post(self, what: str, asked: dict[str, str], whole: Callable[[bytes], str]) -> bytes:
        """An answer. By POST: long lists of numbers fit, and the key is in no address that anybody logs."""
        return self._client.ask(self._base + what, self._common | asked, whole, rate=self.rate, post=True)


def _not_found(said: Any) -> list[str]:
    kinds = ("phrasesnotfound", "quotedphrasesnotfound", "fieldsnotfound")
    listed = [said.get(kind) for kind in kinds] if isinstance(said, dict) else []
    return [str(word)[:80] for words in listed if isinstance(words, list) for word in words[:5]]


def _page(batch: list[int], walk: Walk, read: Read, records: tuple[bytes, ...]) -> Page:
    """The records of these PMIDs; what an answer leaves out is asked for again, and in the end rejected.

    Raises SourceError where nothing comes at all: then it is the service that is out of order, not a record.
    """
    page, missing = Page(), batch
    for _ in range(ASKS):
        more, lacking = read(_cut(walk.fetch(missing), records)), set(missing)
        came = [record for record in more.records if _number(record) in lacking]
        unknown: Counter[str] = page.unknown + more.unknown
        # what was rejected before was asked for again
        page = Page((*page.records, *came), rejected=more.rejected, unknown=unknown)
        missing = sorted(set(batch) - set(map(_number, page.records)))
        if len(missing) <= len(page.rejected):
            return page
    if not page.records and not page.rejected and len(batch) > 1:
        raise SourceError(f"PubMed lists {len(batch):,} records and delivers none: run the same command later to go on")
    unaccounted = missing[len(page.rejected) :]
    lost = (Reject(f"pmid:{number}", "PubMed lists this record and does not deliver it") for number in unaccounted)
    return replace(page, rejected=(*page.rejected, *lost))


def _number(record: Record) -> int:
    return int(record.id.removeprefix("pmid:"))


def _cut(body: bytes, records: tuple[bytes, ...]) -> Iterator[tuple[str, Slice]]:
    return (("answer of efetch", one) for one in slices([body], records))
