"""Why mentions are one person: a pair opened in words, and a person as the facts and links that hold it together."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass

import pyarrow.compute as pc
import pyarrow.parquet as pq

from kolgraph.errors import UsageError
from kolgraph.model import Listed, Mention, Publication, Trial, mention_key, mentions_of
from kolgraph.resolve import Explanation, LinkExplanation, explain_links
from kolgraph.resolve import explain as explain_pair
from kolgraph.resolve.persons import probability
from kolgraph.resolve.rarity import stored
from kolgraph.workspace import Workspace

_COLUMNS = ["record", "position", "name", "confidence", "hard", "tied"]
_TOLD = 3  # pieces of evidence in the line of a link
_KEYS = 6  # mentions that the line of a fact names


@dataclass(frozen=True, slots=True)
class Link:
    """Two parts of a person that evidence joined: half the mean over their pairs and half the best of them."""

    mean: float
    best: float
    probability: float
    opened: LinkExplanation

    def __str__(self) -> str:
        told = "; ".join(f"{one.words} {one.value:+.1f}" for one in self.opened.contributions[:_TOLD])
        link = f"{self.opened.total:+6.2f} {self.probability:4.0%}  (mean {self.mean:+.2f}, best {self.best:+.2f})"
        return f"{link}  {self.opened.pair.a} and {self.opened.pair.b}: {told}"


@dataclass(frozen=True, slots=True)
class Person:
    """What holds a person together. `links` come in order of strength, the weakest last; `facts` decide by themselves.

    `confidence` is the probability of the weakest link, None of a single mention; `hard` mentions are held by facts.
    """

    id: str
    name: str
    mentions: tuple[str, ...]
    hard: int
    confidence: float | None
    facts: tuple[str, ...]
    links: tuple[Link, ...]

    def full(self) -> str:
        """Every link as the sum that it is."""
        return "\n\n".join(str(one.opened) for one in self.links)

    def __str__(self) -> str:
        size = len(self.mentions)
        head = f"{self.name} ({self.id}), {size:,} mention{'s' * (size != 1)}"
        if self.confidence is None:
            return f"{head}: nothing had to be joined"
        lines = [f"{head}: confidence {self.confidence:.0%}, {self.hard:,} ({self.hard / size:.0%}) held by hard facts"]
        lines += [f"  decides: {fact}" for fact in self.facts]
        lines += [f"  {link}" for link in self.links]
        if self.links:
            lines[-1] += "  <- the weakest"
            lines.append("all that a link adds up from: kolgraph explain PERSON --full")
        return "\n".join(lines)


def explain(ws: Workspace, a: str, b: str) -> Explanation:
    """Why two mentions, each `record#position`, are or are not one person. Raises UsageError for one we do not hold."""
    held = _mentions(ws, [a, b])
    return explain_pair(held[a], held[b], stored(ws.resolved))


def explain_person(ws: Workspace, id: str) -> Person:
    """Everything that holds a person together; ids that were merged are followed. Raises UsageError for nobody."""
    path = ws.resolved / "mentions.parquet"
    if not path.exists():
        raise UsageError("nobody is resolved yet: run `kolgraph run` first")
    person = ws.ledger.follow(id)
    own = pc.field("person") == person
    rows = pq.read_table(path, columns=_COLUMNS, filters=own).to_pylist()
    if not rows:
        raise UsageError(f'nobody is called "{id}": give the id of a person (person:...), or two mentions')
    hard = [mention_key(row["record"], row["position"]) for row in rows if row["hard"]]
    merges = pq.read_table(ws.resolved / "merges.parquet", filters=own).sort_by([("value", "descending")]).to_pylist()
    tied = {mention_key(row["record"], row["position"]): row["tied"] for row in rows}
    held = _mentions(ws, tied if merges else hard)
    opened = explain_links(merges, tied, held, stored(ws.resolved)) if merges else []
    links = [
        Link(row["mean"], row["best"], float(probability(row["value"])), one)
        for row, one in zip(merges, opened, strict=True)
    ]
    return Person(
        id=person,
        name=max((row["name"] for row in rows), key=len),
        mentions=tuple(mention_key(row["record"], row["position"]) for row in rows),
        hard=len(hard),
        confidence=rows[0]["confidence"],
        facts=tuple(_facts(ws, {key: held[key][1] for key in hard})),
        links=tuple(links),
    )


def _facts(ws: Workspace, own: dict[str, Mention]) -> Iterator[str]:
    """What decides that these mentions belong together: numbers that several share, and judgements on two of them."""
    shared: dict[str, list[str]] = defaultdict(list)
    for key, mention in own.items():
        for number in filter(None, (mention.orcid, *mention.identifiers)):
            kind, _, rest = number.rpartition(":")
            if kind in ("", "orcid", "npi"):
                shared[f"same {kind.upper() or 'ORCID'} {rest}"].append(key)
    for fact, holders in shared.items():
        if len(holders) > 1:
            more = f" and {len(holders) - _KEYS:,} more" if len(holders) > _KEYS else ""
            yield f"{fact}: {', '.join(holders[:_KEYS])}{more}"
    judged = ws.ledger.judgements()
    now = ws.inbox.moved({key for one in judged for key in (one.a, one.b)})
    for one in judged:
        a, b = now.get(one.a, one.a), now.get(one.b, one.b)
        if one.same and a in own and b in own:
            yield f"judged one person by {one.by} (entry {one.entry}{one.why and ': '}{one.why}): {a} and {b}"


def _mentions(ws: Workspace, keys: Collection[str]) -> dict[str, tuple[Publication | Trial | Listed, Mention]]:
    """The mentions with these keys, each on its record. Raises UsageError for one that is not loaded."""
    now = ws.inbox.moved(keys)
    found: dict[str, tuple[Publication | Trial | Listed, Mention]] = {}
    for key in keys:
        record, _, position = now.get(key, key).partition("#")
        held = ws.inbox.record(record)
        noun = ws.inbox.paper(record) or (held[0] if held else None)
        if isinstance(noun, Publication | Trial | Listed):
            found.update((key, (noun, one)) for one in mentions_of(noun) if str(one.position) == position)
        if key not in found:
            raise UsageError(f'no mention "{key}" is loaded: write RECORD#POSITION, e.g. pmid:90000001#0')
    return found
