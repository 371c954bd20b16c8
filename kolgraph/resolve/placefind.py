"""An affiliation taken apart, and the institutions that its parts may mean, each with the facts that speak for it.

What the facts are worth together is not decided here: see places.
"""

import math
import re
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field

from kolgraph.geo import country_code
from kolgraph.model import Institution
from kolgraph.resolve.country import country_of
from kolgraph.resolve.placenames import PLAIN, WITHOUT_CITY, Gazetteer, Point, market
from kolgraph.resolve.placewords import HOSPITAL, INNER, ORGANISATION, Words, key_of, words_in

FOOTNOTE = re.compile(r"^\s*(?:\(?[\d*†‡§¶#]{1,3}\)?[.)]?|[a-z](?=[A-Z]))\s*(?=\D)")
_SEGMENT = re.compile(r";| and (?=Department)|(?<=[a-z])\d(?=[A-Z])")
_FULL_STOP = re.compile(r"(\w*)\.\s+(?=\d?[A-Z][a-z]+ (?:of|for) )")
_ABBREVIATED = words_in(
    "Univ Calif Dept Inst Hosp Natl Coll Acad Med Sch Sci Fac Div Lab Mass Penn Conn Ctr Dr St Prof Surg"
)
_AFTER_COUNTRY = re.compile(r"(?<=[\w.)]) and (?=[A-Z])")
_PART = re.compile(r"[,;|/()\[\]—]|\s[-–]\s|(?<=[a-z]{4})\.\s")
_AND = re.compile(r" (?:and|und|et|y|e|en|og|och|i) | ?[&+] ?|(?<=\w)[-–](?=[A-Z])")
_CAPITALS = re.compile(r"\b(?:[A-Z]\. ?){2,}|\b[A-Z][A-Za-z&-]*[A-Z][A-Za-z]*\b")
_DIGIT = re.compile(r"\d")
_KINDS = ("education", "healthcare", "facility", "government", "company", "nonprofit")
_HOW = ("plain", "without city", "any order")
_NEAREST_FIRST = ("city", "near", "city in name", "region")
_ALIKE, _AHEAD = 0.7, 0.05  # how much of the weight of the words is shared, and more than with anybody else
_DEGREE, _SUBURB = 111.0, 30.0  # km


@dataclass(slots=True)
class Candidate:
    """An institution (its number in the gazetteer) that a part of an address may mean."""

    number: int
    facts: set[str]
    part: int = 0


@dataclass(slots=True)
class Address:
    """One address of an affiliation: its parts as written and as words, and where it says that it is."""

    country: str
    domains: Set[str]
    texts: list[str]
    parts: list[Words] = field(default_factory=list)
    bare: list[str] = field(default_factory=list)  # the parts without postcodes
    around: str = ""  # all words, between spaces
    towns: dict[str, Point] = field(default_factory=dict)  # parts that are a city of the country and nothing else


def segments(text: str) -> Iterator[str]:
    """The addresses of a text, footnote marks off: cut at semicolons, and at an `and` that follows a country."""
    for rough in _SEGMENT.split(_FULL_STOP.sub(_full_stop, text)):
        start = 0
        for found in _AFTER_COUNTRY.finditer(rough):
            if country_code(rough[start : found.start()].rpartition(",")[2].strip(" .")):
                yield FOOTNOTE.sub("", rough[start : found.start()])
                start = found.end()
        yield FOOTNOTE.sub("", rough[start:])


def _full_stop(found: re.Match[str]) -> str:
    return found[0] if found[1] in _ABBREVIATED else f"{found[1]};"


def candidates(names: Gazetteer, segment: str, whole_country: str, domains: Set[str]) -> list[Candidate]:
    """The institutions that the parts of one address may mean, in the order of the text, each once."""
    here = _address(names, segment, whole_country, domains)
    found: dict[int, Candidate] = {}
    for at, part in enumerate(here.parts):
        for one in _named(names, here, at) if part else ():
            if one.number not in found or len(one.facts) > len(found[one.number].facts):
                found[one.number] = one
    for at, text in enumerate(here.texts):
        for one in _acronyms(names, here, text):
            one.part = at
            if one.number in found:
                found[one.number].facts.add("acronym too")
            else:
                found[one.number] = one
    return _together(names, sorted(found.values(), key=lambda one: one.part), here.country)


