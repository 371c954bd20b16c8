"""Whom a list means, with the eyes of a user: read the verdicts, settle doubts by keys, accept, look, take back."""

import pytest
from playwright.sync_api import Page, expect

HEAD = "Last name,First name,Hospital\n"


@pytest.fixture(scope="module")
def those(served) -> list[dict]:
    """Four people whose names nobody else has, each with an institution of now."""
    rows = served.ws.store.read("people", ids=[row["id"] for row in served.ws.store.stream("people")])
    names = [row["name"] for row in rows]
    written = [row for row in rows if len(row["name"].split()) == 2 and len(row["name"].split()[0]) > 2]
    return [row for row in written if row["institutionName"] and names.count(row["name"]) == 1][:4]


@pytest.fixture
def checked(page: Page, those, tmp_path):
    """The page after a list was sent: two people with their institutions, two without, one whom nobody knows."""
    rows = [f'{one["name"].split()[1]},{one["name"].split()[0]},"{one["institutionName"]}"\n' for one in those[:2]]
    rows += [f"{one['name'].split()[1]},{one['name'].split()[0]},\n" for one in those[2:]]
    path = tmp_path / "experts.csv"
    path.write_text(HEAD + "".join(rows) + "Nemo,Nusquam,+Nowhere Clinic\n", "utf-8")
    page.goto("/lists")
    with page.expect_file_chooser() as chosen:
        page.get_by_role("button", name="Choose a file").click()
    chosen.value.set_files(path)
    expect(page.get_by_role("button", name="All rows 5")).to_be_visible()
    return page


def test_doubts_are_settled_by_keys_and_the_list_is_accepted_and_untied(checked: Page, those):
    page = checked
    clicks = 2  # to the page, and the file
    expect(page.get_by_role("button", name="Matched 2")).to_be_visible()
    expect(page.get_by_role("button", name="Not found 1")).to_be_visible()
    grid = page.locator("#check-grid")
    page.get_by_role("button", name="Doubtful 2").click()
    expect(grid.locator(".ag-center-cols-container .ag-row")).to_have_count(2)

    grid.get_by_text(those[2]["name"], exact=True).click()
    clicks += 1
    first = page.get_by_role("button", name=f"This is the person: {those[2]['name']}")
    expect(first).to_be_focused()
    expect(page.get_by_text("2 doubtful rows left.")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    expect(first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name=f"This is the person: {those[3]['name']}")).to_be_focused()
    page.keyboard.press("n")
    expect(page.get_by_text("Noted; no doubtful row is left.")).to_be_visible()
    expect(page.get_by_role("button", name="Matched 3")).to_be_visible()
    expect(page.get_by_role("button", name="Not found 2")).to_be_visible()
    expect(page.get_by_role("button", name="Doubtful")).to_have_count(0)

    page.get_by_role("button", name="Import 5 rows, tie 3 to people").click()
    expect(page.get_by_text("5 rows become the list “experts”. 3 of them are tied to 3 people")).to_be_visible()
    page.get_by_role("button", name="Accept", exact=True).click()
    clicks += 2
    assert clicks <= 4 + 2  # one for each doubtful row
    expect(page.get_by_text("3 of them are tied to people")).to_be_visible()

    page.get_by_role("link", name="experts").click()
    expect(page.get_by_role("heading", name="experts")).to_be_visible()
    expect(page.get_by_text("3 of 5 rows are people on papers and trials here.")).to_be_visible()
    expect(page.locator("#list-grid").get_by_role("link", name=those[2]["name"])).to_be_visible()
    page.get_by_role("button", name="Take 3 ties back").click()
    expect(page.get_by_text("3 rows are tied to nobody any more.")).to_be_visible()
    expect(page.get_by_text("0 of 5 rows are people")).to_be_visible()
    expect(page.get_by_role("button", name="back")).to_have_count(0)

    page.get_by_role("link", name="All lists").click()
    page.get_by_role("button", name="Remove: experts").click()
    page.get_by_role("button", name="Remove", exact=True).click()
    expect(page.get_by_role("button", name="Restore: experts")).to_be_visible()


def test_a_checked_list_leaves_as_a_file_and_fits_a_phone(checked: Page, those):
    page = checked
    with page.expect_download() as download:
        page.get_by_role("link", name="Checked list as CSV").click()
    text = download.value.path().read_text("utf-8-sig")
    assert those[0]["id"] in text
    assert ",'+Nowhere Clinic," in text
    page.set_viewport_size({"width": 360, "height": 740})
    page.locator("#check-grid .ag-row").first.locator(".ag-cell").nth(1).click()
    expect(page.get_by_role("button", name=f"Keep this person: {those[0]['name']}")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("button", name="Choose a file")).to_be_visible()
