"""What a build said, kept after the next one: places, scores, communities and who is on which record.

One folder a build in `<workspace>/snapshots`, written whole or not at all, Parquet in zstd. People are numbered by
their line in `people`, records by theirs in `records`, so that each id is written once. It is no copy of the graph: no
text of any record, no ties. To forget a person, `drop` takes their lines out of every snapshot.
"""

import json
import os
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from kolgraph import __version__
from kolgraph.errors import StoreError
from kolgraph.graph.csr import Floats, Ints
from kolgraph.graph.mentions import ROLES
from kolgraph.graph.views import reference_year

KEPT = 10  # latest builds; of older ones the last of each month
SCORES = ("influence", "science", "impact", "trials", "network", "bridging", "momentum", "guidelines")
FILES = ("people", "scores", "work", "records")
RECORDS = pa.schema(
    {
        "record": pa.string(),
        "kind": pa.string(),
        "year": pa.int16(),
        "team": pa.int32(),
        "phase": pa.string(),
        "topics": pa.list_(pa.string()),
    }
)


class Store(Protocol):
    """What a snapshot reads of a store."""

    def read(self, name: str, **params: Any) -> list[dict[str, Any]]: ...
    def stream(self, name: str) -> Iterable[Mapping[str, Any]]: ...


@dataclass(frozen=True, slots=True)
class Build:
    """Which build it was: its mark, when it was made and scored (ISO, UTC), and what it was made from."""

    id: str
    built: str
    scored: str
    inbox: str
    ledger: str
    latest: int  # the reference year of its scores
    recipe: str = ""  # the digest of the landscape's recipe
    version: str = ""  # of kolgraph

    @property
    def folder(self) -> str:
        """The name of its folder: order of names is order of time."""
        return f"{''.join(c for c in self.built[:23] if c.isdigit())}-{self.id[:12]}"


@dataclass(frozen=True, slots=True)
class Ranks:
    """The people of a scope (numbers, ascending), their communities, values and ranks by score (NaN, 0: unmeasured)."""

    people: Ints
    community: list[str]
    values: dict[str, Floats]
    ranks: dict[str, Ints]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A build read back. Entries of `work` from `start[i]` to `start[i + 1]` are those of person i: record numbers.

    `names_home` marks the entries whose record names the person's current institution.
    """

    build: Build
    people: list[str]
    names: list[str]
    institutions: list[str]
    scopes: dict[str, Ranks]
    records: list[str]
    kinds: list[str]  # of papers as in the model; "trial"
    facts: list[tuple[int, int, str]]  # what a score reads of a record: year (-1 unknown), people, phase
    topics: list[list[str]]
    start: Ints
    work: Ints
    names_home: NDArray[np.bool_]

    def records_of(self, person: int) -> set[int]:
        """Numbers of the records of a person."""
        return set(self.work[self.start[person] : self.start[person + 1]].tolist())

    def home_of(self, person: int) -> set[int]:
        """Numbers of those that name the person's current institution."""
        own = slice(self.start[person], self.start[person + 1])
        return set(self.work[own][self.names_home[own]].tolist())


def folder(workspace: Path) -> Path:
    """Where the snapshots of a workspace are."""
    return workspace / "snapshots"


def take(store: Store, resolved: Path, into: Path, recipe: str = "", keep: int = KEPT) -> Build:
    """Write what `store` and the mentions in `resolved` say now, and prune; a snapshot of this build is replaced."""
    row = store.read("build")[0]
    years = {one["year"]: one["papers"] for one in store.read("papers_per_year", scope="all")}
    made_from = (row["inboxWatermark"], row["ledgerWatermark"])
    build = Build(row["id"], row["builtAt"], row["scoredAt"], *made_from, reference_year(years), recipe, __version__)
    into.mkdir(exist_ok=True)
    with _whole(into / build.folder) as new:
        tables = _tables(store, resolved)
        tables["people"] = stamped(tables["people"], build)
        _write(tables, new)
    prune(into, keep)
    return build


def stamped(people: pa.Table, build: Build) -> pa.Table:
    """The table of people, saying of which build it is."""
    return people.replace_schema_metadata({"build": json.dumps(asdict(build))})


def taken(into: Path, build: Mapping[str, Any]) -> bool:
    """Whether there is a snapshot of a build, given as the store's row, with its latest scores."""
    wanted = (build["id"], build["builtAt"], build["scoredAt"])
    return any((one.id, one.built, one.scored) == wanted for one in builds(into))


