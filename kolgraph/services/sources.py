"""Where a fact comes from, in batches: source, record, fetched when, which file, which version of the loader."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import pyarrow.parquet as pq

from kolgraph.ids import public_page, split
from kolgraph.inbox import Provenance
from kolgraph.plugins import loaders
from kolgraph.workspace import Workspace

SHORT = {
    "pubmed": "PM", "clinicaltrials": "CT", "ror": "ROR", "openalex": "OA", "europepmc": "EP", "crossref": "CR",
    "orcid": "iD", "nppes": "NPI", "openpayments": "OP", "nihreporter": "NIH", "mesh": "MeSH", "own": "Own",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Source:
    """Who says a fact. `page` is where anyone can read the record, "" where the source shows it to nobody."""

    record: str
    title: str  # of the source
    short: str
    page: str
    fetched: str
    sha256: str  # of the file; "" for the answer of a service
    version: str
    origin: str

    @property
    def words(self) -> str:
        """All of it in one line."""
        file = f"file {self.sha256[:10]}" if self.sha256 else "answer of the service"
        when = f"{self.fetched[:10]} {self.fetched[11:16]}".strip()
        return f"{self.title}, {self.record}, fetched {when}, {file}, loader version {self.version}"


def sources(ws: Workspace, records: Iterable[str]) -> dict[str, tuple[Source, ...]]:
    """The sources of each record, all that a paper was made of, the leading one first; what is not held has none."""
    behind = ws.inbox.records_behind(sorted(set(records)))
    return {id: tuple(source(*one) for one in said) for id, said in behind.items() if said}


def source(record: str, said: Provenance) -> Source:
    """What is known of where a record comes from, for readers."""
    return Source(
        record,
        _titles().get(said.source, said.source),
        SHORT.get(said.source, said.source[:2].upper()),
        public_page(record),
        said.fetched_at,
        said.sha256,
        said.loader_version,
        said.origin,
    )


def label(record: str) -> str:
    """How people write the id of a record: "PMID 38012345", "NCT01234567"."""
    prefix, local = split(record)
    return f"PMID {local}" if prefix == "pmid" else local


@cache
def _titles() -> dict[str, str]:
    return {name: loader.title for name, loader in loaders().items()}


def saying(ws: Workspace, person: str) -> dict[str, list[str]]:
    """The records by which a person belongs to institutions, by institution; none while nobody is resolved."""
    path = ws.resolved / "mentions.parquet"
    found: dict[str, list[str]] = {}
    if path.exists():
        table = pq.read_table(path, columns=["record", "institutions"], filters=[("person", "=", person)])
        for row in table.to_pylist():
            for institution in row["institutions"] or ():
                found.setdefault(institution, []).append(row["record"])
    return found
