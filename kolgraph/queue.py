"""The queue of builds: which landscape waits for its turn, is being built or is through, step by step.

A table in `.kolgraph/queue.db` of the folder that holds the landscapes, so that it outlives browser and app. A process
of its own works it off, one build after the other (two at once would ask a service faster than it allows), and holds
the lock of the queue as long as it lives: the system frees it however the process ends, and what still "runs" without a
holder was interrupted.
"""

import fcntl
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from kolgraph.errors import BusyError, StoreError, UsageError

HOUSEHOLD = ".kolgraph"  # the folder for what belongs to no landscape
UNFINISHED = ("waiting", "running")
REBUILD = "rebuild"  # the kind of a build that asks no source
_AFTER = (("resolve", "Who is who"), ("build", "Graph"), ("score", "Scores and communities"))
_TRIES = 3  # a build that was interrupted so often goes on only when somebody says so
_PATIENCE = 2.0  # seconds for which a process waits for the one before it to let go of the queue
_SCHEMA = """
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS job (id INTEGER PRIMARY KEY, folder TEXT NOT NULL, kind TEXT NOT NULL, owner TEXT NOT NULL,
  state TEXT NOT NULL, message TEXT NOT NULL DEFAULT '', asked REAL NOT NULL, started REAL, updated REAL NOT NULL,
  ended REAL, pid INTEGER, tries INTEGER NOT NULL DEFAULT 0, stop INTEGER NOT NULL DEFAULT 0,
  told INTEGER NOT NULL DEFAULT 0);
CREATE UNIQUE INDEX IF NOT EXISTS job_one ON job (folder) WHERE state IN ('waiting', 'running');
CREATE TABLE IF NOT EXISTS step (job INTEGER NOT NULL, n INTEGER NOT NULL, name TEXT NOT NULL, title TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'waiting', done INTEGER NOT NULL DEFAULT 0, of INTEGER, what TEXT NOT NULL DEFAULT '',
  first INTEGER NOT NULL DEFAULT 0, since REAL, updated REAL, message TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (job, n)) WITHOUT ROWID;
COMMIT;
"""


@dataclass(frozen=True, slots=True)
class Step:
    """A part of a job: waiting, running, done, incomplete or failed. `first` of `done` stood there at time `since`."""

    n: int
    name: str  # "load pubmed", "resolve", "build", "score"
    title: str
    state: str
    done: int
    of: int | None
    what: str
    first: int
    since: float | None
    updated: float | None
    message: str

    def rate(self) -> float:
        """How many a second, 0 as long as nobody can tell."""
        took = (self.updated or 0) - (self.since or 0)
        return (self.done - self.first) / took if self.since and took >= 1 else 0.0

    def left(self) -> float | None:
        """Seconds to its end at this rate, None as long as nobody can tell."""
        rate = self.rate()
        return max(0, self.of - self.done) / rate if self.of and rate else None


@dataclass(frozen=True, slots=True)
class Job:
    """One build of a landscape; times are seconds since 1970. `folder` is relative to the home where it lies inside."""

    id: int
    folder: str
    kind: str  # build, refresh, or REBUILD
    owner: str
    state: str  # waiting, running, done, failed, cancelled, interrupted
    message: str
    asked: float
    started: float | None
    updated: float
    ended: float | None
    pid: int | None
    tries: int  # how often it was interrupted
    stop: int  # 1 when somebody asked for its end
    steps: tuple[Step, ...] = ()


