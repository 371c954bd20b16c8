"""Explore's services over a small graph in a real store, and what the page sends to the browser."""

import csv
import io

import pytest
from dash import Dash

from kolgraph import landscape as recipe
from kolgraph.errors import UsageError
from kolgraph.names import fold
from kolgraph.services import downloads, evidence, explore
from kolgraph.services.search import search
from kolgraph.services.words import counted, span
from kolgraph.store import open_store
from kolgraph.ui.pages import explore as page
from kolgraph.ui.parts import explore_card, explore_receipt
from kolgraph.ui.parts.explore_wire import known, map_json, view_json
from kolgraph.workspace import Workspace

ROR = "ror:04nbqb988"
PEOPLE = {  # id -> name, influence; person:d has no score and no place on the map
    "person:a": ("Ana Lindqvist", 90.0),
    "person:b": ("Ben Okafor", 70.0),
    "person:c": ("=Cho Castellanos-Ibarra", 40.0),
    "person:d": ("Dai Moreau", None),
}
PAPERS = {  # id -> year, authors in order
    "pmid:1": (2019, "ab"),
    "pmid:2": (2024, "bac"),
    "pmid:3": (2025, "ad"),
}


def _person(id: str, name: str) -> dict:
    return {
        "id": id, "name": name, "searchName": fold(name), "identifiers": [], "country": "SE", "region": "",
        "city": "Lund", "lat": None, "lon": None, "firstYear": 2019, "lastYear": 2025,
        "paperCount": sum(id[-1] in who for _, who in PAPERS.values()), "trialCount": int(id[-1] in "ab"),
        "mentionCount": 3, "confidence": 0.7, "hardShare": 0.5, "institution": ROR if id[-1] in "ab" else "",
    }  # fmt: skip


def _scores(person: str, influence: float | None, rank: int) -> list[dict]:
    if influence is None:
        return []
    values = {"influence": influence, "science": influence + 5, "network": influence - 5}
    common = {"person": person, "country": "SE", "rank": rank}
    return [
        {**common, "score": score, "scope": scope, "value": value}
        for score, value in values.items()
        for scope in ("all", "topic:lymphoma")
    ]


@pytest.fixture(scope="module")
def ws(tmp_path_factory):
    path = tmp_path_factory.mktemp("explore")
    recipe.write(path, recipe.Landscape("Small field", (recipe.topic("Lymphoma"),), synthetic=True))
    store = open_store(str(path / "graph.db"))
    store.prepare()
    store.write(
        "institution",
        [
            {
                "id": ROR, "name": "Harbor University Clinic", "searchName": "harbor university clinic",
                "kind": "healthcare", "city": "Lund", "region": "", "country": "SE", "lat": None, "lon": None,
            }
        ],
    )  # fmt: skip
    store.write("topic", [{"id": "topic:lymphoma", "name": "Lymphoma", "terms": ["lymphoma"]}])
    store.write("person", [_person(id, name) for id, (name, _) in PEOPLE.items()])
    store.write(
        "publication",
        [
            {
                "id": id, "title": f"Study {id[-1]}.", "year": year, "journal": "Journal of Tests", "kind": "article",
                "date": str(year), "citedBy": None, "authorCount": len(who), "doi": "",
            }
            for id, (year, who) in PAPERS.items()
        ],
    )  # fmt: skip
    store.write(
        "trial",
        [
            {
                "id": "nct:NCT00000001", "title": "A trial", "phase": "2/3", "status": "recruiting", "startYear": 2023,
                "kind": "interventional", "sponsor": "", "conditions": [],
            }
        ],
    )  # fmt: skip
    store.write(
        "authored",
        [
            {
                "person": f"person:{one}", "publication": id, "position": at, "authorCount": len(who),
                "isCorresponding": False,
            }
            for id, (_, who) in PAPERS.items()
            for at, one in enumerate(who)
        ],
    )  # fmt: skip
    store.write(
        "investigated",
        [
            {"person": "person:a", "trial": "nct:NCT00000001", "role": "principal"},
            {"person": "person:b", "trial": "nct:NCT00000001", "role": "sub"},
        ],
    )
    here = {"institution": ROR, "firstYear": 2019, "lastYear": 2025, "confidence": 0.9, "recordCount": 2}
    store.write(
        "affiliated_with",
        [{**here, "person": f"person:{one}", "isCurrent": current} for one, current in (("a", True), ("b", True))],
    )
    store.write("about", [{"record": id, "topic": "topic:lymphoma"} for id in ("pmid:2", "pmid:3", "nct:NCT00000001")])
    ties = [("a", "b", 2, 1.5, [2019, 2024]), ("a", "c", 1, 0.5, [2024]), ("a", "d", 1, 1.0, [2025])]
    ties += [("b", "c", 1, 0.5, [2024])]
    rows = [
        {"a": f"person:{a}", "b": f"person:{b}", "count": n, "weight": w, "years": years} for a, b, n, w, years in ties
    ]
    store.write("coauthored_with", rows)
    store.write("coinvestigated_with", [{"a": "person:a", "b": "person:b", "count": 1, "weight": 1.0, "years": [2023]}])
    texts = {"title": "Score", "description": "What it is.", "unit": "percentile"}
    store.write("score", [{**texts, "id": id} for id in ("influence", "science", "network")])
    ranked = [(id, value) for id, (_, value) in PEOPLE.items()]
    store.write("scored", [row for at, (id, value) in enumerate(ranked, 1) for row in _scores(id, value, at)])
    for scope in ("all", "topic:lymphoma"):
        group = f"community:{scope.removeprefix('topic:')}-1"
        row = {"id": group, "scope": scope, "name": "Cell therapy", "size": 3, "rank": 1, "topics": ["cells"]}
        store.write("community", [row])
        store.write(
            "member_of",
            [
                {"person": f"person:{one}", "community": group, "scope": scope, "x": float(at), "y": 0.0}
                for at, one in enumerate("abc")
            ],
        )
    store.publish(
        id="build:1", builtAt="2026-01-02T03:04:05Z", inboxWatermark="1", ledgerWatermark="1",
        scoredAt="2026-01-02T03:04:05Z",
    )  # fmt: skip
    store.close()
    with Workspace(path) as opened:
        yield opened


