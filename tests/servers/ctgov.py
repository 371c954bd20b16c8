"""A ClinicalTrials.gov that speaks API v2: its page tokens, its empty pages, its errors in plain text."""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from servers.faults import Answer, Clock, Fault, Request, Served, faulty

Study = dict[str, object]
Canned = tuple[int, str, bytes]
_KNOWN = {"query.term", "countTotal", "pageSize", "pageToken", "sort", "filter.advanced"}
_RANGE = re.compile(r"AREA\[(\w+)\]RANGE\[([\w-]+),([\w-]+)\]")


@dataclass
class Registry:
    """The world behind the server. `canned` answers are played first, one a request; None stands for the true one.

    `empty` are the offsets at which a page without studies comes first.
    """

    held: list[Study]
    log: list[dict[str, str]] = field(default_factory=list)
    canned: list[Canned | None] = field(default_factory=list)
    empty: set[int] = field(default_factory=set)
    epoch: int = 0  # tokens of an earlier one have expired
    after: Callable[["Registry"], None] | None = None  # called behind every answer: the world goes on
    timestamp: str = "2026-10-02T09:00:05"
    errors: tuple[bytes, ...] = (b'{"error": "try again"}', b"upstream connect error")

    def ids(self) -> set[str]:
        return {f"nct:{number_of(one)}" for one in self.held}

    def answer(self, request: Request) -> Answer:
        self.log.append(request.params)
        status, kind, body = (self.canned and self.canned.pop(0)) or self._answer(request)
        if self.after:
            self.after(self)
        return status, {"Content-Type": kind}, body

    def _answer(self, request: Request) -> Canned:
        params = request.params
        if request.path.endswith("/version"):
            return _json({"apiVersion": "2.0.5", "dataTimestamp": self.timestamp})
        if unknown := set(params) - _KNOWN:
            return 400, "text/plain", f"unknown parameter `{min(unknown)}`".encode()
        # the parameters of the first page must come again, but for these three
        repeated = sorted((k, v) for k, v in params.items() if k not in ("pageToken", "pageSize", "countTotal"))
        asked = f"{hash((self.epoch, *repeated)):x}"
        size = min(int(params.get("pageSize", 10)), 1000)
        start = 0
        if token := params.get("pageToken"):
            offset, _, of = token.partition("!")
            if of != asked:
                return 400, "text/plain", b"pageToken is not valid"
            start = int(offset)
        found = self.matching(params)
        page = found[start : start + size]
        if start in self.empty:
            self.empty.discard(start)
            page, following = [], start
        else:
            following = start + len(page)
        body: dict[str, object] = {"studies": page}
        if not token and params.get("countTotal") == "true":
            body["totalCount"] = len(found)
        if not page or len(page) == size:  # a full page has a next one, be there studies or not
            body["nextPageToken"] = f"{following}!{asked}"
        if not page and start >= len(found):
            body.pop("nextPageToken", None)
        return _json(body)

    def matching(self, params: dict[str, str]) -> list[Study]:
        words = [re.findall(r'"([^"]+)"', part) for part in params.get("query.term", "").split(" AND ")]
        ranges = _RANGE.findall(params.get("filter.advanced", ""))

        def wanted(one: Study) -> bool:
            text = json.dumps(one).lower() if any(words) else ""
            dates = [(low, date_of(one, area), high) for area, low, high in ranges]
            in_time = all(low in ("MIN", min(low, on)) and high in ("MAX", max(high, on)) for low, on, high in dates)
            return in_time and all(any(word.lower() in text for word in part) for part in words if part)

        found = [one for one in self.held if wanted(one)]
        if params.get("sort") == "StudyFirstPostDate:asc":
            found.sort(key=lambda one: (date_of(one, "StudyFirstPostDate"), number_of(one)))
        return found


def study(number: int, title: str = "", first: str = "2020-01-01", updated: str = "2024-05-06") -> Study:
    """A small study with one investigator, invented from the number."""
    return {
        "protocolSection": {
            "identificationModule": {"nctId": f"NCT{number:08}", "briefTitle": title or f"Trial {number}"},
            "statusModule": {
                "studyFirstPostDateStruct": {"date": first},
                "startDateStruct": {"date": first},
                "lastUpdatePostDateStruct": {"date": updated},
            },
            "contactsLocationsModule": {
                "overallOfficials": [{"name": "Nora Erfunden", "role": "PRINCIPAL_INVESTIGATOR"}]
            },
        }
    }


def number_of(one: Study) -> str:
    return str(one["protocolSection"]["identificationModule"]["nctId"])  # type: ignore[index]


def title_of(one: Study) -> str:
    return str(one["protocolSection"]["identificationModule"]["briefTitle"])  # type: ignore[index]


def date_of(one: Study, field: str) -> str:
    """The date under its name in the search areas, e.g. StartDate."""
    status = one["protocolSection"]["statusModule"]  # type: ignore[index]
    return str(status[f"{field[0].lower()}{field[1:]}Struct"]["date"])


def _json(body: dict[str, object]) -> Canned:
    return 200, "application/json", json.dumps(body).encode()


@contextmanager
def registry(world: Registry, faults: Iterable[Fault | None] = (), clock: Clock | None = None) -> Iterator[Served]:
    """An API for this world, at `url`."""
    with faulty(world, faults, clock) as served:
        served.url += "api/v2/"
        yield served
