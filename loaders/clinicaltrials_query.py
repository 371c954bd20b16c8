"""ClinicalTrials.gov by query: the studies endpoint of its API v2, followed to the page without a next one.

Studies come by the day of their first posting, which never changes: a study that is added or revised meanwhile moves no
other one over the edge of a page. That all came is known by number: the runner counts every study once, and what the
registry counts is asked for again at the end. What is revised on the way is for the next refresh, by the registry's own
time at which the walk began.
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
    """Pages in the order of first posting; `cursor` is how many studies came before, and the token of the next page."""
    registry = _Registry(ask, client)
    before, _, token = cursor.partition(" ")
    done, anew, empty = int(before or 0), 0, 0
    mark = "" if cursor else registry.time()
    total: int | None = None
    while True:
        try:
            answer = registry.studies(PAGE, token)
        except Refused as refused:
            if refused.status != 400 or not token or anew == ANEW:
                raise
            # an expired token: from the beginning, what is held already is only compared
            anew, token, done, mark = anew + 1, "", 0, registry.time()
            continue
        total = total if answer.totalCount is None else answer.totalCount
        left = len(answer.studies) if ask.limit is None else max(0, ask.limit - done)
        studies = [bytes(raw) for raw in answer.studies[:left]]
        page = read(((f"answer, study {done + number}", raw, "") for number, raw in enumerate(studies)), take)
        done += len(studies)
        # an empty page with a token is not the end, but there is an end to patience
        empty = 0 if studies else empty + 1
        token = answer.nextPageToken if ask.limit is None or done < ask.limit else ""
        if empty > EMPTY or (total is not None and done > 2 * total + PAGE):
            raise SourceError("ClinicalTrials.gov sends pages without end: run the same command later to go on")
        if not token and ask.limit is None and done > PAGE:
            total = registry.count()  # it may have grown on the way
        expected = total if total is None or ask.limit is None else min(total, ask.limit)
        yield replace(page, cursor=f"{done} {token}" if token else "", expected=expected, mark=mark)
        if not token:
            return
        mark = ""


def plan(ask: Ask, client: "Client") -> Plan:
    """What the walk would take: one small page counts it."""
    total = _Registry(ask, client).count()
    records = total if ask.limit is None else min(total, ask.limit)
    requests = 1 + max(1, -(-records // PAGE)) + (records > PAGE)
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

    def count(self) -> int:
        """How many studies the query has."""
        if (total := self.studies(1).totalCount) is None:
            raise SourceError("ClinicalTrials.gov does not say how many studies there are: run the same command later")
        return total

    def time(self) -> str:
        """The time of the data, by the registry's own clock."""
        try:
            body = self._client.ask(self._base + "version", {}, _whole_version, rate=RATE)
        except Refused:  # a mirror need not have it; the answer has a date
            return self._client.date
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
