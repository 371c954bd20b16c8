"""Who is one person, decided in a real browser: fifty pairs by keyboard alone, and everything undone again."""

import re
import shutil
import sys
from statistics import median

import pytest
from conftest import Served
from identity_world import doubtful
from playwright.sync_api import Page, expect

from kolgraph.services import identity, judging
from kolgraph.services.identity import Asked
from kolgraph.services.identity_index import index
from kolgraph.workspace import Workspace

MANY, QUICK = 50, 150  # decisions; milliseconds from the key to the next pair drawn and the decision in the ledger
PHONE = {"width": 360, "height": 740}
READY = "#identity[data-made='0']"
# a key pressed in the page; the time until another pair is painted and the answer of the ledger is there
PRESS = """async (key) => {
  const deck = document.getElementById("identity-deck"), page = document.getElementById("identity");
  const seen = () => [...deck.children].find((one) => !one.hidden && !one.classList.contains("waits"));
  const drawn = () => seen()?.querySelector("article")?.dataset.pair;
  const made = () => Number(page.dataset.made);
  const before = drawn(), count = made(), start = performance.now();
  document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  return await new Promise((done) => {
    const look = () => {
      const now = drawn(), took = () => [performance.now() - start, before, now];
      if (now && now !== before && made() > count) requestAnimationFrame(() => done(took()));
      else if (performance.now() - start > 10000) done(took());
      else requestAnimationFrame(look);
    };
    look();
  });
}"""


@pytest.fixture(scope="module")
def told(small_world, tmp_path_factory):
    """A landscape with doubts, served."""
    path = shutil.copytree(small_world, tmp_path_factory.mktemp("identity") / "workspace")
    with Workspace(path) as ws:
        doubtful(ws)
    app = Served(path)
    yield app
    app.stop()


@pytest.fixture
def origin(told) -> str:
    return told.url


@pytest.fixture(autouse=True)
def nothing_decided(told):
    """Each test begins with what the list left: what one decided is undone."""
    yield
    for one in judging.history(told.ws):
        if one.undoable and not one.undoes:
            judging.undo(told.ws, one.entry, "Mara Sand")


def go(page: Page, told, query: str = "") -> None:
    page.goto(f"{told.url}/identity{query}")
    page.wait_for_selector(READY)


def queue(told) -> list[tuple[str, str]]:
    return [(row.a, row.b) for row in identity.queue(told.ws, Asked(), 1000).rows]


def shown(page: Page) -> list[str]:
    return page.locator("#identity-list li:not([hidden]) .ident-row").evaluate_all(
        "all => all.map(r => r.dataset.pair)"
    )


def decided(page: Page, count: int) -> None:
    page.wait_for_function("n => Number(document.getElementById('identity').dataset.made) === n", arg=count)


def largest(told) -> str:
    said = index(told.ws).mentions
    return max(said.people, key=lambda person: said.size(said.who[person]))


def test_fifty_decisions_by_keyboard_alone_each_in_an_instant_and_all_undone(page: Page, told, capsys):
    first = queue(told)
    go(page, told)
    before = shown(page)
    assert before == [f"{a} {b}" for a, b in first]
    times, pairs = [], []
    for turn in range(MANY):
        took, pair, _ = page.evaluate(PRESS, "ma"[turn % 2])
        times.append(took)
        pairs.append(pair)
    with capsys.disabled():
        sys.stdout.write(
            f"\nidentity: {MANY} decisions by keyboard, median {median(times):.0f} ms, longest {max(times):.0f} ms\n"
        )
    assert pairs == before[:MANY]
    assert queue(told) == first[MANY:]
    said = told.ws.ledger.judgements()
    assert len(said) == MANY
    assert sum(one.same for one in said) == MANY // 2
    expect(page.locator("#identity-banner")).to_contain_text(f"{MANY} decisions are not in the graph yet")
    for turn in range(MANY):
        _, _, now = page.evaluate(PRESS, "u")
        assert now == pairs[MANY - 1 - turn]
    assert told.ws.ledger.judgements() == []
    assert queue(told) == first
    assert shown(page) == before
    expect(page.locator("#identity-banner")).to_be_empty()
    assert median(times) < QUICK


