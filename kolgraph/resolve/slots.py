"""Nouns in, slots out: every mention of a human being as one row of an Arrow table (scale.md section 3).

A row holds all that identity looks at: the name in comparison form, hard identifiers, and bags of tokens as numbers, so
that any set of rows can be resolved by itself, in another process or on another machine. Group names, members of groups
and a registry's non-persons are left out. Raw texts stay in the inbox: whoever explains a link reads the two records.
"""

import re
import zlib
from array import array
from collections.abc import Iterable
from typing import Any

import numpy as np
import pyarrow as pa

from kolgraph.model import Affiliation, Listed, Mention, Publication, Trial, mentions_of
from kolgraph.names import Name, display, is_person, parse
from kolgraph.resolve.country import country_of
from kolgraph.resolve.places import Places, Where
from kolgraph.resolve.text import Ints, addresses, place_words, words

BIG_PAPER = 100  # so many names make no coauthor evidence: everybody met everybody
BUCKETS = 1 << 21  # a token is its number among so many: counts of all tokens fit into one array
# MeSH terms that say who was studied, not what about
CHECK_TAGS = {
    "Humans", "Animals", "Male", "Female", "Infant, Newborn", "Infant", "Child, Preschool", "Child", "Adolescent",
    "Young Adult", "Adult", "Middle Aged", "Aged", "Aged, 80 and over", "Pregnancy", "Mice", "Rats", "Rabbits",
    "Guinea Pigs", "Cricetinae", "Dogs", "Cats", "Cattle", "Swine", "Sheep", "Chick Embryo",
}  # fmt: skip
PAPER, TRIAL, LISTED = 0, 1, 2  # kinds of records
OF_RECORD = ("word", "subject", "grant", "coauthor")  # bags that all slots of a record share

_TEXTS = ("role", "orcid", "npi", "country", "last", "fore", "suffix", "variant")
SLOTS = pa.schema(
    [
        ("record", pa.string()),
        ("position", pa.int32()),
        ("shown", pa.string()),
        *((name, pa.string()) for name in _TEXTS),
        ("full", pa.bool_()),
        ("kind", pa.int8()),
        ("year", pa.float32()),  # nan unknown
        ("size", pa.int32()),  # names on the list
        ("journal", pa.string()),
        ("language", pa.string()),  # "" for English and unknown
        ("bare", pa.bool_()),  # no abstract
        ("own", pa.int32()),  # the token under which coauthors' papers know this name
        ("reports", pa.list_(pa.string())),  # a trial: papers that report it; a paper: the PMIDs it goes by
        *((kind, pa.list_(pa.int32())) for kind in (*OF_RECORD, "mail", "place")),
        ("lent", pa.bool_()),  # place: the words of the paper's other authors
        ("institutions", pa.list_(pa.string())),
        ("institution_confidence", pa.list_(pa.float64())),
        ("here", pa.string()),  # country, city and region as the institutions say
        ("city", pa.string()),
        ("region", pa.string()),
    ]
)


def author_key(name: Name) -> str:
    """The form under which a coauthor is recognised across papers: surname and first initial."""
    return f"{''.join(name.last)} {name.initial}"


class Tokens:
    """Numbers of tokens, the same in every process; `spelt` when somebody wants to read them again."""

    def __init__(self) -> None:
        self._known: dict[str, dict[str, int]] = {}

    def numbers(self, kind: str, tokens: Iterable[str]) -> list[int]:
        known = self._known.setdefault(kind, {})
        return sorted({known[one] if one in known else self._new(kind, known, one) for one in tokens})

    def _new(self, kind: str, known: dict[str, int], token: str) -> int:
        number = known[token] = token_number(kind, token)
        return number

    def spelt(self, kind: str) -> dict[int, str]:
        """Number -> token, of what was met."""
        return {number: token for token, number in self._known.get(kind, {}).items()}


def token_number(kind: str, token: str) -> int:
    """CRC-32 of kind and token, cut to BUCKETS."""
    return zlib.crc32(f"{kind} {token}".encode()) % BUCKETS


