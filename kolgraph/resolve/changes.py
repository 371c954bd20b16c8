"""What differs between two resolutions: who was made, joined, parted, and which mentions went from one to another.

Pure and vectorised: two tables of mentions in, a table of differences out, the same whatever the order of the rows.
Who somebody of before is now: the one with the same id; else the one to whom the id is redirected; else, for an id that
ended with its mention, whoever holds most of the mentions.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

Codes = NDArray[np.int64]
Flags = NDArray[np.bool_]
KINDS = ("merged", "split", "moved", "gone", "created", "grown")
CHANGES = pa.schema(
    [
        ("kind", pa.string()),
        ("person", pa.string()),  # of now; for gone, of before
        ("other", pa.string()),  # merged: of before; split, moved: who has the mentions now
        ("mentions", pa.int32()),  # that came, went or are new
        ("kept", pa.int32()),  # merged, split, moved: those of before that the person has still
        ("a", pa.string()),  # a mention of the person of before, "" for none
        ("keys", pa.list_(pa.string())),  # merged, split, moved: the mentions that came or went
        ("rest", pa.list_(pa.string())),  # merged: those that the person had; moved: those that the other had
        ("name", pa.string()),
        ("other_name", pa.string()),
        ("date", pa.string()),
    ]
)


@dataclass(frozen=True, slots=True)
class _Flows:
    """Mentions by (person before, person now): how many, and the row in the table of now of the first of them."""

    one: Codes
    two: Codes
    count: Codes
    first: Codes

    def __getitem__(self, rows: Codes | Flags) -> "_Flows":
        return _Flows(self.one[rows], self.two[rows], self.count[rows], self.first[rows])

    def find(self, one: Codes, two: Codes, people: int) -> Codes:
        """The places of these pairs, -1 for those that there are not."""
        held, wanted = self.one * people + self.two, one * people + two
        at = np.minimum(np.searchsorted(held, wanted), max(0, len(held) - 1))
        return np.where(held[at] == wanted, at, -1) if len(held) else np.full(len(wanted), -1)


@dataclass(frozen=True, slots=True)
class _Rows:
    """Differences of one kind in numbers: people, names (those of now after those of before), groups of mentions."""

    kind: int
    person: Codes
    other: Codes
    mentions: Codes
    kept: Codes
    a: Codes
    name: Codes
    other_name: Codes
    went: Codes
    rest: Codes


def changes(
    before: pa.Table,
    after: pa.Table,
    redirects: Mapping[str, str],
    date: str = "",
    moved: Callable[[list[str]], Mapping[str, str]] = lambda keys: {},
) -> pa.Table:
    """The differences, by kind in the order of KINDS, the largest first; needs record, position, person and name.

    `redirects` says which person an id means now. `moved` is asked where the mentions stand that `after` lacks:
    records come to go by another id.
    """
    after = _sorted(after)
    before, there, here = _shared(_sorted(before), after, moved)
    ids = pc.unique(pa.chunked_array([*before["person"].chunks, *after["person"].chunks], pa.string())).sort()
    old, new = _codes(before["person"], ids), _codes(after["person"], ids)
    flows, which = _flows(old[there], new[here], here, len(ids))
    now = _now(old, new, flows, ids, redirects)
    rows = _parted(flows, now) + _came_and_went(old, new, here, flows, now)
    told = np.zeros(2 * len(ids), np.bool_)
    for one in rows:
        told[one.name] = told[one.other_name] = True
    sides = zip((before["name"], after["name"]), (old, new), np.split(told, 2), strict=True)
    names = pa.concat_arrays([_names(*side) for side in sides])
    return _table(rows, ids, names, after, (here, which), date)


def since(
    folder: Path,
    after: pa.Table,
    redirects: Mapping[str, str],
    date: str,
    moved: Callable[[list[str]], Mapping[str, str]],
) -> pa.Table:
    """The differences from the resolution in `folder`; none where there is none yet."""
    path = folder / "mentions.parquet"
    if not path.exists():
        return CHANGES.empty_table()
    former = pq.read_table(path, columns=["record", "position", "person", "name"])
    return changes(former, after, redirects, date, moved)


def _sorted(mentions: pa.Table) -> pa.Table:
    """By record and position, which is how they are stored."""
    wanted = mentions.select(["record", "position", "person", "name"])
    record, position = wanted["record"].combine_chunks(), wanted["position"].to_numpy()
    later = pc.less(record[:-1], record[1:]).to_numpy(zero_copy_only=False)
    same = pc.equal(record[:-1], record[1:]).to_numpy(zero_copy_only=False)
    if np.all(later | (same & (position[:-1] <= position[1:]))):
        return wanted
    return wanted.sort_by([("record", "ascending"), ("position", "ascending")])


def _shared(
    before: pa.Table, after: pa.Table, moved: Callable[[list[str]], Mapping[str, str]]
) -> tuple[pa.Table, Codes, Codes]:
    """The former mentions under their keys of now, and the rows that both tables have."""
    there, here = _meet(before, after)
    missing = np.flatnonzero(_outside(there, len(before)))
    found = moved(_keys(before, missing)) if len(missing) else {}
    if not found:
        return before, there, here
    record, position = before["record"].to_pylist(), before["position"].to_pylist()
    for row, key in zip(missing.tolist(), _keys(before, missing), strict=True):
        if key in found:
            record[row], _, place = found[key].rpartition("#")
            position[row] = int(place)
    before = before.set_column(0, "record", pa.array(record, pa.string()))
    before = before.set_column(1, "position", pa.array(position, pa.int32()))
    return before, *_meet(before, after)


def _meet(before: pa.Table, after: pa.Table) -> tuple[Codes, Codes]:
    """Rows of the same mention in either table; of two that have become one, the first."""
    records = pc.unique(pa.chunked_array([*before["record"].chunks, *after["record"].chunks], pa.string()))
    keys = [
        _codes(one["record"], records) << 32 | one["position"].to_numpy().astype(np.int64) for one in (before, after)
    ]
    (_, first), (_, place) = (np.unique(key, return_index=True) for key in keys)
    _, one, two = np.intersect1d(keys[0][first], keys[1][place], assume_unique=True, return_indices=True)
    there, here = first[one], place[two]
    order = np.argsort(here, kind="stable")
    return there[order], here[order]


def _outside(rows: Codes, count: int) -> Flags:
    """The rows of a table of `count` that are not among `rows`."""
    found = np.ones(count, np.bool_)
    found[rows] = False
    return found


def _codes(column: pa.ChunkedArray, known: pa.Array) -> Codes:
    return np.asarray(pc.index_in(column, known).to_numpy(), np.int64)


def _keys(mentions: pa.Table, rows: Codes) -> list[str]:
    picked = mentions.select(["record", "position"]).take(pa.array(rows))
    pairs = zip(picked["record"].to_pylist(), picked["position"].to_pylist(), strict=True)
    return [f"{record}#{position}" for record, position in pairs]


def _flows(one: Codes, two: Codes, here: Codes, people: int) -> tuple[_Flows, Codes]:
    """The groups in order, and of each shared mention which group it is in."""
    code, first, which, count = np.unique(
        one * people + two, return_index=True, return_inverse=True, return_counts=True
    )
    return _Flows(code // max(1, people), code % max(1, people), count, here[first]), which


def _now(old: Codes, new: Codes, flows: _Flows, ids: pa.Array, redirects: Mapping[str, str]) -> Codes:
    """Who everybody of before is now; -1 for nobody, and for those who were not there."""
    was, stands = (np.bincount(codes, minlength=len(ids)) > 0 for codes in (old, new))
    now = np.where(was & stands, np.arange(len(ids)), -1)
    lost = np.flatnonzero(was & ~stands)
    ends = pa.array([_end(redirects, id) for id in ids.take(pa.array(lost)).to_pylist()], pa.string())
    to = pc.fill_null(pc.index_in(ends, ids), -1).to_numpy().astype(np.int64)
    now[lost] = np.where((to >= 0) & stands[to], to, -1)
    order = np.lexsort((flows.two, -flows.count, flows.one))
    one, most = np.unique(flows.one[order], return_index=True)
    heirs = np.full(len(ids), -1)
    heirs[one] = flows.two[order][most]
    return np.where(was & (now < 0), heirs, now)


def _end(redirects: Mapping[str, str], id: str) -> str:
    while id in redirects:
        id = redirects[id]
    return id


def _parted(flows: _Flows, now: Codes) -> list[_Rows]:
    """Who was joined, who was parted, and mentions that went from one who stands to another."""
    people = len(now)
    standing = _standing(now)
    stay = np.flatnonzero(now[flows.one] == flows.two)
    own = flows[stay]
    stay = stay[np.lexsort((own.one, -own.count, own.one != own.two, own.two))]
    _, at = np.unique(flows.two[stay], return_index=True)
    chief = np.full(people, -1)  # of each person now, the group that is theirs before all
    chief[flows.two[stay[at]]] = stay[at]
    joined = stay[_outside(at, len(stay))]
    add, rest = flows[joined], chief[flows.two[joined]]
    own = flows[rest]
    rows = [_Rows(0, add.two, add.one, add.count, own.count, own.first, own.one, add.one, joined, rest)]
    for kind in (1, 2):
        left = np.flatnonzero((now[flows.one] != flows.two) & (standing[flows.two] == (kind == 2)))
        went = flows[left]
        home = flows.find(went.one, now[went.one], people)
        kept = np.where(home >= 0, flows.count[home], 0)
        a = np.where(home >= 0, flows.first[home], -1)
        rest = chief[went.two]
        called = np.where(rest >= 0, flows.one[rest], went.two + people)
        rows.append(_Rows(kind, now[went.one], went.two, went.count, kept, a, went.one, called, left, rest))
    return rows


def _standing(now: Codes) -> Flags:
    standing = np.zeros(len(now), np.bool_)
    standing[now[now >= 0]] = True
    return standing


def _came_and_went(old: Codes, new: Codes, here: Codes, flows: _Flows, now: Codes) -> list[_Rows]:
    """Who is gone, who is made of new mentions only, and who has got new ones."""
    people = len(now)
    arrived, had = np.bincount(new[_outside(here, len(new))], minlength=people), np.bincount(old, minlength=people)
    known = _standing(now)
    known[flows.two] = True
    gone = np.flatnonzero((had > 0) & (now < 0))
    created = np.flatnonzero(~known & (arrived > 0))
    grown = np.flatnonzero(_standing(now) & (arrived > 0))
    found = []
    for kind, who, count, side in ((3, gone, had, 0), (4, created, arrived, people), (5, grown, arrived, people)):
        none, zero = np.full(len(who), -1), np.zeros(len(who), np.int64)
        found.append(_Rows(kind, who, none, count[who], zero, none, who + side, none, none, none))
    return found


def _names(names: pa.ChunkedArray, person: Codes, told: Flags) -> pa.Array:
    """Of everybody told of the longest spelling, of equal ones one not in capitals, then the first by letters."""
    rows = pa.array(np.flatnonzero(told[person]))
    names, person = names.take(rows), person[rows.to_numpy()]
    length, shouted = pc.negate(pc.utf8_length(names)), pc.utf8_is_upper(names)
    table = pa.table({"person": person, "length": length, "shouted": shouted, "name": names})
    table = table.sort_by([(column, "ascending") for column in table.column_names])
    who, first = np.unique(table["person"].to_numpy(), return_index=True)
    best = np.full(len(told), -1)
    best[who] = first
    return pc.take(table["name"].combine_chunks(), pa.array(best, mask=best < 0))


def _table(
    rows: list[_Rows], ids: pa.Array, names: pa.Array, after: pa.Table, shared: tuple[Codes, Codes], date: str
) -> pa.Table:
    def all_of(column: str) -> Codes:
        return np.concatenate([getattr(one, column) for one in rows])

    kind = np.repeat([one.kind for one in rows], [len(one.person) for one in rows])
    person, other, mentions = all_of("person"), all_of("other"), all_of("mentions")
    order = np.lexsort((other, person, -mentions, kind))
    here, which = shared
    groups = np.concatenate([all_of("went"), all_of("rest")])
    wanted = np.flatnonzero(np.isin(which, groups[groups >= 0]))
    members: dict[int, list[str]] = {-1: []}
    for group, key in zip(which[wanted].tolist(), _keys(after, here[wanted]), strict=True):
        members.setdefault(group, []).append(key)

    def keys(column: str) -> list[list[str]]:
        return [members[group] for group in all_of(column)[order].tolist()]

    def texts(from_: pa.Array, numbers: Codes) -> pa.Array:
        numbers = numbers[order]
        return pc.fill_null(pc.take(from_, pa.array(numbers, mask=numbers < 0)), "")

    def mention(rows: Codes) -> pa.Array:
        rows = rows[order]
        named = np.flatnonzero(rows >= 0)
        found = np.full(len(rows), "", dtype=object)
        found[named] = _keys(after, rows[named])
        return pa.array(found, pa.string())

    columns = {
        "kind": pa.array(np.array(KINDS)[kind[order]]),
        "person": texts(ids, person),
        "other": texts(ids, other),
        "mentions": mentions[order],
        "kept": all_of("kept")[order],
        "a": mention(all_of("a")),
        "keys": keys("went"),
        "rest": keys("rest"),
        "name": texts(names, all_of("name")),
        "other_name": texts(names, all_of("other_name")),
        "date": [date] * len(order),
    }
    return pa.table(columns, schema=CHANGES)
