"""What ends a record besides its withdrawal: it was merged into another, or its group was published anew without it.

A group is published anew as a whole by a walk that says so (`Page.replaces`), when that walk is done. Of two such walks
the later edition (their `mark`) counts, whichever is loaded first. An unfinished walk closes nothing.
"""

import hashlib
import sqlite3
from collections.abc import Iterable

import msgspec

from kolgraph.inbox_write import shut

_SAID = """WITH RECURSIVE said(id) AS (SELECT value FROM json_each(?) UNION SELECT old FROM alias JOIN said ON new = id)
    SELECT id FROM said WHERE id IN (SELECT old FROM alias)"""
_FOLLOW = """WITH RECURSIVE road(id, step) AS (SELECT ?1, 0
    UNION ALL SELECT new, step + 1 FROM alias JOIN road ON old = id WHERE step < 100 AND new <> ?1)
    SELECT id, step > 0 AND EXISTS (SELECT 1 FROM record WHERE record.id = road.id) FROM road ORDER BY step"""


def note(db: sqlite3.Connection, load: int, groups: Iterable[str], aliases: Iterable[tuple[str, str]]) -> int:
    """Keep which groups a walk delivers, and aliases. Returns the change of the sum of all digests."""
    db.executemany("INSERT INTO whole VALUES (?, ?) ON CONFLICT DO NOTHING", [(load, group) for group in groups])
    change = 0
    for old, new in aliases:
        known = db.execute("SELECT new FROM alias WHERE old = ?", (old,)).fetchone()
        if old != new and known != (new,):
            change += _digest(old, new) - (_digest(old, *known) if known else 0)
            db.execute("INSERT INTO alias VALUES (?, ?) ON CONFLICT DO UPDATE SET new = excluded.new", (old, new))
    return change


def follow(db: sqlite3.Connection, id: str) -> str:
    """The id that an id means now; aliases that lead back to where they began mean nothing."""
    return _road(db, id)[-1][0]


def heir(db: sqlite3.Connection, id: str) -> str:
    """The last id on that road under which a record is held, "" when there is none."""
    return next((new for new, held in reversed(_road(db, id)) if held), "")


def _road(db: sqlite3.Connection, id: str) -> list[tuple[str, int]]:
    """(id, whether a record is held there) from an id to what it means now."""
    road: list[tuple[str, int]] = db.execute(_FOLLOW, (id,)).fetchall()
    round = db.execute("SELECT 1 FROM alias WHERE old = ?", (road[-1][0],)).fetchone()
    return [(id, 0)] if round else road


def merge(db: sqlite3.Connection, ids: Iterable[str], now: str) -> int:
    """Close the records under old ids, where the record that they mean now is held. Returns the change of the sum."""
    if not db.execute("SELECT 1 FROM alias LIMIT 1").fetchone():
        return 0
    said = db.execute(_SAID, (msgspec.json.encode(list(ids)).decode(),)).fetchall()
    olds = msgspec.json.encode([old for (old,) in said if heir(db, old)]).decode()
    numbers = db.execute("SELECT number FROM record WHERE id IN (SELECT value FROM json_each(?))", (olds,))
    return shut(db, [number for (number,) in numbers], "merged", now)


def replace(db: sqlite3.Connection, load: int, now: str) -> int:
    """A walk is done: close what its groups no longer hold. Returns the change of the sum of all digests."""
    change = 0
    (mark,) = db.execute("SELECT mark FROM load WHERE id = ?", (load,)).fetchone()
    groups = [name for (name,) in db.execute("SELECT name FROM whole WHERE load = ?", (load,)).fetchall()]
    for name in groups:
        known = db.execute("SELECT load, mark FROM edition WHERE name = ?", (name,)).fetchone()
        late = known is not None and known[1] > mark  # an older edition, loaded after a newer one
        if not late:
            db.execute(
                "INSERT INTO edition VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET load = ?2, mark = ?3",
                (name, load, mark),
            )
        candidates = db.execute(
            """SELECT number FROM record WHERE closed = '' AND "group" = ? AND NOT EXISTS (
                SELECT 1 FROM brought JOIN edition ON edition.load = brought.load WHERE brought.record = number)
                AND (NOT ? OR number IN (SELECT record FROM brought WHERE load = ?))""",
            (name, late, load),
        )
        change += shut(db, [number for (number,) in candidates], "replaced", now)
    db.execute(
        "DELETE FROM brought WHERE load NOT IN (SELECT load FROM edition)"
        " AND load IN (SELECT id FROM load WHERE state = 'done' OR id = ?)",
        (load,),
    )
    return change


def _digest(old: str, new: str) -> int:
    return int.from_bytes(hashlib.sha256(f"alias\t{old}\t{new}".encode()).digest(), "big")
