"""Ties between people who share records, by sorting pairs of array positions."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kolgraph.graph.csr import Floats, Ints

TEAM_LIMIT = 100  # records with more people than this make no ties


@dataclass(frozen=True, slots=True)
class Ties:
    """Pairs a < b of person numbers, ascending; pair i has the ascending years `years[start[i]:start[i + 1]]`."""

    a: Ints
    b: Ints
    count: Ints
    weight: Floats
    start: Ints
    years: Ints

    def year_lists(self) -> list[list[int]]:
        years, start = self.years.tolist(), self.start.tolist()
        return [years[start[i] : start[i + 1]] for i in range(len(start) - 1)]


def ties(record: Ints, person: Ints, team: Ints, year: Ints, role: Floats | None = None) -> Ties:
    """Everybody on one record is tied to everybody else on it with role(a) role(b) / (n - 1), summed over records.

    One entry per person and record, in any order; `team` is n, the people the record names (also those without entry),
    `year` is -1 when unknown. Newman, Phys Rev E 64:016132 (2001). Sums run in the order of `record`, so that equal
    input gives equal bytes.
    """
    order = np.lexsort((person, record))
    order = order[(team[order] > 1) & (team[order] <= TEAM_LIMIT)]
    record, person, team, year = record[order], person[order], team[order], year[order]
    role = np.ones(len(order)) if role is None else role[order]
    first, second = _pairs(record)
    share = role[first] * role[second] / (team[first] - 1)
    tied = share > 0
    share, when = share[tied], year[first][tied]
    base = int(person.max(initial=0)) + 1
    key = person[first][tied] * base + person[second][tied]
    by_key = np.argsort(key, kind="stable")
    unique, inverse, count = np.unique(key[by_key], return_inverse=True, return_counts=True)
    weight = np.bincount(inverse, share[by_key], minlength=len(unique))  # adds one after the other: no pairwise sums
    start, years = _years(inverse, when[by_key], len(unique))
    a, b = np.divmod(unique, base)
    return Ties(a, b, count.astype(np.int64), weight.astype(np.float64), start, years)


def _pairs(record: Ints) -> tuple[Ints, Ints]:
    """All pairs of positions i < j with equal record, records ascending."""
    _, begin, size = np.unique(record, return_index=True, return_counts=True)
    firsts: list[NDArray[np.int64]] = []
    seconds: list[NDArray[np.int64]] = []
    for n in np.unique(size[size > 1]):
        i, j = np.triu_indices(int(n), 1)
        offset = begin[size == n][:, None]
        firsts.append((offset + i).ravel())
        seconds.append((offset + j).ravel())
    if not firsts:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    first, second = np.concatenate(firsts), np.concatenate(seconds)
    order = np.argsort(record[first], kind="stable")
    return first[order], second[order]


def _years(pair: Ints, year: Ints, pairs: int) -> tuple[Ints, Ints]:
    known = year >= 0
    span = int(year.max(initial=0)) + 1
    distinct = np.unique(pair[known] * span + year[known])
    start = np.zeros(pairs + 1, np.int64)
    np.cumsum(np.bincount(distinct // span, minlength=pairs), out=start[1:])
    return start, distinct % span
