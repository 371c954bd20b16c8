"""The people whom a landscape knows, in a form in which a row of a list is looked up among all of them at once."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log

from rapidfuzz.distance import OSA

from kolgraph.model import Mention
from kolgraph.names import PARTICLES, Name, fold, parse

SMALL = 200  # spellings under one surname up to which all are looked at, whatever their initials
SHORTEST = 4  # letters of a surname in which a slip of the pen is looked for
_SPELT = {
    "univ": "university", "universitat": "university", "universite": "university", "universidad": "university",
    "universita": "university", "hosp": "hospital", "klinikum": "hospital", "hopital": "hospital", "ctr": "center",
    "centre": "center", "med": "medical", "inst": "institute", "institut": "institute", "natl": "national",
    "intl": "international", "st": "saint",
}  # fmt: skip
_SAYS_NOTHING = {
    "of", "the", "and", "for", "at", "in", "de", "la", "du", "des", "der", "die", "das", "und", "et", "di", "del",
    "della", "dept", "department", "division", "unit", "section", "service", "abteilung", "clinic", "school", "faculty",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """An institution; `around` are those that it is part of, at any height, and its own parts."""

    id: str
    name: str
    words: frozenset[str]  # of all its names, see `words`
    city: str = ""
    country: str = ""
    around: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Stay:
    """A person at an institution, from the first to the last year of a record that says so."""

    place: str
    first: int | None = None
    last: int | None = None
    current: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """A person of the landscape. `mention` is the key by which a judgement names them; `numbers` are orcid:, npi:."""

    id: str
    name: str
    forms: tuple[str, ...]  # every spelling on their records
    mention: str
    numbers: tuple[str, ...] = ()
    country: str = ""
    region: str = ""
    city: str = ""
    last: int | None = None
    papers: int = 0
    trials: int = 0
    stays: tuple[Stay, ...] = ()  # the main current one first
    topics: tuple[str, ...] = ()
    fields: frozenset[str] = frozenset()  # words of those topics


@dataclass(frozen=True, slots=True)
class Spelling:
    """One reading of one spelling of a person: a compound surname may begin earlier than the last word."""

    person: int
    name: Name
    text: str


class People:
    """Everybody, with the shares that say how much a name or a place tells."""

    def __init__(self, people: Iterable[Known], places: Mapping[str, Place]):
        self.people, self.places = list(people), places
        self.numbers: dict[str, int] = {}
        self._by_surname: dict[str, list[int]] = defaultdict(list)
        self._by_initial: dict[tuple[str, str], list[int]] = defaultdict(list)
        self._slips: dict[str, set[str]] | None = None
        self.spellings: list[Spelling] = []
        surnames, fores, self._initials = Counter[str](), Counter[str](), Counter[str]()
        self.at, self.cities, self.countries = Counter[str](), Counter[str](), Counter[str]()
        for number, one in enumerate(self.people):
            self.numbers.update(dict.fromkeys(one.numbers, number))
            own, given = set[str](), set[str]()
            for form in one.forms:
                for name in readings(form):
                    own.update(self._enter(Spelling(number, name, form)))
                    given.add(name.fore[0] if name.fore else "")
            surnames.update(own)
            fores.update(given)
            self._initials.update({word[:1] for word in given})
            self.at.update({stay.place for stay in one.stays})
            self.cities.update(self.cities_of(one))
            self.countries.update(self.countries_of(one))
        self._surnames, self._fores = surnames, fores
        self.rarity = _rarity(places.values())

    def _enter(self, one: Spelling) -> set[str]:
        keys = surname_keys(one.name)
        for key in keys:
            self._by_surname[key].append(len(self.spellings))
            self._by_initial[key, one.name.initial].append(len(self.spellings))
        self.spellings.append(one)
        return keys

    def alike(self, names: Sequence[Name]) -> Iterator[Spelling]:
        """Every spelling that shares a word of the surname with one of the readings, or has the two names swapped."""
        seen = set[int]()
        for name in names:
            keys = surname_keys(name)
            for key in (*keys, "".join(name.fore)):
                block = self._by_surname.get(key, [])
                if len(block) > SMALL:
                    initial = name.initial if key in keys else "".join(name.last)[:1]
                    block = self._by_initial.get((key, initial), []) + self._by_initial.get((key, ""), [])
                seen.update(block)
        yield from (self.spellings[i] for i in sorted(seen))

    def slipped(self, name: Name) -> Iterator[Spelling]:
        """Spellings whose surname is one letter away and whose forename begins alike."""
        if self._slips is None:
            self._slips = defaultdict(set)
            for key in self._by_surname:
                for shorter in _shorter(key):
                    self._slips[shorter].add(key)
        surname = "".join(name.last)
        found = {key for shorter in _shorter(surname) for key in self._slips.get(shorter, ())} - surname_keys(name)
        for key in sorted(found):
            if one_letter(surname, key):
                yield from (self.spellings[i] for i in self._by_initial.get((key, name.initial), ()))

    def namesakes(self, name: Name) -> float:
        """How many others of this surname and forename are to be expected among as many people as there are here."""
        everybody = len(self.people) + 1
        if name.full:
            share = (self._fores[name.fore[0]] + 1) / everybody
        else:
            share = (self._initials[name.initial] + 1) / everybody if name.fore else 1.0
        return (self.bearers(name) + 0.5) * min(1.0, share)

    def bearers(self, name: Name) -> int:
        """How many people here have this surname."""
        return max((self._surnames[key] for key in surname_keys(name)), default=0)

    def share(self, count: int) -> float:
        """The share of people of whom something is true that is true of `count`."""
        return (count + 0.5) / (len(self.people) + 1)

    def home(self, one: Known) -> Place | None:
        """Where a person is now."""
        return self.places.get(one.stays[0].place) if one.stays and one.stays[0].current else None

    def cities_of(self, one: Known) -> set[str]:
        """Every city where a person was, folded."""
        own = {fold(self.places[stay.place].city) for stay in one.stays if stay.place in self.places}
        return (own | {fold(one.city)}) - {""}

    def countries_of(self, one: Known) -> set[str]:
        """Every country where a person was."""
        own = {self.places[stay.place].country for stay in one.stays if stay.place in self.places}
        return (own | {one.country}) - {""}


def words(text: str) -> frozenset[str]:
    """The words of an institution's name that can tell it from another, abbreviations written out."""
    return frozenset(_SPELT.get(word, word) for word in fold(text).split()) - _SAYS_NOTHING


