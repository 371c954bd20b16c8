"""What the resolution that stands says of the mentions of today: whose they are, and whose they were first."""

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from kolgraph.resolve.naming import keys_of, place_in

_NAMES = ["person", "origin"]


def former(folder: Path, keys: pa.Array, moved: Callable[[list[str]], Mapping[str, str]]) -> pa.Table | None:
    """Columns person, origin and row for the mentions with these keys; None where none stands.

    Null and -1 for those that are new; the rows are in the order of the keys of before. `moved` is asked where the
    mentions stand today that are not among the keys: records come to go by another id.
    """
    path = folder / "mentions.parquet"
    if not path.exists():
        return None
    names = [name for name in _NAMES if name in pq.read_schema(path).names]  # the origin was not always kept
    table = pq.read_table(path, columns=["record", "position", *names], read_dictionary=_NAMES)
    was = keys_of(table)
    at = place_in(was, keys)
    stays = np.zeros(len(was) + 1, np.bool_)
    stays[at] = True
    gone = np.flatnonzero(~stays[:-1])
    now = moved(was.take(pa.array(gone)).to_pylist()) if len(gone) else {}
    if now:
        there = place_in(keys, pa.array(now.values(), pa.string()))
        rows = place_in(was, pa.array(now.keys(), pa.string()))
        free = np.flatnonzero((there >= 0) & (at[there] < 0))[::-1]
        at[there[free]] = rows[free]  # of mentions that have become one, the one that was there, else the first
    found = table.select(names).unify_dictionaries().take(pa.array(at, mask=at < 0))
    if "origin" not in names:
        found = found.append_column("origin", pa.nulls(len(found), found["person"].type))
    return found.append_column("row", pa.array(at))
