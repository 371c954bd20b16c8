"""Every question on both engines over one graph: the same answers, or it fails. A question without a case fails too."""

import datetime
from collections.abc import Iterator
from typing import Any

import pytest

from kolgraph.errors import StoreError
from kolgraph.sample import sample_graph, sample_rows
from kolgraph.store import GraphStore, open_store
from kolgraph.store.content import content_hash
from kolgraph.store.queries import names, question

HUB, NEIGHBOUR, LONER, STRANGER = "person:m3", "person:a1", "person:q5", "person:nobody"
EVERYBODY = [row["id"] for row in sample_rows()["person"]] + [STRANGER, HUB]
SCOPES = ({"scope": "all"}, {"scope": "topic:oncology"}, {"scope": "topic:empty"}, {"scope": "no such"})
PEOPLE = ({"id": HUB}, {"id": NEIGHBOUR}, {"id": LONER}, {"id": "person:t6"}, {"id": STRANGER}, {"id": ""})
LISTS = ({"ids": EVERYBODY}, {"ids": [LONER]}, {"ids": []})
PAIRS = (
    {"a": HUB, "b": NEIGHBOUR},
    {"a": NEIGHBOUR, "b": HUB},
    {"a": HUB, "b": HUB},
    {"a": LONER, "b": STRANGER},
    {"a": "person:k2", "b": "person:c4"},
)
WORDS = (["jo"], ["lindqvist", "jonas"], ["o", "v"], ["vereshchagina"], ["lin"], [], ["and"], ["x" * 300], ["u", "l"])
HOSTILE = "' OR 1=1 --", '"; DROP TABLE person; --', "}) DETACH DELETE n //", "\\", "%", "$id", "漢\u0000字"


def tops(cases: Any, *sizes: int) -> list[dict[str, Any]]:
    return [{**case, "top": top} for case in cases for top in sizes or (0, 2, 100)]


RANKINGS = [
    {"score": score, **scope, "top": top, "offset": offset}
    for score in ("influence", "papers", "none")
    for scope in SCOPES
    for top, offset in ((100, 0), (2, 1), (2, 3), (5, 100))
]
CASES: dict[str, list[dict[str, Any]]] = {
    "search_people": tops({"words": words} for words in WORDS),
    "search_institutions": tops({"words": words} for words in (*WORDS, ["universitet"], ["koteaching"])),
    "topics": [{}],
    "person": [*PEOPLE, *({"id": text} for text in HOSTILE)],
    "people": [*LISTS, {"ids": list(HOSTILE)}],
    "coauthors": tops(PEOPLE),
    "coinvestigators": tops(PEOPLE),
    "colleagues": tops(PEOPLE),
    "nominations_of": tops([*PEOPLE, *({"id": text} for text in HOSTILE)]),
    "tie_counts": [*LISTS],
    "ties_among": [*LISTS],
    "ties_to": tops({**case, "others": others} for case in LISTS for others in (EVERYBODY, [HUB, NEIGHBOUR], [])),
    "shared_papers": [*PAIRS],
    "shared_trials": [*PAIRS],
    "shared_institutions": [*PAIRS],
    "papers_of": [*PEOPLE],
    "trials_of": [*PEOPLE],
    "affiliations_of": [*PEOPLE],
    "scores_of": [*PEOPLE],
    "ranking": RANKINGS,
    "ranking_in_country": [{**case, "country": country} for case in RANKINGS for country in ("SE", "", HOSTILE[0])],
    "ranking_at_institution": [{**case, "institution": where} for case in RANKINGS for where in ("ror:0b", "ror:0d")],
    "ranking_total": [{"score": score, **scope} for score in ("influence", "none") for scope in SCOPES],
    "scores_for": [{**some, **scope} for some in LISTS for scope in SCOPES],
    "score_list": [{}],
    "countries": [*SCOPES],
    "communities": [*SCOPES],
    "community_of": [{**some, **scope} for some in LISTS for scope in SCOPES],
    "top_of_community": tops(
        {"community": group, "score": "influence", **scope} for group in ("community:all-1", "") for scope in SCOPES
    ),
    "landscape": tops({"score": score, **scope} for score in ("influence", "papers") for scope in SCOPES),
    "papers_per_year": [*SCOPES],
    "counts": [{}],
    "build": [{}],
}
DERIVED: dict[str, dict[str, Any]] = {"clear_scores": {}}


@pytest.fixture(scope="module")
def sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GraphStore]:
    store = open_store(str(tmp_path_factory.mktemp("graph") / "graph.db"))
    yield store
    store.close()


@pytest.fixture(scope="module")
def both(sqlite: GraphStore, neo4j: GraphStore) -> tuple[GraphStore, GraphStore]:
    sample_graph(sqlite)
    sample_graph(neo4j)
    return sqlite, neo4j


