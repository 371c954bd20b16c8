"""The tables of the inbox. Records and their raw bytes lie apart: a walk over all nouns does not read the bytes.

A record is never dropped: one with a date in `closed` is no longer said by its source, and left out of every reading.
"""

VERSION = 2
SCHEMA = (
    """CREATE TABLE load (
        id INTEGER PRIMARY KEY, source TEXT NOT NULL, origin TEXT NOT NULL, sha256 TEXT NOT NULL, version TEXT NOT NULL,
        state TEXT NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'done', 'incomplete', 'failed')),
        cursor TEXT NOT NULL DEFAULT '', records INTEGER NOT NULL DEFAULT 0, deleted INTEGER NOT NULL DEFAULT 0,
        rejected INTEGER NOT NULL DEFAULT 0, expected INTEGER, started_at TEXT NOT NULL,
        finished_at TEXT NOT NULL DEFAULT '', note TEXT NOT NULL DEFAULT '', mark TEXT NOT NULL DEFAULT '') STRICT""",
    "CREATE INDEX load_of ON load (source, origin, sha256)",
    """CREATE TABLE unknown (
        load INTEGER NOT NULL REFERENCES load, what TEXT NOT NULL, count INTEGER NOT NULL,
        PRIMARY KEY (load, what)) STRICT, WITHOUT ROWID""",
    """CREATE TABLE record (
        number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, version INTEGER NOT NULL,
        load INTEGER NOT NULL REFERENCES load, fetched_at TEXT NOT NULL, hash BLOB NOT NULL, noun BLOB NOT NULL,
        "group" TEXT NOT NULL DEFAULT '', closed TEXT NOT NULL DEFAULT '',
        why TEXT NOT NULL DEFAULT '' CHECK (why IN ('', 'withdrawn', 'replaced', 'merged'))) STRICT""",
    "CREATE INDEX record_kind ON record (kind, id) WHERE closed = ''",
    """CREATE INDEX record_group ON record ("group") WHERE "group" <> ''""",
    "CREATE TABLE raw (record INTEGER PRIMARY KEY REFERENCES record, bytes BLOB NOT NULL) STRICT",
    "CREATE TABLE deletion (id TEXT PRIMARY KEY, version INTEGER NOT NULL) STRICT, WITHOUT ROWID",
    "CREATE TABLE alias (old TEXT PRIMARY KEY, new TEXT NOT NULL) STRICT, WITHOUT ROWID",
    "CREATE INDEX alias_new ON alias (new)",
    # of what is published anew as a whole: which walk delivers which group, what it brought, who delivered it last
    """CREATE TABLE whole (
        load INTEGER NOT NULL REFERENCES load, name TEXT NOT NULL, PRIMARY KEY (load, name)) STRICT, WITHOUT ROWID""",
    """CREATE TABLE brought (
        load INTEGER NOT NULL REFERENCES load, record INTEGER NOT NULL REFERENCES record, PRIMARY KEY (record, load)
        ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX brought_by ON brought (load)",
    """CREATE TABLE edition (
        name TEXT PRIMARY KEY, load INTEGER NOT NULL REFERENCES load, mark TEXT NOT NULL) STRICT, WITHOUT ROWID""",
    """CREATE TABLE quarantine (
        id INTEGER PRIMARY KEY, load INTEGER NOT NULL REFERENCES load, place TEXT NOT NULL, reason TEXT NOT NULL,
        raw BLOB NOT NULL) STRICT""",
    "CREATE TABLE mark (sum BLOB NOT NULL) STRICT",  # one row, see Inbox.watermark
    "INSERT INTO mark VALUES (zeroblob(32))",
    f"PRAGMA user_version = {VERSION}",
)