def builds(into: Path) -> list[Build]:
    """The builds kept, oldest first. Raises StoreError for one that cannot be read."""
    found = sorted(path for path in into.glob("*-*/people.parquet") if not path.parent.name.startswith("."))
    return [_build_in(path) for path in found]


def _build_in(people: Path) -> Build:
    with _readable(people.parent):
        return Build(**json.loads(pq.read_schema(people).metadata[b"build"]))


def prune(into: Path, keep: int = KEPT) -> list[str]:
    """Remove all but the last `keep` builds and the last one of each month; returns the folders removed."""
    names = [one.folder for one in builds(into)]
    last_of_month = {name[:6]: name for name in names}
    gone = [name for name in names[:-keep] if last_of_month[name[:6]] != name]
    for name in gone:
        shutil.rmtree(into / name)
    return gone


def drop(into: Path, people: Iterable[str]) -> int:
    """Take people out of every snapshot, under each of the ids given; returns how many lines of people went.

    This is how an erasure or objection reaches what was kept: give the ids of the person and all that redirect there.
    """
    ids, gone = pa.array(sorted(set(people)), pa.string()), 0
    for build in builds(into):
        path = into / build.folder
        old = _load(path)
        stays = pc.invert(pc.is_in(old["people"]["person"], ids)).to_numpy()
        if stays.all():
            continue
        gone += int((~stays).sum())
        old["people"] = old["people"].filter(pa.array(stays))
        number = (np.cumsum(stays) - 1).astype(np.int32)  # those who stay close ranks
        for name in ("scores", "work"):
            person = old[name]["person"].to_numpy()
            column = old[name].schema.get_field_index("person")
            kept = old[name].filter(pa.array(stays[person]))
            old[name] = kept.set_column(column, "person", pa.array(number[person[stays[person]]]))
        with _whole(path) as new:
            _write(old, new)
    _read.cache_clear()  # what is in memory forgets them too
    return gone


def read(into: Path, build: Build) -> Snapshot:
    """A snapshot in memory; the last few stay there. Raises StoreError when it cannot be read."""
    path = into / build.folder
    with _readable(path):
        return _read(path, (path / "people.parquet").stat().st_mtime_ns)


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, pa.ArrowInvalid, KeyError) as error:
        raise StoreError(f"the snapshot {path} cannot be read: {error}: remove that folder") from None


@lru_cache(maxsize=4)
def _read(path: Path, changed: int) -> Snapshot:
    files = _load(path)
    people, scores, work, records = (files[name] for name in FILES)
    person = work["person"].to_numpy()
    return Snapshot(
        build=Build(**json.loads(people.schema.metadata[b"build"])),
        people=people["person"].to_pylist(),
        names=people["name"].to_pylist(),
        institutions=people["institution"].to_pylist(),
        scopes={scope: _ranks(scores, scope) for scope in pc.unique(scores["scope"]).to_pylist()},
        records=records["record"].to_pylist(),
        kinds=records["kind"].to_pylist(),
        facts=list(zip(*(records[name].to_pylist() for name in ("year", "team", "phase")), strict=True)),
        topics=records["topics"].to_pylist(),
        start=np.searchsorted(person, np.arange(len(people) + 1)),
        work=work["record"].to_numpy().astype(np.int64),
        names_home=work["home"].to_numpy(),
    )


def _ranks(scores: pa.Table, scope: str) -> Ranks:
    own = scores.filter(pc.equal(scores["scope"], scope))
    return Ranks(
        people=own["person"].to_numpy().astype(np.int64),
        community=own["community"].to_pylist(),
        values={name: own[name].to_numpy().astype(float) for name in SCORES},
        ranks={name: own[f"{name}_rank"].to_numpy().astype(np.int64) for name in SCORES},
    )


def _tables(store: Store, resolved: Path) -> dict[str, pa.Table]:
    people = list(store.stream("people"))
    number = {row["id"]: i for i, row in enumerate(people)}
    homes = [row["institution"] or "" for row in people]
    pairs = [(row["person"], row["publication"]) for row in store.stream("authorships")]
    pairs += [(row["person"], row["trial"]) for row in store.stream("investigations") if row["role"] in ROLES]
    records = _records(store, Counter(record for _, record in pairs))
    place = {id: i for i, id in enumerate(records["record"].to_pylist())}
    key = np.unique(np.array([number[person] * len(place) + place[record] for person, record in pairs], np.int64))
    person, record = np.divmod(key, max(1, len(place)))
    home = np.isin(key, _at_home(resolved, list(number), homes, list(place)))
    return {
        "people": pa.table(
            {
                "person": pa.array(list(number), pa.string()),
                "name": pa.array([row["name"] for row in people], pa.string()),
                "institution": pa.array(homes, pa.string()),
            }
        ),
        "records": records,
        "work": pa.table({"person": person.astype(np.int32), "record": record.astype(np.int32), "home": home}),
        "scores": _scores(store, number),
    }


