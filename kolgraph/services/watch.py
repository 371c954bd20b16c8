"""The people whom somebody follows: kept in the ledger, so that it outlives every rebuild and can be undone."""

from dataclasses import dataclass

from kolgraph.errors import UsageError
from kolgraph.services.confidence import Confidence, confidences
from kolgraph.services.plan import names
from kolgraph.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Watched:
    """A person on the watch list: since when, by whom, why; `identity` None: not in the landscape now."""

    id: str
    name: str
    place: str
    since: str
    by: str
    why: str
    identity: Confidence | None


def watched(ws: Workspace) -> tuple[Watched, ...]:
    """The watch list, the latest first."""
    entries = ws.ledger.watched()
    known, sure = names(ws, entries), confidences(ws, entries)
    found = []
    for id, (last, *_) in entries.items():
        name, place = known.get(id, ("Not in this landscape now", ""))
        found.append(Watched(id, name, place, last.time[:10], last.actor, last.why, sure.get(id)))
    return tuple(found)


def is_watched(ws: Workspace, person: str) -> bool:
    """Whether a person, under any id, is on the list."""
    return ws.ledger.follow(person) in ws.ledger.watched()


def watch(ws: Workspace, person: str, actor: str, why: str = "") -> str:
    """Put a person on the list, or say anew why; returns the name. Raises UsageError for nobody of this landscape."""
    id = ws.ledger.follow(person)
    known = names(ws, [id])
    if id not in known:
        raise UsageError("choose a person of this landscape first: nobody here has this id")
    ws.ledger.append("watch.add", id, actor=actor, why=why)
    return known[id][0]


def unwatch(ws: Workspace, person: str, actor: str) -> str:
    """Take a person off the list, under every id that was put there; returns the name."""
    id = ws.ledger.follow(person)
    for entry in ws.ledger.watched().get(id, ()):
        ws.ledger.append("watch.remove", entry.object, actor=actor)
    return names(ws, [id]).get(id, ("Not in this landscape now", ""))[0]


def toggle(ws: Workspace, person: str, on: bool, actor: str) -> str:
    """Put on the list, with the reason noted last, or take off; what stands is left as it is. Returns the name."""
    id = ws.ledger.follow(person)
    if is_watched(ws, id) == on:
        return names(ws, [id]).get(id, ("", ""))[0]
    if not on:
        return unwatch(ws, id, actor)
    before = ws.ledger.events("watch.add", id)
    return watch(ws, id, actor, before[-1].why if before else "")


def note(ws: Workspace, person: str, why: str, actor: str) -> bool:
    """Say anew why somebody on the list is watched; False where that changes nothing."""
    entries = ws.ledger.watched().get(ws.ledger.follow(person))
    if not entries or entries[0].why == why:
        return False
    watch(ws, person, actor, why)
    return True
