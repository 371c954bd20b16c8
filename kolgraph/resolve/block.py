"""Which slots are compared at all, and which facts forbid two slots to be one person (identity.md sections 3 and 4).

Name facts are decided once per pair of distinct names, never per pair of slots; what remains is expanded to slots.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations, product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kolgraph.names import EQUAL, INEXACT, INITIALS, SAME_MIDDLE, Name, relate_fore, relate_last, swapped
from kolgraph.resolve.corpus import Corpus
from kolgraph.resolve.text import Ints

BIG_BLOCK = 1000  # mentions; beyond, forenames join the key (scale.md 2)
Codes = NDArray[np.int8]


@dataclass(slots=True)
class Pairs:
    """Comparable pairs of slots, a < b, sorted; with the relation of their forenames and middle names."""

    a: Ints
    b: Ints
    fore: Codes
    middle: Codes
    swapped: NDArray[np.bool_]
    partial: NDArray[np.bool_]  # the surnames share a part only

    def __len__(self) -> int:
        return len(self.a)

    def __getitem__(self, which: "NDArray[Any] | slice") -> "Pairs":
        return Pairs(*(getattr(self, name)[which] for name in Pairs.__slots__))


def compare_names(a: Name, b: Name) -> tuple[int, int, bool, bool] | None:
    """(fore, middle, swapped, partial) of two names that one person can have, None when they cannot."""
    if (a.suffix and b.suffix and a.suffix != b.suffix) or not relate_last(a, b):
        return None
    if swapped(a, b):
        return EQUAL, SAME_MIDDLE, True, False
    fore, middle = relate_fore(a.fore, b.fore, a.full, b.full, a.strict or b.strict)
    return (fore, middle, False, not set(a.surnames()) & set(b.surnames())) if fore > 0 else None


def name_conflict(a: Name, b: Name) -> str:
    """Why two names cannot be one person's, "" when they can."""
    if a.suffix and b.suffix and a.suffix != b.suffix:
        return f"different suffixes: {a.suffix} and {b.suffix}"
    if not relate_last(a, b):
        return f"different surnames: {' '.join(a.last)} and {' '.join(b.last)}"
    if compare_names(a, b) is None:
        fore, _ = relate_fore(a.fore, b.fore, a.full, b.full, a.strict or b.strict)
        what = "middle names or syllables" if fore == -2 else "forenames"
        return f"different {what}: {' '.join(a.fore)} and {' '.join(b.fore)}"
    return ""


def keys(name: Name) -> list[str]:
    """The blocking keys of a name: each form of its surname, and each half of a compound one, with the initial."""
    return [f"{form} {name.initial}" for form in dict.fromkeys((*name.surnames(), *name.parts()))]


def candidates(corpus: Corpus) -> Pairs:
    """Every pair of slots whose names share a key and are compatible, and that no record and no ORCID keeps apart.

    Two rows of own lists are never compared: only hard facts make them one person.
    """
    uses = np.bincount(corpus.name, minlength=len(corpus.names))
    recorded = np.bincount(corpus.name[~corpus.listed], minlength=len(corpus.names)) > 0
    found: dict[tuple[int, int], tuple[int, int, bool, bool]] = {}
    for first, second in _meetings(corpus.names, uses):
        if (first, second) not in found and (recorded[first] or recorded[second]):
            relation = compare_names(corpus.names[first], corpus.names[second])
            if relation:
                found[first, second] = relation
    for number, count in enumerate(uses):
        if count > 1 and recorded[number]:
            name = corpus.names[number]
            level = EQUAL if name.full else INITIALS
            found[number, number] = (level, SAME_MIDDLE if len(name.fore) > 1 else 0, False, False)
    return _expand(corpus, found)


