"""How good a resolution is, measured against known persons: B-cubed, pairs, calibration, by slice.

A mention is any key, a truth any label, a prediction any person id; a mention without prediction is a person of its
own. B-cubed is Bagga and Baldwin's (1998), as in Amigó et al. 2009, 10.1007/s10791-008-9066-8: precision and recall
of each mention's person, averaged over mentions. Pairs count each two mentions once, so large persons weigh most.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from kolgraph.model import Publication
from kolgraph.names import parse

Truth = Mapping[Any, str]
Predicted = Mapping[Any, Hashable]
SLICES = ("era", "script", "forename", "affiliation")
ERAS = ((1990, "before 1990"), (2005, "1990 to 2004"), (2015, "2005 to 2014"))


class Quality(NamedTuple):
    """Precision, recall and their harmonic mean; 1 where nothing could be wrong or missed."""

    precision: float
    recall: float
    f1: float


class Slice(NamedTuple):
    """The mentions of one kind, each in its whole person; `pairs` are those with both mentions of the kind."""

    mentions: int
    b_cubed: Quality
    pairs: Quality


class Mixed(NamedTuple):
    """What went wrong with one person: the others it holds (lumped), or its parts (split), the largest first."""

    one: Hashable
    mentions: int
    parts: tuple[tuple[Hashable, int], ...]


class Bin(NamedTuple):
    """Claims from `low` to below `high`: how many, what they claim on average, and the share that is true."""

    low: float
    high: float
    claims: int
    claimed: float
    true: float


def b_cubed(truth: Truth, predicted: Predicted, among: Iterable[Any] | None = None) -> Quality:
    """Averaged over the mentions of `truth`, or those of them in `among`. Raises ValueError for none."""
    people = _people(truth, predicted)
    labels, persons = Counter(truth.values()), Counter(people.values())
    both = Counter((truth[key], people[key]) for key in truth)
    keys = list(truth if among is None else among)
    if not keys:
        raise ValueError("no mention to average over: give at least one with a known person")
    precision = sum(both[truth[key], people[key]] / persons[people[key]] for key in keys) / len(keys)
    recall = sum(both[truth[key], people[key]] / labels[truth[key]] for key in keys) / len(keys)
    return Quality(precision, recall, 2 * precision * recall / (precision + recall))


def pairs(truth: Truth, predicted: Predicted) -> Quality:
    """Over all pairs of mentions of `truth`: predicted same against truly same."""
    people = _people(truth, predicted)
    both = _pairs(Counter((truth[key], people[key]) for key in truth))
    return quality(both, _pairs(Counter(people.values())) - both, _pairs(Counter(truth.values())) - both)


def judged(said: Collection[tuple[Any, Any, bool]], predicted: Predicted) -> Quality:
    """Over pairs of mentions that somebody judged one by one: as one person (True) or as two."""
    people = _people({key for a, b, _ in said for key in (a, b)}, predicted)
    hits = Counter((same, people[a] == people[b]) for a, b, same in said)
    return quality(hits[True, True], hits[False, True], hits[True, False])


def quality(hit: int, wrong: int, missed: int) -> Quality:
    """From counts: rightly found, wrongly found, not found."""
    precision = hit / (hit + wrong) if hit + wrong else 1.0
    recall = hit / (hit + missed) if hit + missed else 1.0
    return Quality(precision, recall, 2 * hit / (2 * hit + wrong + missed) if hit + wrong + missed else 1.0)


def slices(truth: Truth, predicted: Predicted, kind_of: Mapping[Any, str]) -> dict[str, Slice]:
    """Quality by kind of mention, the largest kind first; mentions without a kind are left out."""
    kinds: dict[str, list[Any]] = defaultdict(list)
    for key in truth:
        if key in kind_of:
            kinds[kind_of[key]].append(key)
    order = sorted(kinds, key=lambda kind: (-len(kinds[kind]), kind))
    return {kind: _slice(truth, predicted, kinds[kind]) for kind in order}


def _slice(truth: Truth, predicted: Predicted, keys: list[Any]) -> Slice:
    own = {key: truth[key] for key in keys}
    return Slice(len(keys), b_cubed(truth, predicted, keys), pairs(own, predicted))


def kinds(records: Iterable[Publication]) -> dict[str, dict[tuple[str, int], str]]:
    """For each of SLICES what every author mention (record, position) is: of which era, script, form, place."""
    found: dict[str, dict[tuple[str, int], str]] = {name: {} for name in SLICES}
    for record in records:
        for one in record.authors:
            if one.group:
                continue
            name = parse(one)
            key = record.id, one.position
            found["era"][key] = _era(record.year)
            found["script"][key] = _script(one.last or one.name, name.strict)
            found["forename"][key] = "full forename" if name.full else "initials only"
            found["affiliation"][key] = "affiliation" if one.affiliations else "no affiliation"
    return found


def _era(year: int | None) -> str:
    if year is None:
        return "no year"
    return next((name for before, name in ERAS if year < before), "2015 on")


def _script(last: str, east_asian: bool) -> str:
    """Of the surname: an East Asian one in whatever letters, other letters than Latin, Latin."""
    if east_asian:
        return "East Asian surname"
    return "Latin" if all(ord(letter) < 0x250 or not letter.isalpha() for letter in last) else "other script"


def lumped(truth: Truth, predicted: Predicted, top: int | None = 10) -> list[Mixed]:
    """Predicted persons that hold several true ones (None: all), those first that hold most mentions of others."""
    return _mixed(_people(truth, predicted), truth, top)


def split(truth: Truth, predicted: Predicted, top: int | None = 10) -> list[Mixed]:
    """True persons that were predicted as several (None: all), those first of whom most is missing."""
    return _mixed(truth, _people(truth, predicted), top)


def _mixed(whole: Mapping[Any, Hashable], part: Mapping[Any, Hashable], top: int | None) -> list[Mixed]:
    held: dict[Hashable, Counter[Hashable]] = defaultdict(Counter)
    for key, one in whole.items():
        held[one][part[key]] += 1
    found = [
        Mixed(one, sum(parts.values()), tuple(sorted(parts.items(), key=lambda item: (-item[1], str(item[0])))))
        for one, parts in held.items()
        if len(parts) > 1
    ]
    return sorted(found, key=lambda one: (one.parts[0][1] - one.mentions, str(one.one)))[:top]


def calibration(claimed: Sequence[float], true: Sequence[bool], edges: Sequence[float]) -> list[Bin]:
    """Claimed probabilities against what is true, between neighbouring `edges`; bins without a claim are left out.

    The last edge belongs to the last bin.
    """
    found = []
    for low, high in pairwise(edges):
        last = high == edges[-1]
        inside = [k for k, value in enumerate(claimed) if low <= value and (value < high or (last and value == high))]
        if inside:
            mean = sum(claimed[k] for k in inside) / len(inside)
            found.append(Bin(low, high, len(inside), mean, sum(bool(true[k]) for k in inside) / len(inside)))
    return found


def cut(joined: Iterable[tuple[str, str, float]], threshold: float) -> dict[str, str]:
    """The persons that links (a, b, value) of at least `threshold` hold together, as mention -> one mention of theirs.

    Of stored merges: what a stricter threshold would have left. Mentions without such a link are left out, as persons
    of their own are.
    """
    root: dict[str, str] = {}

    def find(key: str) -> str:
        while (above := root.setdefault(key, key)) != key:
            root[key] = root[above]
            key = above
        return key

    for a, b, value in joined:
        if value >= threshold:
            one, two = sorted((find(a), find(b)))
            root[two] = one
    return {key: find(key) for key in root}


def _people(keys: Iterable[Any], predicted: Predicted) -> dict[Any, Hashable]:
    return {key: predicted.get(key, ("single", key)) for key in keys}


def _pairs(counts: Counter[Any]) -> int:
    return sum(n * (n - 1) // 2 for n in counts.values())
