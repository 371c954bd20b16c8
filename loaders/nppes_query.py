"""NPPES by query: its API 2.1, which shows 1,200 practitioners of an answer and never says how many there are.

A question that has more is divided: by state and country, then by the first letters of the family name, then of the
given name. Never by ZIP or town, which in a row may contradict the state. What cannot be divided further is named at
the end. Pages of an answer overlap by one practitioner: where the two differ, rows have moved, and it is asked anew.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import pairwise
from string import ascii_uppercase as LETTERS
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

import msgspec

from kolgraph.errors import UsageError
from kolgraph.geo import COUNTRIES
from kolgraph.loading import Ask, Page, Plan
from kolgraph.loading.files import kind_of
from kolgraph.loading.numbers import pack, unpack

from .nppes_record import STATES

if TYPE_CHECKING:
    from kolgraph.loading.http import Client

BASE = "https://npiregistry.cms.hhs.gov/api/"
RATE = 1.0  # requests a second; none is published
LIMIT = 200
SKIPS = (0, 199, 398, 597, 796, 995)  # up to 1,000 are allowed; one less than a page: the pages overlap
REACH = SKIPS[-1] + LIMIT
TURNS = 3
WORDS = frozenset(
    ("number", "first_name", "last_name", "taxonomy_description", "city", "state", "postal_code", "country_code")
) | {"use_first_name_alias", "address_purpose", "enumeration_type"}
_NEXT = LETTERS + " '-."  # what can follow in a name
Part = dict[str, str]
Read = Callable[[str, Iterable[bytes]], Page]


class Problem(msgspec.Struct):
    description: str = ""


class Number(msgspec.Struct):
    number: int | str


class Answer(msgspec.Struct):
    """Results, or in their place errors."""

    result_count: int = 0
    results: list[msgspec.Raw] | None = None
    Errors: list[Problem] = []  # the API's own spelling


ANSWER = msgspec.json.Decoder(Answer)
_NUMBER = msgspec.json.Decoder(Number)


def query_pages(ask: Ask, client: "Client", cursor: str, read: Read) -> Iterator[Page]:
    """A page for every question that fits; `cursor` holds the questions left, whom we have, and what stays cut."""
    whole = _asked(ask)
    state = json.loads(cursor) if cursor else {"left": [{}], "seen": pack(()), "cut": []}
    left: list[Part] = state["left"]
    cut: list[str] = state["cut"]
    seen = unpack(state["seen"])
    while left:
        part = left.pop()
        rows, fault = _part(client, ask, whole | part, first=not part)
        smaller = _smaller(whole, part) if rows is None else []
        if smaller:
            left += reversed(smaller)
            continue
        if fault:
            cut.append(f"{' '.join(part.values()) or ask.query} ({fault})")
        fresh = {number: raw for number, raw in (rows or {}).items() if number not in seen}
        if ask.limit is not None:
            fresh = dict(list(fresh.items())[: max(0, ask.limit - len(seen))])
        seen |= fresh.keys()
        page = read(f"{' '.join(part.values()) or 'answer'}, result {{}}", fresh.values())
        done = not left or (ask.limit is not None and len(seen) >= ask.limit)
        if done:
            yield replace(page, missing=_missing(cut))
            return
        yield replace(page, cursor=json.dumps({"left": left, "seen": pack(seen), "cut": cut}))


def plan(ask: Ask, client: "Client") -> Plan:
    """NPPES counts nothing: exact for what fits into one answer."""
    rows = _ask(client, ask, _asked(ask), 0)
    if len(rows) < LIMIT:
        return Plan(len(rows), 1, 1 / RATE)
    return Plan(None, None, None, None, "NPPES does not say how many: 200 at least, asked in as many parts as it takes")


def _asked(ask: Ask) -> Part:
    """The parameters of a query such as `taxonomy_description=Cardio*&state=MA`."""
    said = dict(parse_qsl(ask.query.strip().lstrip("?")))
    if unknown := sorted(said.keys() - WORDS):
        raise UsageError(f"NPPES knows no {unknown[0]}: write name=value&..., with {', '.join(sorted(WORDS))}")
    if not said:
        raise UsageError(f'"{ask.query}" is no question to NPPES: write e.g. taxonomy_description=Cardio*&state=MA')
    if said.get("enumeration_type", "NPI-1") != "NPI-1":
        raise UsageError("organisations are not loaded from NPPES: leave enumeration_type out")
    return said | {"version": "2.1", "enumeration_type": "NPI-1"}


def _part(client: "Client", ask: Ask, asked: Part, first: bool) -> tuple[dict[int, bytes] | None, str]:
    """What an answer holds by number, None when it is more than NPPES shows; and what is wrong with it, or ""."""
    for _ in range(TURNS):
        try:
            pages = [_ask(client, ask, asked, 0)]
            last = _ask(client, ask, asked, SKIPS[-1]) if len(pages[0]) == LIMIT else []
            if len(last) == LIMIT:
                return None, f"more than {REACH:,}"
            for skip in SKIPS[1:-1]:
                if len(pages[-1]) == LIMIT:
                    pages.append(_ask(client, ask, asked, skip))
            if len(pages[-1]) == LIMIT:
                pages.append(last)
                last = []
        except UsageError as refused:
            if first:
                raise
            return {}, str(refused)
        rows = [row for page in pages for row in page]
        together = all(b[:1] == a[-1:] for a, b in pairwise([[number for number, _ in page] for page in pages]))
        if together and not last and len(dict(rows)) == len(rows) - len(pages) + 1:
            return dict(rows), ""
    return dict(rows), "it changed while it was read"


def _ask(client: "Client", ask: Ask, asked: Part, skip: int) -> list[tuple[int, bytes]]:
    said = asked | {"limit": str(LIMIT), "skip": str(skip)}
    answer = ANSWER.decode(client.ask(ask.base_url or BASE, said, _whole, rate=RATE))
    if answer.Errors:
        raise UsageError(f"NPPES refuses the question: {answer.Errors[0].description}")
    return [(int(_NUMBER.decode(raw).number), bytes(raw)) for raw in answer.results or ()]


def _whole(body: bytes) -> str:
    try:
        answer = ANSWER.decode(body)
    except msgspec.DecodeError as error:
        return f"an answer that is no page of NPPES (it begins like {kind_of(body)}; {error})"
    if answer.Errors:
        return ""
    if answer.results is None:
        return "an answer without results"
    return (
        "" if answer.result_count == len(answer.results) else f"{len(answer.results)} of {answer.result_count} results"
    )


def _smaller(asked: Part, part: Part) -> list[Part]:
    """Questions that make up this one, none when it cannot be divided."""
    known = asked | part
    if "number" in known:
        return []
    if not known.keys() & {"state", "country_code"}:
        abroad = [{"country_code": code} for code in COUNTRIES if code != "US"]
        return [*({"state": state} for state in STATES), *abroad]
    for field in ("last_name", "first_name"):
        said = known.get(field, "*")
        if said.endswith("*"):
            return [part | {field: value} for value in _longer(said.removesuffix("*"))]
    return []


def _longer(begun: str) -> list[str]:
    """The beginnings one letter longer, and the name that ends here; NPPES wants two letters before a *."""
    if begun:
        return [begun, *(f"{begun}{letter}*" for letter in _NEXT)]
    return [name for one in LETTERS for name in _longer(one)]


def _missing(cut: list[str]) -> str:
    if not cut:
        return ""
    shown = "; ".join(cut[:5]) + ("; ..." if len(cut) > 5 else "")
    return f"NPPES shows {REACH:,} practitioners of an answer: {len(cut):,} parts are cut ({shown}); narrow the query"
