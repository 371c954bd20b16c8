"""Reading the inbox: every record that is open, where it comes from, what could not be read, what was loaded."""

import dataclasses
import hashlib
import sqlite3
import threading
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar, cast

import msgspec

from kolgraph import inbox_papers, papers
from kolgraph.errors import InputError, StoreError
from kolgraph.inbox_close import follow, heir
from kolgraph.loading import Load, Record
from kolgraph.loading.packed import KIND_OF
from kolgraph.model import (
    NOUNS,
    Descriptor,
    Grant,
    Institution,
    Listed,
    Noun,
    Payment,
    Placement,
    Practitioner,
    Profile,
    Publication,
    Trial,
)

N = TypeVar("N", Publication, Trial, Institution, Placement, Grant, Practitioner, Payment, Descriptor, Profile, Listed)
_DECODERS = {name: msgspec.msgpack.Decoder(kind) for name, kind in NOUNS.items()}
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


class Reader:
    """The reading half of an inbox."""

    def __init__(self, path: Path):
        self.path = path
        self._own = threading.local()
        self._opened: list[sqlite3.Connection] = []
        self._found: tuple[bytes, papers.Papers] | None = None  # which records are one paper, in which state

    @property
    def _db(self) -> sqlite3.Connection:
        """The connection of this thread."""
        known: sqlite3.Connection | None = getattr(self._own, "db", None)
        if known is None:
            known = self._own.db = self._connect()
        return known

    def _connect(self) -> sqlite3.Connection:
        try:
            db = sqlite3.connect(self.path, timeout=30, check_same_thread=False, isolation_level=None)
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = NORMAL")
            db.execute("PRAGMA foreign_keys = ON")
        except sqlite3.Error as error:
            raise StoreError(f"{self.path} cannot be opened as an inbox: {error}") from None
        self._opened.append(db)
        return db

    @contextmanager
    def _apart(self) -> Iterator[sqlite3.Connection]:
        """A connection of its own: its reader sees one state, whatever is written meanwhile."""
        db = self._connect()
        try:
            yield db
        finally:
            if db in self._opened:  # else the inbox was closed meanwhile
                self._opened.remove(db)
            db.close()

    def close(self) -> None:
        """Close the connections of all threads."""
        while self._opened:
            self._opened.pop().close()
        self._own = threading.local()

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

    def publications(self) -> Iterator[Publication]:
        """All papers in order of their ids: of each what all its records say together, see `papers`."""
        with self._apart() as db:
            db.execute("BEGIN")  # several questions are asked of one state
            yield from inbox_papers.read(db, self._papers(db))

    def paper(self, id: str) -> Publication | None:
        """What all records of a paper say together, by the id of any of them; None when nothing is held."""
        known, now = self._papers(self._db), self._meant([id])[id]
        return inbox_papers.publication(self._db, known, known.paper.get(now, now))

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

    def listed(self) -> Iterator[Listed]:
        """All rows of own lists in order of their ids; a list whose import has not ended is as it was before."""
        yield from self._read(
            Listed,
            """SELECT noun FROM record WHERE kind = ? AND closed = '' AND ("group" = '' OR EXISTS (
                SELECT 1 FROM brought JOIN edition USING (load) WHERE record = number AND name = "group"))
                ORDER BY id""",
        )

    def nouns(self, kind: type[N]) -> Iterator[N]:
        """All records of a kind in order of their ids, e.g. `nouns(Grant)`."""
        yield from self._read(kind, "SELECT noun FROM record WHERE kind = ? AND closed = '' ORDER BY id")

    def stamps(self, kind: type[N]) -> dict[str, int]:
        """The id of everything held of a kind, with a number that changes when the record does; papers by the paper."""
        with self._apart() as db:
            rows = db.execute(
                "SELECT id, noun FROM record WHERE kind = ? AND closed = '' ORDER BY id", (KIND_OF[kind],)
            )
            found = {
                id: int.from_bytes(hashlib.blake2b(noun, digest_size=8).digest(), "big", signed=True)
                for id, noun in rows
            }
        known = self._papers(self._db).records if kind is Publication else {}
        for paper, records in known.items():
            whole = hash(tuple(found.pop(id) for id in records if id in found))
            found[paper] = whole
        return found

    def held(self, kind: type[N], ids: Sequence[str]) -> Iterator[N]:
        """The records of a kind under these ids, in this order; a paper as all its records say."""
        decode = _DECODERS[KIND_OF[kind]].decode
        several = self._papers(self._db).records if kind is Publication and ids else {}
        for start in range(0, len(ids), 500):
            some = ids[start : start + 500]
            rows = self._db.execute(
                "SELECT id, noun FROM record WHERE id IN (SELECT value FROM json_each(?)) AND closed = ''",
                (msgspec.json.encode(some).decode(),),
            )
            found: dict[str, bytes] = dict(rows.fetchall())
            for id in some:
                if id in several or id in found:  # what is no longer held is left out
                    yield cast(N, self.paper(id) if id in several else decode(found[id]))

    def _read(self, kind: type[N], query: str) -> Iterator[N]:
        decode = _DECODERS[KIND_OF[kind]].decode
        with self._apart() as db:
            for (noun,) in db.execute(query, (KIND_OF[kind],)):
                yield cast(N, decode(noun))

    def editions(self, prefix: str) -> list[tuple[str, Load, int]]:
        """The groups whose names begin so, each with the walk that delivered it last and how many records it holds."""
        rows = self._db.execute(
            """SELECT name, load, (SELECT count(*) FROM record WHERE "group" = name AND closed = '') FROM edition
                WHERE substr(name, 1, length(?1)) = ?1 ORDER BY name""",
            (prefix,),
        )
        return [(name, self._load(load), count) for name, load, count in rows.fetchall()]

    def replaced(self, group: str) -> tuple[Record, ...]:
        """What a group lost when it was delivered last."""
        rows = self._db.execute(
            """SELECT id, bytes, kind, noun, version FROM record JOIN raw ON raw.record = number
                WHERE "group" = ?1 AND why = 'replaced' AND closed = (
                    SELECT max(closed) FROM record WHERE "group" = ?1 AND why = 'replaced') ORDER BY id""",
            (group,),
        )
        return tuple(
            Record(id, zlib.decompress(raw), _DECODERS[kind].decode(noun), version, group)
            for id, raw, kind, noun, version in rows.fetchall()
        )

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

    def quarantine(
        self, source: str = "", offset: int = 0, limit: int | None = None, number: int = 0
    ) -> Iterator[Quarantined]:
        """What could not be read, oldest first; of one source, and a page of it, or that of one number, when asked."""
        rows = self._db.execute(
            "SELECT source, origin, place, reason, raw, quarantine.id, started_at FROM quarantine"
            " JOIN load ON load.id = load WHERE ?1 IN ('', source) AND ?4 IN (0, quarantine.id)"
            " ORDER BY quarantine.id LIMIT ?2 OFFSET ?3",
            (source, -1 if limit is None else limit, offset, number),
        )
        for name, origin, place, why, raw, id, at in rows.fetchall():
            yield Quarantined(name, origin, place, why, zlib.decompress(raw), id, at)

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
