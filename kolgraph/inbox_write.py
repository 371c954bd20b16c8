"""How records get into the tables of the inbox: packing, and what a newer, an older or a withdrawn state does.

Of the states of a record the highest version is held; it is open unless the source withdrew that version, or later.
"""

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import msgspec

from kolgraph.errors import StoreError
from kolgraph.loading import Record
from kolgraph.loading.packed import Packed, pack


def packed(records: Iterable[Record | Packed]) -> list[Packed]:
    """Make ready what is not; of the states of one record in the page only the highest version, at a tie the last."""
    latest: dict[str, Record | Packed] = {}
    for record in records:
        known = latest.get(record.id)
        if known is None or known.version <= record.version:
            latest[record.id] = record
    return [one if isinstance(one, Packed) else pack(one) for one in latest.values()]


def insert(db: sqlite3.Connection, page: list[Packed], load: int, now: str, each: bool = False) -> tuple[int, int]:
    """Take in what is newer than what is held. Returns by how much the sum of `digest` changes.

    With `each` it also returns how many came for the first time in this walk: answers of services repeat rows.
    What was replaced as a whole is open again when it comes again; what was merged into another record stays closed.
    """
    ids = msgspec.json.encode([one.id for one in page]).decode()
    of_page = (
        'SELECT id, number, version, hash, noun, "group", why FROM record WHERE id IN (SELECT value FROM json_each(?))'
    )
    held = {id: rest for id, *rest in db.execute(of_page, (ids,))}
    withdrawn = "SELECT id, version FROM deletion WHERE id IN (SELECT value FROM json_each(?))"
    gone = dict(db.execute(withdrawn, (ids,)).fetchall())
    number: int = db.execute("SELECT coalesce(max(number), 0) FROM record").fetchone()[0]
    change = 0
    rows, raws, again, brought = [], [], [], []
    for one in page:
        newer, was, group = True, "new", one.group
        if one.id in held:
            at, version, hash, noun, group, was = held[one.id]
            newer = version < one.version or (version == one.version and (hash, noun) != (one.hash, one.noun))
            if version <= one.version and one.group:
                group = one.group
        else:
            at = number = number + 1
        if one.group or each:
            brought.append((load, at))
        latest = one.version if newer else version
        why = was if was == "merged" else "withdrawn" if one.id in gone and gone[one.id] >= latest else ""
        if not newer and (why, group) == (was, held[one.id][4]):
            continue
        if not was:
            change -= digest(one.id, version, hash, noun)
        if newer:
            rows.append(
                (at, one.id, one.kind, one.version, load, now, one.hash, one.noun, group, now if why else "", why)
            )
            raws.append((at, one.raw))
        else:
            again.append((group, why, at))
        if not why:
            change += digest(one.id, one.version, one.hash, one.noun) if newer else digest(one.id, version, hash, noun)
    db.executemany(_PUT, rows)
    db.executemany("INSERT INTO raw VALUES (?, ?) ON CONFLICT DO UPDATE SET bytes = excluded.bytes", raws)
    db.executemany(
        """UPDATE record SET "group" = ?1, closed = iif(?2 = '', '', closed), why = ?2 WHERE number = ?3""", again
    )
    before = db.total_changes
    db.executemany("INSERT INTO brought VALUES (?, ?) ON CONFLICT DO NOTHING", brought)
    return change, db.total_changes - before


_PUT = """INSERT INTO record VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET
    version = excluded.version, load = excluded.load, fetched_at = excluded.fetched_at, hash = excluded.hash,
    noun = excluded.noun, "group" = excluded."group",
    closed = iif(why = excluded.why, closed, excluded.closed), why = excluded.why"""


def delete(db: sqlite3.Connection, deleted: Iterable[tuple[str, int]], now: str) -> int:
    """Close what the source withdrew, now and whatever comes later. Returns the change of the sum of `digest`."""
    listed = list(deleted)
    if not listed:
        return 0
    db.executemany(
        "INSERT INTO deletion VALUES (?, ?) ON CONFLICT DO UPDATE SET version = max(version, excluded.version)", listed
    )
    numbers = db.execute(
        "SELECT number FROM record JOIN deletion USING (id) WHERE record.version <= deletion.version"
        " AND id IN (SELECT value FROM json_each(?))",
        (msgspec.json.encode([id for id, _ in listed]).decode(),),
    )
    return shut(db, [number for (number,) in numbers], "withdrawn", now)


def shut(db: sqlite3.Connection, numbers: list[int], why: str, now: str) -> int:
    """Close those of these records that are open. Returns the change of the sum of `digest`."""
    if not numbers:
        return 0
    these = msgspec.json.encode(numbers).decode()
    rows = db.execute(
        "SELECT id, version, hash, noun FROM record WHERE closed = '' AND number IN (SELECT value FROM json_each(?))",
        (these,),
    )
    change = -sum(digest(*row) for row in rows)
    db.execute(
        "UPDATE record SET closed = ?, why = ? WHERE closed = '' AND number IN (SELECT value FROM json_each(?))",
        (now, why, these),
    )
    return change


def digest(id: str, version: int, hash: bytes, noun: bytes) -> int:
    """One number for one record as it is held."""
    return int.from_bytes(hashlib.sha256(f"{id}\t{version}\t".encode() + hash + noun).digest(), "big")


@contextmanager
def transaction(db: sqlite3.Connection, path: object) -> Iterator[sqlite3.Connection]:
    """BEGIN IMMEDIATE ... COMMIT; a failure rolls back, and one of SQLite comes out as StoreError."""
    try:
        db.execute("BEGIN IMMEDIATE")
        yield db
        db.execute("COMMIT")
    except sqlite3.Error as error:
        raise StoreError(f"{path} cannot be written: {error}") from None
    finally:
        if db.in_transaction:  # a full disk has rolled back by itself
            db.execute("ROLLBACK")
