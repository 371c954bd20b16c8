"""NIH RePORTER by query: POST projects/search, whose offsets end at 9,999 or, of late, at 14,999.

The query is words with AND, OR and "quoted phrases", looked for in title, abstract and terms, or a JSON object: the
`criteria` of the API. What has more projects than an offset reaches is divided by fiscal year, then by institute; what
is still too long is followed as deep as the service goes.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import msgspec

from kolgraph.errors import UsageError
from kolgraph.loading import Ask, Page, Plan, Wanted
from kolgraph.loading.files import kind_of
from kolgraph.loading.http import Refused
from kolgraph.loading.offsets import Fetch, Row, steps

if TYPE_CHECKING:
    from kolgraph.loading.http import Client

BASE = "https://api.reporter.nih.gov/v2/"
PAGE = 500
RATE = 1.0  # requests a second, as its makers ask
REACH = 9_999  # projects of a part; some servers reach 14,999, which is found out where a part cannot be divided
YEARS = (1985, 2100)  # fiscal years that there are projects of, and that there ever will be in our time
_INSTITUTES = (
    "NCI NIAID NHLBI NIGMS NIA NINDS NIMH NIDDK NICHD NIDA NEI NIEHS NIAMS NHGRI NIAAA NIDCD NIDCR NIBIB NIMHD NINR "
    "NLM NCCIH NCATS FIC OD CC CLC CIT CSR NCRR NCMHD AHRQ FDA VA CDC NIOSH ATSDR ACF HRSA SAMHSA USAMRAA EPA NSF ED"
)
INSTITUTES = _INSTITUTES.split()
_FIELDS = (
    "ApplId ProjectNum CoreProjectNum FiscalYear ProjectTitle AgencyIcAdmin AgencyCode ProjectStartDate ProjectEndDate "
    "AwardAmount Organization PrincipalInvestigators ContactPiName PrefTerms AbstractText DateAdded"
)
FIELDS = _FIELDS.split()
Criteria = dict[str, Any]
Read = Callable[[Iterable[tuple[str, bytes]]], Page]


class Meta(msgspec.Struct):
    total: int


class Number(msgspec.Struct):
    appl_id: int


class Answer(msgspec.Struct):
    meta: Meta
    results: list[msgspec.Raw]


_ANSWER = msgspec.json.Decoder(Answer)
_NUMBER = msgspec.json.Decoder(Number)


def phrase(wanted: Wanted) -> str:
    """Any of the terms and headings, as the words that RePORTER searches for."""
    said = dict.fromkeys(" ".join(one.replace('"', " ").split()) for one in (*wanted.terms, *wanted.mesh))
    return " OR ".join(f'"{one}"' for one in said if one)


def plan(ask: Ask, client: "Client") -> Plan:
    """By the count of one answer."""
    total, _ = _search(client, ask, _criteria(ask), 0, 1)
    records = total if ask.limit is None else min(total, ask.limit)
    requests = 1 + -(-records // PAGE) + (2 * (total // REACH) * 4 if total > REACH else 0)
    return Plan(records, requests, requests / RATE)


def query_pages(ask: Ask, client: "Client", cursor: str, read: Read) -> Iterator[Page]:
    """Pages part by part; `cursor` holds the parts left, how far the first one is, and what is missing."""
    asked = _criteria(ask)
    expected, _ = _search(client, ask, asked, 0, 1)
    state = json.loads(cursor) if cursor else {"left": [{}], "at": "", "done": 0, "missing": []}
    left: list[Criteria] = state["left"]
    done: int = state["done"]
    missing: list[str] = state["missing"]
    at: str = state["at"]
    while left:
        part = left[-1]
        if not at and _search(client, ask, asked | part, 0, 1)[0] > REACH and (halves := _halves(asked, part)):
            left[-1:] = reversed(halves)
            continue
        for step in steps(_fetch(client, ask, asked | part), at):
            rows = step.rows if ask.limit is None else step.rows[: max(0, ask.limit - done)]
            page = read((f"{_name(part)} project {done + n}", raw) for n, (_, raw) in enumerate(rows))
            done, at = done + len(rows), step.state
            if not at:
                left.pop()
                missing += [f"{_name(part)}: {step.missing}"] if step.missing else []
            if not left or (ask.limit is not None and done >= ask.limit):
                if ask.limit is None:
                    expected, _ = _search(client, ask, asked, 0, 1)  # it may have grown on the way
                else:
                    expected = min(expected, ask.limit)
                yield replace(page, expected=expected, missing="; ".join(missing[:5]))
                return
            following = {"left": left, "at": at, "done": done, "missing": missing}
            yield replace(page, cursor=json.dumps(following), expected=expected)


def _criteria(ask: Ask) -> Criteria:
    """What is looked for, in the form of the API. Raises UsageError for JSON that is not an object."""
    said = ask.query.strip()
    found: Criteria = {}
    if said.startswith("{"):
        try:
            found = json.loads(said)
        except ValueError as error:
            raise UsageError(f"the query to NIH RePORTER begins like JSON and is none: {error}") from None
    else:
        where = {"operator": "advanced", "search_field": "projecttitle,abstracttext,terms", "search_text": said}
        found = {"advanced_text_search": where}
    if ask.since or ask.until:
        first, last = int(ask.since[:4] or YEARS[0]), int(ask.until[:4] or YEARS[1])
        found |= {"fiscal_years": list(range(max(first, YEARS[0]), min(last, YEARS[1]) + 1))}
    return found


def _halves(asked: Criteria, part: Criteria) -> list[Criteria]:
    """Two parts that make up this one: half of its years each, of one year half of the institutes; [] for neither."""
    known = asked | part
    years = known.get("fiscal_years") or list(range(YEARS[0], YEARS[1] + 1))
    if len(years) > 1:
        middle = len(years) // 2
        return [part | {"fiscal_years": half} for half in (years[:middle], years[middle:])]
    institutes = known.get("agencies") or INSTITUTES
    if len(institutes) > 1:
        middle = len(institutes) // 2
        # by who administers a project, which is one institute: several may fund it
        one = part | {"is_agency_admin": True, "is_agency_funding": False}
        return [one | {"agencies": half} for half in (institutes[:middle], institutes[middle:])]
    return []


def _name(part: Criteria) -> str:
    years, institutes = part.get("fiscal_years", []), part.get("agencies", [])
    return (
        " ".join([*map(str, years[:1]), *(["to", str(years[-1])] if len(years) > 1 else []), *institutes]) or "answer"
    )


def _fetch(client: "Client", ask: Ask, asked: Criteria) -> Fetch:
    def fetch(offset: int) -> tuple[int, list[Row] | None]:
        try:
            return _search(client, ask, asked, offset, PAGE)
        except Refused as refused:
            if refused.status != 400 or offset <= REACH - PAGE:
                raise
        return _search(client, ask, asked, 0, 1)[0], None  # deeper than this server goes

    return fetch


def _search(client: "Client", ask: Ask, asked: Criteria, offset: int, limit: int) -> tuple[int, list[Row]]:
    body = {
        "criteria": asked,
        "include_fields": FIELDS,
        "offset": offset,
        "limit": limit,
        "sort_field": "appl_id",
        "sort_order": "asc",
    }
    url = (ask.base_url or BASE).rstrip("/") + "/projects/search"
    answer = _ANSWER.decode(client.ask(url, {}, _whole, rate=RATE, json=body))
    return answer.meta.total, [(_NUMBER.decode(raw).appl_id, bytes(raw)) for raw in answer.results]


def _whole(body: bytes) -> str:
    try:
        for raw in _ANSWER.decode(body).results:
            _NUMBER.decode(raw)
    except msgspec.DecodeError as error:
        return f"an answer that is no page of projects (it begins like {kind_of(body)}; {error})"
    return ""
