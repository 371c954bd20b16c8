"""One part of all slots resolved by itself: Arrow in, Arrow out, in this process or in another (scale.md section 3)."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from kolgraph.model import Judgement
from kolgraph.resolve.block import candidates
from kolgraph.resolve.cluster import cluster
from kolgraph.resolve.corpus import corpus_of
from kolgraph.resolve.evidence import log_odds, model
from kolgraph.resolve.persons import assign_table, doubt_table, merge_table
from kolgraph.resolve.rarity import Rarity
from kolgraph.resolve.runner import give_back, pick_up, put_down
from kolgraph.resolve.seeds import plant

_COUNTS, _TOTALS = "counts.npy", "totals.json"
_TABLES = ("assigned", "doubts", "merges")


@dataclass(frozen=True, slots=True)
class Part:
    """Who is whose among some slots; `pairs` were weighed."""

    assigned: pa.Table
    doubts: pa.Table
    merges: pa.Table
    contradictions: tuple[str, ...] = ()
    pairs: int = 0


def resolve_part(slots: pa.Table, rarity: Rarity, judgements: Iterable[Judgement], big_block: int) -> Part:
    """Resolve slots (shape SLOTS, sorted by record and position) that nothing outside them can touch.

    A block of more than `big_block` mentions is not compared in full, see `block.candidates`.
    """
    corpus = corpus_of(slots, rarity)
    seeds = plant(corpus, judgements)
    pairs = candidates(corpus, big_block)
    odds = log_odds(corpus, pairs)
    soft = ~(corpus.listed[pairs.a] | corpus.listed[pairs.b])
    clusters = cluster(corpus, seeds, pairs[soft], odds[soft], model().merge)
    return Part(
        assign_table(corpus, seeds, clusters),
        doubt_table(corpus, seeds, clusters, pairs, odds),
        merge_table(corpus, clusters, pairs[soft]),
        tuple(seeds.contradictions),
        len(pairs),
    )


def write_job(
    folder: Path, number: int, slots: pa.Table, judgements: Iterable[Judgement], big_block: int
) -> dict[str, Any]:
    """Put a part down for `resolve_file`; the rarity lies in the same folder."""
    name = f"{number:05d}"
    put_down(slots, folder / f"{name}.slots")
    return {
        "folder": str(folder),
        "name": name,
        "judgements": [asdict(one) for one in judgements],
        "big_block": big_block,
    }


def resolve_file(job: dict[str, Any]) -> dict[str, Any]:
    """`resolve_part` between files, for a process of its own."""
    folder, name = Path(job["folder"]), job["name"]
    slots = pick_up(folder / f"{name}.slots")
    judgements = [Judgement(**one) for one in job["judgements"]]
    found = resolve_part(slots, _rarity(folder), judgements, job["big_block"])
    for kind in _TABLES:
        put_down(getattr(found, kind), folder / f"{name}.{kind}")
    give_back()
    return {"folder": str(folder), "name": name, "contradictions": found.contradictions, "pairs": found.pairs}


def read_answer(answer: dict[str, Any]) -> Part:
    """What `resolve_file` put down."""
    folder, name = Path(answer["folder"]), answer["name"]
    tables = {kind: pick_up(folder / f"{name}.{kind}") for kind in _TABLES}
    return Part(**tables, contradictions=tuple(answer["contradictions"]), pairs=answer["pairs"])


def write_rarity(folder: Path, rarity: Rarity) -> None:
    """Put the rarity down for `resolve_file`: as it lies in memory, so that all processes share one copy."""
    np.save(folder / _COUNTS, rarity.counts)
    (folder / _TOTALS).write_text(json.dumps(dict(rarity.totals)), "utf-8")


@lru_cache(1)
def _rarity(folder: Path) -> Rarity:
    return Rarity(json.loads((folder / _TOTALS).read_text("utf-8")), np.load(folder / _COUNTS, mmap_mode="r"))
