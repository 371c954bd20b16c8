"""One organisation of ROR, in either form that circulates: schema 2, or schema 1 of older dumps."""

from collections import Counter
from collections.abc import Iterator

import msgspec

from kolgraph.errors import InputError
from kolgraph.ids import ror_id
from kolgraph.loading import Record
from kolgraph.loading.strict import decode, word
from kolgraph.model import Institution

_KINDS = {
    kind: kind
    for kind in (
        *("archive", "company", "education", "facility", "funder"),
        *("government", "healthcare", "nonprofit", "other"),
    )
}
_STATUS = {"active": "active", "inactive": "inactive", "withdrawn": "withdrawn"}


class _Part(msgspec.Struct, gc=False):
    """Fields in the spelling of ROR; those of schema 1 and 2 side by side, as both circulate."""


class Name(_Part):
    value: str
    types: list[str] = []


class Label(_Part):
    label: str


class Geonames(_Part):
    name: str | None = None
    country_code: str | None = None
    country_subdivision_name: str | None = None
    lat: float | None = None
    lng: float | None = None


class Location(_Part):
    geonames_details: Geonames = msgspec.field(default_factory=Geonames)


class Admin1(_Part):
    name: str | None = None


class City(_Part):
    city: str | None = None
    geonames_admin1: Admin1 | None = None


class Address(_Part):
    lat: float | None = None
    lng: float | None = None
    state: str | None = None
    city: str | None = None
    geonames_city: City | None = None


class Country(_Part):
    country_code: str = ""


class Relation(_Part):
    id: str = ""
    type: str = ""


class OuterId(_Part):
    all: list[str] | str = []
    preferred: str | None = None
    type: str = ""


class Modified(_Part):
    date: str = ""


class Admin(_Part):
    last_modified: Modified = msgspec.field(default_factory=Modified)


class Organisation(_Part):
    id: str
    types: list[str] = []
    status: str = ""
    relationships: list[Relation] = []
    external_ids: list[OuterId] | dict[str, OuterId] = []
    # schema 2
    names: list[Name] = []
    locations: list[Location] = []
    domains: list[str] = []
    admin: Admin = msgspec.field(default_factory=Admin)
    # schema 1
    name: str = ""
    aliases: list[str] = []
    acronyms: list[str] = []
    labels: list[Label] = []
    addresses: list[Address] = []
    country: Country = msgspec.field(default_factory=Country)


_ORGANISATION = msgspec.json.Decoder(Organisation)


def parse_organisation(raw: bytes, unknown: Counter[str]) -> Record:
    """The record in the bytes of one organisation. Raises InputError saying what is wrong with it."""
    one = decode(_ORGANISATION, raw, "organisation")
    number = ror_id(one.id)
    if not number:
        raise InputError(f"the organisation has no ROR id (id: {one.id[:60]!r})")
    display = next((n.value for n in one.names if "ror_display" in n.types), "")
    name = display or one.name or (one.names[0].value if one.names else "")
    if not name:
        raise InputError(f"ror:{number} has no name")
    spelled = [n.value for n in one.names if "acronym" not in n.types]
    others = [*spelled, *one.aliases, *(label.label for label in one.labels)]
    short = [n.value for n in one.names if "acronym" in n.types] + one.acronyms
    city, region, country, lat, lon = _place(one)
    institution = Institution(
        f"ror:{number}",
        name,
        tuple(dict.fromkeys(other for other in others if other != name)),
        tuple(dict.fromkeys(short)),
        tuple(word(_KINDS, kind.lower(), "organisation type", unknown) for kind in one.types),
        word(_STATUS, one.status.lower(), "organisation status", unknown) or "active",
        city,
        region,
        country,
        lat,
        lon,
        tuple(_outer_ids(one.external_ids)),
        tuple(one.domains),
        _related(one, "parent"),
        _related(one, "successor"),
    )
    modified = one.admin.last_modified.date.replace("-", "")
    return Record(institution.id, raw, institution, int(modified) if modified.isdigit() else 1)


def _place(one: Organisation) -> tuple[str, str, str, float | None, float | None]:
    """City, region, country, latitude, longitude of the first location."""
    if one.locations:
        at = one.locations[0].geonames_details
        return at.name or "", at.country_subdivision_name or "", at.country_code or "", at.lat, at.lng
    if not one.addresses:
        return "", "", one.country.country_code, None, None
    there = one.addresses[0]
    known = there.geonames_city or City()
    region = (known.geonames_admin1.name if known.geonames_admin1 else None) or there.state or ""
    return there.city or known.city or "", region, one.country.country_code, there.lat, there.lng


def _outer_ids(listed: list[OuterId] | dict[str, OuterId]) -> Iterator[str]:
    pairs = listed.items() if isinstance(listed, dict) else ((one.type, one) for one in listed)
    for scheme, one in pairs:
        for value in [one.all] if isinstance(one.all, str) else one.all:
            yield f"{scheme.lower()}:{value.replace(' ', '')}"


def _related(one: Organisation, kind: str) -> tuple[str, ...]:
    return tuple(f"ror:{known}" for r in one.relationships if r.type.lower() == kind and (known := ror_id(r.id)))
