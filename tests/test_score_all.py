"""Scores of a small landscape end to end on a real store: recomputed by hand, the same each time."""

import itertools
import math
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pytest
from graph_nouns import HARBOR, LANDSCAPE, PLACES, Nouns, built, who
from scipy.stats import spearmanr

from kolgraph.graph.views import Tables, graph_of, network, reference_year, tables
from kolgraph.model import Mention, Publication, Trial
from kolgraph.score import Score, activity, blend, trials
from kolgraph.score import network as network_scores
from kolgraph.score.all import SCORES, score_all
from kolgraph.score.evidence import evidence
from kolgraph.score.functions import functions
from kolgraph.store import GraphStore
from kolgraph.store.content import content_hash

WORDS = (("airway remodelling", "inhaled steroids"), ("melanoma vaccines", "skin cancer"))


def world(trials_too: bool = True) -> tuple[Nouns, list[dict[str, Any]]]:
    """Two fields with twelve people each, one person in both, a loner, a guideline, an old paper, an erratum."""
    rng = np.random.default_rng(11)
    papers, mentions = [], []
    for number in range(90):
        field = number % 2
        size = 1 + int(rng.integers(1, 5))
        team = [f"f{field}p{i:02d}" for i in rng.choice(12, size, replace=False)]
        team += ["bridge"] if number % 9 < 2 else []
        papers.append((f"pmid:{1000 + number}", team, 2010 + number % 12, f"Asthma and {WORDS[field][number % 4 > 1]}"))
    papers += [("pmid:1", ["loner"], 2021, "Asthma alone"), ("pmid:2", ["old", "f0p00"], 1990, "Asthma of old")]
    nouns = []
    for key, team, year, title in papers:
        kind = "guideline" if key == "pmid:1004" else "erratum" if key == "pmid:1006" else "article"
        lead = int(rng.integers(0, len(team)))
        authors = tuple(Mention(i, last=one, corresponding=i == lead) for i, one in enumerate(team))
        nouns.append(Publication(key, title=title, year=year, date=str(year), kind=kind, authors=authors))
        place = {"institutions": [HARBOR], "institution_confidence": [1.0], "country": "US"}
        mentions += [who(key, i, f"person:{one}", one, **place) for i, one in enumerate(team)]
    studies = []
    for number, (phases, start) in enumerate(((("3",), "2020"), (("1", "2"), "2018"), ((), "2001"))):
        key = f"nct:NCT0000000{number}"
        people = [Mention(0, name="f0p01", role="principal"), Mention(1, name="bridge", role="sub")]
        studies.append(Trial(key, title="Asthma trial", phases=phases, start=start, investigators=tuple(people)))
        mentions += [who(key, i, f"person:{one.name}", one.name) for i, one in enumerate(people)]
    if not trials_too:
        mentions = [row for row in mentions if row["record"].startswith("pmid:")]
    return Nouns(tuple(nouns), tuple(studies) if trials_too else (), PLACES), mentions


def scored_store(folder: Path, trials_too: bool = True) -> GraphStore:
    store = built(folder, *world(trials_too), LANDSCAPE)
    score_all(store, LANDSCAPE)
    return store


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> GraphStore:
    return scored_store(tmp_path_factory.mktemp("scores"))


@pytest.fixture(scope="module")
def values(store: GraphStore) -> dict[tuple[str, str], dict[str, float]]:
    """(scope, score) -> person -> value."""
    found: dict[tuple[str, str], dict[str, float]] = {}
    for row in store.stream("scores"):
        found.setdefault((row["scope"], row["score"]), {})[row["person"]] = row["value"]
    return found


SCOPES = ("all", "topic:asthma", "topic:melanoma")


@pytest.mark.parametrize("scope", SCOPES)
def test_influence_is_recomputed_from_stored_dimensions(values: dict[Any, dict[str, float]], scope: str) -> None:
    people = values[scope, "influence"]
    assert people
    for person, value in people.items():
        sides = [
            (one.weight, values[scope, one.id][person])
            for one in blend.DIMENSIONS
            if person in values.get((scope, one.id), {})
        ]
        assert value == pytest.approx(sum(w * p for w, p in sides) / sum(w for w, _ in sides), abs=1e-9)
        assert values[scope, "coverage"][person] == len(sides)
        assert 0 <= value <= 100