def _meetings(names: list[Name], uses: NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    """Pairs of name numbers, smaller first, that share a key or are each other's parts swapped."""
    groups: dict[str, list[int]] = defaultdict(list)
    orders = {("".join(name.last), "".join(name.fore)): number for number, name in enumerate(names) if name.full}
    for number, name in enumerate(names):
        for key in keys(name):
            groups[key].append(number)
        other = orders.get(("".join(name.fore), "".join(name.last)))
        if name.full and other is not None and other > number:
            yield number, other
    for key in sorted(groups):
        yield from _split(groups[key], names, uses, 2)


def _split(block: list[int], names: list[Name], uses: NDArray[np.int64], letters: int) -> Iterator[tuple[int, int]]:
    """All pairs of a block; in a big one spelt-out forenames meet only those that begin alike, and every initial."""
    if uses[block].sum() <= BIG_BLOCK or letters > 8:
        yield from combinations(block, 2)
        return
    full = [number for number in block if names[number].full]
    bare = [number for number in block if not names[number].full]
    yield from combinations(bare, 2)
    yield from ((min(pair), max(pair)) for pair in product(bare, full))
    parts: dict[str, list[int]] = defaultdict(list)
    for number in full:
        parts["".join(names[number].fore)[:letters]].append(number)
    for part in sorted(parts):
        yield from _split(parts[part], names, uses, letters + 1)


def _expand(corpus: Corpus, found: dict[tuple[int, int], tuple[int, int, bool, bool]]) -> Pairs:
    """From pairs of names to pairs of slots, without those that the records themselves keep apart."""
    by_name = np.argsort(corpus.name, kind="stable").astype(np.int32)
    starts = np.searchsorted(corpus.name[by_name], np.arange(len(corpus.names) + 1))
    relations = sorted(found)
    one = np.array([pair[0] for pair in relations], np.int64)
    two = np.array([pair[1] for pair in relations], np.int64)
    facts = np.array([found[pair] for pair in relations], np.int8).reshape(-1, 4)
    width = (starts[1:] - starts[:-1])[two] if len(two) else two
    total = (starts[1:] - starts[:-1])[one] * width if len(one) else one
    which = np.repeat(np.arange(len(one)), total)
    offset = np.arange(total.sum()) - np.repeat(np.cumsum(total) - total, total)
    first = by_name[starts[one[which]] + offset // width[which]]
    second = by_name[starts[two[which]] + offset % width[which]]
    alike = facts[which, 0] == EQUAL
    full = np.array([name.full for name in corpus.names], np.bool_)
    nameless = ~full[corpus.name] & corpus.trial[corpus.record]  # a registry's initials name nobody
    keep = ~nameless[first] & ~nameless[second]
    keep &= ~(corpus.listed[first] & corpus.listed[second])
    keep &= _together(corpus, first, second, alike)
    keep &= (one[which] != two[which]) | (first < second)
    first, second, which = first[keep], second[keep], which[keep]
    low, high = np.minimum(first, second), np.maximum(first, second)
    order = np.lexsort((high, low))
    low, high, facts = low[order], high[order], facts[which[order]]
    return Pairs(low, high, facts[:, 0], facts[:, 1], facts[:, 2].astype(np.bool_), facts[:, 3].astype(np.bool_))


def _together(corpus: Corpus, a: Ints, b: Ints, alike: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """False where two slots share a paper or one role list of a trial, or carry different ORCIDs.

    A registry names its principal investigator as official, as responsible party and again at each site, all in one
    role: there the same full name twice is no veto.
    """
    _, number = np.unique(corpus.role, return_inverse=True) if len(corpus) else ([], np.zeros(0, np.int64))
    same_list = (corpus.record[a] == corpus.record[b]) & (number[a] == number[b])
    same_list &= ~(alike & corpus.trial[corpus.record[a]])
    orcids = (corpus.orcid[a] != corpus.orcid[b]) & (corpus.orcid[a] >= 0) & (corpus.orcid[b] >= 0)
    return np.asarray(~same_list & ~orcids)


def pairs_of(corpus: Corpus, wanted: Iterable[tuple[int, int]]) -> Pairs:
    """The given pairs of slots, whatever keeps them apart; names that conflict count as initials without a middle."""
    rows = sorted((min(pair), max(pair)) for pair in wanted)
    facts = [compare_names(corpus.names[corpus.name[a]], corpus.names[corpus.name[b]]) for a, b in rows]
    known = np.array([fact or (INEXACT, 0, False, False) for fact in facts], np.int8).reshape(-1, 4)
    slots = np.array(rows, np.int32).reshape(-1, 2)
    flags = known[:, 2:].astype(np.bool_)
    return Pairs(slots[:, 0], slots[:, 1], known[:, 0], known[:, 1], flags[:, 0], flags[:, 1])
