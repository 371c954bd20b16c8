"""A few invented records and who is who on them, for the tests of the graph and of scores."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from kolgraph.graph import build
from kolgraph.landscape import Landscape, topic
from kolgraph.model import Affiliation, Institution, Mention, Publication, Site, Trial
from kolgraph.store import GraphStore, open_store

SCHEMA = pa.schema(
    {
        "record": pa.string(),
        "position": pa.int32(),
        "person": pa.string(),
        "name": pa.string(),
        "confidence": pa.float64(),
        "hard": pa.bool_(),
        "institutions": pa.list_(pa.string()),
        "institution_confidence": pa.list_(pa.float64()),
        "country": pa.string(),
        "city": pa.string(),
        "region": pa.string(),
    }
)


@dataclass(frozen=True, slots=True)
class Nouns:
    """Records in memory, read like an inbox."""

    papers: tuple[Publication, ...] = ()
    studies: tuple[Trial, ...] = ()
    places: tuple[Institution, ...] = ()

    def publications(self) -> Iterable[Publication]:
        return iter(self.papers)

    def trials(self) -> Iterable[Trial]:
        return iter(self.studies)

    def institutions(self) -> Iterable[Institution]:
        return iter(self.places)


def who(record: str, position: int, person: str, name: str, **more: Any) -> dict[str, Any]:
    """A row of mentions.parquet."""
    place = {"institutions": [], "institution_confidence": [], "country": "", "city": "", "region": ""}
    said = {"record": record, "position": position, "person": person, "name": name}
    return {**said, "confidence": None, "hard": False, **place, **more}


def write_mentions(folder: Path, rows: Iterable[Mapping[str, Any]]) -> Path:
    folder.mkdir(exist_ok=True)
    ordered = sorted(rows, key=lambda row: (row["record"], row["position"]))
    pq.write_table(pa.Table.from_pylist(list(ordered), SCHEMA), folder / "mentions.parquet")
    return folder


def team(record: str, people: Iterable[str], **more: Any) -> tuple[Publication, list[dict[str, Any]]]:
    """A paper by `people` and its mentions; each is named after his id."""
    ids = [f"person:{one}" for one in people]
    authors = tuple(Mention(i, last=one.title()) for i, one in enumerate(people))
    given = {"title": "Asthma in towns", "year": 2020, "date": "2020-05", **more}
    return Publication(record, authors=authors, **given), [
        who(record, i, one, one.removeprefix("person:").title()) for i, one in enumerate(ids)
    ]


def built(
    folder: Path, nouns: Nouns, mentions: Iterable[Mapping[str, Any]], landscape: Landscape, **more: Any
) -> GraphStore:
    store = open_store(str(folder / "graph.db"))
    build(nouns, write_mentions(folder / "resolved", mentions), landscape, store, **more)
    return store


LANDSCAPE = Landscape("Test", (topic("Asthma=asthma"), topic("Melanoma=melanoma|skin cancer"), topic("Empty=xyzzy")))
HARBOR, CITY, CLINIC = "ror:0harbor01", "ror:0city0002", "ror:0clinic03"
PLACES = (
    Institution(CITY, "City University", acronyms=("CU",), kinds=("education",), country="SE", city="Lund", lat=55.7),
    Institution(
        CLINIC, "Children's Clinic", kinds=("healthcare",), country="SE", city="Lund", lon=13.2, parents=(CITY,)
    ),
    Institution(
        HARBOR, "Harbor University", kinds=("education", "funder"), country="US", city="Port", lat=1.0, lon=2.0
    ),
    Institution("ror:0nobody04", "Nobody Institute"),
)
PAPERS = (
    Publication(
        "pmid:1",
        title="Asthma and air",
        year=2019,
        date="2019-03-01",
        journal="Journal A",
        identifiers=("doi:10.1/a", "pmc:PMC1"),
        trials=("nct:NCT00000009", "nct:NCT00000099"),
        authors=(
            Mention(0, last="Ash", initials="A"),
            Mention(1, group="The Air Group"),
            Mention(2, last="Birch", fore="Bo", corresponding=True),
            Mention(3, last="Cedar", fore="Cai"),
        ),
    ),
    Publication(
        "pmid:2",
        title="Skin cancers",
        year=2021,
        date="2021",
        kind="review",
        authors=(
            Mention(0, last="Ash", fore="Ada", orcid="0000-0002-1825-0097"),
            Mention(1, last="Birch", fore="Bo"),
            Mention(2, last="Elm", fore="Eve", role="editor"),
        ),
    ),
    Publication(
        "pmid:3",
        title="Correction: asthma and air",
        year=2022,
        date="2022-01",
        kind="erratum",
        authors=(Mention(0, last="Ash", fore="Ada"), Mention(1, last="Dahl", fore="Di")),
    ),
)
TRIALS = (
    Trial(
        "nct:NCT00000001",
        title="Inhaled steam",
        status="completed",
        phases=("3", "2"),
        start="2023-05",
        updated="2021-06-01",
        conditions=("Asthma",),
        sponsor="Harbor University",
        sites=(Site("Children's Clinic", city="Lund", country="SE"), Site("Somewhere else")),
        results=("pmid:2", "pmid:404"),
        aliases=("nct:NCT00000009",),
        investigators=(
            Mention(0, name="Bo Birch", role="principal"),
            Mention(1, name="Di Dahl", role="sub"),
            Mention(2, name="Bo Birch", role="sub"),
            Mention(3, name="Fay Fir", role="contact"),
        ),
    ),
)
ASH, BIRCH, CEDAR, DAHL, ELM, FIR = (f"person:{one}" for one in ("ash", "birch", "cedar", "dahl", "elm", "fir"))
AT_HARBOR = {"institutions": [HARBOR], "institution_confidence": [0.9], "country": "US", "city": "Port", "region": "TX"}
AT_CLINIC = {"institutions": [CLINIC, HARBOR], "institution_confidence": [0.7, 0.8], "country": "SE"}
MENTIONS = [
    who("pmid:1", 0, ASH, "A Ash", confidence=0.8, hard=True, **AT_HARBOR),
    who("pmid:1", 2, BIRCH, "Bo Birch", confidence=0.9, **AT_HARBOR),
    who("pmid:1", 3, CEDAR, "Cai Cedar", institutions=["ror:0unknown9"], institution_confidence=[1.0]),
    who("pmid:2", 0, ASH, "Ada Ash", confidence=0.8, hard=True, **AT_CLINIC),
    who("pmid:2", 1, BIRCH, "Bo Birch", confidence=0.9),
    who("pmid:2", 2, ELM, "Eve Elm"),
    who("pmid:3", 0, ASH, "ADA ASH", confidence=0.8),
    who("pmid:3", 1, DAHL, "Di Dahl"),
    who("nct:NCT00000001", 0, BIRCH, "Bo Birch", confidence=0.9, country="FR", city="Paris"),
    who("nct:NCT00000001", 1, DAHL, "Di Dahl"),
    who("nct:NCT00000001", 2, BIRCH, "Bo Birch", confidence=0.9),
    who("nct:NCT00000001", 3, FIR, "Fay Fir"),
]
NOUNS = Nouns(PAPERS, TRIALS, PLACES)


def match(place: Affiliation) -> list[tuple[str, float]]:
    """A register of places that knows exact names."""
    return [(one.id, 1.0) for one in PLACES if one.name == place.text]
