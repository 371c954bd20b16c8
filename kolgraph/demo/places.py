"""Invented institutions in real cities: universities with their hospitals and institutes, and how papers write them."""

from dataclasses import dataclass
from math import isqrt

import numpy as np
from anyascii import anyascii

from kolgraph.demo.draws import Draws, cumulate, within
from kolgraph.demo.pools import City, cities, countries, document

CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"
GENERIC = frozenset(document("field")["generic"])  # words that say little about an institution
MERGED_IN = 2019  # from this year on papers write the successor of a merged institution


@dataclass(slots=True)
class Place:
    """An organisation as the register will list it; `parent` and `successor` are places by index, -1 for none."""

    ror: str
    name: str
    kind: str  # education, healthcare, facility, company
    city: City
    zip: str
    parent: int = -1
    successor: int = -1
    status: str = "active"
    established: int = 1900


@dataclass(slots=True)
class Campus:
    """Where labs live: a university with hospitals and institutes, or a hospital of its own."""

    city: City
    university: int  # -1: a hospital without university
    hosts: list[int]


@dataclass(slots=True)
class Places:
    """All institutions of the world; `merged` maps an institution to its predecessor's index."""

    places: list[Place]
    campuses: list[Campus]
    companies: list[int]
    merged: dict[int, int]


def ror_id(number: int) -> str:
    """A well-formed ROR id: 0, six base32 characters, two check digits (ISO 7064 mod 97-10)."""
    letters, rest = "", number
    for _ in range(6):
        letters, rest = CROCKFORD[rest % 32] + letters, rest // 32
    return f"0{letters}{98 - (number * 100) % 97:02d}"


