"""A list that is followed by cursor to its end: every record once, and what is counted and does not come is said."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from kolgraph.errors import KolgraphError, SourceError, UsageError
from kolgraph.loading import Ask, Page
from kolgraph.loading.http import Refused
from kolgraph.loading.listing import Take, read

ANEW = 3  # times that one walk begins anew


@dataclass(frozen=True, slots=True)
class Answer:
    """A page as a service gives it: how many records it counts in all, (id, bytes) of these, "" or the next cursor."""

    total: int
    records: list[tuple[str, bytes]]
    token: str
    day: str = ""  # by the clock of the service, ISO; "" where it does not tell
    note: str = ""


def follow(
    title: str,
    ask: Ask,
    cursor: str,
    fetch: Callable[[str], Answer],
    take: Take,
    expired: frozenset[int] = frozenset((400,)),
) -> Iterator[Page]:
    """Pages in the order of the service; `cursor` holds how many came before, the day of the first one, its token.

    A token that the service refuses with one of `expired` has run out: the walk begins anew, what was handed over is
    left out. An empty page is not the end, an empty token is.
    """
    before, mark, token = cursor.split(" ", 2) if cursor else ("0", "", "")
    earlier = int(before)
    seen: set[str] = set()
    anew = 0
    while True:
        try:
            answer = fetch(token)
        except Refused as refused:
            if refused.status not in expired or not token:
                raise
            if anew == ANEW:
                what = f"{title} lost our place in its list {ANEW + 1} times"
                raise SourceError(f"{what} (answered {refused.status}): run the same command later") from None
            anew, token, earlier = anew + 1, "", 0
            continue
        mark = mark or answer.day
        fresh = []
        for id, raw in answer.records:
            if id not in seen and (ask.limit is None or earlier + len(seen) < ask.limit):
                seen.add(id)
                fresh.append((f"answer, {id or 'record without id'}", raw, ""))
        done = earlier + len(seen)
        token = "" if not answer.records and answer.token == token else answer.token
        over = not token or (ask.limit is not None and done >= ask.limit)
        expected = answer.total if ask.limit is None else min(answer.total, ask.limit)
        lacking = f"{title} counts {expected:,} records, {done:,} came: run the same command again"
        yield replace(
            read(fresh, take),
            cursor="" if over else f"{done} {mark} {token}",
            expected=expected,
            mark=mark,
            note=answer.note,
            missing=lacking if over and done < expected else "",
        )
        if over:
            return


def not_understood(title: str, refused: Refused) -> KolgraphError:
    """What a refusal means: a query that the service cannot read (400), else what it says."""
    if refused.status != 400:
        return refused
    said = " ".join(refused.body[:300].decode("utf-8", "replace").split())
    return UsageError(f"{title} does not understand the query: {said}")
