"""What registers hold of a person: practitioner entries, grants, published payments, profiles, and what may be theirs.

Published payments are disclosure: no score reads them. A verdict on an entry is a decision on identity like any other:
it goes to the ledger and is heard by the next resolution.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow.parquet as pq

from kolgraph.errors import UsageError
from kolgraph.ids import public_page
from kolgraph.model import Grant, Mention, Payment, Practitioner, Profile, mention_key, mentions_of
from kolgraph.names import display
from kolgraph.plugins import loaders
from kolgraph.services import judging
from kolgraph.services.sources import Source, sources
from kolgraph.specialties import spoken
from kolgraph.workspace import Workspace

REGISTERS = {
    "practitioner": "Practitioner register",
    "payment": "Published payments",
    "grant": "Grants",
    "profile": "Profiles",
}
ROLES = {"contact": "contact principal investigator", "principal": "principal investigator"}
BEHIND = 5  # records named behind a sum
_KINDS: dict[str, type[Any]] = {"practitioner": Practitioner, "payment": Payment, "grant": Grant, "profile": Profile}
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Entry:
    """A human being of a register beside the person; `said` is what was decided since: "", same or apart."""

    key: str
    registers: tuple[str, ...]
    name: str
    where: str
    about: str  # specialties, or what it is of
    records: int
    linked: bool
    sure: float
    reasons: str
    page: str
    said: str
    decision: int  # the entry of the ledger behind `said`
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Practice:
    """The practitioner entry: number, name as registered, specialties and practice places in words."""

    npi: str
    name: str
    specialties: tuple[str, ...]
    places: tuple[str, ...]
    updated: str
    page: str
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Funded:
    """A project with the sum of its years that are loaded; amounts in USD, None where none was told."""

    project: str
    title: str
    agency: str
    role: str
    first: int | None
    last: int | None
    amount: float | None
    page: str
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Paid:
    """What one payer published for one year, in USD."""

    year: int
    payer: str
    general: float
    research: float
    count: int
    disputed: int
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Registered:
    """All of it; `licences` says from whom, under which licence, fetched when last."""

    practices: tuple[Practice, ...]
    grants: tuple[Funded, ...]
    payments: tuple[Paid, ...]
    linked: tuple[Entry, ...]
    candidates: tuple[Entry, ...]
    licences: tuple[tuple[str, str, str], ...]

    def __bool__(self) -> bool:
        return bool(self.linked or self.candidates)


def links_of(ws: Workspace, person: str) -> list[Row]:
    """The rows of links.parquet about a person; none where registers were never matched."""
    path = ws.resolved / "links.parquet"
    if not path.exists():
        return []
    rows: list[Row] = pq.read_table(path, filters=[("person", "=", person)]).to_pylist()
    return rows


def registered(ws: Workspace, person: str) -> Registered:
    """What registers hold of a person, and what they may hold."""
    rows = links_of(ws, person)
    linked = [row for row in rows if row["state"] == "linked"]
    nouns = {kind: _held(ws, kind, linked) for kind in _KINDS}
    entries = _entries(ws, person, rows)
    behind = [one for entry in entries if entry.linked for one in entry.sources]
    return Registered(
        practices=tuple(_practice(ws, one) for one, _ in nouns["practitioner"]),
        grants=_grants(ws, nouns["grant"]),
        payments=_payments(ws, nouns["payment"]),
        linked=tuple(entry for entry in entries if entry.linked),
        candidates=tuple(entry for entry in entries if not entry.linked),
        licences=_licences(ws, behind),
    )


def judge(ws: Workspace, verdict: str, entry: str, person: str, user: str, why: str = "") -> int:
    """Say that an entry of a register is ("same") or is not ("apart") the person; returns the number of the entry.

    Raises UsageError for an unknown verdict, or an entry that is neither linked to the person nor a candidate.
    """
    if verdict not in judging.ACTIONS:
        raise UsageError(f'"{verdict}" is no verdict: say {" or ".join(judging.ACTIONS)}')
    person = ws.ledger.follow(person)
    if not any(row["entry"] == entry for row in links_of(ws, person)):
        raise UsageError(
            f"no register has {entry} for this person: it may have been resolved anew since; open it again"
        )
    own = _own(ws, person)
    both = f"{entry} and {person}"
    data = {"a": mention_key(entry, 0), "b": own[0], "before": both, "after": person if verdict == "same" else both}
    return ws.ledger.append(judging.ACTIONS[verdict], "", data, actor=user, why=why).seq


def _own(ws: Workspace, person: str) -> list[str]:
    """The person's mentions, those on rows of own lists last."""
    path, columns = ws.resolved / "mentions.parquet", ["record", "position"]
    rows = pq.read_table(path, columns=columns, filters=[("person", "=", person)]).to_pylist()
    found = [mention_key(row["record"], row["position"]) for row in rows]
    return sorted(found, key=lambda key: (key.startswith("own:"), key))


