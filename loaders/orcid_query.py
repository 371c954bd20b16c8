"""ORCID by iD, for those whose membership allows it: one `person` document for each iD of the query."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import msgspec

from kolgraph.errors import UsageError
from kolgraph.ids import orcid_id
from kolgraph.loading import Ask, Page, Plan
from kolgraph.loading.files import kind_of
from kolgraph.loading.http import Refused
from kolgraph.loading.listing import Listed, read

from .orcid_record import Document, take

if TYPE_CHECKING:
    from kolgraph.loading.http import Client

BASE = "https://pub.orcid.org/v3.0/"
PAGE = 50
RATE = 8.0  # requests a second; twelve are allowed
_ABSENT = frozenset((301, 404, 409, 410))  # merged, unknown, locked, deactivated: the body says why
_DOCUMENT = msgspec.json.Decoder(Document)


def query_pages(ask: Ask, client: "Client", cursor: str) -> Iterator[Page]:
    """Pages of the iDs in the order of the query; `cursor` is how many are done."""
    numbers, done = _numbers(ask.query)[: ask.limit], int(cursor or 0)
    while done < len(numbers):
        batch = numbers[done : done + PAGE]
        done += len(batch)
        page = read([_person(number, ask, client) for number in batch], take)
        yield replace(page, cursor=str(done) if done < len(numbers) else "", expected=len(numbers))


def plan(ask: Ask, client: "Client") -> Plan:
    """What the walk would bring; nothing is asked for it."""
    numbers = _numbers(ask.query)[: ask.limit]
    return Plan(len(numbers), len(numbers), len(numbers) / RATE, 0.0)


def _numbers(query: str) -> list[str]:
    said = [orcid_id(word) for word in re.split(r"[\s,|]+", query.strip())]
    if not all(said):
        raise UsageError("ORCID is asked by iD alone: give a query such as 0000-0002-1825-0097|0000-0001-5109-3700")
    return list(dict.fromkeys(said))


def _person(number: str, ask: Ask, client: "Client") -> Listed:
    url = f"{(ask.base_url or BASE).rstrip('/')}/{number}/person"
    headers = {"Authorization": f"Bearer {ask.api_key}", "Accept": "application/json"}
    try:
        body = client.ask(url, {}, _whole, rate=RATE, headers=headers)
    except Refused as refused:
        if refused.status not in _ABSENT:
            raise
        return f"orcid:{number}", b"", f"ORCID has no record to show ({refused.status}): {_why(refused.body)}"
    return f"orcid:{number}", body, ""


def _why(body: bytes) -> str:
    try:
        return _DOCUMENT.decode(body).developer_message or "it does not say why"
    except msgspec.DecodeError:
        return "it does not say why"


def _whole(body: bytes) -> str:
    try:
        found = _DOCUMENT.decode(body)
    except msgspec.ValidationError:
        return ""  # whole, and odd: what can be kept of it is kept
    except msgspec.DecodeError as error:
        return f"an answer that is no document of ORCID (it begins like {kind_of(body)}; {error})"
    return "" if found.path else f"an answer without a path: {found.developer_message or kind_of(body)}"
