"""The store read back for analysis: who did what as arrays, and coauthor networks over any part of it."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from kolgraph.graph.csr import CsrGraph, Ints
from kolgraph.graph.edges import Ties, ties
from kolgraph.graph.mentions import ROLES
from kolgraph.model import COUNTED_KINDS

Bools = NDArray[np.bool_]


class Streams(Protocol):
    """The part of a store that views need."""

    def stream(self, name: str) -> Iterable[Mapping[str, Any]]: ...


@dataclass(frozen=True, slots=True)
class Authorships:
    """Who wrote which counted paper: one entry per person and paper; `team` is the number of authors."""

    person: Ints
    record: Ints
    position: Ints
    team: Ints
    corresponding: Bools
    year: Ints  # -1 when unknown
    guideline: Bools

    def where(self, chosen: Bools) -> "Authorships":
        return Authorships(*(getattr(self, name)[chosen] for name in self.__dataclass_fields__))


@dataclass(frozen=True, slots=True)
class Investigations:
    """Who investigated in which trial; `phase` as in the store ("", "2", "1/2")."""

    person: Ints
    record: Ints
    role: NDArray[np.str_]
    phase: NDArray[np.str_]
    year: Ints

    def where(self, chosen: Bools) -> "Investigations":
        return Investigations(*(getattr(self, name)[chosen] for name in self.__dataclass_fields__))


@dataclass(frozen=True, slots=True)
class Tables:
    """People and what they did. `people` and `records` are sorted ids, with country and title beside them.

    Every other array holds positions in them.
    """

    people: list[str]
    country: list[str]
    records: list[str]
    title: list[str]
    authorships: Authorships
    investigations: Investigations
    about: dict[str, Ints]  # topic -> records
    latest: int  # the landscape's reference year

    def within(self, scope: str, since: int | None = None, until: int | None = None) -> "Tables":
        """What was done in a topic (or "all") in years `since` to `until`, both included; undated is kept out."""
        member = np.ones(len(self.records), bool)
        if scope != "all":
            member[:] = False
            member[self.about.get(scope, np.empty(0, np.int64))] = True
        papers, trials = self.authorships, self.investigations
        keep = [member[one.record] & _between(one.year, since, until) for one in (papers, trials)]
        return replace(self, authorships=papers.where(keep[0]), investigations=trials.where(keep[1]))

    def coauthors(self) -> Ties:
        papers = self.authorships
        return ties(papers.record, papers.person, papers.team, papers.year)

    def coinvestigators(self) -> Ties:
        led = self.investigations
        team = np.bincount(led.record, minlength=len(self.records))[led.record]
        return ties(led.record, led.person, team, led.year, np.array([ROLES[one] for one in led.role.tolist()], float))

    def active(self) -> Ints:
        """The people who wrote or investigated anything here, ascending."""
        return np.union1d(self.authorships.person, self.investigations.person)


def _between(year: Ints, since: int | None, until: int | None) -> Bools:
    if since is None and until is None:
        return np.ones(len(year), bool)
    return (year >= (0 if since is None else since)) & (year <= (9999 if until is None else until))


def tables(store: Streams) -> Tables:
    """Everything that scores and networks are computed from; only kinds that count."""
    country = {row["id"]: row["country"] for row in store.stream("people")}
    people = sorted(country)
    number = {one: i for i, one in enumerate(people)}
    papers = {row["id"]: (row["title"], row["year"]) for row in store.stream("publications")}
    trials = {row["id"]: (row["title"], row["startYear"]) for row in store.stream("trials")}
    written = [row for row in store.stream("authorships") if row["kind"] in COUNTED_KINDS]
    led = [row for row in store.stream("investigations") if row["role"] in ROLES]
    about = list(store.stream("about"))
    records = sorted(
        {row["publication"] for row in written} | {row["trial"] for row in led} | {row["record"] for row in about}
    )
    place = {one: i for i, one in enumerate(records)}
    written.sort(key=lambda row: (place[row["publication"]], row["position"], row["person"]))
    led.sort(key=lambda row: (place[row["trial"]], row["person"]))

    def ints(rows: Iterable[Mapping[str, Any]], read: Callable[[Mapping[str, Any]], int | None]) -> Ints:
        return np.array([-1 if (value := read(row)) is None else value for row in rows], np.int64)

    authorships = Authorships(
        person=ints(written, lambda row: number[row["person"]]),
        record=ints(written, lambda row: place[row["publication"]]),
        position=ints(written, lambda row: row["position"]),
        team=ints(written, lambda row: row["authorCount"]),
        corresponding=np.array([bool(row["isCorresponding"]) for row in written], bool),
        year=ints(written, lambda row: row["year"]),
        guideline=np.array([row["kind"] == "guideline" for row in written], bool),
    )
    investigations = Investigations(
        person=ints(led, lambda row: number[row["person"]]),
        record=ints(led, lambda row: place[row["trial"]]),
        role=np.array([row["role"] for row in led], np.str_),
        phase=np.array([row["phase"] or "" for row in led], np.str_),
        year=ints(led, lambda row: row["startYear"]),
    )
    topics: dict[str, list[int]] = {}
    for row in about:
        topics.setdefault(row["topic"], []).append(place[row["record"]])
    known = trials | papers
    return Tables(
        people=people,
        country=[country[one] for one in people],
        records=records,
        title=[known[one][0] for one in records],
        authorships=authorships,
        investigations=investigations,
        about={topic: np.array(sorted(ones), np.int64) for topic, ones in sorted(topics.items())},
        latest=reference_year(_per_year(papers)) or reference_year(_per_year(trials)),
    )


def reference_year(papers: Mapping[int, int]) -> int:
    """The year by which 99.5 % of the dated papers had appeared, from papers per year; 0 when there are none.

    The latest year of a landscape, but for a handful printed ahead of time.
    """
    allowed = sum(papers.values()) // 200
    for year in sorted(papers, reverse=True):
        allowed -= papers[year]
        if allowed < 0:
            return year
    return 0


def _per_year(records: Mapping[str, tuple[str, int | None]]) -> Counter[int]:
    return Counter(year for _, year in records.values() if year is not None)


def graph_of(found: Tables, nodes: Ints, these: Ties | None = None) -> CsrGraph:
    """The network of `these` ties, coauthors by default, among `nodes` (ascending numbers), isolates included."""
    these = found.coauthors() if these is None else these
    ids = [found.people[i] for i in nodes.tolist()]
    return CsrGraph.from_pairs(ids, np.searchsorted(nodes, these.a), np.searchsorted(nodes, these.b), these.weight)


def network(store: Streams, topic: str | None = None, years: tuple[int, int] | None = None) -> CsrGraph:
    """The weighted coauthor network of everybody, or of those active in a topic, over all years or `years` inclusive.

    A graph for networkx: `nx.pagerank(network(store))`; node = person id, edge weight = Newman's 1/(n - 1) per paper.
    """
    everything = tables(store)
    since, until = years or (None, None)
    found = everything.within(topic or "all", since, until)
    whole = topic in (None, "", "all") and years is None
    return graph_of(found, np.arange(len(everything.people)) if whole else found.active())
