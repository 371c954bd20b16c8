"""An NPPES that speaks version 2.1: 200 a page, skip up to 1,000, errors at status 200, never a count of all.

Nobody here exists: numbers begin with 2999, and no number that begins with 2 has been given out.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field

from servers.faults import Answer, Request

Provider = dict[str, object]
_CRITERIA = ("number", "first_name", "last_name", "taxonomy_description", "city", "postal_code")


def npi(number: int) -> str:
    """The `number`-th invented NPI: 2999 and five digits, then the digit that makes the Luhn check hold."""
    digits = f"2999{number:05}"
    total = 24  # of the prefix 80840
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 - place % 2)
        total += value - 9 if value > 9 else value
    return digits + str(-total % 10)


def provider(number: int, last: str, first: str = "NORA", states: tuple[str, ...] = ("IA",)) -> Provider:
    """A practitioner invented from the number, with an address in each of the states."""
    return {
        "number": npi(number),
        "enumeration_type": "NPI-1",
        "basic": {"first_name": first, "last_name": last, "sex": "F", "last_updated": "2024-05-06", "status": "A"},
        "addresses": [
            {
                "address_purpose": "LOCATION" if place == 0 else "MAILING",
                "address_1": f"{number} INVENTED ST",
                "city": "NOWHERE",
                "state": state,
                "postal_code": "522420001",
                "country_code": "US" if len(state) == 2 else "CA",
            }
            for place, state in enumerate(states)
        ],
        "taxonomies": [{"code": "207R00000X", "desc": "Internal Medicine", "primary": True}],
        "other_names": [],
        "practiceLocations": [],
    }


@dataclass
class Register:
    """The world behind the server. `before` is called ahead of every answer: the world goes on."""

    providers: list[Provider]
    limit: int = 200
    skip: int = 1000
    before: Callable[["Register"], None] | None = None
    log: list[dict[str, str]] = field(default_factory=list)

    def answer(self, request: Request) -> Answer:
        asked = request.params
        self.log.append(asked)
        if self.before:
            self.before(self)
        if problem := self._problem(asked):
            body: object = {"Errors": [problem]}
        else:
            skip, limit = min(int(asked.get("skip", 0)), self.skip), min(int(asked.get("limit", 10)), self.limit)
            found = [one for one in self.providers if _matches(one, asked)][skip : skip + limit]
            body = {"result_count": len(found), "results": found}
        return 200, {"Content-Type": "application/json"}, json.dumps(body).encode()

    def _problem(self, asked: dict[str, str]) -> dict[str, str] | None:
        if asked.get("version") != "2.1":
            return {"field": "version", "number": "22", "description": "Unsupported Version"}
        if not any(asked.get(word) for word in _CRITERIA):
            return {"field": "generic", "number": "04", "description": "No valid search criteria provided"}
        for word in ("last_name", "first_name"):
            if (said := asked.get(word, "")).endswith("*") and len(said) < 3:
                return {"field": word, "number": "07", "description": "Wildcards need two characters before them"}
        return None


def _matches(one: Provider, asked: dict[str, str]) -> bool:
    basic, addresses = one["basic"], one["addresses"]
    assert isinstance(basic, dict)
    assert isinstance(addresses, list)
    for word in ("last_name", "first_name"):
        if said := asked.get(word):
            name = str(basic[word])
            if not (name.startswith(said[:-1]) if said.endswith("*") else name == said):
                return False
    for word in ("state", "country_code", "city"):
        if (said := asked.get(word)) and said not in [address[word] for address in addresses]:
            return False
    described = " ".join(str(taxonomy["desc"]) for taxonomy in one["taxonomies"])  # type: ignore[attr-defined]
    return asked.get("taxonomy_description", "").rstrip("*").lower() in described.lower()
