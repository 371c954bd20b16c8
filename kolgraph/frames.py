"""A workspace as tables: the columns of each, its rows as a stream, and as a pandas DataFrame for notebooks."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from kolgraph.errors import NoGraphError, UsageError
from kolgraph.model import Engagement
from kolgraph.workspace import Workspace

Row = Mapping[str, Any]
BATCH = 20_000
TEXT, WHOLE, REAL, FLAG = pa.string(), pa.int64(), pa.float64(), pa.bool_()
SCHEMAS: dict[str, dict[str, pa.DataType]] = {
    "people": {
        **dict.fromkeys(("id", "name", "country", "region", "city"), TEXT),
        **dict.fromkeys(("lat", "lon"), REAL),
        **dict.fromkeys(("firstYear", "lastYear", "paperCount", "trialCount"), WHOLE),
        "institution": TEXT,
        "confidence": REAL,
        "hardShare": REAL,
    },
    "papers": {"id": TEXT, "title": TEXT, "year": WHOLE, "journal": TEXT, "kind": TEXT},
    "mentions": {
        **{"record": TEXT, "position": WHOLE, "person": TEXT},
        **{"name": TEXT, "personName": TEXT},  # as the record writes it; as the graph calls the person, "" without one
        **{"confidence": REAL, "hard": FLAG},  # of the person; whether a fact ties the mention to another one
        **{"institutions": pa.list_(TEXT), "country": TEXT, "source": TEXT},
    },
    "edges": {"a": TEXT, "b": TEXT, "kind": TEXT, "count": WHOLE, "weight": REAL, "years": pa.list_(WHOLE)},
    "scores": {"person": TEXT, "score": TEXT, "scope": TEXT, "value": REAL, "rank": WHOLE},
    "engagements": {
        name: {"unsolicited": FLAG, "safety": FLAG, "version": WHOLE}.get(name, TEXT)
        for name in Engagement.__dataclass_fields__
    },
}


def people(ws: Workspace) -> pd.DataFrame:
    """Everybody, one row a person."""
    return frame(ws, "people")


def papers(ws: Workspace) -> pd.DataFrame:
    """Every publication."""
    return frame(ws, "papers")


def edges(ws: Workspace) -> pd.DataFrame:
    """Every tie, `kind` coauthor or coinvestigator; `a` < `b`, `years` of the shared work."""
    return frame(ws, "edges")


def scores(ws: Workspace, scope: str | None = None) -> pd.DataFrame:
    """Values of everybody, one row a person, one column a score; `scope` is a topic's name or id, None = all records.

    Who is not measured by a score has NaN there, never zero.
    """
    long = frame(ws, "scores")
    chosen = long[long["scope"] == ws.scope(scope)]
    return chosen.pivot(index="person", columns="score", values="value")


def frame(ws: Workspace, what: str) -> pd.DataFrame:
    """A table of SCHEMAS as a DataFrame."""
    schema = pa.schema(list(SCHEMAS[what].items()))
    found: pd.DataFrame = pa.Table.from_batches(batches(rows_of(ws, what), schema), schema).to_pandas()
    return found


def rows_of(ws: Workspace, what: str) -> Iterator[Row]:
    """The rows of a table in SCHEMAS, streamed. Raises UsageError for mentions while nobody is resolved."""
    if what == "mentions":
        return _mentions(ws)
    if what == "engagements":
        return ({name: getattr(one, name) for name in SCHEMAS[what]} for one in ws.ledger.engagements())
    if what == "edges":
        kinds = {"coauthor": "coauthor_edges", "coinvestigator": "coinvestigator_edges"}
        return ({**row, "kind": kind} for kind, view in kinds.items() for row in ws.store.stream(view))
    return iter(ws.store.stream({"papers": "publications"}.get(what, what)))


def _mentions(ws: Workspace) -> Iterator[Row]:
    path = ws.resolved / "mentions.parquet"
    if not path.exists():
        raise UsageError("nobody is resolved yet: run `kolgraph run` first")
    try:
        names = {row["id"]: row["name"] for row in ws.store.stream("people")}
    except NoGraphError:
        names = {}
    stored = [name for name in SCHEMAS["mentions"] if name not in ("personName", "source")]
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(BATCH, columns=stored):
            rows = batch.to_pylist()
            said = ws.inbox.provenance({row["record"] for row in rows})
            for row in rows:
                source = said[row["record"]].source if row["record"] in said else ""
                yield {**row, "personName": names.get(row["person"], ""), "source": source}


def batches(rows: Iterable[Row], schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    """Rows as Arrow, a part at a time."""
    left = iter(rows)
    while part := list(islice(left, BATCH)):
        yield pa.RecordBatch.from_pylist(part, schema)
