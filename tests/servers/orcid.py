"""An ORCID that speaks its API v3: a person to whoever shows the token, and why there is none."""

import json
from dataclasses import dataclass, field

from servers.faults import Answer, Request


@dataclass
class Orcid:
    """The world behind the server: iDs -> names; `absent` iDs -> (status, what ORCID says)."""

    people: dict[str, str]
    absent: dict[str, tuple[int, str]] = field(default_factory=dict)
    token: str = "own"
    errors = (b'{"response-code": 500, "developer-message": "busy"}',)

    def answer(self, request: Request) -> Answer:
        number = request.path.strip("/").split("/")[-2]
        if request.headers.get("authorization") != f"Bearer {self.token}":
            return self._json(401, {"error": "invalid_token"})
        status, said = self.absent.get(number, (404, "404 Not Found: no such record"))
        if number not in self.people:
            return self._json(status, {"response-code": status, "developer-message": said})
        name = {
            "given-names": {"value": self.people[number]},
            "family-name": {"value": "Erfunden"},
            "credit-name": None,
        }
        return self._json(200, {"name": name, "path": f"/{number}/person"})

    def _json(self, status: int, body: object) -> Answer:
        return status, {"Content-Type": "application/json"}, json.dumps(body).encode()


def numbers(count: int) -> list[str]:
    """Invented iDs with their check digits."""
    found = []
    for number in range(1, count + 1):
        digits, total = f"{number:015}", 0
        for digit in digits:
            total = (total + int(digit)) * 2
        check = (12 - total % 11) % 11
        whole = digits + ("X" if check == 10 else str(check))
        found.append("-".join(whole[place : place + 4] for place in range(0, 16, 4)))
    return found
