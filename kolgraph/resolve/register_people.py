"""What the records say of each resolved person that a register of the United States can be held against.

Names, towns, words of affiliations, institutions, what the works are about, grant numbers, trials; and the identifiers
that decide by themselves. Of people whose every place is abroad only those identifiers are kept.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain

import numpy as np
import pyarrow as pa

from kolgraph.model import Listed, Mention, Publication, Trial, mention_key, mentions_of
from kolgraph.names import Name, fold, parse
from kolgraph.resolve.country import US_STATES
from kolgraph.resolve.text import place_words
from kolgraph.resolve.us_places import Town, state_of, towns
from kolgraph.specialties import subjects_of

SHARE = 3  # of the works that are about anything, one in so many is enough for a subject to be the person's
_RARE = 5  # affiliations; a word on more of them tells an employer where it is _TIED to a state
_TIED = 3.0  # times as frequent among the affiliations of the state as among all
_ANYWHERE = """street avenue road drive lane boulevard blvd suite floor building bldg room tower plaza parkway pkwy
highway court square north south east west main first second third center centre medical hospital
university college school department division section institute clinic clinics health healthcare care
system systems group associates physician physicians practice office family internal medicine research
sciences science foundation memorial general regional community national saint united states usa box
children childrens veterans affairs administration specialty specialists professional surgery surgical
cancer heart and the for laboratory program unit"""
# on too many signs and letterheads to name one employer
_ANYBODY = frozenset(_ANYWHERE.split()) | frozenset(word for state in US_STATES for word in state.split())
_NIH = "CA HL AI DK AR NS MH AG GM HD EY DE DC DA AA ES HG TR MD NR EB LM RR AT TW OD HS CL CE MR"
_INSTITUTES = frozenset(_NIH.split())
_NUMBER = re.compile(r"(?<![A-Z])([A-Z]{2})[ ./_-]*0*(\d{4,6})(?!\d)")


@dataclass(slots=True)
class Person:
    """What is known of one person; `texts` numbers People.texts."""

    names: set[Name] = field(default_factory=set)
    towns: set[Town] = field(default_factory=set)
    texts: set[int] = field(default_factory=set)
    institutions: set[str] = field(default_factory=set)
    works: int = 0  # that are about something
    subjects: Counter[str] = field(default_factory=Counter)
    grants: set[str] = field(default_factory=set)
    trials: set[str] = field(default_factory=set)

    @property
    def states(self) -> set[str]:
        return {state for _, state in self.towns}

    def works_on(self) -> frozenset[str]:
        """The subjects of a good part of the works."""
        return frozenset(one for one, count in self.subjects.items() if count * SHARE >= self.works)


@dataclass(slots=True)
class People:
    """Everybody whom a register may know, by person id, with the identifiers that decide."""

    known: dict[str, Person] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)
    words: Counter[str] = field(default_factory=Counter)  # on how many texts of a state each stands
    words_in: Counter[Town] = field(default_factory=Counter)  # word, state -> the same
    states: Counter[str] = field(default_factory=Counter)  # texts
    orcids: dict[str, dict[str, set[Name]]] = field(default_factory=lambda: defaultdict(dict))  # orcid -> person, names
    npis: dict[str, dict[str, set[Name]]] = field(default_factory=lambda: defaultdict(dict))
    votes: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))  # openalex: author -> person
    mention: dict[str, str] = field(default_factory=dict)  # of those asked for, mention key -> person

    def words_of(self, person: Person) -> set[str]:
        """The words of a person's affiliations, without those that stand on every letterhead."""
        return {word for text in person.texts for word in place_words(self.texts[text])} - _ANYBODY

    def tells(self, word: str, state: str) -> bool:
        """Whether a word tells an employer in a state: it is rare, or much more frequent there than elsewhere."""
        here, all_here = self.words_in[word, state], self.states[state]
        return self.words[word] <= _RARE or here * self.states.total() >= _TIED * all_here * self.words[word]


def name_of(mention: Mention) -> Name:
    """The comparison form of a mention; the same spelling is taken apart once."""
    return _name(mention.last, mention.fore, mention.initials, mention.suffix, mention.name)


@lru_cache(1 << 17)
def _name(last: str, fore: str, initials: str, suffix: str, name: str) -> Name:
    return parse(Mention(0, last, fore, initials, suffix, name))


def keys(name: Name) -> Iterator[str]:
    """What two spellings of a name share: a form of the surname, or a part of it, with the first initial."""
    if name.initial:
        for form in dict.fromkeys((*name.surnames(), *name.parts())):
            yield f"{form} {name.initial}"


def grant_numbers(said: str) -> Iterator[str]:
    """`HL900000` from `5R01 HL-900000-02 (NHLBI)`: institute and serial number, which stay when a grant is renewed."""
    for institute, serial in _NUMBER.findall(said.upper()):
        if institute in _INSTITUTES:
            yield f"{institute}{int(serial):06}"


