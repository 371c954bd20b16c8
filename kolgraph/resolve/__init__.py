"""Mentions in, persons out: which names on which records are one human being, why, and where that person works.

Veto first: names, records and ORCIDs say which pairs may be compared at all (`block`, `seeds`); what the rest has in
common is weighed (`evidence`) and joined best first (`cluster`); `explain` opens every link. Deterministic: the same
records, judgements and weights give the same persons whatever the order in which they come (identity.md).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from kolgraph.model import Judgement, Listed, Publication, Trial
from kolgraph.resolve.block import candidates
from kolgraph.resolve.changes import CHANGES
from kolgraph.resolve.cluster import cluster
from kolgraph.resolve.corpus import read
from kolgraph.resolve.evidence import log_odds, model
from kolgraph.resolve.explain import Explanation, PersonExplanation, explain, explain_person
from kolgraph.resolve.persons import doubt_table, mention_table, merge_table, name_persons, trouble_table
from kolgraph.resolve.places import Places
from kolgraph.resolve.seeds import plant

__all__ = ["Explanation", "PersonExplanation", "Resolution", "explain", "explain_person", "resolve", "write"]
Progress = Callable[[int, int | None, str], None]


@dataclass(frozen=True, slots=True)
class Resolution:
    """Who is who. Tables as the contract of the `resolved` folder says; ids for the ledger's register.

    `issued` lists (person id, anchor mention) of every person there is; `redirects` (old id, id it means now).
    """

    mentions: (
        pa.Table
    )  # record position person name confidence hard institutions[] institution_confidence[] country city region
    doubts: pa.Table  # pairs of persons that may be one, see persons.DOUBTS
    merges: pa.Table  # what was joined by evidence and how surely, see persons.MERGES
    trouble: pa.Table  # kind text: judgements that cannot all hold, or whose mention is gone
    rarity: pa.Table  # kind token count: what `explain` weighs with
    issued: list[tuple[str, str]]
    redirects: list[tuple[str, str]]
    contradictions: list[str]  # judgements that cannot all hold
    lost: list[str]  # judgements about mentions that are gone

    def counts(self) -> dict[str, int]:
        """For the progress line."""
        found = {"mentions": len(self.mentions), "people": len(self.issued), "doubts": len(self.doubts)}
        trouble = {"contradictory judgements": len(self.contradictions), "judgements without mention": len(self.lost)}
        return found | {name: count for name, count in trouble.items() if count}


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
) -> Resolution:
    """Decide which mentions are one person. `orcids=False` withholds ORCID iDs, to measure the rest against them.

    Rows of own lists (`listed`) join a person by ORCID, NPI or judgement alone: a shared name and place is a doubt.
    They change nothing about papers and trials.
    """
    progress(0, 5, "reading mentions")
    corpus = read(publications, trials, listed=listed)
    if not orcids:
        corpus.orcid[:] = -1
    seeds = plant(corpus, judgements)
    progress(1, 5, "comparing names")
    pairs = candidates(corpus)
    progress(2, 5, "weighing evidence")
    odds = log_odds(corpus, pairs)
    progress(3, 5, "joining mentions")
    soft = ~(corpus.listed[pairs.a] | corpus.listed[pairs.b])
    clusters = cluster(corpus, seeds, pairs[soft], odds[soft], model().merge)
    ids, issued, redirects = name_persons(corpus, clusters, register)
    doubts = doubt_table(corpus, seeds, clusters, ids, pairs, odds)
    merges = merge_table(corpus, clusters, ids, pairs[soft])
    progress(4, 5, "matching institutions")
    mentions = mention_table(corpus, seeds, clusters, ids, places)
    progress(5, 5, "resolved")
    found = mentions, doubts, merges, trouble_table(seeds), corpus.rarity.table()
    return Resolution(*found, issued, redirects, seeds.contradictions, seeds.lost)


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
