"""All person-mentions of a landscape as arrays: what `block`, `evidence` and `cluster` work on.

A slot is one mention of a human being; group names, members of groups and the registry's non-persons are left out.
Slots are sorted by (record, position), so nothing downstream depends on the order in which records come.
"""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from kolgraph.model import Affiliation, Listed, Mention, Publication, Trial, mention_key, mentions_of
from kolgraph.names import Name, display, is_person, parse
from kolgraph.resolve import rarity as rarities
from kolgraph.resolve.country import country_of
from kolgraph.resolve.rarity import Rarity
from kolgraph.resolve.text import Bags, Floats, Ints, Matrix, Table, addresses, domain, place_words, words

BIG_PAPER = 100  # longer lists make no coauthor evidence: everybody met everybody
_COMMON_WORD, _COMMON_PLACE, _COMMON_SUBJECT = 0.10, 0.15, 0.25


@dataclass(slots=True)
class Corpus:
    """Columns by slot (n), by record (r), and the sparse rows that slots and records point to."""

    keys: list[str]  # n: record#position
    record: Ints  # n -> r
    position: Ints
    name: Ints  # n -> names
    names: list[Name]
    shown: list[str]  # n
    orcid: Ints  # n -> orcids, -1 for none
    orcids: list[str]
    npi: Ints  # n -> npis, -1 for none
    npis: list[str]
    listed: NDArray[np.bool_]  # n: rows of own lists, tied by hard facts alone and counted in no rarity
    country: Ints  # n -> countries, -1 unknown
    countries: list[str]
    role: Ints  # n: a number for each role
    affiliations: list[tuple[Affiliation, ...]]  # n
    place: Ints  # n -> rows of places
    year: Floats  # r, nan unknown
    size: Ints  # r: names on the list
    trial: NDArray[np.bool_]  # r
    journal: Ints  # r -> journals, -1 none
    journals: list[str]
    language: Ints  # r, -1 for English and unknown
    own_key: Ints  # n -> column of the slot's own name among coauthors, -1 none
    records: list[str]  # r: ids
    results: frozenset[tuple[str, str]]  # (trial, paper that reports it)
    tables: dict[str, Table]  # word subject grant coauthor (by record), mail domain (by slot), place
    weighed: dict[str, Matrix] = field(default_factory=dict)
    rarity: Rarity = field(default_factory=lambda: rarities.counted({}, {}))
    fore_rarity: Floats = field(default_factory=lambda: np.zeros(0))  # by name
    last_rarity: Floats = field(default_factory=lambda: np.zeros(0))
    journal_rarity: Floats = field(default_factory=lambda: np.zeros(0))
    capped: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, np.bool_))  # n: not compared with all

    def __len__(self) -> int:
        return len(self.keys)


def author_key(name: Name) -> str:
    """The form under which a coauthor is recognised across papers: surname and first initial."""
    return f"{''.join(name.last)} {name.initial}"


def read(
    publications: Iterable[Publication],
    trials: Iterable[Trial],
    rarity: Rarity | None = None,
    listed: Iterable[Listed] = (),
) -> Corpus:
    """Collect every slot; rarities are counted here unless given (to explain two records by the counts of all)."""
    reading = _Reading()
    for publication in publications:
        reading.publication(publication)
    for trial in trials:
        reading.trial(trial)
    for row in listed:
        reading.listed(row)
    corpus = reading.corpus()
    _weigh(corpus, rarity)
    return corpus