@pytest.mark.parametrize("scope", SCOPES)
def test_dimensions_are_recomputed_from_stored_parts(values: dict[Any, dict[str, float]], scope: str) -> None:
    for one in blend.DIMENSIONS:
        shares: dict[str, list[float]] = {}
        for part in one.parts:
            measured = values.get((scope, part), {})
            for person, value in measured.items():
                less = sum(other < value for other in measured.values())
                equal = sum(other == value for other in measured.values())
                shares.setdefault(person, []).append(100 * (less + equal / 2) / len(measured))
        expected = {person: sum(of) / len(of) for person, of in shares.items() if len(of) == len(one.parts)}
        assert values.get((scope, one.id), {}) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("scope", SCOPES)
def test_activity_is_the_sum_of_the_papers_shown(
    store: GraphStore, values: dict[Any, dict[str, float]], scope: str
) -> None:
    latest = reference_year({row["year"]: row["papers"] for row in store.read("papers_per_year", scope="all")})
    assert latest == 2021
    for person in [row["id"] for row in store.stream("people")]:
        added = activity.contributions(store.read("papers_of", id=person), scope, latest)
        stored = values[scope, "activity"].get(person)
        assert sum(value for _, value in added) == pytest.approx(stored or 0.0, abs=1e-9)
        assert len(added) == values[scope, "papers"].get(person, 0)
        assert (stored is None) == (not added)
        shown = trials.contributions(store.read("trials_of", id=person), scope, latest)
        assert sum(value for _, value in shown) == pytest.approx(
            values.get((scope, "trial_activity"), {}).get(person, 0.0), abs=1e-9
        )


def test_the_evidence_of_a_paper() -> None:
    assert activity.evidence(0, 9, False, 2021, 2021) == 1
    assert activity.evidence(8, 9, False, 2021, 2021) == 1
    assert activity.evidence(4, 9, False, 2021, 2021) == pytest.approx(1 / 3)
    assert activity.evidence(4, 9, True, 2021, 2021) == 1
    assert activity.evidence(0, 1, False, 2016, 2021) == 0.5
    assert activity.evidence(0, 1, False, 2023, 2021) == 1  # printed ahead


def test_ranks_begin_at_one_and_equals_share_the_smallest(store: GraphStore) -> None:
    groups: dict[tuple[str, str], list[tuple[float, int]]] = {}
    for row in store.stream("scores"):
        groups.setdefault((row["scope"], row["score"]), []).append((row["value"], row["rank"]))
    for rows in groups.values():
        for value, rank in rows:
            assert rank == 1 + sum(other > value for other, _ in rows)


def test_who_is_outside_window_or_scope_is_not_scored(values: dict[Any, dict[str, float]]) -> None:
    assert "person:old" not in values["all", "influence"]
    assert "person:loner" in values["all", "influence"]
    assert "person:loner" not in values["topic:melanoma", "influence"]
    assert ("topic:empty", "influence") not in values


def test_unmeasured_dimensions_have_no_rows(values: dict[Any, dict[str, float]], tmp_path: Path) -> None:
    assert "person:loner" not in values["all", "bridging"]
    assert "person:loner" not in values["all", "momentum"]  # first seen in the last year
    assert ("all", "impact") not in values
    assert ("all", "citations") not in values
    signed = set(values["all", "guidelines"])
    assert 0 < len(signed) < len(values["all", "influence"])
    assert values["all", "trials"].keys() == values["all", "influence"].keys()
    assert ("topic:melanoma", "trials") not in values
    bare = scored_store(tmp_path, trials_too=False)
    assert not [row for row in bare.stream("scores") if row["score"] in ("trials", "trial_activity")]
    # whom no trial is known of loses nothing by it
    assert max(row["value"] for row in bare.stream("scores") if row["score"] == "influence") > 80


