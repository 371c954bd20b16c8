"""Load, resolve, build, score: the only place where the rooms meet to write. Every step can be killed and run again.

A step is skipped when what it was made from has not changed. Progress goes to a callable as (done, of, what), `of` None
when nobody knows; whoever asked decides how to show it.
"""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kolgraph import __version__, plugins
from kolgraph.errors import NoGraphError, UsageError
from kolgraph.landscape import Source
from kolgraph.loading import Ask, Loader
from kolgraph.model import Mention, Publication, Trial, mentions_of
from kolgraph.workspace import Workspace

if TYPE_CHECKING:
    from kolgraph.loading.runner import LoadResult

# The heavy rooms are imported by the step that needs them: a command that only loads or looks starts in an instant.

Progress = Callable[[int, int | None, str], None]


def silent(done: int, of: int | None, what: str) -> None:
    """The progress of somebody who does not look."""


@dataclass(frozen=True, slots=True)
class Step:
    """What a step did; `fresh` when there was nothing to do."""

    name: str
    fresh: bool
    counts: dict[str, int]


def loader(name: str) -> Loader:
    """The loader of a source. Raises UsageError naming those that exist."""
    known = plugins.loaders()
    if name not in known:
        raise UsageError(f'unknown source "{name}": known are {", ".join(sorted(known))}')
    return known[name]


def load(
    ws: Workspace,
    source: Source,
    *,
    api_key: str = "",
    contact: str = "",
    base_url: str = "",
    limit: int | None = None,
    progress: Progress = silent,
) -> "list[LoadResult]":
    """Read files or ask the service; a file that was loaded before is skipped, a broken one leaves nothing behind."""
    from kolgraph.loading.files import expand
    from kolgraph.loading.http import Client
    from kolgraph.loading.runner import load as load_one

    one = loader(source.loader)
    if not source.files and not source.query:
        raise UsageError(f"what to load from {one.title}? Give files with --file or a question with --query")
    if source.files and (source.since or source.until or limit):
        raise UsageError("--since, --until and --limit are for --query: a file is loaded whole")
    ask = Ask(
        query=source.query,
        since=source.since,
        until=source.until,
        limit=limit,
        api_key=api_key,
        contact=contact,
        base_url=base_url,
    )
    asks: Iterable[Ask] = [ask]
    if source.files:
        asks = [Ask(file=path) for path in expand([ws.path / name for name in source.files])]
    with ws.lock("load"):
        return [load_one(ws.inbox, one, each, Client(one, each), progress) for each in asks]


def resolve(ws: Workspace, *, progress: Progress = silent) -> Step:
    """Decide which mentions are one person, and where they work."""
    from kolgraph.resolve import resolve as resolve_mentions
    from kolgraph.resolve import write as write_resolution
    from kolgraph.resolve.places import Places

    with ws.lock("resolve"):
        if not any(ws.inbox.counts().values()):
            raise UsageError("nothing is loaded yet: kolgraph load SOURCE --file PATH (kolgraph sources lists them)")
        mark = _mark(ws.inbox.watermark(), repr(ws.ledger.judgements()))
        if _resolved_mark(ws) == mark:
            return Step("resolve", True, {})
        places = Places(ws.inbox.institutions())
        resolution = resolve_mentions(
            ws.inbox.publications(), ws.inbox.trials(), ws.ledger.judgements(), ws.ledger.register(), places, progress
        )
        # ids first: should we die now, the next run finds them issued and gives the same ones
        ws.ledger.issue(resolution.issued)
        # whoever stands for themselves (again) points at nobody else
        ws.ledger.redirect_all([*((person, person) for person, _ in resolution.issued), *resolution.redirects])
        write_resolution(resolution, ws.resolved, mark)
        return Step("resolve", False, resolution.counts())


def build(ws: Workspace, *, progress: Progress = silent) -> Step:
    """Turn records and persons into a graph; readers keep the old one until the new one is whole."""
    from kolgraph.graph import build as build_graph
    from kolgraph.resolve.places import Places

    with ws.lock("build"):
        if not _resolved_mark(ws):
            raise UsageError("nobody is resolved yet: run `kolgraph resolve` first, or `kolgraph run` for all steps")
        mark = _build_mark(ws)
        if built(ws) == mark:
            return Step("build", True, {})
        match = Places(ws.inbox.institutions()).match
        made_from = {"id": mark, "inboxWatermark": ws.inbox.watermark(), "ledgerWatermark": ws.ledger.watermark()}
        counts = build_graph(ws.inbox, ws.resolved, ws.landscape, ws.store, match=match, progress=progress, **made_from)
        return Step("build", False, counts)


