"""How rare a word, a name or a journal is: counted over what is loaded, on top of a shipped table for small corpora."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from kolgraph.resolve.text import Floats

# the most that a token of each kind can weigh: beyond, a small corpus cannot tell rare from unknown
MOST = {"word": 6.5, "subject": 6.5, "place": 7.5, "coauthor": 7.0, "fore": 8.0, "last": 8.0, "journal": 6.0}
KINDS = tuple(MOST)


@dataclass(frozen=True, slots=True)
class Rarity:
    """Row counts by kind and token, and the number of rows of each kind (shipped table included in both)."""

    totals: Mapping[str, int]
    counts: Mapping[str, Mapping[str, int]]

    def weigh(self, kind: str, tokens: Sequence[str], common: float = 1.0) -> Floats:
        """log(rows / rows with the token) of each token, up to MOST; 0 in more than `common` of the rows."""
        counts = self.counts.get(kind, {})
        total = self.totals.get(kind, 0) + 1
        found = np.fromiter((max(1, counts.get(token, 1)) for token in tokens), np.float64, len(tokens)) + 1.0
        weights = np.minimum(np.log(total / np.minimum(found, total)), MOST[kind])
        weights[found > common * total] = 0.0
        return weights

    def table(self) -> pa.Table:
        """kind, token, count: what `read` takes back. Tokens met once are left out: unknown means rare."""
        rows = [(kind, "", total) for kind, total in self.totals.items()]
        rows += [(kind, token, n) for kind in self.counts for token, n in self.counts[kind].items() if n > 1 and token]
        kinds, tokens, numbers = zip(*rows, strict=True) if rows else ((), (), ())
        return pa.table({"kind": pa.array(kinds, pa.string()).dictionary_encode(), "token": tokens, "count": numbers})


def counted(totals: Mapping[str, int], counts: Mapping[str, Mapping[str, int]]) -> Rarity:
    """Own counts on top of the shipped table."""
    shipped = _shipped()
    joined: dict[str, dict[str, int]] = {}
    for kind in KINDS:
        joined[kind] = dict(shipped["counts"].get(kind, {}))
        for token, count in counts.get(kind, {}).items():
            joined[kind][token] = joined[kind].get(token, 0) + count
    return Rarity({kind: shipped["totals"].get(kind, 0) + totals.get(kind, 0) for kind in KINDS}, joined)


def read(table: pa.Table) -> Rarity:
    """The rarity that `Rarity.table` wrote."""
    totals: dict[str, int] = {}
    counts: dict[str, dict[str, int]] = {kind: {} for kind in KINDS}
    columns = (table.column(name).to_pylist() for name in ("kind", "token", "count"))
    for kind, token, count in zip(*columns, strict=True):
        if token:
            counts[kind][token] = count
        else:
            totals[kind] = count
    return Rarity(totals, counts)


def stored(folder: Path) -> Rarity | None:
    """What the last `resolve` counted, None before the first."""
    path = folder / "rarity.parquet"
    return read(pq.read_table(path)) if path.exists() else None


def _shipped() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((files("kolgraph.resolve") / "rarity.json").read_text("utf-8"))
    return found
