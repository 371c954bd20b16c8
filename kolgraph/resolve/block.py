"""Which slots are compared at all, and which facts forbid two slots to be one person (identity.md sections 3 and 4).

Name facts are decided once per pair of distinct names, never per pair of slots; what remains is expanded to slots. A
block of more than `BIG_BLOCK` mentions is split by forename; where that leaves too many still, and for initials, a slot
meets the few that share most rare words, coauthors and places with it (`nearest`).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kolgraph.names import EQUAL, INEXACT, INITIALS, SAME_MIDDLE, Name, nicknames, relate_fore, relate_last, swapped
from kolgraph.resolve.corpus import Corpus
from kolgraph.resolve.nearest import nearest
from kolgraph.resolve.text import Ints

BIG_BLOCK = 1000  # mentions; beyond, forenames join the key and candidates are capped (scale.md 2)
FEW_NAMES = 12  # in a block of so few distinct names every two are compared
Codes = NDArray[np.int8]


@dataclass(slots=True)
class Pairs:
    """Comparable pairs of slots, a < b, block by block; with the relation of their forenames and middle names."""

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


Facts = tuple[int, int, bool, bool]


def candidates(corpus: Corpus, big: int = BIG_BLOCK) -> Pairs:
    """Every pair of slots whose names share a key and are compatible, and that no record and no ORCID keeps apart.

    Marks in `corpus.capped` the slots of which not all such pairs are among them. Two rows of own lists are never
    compared: only hard facts make them one person.
    """
    uses = np.bincount(corpus.name, minlength=len(corpus.names))
    recorded = np.bincount(corpus.name[~corpus.listed], minlength=len(corpus.names)) > 0
    names = _Names(corpus.names, recorded)
    far: list[tuple[list[int], list[int]]] = []
    for block in _blocks(corpus.names):
        if uses[block].sum() <= big:
            names.compare(_meetings(corpus.names, block))
        else:
            _compare_big(names, block, uses, big, far)
    for number in np.flatnonzero((uses > 1) & recorded).tolist():
        if number not in names.capped:
            names.facts(number, number)
    pairs = _expand(corpus, names.found)
    corpus.capped[np.isin(corpus.name, sorted(names.capped))] = True
    return _with_nearest(corpus, names, far, pairs) if far else pairs


class _Names:
    """What is known of pairs of distinct names: `found` are compared in full, `capped` names are not."""

    def __init__(self, names: list[Name], recorded: NDArray[np.bool_]) -> None:
        self.names, self.recorded = names, recorded
        self.found: dict[tuple[int, int], Facts] = {}
        self.capped: set[int] = set()
        self._seen: dict[tuple[int, int], Facts | None] = {}

    def relation(self, one: int, two: int) -> Facts | None:
        """How two names of capped blocks relate, None when no person can have both; slots ask again and again."""
        pair = (one, two) if one < two else (two, one)
        if pair not in self._seen:
            self._seen[pair] = _relation(*(self.names[n] for n in pair))
        return self._seen[pair]

    def facts(self, one: int, two: int) -> None:
        relation = _relation(self.names[one], self.names[two])
        if relation:
            self.found[min(one, two), max(one, two)] = relation

    def compare(self, pairs: Iterable[tuple[int, int]]) -> None:
        for one, two in pairs:
            if self.recorded[one] or self.recorded[two]:
                self.facts(one, two)


def _alike(name: Name) -> Facts:
    return EQUAL if name.full else INITIALS, SAME_MIDDLE if len(name.fore) > 1 else 0, False, False


def _blocks(names: list[Name]) -> Iterator[list[int]]:
    """Numbers of the names that share a key, or are each other's parts swapped; in a fixed order."""
    groups: dict[str, list[int]] = defaultdict(list)
    orders = {("".join(name.last), "".join(name.fore)): number for number, name in enumerate(names) if name.full}
    for number, name in enumerate(names):
        for key in keys(name):
            groups[key].append(number)
        other = orders.get(("".join(name.fore), "".join(name.last)))
        if name.full and other is not None and other > number:
            yield [number, other]
    yield from (groups[key] for key in sorted(groups))


def _meetings(names: list[Name], block: list[int]) -> Iterator[tuple[int, int]]:
    """Pairs of a block that may be compatible, smaller number first: initials with all, others by their forenames."""
    if len(block) <= FEW_NAMES:
        yield from combinations(block, 2)
        return
    full, bare = _by_forename(names, block)
    every = [number for group in full.values() for number in group]
    yield from combinations(bare, 2)
    yield from ((min(one, two), max(one, two)) for one in bare for two in every)
    for fore, other in _akin(list(full)):
        if fore == other:
            yield from combinations(full[fore], 2)
        else:
            yield from ((min(one, two), max(one, two)) for one in full[fore] for two in full[other])


