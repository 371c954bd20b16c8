"""As a new user would: a condition typed, a landscape built, everything killed on the way, explored. No terminal.

The app is a process of its own, which is killed; sources are servers on this machine; no landscape exists at first.
"""

import os
import random
import re
import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from running import Running
from servers.eutils import Paper, Papers, PubMed, pubmed, record

from kolgraph.landscape import read
from kolgraph.ledger import Ledger

PAPERS = 300
SURNAMES = tuple("Adler Brandt Costa Duval Ekman Falk Greco Hansen Ivanova Jensen Keller Lund Moreau Novak".split())  # noqa: SIM905


def several(pmid: int, paper: Paper) -> str:
    """A record with a team of authors, so that there is a network."""
    team = random.Random(pmid).sample(SURNAMES, 4)
    author = "<Author><LastName>{}</LastName><ForeName>{}</ForeName></Author>"
    authors = "".join(author.format(name, f"{name[::-1].title()}") for name in team)
    return re.sub("<AuthorList>.*</AuthorList>", f"<AuthorList>{authors}</AuthorList>", record(pmid, paper))


@pytest.fixture
def world() -> PubMed:
    papers = Papers({90_000_000 + n: Paper("2024-03-01", f"Asthma and its care, part {n}") for n in range(PAPERS)})
    said = '"asthma"[MeSH Terms] OR "asthma"[All Fields] OR "bronchial asthma"[All Fields]'
    return PubMed(papers, render=several, translations={"asthma": said})


@pytest.fixture
def app(tmp_path: Path, world: PubMed) -> Iterator[Running]:
    with pubmed(world) as served:
        one = Running(
            tmp_path, {"pubmed": served.url, **dict.fromkeys(("clinicaltrials", "nihreporter"), "http://127.0.0.1:9/")}
        )
        yield one
        for job in one.queue().unfinished():
            one.queue().cancel(job.id)
        until(lambda: not one.queue().working())
        one.kill()


@pytest.fixture
def origin(app: Running) -> str:
    return app.url


def until(true, seconds: float = 60):
    deadline = time.monotonic() + seconds
    while not (found := true()):
        assert time.monotonic() < deadline, "it did not come to pass"
        time.sleep(0.02)
    return found


def typed(page: Page, app: Running) -> None:
    """From the empty app to the form with its counts, PubMed alone ticked."""
    page.goto(app.url + "/")
    expect(page.get_by_role("heading", level=1)).to_have_text("What do you want to know about?")
    page.get_by_label("Type a condition").fill("asthma")
    page.keyboard.press("Enter")
    page.get_by_label("PubMed", exact=True).wait_for()
    others = page.locator(".new-source:not(:has-text('PubMed')) input:checked")
    while others.count():
        others.first.uncheck()
    expect(page.locator(".new-chips")).to_contain_text("bronchial asthma")
    expect(page.locator(".new-source", has_text="PubMed")).to_contain_text(f"{PAPERS} records")
    expect(page.locator("#new-total")).to_contain_text(f"{PAPERS} records to load")


@pytest.mark.noisy("ERR_", "Failed to fetch", "Callback failed", "callback")
@pytest.mark.parametrize("victim", ["app", "app and build"])
def test_a_new_user_builds_a_landscape_and_nothing_stops_it(page: Page, context: BrowserContext, app, world, victim):
    world.after = lambda _: time.sleep(0.3 if len(world.log) > 3 else 0)  # slow enough to be watched
    typed(page, app)
    page.get_by_label("Words of your own").first.fill("status asthmaticus")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Build").click()
    page.wait_for_url("**/landscapes/asthma")
    expect(page.get_by_role("progressbar", name="Load PubMed")).to_be_visible()
    expect(page.locator("#shell-jobs")).to_contain_text("Building asthma")
    assert read(app.home / "asthma").topics[0].terms[-1] == "status asthmaticus"
    page.close()  # the browser is closed, the app dies
    running = until(lambda: next((one for one in app.queue().jobs() if one.state == "running"), None))
    app.kill()
    if victim == "app and build":
        os.kill(running.pid, signal.SIGKILL)
        until(lambda: not app.queue().working())
    app.start()
    page = context.new_page()
    page.goto(app.url + "/landscapes/asthma")
    expect(page.locator(".builds-told")).to_contain_text("asthma is ready", timeout=60_000)
    expect(page.locator("#one-body")).to_contain_text(f"{PAPERS} of {PAPERS}")
    (job,) = app.queue().jobs()
    assert job.tries == (victim == "app and build")
    expect(page.get_by_title("Open another landscape")).to_contain_text("asthma")
    page.locator(".builds-told").get_by_role("link", name="Explore it").click()
    page.wait_for_url("**/explore**")
    expect(page.locator("#shell-state")).to_be_empty()
    people = "document.getElementById('explore-graph')?._cyreg?.cy.nodes().length || 0"
    until(lambda: page.evaluate(people) >= len(SURNAMES))


