"""The graph in one SQLite file that nobody ever writes to in place.

A build fills `graph.db.<pid>.new` and renames it over the old file when it is whole; rewriting scores does the same
with a copy. So readers open the file as immutable, without locks or journals, a killed writer leaves the old graph, and
a reader that finds another file under the name reopens it. Readers may be many threads; the writer is one.
"""

import glob
import json
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any

from kolgraph.errors import NoGraphError, StoreError
from kolgraph.store import Row, values
from kolgraph.store.queries import Question, question

MARK = 0x6B6F6C67  # application_id: "kolg"
SCHEMA = 3  # user_version; a file of another one is built again
OLDEST = (3, 37)  # STRICT tables
BULK = ("journal_mode = OFF", "synchronous = OFF", "locking_mode = EXCLUSIVE", "cache_size = -200000")
_dump = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class SqliteStore:
    """The graph of the file `path`; see GraphStore. The file may come into being later: reading then says so."""

    engine = "sqlite"

    def __init__(self, path: Path):
        with closing(sqlite3.connect(":memory:")) as db:
            require(sqlite3.sqlite_version_info[:2], {row[0] for row in db.execute("PRAGMA compile_options")})
        self.path = path
        self._idle: list[tuple[tuple[int, ...], sqlite3.Connection]] = []  # append and pop are atomic
        self._draft: sqlite3.Connection | None = None
        self._draft_path = path.with_name(f"{path.name}.{os.getpid()}.new")
        self._rows_changed = False

    def prepare(self) -> None:
        self._discard()
        self._clear()
        with _told(self.path):
            self._open_draft()
            self._run(question("sql", "schema/prepare"))

    def write(self, name: str, rows: Iterable[Mapping[str, Any]]) -> int:
        asked = question("sql", f"write/{name}")
        sent = 0

        def counted() -> Iterator[Row]:
            nonlocal sent
            for row in values.rows(asked.name, asked.params, rows):
                sent += 1
                yield _encoded(asked, row)

        with self._writing() as draft:
            arrived = max(draft.executemany(asked.text, counted()).rowcount, 0)
            if arrived != sent:
                raise StoreError(
                    f"{asked.name}: {sent - arrived} of {sent} rows name an end that is not in the graph: "
                    "write both ends before the edge"
                )
        return sent

    def derive(self, name: str, **params: Any) -> int:
        asked = question("sql", f"derive/{name}")
        with self._writing():
            return self._run(asked, _encoded(asked, values.checked(asked.name, asked.params, params)))

    def publish(self, **meta: Any) -> None:
        if self._draft is None:
            self._copy()
        with self._writing(rows=False) as draft:
            asked = question("sql", "read/build")
            found = draft.execute(asked.text).fetchone() or [""] * len(asked.columns)
            mark = dict(zip(asked.columns, found, strict=True)) | meta | {"state": "ready"}
            if self._rows_changed:
                self._run(question("sql", "schema/publish"))
            self.write("build", [mark])
            draft.execute("COMMIT")
            draft.close()
            self._draft = None
            with self._draft_path.open("rb") as file:
                os.fsync(file.fileno())
            self._draft_path.replace(self.path)
            folder = os.open(self.path.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)

    def read(self, name: str, **params: Any) -> list[Row]:
        return list(self._answer(f"read/{name}", params))

    def stream(self, name: str, **params: Any) -> Iterator[Row]:
        return self._answer(f"views/{name}", params)

    def close(self) -> None:
        self._discard()
        while self._idle:
            self._idle.pop()[1].close()

    def _answer(self, name: str, params: Mapping[str, Any]) -> Iterator[Row]:
        asked = question("sql", name)
        given = _encoded(asked, values.checked(name, asked.params, params))
        decode = _decoder(name)
        with _told(self.path), self._reader() as db, closing(db.execute(asked.text, given)) as found:
            yield from map(decode, found)

    @contextmanager
    def _reader(self) -> Iterator[sqlite3.Connection]:
        """A connection to the file that is now published: an idle one, or a new one."""
        try:
            stat = self.path.stat()
        except FileNotFoundError:
            raise NoGraphError(f"there is no graph at {self.path} yet: make one with `kolgraph run`") from None
        now = (stat.st_dev, stat.st_ino, stat.st_mtime_ns, stat.st_size)
        db = None
        while self._idle and db is None:
            with suppress(IndexError):  # another thread took the last
                seen, idle = self._idle.pop()
                if seen == now:
                    db = idle
                else:
                    idle.close()
        db = db or _open(self.path)
        try:
            yield db
        finally:
            self._idle.append((now, db))

    @contextmanager
    def _writing(self, rows: bool = True) -> Iterator[sqlite3.Connection]:
        """The draft; an error gives up everything since the last publish."""
        try:
            with _told(self.path):
                if self._draft is None:
                    self._copy()
                assert self._draft is not None
                self._rows_changed |= rows
                yield self._draft
        except BaseException:
            self._discard()
            raise

    def _run(self, asked: Question, params: Row | None = None) -> int:
        assert self._draft is not None
        return sum(max(self._draft.execute(text, params or {}).rowcount, 0) for text in asked.statements)

    def _copy(self) -> None:
        """A draft that begins as the published graph."""
        with self._reader():  # says it when there is none, or when it is no graph of ours
            self._clear()
        shutil.copyfile(self.path, self._draft_path)
        self._open_draft()

    def _open_draft(self) -> None:
        self._draft = sqlite3.connect(self._draft_path, isolation_level=None, check_same_thread=False)
        for pragma in (*BULK, f"application_id = {MARK}", f"user_version = {SCHEMA}"):
            self._draft.execute(f"PRAGMA {pragma}")
        self._draft.execute("BEGIN")

    def _discard(self) -> None:
        self._rows_changed = False
        if self._draft is not None:
            self._draft.close()
            self._draft = None
            self._draft_path.unlink(missing_ok=True)

    def _clear(self) -> None:
        """Take away what dead writers left; whoever begins to write holds the lock of the workspace."""
        for left in self.path.parent.glob(f"{glob.escape(self.path.name)}.*.new"):
            left.unlink(missing_ok=True)


