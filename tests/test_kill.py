"""Killed at random moments and run again, a landscape comes out as if nothing had happened (F7)."""

import multiprocessing
import os
import random
import signal
import time
from pathlib import Path

import pytest

from kolgraph import demo, jobs, landscape
from kolgraph.workspace import Graph, Workspace

fork = multiprocessing.get_context("fork")


@pytest.fixture(scope="module")
def recipe(tmp_path_factory) -> landscape.Landscape:
    folder = tmp_path_factory.mktemp("world")
    demo.generate(folder, 300, 5)
    topics = tuple(landscape.topic(f"{name}={'|'.join(terms)}") for name, terms in demo.TOPICS.items())
    sources = tuple(landscape.Source(name, (str(folder / name),)) for name in ("ror", "pubmed", "clinicaltrials"))
    return landscape.Landscape("World", topics[:2], sources)


def work(folder: Path, graph: Graph) -> None:
    with Workspace(folder, graph) as ws:
        jobs.run(ws)


def finish(folder: Path, graph: Graph, patience: float) -> int | None:
    """Start a run in a process of its own; kill -9 it when patience ends -> its exit code, -9 when killed."""
    process = fork.Process(target=work, args=(folder, graph))
    process.start()
    process.join(patience)
    if process.is_alive():
        os.kill(process.pid, signal.SIGKILL)
        process.join()
    return process.exitcode


def hashes(folder: Path, graph: Graph) -> dict[str, str]:
    with Workspace(folder, graph) as ws:
        return jobs.status(ws, with_hash=True)["hash"]


def begin(folder: Path, recipe: landscape.Landscape) -> Path:
    folder.mkdir()
    landscape.write(folder, recipe)
    return folder


def killed_and_whole(tmp_path: Path, recipe: landscape.Landscape, graph: Graph, kills: int) -> None:
    whole = begin(tmp_path / "whole", recipe)
    start = time.monotonic()
    assert finish(whole, graph, 600) == 0
    took = time.monotonic() - start
    expected = hashes(whole, graph)
    assert expected["inbox"]
    assert expected["graph"]
    chance = random.Random(1)
    done = killed = 0
    folder = begin(tmp_path / "killed0", recipe)
    while killed < kills:
        code = finish(folder, graph, chance.uniform(0.02, took))
        killed += code == -signal.SIGKILL
        if code == 0:  # it got through between two kills: compare and begin anew
            assert hashes(folder, graph) == expected
            done += 1
            folder = begin(tmp_path / f"killed{done}", recipe)
        else:
            assert code == -signal.SIGKILL
    assert finish(folder, graph, 600) == 0
    assert hashes(folder, graph) == expected


def test_twenty_kills_on_sqlite(tmp_path, recipe):
    killed_and_whole(tmp_path, recipe, Graph(), 20)


def test_kills_on_neo4j(tmp_path, recipe, neo4j_server):
    killed_and_whole(tmp_path, recipe, neo4j_server, 4)
