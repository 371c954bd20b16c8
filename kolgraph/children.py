"""Processes of our own that answer bytes with bytes: many questions, answers in their order.

A child speaks through its two pipes and ends with them: killed or crashed, we leave none behind. A message is its
length in eight bytes and then itself.
"""

import importlib
import os
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from queue import SimpleQueue
from typing import IO, cast

from kolgraph.errors import KolgraphError

Answer = Callable[[bytes], bytes]
Child = subprocess.Popen[bytes]


def cores() -> int:
    """The processors that we may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def answers(made_by: Sequence[str], questions: Iterable[bytes], count: int, dead: KolgraphError) -> Iterator[bytes]:
    """What `count` children answer to all questions, in order; no more questions are taken than they can work on.

    `made_by` is module and name of the function that makes the answering one, then its arguments. Raises `dead` when a
    child ends without an answer.
    """
    free: SimpleQueue[Child] = SimpleQueue()
    every: list[Child] = []

    def asked(question: bytes) -> bytes:
        child = free.get()
        try:
            return ask(child, question)
        finally:
            free.put(child)

    waiting: deque[Future[bytes]] = deque()
    threads = ThreadPoolExecutor(count, "kolgraph-children")
    try:
        for _ in range(count):  # the ones before are ended when one cannot be started
            words = [sys.executable, "-c", f"from {__name__} import main; main()", *made_by]
            every.append(subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE))
            free.put(every[-1])
        for question in questions:
            waiting.append(threads.submit(asked, question))
            if len(waiting) > count + 1:
                yield _answered(waiting, dead)
        while waiting:
            yield _answered(waiting, dead)
    finally:
        for child in every:
            child.kill()
            child.communicate()
        threads.shutdown(cancel_futures=True)


def ask(child: Child, question: bytes) -> bytes:
    """The answer of a child, b"" when it is gone."""
    try:
        _send(cast(IO[bytes], child.stdin), question)
        return _receive(cast(IO[bytes], child.stdout))
    except OSError:
        return b""


def _answered(waiting: "deque[Future[bytes]]", dead: KolgraphError) -> bytes:
    answer = waiting.popleft().result()
    if not answer:
        raise dead
    return answer


def _send(stream: IO[bytes], what: bytes) -> None:
    stream.write(len(what).to_bytes(8, "big"))
    stream.write(what)
    stream.flush()


def _receive(stream: IO[bytes]) -> bytes:
    """The next message, b"" when the other side is gone."""
    size = int.from_bytes(stream.read(8), "big")
    what = stream.read(size)
    return what if len(what) == size else b""


def main() -> None:
    """Be a child; `made_by` are the arguments of the process."""
    module, name, *arguments = sys.argv[1:]
    answer: Answer = getattr(importlib.import_module(module), name)(*arguments)
    questions, out = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # whatever prints does not garble the answers
    try:
        while question := _receive(questions):
            _send(out, answer(question))
    except (BrokenPipeError, KeyboardInterrupt):
        os._exit(1)
