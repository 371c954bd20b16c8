"""The graph store: rows in, rows out. SQLite on a laptop, Neo4j for a team, the same answers from both.

`open_store(url)` takes a path (SQLite) or `bolt://`, `neo4j://` (and `+s`) addresses. A question is a pair of files of
one name in `queries/`; no query text is ever assembled from input, and no driver object leaves this room.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Protocol

from kolgraph.errors import StoreError

Row = dict[str, Any]


class GraphStore(Protocol):
    """What both engines do. Raises StoreError with one clear line.

    A build is `prepare()`, many `write`/`derive`, `publish(**meta)`: until `publish`, readers see the graph of before
    (SQLite: a new file renamed over the old one) or are told that it is being built (Neo4j).
    """

    engine: str

    def prepare(self) -> None:
        """Begin a build from nothing: the schema, without rows."""
        ...

    def write(self, name: str, rows: Iterable[Mapping[str, Any]]) -> int:
        """Send rows to `queries/write/<name>`; returns how many arrived, raises when one found no end to attach to."""
        ...

    def derive(self, name: str, **params: Any) -> int:
        """Run `queries/derive/<name>`, which computes rows inside the store; returns how many."""
        ...

    def publish(self, **meta: Any) -> None:
        """End the build (or the rewriting of scores): indexes, statistics, watermarks last, then visible to readers."""
        ...

    def read(self, name: str, **params: Any) -> list[Row]:
        """The answer to `queries/read/<name>`, columns in declared order."""
        ...

    def stream(self, name: str, **params: Any) -> Iterator[Row]:
        """A whole view (`queries/views/<name>`) for scoring, in batches underneath."""
        ...

    def close(self) -> None: ...


def open_store(url: str, user: str = "neo4j", password: str = "", retry_time: float = 10.0) -> GraphStore:
    """The graph at `url`: a path opens SQLite, an address a Neo4j server that must answer now.

    `retry_time`: seconds for which a Neo4j statement is tried again while its server is away. Raises StoreError.
    """
    scheme, separator, _ = url.partition("://")
    if not separator:
        from kolgraph.store import sqlite  # late: it knows Row

        return sqlite.SqliteStore(Path(url))
    from kolgraph.store import neo4j  # late: the driver takes a second to start, which few need

    if scheme not in neo4j.SCHEMES:
        raise StoreError(f"the graph address {url!r} begins with none of {', '.join(neo4j.SCHEMES)}, and is no path")
    return neo4j.Neo4jStore(url, user, password, retry_time)
