"""What changed, in a real browser: a refresh through the real loaders, and the page shows exactly that."""

import csv
import re
import shutil
from pathlib import Path

import pytest
from conftest import Served
from playwright.sync_api import Page, expect
from refresh import MOVING, NEW, TRIAL, refresh

from kolgraph.ids import split
from kolgraph.services import lists, watch
from kolgraph.workspace import Workspace

PHONE = {"width": 390, "height": 844}
READY = "#shell-page > :not([aria-busy])"


@pytest.fixture(scope="module")
def told(small_world, tmp_path_factory):
    """A refreshed landscape of its own, served; leader and mover are watched."""
    path = shutil.copytree(small_world, tmp_path_factory.mktemp("changes") / "workspace")
    with Workspace(path) as ws:
        _list(ws, path / "board.csv")
        said = refresh(ws)
        for person in (said.leader, said.mover):
            watch.watch(ws, person, "Mara Sand")
    app = Served(path)
    yield app, said
    app.stop()


def _list(ws: Workspace, file: Path) -> None:
    """An own list that knows one person by an ORCID; its rows are shown by nobody else."""
    for row in ws.store.stream("people"):
        if row["identifiers"]:
            file.write_text(f"Name,ORCID,Event,Year\n{row['name']},{split(row['identifiers'][0])[1]},Board,2026\n")
            lists.take_in(ws, file, lists.Wish("Advisors"), "Mara Sand")
            return


@pytest.fixture
def origin(told) -> str:
    return told[0].url


def go(page: Page, told, path: str) -> None:
    page.goto(f"{told[0].url}{path}")
    page.wait_for_selector(READY)


def name(told, person: str) -> str:
    return told[0].ws.store.read("person", id=person)[0]["name"]


def numbers(section) -> set[str]:
    """The records that the addresses of a section lead to."""
    found = section.locator(".change-work a:not(.k-source)").evaluate_all("links => links.map(link => link.href)")
    return {re.split("/", address.rstrip("/"))[-1] for address in found}


def unfold(section) -> None:
    section.locator("details").evaluate_all("all => all.forEach(one => { one.open = true; })")


def local(*records: str) -> set[str]:
    return {split(record)[1] for record in records}


def test_home_leads_to_the_page_which_shows_exactly_what_the_refresh_said(page: Page, told):
    _, said = told
    go(page, told, "/")
    digest = page.get_by_label("What changed", exact=True)
    expect(digest).to_contain_text("2 watched people have news, 1 person changed institution, 2 papers retracted")
    digest.get_by_role("link", name="What changed").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What changed")
    expect(page.locator(".change-summary")).to_contain_text("3 records came, 1 record went")
    watched = page.locator("#changes-watched")
    expect(watched.locator(".change-list > li")).to_have_count(2)
    unfold(watched)
    assert numbers(watched) == local(NEW, TRIAL, MOVING, said.retracted, said.withdrawn)
    places = page.locator("#changes-institutions")
    expect(places.locator(".change-list > li")).to_have_count(1)
    expect(places).to_contain_text(name(told, said.mover))
    unfold(places)
    assert numbers(places) == local(MOVING)
    gone = page.locator("#changes-retractions")
    expect(gone.locator(".change-list > li")).to_have_count(2)
    assert numbers(gone) == local(said.retracted, said.withdrawn)
    expect(gone).to_contain_text(name(told, said.leader))
    watched.get_by_role("link", name=name(told, said.leader)).click()
    page.wait_for_url(f"**/person/{said.leader}")


def test_filters_are_in_the_address_and_come_back(page: Page, told):
    app, _ = told
    go(page, told, "/changes")
    topic = app.ws.landscape.topics[0]
    page.get_by_label("Topic", exact=True).first.click()
    page.get_by_role("option", name=topic.name).click()
    page.wait_for_url("**/changes?scope=**")
    page.get_by_label("People", exact=True).first.click()
    page.get_by_role("option", name="Top 10", exact=True).click()
    page.wait_for_url("**top=10**")
    expect(page.get_by_role("heading", name="New in the top 10")).to_be_visible()
    page.reload()
    page.wait_for_selector(READY)
    expect(page.get_by_label("Topic", exact=True).first).to_have_value(topic.name)
    expect(page.get_by_label("People", exact=True).first).to_have_value("Top 10")
    page.go_back()
    expect(page.get_by_role("heading", name="New in the top 50")).to_be_visible()
    expect(page.get_by_label("People", exact=True).first).to_have_value("Top 50")


def test_a_filter_chosen_while_the_one_before_is_still_drawn_is_kept(page: Page, told):
    app, _ = told
    go(page, told, "/changes")
    topic = app.ws.landscape.topics[0]
    held = []

    def hold(route):
        if not held and "changes-body" in (route.request.post_data or ""):
            held.append(route)
        else:
            route.continue_()

    page.route("**/_dash-update-component*", hold)
    page.get_by_label("Topic", exact=True).first.click()
    with page.expect_request(lambda one: "changes-body" in (one.post_data or "")):
        page.get_by_role("option", name=topic.name).click()
    people = page.get_by_label("People", exact=True).first
    people.click()
    page.get_by_role("option", name="Top 10", exact=True).click()
    expect(people).to_have_value("Top 10")
    held[0].continue_()
    page.wait_for_url("**top=10**")
    expect(page.get_by_role("heading", name="New in the top 10")).to_be_visible()
    expect(people).to_have_value("Top 10")
    expect(page.get_by_label("Topic", exact=True).first).to_have_value(topic.name)