def _address(names: Gazetteer, segment: str, whole_country: str, domains: Set[str]) -> Address:
    here = Address(country_of(segment) or whole_country, domains, [t for t in _PART.split(segment) if t.strip()])
    here.parts = [key_of(text) for text in here.texts]
    here.bare = [" ".join([word for word in part if not _DIGIT.search(word)]) for part in here.parts]
    here.around = " " + " ".join([" ".join(part) for part in here.parts]) + " "
    if here.country:
        cities = names.cities.get(here.country, {})
        here.towns = {text: cities[text] for text in here.bare if text in cities}
    return here


def _named(names: Gazetteer, here: Address, at: int) -> Iterator[Candidate]:
    """What a part names: its longest runs of words first, no word twice; else the institution that is nearly it."""
    part = here.parts[at]
    taken: set[int] = set()
    runs = names.runs(part)
    if not runs and (not here.country or len(part) < 2 or ORGANISATION.isdisjoint(part)):
        return
    for start, end, how, _ in runs:
        if not taken.isdisjoint(range(start, end)):
            continue
        before, after = _beside(here.texts[at], part, start, end)
        if "hospital" in (before, after):  # a hospital is not the university that it belongs to
            continue
        key = " ".join(part[start:end])
        options = [(other[2], other[3], False) for other in runs if other[:2] == (start, end)]
        if how == PLAIN and end == len(part) and end - start > 1:
            tails = [text for text in here.bare[at + 1 :] if text and text.count(" ") < 3]
            options[:0] = [(PLAIN, more, True) for tail in tails if (more := names.named(f"{key} {tail}"))]
        chosen = [(one, kind, tail) for kind, some, tail in options if (one := _choose(names, here, some, kind, key))]
        if chosen:  # a name that the next parts go on, then one whose city is there, then the plainest
            one, kind, tail = max(chosen, key=lambda option: (option[2], "city" in option[0].facts, -option[1]))
            one.part = at
            one.facts |= {_HOW[kind], f"{before} before", f"{after} after", _rarity(names.rarest(part[start:end]))}
            one.facts |= {"tail"} if tail else set()
            one.facts |= {"official"} if key == names.official[one.number] else set()
            one.facts |= {"whole"} if end - start == len(part) else set()
            one.facts |= {"no organisation"} if ORGANISATION.isdisjoint(part[start:end]) else set()
            taken.update(range(start, end))
            yield one
    if not taken and here.country and len(part) > 1 and not ORGANISATION.isdisjoint(part):
        yield from _similar(names, here, at)


def _beside(text: str, part: Words, start: int, end: int) -> tuple[str, str]:
    """What stands before and after a run of words in its part."""
    if start == 0 and end == len(part):
        return "nothing", "nothing"
    ends, total = set(), 0  # at which words something new may begin
    for piece in _AND.split(text):
        total += len(key_of(piece))
        ends.add(total)
    before = after = "other"
    if start == 0 or start in ends:
        before = "and" if start else "nothing"
    elif not HOSPITAL.isdisjoint(part[:start]):
        before = "hospital"
    elif not INNER.isdisjoint(part[:start]):
        before = "inner"
    if end == len(part) or end in ends:
        after = "nothing" if end == len(part) else "and"
    elif not HOSPITAL.isdisjoint(part[end:]):
        after = "hospital"
    elif part[end] in INNER:
        after = "inner"
    elif _DIGIT.search(part[end]):
        after = "place"
    return before, after


def _rarity(count: int) -> str:
    return "rare" if count <= 10 else "uncommon" if count <= 100 else "common" if count <= 300 else "everyday"


def _choose(names: Gazetteer, here: Address, numbers: Sequence[int], how: int, key: str) -> Candidate | None:
    """The one institution that a name can mean here, None when that stays open; never one of another country."""
    there = market(here.country)
    known = [n for n in numbers if names.market[n] == there] if there else list(numbers)
    if not known:
        return None
    told = {n: _city(names, here, n, key) for n in known}
    some = next((near for level in _NEAREST_FIRST if (near := [n for n in known if told[n] == level])), known)
    if how == WITHOUT_CITY:
        some = [n for n in known if told[n] == "city"]
    mailed = [n for n in known if here.domains & set(names.institutions[n].domains)] if here.domains else []
    if len(some) > 1:
        ids = {names.institutions[n].id for n in some}
        for fewer in (
            mailed,
            [n for n in some if names.institutions[n].status == "active"],
            [n for n in some if names.official[n] == key],
            [n for n in some if "system" not in names.official[n].split()],
            [n for n in some if ids.isdisjoint(names.institutions[n].parents)],
        ):
            some = [n for n in some if n in fewer] or some
    if len(some) != 1:
        return None
    facts = {told[some[0]], "country" if here.country else "no country"}
    facts |= {"mail"} if some[0] in mailed else set()
    facts |= {"namesakes"} if len(known) > 1 else set()
    return Candidate(some[0], facts)


