"""Europe PMC: the road to papers without a PMID (preprints, theses, agricola), from files or by query from its API.

Its answers come in three forms: `core` says everything, `lite` names authors in one string only (the record is taken
as incomplete), `idlist` says nothing but ids and is refused.
"""

import math
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from kolgraph.errors import InputError, UsageError
from kolgraph.geo import country_names
from kolgraph.loading import Ask, Loader, Page, Plan, Wanted
from kolgraph.loading.files import kind_of
from kolgraph.loading.http import Refused
from kolgraph.loading.listing import file_pages
from kolgraph.loading.strict import decode
from kolgraph.loading.walk import Answer, follow, not_understood

from .europepmc_record import take

if TYPE_CHECKING:
    from kolgraph.loading.http import Client

BASE = "https://www.ebi.ac.uk/europepmc/webservices/rest/"
PAGE = 500
RATE = 3.0  # requests a second; none is published


class Results(msgspec.Struct):
    result: list[msgspec.Raw] = []


class Found(msgspec.Struct, rename="camel"):
    hit_count: int
    result_list: Results
    next_cursor_mark: str = ""


class Shape(msgspec.Struct):
    """A page of the API, or (without `resultList`) one record."""

    resultList: Results | None = None  # the API's own spelling
    id: str = ""


_FOUND = msgspec.json.Decoder(Found)
_SHAPES = msgspec.json.Decoder(Shape | list[msgspec.Raw])
_ID = msgspec.json.Decoder(Shape)


def pages(ask: Ask, client: "Client", cursor: str) -> Iterator[Page]:
    """Pages of a file, or of the answer to a query."""
    if ask.file:
        yield from file_pages(ask.file, take, results, int(cursor or 0), ask.limit)
    elif ask.query:
        try:
            yield from follow(LOADER.title, ask, cursor, lambda token: _fetch(ask, client, token, PAGE), take)
        except Refused as refused:
            raise not_understood(LOADER.title, refused) from None
    else:
        raise UsageError("what to load from Europe PMC? Give a file or a query")


def results(document: bytes, where: str) -> list[bytes]:
    """The records of a JSON document: a page of the API, a bare list, or one. Raises InputError."""
    found = decode(_SHAPES, document, where)
    if isinstance(found, list):
        return [bytes(raw) for raw in found]
    if found.resultList is None:
        return [document]
    listed = [bytes(raw) for raw in found.resultList.result]
    if listed and b'"title"' not in listed[0] and re.search(rb'"resultType"\s*:\s*"idlist"', document):
        raise InputError(f"{where} lists ids alone (resultType=idlist): ask for resultType=core")
    return listed


def phrase(wanted: Wanted) -> str:
    """Titles, abstracts and keywords, of records that PubMed does not have."""
    words = dict.fromkeys(" ".join(term.replace('"', " ").split()) for term in (*wanted.terms, *wanted.mesh))
    said = " OR ".join(f'TITLE_ABS:"{word}" OR KW:"{word}"' for word in words if word)
    names = [name for code in wanted.countries for name in country_names(code)]
    countries = " OR ".join(f'AFF:"{name}"' for name in names)
    return f"({said})" + (f" AND ({countries})" if countries else "") + " NOT SRC:MED"


def plan(ask: Ask, client: "Client") -> Plan:
    """What the walk would bring, by one request for one record."""
    records = _fetch(ask, client, "", 1).total
    records = records if ask.limit is None else min(records, ask.limit)
    requests = max(1, math.ceil(records / PAGE))
    return Plan(records, requests, requests * 3.0, 0.0)


def _fetch(ask: Ask, client: "Client", token: str, size: int) -> Answer:
    url = (ask.base_url or BASE).rstrip("/") + "/search"
    query = f"({ask.query})" if ask.since or ask.until or ask.changed else ask.query
    if ask.since or ask.until:
        query += f" AND FIRST_PDATE:[{ask.since or '1500-01-01'} TO {ask.until or '3000-12-31'}]"
    if ask.changed:
        query += f" AND UPDATE_DATE:[{ask.changed} TO 3000-12-31]"
    asked = {"query": query, "resultType": "core", "format": "json", "pageSize": str(size), "cursorMark": token or "*"}
    asked |= {"email": ask.contact} if ask.contact else {}
    found = _FOUND.decode(client.ask(url, asked, _whole, rate=RATE))
    records = [(_ID.decode(raw).id, bytes(raw)) for raw in found.result_list.result]
    following = "" if found.next_cursor_mark == (token or "*") else found.next_cursor_mark
    return Answer(found.hit_count, records, following, client.date[:10])


def _whole(body: bytes) -> str:
    try:
        _FOUND.decode(body)
    except msgspec.DecodeError as error:
        return f"an answer that is no page of Europe PMC (it begins like {kind_of(body)}; {error})"
    return ""


LOADER = Loader(
    name="europepmc",
    title="Europe PMC",
    home="https://europepmc.org/",
    licence="open; abstracts may carry the publisher's copyright",
    yields=("publications",),
    version="1",
    pages=pages,
    hosts=("www.ebi.ac.uk",),
    phrase=phrase,
    plan=plan,
)
