"""The tables of the inbox. Records and their raw bytes lie apart: a walk over all nouns does not read the bytes."""

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
        load INTEGER NOT NULL REFERENCES load, fetched_at TEXT NOT NULL, hash BLOB NOT NULL, noun BLOB NOT NULL
        ) STRICT""",
    "CREATE INDEX record_kind ON record (kind, id)",
    "CREATE TABLE raw (record INTEGER PRIMARY KEY REFERENCES record ON DELETE CASCADE, bytes BLOB NOT NULL) STRICT",
    "CREATE TABLE deletion (id TEXT PRIMARY KEY, version INTEGER NOT NULL) STRICT, WITHOUT ROWID",
    """CREATE TABLE quarantine (
        id INTEGER PRIMARY KEY, load INTEGER NOT NULL REFERENCES load, place TEXT NOT NULL, reason TEXT NOT NULL,
        raw BLOB NOT NULL) STRICT""",
    "CREATE TABLE mark (sum BLOB NOT NULL) STRICT",  # one row, see Inbox.watermark
    "INSERT INTO mark VALUES (zeroblob(32))",
    f"PRAGMA user_version = {VERSION}",
)