def test_trial_activity_by_role_phase_and_age(values: dict[Any, dict[str, float]]) -> None:
    recent, older = 2 ** (-1 / 5), 2 ** (-3 / 5)
    assert values["all", "trial_activity"]["person:f0p01"] == pytest.approx(1.0 * recent + 0.75 * older)
    assert values["all", "trial_activity"]["person:bridge"] == pytest.approx(0.5 * (1.0 * recent + 0.75 * older))
    assert values["all", "trial_activity"]["person:loner"] == 0
    assert [trials.phase_weight(one) for one in ("", "early1", "1", "1/2", "2/3", "4", "odd")] == [
        0.5,
        0.5,
        0.5,
        0.75,
        1.0,
        0.75,
        0.5,
    ]


def test_the_trend_is_the_slope_of_a_straight_line(store: GraphStore, values: dict[Any, dict[str, float]]) -> None:
    found = evidence(tables(store), "all")
    papers = found.found.authorships
    weights = activity.place_weights(papers)
    for person, stored in values["all", "trend"].items():
        number = found.found.people.index(person)
        own = papers.person == number
        begin = max(int(found.first[number]), 2012)
        years = np.arange(begin, 2022)
        output = [math.log1p(weights[own & (papers.year == year)].sum()) for year in years]
        assert stored == pytest.approx(np.polyfit(years, output, 1)[0], abs=1e-9)


def test_bridges_spread_over_communities(store: GraphStore, values: dict[Any, dict[str, float]]) -> None:
    spread = values["all", "participation"]
    assert max(spread, key=lambda person: spread[person]) == "person:bridge"
    view = graph_of(evidence(tables(store), "all").found, evidence(tables(store), "all").active)
    label = dict(zip(view.ids, network_scores.communities(view).tolist(), strict=True))
    for person, value in spread.items():
        groups = [label[other] for other in view[person]]
        assert len(groups) >= 3
        assert value == pytest.approx(1 - sum((groups.count(one) / len(groups)) ** 2 for one in set(groups)))


def test_scores_run_on_plain_graphs_too(store: GraphStore) -> None:
    view = network(store)
    for score in SCORES:
        if score.view == "coauthor":
            assert score.of(view.plain()) == pytest.approx(score.of(view), abs=1e-9)