def _held(ws: Workspace, kind: str, rows: Iterable[Row]) -> list[tuple[Any, Mention]]:
    """The records of a kind with the mention that is the person; a profile has none of its own."""
    slots = {row["record"]: row["position"] for row in rows if row["kind"] == kind}
    found = []
    for noun in ws.inbox.held(_KINDS[kind], sorted(slots)):
        one = next((one for one in mentions_of(noun) if one.position == slots[noun.id]), None)
        found.append((noun, one or Mention(0, name=noun.name if kind == "profile" else "")))
    return found


def _practice(ws: Workspace, one: Practitioner) -> Practice:
    places = dict.fromkeys(place.text for place in one.places if place.text)
    name = ", ".join(filter(None, (display(one.mention), one.credentials)))
    page = public_page(one.id)
    said = tuple(map(spoken, one.specialties))
    return Practice(one.id, name, said, tuple(places), one.updated, page, sources(ws, [one.id]).get(one.id, ()))


def _grants(ws: Workspace, held: Sequence[tuple[Grant, Mention]]) -> tuple[Funded, ...]:
    """One line a project, the latest first."""
    projects: dict[str, list[tuple[Grant, Mention]]] = defaultdict(list)
    for grant, mention in held:
        projects[grant.project or grant.id].append((grant, mention))
    found = []
    for project, rows in projects.items():
        rows.sort(key=lambda row: (row[0].year or 0, row[0].id))
        last = rows[-1][0]
        years = [row[0].year for row in rows if row[0].year]
        amounts = [row[0].amount for row in rows if row[0].amount is not None]
        roles = dict.fromkeys(ROLES.get(row[1].role, row[1].role) for row in rows)
        said = _sources(ws, [row[0].id for row in reversed(rows)])
        found.append(
            Funded(
                project,
                last.title,
                last.agency,
                ", ".join(roles),
                min(years, default=None),
                max(years, default=None),
                sum(amounts) if amounts else None,
                public_page(last.id),
                said,
            )
        )
    return tuple(sorted(found, key=lambda one: (-(one.last or 0), one.project)))


def _payments(ws: Workspace, held: Sequence[tuple[Payment, Mention]]) -> tuple[Paid, ...]:
    """By year and payer, the latest year first and in it the largest sum."""
    groups: dict[tuple[int, str], list[Payment]] = defaultdict(list)
    for payment, _ in held:
        groups[payment.year, payment.payer].append(payment)
    found = []
    for (year, payer), rows in groups.items():
        sums: dict[str, float] = defaultdict(float)
        for one in rows:
            sums[one.kind] += one.amount
        said = _sources(ws, sorted(one.id for one in rows))
        disputed = sum(one.disputed for one in rows)
        found.append(Paid(year, payer, sums["general"], sums["research"], len(rows), disputed, said))
    return tuple(sorted(found, key=lambda one: (-one.year, -(one.general + one.research), one.payer)))


def _entries(ws: Workspace, person: str, rows: Iterable[Row]) -> list[Entry]:
    """Every entry once, the surest first."""
    listed: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        listed[row["entry"]].append(row)
    if not listed:
        return []
    own = set(_own(ws, person))
    told = ws.ledger.judgements()  # the last word counts
    said = {other: one for one in told for mine, other in ((one.a, one.b), (one.b, one.a)) if mine in own}
    found = []
    for key, its in listed.items():
        its.sort(key=lambda row: (list(REGISTERS).index(row["kind"]), row["record"]))
        noun, mention = next(iter(_held(ws, its[0]["kind"], its[:1])), (None, Mention(0)))
        verdict = said.get(mention_key(key, 0))
        found.append(
            Entry(
                key,
                tuple(dict.fromkeys(REGISTERS[row["kind"]] for row in its)),
                display(mention),
                mention.affiliations[0].text if mention.affiliations else "",
                ", ".join(map(spoken, noun.specialties)) if isinstance(noun, Practitioner) else "",
                len(its),
                its[0]["state"] == "linked",
                its[0]["confidence"],
                its[0]["reasons"],
                public_page(key) or public_page(its[0]["record"]),
                "" if verdict is None else "same" if verdict.same else "apart",
                0 if verdict is None else verdict.entry,
                _sources(ws, [row["record"] for row in its]),
            )
        )
    return sorted(found, key=lambda one: (-one.sure, one.key))


def _sources(ws: Workspace, records: Sequence[str]) -> tuple[Source, ...]:
    """The first records with where they come from."""
    few = list(dict.fromkeys(records))[:BEHIND]
    known = sources(ws, few)
    return tuple(one for record in few for one in known.get(record, ()))


def _licences(ws: Workspace, behind: Iterable[Source]) -> tuple[tuple[str, str, str], ...]:
    latest: dict[str, str] = {}
    for one in behind:
        latest[one.title] = max(latest.get(one.title, ""), one.fetched[:10])
    licence = {one.title: one.licence for one in loaders().values()}
    return tuple((title, licence.get(title, ""), fetched) for title, fetched in sorted(latest.items()))