def parse_slots(
    publications: Iterable[Publication] = (),
    trials: Iterable[Trial] = (),
    listed: Iterable[Listed] = (),
    places: Places | None = None,
    tokens: Tokens | None = None,
) -> pa.Table:
    """The slots of these records in order of arrival; shape SLOTS."""
    reading = _Reading(places, tokens or Tokens())
    for publication in publications:
        reading.publication(publication)
    for trial in trials:
        reading.trial(trial)
    for row in listed:
        # a row of an own list says nothing about papers, and its two people did not meet on it
        reading.record(row.id, (LISTED, np.nan, 1, "", "", True, []), (), set(), (), mentions_of(row))
    return reading.table()


class _Lists:
    """Rows of numbers while they are collected."""

    def __init__(self) -> None:
        self.values, self.ends = array("i"), array("i", [0])

    def add(self, row: Iterable[int]) -> None:
        self.values.extend(row)
        self.ends.append(len(self.values))

    def row(self, number: int) -> "array[int]":
        return self.values[self.ends[number] : self.ends[number + 1]]

    def taken(self, rows: Ints) -> pa.Array:
        found = pa.ListArray.from_arrays(np.frombuffer(self.ends, np.int32), np.frombuffer(self.values, np.int32))
        return found.take(pa.array(rows))


