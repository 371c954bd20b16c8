"""Where a fact comes from, in batches: source, record, fetched when, which file, which version of the loader."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

import pyarrow.parquet as pq

from kolgraph.ids import public_page, split
from kolgraph.inbox import Provenance
from kolgraph.model import mentions_of
from kolgraph.plugins import loaders
from kolgraph.workspace import Workspace

SHORT = {
    "pubmed": "PM", "clinicaltrials": "CT", "ror": "ROR", "openalex": "OA", "europepmc": "EP", "crossref": "CR",
    "orcid": "iD", "nppes": "NPI", "openpayments": "OP", "nihreporter": "NIH", "mesh": "MeSH", "ownlist": "List",
}  # fmt: skip
LATEST = 5  # records named behind an affiliation
ASKED = 60


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


def places_said(ws: Workspace, *people: str) -> dict[str, tuple[Source, ...]]:
    """By institution, the latest records that place any of these people there, then the register's own record."""
    found: dict[str, list[str]] = {}
    for row in _mentions(ws, people):
        for institution in row["institutions"] or ():
            found.setdefault(institution, []).append(row["record"])
    chosen = {place: [*reversed(records[-LATEST:]), place] for place, records in found.items()}
    known = sources(ws, (record for records in chosen.values() for record in records))
    return {
        place: tuple(dict.fromkeys(one for record in records for one in known.get(record, ())))
        for place, records in chosen.items()
    }


def identifiers_said(ws: Workspace, person: str, identifiers: Iterable[str]) -> dict[str, tuple[Source, ...]]:
    """By identifier of a person, the latest record that gives it, else a register; only the last ASKED are opened."""
    wanted, found = set(identifiers), dict[str, str]()
    for row in reversed(_mentions(ws, [person])[-ASKED:] if wanted else []):
        if wanted <= found.keys():
            break
        # what another record of the paper says of an author stands at the same place
        held = [told for id, _ in ws.inbox.records_of(row["record"]) if (told := ws.inbox.record(id))]
        for mention in (mention for noun, _ in held for mention in mentions_of(noun)):
            if mention.position == row["position"]:
                given = {*mention.identifiers, *([f"orcid:{mention.orcid}"] if mention.orcid else [])}
                for one in given & wanted:
                    found.setdefault(one, row["record"])
    found |= _in_registers(ws, person, wanted - found.keys())
    known = sources(ws, found.values())
    return {one: known[record] for one, record in found.items() if record in known}


def _in_registers(ws: Workspace, person: str, numbers: set[str]) -> dict[str, str]:
    """Each number that a linked entry of a register gives -> the entry's first record."""
    path = ws.resolved / "links.parquet"
    if not numbers or not path.exists():
        return {}
    linked = [("person", "=", person), ("state", "=", "linked"), ("entry", "in", numbers)]
    rows = pq.read_table(path, columns=["entry", "record"], filters=linked).to_pylist()
    return {row["entry"]: row["record"] for row in sorted(rows, key=lambda row: str(row["record"]), reverse=True)}


def _mentions(ws: Workspace, people: Iterable[str]) -> list[dict[str, Any]]:
    """The resolved mentions of people in order of the records' ids; none while nobody is resolved."""
    path = ws.resolved / "mentions.parquet"
    if not path.exists():
        return []
    columns = ["record", "position", "institutions"]
    rows: list[dict[str, Any]] = pq.read_table(path, columns=columns, filters=[("person", "in", {*people})]).to_pylist()
    return rows
