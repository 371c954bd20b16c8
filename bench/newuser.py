"""A new user's landscape: 20,000 papers from a fake PubMed at the pace of the real one, killed on the way."""

import os
import random
import re
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench import Row, row

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))  # the fake servers

from servers.eutils import Paper, Papers, PubMed, pubmed, record

from kolgraph.asking import Access
from kolgraph.services import landscapes, new_landscape
from kolgraph.services.shelf import shelf

PAPERS, LABS, TEAM = 20_000, 800, 10


def _lab(pmid: int, paper: Paper) -> str:
    """A record by six of the ten people of a laboratory."""
    lab = pmid % LABS
    chosen = random.Random(pmid).sample(range(TEAM), 6)
    author = "<Author><LastName>{}</LastName><ForeName>{}</ForeName></Author>"
    letters = "abcdefghijklmnopqrst"
    family = f"L{letters[lab // 40]}{letters[lab % 20]}{letters[lab // 20 % 20]}u"
    names = [(family, f"F{letters[n]}{letters[lab % 20]}in") for n in chosen]
    authors = "".join(author.format(*name) for name in names)
    return re.sub("<AuthorList>.*</AuthorList>", f"<AuthorList>{authors}</AuthorList>", record(pmid, paper))


def rows() -> Iterator[Row]:
    """Bar: from the condition to the finished graph in 4 minutes, the build killed once."""
    papers = Papers({90_000_000 + n: Paper(f"{2016 + n % 10}-03-01", f"Asthma, part {n}") for n in range(PAPERS)})
    with tempfile.TemporaryDirectory() as folder, pubmed(PubMed(papers, render=_lab)) as served:
        begun = time.monotonic()
        one = shelf(Path(folder) / "workspace", access=Access(base_urls={"pubmed": served.url}))
        form = {"topics": [{"name": "asthma", "terms": new_landscape.suggest(one, "asthma")}], "sources": ["pubmed"]}
        counted = new_landscape.count(one.access, new_landscape.recipe(form), "pubmed")
        yield row("records counted before the build", (counted.plan and counted.plan.records) or 0, "", f"== {PAPERS}")
        slug = new_landscape.begin(one, new_landscape.recipe(form), "bench")
        phases: dict[str, float] = {}
        killed = False
        while (job := one.queue.job(1)).state in ("waiting", "running") or not killed:
            running = next((step for step in job.steps if step.state == "running"), None)
            if running:
                phases[running.title] = phases.get(running.title, 0.0) + 0.1
            if running and running.done > PAPERS // 4 and job.pid and not killed:
                os.kill(job.pid, signal.SIGKILL)
                killed = True
                while one.queue.working():
                    time.sleep(0.05)
                landscapes.revive(one)  # what opening the app does
            time.sleep(0.1)
            if job.state not in ("waiting", "running"):
                break
        took = time.monotonic() - begun
        for title, seconds in phases.items():
            yield row(title, round(seconds, 1), "s")
        found = landscapes.entry(one, slug)
        yield row("built", float(job.state == "done"), "", "== 1")
        yield row("killed on the way", job.tries, "", "== 1")
        yield row("papers in the graph", found.counts.get("Publication", 0), "", f"== {PAPERS}")
        yield row("people in the graph", found.counts.get("Person", 0), "")
        yield row("from the condition to the graph", round(took, 1), "s", "<= 240")
