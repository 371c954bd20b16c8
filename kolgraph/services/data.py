"""What the landscape was made from: loads, counts, what could not be read, doubts, definitions, whether it stands."""

import shlex
from dataclasses import dataclass, replace

import pyarrow.parquet as pq

from kolgraph.chain import Verdict
from kolgraph.errors import StoreError
from kolgraph.inbox import Quarantined
from kolgraph.loading import Load, Loader
from kolgraph.model import mention_key
from kolgraph.plugins import loaders
from kolgraph.workspace import Workspace

SHOWN = 200  # rows of quarantine and doubts on a page
WHOLE = ("complete", "ready")
HELD = {  # a kind of record, in the words of the screen where they are others
    "practitioners": "clinicians",
    "payments": "payments (disclosure only)",
    "descriptors": "headings",
    "profiles": "author profiles",
    "listed": "rows of own lists",
}


@dataclass(frozen=True, slots=True)
class Condition:
    """How far the graph is: empty, building, unscored or ready; `notice` is a sentence for readers, "" when ready."""

    state: str
    notice: str
    built: str  # date of the graph that readers see


@dataclass(frozen=True, slots=True)
class Loaded:
    """A load beside the title and licence of its source."""

    load: Load
    title: str
    licence: str
    home: str


@dataclass(frozen=True, slots=True)
class Doubt:
    """Two mentions that may be one person and were kept apart; positive log-odds speak for one, None = not weighed."""

    a: str
    b: str
    logodds: float | None
    reasons: str
    names: tuple[str, str] = ("", "")  # as the records write them


@dataclass(frozen=True, slots=True)
class Inventory:
    """The page Data, whole."""

    condition: Condition
    build: dict[str, str]
    loads: tuple[Loaded, ...]
    records: dict[str, int]
    counts: tuple[tuple[str, int], ...]  # nodes and edges by label
    unknown: tuple[tuple[str, str, int], ...]  # source, what it said, how often
    quarantine: tuple[Quarantined, ...]
    quarantined: int
    doubts: tuple[Doubt, ...]
    doubtful: int
    ledger: Verdict


def built_at(ws: Workspace) -> str:
    """The date of the graph that readers see, "" when there is none."""
    return condition(ws).built


def condition(ws: Workspace) -> Condition:
    """Whether there is a graph to read, and what to do when there is not."""
    try:
        rows = ws.store.read("build")
    except StoreError as error:
        if ws.graph.url or (ws.path / "graph.db").exists():
            return Condition("empty", error.sentence, "")
        rows = []
    if not rows:
        return Condition(
            "empty",
            f"There is no graph yet: build it under Landscapes, or type in a terminal: {command(ws, 'run')}",
            "",
        )
    row = rows[0]
    date = str(row["builtAt"] or "")[:10]
    if row["state"] not in WHOLE:
        return Condition("building", "The graph is being built: numbers are not complete until it is done.", date)
    if not row["scoredAt"]:
        return Condition("unscored", f"The graph has no scores yet: type in a terminal: {command(ws, 'score')}", date)
    return Condition("ready", "", date)


def command(ws: Workspace, words: str) -> str:
    """What to type for this workspace, e.g. `kolgraph --workspace asthma run`."""
    return f"kolgraph --workspace {shlex.quote(str(ws.path))} {words}"


def loads(ws: Workspace) -> tuple[Loaded, ...]:
    """Every load, the latest first."""
    known = loaders()
    return tuple(_loaded(one, known.get(one.source)) for one in reversed(ws.inbox.loads()))


def _loaded(load: Load, loader: Loader | None) -> Loaded:
    if loader is None:
        return Loaded(load, load.source, "", "")
    return Loaded(load, loader.title, loader.licence, loader.home)


def inventory(ws: Workspace) -> Inventory:
    """Everything that the page shows; the chain of the ledger is recomputed."""
    state = condition(ws)
    graph = state.state != "empty"
    doubts = _doubts(ws)
    done = loads(ws)
    return Inventory(
        condition=state,
        build={key: str(value or "") for key, value in ws.store.read("build")[0].items()} if graph else {},
        loads=done,
        records={HELD.get(kind, kind): count for kind, count in ws.inbox.counts().items()},
        counts=tuple((row["label"], row["count"]) for row in ws.store.read("counts")) if graph else (),
        unknown=tuple((one.title, what, count) for one in done for what, count in one.load.unknown),
        quarantine=tuple(ws.inbox.quarantine(limit=SHOWN)),
        quarantined=sum(ws.inbox.quarantined().values()),
        doubts=tuple(doubts[:SHOWN]),
        doubtful=len(doubts),
        ledger=ws.ledger.verify(),
    )


def _doubts(ws: Workspace) -> list[Doubt]:
    """The doubts that resolution left, the closest calls first."""
    path = ws.resolved / "doubts.parquet"
    if not path.exists():
        return []
    rows = pq.read_table(path).to_pylist()
    found = [Doubt(row["a"], row["b"], row["logodds"], str(row["reasons"])) for row in rows]
    found.sort(key=lambda doubt: (abs(doubt.logodds or 0), doubt.a, doubt.b))
    written = _names(ws, {key for doubt in found[:SHOWN] for key in (doubt.a, doubt.b)})
    return [replace(doubt, names=(written.get(doubt.a, ""), written.get(doubt.b, ""))) for doubt in found]


def _names(ws: Workspace, mentions: set[str]) -> dict[str, str]:
    """Mention key -> the name that stands there."""
    if not mentions:
        return {}
    records = {key.partition("#")[0] for key in mentions}
    columns = ["record", "position", "name"]
    table = pq.read_table(ws.resolved / "mentions.parquet", columns=columns, filters=[("record", "in", records)])
    named = ((mention_key(row["record"], row["position"]), row["name"]) for row in table.to_pylist())
    return {key: str(name) for key, name in named if key in mentions}
