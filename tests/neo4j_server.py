"""A real Neo4j server for tests: one for the run, empty at the beginning of each module.

KOLGRAPH_TEST_NEO4J=bolt://user:password@host:port names one that runs already (its database is emptied!). Else its jars
are fetched once by Maven into the user's cache and the server runs on a free port of this machine; else Docker runs
one. Where none of it is possible tests are skipped with the reason, under CI they fail.
"""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from lacking import lacking
from neo4j import Driver, GraphDatabase
from neo4j.exceptions import DriverError, Neo4jError

from kolgraph.store import GraphStore, open_store

POM = Path(__file__).with_name("neo4j_server") / "pom.xml"
VERSION = ElementTree.parse(POM).findtext(".//{*}neo4j.version")
PASSWORD = "a-password-for-tests"
CONFIG = """\
server.bolt.listen_address=127.0.0.1:{port}
server.bolt.advertised_address=127.0.0.1:{port}
server.http.enabled=false
server.https.enabled=false
dbms.usage_report.enabled=false
server.memory.pagecache.size=128m
db.tx_log.preallocate=false
"""
OPENS = [f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in ("java.nio", "java.io", "sun.nio.ch")]
JVM = ["-Xms256m", "-Xmx1g", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]  # the last halves a short run on few cores
WIPE = "MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 5000 ROWS"


@dataclass(frozen=True)
class Server:
    url: str
    user: str
    password: str


class Missing(Exception):
    """Why there can be no server here."""


@pytest.fixture(scope="session")
def neo4j_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that answers, with authentication on."""
    try:
        with _found() or _started(tmp_path_factory.mktemp("neo4j")) as server:
            yield server
    except Missing as reason:
        lacking(f"no Neo4j server for the tests: {reason}")


@pytest.fixture(scope="module")
def neo4j(neo4j_server: Server) -> Iterator[GraphStore]:
    """An open store on an empty database of that server."""
    with _driver(neo4j_server) as driver, driver.session() as session:
        session.run(WIPE).consume()
    store = open_store(neo4j_server.url, neo4j_server.user, neo4j_server.password)
    yield store
    store.close()


def _driver(server: Server) -> Driver:
    return GraphDatabase.driver(server.url, auth=(server.user, server.password))


@contextmanager
def _given(address: str) -> Iterator[Server]:
    parts = urlsplit(address)
    host = f"{parts.scheme}://{parts.hostname}:{parts.port or 7687}"
    yield Server(host, parts.username or "neo4j", parts.password or "")


def _found():
    address = os.environ.get("KOLGRAPH_TEST_NEO4J")
    return _given(address) if address else None


def _started(home: Path):
    if shutil.which("java") and ((jars := _jars()) or shutil.which("mvn")):
        return _java(home, jars or _fetched())
    if shutil.which("docker") and subprocess.run(["docker", "info"], capture_output=True, timeout=20).returncode == 0:
        return _docker()
    raise Missing("it takes Java 17 or 21 with Maven, or Docker, or KOLGRAPH_TEST_NEO4J")


def _cache() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "kolgraph" / f"neo4j-{VERSION}" / "lib"


def _jars() -> Path | None:
    return _cache() if _cache().is_dir() else None


def _fetched() -> Path:
    """The jars, fetched beside their place and moved there whole."""
    part = _cache().with_name(f"lib.{os.getpid()}")
    command = ["mvn", "-q", "-B", "-f", str(POM)]
    command += ["org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies"]
    command += [f"-DoutputDirectory={part}", "-DincludeScope=runtime"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600)
    if done.returncode:
        shutil.rmtree(part, ignore_errors=True)
        raise Missing(f"Maven could not fetch it: {(done.stdout + done.stderr).strip()[-300:]}")
    try:
        part.rename(_cache())
    except OSError:  # another run was faster
        shutil.rmtree(part)
    return _cache()


@contextmanager
def _java(home: Path, jars: Path) -> Iterator[Server]:
    """Our own process: a new home folder, a free port, stopped by SIGTERM."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    conf = home / "conf"
    conf.mkdir()
    (conf / "neo4j.conf").write_text(CONFIG.format(port=port))
    java = ["java", *JVM, *OPENS, "-cp", f"{jars}/*"]
    subprocess.run(
        [*java, "org.neo4j.cli.AdminTool", "dbms", "set-initial-password", PASSWORD],
        env=os.environ | {"NEO4J_HOME": str(home), "NEO4J_CONF": str(conf)},
        capture_output=True,
        check=True,
        timeout=120,
    )
    main = [*java, "org.neo4j.server.CommunityEntryPoint", f"--home-dir={home}", f"--config-dir={conf}"]
    with (home / "output").open("w") as output:
        process = subprocess.Popen(main, stdout=output, stderr=output)
    try:
        server = Server(f"bolt://127.0.0.1:{port}", "neo4j", PASSWORD)
        _wait(server, lambda: process.poll() is None, home / "logs" / "neo4j.log")
        yield server
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def _docker() -> Iterator[Server]:
    image = f"neo4j:{VERSION}"
    run = ["docker", "run", "-d", "--rm", "-p", "127.0.0.1::7687", "-e", f"NEO4J_AUTH=neo4j/{PASSWORD}", image]
    name = subprocess.run(run, capture_output=True, text=True, check=True, timeout=600).stdout.strip()
    try:
        port = subprocess.run(["docker", "port", name, "7687"], capture_output=True, text=True, check=True).stdout
        server = Server(f"bolt://{port.split()[0]}", "neo4j", PASSWORD)
        _wait(server, lambda: True, Path(os.devnull))
        yield server
    finally:
        subprocess.run(["docker", "stop", name], capture_output=True, timeout=60)


def _wait(server: Server, alive, log: Path) -> None:
    """Until the server answers a question; raises Missing with the end of its log when it dies or takes too long."""
    give_up = time.monotonic() + 120
    while alive() and time.monotonic() < give_up:
        try:
            with _driver(server) as driver, driver.session() as session:
                session.run("RETURN 1").consume()
        except (DriverError, Neo4jError):
            time.sleep(0.5)
        else:
            if alive():
                return
    raise Missing(f"it did not answer: {log.read_text()[-300:] if log.exists() else 'no log'}")