def gather(
    mentions: pa.Table,
    publications: Iterable[Publication],
    trials: Iterable[Trial],
    listed: Iterable[Listed],
    wanted: Iterable[str] = (),
) -> People:
    """Read every record once, beside the table of resolved mentions; `wanted` are mention keys of judgements."""
    return _Reading(mentions, frozenset(wanted)).read(publications, trials, listed)


class _Reading:
    """The table of mentions by record, and the people as far as they are read."""

    def __init__(self, mentions: pa.Table, wanted: frozenset[str]) -> None:
        self.people, self.wanted = People(), wanted
        self.seen: dict[str, int] = {}
        self.persons, self.who = _numbered(mentions["person"])
        countries, country = _numbered(mentions["country"])
        (cities, self.city), (regions, self.region) = (_numbered(mentions[name]) for name in ("city", "region"))
        self.cities, self.states = cities, [state_of(region or "") for region in regions]
        self.position = mentions["position"].to_pylist()
        places = mentions["institutions"].combine_chunks()
        self.ends = places.offsets.to_numpy().tolist()
        self.rors, self.institution = _numbered(pa.chunked_array([places.values]))
        self.towns: list[frozenset[Town]] = []  # by number of the text
        self.at_home = np.array([one == "US" for one in countries], bool)[country]
        nowhere = np.array([not one for one in countries], bool)[country]
        home, placed = (np.zeros(len(self.persons), bool) for _ in range(2))
        home[self.who[self.at_home]] = True
        placed[self.who[~nowhere]] = True
        self.here = home | ~placed
        records, record = _numbered(mentions["record"])
        first = np.flatnonzero(np.diff(record, prepend=-1))
        ends = np.append(first[1:], len(record)).tolist()
        self.span = {records[record[a]]: (a, b) for a, b in zip(first.tolist(), ends, strict=True)}

    def read(self, publications: Iterable[Publication], trials: Iterable[Trial], listed: Iterable[Listed]) -> People:
        nouns: Iterator[Publication | Trial | Listed] = chain(publications, trials, listed)
        for noun in nouns:
            self._record(noun)
        return self.people

    def _record(self, noun: Publication | Trial | Listed) -> None:
        begin, end = self.span.get(noun.id, (0, 0))
        told = bool(self.here[self.who[begin:end]].any())
        about = subjects_of(" ".join(_terms(noun))) if told else frozenset()
        papers = noun.grants if isinstance(noun, Publication) and told else ()
        numbers = frozenset(number for grant in papers for number in grant_numbers(grant))
        by_position = {one.position: one for one in mentions_of(noun)} if begin < end else {}
        for row in range(begin, end):
            one, who = by_position.get(self.position[row]), int(self.who[row])
            if one is None:
                continue
            self._identify(one, self.persons[who])
            if (key := mention_key(noun.id, one.position)) in self.wanted:
                self.people.mention[key] = self.persons[who]
            if self.here[who]:
                person = self.people.known.setdefault(self.persons[who], Person())
                self._note(person, one, row)
                person.works += bool(about)
                person.subjects.update(about)
                person.grants |= numbers
                if isinstance(noun, Trial):
                    person.trials.add(noun.id)

    def _identify(self, one: Mention, person: str) -> None:
        if one.orcid:
            self.people.orcids[one.orcid].setdefault(person, set()).add(name_of(one))
        for said in one.identifiers:
            if said.startswith("npi:"):
                self.people.npis[said].setdefault(person, set()).add(name_of(one))
            elif said.startswith("openalex:"):
                self.people.votes[said][person] += 1

    def _note(self, person: Person, one: Mention, row: int) -> None:
        person.names.add(name_of(one))
        for place in one.affiliations:
            number = self._text(place.text)
            person.texts.add(number)
            person.towns |= self.towns[number]
        state = self.states[self.region[row]] if self.at_home[row] else ""
        if state:
            person.towns.add((fold(self.cities[self.city[row]]), state))
        person.institutions.update(self.rors[n] for n in self.institution[self.ends[row] : self.ends[row + 1]])

    def _text(self, text: str) -> int:
        number = self.seen.setdefault(text, len(self.seen))
        if number == len(self.people.texts):
            self.people.texts.append(text)
            self.towns.append(towns(text))
            states = {state for _, state in self.towns[-1]}
            words = place_words(text) - _ANYBODY if states else set()
            self.people.states.update(states)
            self.people.words.update({word: len(states) for word in words})
            self.people.words_in.update((word, state) for word in words for state in states)
        return number


def _terms(noun: Publication | Trial | Listed) -> Iterator[str]:
    """The words that say what a record is about."""
    if isinstance(noun, Listed):
        return
    yield noun.title
    yield from noun.keywords
    yield from (term.name for term in noun.mesh)
    if isinstance(noun, Trial):
        yield from noun.conditions


def _numbered(column: pa.ChunkedArray) -> "tuple[list[str], np.ndarray[tuple[int], np.dtype[np.int64]]]":
    """The values of a column, each once, with "" for none, and which of them stands in each row."""
    coded = column.combine_chunks().fill_null("").dictionary_encode()
    return coded.dictionary.to_pylist(), coded.indices.to_numpy().astype(np.int64)
