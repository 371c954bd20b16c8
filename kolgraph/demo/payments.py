"""What companies of the world paid, as Open Payments publishes it: two program years of general and research payments.

Money follows fame, with so much noise that it is no measure of it: were payments ever to leak into a score, the score
would show it.
"""

from math import sqrt
from pathlib import Path
from typing import Any

from anyascii import anyascii

from kolgraph.demo.clinicians import Clinician
from kolgraph.demo.draws import Draws
from kolgraph.demo.pools import document
from kolgraph.demo.trials import Plan
from kolgraph.demo.world import World
from kolgraph.demo.write import write_csv

PUBLISHED = {2024: "06/30/2025", 2025: "06/30/2026"}
PROFILE = 9_000_000  # profile ids from here on are not given out
NATURES = (  # share, nature, usual amount, form
    (0.70, "Food and Beverage", 22.0, "In-kind items and services"),
    (0.10, "Travel and Lodging", 480.0, "Cash or cash equivalent"),
    (0.06, "Consulting Fee", 2600.0, "Cash or cash equivalent"),
    (0.06, "Honoraria", 1900.0, "Cash or cash equivalent"),
    (0.05, "Education", 65.0, "In-kind items and services"),
    (0.03, "Royalty or License", 9000.0, "Cash or cash equivalent"),
)
_PERSON = ("Profile_ID", "NPI", "First_Name", "Middle_Name", "Last_Name", "Name_Suffix")
_HEAD = (
    *("Change_Type", "Covered_Recipient_Type", "Noncovered_Recipient_Entity_Name", "Teaching_Hospital_CCN"),
    *("Teaching_Hospital_ID", "Teaching_Hospital_Name", *(f"Covered_Recipient_{part}" for part in _PERSON)),
    *("Recipient_City", "Recipient_State", "Recipient_Zip_Code", "Recipient_Country"),
)
_PRODUCT = "Name_of_Drug_or_Biological_or_Device_or_Medical_Supply_1"
_TAIL = (
    *("Applicable_Manufacturer_or_Applicable_GPO_Making_Payment_Name", "Total_Amount_of_Payment_USDollars"),
    *("Date_of_Payment", "Form_of_Payment_or_Transfer_of_Value"),
    *(_PRODUCT, "Dispute_Status_for_Publication"),
    *("Record_ID", "Program_Year", "Payment_Publication_Date"),
)
_LEADER = tuple(f"Principal_Investigator_1_{part}" for part in (*_PERSON, "City", "State", "Country"))
GENERAL = (*_HEAD, *_TAIL, "Nature_of_Payment_or_Transfer_of_Value")
RESEARCH = (*_HEAD, *_LEADER, *_TAIL, "Name_of_Study", "ClinicalTrials_Gov_Identifier")
Row = dict[str, Any]


def write_payments(folder: Path, world: World, listed: list[Clinician], plans: list[Plan]) -> None:
    """One general and one research file for each program year, as CMS names them; none without rows."""
    for year, published in PUBLISHED.items():
        month, day, issued = published.split("/")
        for kind, head, rows in (
            ("GNRL", GENERAL, _general(world, listed, year)),
            ("RSRCH", RESEARCH, _research(world, listed, plans, year)),
        ):
            for at, row in enumerate(rows):
                row |= {"Record_ID": 10_000 * year + 5_000_000 * (kind == "RSRCH") + at + 900_000_000}
                row |= {"Program_Year": year, "Payment_Publication_Date": published, "Change_Type": "NEW"}
            if rows:  # a small world may have no trial of a company with an American site
                write_csv(folder / f"OP_DTL_{kind}_PGYR{year}_P{month}{day}{issued}_{month}12{issued}.csv", head, rows)


def _general(world: World, listed: list[Clinician], year: int) -> list[Row]:
    draws = Draws(world.seed, f"general payments {year}")
    companies, drugs = document("field")["companies"], document("field")["drugs"]
    often = draws.heavy(len(listed), 0.05).tolist()
    rows: list[Row] = []
    for one, luck in zip(listed, often, strict=True):
        count = min(40, int(sqrt(one.fame) * luck * 0.35))  # exact on every machine, which a power is not
        u = draws.unit(5 * count).tolist()
        for at in range(count):
            which, size, when, who, odd = u[5 * at : 5 * at + 5]
            nature, usual, form = _nature(which)
            row = _recipient(one) | _money(usual * (0.4 + 1.2 * size), form, when, year)
            company = int(who * len(companies) * 0.999)
            row |= {"Applicable_Manufacturer_or_Applicable_GPO_Making_Payment_Name": companies[company]}
            row |= {
                _TAIL[4]: drugs[company % len(drugs)].capitalize(),
                "Nature_of_Payment_or_Transfer_of_Value": nature,
            }
            rows.append(row | {"Dispute_Status_for_Publication": "Yes" if odd > 0.995 else "No"})
    return rows


def _research(world: World, listed: list[Clinician], plans: list[Plan], year: int) -> list[Row]:
    draws, known = Draws(world.seed, f"research payments {year}"), {one.person: one for one in listed}
    rows: list[Row] = []
    for plan in plans:
        if plan.company < 0 or not plan.start[0] <= year <= plan.end[0]:
            continue
        for _, person in plan.sites:
            u = draws.unit(2).tolist()
            if (one := known.get(person)) is None:
                continue
            leader = _person("Principal_Investigator_1", one)
            row = _money(4000 + 60_000 * u[0] * u[0], "Cash or cash equivalent", u[1], year) | leader
            row |= {"Covered_Recipient_Type": "Non-covered Recipient Entity", **_place("Recipient", one)}
            row |= {"Noncovered_Recipient_Entity_Name": anyascii(one.place.name).upper()}
            row |= {"Principal_Investigator_1_Country": "United States", "Dispute_Status_for_Publication": "No"}
            company = world.places.places[plan.company].name
            row |= {"Applicable_Manufacturer_or_Applicable_GPO_Making_Payment_Name": company}
            rows.append(row | {"Name_of_Study": plan.nct[-6:], "ClinicalTrials_Gov_Identifier": plan.nct})
    return rows


def _nature(u: float) -> tuple[str, float, str]:
    for share, nature, usual, form in NATURES:
        if u < share:
            return nature, usual, form
        u -= share
    return NATURES[0][1:]


def _money(amount: float, form: str, when: float, year: int) -> Row:
    date = f"{1 + int(when * 12):02}/{1 + int(when * 997) % 28:02}/{year}"
    cents = int(amount * 100)
    return {
        "Total_Amount_of_Payment_USDollars": f"{cents // 100}.{cents % 100:02}",
        "Date_of_Payment": date,
        "Form_of_Payment_or_Transfer_of_Value": form,
    }


def _recipient(one: Clinician) -> Row:
    kind = {"Covered_Recipient_Type": "Covered Recipient Physician"}
    return kind | _person("Covered_Recipient", one) | _place("Recipient", one)


def _person(role: str, one: Clinician) -> Row:
    said = (PROFILE + one.person, one.npi, one.first, one.middle, one.last, "")
    row: Row = {f"{role}_{part}": value for part, value in zip(_PERSON, said, strict=True)}
    return row if role == "Covered_Recipient" else row | _place(role, one, zip_code=False)


def _place(role: str, one: Clinician, zip_code: bool = True) -> Row:
    city = anyascii(one.place.city.city).upper()
    row: Row = {f"{role}_City": city, f"{role}_State": one.place.city.region_code}
    return row | {f"{role}_Country": "United States"} | ({f"{role}_Zip_Code": one.place.zip} if zip_code else {})
