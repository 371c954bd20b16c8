"""How fast records are read: file bytes -> nouns on one core, and file -> inbox, in records a second."""

import importlib
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench import Row, realdata, row
from kolgraph.inbox import Inbox
from kolgraph.loading import Ask, Loader
from kolgraph.loading.http import Client
from kolgraph.loading.runner import load

FILES = {
    "pubmed": ("pubmed21n1298_partA.xml.gz", "pubmed20n0014_partA.xml.gz"),
    "ctgov": ("ctg-studies_nsclc.json", "ctg-studies_digital_therapeutics.json.gz"),
    "ror": ("ror-data_merged_schema_v2.json.gz", "ror-data_v1only_schema_v1.json.gz"),
}
LOADERS = {"pubmed": "pubmed", "ctgov": "clinicaltrials", "ror": "ror"}
BARS = {"pubmed21n1298_partA.xml.gz": ">= 5000"}


def rows() -> Iterator[Row]:
    """Bar: 5,000 PubMed records a second parsed on one core; processor time of the fastest of three runs."""
    root = realdata()
    for source, names in FILES.items():
        loader: Loader = importlib.import_module(f"kolgraph.loaders.{LOADERS[source]}").LOADER
        for name in names:
            path = root / source / name
            yield row(f"{name}: parsed", round(parsed(loader, path)), "records/s", BARS.get(name, ""))
            yield row(f"{name}: into the inbox", round(stored(loader, path)), "records/s")


def parsed(loader: Loader, path: Path) -> float:
    client = Client(loader, Ask())
    best = 0.0
    for _ in range(3):
        begun = time.process_time()
        records = sum(len(page.records) for page in loader.pages(Ask(file=path), client, ""))
        best = max(best, records / (time.process_time() - begun))
    return best


def stored(loader: Loader, path: Path) -> float:
    with tempfile.TemporaryDirectory() as folder:
        inbox = Inbox(Path(folder) / "inbox.db")
        begun = time.perf_counter()
        done = load(inbox, loader, Ask(file=path), Client(loader, Ask()), lambda done, of, what: None)
        took = time.perf_counter() - begun
        inbox.close()
    return done.records / took