def _compare_big(
    names: _Names, block: list[int], uses: NDArray[np.int64], big: int, far: list[tuple[list[int], list[int]]]
) -> None:
    """Split by forename: small groups are compared in full, slots of big ones and initials with their nearest."""
    full, bare = _by_forename(names.names, block)
    size = {fore: int(uses[group].sum()) for fore, group in full.items()}
    rows = set(bare)
    for fore, other in _akin(list(full)):
        if fore == other and size[fore] > big:
            rows.update(full[fore])
        elif fore == other:
            names.compare(combinations(full[fore], 2))
        elif size[fore] + size[other] <= big:
            names.compare((one, two) for one in full[fore] for two in full[other])
        else:
            rows.update(full[max((fore, other), key=lambda each: (size[each], each))])
    names.capped |= rows
    if rows:
        far.append((sorted(rows), block))


def _by_forename(names: list[Name], block: list[int]) -> tuple[dict[str, list[int]], list[int]]:
    """The names of a block by their first forename, and those that have initials only there."""
    full: dict[str, list[int]] = defaultdict(list)
    bare = []
    for number in block:
        name = names[number]
        if name.full and len(name.fore[0]) > 1:
            full[name.fore[0]].append(number)
        else:
            bare.append(number)
    return full, bare


def _akin(fores: list[str]) -> Iterator[tuple[str, str]]:
    """Pairs of forenames that may be one person's, each with itself too: prefixes, nicknames, one edit (a superset)."""
    fores = sorted(fores)
    known = set(fores)
    edits: dict[str, list[str]] = defaultdict(list)
    for number, fore in enumerate(fores):
        yield fore, fore
        for other in fores[number + 1 :]:
            if not other.startswith(fore):
                break
            yield fore, other
        yield from ((fore, other) for other in sorted(nicknames(fore) & known) if other > fore)
        for letters in {fore, *(fore[:k] + fore[k + 1 :] for k in range(len(fore)))} if len(fore) > 4 else ():
            edits[letters].append(fore)
    near = {pair for group in edits.values() for pair in combinations(sorted(group), 2)}
    yield from sorted(pair for pair in near if not pair[1].startswith(pair[0]))


def _with_nearest(corpus: Corpus, names: _Names, far: list[tuple[list[int], list[int]]], pairs: Pairs) -> Pairs:
    """The pairs, and those of capped slots with the nearest of their blocks; each pair once."""
    by_name, starts = _slots_by_name(corpus)

    def slots(numbers: list[int]) -> Ints:
        return np.sort(np.concatenate([by_name[starts[n] : starts[n + 1]] for n in numbers]))

    def may(a: Ints, b: Ints) -> NDArray[np.bool_]:
        code = corpus.name[a].astype(np.int64) * len(corpus.names) + corpus.name[b]
        codes, number = np.unique(code, return_inverse=True)
        fits = [names.relation(*divmod(int(one), len(corpus.names))) for one in codes]
        alike = np.array([fact is not None and fact[0] == EQUAL for fact in fits], np.bool_)[number]
        known = np.array([fact is not None for fact in fits], np.bool_)[number]
        return known & _comparable(corpus, a, b) & _together(corpus, a, b, alike)

    found = [nearest(corpus, slots(rows), slots(block), may) for rows, block in far]
    a, b = (np.concatenate([one[side] for one in found]) for side in (0, 1))
    code = np.unique(np.minimum(a, b).astype(np.int64) * len(corpus) + np.maximum(a, b))
    code = np.setdiff1d(code, pairs.a.astype(np.int64) * len(corpus) + pairs.b, assume_unique=True)
    more = pairs_of(corpus, np.column_stack(np.divmod(code, len(corpus))), ordered=False)
    return Pairs(*(np.concatenate((getattr(pairs, name), getattr(more, name))) for name in Pairs.__slots__))


def _slots_by_name(corpus: Corpus) -> tuple[Ints, NDArray[np.int64]]:
    by_name = np.argsort(corpus.name, kind="stable").astype(np.int32)
    return by_name, np.searchsorted(corpus.name[by_name], np.arange(len(corpus.names) + 1))


