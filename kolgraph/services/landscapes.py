"""Several landscapes: the folders of a home, which one the app shows; list, switch, copy, rename, delete, bring back.

A landscape is known by the name of its folder. What people decided never goes with a click: a deleted landscape lies in
the trash, whole, until somebody empties it by hand.
"""

import json
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from kolgraph import judgements
from kolgraph.errors import BusyError, KolgraphError, StoreError, UsageError
from kolgraph.landscape import FILE, Landscape, read
from kolgraph.ledger import Ledger
from kolgraph.names import fold
from kolgraph.plugins import titles
from kolgraph.queue import HOUSEHOLD, REBUILD, UNFINISHED, Job, steps_of
from kolgraph.services.data import Condition, condition
from kolgraph.services.shelf import Shelf, new_folder, write

LONGEST = 120  # characters of a title
_KEPT_BACK = ("ledger.db*", "workspace.lock", "graph.db.*.new", "inbox.db*")  # what a copy does not take as files
_STAMP = "%Y%m%dT%H%M%S%f"  # when something went into the trash; the end of its name there
_BROKEN = r"[\x00-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069]"


@dataclass(frozen=True, slots=True)
class Entry:
    """A landscape in the list. `problem` says why it cannot be read, "" when it can."""

    slug: str
    folder: Path
    title: str
    shown: bool
    synthetic: bool
    condition: Condition
    counts: Mapping[str, int]  # people, papers, trials, institutions
    size: int  # bytes
    job: Job | None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Deleted:
    """A landscape in the trash."""

    key: str
    title: str
    who: str
    when: str
    size: int


def entries(one: Shelf) -> list[Entry]:
    """Every landscape, the one that is shown first, then by title."""
    jobs = one.queue.latest()
    found = [_entry(one, slug, folder, jobs.get(one.key(folder))) for slug, folder in one.folders().items()]
    return sorted(found, key=lambda entry: (not entry.shown, fold(entry.title), entry.slug))


def entry(one: Shelf, slug: str) -> Entry:
    """A landscape. Raises UsageError when there is none of that name."""
    folder = one.folder(slug)
    jobs = one.queue.jobs(one.key(folder))
    return _entry(one, slug, folder, one.queue.job(jobs[0].id) if jobs else None)


def _entry(one: Shelf, slug: str, folder: Path, job: Job | None) -> Entry:
    size = _size(folder)
    shown = folder == one.ws.path
    try:
        with one.open(folder) as ws:
            state = condition(ws)
            rows = ws.store.read("counts") if state.state != "empty" else []
            counts = {row["label"]: row["count"] for row in rows}
            return Entry(slug, folder, ws.landscape.title, shown, ws.landscape.synthetic, state, counts, size, job)
    except KolgraphError as error:
        return Entry(slug, folder, slug, shown, False, Condition("empty", "", ""), {}, size, job, str(error))


def _size(folder: Path) -> int:
    """The bytes of its files; a build that runs may take some of them away meanwhile."""
    size = 0
    for file in folder.rglob("*"):
        with suppress(FileNotFoundError):
            size += file.stat().st_size if file.is_file() else 0
    return size


def switch(one: Shelf, slug: str) -> None:
    """From now on the app shows this landscape, also after a restart."""
    one.folder(slug)
    write(one.memory, json.dumps({"given": str(one.given), "shown": slug}))
    one.seen.clear()
    one.follow()


def copy(one: Shelf, slug: str, title: str, who: str) -> str:
    """A second landscape with the same recipe, records and graph; returns its name.

    Identities stay the same: the register of persons and the judgements of identity are taken along. Plans, notes and
    watch lists are not: they are about one's work, and stay in one place.
    """
    folder, title = one.folder(slug), titled(title)
    try:
        with one.open(folder) as source, source.lock("copy"), _draft(one, slug) as draft:
            # the home may lie inside of it, as in the container
            shutil.copytree(folder, draft, ignore=shutil.ignore_patterns(*_KEPT_BACK, *_inside(one, folder)))
            if (folder / "inbox.db").exists():
                source.inbox.copy_to(draft / "inbox.db")
            _retitle(draft, title)
            ledger = Ledger(draft / "ledger.db")
            ledger.issue(source.ledger.register())
            ledger.redirect_all(source.ledger.redirects().items())
            for said in judgements.counting(source.ledger.judged()):
                ledger.append(said.action, said.object, said.data, actor=who, why=said.why)
            ledger.append("landscape.copy", slug, {"source": source.landscape.title[:LONGEST]}, actor=who)
            ledger.close()
            made = new_folder(one, title)
            draft.rename(made)
    except OSError as error:
        raise StoreError(f"{folder} cannot be copied: {error.strerror}; make room or check the rights") from None
    return made.name


@contextmanager
def _draft(one: Shelf, slug: str) -> Iterator[Path]:
    """Where a copy grows: one for each original, whose lock is held, so that no two copies share it."""
    path = one.home / HOUSEHOLD / f"draft-{slug}"
    shutil.rmtree(path, ignore_errors=True)  # of a copy that was killed
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def _inside(one: Shelf, folder: Path) -> list[str]:
    """The name of what holds the other landscapes, where that is a folder inside of this one."""
    return [one.home.relative_to(folder).parts[0]] if folder in one.home.parents else []


def rename(one: Shelf, slug: str, title: str, who: str) -> None:
    """Give a landscape another title; its folder and its address stay."""
    folder, title = one.folder(slug), titled(title)
    with one.open(folder) as ws:
        _retitle(folder, title)
        ws.ledger.append("landscape.rename", slug, {"title": title}, actor=who)
    if folder == one.ws.path:
        one.ws.turn_to(one.open(folder))