def require(version: tuple[int, ...], options: set[str]) -> None:
    """Raises StoreError when this Python's SQLite cannot hold a graph."""
    if version < OLDEST or "ENABLE_FTS5" not in options:
        found = ".".join(map(str, version)) + ("" if "ENABLE_FTS5" in options else " without FTS5")
        needed = ".".join(map(str, OLDEST))
        raise StoreError(f"this Python has SQLite {found}, a graph needs {needed} with FTS5: use another Python")


def _open(path: Path) -> sqlite3.Connection:
    address = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
    db = sqlite3.connect(address, uri=True, check_same_thread=False, cached_statements=256)
    try:
        mark, schema = (db.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version"))
        if mark != MARK:
            raise StoreError(f"{path} is no graph of kolgraph: name another file")
        if schema != SCHEMA:
            raise NoGraphError(f"{path} was built by another version of kolgraph: build it again with `kolgraph build`")
        db.execute("PRAGMA cache_size = -16000")
    except BaseException:
        db.close()
        raise
    return db


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """What SQLite and the disk complain about, as one line."""
    try:
        yield
    except (sqlite3.Error, OSError, OverflowError, UnicodeError) as error:
        raise StoreError(f"the graph in {path}: {error}") from error


def _encoded(asked: Question, row: Row) -> Row:
    """Lists as JSON text, which is how SQLite keeps and reads them."""
    for key, value in row.items():
        if type(value) is list:
            row[key] = _dump(value) if value else "[]"
    return row


@cache
def _decoder(name: str) -> Callable[[tuple[Any, ...]], Row]:
    asked = question("sql", name)
    columns = asked.columns
    change: list[tuple[int, Callable[[Any], Any]]] = [(columns.index(key), json.loads) for key in asked.lists]
    change += [(columns.index(key), bool) for key in asked.truths]

    def plain(row: tuple[Any, ...]) -> Row:
        return dict(zip(columns, row, strict=True))

    def decode(row: tuple[Any, ...]) -> Row:
        cells = list(row)
        for place, convert in change:
            cells[place] = convert(cells[place])
        return dict(zip(columns, cells, strict=True))

    return decode if change else plain
