"""Plugins come in by entry points; a broken one is named and skipped; the checks for them tell good from bad."""

import importlib
import logging
import random
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import networkx as nx
import pytest

from kolgraph import plugins
from kolgraph.graph.views import network, tables
from kolgraph.loading import Ask, Loader, Page, Record
from kolgraph.model import Affiliation, Mention, Publication
from kolgraph.sample import sample_graph, sample_rows
from kolgraph.score import Score
from kolgraph.score.evidence import evidence
from kolgraph.store import open_store
from kolgraph.testing import check_loader, check_score

GOOD_LOADER = """
from kolgraph.loading import Loader, Page
def pages(ask, client, cursor):
    yield Page()
LOADER = Loader("madeup", "A made-up source", "https://example.org", "CC0", ("publications",), "1", pages)
"""
GOOD_SCORES = """
from kolgraph.score import Score
def degree(graph):
    '''How many coauthors somebody has (Freeman 1979).'''
    return dict(graph.degree())
SCORES = [Score("madeup_degree", "Degree", "coauthor", degree)]
"""


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str, str, str], None]]:
    """Install a distribution with one module and one entry point, as pip leaves it on disk."""
    names: list[str] = []

    def make(group: str, name: str, code: str) -> None:
        (tmp_path / f"{name}.py").write_text(code)
        info = tmp_path / f"{name}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[{group}]\n{name} = {name}\n")
        names.append(name)
        importlib.invalidate_caches()

    monkeypatch.syspath_prepend(str(tmp_path))
    yield make
    for name in names:
        sys.modules.pop(name, None)


def test_a_plugin_comes_in_beside_the_house_s_own(install: Callable[[str, str, str], None]) -> None:
    own, own_scores = plugins.loaders(), plugins.scores()
    assert {"pubmed", "clinicaltrials", "ror"} <= set(own)
    assert own_scores
    assert plugins.problems() == []
    install("kolgraph.loaders", "madeup", GOOD_LOADER)
    install("kolgraph.scores", "madeup_scores", GOOD_SCORES)
    assert set(plugins.loaders()) == {*own, "madeup"}
    assert [s.id for s in plugins.scores()] == [*(s.id for s in own_scores), "madeup_degree"]
    assert plugins.problems() == []


@pytest.mark.parametrize(
    ("group", "code", "reason"),
    [
        ("kolgraph.loaders", "import nothing_of_this_name", "ModuleNotFoundError"),
        ("kolgraph.loaders", "1 / 0", "ZeroDivisionError"),
        ("kolgraph.loaders", "LOADER = 7", "its LOADER is int"),
        ("kolgraph.loaders", "", "LOADER"),
        ("kolgraph.loaders", GOOD_LOADER.replace('"madeup"', '"pubmed"'), 'a loader "pubmed" already'),
        ("kolgraph.scores", "SCORES = ['degree']", "its SCORES hold str"),
        ("kolgraph.scores", GOOD_SCORES + "SCORES *= 2", 'a score "madeup_degree" already'),
    ],
)
def test_a_broken_plugin_is_named_and_skipped(
    install: Callable[[str, str, str], None],
    caplog: pytest.LogCaptureFixture,
    group: str,
    code: str,
    reason: str,
) -> None:
    own = plugins.loaders()
    install(group, "clumsy", code)
    with caplog.at_level(logging.WARNING):
        assert plugins.loaders() == own
        assert plugins.scores()
    (problem,) = [line for line in plugins.problems() if '"clumsy"' in line]
    assert reason in problem
    assert problem in caplog.text


PAPERS = [
    Publication(
        f"pmid:{n}",
        date="2021-06",
        identifiers=(f"doi:10.1000/{n}",),
        authors=(Mention(0, last="Example", affiliations=(Affiliation("Oslo", country="NO"),)), Mention(1, group="G")),
    )
    for n in range(1, 6)
]


def walk(papers: list[Publication], cursor: str, size: int = 2) -> Iterator[Page]:
    for start in range(int(cursor or 0), len(papers), size):
        end = start + size
        records = tuple(Record(paper.id, repr(paper).encode(), paper) for paper in papers[start:end])
        yield Page(records, str(end) if end < len(papers) else "")


def loader(papers: list[Publication]) -> Loader:
    return Loader(
        "madeup",
        "Made up",
        "https://example.org",
        "CC0",
        ("publications",),
        "1",
        lambda _a, _c, cursor: walk(papers, cursor),
    )


