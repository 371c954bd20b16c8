"""The Neo4j engine: what a server, a network and somebody else's data can do to a graph."""

import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest
from neo4j_server import Server

from kolgraph.errors import StoreError
from kolgraph.sample import sample_graph, sample_rows
from kolgraph.store import GraphStore, open_store
from kolgraph.store.content import content_hash

BUILDER = """
import sys, time
from kolgraph.sample import sample_rows
from kolgraph.store import open_store
store = open_store(sys.argv[1], "neo4j", sys.argv[2])
store.prepare()
store.write("topic", sample_rows()["topic"])
print("ready", flush=True)
time.sleep(60)
"""
COMMIT = b"\x00\x02\xb0\x12\x00\x00"  # the Bolt message, in its chunk


@pytest.fixture
def store(neo4j: GraphStore) -> GraphStore:
    sample_graph(neo4j)
    return neo4j


def again(server: Server) -> GraphStore:
    return open_store(server.url, server.user, server.password)


@pytest.mark.parametrize(
    ("url", "password", "says"),
    [
        ("{url}", "wrong", "does not know neo4j by this password"),
        ("bolt://127.0.0.1:{closed}", "", "no Neo4j server answers at bolt://127.0.0.1:{closed}"),
        ("neo4j://127.0.0.1:{closed}", "", "no Neo4j server answers"),
        ("bolt://no-such-host.invalid:7687", "", "no Neo4j server answers"),
        ("bolt+s://127.0.0.1:{port}", "", "no Neo4j server answers"),
        ("http://127.0.0.1:{port}", "", "begins with none of bolt"),
        ("bolt://neo4j:secret@127.0.0.1:{port}", "", "give them apart"),
        ("bolt://", "", "no Neo4j server answers"),
    ],
)
def test_no_door_is_told_in_one_line(neo4j_server: Server, url: str, password: str, says: str) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        ports = {"closed": probe.getsockname()[1], "port": neo4j_server.url.rpartition(":")[2], "url": neo4j_server.url}
    began = time.monotonic()
    with pytest.raises(StoreError) as told:
        open_store(url.format(**ports), "neo4j", password)
    assert says.format(**ports) in str(told.value)
    assert "\n" not in str(told.value)
    assert "secret" not in str(told.value)
    assert time.monotonic() - began < 15


def test_a_silent_server_is_given_up() -> None:
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen()
        began = time.monotonic()
        with pytest.raises(StoreError):
            open_store(f"bolt://127.0.0.1:{mute.getsockname()[1]}")
        assert time.monotonic() - began < 15


def test_an_empty_database_has_no_graph(neo4j_server: Server, neo4j: GraphStore) -> None:
    wipe(neo4j)
    for ask in (
        lambda: neo4j.read("build"),
        lambda: neo4j.write("topic", []),
        lambda: neo4j.derive("clear_scores"),
        lambda: neo4j.publish(),
    ):
        with pytest.raises(StoreError, match="there is no graph at bolt"):
            ask()


def test_the_data_of_others_is_left_alone(neo4j: GraphStore) -> None:
    wipe(neo4j)
    with neo4j._driver.session() as session:  # type: ignore[attr-defined]
        session.run("CREATE (:Person {name: 'of another program'})").consume()
    with pytest.raises(StoreError, match="holds nodes of something else"):
        neo4j.prepare()
    wipe(neo4j)
    sample_graph(neo4j)


def test_a_graph_says_while_it_is_not_whole(neo4j_server: Server, store: GraphStore) -> None:
    other = again(neo4j_server)
    store.derive("clear_scores")
    assert other.read("build")[0] | {"state": "scoring", "id": "build:sample"} == other.read("build")[0]
    store.publish()
    assert other.read("build")[0]["state"] == "ready"
    store.prepare()
    assert other.read("build")[0]["state"] == "building"
    assert other.read("counts") == [{**row, "count": 0} for row in other.read("counts")]
    for change in (lambda: other.write("topic", []), lambda: other.derive("clear_scores"), lambda: other.publish()):
        with pytest.raises(StoreError, match="half built"):
            change()
    sample_graph(store)
    assert other.read("build")[0]["state"] == "ready"
    other.close()


