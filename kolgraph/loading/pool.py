"""Parsing on all cores: batches of a large file are read and packed by processes of our own, their pages stay in order.

The input of a process is what was cut out of the file; the memory in use is that of a few batches, however long the
file is.
"""

import importlib
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import cast

import msgspec

from kolgraph.children import Answer, answers, cores
from kolgraph.errors import SourceError
from kolgraph.loading import Batch, Cut, Page, Read, Record, Reject
from kolgraph.loading.packed import Packed, pack

BIG = 4 << 20  # bytes of a file, above which it is worth the start of processes
_Answer = tuple[list[Packed], list[tuple[str, int]], list[tuple[str, str, bytes]], dict[str, int]]
_ENCODE, _DECODE = msgspec.msgpack.Encoder().encode, msgspec.msgpack.Decoder(_Answer).decode
_ASKED = msgspec.msgpack.Decoder(tuple[list[Cut], bool, str])


def workers(file: Path) -> int:
    """How many processes should read this file besides ours; 0 for one of ordinary size."""
    return cores() if cores() > 1 and file.stat().st_size >= BIG else 0


def pooled(read: Read, batches: Iterable[Batch], count: int) -> Iterator[Page]:
    """The pages of these batches, in order, read by so many processes."""
    around: deque[Page] = deque()

    def cut() -> Iterator[bytes]:
        for batch in batches:
            around.append(batch.around)
            yield _ENCODE((batch.cut, batch.clean, batch.group))

    made_by = (__name__, reader.__name__, read.__module__, read.__qualname__)
    dead = SourceError("a process that reads records has died, maybe for want of memory: run the same again")
    for answer in answers(made_by, cut(), count, dead):
        records, deleted, rejected, unknown = _DECODE(answer)
        page = Page(
            cast(tuple[Record, ...], tuple(records)),  # the inbox takes both
            deleted=tuple(deleted),
            rejected=tuple(Reject(*one) for one in rejected),
            unknown=Counter(unknown),
        )
        yield within(around.popleft(), page)


def reader(module: str, name: str) -> Answer:
    """What a process answers with that reads by the function of this name."""
    read: Read = getattr(importlib.import_module(module), name)

    def answer(asked: bytes) -> bytes:
        page = read(*_ASKED.decode(asked))
        rejected = [(one.where, one.reason, one.raw) for one in page.rejected]
        return _ENCODE(([pack(one) for one in page.records], page.deleted, rejected, page.unknown))

    return answer


def within(around: Page, read: Page) -> Page:
    """What was read of a batch, in the page that it makes."""
    unknown = around.unknown + read.unknown
    return replace(around, records=read.records, deleted=read.deleted, rejected=read.rejected, unknown=unknown)
