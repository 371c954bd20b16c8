"""An Open Payments datastore: its list of data sets, conditions, 500 rows a request; everybody in it is invented."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field

from servers.faults import Answer, Request

Row = dict[str, str | None]


@dataclass
class Datastore:
    """The world behind the server: title of a data set -> its rows. `before` is called ahead of every answer."""

    sets: dict[str, list[Row]]
    most: int = 500
    before: Callable[["Datastore"], None] | None = None
    log: list[dict[str, str]] = field(default_factory=list)
    errors: tuple[bytes, ...] = (b'{"message": "Error retrieving", "status": 500}', b'{"results": []}')

    def answer(self, request: Request) -> Answer:
        self.log.append(request.params)
        if self.before:
            self.before(self)
        _, _, what = request.path.partition("/api/1/")
        if what == "metastore/schemas/dataset/items":
            listed = [{"@type": "dcat:Dataset", "identifier": _id(title), "title": title} for title in self.sets]
            return _json(200, listed)
        known = {f"datastore/query/{_id(title)}/0": rows for title, rows in self.sets.items()}
        if what not in known:
            return _json(404, {"message": "No dataset found", "status": 404})
        return self._query(known[what], request.params)

    def _query(self, rows: list[Row], asked: dict[str, str]) -> Answer:
        limit, offset = int(asked.get("limit", 500)), int(asked.get("offset", 0))
        if limit > self.most:
            return _json(400, {"message": f"Limit must be at most {self.most}", "status": 400})
        found, place = rows, 0
        while name := asked.get(f"conditions[{place}][property]"):
            value = asked[f"conditions[{place}][value]"]
            found, place = [row for row in found if row.get(name) == value], place + 1
        if asked.get("sorts[0][property]") == "record_id":
            found = sorted(found, key=lambda row: str(row["record_id"]))  # a text column
        body = {"results": found[offset : offset + limit], "count": len(found), "query": {"limit": limit}}
        return _json(200, body)


def _json(status: int, body: object) -> Answer:
    return status, {"Content-Type": "application/json"}, json.dumps(body).encode()


def _id(title: str) -> str:
    return f"00000000-0000-5000-8000-{abs(hash(title)) % 10**12:012}"


def row(number: int, state: str = "IA", published: str = "06/30/2024", **said: str | None) -> Row:
    """A research payment of 2023 invented from the number, as the API writes one."""
    return {
        "record_id": str(800_000_000 + number * 7),
        "program_year": "2023",
        "payment_publication_date": published,
        "change_type": "NEW",
        "dispute_status_for_publication": "No",
        "recipient_state": state,
        "teaching_hospital_name": "INVENTED HOSPITAL",
        "principal_investigator_1_profile_id": str(9_000_000 + number % 40),
        "principal_investigator_1_npi": None,
        "principal_investigator_1_first_name": "NORA",
        "principal_investigator_1_last_name": f"ERFUNDEN{number % 40}",
        "principal_investigator_1_license_state_code1": "IA",
        "total_amount_of_payment_usdollars": f"{100 + number}.50",
        "date_of_payment": "03/09/2023",
        "form_of_payment_or_transfer_of_value": "Cash or cash equivalent",
        "associated_drug_or_biological_ndc_1": "0000-0000-00",
        "name_of_study": "INVENTED-1",
        **said,
    }
