"""An OpenAlex that speaks its API: filters, cursors, a purse that empties, merged entities, HTML for what is gone."""

import json
import re
from dataclasses import dataclass, field

from servers.faults import Answer, Request

NOT_FOUND = b"<!doctype html><html lang=en><title>404 Not Found</title><h1>Not Found</h1></html>"


@dataclass
class OpenAlex:
    """The world behind the server: works and authors by id, `merged` ids -> ids, dollars `left` until the refill."""

    works: dict[str, dict[str, object]]
    authors: dict[str, dict[str, object]] = field(default_factory=dict)
    merged: dict[str, str] = field(default_factory=dict)
    left: float = 1.0
    epoch: int = 0  # cursors of an earlier one have expired
    forgets: int = 0  # this many of the last records are counted and never listed
    repeats: bool = False  # every page begins with the last record of the one before
    paying: bool = True  # may ask for what has changed
    errors = (b'{"error": "Internal", "message": "try again"}',)

    def answer(self, request: Request) -> Answer:
        *_, kind, name = ("", *request.path.strip("/").split("/"))
        cost = 0.0 if name != "works" else 0.001 if "search" in repr(request.params) else 0.0001
        if cost > self.left:
            return self._json(429, {"error": "Rate limit exceeded", "message": "Insufficient budget"}, 0.0)
        self.left -= cost
        if name == "works":
            return self._list(request.params, cost)
        if name in self.merged:
            where = f"https://api.openalex.org/{kind}/{self.merged[name]}"
            return 301, {"Location": where}, b"<!doctype html><title>Redirecting</title>"
        found = {"works": self.works, "authors": self.authors}[kind].get(name)
        return (404, {"Content-Type": "text/html"}, NOT_FOUND) if found is None else self._json(200, found, 0.0)

    def _list(self, params: dict[str, str], cost: float) -> Answer:
        said = params.get("filter", "")
        if "wrong" in said:
            return self._json(400, {"error": "Invalid query parameters error.", "message": "wrong is no field"}, cost)
        if "from_updated_date" in said and not self.paying:
            return self._json(401, {"error": "Unauthorized", "message": "from_updated_date needs a plan"}, cost)
        first, last, changed = (
            found[1] if (found := re.search(rf"{name}:(\d{{4}}-\d\d-\d\d)", said)) else default
            for name, default in (
                ("from_publication_date", "0"),
                ("to_publication_date", "9"),
                ("from_updated_date", "0"),
            )
        )
        wanted = [
            one
            for _, one in sorted(self.works.items())
            if first <= str(one["publication_date"]) <= last and str(one["updated_date"]) >= changed
        ]
        size, start = min(int(params.get("per_page", 25)), 100), 0
        if "cursor" in params and params["cursor"] != "*":
            epoch, _, at = params["cursor"].partition("~")
            if int(epoch) != self.epoch:
                return self._json(400, {"error": "Invalid cursor", "message": "The cursor has expired"}, cost)
            start = int(at)
        listed = wanted[: len(wanted) - self.forgets]
        page = listed[max(0, start - self.repeats) : start + size]
        following = f"{self.epoch}~{start + size}" if page and "cursor" in params else None  # one page past the end
        meta = {"count": len(wanted), "per_page": size, "next_cursor": following}
        return self._json(200, {"meta": meta, "results": page, "group_by": []}, cost)

    def _json(self, status: int, body: object, cost: float) -> Answer:
        money = {"x-ratelimit-cost-usd": f"{cost:.4f}", "x-ratelimit-remaining-usd": f"{self.left:.4f}"}
        headers = {"Content-Type": "application/json", "x-ratelimit-reset": "5400", **money}
        return status, headers, json.dumps(body).encode()


def work(number: int, **said: object) -> dict[str, object]:
    """A small work with one author, invented from the number."""
    author = {"id": f"https://openalex.org/A{number % 7 + 1}", "display_name": "Nora Erfunden", "orcid": None}
    slot = {"author": author, "raw_author_name": f"Erfunden, Nora {number}", "institutions": []}
    return {
        "id": f"https://openalex.org/W{number}",
        "title": f"Asthma study {number}",
        "publication_date": f"20{number % 20 + 10:02}-03-04",
        "updated_date": f"2026-0{number % 9 + 1}-02T03:04:05.678",
        "type": "article",
        "authorships": [slot],
        **said,
    }
