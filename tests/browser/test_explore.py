"""Explore in a real browser: attach, search, pick, line, receipt, expand, undo, filters, list, files, dark, small."""

import csv
import io
import re

import pytest
from playwright.sync_api import Page, expect

GRAPH = "window.dash_clientside.graph"
READY = "#explore[data-labels]"


@pytest.fixture
def explore(page: Page) -> Page:
    return opened(page, "/explore")


def opened(page: Page, address: str) -> Page:
    page.goto(address)
    page.wait_for_selector(READY)
    return page


def state(page: Page, name: str) -> str:
    return page.locator("#explore").get_attribute(f"data-{name}") or ""


def number(page: Page, name: str) -> int:
    return int(state(page, name) or 0)


def best(page: Page, place: int = 0) -> str:
    """Id of the person in this place by influence, among those drawn."""
    return page.evaluate(
        f"at => [...{GRAPH}.nodes.values()].sort((a, b) => (b.data('v') ?? -1) - (a.data('v') ?? -1))[at].id()", place
    )


def click_person(page: Page, person: str, *, double: bool = False, shift: bool = False) -> None:
    at = page.evaluate(
        f"""id => {{ const p = {GRAPH}.nodes.get(id).renderedPosition();
        const b = {GRAPH}.cy.container().getBoundingClientRect();
        return {{ x: p.x + b.left, y: p.y + b.top }}; }}""",
        person,
    )
    if shift:
        page.keyboard.down("Shift")
    page.mouse.dblclick(at["x"], at["y"]) if double else page.mouse.click(at["x"], at["y"])
    if shift:
        page.keyboard.up("Shift")


def picked(page: Page, person: str) -> None:
    page.wait_for_function(f"id => {GRAPH}.view.pick === id", arg=person)
    page.wait_for_selector("#explore.has-pick:not(.is-filling) .x-card")


def test_the_bridge_leans_on_what_the_pinned_canvas_has(explore):
    kept = explore.evaluate(
        f"""() => {{ const cy = document.getElementById('explore-graph')._cyreg.cy;
        const types = cy._private.emitter.listeners.map(one => one.type);
        return {{ same: cy === {GRAPH}.cy, texture: typeof cy.renderer().textureOnViewport, off: typeof cy.off,
          stock: types.filter(type => ['select', 'unselect', 'add', 'dragfree', 'viewport'].includes(type)) }}; }}"""
    )
    assert kept == {"same": True, "texture": "boolean", "off": "function", "stock": []}


def test_it_opens_on_the_map_with_named_groups_and_few_labels(explore):
    assert number(explore, "drawn") > 20
    assert 0 < number(explore, "labels") <= 20
    assert explore.locator(".x-group").count() > 0
    expect(explore.locator("#explore-hidden")).to_contain_text(re.compile("Hidden|Nothing"))
    assert explore.locator(".x-facet").count() > 0


def test_no_name_covers_a_name(explore):
    overlaps = explore.evaluate(
        f"""() => {{ const all = [...{GRAPH}.labels.boxes, ...{GRAPH}.labels.groups.map(g => g.box)]; let n = 0;
        all.forEach((a, i) => all.slice(0, i).forEach(b => {{
          if (a.x1 < b.x2 && a.x2 > b.x1 && a.y1 < b.y2 && a.y2 > b.y1) n += 1; }})); return n; }}"""
    )
    assert overlaps == 0


def test_search_finds_picks_and_opens_the_inspector(explore):
    name = explore.evaluate(f"id => {GRAPH}.nodes.get(id).data('n')", best(explore))
    explore.keyboard.press("/")
    explore.keyboard.type(name)
    explore.keyboard.press("Enter")
    explore.wait_for_selector("#explore.has-pick:not(.is-filling) .x-card")
    expect(explore.locator(".x-card h2")).to_have_text(name)
    expect(explore.locator("#explore-live")).to_contain_text("coauthor")
    assert "pick=person:" in explore.url


