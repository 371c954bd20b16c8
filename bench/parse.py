"""How fast records are read: file bytes -> nouns on one core, and file -> inbox, records per second.

`python bench/parse.py FILE...` with PubMed XML, ClinicalTrials.gov or ROR files; without files the real records that
KOLGRAPH_REALDATA names. CPU time of the fastest of three runs for parsing, wall time of one run for storing.
"""

import importlib
import os
import sys
import tempfile
import time
from pathlib import Path

from kolgraph.inbox import Inbox
from kolgraph.loading import Ask, Loader
from kolgraph.loading.http import Client
from kolgraph.loading.runner import load

OURS = {
    "pubmed": ("pubmed/pubmed21n1298_partA.xml.gz", "pubmed/pubmed20n0014_partA.xml.gz"),
    "clinicaltrials": ("ctgov/ctg-studies_nsclc.json", "ctgov/ctg-studies_digital_therapeutics.json.gz"),
    "ror": ("ror/ror-data_merged_schema_v2.json.gz", "ror/ror-data_v1only_schema_v1.json.gz"),
}


def main(files: list[Path]) -> None:
    """Print one line a file."""
    if not files:
        root = Path(os.environ.get("KOLGRAPH_REALDATA", Path(__file__).parents[2] / "shared" / "realdata"))
        files = [root / name for names in OURS.values() for name in names]
    print(f"{'file':45} {'records':>8} {'MB':>7} {'parse/s':>9} {'into the inbox/s':>17}")
    for path in files:
        loader = _loader(path)
        client = Client(loader, Ask())
        best = 0.0
        for _ in range(3):
            begun = time.process_time()
            records = sum(len(page.records) for page in loader.pages(Ask(file=path), client, ""))
            best = max(best, records / (time.process_time() - begun))
        with tempfile.TemporaryDirectory() as folder:
            inbox = Inbox(Path(folder) / "inbox.db")
            wall = time.perf_counter()
            load(inbox, loader, Ask(file=path), client, lambda done, of, what: None)
            wall = time.perf_counter() - wall
            inbox.close()
        size = path.stat().st_size / 1e6
        print(f"{path.name:45} {records:8,} {size:7.1f} {best:9,.0f} {records / wall:17,.0f}")


def _loader(path: Path) -> Loader:
    source = "ror" if "ror" in path.name else "pubmed" if ".xml" in path.name else "clinicaltrials"
    found: Loader = importlib.import_module(f"kolgraph.loaders.{source}").LOADER
    return found


if __name__ == "__main__":
    main([Path(name) for name in sys.argv[1:]])
