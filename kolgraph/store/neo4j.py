"""The graph on a Neo4j server (5.26 or later, Community is enough), for a team.

Writing goes in batches that can be sent twice; edges that find no end are counted and refused. A server has no second
file to fill: the mark of the build says "building" or "scoring" from the first row to `publish`, and is read with
`read("build")`. One writer at a time, as everywhere.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from neo4j import READ_ACCESS, Driver, GraphDatabase, ManagedTransaction, NotificationMinimumSeverity, RoutingControl
from neo4j.exceptions import AuthError, DriverError, IncompleteCommit, Neo4jError, ServiceUnavailable

from kolgraph.errors import NoGraphError, StoreError
from kolgraph.store import Row, values
from kolgraph.store.queries import question

SCHEMES = ("bolt", "bolt+s", "bolt+ssc", "neo4j", "neo4j+s", "neo4j+ssc")
OLDEST = (5, 26)
BATCH = 10_000  # rows in a transaction
CONNECT = 5.0  # seconds to reach the server


class Neo4jStore:
    """The graph on the server at `url`, which must answer now; see GraphStore."""

    engine = "neo4j"

    def __init__(self, url: str, user: str, password: str, retry_time: float):
        parts = urlsplit(url)
        if "@" in parts.netloc:
            raise StoreError("the graph address holds a user or a password: give them apart, as user and password")
        self.url = url
        self._user = user
        self._doing = ""  # "building" after prepare, "scoring" after a change to the published graph
        with self._told():
            self._driver: Driver = GraphDatabase.driver(
                url,
                auth=(user, password),
                connection_timeout=CONNECT,
                connection_acquisition_timeout=CONNECT,
                max_transaction_retry_time=retry_time,
                notifications_min_severity=NotificationMinimumSeverity.OFF,
            )
            try:
                self._driver.verify_connectivity()
                agent = self._driver.get_server_info().agent
            except BaseException:
                self._driver.close()
                raise
        version = tuple(map(int, re.findall(r"\d+", agent.partition("/")[2])[:2]))
        if version < OLDEST:
            self._driver.close()
            raise StoreError(f"the server at {url} is {agent}: a graph needs Neo4j 5.26 or later")

    def prepare(self) -> None:
        if self._ask("schema/strangers", {})[0]["found"]:
            raise StoreError(f"the database at {self.url} holds nodes of something else: name an empty database")
        self._run("schema/prepare")
        self._doing = "building"
        self._mark(dict.fromkeys(question("cypher", "write/build").params, ""))
        self._run("schema/wipe")

    def write(self, name: str, rows: Iterable[Mapping[str, Any]]) -> int:
        self._begin()
        return self._send(f"write/{name}", rows)

    def derive(self, name: str, **params: Any) -> int:
        self._begin()
        return self._run(f"derive/{name}", params)

    def publish(self, **meta: Any) -> None:
        found = self._ask("read/build", {})
        if not found:
            raise self._no_graph()
        if self._doing:
            self._run("schema/publish")
        elif found[0]["state"] == "building":
            raise self._half_built()
        self._doing = ""
        self._mark(found[0] | meta | {"state": "ready"})

    def read(self, name: str, **params: Any) -> list[Row]:
        rows = self._ask(f"read/{name}", params)
        if name == "build" and not rows:
            raise self._no_graph()
        return rows

    def stream(self, name: str, **params: Any) -> Iterator[Row]:
        asked = question("cypher", f"views/{name}")
        given = values.checked(asked.name, asked.params, params)
        with self._told(), self._driver.session(default_access_mode=READ_ACCESS, fetch_size=1000) as session:
            for record in session.run(asked.text, given):
                yield dict(zip(asked.columns, record.values(), strict=True))

    def close(self) -> None:
        self._driver.close()

    def _ask(self, name: str, params: Mapping[str, Any]) -> list[Row]:
        asked = question("cypher", name)
        given = values.checked(name, asked.params, params)
        with self._told():
            answer = self._driver.execute_query(asked.text, given, routing_=RoutingControl.READ)
        return [dict(zip(asked.columns, record.values(), strict=True)) for record in answer.records]

    def _send(self, name: str, rows: Iterable[Mapping[str, Any]]) -> int:
        asked = question("cypher", name)
        checked = values.rows(name, asked.params, rows)
        sent = 0
        with self._told(), self._driver.session() as session:
            while batch := list(islice(checked, BATCH)):
                merge = _merge(name, asked.text, batch)
                try:
                    session.execute_write(merge)
                except IncompleteCommit:  # whether it arrived is unknown; MERGE makes it safe to send again
                    session.execute_write(merge)
                sent += len(batch)
        return sent

    def _run(self, name: str, params: Mapping[str, Any] | None = None) -> int:
        """Run the statements of a file one by one; returns how many nodes and edges came or went."""
        asked = question("cypher", name)
        given = values.checked(name, asked.params, params or {})
        changed = 0
        with self._told(), self._driver.session() as session:
            for text in asked.statements:
                count = session.run(text, given).consume().counters
                changed += count.nodes_created + count.nodes_deleted
                changed += count.relationships_created + count.relationships_deleted
        return changed

    def _begin(self) -> None:
        """Mark the published graph as being changed, unless a build goes on."""
        if self._doing:
            return
        found = self._ask("read/build", {})
        if not found:
            raise self._no_graph()
        if found[0]["state"] == "building":
            raise self._half_built()
        self._doing = "scoring"
        self._mark(found[0])

    def _mark(self, build: Row) -> None:
        self._send("write/build", [{**build, "state": self._doing or "ready"}])

    def _no_graph(self) -> NoGraphError:
        return NoGraphError(f"there is no graph at {self.url} yet: make one with `kolgraph run`")

    def _half_built(self) -> StoreError:
        return StoreError(f"the graph at {self.url} is half built: build it again with `kolgraph build`")

    @contextmanager
    def _told(self) -> Iterator[None]:
        """What the server, the driver or the network complains about, as one line."""
        try:
            yield
        except AuthError:
            raise StoreError(f"the server at {self.url} does not know {self._user} by this password") from None
        except ServiceUnavailable as error:
            raise StoreError(f"no Neo4j server answers at {self.url}: is it running there?") from error
        except (Neo4jError, DriverError, OverflowError, UnicodeError) as error:
            told = str(getattr(error, "message", None) or error)
            raise StoreError(f"the graph at {self.url}: {told.splitlines()[0]}") from error


def _merge(name: str, text: str, batch: list[Row]) -> Callable[[ManagedTransaction], None]:
    """Send one batch; a row that finds no end undoes the batch."""

    def merge(transaction: ManagedTransaction) -> None:
        answer = transaction.run(text, rows=batch).single(strict=True)
        if missing := len(batch) - answer[0]:
            raise StoreError(
                f"{name}: {missing} of {len(batch)} rows name an end that is not in the graph: "
                "write both ends before the edge"
            )

    return merge