def test_the_two_builds_can_be_turned_round(page: Page, told):
    app, _ = told
    go(page, told, "/changes")
    first, second = (one.name for one in sorted((app.path / "snapshots").iterdir()))
    go(page, told, f"/changes?from={second}&to={first}")
    expect(page.locator(".change-summary")).to_contain_text("1 record came, 3 records went")
    expect(page.locator("#changes-retractions .change-list > li")).to_have_count(4)
    expect(page.locator("#changes-retractions")).to_contain_text("Reinstated")


def test_the_file_holds_what_the_page_shows(page: Page, told):
    app, said = told
    go(page, told, "/changes")
    with page.expect_download() as download:
        page.get_by_role("link", name="Export as CSV").click()
    rows = list(csv.DictReader(Path(download.value.path()).read_text("utf-8-sig").splitlines()))
    assert {row["record"] for row in rows if row["section"] == "retraction"} == {said.retracted, said.withdrawn}
    assert app.ws.ledger.events("export.file")[-1].actor == "Mara Sand"


def test_watch_by_keyboard_undo_and_find_it_again(page: Page, told):
    app, said = told
    other = next(
        row["id"]
        for row in app.ws.store.read("ranking", score="influence", scope="all", top=9, offset=0)
        if row["id"] not in (said.leader, said.mover)
    )
    go(page, told, f"/person/{other}")
    button = page.get_by_role("button", name=f"Watch {name(told, other)}")
    expect(button).to_have_attribute("aria-pressed", "false")
    button.focus()
    page.keyboard.press("Enter")
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(button).to_be_focused()
    expect(button).to_have_text("Watching")
    assert other in app.ws.ledger.watched()
    page.get_by_role("button", name="Undo").click()
    expect(button).to_have_attribute("aria-pressed", "false")
    assert other not in app.ws.ledger.watched()
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    go(page, told, "/changes")
    listed = page.locator(".change-watched li", has_text=name(told, other))
    field = listed.get_by_label(re.compile("^Why"))
    field.fill("Leads the registry")
    field.blur()
    expect(page.get_by_text("Noted why.")).to_be_visible()
    assert app.ws.ledger.watched()[other][0].why == "Leads the registry"
    listed.get_by_role("button", name=f"Watch {name(told, other)}").click()
    expect(page.get_by_text("No longer watching")).to_be_visible()
    assert [event.action for event in app.ws.ledger.events("watch.", other)] == [
        "watch.add", "watch.remove", "watch.add", "watch.add", "watch.remove",
    ]  # fmt: skip


def test_a_fact_has_one_mark_that_opens_the_record_at_its_source(page: Page, told):
    app, said = told
    go(page, told, f"/person/{said.mover}")
    marks = page.locator(".works li .k-source")
    expect(marks.first).to_have_text("PM")
    shown = page.locator(".works li")
    assert marks.count() == shown.count()
    expect(marks.first).to_have_attribute("href", re.compile("^https://pubmed"))
    about = marks.first.get_attribute("title")
    assert re.fullmatch(r"PubMed, pmid:\d+, fetched \S+ \S+, file [0-9a-f]{10}, loader version \S+", about)
    place = page.locator(".person-places li").first
    expect(place).to_contain_text(app.ws.store.read("person", id=said.mover)[0]["institutionName"])
    assert MOVING in place.locator(".k-source").get_attribute("title")
    orcid = page.locator(".person-chips .k-row", has_text="ORCID").locator(".k-source")
    expect(orcid).to_have_attribute("title", re.compile("^PubMed, pmid:"))
    marks.first.focus()
    assert page.evaluate("getComputedStyle(document.activeElement, '::after').content").startswith('"PubMed')


def test_a_record_that_no_public_page_shows_is_told_of_in_place(page: Page, told):
    app, _ = told
    person = next(row["id"] for row in app.ws.store.stream("people") if row["identifiers"])
    go(page, told, f"/person/{person}")
    mark = page.get_by_role("button", name=re.compile("^Source: Own lists, own:advisors"))
    expect(mark).to_have_text("List")
    mark.focus()
    page.keyboard.press("Enter")
    told_of = page.get_by_role("dialog", name="Where this comes from")
    expect(told_of).to_contain_text("none: the source shows this record to nobody")
    expect(told_of).to_contain_text("board.csv")
    page.keyboard.press("Escape")
    expect(told_of).to_be_hidden()


def test_explore_has_the_mark_and_the_toggle(page: Page, told):
    app, said = told
    page.goto(f"{app.url}/explore?pick={said.leader}")
    page.wait_for_selector("#explore[data-labels]")
    page.evaluate("id => window.dash_clientside.graph.pick?.(id)", said.leader)
    inspector = page.locator("#explore-inspector")
    expect(inspector.locator(".x-person .k-source")).to_have_attribute("href", re.compile("^https://"))
    expect(inspector.get_by_role("button", name=re.compile("^Watch "))).to_have_attribute("aria-pressed", "true")
    inspector.locator(".x-why > summary").click()
    expect(inspector.locator(".x-record .k-source").first).to_have_text(re.compile("PM|CT"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_wider_than_a_phone(page: Page, told, scheme):
    page.set_viewport_size(PHONE)
    page.emulate_media(color_scheme=scheme)
    go(page, told, "/changes")
    unfold(page.locator("#changes-body"))
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
