"""ClinicalTrials.gov: registered studies, from files of the site or of the API, or by query from the API (v2)."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from kolgraph.errors import InputError, UsageError
from kolgraph.loading import Ask, Loader, Page
from kolgraph.loading.listing import Draft, file_pages
from kolgraph.loading.strict import decode

from .clinicaltrials_query import phrase, plan, query_pages
from .clinicaltrials_record import parse_study

if TYPE_CHECKING:
    from kolgraph.loading.http import Client


class Envelope(msgspec.Struct):
    """A page of the API, or (without `studies`) a single study."""

    studies: list[msgspec.Raw] | None = None
    protocolSection: msgspec.Raw = msgspec.Raw()  # the API's own spelling


_SHAPES = msgspec.json.Decoder(Envelope | list[msgspec.Raw])


def pages(ask: Ask, client: "Client", cursor: str) -> Iterator[Page]:
    """Pages of a file, or of the answer to a query."""
    if ask.file:
        yield from file_pages(ask.file, take, studies, int(cursor or 0), ask.limit)
    elif ask.query:
        yield from query_pages(ask, client, cursor, take)
    else:
        raise UsageError("what to load from ClinicalTrials.gov? Give a file or a query")


def studies(body: bytes, name: str) -> list[bytes]:
    """The studies of a document in any of its three shapes: bare list, API page, one study. Raises InputError."""
    found = decode(_SHAPES, body, name)
    if isinstance(found, list):
        listed = found
    elif found.studies is not None:
        listed = found.studies
    elif found.protocolSection:
        return [body]
    else:
        raise InputError(f"{name} is JSON but no study of ClinicalTrials.gov: it has no protocolSection")
    if listed and b'"protocolSection"' not in bytes(listed[0]):
        raise InputError(f"{name} is a JSON list, but not of studies of ClinicalTrials.gov: no protocolSection")
    return [bytes(raw) for raw in listed]


def take(raw: bytes, draft: Draft) -> None:
    """Read one study into the page. Raises InputError."""
    record = parse_study(raw, draft.unknown)
    draft.records.append(record)
    draft.aliases += [(old, record.id) for old in record.noun.aliases]


LOADER = Loader(
    name="clinicaltrials",
    title="ClinicalTrials.gov",
    home="https://clinicaltrials.gov/",
    licence="public",
    yields=("trials",),
    version="2",
    pages=pages,
    hosts=("clinicaltrials.gov",),
    phrase=phrase,
    plan=plan,
)