class Queue:
    """The queue of the folder `home`; the file comes into being with the first entry. Safe from many processes."""

    def __init__(self, home: Path):
        self.home = home
        self.path = home / HOUSEHOLD / "queue.db"

    @contextmanager
    def _open(self, begin: str = "BEGIN IMMEDIATE") -> Iterator[sqlite3.Connection]:
        """A connection, and one transaction. Raises StoreError when the folder cannot be written to."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self.path, timeout=30, isolation_level=None)) as db:
                db.execute("PRAGMA journal_mode = WAL")
                db.execute("PRAGMA synchronous = NORMAL")
                if not db.execute("PRAGMA schema_version").fetchone()[0]:
                    db.executescript(_SCHEMA)
                db.execute(begin)
                try:
                    yield db
                except BaseException:
                    if db.in_transaction:  # a full disk has rolled back by itself
                        db.execute("ROLLBACK")
                    raise
                db.execute("COMMIT")
        except (OSError, sqlite3.Error) as error:
            raise StoreError(f"{self.path} cannot be written: {error}; kolgraph keeps its builds there") from None

    def _read(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """Rows, none as long as nothing was ever queued here."""
        if not self.path.exists():
            return []
        with self._open("BEGIN") as db:
            return db.execute(query, values).fetchall()

    # jobs

    def add(self, folder: str, kind: str, owner: str) -> Job:
        """Queue a build. Raises BusyError when one of that landscape is under way."""
        now = time.time()
        with self._open() as db:
            try:
                number = db.execute(
                    "INSERT INTO job (folder, kind, owner, state, asked, updated) VALUES (?, ?, ?, 'waiting', ?, ?)",
                    (folder, kind, owner, now, now),
                ).lastrowid
            except sqlite3.IntegrityError:
                raise BusyError(f"{Path(folder).name} is being built already: wait for it or cancel it") from None
        return self.job(number or 0)

    def jobs(self, folder: str = "") -> list[Job]:
        """All jobs, or those of a landscape, the latest first."""
        rows = self._read("SELECT * FROM job WHERE ? IN ('', folder) ORDER BY id DESC", folder)
        return [_job(row) for row in rows]

    def latest(self) -> dict[str, Job]:
        """The last job of each landscape."""
        return {one.folder: one for one in reversed(self.jobs())}

    def unfinished(self) -> list[Job]:
        """What waits or runs, in the order in which it will end."""
        return [one for one in reversed(self.jobs()) if one.state in UNFINISHED]

    def job(self, number: int) -> Job:
        """A job with its steps. Raises UsageError for one that there is not."""
        rows = self._read("SELECT * FROM job WHERE id = ?", number)
        if not rows:
            raise UsageError(f"there is no build number {number}")
        return _job(rows[0], self._read("SELECT * FROM step WHERE job = ? ORDER BY n", number))

    def cancel(self, number: int) -> None:
        """End a job: at once when it waits; a running one is told, what it has stored stays."""
        with self._open() as db:
            db.execute("UPDATE job SET stop = 1 WHERE id = ? AND state IN ('waiting', 'running')", (number,))
            db.execute(
                "UPDATE job SET state = 'cancelled', ended = ?, told = 1 WHERE id = ? AND state = 'waiting'",
                (time.time(), number),
            )
        one = self.job(number)
        if one.state == "running" and one.pid and self.working():
            try:
                os.kill(one.pid, signal.SIGTERM)
            except ProcessLookupError:
                return  # it has just ended

    def resume(self, number: int) -> None:
        """Queue a job again that did not come to its end; what is done stays done."""
        with self._open() as db:
            try:
                db.execute(
                    "UPDATE job SET state = 'waiting', stop = 0, told = 0, message = '', ended = NULL"
                    " WHERE id = ? AND state IN ('failed', 'cancelled', 'interrupted')",
                    (number,),
                )
            except sqlite3.IntegrityError:
                raise BusyError("another build of this landscape is under way: wait for it or cancel it") from None

    def sweep(self) -> list[Job]:
        """End what says that it runs, although nobody works: cancelled where that was asked, else interrupted."""
        if not any(one.state == "running" for one in self.jobs()) or self.working():
            return []
        with self._open() as db:
            rows = db.execute(
                "UPDATE job SET state = iif(stop, 'cancelled', 'interrupted'), tries = tries + NOT stop, told = stop,"
                " message = iif(stop, 'Cancelled: what was loaded stays.',"
                " 'The process that did it was ended from outside.'), ended = updated, stop = 0"
                " WHERE state = 'running' RETURNING *"
            ).fetchall()
            db.execute("UPDATE step SET state = (SELECT state FROM job WHERE id = step.job) WHERE state = 'running'")
        return [_job(row) for row in rows]

    def revive(self) -> list[Job]:
        """Queue again what was interrupted, unless it was so again and again, and return it."""
        self.sweep()
        back = []
        for one in self.latest().values():
            if one.state == "interrupted" and one.tries < _TRIES:
                self.resume(one.id)
                self.say(one.id, "It was interrupted and went on when kolgraph was opened.")
                back.append(one)
        return back

    def untold(self) -> list[Job]:
        """Jobs that ended and that nobody was told of yet; whoever asks tells."""
        rows = self._read("SELECT id FROM job WHERE NOT told AND state IN ('done', 'failed', 'interrupted')")
        if not rows:
            return []
        with self._open() as db:
            found = db.execute(
                "UPDATE job SET told = 1 WHERE NOT told AND state IN ('done', 'failed', 'interrupted') RETURNING *"
            ).fetchall()
        return [_job(row) for row in found]

    def forget(self, folder: str) -> None:
        """Drop the jobs of a landscape that is gone."""
        with self._open() as db:
            db.execute("DELETE FROM step WHERE job IN (SELECT id FROM job WHERE folder = ?)", (folder,))
            db.execute("DELETE FROM job WHERE folder = ?", (folder,))

    # the process that works

    @contextmanager
    def work(self) -> Iterator[None]:
        """Be the one who works the queue off. Raises BusyError when somebody does already."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self._lock_file() as file:
            deadline = time.monotonic() + _PATIENCE
            while True:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except OSError:
                    if time.monotonic() > deadline:
                        raise BusyError("somebody works the queue off already") from None
                    time.sleep(0.05)
            yield

    def working(self) -> bool:
        """Whether a process works the queue off."""
        if not self.path.exists():
            return False
        with self._lock_file() as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except OSError:
                return True
        return False

    def _lock_file(self) -> Any:
        return self.path.with_name("queue.lock").open("a")

    def start(self, given: dict[str, Any]) -> None:
        """See to it that what waits is worked on: start a process of its own, which outlives us, when none does it.

        `given` reaches it through a pipe: there may be keys in it, which belong into no list of processes.
        """
        if self.working() or not any(one.state == "waiting" for one in self.jobs()):
            return
        with self.path.with_name("worker.log").open("ab") as log:
            worker = subprocess.Popen(
                [sys.executable, "-m", "kolgraph.worker", str(self.home)],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        if worker.stdin:
            with worker.stdin as pipe:
                pipe.write(json.dumps(given).encode())

    def claim(self, pid: int) -> Job | None:
        """The job whose turn it is, marked as running; None when nothing waits."""
        with self._open() as db:
            now = time.time()
            row = db.execute(
                "UPDATE job SET state = 'running', pid = ?, started = ?, updated = ?, told = 0 WHERE id ="
                " (SELECT min(id) FROM job WHERE state = 'waiting') RETURNING id",
                (pid, now, now),
            ).fetchone()
        return self.job(row[0]) if row else None

    def plan(self, number: int, steps: Sequence[tuple[str, str]]) -> Job:
        """The job with these steps (name, title); those that it has already stay as they are."""
        with self._open() as db:
            known = db.execute("SELECT name, title FROM step WHERE job = ? ORDER BY n", (number,)).fetchall()
            if known != [*steps]:
                db.execute("DELETE FROM step WHERE job = ?", (number,))
                db.executemany(
                    "INSERT INTO step (job, n, name, title) VALUES (?, ?, ?, ?)",
                    [(number, n, *named) for n, named in enumerate(steps)],
                )
        return self.job(number)

    def end(self, number: int, state: str, message: str) -> None:
        """The job is over; of a cancelled one nobody needs to be told."""
        now = time.time()
        with self._open() as db:
            db.execute(
                "UPDATE job SET state = ?, message = ?, updated = ?, ended = ?, stop = 0, told = ? WHERE id = ?",
                (state, message, now, now, int(state == "cancelled"), number),
            )
            db.execute("UPDATE step SET state = ? WHERE job = ? AND state = 'running'", (state, number))

    def say(self, number: int, message: str) -> None:
        """A line about a job under way."""
        with self._open() as db:
            db.execute("UPDATE job SET message = ?, updated = ? WHERE id = ?", (message, time.time(), number))

    def stopped(self, number: int) -> bool:
        """Whether somebody asked for the end of a job."""
        return bool(self.job(number).stop)

    def step(self, number: int, n: int, state: str, message: str = "") -> None:
        """A step begins (running) or ends (done, incomplete, failed)."""
        now = time.time()
        with self._open() as db:
            db.execute(
                "UPDATE step SET state = ?, message = ?, updated = ?, since = CASE WHEN ? = 'running' THEN ? ELSE since"
                " END WHERE job = ? AND n = ?",
                (state, message, now, state, now, number, n),
            )
            db.execute("UPDATE job SET updated = ? WHERE id = ?", (now, number))

    def progress(self, number: int, n: int, done: int, of: int | None, what: str, first: int, since: float) -> None:
        """How far a step is; rate and rest are reckoned from `first` at `since`. What it waited for is over."""
        now = time.time()
        with self._open() as db:
            db.execute(
                "UPDATE step SET done = ?, of = ?, what = ?, first = ?, since = ?, updated = ?, message = ''"
                " WHERE job = ? AND n = ?",
                (done, of, what, first, since, now, number, n),
            )
            db.execute("UPDATE job SET updated = ? WHERE id = ?", (now, number))


def steps_of(loads: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The steps (name, title) of a build that loads from these sources (name, title)."""
    return [*((f"load {name}", title) for name, title in loads), *_AFTER]


def _job(row: tuple[Any, ...], steps: Sequence[tuple[Any, ...]] = ()) -> Job:
    # the last column of a job, told, is the queue's own matter
    return replace(Job(*row[:-1]), steps=tuple(Step(*one[1:]) for one in steps))
