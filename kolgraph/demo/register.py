"""Institutions as the Research Organization Registry dumps them (schema v2)."""

from typing import Any

from anyascii import anyascii

from kolgraph.demo.places import Place, Places, domain

TYPES = {
    "education": ["education", "funder"],
    "healthcare": ["healthcare"],
    "facility": ["facility"],
    "company": ["company"],
}


def organizations(places: Places) -> list[dict[str, Any]]:
    """Every place as a v2 record, in order of its id."""
    children: dict[int, list[int]] = {}
    heirs: dict[int, list[int]] = {}
    for i, place in enumerate(places.places):
        if place.parent >= 0:
            children.setdefault(place.parent, []).append(i)
        if place.successor >= 0:
            heirs.setdefault(place.successor, []).append(i)
    found = [_organization(places, i, children.get(i, []), heirs.get(i, [])) for i in range(len(places.places))]
    return sorted(found, key=lambda record: str(record["id"]))


def _organization(places: Places, at: int, children: list[int], before: list[int]) -> dict[str, Any]:
    place = places.places[at]
    related = [(place.parent, "parent")] if place.parent >= 0 else []
    related += [(child, "child") for child in children] + [(old, "predecessor") for old in before]
    related += [(place.successor, "successor")] if place.successor >= 0 else []
    return {
        "admin": {
            "created": {"date": "2018-11-14", "schema_version": "1.0"},
            "last_modified": {"date": "2026-09-30", "schema_version": "2.1"},
        },
        "domains": [domain(place)],
        "established": place.established,
        "external_ids": [
            {"all": [f"grid.99{at:04d}.{at % 9 + 1}"], "preferred": f"grid.99{at:04d}.{at % 9 + 1}", "type": "grid"},
            {"all": [f"0000 0009 {9000 + at // 10000:04d} {at % 10000:04d}"], "preferred": None, "type": "isni"},
        ],
        "id": _address(place),
        "links": [{"type": "website", "value": f"https://www.{domain(place)}"}],
        "locations": [
            {
                "geonames_details": {
                    "continent_code": place.city.continent,
                    "continent_name": place.city.continent_name,
                    "country_code": place.city.country,
                    "country_name": place.city.country_name,
                    "country_subdivision_code": place.city.region_code or None,
                    "country_subdivision_name": place.city.region or None,
                    "lat": place.city.lat,
                    "lng": place.city.lon,
                    "name": place.city.city,
                },
                "geonames_id": place.city.geonames,
            }
        ],
        "names": _names(place),
        "relationships": [
            {"label": places.places[other].name, "type": kind, "id": _address(places.places[other])}
            for other, kind in related
        ],
        "status": place.status,
        "types": TYPES[place.kind],
    }


def _names(place: Place) -> list[dict[str, Any]]:
    names: list[dict[str, Any]] = [{"lang": None, "types": ["ror_display", "label"], "value": place.name}]
    acronym = "".join(word[0] for word in place.name.replace("-", " ").split() if word[0].isupper())
    if len(acronym) >= 3:
        names.append({"lang": None, "types": ["acronym"], "value": acronym})
    plain = anyascii(place.name)
    if plain != place.name:
        names.append({"lang": "en", "types": ["alias"], "value": plain})
    return names


def _address(place: Place) -> str:
    return f"https://ror.org/{place.ror}"