def delete(one: Shelf, slug: str, typed: str, who: str) -> None:
    """Put a landscape into the trash, with everything in it. Raises UsageError unless its title was typed."""
    folder = one.folder(slug)
    found = entry(one, slug)
    if " ".join(typed.split()).casefold() != " ".join(found.title.split()).casefold():
        raise UsageError(f'the title typed is not "{found.title}": nothing was deleted')
    if _inside(one, folder):
        raise UsageError(f"the other landscapes lie inside of {folder}: it cannot be deleted here")
    if found.job and found.job.state in UNFINISHED:
        raise BusyError(f"{found.title} is being built: cancel that first")
    if found.problem:
        _to_trash(one, folder, slug)
    else:
        with one.open(folder) as ws, ws.lock("delete"):
            ws.ledger.append("landscape.delete", slug, actor=who)
            ws.ledger.close()
            _to_trash(one, folder, slug)
    one.queue.forget(one.key(folder))
    one.seen.clear()
    one.follow()


def _to_trash(one: Shelf, folder: Path, slug: str) -> None:
    one.trash.mkdir(parents=True, exist_ok=True)
    stamp = datetime.now(UTC).strftime(_STAMP)
    try:
        shutil.move(folder, one.trash / f"{slug}@{stamp}")
    except OSError as error:
        raise StoreError(f"{folder} cannot be moved into the trash: {error.strerror}") from None


def deleted(one: Shelf) -> list[Deleted]:
    """What lies in the trash, the latest first."""
    found = [_deleted(path.parent) for path in one.trash.glob(f"*@*/{FILE}")]
    return sorted((gone for gone in found if gone), key=lambda gone: gone.when, reverse=True)


def _deleted(folder: Path) -> Deleted | None:
    """None for a folder that somebody put there or renamed by hand."""
    try:
        stamp = datetime.strptime(folder.name.rpartition("@")[2], _STAMP).replace(tzinfo=UTC)
    except ValueError:
        return None
    try:
        title, ledger = read(folder).title, Ledger(folder / "ledger.db")
        acts = ledger.events("landscape.delete")
        ledger.close()
    except KolgraphError:
        title, acts = folder.name.rpartition("@")[0], []
    who = acts[-1].actor if acts else ""
    return Deleted(folder.name, title, who, stamp.isoformat(timespec="seconds"), _size(folder))


def restore(one: Shelf, key: str, who: str) -> str:
    """Bring a landscape back from the trash; returns its name."""
    if key not in {gone.key for gone in deleted(one)}:
        raise UsageError("it does not lie in the trash any more: somebody may have brought it back already")
    gone = one.trash / key
    slug = key.rpartition("@")[0]
    back = one.home / slug if not (one.home / slug).exists() else new_folder(one, slug)
    shutil.move(gone, back)
    ledger = Ledger(back / "ledger.db")
    ledger.append("landscape.restore", back.name, actor=who)
    ledger.close()
    if not one.ws.exists:
        switch(one, back.name)
    return back.name


def build(one: Shelf, slug: str, who: str) -> Job:
    """Queue the build of a landscape; one that stands asks its sources only for what is new."""
    found = entry(one, slug)
    with one.open(found.folder) as ws:
        sources = titles(source.loader for source in ws.landscape.sources)
    return _queued(one, found.folder, "build" if found.condition.state == "empty" else "refresh", sources, who)


def rebuild(one: Shelf, slug: str, who: str) -> Job:
    """Queue what follows a decision or a list: who is who, graph and scores of what is loaded; no source is asked.

    A landscape that was never built is built.
    """
    found = entry(one, slug)
    return build(one, slug, who) if found.condition.state == "empty" else _queued(one, found.folder, REBUILD, (), who)


def _queued(one: Shelf, folder: Path, kind: str, sources: Iterable[tuple[str, str]], who: str) -> Job:
    job = one.queue.plan(one.queue.add(one.key(folder), kind, who).id, steps_of(sources))
    tend(one)
    return job


def source_titles(recipe: Landscape) -> list[str]:
    """What the sources of a recipe are called."""
    return [title for _, title in titles(source.loader for source in recipe.sources)]


def cancel(one: Shelf, slug: str) -> None:
    """End the build of a landscape; what is loaded stays."""
    for job in one.queue.jobs(one.key(one.folder(slug))):
        if job.state in UNFINISHED:
            one.queue.cancel(job.id)


def resume(one: Shelf, slug: str) -> None:
    """Go on with the last build of a landscape."""
    jobs = one.queue.jobs(one.key(one.folder(slug)))
    if jobs:
        one.queue.resume(jobs[0].id)
    tend(one)


def tend(one: Shelf) -> list[Job]:
    """See to it that what waits is worked on, and return what is under way."""
    one.queue.sweep()
    under_way = one.queue.unfinished()
    if under_way:
        one.queue.start(one.given_to_worker())
    return under_way


def revive(one: Shelf) -> list[Job]:
    """Go on with what was interrupted, when kolgraph is opened; returns it."""
    back = one.queue.revive()
    tend(one)
    return back


def titled(text: str) -> str:
    """A title as it is kept. Raises UsageError for one that nobody could read."""
    title = " ".join(re.sub(_BROKEN, " ", text).split())
    if not title or len(title) > LONGEST:
        raise UsageError(f"a title has 1 to {LONGEST} characters: this one has {len(title)}")
    return title


def _retitle(folder: Path, title: str) -> None:
    """Change the one line, so that what somebody wrote around it stays."""
    path = folder / FILE
    line = f"title = {json.dumps(title, ensure_ascii=False)}"
    text, found = re.subn(r"(?m)^title\s*=.*$", lambda _: line, path.read_text("utf-8"), count=1)
    write(path, text if found else f"{line}\n{text}")
