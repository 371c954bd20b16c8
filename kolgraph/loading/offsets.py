"""Paging by offset, which no source makes safe: rows are added, withdrawn and sorted anew between two pages.

A pass over an answer is whole when it brought as many different ids as the source counted, and the source counted the
same at every page. Otherwise what was not seen yet is looked for in another pass, and after the last one it is said
that something may be missing.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from kolgraph.loading.numbers import pack, unpack

PASSES = 3
Row = tuple[int, bytes]  # id, bytes
Fetch = Callable[[int], tuple[int, list[Row] | None]]  # offset -> what the source counts, rows; None: no deeper


@dataclass(frozen=True, slots=True)
class Step:
    """The rows of a page that did not come before; `state` resumes behind it, "" when the answer is over."""

    rows: list[Row]
    state: str
    total: int
    missing: str = ""


def steps(fetch: Fetch, state: str) -> Iterator[Step]:
    """An answer, page by page. A later pass starts again when it is interrupted: it brings little."""
    number, offset, counted, same, seen = _resumed(state)
    here = set(seen)
    while True:
        total, rows = fetch(offset)
        same, counted = same and counted in (None, total), total
        if rows is None:
            yield Step([], "", total, f"{len(seen):,} of {total:,} came, and the source goes no deeper")
            return
        fresh = [(id, raw) for id, raw in dict(rows).items() if id not in seen]
        seen |= {id for id, _ in fresh}
        here |= {id for id, _ in rows}
        offset += len(rows)
        if rows and offset < total:
            yield Step(fresh, _state(number, offset, counted, same, seen), total)
            continue
        whole = same and len(here) == total
        if whole or number == PASSES - 1:
            missing = "" if whole else f"{len(here):,} of {total:,} came, and the answer changed while it was read"
            yield Step(fresh, "", total, missing)
            return
        number, offset, counted, same, here = number + 1, 0, None, True, set()
        yield Step(fresh, _state(number, 0, None, True, seen), total)


def _state(number: int, offset: int, counted: int | None, same: bool, seen: set[int]) -> str:
    at = (number, offset, counted, int(same)) if number == 0 else (number, 0, None, 1)
    return " ".join("" if one is None else str(one) for one in (*at, pack(seen)))


def _resumed(state: str) -> tuple[int, int, int | None, bool, set[int]]:
    if not state:
        return 0, 0, None, True, set()
    number, offset, counted, same, seen = state.split(" ")
    return int(number), int(offset), int(counted) if counted else None, same == "1", unpack(seen)
