"""Crossref: what publishers deposit for a DOI, to fill gaps: from files of its API or its yearly data, or by query.

A query is a list of DOIs (`doi:10.1000/a|10.1000/b`) or words of a bibliography.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import quote

import msgspec

from kolgraph.errors import UsageError
from kolgraph.ids import doi_id
from kolgraph.loading import Ask, Loader, Page, Plan
from kolgraph.loading.files import kind_of
from kolgraph.loading.http import Refused
from kolgraph.loading.listing import Listed, file_pages, read
from kolgraph.loading.strict import decode
from kolgraph.loading.walk import Answer, follow, not_understood

from .crossref_record import Named, take

if TYPE_CHECKING:
    from kolgraph.loading.http import Client

BASE = "https://api.crossref.org/"
PAGE = 200
BY_DOI = 40  # of one request: their list is part of an address


class Message(msgspec.Struct, rename="kebab"):
    items: list[msgspec.Raw] | None = None
    total_results: int = 0
    next_cursor: str = ""


class Found(msgspec.Struct):
    message: Message


class One(msgspec.Struct):
    message: msgspec.Raw


class Shape(msgspec.Struct):
    """An answer of the API, a file of the yearly data ({"items": [...]}), or one item."""

    message: msgspec.Raw = msgspec.Raw()
    items: list[msgspec.Raw] | None = None


_FOUND = msgspec.json.Decoder(Found)
_ONE = msgspec.json.Decoder(One)
_SHAPES = msgspec.json.Decoder(Shape | list[msgspec.Raw])
_NAMED = msgspec.json.Decoder(Named)


def pages(ask: Ask, client: "Client", cursor: str) -> Iterator[Page]:
    """Pages of a file, or of the answer to a query."""
    if ask.file:
        yield from file_pages(ask.file, take, works, int(cursor or 0), ask.limit)
    elif dois := _dois(ask.query):
        yield from _by_doi(dois[: ask.limit], ask, client, int(cursor or 0))
    elif ask.query:
        try:
            yield from follow(LOADER.title, ask, cursor, lambda token: _fetch(ask, client, token), take)
        except Refused as refused:
            raise not_understood(LOADER.title, refused) from None
    else:
        raise UsageError("what to load from Crossref? Give a file, words, or DOIs as doi:10.1000/a|10.1000/b")


def works(document: bytes, where: str) -> list[bytes]:
    """The items of a JSON document. Raises InputError."""
    found = decode(_SHAPES, document, where)
    if isinstance(found, list):
        return [bytes(raw) for raw in found]
    if found.message:
        return works(bytes(found.message), where)
    return [document] if found.items is None else [bytes(raw) for raw in found.items]


def plan(ask: Ask, client: "Client") -> Plan:
    """What the walk would bring, by one request for no record."""
    if dois := _dois(ask.query):
        requests = math.ceil(len(dois) / BY_DOI)
        return Plan(len(dois), requests, requests / _rate(ask), 0.0)
    url, asked = _list(ask)
    records = _FOUND.decode(client.ask(url, asked | {"rows": "0"}, _whole_list, rate=_rate(ask))).message.total_results
    records = records if ask.limit is None else min(records, ask.limit)
    requests = math.ceil(records / PAGE) + 1
    return Plan(records, requests, requests / _rate(ask) + requests, 0.0)


def _fetch(ask: Ask, client: "Client", token: str) -> Answer:
    url, asked = _list(ask)
    body = client.ask(url, asked | {"rows": str(PAGE), "cursor": token or "*"}, _whole_list, rate=_rate(ask))
    found = _FOUND.decode(body).message
    items = found.items or []
    # there is always a next cursor: a page without items is the end
    records = [(_NAMED.decode(raw).doi, bytes(raw)) for raw in items]
    day = client.date[:10]
    return Answer(found.total_results, records, found.next_cursor if items else "", day)


def _by_doi(dois: list[str], ask: Ask, client: "Client", done: int) -> Iterator[Page]:
    while done < len(dois):
        batch = dois[done : done + BY_DOI]
        listed = _asked(batch, ask, client)
        got = {_NAMED.decode(raw).doi.lower() for _, raw, _ in listed if raw}
        listed += [(f"doi:{doi}", b"", "Crossref does not have this DOI") for doi in batch if doi not in got]
        done += len(batch)
        yield replace(read(listed, take), cursor=str(done) if done < len(dois) else "", expected=len(dois))


def _asked(dois: list[str], ask: Ask, client: "Client") -> list[Listed]:
    """The items of these DOIs, as far as Crossref has them."""
    url = (ask.base_url or BASE).rstrip("/") + "/works"
    listed = [doi for doi in dois if "," not in doi]  # a comma parts what a filter asks
    found: list[Listed] = []
    if listed:
        asked = {"filter": ",".join(f"doi:{doi}" for doi in listed), "rows": str(len(listed)), **_polite(ask)}
        items = _FOUND.decode(client.ask(url, asked, _whole_list, rate=_rate(ask))).message.items or []
        found = [("answer of Crossref", bytes(raw), "") for raw in items]
    for doi in sorted(set(dois) - set(listed)):
        try:
            body = client.ask(f"{url}/{quote(doi, safe='')}", _polite(ask), _whole_one, rate=_rate(ask))
        except Refused as refused:
            if refused.status != 404:
                raise
        else:
            found.append((f"doi:{doi}", bytes(_ONE.decode(body).message), ""))
    return found


def _list(ask: Ask) -> tuple[str, dict[str, str]]:
    """The address of the list that is meant, and what is asked there."""
    dates = {"from-pub-date": ask.since, "until-pub-date": ask.until, "from-update-date": ask.changed}
    filters = ",".join(f"{name}:{value}" for name, value in dates.items() if value)
    asked = {"query.bibliographic": ask.query, **({"filter": filters} if filters else {}), **_polite(ask)}
    return (ask.base_url or BASE).rstrip("/") + "/works", asked


def _polite(ask: Ask) -> dict[str, str]:
    return {"mailto": ask.contact} if ask.contact else {}


def _rate(ask: Ask) -> float:
    """Requests a second: who leaves an address is served in the polite pool."""
    return 3.0 if ask.contact else 1.0


def _dois(query: str) -> list[str]:
    head, _, listed = query.strip().partition(":")
    said = [doi_id(word) for word in re.split(r"[|\s]+", listed)] if head.lower() == "doi" else []
    return list(dict.fromkeys(doi for doi in said if doi))


def _whole_list(body: bytes) -> str:
    try:
        found = _FOUND.decode(body)
    except msgspec.DecodeError as error:
        return f"an answer that is no list of Crossref (it begins like {kind_of(body)}; {error})"
    return "" if found.message.items is not None else "an answer without items"


def _whole_one(body: bytes) -> str:
    try:
        return "" if _NAMED.decode(_ONE.decode(body).message).doi else "an answer without a DOI"
    except msgspec.DecodeError as error:
        return f"an answer that is no work of Crossref (it begins like {kind_of(body)}; {error})"


LOADER = Loader(
    name="crossref",
    title="Crossref",
    home="https://www.crossref.org/",
    licence="metadata free of rights; abstracts may carry the publisher's copyright",
    yields=("publications",),
    version="1",
    pages=pages,
    hosts=("api.crossref.org",),
    plan=plan,
)