class _Reading:
    """The half-built corpus: columns in order of arrival."""

    def __init__(self) -> None:
        self.bags = {kind: Bags() for kind in ("word", "subject", "grant", "coauthor", "mail", "domain", "place")}
        self.slots: list[tuple[str, int, int, Mention, int, int]] = []  # record, position, number, mention, name, place
        self.names: dict[Name, int] = {}
        self.places: dict[tuple[Affiliation, ...], tuple[int, str]] = {}
        self.ids: list[str] = []
        self.rows: list[tuple[float, int, bool, str, str]] = []  # year, size, trial, journal, language
        self.results: set[tuple[str, str]] = set()
        self.papers: dict[str, str] = {}  # PMID -> paper that goes by another id
        self.rows_of_lists: set[str] = set()

    def publication(self, one: Publication) -> None:
        self.papers |= {number: one.id for number in one.identifiers if number.startswith("pmid:")}
        subject = {term.name for term in one.mesh} | {keyword.casefold() for keyword in one.keywords}
        year = math.nan if one.year is None else float(one.year)
        row = (year, len(one.authors), False, one.journal, one.language)
        self._record(one.id, row, f"{one.title} {one.abstract}", subject, one.grants, one.authors)

    def trial(self, one: Trial) -> None:
        subject = {term.name for term in one.mesh} | {word.casefold() for word in (*one.conditions, *one.keywords)}
        year = float(one.start[:4]) if one.start[:4].isdigit() else math.nan
        self.results.update((one.id, paper) for paper in one.results)
        text = " ".join((one.title, one.summary, *one.conditions, *one.interventions))
        self._record(one.id, (year, len(one.investigators), True, "", ""), text, subject, (), one.investigators)

    def listed(self, one: Listed) -> None:
        """A row of an own list says nothing about papers, and its two people did not meet on it."""
        self.rows_of_lists.add(one.id)
        self._record(one.id, (math.nan, 1, False, "", ""), "", set(), (), mentions_of(one))

    def _record(
        self,
        record: str,
        row: tuple[float, int, bool, str, str],
        text: str,
        subject: set[str],
        grants: tuple[str, ...],
        mentions: tuple[Mention, ...],
    ) -> None:
        number = len(self.ids)
        self.ids.append(record)
        self.rows.append(row)
        self.bags["word"].add(words(text))
        self.bags["subject"].add(subject)
        self.bags["grant"].add({re.sub(r"\W+", "", grant).casefold() for grant in grants if len(grant) > 4})
        keys: list[str] = []
        for mention in mentions:
            if mention.group or mention.role == "member" or (mention.name and not is_person(mention.name)):
                continue
            name = parse(mention)
            if not name.last:
                continue
            keys.append(author_key(name))
            place = self._place(mention.affiliations)
            own = [mail for one in mention.affiliations for mail in addresses(one.text) if _own(mail, name)]
            self.bags["mail"].add(own)
            self.bags["domain"].add({domain(mail) for mail in own} - {""})
            name_number = self.names.setdefault(name, len(self.names))
            self.slots.append((record, mention.position, number, mention, name_number, place))
        self.bags["coauthor"].add(keys if row[1] <= BIG_PAPER and record not in self.rows_of_lists else ())

    def _place(self, affiliations: tuple[Affiliation, ...]) -> int:
        found = self.places.get(affiliations)
        if found is None:
            bag: set[str] = set()
            for one in affiliations:
                bag |= place_words(f"{one.text} {one.city} {one.region} {one.country}")
            country = next((code for code in map(_country, affiliations) if code), "")
            found = self.places[affiliations] = self.bags["place"].add(bag), country
        return found[0]

    def corpus(self) -> Corpus:
        order = sorted(range(len(self.slots)), key=lambda n: self.slots[n][:2])
        records = sorted(range(len(self.ids)), key=self.ids.__getitem__)
        place_of = np.empty(len(records), np.int32)
        place_of[records] = np.arange(len(records), dtype=np.int32)
        slots = [self.slots[n] for n in order]
        rows = [self.rows[n] for n in records]
        countries = [self.places[slot[3].affiliations][1] for slot in slots]
        by_record, by_slot = np.array(records, np.int32), np.array(order, np.int32)
        orders = {"mail": by_slot, "domain": by_slot, "place": None}
        names = sorted(self.names, key=lambda name: (name.last, name.fore, name.suffix, name.full, name.variant))
        renumbered = {name: number for number, name in enumerate(names)}
        listed = list(self.names)
        orcid, orcids = _numbered([slot[3].orcid for slot in slots])
        npi, npis = _numbered([_npi(slot[3]) for slot in slots])
        country, country_names = _numbered(countries)
        journal, journals = _numbered([row[3] for row in rows])
        tables = {kind: bags.table(orders.get(kind, by_record)) for kind, bags in self.bags.items()}
        column = {key: number for number, key in enumerate(tables["coauthor"].names)}
        return Corpus(
            keys=[mention_key(slot[0], slot[1]) for slot in slots],
            record=_ints(place_of[slot[2]] for slot in slots),
            position=_ints(slot[1] for slot in slots),
            name=_ints(renumbered[listed[slot[4]]] for slot in slots),
            names=names,
            shown=[display(slot[3]) for slot in slots],
            orcid=orcid,
            orcids=orcids,
            npi=npi,
            npis=npis,
            listed=np.array([slot[0] in self.rows_of_lists for slot in slots], np.bool_),
            country=country,
            countries=country_names,
            role=_numbered([slot[3].role or " " for slot in slots])[0],
            affiliations=[slot[3].affiliations for slot in slots],
            place=_ints(slot[5] for slot in slots),
            year=np.array([row[0] for row in rows], np.float64),
            size=_ints(row[1] for row in rows),
            trial=np.array([row[2] for row in rows], np.bool_),
            journal=journal,
            journals=journals,
            language=_numbered(["" if row[4] == "eng" else row[4] for row in rows])[0],
            own_key=_ints(column.get(author_key(listed[slot[4]]), -1) for slot in slots),
            records=[self.ids[n] for n in records],
            results=frozenset((trial, self.papers.get(paper, paper)) for trial, paper in self.results),
            tables=tables,
        )


