"""A graph out of hand-written records, every kind of row, on a real SQLite file."""

from pathlib import Path

import pytest
from graph_nouns import (
    ASH,
    BIRCH,
    CEDAR,
    CITY,
    CLINIC,
    DAHL,
    ELM,
    FIR,
    HARBOR,
    LANDSCAPE,
    MENTIONS,
    NOUNS,
    Nouns,
    built,
    match,
    team,
)

from kolgraph.errors import InputError
from kolgraph.graph import build
from kolgraph.graph.people import fullness
from kolgraph.store import GraphStore, open_store
from kolgraph.store.content import content_hash

TRIAL = "nct:NCT00000001"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> GraphStore:
    return built(tmp_path_factory.mktemp("graph"), NOUNS, MENTIONS, LANDSCAPE, match=match, id="made from this")


def test_records_become_nodes(store: GraphStore) -> None:
    papers = {row["id"]: row for row in store.stream("publications")}
    assert papers["pmid:1"]["title"] == "Asthma and air"
    assert (papers["pmid:1"]["year"], papers["pmid:1"]["journal"], papers["pmid:2"]["kind"]) == (
        2019,
        "Journal A",
        "review",
    )
    (trial,) = store.read("trials_of", id=BIRCH)
    assert (trial["phase"], trial["status"], trial["startYear"], trial["role"]) == (
        "2/3",
        "completed",
        2023,
        "principal",
    )
    assert store.read("build")[0]["id"] == "made from this"
    assert not store.read("build")[0]["scoredAt"]


def test_a_person_has_its_fullest_name_and_all_spellings(store: GraphStore) -> None:
    (ash,) = store.read("person", id=ASH)
    assert ash["name"] == "Ada Ash"
    assert ash["searchName"] == "ada ash a ash"
    assert ash["identifiers"] == ["orcid:0000-0002-1825-0097"]
    assert (ash["paperCount"], ash["trialCount"], ash["mentionCount"], ash["confidence"]) == (2, 0, 3, 0.8)
    assert ash["hardShare"] == pytest.approx(2 / 3)
    assert (ash["firstYear"], ash["lastYear"]) == (2019, 2021)  # the erratum of 2022 counts nothing
    (dahl,) = store.read("person", id=DAHL)
    assert (dahl["paperCount"], dahl["trialCount"], dahl["confidence"], dahl["hardShare"]) == (0, 1, None, None)
    assert (dahl["firstYear"], dahl["lastYear"]) == (2021, 2021)  # a start still planned is dated by the last update


def test_place_and_institution_are_those_of_the_latest_dated_mention(store: GraphStore) -> None:
    (ash,) = store.read("person", id=ASH)
    # of the two institutions of 2021 the one in the country that the paper names, though the other is on more papers
    assert (ash["country"], ash["city"], ash["institution"]) == ("SE", "Lund", CLINIC)
    assert (ash["institutionName"], ash["lon"]) == ("Children's Clinic", 13.2)
    stays = {row["id"]: row for row in store.read("affiliations_of", id=ASH)}
    assert stays[HARBOR]["recordCount"] == 2
    assert stays[HARBOR]["confidence"] == pytest.approx(0.9 * 0.875 * 0.95, abs=0.001)  # named twice, a year ago
    assert (stays[HARBOR]["firstYear"], stays[HARBOR]["lastYear"], stays[HARBOR]["isCurrent"]) == (2019, 2021, True)
    assert (stays[CLINIC]["firstYear"], stays[CLINIC]["isCurrent"]) == (2021, True)
    (birch,) = store.read("person", id=BIRCH)
    assert (birch["country"], birch["city"], birch["institution"], birch["lat"]) == ("FR", "Paris", HARBOR, None)
    (cedar,) = store.read("person", id=CEDAR)
    assert (cedar["country"], cedar["institution"], cedar["lat"]) == ("", "", None)


def test_only_institutions_with_people_or_trials_and_their_parents_enter(store: GraphStore) -> None:
    found = {row["id"]: row for row in store.stream("institutions")}
    assert set(found) == {HARBOR, CLINIC, CITY}
    assert [(row["child"], row["parent"]) for row in store.stream("parts")] == [(CLINIC, CITY)]
    assert [(row["trial"], row["institution"]) for row in store.stream("sites")] == [(TRIAL, CLINIC)]
    assert [(row["trial"], row["institution"]) for row in store.stream("sponsors")] == [(TRIAL, HARBOR)]