def test_keys_step_put_off_give_a_reason_and_help(page: Page, told):
    go(page, told)
    first, second, third, *_ = shown(page)
    here = page.locator(".ident-row[aria-current='true']")
    page.keyboard.press("j")
    expect(here).to_have_attribute("data-pair", second)
    page.keyboard.press("ArrowLeft")
    expect(here).to_have_attribute("data-pair", first)
    page.keyboard.press("s")
    expect(here).to_have_attribute("data-pair", second)
    expect(page.locator(".ident-row.later")).to_have_attribute("data-pair", first)
    page.keyboard.press("r")
    expect(page.locator("#identity-why")).to_be_focused()
    page.keyboard.type("Same ward, asked by phone")
    page.keyboard.press("Enter")
    page.keyboard.press("m")
    decided(page, 1)
    (last, *_) = judging.history(told.ws)
    assert (last.verdict, last.by, last.why) == ("same", "Mara Sand", "Same ward, asked by phone")
    assert f"{last.a} {last.b}" == second
    expect(page.locator("#identity-why")).to_have_value("")
    expect(here).to_have_attribute("data-pair", third)
    expect(page.locator("#identity-say")).to_contain_text("Merged:")
    page.keyboard.press("Control+z")
    decided(page, 2)
    expect(here).to_have_attribute("data-pair", second)
    page.keyboard.press("u")
    expect(here).to_have_attribute("data-pair", first)
    expect(page.locator(".ident-row.later")).to_have_count(0)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_contain_text("Keep apart")
    page.keyboard.press("m")  # a dialog hears its own keys alone
    page.keyboard.press("Escape")
    assert told.ws.ledger.judgements() == []


def test_filters_and_a_row_that_is_clicked(page: Page, told):
    go(page, told)
    page.get_by_role("textbox", name="Kind").click()
    page.get_by_role("option", name="One number, two names").click()
    expect(page.locator("#identity-count")).to_have_text(re.compile("^1 pair"))
    expect(page.locator(".ident-slot:not([hidden])")).to_contain_text("one ORCID")
    page.get_by_role("textbox", name="Kind").click()
    page.get_by_role("option", name="Contradictions").click()
    expect(page.locator("#identity-list")).to_contain_text("No contradictions")
    expect(page.locator("#identity-none")).to_be_visible()
    page.get_by_role("textbox", name="Kind").click()
    page.get_by_role("option", name="All").click()
    name = identity.queue(told.ws, Asked()).rows[-1].names[0]
    page.get_by_role("textbox", name="Filter the pairs by name").fill(name)
    row = page.locator("#identity-list .ident-row", has_text=name).first
    row.click()
    expect(page.locator(".ident-slot:not([hidden]) article")).to_have_attribute(
        "data-pair", row.get_attribute("data-pair")
    )


def test_records_of_a_person_are_searched_picked_and_split_off(page: Page, told):
    person = largest(told)
    name = index(told.ws).mentions.name(index(told.ws).mentions.who[person])
    go(page, told)
    field = page.get_by_role("textbox", name="Open the records of a person")
    field.click()
    page.keyboard.type(name)
    page.get_by_role("option", name=re.compile(re.escape(name))).first.click()
    expect(page.get_by_role("heading", name=re.compile("^Records of "))).to_be_visible()
    go(page, told, f"?person={person}")
    boxes = page.get_by_role("checkbox")
    expect(boxes.first).to_be_focused()
    split = page.get_by_role("button", name="Split off X")
    expect(split).to_be_disabled()
    page.keyboard.press("Space")
    page.keyboard.press("j")
    page.keyboard.press("Space")
    expect(page.locator("#identity-picked")).to_contain_text("2 of")
    page.keyboard.press("e")
    evidence = page.get_by_role("dialog", name="Why these two are one")
    expect(evidence).to_contain_text("For one person")
    page.keyboard.press("Escape")
    expect(evidence).to_be_hidden()
    picked = page.locator(".ident-mention:has([aria-checked='true'])").evaluate_all(
        "all => all.map(m => m.dataset.mention)"
    )
    boxes.nth(1).focus()
    page.keyboard.press("x")
    decided(page, 1)
    (last, *_) = judging.history(told.ws)
    assert (last.verdict, set(last.out)) == ("split", set(picked))
    assert len(last.out) + len(last.rest) == boxes.count() or boxes.count() == 0
    page.keyboard.press("u")
    decided(page, 2)
    assert told.ws.ledger.judgements() == []