def test_click_opens_the_card_whose_parts_lead_to_the_records(explore):
    person = best(explore)
    click_person(explore, person)
    picked(explore, person)
    explore.locator(".x-why > summary").click()
    expect(explore.locator(".x-part").first).to_contain_text("weight")
    expect(explore.locator(".x-why .x-record").first).to_contain_text("fetched")
    assert "person:" not in explore.locator("#explore-inspector").inner_text()


def test_a_line_opens_its_receipt(explore):
    person = best(explore)
    click_person(explore, person)
    picked(explore, person)
    explore.wait_for_function(f"() => {GRAPH}.cy.edges('.lit').length > 0 && !{GRAPH}.cy.animated()")
    spot = explore.evaluate(
        f"""() => {{ const G = {GRAPH}, b = G.cy.container().getBoundingClientRect(); const free = [];
        G.cy.edges('.lit').filter(e => e.data('k') === 0 && e.visible()).forEach(e => {{
          const s = e.source().renderedPosition(), t = e.target().renderedPosition();
          for (const f of [0.35, 0.5, 0.65]) {{ const x = s.x + f * (t.x - s.x), y = s.y + f * (t.y - s.y);
            const away = n => Math.hypot(n.renderedPosition().x - x, n.renderedPosition().y - y);
            const near = G.cy.nodes('.p').filter(n => away(n) < n.renderedOuterWidth() / 2 + 8).length;
            const inside = x > 5 && y > 5 && x < b.width - 5 && y < b.height - 5;
            if (!near && inside) free.push({{ x: x + b.left, y: y + b.top }}); }} }});
        return free[0] || null; }}"""
    )
    assert spot, "no line of the neighbourhood is free to click"
    explore.mouse.click(spot["x"], spot["y"])
    explore.wait_for_selector("#explore.has-receipt:not(.is-filling-receipt) #explore-receipt .x-record")
    expect(explore.locator(".x-sum")).to_contain_text(re.compile("shared (paper|trial)"))
    expect(explore.locator("#explore-receipt .x-record a").first).to_have_attribute("href", re.compile("^https://"))
    explore.keyboard.press("Escape")
    expect(explore.locator(".x-card h2")).to_be_visible()


def test_a_tie_of_the_card_opens_its_receipt_with_the_same_count(explore):
    person = best(explore)
    click_person(explore, person)
    picked(explore, person)
    said = explore.locator(".x-tie-why").first.inner_text().split(" · ")[0]
    explore.locator(".x-tie-why").first.click()
    explore.wait_for_selector("#explore-receipt .x-record")
    count, kind = said.split()
    expect(explore.locator(".x-sum")).to_contain_text(f"{count} shared {kind}")


def test_expand_by_double_click_undo_and_redo(explore):
    explore.evaluate(f"() => {GRAPH}.labels.place()")
    person = explore.evaluate(
        f"""() => [...{GRAPH}.nodes.keys()].map(id => [id, {GRAPH}.show.left(id)])
        .map(([id, left]) => [id, left.coauthor + left.coinvestigator]).sort((a, b) => b[1] - a[1])[0]"""
    )
    before = number(explore, "drawn")
    click_person(explore, person[0], double=True)
    explore.wait_for_function("() => Number(document.getElementById('explore').dataset.steps) > 1")
    explore.wait_for_selector("#explore:not(.is-waiting)")
    after = number(explore, "drawn")
    assert before <= after <= before + 25
    expect(explore.locator("#explore-trail .is-here")).to_contain_text("Expanded")
    while number(explore, "step"):
        explore.keyboard.press("Control+z")
    assert number(explore, "drawn") == before
    while number(explore, "step") < number(explore, "steps") - 1:
        explore.keyboard.press("Control+Shift+z")
    assert number(explore, "drawn") == after


def test_only_this_network_and_back(explore):
    person = best(explore)
    click_person(explore, person)
    picked(explore, person)
    explore.keyboard.press("o")
    explore.wait_for_function(f"() => {GRAPH}.view.focus && !{GRAPH}.waiting")
    shown = number(explore, "shown")
    assert shown == 1 + explore.evaluate(f"id => {GRAPH}.show.near(id).length", person)
    assert "ego=person:" in explore.url
    explore.locator("#explore-chips button").click()
    explore.wait_for_function(f"() => Number(document.getElementById('explore').dataset.shown) >= {shown}")
    explore.go_back()
    explore.wait_for_function(f"() => {GRAPH}.view.focus")


