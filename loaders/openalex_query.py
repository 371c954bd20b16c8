"""OpenAlex by query: lists walked by cursor to its end, single entities by id, within the day's budget.

Every list costs money (https://developers.openalex.org/api-reference/authentication): a key buys $1 a day, filled up
at midnight UTC. 429 means that the purse is empty, and waiting a minute does not help: the walk stops and says until
when. 403 means too fast. Entities by id are free; 301 tells that one was merged into another.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING

import msgspec

from kolgraph.errors import InputError, SourceError, UsageError
from kolgraph.loading import Ask, Page, Plan, Wanted
from kolgraph.loading.files import kind_of
from kolgraph.loading.http import Refused, Whole
from kolgraph.loading.listing import Listed, read
from kolgraph.loading.walk import Answer, follow

from .openalex_record import Entity, entity_id, take

if TYPE_CHECKING:
    from kolgraph.loading.http import Client

BASE = "https://api.openalex.org/"
PAGE = 100
RATE = 10.0  # requests a second, a tenth of what is allowed
BY_ID = 50  # entities of one page
HOPS = 3  # merges of merges
AGAIN = frozenset((403, 408, 425, 500, 502, 503, 504))
SEARCH_USD, LIST_USD = 0.001, 0.0001  # a request, where the answer does not tell
_FILTER = re.compile(r"[a-z_.]+:")
_PATHS = {"W": "works", "A": "authors"}


class Meta(msgspec.Struct):
    count: int
    next_cursor: str | None = None


class Found(msgspec.Struct):
    meta: Meta
    results: list[msgspec.Raw]


_LIST = msgspec.json.Decoder(Found)
_ENTITY = msgspec.json.Decoder(Entity)


def phrase(wanted: Wanted) -> str:
    """A filter over titles and abstracts; OpenAlex has no headings of its own, so these are searched as words."""
    # in a filter, commas and pipes part what is asked: inside a phrase they mean nothing
    words = dict.fromkeys(" ".join(re.sub(r'[",|:!]', " ", term).split()) for term in (*wanted.terms, *wanted.mesh))
    said = " OR ".join(f'"{word}"' for word in words if word)
    countries = f",authorships.countries:{'|'.join(wanted.countries)}" if wanted.countries else ""
    return f"title_and_abstract.search:({said}){countries}"


def plan(ask: Ask, client: "Client") -> Plan:
    """What the walk would bring and cost, by one request for one record."""
    if ids := _ids(ask.query):
        return Plan(len(ids), len(ids), len(ids) / RATE, 0.0, "entities by id are free")
    url, asked = _list(ask)
    try:
        answer = _LIST.decode(_ask(client, url, asked | {"per_page": "1"}))
    except Refused as refused:
        raise _not_understood(client, refused) from None
    records = answer.meta.count if ask.limit is None else min(answer.meta.count, ask.limit)
    requests = max(1, math.ceil(records / PAGE))
    each = _usd(client, "cost")
    usd = requests * (each if each is not None else SEARCH_USD if "search" in repr(asked) else LIST_USD)
    left = _usd(client, "remaining")
    note = "" if left is None else f"${left:.2f} of today's budget left"
    if left is not None and usd > left:
        note += f": the load stops when it is spent and goes on after {_refill(client)}"
    return Plan(records, requests, requests * 0.6, usd, note)


def query_pages(ask: Ask, client: "Client", cursor: str) -> Iterator[Page]:
    """Pages of a list, or (a query of ids: `W2741809807 A5053777031`) of single entities."""
    if ids := _ids(ask.query):
        yield from _by_id(ids[: ask.limit], ask, client, int(cursor or 0))
    else:
        yield from _walk(ask, client, cursor)


def _walk(ask: Ask, client: "Client", cursor: str) -> Iterator[Page]:
    def fetch(token: str) -> Answer:
        url, asked = _list(ask)
        found = _LIST.decode(_ask(client, url, asked | {"per_page": str(PAGE), "cursor": token or "*"}))
        records = [(_ENTITY.decode(raw).id, bytes(raw)) for raw in found.results]
        day = client.date[:10]
        return Answer(found.meta.count, records, found.meta.next_cursor or "", day, _budget(client))

    try:
        yield from follow("OpenAlex", ask, cursor, fetch, take)
    except Refused as refused:
        if not ask.changed or refused.status not in (400, 401, 402):
            raise _not_understood(client, refused) from None
        # what has changed is told to paying users alone: everybody else asks for everything again
        yield from _walk(replace(ask, changed=""), client, cursor)


def _by_id(ids: list[str], ask: Ask, client: "Client", done: int) -> Iterator[Page]:
    left = iter(ids[done:])
    while batch := list(islice(left, BY_ID)):
        aliases: list[tuple[str, str]] = []
        listed = [_entity(number, ask, client, aliases) for number in batch]
        done += len(batch)
        page = read(listed, take)
        cursor = "" if done >= len(ids) else str(done)
        yield replace(page, cursor=cursor, expected=len(ids), aliases=(*page.aliases, *aliases), note=_budget(client))


def _entity(number: str, ask: Ask, client: "Client", aliases: list[tuple[str, str]]) -> Listed:
    """One entity by its id; where it was merged, the one it means now."""
    asked = {"api_key": ask.api_key} if ask.api_key else {}
    now = number
    for _ in range(HOPS):
        url = f"{(ask.base_url or BASE).rstrip('/')}/{_PATHS[now[0]]}/{now}"
        try:
            body = _ask(client, url, asked, _whole_entity)
        except Refused as refused:
            if refused.status == 404:
                return f"openalex:{number}", b"", f"OpenAlex has no {now}"
            moved = entity_id(client.headers.get("location", "").split("?")[0].rsplit("/", 1)[-1])
            if refused.status != 301 or moved[:1] != now[:1]:
                raise
            aliases.append((f"openalex:{now}", f"openalex:{moved}"))
            now = moved
        else:
            return f"openalex:{number}", body, ""
    return f"openalex:{number}", b"", f"OpenAlex sends us from {number} on and on, at last to {now}"


def _list(ask: Ask) -> tuple[str, dict[str, str]]:
    """The address of the list that is meant, and what is asked there."""
    said = ask.query.strip()
    filters = [said] if _FILTER.match(said) else []
    dates = {"from_publication_date": ask.since, "to_publication_date": ask.until, "from_updated_date": ask.changed}
    filters += [f"{name}:{value}" for name, value in dates.items() if value]
    asked = {"search": said} if not _FILTER.match(said) else {}
    asked |= {"filter": ",".join(filters)} if filters else {}
    asked |= {"api_key": ask.api_key} if ask.api_key else {}
    return (ask.base_url or BASE).rstrip("/") + "/works", asked


def _ids(query: str) -> list[str]:
    said = [entity_id(word) for word in re.split(r"[\s,|]+", query.strip())]
    return list(dict.fromkeys(said)) if said and all(number[:1] in _PATHS for number in said) else []


def _ask(client: "Client", url: str, asked: dict[str, str], whole: Whole | None = None) -> bytes:
    """The body of an answer. Raises SourceError with the time of the next filling when the purse is empty."""
    try:
        return client.ask(url, asked, whole or _whole_list, rate=RATE, again=AGAIN)
    except Refused as refused:
        if refused.status == 429:
            raise SourceError(
                f"OpenAlex: the budget of today is spent; it is filled up at {_refill(client)}:"
                " run the same command then, it goes on from here"
            ) from None
        raise


def _not_understood(client: "Client", refused: Refused) -> Exception:
    """What a refusal of a list means: a 400 is about the query, and its JSON says why."""
    if refused.status != 400:
        return refused
    try:
        said = msgspec.json.decode(refused.body, type=dict[str, str | None])
        why = ": ".join(part for part in (said.get("error"), said.get("message")) if part)
    except msgspec.DecodeError:
        why = kind_of(refused.body)
    return UsageError(f"OpenAlex does not understand the query: {client.scrub(why)[:300]}")


def _usd(client: "Client", what: str) -> float | None:
    try:
        return float(client.headers[f"x-ratelimit-{what}-usd"])
    except (KeyError, ValueError):
        return None


def _budget(client: "Client") -> str:
    left = _usd(client, "remaining")
    return "" if left is None else f"${left:.2f} of today's budget of OpenAlex left"


def _refill(client: "Client") -> str:
    """When the purse is filled up: as the answer says, else at midnight UTC."""
    now = datetime.fromisoformat(client.date) if client.date else datetime.now(UTC)
    try:
        at = now + timedelta(seconds=min(float(client.headers["x-ratelimit-reset"]), 7 * 86400.0))
    except (KeyError, ValueError):
        at = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0)
    return at.strftime("%Y-%m-%d %H:%M UTC")


def _whole_list(body: bytes) -> str:
    try:
        _LIST.decode(body)
    except (msgspec.DecodeError, InputError) as error:
        return f"an answer that is no page of OpenAlex (it begins like {kind_of(body)}; {error})"
    return ""


def _whole_entity(body: bytes) -> str:
    try:
        return "" if entity_id(_ENTITY.decode(body).id) else "an answer without an entity"
    except msgspec.DecodeError as error:
        return f"an answer that is no entity of OpenAlex (it begins like {kind_of(body)}; {error})"
