"""Decisions on identity: said about mentions, kept in the ledger, heard by the next resolution, undone at any time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from kolgraph import judgements
from kolgraph.chain import Event
from kolgraph.errors import UsageError
from kolgraph.workspace import Workspace

ACTIONS = {"same": "judgement.same", "apart": "judgement.different"}
NEW = "a new person"
_VERDICTS = {action: verdict for verdict, action in ACTIONS.items()}
_SHOWN = 3  # persons of one side that a note names


@dataclass(frozen=True, slots=True)
class Decision:
    """An entry of the ledger on identity. `a` and `b`, or `out` and `rest`, are mention keys; the rest is for readers.

    Of several pairs `out` and `rest` hold one side each. `undoes` is the entry that an undo takes back, else 0.
    """

    entry: int
    time: str
    by: str
    verdict: str  # same, apart, split, several, undo, withdraw
    a: str
    b: str
    out: tuple[str, ...]
    rest: tuple[str, ...]
    before: str
    after: str
    why: str
    undone: bool
    undoes: int = 0

    @property
    def undoable(self) -> bool:
        """To undo an undo is to redo."""
        return not self.undone


@dataclass(frozen=True, slots=True)
class Trouble:
    """Judgements that cannot all hold ("contradiction"), or whose mention is gone ("lost")."""

    kind: str
    text: str


def decide(ws: Workspace, verdict: str, a: str, b: str, user: str, why: str = "") -> int:
    """Say that two mentions are one person ("same") or two ("apart"); returns the number of the entry.

    Raises UsageError for a mention that resolution does not know.
    """
    if verdict not in ACTIONS:
        raise UsageError(f'"{verdict}" is no verdict: say {" or ".join(ACTIONS)}')
    ((left, one), (right, two)) = _sides(ws, [a], [b])
    meant = _eldest(ws, {*one, *two}) if verdict == "same" else _both(one, two)
    data = {"a": left[0], "b": right[0], "before": _before(one, two), "after": meant}
    return ws.ledger.append(ACTIONS[verdict], "", data, actor=user, why=why).seq


def split(ws: Workspace, out: Sequence[str], rest: Sequence[str], user: str, why: str = "") -> int:
    """Say that the mentions `out` are one person, and none of `rest` is; returns the number of the entry."""
    ((left, one), (right, two)) = _sides(ws, out, rest)
    data = {"out": left, "rest": right, "before": _before(one, two), "after": _both(two, one)}
    return ws.ledger.append("judgement.split", "", data, actor=user, why=why).seq


def tie(
    ws: Workspace, about: str, pairs: Iterable[tuple[str, str]], user: str, before: str, after: str, why: str = ""
) -> int:
    """Say of many pairs that each is one person, as one entry; a mention may be one that is not resolved yet."""
    data = {"pairs": [list(pair) for pair in pairs], "before": before, "after": after}
    return ws.ledger.append("judgement.several", about, data, actor=user, why=why).seq


def undo(ws: Workspace, entry: int, user: str, why: str = "") -> int:
    """Let an entry count no more: what was said about its mentions before holds again. To undo an undo is to redo."""
    return ws.ledger.append(judgements.UNDO, "", {"entry": entry}, actor=user, why=why).seq


def history(ws: Workspace, top: int = 200) -> tuple[Decision, ...]:
    """What was decided, the latest first."""
    entries = ws.ledger.judged()
    gone = judgements.undone(entries)
    return tuple(_decision(one, one.seq in gone) for one in entries[: -top - 1 : -1])


def trouble(ws: Workspace) -> tuple[Trouble, ...]:
    """What the last resolution could not do as it was told."""
    path = ws.resolved / "trouble.parquet"
    if not path.exists():
        return ()
    return tuple(Trouble(row["kind"], row["text"]) for row in pq.read_table(path, columns=["kind", "text"]).to_pylist())


def pending(ws: Workspace) -> int:
    """How many decisions the present resolution does not know yet, undos among them."""
    entries = ws.ledger.judged()
    mark = _resolved(ws)[0]
    heard = int(mark.partition(":")[0]) if ws.ledger.has(mark) else 0  # a copy was resolved beside another ledger
    now, then = (
        {one.seq for one in judgements.counting(known)} for known in (entries, [e for e in entries if e.seq <= heard])
    )
    return len(now ^ then)


def persons_of(ws: Workspace, keys: Iterable[str]) -> dict[str, str]:
    """Mention keys -> the persons that they are in the present resolution; unknown mentions are left out."""
    mentions = _resolved(ws)[1]
    if mentions is None:
        raise UsageError("nobody is resolved yet: run `kolgraph run` first")
    wanted = set(keys)
    records = pa.array(sorted({key.partition("#")[0] for key in wanted}), pa.string())
    rows = mentions.filter(pc.field("record").isin(records)).to_pylist()
    found = {f"{row['record']}#{row['position']}": row["person"] for row in rows}
    return {key: found[key] for key in wanted if key in found}


def anchor(ws: Workspace, person: str) -> str:
    """The mention that a person id stands for. Raises UsageError where that is not one thing."""
    issued = ws.ledger.issued([person])
    if person not in issued:
        raise UsageError(f'no person has the id "{person}": copy it from the page of the person, or name a mention')
    key = issued[person][1]
    key = ws.inbox.moved([key]).get(key, key)
    now, holder = ws.ledger.follow(person), persons_of(ws, [key]).get(key, "")
    if not holder:
        raise UsageError(f"{person} stands for {key}, which no record says any more: name a mention of today")
    if not person == now == holder:
        whom = now if now != person else holder
        raise UsageError(f"{person} was joined to {whom} and can mean both: name a mention, e.g. its first, {key}")
    return key


def rest_of(ws: Workspace, person: str, out: Sequence[str]) -> list[str]:
    """The mentions of a person besides `out`. Raises UsageError unless they are its own, and some are left."""
    mentions = _resolved(ws)[1]
    if mentions is None:
        raise UsageError("nobody is resolved yet: run `kolgraph run` first")
    own = mentions.filter(pc.field("person") == ws.ledger.follow(person)).to_pylist()
    keys = [f"{row['record']}#{row['position']}" for row in own]
    if not keys:
        raise UsageError(f'no person has the id "{person}": copy it from the page of the person')
    moved = ws.inbox.moved([key for key in out if key not in keys])
    apart = {moved.get(key, key) for key in out}
    if strange := sorted(apart - set(keys)):
        raise UsageError(f"{strange[0]} is no mention of {person}: `kolgraph explain {person} --json` lists them")
    rest = [key for key in keys if key not in apart]
    if not rest:
        raise UsageError(f"nothing would be left of {person}: name fewer of its {len(keys):,} mentions")
    return rest


def _resolved(ws: Workspace) -> tuple[str, pa.Table | None]:
    """The watermark of the ledger that the resolution has heard, and who is who: "" and None before the first."""
    path = ws.resolved / "mentions.parquet"
    try:
        stat = path.stat()
    except FileNotFoundError:
        return "", None
    return _read(path, stat.st_ino, stat.st_mtime_ns)


@lru_cache(2)  # decisions come in rows, on one landscape
def _read(path: Path, *_: int) -> tuple[str, pa.Table]:
    names = ["record", "position", "person"]
    table = pq.read_table(path, columns=names, read_dictionary=["record", "person"])
    mark: bytes = (table.schema.metadata or {}).get(b"ledger", b"")
    return mark.decode(), table


def _sides(ws: Workspace, *sides: Sequence[str]) -> list[tuple[list[str], list[str]]]:
    """Each side as the mention keys of today and the persons that they are, each once."""
    keys = [key for side in sides for key in side]
    persons = persons_of(ws, keys)
    moved = {}
    if unknown := [key for key in keys if key not in persons]:
        moved = ws.inbox.moved(unknown)
        persons |= persons_of(ws, moved.values())
    now = [[moved.get(key, key) for key in side] for side in sides]
    for key in (key for side in now for key in side if key not in persons):
        raise UsageError(f'no mention "{key}" is resolved: write RECORD#POSITION, e.g. pmid:90000001#0')
    return [(side, list(dict.fromkeys(persons[key] for key in side))) for side in now]


def _eldest(ws: Workspace, persons: set[str]) -> str:
    """Of several persons the one whose id stays when they become one."""
    issued = ws.ledger.issued(persons)
    return min(persons, key=lambda person: (person not in issued, issued.get(person, (0, "")), person))


def _before(one: list[str], two: list[str]) -> str:
    return _named(one) if one == two else f"{_named(one)} and {_named(two)}"


def _both(one: list[str], two: list[str]) -> str:
    """Two sides that are to be two persons: what one person holds of both is given to a new one."""
    shared = set(one) & set(two)
    return f"{_named(one)} and {NEW if shared else _named(two)}"


def _named(persons: list[str]) -> str:
    more = f" and {len(persons) - _SHOWN:,} more" if len(persons) > _SHOWN else ""
    return ", ".join(persons[:_SHOWN]) + more


def _decision(one: Event, undone: bool) -> Decision:
    said = one.data.get
    return Decision(
        entry=one.seq,
        time=one.time,
        by=one.actor,
        verdict=_VERDICTS.get(one.action, one.action.partition(".")[2]),
        a=said("a", ""),
        b=said("b", ""),
        out=tuple(said("out", ())) or tuple(a for a, _ in said("pairs", ())),
        rest=tuple(said("rest", ())) or tuple(b for _, b in said("pairs", ())),
        before=said("before", ""),
        after=said("after", ""),
        why=one.why,
        undone=undone,
        undoes=said("entry", 0),
    )
