"""The names of institutions, indexed: by identifier, by name, by words in any order, by acronym, by rare word.

A name that holds its own city or country is known without it as well: `Invented University Oslo` is the `Invented
University` of a text that names Oslo elsewhere.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from kolgraph.geo import country_name
from kolgraph.model import Institution
from kolgraph.resolve.placewords import ORGANISATION, Words, key_of, words_in

PLAIN, WITHOUT_CITY, ANY_ORDER = range(3)
Point = tuple[float | None, float | None]  # latitude, longitude
Run = tuple[int, int, int, tuple[int, ...]]  # start, end, how, numbers of the institutions

_LONGEST, _LONGEST_ANY_ORDER = 10, 5  # words that are looked up together
_COMMON = 300  # names that share a word before the word tells nothing by itself
_LATIN = re.compile("[a-zA-ZÀ-ɏ]")
_IN_PARENS = re.compile(r"\(([^()]*)\)")
_AFTER_DASH = re.compile(r"\s+[-–‒—]\s+.*$")
# capitals that say something else in most affiliations
_NO_ACRONYM = words_in("DC UMR UPR URA UMS BP ID AT II III USA UK US CA NY MA PO EU NW SW NE SE UNIV INST MD PHD")

_ONE_MARKET = {"HK": "CN", "MO": "CN", "TW": "CN", "PR": "US", "GU": "US", "GL": "DK", "FO": "DK"}
_ONE_MARKET |= dict.fromkeys(("GP", "MQ", "GF", "RE", "NC", "PF"), "FR")


class Gazetteer:
    """Institutions under all their names. `city` and `region` are keys of words, by number of the institution."""

    def __init__(self, institutions: Iterable[Institution]) -> None:
        self.institutions = sorted(institutions, key=lambda one: one.id)
        self._numbers = {one.id: number for number, one in enumerate(self.institutions)}
        self._identifiers = {_plain(name): one.id for one in self.institutions for name in one.identifiers}
        self.market = [market(one.country) for one in self.institutions]
        self.city = [" ".join(key_of(one.city)) for one in self.institutions]
        self.region = [" ".join(key_of(one.region)) for one in self.institutions]
        self.official = [" ".join(key_of(_IN_PARENS.sub(" ", one.name))) for one in self.institutions]
        self.cities: dict[str, dict[str, Point]] = defaultdict(
            dict
        )  # by country, with where one institution there lies
        self._named: dict[str, tuple[int, ...]] = {}
        self._without_city: dict[str, tuple[int, ...]] = {}
        self._any_order: dict[str, tuple[int, ...]] = {}
        self._acronyms: dict[str, tuple[int, ...]] = {}
        of_town: dict[str, set[int]] = defaultdict(set)
        for number, one in enumerate(self.institutions):
            if city := self.city[number]:
                self.cities[one.country].setdefault(city, (one.lat, one.lon))
            if one.status != "withdrawn" or one.successors:
                for town in self._enter(number, one):
                    of_town[town].add(number)
        for town, few in of_town.items():  # `Universität X` for the only university whose name has the town X in it
            if len(few) == 1 and town not in self._any_order:
                self._any_order[town] = tuple(few)
        # their names are in the indexes now
        self.institutions = [replace(one, aliases=(), acronyms=(), identifiers=()) for one in self.institutions]
        self._begins = {_begin(name) for index in (self._named, self._without_city) for name in index}
        self._words: Counter[str] = Counter()  # on how many names each stands
        for name, bearers in self._named.items():
            self._words.update(dict.fromkeys(name.split(), len(bearers)))
        self._total = max(1, sum(map(len, self._named.values())))
        self._by_word: dict[str, list[str]] | None = None  # names by the rarest of their words
        # the same departments and streets come again and again
        self.runs = lru_cache(1 << 15)(self._runs)
        self.alike = lru_cache(1 << 14)(self._alike)

    def _enter(self, number: int, one: Institution) -> Iterator[str]:
        """Index all names of an institution; yields `university <town>` when one of them says so much."""
        forms: set[Words] = set()
        stems: set[Words] = set()
        for name in (one.name, *one.aliases):
            if _LATIN.search(name):
                forms |= {key_of(name), key_of(_IN_PARENS.sub(" ", name))}
                stems.add(key_of(_AFTER_DASH.sub("", name)))
                for short in (name, *_IN_PARENS.findall(name)):
                    if short.isupper() and short.isalpha():
                        self._short(short, number)
        for short in one.acronyms:
            if any(map(str.isupper, short)):
                self._short(short.upper(), number)
        marks = {short.casefold() for short in one.acronyms}
        for form in sorted(forms - {()}):
            name = " ".join(form)
            if name in (self.city[number], self.region[number]):  # a town's own name is on everybody's address
                continue
            _add(self._named, name, number)
            for place in (self.city[number], " ".join(key_of(country_name(one.country)))):
                rest = f" {name} ".replace(f" {place} ", " ").strip()
                if place and rest != name and " " in rest:
                    stems.add(tuple(rest.split()))
            if form[-1] in marks and len(form) > 2:
                stems.add(form[:-1])
            if 1 < len(form) <= 7 and not ORGANISATION.isdisjoint(form):
                _add(self._any_order, _bag(form), number)
            town = self.city[number].split()
            if town and "education" in one.kinds and {"university", *town} <= set(form):
                yield _bag(("university", *town))
        for form in sorted(stems - forms):
            if len(form) > 1:
                _add(self._without_city, " ".join(form), number)

    def _short(self, short: str, number: int) -> None:
        if len(short) > 1 and short not in _NO_ACRONYM:
            _add(self._acronyms, short, number)

    def institution(self, ror: str) -> Institution | None:
        number = self._numbers.get(ror)
        return None if number is None else self.institutions[number]

    def by_identifier(self, identifier: str) -> str:
        """The ROR CURIE behind a ror, grid or isni CURIE, "" when unknown."""
        if identifier.startswith("ror:"):
            return identifier
        return self._identifiers.get(_plain(identifier), "")

    def standing(self, ror: str) -> str:
        """The institution itself, or its successor's successor when it was closed."""
        seen = set()
        while (one := self.institution(ror)) and one.successors and one.status != "active" and ror not in seen:
            seen.add(ror)
            ror = one.successors[0]
        return ror

    def above(self, ror: str) -> tuple[str, ...]:
        """What an institution is part of, nearest first: its parents, then theirs."""
        found: list[str] = []
        waiting = [ror]
        for one in waiting:
            known = self.institution(one)
            new = [parent for parent in (known.parents if known else ()) if parent not in (*found, ror)]
            found += dict.fromkeys(new)
            waiting += dict.fromkeys(new)
        return tuple(found)

    def _runs(self, part: Words) -> list[Run]:
        """The runs of words that are somebody's name, longest first, those in their own order before the others."""
        found: list[Run] = []
        size = len(part)
        for start in range(size):
            if " ".join(part[start : start + 2]) in self._begins:
                for end in range(min(size, start + _LONGEST), start, -1):
                    if end - start == 1 < size:
                        break  # one word says too little within others
                    name = " ".join(part[start:end])
                    if numbers := self._named.get(name):
                        found.append((start, end, PLAIN, numbers))
                    if numbers := self._without_city.get(name):
                        found.append((start, end, WITHOUT_CITY, numbers))
        for at, word in enumerate(part):
            if word in ORGANISATION:
                for start in range(max(0, at - _LONGEST_ANY_ORDER + 1), at + 1):
                    for end in range(max(at + 1, start + 2), min(size, start + _LONGEST_ANY_ORDER) + 1):
                        words = set(part[start:end])  # a word twice is two names side by side
                        if len(words) == end - start and (numbers := self._any_order.get(_bag(words))):
                            found.append((start, end, ANY_ORDER, numbers))
        return sorted(found, key=lambda run: (run[0] - run[1], run[2] == ANY_ORDER, run[0], run[2]))

    def named(self, name: str) -> tuple[int, ...]:
        """The institutions that bear exactly this name."""
        return self._named.get(name, ())

    def acronym(self, short: str) -> tuple[int, ...]:
        return self._acronyms.get(short, ())

    def rarest(self, words: Sequence[str]) -> int:
        """How many names share the rarest of the words."""
        return min(self._words[word] for word in words)

    def _alike(self, part: Words, country: str) -> list[tuple[float, int]]:
        """(similarity, -number) of institutions of a country: shared weight of rare words over the weight of both.

        The words of its own city and country may be missing from either.
        """
        if self._by_word is None:
            self._by_word = defaultdict(list)
            for name in self._named:
                rare = min(name.split(), key=lambda word: (self._words[word], word))
                if " " in name and self._words[rare] <= _COMMON:
                    self._by_word[rare].append(name)
        words = set(part)
        here = set(key_of(country_name(country)))
        best: dict[int, float] = {}
        for word in sorted(words, key=lambda word: (self._words[word], word))[:3]:
            sharing = ((name, number) for name in self._by_word.get(word, ()) for number in self._named[name])
            for name, number in sharing:
                if self.institutions[number].country == country:
                    other = set(name.split()) - ((here | set(self.city[number].split())) - words)
                    # fsum: the order of a set does not matter to it
                    either = math.fsum(map(self._weight, words | other))
                    shared = math.fsum(map(self._weight, words & other)) / either
                    best[number] = max(shared, best.get(number, 0.0))
        return [(similarity, -number) for number, similarity in best.items()]

    def _weight(self, word: str) -> float:
        return math.log(1.0 + self._total / (1.0 + self._words[word]))


def market(country: str) -> str:
    """The country, or the larger one beside it whose name its addresses may bear."""
    return _ONE_MARKET.get(country, country)


def _add(index: dict[str, tuple[int, ...]], name: str, number: int) -> None:
    known = index.get(name, ())
    if number not in known:
        index[name] = (*known, number)


def _begin(name: str) -> str:
    return " ".join(name.split(" ", 2)[:2])


def _bag(words: Iterable[str]) -> str:
    return " ".join(sorted(set(words)))


def _plain(identifier: str) -> str:
    """`isni:0000 0001 2106 9910` and `grid:grid.65499.37` in one spelling."""
    return identifier.replace(" ", "").replace("grid:grid.", "grid:").casefold()
