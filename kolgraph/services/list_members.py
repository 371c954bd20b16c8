"""The people of an imported list: who each row is, by a tie that somebody accepted or by what resolution found."""

from dataclasses import dataclass

from kolgraph import judgements
from kolgraph.errors import UsageError
from kolgraph.geo import country_name
from kolgraph.lists.wish import slug
from kolgraph.model import mention_key
from kolgraph.names import display
from kolgraph.services import judging, lists
from kolgraph.services.list_check import accepted, ties
from kolgraph.workspace import Workspace

TIED, NUMBER = "accepted", "ORCID or NPI"
_WITH_LIST = "the list was removed"


@dataclass(frozen=True, slots=True)
class Member:
    """A row of a list; `person` is "" where it is nobody who is on a record. `how` says what ties them."""

    row: str
    said: str
    place: str
    person: str = ""
    name: str = ""
    now: str = ""
    last: int | None = None
    papers: int = 0
    how: str = ""


def members(ws: Workspace, which: str) -> tuple[Member, ...]:
    """Every row of a list in order of its names. Raises UsageError for a list that is not there."""
    held = lists.one(ws, which)
    start = f"own:{held.slug}:"
    nouns = [noun for noun in ws.inbox.listed() if noun.id.startswith(start)]
    told = accepted(ws, held.slug)
    keys = {noun.id: mention_key(noun.id, 0) for noun in nouns}
    persons = judging.persons_of(ws, [*keys.values(), *told.values()])
    whose = {noun.id: persons.get(told.get(keys[noun.id], ""), "") for noun in nouns}
    found = {noun.id: whose[noun.id] or persons.get(keys[noun.id], "") for noun in nouns}
    known = {row["id"]: row for row in ws.store.read("people", ids=sorted(set(found.values()) - {""}))}
    made = []
    for noun in nouns:
        where = noun.mention.affiliations[0] if noun.mention.affiliations else None
        place = ", ".join(filter(None, (where.text, where.city, country_name(where.country)))) if where else ""
        row = known.get(found[noun.id])
        if row is None or not (row["paperCount"] or row["trialCount"] or whose[noun.id]):
            made.append(Member(noun.id, display(noun.mention), place))
            continue
        how = TIED if whose[noun.id] else NUMBER
        made.append(
            Member(
                noun.id,
                display(noun.mention),
                place,
                row["id"],
                row["name"],
                row["institutionName"],
                row["lastYear"],
                row["paperCount"],
                how,
            )
        )
    return tuple(sorted(made, key=lambda one: (one.said.split()[-1:], one.said, one.row)))


def untie(ws: Workspace, which: str, user: str, why: str = "ties of the list taken back") -> int:
    """Take back what was accepted last about a list; returns how many rows that were."""
    entry, rows = ties(ws).get(slug(which), (0, 0))
    if not entry:
        raise UsageError(f"no row of “{which}” is tied to anybody by an acceptance: there is nothing to take back")
    judging.undo(ws, entry, user, why)
    return rows


def remove(ws: Workspace, which: str, user: str) -> lists.Imported:
    """Take a list away, and with it what was accepted about its rows."""
    gone = lists.remove(ws, which, user)
    while gone.slug in ties(ws):
        untie(ws, gone.slug, user, _WITH_LIST)
    return gone


def restore(ws: Workspace, which: str, user: str) -> lists.Imported:
    """Undo the last removal of a list, with the ties that went with it: not those of editions before."""
    back = lists.restore(ws, which, user)
    group = lists.GROUPS + back.slug
    removed = max(one.seq for one in ws.ledger.events("list.remove", group))
    entries = ws.ledger.judged()
    own = {one.seq for one in entries if one.object == group}
    gone = judgements.undone(entries)
    for one in entries:
        if one.seq > removed and one.seq not in gone and one.why == _WITH_LIST and one.data.get("entry") in own:
            judging.undo(ws, one.seq, user, "the list is back")
    return back
