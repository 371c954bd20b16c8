"""From clusters to persons: stable ids out of the ledger's register, and the table of all mentions."""

import base64
import hashlib
from collections.abc import Iterable

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


def name_persons(
    slots: pa.Table, keys: pa.Array, label: Index, register: Iterable[tuple[str, str]]
) -> tuple[dict[int, str], list[tuple[str, str]], list[tuple[str, str]]]:
    """Ids by label (the smallest slot of a person), every (id, anchor), and (old id, id that it means now).

    A person takes the oldest issued id whose anchor mention it holds, else one made from its smallest mention, of a
    record if there is one: lists come and go.
    """
    known = list(register)
    at = place_in(keys, pa.array([anchor for _, anchor in known], pa.string()))
    taken: dict[int, tuple[str, str]] = {}
    redirects = []
    for (person, anchor), slot in zip(known, at.tolist(), strict=True):
        if slot < 0:
            continue
        one = int(label[slot])
        if one in taken:
            redirects.append((person, taken[one][0]))
        else:
            taken[one] = person, anchor
    order = np.argsort(np.asarray(slots["kind"]) == LISTED, kind="stable")
    people, first = np.unique(label[order], return_index=True)
    fresh = [(one, slot) for one, slot in zip(people.tolist(), order[first].tolist(), strict=True) if one not in taken]
    anchors = keys.take(pa.array([slot for _, slot in fresh], pa.int64())).to_pylist()
    for (one, _), anchor in zip(fresh, anchors, strict=True):
        taken[one] = new_id(anchor), anchor
    return {one: person for one, (person, _) in taken.items()}, sorted(taken.values()), redirects


def mention_table(slots: pa.Table, label: Index, persons: pa.Array, assigned: pa.Table) -> pa.Table:
    """One row per mention, as slots are sorted; `persons` and `assigned` (shape ASSIGN) in the same order."""
    alone = np.bincount(label, minlength=len(label))[label] < 2
    columns = {
        name: slots[_RENAMED.get(name, name)]
        for name in MENTIONS.names
        if _RENAMED.get(name, name) in slots.schema.names
    }
    columns |= {"person": persons, "hard": assigned["hard"], "tied": assigned["tied"]}
    columns["confidence"] = pc.if_else(pa.array(alone), None, assigned["confidence"].combine_chunks())
    return pa.table({name: columns[name] for name in MENTIONS.names}, schema=MENTIONS)
