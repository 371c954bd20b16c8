"""Which entries of registers are which person: NPPES and Open Payments, investigators of RePORTER, profiles.

What people judged decides first, then a number that both sides carry (NPI, ORCID iD) where the surname fits, then names
under strict rules (`register_rules`). Whatever falls short is a candidate with its reasons, for somebody to judge. A
person holds one NPI, an entry is one person. Absence is expected and nothing is forced.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Set
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from kolgraph.model import Grant, Judgement, Payment, Practitioner, Profile
from kolgraph.names import relate_last
from kolgraph.resolve.places import Places
from kolgraph.resolve.register_entries import Borne, Entry, Progress, Records, clinicians, investigators
from kolgraph.resolve.register_people import People, gather
from kolgraph.resolve.register_profiles import agreement, votes
from kolgraph.resolve.register_rules import pairs, settle

LINKS = pa.schema(
    [
        ("record", pa.string()),
        ("position", pa.int32()),
        ("kind", pa.string()),
        ("person", pa.string()),
        ("state", pa.string()),  # linked, candidate
        ("confidence", pa.float64()),
        ("reasons", pa.string()),
        ("entry", pa.string()),  # the number of the human being in the register: npi:, openpayments:, nihpi:, orcid:
    ]
)
CANDIDATES = 5  # of a person and kind of register; the likeliest are kept
_REGISTER = re.compile(r"npi:|openpayments:|nihpi:|nihreporter:|grant:|orcid:|openalex:A")
HELD = 0.995  # how sure a number makes us that both sides carry


@dataclass(slots=True)
class Links:
    """The table that LINKS describes, sorted by person; what could not all hold; judgements about what is gone."""

    table: pa.Table
    contradictions: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    counted: dict[str, int] = field(default_factory=dict)

    def counts(self) -> dict[str, int]:
        """For the progress line: entries of registers that are linked, that are possible."""
        seen = {state: set[str]() for state in ("linked", "candidate")}
        for state, entry in zip(*(self.table[name].to_pylist() for name in ("state", "entry")), strict=True):
            seen[state].add(entry)
        found = {"register entries linked": len(seen["linked"]), "possible": len(seen["candidate"] - seen["linked"])}
        return {name: count for name, count in (found | self.counted).items() if count}

    def added_to(self, trouble: pa.Table) -> pa.Table:
        """The table of what resolution could not do as it was told, with what is in the way here."""
        rows = [("contradiction", text) for text in self.contradictions] + [("lost", text) for text in self.lost]
        own = [{"kind": kind, "text": text} for kind, text in rows]
        return pa.concat_tables([trouble, pa.Table.from_pylist(own, trouble.schema)])


@dataclass(frozen=True, slots=True)
class _Verdict:
    """An entry and a person that may be one."""

    person: str
    sure: float
    linked: bool
    reasons: str


def of_registers(judgements: Iterable[Judgement]) -> tuple[list[Judgement], list[Judgement]]:
    """Judgements between an entry of a register and a mention, the entry first; and all others."""
    about: list[Judgement] = []
    rest: list[Judgement] = []
    for one in judgements:
        a, b = (bool(_REGISTER.match(key)) for key in (one.a, one.b))
        if a == b:
            rest.append(one)
        else:
            first, second = (one.a, one.b) if a else (one.b, one.a)
            about.append(Judgement(one.same, first, second, one.by, one.why, one.entry))
    return about, rest


def link(
    records: Records,
    mentions: pa.Table,
    judgements: Iterable[Judgement] = (),
    places: Callable[[], Places | None] = lambda: None,
    progress: Progress = lambda done, of, what: None,
) -> Links:
    """Hold the registers against the resolved `mentions`; `judgements` are those that `of_registers` gives."""
    judged = _Judged(list(judgements))
    rows: dict[str, list[object]] = {name: [] for name in LINKS.names}
    counted: dict[str, int] = {}
    if any(next(iter(records.nouns(kind)), None) for kind in (Practitioner, Payment, Grant, Profile)):
        progress(0, None, "people that registers may know")
        known = cache(places)
        wanted = {one.b for one in judged.listed}
        people = gather(mentions, records.publications(), records.trials(), records.listed(), wanted)
        judged.meet(people)
        borne = Borne(name for one in people.known.values() for name in one.names if name.full)
        asked = judged.asked()
        for entries in (
            clinicians(records, borne, asked | people.npis.keys(), progress),
            investigators(records, borne, asked, progress),
        ):
            progress(0, None, "matching registers")
            for entry, verdict in _verdicts(entries, people, judged, known):
                for record, position, kind in entry.slots:
                    _add(rows, record, position, kind, verdict, entry.key)
        _profiles(records, people, judged, rows)
        counted = agreement(people)
    table = pa.table(rows, schema=LINKS).sort_by(
        [(name, "ascending") for name in ("person", "kind", "record", "position")]
    )
    return Links(table, judged.contradictions, judged.lost(), counted)


def write(table: pa.Table, folder: Path, mark: str) -> None:
    """Store the links; in small groups of rows, so that one person's are found without reading all."""
    folder.mkdir(parents=True, exist_ok=True)
    fresh = folder / "links.parquet.new"
    marked = table.replace_schema_metadata({"watermark": mark})
    pq.write_table(marked, fresh, compression="zstd", row_group_size=20_000)
    fresh.replace(folder / "links.parquet")


