"""Registers: which practitioners, recipients of payments and investigators of grants are found to be which person.

Against the truth of the synthetic world, whose persons are the resolved ones by majority of their mentions: everybody
has own numbers, none of which papers or trials tell. Recall is over those of the registers who are in the landscape.
"""

import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from bench import Row, row
from kolgraph import demo, jobs, landscape
from kolgraph.inbox import Inbox
from kolgraph.model import Grant, Mention, Payment, Practitioner, mentions_of
from kolgraph.names import display, fold
from kolgraph.resolve.registers import link
from kolgraph.workspace import Workspace

PEOPLE, SEED = 3000, 7
SOURCES = ("ror", "pubmed", "clinicaltrials", "nppes", "openpayments", "nihreporter")


def rows(people: int = PEOPLE, seed: int = SEED) -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        demo.generate(path / "files", people, seed)
        sources = tuple(landscape.Source(name, (f"files/{name}",)) for name in SOURCES)
        landscape.write(path, landscape.Landscape(demo.TITLE, (), sources, synthetic=True))
        with Workspace(path) as ws:
            for source in sources:
                jobs.load(ws, source)
            jobs.resolve(ws)
            yield from measured(ws)


def measured(ws: Workspace) -> Iterator[Row]:
    """Precision and recall of what is linked and of the candidates, by kind of record."""
    mentions = pq.read_table(ws.resolved / "mentions.parquet")
    places = jobs.places_of(ws)
    start = time.perf_counter()
    links = link(ws.inbox, mentions, (), lambda: places)
    seconds = time.perf_counter() - start
    truth = ws.path / "files" / "truth"
    held = _persons(mentions, truth)
    whose = {person: counted.most_common(1)[0][0] for person, counted in held.items()}
    numbers = {id: person for person, *ids in _table(truth / "registers.tsv") for id in ids}
    for kind, slots in _wanted(ws.inbox, numbers, {who for counted in held.values() for who in counted}):
        of_kind = links.table.filter(pc.equal(links.table["kind"], kind)).to_pylist()
        for state in ("linked", "candidate"):
            found = [
                (slots.get((one["record"], one["position"])), one["person"]) for one in of_kind if one["state"] == state
            ]
            right = sum(who == whose.get(person, "") for who, person in found)
            among = sum(who in held.get(person, ()) for who, person in found)
            bars = (">= 0.99", ">= 0.9") if state == "linked" else ("", "")
            yield row(f"{kind}s {state}: precision of {len(found):,}", right / max(1, len(found)), "", bars[0])
            yield row(f"{kind}s {state}: recall of {len(slots):,}", right / len(slots), "", bars[1])
            yield row(f"{kind}s {state}: wrong, on persons resolved from two people", among - right, "")
    yield row("time beside resolution", seconds, "s")


def _wanted(
    inbox: Inbox, numbers: dict[str, str], present: set[str]
) -> Iterator[tuple[str, dict[tuple[str, int], str]]]:
    """Slots of registers whose human being is in the landscape, by kind."""
    for kind, noun in (("practitioner", Practitioner), ("payment", Payment), ("grant", Grant)):
        found = {}
        for one in inbox.nouns(noun):  # type: ignore[type-var]
            for mention in mentions_of(one):
                person = next((numbers[id] for id in mention.identifiers if id in numbers), "")
                if person in present:
                    found[one.id, mention.position] = person
        yield kind, found


def _persons(mentions: pa.Table, truth: Path) -> dict[str, Counter[str]]:
    """Resolved person -> the people of the world whose mentions it holds, and how many of each."""
    real = {(f"pmid:{pmid}", at): person for pmid, at, person in _table(truth / "mentions.tsv")}
    real |= {
        (f"nct:{nct}", fold(display(Mention(0, name=name)))): person
        for nct, _, name, person in _table(truth / "trial_mentions.tsv")
    }
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    columns = (mentions[name].to_pylist() for name in ("record", "position", "person", "name"))
    for record, position, person, name in zip(*columns, strict=True):
        if whom := real.get((record, str(position))) or real.get((record, fold(name))):
            votes[person][whom] += 1
    return votes


def _table(path: Path) -> list[list[str]]:
    return [line.split("\t") for line in path.read_text("utf-8").splitlines()[1:]]
