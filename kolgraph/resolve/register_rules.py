"""What speaks for an entry of a register being a person of the landscape, and when that is enough (identity.md 10).

A name and a state are never enough. Enough is a full forename that fits, a state, and a town, a word of the employer or
a specialty besides, where nobody else of that name is in the register there or among the people. A grant is known by
its organisation or by its number on a paper of the person.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from kolgraph.model import Affiliation
from kolgraph.names import EQUAL, SAME_MIDDLE, Name, relate_fore, relate_last
from kolgraph.resolve.places import Places
from kolgraph.resolve.register_entries import Entry
from kolgraph.resolve.register_people import People, Person, keys
from kolgraph.specialties import is_general, specialty

# how sure a link is by how many facts besides name and state hold it: after the registry simulation of identity.md 10,
# where one fact gave .96 without any demand that nobody else of the name be there
SURE = (0.0, 0.96, 0.98, 0.99)
NUMBERED = 0.99  # a grant number on a paper, a paid trial that the person led
POSSIBLE = 0.5  # of a candidate who is the only one; shared by as many as there are
MIDDLE = "the middle name agrees"


@dataclass(slots=True)
class Pair:
    """An entry and a person whose names fit: `facts` beside the name, in words; `sure` those that count."""

    entry: int
    person: str
    facts: list[str]
    sure: int
    state: str = ""
    near_hard: bool = False
    specialty: bool = False  # is what the person works on
    elsewhere: bool = False  # it is known, and something else
    partial: bool = False  # surnames share a part only


def likeness(one: Iterable[Name], two: Iterable[Name]) -> tuple[bool, bool] | None:
    """(surnames whole, middle names agree) when spelt-out forenames fit and none conflicts, else None."""
    best: tuple[bool, bool] | None = None
    for a in one:
        for b in two:
            if not (a.full and b.full and relate_last(a, b)):
                continue
            if a.suffix and b.suffix and a.suffix != b.suffix:
                return None
            level, middle = relate_fore(a.fore, b.fore, True, True, a.strict or b.strict)
            if level < EQUAL:
                return None
            if len(a.fore[0]) > 1 and len(b.fore[0]) > 1:
                found = bool(set(a.surnames()) & set(b.surnames())), middle == SAME_MIDDLE
                best = max(best or found, found)
    return best


def pairs(entries: list[Entry], people: People, places: Callable[[], Places | None]) -> list[Pair]:
    """Every entry beside every person whose full name fits and who shares a state, organisation, grant or trial."""
    by_key: dict[str, list[str]] = defaultdict(list)
    for id, person in sorted(people.known.items()):
        for key in {key for name in person.names if name.full for key in keys(name)}:
            by_key[key].append(id)
    words: dict[str, set[str]] = {}
    found = []
    for number, entry in enumerate(entries):
        homes = {ror for place in entry.places for ror in _homes(place, places())}
        near = {id for key in {key for name in entry.names for key in keys(name)} for id in by_key.get(key, ())}
        for id in sorted(near):
            person = people.known[id]
            shared = entry.states & person.states, entry.grants & person.grants, entry.trials & person.trials
            if not any((*shared, homes & person.institutions)):
                continue
            like = likeness(entry.names, person.names)
            if like is None:
                continue
            if id not in words:
                words[id] = people.words_of(person)
            state = min(shared[0], default="")
            employer = {word for word in entry.words & words[id] if people.tells(word, state)}
            pair = _weigh(number, entry, id, person, employer, homes)
            pair.partial = not like[0]
            if like[1]:
                pair.facts.append(MIDDLE)
            found.append(pair)
    return found


def _homes(place: Affiliation, places: Places | None) -> list[str]:
    return [ror for ror, sure in places.match(place) if sure >= 0.8] if places else []


def _weigh(number: int, entry: Entry, id: str, person: Person, employer: set[str], homes: set[str]) -> Pair:
    state = min(entry.states & person.states, default="")
    pair = Pair(number, id, [f"the state {state}"] if state else [], 0, state)

    def fact(said: str, counts: bool = True) -> None:
        pair.facts.append(said)
        pair.sure += counts

    if shared := entry.grants & person.grants:
        fact(f"grant {min(shared)} is on a paper of the person")
        pair.near_hard = True
    if trials := entry.trials & person.trials:
        fact(f"was paid for {min(trials).removeprefix('nct:')}, which the person led")
        pair.near_hard = True
    if homes & person.institutions:
        fact("the same organisation")
    elif employer:
        fact(f"shared words of the address: {', '.join(sorted(employer)[:4])}")
    agreed = {about for said in entry.specialties for about in specialty(said)} & person.works_on()
    pair.specialty = bool(agreed)
    pair.elsewhere = bool(entry.specialties) and not agreed and not any(map(is_general, entry.specialties))
    if agreed:
        fact(f"{', '.join(sorted(agreed))} is what the person works on")
    if town := min((town for town, _ in entry.towns & person.towns if town), default=""):
        # a town holds too many people of one name where the specialty does not speak for this one
        fact(f"the town {town.title()}" + (", with another specialty" if pair.elsewhere else ""), not pair.elsewhere)
    return pair


def settle(found: list[Pair], entries: list[Entry]) -> Iterator[tuple[Pair, float, bool, str]]:
    """Each pair with its confidence, whether it is linked, and why it is not."""
    of_entry: dict[int, list[Pair]] = defaultdict(list)
    of_person: dict[str, list[Pair]] = defaultdict(list)
    within = [_registers(entry) for entry in entries]
    for pair in found:
        of_entry[pair.entry].append(pair)
        of_person[pair.person].append(pair)
    for pair in found:
        entry = entries[pair.entry]
        near = [one for one in of_person[pair.person] if within[one.entry] & within[pair.entry]]
        people = sum(_rivals(pair, one, entry.health) for one in of_entry[pair.entry])
        others = sum(_rivals(pair, one, entry.health) for one in near)
        why = ""
        if not pair.sure:
            why = "name and state alone are not enough" if pair.state else "the name alone is not enough"
        elif len(entry.numbers("npi:")) > 1:
            why = "the entry holds two NPIs"
        elif pair.partial:
            why = "the surnames share a part only"
        elif people:
            why = f"{1 + people} people of this landscape could be meant"
        elif others:
            why = f"{1 + others} entries of this register could be meant"
        sure = POSSIBLE / (1 + people + others) if why else NUMBERED if pair.near_hard else SURE[min(pair.sure, 3)]
        yield pair, sure, not why, why


def _registers(entry: Entry) -> frozenset[str]:
    """Where a human being is once: an entry of NPPES alone and one of Open Payments alone are no rivals."""
    return frozenset(id.partition(":")[0] for id in entry.ids) or frozenset(kind for _, _, kind in entry.slots)


def _rivals(pair: Pair, other: Pair, health: bool) -> bool:
    """Whether what is known of a pair leaves another one open."""
    if pair is other or (pair.near_hard and not other.near_hard):
        return False
    if not health:  # an organisation knows its own
        return other.sure > 0
    told_apart = pair.specialty and other.elsewhere and pair.entry != other.entry
    return pair.state == other.state and not told_apart
