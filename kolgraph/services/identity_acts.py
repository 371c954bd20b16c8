"""What the workbench writes down: one decision, one split, one bulk, one undo; with the doubts that it settles."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from kolgraph.errors import UsageError
from kolgraph.services import identity_bulk, judging
from kolgraph.services.identity import settled
from kolgraph.services.identity_index import Index, index
from kolgraph.workspace import Workspace

LONGEST = 300  # characters of a reason
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Done:
    """The entries written, and the doubts (pairs of mentions) that were settled or opened by them."""

    entries: tuple[int, ...]
    settled: tuple[tuple[str, str], ...]
    reopened: tuple[tuple[str, str], ...]


def act(ws: Workspace, asked: Mapping[str, object], user: str) -> Done:
    """Do what a page asks: `verb` same, apart (`a`, `b`), split (`person`, `out`), bulk (`least`, `seen`), undo
    (`entries`); `why` beside each. All of it is checked here: a page may send anything.

    Raises UsageError or LedgerError, and nothing is written, for what cannot be done.
    """
    known = index(ws)
    before = settled(ws, known)
    entries = _written(ws, asked, user)
    after = settled(ws, known)
    return Done(entries, _pairs(known, after & ~before), _pairs(known, before & ~after))


def _written(ws: Workspace, asked: Mapping[str, object], user: str) -> tuple[int, ...]:
    verb, why = asked.get("verb"), _text(asked, "why", required=False)
    if verb in ("same", "apart"):
        return (judging.decide(ws, str(verb), _text(asked, "a"), _text(asked, "b"), user, why),)
    if verb == "split":
        out = _list(asked, "out", str)
        return (judging.split(ws, out, judging.rest_of(ws, _text(asked, "person"), out), user, why),)
    if verb == "bulk":
        least, seen = asked.get("least"), asked.get("seen")
        if not isinstance(least, int | float) or not isinstance(seen, int):
            raise UsageError("a bulk says from which percentage on, and how many pairs were shown")
        return (identity_bulk.accept(ws, float(least), seen, user, why),)
    if verb == "undo":
        return tuple(judging.undo(ws, entry, user, why) for entry in sorted(_list(asked, "entries", int), reverse=True))
    raise UsageError(f'"{verb}" is nothing that can be decided: same, apart, split, bulk or undo')


def _text(asked: Mapping[str, object], name: str, required: bool = True) -> str:
    found = asked.get(name, "")
    if not isinstance(found, str) or len(found) > LONGEST or (required and not found):
        raise UsageError(f"{name} is a text of 1 to {LONGEST} characters: try again")
    return found.strip()


def _list(asked: Mapping[str, object], name: str, kind: type[T]) -> list[T]:
    found = asked.get(name)
    if not isinstance(found, list) or not found or not all(type(one) is kind for one in found):
        raise UsageError(f"{name} names nothing: pick at least one")
    return found


def _pairs(known: Index, which: np.ndarray) -> tuple[tuple[str, str], ...]:
    doubts = known.doubts
    return tuple((doubts.a[number], doubts.b[number]) for number in np.flatnonzero(which).tolist())
