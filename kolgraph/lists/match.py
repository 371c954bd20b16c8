"""Who of the people of a landscape a row of a list can be: the first few, how sure, and what speaks for and against.

Every candidate's odds are weighed against each other and against somebody who is not here at all: a name tells as much
as it is rare among the people of the landscape, a place as much as few were there. So a common name stays open, and
two who fit alike share what there is. An identifier decides; a name with a state or a country alone never does. The
constants are set, and the percentages measured, on synthetic worlds whose truth is known: see bench/listcheck.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import exp, log

from kolgraph.geo import country_name
from kolgraph.lists.people import Known, People, Place, Spelling, Stay, one_letter, readings_of, words
from kolgraph.model import Affiliation, Mention
from kolgraph.names import (
    EQUAL,
    FORENAME_CONFLICT,
    INEXACT,
    INITIALS,
    MIDDLE_CONFLICT,
    SAME_MIDDLE,
    Name,
    fold,
    relate_fore,
    relate_last,
    swapped,
)

TOP = 5  # candidates of a row
ITSELF, AROUND = 2, 1
SURE, CERTAIN = 0.95, 0.999  # from here on a row is matched; what an identifier says
PRESENT = 2.0  # odds that somebody on a list is among the people of the landscape
WIDER = 3.0  # how many others there are outside for each of the landscape who could be on the list
MANY = 10  # people of one surname, from which on it is said
FITS = 0.7  # share of what a name of an institution tells that has to be in the other
_WRITTEN = {"full": 0.6, "exact middle": 0.6, "inexact": 0.05, "initials": 0.2, "conflict": 0.002, "slip": 0.01}
_CALIBRATION = (  # chance as computed -> as it was so, over five lists against a synthetic world
    (0.0, 0.0), (0.05, 0.08), (0.1, 0.2), (0.2, 0.36), (0.3, 0.55), (0.5, 0.75), (0.7, 0.88), (0.8, 0.93), (0.9, 0.95),
    (0.97, 0.965), (0.99, 0.985), (0.999, 0.995), (1.0, 1.0),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sign:
    """A reason in words; `favour` is how much it speaks for (above 0) or against, in log-odds."""

    text: str
    favour: float


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who can be meant. `settles`: more than a name with a country speaks for it."""

    person: int
    chance: float
    signs: tuple[Sign, ...]
    settles: bool
    sure: bool = False  # an identifier says so


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a list as it is looked up: `line` in its file, what it says of a person."""

    line: int
    mention: Mention
    specialty: str = ""

    @property
    def where(self) -> Affiliation:
        return self.mention.affiliations[0] if self.mention.affiliations else Affiliation("")

    @property
    def institution(self) -> str:
        return self.where.text

    @property
    def city(self) -> str:
        return self.where.city

    @property
    def region(self) -> str:
        return self.where.region

    @property
    def country(self) -> str:
        return self.where.country

    @property
    def numbers(self) -> tuple[str, ...]:
        """Identifiers as `orcid:` and `npi:`."""
        own = (f"orcid:{self.mention.orcid}",) if self.mention.orcid else ()
        return (*own, *self.mention.identifiers)


class Matcher:
    """Looks rows up among people; it remembers which institution a text means."""

    def __init__(self, people: People):
        self.people = people
        self._fits: dict[tuple[str, str], int] = {}
        self._unknown = max(people.rarity.values(), default=1.0)  # how much a word tells that no institution has

    def candidates(self, row: Row) -> list[Candidate]:
        """Who can be meant, the likeliest first, at most TOP."""
        found = {person: [sign] for person, sign in _named(self.people, readings_of(row.mention)).items()}
        named = set(found)
        held = {person: number for number in row.numbers if (person := self.people.numbers.get(number)) is not None}
        for person, number in held.items():
            kind = "ORCID" if number.startswith("orcid:") else "NPI"
            if person in found:
                found[person].append(Sign(f"the same {kind}", log(CERTAIN / (1 - CERTAIN))))
            else:
                found[person] = [Sign(f"the same {kind}, on another name", 0.5)]
        odds = {person: self._weighed(row, person, signs, person in held) for person, signs in found.items()}
        total = 1.0 + sum(exp(value) for value, *_ in odds.values())
        ranked = sorted(odds, key=lambda person: (-odds[person][0], self.people.people[person].id))[:TOP]
        return [self._candidate(person, odds[person], total, person in held, person in named) for person in ranked]

    def _candidate(
        self, person: int, weighed: tuple[float, tuple[Sign, ...], bool], total: float, held: bool, named: bool
    ) -> Candidate:
        value, signs, settles = weighed
        sure = held and named  # a number on another name settles nothing
        return Candidate(person, calibrated(exp(value) / total), signs, sure or (settles and named), sure)

    def _weighed(
        self, row: Row, person: int, signs: Sequence[Sign], held: bool
    ) -> tuple[float, tuple[Sign, ...], bool]:
        one = self.people.people[person]
        more, settles = self._place(row, one)
        signs = [*signs, *more, *self._field(row, one)]
        for number in () if held else row.numbers:
            kind = number.partition(":")[0]
            if other := next((own for own in one.numbers if own.startswith(f"{kind}:")), ""):
                signs.append(Sign(f"another {kind.upper()}: {other.partition(':')[2]}", -7.0))
        value = log(PRESENT) + sum(sign.favour for sign in signs)
        return max(-30.0, min(30.0, value)), tuple(signs), settles

    def _place(self, row: Row, one: Known) -> tuple[list[Sign], bool]:
        """What institution, city, region and country say, each only where the one before says nothing."""
        people = self.people
        against: list[Sign] = []
        if row.institution:
            stay = self.stay(row.institution, one)
            if stay is not None:
                share = people.share(people.at[stay.place])
                when = "" if stay.current else f" until {stay.last}" if stay.last else ", formerly"
                name = people.places[stay.place].name
                said = f"{'works at' if stay.current else 'was at'} {name}{when}"
                likely = 0.7 if stay.current else 0.15
                itself = self.names(row.institution, stay.place) == ITSELF
                return [Sign(said, min(5.5, log(likely / share)) - (0.0 if itself else 1.5))], True
            if one.stays:
                against.append(Sign("no record at this institution", -1.0))
        if row.city and (cities := people.cities_of(one)):
            if fold(row.city) in cities:
                share = people.share(people.cities[fold(row.city)])
                return [*against, Sign(f"records from {row.city}", min(4.0, log(0.6 / share)))], True
            against.append(Sign(f"no record from {row.city}", -1.2))
        region = fold(row.region)
        if region and region == fold(one.region):
            return [*against, Sign(f"works in {row.region}", 1.5)], False
        if row.country and (countries := people.countries_of(one)):
            land = country_name(row.country)
            if row.country in countries:
                share = people.share(people.countries[row.country])
                return [*against, Sign(f"records from {land}", max(0.1, min(2.5, log(0.9 / share))))], False
            against.append(Sign(f"no record from {land}", -2.5))
        return against, False

    def stay(self, text: str, one: Known) -> Stay | None:
        """The stay of a person at the institution that a text names; at one around it where there is no such."""
        for wanted in (ITSELF, AROUND):
            for stay in one.stays:
                if self.names(text, stay.place) == wanted:
                    return stay
        return None

    def names(self, text: str, place: str) -> int:
        """Whether a text names an institution (ITSELF), one that it is part of or a part of it (AROUND), or neither."""
        key = text, place
        if key not in self._fits:
            self._fits[key] = self._names(words(text), self.people.places.get(place))
        return self._fits[key]

    def _names(self, said: frozenset[str], place: Place | None) -> int:
        if place is None:
            return 0
        if self._covers(said, place.words):
            return ITSELF
        near = (self.people.places[id] for id in place.around if id in self.people.places)
        return AROUND if any(self._covers(said, one.words) for one in near) else 0

    def _covers(self, said: frozenset[str], known: frozenset[str]) -> bool:
        rare = self.people.rarity
        shared = sum(rare.get(word, 0.0) for word in said & known)
        most = min(sum(rare.get(word, self._unknown) for word in said), sum(rare.get(word, 0.0) for word in known))
        return bool(most) and shared >= FITS * most and shared >= 1.5

    def _field(self, row: Row, one: Known) -> list[Sign]:
        shared = sorted(words(row.specialty) & one.fields) if row.specialty else []
        return [Sign(f"works on {', '.join(shared)}", 0.7)] if shared else []


def _named(people: People, names: Sequence[Name]) -> dict[int, Sign]:
    """Who can have the row's name, with what the name alone says; slips of the surname only where nobody else fits.

    Whose forename is known and another one is not meant by the initials that some of their records give.
    """
    best: dict[int, Sign] = {}
    full, other = set[int](), set[int]()
    for spelling in people.alike(names):
        signs = [sign for name in names if (sign := _related(people, name, spelling))]
        if signs:
            sign = max(signs, key=lambda one: one.favour)
            if spelling.person not in best or sign.favour > best[spelling.person].favour:
                best[spelling.person] = sign
        if spelling.name.full and names and names[0].full:
            (full if signs else other).add(spelling.person)
    for person in other - full:
        best.pop(person, None)
    if any(sign.favour > log(_WRITTEN["conflict"]) for sign in best.values()):
        return best
    for name in names[:1]:
        for spelling in people.slipped(name):
            code, middle = _fore(name, spelling.name)
            if code > 0:
                best.setdefault(spelling.person, _sign(people, name, spelling, "slip", middle))
    return best


def _related(people: People, name: Name, spelling: Spelling) -> Sign | None:
    other = spelling.name
    if swapped(name, other):
        return _sign(people, name, spelling, "inexact", said="the two names in the other order")
    code, middle = _fore(name, other)  # before the surnames, for most who share one differ in it
    if code == FORENAME_CONFLICT:
        if not (name.full and other.full and one_letter("".join(name.fore), "".join(other.fore))):
            return None
        kind = "slip"
    else:
        kind = {EQUAL: "full", INEXACT: "inexact", INITIALS: "initials", MIDDLE_CONFLICT: "conflict"}[code]
    if not relate_last(name, other) or (name.suffix and other.suffix and name.suffix != other.suffix):
        return None
    return _sign(people, name, spelling, kind, middle)


def _fore(name: Name, other: Name) -> tuple[int, int]:
    return relate_fore(name.fore, other.fore, name.full, other.full, name.strict or other.strict)


def _sign(people: People, name: Name, spelling: Spelling, kind: str, middle: int = 0, said: str = "") -> Sign:
    """What a name says: how often the same person is written so, against how many others are called so."""
    other = spelling.name
    both = name if not name.full else other if not other.full else name
    others = people.namesakes(both) * WIDER
    if middle == SAME_MIDDLE:
        others *= 0.15
    partial = not set(name.surnames()) & set(other.surnames()) and kind != "slip" and not said
    favour = log(_WRITTEN[kind] / others) - (1.5 if partial else 0.0)
    if not said:
        said = {
            "full": "the same name",
            "inexact": "nearly the same name",
            "initials": "the initials fit",
            "conflict": "another middle name",
            "slip": "one letter apart",
        }[kind]
        said = f"{said}, part of the surname" if partial else said
    bearers = people.bearers(other)
    many = f" ({bearers} people here have this surname)" if bearers >= MANY else ""
    return Sign(f"{said}: {spelling.text}{many}", favour)


def calibrated(chance: float) -> float:
    """The share of such chances that were right in worlds whose truth is known."""
    for (low, at_low), (high, at_high) in pairwise(_CALIBRATION):
        if chance <= high:
            return at_low + (at_high - at_low) * (chance - low) / (high - low)
    return chance
