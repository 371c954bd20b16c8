"""What the last resolution changed about who is who, and how it is undone: by judgements, with the next build."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow.compute as pc
import pyarrow.parquet as pq

from kolgraph.errors import UsageError
from kolgraph.services import judging
from kolgraph.services.confidence import Confidence, confidences
from kolgraph.workspace import Workspace

KINDS = ("merged", "split", "moved", "gone")  # told one by one; who is new or has new records is counted
SHOWN = 50
MOST = 200  # mentions of the smaller side that are judged apart one by one
EVERY = 1 << 31
WHY = "undoes what a build changed"


@dataclass(frozen=True, slots=True)
class Change:
    """A row of the resolved folder's changes. `identity` None: the landscape does not hold the person now.

    `undone`: the entries of the ledger that undo it with the next build, () while it stands.
    """

    kind: str
    person: str
    other: str
    mentions: int
    kept: int
    name: str
    other_name: str
    identity: Confidence | None
    other_identity: Confidence | None
    undoable: bool
    undone: tuple[int, ...]

    @property
    def key(self) -> str:
        return f"{self.kind} {self.person} {self.other}"


@dataclass(frozen=True, slots=True)
class Changed:
    """The last resolution beside the one before. `people` and `mentions` count by kind, `rows` are the largest."""

    date: str  # "" while nothing differs
    people: dict[str, int]
    mentions: dict[str, int]
    rows: tuple[Change, ...]
    pending: int  # decisions that wait for the next build

    @property
    def total(self) -> int:
        """How many changes can be told one by one."""
        return sum(self.people.get(kind, 0) for kind in KINDS)


def identity_changes(ws: Workspace, top: int = SHOWN) -> Changed:
    """What changed, the kinds in the order of KINDS. Raises UsageError while nobody is resolved."""
    path = ws.resolved / "changes.parquet"
    if not path.exists():
        raise UsageError("nothing is known of what the last build changed about who is who: run `kolgraph run`")
    kinds = pq.read_table(path, columns=["kind", "mentions", "date"])
    counted = kinds.group_by("kind").aggregate([("mentions", "sum"), ("mentions", "count")]).to_pylist()
    rows = pq.read_table(path, filters=pc.field("kind").isin(KINDS)).slice(0, top).to_pylist()
    return Changed(
        date=kinds["date"][0].as_py() if len(kinds) else "",
        people={row["kind"]: row["mentions_count"] for row in counted},
        mentions={row["kind"]: row["mentions_sum"] for row in counted},
        rows=_changes(ws, rows),
        pending=judging.pending(ws),
    )


def change(ws: Workspace, key: str) -> Change:
    """One change of the last build. Raises UsageError for one that is not, or no longer."""
    return _find(ws, key)[1]


def undo(ws: Workspace, key: str, user: str) -> Change:
    """Write the judgements that undo a change; what they say holds from the next build on."""
    row, found = _find(ws, key)
    if found.undone:
        return found
    if not found.undoable:
        raise UsageError("nothing can be decided about this change: the records behind it came or went")
    keys, rest, a = row["keys"], row["rest"], row["a"]
    if rest:  # what was apart before is apart again, the smaller side as one
        out, others = sorted((keys, rest), key=len) if found.kind == "merged" else (keys, rest)
        judging.split(ws, out[:MOST], others[: MOST**2 // len(out)], user, WHY)
    if found.kind != "merged" and a:
        judging.tie(ws, found.person, [(a, one) for one in keys], user, found.other, found.person, WHY)
    return change(ws, key)


def redo(ws: Workspace, key: str, user: str) -> Change:
    """Take the undoing back: the change holds again."""
    for entry in change(ws, key).undone:
        judging.undo(ws, entry, user)
    return change(ws, key)


def words(one: Change) -> str:
    """`A. Example and Anna Example are now one person: 12 and 3 records`."""
    records, kept = _counted(one.mentions), f"{one.kept:,}"
    if one.kind == "merged":
        both = f"{one.name} and {one.other_name}" if one.name != one.other_name else f"Two people called {one.name}"
        return f"{both} are now one person: {kept} and {records}"
    if one.kind == "split":
        return f"{one.name} is now two people: {kept} and {records}"
    if one.kind == "moved":
        way = f"{one.name} to {one.other_name}" if one.name != one.other_name else f"one {one.name} to another"
        return f"{records} went from {way}; {kept} stayed"
    return f"{one.name} is gone, with {records}"


def _counted(number: int) -> str:
    return f"{number:,} record{'' if number == 1 else 's'}"


def _find(ws: Workspace, key: str) -> tuple[dict[str, Any], Change]:
    kind, person, other = (*key.split(" "), "", "", "")[:3]
    path = ws.resolved / "changes.parquet"
    wanted = (pc.field("kind") == kind) & (pc.field("person") == person) & (pc.field("other") == other)
    found = pq.read_table(path, filters=wanted).to_pylist() if path.exists() else []
    if not found:
        raise UsageError("this change is not of the last build: reload the page")
    return found[0], _changes(ws, found)[0]


def _changes(ws: Workspace, rows: list[dict[str, Any]]) -> tuple[Change, ...]:
    sure = confidences(ws, (id for row in rows for id in (row["person"], row["other"]) if id))
    said = _said(ws) if rows else {}
    return tuple(_change(row, sure, said) for row in rows)


def _change(row: dict[str, Any], sure: Mapping[str, Confidence], said: Mapping[tuple[str, str, bool], int]) -> Change:
    needed = _needed(row)
    entries = [said.get(one, 0) for one in needed]
    undone = tuple(dict.fromkeys(entries)) if needed and all(entries) else ()
    told: dict[str, Any] = {name: row[name] for name in Change.__dataclass_fields__ if name in row}
    told |= {"identity": sure.get(row["person"]), "other_identity": sure.get(row["other"])}
    return Change(**told, undoable=bool(needed), undone=undone)


def _needed(row: Mapping[str, Any]) -> list[tuple[str, str, bool]]:
    """The judgements (a, b, same) by which one sees that a change is undone; none where nothing can be decided."""
    keys, rest, a = row["keys"], row["rest"], row["a"]
    pairs = [(keys[0], rest[0], False)] if rest else []
    pairs += [(a, keys[0], True)] if row["kind"] != "merged" and keys and a else []
    return [(min(one, two), max(one, two), same) for one, two, same in pairs]


def _said(ws: Workspace) -> dict[tuple[str, str, bool], int]:
    """What was decided here, and by which entry; the same said elsewhere is not ours to take back."""
    ours = (one for one in ws.ledger.judgements() if one.why == WHY)
    return {(min(one.a, one.b), max(one.a, one.b), one.same): one.entry for one in ours}
