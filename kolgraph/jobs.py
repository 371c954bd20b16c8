"""Load, resolve, build, score: the only place where the rooms meet to write. Every step can be killed and run again.

A step is skipped when what it was made from has not changed. Progress goes to a callable as (done, of, what), `of` None
when nobody knows; whoever asked decides how to show it.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kolgraph import __version__, asking, plugins
from kolgraph.asking import Access, Planned
from kolgraph.errors import InputError, NoGraphError, SourceError, UsageError
from kolgraph.inbox import Inbox
from kolgraph.landscape import Source
from kolgraph.loading import Ask, Load, Loader
from kolgraph.model import Descriptor, Judgement, Topic
from kolgraph.workspace import Workspace

if TYPE_CHECKING:
    from kolgraph.loading.runner import LoadResult
    from kolgraph.resolve.places import Places

# The heavy rooms are imported by the step that needs them: a command that only loads or looks starts in an instant.

Progress = Callable[[int, int | None, str], None]


def silent(done: int, of: int | None, what: str) -> None:
    """The progress of somebody who does not look."""


@dataclass(frozen=True, slots=True)
class Step:
    """What a step did; `fresh` when there was nothing to do, `problem` when a source did not deliver all."""

    name: str
    fresh: bool
    counts: dict[str, int]
    problem: str = ""


def load(
    ws: Workspace,
    source: Source,
    *,
    access: Access | None = None,
    limit: int | None = None,
    again: bool = False,
    refresh: bool = True,
    progress: Progress = silent,
) -> "list[LoadResult]":
    """Read files or ask the service; a file that was loaded before is skipped, a broken one leaves nothing behind
    and, where it is one of several, is named in its result.

    A service that was asked to the end before is asked only for what changed since, where it can tell; `again` asks it
    for everything, without `refresh` it is not asked at all.
    """
    from kolgraph.loading.runner import LoadResult, origin_of, result_of
    from kolgraph.loading.runner import load as load_one

    one = asking.loader(source.loader)
    results = []
    with ws.lock("load"):
        listed = _asks(ws, source, access or Access(), limit)
        for ask in listed:
            before = None if again else _before(ws, one, ask)
            if before and not refresh:
                results.append(result_of(before, skipped=True))
                continue
            if before:
                ask = replace(ask, changed=before.mark)
            try:
                results.append(load_one(ws.inbox, one, ask, asking.client(one, ask), progress))
            except InputError as error:
                if len(listed) == 1:
                    raise
                # of many files a bad one is named and holds up none of the others
                results.append(LoadResult(one.name, origin_of(ask), 0, 0, 0, {}, refused=str(error)))
    return results


def _before(ws: Workspace, one: Loader, ask: Ask) -> Load | None:
    """The last time that a service answered this to the end; a question with a limit has none."""
    from kolgraph.loading.runner import SINCE, origin_of

    origin = origin_of(ask)
    return None if ask.file or ask.limit else ws.inbox.walked(one.name, origin, origin + SINCE, one.version)


def plan_load(ws: Workspace, *, access: Access | None = None) -> list[Planned]:
    """What loading each source of the recipe would take; of a service that was asked before, what changed since."""

    def refreshed(one: Loader, ask: Ask) -> Ask:
        before = _before(ws, one, ask)
        return replace(ask, changed=before.mark) if before else ask

    read = [(load.source, load.origin) for load in ws.inbox.loads() if load.sha256 and load.state == "done"]
    return [
        asking.plan(
            ws.landscape,
            one,
            access or Access(),
            folder=ws.path,
            name_of=_heading_of(ws),
            refreshed=refreshed,
            loaded={origin for source, origin in read if source == one.loader},
        )
        for one in ws.landscape.sources
    ]


def _asks(ws: Workspace, source: Source, access: Access, limit: int | None = None) -> list[Ask]:
    listed = asking.asks(ws.landscape, source, access, folder=ws.path, limit=limit, name_of=_heading_of(ws))
    return _in_part(ws, source, listed) if source.files and source.only_topics else listed


def _in_part(ws: Workspace, source: Source, listed: list[Ask]) -> list[Ask]:
    """The same files, of which only what is about a topic is taken; other topics make other walks of them."""
    from kolgraph.graph.topics import matcher, words_of

    one = asking.loader(source.loader)
    if not one.keeps:
        raise UsageError(f"files of {one.title} are loaded whole: leave out --only-topics")
    words = words_of(ws.landscape.topics, ws.inbox.nouns(Descriptor))
    if not words:
        raise UsageError("no topic says what to take out of the files: give the landscape one")
    said = f"about {hashlib.sha256(repr(words).encode()).hexdigest()[:12]}"
    match = matcher([Topic("topic:any", "any", words)])
    return [replace(ask, query=said, keep=lambda text: bool(match(text))) for ask in listed]


def _heading_of(ws: Workspace) -> asking.NameOf:
    def name(id: str) -> str:
        found = ws.inbox.record(id)
        return found[0].name if found and isinstance(found[0], Descriptor) else ""

    return name


def resolve(ws: Workspace, *, workers: int = 0, full: bool = False, progress: Progress = silent) -> Step:
    """Decide which mentions are one person, and where they work: of what is new since the last time, unless `full`.

    In so many processes, 0 for as many as there are processors and it is worth while.
    """
    from kolgraph import resolving
    from kolgraph.resolve import registers
    from kolgraph.resolve import write as write_resolution
    from kolgraph.resolve.changes import since

    with ws.lock("resolve"):
        if not any(ws.inbox.counts().values()) and not ws.inbox.closed():
            raise UsageError("nothing is loaded yet: kolgraph load SOURCE --file PATH (kolgraph sources lists them)")
        heard = ws.ledger.watermark()  # before the judgements: what is added meanwhile is heard next time
        said = ws.ledger.judgements()
        mark = _mark(resolving.made_by(), ws.inbox.watermark(), repr(said))
        if _resolved_mark(ws) == mark and not full:
            return Step("resolve", True, {})
        register = ws.ledger.register()
        anchors, judgements = _where_they_are_now(ws.inbox, register, said)
        on_entries, judgements = registers.of_registers(judgements)
        resolution = resolving.resolve_inbox(
            *(ws.inbox, ws.resolved, judgements, anchors, mark), workers=workers, full=full, progress=progress
        )
        # ids first: should we die now, the next run finds them issued and gives the same ones
        ws.ledger.move_anchors(resolution.anchors)
        issued = dict(register)  # under the mention of that day
        ws.ledger.issue(row for row in resolution.issued if row[0] not in issued)
        # whoever stands for themselves (again) points at nobody else
        ws.ledger.redirect_all([*((person, person) for person, _ in resolution.issued), *resolution.redirects])
        links = registers.link(ws.inbox, resolution.mentions, on_entries, lambda: places_of(ws), progress)
        resolution = replace(resolution, trouble=links.added_to(resolution.trouble))
        registers.write(links.table, ws.resolved, mark)  # before who is who: where that is new, all is new
        today = datetime.now(UTC).date().isoformat()
        differences = since(ws.resolved, resolution.mentions, ws.ledger.redirects(), today, ws.inbox.moved)
        write_resolution(resolution, ws.resolved, mark, heard, differences)
        return Step("resolve", False, resolution.counts() | links.counts())


def _where_they_are_now(
    inbox: Inbox, register: list[tuple[str, str]], judgements: list[Judgement]
) -> tuple[list[tuple[str, str]], list[Judgement]]:
    """Register and judgements with the mentions of records that go by another id today, e.g. once PubMed has them.

    Two mentions that have become one are one person, whatever was judged.
    """
    now = inbox.moved([*(anchor for _, anchor in register), *(key for one in judgements for key in (one.a, one.b))])
    anchors = [(person, now.get(anchor, anchor)) for person, anchor in register]
    current = (replace(one, a=now.get(one.a, one.a), b=now.get(one.b, one.b)) for one in judgements)
    return anchors, [one for one in current if one.a != one.b]


def places_of(ws: Workspace) -> "Places":
    """The institutions that are loaded, with what ROR was asked about affiliations."""
    from kolgraph.resolving import places_of as places_in

    return places_in(ws.inbox)


def build(ws: Workspace, *, progress: Progress = silent) -> Step:
    """Turn records and persons into a graph; readers keep the old one until the new one is whole."""
    from kolgraph.graph import build as build_graph

    with ws.lock("build"):
        if not _resolved_mark(ws):
            raise UsageError("nobody is resolved yet: run `kolgraph resolve` first, or `kolgraph run` for all steps")
        mark = _build_mark(ws)
        if built(ws) == mark:
            return Step("build", True, {})
        match = places_of(ws).match
        made_from = {"id": mark, "inboxWatermark": ws.inbox.watermark(), "ledgerWatermark": ws.ledger.watermark()}
        headings = ws.inbox.nouns(Descriptor)
        counts = build_graph(
            ws.inbox,
            ws.resolved,
            ws.landscape,
            ws.store,
            match=match,
            descriptors=headings,
            listed=ws.inbox.listed(),
            progress=progress,
            **made_from,
        )
        return Step("build", False, counts)


def score(ws: Workspace, *, progress: Progress = silent) -> Step:
    """Compute communities, positions and scores, for everybody and for each topic, and keep a snapshot of them."""
    from kolgraph import snapshots
    from kolgraph.score.all import score_all

    with ws.lock("score"):
        if not built(ws):
            raise UsageError("there is no graph yet: run `kolgraph build` first, or `kolgraph run` for all steps")
        wanted = plugins.scores()
        known = {one["id"] for one in ws.store.read("score_list")}
        fresh = bool(ws.store.read("build")[0]["scoredAt"]) and {one.id for one in wanted} <= known
        counts = {} if fresh else score_all(ws.store, ws.landscape, scores=wanted, progress=progress)
        into = snapshots.folder(ws.path)
        if not (fresh and snapshots.taken(into, ws.store.read("build")[0])):
            progress(0, None, "snapshot")
            snapshots.take(ws.store, ws.resolved, into, ws.landscape.digest())
        return Step("score", fresh, counts)


def run(
    ws: Workspace, *, access: Access | None = None, refresh: bool = False, progress: Progress = silent
) -> list[Step]:
    """All steps of the recipe, skipping what is fresh; a service that was asked to the end is, unless `refresh`.

    A source that does not deliver is named in its step and holds up nobody; the next run goes on with it.
    """
    steps = []
    for source in ws.landscape.sources:
        name = f"load {source.loader}"
        try:
            results = load(ws, source, access=access, refresh=refresh, progress=progress)
        except SourceError as error:
            steps.append(Step(name, False, {}, str(error)))
            continue
        counts = {"records": sum(r.records for r in results), "rejected": sum(r.rejected for r in results)}
        missing = "; ".join(r.problem for r in results if r.problem)
        steps.append(Step(name, all(r.skipped for r in results), counts, missing))
    if not any(ws.inbox.counts().values()) and any(step.problem for step in steps):
        raise SourceError(next(step.problem for step in steps if step.problem))
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
        "closed": ws.inbox.closed(),  # kept, and no longer said by their source
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
