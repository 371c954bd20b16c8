"""A Crossref that speaks its REST API: filters by DOI, cursors that never end, text where a DOI is unknown."""

import json
from dataclasses import dataclass, field
from urllib.parse import unquote

from servers.faults import Answer, Request


@dataclass
class Crossref:
    """The world behind the server: items by DOI."""

    items: dict[str, dict[str, object]]
    epoch: int = 0  # cursors of an earlier one have expired
    polite: set[str] = field(default_factory=set)  # addresses that were left
    errors = (b'{"status": "error", "message-type": "exception", "message": {"name": "busy"}}',)

    def answer(self, request: Request) -> Answer:
        params = request.params
        self.polite.add(params.get("mailto", ""))
        if not request.path.endswith("/works"):
            found = self.items.get(unquote(request.path.split("/works/", 1)[1]))
            if found is None:
                return 404, {"Content-Type": "text/plain"}, b"Resource not found."
            return self._json({"status": "ok", "message-type": "work", "message": found})
        if "wrong" in params.get("query.bibliographic", ""):
            return 400, {"Content-Type": "application/json"}, b'{"status": "failed", "message": [{"value": "wrong"}]}'
        said = dict.fromkeys(part for part in params.get("filter", "").split(",") if part)
        asked = [part.removeprefix("doi:") for part in said if part.startswith("doi:")]
        first = next((part.split(":")[1] for part in said if part.startswith("from-pub-date:")), "0")
        listed = [one for doi, one in sorted(self.items.items()) if (not asked or doi in asked) and _day(one) >= first]
        start, cursor = 0, params.get("cursor", "")
        if cursor not in ("", "*"):
            epoch, _, at = cursor.partition("=")
            if int(epoch) != self.epoch:
                return 400, {"Content-Type": "application/json"}, b'{"status": "failed", "message": "cursor"}'
            start = int(at)
        page = listed[start : start + int(params.get("rows", 20))]
        message: dict[str, object] = {"total-results": len(listed), "items": page, "items-per-page": len(page)}
        if cursor:
            message["next-cursor"] = f"{self.epoch}={start + len(page)}"
        return self._json({"status": "ok", "message-type": "work-list", "message": message})

    def _json(self, body: object) -> Answer:
        return 200, {"Content-Type": "application/json"}, json.dumps(body).encode()


def _day(one: dict[str, object]) -> str:
    year, month, day = one["issued"]["date-parts"][0]  # type: ignore[index]
    return f"{year}-{month:02}-{day:02}"


def item(number: int, **said: object) -> dict[str, object]:
    """A small item with one author, invented from the number."""
    return {
        "DOI": f"10.1000/invented.{number}",
        "type": "journal-article",
        "title": [f"Asthma study {number}"],
        "issued": {"date-parts": [[2010 + number % 10, 3, 4]]},
        "author": [{"given": "Nora", "family": f"Erfunden{number}", "affiliation": []}],
        **said,
    }
