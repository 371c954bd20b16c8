"""How rare a word, a name or a journal is: counted over what is loaded, on top of a shipped table for small corpora."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from kolgraph.resolve.slots import BUCKETS, LISTED, token_number
from kolgraph.resolve.text import Floats, Ints, distinct, heads, lists

# the most that a token of each kind can weigh: beyond, a small corpus cannot tell rare from unknown
MOST = {"word": 6.5, "subject": 6.5, "place": 7.5, "coauthor": 7.0, "fore": 8.0, "last": 8.0, "journal": 6.0}
_OF_RECORD = ("word", "subject", "coauthor")
Counts = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Rarity:
    """In how many rows every token stands (shape BUCKETS), and the number of rows of each kind."""

    totals: Mapping[str, int]
    counts: Counts

    def weigh(self, kind: str, numbers: Ints, common: float = 1.0) -> Floats:
        """log(rows / rows with the token) of each token, up to MOST; 0 in more than `common` of the rows."""
        total = self.totals.get(kind, 0) + 1
        found = np.maximum(1, self.counts[numbers]) + 1.0
        weights = np.minimum(np.log(total / np.minimum(found, total)), MOST[kind])
        weights[found > common * total] = 0.0
        return np.asarray(weights)

    def names(self, kind: str, names: Sequence[str]) -> Floats:
        """`weigh` for names as they are written; an empty one is as rare as can be."""
        return self.weigh(kind, np.array([token_number(kind, name) for name in names], np.int32))

    def namesakes(self, keys: Sequence[str]) -> Floats:
        """The logarithm of how many forenames were met, for each surname with an initial."""
        numbers = np.array([token_number("namesakes", key) for key in keys], np.int32)
        return np.log(np.maximum(1, self.counts[numbers]).astype(np.float64))

    def mentions(self) -> int:
        """In how many mentions all this was counted, those behind the shipped table left out."""
        return self.totals["last"] - _shipped().totals["last"]

    def table(self) -> pa.Table:
        """kind, token, count: what `read` takes back; rows with a kind hold its total. Unknown means rare."""
        held = np.flatnonzero(self.counts > 1)
        kinds = [*self.totals, *([""] * len(held))]
        tokens = np.concatenate((np.full(len(self.totals), -1), held))
        counts = np.concatenate((np.array(list(self.totals.values()), np.int64), self.counts[held]))
        return pa.table({"kind": pa.array(kinds, pa.string()).dictionary_encode(), "token": tokens, "count": counts})


def counted(slots: pa.Table, on: Rarity | None = None) -> Rarity:
    """What stands in these slots (sorted by record) on top of the shipped table, or of what is given.

    What somebody listed does not make a name or a place more common.
    """
    if (np.asarray(slots["kind"]) == LISTED).any():
        slots = slots.filter(pa.array(np.asarray(slots["kind"]) != LISTED))
    first = slots.select([*_OF_RECORD, "journal"]).take(pa.array(heads(slots)[1]))
    on = on or _shipped()
    counts, totals = on.counts.copy(), dict(on.totals)

    def add(kind: str, numbers: Ints, rows: int) -> None:
        np.add.at(counts, numbers, 1)
        totals[kind] += rows

    for kind in _OF_RECORD:
        add(kind, distinct(*lists(first[kind])), len(first))
    add("place", lists(slots.filter(pc.invert(slots["lent"]))["place"])[1], len(slots))
    add("journal", _tokens("journal", first["journal"]), len(first))
    add("last", _tokens("last", slots["last"]), len(slots))
    spelt = slots.filter(slots["full"])
    add("fore", _tokens("fore", spelt["fore"], first=True), len(spelt))
    np.add.at(counts, _forenames(spelt), 1)
    return Rarity(totals, counts)


def _tokens(kind: str, names: pa.ChunkedArray, first: bool = False) -> Ints:
    """The token of every name, or of its first word; "" has none."""
    coded = names.combine_chunks().dictionary_encode()
    spelt = [name.split(" ")[0] if first else name.replace(" ", "") if kind == "last" else name
             for name in coded.dictionary.to_pylist()]  # fmt: skip
    numbers = np.array([token_number(kind, name) if name else -1 for name in spelt], np.int32)
    found = numbers[np.asarray(coded.indices)] if len(coded) else numbers
    return found[found >= 0]


def _forenames(spelt: pa.Table) -> Ints:
    """The token of surname and initial, once for each forename that begins so."""
    pairs = spelt.select(["last", "fore"]).group_by(["last", "fore"]).aggregate([])
    lasts, fores = (pairs[one].to_pylist() for one in ("last", "fore"))
    met = {(last.replace(" ", ""), fore.split(" ")[0]) for last, fore in zip(lasts, fores, strict=True)}
    return np.array([token_number("namesakes", f"{last} {fore[0]}") for last, fore in met], np.int32)


def read(table: pa.Table) -> Rarity:
    """The rarity that `Rarity.table` wrote."""
    token, count = np.asarray(table["token"]), np.asarray(table["count"])
    total = token < 0
    kinds = table["kind"].filter(pa.array(total)).to_pylist()
    counts = np.zeros(BUCKETS, np.int32)
    counts[token[~total]] = count[~total]
    return Rarity(dict(zip(kinds, count[total].tolist(), strict=True)), counts)


def stored(folder: Path) -> Rarity | None:
    """What the last `resolve` counted, None before the first."""
    path = folder / "rarity.parquet"
    return read(pq.read_table(path)) if path.exists() else None


@cache
def _shipped() -> Rarity:
    found = json.loads((files("kolgraph.resolve") / "rarity.json").read_text("utf-8"))
    counts = np.zeros(BUCKETS, np.int32)
    for kind, tokens in found["counts"].items():
        numbers = [token_number(kind, token) for token in tokens]
        np.add.at(counts, numbers, list(tokens.values()))
    return Rarity({kind: found["totals"].get(kind, 0) for kind in MOST}, counts)


def shipped() -> Rarity:
    """The table that comes with the package, for two records by themselves."""
    return _shipped()