class _Judged:
    """What people said of entries, by any number or record of the entry."""

    def __init__(self, listed: list[Judgement]) -> None:
        self.listed = listed
        self.contradictions: list[str] = []
        self.same: dict[str, dict[str, Judgement]] = defaultdict(dict)  # number or record -> person
        self.apart: dict[str, set[str]] = defaultdict(set)
        self.heard: set[int] = set()  # those whose two sides are here, by place in `listed`
        self._about: dict[str, set[int]] = defaultdict(set)  # number or record -> those whose mention is here

    def asked(self) -> set[str]:
        """The numbers and records that something was said of."""
        return {one.a.partition("#")[0] for one in self.listed}

    def meet(self, people: People) -> None:
        """Learn which persons are meant today."""
        for number, one in enumerate(self.listed):
            person = people.mention.get(one.b)
            if person is None:
                continue
            label = one.a.partition("#")[0]
            self._about[label].add(number)
            if one.same:
                self.same[label][person] = one
            else:
                self.apart[label].add(person)

    def of(self, labels: Set[str]) -> tuple[dict[str, Judgement], set[str]]:
        """Whom an entry under any of its labels was judged to be, and whom not."""
        found = self._about.keys() & labels
        for label in found:
            self.heard |= self._about[label]
        same = {person: one for label in sorted(found) for person, one in self.same.get(label, {}).items()}
        return same, {person for label in found for person in self.apart.get(label, ())}

    def lost(self) -> list[str]:
        return [
            f"{'same' if one.same else 'apart'}: {one.a} {one.b} (by {one.by}): one of the two is gone"
            for number, one in enumerate(self.listed)
            if number not in self.heard
        ]


def _verdicts(
    entries: list[Entry], people: People, judged: _Judged, places: Callable[[], Places | None]
) -> Iterable[tuple[Entry, _Verdict]]:
    """Entries with the persons that they are or may be: what is decided, then what names allow."""
    decided: dict[int, list[_Verdict]] = {}
    apart: dict[int, set[str]] = {}
    for number, entry in enumerate(entries):
        same, apart[number] = judged.of({*entry.ids, *(slot[0] for slot in entry.slots)})
        if same:
            decided[number] = _judged(entry.key, same, apart[number], judged)
        elif held := _held(entry, people, apart[number]):
            decided[number] = held
    _one_number_each(entries, decided, judged)
    numbered = {
        verdict.person
        for number, verdicts in decided.items()
        for verdict in verdicts
        if verdict.linked and entries[number].numbers("npi:")
    }
    found = [
        pair
        for pair in pairs(entries, people, places)
        if pair.entry not in decided
        and pair.person not in apart[pair.entry]
        and not (pair.person in numbered and entries[pair.entry].numbers("npi:"))
    ]
    soft: dict[int, list[_Verdict]] = defaultdict(list)
    for pair, sure, linked, why in settle(found, entries):
        told = ["the full name fits", *pair.facts]
        told.append("nobody else of this name comes into question, in the register as loaded" if linked else why)
        soft[pair.entry].append(_Verdict(pair.person, sure, linked, "; ".join(told)))
    _one_number_each(entries, soft, judged)
    kept = _likeliest(soft)
    for number, entry in enumerate(entries):
        for verdict in (*decided.get(number, ()), *kept.get(number, ())):
            yield entry, verdict


