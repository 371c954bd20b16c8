"""The ledger: what people decided, as entries that are only ever added, each sealed by the hash of the one before.

One SQLite file with a rollback journal (to copy the file is to copy it all), one connection a thread, synchronous: an
entry that `append` returned survives kill and power loss. Time is shown, order is seq. The register of person ids, and
the anchors that ids moved to later, have tables of their own; an entry carries the hash of each batch. Every refusal is
a LedgerError of one line.
"""

import base64
import json
import re
import secrets
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kolgraph import chain, engagements, judgements
from kolgraph.chain import FIELDS, START, Event, Verdict, canonical, digest, seal
from kolgraph.errors import LedgerError
from kolgraph.model import Engagement, Judgement

ACTIONS: dict[str, set[str]] = {
    **engagements.ACTIONS,
    **judgements.ACTIONS,
    "watch.add": set(),  # of a person; why they are followed
    "watch.remove": set(),
    "export.file": {"what", "rows"},
    "list.import": {"file", "sha256", "kind", "rows"},  # of an own list; why: how its columns were read
    "list.remove": {"rows"},
    "list.restore": {"rows"},
    "landscape.create": {"title"},
    "landscape.copy": {"source"},
    "landscape.rename": {"title"},
    "landscape.delete": set(),  # into the trash
    "landscape.restore": set(),
    "register.issue": {"first", "last", "sha256"},
    "register.anchor": {"first", "last", "sha256"},
    "register.redirect": {"to"},
}
BATCHES = {
    "register.issue": ("SELECT count(*) FROM register", "INSERT INTO register VALUES (?, ?, ?)"),
    "register.anchor": ("SELECT count(*) FROM anchors", "INSERT INTO anchors VALUES (?, ?, ?)"),
}
SCHEMA = """
CREATE TABLE IF NOT EXISTS events (seq INTEGER PRIMARY KEY AUTOINCREMENT, time TEXT NOT NULL, actor TEXT NOT NULL,
  action TEXT NOT NULL, object TEXT NOT NULL, why TEXT NOT NULL, data TEXT NOT NULL, prev TEXT NOT NULL,
  hash TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS events_action ON events (action, object);
CREATE TABLE IF NOT EXISTS register (n INTEGER PRIMARY KEY, person TEXT NOT NULL UNIQUE, anchor TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS anchors (n INTEGER PRIMARY KEY, person TEXT NOT NULL, anchor TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS anchors_person ON anchors (person);
CREATE TRIGGER IF NOT EXISTS events_update BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'entries stay'); END;
CREATE TRIGGER IF NOT EXISTS events_delete BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'entries stay'); END;
CREATE TRIGGER IF NOT EXISTS register_update BEFORE UPDATE ON register BEGIN SELECT RAISE(ABORT, 'ids stay'); END;
CREATE TRIGGER IF NOT EXISTS register_delete BEFORE DELETE ON register BEGIN SELECT RAISE(ABORT, 'ids stay'); END;
CREATE TRIGGER IF NOT EXISTS anchors_update BEFORE UPDATE ON anchors BEGIN SELECT RAISE(ABORT, 'ids stay'); END;
CREATE TRIGGER IF NOT EXISTS anchors_delete BEFORE DELETE ON anchors BEGIN SELECT RAISE(ABORT, 'ids stay'); END;
"""


def new_engagement() -> str:
    """A fresh id: `engagement:` and 12 characters."""
    return "engagement:" + base64.b32encode(secrets.token_bytes(8)).decode()[:12].lower()


