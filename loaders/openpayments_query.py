"""Open Payments by query: the datastore of its API, 500 rows a request; for extracts, a whole year is a file.

A query is a kind, a program year, and what columns must say: `research 2023 recipient_state=IA`. The data set of the
year is looked up by its title: data sets keep their ids, the files in them do not. An answer replaces what the same
query brought before.
"""

import json
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

import msgspec

from kolgraph.errors import InputError, UsageError
from kolgraph.loading import Ask, Page, Plan, Record, Reject
from kolgraph.loading.files import kind_of
from kolgraph.loading.offsets import Row, steps

from .openpayments_record import COLUMNS, KINDS, group, iso, parse_payment

if TYPE_CHECKING:
    from kolgraph.loading.http import Client

BASE = "https://openpaymentsdata.cms.gov/api/1/"
PAGE = 500
RATE = 2.0  # requests a second; none is published
MOST = 250_000  # rows: more is a matter for the file
EXAMPLE = "research 2023 recipient_state=IA"


class Dataset(msgspec.Struct):
    identifier: str
    title: str = ""


class Answer(msgspec.Struct):
    results: list[dict[str, str | int | float | None]]
    count: int


_DATASETS = msgspec.json.Decoder(list[Dataset])
_ANSWER = msgspec.json.Decoder(Answer)


def query_pages(ask: Ask, client: "Client", cursor: str) -> Iterator[Page]:
    """Pages in order of record ids; `cursor` holds the data set, and how far we are."""
    kind, year, conditions = _asked(ask)
    state = json.loads(cursor) if cursor else {"dataset": "", "at": "", "done": 0, "mark": ""}
    dataset: str = state["dataset"] or _dataset(client, ask, kind, year)
    part = "".join(f", {name} {value}" for name, value in sorted(conditions.items()))
    done: int = state["done"]

    def fetch(offset: int) -> tuple[int, list[Row]]:
        return _search(client, ask, dataset, conditions, offset, PAGE)

    for step in steps(fetch, state["at"]):
        if step.total > MOST and ask.limit is None:
            raise UsageError(f"{ask.query} has {step.total:,} rows: load the file of the year, or ask for a part of it")
        rows = step.rows if ask.limit is None else step.rows[: max(0, ask.limit - done)]
        records: list[Record] = []
        rejected: list[Reject] = []
        unknown: Counter[str] = Counter()
        for number, raw in rows:
            try:
                records.append(parse_payment(json.loads(raw), kind, part, unknown))
            except InputError as error:
                rejected.append(Reject(f"record {number}", str(error), raw))
        done += len(rows)
        mark = max([state["mark"], *(_published(raw) for _, raw in rows)])
        state = {"dataset": dataset, "at": step.state, "done": done, "mark": mark}
        over = not step.state or (ask.limit is not None and done >= ask.limit)
        yield Page(
            *(tuple(records), "" if over else json.dumps(state), (), tuple(rejected), +unknown),
            expected=step.total if ask.limit is None else min(step.total, ask.limit),
            replaces=(group(kind, year) + part,) if ask.limit is None else (),
            mark=mark,
            missing=step.missing,
        )
        if over:
            return


def plan(ask: Ask, client: "Client") -> Plan:
    """By the count of one answer, after the data set of the year was looked up."""
    kind, year, conditions = _asked(ask)
    total, _ = _search(client, ask, _dataset(client, ask, kind, year), conditions, 0, 1)
    records = total if ask.limit is None else min(total, ask.limit)
    requests = 1 + max(1, -(-records // PAGE))
    note = "" if records <= MOST else f"more than {MOST:,} rows are not loaded by query: take the file of the year"
    return Plan(records, requests, requests / RATE, None, note)


def _asked(ask: Ask) -> tuple[str, str, dict[str, str]]:
    words = ask.query.split(None, 2)
    if len(words) < 2 or words[0].lower() not in KINDS or not (len(words[1]) == 4 and words[1].isdigit()):
        raise UsageError(f'"{ask.query}" is no question to Open Payments: write e.g. {EXAMPLE}')
    said = words[2] if len(words) > 2 else ""
    conditions = {name.lower(): value for name, value in parse_qsl(said)}
    if unknown := sorted(conditions.keys() - COLUMNS):
        raise UsageError(f"Open Payments is not asked for {unknown[0]}: write e.g. {EXAMPLE}")
    if said and not conditions:
        raise UsageError(f'"{said}" is no condition: write column=value, e.g. {EXAMPLE}')
    return words[0].lower(), words[1], conditions


def _dataset(client: "Client", ask: Ask, kind: str, year: str) -> str:
    """The data set of a program year. Raises UsageError naming the years that there are."""
    body = client.ask(_url(ask) + "metastore/schemas/dataset/items", {}, _whole_list, rate=RATE)
    titles = {one.title.lower(): one.identifier for one in _DATASETS.decode(body)}
    for title, identifier in titles.items():
        if title.startswith(f"{year} {kind} payment"):
            return identifier
    years = sorted(title[:4] for title in titles if f" {kind} payment" in title)
    raise UsageError(f"Open Payments has no {kind} payments of {year}: it has those of {', '.join(years) or 'no year'}")


def _search(
    client: "Client", ask: Ask, dataset: str, conditions: dict[str, str], offset: int, limit: int
) -> tuple[int, list[Row]]:
    said = {"limit": str(limit), "offset": str(offset), "count": "true", "results": "true", "schema": "false"}
    said |= {"sorts[0][property]": "record_id", "sorts[0][order]": "asc"}
    for place, (name, value) in enumerate(sorted(conditions.items())):
        at = f"conditions[{place}]"
        said |= {f"{at}[property]": name, f"{at}[value]": value, f"{at}[operator]": "="}
    answer = _ANSWER.decode(client.ask(f"{_url(ask)}datastore/query/{dataset}/0", said, _whole, rate=RATE))
    kept = [{name: str(cell).strip() for name, cell in row.items() if name in COLUMNS} for row in answer.results]
    return answer.count, [(int(row["record_id"]), _encoded(row)) for row in kept]


def _encoded(row: dict[str, str]) -> bytes:
    return msgspec.json.encode({name: cell for name, cell in row.items() if cell and cell != "None"})


def _url(ask: Ask) -> str:
    return (ask.base_url or BASE).rstrip("/") + "/"


def _published(raw: bytes) -> str:
    return iso(json.loads(raw).get("payment_publication_date", ""))


def _whole(body: bytes) -> str:
    try:
        answer = _ANSWER.decode(body)
    except msgspec.DecodeError as error:
        return f"an answer that is no page of rows (it begins like {kind_of(body)}; {error})"
    lacking = sum(1 for row in answer.results if not str(row.get("record_id")).isdigit())
    return f"{lacking} rows without a record id" if lacking else ""


def _whole_list(body: bytes) -> str:
    try:
        _DATASETS.decode(body)
    except msgspec.DecodeError as error:
        return f"an answer that is no list of data sets (it begins like {kind_of(body)}; {error})"
    return ""
