"""Who is who on every record: the resolved mentions, with what the records say about each of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray

from kolgraph.errors import InputError
from kolgraph.graph.csr import Ints
from kolgraph.graph.rows import active_year, year_of
from kolgraph.model import COUNTED_KINDS, Listed, Mention, Publication, Trial, mentions_of

ROLES = {"principal": 1.0, "chair": 1.0, "director": 1.0, "sub": 0.5}  # of a trial; contacts investigate nothing
_COLUMNS = ("record", "position", "person", "name", "confidence", "hard", "institutions", "institution_confidence")
_PLACE = ("country", "city", "region")


@dataclass(slots=True)
class Mentions:
    """One entry per resolved mention, sorted by (record, position); `person` numbers `people`, which are sorted ids.

    From the file: name, confidence, hard, institutions, institution_confidence, country, city, region. From the
    records, by `note_*`: date (ISO or ""), year (-1 unknown), rank among the people of the record (-1: neither author
    nor investigator), team (how many), role ("author" or a key of ROLES), corresponding, counted, orcid.
    """

    people: list[str]
    person: Ints
    record: list[str]
    position: list[int]
    name: list[str]
    confidence: list[float | None]
    hard: list[bool]
    institutions: list[list[str]]
    institution_confidence: list[list[float]]
    country: list[str]
    city: list[str]
    region: list[str]
    span: dict[str, tuple[int, int]]
    date: list[str]
    orcid: list[str]
    role: list[str]
    year: Ints
    rank: Ints
    team: Ints
    corresponding: NDArray[np.bool_]
    counted: NDArray[np.bool_]

    def note_publication(self, noun: Publication) -> None:
        people = [author for author in noun.authors if author.role == "author" and not author.group]
        counted = noun.kind in COUNTED_KINDS
        self._note(noun.id, people, noun.authors, noun.date or str(noun.year or ""), noun.year, counted)

    def note_trial(self, noun: Trial) -> None:
        people = [one for one in noun.investigators if one.role in ROLES and not one.group]
        self._note(noun.id, people, noun.investigators, noun.updated or noun.start, active_year(noun), True)

    def note_listed(self, noun: Listed) -> None:
        """A row of an own list counts as no work; only one with a date says when its places were true."""
        self._note(noun.id, [], mentions_of(noun), noun.date, year_of(noun.date), False)

    def _note(
        self,
        record: str,
        people: list[Mention],
        everybody: tuple[Mention, ...],
        date: str,
        year: int | None,
        counted: bool,
    ) -> None:
        rank = {one.position: i for i, one in enumerate(people)}
        known = {one.position: one for one in everybody}
        for i in range(*self.span.get(record, (0, 0))):
            self.date[i] = date
            self.year[i] = -1 if year is None else year
            self.counted[i] = counted
            one = known.get(self.position[i])
            if one is None:
                continue
            self.orcid[i] = one.orcid
            if one.position in rank:
                self.rank[i] = rank[one.position]
                self.team[i] = len(people)
                self.role[i] = one.role
                self.corresponding[i] = one.corresponding

    def by_person(self, order: Ints) -> Iterator[tuple[int, list[int]]]:
        """Person number and its mentions, in the order of `order`, which must be grouped by person."""
        edges = np.flatnonzero(np.diff(self.person[order])) + 1
        for group in np.split(order, edges) if len(order) else []:
            yield int(self.person[group[0]]), group.tolist()


def numbers(folder: Path) -> dict[str, list[str]]:
    """Person -> the NPI and the ORCID iDs of the register entries that are linked to them."""
    path = folder / "links.parquet"
    if not path.exists():
        return {}
    found: dict[str, set[str]] = {}
    columns, linked = ["person", "entry"], [("state", "=", "linked")]
    for row in pq.read_table(path, columns=columns, filters=linked).to_pylist():
        if row["entry"].startswith(("npi:", "orcid:")):
            found.setdefault(row["person"], set()).add(row["entry"])
    return {person: sorted(those) for person, those in found.items()}


def read(folder: Path) -> Mentions:
    """The resolved mentions in `folder`. Raises InputError when they are not there or not sorted."""
    path = folder / "mentions.parquet"
    if not path.exists():
        raise InputError(f"nobody is resolved in {folder}: run `kolgraph resolve` first")
    columns = {name: pq.read_table(path, columns=[name])[name].to_pylist() for name in (*_COLUMNS, *_PLACE)}
    record, n = columns["record"], len(columns["record"])
    span: dict[str, tuple[int, int]] = {}
    for i, one in enumerate(record):
        begin, end = span.get(one, (i, i))
        if end != i:
            raise InputError(f"{path} is not sorted by record: resolve again")
        span[one] = (begin, i + 1)
    people, person = np.unique(np.array(columns["person"], dtype=np.str_), return_inverse=True)
    return Mentions(
        people=people.tolist(),
        person=person.astype(np.int64),
        record=record,
        position=columns["position"],
        name=columns["name"],
        confidence=columns["confidence"],
        hard=columns["hard"],
        institutions=[one or [] for one in columns["institutions"]],
        institution_confidence=[one or [] for one in columns["institution_confidence"]],
        country=[one or "" for one in columns["country"]],
        city=[one or "" for one in columns["city"]],
        region=[one or "" for one in columns["region"]],
        span=span,
        date=[""] * n,
        orcid=[""] * n,
        role=[""] * n,
        year=np.full(n, -1),
        rank=np.full(n, -1),
        team=np.zeros(n, np.int64),
        corresponding=np.zeros(n, bool),
        counted=np.zeros(n, bool),
    )