def score(ws: Workspace, *, progress: Progress = silent) -> Step:
    """Compute communities, positions and scores, for everybody and for each topic."""
    from kolgraph.score.all import score_all

    with ws.lock("score"):
        if not built(ws):
            raise UsageError("there is no graph yet: run `kolgraph build` first, or `kolgraph run` for all steps")
        wanted = plugins.scores()
        known = {one["id"] for one in ws.store.read("score_list")}
        if ws.store.read("build")[0]["scoredAt"] and {one.id for one in wanted} <= known:
            return Step("score", True, {})
        return Step("score", False, score_all(ws.store, ws.landscape, scores=wanted, progress=progress))


def run(ws: Workspace, *, api_key: str = "", contact: str = "", progress: Progress = silent) -> list[Step]:
    """All steps of the recipe, skipping what is fresh."""
    steps = []
    for source in ws.landscape.sources:
        results = load(ws, source, api_key=api_key, contact=contact, progress=progress)
        counts = {"records": sum(r.records for r in results), "rejected": sum(r.rejected for r in results)}
        steps.append(Step(f"load {source.loader}", all(r.skipped for r in results), counts))
    for step in (resolve, build, score):
        steps.append(step(ws, progress=progress))
    return steps


def built(ws: Workspace) -> str:
    """The mark of the graph that readers see, "" when there is none or it is half-built."""
    try:
        found = ws.store.read("build")
    except NoGraphError:
        return ""
    return str(found[0]["id"]) if found and found[0]["state"] == "ready" else ""


def _build_mark(ws: Workspace) -> str:
    return _mark(_resolved_mark(ws), ws.landscape.digest())


def _mark(*made_from: str) -> str:
    """Equal for equal inputs under one version of the code, which is what makes a step skippable."""
    return hashlib.sha256(repr((__version__, *made_from)).encode()).hexdigest()[:24]


def _resolved_mark(ws: Workspace) -> str:
    import pyarrow.parquet as pq

    path: Path = ws.resolved / "mentions.parquet"
    if not path.exists():
        return ""
    return ((pq.read_schema(path).metadata or {}).get(b"watermark") or b"").decode()


def status(ws: Workspace, *, with_hash: bool = False) -> dict[str, Any]:
    """What stands and what is stale, as plain values; with the content hashes of inbox and graph when asked."""
    from kolgraph.store.content import content_hash

    mark = built(ws)
    graph = {one["label"]: one["count"] for one in ws.store.read("counts")} if mark else {}
    verdict = ws.ledger.verify()
    found: dict[str, Any] = {
        "title": ws.landscape.title,
        "topics": [topic.name for topic in ws.landscape.topics],
        "synthetic": ws.landscape.synthetic,
        "graph": ws.graph.url or "SQLite in the workspace",
        "inbox": ws.inbox.counts(),
        "resolved": bool(_resolved_mark(ws)),
        "built": bool(mark),
        "fresh": bool(mark) and mark == _build_mark(ws),
        "scored": bool(mark) and bool(ws.store.read("build")[0]["scoredAt"]),
        "counts": graph,
        "ledger": {"entries": verdict.count, "whole": verdict.ok},
    }
    if with_hash:
        found["hash"] = {"inbox": ws.inbox.content_hash(), "graph": content_hash(ws.store) if mark else ""}
    return found


def explain(ws: Workspace, a: str, b: str) -> str:
    """Why two mentions, each `record#position`, are or are not one person. Raises UsageError for one we do not hold."""
    from kolgraph.resolve import explain as explain_pair
    from kolgraph.resolve.rarity import stored

    return str(explain_pair(_mention(ws, a), _mention(ws, b), stored(ws.resolved)))


def _mention(ws: Workspace, key: str) -> tuple[Publication | Trial, Mention]:
    record, _, position = key.partition("#")
    found = ws.inbox.record(record)
    if found and isinstance(noun := found[0], Publication | Trial):
        for mention in mentions_of(noun):
            if str(mention.position) == position:
                return noun, mention
    raise UsageError(f'no mention "{key}" is loaded: write RECORD#POSITION, e.g. pmid:90000001#0')
