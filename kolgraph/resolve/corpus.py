"""Slots as arrays: what `block`, `evidence` and `cluster` work on.

Slots are sorted by (record, position), so nothing downstream depends on the order in which records come.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from kolgraph.model import mention_key
from kolgraph.names import Name
from kolgraph.resolve.rarity import Rarity
from kolgraph.resolve.slots import LISTED, OF_RECORD, TRIAL, author_key
from kolgraph.resolve.text import Floats, Ints, Matrix, Table, heads, lists, table, weighed

_COMMON_WORD, _COMMON_PLACE, _COMMON_SUBJECT = 0.10, 0.15, 0.25
Flags = NDArray[np.bool_]


@dataclass(slots=True)
class Corpus:
    """Columns by slot (n), by record (r), and the sparse rows of tokens that slots and records point to."""

    keys: list[str]  # n: record#position
    record: Ints  # n -> r
    name: Ints  # n -> names
    names: list[Name]
    shown: list[str]  # n
    orcid: Ints  # n -> orcids, -1 for none
    orcids: list[str]
    npi: Ints  # n -> npis, -1 for none
    npis: list[str]
    listed: Flags  # n: rows of own lists, tied by hard facts alone and counted in no rarity
    nameless: Flags  # n: a registry's initials, which name nobody
    country: Ints  # n -> countries, -1 unknown
    countries: list[str]
    role: Ints  # n: a number for each role
    own_key: Ints  # n -> column of the slot's own name among coauthors, -1 none
    year: Floats  # r, nan unknown
    size: Ints  # r: names on the list
    trial: Flags  # r
    journal: Ints  # r -> journals, -1 none
    journals: list[str]
    language: Ints  # r, -1 for English and unknown
    bare: Flags  # r: no abstract
    records: list[str]  # r: ids
    reports: list[frozenset[str]]  # r: papers that report a trial, PMIDs that a paper goes by
    tables: dict[str, Table]  # word subject grant coauthor (by record), mail place (by slot)
    weighed: dict[str, Matrix]
    rarity: Rarity
    fore_rarity: Floats  # by name
    last_rarity: Floats
    namesakes: Floats  # how many forenames the surname has that begin alike, as a logarithm
    journal_rarity: Floats
    capped: Flags  # n: not compared with all that it may be one person with

    def __len__(self) -> int:
        return len(self.keys)


def corpus_of(slots: pa.Table, rarity: Rarity) -> Corpus:
    """The arrays of these slots (shape SLOTS, sorted by record and position), tokens weighed by `rarity`."""
    name, names = names_of(slots)
    kind = np.asarray(slots["kind"])
    of, first = heads(slots)
    head = slots.take(pa.array(first)).combine_chunks()
    tables = {one: table(*lists(head[one])) for one in OF_RECORD}
    tables |= {one: table(*lists(slots[one])) for one in ("mail", "place")}
    orcid, orcids = numbered(slots["orcid"])
    npi, npis = numbered(slots["npi"])
    country, countries = numbered(slots["country"])
    journal, journals = numbered(head["journal"])
    records, positions = head["record"].to_pylist(), slots["position"].to_pylist()
    trial = kind[first] == TRIAL
    full = np.array([one.full for one in names], np.bool_)
    size = np.asarray(head["size"])
    return Corpus(
        keys=[mention_key(records[r], position) for r, position in zip(of.tolist(), positions, strict=True)],
        record=of,
        name=name,
        names=names,
        shown=slots["shown"].to_pylist(),
        orcid=orcid,
        orcids=orcids,
        npi=npi,
        npis=npis,
        listed=kind == LISTED,
        nameless=(kind == TRIAL) & ~full[name] if len(name) else kind == TRIAL,
        country=country,
        countries=countries,
        role=numbered(slots["role"])[0],
        own_key=tables["coauthor"].column(np.asarray(slots["own"])),
        year=np.asarray(head["year"], np.float64),
        size=size,
        trial=trial,
        journal=journal,
        journals=journals,
        language=numbered(head["language"])[0],
        bare=np.asarray(head["bare"], np.bool_),
        records=records,
        reports=[frozenset(one) for one in head["reports"].to_pylist()],
        tables=tables,
        weighed=_weighed(tables, rarity, size),
        rarity=rarity,
        fore_rarity=rarity.names("fore", [one.fore[0] if one.full else "" for one in names]),
        last_rarity=rarity.names("last", ["".join(one.last) for one in names]),
        namesakes=rarity.namesakes([author_key(one) for one in names]),
        journal_rarity=rarity.names("journal", journals),
        capped=np.zeros(len(slots), np.bool_),
    )


def names_of(slots: pa.Table) -> tuple[Ints, list[Name]]:
    """The distinct names in sorted order, and the number of each slot's."""
    columns = [slots[one].combine_chunks().dictionary_encode() for one in ("last", "fore", "suffix", "variant")]
    codes = [np.asarray(one.indices, np.int64) for one in columns] + [np.asarray(slots["full"], np.int64)]
    code = codes[0]
    for column, more in zip([*columns[1:], None], codes[1:], strict=True):
        _, code = np.unique(code, return_inverse=True)
        code = code * ((len(column.dictionary) if column is not None else 1) + 1) + more
    _, at, which = np.unique(code, return_index=True, return_inverse=True)
    spelt = [column.take(pa.array(at)).to_pylist() if len(at) else [] for column in columns]
    full = codes[-1][at].astype(bool).tolist()
    found = [
        Name(tuple(last.split()), tuple(fore.split()), suffix, whole, variant)
        for last, fore, suffix, variant, whole in zip(*spelt, full, strict=True)
    ]
    order = sorted(
        range(len(found)),
        key=lambda n: (found[n].last, found[n].fore, found[n].suffix, found[n].full, found[n].variant),
    )
    place = np.empty(len(order), np.int32)
    place[order] = np.arange(len(order), dtype=np.int32)
    return place[which], [found[n] for n in order]


def _weighed(tables: dict[str, Table], rarity: Rarity, size: Ints) -> dict[str, Matrix]:
    """Every token with its weight: rows of length 1 for cosines, roots of rarities for what is shared."""

    def weights(kind: str, common: float = 1.0) -> Floats:
        return np.asarray(rarity.weigh(kind, tables[kind].tokens, common)[tables[kind].rows.indices])

    place = weights("place", _COMMON_PLACE)
    coauthors = tables["coauthor"].rows
    damping = np.sqrt(np.log2(1.0 + np.maximum(2, size)))
    return {
        "word": weighed(tables["word"].rows, weights("word", _COMMON_WORD), unit=True),
        "subject": weighed(tables["subject"].rows, weights("subject", _COMMON_SUBJECT), unit=True),
        "place": weighed(tables["place"].rows, place, unit=True),
        "rare_place": weighed(tables["place"].rows, np.sqrt(place), unit=False),
        "coauthor": weighed(
            coauthors, np.sqrt(weights("coauthor")) / np.repeat(damping, np.diff(coauthors.indptr)), unit=False
        ),
    }


def numbered(values: pa.ChunkedArray) -> tuple[Ints, list[str]]:
    """Numbers in sorted order, -1 for ""."""
    coded = values.combine_chunks().dictionary_encode()
    met = coded.dictionary.to_pylist()
    names = sorted(set(met) - {""})
    numbers = {name: number for number, name in enumerate(names)}
    place = np.array([numbers.get(name, -1) for name in met], np.int32)
    return (place[np.asarray(coded.indices)] if len(coded) else place), names