def test_landscape_holds_the_placed_people_their_ties_and_the_size_of_the_scope(ws):
    seen = explore.landscape(ws, "all", top=2)
    assert [dot.name for dot in seen.part.dots] == ["Ana Lindqvist", "Ben Okafor"]
    assert (seen.people, seen.name) == (3, "All topics")
    assert {(tie.kind, tie.count, tie.years) for tie in seen.part.ties} == {
        ("coauthor", 2, (2019, 2024)),
        ("coinvestigator", 1, (2023,)),
    }
    assert seen.years == ((2019, 1), (2020, 0), (2021, 0), (2022, 0), (2023, 0), (2024, 1), (2025, 1))
    assert [(group.name, group.slot) for group in seen.groups] == [("Cell therapy", 0)]


def test_unknown_scope_is_one_line_that_names_the_choices(ws):
    with pytest.raises(UsageError, match="All topics, Lymphoma"):
        explore.landscape(ws, "topic:nothing")


def test_ego_and_expansion_bring_only_who_is_not_drawn(ws):
    part = explore.ego(ws, "person:a", known=["person:a", "person:b"])
    assert {dot.id for dot in part.dots} == {"person:c", "person:d"}
    assert {(tie.a, tie.b) for tie in part.ties} == {("person:a", f"person:{one}") for one in "bcd"} | {
        ("person:b", "person:c")
    }
    one = explore.expand(ws, "person:a", ["person:a", "person:b"], top=1)
    assert [dot.id for dot in one.dots] == ["person:d"]  # weight 1.0 before 0.5
    assert (one.dots[0].x, one.dots[0].influence, one.dots[0].community) == (None, None, "")
    assert not explore.expand(ws, "person:a", [], kind="coinvestigator").dots[1:]


def test_people_of_an_institution(ws):
    place = explore.at_institution(ws, ROR, known=["person:a"])
    assert place.name == "Harbor University Clinic"
    assert set(place.ids) == {"person:a", "person:b"}
    assert [dot.id for dot in place.part.dots] == ["person:b"]
    with pytest.raises(UsageError, match="nobody with a score"):
        explore.at_institution(ws, "ror:03yrm5c26")


def test_points_of_the_measured_dimensions_add_up_and_the_others_are_not_zero(ws):
    card = evidence.inspect(ws, "person:a")
    measured = [part for part in card.dimensions if part.points is not None]
    assert {part.id for part in measured} == {"science", "network"}
    assert sum(part.points or 0 for part in measured) == pytest.approx((25 * 95 + 20 * 85) / 45)
    assert {part.percentile for part in card.dimensions if part.id == "trials"} == {None}
    assert (card.rank, card.ranked, card.coauthors, card.coinvestigators) == (1, 3, 3, 1)
    assert next((tie.name, tie.papers, tie.trials) for tie in card.closest) == ("Ben Okafor", 2, 1)


def test_a_topic_shows_its_own_papers(ws):
    assert sum(count for _, count in evidence.inspect(ws, "person:a", "topic:lymphoma").years) == 2
    assert sum(count for _, count in evidence.inspect(ws, "person:a").years) == 3
    assert evidence.inspect(ws, "person:d").influence is None