def broken(**fields: object) -> list[Publication]:
    return [*PAPERS[:-1], replace(PAPERS[-1], **fields)]  # type: ignore[arg-type]


def test_a_sound_loader_passes() -> None:
    assert [len(page.records) for page in check_loader(loader(PAPERS), Ask())] == [2, 2, 1]


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        (loader(broken(id="38012345")), 'names "38012345"'),
        (loader(broken(identifiers=("person:abc",))), "no record's CURIE"),
        (loader(broken(date="June 2021")), "not ISO"),
        (loader(broken(authors=(Mention(0, last="A"), Mention(0, last="B")))), "two mentions at one position"),
        (loader(broken(authors=(Mention(0),))), "names nobody"),
        (loader(broken(authors=(Mention(0, last="A", affiliations=(Affiliation("", country="Norway"),)),))), "Norway"),
        (replace(loader(PAPERS), yields=("trials",)), "which it does not yield"),
        (replace(loader(PAPERS), yields=("persons",)), "it yields"),
        (replace(loader(PAPERS), licence=""), "licence"),
        (replace(loader(PAPERS), name="My Source"), "plain word"),
        (replace(loader(PAPERS), pages=lambda _a, _c, _cursor: walk(PAPERS, "")), "not the 3 left"),
        (replace(loader(PAPERS), pages=lambda _a, _c, cursor: list(walk(PAPERS, cursor))[:-1]), '"" marks the end'),
        (replace(loader(PAPERS), pages=lambda _a, _c, cursor: walk(random.sample(PAPERS, 3), cursor)), "not pure"),
        (replace(loader(PAPERS), pages=lambda _a, _c, _cursor: iter(())), "no page"),
    ],
)
def test_an_unsound_loader_is_told_what_is_wrong(changed: Loader, complaint: str) -> None:
    with pytest.raises(AssertionError, match=complaint):
        check_loader(changed, Ask())


def degree(graph: nx.Graph) -> dict[str, float]:
    """How many coauthors somebody has (Freeman 1979)."""
    return dict(graph.degree())


def unsourced(graph: nx.Graph) -> dict[str, float]:
    """A number that somebody thought of one day."""
    return dict(graph.degree())


def infinite(graph: nx.Graph) -> dict[str, float]:
    """One over the number of coauthors, after Nobody 1979."""
    return {node: float("inf") for node in graph}


def fickle(graph: nx.Graph) -> dict[str, float]:
    """A number out of a hat, after Nobody 1979."""
    return {node: random.random() for node in graph}


GRAPH = nx.relabel_nodes(nx.path_graph(4), str)


def test_a_sound_score_passes() -> None:
    assert check_score(Score("degree", "Degree", "coauthor", degree), GRAPH) == {"0": 1, "1": 2, "2": 2, "3": 1}


@pytest.mark.parametrize(
    ("score", "complaint"),
    [
        (Score("Degree!", "Degree", "coauthor", degree), "plain word"),
        (Score("degree", "", "coauthor", degree), "no title"),
        (Score("degree", "Degree", "coauthor", unsourced), "names no source"),
        (Score("degree", "Degree", "coauthor", lambda graph: {}), "docstring"),
        (Score("degree", "Degree", "coauthor", infinite), "leave out whom it cannot measure"),
        (Score("degree", "Degree", "coauthor", fickle), "gives other values"),
    ],
)
def test_an_unsound_score_is_told_what_is_wrong(score: Score, complaint: str) -> None:
    with pytest.raises(AssertionError, match=complaint):
        check_score(score, GRAPH)


@pytest.fixture(scope="module")
def views(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """What each kind of score is given, made of the sample graph."""
    store = open_store(str(tmp_path_factory.mktemp("sample") / "graph.db"))
    sample_graph(store)
    found = tables(store)
    coauthors = network(store)
    store.close()
    return {"coauthor": coauthors, "coinvestigator": coauthors, "evidence": evidence(found, "all")}


@pytest.mark.parametrize("score", plugins.scores(), ids=lambda score: score.id)
def test_the_house_s_own_scores_pass(score: Score, views: dict[str, object]) -> None:
    assert set(check_score(score, views[score.view])) <= {row["id"] for row in sample_rows()["person"]}