def _expand(corpus: Corpus, found: dict[tuple[int, int], Facts]) -> Pairs:
    """From pairs of names to pairs of slots, without those that the records themselves keep apart."""
    by_name, starts = _slots_by_name(corpus)
    relations = sorted(found)
    one = np.array([pair[0] for pair in relations], np.int64)
    two = np.array([pair[1] for pair in relations], np.int64)
    facts = np.array([found[pair] for pair in relations], np.int8).reshape(-1, 4)
    width = (starts[1:] - starts[:-1])[two] if len(two) else two
    total = (starts[1:] - starts[:-1])[one] * width if len(one) else one
    which = np.repeat(np.arange(len(one), dtype=np.int32), total)
    offset = np.arange(total.sum()) - np.repeat(np.cumsum(total) - total, total)
    first = by_name[starts[one[which]] + offset // width[which]]
    second = by_name[starts[two[which]] + offset % width[which]]
    keep = _comparable(corpus, first, second)
    keep &= _together(corpus, first, second, facts[which, 0] == EQUAL)
    keep &= (one[which] != two[which]) | (first < second)
    first, second, facts = first[keep], second[keep], facts[which[keep]]
    flags = facts[:, 2:].astype(np.bool_)
    low, high = np.minimum(first, second), np.maximum(first, second)
    return Pairs(low, high, facts[:, 0], facts[:, 1], flags[:, 0], flags[:, 1])


def _comparable(corpus: Corpus, a: Ints, b: Ints) -> NDArray[np.bool_]:
    """False for two rows of lists, and for a registry's initials, which name nobody."""
    return np.asarray(~corpus.nameless[a] & ~corpus.nameless[b] & ~(corpus.listed[a] & corpus.listed[b]))


def _together(corpus: Corpus, a: Ints, b: Ints, alike: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """False where two slots share a paper or one role list of a trial, or carry different ORCIDs.

    A registry names its principal investigator as official, as responsible party and again at each site, all in one
    role: there the same full name twice is no veto.
    """
    same_list = (corpus.record[a] == corpus.record[b]) & (corpus.role[a] == corpus.role[b])
    same_list &= ~(alike & corpus.trial[corpus.record[a]])
    orcids = (corpus.orcid[a] != corpus.orcid[b]) & (corpus.orcid[a] >= 0) & (corpus.orcid[b] >= 0)
    return np.asarray(~same_list & ~orcids)


def kept_apart(corpus: Corpus, left: Ints, right: Ints, names: bool = True) -> bool:
    """Whether any slot of one side cannot be the person of any slot of the other; `names` may be left out of it."""
    a, b = np.repeat(left, len(right)), np.tile(right, len(left))
    one, two = np.unique(corpus.name[left]), np.unique(corpus.name[right])
    facts = {(i, j): _relation(corpus.names[i], corpus.names[j]) for i in one.tolist() for j in two.tolist()}
    if names and not all(facts.values()):
        return True
    equal = np.array([[(facts[i, j] or (0,))[0] == EQUAL for j in two.tolist()] for i in one.tolist()])
    alike = equal[np.searchsorted(one, corpus.name[a]), np.searchsorted(two, corpus.name[b])]
    return not (_together(corpus, a, b, alike) & (not names or _comparable(corpus, a, b))).all()


def pairs_of(corpus: Corpus, wanted: "Iterable[tuple[int, int]] | NDArray[np.int64]", ordered: bool = True) -> Pairs:
    """The given pairs of slots, whatever keeps them apart; names that conflict count as initials without a middle."""
    slots = np.array(wanted if isinstance(wanted, np.ndarray) else list(wanted), np.int32).reshape(-1, 2)
    slots.sort(axis=1)
    if ordered:
        slots = slots[np.lexsort((slots[:, 1], slots[:, 0]))]
    code = corpus.name[slots[:, 0]].astype(np.int64) * len(corpus.names) + corpus.name[slots[:, 1]]
    codes, number = np.unique(code, return_inverse=True)
    met = (divmod(int(one), len(corpus.names)) for one in codes)
    facts = [_relation(corpus.names[i], corpus.names[j]) or (INEXACT, 0, False, False) for i, j in met]
    known = np.array(facts, np.int8).reshape(-1, 4)[number]
    flags = known[:, 2:].astype(np.bool_)
    return Pairs(slots[:, 0], slots[:, 1], known[:, 0], known[:, 1], flags[:, 0], flags[:, 1])


def _relation(one: Name, two: Name) -> Facts | None:
    return _alike(one) if one == two else compare_names(one, two)
