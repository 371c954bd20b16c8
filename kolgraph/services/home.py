"""The first page: what is due, what the landscape holds, where to begin."""

from dataclasses import dataclass
from datetime import date

from kolgraph.services import plan
from kolgraph.services.changed import Changes
from kolgraph.services.changes import digest
from kolgraph.services.confidence import Confidence, of
from kolgraph.services.data import Condition, Loaded, condition, loads
from kolgraph.services.explore import Group, groups, years
from kolgraph.store import Row
from kolgraph.workspace import Workspace

LABELS = {
    "Person": "people",
    "Publication": "papers",
    "Trial": "trials",
    "Institution": "institutions",
}


@dataclass(frozen=True, slots=True)
class Field:
    """A topic and how much there is about it; `top` are its three most influential people (id, name, identity)."""

    id: str
    name: str
    people: int
    papers: int
    trials: int
    top: tuple[tuple[str, str, Confidence], ...]


@dataclass(frozen=True, slots=True)
class Overview:
    condition: Condition
    due: tuple[plan.Item, ...]  # overdue and this week
    planned: int
    counts: dict[str, int]
    topics: tuple[Field, ...]
    communities: tuple[Group, ...]
    years: tuple[tuple[int, int], ...]
    loads: tuple[Loaded, ...]
    records: dict[str, int]  # loaded
    changed: Changes | None  # since the build before, None when there is none


def overview(ws: Workspace, today: date) -> Overview:
    """Everything on the page; without a graph only the plan and the loads."""
    state = condition(ws)
    if state.state == "empty":
        return Overview(state, (), 0, {}, (), (), (), loads(ws), ws.inbox.counts(), None)
    listed = plan.items(ws, today)
    counts = {row["label"]: row["count"] for row in ws.store.read("counts")}
    return Overview(
        condition=state,
        due=tuple(item for item in listed if item.bucket in ("overdue", "week")),
        planned=sum(item.engagement.status == "planned" for item in listed),
        counts={word: counts.get(label, 0) for label, word in LABELS.items()},
        topics=tuple(_field(ws, row) for row in ws.store.read("topics")),
        communities=groups(ws, "all"),
        years=years(ws, "all"),
        loads=loads(ws),
        records=ws.inbox.counts(),
        changed=digest(ws),
    )


def _field(ws: Workspace, row: Row) -> Field:
    id = row["id"]
    top = ws.store.read("ranking", score="influence", scope=id, top=3, offset=0)
    names = tuple((one["id"], one["name"], of(one)) for one in top)
    return Field(id, row["name"], row["peopleCount"] or 0, row["paperCount"] or 0, row["trialCount"] or 0, names)
