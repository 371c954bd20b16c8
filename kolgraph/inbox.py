"""The inbox: what the sources said, record by record, with the bytes that they sent and the cursor of every load.

One SQLite file in WAL mode; a page and its cursor are one transaction. Of the states of a record the highest version is
held whatever came first. A record that its source withdrew, merged or no longer delivers is closed: kept, and left out
of all readings. What is in here depends on what was loaded, not on the order. Safe from several threads and processes.
"""

import sqlite3
import zlib
from collections.abc import Iterable
from contextlib import AbstractContextManager, closing
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

from kolgraph.errors import StoreError
from kolgraph.inbox_close import merge, note, replace
from kolgraph.inbox_read import Provenance, Quarantined, Reader
from kolgraph.inbox_schema import SCHEMA, VERSION
from kolgraph.inbox_write import delete, insert, packed, transaction
from kolgraph.loading import Load, Page, Reject

__all__ = ["MAX_QUARANTINED", "Inbox", "Provenance", "Quarantined"]
MAX_QUARANTINED = 64 << 10  # bytes kept of what could not be read
_ROOM = 1 << 256


class Inbox(Reader):
    """An open inbox. Raises StoreError when the file cannot be opened, read or written."""

    def __init__(self, path: Path):
        super().__init__(path)
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
        aliases = [*page.aliases, *(pair for one in records for pair in one.aliases)]
        touched = [*(one.id for one in records), *(old for old, _ in aliases)]
        with self._transaction() as db:
            change = note(db, load.id, page.replaces, aliases) + delete(db, page.deleted, now)
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

    def copy_to(self, path: Path) -> None:
        """Write everything into a new inbox at `path`, as it stands now."""
        with closing(sqlite3.connect(path)) as copy:
            self._db.backup(copy)

    def _transaction(self) -> AbstractContextManager[sqlite3.Connection]:
        return transaction(self._db, self.path)


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
