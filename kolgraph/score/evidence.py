"""What people did in a scope and a window, as scores see it."""

from dataclasses import dataclass

import numpy as np

from kolgraph.graph.csr import Floats, Ints
from kolgraph.graph.views import Tables

WINDOW = 10  # years, the reference year included
HALF_LIFE = 5.0  # years after which a paper or trial says half as much about who matters now


@dataclass(frozen=True, slots=True)
class Evidence:
    """Counted papers and trials of one scope within the window.

    `active` are the people (ascending numbers) who have any: the ones that are scored. `first` is the year in which
    each person of the landscape first appears at all (9999 unknown), `latest` the reference year.
    """

    scope: str
    found: Tables
    active: Ints
    first: Ints
    latest: int

    def total(self, person: Ints, value: Floats) -> dict[str, float]:
        """The sum of `value` per person, for those who have any entry."""
        sums = np.bincount(person, value, minlength=len(self.found.people))
        return {self.found.people[i]: float(sums[i]) for i in np.unique(person).tolist()}

    def with_zeros(self, values: dict[str, float]) -> dict[str, float]:
        """Everybody active: zero for those without a value, where having none is itself a measurement."""
        people = self.found.people
        return {people[i]: values.get(people[i], 0.0) for i in self.active.tolist()}


def evidence(whole: Tables, scope: str) -> Evidence:
    """The evidence of a scope in the last WINDOW years up to the landscape's reference year."""
    first = np.full(len(whole.people), 9999)
    for done in (whole.authorships, whole.investigations):
        dated = done.year >= 0
        np.minimum.at(first, done.person[dated], done.year[dated])
    found = whole.within(scope, since=whole.latest - WINDOW + 1)
    return Evidence(scope, found, found.active(), first, whole.latest)


def recency(year: Ints | int, latest: int) -> Floats:
    """2^(-age / 5 years); what is dated after the reference year counts as of that year."""
    age: Floats = np.maximum(0, latest - np.asarray(year)) / HALF_LIFE
    return np.exp2(-age)