@pytest.mark.parametrize("name", sorted(names("sql") | names("cypher")))
def test_twins_say_the_same(name: str) -> None:
    if name in ("schema/wipe", "schema/strangers"):
        return  # a server is shared with others and keeps its rows, a new file is empty
    one, other = question("sql", name), question("cypher", name)
    if name != "schema/prepare":
        assert one.doc == other.doc
    assert list(one.params.items()) == list(other.params.items())
    assert (one.columns, one.lists, one.truths) == (other.columns, other.lists, other.truths)


def test_every_question_has_a_case() -> None:
    asked = {f"read/{name}" for name in CASES} | {f"derive/{name}" for name in DERIVED}
    asked |= {f"write/{name}" for name in (*sample_rows(), "build")}
    asked |= {name for name in names("sql") if name.startswith(("views/", "schema/"))}
    assert asked == names("sql")


@pytest.mark.parametrize("name", CASES)
def test_both_engines_answer_alike(both: tuple[GraphStore, GraphStore], name: str) -> None:
    columns = list(question("sql", f"read/{name}").columns)
    answers = 0
    for case in CASES[name]:
        one, other = (store.read(name, **case) for store in both)
        assert exact(one) == exact(other), case
        assert all(list(row) == columns for row in one + other)
        answers += len(one)
    assert answers, "no case has an answer"


@pytest.mark.parametrize("view", sorted(name for name in names("sql") if name.startswith("views/")))
def test_both_engines_stream_alike(both: tuple[GraphStore, GraphStore], view: str) -> None:
    one, other = (list(store.stream(view.removeprefix("views/"))) for store in both)
    assert one
    assert exact(one) == exact(other)
    assert len({repr(row) for row in one}) == len(one)


def test_columns_come_under_their_own_names(both: tuple[GraphStore, GraphStore]) -> None:
    """The adapters go by place; the texts themselves must name the columns alike."""
    sqlite, neo4j = both
    for name in sorted(names("sql")):
        if name.startswith(("read/", "views/")):
            asked = question("sql", name)
            blank = {key: "[]" if kind.endswith("[]") else 0 for key, kind in asked.params.items()}
            with sqlite._reader() as db:  # type: ignore[attr-defined]
                assert tuple(column[0] for column in db.execute(asked.text, blank).description) == asked.columns
            plan = {key: [] if kind.endswith("[]") else 0 for key, kind in asked.params.items()}
            with neo4j._driver.session() as session:  # type: ignore[attr-defined]
                keys = session.run(question("cypher", name).text, plan).keys()
            assert tuple(keys) == asked.columns


def test_a_ranking_walks_along_its_index(both: tuple[GraphStore, GraphStore]) -> None:
    for name in ("ranking", "ranking_in_country"):
        case = {"score": "influence", "scope": "all", "country": "SE", "top": 50, "offset": 0}
        with both[1]._driver.session() as session:  # type: ignore[attr-defined]
            plan = session.run("EXPLAIN " + question("cypher", f"read/{name}").text, case).consume().plan
        steps = set(operators(plan))
        assert "DirectedRelationshipIndexSeek" in steps
        assert not steps & {"Top", "Sort"}, "it sorts the whole scope (PartialTop, within one rank, is fine)"
        with both[0]._reader() as db:  # type: ignore[attr-defined]
            told = " ".join(
                row[3] for row in db.execute("EXPLAIN QUERY PLAN " + question("sql", f"read/{name}").text, case)
            )
        assert "COVERING INDEX scored_" in told
        assert "TEMP B-TREE FOR ORDER BY" not in told


def test_known_answers(both: tuple[GraphStore, GraphStore]) -> None:
    for store in both:
        assert [row["id"] for row in store.read("search_people", words=["lind"], top=9)] == ["person:a1", "person:z9"]
        assert [row["id"] for row in store.read("search_people", words=["vereschag"], top=9)] == ["person:b7"]
        best = store.read("ranking", score="influence", scope="all", top=4, offset=0)
        assert [(row["id"][-2:], row["rank"]) for row in best] == [("m3", 1), ("a1", 2), ("k2", 2), ("z9", 2)]
        assert [row["id"] for row in store.read("coauthors", id=HUB, top=3)] == ["person:a1", "person:z9", "person:c4"]
        assert [row["year"] for row in store.read("papers_of", id=HUB)] == [2021, 2021, 2019, None]
        assert store.read("papers_of", id=HUB)[0]["topics"] == ["topic:asthma", "topic:oncology"]
        assert store.read("topics")[1] == {
            "id": "topic:empty", "name": "Empty", "terms": [], "paperCount": 0, "trialCount": 0, "peopleCount": 0,
        }  # fmt: skip
        assert store.read("countries", scope="all")[0] == {"country": "SE", "people": 3}
        assert store.read("build")[0]["state"] == "ready"


def test_equal_graphs_have_equal_hashes(both: tuple[GraphStore, GraphStore]) -> None:
    hashes = [content_hash(store) for store in both]
    assert hashes[0] == hashes[1]
    for store in both:
        store.publish(builtAt=datetime.datetime.now().isoformat(), inboxWatermark="8")
        assert store.read("build")[0]["inboxWatermark"] == "8"
        assert store.read("build")[0]["id"] == "build:sample"
        assert content_hash(store) == hashes[0]


