"""The SQLite engine: whole files or none, readers that never wait, one clear line when something is wrong."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from kolgraph.errors import StoreError
from kolgraph.sample import sample_graph, sample_rows
from kolgraph.store import GraphStore, open_store
from kolgraph.store.content import content_hash
from kolgraph.store.queries import names, parse, question
from kolgraph.store.sqlite import require
from kolgraph.testing import sample_graph as for_plugins

WRITER = """
import sys, time
from kolgraph.sample import sample_rows
from kolgraph.store import open_store
store = open_store(sys.argv[1])
if sys.argv[2] == "build":
    store.prepare()
    store.write("topic", sample_rows()["topic"])
else:
    store.derive("clear_scores")
print("ready", flush=True)
time.sleep(60)
"""
FILLER = """
import resource, signal, sys
from kolgraph.errors import StoreError
from kolgraph.sample import sample_rows
from kolgraph.store import open_store
store = open_store(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, 2_000_000))
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
paper = sample_rows()["publication"][0]
try:
    store.prepare()
    store.write("publication", ({**paper, "id": f"pmid:{n}", "title": "long " * 50} for n in range(1, 50_000)))
    store.publish()
except StoreError as error:
    sys.exit(str(error))
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "graph.db"


@pytest.fixture
def store(path: Path) -> Iterator[GraphStore]:
    store = open_store(str(path))
    sample_graph(store)
    yield store
    store.close()


def titles(store: GraphStore) -> set[str]:
    return {row["title"] for row in store.stream("measures")}


def test_readers_keep_the_old_graph_until_the_new_one_is_published(store: GraphStore, path: Path) -> None:
    other = open_store(str(path))
    walk = store.stream("people")
    first = next(walk)
    other.prepare()
    other.write("score", [{"id": "new", "title": "New", "description": "", "unit": ""}])
    assert titles(store) == titles(other) == {"Influence", "Papers"}
    other.publish(id="build:2")
    assert titles(store) == titles(other) == {"New"}
    assert store.read("build")[0]["id"] == "build:2"
    assert len([first, *walk]) == len(sample_rows()["person"])  # a walk ends in the graph in which it began
    assert [file.name for file in path.parent.iterdir()] == ["graph.db"]
    other.close()


def test_a_reader_that_leaves_disturbs_no_writer(store: GraphStore, path: Path) -> None:
    reader = open_store(str(path))
    assert reader.read("counts")
    store.prepare()
    reader.close()
    with pytest.raises(StoreError, match="unknown colour"):
        reader.read("counts", colour="red")
    store.write("topic", sample_rows()["topic"])
    store.publish(id="build:3")
    assert reader.read("build")[0]["id"] == "build:3"
    reader.close()


@pytest.mark.parametrize("doing", ["build", "score"])
def test_a_killed_writer_leaves_the_old_graph(store: GraphStore, path: Path, doing: str) -> None:
    before = content_hash(store)
    writer = subprocess.Popen([sys.executable, "-c", WRITER, str(path), doing], stdout=subprocess.PIPE, text=True)
    assert writer.stdout is not None
    assert writer.stdout.readline() == "ready\n"
    assert len(list(path.parent.iterdir())) == 2
    writer.send_signal(signal.SIGKILL)
    writer.communicate()
    assert content_hash(store) == before
    sample_graph(store)
    assert content_hash(store) == before
    assert [file.name for file in path.parent.iterdir()] == ["graph.db"]


