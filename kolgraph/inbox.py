"""The inbox: what the sources said, record by record, with the bytes that they sent and the cursor of every load.

One SQLite file in WAL mode; a page and its cursor are one transaction. Of the states of a record the highest version is
held whatever came first. A record that its source withdrew, merged or no longer delivers is closed: kept, and left out
of all readings. What is in here depends on what was loaded, not on the order. Safe from several threads and processes.
"""

import dataclasses
import hashlib
import sqlite3
import threading
import zlib
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar, cast

import msgspec

from kolgraph import inbox_papers, papers
from kolgraph.errors import InputError, StoreError
from kolgraph.inbox_close import follow, heir, merge, note, replace
from kolgraph.inbox_schema import SCHEMA, VERSION
from kolgraph.inbox_write import KIND_OF, delete, insert, packed, transaction
from kolgraph.loading import Load, Page, Reject
from kolgraph.model import (
    NOUNS,
    Descriptor,
    Grant,
    Institution,
    Listed,
    Noun,
    Payment,
    Practitioner,
    Profile,
    Publication,
    Trial,
)

MAX_QUARANTINED = 64 << 10  # bytes kept of what could not be read
N = TypeVar("N", Publication, Trial, Institution, Grant, Practitioner, Payment, Descriptor, Profile, Listed)
_DECODERS = {name: msgspec.msgpack.Decoder(kind) for name, kind in NOUNS.items()}
_ROOM = 1 << 256
_ALWAYS = ("publications", "trials", "institutions")


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a fact comes from. Times are UTC, ISO."""

    source: str
    origin: str
    sha256: str
    fetched_at: str
    loader_version: str


@dataclass(frozen=True, slots=True)
class Quarantined:
    """What could not be read, and why; `raw` holds its first 64 KB, `at` is when its load began."""

    source: str
    origin: str
    where: str
    reason: str
    raw: bytes
    id: int = 0
    at: str = ""


class Inbox:
    """An open inbox. Raises StoreError when the file cannot be opened, read or written."""

    def __init__(self, path: Path):
        self._path = path
        self._own = threading.local()
        self._opened: list[sqlite3.Connection] = []
        self._found: tuple[bytes, papers.Papers] | None = None  # which records are one paper, in which state
        if self._layout() == 0:
            with self._transaction() as db:
                for statement in SCHEMA if self._layout() == 0 else ():  # somebody else may have been faster
                    db.execute(statement)
        if (found := self._layout()) != VERSION:
            raise StoreError(
                f"{path} has layout {found}, this kolgraph reads layout {VERSION}: delete the file and load the sources"
                " anew; what people decided is kept elsewhere"
            )

    def _layout(self) -> int:
        return int(self._db.execute("PRAGMA user_version").fetchone()[0])

    @property
    def _db(self) -> sqlite3.Connection:
        """The connection of this thread."""
        known: sqlite3.Connection | None = getattr(self._own, "db", None)
        if known is None:
            known = self._own.db = self._connect()
        return known

    def _connect(self) -> sqlite3.Connection:
        try:
            db = sqlite3.connect(self._path, timeout=30, check_same_thread=False, isolation_level=None)
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = NORMAL")
            db.execute("PRAGMA foreign_keys = ON")
        except sqlite3.Error as error:
            raise StoreError(f"{self._path} cannot be opened as an inbox: {error}") from None
        self._opened.append(db)
        return db

    def close(self) -> None:
        """Close the connections of all threads."""
        while self._opened:
            self._opened.pop().close()
        self._own = threading.local()

    # loads

    def begin(self, source: str, origin: str, sha256: str, version: str) -> Load:
        """The load to go on with: a new one, one that stopped on its way, or (state "done") a file read before.

        `sha256` is "" for the answer of a service: it may differ tomorrow, so that a finished one is asked anew.
        """
        key = (source, origin, sha256)
        with self._transaction() as db:
            db.execute(
                "UPDATE load SET state = 'failed', note = 'the loader has changed' WHERE source = ? AND origin = ?"
                " AND sha256 = ? AND version <> ? AND state <> 'done'",
                (*key, version),
            )
            found = db.execute(
                "SELECT id, state, cursor FROM load WHERE source = ? AND origin = ? AND sha256 = ? AND version = ?"
                " AND (sha256 <> '' OR state <> 'done') ORDER BY id DESC LIMIT 1",
                (*key, version),
            ).fetchone()
            if not found:
                number = db.execute(
                    "INSERT INTO load (source, origin, sha256, version, started_at) VALUES (?, ?, ?, ?, ?)",
                    (*key, version, _now()),
                ).lastrowid
            else:
                number, state, cursor = found
                if state != "done" and not cursor:  # from the beginning: what was counted is counted again
                    db.execute("UPDATE load SET records = 0, deleted = 0, rejected = 0 WHERE id = ?", (number,))
                    db.execute("DELETE FROM unknown WHERE load = ?", (number,))
                    db.execute("DELETE FROM quarantine WHERE load = ?", (number,))
                    db.execute("DELETE FROM brought WHERE load = ?", (number,))
                if state != "done":
                    db.execute("UPDATE load SET state = 'running', note = '' WHERE id = ?", (number,))
        return self._load(cast(int, number))

    def store(self, load: Load, page: Page) -> int:
        """Take in a page: records, deletions, quarantine, counts and cursor in one transaction.

        Returns how many records the walk has brought or rejected so far; those of a service are counted once each.
        """
        now = _now()
        records = packed(page.records)
        touched = [*(one.id for one in records), *(old for old, _ in page.aliases)]
        with self._transaction() as db:
            change = note(db, load.id, page) + delete(db, page.deleted, now)
            inserted, came = insert(db, records, load.id, now, each=not load.sha256)
            _add(db, change + inserted + merge(db, touched, now))
            _put_aside(db, load, page.rejected)
            db.executemany(
                "INSERT INTO unknown VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET count = count + excluded.count",
                ((load.id, what, count) for what, count in page.unknown.items()),
            )
            came = len(page.records) if load.sha256 else came
            (so_far,) = db.execute(
                "UPDATE load SET cursor = ?, records = records + ?, deleted = deleted + ?, rejected = rejected + ?,"
                " expected = coalesce(?, expected), mark = coalesce(nullif(?, ''), mark),"
                " note = coalesce(nullif(?, ''), note) WHERE id = ? RETURNING records + rejected",
                (
                    page.cursor,
                    came,
                    len(page.deleted),
                    len(page.rejected),
                    page.expected,
                    page.mark,
                    page.note,
                    load.id,
                ),
            ).fetchone()
        return int(so_far)

    def put_aside(self, load: Load, what: Reject) -> None:
        """Keep in quarantine what is no record, e.g. the answer that ended a walk; it counts as nothing."""
        with self._transaction() as db:
            _put_aside(db, load, [what])

    def finish(self, load: Load, state: str = "done", note: str = "") -> Load:
        """Close a load; the cursor stays, so that an incomplete one can be gone on with.

        A walk that is done closes what the groups that it delivers no longer hold.
        """
        now = _now()
        with self._transaction() as db:
            if state == "done":
                _add(db, replace(db, load.id, now))
            db.execute(
                "UPDATE load SET state = ?, note = coalesce(nullif(?, ''), note), finished_at = ? WHERE id = ?",
                (state, note, now, load.id),
            )
        return self._load(load.id)

    def loads(self) -> list[Load]:
        """All loads, oldest first."""
        return [self._load(number) for (number,) in self._db.execute("SELECT id FROM load ORDER BY id").fetchall()]

    def walked(self, source: str, origin: str, refreshed: str, version: str) -> Load | None:
        """The last walk to the end of a service, a whole one or one named `refreshed...`; its `mark` is the latest."""
        found = self._db.execute(
            "SELECT id, mark FROM load WHERE source = ? AND version = ? AND sha256 = '' AND state = 'done'"
            " AND (origin = ? OR substr(origin, 1, length(?)) = ?) ORDER BY id DESC",
            (source, version, origin, refreshed, refreshed),
        ).fetchall()
        if not found:
            return None
        return dataclasses.replace(self._load(found[0][0]), mark=next((mark for _, mark in found if mark), ""))

    def _load(self, number: int) -> Load:
        row = self._db.execute("SELECT * FROM load WHERE id = ?", (number,)).fetchone()
        unknown = self._db.execute("SELECT what, count FROM unknown WHERE load = ? ORDER BY 2 DESC, 1", (number,))
        return dataclasses.replace(Load(*row), unknown=tuple(unknown.fetchall()))

    # what is held

    def publications(self) -> Iterator[Publication]:
        """All papers in order of their ids: of each what all its records say together, see `papers`."""
        db = self._connect()  # as in `nouns`; several questions are asked of one state
        try:
            db.execute("BEGIN")
            yield from inbox_papers.read(db, self._papers(db))
        finally:
            self._opened.remove(db)
            db.close()

    def records_of(self, paper: str) -> list[tuple[str, Provenance]]:
        """Every record of a paper with where it comes from, the leading one first; by the id of any of them."""
        return self.records_behind([paper])[paper]

    def records_behind(self, papers: Iterable[str]) -> dict[str, list[tuple[str, Provenance]]]:
        """The same for many papers at once; one that is not held has none. Other records stand for themselves."""
        known = self._papers(self._db)
        ids = {paper: known.of(now) for paper, now in self._meant(papers).items()}
        held = self.provenance({id for several in ids.values() for id in several})
        return {paper: [(id, held[id]) for id in several if id in held] for paper, several in ids.items()}

    def moved(self, keys: Iterable[str]) -> dict[str, str]:
        """Mention keys under ids that mean another record now -> where the same names stand today."""
        known = self._papers(self._db)
        return papers.moved(keys, self.aliases(), lambda id: inbox_papers.authors(self._db, known, id))

    def _papers(self, db: sqlite3.Connection) -> papers.Papers:
        """Which records are one paper, found anew when what is held has changed."""
        (mark,) = db.execute("SELECT sum FROM mark").fetchone()
        if self._found is None or self._found[0] != mark:
            self._found = mark, inbox_papers.papers(db)
        return self._found[1]

    def trials(self) -> Iterator[Trial]:
        """All trials in order of their ids."""
        return self.nouns(Trial)

    def institutions(self) -> Iterator[Institution]:
        """All institutions in order of their ids."""
        return self.nouns(Institution)

    def nouns(self, kind: type[N]) -> Iterator[N]:
        """All records of a kind in order of their ids, e.g. `nouns(Grant)`."""
        name = KIND_OF[kind]
        decode = _DECODERS[name].decode
        db = self._connect()  # an own one: the reader sees one state, whatever is written meanwhile
        try:
            for (noun,) in db.execute("SELECT noun FROM record WHERE kind = ? AND closed = '' ORDER BY id", (name,)):
                yield cast(N, decode(noun))
        finally:
            self._opened.remove(db)
            db.close()

    def record(self, id: str) -> tuple[Noun, Provenance] | None:
        """What we hold under an id, old ones too, and where it comes from."""
        now = self._meant([id])[id]
        row = self._db.execute("SELECT kind, noun FROM record WHERE id = ? AND closed = ''", (now,)).fetchone()
        return (_DECODERS[row[0]].decode(row[1]), self.provenance([now])[now]) if row else None

    def withdrawn(self, id: str) -> tuple[Noun, Provenance] | None:
        """What a record said that is kept and no longer held, and where it came from."""
        row = self._db.execute(
            "SELECT kind, noun, source, origin, sha256, fetched_at, load.version FROM record"
            " JOIN load ON load.id = record.load WHERE record.id = ? AND closed <> ''",
            (id,),
        ).fetchone()
        return (_DECODERS[row[0]].decode(row[1]), Provenance(*row[2:])) if row else None

    def raw(self, id: str) -> bytes:
        """The bytes that the source sent. Raises InputError for an id that is not held."""
        row = self._db.execute(
            "SELECT bytes FROM raw JOIN record ON raw.record = record.number WHERE id = ? AND closed = ''",
            (self._meant([id])[id],),
        ).fetchone()
        if not row:
            raise InputError(f"no record {id} is loaded")
        return zlib.decompress(row[0])

    def provenance(self, ids: Iterable[str]) -> dict[str, Provenance]:
        """Where each of these records comes from, old ids too; ids that are not held are left out."""
        meant = self._meant(ids)
        rows = self._db.execute(
            "SELECT record.id, source, origin, sha256, fetched_at, load.version FROM record"
            " JOIN load ON load.id = record.load"
            " WHERE record.id IN (SELECT value FROM json_each(?)) AND closed = ''",
            (msgspec.json.encode([*meant.values()]).decode(),),
        )
        found = {id: Provenance(*rest) for id, *rest in rows.fetchall()}
        return {id: found[now] for id, now in meant.items() if now in found}

    def _meant(self, ids: Iterable[str]) -> dict[str, str]:
        """Each id -> where to look for it: itself, or what it means now when nothing is held under it."""
        meant = {id: id for id in ids}
        olds = self._db.execute(
            "SELECT old FROM alias WHERE old IN (SELECT value FROM json_each(?))"
            " AND NOT EXISTS (SELECT 1 FROM record WHERE id = old AND closed = '')",
            (msgspec.json.encode([*meant]).decode(),),
        )
        return meant | {old: heir(self._db, old) for (old,) in olds.fetchall()}

    def aliases(self) -> dict[str, str]:
        """Old id -> the id that it means now: as sources renumbered their records, or as the paper that they are of."""
        olds = self._db.execute("SELECT old FROM alias ORDER BY old").fetchall()
        found = {old: new for (old,) in olds if (new := follow(self._db, old)) != old}
        paper = self._papers(self._db).paper
        return {**paper, **{old: paper.get(new, new) for old, new in found.items()}}

    def closed(self) -> dict[str, int]:
        """How many records are kept and no longer said, by why: withdrawn, replaced (as a whole), merged."""
        counted = self._db.execute("SELECT why, count(*) FROM record WHERE closed <> '' GROUP BY why ORDER BY why")
        return dict(counted.fetchall())

    def counts(self) -> dict[str, int]:
        """How many records of each kind are held; papers, trials and institutions are named even when there is none."""
        found = dict(self._db.execute("SELECT kind, count(*) FROM record WHERE closed = '' GROUP BY kind").fetchall())
        return {kind: found.get(kind, 0) for kind in NOUNS if kind in found or kind in _ALWAYS}

    def quarantine(self, source: str = "", offset: int = 0, limit: int | None = None) -> Iterator[Quarantined]:
        """What could not be read, oldest first; of one source, and a page of it, when asked."""
        rows = self._db.execute(
            "SELECT source, origin, place, reason, raw, quarantine.id, started_at FROM quarantine"
            " JOIN load ON load.id = load WHERE ?1 IN ('', source) ORDER BY quarantine.id LIMIT ?2 OFFSET ?3",
            (source, -1 if limit is None else limit, offset),
        )
        for name, origin, place, why, raw, number, at in rows.fetchall():
            yield Quarantined(name, origin, place, why, zlib.decompress(raw), number, at)

    def quarantined(self) -> dict[str, int]:
        """How much could not be read, by source."""
        counted = "SELECT source, count(*) FROM quarantine JOIN load ON load.id = load GROUP BY source ORDER BY source"
        return dict(self._db.execute(counted).fetchall())

    def unknown(self) -> list[tuple[str, str, int]]:
        """What sources said that we have no word for: (source, what, how often in all loads), by source, most first."""
        return self._db.execute(
            "SELECT source, what, sum(count) FROM unknown JOIN load ON load.id = load GROUP BY source, what"
            " ORDER BY source, sum(count) DESC, what"
        ).fetchall()

    def copy_to(self, path: Path) -> None:
        """Write everything into a new inbox at `path`, as it stands now."""
        with closing(sqlite3.connect(path)) as copy:
            self._db.backup(copy)

    def watermark(self) -> str:
        """Changes if and only if the content does: the sum of one hash for every record held, kept up by each page."""
        return cast(bytes, self._db.execute("SELECT sum FROM mark").fetchone()[0]).hex()

    def content_hash(self) -> str:
        """SHA-256 over (id, version, hash of the raw bytes) of all records in order, and aliases; no time, no load."""
        whole = hashlib.sha256()
        of_all = "SELECT id, version, hash FROM record WHERE closed = '' ORDER BY id"
        for id, version, digest in self._db.execute(of_all):
            whole.update(f"{id}\t{version}\t{digest.hex()}\n".encode())
        for old, new in self._db.execute("SELECT old, new FROM alias ORDER BY old"):
            whole.update(f"alias\t{old}\t{new}\n".encode())
        return whole.hexdigest()

    def _transaction(self) -> AbstractContextManager[sqlite3.Connection]:
        return transaction(self._db, self._path)


def _add(db: sqlite3.Connection, change: int) -> None:
    """Add to the sum that is the watermark."""
    if change:
        mark = int.from_bytes(db.execute("SELECT sum FROM mark").fetchone()[0], "big") + change
        db.execute("UPDATE mark SET sum = ?", ((mark % _ROOM).to_bytes(32, "big"),))


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _put_aside(db: sqlite3.Connection, load: Load, what: Iterable[Reject]) -> None:
    db.executemany(
        "INSERT INTO quarantine (load, place, reason, raw) VALUES (?, ?, ?, ?)",
        ((load.id, r.where, r.reason, zlib.compress(r.raw[:MAX_QUARANTINED], 1)) for r in what),
    )
