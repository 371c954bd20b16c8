"""Run a loader into an inbox: read ahead while storing, go on where a load stopped, say what came of it."""

import queue
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from kolgraph.errors import InputError, KolgraphError, SourceError, UsageError
from kolgraph.loading import Ask, Load, Loader, Page, Reject
from kolgraph.loading.files import sha256
from kolgraph.loading.pool import pooled, workers

if TYPE_CHECKING:
    from kolgraph.loading.http import Client

Progress = Callable[[int, int | None, str], None]
SINCE = ", changed since "  # in the name of a walk that only refreshes an earlier one
_FOREIGN = 20  # records, none of which can be read: the file is of somebody else
_AHEAD = 2  # pages read while one is stored


class Inbox(Protocol):
    """What the runner needs of the inbox."""

    def begin(self, source: str, origin: str, sha256: str, version: str) -> Load: ...
    def store(self, load: Load, page: Page) -> int: ...
    def put_aside(self, load: Load, what: Reject) -> None: ...
    def finish(self, load: Load, state: str = "done", note: str = "") -> Load: ...


@dataclass(frozen=True, slots=True)
class LoadResult:
    """What came of a load. `incomplete` says what is missing, "" when nothing is; `skipped`: it was loaded before.

    `note` is what the source has to say about it; `refused` says why a file among others left nothing.
    """

    source: str
    origin: str
    records: int
    deleted: int
    rejected: int
    unknown: dict[str, int]
    incomplete: str = ""
    skipped: bool = False
    note: str = ""
    refused: str = ""

    @property
    def problem(self) -> str:
        """Why this is not all there is, "" when it is."""
        return self.refused or self.incomplete

    def line(self) -> str:
        """One line for a person."""
        if self.refused:
            return f"{self.source}: REFUSED: {self.refused}"
        if self.skipped:
            return f"{self.source}: {self.origin} was loaded before ({self.records:,} records)"
        parts = [f"{self.source}: {self.records:,} records from {self.origin}"]
        parts += [
            f"{count:,} {what}" for count, what in ((self.deleted, "withdrawn"), (self.rejected, "rejected")) if count
        ]
        if self.unknown:
            parts.append("; ".join(f"{what} ({count:,})" for what, count in self.unknown.items()))
        if self.note:
            parts.append(self.note)
        if self.incomplete:
            parts.append(f"INCOMPLETE: {self.incomplete}")
        return ", ".join(parts)


def load(inbox: Inbox, loader: Loader, ask: Ask, client: "Client", progress: Progress) -> LoadResult:
    """Load a file or a query. A broken file raises InputError and leaves no record behind.

    A service that fails on the way leaves whole pages and the cursor: the same call goes on from there. What it sent
    last is kept in quarantine. A service that counts more records than came, each counted once, leaves the load
    incomplete.
    """
    origin = origin_of(ask)
    walk = inbox.begin(loader.name, origin, sha256(ask.file) if ask.file else "", loader.version)
    if walk.state == "done":
        return result_of(walk, skipped=True)
    read, expected, missing = walk.records + walk.rejected, walk.expected, ""
    try:
        for page in _ahead(_pages(loader, ask, client, walk.cursor)):
            if ask.file and not read and not page.records and len(page.rejected) >= _FOREIGN:
                reason = page.rejected[0].reason
                raise InputError(f"{origin} holds nothing that can be read ({reason}): is it a file of {loader.title}?")
            read = inbox.store(walk, page)
            expected = expected if page.expected is None else page.expected
            missing = page.missing or missing
            progress(read, expected, origin)
    except KolgraphError as error:
        if isinstance(error, SourceError) and error.body:
            inbox.put_aside(walk, Reject("answer", str(error), error.body))
        inbox.finish(walk, "failed" if isinstance(error, InputError | UsageError) else "incomplete", str(error))
        raise
    if not missing and expected is not None and read < expected:
        missing = f"the source counts {expected:,} records, {read:,} came; run the same command again"
    return result_of(inbox.finish(walk, "incomplete" if missing else "done", missing))


def origin_of(ask: Ask) -> str:
    """What an ask is called in the inbox; asks of one name are one walk."""
    said = ask.file.name if ask.file else f'"{ask.query}"'
    said += f" as {ask.query}" if ask.file and ask.query else ""  # how the file is to be read
    said += f" from {ask.since}" if ask.since else ""
    said += f" until {ask.until}" if ask.until else ""
    said += f", first {ask.limit}" if ask.limit is not None else ""
    return said + (f"{SINCE}{ask.changed}" if ask.changed else "")


def result_of(walk: Load, skipped: bool = False) -> LoadResult:
    """What came of a walk, for whoever asked."""
    missing = walk.note if walk.state == "incomplete" else ""
    counts = (walk.records, walk.deleted, walk.rejected)
    note = walk.note if walk.state == "done" else ""
    return LoadResult(walk.source, walk.origin, *counts, dict(walk.unknown), missing, skipped, note)


def _pages(loader: Loader, ask: Ask, client: "Client", cursor: str) -> Iterator[Page]:
    """The pages of a walk; a large file is read on all cores."""
    if ask.file and loader.batches and loader.read and (count := workers(ask.file)):
        return pooled(loader.read, loader.batches(ask, cursor), count)
    return loader.pages(ask, client, cursor)


def _ahead(pages: Iterator[Page]) -> Iterator[Page]:
    """The same pages, the next ones read in a thread meanwhile: compressing and storing leave the interpreter free."""
    ready: queue.Queue[Page | BaseException | None] = queue.Queue(_AHEAD)
    over = threading.Event()

    def hand(item: Page | BaseException | None) -> None:
        while not over.is_set():
            try:
                return ready.put(item, timeout=0.2)
            except queue.Full:
                continue

    def read() -> None:
        try:
            for page in pages:
                hand(page)
                if over.is_set():
                    return
            hand(None)
        except BaseException as error:  # noqa: BLE001 (raised again where the pages are wanted)
            hand(error)

    threading.Thread(target=read, name="kolgraph-read", daemon=True).start()
    try:
        while (item := ready.get()) is not None:
            if isinstance(item, BaseException):
                raise item
            yield item
    finally:
        over.set()
