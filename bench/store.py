"""How fast the graph answers: look-ups, views, hash and the way in, on a generated graph of 100,000 people.

300,000 authorships, 400,000 coauthor ties and 600,000 values, shaped like a real network: few hubs, many with one tie.
SQLite in a temporary folder; KOLGRAPH_TEST_NEO4J=bolt://user:password@host:port measures that server instead (its graph
is replaced). Milliseconds as the caller waits, p50 and p95, with other arguments every time.
"""

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import numpy as np

from bench import Row, row
from kolgraph.store import GraphStore, open_store
from kolgraph.store.content import content_hash

PEOPLE, PAPERS, PLACES, TOPICS, TIES = 100_000, 50_000, 3_000, 5, 400_000
SCORES = ("influence", "science", "impact", "network", "momentum", "papers")
SYLLABLES = ("an", "ber", "cor", "dal", "em", "fin", "gar", "hol", "il", "jan", "kol", "lem", "mur", "nor", "os", "pel")
COUNTRIES = ("US", "DE", "JP", "BR", "")
ASKED = 200  # look-ups of each kind


def rows() -> Iterator[Row]:
    """The way in first, then the answers."""
    with tempfile.TemporaryDirectory() as folder:
        address = os.environ.get("KOLGRAPH_TEST_NEO4J", "")
        parts = urlsplit(address)
        store = (
            open_store(f"{parts.scheme}://{parts.hostname}:{parts.port}", parts.username or "", parts.password or "")
            if address
            else open_store(f"{folder}/graph.db")
        )
        graph = Generated(np.random.default_rng(7))
        begin = time.perf_counter()
        store.prepare()
        for name, given in graph.facts().items():
            store.write(name, given)
        store.publish(id="bench")
        built = time.perf_counter()
        yield row("graph of 100,000 people and 850,000 edges written and published", built - begin, "s", "<= 60")
        store.derive("clear_scores")
        for name, given in graph.measured().items():
            store.write(name, given)
        store.publish(scoredAt="bench")
        scored = time.perf_counter()
        yield row("600,000 values and 100,000 places written over it and published", scored - built, "s", "<= 30")
        content_hash(store)
        yield row("content hash of 2,000,000 rows", time.perf_counter() - scored, "s", "<= 30")
        yield from _answers(store, graph)
        store.close()


def _answers(store: GraphStore, graph: "Generated") -> Iterator[Row]:
    draw, people = graph.draw, graph.people

    def someone() -> str:
        return str(people[draw.integers(PEOPLE)])

    def hub() -> str:
        return str(people[draw.integers(300)])

    def word() -> str:
        return "".join(draw.choice(SYLLABLES, 2))[: draw.integers(1, 7)]

    best = {"score": "influence", "scope": "all"}
    asks: dict[str, tuple[float, Callable[[], tuple[str, dict[str, Any]]]]] = {
        "person by id": (1, lambda: ("person", {"id": someone()})),
        "name as it is typed": (25, lambda: ("search_people", {"words": [word()], "top": 20})),
        "50 strongest coauthors": (5, lambda: ("coauthors", {"id": someone(), "top": 50})),
        "50 strongest coauthors of a hub": (25, lambda: ("coauthors", {"id": hub(), "top": 50})),
        "ties among 300 people": (60, lambda: ("ties_among", {"ids": [someone() for _ in range(300)]})),
        "ties among the 300 biggest hubs": (250, lambda: ("ties_among", {"ids": list(map(str, people[:300]))})),
        "papers that two people share": (10, lambda: ("shared_papers", {"a": hub(), "b": hub()})),
        "a hub's papers with topics": (25, lambda: ("papers_of", {"id": hub()})),
        "first page of a ranking": (10, lambda: ("ranking", {**best, "top": 50, "offset": 0})),
        "first page of a country": (
            10,
            lambda: ("ranking_in_country", {**best, "country": "DE", "top": 50, "offset": int(draw.integers(500))}),
        ),
        "the landscape: 3,000 people with places": (250, lambda: ("landscape", {**best, "top": 3000})),
        "all of a person's scores": (5, lambda: ("scores_of", {"id": someone()})),
    }
    for name, (bar, ask) in asks.items():
        times = []
        for _ in range(ASKED if bar < 100 else 20):
            question, params = ask()
            begin = time.perf_counter()
            store.read(question, **params)
            times.append(1000 * (time.perf_counter() - begin))
        middle, slow = np.percentile(times, [50, 95])
        yield row(f"{name}, p50", float(middle), "ms")
        allowed = bar if store.engine == "sqlite" else max(25, 4 * bar)  # a round trip to a server is 3.5 ms at best
        yield row(f"{name}, p95", float(slow), "ms", f"<= {allowed}")


