"""The workflows of the pages in a real browser, under the policy that production sends."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from kolgraph.services import plan

PHONE = {"width": 390, "height": 844}
READY = "#shell-page > :not([aria-busy])"


def go(page: Page, path: str) -> None:
    page.goto(path)
    page.wait_for_selector(READY)


def leader(served) -> tuple[str, str]:
    row = served.ws.store.read("ranking", score="influence", scope="all", top=1, offset=0)[0]
    return row["id"], row["name"]


def test_home_search_person_plan_and_a_restart(page: Page, served):
    """Workflow 1 and 3: five keys and clicks to a planned visit, which a restart of the app does not lose."""
    id, name = leader(served)
    go(page, "/")
    page.keyboard.press("/")
    expect(page.locator("#home-search")).to_be_focused()
    page.keyboard.type(name)
    expect(page.locator("#home-search-hits a").first).to_contain_text(name)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/person/{id}")
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    page.get_by_role("link", name="Add to plan").click()
    expect(page.get_by_label("Person (required)").first).to_have_value(name)
    expect(page.get_by_label("Objective (required)")).to_be_focused()
    page.keyboard.type("Understand the choice of therapy")
    page.get_by_label("Question").fill("What would change it?")
    tomorrow = date.today() + timedelta(days=1)
    page.get_by_label("Due", exact=True).fill(f"{tomorrow:%-d %b %Y}")
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".plan-line", has_text="Understand the choice of therapy")).to_contain_text("due tomorrow")
    expect(page.get_by_text("Planned.")).to_be_visible()
    page.goto("about:blank")  # nothing is on its way when the server goes
    served.restart()
    go(page, "/")
    due = page.locator(".plan-line", has_text="Understand the choice of therapy")
    expect(due).to_contain_text(name)
    done = served.ws.ledger.events("engagement.plan")[-1]
    assert (done.actor, done.data["due"]) == ("Mara Sand", tomorrow.isoformat())


def test_enter_before_the_answer_opens_the_first_hit(page: Page, served):
    id, name = leader(served)
    go(page, "/data")
    page.keyboard.press("/")
    page.keyboard.type(name)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/person/{id}")


def test_search_by_keyboard_names_what_it_finds(page: Page, served):
    go(page, "/ranking")
    page.keyboard.press("/")
    topic = served.ws.landscape.topics[0]
    page.keyboard.type(topic.name.split()[0])
    expect(page.locator("#shell-search-hits")).to_contain_text("Topics")
    page.keyboard.press("ArrowUp")
    chosen = page.locator("#shell-search-hits a.on")
    expect(chosen).to_have_count(1)
    expect(page.locator("#shell-search")).to_have_attribute("aria-activedescendant", chosen.get_attribute("id"))
    page.keyboard.press("Escape")
    expect(page.locator("#shell-search-hits")).to_be_hidden()
    page.keyboard.press("/")
    page.keyboard.type("zzzqqq")
    expect(page.locator("#shell-search-hits")).to_contain_text("Nothing called")


def test_log_a_contact_on_a_phone(page: Page, served):
    """Workflow 7 at phone size: person, asked, said, needs, flags, follow-up, done; the next item is there."""
    id, _ = leader(served)
    page.set_viewport_size(PHONE)
    go(page, f"/person/{id}")
    page.get_by_role("link", name="Log a contact").click()
    expect(page.get_by_label("What they asked")).to_be_focused()
    expect(page.get_by_text("No patient details").first).to_be_visible()
    page.keyboard.type("Is there a subgroup table?")
    page.get_by_label("What they said").fill("Sees fewer reactions")
    page.get_by_label("What they need").fill("The table")
    page.get_by_label("Learning question").fill("How are patients selected?")
    page.get_by_label("The question was unsolicited").check(force=True)
    expect(page.get_by_text("kolgraph is not the safety database")).to_be_visible()
    soon = date.today() + timedelta(days=40)
    page.get_by_label("Follow up on").fill(f"{soon:%-d %b %Y}")
    page.keyboard.press("Tab")
    save = page.get_by_role("button", name="Save")
    assert save.bounding_box()["height"] >= 44
    save.click()
    line = page.locator(".plan-line", has_text="Follow up: Is there a subgroup table?")
    expect(line).to_be_visible()
    box = line.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= PHONE["width"]
    logged = served.ws.ledger.engagements(person=id, status="done")[-1]
    assert (logged.asked, logged.unsolicited, logged.follow_up) == (
        "Is there a subgroup table?",
        True,
        soon.isoformat(),
    )


@pytest.mark.parametrize("path", ["/", "/ranking", "/person", "/plan", "/changes", "/data"])
def test_nothing_is_wider_than_a_phone(page: Page, served, path):
    page.set_viewport_size({"width": 360, "height": 740})
    go(page, f"/person/{leader(served)[0]}" if path == "/person" else path)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    widths = page.locator("main .k-card").evaluate_all("cards => cards.map(card => card.clientWidth)")
    assert all(width >= 150 for width in widths if width), widths
    nav = page.get_by_role("navigation", name="Pages").bounding_box()
    assert nav["y"] + nav["height"] == pytest.approx(740, abs=1)


def test_an_item_is_edited_undone_cancelled_and_restored(page: Page, served):
    id, name = leader(served)
    plan.add(served.ws, id, {"objective": "First wording", "channel": "Phone"}, "Mara Sand")
    go(page, "/plan")
    page.locator(".plan-line", has_text="First wording").get_by_role("button", name=f"Edit: {name}").click()
    field = page.get_by_label("Objective (required)")
    expect(field).to_have_value("First wording")
    field.fill("Second wording")
    page.get_by_role("button", name="Save").click()
    line = page.locator(".plan-line", has_text="Second wording")
    expect(line).to_be_visible()
    line.get_by_role("button", name="Undo the last change").click()
    line = page.locator(".plan-line", has_text="First wording")
    line.get_by_role("button", name="Take off the plan").click()
    page.get_by_role("button", name="Keep it").click()
    expect(line).to_be_visible()
    line.get_by_role("button", name="Take off the plan").click()
    page.get_by_role("button", name="Take off the plan", exact=True).last.click()
    expect(line).to_have_count(0)
    page.get_by_text("Cancelled", exact=True).first.click()
    page.wait_for_url("**/plan?show=cancelled")
    gone = page.locator(".plan-line", has_text="First wording")
    expect(gone).to_be_visible()
    gone.get_by_role("button", name="Undo the last change").click()
    expect(gone).to_have_count(0)
    page.go_back()
    expect(page.locator(".plan-line", has_text="First wording")).to_be_visible()


def test_markup_in_what_people_typed_is_text(page: Page, served):
    id, _ = leader(served)
    evil = '<img src=x onerror="document.title=1"> {{7*7}} [x](javascript:alert(1))'
    plan.add(served.ws, id, {"objective": evil, "question": "<script>document.title=1</script>"}, "Mara Sand")
    for path in ("/plan", f"/person/{id}"):
        go(page, path)
        expect(page.get_by_text(evil)).to_be_visible()
        expect(page).not_to_have_title("1")


def test_a_form_that_cannot_be_saved_says_why_and_keeps_what_was_typed(page: Page, served):
    go(page, f"/plan?add={leader(served)[0]}")
    page.get_by_label("Question").fill("Kept?")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#plan-error")).to_contain_text("the objective is empty")
    expect(page.get_by_label("Question")).to_have_value("Kept?")


def test_a_person_is_found_by_typing_in_the_form(page: Page, served):
    _, name = leader(served)
    go(page, "/plan")
    page.get_by_role("button", name="Add to plan").click()
    page.get_by_label("Person (required)").first.fill(name.split()[-1])
    page.get_by_role("option", name=re.compile(re.escape(name))).first.click()
    page.get_by_label("Objective (required)").fill("Found by typing")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".plan-line", has_text="Found by typing")).to_contain_text(name)


def test_ranking_filters_its_address_back_and_exports(page: Page, served):
    go(page, "/ranking")
    rows = page.locator(".ag-center-cols-container .ag-row")
    expect(rows.first).to_be_visible()
    topic = served.ws.landscape.topics[0]
    page.get_by_label("Topic", exact=True).first.click()
    page.get_by_role("option", name=topic.name).click()
    expect(page.locator("#ranking-summary")).to_contain_text(f"by Influence in {topic.name}")
    page.wait_for_url(f"**/ranking?scope={topic.id.replace(':', '%3A')}")
    page.get_by_label("Rank by", exact=True).first.click()
    page.get_by_role("option", name="Science").click()
    expect(page.locator("#ranking-about")).to_contain_text("What Science means")
    best = served.ws.store.read("ranking", score="science", scope=topic.id, top=1, offset=0)[0]
    expect(page.locator('.ag-row[row-index="0"]').first).to_contain_text(best["name"])
    page.get_by_label("Name", exact=True).fill(best["name"].split()[-1])
    page.wait_for_url("**text=**")
    page.reload()
    page.wait_for_selector(READY)
    expect(page.get_by_label("Name", exact=True)).to_have_value(best["name"].split()[-1])
    expect(page.locator("#ranking-about")).to_contain_text("What Science means")
    for kind in ("CSV", "Excel"):
        with page.expect_download() as download:
            page.get_by_role("link", name=re.compile(f"Export (as|for) {kind}")).click()
        assert best["name"].encode() in Path(download.value.path()).read_bytes() or kind == "Excel"
        assert download.value.suggested_filename.startswith("kolgraph-ranking-")
    page.locator(".cell-person a").first.click()
    page.wait_for_url("**/person/**")
    page.go_back()
    expect(page.locator("#ranking-about")).to_contain_text("What Science means")


def test_ranking_follows_its_address_from_the_search_and_back(page: Page, served):
    go(page, "/ranking")
    topic = served.ws.landscape.topics[0]
    page.keyboard.press("/")
    page.keyboard.type(topic.name)
    expect(page.locator("#shell-search-hits a").last).to_contain_text(topic.name)
    page.locator("#shell-search-hits a").last.click()
    expect(page.locator("#ranking-summary")).to_contain_text(topic.name)
    expect(page.get_by_label("Topic", exact=True).first).to_have_value(topic.name)
    page.go_back()
    expect(page.locator("#ranking-summary")).to_contain_text("all topics")


def test_calendar_and_table_of_the_plan_are_files(page: Page):
    go(page, "/plan")
    for name, ending in (("calendar", ".ics"), ("table", ".csv")):
        with page.expect_download() as download:
            page.get_by_role("link", name=f"Export as {name}").click()
        assert download.value.suggested_filename.endswith(ending)


def test_one_build_has_nothing_to_be_compared_with_and_says_so(page: Page):
    go(page, "/changes")
    expect(page.locator("#changes-body")).to_contain_text("There is one build so far")
    go(page, "/")
    expect(page.get_by_label("What changed", exact=True)).to_have_count(0)


def test_a_score_opens_down_to_papers_and_a_tie_to_its_evidence(page: Page, served):
    id, _ = leader(served)
    go(page, f"/person/{id}")
    page.locator(".steps summary", has_text="Science").click()
    records = page.locator(".steps-records").first
    expect(records).to_be_visible()
    expect(records.locator("a").first).to_have_attribute("href", re.compile("^https://pubmed"))
    page.locator(".person-ties button").first.click()
    expect(page.locator("#person-receipt")).to_contain_text("fetched")
    page.keyboard.press("Escape")
    expect(page.locator("#person-receipt")).to_be_hidden()
    page.locator(".person-scopes a").nth(1).click()
    page.wait_for_url("**scope=topic**")


def test_dark_mode_is_remembered_and_comes_without_a_flash(page: Page):
    go(page, "/")
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.get_by_role("button", name="Switch between light and dark").click()
    expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", "dark")
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert dark != light
    page.goto("/plan", wait_until="commit")
    assert page.evaluate("document.documentElement.dataset.mantineColorScheme") == "dark"
    page.wait_for_selector(READY)
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == dark


@pytest.mark.noisy("404")
def test_a_page_that_is_not_there_says_so_in_place(page: Page):
    go(page, "/nowhere")
    expect(page.get_by_role("heading", level=1)).to_have_text("Page not found")
    page.get_by_role("link", name="Go to Home").click()
    expect(page.locator("#home-search")).to_be_visible()


def test_titles_landmarks_and_the_skip_link(page: Page):
    for path, title in (("/", "Home"), ("/ranking", "Ranking"), ("/plan", "Plan"), ("/data", "Data")):
        go(page, path)
        expect(page).to_have_title(f"{title} · kolgraph")
        expect(page.locator('.k-rail a[aria-current="page"]')).to_have_text(title)
        for role in ("banner", "main", "navigation"):
            expect(page.get_by_role(role).first).to_be_attached()
        assert page.get_by_role("heading", level=1).count() == 1
    page.keyboard.press("Tab")
    expect(page.get_by_text("Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#shell-main")).to_be_focused()


@pytest.mark.noisy("ERR_CONNECTION_REFUSED", "Failed to fetch", "did not respond")
def test_a_lost_connection_shows_a_banner_that_goes_by_itself(page: Page, served):
    go(page, "/ranking")
    served.stop()
    page.get_by_label("Name", exact=True).fill("a")
    expect(page.locator("#shell-lost")).to_be_visible()
    served.start()
    expect(page.locator("#shell-lost")).to_be_hidden(timeout=8000)


def test_colours_hold_their_contrast(page: Page):
    """Text 4.5:1 on each ground that it stands on, light and dark, measured from the variables that the browser has."""
    pairs = [
        (text, ground)
        for text, grounds in {
            "text": "canvas surface hover soft",
            "muted": "canvas surface hover sunken",
            "link": "canvas surface soft",
            "on-accent": "accent",
            "warn": "warn-soft surface",
            "bad": "bad-soft surface",
            "good": "good-soft surface",
        }.items()
        for ground in grounds.split()
    ]
    go(page, "/data")
    for scheme in ("light", "dark"):
        page.evaluate("s => document.documentElement.setAttribute('data-mantine-color-scheme', s)", scheme)
        read = "n => getComputedStyle(document.documentElement).getPropertyValue(n).trim()"
        for text, ground in pairs:
            a, b = (luminance(page.evaluate(read, f"--k-{name}")) for name in (text, ground))
            contrast = (max(a, b) + 0.05) / (min(a, b) + 0.05)
            assert contrast >= 4.5, f"{text} on {ground} in {scheme}: {contrast:.2f}"


def luminance(colour: str) -> float:
    """WCAG 2.2 relative luminance of #rrggbb."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
