"""A Europe PMC that speaks its search: cursor marks that stand still at the end, no mark when nothing is found."""

import json
import re
from dataclasses import dataclass

from servers.faults import Answer, Request


@dataclass
class EuropePmc:
    """The world behind the server: records by source/id. `forgets` counts the last ones and never lists them."""

    records: dict[str, dict[str, object]]
    forgets: int = 0
    still: bool = True  # the last mark repeats itself; else it is left out
    errors = (b'{"version": "6.9", "errCode": 500, "errMsg": "busy"}',)

    def answer(self, request: Request) -> Answer:
        params = request.params
        query = params.get("query", "")
        if query.count("(") != query.count(")"):
            return 400, {"Content-Type": "application/json"}, b'{"errCode": 400, "errMsg": "unbalanced ("}'
        first, last = re.search(r"FIRST_PDATE:\[(\S+) TO (\S+)\]", query).groups() if "FIRST_PDATE" in query else "09"  # type: ignore[union-attr]
        wanted = [
            one
            for name, one in sorted(self.records.items())
            if not ("NOT SRC:MED" in query and name.startswith("MED/"))
            and first <= str(one["firstPublicationDate"]) <= last
        ]
        mark, size = params.get("cursorMark", "*"), int(params.get("pageSize", 25))
        start = 0 if mark == "*" else int(mark.removeprefix("AoE="))
        listed = wanted[: len(wanted) - self.forgets][start : start + size]
        body: dict[str, object] = {"version": "6.9", "hitCount": len(wanted)}
        following = f"AoE={start + len(listed)}"
        if wanted and (listed or self.still):
            body["nextCursorMark"] = following
        if params.get("resultType") != "core":
            listed = [{key: one[key] for key in ("id", "source", "title")} for one in listed]
        body |= {"request": params, "resultList": {"result": listed}}
        return 200, {"Content-Type": "application/json"}, json.dumps(body).encode()


def preprint(number: int, **said: object) -> dict[str, object]:
    """A small preprint with one author, invented from the number."""
    author = {"fullName": f"Erfunden N{number}", "firstName": f"Nora {number}", "lastName": "Erfunden", "initials": "N"}
    return {
        "id": f"PPR{number}",
        "source": "PPR",
        "title": f"Asthma study {number}",
        "doi": f"10.1101/2021.{number}",
        "authorList": {"author": [author]},
        "firstPublicationDate": f"20{number % 10 + 10}-03-04",
        **said,
    }
