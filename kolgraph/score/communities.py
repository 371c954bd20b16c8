"""Communities of a scope: who belongs together, and a name for each that says what it is about."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, count

import numpy as np
from scipy import sparse

from kolgraph.graph.csr import CsrGraph, Ints
from kolgraph.graph.layout import LEAST
from kolgraph.graph.views import Tables
from kolgraph.score.naming import distinctive
from kolgraph.score.network import communities


@dataclass(frozen=True, slots=True)
class Community:
    """People of a scope who belong together; `members` are node numbers of the scope's graph."""

    id: str
    name: str
    members: Ints
    topics: tuple[str, ...]


def named(graph: CsrGraph, nodes: Ints, found: Tables, scope: str, home: Mapping[str, str]) -> list[Community]:
    """The communities of a scope, largest first; `home` is the name of each person's institution.

    A name is the phrase that most sets the group's papers apart from the rest of the scope; where two groups would
    share it, their largest institution tells them apart.
    """
    label = communities(graph)
    size = np.bincount(label, minlength=1)
    groups = int((size >= LEAST).sum())
    members = np.split(np.argsort(label, kind="stable"), np.cumsum(size))[:groups]
    phrases = _distinctive(label, groups, nodes, found)
    names: set[str] = set()
    made = []
    for rank, (who, best) in enumerate(zip(members, phrases, strict=True), start=1):
        places = Counter(place for i in who.tolist() if (place := home.get(graph.ids[i], "")))
        largest = min(places, key=lambda place: (-places[place], place), default="")
        name = _unique(best, largest, names)
        names.add(name)
        made.append(Community(community_id(scope, rank), name, who, tuple(best)))
    return made


def community_id(scope: str, rank: int) -> str:
    """`topic:oncology`, 3 -> `community:oncology-3`; number 0 holds those who are in no group of their own."""
    return f"community:{scope.removeprefix('topic:')}-{rank}"


def _unique(phrases: Sequence[str], place: str, taken: set[str]) -> str:
    """The first phrase, a second where the first is a single word; then with the place, a further phrase, a number."""
    first = phrases[0] if phrases else "Mixed Work"
    if len(phrases) > 1 and " " not in first + phrases[1]:
        first = f"{first} & {phrases[1]}"
    longer = [f"{first} · {place}"] if place else []
    longer += [f"{first} · {phrase}" for phrase in phrases[1:] if phrase not in first]
    numbered = (f"{(longer or [first])[0]} {number}" for number in count(2))
    return next(name for name in chain([first], longer, numbered) if name not in taken)


def _distinctive(label: Ints, groups: int, nodes: Ints, found: Tables) -> list[list[str]]:
    """Per community its most distinctive phrases; what its people wrote against what everybody in the scope wrote."""
    person = np.concatenate([found.authorships.person, found.investigations.person])
    record = np.concatenate([found.authorships.record, found.investigations.record])
    group = label[np.searchsorted(nodes, person)]
    used, record = np.unique(record, return_inverse=True)
    inside = group < groups
    cell, people = np.unique(group[inside] * len(used) + record[inside], return_counts=True)
    rows, columns = np.divmod(cell, max(1, len(used)))
    wrote = sparse.csr_array((people.astype(float), (rows, columns)), shape=(groups, len(used)))
    weight = np.bincount(record, minlength=len(used)).astype(float)
    return distinctive([found.title[i] for i in used.tolist()], wrote, weight)
