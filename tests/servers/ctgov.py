"""A ClinicalTrials.gov that speaks API v2: its page tokens, its empty pages, its errors in plain text."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from servers import Handler, serving

Answer = tuple[int, str, bytes]
_KNOWN = {"query.term", "countTotal", "pageSize", "pageToken", "sort", "filter.advanced"}


@dataclass
class Registry:
    """The world behind the server. `empty` are the offsets at which a page without studies comes first."""

    studies: list[dict[str, object]]
    log: list[dict[str, str]] = field(default_factory=list)
    faults: list[Answer | None] = field(default_factory=list)
    empty: set[int] = field(default_factory=set)
    epoch: int = 0  # tokens of an earlier one have expired

    def answer(self, path: str, params: dict[str, str]) -> Answer:
        self.log.append(params)
        if self.faults and (fault := self.faults.pop(0)):
            return fault
        if unknown := set(params) - _KNOWN:
            return 400, "text/plain", f"unknown parameter `{min(unknown)}`".encode()
        asked = repr((self.epoch, sorted((k, v) for k, v in params.items() if k != "pageToken")))
        size = min(int(params.get("pageSize", 10)), 1000)
        start = 0
        if token := params.get("pageToken"):
            offset, _, of = token.partition("!")
            if of != f"{hash(asked):x}":
                return 400, "text/plain", b"pageToken is not valid"
            start = int(offset)
        if start in self.empty:
            self.empty.discard(start)
            page, following = [], start
        else:
            page, following = self.studies[start : start + size], start + size
        body: dict[str, object] = {"studies": page}
        if not token and params.get("countTotal") == "true":
            body["totalCount"] = len(self.studies)
        if following < len(self.studies):
            body["nextPageToken"] = f"{following}!{hash(asked):x}"
        return 200, "application/json", json.dumps(body).encode()


def study(number: int) -> dict[str, object]:
    """A small study with one investigator, invented from the number."""
    return {
        "protocolSection": {
            "identificationModule": {"nctId": f"NCT{number:08}", "briefTitle": f"Trial {number}"},
            "statusModule": {"lastUpdatePostDateStruct": {"date": "2024-05-06"}},
            "contactsLocationsModule": {
                "overallOfficials": [{"name": "Nora Erfunden", "role": "PRINCIPAL_INVESTIGATOR"}]
            },
        }
    }


@contextmanager
def registry(world: Registry) -> Iterator[str]:
    """The base address of an API for this world."""

    class Api(Handler):
        def answer(self, path: str, params: dict[str, str]) -> Answer:
            return world.answer(path, params)

    with serving(Api) as url:
        yield url + "api/v2/"
