"""Entries: what the registers hold about one human being, tied by their own numbers before anybody is compared.

An NPI is one clinician in NPPES and Open Payments alike, unless the surnames do not fit; a profile of Open Payments is
one recipient however it is spelled; a profile of RePORTER is one investigator. Of millions of rows only those are kept
whose name somebody in the landscape could bear.
"""

from collections.abc import Callable, Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Protocol

from kolgraph.model import Affiliation, Grant, Listed, Mention, Payment, Practitioner, Publication, Trial
from kolgraph.names import Name, fold, parse, relate_last
from kolgraph.resolve.register_people import grant_numbers, keys, name_of
from kolgraph.resolve.text import place_words
from kolgraph.resolve.us_places import Town, state_of

Progress = Callable[[int, int | None, str], None]
STEP = 50_000
_INITIALS = 3  # letters of a surname that may be somebody's initials
Slot = tuple[str, int, str]  # record, position, kind


class Records(Protocol):
    """Where records come from: the inbox, or anything that yields nouns of a kind."""

    def nouns(self, kind: Any, /) -> Iterator[Any]: ...
    def publications(self) -> Iterable[Publication]: ...
    def trials(self) -> Iterable[Trial]: ...
    def listed(self) -> Iterable[Listed]: ...


class Borne:
    """The names that somebody in the landscape bears: of millions of rows most fail by the surname, looked up once."""

    def __init__(self, names: Iterable[Name]) -> None:
        self._keys = {key for name in names for key in keys(name)}
        self._surnames = {key.rpartition(" ")[0] for key in self._keys}
        self._may = lru_cache(1 << 17)(self._surname)

    def by(self, mention: Mention) -> bool:
        """Whether a mention could be one of them."""
        if len(mention.last) > _INITIALS and not self._may(mention.last):
            return False
        return any(key in self._keys for key in keys(name_of(mention)))

    def _surname(self, last: str) -> bool:
        name = parse(Mention(0, last, "Ann"))
        return "ann" in name.last or not self._surnames.isdisjoint((*name.surnames(), *name.parts()))


@dataclass(slots=True, eq=False)
class Entry:
    """One human being of the registers; `health` for clinicians and recipients, else an investigator of grants."""

    health: bool
    ids: set[str] = field(default_factory=set)  # npi:, openpayments:, nihpi:
    names: set[Name] = field(default_factory=set)
    specialties: set[str] = field(default_factory=set)
    towns: set[Town] = field(default_factory=set)
    words: set[str] = field(default_factory=set)  # of the employer, or of the street
    places: set[Affiliation] = field(default_factory=set)  # organisations that hold the grants
    grants: set[str] = field(default_factory=set)
    trials: set[str] = field(default_factory=set)
    slots: list[Slot] = field(default_factory=list)

    @property
    def key(self) -> str:
        """The number under which the entry is known: NPI, else profile, else its first record."""
        ranked = sorted(self.ids, key=lambda id: (not id.startswith("npi:"), id))
        return ranked[0] if ranked else min(self.slots)[0]

    @property
    def states(self) -> set[str]:
        return {state for _, state in self.towns}

    def numbers(self, prefix: str) -> list[str]:
        return sorted(id for id in self.ids if id.startswith(prefix))

    def add(self, mention: Mention, record: str, kind: str) -> None:
        if mention.last or mention.name:
            self.names.add(name_of(mention))
        self.ids.update(id for id in mention.identifiers if not id.startswith("openalex:"))
        self.slots.append((record, mention.position, kind))
        for place in mention.affiliations:
            self.at(place)

    def at(self, place: Affiliation) -> None:
        """Note a place: its town, and the words that are neither town nor state."""
        state = state_of(place.region)
        if state and place.country in ("", "US"):
            self.towns.add((fold(place.city), state))
        self.words |= place_words(place.text) - {*fold(place.city).split(), *fold(place.region).split()}

    def join(self, other: "Entry") -> None:
        """Take over all that another entry of the same human being holds."""
        for part in ("ids", "names", "specialties", "towns", "words", "places", "grants", "trials"):
            getattr(self, part).update(getattr(other, part))
        self.slots = sorted(self.slots + other.slots)


