"""Parsing on all cores: batches of a large file are read and packed by processes of our own, their pages stay in order.

A worker is a child that speaks through its two pipes and ends with them: killed or crashed, we leave none behind. Its
input is what was cut out of the file; the memory in use is that of a few batches, however long the file is.
"""

import importlib
import os
import subprocess
import sys
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from queue import SimpleQueue
from typing import IO, Any, cast

import msgspec

from kolgraph.errors import SourceError
from kolgraph.loading import Batch, Cut, Page, Read, Record, Reject
from kolgraph.loading.packed import Packed, pack

BIG = 4 << 20  # bytes of a file, above which it is worth the start of processes
_Answer = tuple[list[Packed], list[tuple[str, int]], list[tuple[str, str, bytes]], dict[str, int]]
_ENCODE, _DECODE = msgspec.msgpack.Encoder().encode, msgspec.msgpack.Decoder(_Answer).decode
_ASKED = msgspec.msgpack.Decoder(tuple[list[Cut], bool, str])


def workers(file: Path) -> int:
    """How many processes should read this file besides ours; 0 for one of ordinary size."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return cores if cores > 1 and file.stat().st_size >= BIG else 0


def pooled(read: Read, batches: Iterable[Batch], count: int) -> Iterator[Page]:
    """The pages of these batches, in order, read by so many processes."""
    free: SimpleQueue[_Worker] = SimpleQueue()
    every: list[_Worker] = []

    def ask(batch: Batch) -> Page:
        worker = free.get()
        try:
            return worker.ask(batch)
        finally:
            free.put(worker)

    waiting: deque[Future[Page]] = deque()
    threads = ThreadPoolExecutor(count, "kolgraph-pool")
    try:
        for _ in range(count):  # the ones before are ended when one cannot be started
            every.append(_Worker(read))
            free.put(every[-1])
        for batch in batches:
            waiting.append(threads.submit(ask, batch))
            if len(waiting) > count + 1:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        for worker in every:
            worker.end()
        threads.shutdown(cancel_futures=True)


def within(around: Page, read: Page) -> Page:
    """What was read of a batch, in the page that it makes."""
    unknown = around.unknown + read.unknown
    return replace(around, records=read.records, deleted=read.deleted, rejected=read.rejected, unknown=unknown)


class _Worker:
    def __init__(self, read: Read):
        words = [sys.executable, "-m", __name__, read.__module__, read.__qualname__]
        self._process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def ask(self, batch: Batch) -> Page:
        try:
            _send(cast(IO[bytes], self._process.stdin), (batch.cut, batch.clean, batch.group))
            answer = _receive(cast(IO[bytes], self._process.stdout))
        except OSError:
            answer = b""
        if not answer:
            raise SourceError("a process that reads records has died, maybe for want of memory: run the same again")
        records, deleted, rejected, unknown = _DECODE(answer)
        return within(
            batch.around,
            Page(
                cast(tuple[Record, ...], tuple(records)),  # the inbox takes both
                deleted=tuple(deleted),
                rejected=tuple(Reject(*one) for one in rejected),
                unknown=Counter(unknown),
            ),
        )

    def end(self) -> None:
        self._process.kill()
        self._process.communicate()


def _send(stream: IO[bytes], what: Any) -> None:
    body = _ENCODE(what)
    stream.write(len(body).to_bytes(8, "big"))
    stream.write(body)
    stream.flush()


def _receive(stream: IO[bytes]) -> bytes:
    """The next message, b"" when the other side is gone."""
    size = int.from_bytes(stream.read(8), "big")
    body = stream.read(size)
    return body if len(body) == size else b""


def main(module: str, name: str) -> None:
    """Be a worker."""
    read: Read = getattr(importlib.import_module(module), name)
    asked, answers = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # whatever prints does not garble the answers
    while body := _receive(asked):
        page = read(*_ASKED.decode(body))
        rejected = [(one.where, one.reason, one.raw) for one in page.rejected]
        _send(answers, ([pack(one) for one in page.records], page.deleted, rejected, page.unknown))


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except (BrokenPipeError, KeyboardInterrupt):
        os._exit(1)
