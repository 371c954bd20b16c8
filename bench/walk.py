"""A PubMed of a million records, one day with more than a search serves, walked over a socket to the last one."""

import os
import resource
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kolgraph.loaders.pubmed import LOADER

from bench import Row, row
from kolgraph.loading import Ask
from kolgraph.loading.http import Client

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))  # the server that stands for PubMed

DAY = "2020-02-02"


@dataclass(frozen=True, slots=True)
class Walked:
    """What came of a walk: numbers in its order, how often the service was asked, seconds of pace and of processor."""

    numbers: list[int]
    counted: int | None
    requests: int
    waited: float
    busy: float


def rows() -> Iterator[Row]:
    """Bar: as many records as PubMed counts, each once; server and client share the processor time."""
    world = papers(int(os.environ.get("KOLGRAPH_BENCH_RECORDS", "1_000_000")))
    whole, day = walk(world), walk(world, since=DAY, until=DAY)
    yield row("records counted", whole.counted or 0, "records")
    yield row("records missing or twice", len(world) - len(set(whole.numbers)) + twice(whole), "records", "== 0")
    yield row("of one day", len(day.numbers), "records", "> 9999")
    yield row("of one day, missing", (day.counted or 0) - len(set(day.numbers)), "records", "== 0")
    yield row("requests", whole.requests, "")
    yield row("paced to, at 3 a second", whole.waited / 60, "min")
    yield row("processor time, server included", whole.busy, "s")
    yield row("memory, server included", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "MB")


def papers(count: int, crowd: int = 80) -> dict[int, object]:
    """A world of so many small papers over forty years, each `crowd`th of them on one day; numbers with gaps."""
    from servers.eutils import Paper, Papers

    days = [Paper(f"{year}-{month:02}-15", "A study") for year in range(1985, 2025) for month in range(1, 13)]
    crowded = Paper(DAY, "A study")
    step = 39_000_000 // count
    return Papers({1 + i * step: crowded if i % crowd == 0 else days[i * len(days) // count] for i in range(count)})


def walk(world: dict[int, object], **dates: str) -> Walked:
    """Every page of the answer to a query, over a socket; no time passes but the clock's."""
    from servers.eutils import Papers, PubMed, pubmed

    assert isinstance(world, Papers)
    with pubmed(PubMed(world)) as served:
        ask = Ask(query="study", base_url=served.url, **dates)  # type: ignore[arg-type]
        client = Client(LOADER, ask, sleep=served.clock.sleep, clock=served.clock.now)
        numbers, counted = list[int](), None
        begun = time.process_time()
        for page in LOADER.pages(ask, client, ""):
            numbers += (int(record.id.removeprefix("pmid:")) for record in page.records)
            counted = page.expected
        busy = time.process_time() - begun
        assert served.never_faster_than(3)
        return Walked(numbers, counted, len(served.at), served.clock.now(), busy)


def twice(walked: Walked) -> int:
    """How many records came more than once."""
    return len(walked.numbers) - len(set(walked.numbers))