def test_receipt_keeps_papers_trials_and_institutions_apart(ws):
    seen = evidence.receipt(ws, "person:b", "person:a")
    assert [row.id for row in seen.papers] == ["pmid:2", "pmid:1"]
    assert seen.papers[0].part == "first author and author 2, 3 authors"
    assert seen.papers[0].page == "https://pubmed.ncbi.nlm.nih.gov/2/"
    assert [(row.detail, row.part) for row in seen.trials] == [
        ("phase 2/3 · recruiting", "sub-investigator and principal investigator")
    ]
    assert [name for name, *_ in seen.institutions] == ["Harbor University Clinic"]
    with pytest.raises(UsageError, match="not in the landscape"):
        evidence.receipt(ws, "person:a", "person:zz")


def test_search_finds_beginnings_of_words_of_every_kind(ws):
    assert [hit.name for hit in search(ws, "lin an").people] == ["Ana Lindqvist"]
    assert [hit.note for hit in search(ws, "harb").institutions] == ["Lund, SE · 2 people"]
    assert [hit.name for hit in search(ws, "lymph").topics] == ["Lymphoma"]
    assert search(ws, "  *; ' ").all() == ()


def test_csv_neutralises_formulas_and_the_export_is_in_the_ledger(ws):
    note = downloads.record(ws, "explore csv", "all", 2, "tester")
    content = downloads.people_csv(ws, ["person:c", "person:d"], "all").decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(content)))
    assert rows[0]["name"].startswith("'=Cho")
    assert (rows[1]["influence"], rows[1]["landscape"]) == ("", "Small field")
    assert ws.ledger.events("export.")[-1].data == {"what": "explore csv", "rows": 2}
    assert note.file.startswith("small-field-all-topics-")


def test_an_address_gives_only_what_can_be_right():
    asked = {
        "colour": "score", "size": "<b>", "ties": "3", "from": "2019", "off": "9", "pick": "person:a",
        "ego": "x'--", "tab": "list",
    }  # fmt: skip
    assert view_json(asked, "all") == {
        "scope": "all", "colour": "score", "tab": "list", "ties": 3, "open": {"pick": "person:a"},
    }  # fmt: skip
    assert view_json({"from": "2019", "to": "2024", "off": "0.other"}, "all")["off"] == ["0", "other"]
    assert not known("person:a b")
    assert not known(None)


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        ({"verb": "scope", "scope": "topic:none"}, "unknown scope"),
        ({"verb": "expand", "scope": "all", "id": "a b"}, "reload"),
        ({"verb": "expand", "scope": "all", "id": "person:a", "known": ["x y"]}, "reload"),
        ({"verb": "expand", "scope": "all", "id": "person:a", "kind": "friend"}, "reload"),
        ({"verb": "place", "scope": "all", "id": "ror:03yrm5c26"}, "nobody with a score"),
    ],
)
def test_a_request_that_cannot_be_right_is_answered_with_one_line(ws, request_, words):
    answer = page.answer(ws, request_ | {"t": 7})
    assert answer["t"] == 7
    assert words in answer["error"]


def test_an_expansion_is_numbered_and_carries_new_people_only(ws):
    answer = page.answer(ws, {"verb": "expand", "scope": "all", "id": "person:a", "known": ["person:a"], "t": 3})
    assert (answer["t"], [dot["id"] for dot in answer["dots"]]) == (3, ["person:b", "person:d", "person:c"])


def test_page_card_and_receipt_show_no_raw_id_and_no_avoided_word(ws):
    parts = [
        explore_card.card(evidence.inspect(ws, "person:a")),
        explore_card.card(evidence.inspect(ws, "person:d")),
        explore_receipt.receipt(evidence.receipt(ws, "person:a", "person:b")),
    ]
    for part in parts:
        texts = [node for node in _texts(part) if node.strip()]
        assert not [text for text in texts if "person:" in text or "ror:" in text or "pmid:" in text]
        assert not [text for text in texts for word in ("friend", "best doctor", "target", "None") if word in text]
    assert "not measured" in " ".join(_texts(parts[1]))
    assert "1 papers" not in " ".join(_texts(parts[0]))


def test_layout_opens_the_whole_landscape_for_an_unknown_scope(ws):
    app = Dash(__name__)
    app.layout = page.layout(ws, scope="topic:nothing", pick="person:a")
    assert map_json(explore.landscape(ws))["scope"] == "all"


def _texts(node) -> list[str]:
    if isinstance(node, str):
        return [node]
    if isinstance(node, list | tuple):
        return [text for child in node for text in _texts(child)]
    return _texts(getattr(node, "children", None) or []) if node is not None else []


def test_numbers_in_words():
    assert [counted(n, "paper") for n in (0, 1, 1200)] == ["0 papers", "1 paper", "1,200 papers"]
    assert counted(None, "person", "people") == "people not counted"
    assert (span([2024, 2019]), span([2024]), span([])) == ("2019–2024", "2024", "")
