"""How fast PubMed, trials and ROR are read, into nouns and into the inbox; memory over ten times the length."""

import gzip
import importlib
import re
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from bench import Row, kolgraph, realdata, row
from kolgraph.inbox import Inbox
from kolgraph.loading import Ask, Loader
from kolgraph.loading.http import Client
from kolgraph.loading.runner import load

MAIN = "pubmed/pubmed21n1298_partA.xml.gz"
OLD = "pubmed/pubmed20n0014_partA.xml.gz"
TRIALS = ("ctgov/ctg-studies_nsclc.json", "ctgov/ctg-studies_digital_therapeutics.json.gz")
ROR = "ror/ror-data_merged_schema_v2.json.gz"
TIMES = 10  # how much longer the long input is


def rows() -> Iterator[Row]:
    """Processor time where it says core, else time on the wall; the best of several runs."""
    root = realdata()
    pubmed, trials, ror = (loader(name) for name in ("pubmed", "clinicaltrials", "ror"))
    speed = parsed(pubmed, root / MAIN)
    yield row("PubMed update of 2021, nouns with mentions, one core", round(speed), "records/s", ">= 8000")
    yield row("PubMed baseline of 1976, the same", round(parsed(pubmed, root / OLD)), "records/s")
    # the peer reads authors with one affiliation text each, no identifiers of places, grants, trials or investigators
    other = peer(root / MAIN)
    yield row("pubmed_parser on the same file and core", round(other), "records/s")
    yield row("kolgraph to pubmed_parser", round(speed / other, 2), "times", ">= 2.5")
    yield row("PubMed into the inbox, all cores", round(stored(pubmed, root / MAIN)), "records/s", ">= 4000")
    for name in TRIALS:
        count = round(parsed(trials, root / name, 5))
        yield row(f"ClinicalTrials.gov, {Path(name).name.partition('.')[0]}, one core", count, "studies/s", ">= 5000")
    yield row("ROR, 35,990 places into the inbox", round(35_990 / stored(ror, root / ROR), 2), "s", "< 3")
    with tempfile.TemporaryDirectory() as folder:
        peaks = []
        for times in (1, TIMES):
            path = longer(root / MAIN, Path(folder) / f"{times}.xml.gz", times)
            space = Path(folder) / f"landscape {times}"
            kolgraph(space, "init", "--topic", "Anything=anything")
            peaks.append(kolgraph(space, "load", "pubmed", "--file", path).megabytes)
            path.unlink()
        yield row(f"memory over {TIMES * 11_813:,} records of PubMed", round(peaks[1]), "MB", "< 300")
        yield row(f"the same to that over {11_813:,}", round(peaks[1] / peaks[0], 2), "times", "<= 1.2")


def loader(name: str) -> Loader:
    found: Loader = importlib.import_module(f"kolgraph.loaders.{name}").LOADER
    return found


def best(rate: Callable[[], float], runs: int) -> float:
    return max(rate() for _ in range(runs))


def parsed(loader: Loader, path: Path, runs: int = 3) -> float:
    """Records a second of processor time, from the file as it lies there to nouns, page by page."""
    client = Client(loader, Ask())

    def rate() -> float:
        begun = time.process_time()
        records = sum(len(page.records) for page in loader.pages(Ask(file=path), client, ""))
        return records / (time.process_time() - begun)

    return best(rate, runs)


def peer(path: Path) -> float:
    """The same of pubmed_parser with everything on that it can say of authors and dates."""
    parse = importlib.import_module("pubmed_parser").parse_medline_xml

    def rate() -> float:
        begun = time.process_time()
        records = sum(1 for _ in parse(str(path), year_info_only=False, author_list=True))
        return records / (time.process_time() - begun)

    return best(rate, 2)


def stored(loader: Loader, path: Path) -> float:
    """Records a second on the wall, from the file to an inbox on disk."""

    def rate() -> float:
        with tempfile.TemporaryDirectory() as folder:
            inbox = Inbox(Path(folder) / "inbox.db")
            begun = time.perf_counter()
            done = load(inbox, loader, Ask(file=path), Client(loader, Ask()), lambda done, of, what: None)
            took = time.perf_counter() - begun
            inbox.close()
        return done.records / took

    return best(rate, 3)


def longer(path: Path, to: Path, times: int) -> Path:
    """The same records again and again, each time under other numbers."""
    head, _, rest = gzip.decompress(path.read_bytes()).partition(b"<PubmedArticleSet>")
    body = rest.rpartition(b"</PubmedArticleSet>")[0]
    with gzip.open(to, "wb", compresslevel=1) as file:
        file.write(head + b"<PubmedArticleSet>")
        for turn in range(1, times + 1):
            file.write(re.sub(rb'(<PMID Version="\d+">)', rb"\g<1>%d" % turn, body))
        file.write(b"</PubmedArticleSet>\n")
    return to