def test_a_killed_build_is_known_and_built_again(neo4j_server: Server, store: GraphStore) -> None:
    before = content_hash(store)
    command = [sys.executable, "-c", BUILDER, neo4j_server.url, neo4j_server.password]
    builder = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert builder.stdout is not None
    assert builder.stdout.readline() == "ready\n"
    builder.send_signal(signal.SIGKILL)
    builder.communicate()
    assert store.read("build")[0]["state"] == "building"
    fresh = again(neo4j_server)
    sample_graph(fresh)
    assert content_hash(fresh) == before
    fresh.close()


def test_a_missing_end_undoes_its_batch(store: GraphStore) -> None:
    before = content_hash(store)
    rows = [{"record": record, "topic": "topic:empty"} for record in ("pmid:11", "pmid:none", "nct:NCT00000001")]
    with pytest.raises(StoreError, match=r"write/about: 1 of 3 rows name an end that is not in the graph"):
        store.write("about", rows)
    store.publish()
    assert content_hash(store) == before


def test_a_reply_lost_after_the_commit_doubles_nothing(neo4j_server: Server, store: GraphStore) -> None:
    before = content_hash(store)
    with cutting_proxy(neo4j_server) as (url, cuts):
        shaky = open_store(url, neo4j_server.user, neo4j_server.password)
        shaky.prepare()
        for name, rows in sample_rows().items():
            cuts.set()
            assert shaky.write(name, rows) == len(rows)
            assert not cuts.is_set(), "nothing was cut"
        shaky.publish(id="build:sample")
        assert content_hash(shaky) == before
        shaky.close()


def test_threads_share_a_store(store: GraphStore) -> None:
    found: list[int] = []

    def read() -> None:
        for _ in range(5):
            found.append(len(store.read("search_people", words=["jonas"], top=5)))
            found.append(len(list(store.stream("topics"))))

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert sorted(found) == [2] * 20 + [3] * 20


def wipe(store: GraphStore) -> None:
    store._doing = ""  # type: ignore[attr-defined]
    with store._driver.session() as session:  # type: ignore[attr-defined]
        session.run("MATCH (n) DETACH DELETE n").consume()


class cutting_proxy:
    """A proxy in between that, once `cuts` is set, swallows the answer to the next COMMIT and hangs up."""

    def __init__(self, server: Server):
        host, _, port = server.url.removeprefix("bolt://").partition(":")
        self.target = (host, int(port))
        self.cuts = threading.Event()
        self.listener = socket.create_server(("127.0.0.1", 0))

    def __enter__(self) -> tuple[str, threading.Event]:
        threading.Thread(target=self.accept, daemon=True).start()
        return f"bolt://127.0.0.1:{self.listener.getsockname()[1]}", self.cuts

    def __exit__(self, *_: object) -> None:
        self.listener.close()

    def accept(self) -> None:
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            server = socket.create_connection(self.target)
            cut = threading.Event()
            threading.Thread(target=self.pump, args=(client, server, cut, True), daemon=True).start()
            threading.Thread(target=self.pump, args=(server, client, cut, False), daemon=True).start()

    def pump(self, source: socket.socket, sink: socket.socket, cut: threading.Event, asking: bool) -> None:
        for data in received(source):
            if asking and self.cuts.is_set() and COMMIT in data:
                self.cuts.clear()
                cut.set()
            elif not asking and cut.is_set():
                break
            try:
                sink.sendall(data)
            except OSError:
                break
        for end in (source, sink):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


def received(source: socket.socket) -> Iterator[bytes]:
    while True:
        try:
            data = source.recv(65536)
        except OSError:
            return
        if not data:
            return
        yield data
