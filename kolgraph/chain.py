"""The chain of the ledger: how an entry is sealed, and how the whole is checked.

hash = SHA-256 of the canonical bytes (JSON, keys sorted, no spaces, UTF-8) of seq, time, actor, action, object, why,
data and prev, where prev is the hash of the entry before.
"""

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

START = "0" * 64  # what the first entry names as the hash before it
FIELDS = ("seq", "time", "actor", "action", "object", "why", "data", "prev")
SEALED = {  # the rows that entries of these kinds seal, and how they are called
    "register.issue": ("SELECT n, person, anchor FROM register WHERE n BETWEEN ? AND ? ORDER BY n", "person ids"),
    "register.anchor": ("SELECT n, person, anchor FROM anchors WHERE n BETWEEN ? AND ? ORDER BY n", "anchors of ids"),
}
_ALL = -(2**63), 2**63 - 1


@dataclass(frozen=True, slots=True)
class Event:
    """One entry. `object` is what it is about: an engagement, a person, a file."""

    seq: int
    time: str  # ISO 8601, UTC
    actor: str
    action: str
    object: str
    why: str
    data: dict[str, Any]
    prev: str
    hash: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the chain holds. `first_bad` is the first entry that is wrong or missing."""

    ok: bool
    count: int
    head: str
    first_bad: int | None = None
    reason: str = ""


def canonical(value: Any) -> str:
    """The one spelling of a JSON value."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def seal(event: Mapping[str, Any]) -> str:
    """The hash of an entry, given its fields but `hash`."""
    return hashlib.sha256(canonical({name: event[name] for name in FIELDS}).encode()).hexdigest()


def digest(rows: Iterable[tuple[int, str, str]]) -> str:
    """The hash of register rows: number, person, anchor."""
    sha = hashlib.sha256()
    for row in rows:
        sha.update(canonical(list(row)).encode() + b"\n")
    return sha.hexdigest()


def lenient(text: bytes) -> str:
    """A text_factory that keeps bytes which are no UTF-8, as surrogates that no seal accepts."""
    return text.decode(errors="surrogateescape")


def verify(db: sqlite3.Connection, anchor: tuple[int, str] | None = None) -> Verdict:
    """Recompute chain and register over a connection that does not stumble over broken text (`lenient`)."""
    count, head = 0, START
    batches: dict[str, list[tuple[int, dict[str, Any]]]] = {action: [] for action in SEALED}
    try:
        for row in db.execute(
            "SELECT seq, time, actor, action, object, why, data, prev, hash FROM events ORDER BY seq"
        ):
            fault = _fault(row, count + 1, head)
            if fault:
                return Verdict(False, count, head, count + 1, f"entry {count + 1} {fault}")
            count, head = count + 1, str(row[8])
            if row[3] in batches:
                batches[row[3]].append((count, json.loads(row[6])))
            if anchor and anchor[0] == count and anchor[1] != head:
                return Verdict(False, count, head, count, f"entry {count} is not the one that the anchor names")
        last = max((n for (n,) in db.execute("SELECT seq FROM sqlite_sequence WHERE name = 'events'")), default=0)
    except sqlite3.Error as error:
        return Verdict(False, count, head, count + 1, f"entry {count + 1} cannot be read: {error}")
    last = max(last, anchor[0] if anchor else 0)
    if last > count:
        return Verdict(False, count, head, count + 1, f"entries {count + 1} to {last} are gone")
    ((state,), *_) = db.execute("PRAGMA integrity_check(1)")  # an index that lies would hide entries from a question
    if state != "ok":
        return Verdict(False, count, head, None, f"the file is damaged: {state}")
    for action, (rows, what) in SEALED.items():
        seq, reason = _register_fault(db, rows, what, batches[action])
        if reason:
            return Verdict(False, count, head, seq, reason)
    return Verdict(True, count, head)


def _fault(row: tuple[Any, ...], seq: int, prev: str) -> str:
    """What is wrong with a stored entry that should be number `seq` after the hash `prev`; "" when nothing is."""
    if row[0] != seq:
        return f"is missing; the next one is {row[0]}" if row[0] > seq else f"follows a stranger, {row[0]}"
    fields: dict[str, Any] = dict(zip((*FIELDS, "hash"), row, strict=True))
    try:
        text = fields["data"]
        fields["data"] = json.loads(text)
        sealed = seal(fields)
    except (ValueError, TypeError):
        return "cannot be read: it has been altered"
    if fields["prev"] != prev:
        return "does not follow the one before: one of the two has been altered or replaced"
    if text != canonical(fields["data"]) or sealed != fields["hash"]:
        return "has been altered: its hash does not match what it says"
    return ""


def _register_fault(
    db: sqlite3.Connection, rows: str, what: str, batches: list[tuple[int, dict[str, Any]]]
) -> tuple[int | None, str]:
    """Which entry did not write the rows as they are, and what is wrong with them; "" when nothing is."""
    for seq, data in batches:
        try:
            found = digest(db.execute(rows, (data["first"], data["last"])))
        except (ValueError, TypeError):
            found = ""
        if found != data["sha256"]:
            return seq, f"the {what} that entry {seq} issued have been altered"
    if sum(1 for _ in db.execute(rows, _ALL)) != (batches[-1][1]["last"] if batches else 0):
        return None, f"the register holds {what} that no entry issued"
    return None, ""
