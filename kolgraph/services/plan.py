"""The plan: whom to meet, when, with what question; what was said; what follows. Its only store is the ledger."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from kolgraph.errors import StoreError, UsageError
from kolgraph.export import PLAN, csv_bytes, plan_ics, plan_rows
from kolgraph.model import Engagement
from kolgraph.services.confidence import Confidence, confidences
from kolgraph.workspace import Workspace

CHANNELS = ("Visit", "Video call", "Phone", "E-mail", "Congress")
BUCKETS = {
    "overdue": "Overdue",
    "week": "This week",
    "later": "Later",
    "done": "Done",
    "cancelled": "Cancelled",
}


@dataclass(frozen=True, slots=True)
class Item:
    """An engagement beside the name and place of its person; `days` counts from today to the due date, None without.

    `identity` None: the person is not in the landscape now.
    """

    engagement: Engagement
    name: str
    place: str
    bucket: str
    days: int | None
    identity: Confidence | None


def items(ws: Workspace, today: date, person: str = "") -> tuple[Item, ...]:
    """Every engagement, in the order in which it is due; done ones by the day they were held, the latest first."""
    found = ws.ledger.engagements(person=person)
    known, sure = names(ws, (one.person for one in found)), confidences(ws, (one.person for one in found))
    listed = [_item(one, known.get(one.person), sure.get(one.person), today) for one in found]
    order = list(BUCKETS)
    past = sorted((i for i in listed if i.bucket == "done"), key=lambda i: i.engagement.held, reverse=True)
    rest = sorted((i for i in listed if i.bucket != "done"), key=lambda i: i.engagement.due or "9999")
    return tuple(sorted([*rest, *past], key=lambda item: order.index(item.bucket)))


def names(ws: Workspace, people: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Name and institution of those of the people whom the graph holds; nobody while there is no graph to read."""
    ids = sorted(set(people))
    try:
        rows = ws.store.read("people", ids=ids) if ids else []
    except StoreError:  # the plan outlives the graph
        return {}
    return {row["id"]: (row["name"], row["institutionName"] or "") for row in rows}


def _item(one: Engagement, known: tuple[str, str] | None, sure: Confidence | None, today: date) -> Item:
    name, place = known or ("Not in this landscape now", "")
    due = date.fromisoformat(one.due) if one.due else None
    days = (due - today).days if due else None
    return Item(one, name, place, bucket(one, today), days, sure)


def bucket(one: Engagement, today: date) -> str:
    """Under which heading it stands; a week ends on Sunday."""
    if one.status in ("done", "cancelled"):
        return one.status
    if not one.due:
        return "later"
    due = date.fromisoformat(one.due)
    sunday = today + timedelta(days=6 - today.weekday())
    return "overdue" if due < today else "week" if due <= sunday else "later"


def item(ws: Workspace, engagement: str, today: date) -> Item:
    """One item. Raises UsageError when the ledger holds no such engagement."""
    for one in items(ws, today):
        if one.engagement.id == engagement:
            return one
    raise UsageError("this entry of the plan does not exist: reload the page")


def add(ws: Workspace, person: str, fields: Mapping[str, Any], actor: str) -> str:
    """Plan an exchange with a person of the landscape; returns the id of the engagement."""
    now = ws.ledger.follow(person)
    if now not in names(ws, [now]):
        raise UsageError("choose a person of this landscape first")
    if not fields.get("objective"):
        raise UsageError("say what the exchange is for: the objective is empty")
    return ws.ledger.append("engagement.plan", "", {"person": now, **fields}, actor=actor).object


def change(ws: Workspace, engagement: str, fields: Mapping[str, Any], actor: str) -> None:
    """Write the fields that differ from what stands; nothing when none does."""
    now = item(ws, engagement, date.min).engagement
    differing = {key: value for key, value in fields.items() if getattr(now, key) != value}
    if differing:
        ws.ledger.append("engagement.change", engagement, differing, actor=actor)


def cancel(ws: Workspace, engagement: str, actor: str) -> None:
    """Take an item off the plan; it stays in the ledger and can be restored."""
    ws.ledger.append("engagement.cancel", engagement, {}, actor=actor)


def undo(ws: Workspace, engagement: str, actor: str) -> None:
    """Return to the version before the last."""
    ws.ledger.append("engagement.restore", engagement, {}, actor=actor)


def log(ws: Workspace, engagement: str, person: str, fields: Mapping[str, Any], actor: str) -> str:
    """Write down an exchange that took place, planned (`engagement`) or not (""); a follow-up date plans the next one.

    Returns the id of the next engagement, "" when there is none. Raises UsageError for a day that is still to come.
    """
    held, follow_up = str(fields.get("held", "")), str(fields.get("follow_up", ""))
    if held > date.today().isoformat():
        raise UsageError("the contact lies in the future: plan it instead, or correct the day")
    if follow_up and follow_up < held:
        raise UsageError("the follow-up is due before the contact took place: correct one of the two days")
    before = item(ws, engagement, date.min).engagement if engagement else None
    if before:
        ws.ledger.append("engagement.log", engagement, dict(fields), actor=actor)
    else:
        person = ws.ledger.follow(person)
        if person not in names(ws, [person]):
            raise UsageError("choose a person of this landscape first")
        ws.ledger.append("engagement.log", "", {"person": person, **fields}, actor=actor)
    if not follow_up:
        return ""
    topic = str(fields.get("asked") or (before.objective if before else "") or "the last contact").splitlines()[0]
    following = {
        "objective": f"Follow up: {topic}"[:300],
        "channel": fields.get("channel") or (before.channel if before else ""),
        "due": follow_up,
        "owner": before.owner if before and before.owner else actor,
    }
    return add(ws, before.person if before else person, following, actor)


def calendar(ws: Workspace, actor: str) -> bytes:
    """The plan as .ics; the ledger says that it was exported before a byte is returned."""
    listed = ws.ledger.engagements()
    known = {person: name for person, (name, _) in names(ws, (one.person for one in listed)).items()}
    ws.ledger.append("export.file", "plan.ics", {"what": "engagements", "rows": len(listed)}, actor=actor)
    return plan_ics(listed, known)


def spreadsheet(ws: Workspace, actor: str) -> bytes:
    """The plan as CSV, without the notes of talks; recorded like the calendar."""
    listed = ws.ledger.engagements()
    known = {person: name for person, (name, _) in names(ws, (one.person for one in listed)).items()}
    ws.ledger.append("export.file", "plan.csv", {"what": "engagements", "rows": len(listed)}, actor=actor)
    return csv_bytes(plan_rows(listed, known), PLAN)
