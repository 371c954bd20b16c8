"""ClinicalTrials.gov by query: the studies endpoint of its API v2, followed to the page without a next one.

Studies come by the day of their first posting, which never changes: a study that is added or revised meanwhile moves no
other one over the edge of a page. That all came is known by number, for the runner counts every study once, and by the
registry's own time of its data: where that or the count is another one at the end, the walk says that it is incomplete.
What is revised later is for a refresh, from that time on.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import msgspec

from kolgraph.errors import SourceError
from kolgraph.geo import country_names
from kolgraph.loading import Ask, Page, Plan, Wanted
from kolgraph.loading.files import kind_of
from kolgraph.loading.http import Refused
from kolgraph.loading.listing import Take, read

if TYPE_CHECKING:
    from kolgraph.loading.http import Client

BASE = "https://clinicaltrials.gov/api/v2/"
PAGE = 500
RATE = 1.0  # requests a second; none is published, robots.txt says one
ANEW = 3  # times that a run begins anew because its token has expired
EMPTY = 20  # pages without a study that may follow each other


class Answer(msgspec.Struct):
    studies: list[msgspec.Raw]
    nextPageToken: str = ""  # the API's own spelling, here and below
    totalCount: int | None = None


class Version(msgspec.Struct):
    dataTimestamp: str


_ANSWER = msgspec.json.Decoder(Answer)
_VERSION = msgspec.json.Decoder(Version)


def query_pages(ask: Ask, client: "Client", cursor: str, take: Take) -> Iterator[Page]:
    """Pages in the order of first posting. `cursor`: how many studies came, were counted, of which data, next token."""
    registry = _Registry(ask, client)
    anew, empty = 0, 0
    done, total, data, token = _resumed(cursor) if cursor else (0, -1, registry.data(), "")
    while True:
        try:
            answer = registry.studies(PAGE, token)
        except Refused as refused:
            if refused.status != 400 or not token or anew == ANEW:
                raise
            # an expired token: from the beginning, what is held already is only compared
            anew, (done, total, data, token) = anew + 1, (0, -1, registry.data(), "")
            continue
        mark = "" if token else data or client.date
        total = total if answer.totalCount is None else answer.totalCount
        left = len(answer.studies) if ask.limit is None else max(0, ask.limit - done)
        studies = [bytes(raw) for raw in answer.studies[:left]]
        page = read(((f"answer, study {done + number}", raw, "") for number, raw in enumerate(studies)), take)
        done += len(studies)
        # an empty page with a token is not the end, but there is an end to patience
        empty = 0 if studies else empty + 1
        token = answer.nextPageToken if ask.limit is None or done < ask.limit else ""
        if empty > EMPTY or done > 2 * max(total, 0) + PAGE:
            raise SourceError("ClinicalTrials.gov sends pages without end: run the same command later to go on")
        missing = "" if token or ask.limit is not None or done <= PAGE else registry.renewed(total, data)
        yield replace(
            page,
            cursor=f"{done} {total} {data or '-'} {token}" if token else "",
            expected=None if total < 0 else total if ask.limit is None else min(total, ask.limit),
            mark=mark,
            missing=missing,
        )
        if not token:
            return


def _resumed(cursor: str) -> tuple[int, int, str, str]:
    done, total, data, token = cursor.split(" ", 3)
    return int(done), int(total), data.strip("-"), token


def plan(ask: Ask, client: "Client") -> Plan:
    """What the walk would take: one small page counts it."""
    if (total := _Registry(ask, client).studies(1).totalCount) is None:
        return Plan(None)
    records = total if ask.limit is None else min(total, ask.limit)
    requests = 1 + max(1, -(-records // PAGE)) + 2 * (records > PAGE)
    return Plan(records, requests, requests / RATE)


def phrase(wanted: Wanted) -> str:
    """An expression for `query.term`: any of the terms or headings as a condition, in any of the countries."""
    words = [said for one in (*wanted.terms, *wanted.mesh) if (said := _quoted(one))]
    said = [f"AREA[ConditionSearch]({' OR '.join(dict.fromkeys(words))})"]
    if wanted.countries:
        names = [_quoted(name) for code in wanted.countries for name in country_names(code)]
        said.append(f"AREA[LocationCountry]({' OR '.join(names)})")
    return " AND ".join(said)


class _Registry:
    """The requests of one query."""

    def __init__(self, ask: Ask, client: "Client"):
        self._client = client
        self._base = (ask.base_url or BASE).rstrip("/") + "/"
        # every page repeats every parameter: without them the service answers another question
        self._asked = {"query.term": ask.query, "sort": "StudyFirstPostDate:asc"}
        filters = []
        if ask.since or ask.until:
            filters.append(f"AREA[StartDate]RANGE[{ask.since or 'MIN'},{ask.until or 'MAX'}]")
        if ask.changed:  # the registry's days are of its own time zone: the day before is asked for once more
            first = date.fromisoformat(ask.changed[:10]) - timedelta(days=1)
            filters.append(f"AREA[LastUpdatePostDate]RANGE[{first},MAX]")
        if filters:
            self._asked["filter.advanced"] = " AND ".join(filters)

    def studies(self, size: int, token: str = "") -> Answer:
        """A page; only the first one counts."""
        asked = self._asked | {"pageSize": str(size), "countTotal": "true"} | ({"pageToken": token} if token else {})
        return _ANSWER.decode(self._client.ask(self._base + "studies", asked, _whole, rate=RATE))

    def renewed(self, total: int, data: str) -> str:
        """What is to be said when other data are served now than when the walk began, "" when they are the same."""
        now = self.studies(1).totalCount or 0
        if total >= 0 and now != total:
            return f"the registry counted {total:,} studies at first and {now:,} in the end: run the same command again"
        if self.data() != data:
            return "the registry was renewed while it was read: run the same command again"
        return ""

    def data(self) -> str:
        """The time of the data, by the registry's own clock; "" where it does not say."""
        try:
            body = self._client.ask(self._base + "version", {}, _whole_version, rate=RATE)
        except Refused as refused:
            if refused.status != 404:
                raise
            return ""  # a mirror need not have it
        return _VERSION.decode(body).dataTimestamp


def _quoted(said: str) -> str:
    plain = " ".join(re.sub(r'["()\[\]*]', " ", said).split())
    return f'"{plain}"' if plain else ""


def _whole(body: bytes) -> str:
    return _fault(_ANSWER, body, "page of studies")


def _whole_version(body: bytes) -> str:
    return _fault(_VERSION, body, "version")


def _fault(decoder: "msgspec.json.Decoder[Answer] | msgspec.json.Decoder[Version]", body: bytes, what: str) -> str:
    try:
        decoder.decode(body)
    except msgspec.DecodeError as error:
        return f"an answer that is no {what} (it begins like {kind_of(body)}; {error})"
    return ""
