"""Fixtures that several test files share."""

import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from lacking import lacking

import bench
from kolgraph import cli, demo, jobs, landscape
from kolgraph.inbox import Inbox
from kolgraph.workspace import Workspace

pytest_plugins = ["neo4j_server"]  # a real Neo4j server, for whoever asks for it


@pytest.fixture(scope="session")
def realdata() -> Path:
    """The folder of real source records; named in KOLGRAPH_REALDATA, beside the checkout by default."""
    try:
        return bench.realdata()
    except FileNotFoundError as error:
        lacking(str(error))


@pytest.fixture(scope="session")
def small_world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with a small synthetic landscape, loaded, resolved, built and scored; copy it to write to it."""
    path = tmp_path_factory.mktemp("small-world")
    demo.generate(path / "files", 150, 7, jobs.silent)
    topics = tuple(landscape.topic(f"{name}={'|'.join(terms)}") for name, terms in demo.TOPICS.items())
    sources = tuple(landscape.Source(name, (f"files/{name}",)) for name in ("ror", "pubmed", "clinicaltrials"))
    landscape.write(path, landscape.Landscape(demo.TITLE, topics, sources, synthetic=True))
    with Workspace(path) as ws:
        jobs.run(ws)
    return path


@pytest.fixture
def ws(small_world: Path, tmp_path: Path) -> Iterator[Workspace]:
    """An open copy of the small world, for one test."""
    with Workspace(shutil.copytree(small_world, tmp_path / "workspace")) as opened:
        yield opened


@pytest.fixture
def inbox(tmp_path: Path) -> Iterator[Inbox]:
    """An empty inbox."""
    one = Inbox(tmp_path / "inbox.db")
    yield one
    one.close()


@pytest.fixture
def run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    """Run a command in this process on a workspace of its own -> (exit code, what it printed, what it said)."""

    def call(*arguments: str, workspace: Path = tmp_path / "ws") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["kolgraph", "--workspace", str(workspace), *arguments])
        monkeypatch.setenv("COLUMNS", "500")
        with pytest.raises(SystemExit) as ended:
            cli.main()
        out, err = capfd.readouterr()
        return int(ended.value.code or 0), out, err

    return call


@pytest.fixture
def begun(run: Callable[..., tuple[int, str, str]]) -> Callable[..., tuple[int, str, str]]:
    """The same, over a landscape with one topic."""
    assert run("init", "--topic", "Asthma=asthma|wheeze")[0] == 0
    return run
