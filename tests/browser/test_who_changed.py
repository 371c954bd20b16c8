"""Who is who after a build, in a real browser: undone and taken back in place; identity in doubt can be filtered."""

import shutil
from collections.abc import Iterator

import pyarrow.parquet as pq
import pytest
from conftest import Served
from playwright.sync_api import Page, expect

from kolgraph import jobs
from kolgraph.services import judging
from kolgraph.workspace import Workspace


@pytest.fixture(scope="module")
def app(small_world, tmp_path_factory) -> Iterator[Served]:
    """A landscape in which a judgement has parted a person."""
    path = shutil.copytree(small_world, tmp_path_factory.mktemp("who") / "workspace")
    with Workspace(path) as ws:
        jobs.resolve(ws)
        rows = pq.read_table(ws.resolved / "mentions.parquet").to_pylist()
        mentions: dict[str, list[str]] = {}
        for row in rows:
            mentions.setdefault(row["person"], []).append(f"{row['record']}#{row['position']}")
        most = max(mentions.values(), key=len)
        judging.split(ws, most[:3], most[3:], "Mara Sand")
        for step in (jobs.resolve, jobs.build, jobs.score):
            step(ws)
    served = Served(path)
    yield served
    served.stop()


@pytest.fixture
def origin(app) -> str:
    return app.url


def test_a_change_is_undone_and_the_undoing_taken_back(page: Page, app) -> None:
    page.goto(f"{app.url}/changes")
    page.wait_for_selector("#who-is-who")
    row = page.locator("#who-is-who .who-row")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("is now two people")
    before = app.ws.ledger.judgements()
    row.get_by_role("button", name="Undo").click()
    expect(row).to_contain_text("Takes effect with the next build")
    assert judging.pending(app.ws) == 1
    page.reload()
    expect(row).to_contain_text("Takes effect with the next build")
    row.get_by_role("button", name="Keep it after all").press("Enter")
    expect(row.get_by_role("button", name="Undo")).to_be_visible()
    assert app.ws.ledger.judgements() == before
    assert judging.pending(app.ws) == 0
    row.get_by_role("link").first.click()
    expect(page.locator(".person-head .sure-chip")).to_contain_text("Identity:")


def test_the_ranking_shows_only_those_of_whom_one_record_is_known(page: Page, app) -> None:
    page.goto(f"{app.url}/ranking")
    page.wait_for_selector(".cell-sure")
    expect(page.locator(".cell-sure").first).to_contain_text("%")
    page.get_by_role("textbox", name="Identity").click()
    page.get_by_role("option", name="One record only").click()
    page.wait_for_url(f"{app.url}/ranking?identity=one+record+only")
    expect(page.locator(".cell-sure").first).to_have_text("one record only")
    page.go_back()
    page.wait_for_url(f"{app.url}/ranking")
    expect(page.locator(".cell-sure").first).to_contain_text("%")


def test_the_mark_is_told_to_those_who_come_by_keyboard(page: Page, app) -> None:
    page.goto(f"{app.url}/changes")
    mark = page.locator("#who-is-who .k-sure").first
    mark.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    shown = mark.locator(".sure-words").evaluate("one => getComputedStyle(one, '::after').content")
    assert shown.startswith('"Identity ')
