"""OpenAlex: works and author entities, from files of its API or its snapshot, or by query from the API."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from kolgraph.errors import InputError, UsageError
from kolgraph.loading import Ask, Loader, Page
from kolgraph.loading.listing import file_pages
from kolgraph.loading.strict import decode

from .openalex_query import phrase, plan, query_pages
from .openalex_record import READ, Entity, entity_id, take

if TYPE_CHECKING:
    from kolgraph.loading.http import Client


class Envelope(msgspec.Struct):
    """A page of the API, or (without `results`) a single entity."""

    results: list[msgspec.Raw] | None = None


_SHAPES = msgspec.json.Decoder(Envelope | list[msgspec.Raw])
_ENTITY = msgspec.json.Decoder(Entity)


def pages(ask: Ask, client: "Client", cursor: str) -> Iterator[Page]:
    """Pages of a file, or of the answer to a query."""
    if ask.file:
        yield from file_pages(ask.file, take, entities, int(cursor or 0), ask.limit)
    elif ask.query:
        yield from query_pages(ask, client, cursor)
    else:
        raise UsageError("what to load from OpenAlex? Give a file or a query")


def entities(document: bytes, where: str) -> list[bytes]:
    """The entities of a JSON document: a page of the API, a bare list, or one. Raises InputError."""
    found = decode(_SHAPES, document, where)
    listed = found if isinstance(found, list) else found.results
    if listed is None:
        return [document]
    first = decode(_ENTITY, listed[0], f"{where}, its first entity").id if listed else ""
    if first and entity_id(first)[:1] not in READ:
        raise InputError(f"{where} lists {first[:80]} first: only works, authors and institutions of OpenAlex are read")
    return [bytes(raw) for raw in listed]


LOADER = Loader(
    name="openalex",
    title="OpenAlex",
    home="https://openalex.org/",
    licence="CC0",
    yields=("publications", "profiles"),
    version="1",
    pages=pages,
    hosts=("api.openalex.org",),
    phrase=phrase,
    plan=plan,
)