def test_positions_count_people_and_leave_groups_and_editors_out(store: GraphStore) -> None:
    rows = {(row["person"], row["publication"]): row for row in store.stream("authorships")}
    assert [rows[one, "pmid:1"]["position"] for one in (ASH, BIRCH, CEDAR)] == [0, 1, 2]
    assert {row["authorCount"] for row in rows.values() if row["publication"] == "pmid:1"} == {3}
    assert rows[BIRCH, "pmid:1"]["isCorresponding"]
    assert (ELM, "pmid:2") not in rows
    assert (DAHL, "pmid:3") in rows


def test_the_strongest_role_of_a_trial_counts_and_contacts_investigate_nothing(store: GraphStore) -> None:
    rows = {row["person"]: row["role"] for row in store.stream("investigations")}
    assert rows == {BIRCH: "principal", DAHL: "sub"}
    assert store.read("person", id=FIR)[0]["trialCount"] == 0


def test_ties_weigh_one_by_n_minus_one_over_papers_that_count(store: GraphStore) -> None:
    ties = {(row["a"], row["b"]): row for row in store.stream("coauthor_edges")}
    assert set(ties) == {(ASH, BIRCH), (ASH, CEDAR), (BIRCH, CEDAR)}
    assert ties[ASH, BIRCH]["weight"] == 1 / 2 + 1
    assert (ties[ASH, BIRCH]["count"], ties[ASH, BIRCH]["years"]) == (2, [2019, 2021])
    assert (ties[ASH, CEDAR]["weight"], ties[ASH, CEDAR]["years"]) == (0.5, [2019])
    (tie,) = store.stream("coinvestigator_edges")
    assert (tie["a"], tie["b"], tie["count"], tie["years"]) == (BIRCH, DAHL, 1, [2021])
    assert tie["weight"] == 1.0 * 0.5 / (2 - 1)  # one of the two is named twice


def test_records_are_about_topics_and_papers_report_trials(store: GraphStore) -> None:
    about = {(row["record"], row["topic"]) for row in store.stream("about")}
    assert about == {
        ("pmid:1", "topic:asthma"),
        ("pmid:3", "topic:asthma"),
        (TRIAL, "topic:asthma"),
        ("pmid:2", "topic:melanoma"),
    }
    reports = {(row["publication"], row["trial"]) for row in store.stream("reports")}
    assert reports == {("pmid:1", TRIAL), ("pmid:2", TRIAL)}  # through the old number, and from the trial's side
    assert {row["id"] for row in store.read("topics")} == {"topic:asthma", "topic:melanoma", "topic:empty"}


def test_large_teams_count_for_people_and_make_no_ties(tmp_path: Path) -> None:
    at_limit, first = team("pmid:1", [f"p{i:03d}" for i in range(100)])
    beyond, second = team("pmid:2", [f"q{i:03d}" for i in range(101)])
    store = built(tmp_path, Nouns((at_limit, beyond)), first + second, LANDSCAPE)
    ties = list(store.stream("coauthor_edges"))
    assert len(ties) == 100 * 99 / 2
    assert {tie["weight"] for tie in ties} == {1 / 99}
    assert store.read("person", id="person:q007")[0]["paperCount"] == 1


def test_equal_input_gives_equal_graphs_in_whatever_order_it_comes(tmp_path: Path) -> None:
    hashes = set()
    for number, nouns in enumerate((NOUNS, Nouns(NOUNS.papers[::-1], NOUNS.studies, NOUNS.places[::-1]))):
        folder = tmp_path / str(number)
        folder.mkdir()
        hashes.add(content_hash(built(folder, nouns, MENTIONS[::-1], LANDSCAPE, match=match)))
    assert len(hashes) == 1


def test_a_build_that_fails_leaves_the_old_graph(tmp_path: Path, store: GraphStore) -> None:
    again = built(tmp_path, NOUNS, MENTIONS, LANDSCAPE, match=match)
    before = content_hash(again)

    def broken(_: object) -> list[tuple[str, float]]:
        raise InputError("the register of places cannot be read")

    with pytest.raises(InputError, match="cannot be read"):
        build(NOUNS, tmp_path / "resolved", LANDSCAPE, again, match=broken)
    assert content_hash(open_store(str(tmp_path / "graph.db"))) == before
    with pytest.raises(InputError, match="nobody is resolved"):
        build(NOUNS, tmp_path / "nowhere", LANDSCAPE, again)


@pytest.mark.parametrize(
    ("fuller", "poorer"),
    [("Ada Ash", "A Ash"), ("Ada Ash", "ADA ASH"), ("Li Wu", "L Wu"), ("Ada M. Ash", "A. M. Ash"), ("Ash", "A")],
)
def test_the_fuller_name(fuller: str, poorer: str) -> None:
    assert fullness(fuller) > fullness(poorer)