class _Reading:
    """The half-built table: columns by record, by distinct affiliations, and by slot."""

    def __init__(self, places: Places | None, tokens: Tokens) -> None:
        self.places, self.tokens = places, tokens
        self.records: list[tuple[str, int, float, int, str, str, bool, list[str]]] = []
        self.lists = {kind: _Lists() for kind in (*OF_RECORD, "mail", "place")}
        self.wheres: list[Where] = []
        self.countries: list[str] = []
        self.lent: set[int] = set()
        self.known_places: dict[tuple[Affiliation, ...], int] = {}
        self.slots: list[tuple[int, int, int, str, tuple[str, ...], bool, int]] = []

    def publication(self, one: Publication) -> None:
        subject = {term.name for term in one.mesh} | {keyword.casefold() for keyword in one.keywords}
        year = np.nan if one.year is None else float(one.year)
        pmids = [number for number in (one.id, *one.identifiers) if number.startswith("pmid:")]
        language = "" if one.language == "eng" else one.language
        row = (PAPER, year, len(one.authors), one.journal, language, not one.abstract, pmids)
        about = (one.title, one.abstract, one.journal, " ".join(subject - CHECK_TAGS))
        self.record(one.id, row, about, subject, one.grants, one.authors)

    def trial(self, one: Trial) -> None:
        subject = {term.name for term in one.mesh} | {word.casefold() for word in (*one.conditions, *one.keywords)}
        year = float(one.start[:4]) if one.start[:4].isdigit() else np.nan
        about = (one.title, one.summary, " ".join(one.interventions), " ".join(subject))
        row = (TRIAL, year, len(one.investigators), "", "", not one.summary, list(one.results))
        self.record(one.id, row, about, subject, (), one.investigators)

    def record(
        self,
        id: str,
        row: tuple[int, float, int, str, str, bool, list[str]],
        about: tuple[str, ...],
        subject: set[str],
        grants: tuple[str, ...],
        mentions: tuple[Mention, ...],
    ) -> None:
        number, keys, first = len(self.records), [], len(self.slots)
        for mention in mentions:
            if mention.group or mention.role == "member" or (mention.name and not is_person(mention.name)):
                continue
            name = parse(mention)
            if not name.last:
                continue
            keys.append(author_key(name))
            own = [mail for one in mention.affiliations for mail in addresses(one.text) if _own(mail, name)]
            self.lists["mail"].add(self.tokens.numbers("mail", own))
            place = self._place(mention.affiliations)
            npi = next((one for one in mention.identifiers if one.startswith("npi:")), "")
            texts = (mention.role, mention.orcid, npi, self.countries[place])
            spelt = (" ".join(name.last), " ".join(name.fore), name.suffix, name.variant)
            (own_key,) = self.tokens.numbers("coauthor", keys[-1:])
            shown = display(mention)
            self.slots.append((number, mention.position, place, shown, (*texts, *spelt), name.full, own_key))
        if not keys:
            return
        if row[0] == PAPER and row[2] < BIG_PAPER:
            self._lend(first)
        self.records.append((id, *row))
        # all that says what it is about, as an old paper has no abstract and a new one no MeSH terms; what stands in
        # several of these texts counts several times
        self.lists["word"].add(sorted(n for text in about for n in self.tokens.numbers("word", words(text))))
        self.lists["subject"].add(self.tokens.numbers("subject", subject))
        numbers = {re.sub(r"\W+", "", grant).casefold() for grant in grants if len(grant) > 4}
        self.lists["grant"].add(self.tokens.numbers("grant", numbers))
        alone = row[2] >= BIG_PAPER or row[0] == LISTED
        self.lists["coauthor"].add(() if alone else self.tokens.numbers("coauthor", keys))

    def _lend(self, first: int) -> None:
        """Who has no affiliation is weighed by the words of the others' on that paper, from slot `first` on.

        Before 2014 as a rule only the first author has one.
        """
        told = {slot[2]: self.lists["place"].row(slot[2]) for slot in self.slots[first:]}
        union = sorted(set().union(*told.values()))
        if not union or all(told.values()):
            return
        lent = len(self.countries)
        self.lent.add(lent)
        self.lists["place"].add(union)
        self.countries.append("")
        self.wheres.append(Where())
        for n, slot in enumerate(self.slots[first:], first):
            if not told[slot[2]]:
                self.slots[n] = (*slot[:2], lent, *slot[3:])

    def _place(self, affiliations: tuple[Affiliation, ...]) -> int:
        found = self.known_places.get(affiliations)
        if found is None:
            found = self.known_places[affiliations] = len(self.countries)
            bag: set[str] = set()
            for one in affiliations:
                bag |= place_words(f"{one.text} {one.city} {one.region} {one.country}")
            self.lists["place"].add(self.tokens.numbers("place", bag))
            country = next((code for code in map(_country, affiliations) if code), "")
            self.countries.append(country)
            self.wheres.append(self.places.where(affiliations) if self.places else Where(country=country))
        return found

    def table(self) -> pa.Table:
        record, position, place, shown, texts, full, own = zip(*self.slots, strict=True) if self.slots else ((),) * 7
        records, places = np.array(record, np.int32), np.array(place, np.int32)
        by_record = list(zip(*self.records, strict=True)) or [()] * 8
        columns: dict[str, pa.Array] = {"position": position, "shown": shown, "full": full, "own": own}
        columns |= dict(zip(_TEXTS, zip(*texts, strict=True) if texts else ((),) * len(_TEXTS), strict=True))
        for name, values in zip(
            ("record", "kind", "year", "size", "journal", "language", "bare", "reports"), by_record, strict=True
        ):
            columns[name] = pa.array(values, SLOTS.field(name).type).take(pa.array(records))
        each_mail = np.arange(len(position), dtype=np.int32)
        for kind, lists in self.lists.items():
            columns[kind] = lists.taken(each_mail if kind == "mail" else places if kind == "place" else records)
        told: dict[str, list[Any]] = {
            "lent": [place in self.lent for place in range(len(self.wheres))],
            "institutions": [list(one.institutions) for one in self.wheres],
            "institution_confidence": [list(one.confidence) for one in self.wheres],
            "here": [one.country for one in self.wheres],
            "city": [one.city for one in self.wheres],
            "region": [one.region for one in self.wheres],
        }
        for name, here in told.items():
            columns[name] = pa.array(here, SLOTS.field(name).type).take(pa.array(places))
        return pa.table({name: columns[name] for name in SLOTS.names}, schema=SLOTS)


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
