"""A synthetic field of medicine in the sources' wire formats, with its truth beside it: demo, test bed and load.

`generate` writes pubmed/*.xml.gz, clinicaltrials/*.json, ror/ror.json, nppes/*.csv, openpayments/*.csv and
nihreporter/*.json, which the house's loaders read like real ones, and truth/*.tsv, which only benches and tests read.
Every person, paper, trial, company and institution is invented; cities are real. Identifiers lie where the sources give
none out: PMIDs above 90,000,000, NCT9..., ORCID iDs 0000-9900-..., NPIs 29..., DOIs under 10.99999, addresses under
.example. ROR ids have correct check digits.
"""

from collections.abc import Callable
from pathlib import Path

from kolgraph.demo.field import SOURCES, TITLE, TOPICS

__all__ = ["SOURCES", "TITLE", "TOPICS", "generate"]


def generate(
    folder: Path, people: int = 3000, seed: int = 7, progress: Callable[[int, int, str], None] | None = None
) -> None:
    """Write the world into `folder`, the same bytes for the same arguments everywhere.

    `progress(done, of, what)` is called once for each year of papers. People are held in memory, papers of one year
    at a time. At least 50 people.
    """
    from kolgraph.demo.run import write_world

    write_world(Path(folder), people, seed, progress or (lambda done, of, what: None))