class Generated:
    """Rows of a graph in which the first people are the hubs."""

    def __init__(self, draw: np.random.Generator):
        self.draw = draw
        self.people = np.array([f"person:{number:09x}" for number in draw.choice(2**36, PEOPLE, replace=False)])
        self.papers = [f"pmid:{number}" for number in range(1, PAPERS + 1)]

    def facts(self) -> dict[str, Iterator[dict[str, Any]]]:
        return {
            "institution": self._institutions(),
            "topic": ({"id": f"topic:{n}", "name": f"Topic {n}", "terms": ["term"]} for n in range(TOPICS)),
            "person": self._people(),
            "publication": self._publications(),
            "about": ({"record": id, "topic": f"topic:{n % TOPICS}"} for n, id in enumerate(self.papers)),
            "authored": self._authored(),
            "affiliated_with": self._affiliated(),
            "coauthored_with": self._ties(),
        }

    def measured(self) -> dict[str, Iterator[dict[str, Any]]]:
        return {
            "score": ({"id": id, "title": id, "description": "", "unit": ""} for id in SCORES),
            "community": (
                {"id": f"community:{n}", "scope": "all", "name": "", "size": 1000, "rank": n + 1, "topics": []}
                for n in range(100)
            ),
            "scored": self._scored(),
            "member_of": (
                {"person": id, "community": f"community:{n % 100}", "scope": "all", "x": float(n), "y": n / 7}
                for n, id in enumerate(self.people)
            ),
        }

    def _institutions(self) -> Iterator[dict[str, Any]]:
        for n in range(PLACES):
            place = {"city": "", "region": "", "country": COUNTRIES[n % 5], "lat": None, "lon": None}
            yield {"id": f"ror:{n:05}", "name": f"University {n}", "searchName": f"university {n}", "kind": "", **place}

    def _people(self) -> Iterator[dict[str, Any]]:
        names = self.draw.choice(SYLLABLES, (PEOPLE, 5))
        for n, id in enumerate(self.people):
            name = f"{''.join(names[n, :2])} {''.join(names[n, 2:])}"
            place = {"country": COUNTRIES[n % 5], "region": "", "city": "", "lat": None, "lon": None}
            counts = {
                "paperCount": PEOPLE // (n + 1),
                "trialCount": 0,
                "mentionCount": 3,
                "confidence": 0.9,
                "hardShare": 0.5,
            }
            said = {"identifiers": [], "firstYear": 2001, "lastYear": 2024, "institution": f"ror:{n % PLACES:05}"}
            yield {"id": id, "name": name.title(), "searchName": name, **place, **counts, **said}

    def _publications(self) -> Iterator[dict[str, Any]]:
        for n, id in enumerate(self.papers):
            said = {"title": "A title of common length " * 4, "year": 2000 + n % 25, "journal": "Journal", "doi": ""}
            yield {"id": id, **said, "kind": "article", "date": "2020", "citedBy": None, "authorCount": 6}

    def _authored(self) -> Iterator[dict[str, Any]]:
        who = (PEOPLE * self.draw.random(6 * PAPERS) ** 3).astype(int)
        for n, place in enumerate(who):
            ends = {"person": self.people[place], "publication": self.papers[n // 6]}
            yield {**ends, "position": n % 6, "authorCount": 6, "isCorresponding": n % 6 == 0}

    def _affiliated(self) -> Iterator[dict[str, Any]]:
        for n, id in enumerate(self.people):
            years = {"firstYear": 2001, "lastYear": 2024, "isCurrent": True, "confidence": 0.9, "recordCount": 2}
            yield {"person": id, "institution": f"ror:{n % PLACES:05}", **years}

    def _ties(self) -> Iterator[dict[str, Any]]:
        ends = np.sort((PEOPLE * self.draw.random((TIES * 11 // 10, 2)) ** 2.5).astype(int), axis=1)
        ends = np.unique(ends[ends[:, 0] != ends[:, 1]], axis=0)
        for a, b in np.sort(self.people[ends], axis=1)[:TIES]:
            yield {"a": a, "b": b, "count": 2, "weight": 0.5, "years": [2019, 2021]}

    def _scored(self) -> Iterator[dict[str, Any]]:
        for score in SCORES:
            values = np.sort(self.draw.random(PEOPLE) * 100)[::-1]
            for n, id in enumerate(self.people):
                said = {"score": score, "scope": "all", "country": COUNTRIES[n % 5]}
                yield {"person": id, **said, "value": values[n], "rank": n + 1}
