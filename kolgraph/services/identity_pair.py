"""Two candidates side by side: what speaks for one person and against, and what the records say of each."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from kolgraph.errors import UsageError
from kolgraph.resolve.explain import Contribution, Explanation, explain
from kolgraph.resolve.persons import probability
from kolgraph.resolve.rarity import Rarity, stored
from kolgraph.services.confidence import Confidence
from kolgraph.services.identity import Consequence, consequence, settled, weights
from kolgraph.services.identity_index import Index, index
from kolgraph.services.identity_works import Coauthor, Place, Work, by_record, coauthors, places, slot, works, years
from kolgraph.workspace import Workspace

KEPT = 64  # sides and explanations in memory
COAUTHORS = 12


@dataclass(frozen=True, slots=True)
class Weighed:
    """The evidence of two mentions: `intercept` and all contributions add up to `total`, which means `probability`."""

    hard: tuple[str, ...]
    told: tuple[Contribution, ...]
    intercept: float
    total: float
    probability: float


@dataclass(frozen=True, slots=True)
class Link:
    """Of two persons: half the mean and half the best over all pairs of their mentions; `pairs` says how many."""

    logodds: float
    mean: float
    best: float
    probability: float
    pairs: int


@dataclass(frozen=True, slots=True)
class Side:
    """One candidate. `rank` 0: not in the ranking. Of the works, the one behind the evidence stands first."""

    person: str
    mention: str
    name: str
    forms: tuple[tuple[str, int], ...]
    size: int  # records
    confidence: Confidence
    rank: int
    works: tuple[Work, ...]
    places: tuple[Place, ...]
    coauthors: tuple[Coauthor, ...]
    company: int  # coauthors in all
    years: dict[int, int]


@dataclass(frozen=True, slots=True)
class Other:
    """Another open doubt about one of the two."""

    a: str
    b: str
    names: tuple[str, str]
    probability: float | None


@dataclass(frozen=True, slots=True)
class Pair:
    """A doubt, opened. `link` None: never weighed, for a hard fact stands against itself. `decided`: see `settled`."""

    a: str
    b: str
    kind: str
    sides: tuple[Side, Side]
    weighed: Weighed | None
    link: Link | None
    reason: str
    consequence: Consequence
    others: tuple[Other, ...]
    decided: bool


def pair(ws: Workspace, a: str, b: str, scope: str = "all") -> Pair:
    """Open a doubt by its two mentions. Raises UsageError for a pair that is none, or whose records are not held."""
    known = index(ws)
    number = _number(known, a, b)
    doubts = known.doubts
    clash = doubts.kind[number] == "clash"
    done = settled(ws, known)
    weighed = weights(ws, known, scope)
    link = None
    one, two = int(doubts.one[number]), int(doubts.two[number])
    if not clash:
        link = Link(
            logodds=float(doubts.logodds[number]),
            mean=float(doubts.mean[number]),
            best=float(doubts.best[number]),
            probability=float(doubts.probability[number]),
            pairs=known.mentions.size(one) * known.mentions.size(two),
        )
    return Pair(
        a=a,
        b=b,
        kind=doubts.kind[number],
        sides=sides(ws, known, a, b),
        weighed=weigh(ws, a, b),
        link=link,
        reason=doubts.reasons[number] if clash else "",
        consequence=consequence(weighed, number),
        others=_others(known, number, ~done),
        decided=bool(done[number]),
    )


def _number(known: Index, a: str, b: str) -> int:
    found = known.doubts.number.get((a, b))
    if found is None:
        raise UsageError("this pair is no doubt any more: the landscape was built again since this page was opened")
    return found


def weigh(ws: Workspace, a: str, b: str) -> Weighed | None:
    """The evidence of two mentions; None where a record is not held any more, or an earlier version resolved them."""
    known = index(ws)

    def made() -> Weighed | None:
        try:
            found = explain(slot(ws, a), slot(ws, b), _rarity(ws, known))
        except UsageError:
            return None
        return weighed_of(found)

    return _remembered(("weighed", known.mark, a, b), made)


def weighed_of(found: Explanation) -> Weighed:
    """An explanation with the calibrated percentage of its log-odds."""
    sure = float(probability(np.array([found.total]))[0])
    return Weighed(found.hard, found.contributions, found.intercept, found.total, sure)


def _rarity(ws: Workspace, known: Index) -> Rarity | None:
    def made() -> Rarity | None:
        try:
            return stored(ws.resolved)
        except (IndexError, TypeError, ValueError):  # counted in the way of an earlier version
            raise UsageError("rarities were counted by an earlier version: build the landscape again") from None

    return _remembered(("rarity", known.mark), made)


def sides(ws: Workspace, known: Index, a: str, b: str) -> tuple[Side, Side]:
    """What the records say of the persons behind two mentions."""
    rows = [known.mentions.row(key) for key in (a, b)]
    if rows[0] is None or rows[1] is None:
        raise UsageError("a mention of this pair is gone: the landscape was built again since this page was opened")
    people = [int(known.mentions.person[row]) for row in rows]

    def made() -> tuple[Side, Side]:
        ranks = weights(ws, known, "all").rank
        read = [by_record(works(ws, known, person), key) for person, key in zip(people, (a, b), strict=True)]
        first, second = (
            _side(known, person, key, own, other, int(ranks[person]))
            for person, key, own, other in zip(people, (a, b), read, reversed(read), strict=True)
        )
        return first, second

    return _remembered(("sides", known.mark, a, b), made)


def _side(known: Index, person: int, key: str, own: list[Work], other: list[Work], rank: int) -> Side:
    said = known.mentions
    rows = said.rows(person)
    company, all_of_them = coauthors(own, other, COAUTHORS)
    return Side(
        person=said.people[person],
        mention=key,
        name=said.name(person),
        forms=tuple(said.forms(person)),
        size=len(np.unique(said.record[rows])),
        confidence=said.sure(person),
        rank=rank,
        works=tuple(own),
        places=tuple(places(own)),
        coauthors=tuple(company),
        company=all_of_them,
        years=years(own),
    )


def _others(known: Index, number: int, open_: np.ndarray) -> tuple[Other, ...]:
    doubts, mentions = known.doubts, known.mentions
    people = [doubts.one[number], doubts.two[number]]
    touches = np.isin(doubts.one, people) | np.isin(doubts.two, people)
    found = []
    for other in np.flatnonzero(touches & open_).tolist():
        if other != number:
            names = mentions.name(doubts.one[other]), mentions.name(doubts.two[other])
            sure = doubts.probability[other]
            found.append(Other(doubts.a[other], doubts.b[other], names, None if np.isnan(sure) else float(sure)))
    return tuple(sorted(found, key=lambda one: -(one.probability or 0.0)))


T = TypeVar("T")
_MEMORY: dict[tuple[str, ...], object] = {}


def _remembered(key: tuple[str, ...], make: Callable[[], T]) -> T:
    """What was made before under this key, which names the resolution; the oldest are forgotten."""
    if key not in _MEMORY:
        value = make()
        while len(_MEMORY) >= KEPT:
            _MEMORY.pop(next(iter(_MEMORY)), None)
        _MEMORY[key] = value
    return _MEMORY[key]  # type: ignore[return-value]
