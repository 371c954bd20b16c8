"""A new user's first landscape: 20,000 papers in a browser, against a fake PubMed at the pace of the real one.

The condition is typed, the build started and watched; the browser is closed, app and build are killed and the app is
opened again; the finished landscape is explored. Papers are those of the synthetic world, so that people are many.
"""

import os
import re
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from gzip import decompress
from pathlib import Path

from bench import Row, row

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))  # the fake servers, and the app as a user starts it

from playwright.sync_api import Page, expect, sync_playwright
from running import Running
from servers.eutils import Paper, Papers, PubMed, pubmed

from kolgraph.demo import generate
from kolgraph.queue import Queue

PAPERS, PEOPLE, SEED = 20_000, 12_000, 7
_RECORD = re.compile(rb"<PubmedArticle>.*?</PubmedArticle>", re.S)
_PMID = re.compile(rb"<PMID[^>]*>(\d+)<")
_CONDITION = "lupus"


def rows() -> Iterator[Row]:
    """Bar: from the first key to the explored map in 4 minutes."""
    with tempfile.TemporaryDirectory() as folder:
        records = _records(Path(folder) / "world")
        papers = Papers({pmid: Paper("2020-03-01", f"{_CONDITION} {pmid}") for pmid in records})
        world = PubMed(papers, render=lambda pmid, paper: records[pmid])
        home = Path(folder) / "home"
        home.mkdir()
        with pubmed(world) as served, sync_playwright() as playwright:
            chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"))
            sources = {"pubmed": served.url, **dict.fromkeys(("clinicaltrials", "nihreporter"), "http://127.0.0.1:9/")}
            app = Running(home, sources)
            try:
                yield from _journey(app, chromium.new_context().new_page, Queue(home))
            finally:
                app.kill()
                chromium.close()


def _journey(app: Running, open_page, queue: Queue) -> Iterator[Row]:  # type: ignore[no-untyped-def]
    begun = time.monotonic()
    page: Page = open_page()
    page.goto(app.url + "/")
    page.get_by_label("Type a condition").fill(_CONDITION)
    page.keyboard.press("Enter")
    page.get_by_label("PubMed", exact=True).wait_for()
    others = page.locator(".new-source:not(:has-text('PubMed')) input:checked")
    while others.count():
        others.first.uncheck()
    expect(page.locator("#new-total")).to_contain_text(f"{PAPERS:,} records to load", timeout=30_000)
    yield row("condition typed, records counted", round(time.monotonic() - begun, 1), "s")
    page.get_by_role("button", name="Build").click()
    page.wait_for_url(f"**/landscapes/{_CONDITION}")
    expect(page.get_by_role("progressbar", name="Load PubMed")).to_be_visible()
    _until(lambda: any(step.done > PAPERS // 4 for step in queue.job(1).steps))
    running = queue.job(1)
    page.close()
    app.kill()
    os.kill(running.pid, signal.SIGKILL)
    _until(lambda: not queue.working())
    app.start()
    page = open_page()
    page.goto(f"{app.url}/landscapes/{_CONDITION}")
    phases: dict[str, float] = {}
    while not page.locator(".builds-told").get_by_text("is ready").count():
        job = queue.job(1)
        step = next((one for one in job.steps if one.state == "running"), None)
        if step:
            phases[step.title] = phases.get(step.title, 0.0) + 0.2
        if job.state == "failed" or time.monotonic() - begun > 900:
            raise RuntimeError(f"the build did not end well: {job.message}")
        page.wait_for_timeout(200)
    for title, seconds in phases.items():
        yield row(title, round(seconds, 1), "s")
    yield row("built, after one kill of app and build", round(time.monotonic() - begun, 1), "s")
    page.locator(".builds-told").get_by_role("link", name="Explore it").click()
    page.wait_for_url("**/explore**")
    people = "document.getElementById('explore-graph')?._cyreg?.cy.nodes('.p').length || 0"
    _until(lambda: page.evaluate(people) > 100)
    yield row("from the first key to the explored map", round(time.monotonic() - begun, 1), "s", "<= 240")


def _records(folder: Path) -> dict[int, str]:
    """PMID -> record of the first papers of a synthetic world."""
    generate(folder, PEOPLE, SEED, lambda done, of, what: None)
    found: dict[int, str] = {}
    for path in sorted((folder / "pubmed").glob("*.xml.gz")):
        for record in _RECORD.findall(decompress(path.read_bytes())):
            found.setdefault(int(_PMID.search(record)[1]), record.decode())
    return dict(sorted(found.items())[-PAPERS:])


def _until(true, seconds: float = 300) -> None:  # type: ignore[no-untyped-def]
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            raise RuntimeError("it did not come to pass")
        time.sleep(0.05)
