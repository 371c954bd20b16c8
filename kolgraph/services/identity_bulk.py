"""Many merges at once: every open pair from a percentage on, seen first, as one entry that one undo takes back."""

from dataclasses import dataclass

import numpy as np

from kolgraph.errors import UsageError
from kolgraph.services import judging
from kolgraph.services.identity import Row, row, settled, weights
from kolgraph.services.identity_index import index
from kolgraph.workspace import Workspace

LEAST = 0.9  # nothing below is merged unseen
MOST = 1000  # merges at a time
SAMPLE = 6


@dataclass(frozen=True, slots=True)
class Bulk:
    """What would be merged: `rows` all of it, `waiting` the pairs of somebody who is merged here with another one.

    Those come back after the next build, weighed anew: a chain of merges could tie two whom a record keeps apart.
    """

    at_least: float
    rows: tuple[Row, ...]
    waiting: int

    @property
    def sample(self) -> tuple[Row, ...]:
        """The doubtful end, which is worth a look."""
        return self.rows[-SAMPLE:][::-1]


def offered(ws: Workspace, at_least: float) -> Bulk:
    """What a bulk would merge, the surest first. Raises UsageError for a percentage below LEAST."""
    if not LEAST <= at_least <= 1:
        raise UsageError(f"a bulk merges from {LEAST:.0%} on: {at_least:.0%} was asked for")
    known = index(ws)
    doubts = known.doubts
    sure = np.nan_to_num(doubts.probability, nan=-1.0)
    open_ = np.flatnonzero(~settled(ws, known) & (sure >= at_least - 1e-9) & (np.array(doubts.kind) == "grey"))
    weighed = weights(ws, known)
    taken: set[int] = set()
    rows: list[Row] = []
    for number in open_[np.argsort(-sure[open_], kind="stable")].tolist():
        pair = {int(doubts.one[number]), int(doubts.two[number])}
        if not pair & taken and len(rows) < MOST:
            taken |= pair
            rows.append(row(known, weighed, number))
    return Bulk(at_least, tuple(rows), len(open_) - len(rows))


def accept(ws: Workspace, at_least: float, seen: int, user: str, why: str = "") -> int:
    """Merge what is offered, as one entry of the ledger, which one undo takes back; returns its number.

    Raises UsageError when it is not the `seen` pairs any more.
    """
    rows = offered(ws, at_least).rows
    if len(rows) != seen:
        raise UsageError(f"{len(rows)} pairs fit now, {seen} were shown: look at them again")
    if not rows:
        raise UsageError("no open pair is that sure: nothing was merged")
    before, after = f"{2 * len(rows)} persons, each pair at {at_least:.0%} or above", f"{len(rows)} persons"
    return judging.tie(ws, "bulk", ((one.a, one.b) for one in rows), user, before, after, why)
