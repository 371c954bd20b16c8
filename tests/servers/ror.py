"""A ROR that answers about affiliations: its chosen organisation, its guesses below that, and its limits.

Within five minutes 50 requests are served, 2,000 to whoever sends a Client-Id; beyond that there is a 429.
"""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from servers.faults import Answer, Clock, Fault, Request, Served, faulty

WINDOW = 300.0
LIMITS = {True: 2000, False: 50}
JSON = {"Content-Type": "application/json"}


@dataclass
class Register:
    """The world behind the server: which organisation (its ROR id, "" for none) each text names.

    Without a clock nobody counts requests.
    """

    truth: dict[str, str]
    clock: Clock | None = None
    asked: list[str] = field(default_factory=list)
    refused: int = 0
    errors: tuple[bytes, ...] = (
        b'{"errors": ["request parameter \'affiliation\' is missing"]}',
        b'{"message": "busy"}',
    )
    _times: list[float] = field(default_factory=list)

    def answer(self, request: Request) -> Answer:
        if self.clock:
            now = self.clock.now()
            self._times = [at for at in self._times if at > now - WINDOW]
            if len(self._times) >= LIMITS["client-id" in request.headers]:
                self.refused += 1
                return 429, {"Content-Type": "text/html"}, b"<html>Too many requests</html>"
            self._times.append(now)
        if request.path != "/organizations":
            return 404, {"Content-Type": "text/html"}, b"<html>Not Found</html>"
        text = request.params["affiliation"]
        self.asked.append(text)
        number = self.truth.get(text, "")
        guess = {"substring": text, "score": 0.71, "matching_type": "FUZZY", "chosen": False}
        items = [{**guess, "organization": organisation("00000gg11", "Guessed at")}]
        if number:
            sure = {"substring": text, "score": 1.0, "matching_type": "SINGLE SEARCH", "chosen": True}
            items.insert(0, {**sure, "organization": organisation(number, f"Erfunden Institute {number}")})
        return 200, JSON, json.dumps({"number_of_results": len(items), "items": items}).encode()


def organisation(number: str, name: str) -> dict[str, object]:
    """An invented organisation in the form of schema 2."""
    place = {"name": "Seestadt", "country_code": "DE", "country_subdivision_name": "Hessen", "lat": 50.1, "lng": 8.7}
    return {
        "id": f"https://ror.org/{number}",
        "names": [{"value": name, "types": ["ror_display", "label"], "lang": "en"}],
        "types": ["education"],
        "status": "active",
        "locations": [{"geonames_id": 1, "geonames_details": place}],
        "admin": {"last_modified": {"date": "2026-02-03", "schema_version": "2.1"}},
    }


@contextmanager
def ror(world: Register, faults: Iterable[Fault | None] = ()) -> Iterator[Served]:
    """A server for this world, at `url`; requests are counted on its clock."""
    world.clock = world.clock or Clock()
    with faulty(world, faults, world.clock) as served:
        yield served
