"""Two years of sources that revise, withdraw, merge and publish anew, and a disk that is full on the way."""

import json
import os
import random
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from test_loading_runner import document

from kolgraph.inbox import Inbox
from kolgraph.loading import Page, Record
from kolgraph.model import Payment, Publication


@dataclass
class Year:
    """What PubMed and Open Payments hold at one time: the truth that the inbox must come to."""

    number: int
    papers: dict[int, int]  # PMID -> version
    home: dict[int, int]  # PMID -> baseline file
    merged: dict[int, int] = field(default_factory=dict)
    payments: dict[int, float] = field(default_factory=dict)

    def later(self, chance: random.Random) -> "Year":
        """A year on: some papers are new, revised, merged or gone, some lie in another file; payments come anew."""
        papers = dict(self.papers)
        merged = dict(self.merged)
        for pmid in chance.sample(sorted(papers), 12):
            fate = chance.choice(("revised", "gone", "merged"))
            if fate == "revised":
                papers[pmid] += 1
            else:
                del papers[pmid]
                if fate == "merged":
                    merged[pmid] = pmid + 1000
                    papers[pmid + 1000] = 1
        top = max(papers) + 1
        papers |= dict.fromkeys(range(top, top + 15), 1)
        home = {pmid: self.home.get(pmid, chance.randrange(5)) for pmid in papers}
        for pmid in chance.sample(sorted(home), 10):
            home[pmid] = chance.randrange(5)
        payments = {n: amount for n, amount in self.payments.items() if chance.random() > 0.1}
        payments |= {n: chance.uniform(1, 99) for n in chance.sample(range(100), 10)}
        return Year(self.number + 1, papers, home, merged, payments)

    def now(self, pmid: int) -> int:
        """What became of a paper, merger after merger."""
        while pmid in self.merged:
            pmid = self.merged[pmid]
        return pmid

    def walks(self) -> list[tuple[str, list[Page]]]:
        """The files of a baseline and a program year, in pages of three records."""
        walks = []
        for file in range(5):
            group = f"baseline {file}"
            records = [paper(pmid, v, group) for pmid, v in sorted(self.papers.items()) if self.home[pmid] == file]
            walks.append((f"pubmed{self.number % 100}n{file:04}.xml", self._pages(records, group)))
        group = "payments of 2014"
        walks.append(
            (f"year published {self.number}", self._pages([payment(*one) for one in self.payments.items()], group))
        )
        return walks

    def _pages(self, records: list[Record], group: str) -> list[Page]:
        pages = [Page(tuple(records[at : at + 3]), cursor=str(at + 3)) for at in range(0, len(records), 3)]
        aliases = tuple((f"pmid:{old}", f"pmid:{new}") for old, new in self.merged.items())
        return [*pages, Page(replaces=(group,), mark=f"{self.number}", aliases=aliases)]


def paper(pmid: int, version: int, group: str) -> Record:
    noun = Publication(f"pmid:{pmid}", version, f"Title {version}")
    return Record(noun.id, f"{pmid} {version}".encode(), noun, version, group)


def payment(number: int, amount: float) -> Record:
    noun = Payment(f"openpayments:2014:{number}", "general", 2014, amount)
    return Record(noun.id, str(amount).encode(), noun, group="payments of 2014")


def take(inbox: Inbox, origin: str, pages: list[Page], stop: int | None = None) -> None:
    load = inbox.begin("probe", origin, "00", "1")
    done = int(load.cursor or 0) // 3
    for page in pages[done:stop]:
        inbox.store(load, page)
    if stop is None:
        inbox.finish(load)


@pytest.mark.parametrize("seed", range(4))
def test_two_years(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    first = Year(
        2025, dict.fromkeys(range(1, 61), 1), {n: n % 5 for n in range(1, 61)}, {}, dict.fromkeys(range(60), 1.0)
    )
    years = [first, first.later(chance)]
    years.append(years[1].later(chance))
    inbox = Inbox(tmp_path / "inbox.db")
    for year in years:
        walks = year.walks()
        chance.shuffle(walks)
        for origin, pages in walks:
            if chance.random() < 0.5:  # stopped, and gone on with later
                before = held(inbox)
                take(inbox, origin, pages, stop=chance.randrange(len(pages)))
                assert before[0].keys() <= held(inbox)[0].keys() | year.merged.keys(), (
                    "an unfinished walk closed something"
                )
            take(inbox, origin, pages)
        assert held(inbox) == (year.papers, year.payments)
        assert inbox.aliases() == {f"pmid:{old}": f"pmid:{year.now(old)}" for old in year.merged}
    again = Inbox(tmp_path / "again.db")  # the last year alone, beginning from nothing
    for origin, pages in years[-1].walks():
        take(again, origin, pages)
    assert again.content_hash() == inbox.content_hash()
    assert inbox.closed()["replaced"] > 0
    assert again.closed() == {}


def held(inbox: Inbox) -> tuple[dict[int, int], dict[int, float]]:
    papers = {int(one.id.removeprefix("pmid:")): one.version for one in inbox.nouns(Publication)}
    return papers, {int(one.id.rpartition(":")[2]): one.amount for one in inbox.nouns(Payment)}


FULL = """
import resource, signal, sys
limit = int(sys.argv.pop(1))
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
from kolgraph.loaders import pubmed
pubmed.PAGE = 50
from kolgraph.cli import main
main()
"""


@pytest.mark.parametrize("limit", [60_000, 200_000, 300_000, 500_000])
def test_a_full_disk_is_one_line_and_whole_pages_stay(tmp_path: Path, limit: int, begun) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "some.xml"
    path.write_bytes(document(1200))
    command = [sys.executable, "-c", FULL, str(limit), "--workspace", str(tmp_path / "ws"), "load", "pubmed", str(path)]
    full = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "COLUMNS": "500"})
    assert full.returncode == 5, full.stderr
    assert full.stderr.count("\n") == 1
    assert "inbox.db cannot be" in full.stderr
    if (tmp_path / "ws" / "inbox.db").stat().st_size:
        inbox = Inbox(tmp_path / "ws" / "inbox.db")
        assert inbox.counts()["publications"] % 50 == 0
        assert all(load.records == inbox.counts()["publications"] for load in inbox.loads())
        inbox.close()
    code, _, said = begun("load", "pubmed", str(path), workspace=tmp_path / "ws")
    assert (code, "1,200 records" in said) == (0, True)
    assert json.loads(begun("status", "--json", workspace=tmp_path / "ws")[1])["inbox"]["publications"] == 1200
