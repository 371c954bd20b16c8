"""What may be decided about who is who, and the judgements that such decisions add up to.

Decisions name mentions (record#position), never persons: those are derived. `judgement.undo` takes an entry out of the
count, whenever it was made; to undo the undo counts it again. Of what counts, the last word on a pair holds.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, product
from typing import Any

from kolgraph.chain import Event
from kolgraph.engagements import LINE, check_text
from kolgraph.errors import LedgerError
from kolgraph.model import Judgement

Words = dict[tuple[str, str], Judgement]  # by pair of mentions, the smaller first
UNDO = "judgement.undo"
ACTIONS: dict[str, set[str]] = {
    "judgement.same": {"a", "b"},
    "judgement.different": {"a", "b"},
    "judgement.withdraw": {"a", "b"},  # nothing is said about the pair any more
    "judgement.split": {"out", "rest"},  # two lists: `out` is one person, and nobody of `rest` is
    "judgement.several": {"pairs"},  # a list of [a, b], each one person: decided together, undone together
    UNDO: {"entry"},  # the number of another entry on identity
}
NOTES = {"before", "after"}  # on all but an undo: the persons on either side, and what is meant; for readers alone
MENTION = re.compile(r"[a-z]+:[^\s#]+#\d+")


def check(action: str, data: Mapping[str, Any]) -> None:
    """Raises LedgerError for a field that is missing or too much, or for what names no two sides."""
    notes = set() if action == UNDO else NOTES
    if set(data) - notes != ACTIONS[action]:
        raise LedgerError(f"{action} takes {', '.join(sorted(ACTIONS[action]))}; given: {', '.join(sorted(data))}")
    for name in notes & set(data):
        check_text(name, data[name], LINE)
    if action == UNDO:
        if isinstance(data["entry"], bool) or not isinstance(data["entry"], int):
            raise LedgerError(f"entry is {data['entry']!r}: give the number of an entry")
        return
    if action == "judgement.several":
        if not isinstance(data["pairs"], list) or not data["pairs"]:
            raise LedgerError("no pair is given: give at least one of two mentions")
        for pair in data["pairs"]:
            if not isinstance(pair, list) or len(pair) != 2:
                raise LedgerError(f"{pair!r} is no pair: give two mentions")
            _check_sides([pair[:1], pair[1:]])
        return
    _check_sides([data["out"], data["rest"]] if "out" in data else [[data["a"]], [data["b"]]])


def _check_sides(sides: list[Any]) -> None:
    if not all(isinstance(side, list) and side for side in sides):
        raise LedgerError("a side of the split is empty: give at least one mention for each")
    keys = [key for side in sides for key in side]
    for key in keys:
        check_text("a mention", key, LINE)
        if not MENTION.fullmatch(key):
            raise LedgerError(f'"{key}" is no mention: write RECORD#POSITION, e.g. pmid:90000001#0')
    twice, count = Counter(keys).most_common(1)[0]
    if count > 1:
        raise LedgerError(f"{twice} is judged against itself: give two mentions")


def check_undo(entries: Sequence[Event], entry: int) -> None:
    """Raises LedgerError unless `entry` is one of these and counts."""
    if not any(one.seq == entry for one in entries):
        raise LedgerError(f"entry {entry} decides nothing about identity: kolgraph judge --list shows those that do")
    if entry in undone(entries):
        raise LedgerError(f"entry {entry} is undone already: to count it again, undo the entry that undid it")


def undone(entries: Sequence[Event]) -> set[int]:
    """The numbers of the entries that do not count."""
    found: set[int] = set()
    for one in reversed(entries):  # an undo comes after what it undoes: whether it counts is known before
        if one.action == UNDO and one.seq not in found:
            found.add(one.data["entry"])
    return found


def counting(entries: Sequence[Event]) -> list[Event]:
    """The decisions that count, oldest first; undos have done their work and are left out."""
    gone = undone(entries)
    return [one for one in entries if one.action != UNDO and one.seq not in gone]


def fold(entries: Sequence[Event]) -> list[Judgement]:
    """What all entries on identity add up to, in the order of the last words; `a` < `b`."""
    return list(spoken({}, (), entries).values())


def spoken(words: Words, heard: Sequence[Event], more: Sequence[Event]) -> Words:
    """The last words after more entries than those `heard`, which added up to `words`."""
    if any(one.action == UNDO for one in more):
        words, more = {}, counting((*heard, *more))
    found = dict(words)
    for one in more:
        for same, x, y in _pairs(one):
            a, b = (x, y) if x < y else (y, x)
            found.pop((a, b), None)
            if same is not None:
                found[a, b] = Judgement(same, a, b, one.actor, one.why, one.seq)
    return found


def _pairs(entry: Event) -> Iterator[tuple[bool | None, str, str]]:
    """What an entry says about pairs: one person, two, or (None) nothing any more.

    A split says it of every pair, so that it outlives the loss of any mention and later words on some of them.
    """
    if entry.action == "judgement.split":
        yield from ((True, a, b) for a, b in combinations(entry.data["out"], 2))
        yield from ((False, a, b) for a, b in product(entry.data["out"], entry.data["rest"]))
    elif entry.action == "judgement.several":
        yield from ((True, a, b) for a, b in entry.data["pairs"])
    else:
        said = {"judgement.same": True, "judgement.different": False}
        yield said.get(entry.action), entry.data["a"], entry.data["b"]
