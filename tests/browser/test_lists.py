"""Lists with the eyes of a user: send a bad list, read the report, mend it, import, see it, take it away, undo."""

import pytest
from playwright.sync_api import Page, expect

HEAD = "Vorname;Nachname;ORCID;Klinik;Land;Geschlecht;Stufe\n"
GOOD = "Anna;Beispielowa;0000-0002-1825-0097;Charité;Deutschland;w;national\nBert;Musterowa;;Charité;Norway;m;local\n"
BAD = "Carla;Falschowa;0000-0002-1825-0090;Charité;Atlantis;w;\n=1+1;;;Charité;;;\n" + GOOD.splitlines()[1] + "\n"


@pytest.fixture
def lists(page: Page, tmp_path):
    page.goto("/lists")
    expect(page.get_by_role("heading", name="Lists", exact=True)).to_be_visible()

    def send(text: str, name: str = "board.csv") -> None:
        (tmp_path / name).write_text(text, "utf-8")
        with page.expect_file_chooser() as chosen:
            page.get_by_role("button", name="Choose a file").click()
        chosen.value.set_files(tmp_path / name)

    page.send = send
    return page


def test_a_bad_list_is_reported_mended_imported_removed_and_restored(lists: Page):
    page = lists
    page.send(HEAD + GOOD + BAD)
    report = page.get_by_role("region", name="Problems")
    expect(report).to_contain_text("wrong ORCID")
    expect(report).to_contain_text("0000-0002-1825-0090")
    expect(page.get_by_text("2 rows with errors")).to_be_visible()
    expect(page.get_by_text("1 repeated")).to_be_visible()
    columns = page.get_by_role("region", name="Columns of the file")
    expect(columns).to_contain_text("is not kept about people here")
    expect(page.get_by_role("textbox", name="Column Geschlecht is read as")).to_be_disabled()
    expect(page.get_by_role("button", name="Import the 2 good rows")).to_be_visible()

    page.get_by_text("Warnings", exact=True).click()
    expect(report).to_contain_text("unknown country")
    expect(report).not_to_contain_text("wrong ORCID")
    with page.expect_download() as download:
        page.get_by_role("link", name="Whole report as CSV").click()
    assert "wrong ORCID" in download.value.path().read_text("utf-8-sig")

    page.get_by_role("button", name="Cancel").click()
    page.send(HEAD + GOOD)
    expect(page.get_by_role("region", name="First rows")).to_contain_text("Anna Beispielowa")
    page.get_by_label("Name of the list").fill("Advisory board")
    page.get_by_role("button", name="Import 2 rows").click()
    held = page.get_by_role("region", name="Imported lists")
    expect(held).to_contain_text("Advisory board")
    expect(held).to_contain_text("board.csv")
    expect(page.get_by_text("The graph holds them after its next build.")).to_be_visible()

    page.get_by_role("button", name="Remove: Advisory board").click()
    expect(page.get_by_text("2 rows of “Advisory board”.")).to_be_visible()
    page.get_by_role("button", name="Remove", exact=True).click()
    expect(held).to_contain_text("Removed")
    page.get_by_role("button", name="Restore: Advisory board").click()
    expect(page.get_by_role("button", name="Remove: Advisory board")).to_be_visible()
    page.reload()
    expect(page.get_by_role("button", name="Remove: Advisory board")).to_be_visible()
    page.get_by_role("button", name="Remove: Advisory board").click()
    page.get_by_role("button", name="Remove", exact=True).click()
    expect(held).to_contain_text("Removed")


def test_a_column_is_set_by_hand(lists: Page):
    page = lists
    page.send("Kin;Call;Spot\nBeispielowa;Anna;Berlin\nMusterowa;Bert;Bonn\n", "odd.csv")
    expect(page.get_by_text("cannot be imported as it is")).to_be_visible()
    page.get_by_role("textbox", name="Its first line").click()
    page.get_by_role("option", name="names the columns").click()
    for column, field in (("Kin", "Last name"), ("Call", "First name"), ("Spot", "City")):
        chosen = page.get_by_role("textbox", name=f"Column {column} is read as")
        chosen.click()
        page.get_by_role("option", name=field, exact=True).click()
        expect(chosen).to_have_value(field)
    expect(page.get_by_role("region", name="First rows")).to_contain_text("Bert Musterowa")
    expect(page.get_by_role("button", name="Import 2 rows")).to_be_visible()
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("button", name="Choose a file")).to_be_visible()


def test_a_file_that_is_no_table_is_refused_in_place(lists: Page):
    lists.send("<html><table></table></html>", "board.xls")
    expect(lists.get_by_text("is an HTML page and no table")).to_be_visible()
    expect(lists.get_by_role("button", name="Choose a file")).to_be_visible()
    expect(lists.get_by_role("region", name="Problems")).to_have_count(0)


def test_a_dropped_file_by_keyboard_and_on_a_phone(lists: Page):
    page = lists
    page.set_viewport_size({"width": 360, "height": 740})
    with page.expect_file_chooser():
        page.get_by_role("button", name="Choose a file").press("Enter")
    data = page.evaluate_handle(
        "() => { const d = new DataTransfer();"
        " d.items.add(new File(['Name,City\\nAnna Beispielowa,Berlin'], 'x.csv')); return d; }"
    )
    page.dispatch_event("#lists-drop", "dragover", {"dataTransfer": data})
    page.dispatch_event("#lists-drop", "drop", {"dataTransfer": data})
    expect(page.get_by_role("button", name="Import 1 row")).to_be_visible()
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 360
    page.get_by_role("button", name="Cancel").click()