def _judged(key: str, same: dict[str, Judgement], apart: set[str], judged: _Judged) -> list[_Verdict]:
    """What people said decides, unless it cannot all hold."""
    if len(same) > 1:
        judged.contradictions.append(f"same: {key} is judged to be {len(same)} people: {', '.join(sorted(same))}")
    for person in sorted(same.keys() & apart):
        judged.contradictions.append(f"same: {key} is judged to be {person}, and judged to be somebody else")
    if len(same) == 1 and same.keys().isdisjoint(apart):
        return [_Verdict(person, 1.0, True, _words(one)) for person, one in same.items()]
    return [
        _Verdict(person, 0.5, False, f"{_words(one)}; {'also judged apart' if person in apart else 'so are others'}")
        for person, one in sorted(same.items())
    ]


def _words(one: Judgement) -> str:
    return f"judged the same by {one.by}" + (f": {one.why}" if one.why else "")


def _held(entry: Entry, people: People, apart: set[str]) -> list[_Verdict]:
    """Persons with a mention that carries the entry's NPI, e.g. a row of an own list."""
    found = {}
    for npi in entry.numbers("npi:"):
        for person, names in sorted(people.npis.get(npi, {}).items()):
            fits = any(relate_last(a, b) for a in names for b in entry.names)
            if person not in apart:
                found[person] = npi, fits
    alone = sum(fits for _, fits in found.values()) == 1
    return [_carried(person, npi, fits, alone) for person, (npi, fits) in found.items()]


def _carried(person: str, npi: str, fits: bool, alone: bool) -> _Verdict:
    told = f"the same {_number(npi)}"
    if fits and alone:
        return _Verdict(person, HELD, True, f"{told}, and a surname that fits")
    return _Verdict(person, 0.5, False, f"{told}, {'as others' if fits else 'on a name that does not fit'}")


def _number(npi: str) -> str:
    return npi.replace("npi:", "NPI ")


def _one_number_each(entries: list[Entry], found: dict[int, list[_Verdict]], judged: _Judged) -> None:
    """Nobody has two NPIs: where two entries with different ones were linked to a person, both are candidates."""
    holds: dict[str, dict[int, set[str]]] = defaultdict(dict)
    for number, verdicts in found.items():
        for verdict in verdicts:
            if verdict.linked and (npis := entries[number].numbers("npi:")):
                holds[verdict.person][number] = set(npis)
    for person, held in sorted(holds.items()):
        npis = sorted(set().union(*held.values()))
        if len(npis) < 2:
            continue
        listed = " and ".join(map(_number, npis))
        judged.contradictions.append(f"{person} would hold {listed}: nobody has two")
        for number in held:
            found[number] = [
                _Verdict(person, one.sure / len(npis), False, f"{one.reasons}; but {listed} cannot be one person's")
                if one.person == person
                else one
                for one in found[number]
            ]


def _likeliest(found: dict[int, list[_Verdict]]) -> dict[int, list[_Verdict]]:
    """What is linked, and of each person the first CANDIDATES."""
    listed: dict[str, list[tuple[float, int]]] = defaultdict(list)
    for number, verdicts in found.items():
        for one in verdicts:
            if not one.linked:
                listed[one.person].append((-one.sure, number))
    kept = {(number, person) for person, few in listed.items() for _, number in sorted(few)[:CANDIDATES]}
    return {n: [one for one in verdicts if one.linked or (n, one.person) in kept] for n, verdicts in found.items()}


def _profiles(records: Records, people: People, judged: _Judged, rows: dict[str, list[object]]) -> None:
    for profile in records.nouns(Profile):
        same, apart = judged.of({profile.id})
        found = _judged(profile.id, same, apart, judged) or [
            _Verdict(one.person, one.sure, one.linked, one.reasons)
            for one in votes(profile, people)
            if one.person not in apart
        ]
        for verdict in found:
            _add(rows, profile.id, 0, "profile", verdict, profile.id)


def _add(rows: dict[str, list[object]], record: str, position: int, kind: str, said: _Verdict, entry: str) -> None:
    state = "linked" if said.linked else "candidate"
    values = (record, position, kind, said.person, state, said.sure, said.reasons, entry)
    for name, value in zip(LINKS.names, values, strict=True):
        rows[name].append(value)
