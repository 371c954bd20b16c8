"""Who of the world is in the registers of the United States, and their rows in the bulk file of NPPES.

NPIs begin with 29: none that begins with 2 has been given out. Of the columns for gender, licences and telephones
nothing is filled in.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from anyascii import anyascii

from kolgraph.demo.draws import Draws, Floats
from kolgraph.demo.field import LAST_YEAR
from kolgraph.demo.people import influence, lab_at
from kolgraph.demo.places import Place
from kolgraph.demo.pools import DATA
from kolgraph.demo.world import World, current_place
from kolgraph.demo.write import write_csv

CODES = ("207RR0500X", "207R00000X", "207RN0300X", "207RP1001X", "2080P0216X", "207W00000X")  # by subject, in turn
_TAXONOMY = (
    *("Healthcare Provider Taxonomy Code", "Provider License Number", "Provider License Number State Code"),
    "Healthcare Provider Primary Taxonomy Switch",
)
_OTHER = tuple(f"Other Provider Identifier{what}" for what in ("", " Type Code", " State", " Issuer"))
_PRACTICE, _MAILING = (f"Provider Business {what} Address " for what in ("Practice Location", "Mailing"))


@dataclass(slots=True)
class Clinician:
    """Somebody with a national number; `fame` is the latent influence in the last year, which money follows."""

    person: int
    npi: str
    last: str  # as registers write it: capitals, no diacritics
    first: str
    middle: str
    place: Place
    fame: float


def npi(number: int) -> str:
    """A well-formed NPI: 29, seven digits, and the digit that makes the Luhn check with 80840 hold."""
    digits = f"29{number:07}"
    total = 24
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 - place % 2)
        total += value - 9 if value > 9 else value
    return digits + str(-total % 10)


def clinicians(world: World) -> list[Clinician]:
    """Four in five of those who work in the United States at the end."""
    people, everyone = world.people, np.arange(world.people.count)
    fame: Floats = influence(people, everyone, LAST_YEAR, len(world.labs.country))
    treats = Draws(world.seed, "clinicians").chance(0.8, people.count) & (people.end >= LAST_YEAR)
    found = []
    for person, at in enumerate(current_place(world, lab_at(people, everyone, LAST_YEAR), LAST_YEAR)):
        place = world.places.places[at]
        if treats[person] and place.city.country == "US":
            last, fore = (anyascii(part).upper() for part in (people.names[person].last, people.names[person].fore))
            first, _, middle = fore.partition(" ")
            found.append(Clinician(person, npi(person), last, first, middle, place, float(fame[person])))
    return found


def write_nppes(folder: Path, world: World, listed: list[Clinician]) -> None:
    """The bulk file with some numbers that were closed and one that was replaced, as there are in it."""
    u = Draws(world.seed, "nppes").unit(2 * len(listed)).tolist()
    persons = np.array([one.person for one in listed], dtype=np.int64)
    subject = world.labs.subject[lab_at(world.people, persons, LAST_YEAR)]
    rows = []
    for at, one in enumerate(listed):
        place = {
            "City Name": anyascii(one.place.city.city).upper(),
            "State Name": one.place.city.region_code,
            "Postal Code": one.place.zip + f"{int(u[2 * at] * 9000) + 1000}",
            "Country Code (If outside U.S.)": "US",
        }
        code, year = CODES[int(subject[at]) % len(CODES)], 2006 + int(u[2 * at + 1] * 15)
        rows.append(
            {
                "NPI": one.npi,
                "Entity Type Code": "1",
                "Provider Last Name (Legal Name)": one.last,
                "Provider First Name": one.first,
                "Provider Middle Name": one.middle,
                "Provider Credential Text": ("MD", "M.D.", "MD, PHD", "D.O.")[int(u[2 * at] * 97) % 4],
                **{f"{kind}{part}": said for kind in (_PRACTICE, _MAILING) for part, said in place.items()},
                "Provider First Line Business Practice Location Address": anyascii(one.place.name).upper(),
                "Provider Enumeration Date": f"{1 + int(u[2 * at] * 12):02}/{1 + int(u[2 * at + 1] * 28):02}/{year}",
                "Last Update Date": f"{1 + int(u[2 * at + 1] * 10):02}/15/{LAST_YEAR - int(u[2 * at] * 5)}",
                "Healthcare Provider Taxonomy Code_1": code,
                "Healthcare Provider Primary Taxonomy Switch_1": "Y",
                "Is Sole Proprietor": "N",
            }
        )
    for number in range(5):
        closed = {"NPI": npi(9_900_000 + number), "NPI Deactivation Date": f"0{number + 1}/15/{LAST_YEAR}"}
        rows.insert(number * 7, closed | ({"Replacement NPI": listed[0].npi} if number == 0 and listed else {}))
    write_csv(folder / f"npidata_pfile_20050523-{LAST_YEAR}1011.csv", _columns(), rows)


def _columns() -> list[str]:
    """The 330 columns of the bulk file in its order."""
    first, _, rest = (DATA / "nppes.txt").read_text("utf-8").strip().partition("\n#\n")
    numbered = [f"{what}_{n}" for n in range(1, 16) for what in _TAXONOMY]
    numbered += [f"{what}_{n}" for n in range(1, 51) for what in _OTHER]
    *middle, last = rest.split("\n")
    groups = [f"Healthcare Provider Taxonomy Group_{n}" for n in range(1, 16)]
    return [*first.split("\n"), *numbered, *middle, *groups, last]
