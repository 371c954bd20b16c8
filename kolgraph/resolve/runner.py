"""Where functions run: in this process, or in processes of our own. One function, many jobs, answers in order.

A job and its answer are small JSON objects; what is large lies in files that they name (scale.md section 3). A worker
is a child that speaks through its two pipes and ends with them: killed or crashed, we leave none behind.
"""

import ctypes
import importlib
import json
import os
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from typing import IO, Any, cast

import pyarrow as pa

from kolgraph.errors import KolgraphError

Job = dict[str, Any]
Function = Callable[[Job], Job]


def put_down(table: pa.Table, path: Path) -> None:
    """A table as it lies in memory, for another process."""
    with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, table.schema) as writer:
        writer.write_table(table)


def pick_up(path: Path) -> pa.Table:
    """A table that was put down: mapped, not read; the file may go meanwhile."""
    return pa.ipc.open_file(pa.memory_map(str(path))).read_all()


def give_back() -> None:
    """Return to the system what is free but kept by the C library, before a phase in which others need it (glibc)."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim:
        trim(0)


def cores() -> int:
    """The processors that we may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run(function: Function, jobs: Iterable[Job], workers: int) -> Iterator[Job]:
    """The answers to all jobs, in order; `workers` below 2 means in this process. `function` is one of a module."""
    if workers < 2:
        yield from map(function, jobs)
        return
    free: SimpleQueue[subprocess.Popen[str]] = SimpleQueue()
    every: list[subprocess.Popen[str]] = []

    def ask(job: Job) -> Job:
        worker = free.get()
        try:
            return _ask(worker, job)
        finally:
            free.put(worker)

    threads = ThreadPoolExecutor(workers, "kolgraph-runner")
    try:
        for _ in range(workers):
            start = f"from {__name__} import main; main()"
            words = [sys.executable, "-c", start, function.__module__, function.__qualname__]
            every.append(subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True))
            free.put(every[-1])
        waiting: deque[Future[Job]] = deque()
        for job in jobs:
            waiting.append(threads.submit(ask, job))
            if len(waiting) > workers + 1:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        for worker in every:
            worker.kill()
            worker.communicate()
        threads.shutdown(cancel_futures=True)


def _ask(worker: "subprocess.Popen[str]", job: Job) -> Job:
    try:
        stream = cast(IO[str], worker.stdin)
        stream.write(json.dumps(job) + "\n")
        stream.flush()
        answer = cast(IO[str], worker.stdout).readline()
    except OSError:
        answer = ""
    if not answer:
        raise KolgraphError("a process that resolves people has died, maybe for want of memory: run the same again")
    return cast(Job, json.loads(answer))


def main() -> None:
    """Be a worker: module and name of the function are the arguments of the process."""
    # the processes share the cores: Arrow's own threads and pool would only hold memory
    pa.set_memory_pool(pa.system_memory_pool())
    pa.set_cpu_count(1)
    module, name = sys.argv[1:]
    function: Function = getattr(importlib.import_module(module), name)
    answers, sys.stdout = sys.stdout, sys.stderr  # whatever prints does not garble the answers
    try:
        for line in sys.stdin:
            answers.write(json.dumps(function(json.loads(line))) + "\n")
            answers.flush()
    except (BrokenPipeError, KeyboardInterrupt):
        os._exit(1)
