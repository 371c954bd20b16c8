"""Edges between people and records, and the ties that follow from them, out of the mentions."""

from collections.abc import Iterable, Iterator

import numpy as np

from kolgraph.graph.csr import Floats, Ints
from kolgraph.graph.edges import ties
from kolgraph.graph.mentions import ROLES, Mentions
from kolgraph.store import Row


def coauthored(mentions: Mentions) -> Iterator[Row]:
    """Ties over papers that count; see `edges.ties`."""
    chosen = _entries(mentions, ["author"])
    chosen = chosen[mentions.counted[chosen]]
    return _tie_rows(mentions, chosen, mentions.team[chosen], None)


def coinvestigated(mentions: Mentions) -> Iterator[Row]:
    """Ties over trials, weighted by role; a person listed twice on a trial is one of its people."""
    chosen = _entries(mentions, list(ROLES))
    _, which, size = np.unique([mentions.record[i] for i in chosen.tolist()], return_inverse=True, return_counts=True)
    role = np.array([ROLES[mentions.role[i]] for i in chosen.tolist()], float)
    return _tie_rows(mentions, chosen, size[which].astype(np.int64), role)


def nominated(mentions: Mentions, pairs: Iterable[tuple[str, str]]) -> Iterator[Row]:
    """Who named whom, over (record, name of its list) of each nomination; nobody names themselves."""
    found: dict[tuple[str, str], list[str]] = {}
    for record, listed in pairs:
        who = {
            mentions.position[i]: mentions.people[mentions.person[i]] for i in range(*mentions.span.get(record, (0, 0)))
        }
        if 0 in who and 1 in who and who[0] != who[1]:
            found.setdefault((who[1], who[0]), []).append(listed)
    for (nominator, nominee), lists in sorted(found.items()):
        yield {"nominator": nominator, "nominee": nominee, "count": len(lists), "lists": sorted(set(lists))}


def _tie_rows(mentions: Mentions, chosen: Ints, team: Ints, role: Floats | None) -> Iterator[Row]:
    number = {record: i for i, record in enumerate(mentions.span)}
    record = np.array([number[mentions.record[i]] for i in chosen.tolist()], np.int64)
    found = ties(record, mentions.person[chosen], team, mentions.year[chosen], role)
    ids = mentions.people
    columns = (found.a.tolist(), found.b.tolist(), found.count.tolist(), found.weight.tolist(), found.year_lists())
    for a, b, count, weight, years in zip(*columns, strict=True):
        yield {"a": ids[a], "b": ids[b], "count": count, "weight": weight, "years": years}


def _entries(mentions: Mentions, roles: list[str]) -> Ints:
    """One mention per record and person among `roles`: the strongest role, then the first place."""
    wanted = {role: i for i, role in enumerate(sorted(roles, key=lambda role: -ROLES.get(role, 0.0)))}
    best: dict[tuple[str, int], int] = {}
    for i, (role, record, person) in enumerate(
        zip(mentions.role, mentions.record, mentions.person.tolist(), strict=True)
    ):
        if role in wanted:
            held = best.setdefault((record, person), i)
            if wanted[role] < wanted[mentions.role[held]]:
                best[record, person] = i
    return np.array(sorted(best.values()), np.int64)


def authored(mentions: Mentions) -> Iterator[Row]:
    for i in _entries(mentions, ["author"]).tolist():
        yield {
            "person": mentions.people[mentions.person[i]],
            "publication": mentions.record[i],
            "position": int(mentions.rank[i]),
            "authorCount": int(mentions.team[i]),
            "isCorresponding": bool(mentions.corresponding[i]),
        }


def investigated(mentions: Mentions) -> Iterator[Row]:
    for i in _entries(mentions, list(ROLES)).tolist():
        person = mentions.people[mentions.person[i]]
        yield {"person": person, "trial": mentions.record[i], "role": mentions.role[i]}
