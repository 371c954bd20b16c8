"""One row of Open Payments -> Payment, or a row of a table of its physicians -> Practitioner.

The columns named here are all that is read and kept: who paid whom how much, when, for what, for which study and
product. Nothing on prescribing, licences or codes of drugs. Before 2016 a person is a `Physician_*`, since then a
`Covered_Recipient_*` with an NPI; the API writes the same names in lower case.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from functools import lru_cache

from kolgraph.errors import InputError
from kolgraph.geo import country_code
from kolgraph.ids import nct_id, npi_id
from kolgraph.loading import Record
from kolgraph.loading.strict import word
from kolgraph.loading.table import Cells, raw_of
from kolgraph.model import Affiliation, Mention, Payment, Practitioner

KINDS = ("general", "research")
NATURE = "nature_of_payment_or_transfer_of_value"  # of general payments alone
STUDY = "name_of_study"  # of research payments alone
AMOUNT = "total_amount_of_payment_usdollars"
PROFILES = ("covered_recipient_profile_id", "physician_profile_id")
_PERSON = ("profile_id", "npi", "first_name", "middle_name", "last_name", "name_suffix")
_PERSONS = ("physician", "covered_recipient")
_LEADERS = tuple(f"principal_investigator_{n}" for n in range(1, 6))
_SPECIALTIES = ("physician_specialty", "covered_recipient_specialty_1")
_PAYER = "applicable_manufacturer_or_applicable_gpo_making_payment_name"
_HOSPITAL, _COMPANY = "teaching_hospital_name", "noncovered_recipient_entity_name"
_STREET = tuple(f"recipient_primary_business_street_address_line{n}" for n in (1, 2))
_PLACE = ("city", "state", "country")
_PRODUCTS = (
    *(f"name_of_drug_or_biological_or_device_or_medical_supply_{n}" for n in range(1, 6)),
    *(f"name_of_associated_covered_drug_or_biological{n}" for n in range(1, 6)),
    *(f"name_of_associated_covered_device_or_medical_supply{n}" for n in range(1, 6)),
)
COLUMNS = {
    *("record_id", "program_year", "payment_publication_date", "change_type", "dispute_status_for_publication"),
    *(AMOUNT, "date_of_payment", "form_of_payment_or_transfer_of_value", NATURE, STUDY, _PAYER, _HOSPITAL, _COMPANY),
    *(f"{who}_{part}" for who in (*_PERSONS, *_LEADERS) for part in _PERSON),
    *(f"{who}_{part}" for who in ("recipient", *_LEADERS) for part in _PLACE),
    *(*_STREET, "recipient_zip_code", *_SPECIALTIES, *_PRODUCTS, "clinicaltrials_gov_identifier"),
}
_CHANGES = {one: one.lower() for one in ("UNCHANGED", "ADD", "NEW", "CHANGED")}
_FORMS = {
    "In-kind items and services": "in-kind items and services",
    "Cash or cash equivalent": "cash or cash equivalent",
    "Stock": "stock",
    "Stock option": "stock option",
    "Any other ownership interest": "ownership interest",
    "Stock, stock option, or any other ownership interest": "stock, stock option, or any other ownership interest",
    "Dividend, profit or other return on investment": "return on investment",
}


def parse_payment(cells: Cells, kind: str, part: str, unknown: Counter[str]) -> Record:
    """The record in the cells of a payment; `part` is what of a program year is published anew together.

    Raises InputError saying what is wrong with it.
    """
    say = cells.get
    number, date = say("record_id", ""), iso(say("date_of_payment", ""))
    year = say("program_year", "") or date[:4]
    if not number.isdigit() or not year.isdigit():
        raise InputError(f"the payment has no record id or no year (record id: {number[:20]!r}, year: {year[:20]!r})")
    id = f"openpayments:{year}:{number}"
    try:
        amount = float(say(AMOUNT, "").replace(",", ""))
    except ValueError:
        raise InputError(f"{id} has no amount: {say(AMOUNT, '')[:40]!r}") from None
    disputed = word({"Yes": "yes", "No": "no"}, say("dispute_status_for_publication"), "dispute status", unknown)
    nct = say("clinicaltrials_gov_identifier", "")
    if nct and not nct_id(nct):
        unknown["trial number: malformed, left out"] += 1
    payment = Payment(
        id,
        kind,
        int(year),
        amount,
        say(_PAYER, ""),
        date,
        say(NATURE, ""),
        word(_FORMS, say("form_of_payment_or_transfer_of_value"), "form of payment", unknown),
        disputed == "yes",
        word(_CHANGES, say("change_type"), "change type", unknown),
        say(_HOSPITAL, "") or say(_COMPANY, ""),
        tuple(_recipients(cells, unknown)),
        (f"nct:{nct_id(nct)}",) if nct_id(nct) else (),
        tuple(dict.fromkeys(name for column in _PRODUCTS if (name := say(column)))),
    )
    return Record(id, raw_of(cells), payment, _version(cells), group(kind, year) + part)


def parse_physician(cells: Cells, unknown: Counter[str]) -> Record:
    """The record in the cells of a physician, with no payment in it. Raises InputError for one without id or name."""
    found = next(_recipients(cells, unknown), None)
    if found is None or not found.identifiers or not found.last:
        raise InputError("the physician has no profile id or no name")
    lines = [*(cells.get(column, "") for column in _STREET), cells.get("recipient_city", "")]
    lines.append(f"{cells.get('recipient_state', '')} {cells.get('recipient_zip_code', '')}".strip())
    place = Affiliation(", ".join(filter(None, lines)), (), *_place(cells, "recipient"))
    specialties = tuple(dict.fromkeys(said for column in _SPECIALTIES if (said := cells.get(column))))
    found = replace(found, role="practitioner")
    one = Practitioner(found.identifiers[0], found, (), "", specialties, (place,) if place.text else ())
    kept = {column: cell for column, cell in cells.items() if column != AMOUNT}  # a sum that somebody else made
    return Record(one.id, raw_of(kept), one, _version(cells))


def group(kind: str, year: str) -> str:
    """What is published anew as a whole: one kind of payments of one program year."""
    return f"{kind} payments of {year}"


def _recipients(cells: Cells, unknown: Counter[str]) -> Iterator[Mention]:
    """Who was paid, at position 0, and who led the study that was paid for, 1 to 5; an id without a name is one too."""
    for position, who in ((0, _PERSONS[0]), (0, _PERSONS[1]), *enumerate(_LEADERS, 1)):
        profile, npi, first, middle, last, suffix = (cells.get(f"{who}_{part}", "") for part in _PERSON)
        ids = [f"openpayments:{profile}"] if profile.isdigit() else []
        if npi and not npi_id(npi):
            unknown["npi: malformed, left out"] += 1
        ids += [f"npi:{npi_id(npi)}"] if npi_id(npi) else []
        if not (ids or last):
            continue
        city, region, country = _place(cells, who if position else "recipient")
        text = ", ".join(filter(None, (city, region)))
        yield Mention(
            position,
            last,
            f"{first} {middle}".strip(),
            suffix=suffix,
            role="principal" if position else "recipient",
            affiliations=(Affiliation(text, (), city, region, country),) if text else (),
            identifiers=tuple(ids),
        )


def _place(cells: Cells, who: str) -> tuple[str, str, str]:
    city, state, country = (cells.get(f"{who}_{part}", "") for part in _PLACE)
    return city, state, country_code(country)


@lru_cache(1 << 14)
def iso(text: str) -> str:
    """`06/30/2016` -> `2016-06-30`; "" for what is no date."""
    for form in ("%m/%d/%Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(text, form).date().isoformat()
        except ValueError:
            continue
    return ""


def _version(cells: Cells) -> int:
    return int(iso(cells.get("payment_publication_date", "")).replace("-", "") or 1)
