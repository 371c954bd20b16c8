"""The word and place pools of the synthetic world, read from data/ once."""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

DATA = files("kolgraph.demo") / "data"


@dataclass(frozen=True, slots=True)
class City:
    """A real city: name, place and GeoNames id are facts (as the Research Organization Registry, CC0, gives them)."""

    country: str
    country_name: str
    share: int  # weight of the country in the field
    continent: str
    continent_name: str
    city: str
    region_code: str
    region: str
    lat: float
    lon: float
    geonames: int
    weight: int  # weight of the city in its country


def rows(name: str) -> list[list[str]]:
    """The lines of data/NAME.tsv without its head."""
    lines = (DATA / f"{name}.tsv").read_text("utf-8").splitlines()
    return [line.split("\t") for line in lines[1:]]


@cache
def document(name: str) -> Any:
    """data/NAME.json."""
    return json.loads((DATA / f"{name}.json").read_text("utf-8"))


@cache
def cities() -> tuple[City, ...]:
    """Every city, grouped by country."""
    return tuple(
        City(r[0], r[1], int(r[2]), r[3], r[4], r[5], r[6], r[7], float(r[8]), float(r[9]), int(r[10]), int(r[11]))
        for r in rows("cities")
    )


@cache
def names() -> dict[tuple[str, str], tuple[str, ...]]:
    """(culture, part) -> names by falling frequency; part is last, f, m or syllable."""
    return {(r[0], r[1]): tuple(name.replace("_", " ") for name in r[2].split()) for r in rows("names")}


@cache
def countries() -> dict[str, tuple[tuple[str, ...], tuple[tuple[str, int], ...]]]:
    """Country -> (its name as affiliations write it, cultures of its people with weights)."""
    found = {}
    for country, written, cultures in rows("countries"):
        mix = tuple((name, int(weight)) for name, weight in (pair.split(":") for pair in cultures.split()))
        found[country] = (tuple(written.split("|")), mix)
    return found