def clinicians(records: Records, borne: Borne, asked: AbstractSet[str], progress: Progress) -> list[Entry]:
    """Entries of NPPES and Open Payments in order of their keys: of names that are `borne`, and those `asked` for."""
    entries: list[Entry] = []
    for one in _told(records.nouns(Practitioner), progress, "practitioners"):
        spelled = (one.mention, *one.other_names)
        if one.id in asked or any(map(borne.by, spelled)):
            entry = Entry(True, names=set(map(name_of, spelled)), specialties=set(one.specialties))
            entry.add(one.mention, one.id, "practitioner")
            for place in one.places:
                entry.at(place)
            entries.append(entry)
    known = asked | {id for entry in entries for id in entry.ids}
    paid = _grouped(lambda what: _recipients(records, progress, what), borne, known, "payment")
    return _tied(entries + paid)


def investigators(records: Records, borne: Borne, asked: AbstractSet[str], progress: Progress) -> list[Entry]:
    """Entries of RePORTER in the same way, one for each investigator."""
    return _ordered(_grouped(lambda what: _leaders(records, progress, what), borne, asked, "grant"))


def _recipients(records: Records, progress: Progress, what: str) -> Iterator[tuple[Mention, Payment]]:
    for one in _told(records.nouns(Payment), progress, f"{what} payments"):
        for mention in one.recipients:
            yield mention, one


def _leaders(records: Records, progress: Progress, what: str) -> Iterator[tuple[Mention, Grant]]:
    for one in _told(records.nouns(Grant), progress, f"{what} grants"):
        for mention in one.investigators:
            yield mention, one


def _grouped(
    slots: Callable[[str], Iterable[tuple[Mention, Payment | Grant]]],
    borne: Borne,
    known: AbstractSet[str],
    kind: str,
) -> list[Entry]:
    """Entries by own number: a first walk finds who bears a name in question, a second takes all that is theirs."""
    wanted: set[str] = set()
    for mention, noun in slots("names of"):
        if noun.id in known or ((mention.last or mention.name) and borne.by(mention)):
            wanted.add(_whose(mention))
    found: dict[str, Entry] = {}
    for mention, noun in slots("rows of"):
        id = _whose(mention)
        if id not in wanted and known.isdisjoint(mention.identifiers):
            continue
        entry = found.setdefault(id, Entry(kind == "payment"))
        entry.add(mention, noun.id, kind)
        if isinstance(noun, Grant):
            entry.places.update(mention.affiliations)
            entry.grants.update(grant_numbers(noun.number or noun.project))
            entry.grants.update(grant_numbers(noun.project))
        elif mention.position:  # who led a study: it was paid for at the place where they work
            entry.trials.update(noun.trials)
            entry.words |= place_words(noun.recipient)
    return list(found.values())


def _whose(mention: Mention) -> str:
    """The number of the human being in a row, or, where it has none, name and place."""
    ranked = sorted(mention.identifiers, key=lambda id: (id.startswith("npi:"), id))
    if ranked:
        return ranked[0]
    places = [fold(f"{place.text} {place.city} {place.region}") for place in mention.affiliations]
    return "|".join((fold(mention.last or mention.name), fold(mention.fore), *places))


def _tied(entries: list[Entry]) -> list[Entry]:
    """Entries that share a number become one, where a surname of theirs fits; those of NPPES come first."""
    home: dict[str, Entry] = {}
    kept: list[Entry] = []
    for entry in sorted(_ordered(entries), key=lambda entry: all(kind == "payment" for _, _, kind in entry.slots)):
        fitting = [home[id] for id in sorted(entry.ids) if id in home and _fits(home[id], entry)]
        first, *others = [*{id(one): one for one in fitting}.values(), entry]
        for other in others:
            first.join(other)
        kept = [one for one in kept if one not in others] if others[:-1] else kept
        if not others:
            kept.append(entry)
        for number in sorted(first.ids):
            if number not in home or home[number] in others:
                home[number] = first
    return _ordered([entry for entry in kept if entry.names])


def _fits(one: Entry, two: Entry) -> bool:
    return not one.names or not two.names or any(relate_last(a, b) for a in one.names for b in two.names)


def _ordered(entries: list[Entry]) -> list[Entry]:
    for entry in entries:
        entry.slots.sort()
    return sorted(entries, key=lambda entry: (entry.key, entry.slots))


def _told(nouns: Iterator[Any], progress: Progress, what: str) -> Iterator[Any]:
    for count, noun in enumerate(nouns):
        if not count % STEP:
            progress(count, None, what)
        yield noun