class Ledger:
    """The ledger in one file, made when missing. Safe from several threads and processes."""

    def __init__(self, path: Path):
        self.path = path
        self._local = threading.local()
        self._open: list[sqlite3.Connection] = []
        self._lock = threading.Lock()  # threads queue here instead of polling SQLite's lock
        self._judged: tuple[Event, ...] = ()  # entries stay as they are: those on identity are read and folded once
        self._spoken: tuple[int, judgements.Words] = 0, {}
        with self._errors(), self._transaction() as db:
            for statement in re.findall(r"CREATE (?:TRIGGER.*?END|.*?);", SCHEMA, re.S):
                db.execute(statement)

    def append(
        self, action: str, object: str = "", data: Mapping[str, Any] | None = None, *, actor: str = "me", why: str = ""
    ) -> Event:
        """Add an entry and return it, durable. Engagements: `object` is the engagement's id, "" begins a new one.

        Raises LedgerError for an unknown action or field, a bad value, or an entry that cannot follow what stands.
        """
        values = dict(data or {})
        if action.startswith("register."):
            raise LedgerError("entries on person ids are written by issue(), move_anchors() and redirect()")
        self._check(action, object, values, actor, why)
        with self._errors(), self._transaction() as db:
            if action.startswith("engagement."):
                object = object or new_engagement()
                engagements.follow(self._versions(db, object), object, action, values)
            elif action == judgements.UNDO:
                judgements.check_undo(self._judgements(db), values["entry"])
            return self._append(db, action, object, values, actor, why)

    def events(self, action_prefix: str = "", object: str = "") -> list[Event]:
        """Entries in order, of one kind (`engagement.`) and about one thing, when asked."""
        with self._errors():
            return list(self._events(self._db(), action_prefix, object))

    def engagements(self, person: str = "", status: str = "") -> list[Engagement]:
        """The current state of every engagement, by due date; a person's merged ids count as that person."""
        with self._errors():
            db = self._db()
            histories: dict[str, list[Engagement]] = {}
            for event in self._events(db, "engagement."):
                versions = histories.setdefault(event.object, [])
                versions.append(engagements.follow(versions, event.object, event.action, event.data))
        moved = self.redirects()
        found = [replace(last, person=_last(moved, last.person)) for *_, last in histories.values()]
        wanted = _last(moved, person)
        found = [one for one in found if person in ("", one.person) or one.person == wanted]
        return sorted((e for e in found if status in ("", e.status)), key=lambda e: (e.due or "9999", e.id))

    def versions(self, engagement: str) -> list[Engagement]:
        """Every version of an engagement, oldest first."""
        with self._errors():
            return self._versions(self._db(), engagement)

    def judged(self) -> tuple[Event, ...]:
        """Every entry on identity, oldest first, those that were undone among them."""
        with self._errors():
            return self._judgements(self._db())

    def judgements(self) -> list[Judgement]:
        """What people decided about pairs of mentions: the last word on a pair that was not undone or withdrawn."""
        entries, (heard, words) = self.judged(), self._spoken
        words = judgements.spoken(words, entries[:heard], entries[heard:])
        self._spoken = len(entries), words
        return list(words.values())

    def watched(self) -> dict[str, list[Event]]:
        """The people who are watched, the latest first, each with the entries that say so: one per id now merged."""
        found: dict[str, Event] = {}
        for event in self.events("watch."):
            found.pop(event.object, None)
            if event.action == "watch.add":
                found[event.object] = event
        moved, people = self.redirects(), dict[str, list[Event]]()
        for id, event in reversed(found.items()):
            people.setdefault(_last(moved, id), []).append(event)
        return people

    def register(self) -> list[tuple[str, str]]:
        """Every person id ever issued with the mention that is its anchor now, oldest first."""
        with self._errors():
            return list(self._anchors(self._db()).items())

    def issue(self, rows: Iterable[tuple[str, str]]) -> int:
        """Add (person id, anchor mention) to the register; returns how many were new.

        Raises LedgerError, and adds none, when an id is there already with another anchor.
        """
        with self._errors(), self._transaction() as db:
            known = self._anchors(db)
            fresh: dict[str, str] = {}
            for person, anchor in rows:
                if known.get(person, fresh.get(person, anchor)) != anchor:
                    raise LedgerError(f'"{person}" was issued before for another mention than {anchor}: ids are kept')
                if person not in known:
                    fresh[person] = anchor
            return self._batch(db, "register.issue", fresh.items())

    def move_anchors(self, rows: Iterable[tuple[str, str]]) -> int:
        """From now on these mentions are the anchors of these person ids; returns how many changed.

        Raises LedgerError, and changes none, when an id was never issued.
        """
        with self._errors(), self._transaction() as db:
            known = self._anchors(db)
            moved = dict(rows)
            if strange := sorted(moved.keys() - known.keys()):
                raise LedgerError(f'"{strange[0]}" was never issued: an anchor belongs to an issued id')
            rows = [(person, anchor) for person, anchor in moved.items() if known[person] != anchor]
            return self._batch(db, "register.anchor", rows)

    def issued(self, persons: Iterable[str]) -> dict[str, tuple[int, str]]:
        """Of those ids that were ever issued the number, lowest for the oldest, and the mention that is the anchor."""
        number = (
            "SELECT n, coalesce((SELECT anchor FROM anchors WHERE anchors.person = register.person "
            "ORDER BY n DESC LIMIT 1), anchor) FROM register WHERE person = ?"
        )
        with self._errors():
            rows = {person: self._db().execute(number, (person,)).fetchone() for person in persons}
        return {person: row for person, row in rows.items() if row}

    def redirect(self, old: str, new: str) -> None:
        """From now on `old` means `new`, which is itself; `old` = `new` makes an id its own again."""
        self.redirect_all([(old, new)])

    def redirect_all(self, rows: Iterable[tuple[str, str]]) -> int:
        """Redirect many ids at once; returns how many changed."""
        with self._errors(), self._transaction() as db:
            moved = self._redirects(db)
            changed = 0
            for old, new in rows:
                # the target stands for itself, so that no chain of redirects can close to a ring
                for person, to in {new: new, old: new}.items():
                    if moved.get(person, person) != to:
                        self._check("register.redirect", person, {"to": to}, "kolgraph", "")
                        self._append(db, "register.redirect", person, {"to": to}, "kolgraph", "")
                        moved[person] = to
                        changed += 1
            return changed

    def redirects(self) -> dict[str, str]:
        """Ids that mean another id now; the target may be redirected in turn."""
        with self._errors():
            return {old: new for old, new in self._redirects(self._db()).items() if old != new}

    def follow(self, id: str) -> str:
        """The id that `id` means now: itself, or the end of its redirects."""
        return _last(self.redirects(), id)

    def watermark(self) -> str:
        """Changes with every entry: `seq:hash` of the last; copied elsewhere it is the anchor of `verify`."""
        with self._errors():
            return ":".join(map(str, self._head(self._db())))

    def has(self, watermark: str) -> bool:
        """Whether that was ever the watermark of this ledger, and not of another one."""
        with self._errors():
            seq, _, hash = watermark.partition(":")
            query = "SELECT 1 FROM events WHERE seq = ? AND hash = ?"
            return hash == START or bool(self._db().execute(query, (int(seq or 0), hash)).fetchone())

    def verify(self, anchor: tuple[int, str] | None = None) -> Verdict:
        """Recompute the chain and the register; `anchor` is (seq, hash) of an entry, kept where nobody rewrites it.

        A tail cut that also resets SQLite's own counter is shown by an anchor only.
        """
        try:
            with self._snapshot() as db:
                return chain.verify(db, anchor)
        except sqlite3.Error as error:
            return Verdict(False, 0, "", None, f"the file {self.path} cannot be read to its end: {error}")

    def close(self) -> None:
        """Close the connections of all threads."""
        with self._lock:
            for db in self._open:
                db.close()
            self._open.clear()
            self._local = threading.local()

    def _check(self, action: str, object: str, data: Mapping[str, Any], actor: str, why: str) -> None:
        if action not in ACTIONS:
            raise LedgerError(f'unknown action "{action}": known are {", ".join(sorted(ACTIONS))}')
        for name, value in (("object", object), ("actor", actor)):
            engagements.check_text(name, value, engagements.LINE)
        engagements.check_text("why", why, engagements.NOTE)
        if action in engagements.ACTIONS:
            engagements.check(action, data)
            return
        if action in judgements.ACTIONS:
            judgements.check(action, data)
            return
        if set(data) != ACTIONS[action]:
            raise LedgerError(f"{action} takes {', '.join(sorted(ACTIONS[action]))}; given: {', '.join(sorted(data))}")
        for name, value in data.items():
            if not isinstance(value, int):
                engagements.check_text(name, value, engagements.LINE)
        if action.startswith("watch.") and not object.startswith("person:"):
            raise LedgerError(f'"{object}" cannot be watched: give an id that begins with person:')

    def _append(
        self, db: sqlite3.Connection, action: str, object: str, data: dict[str, Any], actor: str, why: str
    ) -> Event:
        seq, prev = self._head(db)
        time = datetime.now(UTC).isoformat(timespec="seconds")
        fields: dict[str, Any] = dict(zip(FIELDS, (seq + 1, time, actor, action, object, why, data, prev), strict=True))
        event = Event(**fields, hash=seal(fields))
        db.execute(
            "INSERT INTO events VALUES (:seq, :time, :actor, :action, :object, :why, :data, :prev, :hash)",
            {**asdict(event), "data": canonical(data)},
        )
        return event

    def _head(self, db: sqlite3.Connection) -> tuple[int, str]:
        found: tuple[int, str] | None = db.execute("SELECT seq, hash FROM events ORDER BY seq DESC LIMIT 1").fetchone()
        return found or (0, START)

    def _events(
        self, db: sqlite3.Connection, action_prefix: str = "", object: str = "", after: int = 0
    ) -> Iterator[Event]:
        rows = db.execute(  # +seq: the index on actions is the one to use, not the table from `after` on
            "SELECT seq, time, actor, action, object, why, data, prev, hash FROM events WHERE +seq > :after "
            "AND action >= :first AND action < :last AND :object IN ('', object) ORDER BY seq",
            {"after": after, "first": action_prefix, "last": action_prefix + "\U0010ffff", "object": object},
        )
        for row in rows:
            fields: dict[str, Any] = dict(zip((*FIELDS, "hash"), row, strict=True))
            yield Event(**{**fields, "data": json.loads(fields["data"])})

    def _versions(self, db: sqlite3.Connection, id: str) -> list[Engagement]:
        versions: list[Engagement] = []
        for event in self._events(db, "engagement.", id):
            versions.append(engagements.follow(versions, id, event.action, event.data))
        return versions

    def _judgements(self, db: sqlite3.Connection) -> tuple[Event, ...]:
        known = self._judged
        fresh = tuple(self._events(db, "judgement.", after=known[-1].seq if known else 0))
        if fresh:
            self._judged = known + fresh  # whichever thread comes last: both have read the same
        return known + fresh

    def _batch(self, db: sqlite3.Connection, action: str, rows: Iterable[tuple[str, str]]) -> int:
        """Add rows to a table of the register, and the entry that seals them; returns how many."""
        count, insert = BATCHES[action]
        ((last,),) = db.execute(count)
        numbered = [(n, person, anchor) for n, (person, anchor) in enumerate(rows, last + 1)]
        if numbered:
            db.executemany(insert, numbered)
            data = {"first": last + 1, "last": last + len(numbered), "sha256": digest(numbered)}
            self._append(db, action, "register", data, "kolgraph", "")
        return len(numbered)

    def _anchors(self, db: sqlite3.Connection) -> dict[str, str]:
        """Every id with its latest anchor, oldest id first."""
        known: dict[str, str] = dict(db.execute("SELECT person, anchor FROM register ORDER BY n"))
        known.update(db.execute("SELECT person, anchor FROM anchors ORDER BY n"))
        return known

    def _redirects(self, db: sqlite3.Connection) -> dict[str, str]:
        return {event.object: event.data["to"] for event in self._events(db, "register.redirect")}

    def _db(self) -> sqlite3.Connection:
        db: sqlite3.Connection | None = getattr(self._local, "db", None)
        if db is None:
            db = sqlite3.connect(self.path, timeout=30, isolation_level=None, check_same_thread=False)
            db.execute("PRAGMA synchronous = EXTRA")  # FULL, and the folder too once the journal is gone
            self._local.db = db
            self._open.append(db)
        return db

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            db = self._db()
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
                db.execute("COMMIT")
            except BaseException:
                if db.in_transaction:  # a full disk has rolled back already
                    db.execute("ROLLBACK")
                raise

    @contextmanager
    def _snapshot(self) -> Iterator[sqlite3.Connection]:
        """An own connection for one long consistent look that also reads what has been broken."""
        db = sqlite3.connect(self.path, timeout=30, isolation_level=None)
        db.text_factory = chain.lenient
        try:
            db.execute("BEGIN")
            yield db
        finally:
            db.close()

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, ValueError) as error:
            raise LedgerError(f"the ledger {self.path} cannot be used: {error}") from error


def _last(moved: Mapping[str, str], id: str) -> str:
    while id in moved:
        id = moved[id]
    return id
