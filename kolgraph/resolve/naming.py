"""From clusters to persons: stable ids out of the ledger's register, and the table of all mentions.

An id follows the mentions that it stood for: of a person that comes apart the largest part keeps it (of equal ones the
one with the smallest mention), of persons that are joined the oldest id stays and the others mean it from then on. What
was joined and comes apart again gets its own ids back: each mention keeps the id that it was first given, its origin.
Where nothing is known of before, or all of it is gone, an id is where its anchor is: a mention that the ledger names,
and that moves along with the id.
"""

import base64
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from kolgraph.resolve.slots import LISTED

MENTIONS = pa.schema(
    [
        ("record", pa.string()),
        ("position", pa.int32()),
        ("person", pa.string()),
        ("origin", pa.dictionary(pa.int32(), pa.string())),  # the id that the mention was first given, null if unknown
        ("name", pa.string()),
        ("confidence", pa.float64()),  # probability of the person's weakest link, null for one mention alone
        ("hard", pa.bool_()),  # tied to another mention of the person by a judgement, an ORCID or an NPI
        ("tied", pa.string()),  # the smallest of the mentions that hard facts tie this one to, itself for none
        ("institutions", pa.list_(pa.string())),
        ("institution_confidence", pa.list_(pa.float64())),
        ("country", pa.string()),
        ("city", pa.string()),
        ("region", pa.string()),
    ]
)
_RENAMED = {"name": "shown", "country": "here"}
Index = NDArray[np.int64]


def new_id(anchor: str) -> str:
    """The id of a person first seen with this smallest mention."""
    digest = hashlib.sha256(anchor.encode()).digest()
    return "person:" + base64.b32encode(digest)[:12].decode().lower()


def keys_of(slots: pa.Table) -> pa.Array:
    """record#position of every slot."""
    position = slots["position"].cast(pa.string())
    return pc.binary_join_element_wise(slots["record"], position, "#").combine_chunks()


def place_in(keys: pa.Array, wanted: pa.Array) -> Index:
    """Where each wanted key stands, -1 for nowhere."""
    return np.asarray(pc.fill_null(pc.index_in(wanted, value_set=keys), -1), np.int64)


@dataclass(frozen=True, slots=True)
class Named:
    """The ids of all slots, and what the ledger is to be told."""

    persons: pa.Array
    origins: pa.Array  # null where nobody knows
    issued: list[tuple[str, str]]  # (id, anchor) of every person there is
    anchors: list[tuple[str, str]]  # (id, anchor) of ids that have left their anchor
    redirects: list[tuple[str, str]]  # (old id, id that it means now)


def name_persons(
    slots: pa.Table, keys: pa.Array, label: Index, register: Iterable[tuple[str, str]], former: pa.Table | None = None
) -> Named:
    """Ids by label (the smallest slot of a person); `former` is what `standing.former` says of the same slots.

    A person that nobody comes to gets an id made from its smallest mention, of a record if there is one: lists come and
    go.
    """
    known = list(register)
    ids = pa.array([person for person, _ in known], pa.string())
    listed = np.asarray(slots["kind"]) == LISTED
    order = np.argsort(listed, kind="stable")
    at = place_in(keys, pa.array([anchor for _, anchor in known], pa.string()))
    anchored = np.append(label, -1)[at]
    person, origin = (_codes(former, column, ids, len(keys)) for column in ("person", "origin"))
    then = order if former is None else np.lexsort((np.asarray(former["row"]), listed))
    home = _homes(origin, person, at, label, then)

    coming = np.flatnonzero(home >= 0)
    met, oldest = np.unique(home[coming], return_index=True)
    holder = np.full(len(keys), -1)
    holder[met] = coming[oldest]
    free = order[holder[label[order]] < 0]
    people, first = np.unique(label[free], return_index=True)
    holder[people] = len(ids) + np.arange(len(people))
    fresh = _fresh_ids(keys.take(pa.array(free[first])).to_pylist(), ids)

    left = np.flatnonzero((home >= 0) & (home != anchored))
    at[left] = _anew(left, origin, person, label, order, home)
    at = np.append(at, free[first])
    all_ids = pa.concat_arrays([ids, pa.array(fresh, pa.string())])
    holds = holder[label]
    held = np.unique(holds)
    said = np.union1d(held, left)
    rows = zip(_list(all_ids, said), _list(keys, at[said]), strict=True)
    told = dict(zip(said.tolist(), rows, strict=True))
    others = coming[holder[home[coming]] != coming]
    return Named(
        all_ids.take(pa.array(holds)),
        _texts(all_ids, _origins(origin, person, holds, home, label, at[: len(ids)], former is None)),
        sorted(told[code] for code in held.tolist()),
        [told[code] for code in left.tolist()],
        list(zip(_list(all_ids, others), _list(all_ids, holder[home[others]]), strict=True)),
    )


def _codes(former: pa.Table | None, column: str, ids: pa.Array, count: int) -> Index:
    """The number of the id in a column of `former`, oldest 0; -1 for none, and for one that was never issued."""
    if former is None:
        return np.full(count, -1)
    texts = former[column].combine_chunks().dictionary_encode()
    known: Index = np.append(place_in(ids, texts.dictionary), -1)[np.asarray(pc.fill_null(texts.indices, -1))]
    return known


