"""Killed at random moments and run again, a landscape comes out as if nothing had happened, on both engines."""

import multiprocessing
import os
import random
import shutil
import signal
import time
from pathlib import Path

import pytest
from neo4j_server import Server

from kolgraph import jobs
from kolgraph.errors import StoreError
from kolgraph.store import GraphStore
from kolgraph.workspace import Graph, Workspace

fork = multiprocessing.get_context("fork")


def work(folder: Path, graph: Graph) -> None:
    with Workspace(folder, graph) as ws:
        jobs.run(ws)


def finish(folder: Path, graph: Graph, patience: float) -> int | None:
    """Run everything in a process of its own; kill -9 it when patience ends -> its exit code, -9 when killed."""
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


def begin(folder: Path, small_world: Path) -> Path:
    """A workspace with the same sources and nothing read yet."""
    shutil.copytree(small_world / "files", folder / "files")
    shutil.copy(small_world / "landscape.toml", folder)
    return folder


def killed_and_whole(tmp_path: Path, small_world: Path, graph: Graph, kills: int) -> None:
    expected = hashes(small_world, Graph())
    assert all(expected.values())
    start = time.monotonic()
    whole = begin(tmp_path / "whole", small_world)
    assert finish(whole, graph, 600) == 0
    took = time.monotonic() - start
    assert hashes(whole, graph) == expected
    chance = random.Random(1)
    killed = rounds = 0
    folder = begin(tmp_path / "killed", small_world)
    while killed < kills:
        code = finish(folder, graph, chance.uniform(0.02, took))
        assert code in (0, -signal.SIGKILL)
        killed += code == -signal.SIGKILL
        if code == 0:  # it got through between two kills: compare, and begin anew
            assert hashes(folder, graph) == expected
            rounds += 1
            folder = begin(tmp_path / f"killed{rounds}", small_world)
    assert finish(folder, graph, 600) == 0
    assert hashes(folder, graph) == expected


def test_twenty_kills_on_sqlite(tmp_path, small_world):
    killed_and_whole(tmp_path, small_world, Graph(), 20)


def test_kills_on_neo4j(tmp_path, small_world, neo4j: GraphStore, neo4j_server: Server):
    killed_and_whole(tmp_path, small_world, Graph(neo4j_server.url, neo4j_server.user, neo4j_server.password), 4)


def test_two_engines_one_landscape(small_world, tmp_path, neo4j: GraphStore, neo4j_server: Server):
    """The same people with the same scores, asked as the app asks."""
    folder = shutil.copytree(small_world, tmp_path / "ws")
    server = Graph(neo4j_server.url, neo4j_server.user, neo4j_server.password)
    with Workspace(folder, server) as team, Workspace(small_world) as laptop:
        jobs.run(team)
        for scope in ("all", *(topic.id for topic in laptop.landscape.topics)):
            asked = {"score": "influence", "scope": scope, "top": 100, "offset": 0}
            assert team.store.read("ranking", **asked) == laptop.store.read("ranking", **asked)
        head = laptop.store.read("ranking", score="influence", scope="all", top=1, offset=0)[0]["id"]
        for question in ("person", "papers_of", "trials_of", "scores_of", "affiliations_of"):
            assert team.store.read(question, id=head) == laptop.store.read(question, id=head)


def test_a_wrong_password_is_one_line(small_world, neo4j_server: Server):
    stranger = Graph(neo4j_server.url, neo4j_server.user, "wrong password")
    with Workspace(small_world, stranger) as ws, pytest.raises(StoreError, match="password") as refused:
        jobs.status(ws)
    assert "\n" not in str(refused.value)
