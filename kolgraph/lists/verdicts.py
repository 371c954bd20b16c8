"""What a row of a list comes to: a person, a person who has moved, a doubt, a duplicate, or nobody who is here."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from kolgraph.lists.match import SURE, Candidate, Matcher, Row
from kolgraph.lists.people import Known, Place, readings_of, surname_keys, words
from kolgraph.names import EQUAL, INEXACT, Name, fold, relate_fore, relate_last

MATCHED, MOVED, DOUBTFUL, DUPLICATE, NOT_FOUND = VERDICTS = ("matched", "moved", "doubtful", "duplicate", "not found")
FLOOR = 0.1  # below this chance nobody is asked about a candidate
RECENT = 2  # years within which records say where somebody is now
SILENT = 5  # years without a record after which somebody may have retired
_NEAR = 50  # earlier rows of a surname and initial with which a row is compared
Progress = Callable[[int, int | None, str], None]


@dataclass(frozen=True, slots=True)
class Found:
    """A verdict with its reasons. `person` is a number among the people, -1 for none; `twin` the line it repeats."""

    row: Row
    verdict: str
    person: int = -1
    chance: float | None = None
    why: str = ""
    twin: int = 0
    silent: int = 0  # the year of the last record, where that is SILENT years ago
    candidates: tuple[Candidate, ...] = ()


def judge(
    rows: Iterable[Row], matcher: Matcher, unique: bool, total: int | None = None, progress: Progress = lambda *_: None
) -> list[Found]:
    """A verdict on every row, in order; `unique`: nobody should be on the list twice."""
    latest = max((one.last for one in matcher.people.people if one.last), default=0)
    found = []
    for number, row in enumerate(rows, 1):
        found.append(_verdict(row, matcher, latest))
        if number % 200 == 0:
            progress(number, total, "looking up people")
    return list(_twins(found)) if unique else found


def _verdict(row: Row, matcher: Matcher, latest: int) -> Found:
    ranked = matcher.candidates(row)
    likely = tuple(one for one in ranked if one.chance >= FLOOR or one.sure)
    if not likely:
        return Found(row, NOT_FOUND, why=_absent(row, ranked, matcher), candidates=tuple(ranked[:2]))
    best, others = likely[0], likely[1:]
    if best.chance < SURE or not best.settles or any(one.sure for one in others):
        return Found(row, DOUBTFUL, chance=best.chance, why=_doubt(likely), candidates=likely)
    person = matcher.people.people[best.person]
    silent = person.last if person.last and person.last <= latest - SILENT else 0
    moved = _moved(row, person, matcher, latest)
    reasons = "; ".join(sign.text for sign in best.signs if sign.favour > 0 or best.sure)
    why = f"{moved}; {reasons}" if moved else reasons
    if silent:
        why += f"; no record since {silent}: possibly retired"
    return Found(row, MOVED if moved else MATCHED, best.person, best.chance, why, 0, silent, likely)


def _absent(row: Row, ranked: list[Candidate], matcher: Matcher) -> str:
    if not ranked:
        return "nobody here has this name"
    against = "; ".join(sign.text for sign in ranked[0].signs[1:] if sign.favour < 0)
    name = matcher.people.people[ranked[0].person].name
    return f"{name} fits too little: {against or 'the name alone is not enough'}"


def _doubt(likely: tuple[Candidate, ...]) -> str:
    first = likely[0]
    alike = [one for one in likely if one.chance >= first.chance / 3]
    if len(alike) > 1:
        return f"{len(alike)} people fit about equally"
    named, *others = first.signs
    against = [sign.text for sign in others if sign.favour < 0]
    if not first.settles and not against:
        return "the name fits, and no institution, city or number confirms it"
    return "; ".join((named.text.partition(":")[0], *against)) + ": not sure enough"


def _moved(row: Row, person: Known, matcher: Matcher, latest: int) -> str:
    """Where somebody is now, when the list says another place in another city; "" otherwise.

    Of two places at one time neither is the former one; what no record names is only set against recent ones.
    """
    home = matcher.people.home(person)
    if not row.institution or home is None or matcher.names(row.institution, home.id):
        return ""
    listed, now = matcher.stay(row.institution, person), person.stays[0]
    if home.city and (fold(row.city) == fold(home.city) or fold(home.city) in fold(row.institution)):
        return ""
    since = f" since {now.first}" if now.first else ""
    if listed is None:
        recent = (now.last or 0) >= latest - RECENT
        return f"records{since} say {written(home)}, and none says what is listed" if recent else ""
    if listed.current or (listed.last or 0) >= (now.last or 0):
        return ""
    return f"now at {written(home)}{since}"


def written(place: Place) -> str:
    """An institution with its city, where the name does not hold it."""
    return place.name if not place.city or fold(place.city) in fold(place.name) else f"{place.name}, {place.city}"


def _twins(found: list[Found]) -> Iterator[Found]:
    """Rows that are the person of an earlier row, by what both were matched with or by what they say."""
    first: dict[int, int] = {}
    earlier: dict[tuple[str, str], list[tuple[Found, Name]]] = defaultdict(list)
    for one in found:
        line = one.row.line
        name = readings_of(one.row.mention)[0] if readings_of(one.row.mention) else None
        if one.person >= 0 and first.setdefault(one.person, line) != line:
            yield replace(one, verdict=DUPLICATE, twin=first[one.person], why=_repeats(first[one.person], one.why))
            continue
        twin = 0
        if name is not None:
            keys = [(key, name.initial) for key in sorted(surname_keys(name))]
            near = (other for key in keys for other in earlier[key][-_NEAR:])
            twin = next((other.row.line for other, known in near if _same(one, other, name, known)), 0)
            for key in keys:
                earlier[key].append((one, name))
        if twin and one.verdict in (DOUBTFUL, NOT_FOUND):
            yield replace(one, verdict=DUPLICATE, twin=twin, why=_repeats(twin, one.why))
        else:
            yield one


def _repeats(line: int, why: str) -> str:
    return f"may be the person of line {line}; {why}"


def _same(one: Found, other: Found, name: Name, known: Name) -> bool:
    """Whether two rows can be one person: name and place fit, and no identifier or match tells them apart."""
    if one.person >= 0 and other.person >= 0 and one.person != other.person:
        return False
    kinds = [{number.partition(":")[0]: number for number in each.row.numbers} for each in (one, other)]
    both = kinds[0].keys() & kinds[1].keys()
    if both:
        return all(kinds[0][kind] == kinds[1][kind] for kind in both)
    code, _ = relate_fore(name.fore, known.fore, name.full, known.full, name.strict or known.strict)
    if code <= 0 or not relate_last(name, known):
        return False
    here, there = one.row, other.row
    a, b = words(here.institution), words(there.institution)
    institution = bool(a and b) and len(a & b) >= 0.7 * min(len(a), len(b))
    cities = {fold(row.city) for row in (here, there)} - {""}
    countries = {row.country for row in (here, there)} - {""}
    if len(countries) > 1:
        return False
    if institution or (here.city and there.city and len(cities) == 1):
        return True
    silent = not (a and b) and len(cities) < 2
    return silent and code in (EQUAL, INEXACT)
