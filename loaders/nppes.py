"""NPPES, the register of clinicians of the United States: answers of its API, its bulk CSV, or its API by query.

Organisations (NPI-2) are counted and left out; a number that was deactivated closes what we hold of it, a replaced one
leads to its successor. A CSV that somebody trimmed is read as far as it goes: number, kind and name are enough.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from kolgraph.errors import InputError, UsageError
from kolgraph.ids import npi_id
from kolgraph.loading import Ask, Loader, Page, Record, Reject
from kolgraph.loading.files import members, whole
from kolgraph.loading.strict import decode
from kolgraph.loading.table import Cells, Found, Parse, Table, raw_of, table_pages

from .nppes_query import ANSWER, plan, query_pages
from .nppes_record import ENCODE, Address, Basic, Closed, OtherName, Provider, Taxonomy, read_provider

if TYPE_CHECKING:
    from kolgraph.loading.http import Client

PAGE = 2000
_ORGANISATION = "organisation: left out"
_BLOCKS = range(1, 16)  # of taxonomies in a row
_NEEDED = ("NPI", "Entity Type Code", "Provider Last Name (Legal Name)")
_MAILING, _PRACTICE = "Provider Business Mailing Address", "Provider Business Practice Location Address"
_FIRST, _SECOND = (f"Provider {line} Line Business Practice Location Address" for line in ("First", "Second"))
_ADDRESS = ("City Name", "State Name", "Postal Code", "Country Code (If outside U.S.)")
_COLUMNS = {
    *_NEEDED,
    *("Replacement NPI", "Provider First Name", "Provider Middle Name", "Provider Name Suffix Text"),
    *("Provider Credential Text", "Provider Other Last Name", "Provider Other First Name"),
    *("Provider Other Middle Name", "Provider Other Name Suffix Text"),
    *(f"{what} {part}" for what in (_MAILING, _PRACTICE) for part in _ADDRESS),
    *(_FIRST, _SECOND, "City", "State"),
    *("Provider Enumeration Date", "Last Update Date", "NPI Deactivation Date", "NPI Reactivation Date"),
    *(f"Healthcare Provider Taxonomy Code_{n}" for n in _BLOCKS),
    *(f"Healthcare Provider Primary Taxonomy Switch_{n}" for n in _BLOCKS),
}


_PROVIDER = msgspec.json.Decoder(Provider)


def pages(ask: Ask, client: "Client", cursor: str) -> Iterator[Page]:
    """Pages of a file, or of the answers to a query."""
    if ask.query:
        yield from query_pages(ask, client, cursor, read)
    elif not ask.file:
        raise UsageError(
            "what to load from NPPES? Give a file or a query such as taxonomy_description=Cardio*&state=MA"
        )
    elif _is_json(ask.file):
        yield _answer_page(ask.file)
    else:
        yield from table_pages(ask.file, _is_bulk, _allowed, _parser, cursor, PAGE)


def _is_json(path: Path) -> bool:
    with members(path, ".csv") as files:
        name, stream = next(files)
        return "/" not in name and stream.read(200).lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[", b"<")


def _answer_page(path: Path) -> Page:
    with members(path, ".json") as files:
        name, stream = next(files)
        answer = decode(ANSWER, whole(stream, name), name)
    if answer.Errors:
        raise InputError(f"{name} holds no practitioners but an error of NPPES: {answer.Errors[0].description}")
    if answer.results is None:
        raise InputError(f"{name} is JSON, but no answer of NPPES: it has no results")
    page = read(f"{name} result {{}}", map(bytes, answer.results))
    return replace(page, expected=answer.result_count - page.unknown[_ORGANISATION] - len(page.deleted))


def read(where: str, listed: Iterable[bytes]) -> Page:
    """The page that the results of an answer make; `where` names the place of one by its number."""
    records: list[Record] = []
    deleted: list[tuple[str, int]] = []
    rejected: list[Reject] = []
    unknown: Counter[str] = Counter()
    for number, raw in enumerate(listed):
        kept = raw
        try:
            provider = decode(_PROVIDER, raw, "practitioner")
            kept = ENCODE(provider)
            match read_provider(provider):
                case Record() as record:
                    records.append(record)
                case Closed(id, version):
                    deleted.append((id, version))
                case None:
                    unknown[_ORGANISATION] += 1
        except InputError as error:
            rejected.append(Reject(where.format(number), str(error), kept))
    return Page(tuple(records), "", tuple(deleted), tuple(rejected), unknown)


def _is_bulk(name: str) -> bool:
    # the zip holds other names, other places, endpoints and the bare header as well
    return name.startswith("npidata") and "header" not in name


def _allowed(column: str) -> str:
    return column if column in _COLUMNS else ""


def _parser(table: Table) -> Parse:
    if missing := [column for column in _NEEDED if column not in table.columns]:
        raise InputError(f'{table.name} is a CSV, but not of NPPES: it has no column "{missing[0]}"')
    return _parse


def _parse(cells: Cells, found: Found) -> None:
    provider = _provider(cells)
    if replacement := npi_id(cells.get("Replacement NPI", "")):
        found.aliases.append((f"npi:{provider.number}", f"npi:{replacement}"))
    match read_provider(provider, raw_of(cells)):
        case Record() as record:
            found.records.append(record)
        case Closed(id, version):
            found.deleted.append((id, version))
        case None:
            found.unknown[_ORGANISATION] += 1


def _provider(cells: Cells) -> Provider:
    """A row in the form of the API."""
    say = cells.get
    basic = Basic(
        say("Provider First Name"),
        say("Provider Middle Name"),
        say("Provider Last Name (Legal Name)"),
        say("Provider Name Suffix Text"),
        say("Provider Credential Text"),
        say("Provider Enumeration Date"),
        say("Last Update Date"),
        None,
        say("NPI Deactivation Date"),
        say("NPI Reactivation Date"),
    )
    addresses = [
        Address(purpose, *lines, *place)
        for purpose, lines, place in (
            ("LOCATION", (say(_FIRST), say(_SECOND)), [say(f"{_PRACTICE} {part}") for part in _ADDRESS]),
            ("LOCATION", (None, None), [say("City"), say("State"), None, None]),
            ("MAILING", (None, None), [say(f"{_MAILING} {part}") for part in _ADDRESS]),
        )
        if any(place)
    ]
    taxonomies = [
        Taxonomy(code, None, say(f"Healthcare Provider Primary Taxonomy Switch_{n}") == "Y")
        for n in _BLOCKS
        if (code := say(f"Healthcare Provider Taxonomy Code_{n}"))
    ]
    other = OtherName(
        say("Provider Other First Name"),
        say("Provider Other Middle Name"),
        say("Provider Other Last Name"),
        say("Provider Other Name Suffix Text"),
    )
    kind = f"NPI-{say('Entity Type Code', '')}"
    return Provider(cells.get("NPI", ""), kind, basic, addresses, [], taxonomies, [other] if other.last_name else [])


LOADER = Loader(
    name="nppes",
    title="NPPES",
    home="https://npiregistry.cms.hhs.gov/",
    licence="public",
    yields=("practitioners",),
    version="1",
    pages=pages,
    hosts=("npiregistry.cms.hhs.gov",),
    plan=plan,
)
