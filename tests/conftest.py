"""Fixtures that several test files share."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from kolgraph import demo, jobs, landscape
from kolgraph.inbox import Inbox
from kolgraph.workspace import Workspace

pytest_plugins = ["neo4j_server"]  # a real Neo4j server, for whoever asks for it

REALDATA = Path(os.environ.get("KOLGRAPH_REALDATA", Path(__file__).parents[2] / "shared" / "realdata"))


@pytest.fixture(scope="session")
def realdata() -> Path:
    """The folder of real source records; named in KOLGRAPH_REALDATA, beside the checkout by default."""
    if not REALDATA.is_dir():
        tell = pytest.fail if os.environ.get("CI") else pytest.skip
        tell("no real records here: set KOLGRAPH_REALDATA to a folder that holds them")
    return REALDATA


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
