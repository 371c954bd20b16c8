"""Which slots can touch each other: the parts that can be resolved apart, and what new slots touch.

Two names touch when they share a blocking key or are each other's parts in the other order; two slots when their names
touch, when they carry the same ORCID or NPI, or when a judgement names both.
"""

from collections.abc import Iterable, Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from kolgraph.model import Judgement
from kolgraph.names import Name
from kolgraph.resolve.block import keys
from kolgraph.resolve.corpus import names_of, numbered
from kolgraph.resolve.naming import place_in
from kolgraph.resolve.text import Ints

Flags = NDArray[np.bool_]
Index = NDArray[np.int64]


def parts(slots: pa.Table, spelt: pa.Array, judgements: Iterable[Judgement], size: int) -> list[Index]:
    """The slots in parts that cannot touch each other, each of about `size` slots or one component that is larger."""
    own = _component(slots, spelt, judgements)
    order = np.argsort(own, kind="stable")
    starts = np.flatnonzero(np.append(True, np.diff(own[order]) != 0)) if len(order) else np.zeros(0, np.int64)
    bucket = starts // size  # a component goes where its first slot falls
    cuts = starts[np.flatnonzero(np.diff(bucket) > 0) + 1]
    return [np.sort(part) for part in np.split(order, cuts) if len(part)]


def touched(slots: pa.Table, spelt: pa.Array, new: Flags, persons: Index, judgements: Iterable[Judgement]) -> Flags:
    """The slots that `new` ones can touch through others, and whole `persons` of before (-1 for none).

    Less would do for most, but what is resolved anew would then depend on what came before it.
    """
    own, found = _component(slots, spelt, judgements), new
    while True:
        wider = np.isin(own, own[found])
        wider |= np.isin(persons, persons[wider & (persons >= 0)])
        if wider.sum() == found.sum():
            return found
        found = wider


def _component(slots: pa.Table, spelt: pa.Array, judgements: Iterable[Judgement]) -> Ints:
    """By slot the number of all that it can touch, directly or through others."""
    name, names = names_of(slots)
    rows, columns = _edges(names)
    left, right = _ties(slots, spelt, judgements)
    shape = (len(names) + int(columns.max(initial=-1)) + 1,) * 2
    one = np.concatenate((rows, name[left])).astype(np.int64)
    two = np.concatenate((columns + len(names), name[right])).astype(np.int64)
    graph = coo_array((np.ones(len(one), np.int8), (one, two)), shape=shape)
    _, component = connected_components(graph, directed=False)
    return np.asarray(component[name])


def _edges(names: Sequence[Name]) -> tuple[Index, Index]:
    """(name, key) numbers: blocking keys, and for a full name the one it shares with its parts swapped."""
    numbers: dict[str, int] = {}
    rows, columns = [], []
    for number, name in enumerate(names):
        found = keys(name)
        if name.full:
            found.append("|".join(sorted(("".join(name.last), "".join(name.fore)))))
        for key in found:
            rows.append(number)
            columns.append(numbers.setdefault(key, len(numbers)))
    return np.array(rows, np.int64), np.array(columns, np.int64)


def _ties(slots: pa.Table, spelt: pa.Array, judgements: Iterable[Judgement]) -> tuple[Ints | Index, Ints | Index]:
    """Pairs of slots that hard facts bring together: each holder of a number with the first one, judged pairs."""
    left, right = [], []
    for kind in ("orcid", "npi"):
        number, _ = numbered(slots[kind])
        held = np.flatnonzero(number >= 0)
        _, first, which = np.unique(number[held], return_index=True, return_inverse=True)
        left.append(held[first][which])
        right.append(held)
    judged = list(judgements)
    a, b = (place_in(spelt, pa.array([getattr(one, side) for one in judged], pa.string())) for side in "ab")
    both = (a >= 0) & (b >= 0)
    return np.concatenate((*left, a[both])), np.concatenate((*right, b[both]))