def _records(store: Store, people: Counter[str]) -> pa.Table:
    """The papers and trials on which somebody stands; `people` counts them."""
    topics: dict[str, list[str]] = {}
    for row in store.stream("about"):
        topics.setdefault(row["record"], []).append(row["topic"])

    def line(row: Mapping[str, Any], kind: str, year: int | None, team: int, phase: str) -> dict[str, Any]:
        known = {"record": row["id"], "kind": kind, "year": -1 if year is None else year, "team": team, "phase": phase}
        return known | {"topics": sorted(topics.get(row["id"], []))}

    papers = (line(row, row["kind"], row["year"], row["authorCount"] or 0, "") for row in store.stream("publications"))
    trials = (
        line(row, "trial", row["startYear"], people[row["id"]], row["phase"] or "") for row in store.stream("trials")
    )
    lines = [row for row in chain(papers, trials) if row["record"] in people]
    return pa.Table.from_pylist(lines, RECORDS)


def _at_home(resolved: Path, people: list[str], homes: list[str], records: list[str]) -> Ints:
    """Person and record, as person * records + record, where the record names the person's current institution."""
    mentions = pq.read_table(resolved / "mentions.parquet", columns=["record", "person", "institutions"])
    lists = mentions["institutions"].combine_chunks()
    said, which = lists.flatten(), pc.list_parent_indices(lists)
    person = pc.index_in(mentions["person"].take(which), pa.array(people, pa.string())).combine_chunks()
    record = pc.index_in(mentions["record"].take(which), pa.array(records, pa.string())).combine_chunks()
    at_home = pc.equal(said, pa.array(homes, pa.string()).take(person))
    found = pc.and_(pc.fill_null(at_home, False), pc.is_valid(record))
    person, record = (column.filter(found).to_numpy().astype(np.int64) for column in (person, record))
    key: Ints = person * len(records) + record
    return key


def _scores(store: Store, number: Mapping[str, int]) -> pa.Table:
    """A line per person and scope. Values are kept to the second decimal, more than is ever shown."""
    column = {name: i for i, name in enumerate(SCORES)}
    lines: dict[tuple[str, int], int] = {}
    group: list[str] = []
    for row in store.stream("members"):
        lines[row["scope"], number[row["person"]]] = len(group)
        group.append(row["community"])
    values = np.full((len(SCORES), len(lines)), np.nan, np.float32)
    ranks = np.zeros((len(SCORES), len(lines)), np.int32)
    for row in store.stream("scores"):
        if (which := column.get(row["score"])) is not None:
            line = lines[row["scope"], number[row["person"]]]
            values[which, line], ranks[which, line] = round(row["value"], 2), row["rank"]
    order = sorted(lines)
    pick = np.array([lines[one] for one in order], np.int64)
    return pa.table(
        {
            "scope": pa.array([scope for scope, _ in order], pa.string()),
            "person": pa.array([person for _, person in order], pa.int32()),
            "community": pa.array([group[i] for i in pick.tolist()], pa.string()),
            **{name: values[i, pick] for name, i in column.items()},
            **{f"{name}_rank": ranks[i, pick] for name, i in column.items()},
        }
    )


def _load(path: Path) -> dict[str, pa.Table]:
    return {name: pq.read_table(path / f"{name}.parquet") for name in FILES}


def _write(tables: Mapping[str, pa.Table], path: Path) -> None:
    for name, table in tables.items():
        pq.write_table(table, path / f"{name}.parquet", compression="zstd", compression_level=9)


@contextmanager
def _whole(path: Path) -> Iterator[Path]:
    """A new folder that stands in the place of `path` once everything is in it, and leaves nothing when it fails."""
    new, old = (path.with_name(f".{path.name}.{what}") for what in ("new", "old"))
    for left in (new, old):
        shutil.rmtree(left, ignore_errors=True)
    new.mkdir()
    try:
        yield new
        for file in new.iterdir():
            with file.open("rb") as written:
                os.fsync(written.fileno())
        if path.exists():
            path.replace(old)
        new.replace(path)
    finally:
        shutil.rmtree(new, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)
