"""A RePORTER that speaks v2: POST only, 500 a page, offsets to a limit, text errors; everybody in it is invented."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field

from servers.faults import Answer, Request

Row = dict[str, object]


@dataclass
class Reporter:
    """The world behind the server. `before` is called ahead of every answer: the world goes on."""

    rows: list[Row]
    page: int = 500
    deepest: int = 14_999
    before: Callable[["Reporter"], None] | None = None
    log: list[Row] = field(default_factory=list)
    errors: tuple[bytes, ...] = (b'{"message": "An error has occurred."}', b'{"meta": {"total": 3}}')

    def answer(self, request: Request) -> Answer:
        if request.method != "POST" or not request.path.endswith("/v2/projects/search"):
            return 405, {"Content-Type": "text/plain"}, b"Method Not Allowed"
        assert isinstance(request.json, dict)
        self.log.append(request.json)
        if self.before:
            self.before(self)
        offset, limit = int(request.json.get("offset", 0)), int(request.json.get("limit", 50))
        if offset > self.deepest or limit > self.page:
            said = f"Offset should be at most {self.deepest}, limit at most {self.page}"
            return 400, {"Content-Type": "application/json"}, json.dumps([said]).encode()
        found = sorted((r for r in self.rows if _matches(r, request.json["criteria"])), key=lambda r: str(r["appl_id"]))
        meta = {"total": len(found), "offset": offset, "limit": limit, "sort_order": "ASC"}
        body = {"meta": meta, "results": found[offset : offset + limit]}
        return 200, {"Content-Type": "application/json"}, json.dumps(body).encode()


def _matches(row: Row, criteria: dict[str, object]) -> bool:
    years, agencies = criteria.get("fiscal_years"), criteria.get("agencies")
    if years and row["fiscal_year"] not in years:  # type: ignore[operator]
        return False
    if agencies and row["agency_ic_admin"]["abbreviation"] not in agencies:  # type: ignore[index,operator]
        return False
    text = criteria.get("advanced_text_search")
    if not isinstance(text, dict):
        return True
    words = [one.strip(' "').lower() for one in str(text["search_text"]).split(" OR ")]
    return any(word in str(row["project_title"]).lower() for word in words)


def row(number: int, year: int = 2024, institute: str = "NHLBI", title: str = "Asthma study") -> Row:
    """A project invented from the number."""
    return {
        "appl_id": 20_000_000 + number,
        "project_num": f"5R01HL{number:06}-03",
        "core_project_num": f"R01HL{number:06}",
        "fiscal_year": year,
        "project_title": f"{title} {number}",
        "agency_ic_admin": {"code": "XX", "abbreviation": institute, "name": "An institute"},
        "award_amount": 1000 + number,
        "organization": {"org_name": "INVENTED UNIVERSITY", "org_city": "NOWHERE", "org_country": "UNITED STATES"},
        "principal_investigators": [
            {"profile_id": 9_000_000 + number, "first_name": "NORA", "last_name": f"ERFUNDEN{number}"}
        ],
        "contact_pi_name": f"ERFUNDEN{number}, NORA ",
        "date_added": "2024-05-06T16:15:57",
    }
