"""The mentions that were joined to one person, and what holds each: for whoever looks for one that does not belong."""

from dataclasses import dataclass, replace

import numpy as np
import pyarrow.parquet as pq

from kolgraph.errors import UsageError
from kolgraph.resolve.persons import probability
from kolgraph.services.confidence import Confidence
from kolgraph.services.identity import weights
from kolgraph.services.identity_index import Index, index
from kolgraph.services.identity_pair import weigh
from kolgraph.services.identity_works import Work, works
from kolgraph.services.sources import label
from kolgraph.workspace import Workspace

ORDERS = ("weakest", "newest")
TOLD = 12  # mentions whose link is told in words at once; the others say it when they are asked
TOP = 2  # pieces of evidence in those words
NAMES = {"surname", "forename", "few_authors", "alone"}  # say the same of every record of a person


@dataclass(frozen=True, slots=True)
class Held:
    """A mention and what holds it: `by` a hard fact, a soft link or nothing (the only one).

    `other` is the mention at the other end of the link, `probability` that of the link, `words` the top evidence.
    """

    work: Work
    by: str  # hard, soft, alone
    other: str = ""
    other_label: str = ""
    probability: float | None = None
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Opened:
    """A person's mentions. `size` counts all; `held` has the latest of them, with what their records say."""

    person: str
    name: str
    forms: tuple[tuple[str, int], ...]
    size: int
    confidence: Confidence
    rank: int
    held: tuple[Held, ...]


def opened(ws: Workspace, person: str, order: str = "weakest") -> Opened:
    """Open a person; merged ids are followed. Raises UsageError for nobody of the present resolution."""
    known = index(ws)
    number = known.mentions.who.get(ws.ledger.follow(person))
    if number is None:
        raise UsageError("nobody of this landscape has this id: it may be mistyped, or the records have changed")
    said = known.mentions
    links = _links(ws, said.people[number])
    held = [_held(one, links) for one in works(ws, known, number)]
    if order == "weakest":
        held.sort(key=lambda one: (one.by != "soft", one.probability or 0.0))
    told = [_told(ws, one) if i < TOLD else one for i, one in enumerate(held)]
    return Opened(
        person=said.people[number],
        name=said.name(number),
        forms=tuple(said.forms(number)),
        size=said.size(number),
        confidence=said.sure(number),
        rank=int(weights(ws, known).rank[number]),
        held=tuple(told),
    )


def _links(ws: Workspace, person: str) -> dict[str, tuple[str, float]]:
    """Mention -> the other end of the link by which it was joined, and the log-odds of that link."""
    columns = ["step", "a", "b", "value", "pair_a", "pair_b"]
    rows = pq.read_table(ws.resolved / "merges.parquet", columns=columns, filters=[("person", "=", person)]).to_pylist()
    found: dict[str, tuple[str, float]] = {}
    for row in sorted(rows, key=lambda row: row["step"]):
        for mention in (row["a"], row["b"]):  # whoever was alone till then is the smallest of its side
            if mention in (row["pair_a"], row["pair_b"]):
                other = row["pair_b"] if mention == row["pair_a"] else row["pair_a"]
                found.setdefault(mention, (other, row["value"]))
    return found


def _held(work: Work, links: dict[str, tuple[str, float]]) -> Held:
    if work.hard:
        return Held(work, "hard")
    if work.mention not in links:
        return Held(work, "alone")
    other, value = links[work.mention]
    sure = float(probability(np.array([value]))[0])
    return Held(work, "soft", other, label(other.partition("#")[0]), sure)


def _told(ws: Workspace, one: Held) -> Held:
    found = weigh(ws, one.work.mention, one.other) if one.by == "soft" else None
    if found is None:
        return one
    speaking = sorted((each for each in found.told if each.value > 0), key=lambda each: each.feature in NAMES)
    return replace(one, words=tuple(each.words for each in speaking)[:TOP])


def whose(ws: Workspace, mentions: list[str]) -> str:
    """The one person that these mentions are. Raises UsageError where they are several, or one is not known."""
    known: Index = index(ws)
    rows = [known.mentions.row(key) for key in mentions]
    people = {int(known.mentions.person[row]) for row in rows if row is not None}
    if len(people) != 1 or None in rows:
        raise UsageError("these records are no longer all of one person: the landscape was built again meanwhile")
    return known.mentions.people[people.pop()]