def test_a_full_disk_leaves_the_old_graph(store: GraphStore, path: Path) -> None:
    before = content_hash(store)
    done = subprocess.run([sys.executable, "-c", FILLER, str(path)], capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert "graph.db" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert content_hash(store) == before
    assert [file.name for file in path.parent.iterdir()] == ["graph.db"]


def test_a_refused_row_gives_up_the_whole_change(store: GraphStore, path: Path) -> None:
    before = content_hash(store)
    topic = sample_rows()["topic"][0]
    store.write("topic", [{**topic, "id": "topic:new"}])
    with pytest.raises(StoreError, match=r"write/about: 2 of 3 rows name an end that is not in the graph"):
        store.write("about", [{"record": record, "topic": "topic:new"} for record in ("pmid:1", "pmid:11", "nct:1")])
    store.publish()
    assert content_hash(store) == before


def test_many_threads_read_while_graphs_are_published(store: GraphStore, path: Path) -> None:
    wrong: list[object] = []
    done = threading.Event()

    def read() -> None:
        try:
            while not done.is_set():
                people = store.read("search_people", words=["jonas"], top=5)
                count = sum(1 for _ in store.stream("coauthor_edges"))
                if len(people) != 2 or count != 6:
                    wrong.append((people, count))
        except StoreError as error:
            wrong.append(error)

    readers = [threading.Thread(target=read) for _ in range(6)]
    for reader in readers:
        reader.start()
    other = open_store(str(path))
    for _ in range(5):
        sample_graph(other)
    done.set()
    for reader in readers:
        reader.join()
    other.close()
    assert not wrong
    assert len(store._idle) <= 6  # type: ignore[attr-defined]


def test_numbers_of_numpy_become_plain(store: GraphStore) -> None:
    tie = {"a": "person:a1", "b": "person:z9", "count": np.int64(3), "weight": np.float32(0.5)}
    store.write("coauthored_with", [{**tie, "years": np.array([2001, 2002])}])
    store.write("authored", [{**sample_rows()["authored"][0], "isCorresponding": np.bool_(True)}])
    store.publish()
    found = store.read("coauthors", id="person:z9", top=np.int32(9))[1]
    assert (found["count"], found["weight"], found["years"]) == (3, 0.5, [2001, 2002])


def test_meta_is_kept_and_known(store: GraphStore) -> None:
    store.publish(scoredAt="later")
    mark = store.read("build")[0]
    assert (mark["id"], mark["inboxWatermark"], mark["scoredAt"]) == ("build:sample", "7", "later")
    with pytest.raises(StoreError, match="unknown colour"):
        store.publish(colour="red")


def test_a_graph_that_is_not_there(path: Path) -> None:
    store = open_store(str(path))
    for ask in (
        lambda: store.read("counts"),
        lambda: list(store.stream("people")),
        lambda: store.write("topic", []),
        lambda: store.derive("clear_scores"),
        lambda: store.publish(),
    ):
        with pytest.raises(StoreError, match=r"there is no graph at .*graph.db yet"):
            ask()
    nowhere = open_store(str(path.parent / "no" / "graph.db"))
    with pytest.raises(StoreError):
        nowhere.prepare()


def test_a_file_that_is_no_graph(store: GraphStore, path: Path) -> None:
    foreign = path.with_name("foreign.db")
    db = sqlite3.connect(foreign)
    db.execute("CREATE TABLE person (id TEXT)")
    db.close()
    with pytest.raises(StoreError, match="is no graph of kolgraph"):
        open_store(str(foreign)).read("counts")
    foreign.write_text("a text, not a database " * 100)
    with pytest.raises(StoreError, match="not a database"):
        open_store(str(foreign)).read("counts")
    shutil.copyfile(path, foreign)
    db = sqlite3.connect(foreign)
    db.execute("PRAGMA user_version = 999")
    db.close()
    with pytest.raises(StoreError, match="another version of kolgraph"):
        open_store(str(foreign)).read("counts")


def test_any_file_name_will_do(tmp_path: Path) -> None:
    folder = tmp_path / "a [b]?c=d#e %41 ü"
    folder.mkdir()
    store = open_store(str(folder / "graph.db"))
    for_plugins(store)
    store.publish()
    assert store.read("topics")
    assert os.listdir(folder) == ["graph.db"]  # noqa: PTH208
    store.close()


def test_an_old_sqlite_is_refused() -> None:
    require((3, 37), {"ENABLE_FTS5"})
    with pytest.raises(StoreError, match=r"SQLite 3\.31, a graph needs 3\.37 with FTS5"):
        require((3, 31), {"ENABLE_FTS5"})
    with pytest.raises(StoreError, match=r"SQLite 3\.45 without FTS5"):
        require((3, 45), set())


def test_headers_are_understood_or_refused() -> None:
    asked = question("sql", "read/papers_of")
    assert asked.doc.startswith("A person's publications")
    assert asked.params == {"id": "text"}
    assert asked.columns[-2:] == ("isCorresponding", "topics")
    assert (asked.lists, asked.truths) == (("topics",), ("isCorresponding",))
    with pytest.raises(StoreError, match="no known kind"):
        parse("read/x", "-- What?\n-- :id string\nSELECT 1", "--")
    with pytest.raises(StoreError, match="does not say"):
        parse("read/x", "-- :id text\nSELECT 1", "--")
    with pytest.raises(StoreError, match="no question"):
        question("sql", "read/../read/person")
    assert len(names("sql")) > 70
