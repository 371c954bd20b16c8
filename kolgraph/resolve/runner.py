"""Where functions run: in this process, or in processes of our own. One function, many jobs, answers in order.

A job and its answer are small JSON objects; what is large lies in files that they name (scale.md section 3).
"""

import ctypes
import importlib
import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa

from kolgraph.children import Answer, answers
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


def run(function: Function, jobs: Iterable[Job], workers: int) -> Iterator[Job]:
    """The answers to all jobs, in order; `workers` below 2 means in this process. `function` is one of a module."""
    if workers < 2:
        yield from map(function, jobs)
        return
    dead = KolgraphError("a process that resolves people has died, maybe for want of memory: run the same again")
    made_by = (__name__, worker.__name__, function.__module__, function.__qualname__)
    for answer in answers(made_by, (json.dumps(job).encode() for job in jobs), workers, dead):
        yield json.loads(answer)


def worker(module: str, name: str) -> Answer:
    """What a process answers with that does jobs by the function of this name."""
    # the processes share the cores: Arrow's own threads and pool would only hold memory
    pa.set_memory_pool(pa.system_memory_pool())
    pa.set_cpu_count(1)
    function: Function = getattr(importlib.import_module(module), name)
    return lambda job: json.dumps(function(json.loads(job))).encode()
