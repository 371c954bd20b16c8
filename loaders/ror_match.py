"""ROR's own matcher (https://ror.readme.io/docs/api-affiliation): which organisation the text of an affiliation names.

A text is asked about once; the answer is a record like any other, so that a rebuild gives the same. ROR's word counts
where it says `chosen`, never its best guess below that.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import msgspec

from kolgraph.errors import InputError
from kolgraph.loading import Ask, Loader, Page, Plan, Record, Reject
from kolgraph.loading.files import kind_of
from kolgraph.model import Placement

from .ror_record import parse_organisation

if TYPE_CHECKING:
    from kolgraph.loading.http import Client

BASE = "https://api.ror.org/v2/"
PAGE = 20  # texts
RATES = {True: 6.5, False: 0.165}  # requests a second: 2,000 in five minutes with a Client-Id, 50 without


class Item(msgspec.Struct):
    organization: msgspec.Raw
    chosen: bool = False


class Answer(msgspec.Struct):
    items: list[Item]


_ANSWER = msgspec.json.Decoder(Answer)


def matcher(texts: Sequence[str]) -> Loader:
    """A loader that asks about these texts; it yields the answers, and the organisations that they name."""

    def pages(ask: Ask, client: "Client", cursor: str) -> Iterator[Page]:
        done = int(cursor or 0)
        while True:
            asked = texts[done : done + PAGE]
            done += PAGE
            page = _page(asked, ask, client)
            yield replace(page, cursor=str(done) if done < len(texts) else "")
            if done >= len(texts):
                return

    def plan(ask: Ask, client: "Client") -> Plan:
        note = "" if ask.api_key else "with a free Client-Id of ROR it is forty times faster"
        return Plan(len(texts), len(texts), len(texts) / RATES[bool(ask.api_key)], note=note)

    return Loader(
        name="ror",
        title="ROR's matcher of affiliations",
        home="https://ror.org/",
        licence="CC0",
        yields=("institutions", "placements"),
        version="match 1",
        pages=pages,
        hosts=("api.ror.org",),
        plan=plan,
    )


def place_id(text: str) -> str:
    """The id of the answer about a text."""
    return f"place:{hashlib.sha256(text.encode()).hexdigest()[:32]}"


def _page(texts: Sequence[str], ask: Ask, client: "Client") -> Page:
    records: dict[str, Record] = {}
    rejected: list[Reject] = []
    unknown: Counter[str] = Counter()
    url = (ask.base_url or BASE).rstrip("/") + "/organizations"
    headers = {"Client-Id": ask.api_key} if ask.api_key else {}
    for text in texts:
        body = client.ask(url, {"affiliation": text}, _whole, rate=RATES[bool(ask.api_key)], headers=headers)
        named = ""
        for item in _ANSWER.decode(body).items:
            if item.chosen:
                try:
                    organisation = parse_organisation(bytes(item.organization), unknown)
                except InputError as error:
                    rejected.append(Reject(f'answer about "{text}"', str(error), body))
                    continue
                records[organisation.id] = organisation
                named = organisation.id
                break
        noun = Placement(place_id(text), text, named)
        records[noun.id] = Record(noun.id, body, noun)
    return Page(tuple(records.values()), rejected=tuple(rejected), unknown=+unknown)


def _whole(body: bytes) -> str:
    try:
        _ANSWER.decode(body)
    except msgspec.DecodeError as error:
        return f"an answer that is no list of organisations (it begins like {kind_of(body)}; {error})"
    return ""