def build_places(draws: Draws, people: int) -> Places:
    """About 250 institutions for 3,000 people, growing with the square root of the field."""
    target = max(24, 250 * isqrt(people * 1_000_000 // 3000) // 1000)
    world = Places([], [], [], {})
    _campuses(world, draws, target)
    _companies(world, draws)
    _merge(world, draws)
    numbers = draws.below(32**6, len(world.places) * 2).tolist()
    unique = list(dict.fromkeys(numbers))
    for place, number in zip(world.places, unique, strict=False):
        place.ror = ror_id(number)
    return world


def _campuses(world: Places, draws: Draws, target: int) -> None:
    by_country: dict[str, list[City]] = {}
    for city in cities():
        by_country.setdefault(city.country, []).append(city)
    homes = list(by_country)
    weight = cumulate(np.array([by_country[home][0].share for home in homes], dtype=np.float64))
    even = max(12, target * 2 // 5)  # about as many campuses as there will be, spread over countries without luck
    shares = within((np.arange(even) + 0.5) / even, weight, 0, len(homes))[draws.sample(even, even)].tolist()
    shares += draws.pick(np.diff(weight), target).tolist()
    towns = draws.unit(target).tolist()
    forms = draws.below(1 << 30, target * 4).reshape(target, 4).tolist()
    taken: dict[str, int] = {}
    for i in range(target):
        if len(world.places) >= target - len(document("field")["companies"]):
            break
        own = by_country[homes[shares[i]]]
        city = own[int(towns[i] * towns[i] * len(own))]
        _campus(world, city, forms[i], taken)


def _campus(world: Places, city: City, form: list[int], taken: dict[str, int]) -> None:
    pool = document("institutions")[city.country]
    alone = form[0] % 100 < 14
    word = "s" if alone else "e"
    count = taken[city.country + word] = taken.get(city.country + word, -1) + 1
    names = pool[word]
    eponym = names[count % len(names)].format(c=city.city)
    suffix = f" {city.city}" if count >= len(names) else ""
    if count >= len(names) and any(p.name.endswith(suffix) and eponym in p.name for p in world.places):
        suffix += f" {('North', 'South', 'East', 'West')[form[1] % 4]} {count}"
    code = _zip(pool["zip"], form[2])

    def add(kind: str, template: str, parent: int) -> int:
        university = world.places[parent].name if parent >= 0 else eponym
        name = template.format(e=eponym, s=eponym, c=city.city, u=university)
        name += "" if parent >= 0 and university in name else suffix
        year = 1850 + form[3] % 150 if kind != "facility" else 1960 + form[3] % 50
        world.places.append(Place("", name, kind, city, code, parent, established=year))
        return len(world.places) - 1

    def pick(key: str, at: int) -> str:
        options: list[str] = pool[key]
        return options[form[at] // 7 % len(options)]

    if alone:
        world.campuses.append(Campus(city, -1, [add("healthcare", pick("standalone", 1), -1)]))
        return
    university = add("education", pick("university", 1), -1)
    hosts = [add("healthcare", pick("hospital", 2), university)]
    if form[0] % 100 >= 62:
        institute = pick("institute", 3)
        hosts.append(add("healthcare" if "Hospital" in institute else "facility", institute, university))
    world.campuses.append(Campus(city, university, hosts))


def _companies(world: Places, draws: Draws) -> None:
    seats = [city for city in cities() if city.country in ("US", "GB", "CH", "JP", "KR", "DE", "DK", "CA")]
    for name, seat in zip(document("field")["companies"], draws.below(len(seats), 99).tolist(), strict=False):
        world.companies.append(len(world.places))
        world.places.append(Place("", name, "company", seats[seat], "", established=1985 + seat % 30))


def _merge(world: Places, draws: Draws) -> None:
    """Two mergers: an older name that papers stop using in MERGED_IN and the register lists as inactive."""
    whole = [c for c in world.campuses if c.university >= 0]
    for at in draws.sample(len(whole), min(2, len(whole))).tolist():
        heir = whole[at].hosts[0]
        place = world.places[heir]
        old = f"St. Gereon Hospital {place.city.city}" if at % 2 else f"{place.city.city} Municipal Hospital North"
        world.merged[heir] = len(world.places)
        world.places.append(Place("", old, "healthcare", place.city, place.zip, -1, heir, "inactive", 1911))


def affiliations(world: Places, campus: Campus, host: int, department: str, u: float) -> list[tuple[str, list[int]]]:
    """The ways in which members of one lab write where they work, each with the institutions that it names."""
    city, place = campus.city, world.places[host]
    written = countries()[city.country][0]
    country = written[int(u * u * len(written))]
    regional = city.country in ("US", "CA", "AU", "CN") and city.region not in ("", city.city)
    town = f"{city.city}, {city.region}" if regional else city.city
    ahead = city.country not in ("US", "CA", "GB", "CN", "JP", "IN", "AU")  # of the town stands the postcode
    coded = f"{place.zip} {city.city}" if ahead else f"{town} {place.zip}"
    found = [(f"{department}, {place.name}, {coded}, {country}.", [host])]
    if campus.university >= 0:
        university = world.places[campus.university].name
        if university not in place.name:
            found.append((f"{department}, {place.name}, {university}, {town}, {country}.", [host, campus.university]))
        found.append((f"{department}, {university}, {coded}, {country}.", [campus.university]))
        found.append((f"{place.name}, {town}, {country}.", [host]))
    else:
        found.append((f"{place.name}, {department}, {town}, {country}", [host]))
    return [(f"{text.rstrip('.')}.", named) for text, named in found]


def domain(place: Place) -> str:
    """The internet domain of an institution: its most telling word, in a zone that nobody can register."""
    words = (anyascii(word).lower() for word in place.name.replace("-", " ").replace("'", "").split())
    plain = ["".join(letter for letter in word if letter.isalpha()) for word in words]
    return f"{max((word for word in plain if word not in GENERIC), key=len, default=plain[0])}.example"


def _zip(pattern: str, number: int) -> str:
    def letter(k: int) -> str:
        return "ABCDEHJKLMNPRSTVWXY"[number // 3**k % 19]

    if pattern == "gb":
        return f"{letter(1)}{1 + number % 19} {1 + number // 5 % 9}{letter(3)}{letter(5)}"
    if pattern == "ca":
        return f"{letter(1)}{number % 9}{letter(2)} {number // 9 % 9}{letter(4)}{number // 81 % 9}"
    if pattern == "nl":
        return f"{1000 + number % 8999} {letter(2)}{letter(4)}"
    if pattern in ("jp", "pl"):
        digits = str(number % 9_000_000 + 1_000_000)
        return f"{digits[:3]}-{digits[3:]}" if pattern == "jp" else f"{digits[:2]}-{digits[2:5]}"
    size = int(pattern)
    return str(10 ** (size - 1) + number % (9 * 10 ** (size - 1)))
