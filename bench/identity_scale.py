"""What resolution costs from 10,000 to 2,000,000 mentions of the synthetic world, against n log n (15 minutes).

Worlds in which people grow in step with mentions are loaded once, in about an hour, and kept in the temporary folder.
Their surnames come from fixed pools, so that namesakes grow denser with size than they do in PubMed, where new surnames
keep coming: blocks are at their worst here, and so is B-cubed at the end of the table.
"""

import math
from collections.abc import Iterator

import pyarrow.parquet as pq

from bench import Row, row
from bench._resolving import resolved
from bench._worlds import truth, workspace
from bench.identity import people
from kolgraph.resolve.quality import b_cubed

SIZES = (10_000, 30_000, 100_000, 300_000, 1_000_000, 2_000_000)


def rows() -> Iterator[Row]:
    """Bar: processor time for each n log n never exceeds that of the smallest size by more than a quarter."""
    first = 0.0
    for size in SIZES:
        space = workspace(size)
        done = resolved(space)
        n = done.counts["mentions"]
        unit = done.cpu / (n * math.log2(n))
        first = first or unit
        named = f"{size:,}"
        yield row(f"{named}: mentions, papers and trials", n, "")
        yield row(f"{named}: on the wall", round(done.seconds, 1), "s")
        yield row(f"{named}: processor", round(done.cpu, 1), "s")
        yield row(f"{named}: for each n log2 n", round(unit * 1e6, 3), "us")
        yield row(f"{named}: the same to that of {SIZES[0]:,}", round(unit / first, 2), "times", "<= 1.25")
        yield row(f"{named}: peak memory", round(done.megabytes), "MB")
        for what in ("people", "pairs compared"):
            yield row(f"{named}: {what}", done.counts[what], "")
        found = people(pq.read_table(space / "resolved" / "mentions.parquet", columns=["record", "position", "person"]))
        # slots whose paper was superseded or closed are held by nobody
        measured = b_cubed({key: person for key, person in truth(space) if key in found}, found)
        for what, value in zip(("P", "R", "F1"), measured, strict=True):
            yield row(f"{named}: B3 {what}", round(value, 4), "")