def test_betweenness_is_exact_in_small_networks_and_sampled_well_in_larger_ones(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    graph = functions.convert_from_nx(nx.powerlaw_cluster_graph(1500, 3, 0.4, seed=4))
    exact = nx.betweenness_centrality(graph)
    assert network_scores.betweenness(graph) == pytest.approx(exact, abs=1e-12)
    monkeypatch.setattr(network_scores, "STEPS", 700 * 2 * graph.number_of_edges())
    sampled = network_scores.betweenness(graph)
    assert sampled != exact
    top = sorted(exact, key=lambda node: -exact[node])[:150]
    assert spearmanr([exact[node] for node in top], [sampled[node] for node in top]).statistic >= 0.95


def test_communities_have_names_sizes_and_places(store: GraphStore, values: dict[Any, dict[str, float]]) -> None:
    for scope in SCOPES:
        groups = store.read("communities", scope=scope)
        assert [one["rank"] for one in groups] == list(range(1, len(groups) + 1))
        assert len({one["name"] for one in groups}) == len(groups)
        assert all(1 <= len(one["name"].split(" · ")[0].replace(" & ", " ").split()) <= 3 for one in groups)
        members = [row for row in store.stream("members") if row["scope"] == scope]
        assert {row["person"] for row in members} == values[scope, "influence"].keys()  # everybody has a place
        assert len({(row["x"], row["y"]) for row in members}) == len(members)
        for one in groups:
            assert sum(row["community"] == one["id"] for row in members) == one["size"]
        named = [one["size"] for one in groups if not one["id"].endswith("-0")]
        assert named == sorted(named, reverse=True)
        assert min(named) >= 3
    everybody = store.read("communities", scope="all")
    assert (everybody[-1]["id"], everybody[-1]["name"]) == ("community:all-0", "Small groups")
    names = {one["name"] for one in everybody}
    assert any("Melanoma" in name or "Skin Cancer" in name for name in names)
    assert any("Airway" in name or "Inhaled" in name for name in names)


def test_every_score_says_what_it_is(store: GraphStore) -> None:
    told = {row["id"]: row for row in store.read("score_list")}
    scored = {row["score"] for row in store.stream("scores")}
    assert scored <= set(told)
    assert {"influence", "coverage", *(one.id for one in blend.DIMENSIONS)} <= set(told)
    assert all(len(row["description"]) > 40 and row["title"] for row in told.values())
    assert "impact" in told


def test_scoring_twice_gives_the_same_bytes(store: GraphStore, tmp_path: Path) -> None:
    again = scored_store(tmp_path)
    before = content_hash(again)
    score_all(again, LANDSCAPE)
    assert content_hash(again) == before == content_hash(store)


def test_a_failure_leaves_the_old_scores(tmp_path: Path) -> None:
    store = scored_store(tmp_path)
    before = content_hash(store)

    def broken(_: Any) -> dict[str, float]:
        raise ValueError("a score that fails")

    with pytest.raises(ValueError, match="fails"):
        score_all(store, LANDSCAPE, scores=(*SCORES, Score("broken", "Broken", "coauthor", broken)))
    assert content_hash(store) == before


def test_scores_of_plugins_are_stored_beside_and_move_no_influence(store: GraphStore, tmp_path: Path) -> None:
    other = built(tmp_path, *world(), LANDSCAPE)

    def degree(graph: nx.Graph) -> dict[str, float]:
        """How many coauthors somebody has."""
        return {node: float(many) for node, many in graph.degree}

    plugins = [Score(view, view.title(), view, degree, "ties") for view in ("coauthor", "coinvestigator")]
    score_all(other, LANDSCAPE, scores=(*SCORES, *plugins))
    assert other.read("ranking", score="coauthor", scope="all", top=1, offset=0)[0]["value"] > 3
    shared = [row for row in other.stream("scores") if row["score"] == "coinvestigator" and row["value"] > 0]
    assert {row["person"] for row in shared} == {"person:f0p01", "person:bridge"}
    kept = [[row for row in one.stream("scores") if not row["score"].startswith("co")] for one in (store, other)]
    assert kept[0] == kept[1]


def test_the_weights_of_a_landscape_are_its_lens(tmp_path: Path) -> None:
    others = tuple((one.id, 0.0) for one in blend.DIMENSIONS if one.id != "science")
    store = built(tmp_path, *world(), replace(LANDSCAPE, weights=others))
    score_all(store, replace(LANDSCAPE, weights=others))
    asked = {"scope": "all", "top": 500, "offset": 0}
    influence, science = (
        {row["id"]: row["value"] for row in store.read("ranking", score=score, **asked)}
        for score in ("influence", "science")
    )
    assert influence == pytest.approx(science, abs=1e-9)


def test_payments_are_no_input() -> None:
    """No view that scores read can hold a payment: the columns are these and no others."""

    class Watched:
        def __init__(self) -> None:
            self.asked: list[str] = []

        def stream(self, name: str) -> Iterator[dict[str, Any]]:
            self.asked.append(name)
            return iter(())

    watched = Watched()
    tables(watched)
    assert set(watched.asked) == {"people", "authorships", "investigations", "about", "publications", "trials"}
    fields = set(itertools.chain(Tables.__dataclass_fields__, *(s.__slots__ for s in (activity.Authorships,))))
    assert not any(("pa" in name and "ym" in name) or name in ("amount", "money") for name in fields)


def test_an_empty_graph_has_no_scores_and_no_error(tmp_path: Path) -> None:
    store = built(tmp_path, Nouns(), [], LANDSCAPE)
    counts = score_all(store, LANDSCAPE)
    assert (counts["scored"], counts["community"], counts["member_of"]) == (0, 0, 0)
    assert store.read("build")[0]["scoredAt"]
