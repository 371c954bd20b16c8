"""ClinicalTrials.gov by query: the studies endpoint of its API v2, followed to the page without a next one."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import msgspec

from kolgraph.loading import Ask, Page
from kolgraph.loading.files import kind_of
from kolgraph.loading.http import Refused

if TYPE_CHECKING:
    from kolgraph.loading.http import Client

BASE = "https://clinicaltrials.gov/api/v2/"
PAGE = 500
RATE = 1.0  # requests a second; none is published, robots.txt says one
Read = Callable[[Iterable[tuple[str, bytes, str]]], Page]


class Answer(msgspec.Struct):
    studies: list[msgspec.Raw]
    nextPageToken: str = ""  # the API's own spelling
    totalCount: int | None = None


_ANSWER = msgspec.json.Decoder(Answer)


def query_pages(ask: Ask, client: "Client", cursor: str, read: Read) -> Iterator[Page]:
    """Pages in the order of the service; `cursor` is the token of the next page, and how many came before."""
    url = (ask.base_url or BASE).rstrip("/") + "/studies"
    # every page repeats every parameter: without them the service answers another question
    asked = {"query.term": ask.query, "countTotal": "true", "pageSize": str(PAGE), "sort": "@relevance"}
    if ask.since or ask.until:
        asked["filter.advanced"] = f"AREA[LastUpdatePostDate]RANGE[{ask.since or 'MIN'},{ask.until or 'MAX'}]"
    before, _, token = cursor.partition(" ")
    done = int(before or 0)
    stale = bool(token)  # it is from an earlier run
    total: int | None = None
    while True:
        try:
            body = client.ask(url, asked | ({"pageToken": token} if token else {}), _whole, rate=RATE)
        except Refused as refused:
            if not stale or refused.status != 400:
                raise
            # the token of an earlier run has expired: from the beginning, what is held already is only compared
            stale, token, done = False, "", 0
            continue
        stale = False
        answer = _ANSWER.decode(body)
        total = total if answer.totalCount is None else answer.totalCount
        left = len(answer.studies) if ask.limit is None else max(0, ask.limit - done)
        studies = answer.studies[:left]
        page = read((f"answer, study {done + number}", bytes(raw), "") for number, raw in enumerate(studies))
        done += len(studies)
        token = answer.nextPageToken if ask.limit is None or done < ask.limit else ""
        expected = total if total is None or ask.limit is None else min(total, ask.limit)
        # an empty page with a token is not the end
        yield replace(page, cursor=f"{done} {token}" if token else "", expected=expected)
        if not token:
            return


def _whole(body: bytes) -> str:
    try:
        _ANSWER.decode(body)
    except msgspec.DecodeError as error:
        return f"an answer that is no page of studies (it begins like {kind_of(body)}; {error})"
    return ""