def test_rows_may_come_twice_and_in_any_order(both: tuple[GraphStore, GraphStore]) -> None:
    before = content_hash(both[0])
    for store in both:
        store.prepare()
        for name, rows in sample_rows().items():
            store.write(name, list(reversed(rows)))
            store.write(name, rows)
        store.publish(id="build:sample")
        assert content_hash(store) == before


def test_scores_are_cleared_and_written_again(both: tuple[GraphStore, GraphStore]) -> None:
    before = content_hash(both[0])
    rows = sample_rows()
    scoring = ("score", "community", "scored", "member_of")
    for store in both:
        assert store.derive("clear_scores") == sum(len(rows[name]) for name in scoring)
        store.publish(scoredAt="never")
        assert store.read("ranking", score="influence", scope="all", top=9, offset=0) == []
        assert store.read("score_list") == []
        assert store.read("ranking_total", score="influence", scope="all") == [{"total": 0}]
    assert content_hash(both[0]) == content_hash(both[1]) != before
    for store in both:
        for name in scoring:
            assert store.write(name, rows[name]) == len(rows[name])
        store.publish(scoredAt="now")
        assert content_hash(store) == before


def test_what_cannot_be_right_is_refused_alike(both: tuple[GraphStore, GraphStore]) -> None:
    tie = {"a": HUB, "b": "person:z9", "count": 1, "weight": 1.0, "years": [2020]}
    wrong = {
        "itself": ("coauthored_with", {**tie, "b": HUB}),
        "the larger id first": ("coauthored_with", {**tie, "a": "person:z9", "b": HUB}),
        "a missing end": ("coauthored_with", {**tie, "b": "person:zz"}),
        "no number": ("coauthored_with", {**tie, "weight": float("nan")}),
        "endless": ("coauthored_with", {**tie, "weight": float("inf")}),
        "a text for a number": ("coauthored_with", {**tie, "count": "1"}),
        "a fraction for a count": ("coauthored_with", {**tie, "count": 1.5}),
        "too large": ("coauthored_with", {**tie, "count": 2**63}),
        "a hole in a list": ("coauthored_with", {**tie, "years": [2020, None]}),
        "a text for a list": ("coauthored_with", {**tie, "years": "2020"}),
        "a missing key": ("coauthored_with", {"a": HUB, "b": "person:z9"}),
        "a further key": ("coauthored_with", {**tie, "colour": "red"}),
        "half a character": ("topic", {"id": "topic:x", "name": "\ud800", "terms": []}),
        "no text": ("topic", {"id": None, "name": "", "terms": []}),
        "an unfolded name": ("institution", {**sample_rows()["institution"][0], "searchName": "Umeå"}),
        "no such record": ("about", {"record": "pmid:none", "topic": "topic:empty"}),
    }
    before = content_hash(both[0])
    for store in both:
        for why, (name, row) in wrong.items():
            with pytest.raises(StoreError) as told:
                store.write(name, [row])
            assert "\n" not in str(told.value), why
        store.publish()
        assert content_hash(store) == before


@pytest.mark.parametrize(
    ("name", "params"),
    [
        ("person", {}),
        ("person", {"id": 7}),
        ("person", {"id": "x", "more": 1}),
        ("people", {"ids": "person:m3"}),
        ("coauthors", {"id": HUB, "top": -1}),
        ("coauthors", {"id": HUB, "top": "3"}),
        ("search_people", {"words": ["a*"], "top": 3}),
        ("search_people", {"words": ["A"], "top": 3}),
        ("search_people", {"words": [""], "top": 3}),
        ("../write/person", {}),
        ("no_such_question", {}),
    ],
)
def test_questions_are_asked_rightly(both: tuple[GraphStore, GraphStore], name: str, params: dict[str, Any]) -> None:
    told = set()
    for store in both:
        with pytest.raises(StoreError) as error:
            store.read(name, **params)
        told.add(str(error.value).replace("cypher", "sql"))
    assert len(told) == 1


@pytest.mark.parametrize("text", HOSTILE)
def test_texts_are_only_texts(both: tuple[GraphStore, GraphStore], text: str) -> None:
    for store in both:
        counts = store.read("counts")
        assert store.read("person", id=text) == []
        assert store.read("ranking", score=text, scope=text, top=5, offset=0) == []
        store.write("topic", [{"id": "topic:empty", "name": text, "terms": [text, text]}])
        store.publish()
        assert store.read("topics")[1] | {"name": text, "terms": [text, text]} == store.read("topics")[1]
        assert store.read("counts") == counts


def exact(rows: list[dict[str, Any]]) -> list[list[tuple[str, str, Any]]]:
    """With the types, so that 1, 1.0 and True differ."""
    return [[(key, repr(value), type(value)) for key, value in row.items()] for row in rows]


def operators(plan: dict[str, Any]) -> Iterator[str]:
    yield plan["operatorType"].partition("@")[0]
    for child in plan.get("children", ()):
        yield from operators(child)
