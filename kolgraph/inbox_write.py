"""How records get into the tables of the inbox: packing, and what a newer, an older or a withdrawn state does."""

import hashlib
import sqlite3
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import msgspec

from kolgraph.errors import StoreError
from kolgraph.loading import Record
from kolgraph.model import NOUNS, Noun

KIND_OF: dict[type[Noun], str] = {kind: name for name, kind in NOUNS.items()}
_ENCODE = msgspec.msgpack.Encoder().encode


@dataclass(frozen=True, slots=True)
class Packed:
    """A record ready for the tables."""

    id: str
    version: int
    kind: str
    hash: bytes
    noun: bytes
    raw: bytes


def packed(records: Iterable[Record]) -> list[Packed]:
    """Compress and encode; of the states of one record in the page only the highest version, at a tie the last."""
    latest: dict[str, Record] = {}
    for record in records:
        known = latest.get(record.id)
        if known is None or known.version <= record.version:
            latest[record.id] = record
    return [
        Packed(
            one.id,
            one.version,
            KIND_OF[type(one.noun)],
            hashlib.sha256(one.raw).digest(),
            _ENCODE(one.noun),
            zlib.compress(one.raw, 1),
        )
        for one in latest.values()
    ]


def insert(db: sqlite3.Connection, page: list[Packed], load: int, now: str) -> int:
    """Take in what is newer than what is held and not withdrawn. Returns by how much the sum of `digest` changes."""
    ids = msgspec.json.encode([one.id for one in page]).decode()
    of_page = "SELECT id, number, version, hash, noun FROM record WHERE id IN (SELECT value FROM json_each(?))"
    held = {id: rest for id, *rest in db.execute(of_page, (ids,))}
    withdrawn = "SELECT id, version FROM deletion WHERE id IN (SELECT value FROM json_each(?))"
    gone = dict(db.execute(withdrawn, (ids,)).fetchall())
    number: int = db.execute("SELECT coalesce(max(number), 0) FROM record").fetchone()[0]
    change = 0
    rows, raws = [], []
    for one in page:
        if one.id in gone and gone[one.id] >= one.version:
            continue
        if one.id in held:
            at, version, *values = held[one.id]
            if version > one.version or values == [one.hash, one.noun]:
                continue
            change -= digest(one.id, version, *values)
        else:
            at = number = number + 1
        change += digest(one.id, one.version, one.hash, one.noun)
        rows.append((at, one.id, one.kind, one.version, load, now, one.hash, one.noun))
        raws.append((at, one.raw))
    db.executemany(
        "INSERT INTO record VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET version = excluded.version,"
        " load = excluded.load, fetched_at = excluded.fetched_at, hash = excluded.hash, noun = excluded.noun",
        rows,
    )
    db.executemany("INSERT INTO raw VALUES (?, ?) ON CONFLICT DO UPDATE SET bytes = excluded.bytes", raws)
    return change


def delete(db: sqlite3.Connection, deleted: Iterable[tuple[str, int]]) -> int:
    """Drop what the source withdrew, now and for whatever comes later. Returns the change of the sum of `digest`."""
    change = 0
    for id, version in deleted:
        db.execute(
            "INSERT INTO deletion VALUES (?, ?) ON CONFLICT DO UPDATE SET version = max(version, excluded.version)",
            (id, version),
        )
        for row in db.execute(
            "SELECT id, version, hash, noun FROM record WHERE id = ? AND version <= ?", (id, version)
        ):
            change -= digest(*row)
        db.execute("DELETE FROM record WHERE id = ? AND version <= ?", (id, version))
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