def _most(who: Index, label: Index, order: Index, rather: Index) -> Index:
    """The label that most slots of each id have; of equal ones `rather`, else that of the first in `order`; or -1."""
    rows = order[who[order] >= 0]
    size = max(1, len(label))
    pair, first, slots = np.unique(who[rows] * size + label[rows], return_index=True, return_counts=True)
    one, where = pair // size, pair % size
    best = np.lexsort((first, where != rather[one], -slots, one))
    met, top = np.unique(one[best], return_index=True)
    found = np.full(len(rather), -1)
    found[met] = where[best][top]
    return found


def _homes(origin: Index, person: Index, at: Index, label: Index, order: Index) -> Index:
    """Where each id goes: to most of what is its own or may be, unless another comes from there and its own do not.

    What had come to somebody from those who still are elsewhere has no say, as long as anything else is left.
    """
    stands = np.append(_standing(person, at), -1)
    unknown = origin < 0
    came_along = (origin >= 0) & (person >= 0) & (stands[origin] == person)  # with the id that it was first given
    rather = _most(np.where(unknown | came_along, person, -1), label, order, np.full(len(at), -1))
    owned = _most(np.where(came_along, origin, -1), label, order, rather)
    had = _most(np.where(unknown | (came_along & (origin == person)), person, -1), label, order, owned)
    had = np.where(had < 0, _most(person, label, order, rather), had)
    owned = np.where(owned >= 0, owned, np.append(label, -1)[at])
    others = np.bincount(owned[owned >= 0], minlength=had.max(initial=0) + 1)[had] - (owned == had)
    return np.where((had >= 0) & ((owned < 0) | (others == 0)), had, owned)


def _standing(person: Index, at: Index) -> Index:
    """Who each id was before: itself, or whoever held its anchor; -1 for nobody."""
    found: Index = np.append(person, -1)[at]
    found[person[person >= 0]] = person[person >= 0]
    return found


def _fresh_ids(anchors: list[str], ids: pa.Array) -> list[str]:
    """An id for each new person; one that has gone on to other mentions is not issued again."""
    fresh = [new_id(anchor) for anchor in anchors]
    turn = 1
    while (taken := np.flatnonzero(place_in(ids, pa.array(fresh, pa.string())) >= 0)).size:
        turn += 1
        for one in taken.tolist():
            fresh[one] = new_id(f"{anchors[one]} {turn}")
    return fresh


def _anew(left: Index, origin: Index, person: Index, label: Index, order: Index, home: Index) -> Index:
    """A slot at home for each id that has left its anchor: the first in `order` of its own, else of those it had."""
    leaves = np.zeros(len(home) + 1, np.bool_)
    leaves[left] = True
    found = np.full(len(home), -1)
    for who in (person, origin):
        rows = order[leaves[who[order]]]
        rows = rows[home[who[rows]] == label[rows]]
        one, first = np.unique(who[rows], return_index=True)
        found[one] = rows[first]
    return found[left]


def _origins(origin: Index, person: Index, holds: Index, home: Index, label: Index, at: Index, lost: bool) -> Index:
    """The id that each slot was first given, of the first person to part with it; -1 where nobody knows.

    What joins somebody is theirs, unless others were joined with them before: it may belong to those. Where all is
    `lost` that was known of before, nobody knows but of anchors.
    """
    come = np.bincount(home[home >= 0], minlength=len(label))[label]
    stood, told, mixed = np.zeros((3, len(home) + 1), np.bool_)
    stood[person[person >= 0]] = True
    told[origin[origin >= 0]] = True
    mixed[person[(person >= 0) & (origin >= 0) & (origin != person)]] = True
    who = np.minimum(holds, len(home))
    made = (holds >= len(home)) | (~stood[who] & ~told[who] & (not lost))
    found = np.where((come < 2) & (made | ((origin < 0) & stood[who] & (person < 0))), holds, origin)
    joined = (person >= 0) & ~mixed[person] & (np.append(home, -1)[person] == label) & (come > 1)
    found = np.where((found < 0) & joined, person, found)
    named = np.flatnonzero(home >= 0)[::-1]  # the oldest last: it has the say
    named = named[found[at[named]] < 0]
    found[at[named]] = named
    return found


def _texts(ids: pa.Array, codes: Index) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(codes, pa.int32(), mask=codes < 0), ids)


def _list(texts: pa.Array, rows: Index) -> list[str]:
    found: list[str] = texts.take(pa.array(rows)).to_pylist()
    return found


def mention_table(slots: pa.Table, label: Index, named: Named, assigned: pa.Table) -> pa.Table:
    """One row per mention, as slots are sorted; `named` and `assigned` (shape ASSIGN) in the same order."""
    alone = np.bincount(label, minlength=len(label))[label] < 2
    columns = {
        name: slots[_RENAMED.get(name, name)]
        for name in MENTIONS.names
        if _RENAMED.get(name, name) in slots.schema.names
    }
    columns |= {"person": named.persons, "origin": named.origins}
    columns |= {"hard": assigned["hard"], "tied": assigned["tied"]}
    columns["confidence"] = pc.if_else(pa.array(alone), None, assigned["confidence"].combine_chunks())
    return pa.table({name: columns[name] for name in MENTIONS.names}, schema=MENTIONS)
