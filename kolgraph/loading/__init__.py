"""A source is a generator: what a loader is, what it is asked, what it hands over page by page.

A loader yields Mentions (a name on a record), never persons. Its cursor is an opaque string; the runner stores a page
and its cursor in one transaction, so that a crash costs at most one page and doubles nothing.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
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
    group: str = ""  # the set that is published anew as a whole, e.g. "research payments of 2014"; see Page.replaces


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
    `aliases` are (old id, id that it means now): merged, renumbered, replaced.
    `replaces` names the groups that this walk delivers whole: once it is done, what it did not bring of them is closed.
    `mark` is the source's own time of this state (ISO): a refresh asks for what changed since. `note` is for the user.
    `missing` says what the source has and this walk cannot bring: the load ends incomplete with these words.
    """

    records: tuple[Record, ...] = ()
    cursor: str = ""
    deleted: tuple[tuple[str, int], ...] = ()
    rejected: tuple[Reject, ...] = ()
    unknown: Counter[str] = field(default_factory=Counter)
    expected: int | None = None
    aliases: tuple[tuple[str, str], ...] = ()
    replaces: tuple[str, ...] = ()
    mark: str = ""
    note: str = ""
    missing: str = ""


Cut = tuple[str, bytes, bytes, str]  # where it lies, its tag, its bytes, what is wrong with it or ""


@dataclass(frozen=True, slots=True)
class Batch:
    """What was cut out of a file and makes a page: `around` is that page without its records."""

    cut: list[Cut]
    around: Page
    clean: bool = False  # no control characters are in it
    group: str = ""  # of its records


Read = Callable[[list[Cut], bool, str], Page]  # cut, clean, group


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
    mark: str = ""
    unknown: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Ask:
    """What to load: one file, or a query to the service. Dates are ISO; `limit` caps the number of records.

    `since` and `until` bound what the records are dated, `changed` (the `mark` of an earlier walk) when the source last
    touched them. `keep` says by its text whether a record of a large file is wanted at all.
    """

    file: Path | None = None
    query: str = ""
    since: str = ""
    until: str = ""
    changed: str = ""
    limit: int | None = None
    api_key: str = ""
    contact: str = ""  # e-mail that polite services ask for
    base_url: str = ""  # another server that speaks the same protocol, e.g. a mirror or a test
    keep: Callable[[str], bool] | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a landscape looks for, in nobody's query language. Countries are ISO 3166 alpha-2, dates ISO or ""."""

    terms: tuple[str, ...]
    mesh: tuple[str, ...] = ()  # names of headings
    since: str = ""
    until: str = ""
    countries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """What a walk would cost; None where the source does not say before it is asked."""

    records: int | None
    requests: int | None = None
    seconds: float | None = None
    usd: float | None = None
    note: str = ""  # e.g. what is left of the day's budget


@dataclass(frozen=True, slots=True)
class Loader:
    """A source of records. `pages(ask, client, cursor)` starts behind `cursor` ("" = at the beginning).

    It raises before its first page when a file is broken: nothing of a broken file is stored.
    """

    name: str
    title: str
    home: str
    licence: str
    yields: tuple[str, ...]  # "publications", "trials", "institutions", ...: the keys of model.NOUNS
    version: str
    pages: "Callable[[Ask, Client, str], Iterator[Page]]"
    hosts: tuple[str, ...] = ()  # the only hosts it may ask
    phrase: Callable[[Wanted], str] | None = None  # `Ask.query` for a landscape; dates go in Ask, not in the phrase
    plan: "Callable[[Ask, Client], Plan] | None" = None
    suggest: "Callable[[str, Ask, Client], list[str]] | None" = None  # other words for a condition, best first
    off: str = ""  # why it does nothing until somebody switches it on
    places: "Callable[[Sequence[str]], Loader] | None" = None  # a walk that asks which institutions such texts name
    keeps: bool = False  # whether its files can be read in part: it heeds `Ask.keep`
    # of large files: cut them into batches, and read one; on one core `pages` does both
    batches: Callable[[Ask, str], Iterator[Batch]] | None = None
    read: Read | None = None
