"""Peer nominations and people known from a list alone, in the graph."""

from pathlib import Path

import pytest
from graph_nouns import ASH, BIRCH, HARBOR, LANDSCAPE, MENTIONS, NOUNS, built, match, who

from kolgraph.model import Listed, Mention
from kolgraph.store import GraphStore

NEW = "person:gale"


def nomination(key: str, listed: str = "Board") -> Listed:
    return Listed(f"own:{key}", listed, "nomination", Mention(0, last="Ash"), Mention(1, last="Birch"))


ROWS = (
    nomination("board:1"),
    nomination("peers:1", "Peers"),
    nomination("peers:2", "Peers"),
    nomination("peers:3", "Peers"),
    Listed("own:board:9", "Board", "affiliation", Mention(0, last="Gale", orcid="0000-0002-1825-0097"), date="2024-05"),
    Listed("own:board:8", "Board", "person", Mention(0, last="Ash")),
)
WHO = [
    *(who(f"own:{key}", 0, ASH, "Ada Ash") for key in ("board:1", "peers:1", "peers:2")),
    *(who(f"own:{key}", 1, BIRCH, "Bo Birch") for key in ("board:1", "peers:1")),
    who("own:peers:2", 1, NEW, "Gil Gale"),
    who("own:peers:3", 0, ASH, "Ada Ash"),
    who("own:peers:3", 1, ASH, "Ada Ash"),  # names herself
    who("own:board:9", 0, NEW, "Gil Gale", institutions=[HARBOR], institution_confidence=[0.9], country="US"),
    who("own:board:8", 0, ASH, "Ada Ash", country="NO", city="Oslo"),
]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> GraphStore:
    folder = tmp_path_factory.mktemp("lists")
    return built(folder, NOUNS, [*MENTIONS, *WHO], LANDSCAPE, match=match, listed=ROWS)


def test_nominations_are_counted_with_their_lists_from_the_nominator(store: GraphStore) -> None:
    assert list(store.stream("nominations")) == [
        {"nominator": BIRCH, "nominee": ASH, "count": 2, "lists": ["Board", "Peers"]},
        {"nominator": NEW, "nominee": ASH, "count": 1, "lists": ["Peers"]},
    ]
    named = [(one["id"], one["isNominator"]) for one in store.read("nominations_of", id=ASH, top=10)]
    assert named == [(BIRCH, True), (NEW, True)]
    assert [(one["id"], one["isNominator"]) for one in store.read("nominations_of", id=BIRCH, top=10)] == [(ASH, False)]
    assert {one["label"]: one["count"] for one in store.read("counts")}["NOMINATED"] == 2


def test_a_person_of_a_list_alone_is_there_and_can_be_found(store: GraphStore) -> None:
    (found,) = store.read("search_people", words=["gale"], top=5)
    assert (found["id"], found["paperCount"], found["trialCount"]) == (NEW, 0, 0)
    (gale,) = store.read("person", id=NEW)
    assert gale["identifiers"] == ["orcid:0000-0002-1825-0097"]
    (place,) = store.read("affiliations_of", id=NEW)
    assert (place["id"], place["firstYear"], place["isCurrent"]) == (HARBOR, 2024, True)


def test_a_list_changes_no_count_and_no_place_that_records_tell(store: GraphStore, tmp_path: Path) -> None:
    plain = built(tmp_path, NOUNS, MENTIONS, LANDSCAPE, match=match)
    for person in (ASH, BIRCH):
        (one,), (other,) = (each.read("person", id=person) for each in (store, plain))
        identity = dict.fromkeys(("mentionCount", "confidence", "hardShare"))
        assert one | identity == other | identity
    for view in ("coauthor_edges", "coinvestigator_edges", "authorships", "investigations"):
        assert list(store.stream(view)) == list(plain.stream(view))
