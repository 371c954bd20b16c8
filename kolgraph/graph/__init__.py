"""The graph: `build` turns records and resolved persons into nodes and edges of a store; `views` reads them back."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Protocol

from kolgraph.graph import mentions as who
from kolgraph.graph import relations, rows
from kolgraph.graph.gather import Gathered, Match
from kolgraph.graph.people import people
from kolgraph.landscape import Landscape
from kolgraph.model import Affiliation, Descriptor, Institution, Listed, Publication, Trial
from kolgraph.store import GraphStore, Row

Progress = Callable[[int, int | None, str], None]


class Records(Protocol):
    """Where records come from: the inbox, or anything with its three iterators."""

    def publications(self) -> Iterable[Publication]: ...
    def trials(self) -> Iterable[Trial]: ...
    def institutions(self) -> Iterable[Institution]: ...


def nowhere(_: Affiliation) -> list[tuple[str, float]]:
    """The place matcher of somebody who knows no institutions."""
    return []


def build(
    records: Records,
    resolved: Path,
    landscape: Landscape,
    store: GraphStore,
    *,
    match: Match = nowhere,
    descriptors: Iterable[Descriptor] = (),
    listed: Iterable[Listed] = (),
    progress: Progress = lambda done, of, what: None,
    **mark: str,
) -> dict[str, int]:
    """Write the whole graph into `store` and publish it; returns how many rows of each kind.

    `match` finds the institutions of trial sponsors and sites, `descriptors` are the headings of MeSH, as far as they
    are loaded, `listed` the rows of own lists; `mark` says what the graph was made from (id, inboxWatermark,
    ledgerWatermark). Readers keep the old graph until the end. Equal records, persons and topics give equal rows in
    equal order.
    """
    mentions = who.read(resolved)
    known = {one.id: one for one in records.institutions()}
    gathered = Gathered(landscape.topics, mentions, match, known, descriptors)
    store.prepare()
    counts: Counter[str] = Counter()

    def write(name: str, these: Iterable[Row], what: str) -> None:
        progress(sum(counts.values()), None, what)
        counts[name] = store.write(name, these)

    write("topic", map(rows.topic, landscape.topics), "topics")
    write("publication", gathered.publications(records.publications()), "papers")
    write("trial", gathered.trials(records.trials()), "trials")
    gathered.listed(listed)
    persons: list[Row] = []
    affiliations: list[Row] = []
    numbers = who.numbers(resolved)
    for person, its in people(mentions, known):
        person["identifiers"] = list(dict.fromkeys([*person["identifiers"], *numbers.get(person["id"], ())]))
        persons.append(person)
        affiliations += its
    used = _with_parents(
        {row["institution"] for row in chain(affiliations, gathered.conducted, gathered.sponsored)}, known
    )
    write("institution", (rows.institution(known[one]) for one in used), "institutions")
    write("person", persons, "people")
    write("part_of", _part_of(used, known), "institutions")
    write("affiliated_with", affiliations, "affiliations")
    write("authored", relations.authored(mentions), "authorships")
    write("investigated", relations.investigated(mentions), "investigators")
    write("about", gathered.about, "topics of records")
    write("reports", gathered.reports(), "results of trials")
    write("conducted_at", gathered.conducted, "trial sites")
    write("sponsored_by", gathered.sponsored, "trial sponsors")
    progress(sum(counts.values()), None, "ties between people")
    write("coauthored_with", relations.coauthored(mentions), "coauthors")
    write("coinvestigated_with", relations.coinvestigated(mentions), "co-investigators")
    write("nominated", relations.nominated(mentions, gathered.nominations), "peer nominations")
    progress(sum(counts.values()), None, "indexes")
    store.publish(builtAt=now(), scoredAt="", **mark)
    return dict(counts)


def now() -> str:
    """The moment as ISO text in UTC, to the millisecond: two builds of one second have an order."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def _with_parents(ids: set[str], known: dict[str, Institution]) -> list[str]:
    """`ids` and all that they are part of, as far as known, sorted."""
    found: set[str] = set()
    waiting = [one for one in ids if one in known]
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += [parent for parent in known[one].parents if parent in known]
    return sorted(found)


def _part_of(used: list[str], known: dict[str, Institution]) -> Iterator[Row]:
    for one in used:
        for parent in sorted(set(known[one].parents)):
            if parent in known and parent != one:
                yield {"child": one, "parent": parent}