@pytest.mark.noisy("ERR_", "Failed to fetch", "Callback failed", "callback")
def test_cancelled_and_resumed_and_one_notice_for_all(page: Page, app, world):
    world.after = lambda _: time.sleep(0.5 if len(world.log) > 3 else 0)
    typed(page, app)
    page.get_by_role("button", name="Build").click()
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator("#one-body")).to_contain_text("What is loaded stays. Resume goes on from there.")
    world.after = None
    page.get_by_role("button", name="Resume").click()
    page.get_by_role("link", name="Data", exact=True).click()  # on another page meanwhile
    expect(page.locator(".builds-told")).to_contain_text("asthma is ready", timeout=60_000)
    expect(page.locator("#shell-about")).to_contain_text("as of")  # without a reload
    page.get_by_label("Close").click()
    expect(page.locator(".builds-told")).to_have_count(0)
    page.reload()
    expect(page.locator(".k-page").first).to_be_visible()
    expect(page.locator(".builds-told")).to_have_count(0)


@pytest.mark.noisy("409", "ERR_", "Failed to fetch", "Callback failed", "callback")
def test_copy_rename_switch_delete_and_bring_back(page: Page, context: BrowserContext, app, small_world):
    shutil.copytree(small_world, app.home / "demo")
    title = read(small_world).title
    page.goto(app.url + "/")  # there is one, none is open
    page.get_by_label(f"More about {title}").click()
    page.get_by_role("menuitem", name="Copy").click()
    expect(page.get_by_label("Title", exact=True)).to_have_value(f"{title} (copy)")
    page.get_by_label("Title", exact=True).fill("Second look")
    page.get_by_role("button", name="Save").click()
    copied = page.locator(".landscapes-one", has_text="Second look")
    expect(copied).to_contain_text("Ready")
    copied.get_by_role("button", name="Open").click()
    page.wait_for_url("**/explore**")
    expect(page.get_by_title("Open another landscape")).to_contain_text("Second look")
    stale = context.new_page()
    stale.goto(app.url + "/data")
    expect(stale.locator("#shell-page")).to_contain_text("Ledger")

    page.goto(app.url + "/landscapes")
    page.locator(".landscapes-one", has_text=title).get_by_role("button", name="Open").click()
    page.wait_for_url("**/explore**")
    expect(page.get_by_title("Open another landscape")).to_contain_text(title)
    stale.get_by_role("link", name="Plan", exact=True).click()
    expect(stale.locator("#shell-moved")).to_be_visible()  # nothing is planned in the wrong landscape
    stale.close()

    page.goto(app.url + "/landscapes")
    page.get_by_label("More about Second look").click()
    page.get_by_role("menuitem", name="Delete").click()
    page.get_by_label("Type its title to confirm").fill("Second")
    page.get_by_role("button", name="Delete").click()
    expect(page.locator("#landscapes-deleting-error")).to_contain_text("nothing was deleted")
    page.get_by_label("Type its title to confirm").fill("second look")
    page.get_by_role("button", name="Delete").click()
    expect(page.locator(".landscapes-one", has_text="Second look")).to_have_count(0)
    assert not (app.home / "second-look").exists()
    page.get_by_role("button", name="Bring back").click()
    page.wait_for_url("**/landscapes/second-look")
    acts = [
        (event.action, event.actor) for event in Ledger(app.home / "second-look" / "ledger.db").events("landscape.")
    ]
    assert acts == [(f"landscape.{what}", "Mara Sand") for what in ("copy", "delete", "restore")]

    page.goto(app.url + "/landscapes")
    page.get_by_label(f"More about {title}").click()
    page.get_by_role("menuitem", name="Rename").click()
    page.get_by_label("Title", exact=True).fill("First look")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_title("Open another landscape")).to_contain_text("First look")
    app.kill()
    app.start()  # what was open is open
    page.goto(app.url + "/")
    expect(page.get_by_title("Open another landscape")).to_contain_text("First look")


def test_a_source_that_fails_says_so_in_its_place_and_the_form_survives_a_reload(page: Page, app):
    page.goto(app.url + "/landscapes/new?condition=asthma")
    expect(page.locator(".new-source", has_text="PubMed")).to_contain_text(f"{PAPERS} records")
    failed = page.locator(".new-source", has_text="ClinicalTrials.gov")
    expect(failed).to_contain_text("no answer", timeout=30_000)
    expect(failed.get_by_label("Ask ClinicalTrials.gov again")).to_be_visible()
    page.get_by_label("From year").fill("2020")
    page.get_by_role("textbox", name="Countries").fill("germ")
    page.get_by_role("option", name="Germany").click()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Add another topic").click()
    page.get_by_label("Condition or topic").nth(1).fill("copd")
    until(lambda: "copd" in page.evaluate("location.search"))
    page.reload()
    expect(page.get_by_label("Condition or topic").nth(1)).to_have_value("copd")
    expect(page.get_by_label("From year")).to_have_value("2020")
    expect(page.locator(".new-limits")).to_contain_text("Germany")
    page.get_by_label("To year").fill("2010")
    page.keyboard.press("Tab")
    expect(page.locator("#new-total")).to_contain_text("run backwards")
    expect(page.get_by_role("button", name="Build")).to_be_disabled()


@pytest.mark.parametrize("path", ["/", "/landscapes/new?condition=asthma"])
def test_no_landscape_page_is_wider_than_a_phone(page: Page, app, path):
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(app.url + path)
    page.wait_for_selector("#shell-page > :not([aria-busy])")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
