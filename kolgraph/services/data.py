"""What the landscape was made from: loads, counts, what could not be read, definitions, whether it stands."""

from dataclasses import dataclass

from kolgraph.errors import StoreError
from kolgraph.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Condition:
    """How far the graph is: empty, building, unscored or ready; `notice` is a sentence for readers, "" when ready."""

    state: str
    notice: str
    built: str  # date of the graph that readers see


def built_at(ws: Workspace) -> str:
    """The date of the graph that readers see, "" when there is none."""
    return condition(ws).built


def condition(ws: Workspace) -> Condition:
    """Whether there is a graph to read, and what to do when there is not."""
    try:
        rows = ws.store.read("build")
    except StoreError as error:
        return Condition("empty", str(error), "")
    if not rows:
        return Condition("empty", "There is no graph yet: run kolgraph run in a terminal.", "")
    row = rows[0]
    date = str(row["builtAt"] or "")[:10]
    if row["state"] != "complete":
        return Condition("building", "The graph is being built; numbers are not complete until it is done.", date)
    if not row["scoredAt"]:
        return Condition("unscored", "The graph has no scores yet: run kolgraph score in a terminal.", date)
    return Condition("ready", "", date)