def _city(names: Gazetteer, here: Address, number: int, key: str) -> str:
    """Whether the address is where the institution is: in its city, near it, only by the name itself, elsewhere."""
    city, region = names.city[number], names.region[number]
    rest = here.around.replace(f" {key} ", "  ", 1) if key else here.around
    if city and (f" {city} " in rest or (" " in city and _long(first := city.split()[0]) and f" {first} " in rest)):
        return "city"
    if _near(names.institutions[number], here.towns.values()):
        return "near"
    if city and f" {city} " in f" {key} ":
        return "city in name, town" if here.towns else "city in name"
    if region and f" {region} " in here.around:
        return "region, town" if here.towns else "region"
    return "elsewhere" if here.towns else "no city"


def _near(one: Institution, points: Iterable[Point]) -> bool:
    """Whether one of the points is so near that it may be a suburb."""
    if one.lat is None or one.lon is None:
        return False
    wide = math.cos(math.radians(one.lat))
    return any(
        lat is not None and lon is not None and math.hypot(lat - one.lat, (lon - one.lon) * wide) * _DEGREE < _SUBURB
        for lat, lon in points
    )


def _long(word: str) -> bool:
    return len(word) > 5


def _similar(names: Gazetteer, here: Address, at: int) -> Iterator[Candidate]:
    part = here.parts[at]
    best = sorted(names.alike(part, here.country), reverse=True)[:2]
    if best and best[0][0] >= _ALIKE and (len(best) == 1 or best[1][0] <= best[0][0] - _AHEAD):
        number = -best[0][1]
        facts = {"alike", "country", _city(names, here, number, "")}
        facts.add("very" if best[0][0] >= 0.9 else "quite" if best[0][0] >= 0.8 else "hardly")
        yield Candidate(number, facts | {"inner"} if part[0] in INNER else facts, at)


def _acronyms(names: Gazetteer, here: Address, text: str) -> Iterator[Candidate]:
    """Institutions of the country whose acronym stands in a part: one alone, or one alone in this city."""
    if not here.country or (text.isupper() and max(map(len, text.split())) > 7):  # all of it is in capitals
        return
    for found in _CAPITALS.findall(text):
        short = found.replace(".", "").replace(" ", "").upper()
        whole = len(found.strip()) == len(text.strip())
        known = [
            n for n in names.acronym(short) if names.market[n] == market(here.country) and (whole or len(short) > 2)
        ]
        told = {n: _city(names, here, n, "") for n in known}
        some = [n for n in known if told[n] == "city"] or known
        if len(some) == 1:
            facts = {"acronym", "country", told[some[0]], f"{min(len(short), 5)} letters"}
            facts |= {"namesakes"} if len(known) > 1 else set()
            facts |= {"whole"} if whole else set()
            facts |= {"beside an organisation"} if not ORGANISATION.isdisjoint(key_of(text)) else set()
            yield Candidate(some[0], facts)


def _together(names: Gazetteer, found: list[Candidate], country: str) -> list[Candidate]:
    """The same candidates, with what they say about each other."""
    institutions = [names.institutions[one.number] for one in found]
    kinds = [_kind(one) for one in institutions]
    ids = {one.id for one in institutions}
    for at, (one, institution, kind) in enumerate(zip(found, institutions, kinds, strict=True)):
        one.facts |= {kind, f"{min(len(found), 4)} found", "first" if at == 0 else "later"}
        if "acronym" in one.facts:
            one.facts |= {f"acronym, {kind}"}
            one.facts |= {"acronym alone in its city"} if "city" in one.facts and len(found) == 1 else set()
        elif {"official", "city"} <= one.facts:
            one.facts.add(f"{kind} under its own name in its city")
        one.facts |= {f"{kind} beside {other}" for other in kinds[:at] + kinds[at + 1 :]}
        one.facts |= {"closed"} if institution.status != "active" else set()
        if not ids.isdisjoint(institution.parents):
            one.facts |= {"part of another", f"{kind}, part of another"}
        if any(institution.id in other.parents for other in institutions):
            one.facts |= {"parent of another", f"{kind}, parent of another"}
        if country == "FR":  # whose laboratories belong to several institutions at once
            one.facts.add(f"French {kind}")
    return found


def _kind(one: Institution) -> str:
    return next((kind for kind in _KINDS if kind in one.kinds), "other")
