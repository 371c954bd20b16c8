"""Whether every fact of the graph answers where it comes from: source, record, fetched when, which file, which loader.

A fact is a node or an edge that a source says. Ties between people answer through the records that both are on. Topics
come from the recipe, scores and communities are computed: what they are computed from is counted here.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import pyarrow.parquet as pq

from kolgraph.inbox import Inbox, Provenance
from kolgraph.workspace import Workspace

Row = dict[str, Any]
BATCH = 10_000
LINKS = "register links"


@dataclass(frozen=True, slots=True)
class Facts:
    """How many facts of one kind there are, how many do not answer, and one of those that do not."""

    kind: str
    count: int
    without: int
    example: str = ""


def facts(ws: Workspace) -> list[Facts]:
    """The facts of the graph by kind. Reads everything."""
    said = _Said(ws)
    held = said.held
    checks: tuple[tuple[str, Callable[[Row], bool]], ...] = (
        ("publications", lambda row: row["id"] in held),
        ("trials", lambda row: row["id"] in held),
        ("institutions", lambda row: row["id"] in held),
        ("people", lambda row: bool(said.records[row["id"]] & held)),
        ("authorships", lambda row: said.on(row["person"], row["publication"])),
        ("investigations", lambda row: said.on(row["person"], row["trial"])),
        (
            "affiliations",
            lambda row: row["institution"] in held and bool(said.places[row["person"], row["institution"]] & held),
        ),
        ("about", lambda row: row["record"] in held),
        ("reports", lambda row: {row["publication"], row["trial"]} <= held),
        ("sites", lambda row: {row["trial"], row["institution"]} <= held),
        ("sponsors", lambda row: {row["trial"], row["institution"]} <= held),
        ("parts", lambda row: {row["child"], row["parent"]} <= held),
        ("coauthor_edges", lambda row: said.together(row["a"], row["b"])),
        ("coinvestigator_edges", lambda row: said.together(row["a"], row["b"])),
        ("nominations", lambda row: said.together(row["nominator"], row["nominee"])),
    )
    found = [_count(kind, ws.store.stream(kind), answers) for kind, answers in checks]
    return [*found, _count(LINKS, said.links, lambda row: row["record"] in said.registered)]


def _count(kind: str, rows: Iterable[Row], answers: Callable[[Row], bool]) -> Facts:
    count = without = 0
    example = ""
    for row in rows:
        count += 1
        if not answers(row):
            without += 1
            example = example or ", ".join(f"{key} {value}" for key, value in list(row.items())[:2])
    return Facts(kind, count, without, example)


class _Said:
    """Who is on which record, and which records tell all about where they come from."""

    def __init__(self, ws: Workspace):
        self.records: defaultdict[str, set[str]] = defaultdict(set)  # person -> records
        self.places: defaultdict[tuple[str, str], set[str]] = defaultdict(set)  # person, institution -> records
        columns = ["person", "record", "institutions"]
        for batch in pq.ParquetFile(ws.resolved / "mentions.parquet").iter_batches(columns=columns):
            for person, record, institutions in zip(*(batch[name].to_pylist() for name in columns), strict=True):
                self.records[person].add(record)
                for institution in institutions or ():
                    self.places[person, institution].add(record)
        path = ws.resolved / "links.parquet"
        self.links: list[Row] = []
        if path.exists():
            linked = [("state", "=", "linked")]
            self.links = pq.read_table(path, columns=["record", "person"], filters=linked).to_pylist()
        self.registered = set(_answering(ws.inbox, {row["record"] for row in self.links}))
        ids = {row["id"] for view in ("publications", "trials", "institutions") for row in ws.store.stream(view)}
        self.held = set(_answering(ws.inbox, ids.union(*self.records.values())))

    def on(self, person: str, record: str) -> bool:
        return record in self.held and record in self.records[person]

    def together(self, a: str, b: str) -> bool:
        return bool(self.records[a] & self.records[b] & self.held)


def _answering(inbox: Inbox, ids: set[str]) -> Iterator[str]:
    listed = sorted(ids)
    for begin in range(0, len(listed), BATCH):
        behind = inbox.records_behind(listed[begin : begin + BATCH])
        yield from (id for id, known in behind.items() if known and all(_whole(one) for _, one in known))


def _whole(one: Provenance) -> bool:
    # the answer of a service has no file, the record itself is hashed in its place
    return all((one.source, one.origin, one.fetched_at, one.loader_version))