def _weigh(corpus: Corpus, given: Rarity | None) -> None:
    """Give every token its weight, and every name, journal and coauthor list theirs."""
    tables = corpus.tables
    surnames = ["".join(name.last) for name in corpus.names]
    forenames = [name.fore[0] if name.full else "" for name in corpus.names]
    if given is None:
        found = ~corpus.listed  # what somebody listed does not make a name or a place more common
        uses = np.bincount(corpus.name[found], minlength=len(corpus.names))
        slots_at = np.bincount(corpus.place[found], minlength=tables["place"].rows.shape[0]).astype(np.float64)
        counts = {kind: tables[kind].frequency() for kind in ("word", "subject", "coauthor")}
        counts["place"] = tables["place"].frequency(slots_at)
        counts["last"] = _tally(surnames, uses)
        counts["fore"] = _tally(forenames, uses)
        counts["journal"] = _tally(corpus.journals, np.bincount(corpus.journal[corpus.journal >= 0]))
        records = len(corpus.records) - len(np.unique(corpus.record[corpus.listed]))
        totals = dict.fromkeys(("word", "subject", "coauthor", "journal"), records)
        slots = int(found.sum())
        totals |= {"place": slots, "last": slots, "fore": int(uses[[bool(f) for f in forenames]].sum())}
        given = rarities.counted(totals, counts)
    corpus.rarity = given
    word = given.weigh("word", tables["word"].names, _COMMON_WORD)
    subject = given.weigh("subject", tables["subject"].names, _COMMON_SUBJECT)
    place = given.weigh("place", tables["place"].names, _COMMON_PLACE)
    coauthor = np.sqrt(given.weigh("coauthor", tables["coauthor"].names))
    damped = tables["coauthor"].weighed(coauthor, unit=False)
    damped.data = damped.data / np.sqrt(np.log2(1.0 + np.repeat(np.maximum(2, corpus.size), np.diff(damped.indptr))))
    corpus.weighed = {
        "word": tables["word"].weighed(word, unit=True),
        "subject": tables["subject"].weighed(subject, unit=True),
        "place": tables["place"].weighed(place, unit=True),
        "rare_place": tables["place"].weighed(np.sqrt(place), unit=False),
        "coauthor": damped,
    }
    corpus.fore_rarity = given.weigh("fore", forenames)
    corpus.last_rarity = given.weigh("last", surnames)
    corpus.journal_rarity = given.weigh("journal", corpus.journals)


def _tally(names: list[str], uses: NDArray[np.int64]) -> dict[str, int]:
    found: dict[str, int] = {}
    for name, count in zip(names, uses, strict=False):
        found[name] = found.get(name, 0) + int(count)
    return found


def _npi(mention: Mention) -> str:
    return next((one for one in mention.identifiers if one.startswith("npi:")), "")


def _own(mail: str, name: Name) -> bool:
    """Whether an address resembles the name: an affiliation text may hold somebody else's."""
    local = re.sub(r"[^a-z0-9]", "", mail.partition("@")[0])
    surname = "".join(name.last)
    if surname[:5] in local and len(surname) > 2:
        return True
    fore = name.fore[0] if name.full else ""
    return (len(fore) > 2 and fore[:5] in local) or local in {surname + name.initial, name.initial + surname}


def _country(affiliation: Affiliation) -> str:
    return affiliation.country if len(affiliation.country) == 2 else country_of(affiliation.text)


def _numbered(values: list[str]) -> tuple[Ints, list[str]]:
    """Numbers in sorted order, -1 for ""."""
    names = sorted(set(values) - {""})
    numbers = {name: number for number, name in enumerate(names)}
    return _ints(numbers.get(value, -1) for value in values), names


def _ints(values: Iterable[int]) -> Ints:
    return np.fromiter(values, np.int32)
