"""The process that works the queue of builds off: `python -m kolgraph.worker HOME`, what it may use as JSON on stdin.

Nobody watches it: what it does stands in the queue. It can be killed at any time, and SIGTERM ends the job under way at
once (every page, resolution and graph is stored as a whole or not at all).
"""

import json
import logging
import os
import signal
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from kolgraph import jobs, plugins
from kolgraph.asking import Access
from kolgraph.errors import BusyError, KolgraphError
from kolgraph.queue import REBUILD, Job, Queue, steps_of
from kolgraph.workspace import Graph, Workspace

EVERY = 0.3  # seconds between two notes of progress
_WAIT = 1.0  # seconds until a workspace that somebody else writes to is tried again
log = logging.getLogger(__name__)


class Stopped(BaseException):
    """Somebody asked this process to end what it does."""


def main() -> None:
    """Work off everything that waits, then end."""
    home, given = Path(sys.argv[1]), json.load(sys.stdin)
    logging.basicConfig(format="%(asctime)s %(message)s")
    os.nice(5)  # the app goes first
    signal.signal(signal.SIGTERM, _stop)
    access = Access(given["keys"], given["contact"], given["base_urls"])
    graphs = {folder: Graph(**where) for folder, where in given["graphs"].items()}
    queue = Queue(home)
    try:
        with queue.work():
            while (job := queue.claim(os.getpid())) and _do(queue, job, access, graphs.get(job.folder, Graph())):
                pass
    except (BusyError, Stopped):  # somebody else does it; or told to end between two jobs
        return


def _stop(*_: object) -> None:
    raise Stopped


def _do(queue: Queue, job: Job, access: Access, graph: Graph) -> bool:
    """Do a job and write down how it ended; False when this process is to end."""
    try:
        with Workspace(queue.home / job.folder, graph) as ws:
            queue.end(job.id, *_build(queue, job, ws, access))
    except Stopped:
        cancelled = queue.stopped(job.id)
        words = "Cancelled: what was loaded stays." if cancelled else "kolgraph was asked to end."
        queue.end(job.id, "cancelled" if cancelled else "interrupted", words)
        return cancelled
    except KolgraphError as error:
        queue.end(job.id, "failed", error.sentence)
    except Exception:
        log.exception("job %s failed", job.id)
        queue.end(job.id, "failed", f"kolgraph met an error that it did not expect; {queue.path.parent} has the log.")
    return True


def _build(queue: Queue, job: Job, ws: Workspace, access: Access) -> tuple[str, str]:
    """All steps in turn; a source that does not deliver holds up nobody else. Returns the last state and a line."""
    sources = () if job.kind == REBUILD else ws.landscape.sources
    job = queue.plan(job.id, steps_of(plugins.titles(source.loader for source in sources)))
    loads = job.steps[: len(sources)]
    missing = 0
    for step, source in zip(loads, sources, strict=True):
        if step.state == "done":  # before this job was interrupted
            continue
        try:
            results = _step(queue, job, step.n, partial(jobs.load, ws, source, access=access))
        except KolgraphError as error:
            queue.step(job.id, step.n, "failed", error.sentence)
            missing += 1
            continue
        problem = "; ".join(one.problem for one in results if one.problem)
        queue.step(job.id, step.n, "incomplete" if problem else "done", problem)
        missing += bool(problem)
    if not any(ws.inbox.counts().values()):
        for step in job.steps[len(loads) :]:
            queue.step(job.id, step.n, "waiting")
        return "failed", "Nothing was loaded: " + (
            "see the sources below." if missing else "no source has a record for these terms; choose others."
        )
    for step in job.steps[len(loads) :]:
        _step(queue, job, step.n, partial(getattr(jobs, step.name), ws))
        queue.step(job.id, step.n, "done")
    return "done", f"{missing} of {len(loads)} sources are not complete: Refresh asks them again." if missing else ""


def _step(queue: Queue, job: Job, n: int, do: Callable[..., Any]) -> Any:
    """Do a step, noting how far it is a few times a second; wait for whoever else writes to the workspace."""
    if queue.stopped(job.id):
        raise Stopped
    queue.step(job.id, n, "running")
    phase, first, since, noted = "", 0, time.time(), 0.0

    def note(done: int, of: int | None, what: str) -> None:
        nonlocal phase, first, since, noted
        now = time.time()
        if what != phase:
            phase, first, since, noted = what, done, now, 0.0
        if now - noted >= EVERY or done == of:
            noted = now
            if queue.stopped(job.id):  # a signal can be lost in the depths of a library
                raise Stopped
            queue.progress(job.id, n, done, of, what, first, since)

    while True:
        try:
            return do(progress=note)
        except BusyError as error:
            queue.step(job.id, n, "running", f"Waiting: {error}.")
            time.sleep(_WAIT)


if __name__ == "__main__":
    main()
