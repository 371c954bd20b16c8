"""What the last resolution left, in memory: mentions by record and by person, and its doubts. Read once each time."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from kolgraph.errors import UsageError
from kolgraph.graph.csr import Floats, Ints
from kolgraph.model import mention_key
from kolgraph.services.confidence import Confidence
from kolgraph.workspace import Workspace

KEPT = 2  # resolutions in memory: of the landscape shown, and of the one before it
NEEDED = {"kind", "mean", "best", "probability"}  # columns of doubts; a resolution of an earlier version lacks them


@dataclass(frozen=True, slots=True)
class Mentions:
    """Rows are mentions by (record, position); records and people are numbered."""

    records: list[str]
    begin: Ints  # rows of record r are begin[r] to begin[r + 1]
    record: Ints
    position: Ints
    people: list[str]
    person: Ints
    order: Ints  # rows by person
    start: Ints  # those of person p are order[start[p] : start[p + 1]]
    names: list[str]
    confidence: Floats  # nan: a single mention
    hard: NDArray[np.bool_]
    institutions: pa.ListArray  # ids
    number: dict[str, int]  # record -> number
    who: dict[str, int]  # person -> number

    def row(self, key: str) -> int | None:
        """The row of a mention, None for one that the resolution does not know."""
        record, _, position = key.partition("#")
        number = self.number.get(record)
        if number is None or not position.isdigit():
            return None
        rows = slice(int(self.begin[number]), int(self.begin[number + 1]))
        found = np.flatnonzero(self.position[rows] == int(position))
        return rows.start + int(found[0]) if len(found) else None

    def key(self, row: int) -> str:
        """The mention of a row."""
        return mention_key(self.records[self.record[row]], int(self.position[row]))

    def rows(self, person: int) -> Ints:
        """The mentions of a person."""
        return self.order[self.start[person] : self.start[person + 1]]

    def size(self, person: int) -> int:
        """How many those are."""
        return int(self.start[person + 1] - self.start[person])

    def sure(self, person: int) -> Confidence:
        """How sure it is that these are one."""
        rows = self.rows(person)
        value = float(self.confidence[rows[0]])
        return Confidence(None if np.isnan(value) else value, len(rows), float(self.hard[rows].mean()))

    def beside(self, row: int) -> list[int]:
        """The other mentions on the record of a row."""
        number = self.record[row]
        return [other for other in range(int(self.begin[number]), int(self.begin[number + 1])) if other != row]

    def forms(self, person: int) -> list[tuple[str, int]]:
        """Every form of the name with how many records have it, the most frequent first, then the longest."""
        counted = Counter(self.names[row] for row in self.rows(person))
        return sorted(counted.items(), key=lambda form: (-form[1], -len(form[0]), form[0]))

    def name(self, person: int) -> str:
        """The form of the name that leads."""
        return self.forms(person)[0][0]


@dataclass(frozen=True, slots=True)
class Doubts:
    """Pairs of persons that may be one. `left`, `right` are rows of the mentions behind the strongest pair."""

    a: list[str]  # mention keys
    b: list[str]
    left: Ints
    right: Ints
    one: Ints  # numbers of the two persons
    two: Ints
    logodds: Floats  # of the link of the two persons: half the mean and half the best; nan for a clash
    mean: Floats
    best: Floats
    probability: Floats
    kind: list[str]  # grey, clash
    reasons: list[str]
    number: dict[tuple[str, str], int]

    def __len__(self) -> int:
        return len(self.a)


@dataclass(frozen=True, slots=True)
class Index:
    """A resolution; `heard` is the last entry of the ledger that it knows."""

    mark: str
    heard: int
    mentions: Mentions
    doubts: Doubts


def index(ws: Workspace) -> Index:
    """The present resolution. Raises UsageError when there is none, or one of an earlier version."""
    path = ws.resolved / "mentions.parquet"
    if not path.exists():
        raise UsageError("nobody is resolved yet: build the landscape first")
    key = (str(path), path.stat().st_mtime_ns)
    found = _KEPT.get(key)
    if found is None:
        found = _read(ws.resolved)
        while len(_KEPT) >= KEPT:
            _KEPT.pop(next(iter(_KEPT)), None)
        _KEPT[key] = found
    return found


_KEPT: dict[tuple[str, int], Index] = {}


def _read(folder: Path) -> Index:
    doubts = pq.read_table(folder / "doubts.parquet")
    if not set(doubts.column_names) >= NEEDED:
        raise UsageError("who is who was decided by an earlier version of kolgraph: build the landscape again")
    columns = ["record", "position", "person", "name", "confidence", "hard", "institutions"]
    table = pq.read_table(folder / "mentions.parquet", columns=columns)
    said = table.schema.metadata or {}
    mentions = _mentions(table)
    heard = int(said.get(b"ledger", b"").partition(b":")[0] or 0)
    return Index(said.get(b"watermark", b"").decode(), heard, mentions, _doubts(doubts, mentions))


def _mentions(table: pa.Table) -> Mentions:
    records, record = _numbered(table["record"])
    people, person = _numbered(table["person"])
    order = np.argsort(person, kind="stable")
    return Mentions(
        records=records,
        begin=np.searchsorted(record, np.arange(len(records) + 1)),
        record=record,
        position=table["position"].to_numpy().astype(np.int64),
        people=people,
        person=person,
        order=order,
        start=np.searchsorted(person[order], np.arange(len(people) + 1)),
        names=table["name"].to_pylist(),
        confidence=_floats(table["confidence"]),
        hard=table["hard"].to_numpy(zero_copy_only=False).astype(np.bool_),
        institutions=table["institutions"].combine_chunks(),
        number={id: number for number, id in enumerate(records)},
        who={id: number for number, id in enumerate(people)},
    )


def _doubts(table: pa.Table, mentions: Mentions) -> Doubts:
    a, b = table["a"].to_pylist(), table["b"].to_pylist()
    ends = [(mentions.row(x), mentions.row(y)) for x, y in zip(a, b, strict=True)]
    left, right = np.array(ends, np.int64).reshape(-1, 2).T
    return Doubts(
        a=a,
        b=b,
        left=left,
        right=right,
        one=mentions.person[left],
        two=mentions.person[right],
        logodds=_floats(table["logodds"]),
        mean=_floats(table["mean"]),
        best=_floats(table["best"]),
        probability=_floats(table["probability"]),
        kind=table["kind"].to_pylist(),
        reasons=table["reasons"].to_pylist(),
        number={pair: i for i, pair in enumerate(zip(a, b, strict=True))},
    )


def _numbered(column: pa.ChunkedArray) -> tuple[list[str], Ints]:
    """The distinct values in order of appearance, and the number of each row's."""
    coded = column.combine_chunks().dictionary_encode()
    return coded.dictionary.to_pylist(), coded.indices.to_numpy().astype(np.int64)


def _floats(column: pa.ChunkedArray) -> Floats:
    """The column with nan for null."""
    return np.asarray(column.to_numpy(zero_copy_only=False), np.float64)