def test_a_bulk_shows_what_it_merges_asks_and_is_undone_at_once(page: Page, told):
    first = queue(told)
    go(page, told)
    page.get_by_role("button", name="Bulk").click()
    dialog = page.get_by_role("dialog", name="Merge in bulk")
    expect(dialog).to_contain_text("The least sure of them")
    button = dialog.get_by_role("button", name=re.compile("^Merge [0-9]+ pairs"))
    count = int(re.search("[0-9]+", button.inner_text())[0])
    page.get_by_role("slider").focus()
    page.keyboard.press("Home")
    expect(button).not_to_have_text(f"Merge {count} pairs")
    count = int(re.search("[0-9]+", button.inner_text())[0])
    button.click()
    decided(page, 1)
    expect(page.locator("#identity-banner")).to_contain_text("1 decision is not in the graph yet")
    assert len(told.ws.ledger.judgements()) == count
    assert len(queue(told)) <= len(first) - count
    page.keyboard.press("u")
    decided(page, 2)
    assert queue(told) == first
    expect(page.locator("#identity-count")).to_have_text(re.compile(f"^{len(first)} pairs"))


def test_history_undoes_what_is_older(page: Page, told):
    a, b = queue(told)[0]
    judging.decide(told.ws, "apart", a, b, "Ola Nord", "Namesake whom I know of")
    go(page, told)
    page.get_by_role("button", name="History").click()
    decisions = page.get_by_role("dialog", name="Decisions").get_by_role("listitem")
    expect(decisions.first).to_contain_text("Kept apart")
    expect(decisions.first).to_contain_text("Ola Nord")
    expect(decisions.first).to_contain_text("Namesake whom I know of")
    decisions.first.get_by_role("button", name=re.compile("^Undo entry")).click()
    decided(page, 1)
    assert told.ws.ledger.judgements() == []
    expect(decisions.first).to_contain_text("Undone")


def test_a_decision_that_is_refused_says_why_in_its_place(page: Page, told, monkeypatch):
    go(page, told)
    pair = shown(page)[0]
    monkeypatch.setattr(told.ws.ledger, "append", _full)
    page.keyboard.press("m")
    trouble = page.locator("#identity-trouble")
    expect(trouble).to_contain_text("Not decided")
    expect(page.locator(".ident-row[aria-current='true']")).to_have_attribute("data-pair", pair)
    monkeypatch.undo()
    page.keyboard.press("m")
    decided(page, 2)
    expect(trouble).to_be_hidden()


def _full(*_, **__):
    from kolgraph.errors import LedgerError

    raise LedgerError("the ledger cannot be written: the disk is full; make room and decide again")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_wider_than_a_phone(page: Page, told, scheme):
    page.set_viewport_size(PHONE)
    page.emulate_media(color_scheme=scheme)
    for query in ("", f"?person={largest(told)}"):
        go(page, told, query)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_apply_builds_the_landscape_and_the_decision_is_in_the_graph(page: Page, told):
    go(page, told)
    pair = shown(page)[0]
    page.keyboard.press("m")
    decided(page, 1)
    page.get_by_role("button", name="Apply").click()
    expect(page.locator("#identity-banner")).to_contain_text("Applying")
    expect(page.locator("#identity-banner")).to_be_empty(timeout=90_000)
    assert judging.pending(told.ws) == 0
    a, b = pair.split(" ")
    said = index(told.ws).mentions
    assert said.person[said.row(a)] == said.person[said.row(b)]
    expect(page.locator("#identity-list .ident-row")).to_have_count(len(queue(told)))
    assert pair not in shown(page)
