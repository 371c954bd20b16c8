"""The doubtful pairs in order of consequence: what a decision would change in the ranking; and what is settled.

Nothing here decides: decisions go to the ledger through `judging`, and are counted here as soon as they stand there.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kolgraph import snapshots
from kolgraph.errors import StoreError, UsageError
from kolgraph.graph.csr import Floats, Ints
from kolgraph.names import search_words
from kolgraph.score import blend
from kolgraph.services.explore import scope_name
from kolgraph.services.identity_index import Index, index
from kolgraph.snapshots import Ranks, Snapshot
from kolgraph.workspace import Workspace

SHOWN = 100  # rows of the queue on the page
KINDS = ("", "grey", "clash", "trouble")
# of two people that are one, the works of both count: where they are independent, the share of people ahead multiplies
ADDED = ("science", "trials", "network", "guidelines")


@dataclass(frozen=True, slots=True)
class Consequence:
    """What "one person" would change: `before` is the better rank of the two, `after` about that of both together.

    0: not in the ranking. `records` would come under another id.
    """

    before: int
    other: int
    after: int
    records: int


@dataclass(frozen=True, slots=True)
class Row:
    """A pair in the queue. `a` and `b` are the mentions behind it, the names those of the two persons."""

    a: str
    b: str
    names: tuple[str, str]
    kind: str
    probability: float | None
    consequence: Consequence


@dataclass(frozen=True, slots=True)
class Queue:
    """What is open under a filter. `grey` and `clash` count all that is open, whatever the filter says of kinds."""

    rows: tuple[Row, ...]
    total: int
    grey: int
    clash: int
    scope_name: str
    ranked: bool  # whether there is a ranking to be moved


@dataclass(frozen=True, slots=True)
class Asked:
    """A filter of the queue; "" filters nothing. `scope` is also the ranking in which consequence is reckoned."""

    kind: str = ""
    scope: str = "all"
    text: str = ""


@dataclass(frozen=True, slots=True)
class Weights:
    """By doubt: the ranks before and after, and the order of the queue. `inside`: one of the two is in the scope.

    `rank` is by person of the resolution, 0 for who is not in the ranking.
    """

    rank: Ints
    first: Ints
    second: Ints
    after: Ints
    records: Ints
    inside: NDArray[np.bool_]
    order: Ints


def queue(ws: Workspace, asked: Asked, top: int = SHOWN) -> Queue:
    """The open pairs under a filter, the one with the largest consequence first.

    Raises UsageError for an unknown kind or scope, and when nobody is resolved.
    """
    if asked.kind not in KINDS:
        raise UsageError(f'there is no kind of doubt "{asked.kind}"')
    name = scope_name(ws, asked.scope)
    known = index(ws)
    weighed = weights(ws, known, asked.scope)
    shown = ~settled(ws, known)
    if asked.scope != "all":
        shown &= weighed.inside
    if words := search_words(asked.text):
        shown &= _named(known, words)
    kinds = np.array(known.doubts.kind, object)
    counts = {kind: int((shown & (kinds == kind)).sum()) for kind in ("grey", "clash")}
    if asked.kind:
        shown &= kinds == asked.kind
    open_ = weighed.order[shown[weighed.order]]
    rows = tuple(row(known, weighed, int(one)) for one in open_[:top])
    return Queue(rows, len(open_), counts["grey"], counts["clash"], name, bool(weighed.first.any()))


def row(known: Index, weighed: Weights, number: int) -> Row:
    """A doubt as a row of the queue."""
    doubts = known.doubts
    sure = doubts.probability[number]
    names = known.mentions.name(doubts.one[number]), known.mentions.name(doubts.two[number])
    return Row(
        doubts.a[number],
        doubts.b[number],
        names,
        doubts.kind[number],
        None if np.isnan(sure) else float(sure),
        consequence(weighed, number),
    )


def consequence(weighed: Weights, number: int) -> Consequence:
    """What "one person" would change."""
    columns = (weighed.first, weighed.second, weighed.after, weighed.records)
    return Consequence(*(int(column[number]) for column in columns))


def settled(ws: Workspace, known: Index) -> NDArray[np.bool_]:
    """By doubt: whether decisions since the resolution say already that the two are one, or two."""
    mentions, doubts = known.mentions, known.doubts
    root: dict[int, int] = {}

    def find(person: int) -> int:
        while person in root:
            person = root[person]
        return person

    apart = []
    for one in ws.ledger.judgements():
        rows = (mentions.row(one.a), mentions.row(one.b)) if one.entry > known.heard else (None, None)
        if rows[0] is None or rows[1] is None:
            continue
        a, b = int(mentions.person[rows[0]]), int(mentions.person[rows[1]])
        if not one.same:
            apart.append((a, b))
        elif find(a) != find(b):
            root[max(find(a), find(b))] = min(find(a), find(b))
    final = np.arange(len(mentions.people))
    for person in root:
        final[person] = find(person)
    left, right, size = final[doubts.one], final[doubts.two], len(final)
    kept = [min(final[a], final[b]) * size + max(final[a], final[b]) for a, b in apart]
    return np.asarray((left == right) | np.isin(np.minimum(left, right) * size + np.maximum(left, right), kept))


def _named(known: Index, words: list[str]) -> NDArray[np.bool_]:
    """By doubt: whether every word begins a word of one form of a name of one of the two."""
    mentions, doubts = known.mentions, known.doubts
    fits: dict[int, bool] = {}
    for person in np.unique(np.concatenate((doubts.one, doubts.two))).tolist():
        forms = [search_words(form) for form, _ in mentions.forms(person)]
        fits[person] = any(all(any(part.startswith(word) for part in form) for word in words) for form in forms)
    return np.array([fits[a] or fits[b] for a, b in zip(doubts.one, doubts.two, strict=True)], np.bool_)


def weights(ws: Workspace, known: Index, scope: str = "all") -> Weights:
    """What each doubt would change in the ranking of a scope, as the last scores stand."""
    snapshot = _latest(ws)
    key = (known.mark, snapshot.build.folder + snapshot.build.scored if snapshot else "", scope)
    found = _KEPT.get(key)
    if found is None:
        found = _weigh(known, snapshot, scope)
        while len(_KEPT) > 8:
            _KEPT.pop(next(iter(_KEPT)), None)
        _KEPT[key] = found
    return found


_KEPT: dict[tuple[str, str, str], Weights] = {}


def _latest(ws: Workspace) -> Snapshot | None:
    """The last ranking, None before the first."""
    into = snapshots.folder(ws.path)
    try:
        known = snapshots.builds(into)
        return snapshots.read(into, known[-1]) if known else None
    except StoreError:
        return None


def _weigh(known: Index, snapshot: Snapshot | None, scope: str) -> Weights:
    doubts, mentions = known.doubts, known.mentions
    ranks = snapshot.scopes.get(scope) if snapshot else None
    sizes = np.diff(mentions.start)
    records = np.minimum(sizes[doubts.one], sizes[doubts.two])
    rank = np.zeros(len(mentions.people), np.int64)
    after = np.zeros(len(doubts), np.int64)
    if snapshot and ranks:
        line = _lines(mentions.people, snapshot, ranks)
        rank = np.append(ranks.ranks["influence"], 0)[line]
        after = _after(ranks, line[doubts.one], line[doubts.two])
    first, second = rank[doubts.one], rank[doubts.two]
    better = np.where((second > 0) & ((second < first) | (first == 0)), second, first)
    other = np.where(better == first, second, first)
    moved = np.abs(_lead(after) - _lead(better))
    sure = np.nan_to_num(doubts.probability, nan=0.5)
    order = np.lexsort((np.arange(len(doubts)), -sure, -records, -np.round(moved, 9)))
    return Weights(rank, better, other, after, records, (first > 0) | (second > 0), order)


def _lead(rank: Ints) -> Floats:
    """How much a place in the ranking matters: the head more than the rest, no place nothing."""
    return np.where(rank > 0, 1.0 / np.log2(1.0 + np.maximum(rank, 1)), 0.0)


def _lines(people: Iterable[str], snapshot: Snapshot, ranks: Ranks) -> Ints:
    """By person of the resolution: their line among the ranks, -1 for who is not there."""
    number = {id: i for i, id in enumerate(snapshot.people)}
    place = np.full(len(number) + 1, -1, np.int64)
    place[ranks.people] = np.arange(len(ranks.people))
    return place[[number.get(id, -1) for id in people]]


def _after(ranks: Ranks, one: Ints, two: Ints) -> Ints:
    """About which rank two people would have as one: 0 where neither is in the ranking."""
    parts = {}
    for dimension in blend.DIMENSIONS:
        values = np.append(ranks.values[dimension.id], np.nan)
        a, b = values[one], values[two]
        both = 100.0 - (100.0 - a) * (100.0 - b) / 100.0 if dimension.id in ADDED else np.maximum(a, b)
        parts[dimension.id] = np.where(np.isnan(a), b, np.where(np.isnan(b), a, both))
    merged, _ = blend.influence(parts)
    values = np.append(ranks.values["influence"], np.nan)
    order = np.sort(values[~np.isnan(values)])
    ahead = len(order) - np.searchsorted(order, merged, side="right")
    ahead = ahead - (values[one] > merged) - (values[two] > merged)
    # only one of the two is there: nothing is added that the ranking counts
    alone = np.isnan(values[one]) | np.isnan(values[two])
    ranked = np.append(ranks.ranks["influence"], 0)
    return np.where(alone, np.maximum(ranked[one], ranked[two]), 1 + ahead)
