"""One practitioner of NPPES, from the API or from a row of the bulk file -> Practitioner.

Only what is listed here is read and kept: no gender, no telephone, no licence number; of a mailing address, which may
be a home, the town alone.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

import msgspec

from kolgraph.errors import InputError
from kolgraph.geo import COUNTRIES
from kolgraph.ids import npi_id
from kolgraph.loading import Record
from kolgraph.model import Affiliation, Mention, Practitioner


class _Part(msgspec.Struct, gc=False, omit_defaults=True):
    """Fields in the spelling of the API; what we do not name is dropped."""


class Basic(_Part):
    first_name: str | None = None
    middle_name: str | None = None
    last_name: str | None = None
    name_suffix: str | None = None
    credential: str | None = None
    enumeration_date: str | None = None
    last_updated: str | None = None
    status: str | None = None
    deactivation_date: str | None = None
    reactivation_date: str | None = None


class Address(_Part):
    address_purpose: str | None = None
    address_1: str | None = None
    address_2: str | None = None
    city: str | None = None
    state: str | None = None
    postal_code: str | None = None
    country_code: str | None = None


class Taxonomy(_Part):
    code: str | None = None
    desc: str | None = None
    primary: bool | None = None


class OtherName(_Part):
    first_name: str | None = None
    middle_name: str | None = None
    last_name: str | None = None
    suffix: str | None = None


class Provider(_Part):
    number: int | str
    enumeration_type: str = ""
    basic: Basic = msgspec.field(default_factory=Basic)
    addresses: list[Address] = []
    practiceLocations: list[Address] = []  # the API's own spelling
    taxonomies: list[Taxonomy] = []
    other_names: list[OtherName] = []


@dataclass(frozen=True, slots=True)
class Closed:
    """A number that is no longer in use, and the time up to which what we hold of it is over."""

    id: str
    version: int


ENCODE = msgspec.json.Encoder().encode
_STATES = (
    "AK AL AR AZ CA CO CT DC DE FL GA HI IA ID IL IN KS KY LA MA MD ME MI MN MO MS MT NC ND NE NH NJ NM NV NY OH OK "
    "OR PA RI SC SD TN TX UT VA VT WA WI WV WY AA AE AP AS FM GU MH MP PR PW VI"
)
STATES = _STATES.split()


def read_provider(one: Provider, raw: bytes = b"") -> Record | Closed | None:
    """The practitioner, None for an organisation. `raw` is what is kept of it, the provider itself where it is b"".

    Raises InputError saying what is wrong with it.
    """
    number = npi_id(str(one.number))
    if not number:
        raise InputError(f"{str(one.number)[:20]!r} is no National Provider Identifier: its check digit does not hold")
    id, basic = f"npi:{number}", one.basic
    updated, closed, opened = (
        iso(said) for said in (basic.last_updated, basic.deactivation_date, basic.reactivation_date)
    )
    if said(basic.status) == "D" or (closed and opened < closed):
        return Closed(id, max(_version(updated), _version(closed)))
    if one.enumeration_type == "NPI-2":
        return None
    if not said(basic.last_name):
        raise InputError(f"{id} has no name")
    for address in one.addresses:
        if address.address_purpose == "MAILING":
            address.address_1 = address.address_2 = None
    practice = [a for a in one.addresses if a.address_purpose != "MAILING"] + one.practiceLocations
    mailing = [a for a in one.addresses if a.address_purpose == "MAILING"]
    places = [*(_place(address, True) for address in practice), *(_place(address, False) for address in mailing)]
    ranked = sorted(one.taxonomies, key=lambda taxonomy: not taxonomy.primary)
    specialties = (said(taxonomy.desc) or said(taxonomy.code) for taxonomy in ranked)
    practitioner = Practitioner(
        id,
        Mention(
            0,
            said(basic.last_name),
            _joined(basic.first_name, basic.middle_name),
            suffix=said(basic.name_suffix),
            role="practitioner",
            affiliations=tuple(places[:1] if practice else ()),
            identifiers=(id,),
        ),
        tuple(_others(one.other_names, id)),
        said(basic.credential),
        tuple(dict.fromkeys(filter(None, specialties))),
        tuple(dict.fromkeys(places)),
        iso(basic.enumeration_date),
        updated,
    )
    return Record(id, raw or ENCODE(one), practitioner, _version(updated))


def _others(names: list[OtherName], id: str) -> Iterator[Mention]:
    for position, other in enumerate(names, 1):
        if last := said(other.last_name):
            fore = _joined(other.first_name, other.middle_name)
            yield Mention(position, last, fore, suffix=said(other.suffix), role="practitioner", identifiers=(id,))


def said(text: str | None) -> str:
    """What a field says: `--` means nothing."""
    plain = " ".join((text or "").split())
    return "" if plain == "--" else plain


@lru_cache(1 << 16)
def iso(text: str | None) -> str:
    """The ISO date in `2019-03-23` or `03/23/2019`, or ""."""
    for form in ("%Y-%m-%d", "%m/%d/%Y"):
        try:
            return datetime.strptime(said(text), form).date().isoformat()
        except ValueError:
            continue
    return ""


def _version(date: str) -> int:
    return int(date.replace("-", "") or 1)


def _joined(*parts: str | None) -> str:
    return " ".join(filter(None, map(said, parts)))


def _place(address: Address, street: bool) -> Affiliation:
    city, region, country = said(address.city), said(address.state), said(address.country_code)
    country = country or ("US" if region in STATES else "")
    code = said(address.postal_code)
    if found := re.fullmatch(r"(\d{5})-?(\d{4})", code):
        code = f"{found[1]}-{found[2]}"
    lines = [said(address.address_1), said(address.address_2)] if street else []
    text = ", ".join(filter(None, [*lines, city, f"{region} {code if street else code[:5]}".strip()]))
    return Affiliation(text, (), city, region, country if country in COUNTRIES else "")  # AA: "unknown country"
