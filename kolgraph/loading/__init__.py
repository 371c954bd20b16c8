"""A source is a generator: what a loader is, what it is asked, what it hands over page by page.

A loader yields Mentions (a name on a record), never persons. Its cursor is an opaque string; the runner stores a page
and its cursor in one transaction, so that a crash costs at most one page and doubles nothing.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from kolgraph.model import Noun

if TYPE_CHECKING:
    from kolgraph.loading.http import Client


@dataclass(frozen=True, slots=True)
class Record:
    """One record: the bytes of the source (kept for ever) and what they say.

    `version` orders the states of one record: of two, the higher one counts, whichever comes first. It is made of what
    the source says (a version, a date of revision), never of the time at which we asked.
    """

    id: str
    raw: bytes
    noun: Noun
    version: int = 1


@dataclass(frozen=True, slots=True)
class Reject:
    """What could not be read, and why; goes to quarantine, never ends a run."""

    where: str  # record id, file member or byte range
    reason: str
    raw: bytes = b""


@dataclass(frozen=True, slots=True)
class Page:
    """What is stored in one transaction. `cursor` resumes behind it; "" marks the end of the walk.

    `deleted` holds (id, version): the source withdrew every state up to that version.
    `unknown` counts what the source said that we have no word for or left out, e.g. {"status: SUSPENDED_BY_X": 3}.
    `expected` is what the source itself counted for the whole walk, None when it does not say.
    """

    records: tuple[Record, ...] = ()
    cursor: str = ""
    deleted: tuple[tuple[str, int], ...] = ()
    rejected: tuple[Reject, ...] = ()
    unknown: Counter[str] = field(default_factory=Counter)
    expected: int | None = None


@dataclass(frozen=True, slots=True)
class Load:
    """One walk through a file or an answer: `state` is running, done, incomplete or failed."""

    id: int
    source: str
    origin: str
    sha256: str
    version: str
    state: str = "running"
    cursor: str = ""
    records: int = 0
    deleted: int = 0
    rejected: int = 0
    expected: int | None = None
    started_at: str = ""
    finished_at: str = ""
    note: str = ""
    unknown: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Ask:
    """What to load: one file, or a query to the service. Dates are ISO; `limit` caps the number of records."""

    file: Path | None = None
    query: str = ""
    since: str = ""
    until: str = ""
    limit: int | None = None
    api_key: str = ""
    contact: str = ""  # e-mail that polite services ask for
    base_url: str = ""  # another server that speaks the same protocol, e.g. a mirror or a test


@dataclass(frozen=True, slots=True)
class Loader:
    """A source of records. `pages(ask, client, cursor)` starts behind `cursor` ("" = at the beginning).

    It raises before its first page when a file is broken: nothing of a broken file is stored.
    """

    name: str
    title: str
    home: str
    licence: str
    yields: tuple[str, ...]  # "publications", "trials", "institutions"
    version: str
    pages: "Callable[[Ask, Client, str], Iterator[Page]]"
    hosts: tuple[str, ...] = ()  # the only hosts it may ask
