"""Mentions in, persons out: which names on which records are one human being, why, and where that person works.

`slots` turns records into rows of numbers, `split` cuts these into parts that cannot touch each other, `part` resolves
one of them: names, records and ORCIDs say which pairs may be compared at all (`block`, `seeds`); what the rest has in
common is weighed (`evidence`) and joined best first (`cluster`). `assign` puts the parts together, `explain` opens
every link. Deterministic: the same records, judgements and weights give the same persons whatever the order in which
they come and however many processes work on them (identity.md, scale.md).
"""

from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from kolgraph.model import Judgement, Listed, Publication, Trial
from kolgraph.resolve.assign import Before, Progress, Resolution, assign, in_order
from kolgraph.resolve.block import BIG_BLOCK
from kolgraph.resolve.changes import CHANGES
from kolgraph.resolve.explain import Explanation, explain
from kolgraph.resolve.links import LinkExplanation, explain_links
from kolgraph.resolve.places import Places
from kolgraph.resolve.slots import SLOTS, parse_slots

__all__ = [
    "BIG_BLOCK", "SLOTS", "Before", "Explanation", "LinkExplanation", "Resolution", "assign", "explain",
    "explain_links", "in_order", "parse_slots", "resolve", "write",
]  # fmt: skip


def resolve(
    publications: Iterable[Publication],
    trials: Iterable[Trial],
    judgements: Iterable[Judgement] = (),
    register: Iterable[tuple[str, str]] = (),
    places: Places | None = None,
    progress: Progress = lambda done, of, what: None,
    *,
    orcids: bool = True,
    listed: Iterable[Listed] = (),
    workers: int = 1,
    big_block: int = BIG_BLOCK,
) -> Resolution:
    """Decide which mentions are one person. `orcids=False` withholds ORCID iDs, to measure the rest against them.

    Rows of own lists (`listed`) join a person by ORCID, NPI or judgement alone: a shared name and place is a doubt.
    They change nothing about papers and trials. Blocks above `big_block` mentions are not compared in full.
    """
    progress(0, None, "reading mentions")
    slots = parse_slots(publications, trials, listed, places)
    if not orcids:
        slots = slots.set_column(SLOTS.get_field_index("orcid"), "orcid", pa.array([""] * len(slots)))
    return assign(in_order(slots), judgements, register, progress, big_block=big_block, workers=workers)


def write(
    resolution: Resolution, folder: Path, mark: str, heard: str = "", differences: pa.Table | None = None
) -> None:
    """Store the tables; mentions.parquet comes last and carries `mark`: where it is new, all is new.

    `heard` is the watermark of the ledger up to which decisions were heard, `differences` what `changes` says of the
    resolution that is replaced.
    """
    folder.mkdir(parents=True, exist_ok=True)
    tables = {name: getattr(resolution, name) for name in ("rarity", "doubts", "merges", "trouble", "mentions")}
    for name, one in {"changes": CHANGES.empty_table() if differences is None else differences, **tables}.items():
        table = one.replace_schema_metadata({"watermark": mark, "ledger": heard})
        fresh = folder / f"{name}.parquet.new"
        pq.write_table(table, fresh, compression="zstd")
        fresh.replace(folder / f"{name}.parquet")
