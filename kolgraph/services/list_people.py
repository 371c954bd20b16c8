"""The people of a landscape as lists are checked against them: names from records, places and years from the graph."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import pyarrow.parquet as pq

from kolgraph.errors import UsageError
from kolgraph.graph.people import fullness
from kolgraph.lists.people import Known, People, Place, Stay, words
from kolgraph.model import mention_key, mentions_of
from kolgraph.workspace import Workspace

OWN = "own:"  # rows of lists: they are what is looked up, and nobody to find


def people(ws: Workspace) -> People:
    """Everybody of the graph who is on a record. Raises UsageError while there is no graph."""
    spelled = _spelled(ws)
    places = _places(ws)
    stays: dict[str, list[Stay]] = defaultdict(list)
    for row in ws.store.stream("affiliations"):
        stays[row["person"]].append(Stay(row["institution"], row["firstYear"], row["lastYear"], bool(row["isCurrent"])))
    topics = _topics(ws)
    numbers = _numbers(ws, {key: person for person, (_, keys) in spelled.items() for key in keys})
    found = []
    for row in ws.store.stream("people"):
        if row["id"] in spelled:
            forms, keys = spelled[row["id"]]
            own = topics.get(row["id"], ())
            found.append(_known(row, forms, keys[0], stays[row["id"]], numbers.get(row["id"], set()), own))
    if not found:
        raise UsageError("there are no people yet to check a list against: run `kolgraph run` first")
    return People(found, places)


def _known(
    row: Mapping[str, Any],
    forms: list[str],
    mention: str,
    stays: list[Stay],
    numbers: set[str],
    topics: tuple[tuple[str, frozenset[str]], ...],
) -> Known:
    main = row["institution"]
    stays.sort(key=lambda stay: (stay.place != main, not stay.current, -(stay.last or 0), stay.place))
    return Known(
        row["id"],
        row["name"],
        tuple(forms),
        mention,
        tuple(sorted({*row["identifiers"], *numbers})),
        row["country"],
        row["region"],
        row["city"],
        row["lastYear"],
        row["paperCount"],
        row["trialCount"],
        tuple(stays),
        tuple(name for name, _ in topics),
        frozenset[str]().union(*(own for _, own in topics)),
    )


def _spelled(ws: Workspace) -> dict[str, tuple[list[str], list[str]]]:
    """Of every person on a record: their spellings, and the keys of their mentions, the fullest name first."""
    path = ws.resolved / "mentions.parquet"
    if not path.exists():
        raise UsageError("nobody is resolved yet: run `kolgraph run` first")
    table = pq.read_table(path, columns=["record", "position", "person", "name"])
    mentions: dict[str, list[tuple[str, str]]] = defaultdict(list)
    listed: dict[str, list[str]] = defaultdict(list)
    for record, position, person, name in zip(*(column.to_pylist() for column in table.columns), strict=True):
        if record.startswith(OWN):
            listed[person].append(mention_key(record, position))
        else:
            mentions[person].append((name, mention_key(record, position)))
    found = {}
    for person, own in mentions.items():
        own.sort(key=lambda one: (*(-part for part in fullness(one[0])), one[1]))
        found[person] = (list(dict.fromkeys(name for name, _ in own)), [key for _, key in own] + listed[person])
    return found


def _places(ws: Workspace) -> dict[str, Place]:
    around: dict[str, set[str]] = defaultdict(set)
    above: dict[str, set[str]] = defaultdict(set)
    for row in ws.store.stream("parts"):
        above[row["child"]].add(row["parent"])
        around[row["parent"]].add(row["child"])
    for child in list(above):
        waiting = list(above[child])
        while waiting:
            parent = waiting.pop()
            if parent not in around[child] and parent != child:
                around[child].add(parent)
                waiting += above.get(parent, ())
    return {
        row["id"]: Place(
            row["id"],
            row["name"],
            words(row["searchName"]),
            row["city"],
            row["country"],
            frozenset(around.get(row["id"], ())),
        )
        for row in ws.store.stream("institutions")
    }


def _topics(ws: Workspace) -> dict[str, tuple[tuple[str, frozenset[str]], ...]]:
    """The topics in which people have a place on the map, with the words of their names and terms."""
    known = {
        row["id"]: (row["name"], words(" ".join((row["name"], *row["terms"])))) for row in ws.store.stream("topics")
    }
    found: dict[str, dict[str, frozenset[str]]] = defaultdict(dict)
    for row in ws.store.stream("members"):
        if row["scope"] in known:
            name, own = known[row["scope"]]
            found[row["person"]][name] = own
    return {person: tuple(sorted(own.items())) for person, own in found.items()}


def _numbers(ws: Workspace, person_of: Mapping[str, str]) -> dict[str, set[str]]:
    """NPIs by which registers know people, ORCIDs and NPIs that rows of lists brought to people on records."""
    found: dict[str, set[str]] = defaultdict(set)
    path = ws.resolved / "links.parquet"
    if path.exists():
        table = pq.read_table(path, columns=["person", "entry"], filters=[("state", "=", "linked")])
        for person, entry in zip(*(column.to_pylist() for column in table.columns), strict=True):
            if entry.startswith("npi:"):
                found[person].add(entry)
    for noun in ws.inbox.listed():
        for mention in mentions_of(noun):
            if person := person_of.get(mention_key(noun.id, mention.position)):
                found[person].update(({f"orcid:{mention.orcid}"} if mention.orcid else set()) | {*mention.identifiers})
    return found