def test_filters_say_what_they_hide_and_reset(explore):
    before = number(explore, "shown")
    explore.locator(".x-facet input").first.uncheck()
    assert number(explore, "shown") < before
    expect(explore.locator("#explore-hidden")).to_contain_text("by community")
    lines = number(explore, "lines")
    explore.locator(".x-step").nth(2).click()
    assert number(explore, "lines") <= lines
    explore.locator("[data-act=recent]").click()
    assert explore.locator("#explore-chips button").count() == 3
    explore.locator(".x-reset").click()
    assert number(explore, "shown") == before
    assert explore.locator("#explore-chips button").count() == 0


def test_an_address_restores_the_view(explore):
    person = best(explore)
    opened(explore, f"/explore?colour=score&size=papers&pick={person}")
    picked(explore, person)
    expect(explore.locator("#explore-legend")).to_contain_text("Influence, fifths")
    expect(explore.locator("#explore-legend")).to_contain_text("Area: papers")


def test_an_institution_chooses_its_people(page, served):
    first = served.ws.store.read("ranking", score="influence", scope="all", top=30, offset=0)
    place = next(row["institution"] for row in first if row["institution"])
    opened(page, f"/explore?place={place}")
    page.wait_for_selector("#explore.has-chosen")
    expect(page.locator("#explore-live")).to_contain_text(re.compile(r"\d+ (person|people) at "))


def test_list_twin_has_the_same_people_and_picks(explore):
    explore.locator("#explore-tab label", has_text="List").click()
    explore.wait_for_selector("#explore-grid .ag-row")
    explore.wait_for_function("() => document.getElementById('explore').dataset.rows > 0")
    assert state(explore, "rows") == state(explore, "shown")
    explore.locator("#explore-grid .ag-row .ag-cell").first.click()
    explore.wait_for_selector("#explore.has-pick:not(.is-filling) .x-card")


def test_csv_has_a_row_for_everybody_drawn_and_png_is_a_picture(explore, tmp_path):
    for act, ending in (("csv", ".csv"), ("png", ".png")):
        with explore.expect_download() as download:
            explore.locator("summary[aria-label=Export]").click()
            explore.locator(f".x-menu-list [data-act={act}]").click()
        assert download.value.suggested_filename.endswith(ending)
        download.value.save_as(tmp_path / f"file{ending}")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "file.csv").read_text("utf-8-sig"))))
    assert len(rows) == number(explore, "shown")
    assert rows[0]["scope"] == "All topics"
    assert (tmp_path / "file.png").read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"


def test_shift_click_chooses_and_the_bar_keeps_only_them(explore):
    for place in (0, 1):
        click_person(explore, best(explore, place), shift=True)
    expect(explore.locator("#explore-chosen")).to_have_text("2 people chosen")
    explore.locator("[data-act=only-chosen]").click()
    assert number(explore, "shown") == 2


def test_the_canvas_follows_the_colour_scheme(explore):
    light = explore.evaluate(f"() => {GRAPH}.show.colours.canvas")
    explore.evaluate("() => document.documentElement.setAttribute('data-mantine-color-scheme', 'dark')")
    explore.wait_for_function(f"was => {GRAPH}.show.colours.canvas !== was", arg=light)


def test_small_screen_has_a_drawer_and_a_sheet(page):
    page.set_viewport_size({"width": 390, "height": 844})
    opened(page, "/explore")
    expect(page.locator(".x-facets")).to_be_hidden()
    page.locator(".x-tool[data-act=facets]").click()
    expect(page.locator(".x-facets")).to_be_visible()
    page.mouse.click(380, 400)
    page.evaluate(f"id => {GRAPH}.pick(id)", best(page))
    page.wait_for_selector("#explore.has-pick:not(.is-filling) .x-card")
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
