"""What the NIH of the world fund, as RePORTER's API gives it: five years of a project are five rows."""

from pathlib import Path
from typing import Any

import numpy as np
from anyascii import anyascii

from kolgraph.demo.clinicians import Clinician
from kolgraph.demo.draws import Draws
from kolgraph.demo.field import LAST_YEAR
from kolgraph.demo.people import lab_at
from kolgraph.demo.words import Writer
from kolgraph.demo.world import World
from kolgraph.demo.write import write_json

PROFILE = 90_000_000  # numbers of investigators and applications from here on are not given out
INSTITUTES = (("HL", "NHLBI"), ("AI", "NIAID"), ("AR", "NIAMS"), ("DK", "NIDDK"))
TERM = 5  # years
PER_PAGE = 500
_NUMBERS = 24  # that a writer turns into one text


def write_grants(folder: Path, world: World, writer: Writer, listed: list[Clinician]) -> None:
    """Pages of projects; about a third of the leaders of labs hold one, the famous more often."""
    draws, rows = Draws(world.seed, "grants"), []
    leaders = [one for one in listed if one.person < len(world.labs.country)]
    persons = np.array([one.person for one in leaders], dtype=np.int64)
    subject = world.labs.subject[lab_at(world.people, persons, LAST_YEAR)].tolist()
    for number, one in enumerate(leaders):
        u = draws.unit(4).tolist()
        words = draws.below(1 << 20, _NUMBERS).tolist()
        if one.fame * u[0] < 12:
            continue
        slots = writer.slots(subject[number], words)
        title = writer.title("study", slots, words).replace("&lt;", "<")
        first = LAST_YEAR - 6 + int(u[1] * 6)
        for year in range(first, min(first + TERM, LAST_YEAR + 1)):
            rows.append(_row(one, number, year, first, title, u, writer.keywords(subject[number], words)))
    for at in range(0, max(len(rows), 1), PER_PAGE):
        meta = {"search_id": "invented", "total": len(rows), "offset": at, "limit": PER_PAGE, "sort_order": "ASC"}
        page = {"meta": meta, "results": rows[at : at + PER_PAGE]}
        write_json(folder / f"projects_{at // PER_PAGE + 1:04d}.json", page)


def _row(
    one: Clinician, number: int, year: int, first: int, title: str, u: list[float], words: list[str]
) -> dict[str, Any]:
    code, institute = INSTITUTES[number % len(INSTITUTES)]
    core = f"R01{code}{900_000 + number:06}"
    return {
        "appl_id": PROFILE + 100 * number + year - first,
        "fiscal_year": year,
        "project_num": f"{1 if year == first else 5}{core}-{year - first + 1:02}",
        "core_project_num": core,
        "organization": {
            "org_name": anyascii(one.place.name).upper(),
            "org_city": anyascii(one.place.city.city).upper(),
            "org_country": "UNITED STATES",
            "org_state": one.place.city.region_code,
            "org_zipcode": one.place.zip,
        },
        "award_amount": 250_000 + int(u[2] * 450) * 1000,
        "principal_investigators": [
            {
                "profile_id": PROFILE + one.person,
                "first_name": one.first,
                "middle_name": one.middle,
                "last_name": one.last,
                "is_contact_pi": True,
                "full_name": f"{one.first} {one.middle} {one.last}",
            }
        ],
        "contact_pi_name": f"{one.last}, {one.first} {one.middle}",
        "agency_ic_admin": {"code": code, "abbreviation": institute, "name": "An institute of the NIH"},
        "agency_code": "NIH",
        "project_start_date": f"{first}-07-01T00:00:00",
        "project_end_date": f"{first + TERM}-06-30T00:00:00",
        "project_title": title,
        "pref_terms": ";".join(words),
        "abstract_text": None,
        "date_added": f"{year}-07-12T16:15:57",
    }