def readings(form: str) -> list[Name]:
    """How a spelled name can be read: as it stands, and with two words of surname where it has three or more."""
    return readings_of(Mention(0, name=form))


def readings_of(mention: Mention) -> list[Name]:
    """The same for a mention whose parts are given, or guessed from a whole name."""
    name = parse(mention)
    found = [name]
    if len(name.fore) > 1 and len(name.last) == 1 and name.full and len(name.fore[-1]) > 2:
        found.append(Name((name.fore[-1], *name.last), name.fore[:-1], name.suffix, len(name.fore[0]) > 1))
    return [one for one in found if one.last]


def surname_keys(name: Name) -> set[str]:
    """The words under which a surname is filed."""
    return {word for word in name.last if len(word) > 1 and word not in PARTICLES} | set(name.surnames())


def _shorter(word: str) -> set[str]:
    """The word, and the word without one of its letters."""
    return {word, *(word[:i] + word[i + 1 :] for i in range(len(word)))} if len(word) >= SHORTEST else set()


def one_letter(a: str, b: str) -> bool:
    """Whether two words differ by one letter: missing, other, or changed places with its neighbour."""
    return a[:1] == b[:1] and OSA.distance(a, b, score_cutoff=1) == 1


def _rarity(places: Iterable[Place]) -> dict[str, float]:
    """How much a word of an institution's name tells: nothing when all have it."""
    held = list(places)
    counts = Counter(word for one in held for word in one.words)
    return {word: log((len(held) + 1) / count) for word, count in counts.items()}
