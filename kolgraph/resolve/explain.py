"""Why two mentions are, or are not, one person: hard facts in words, then every contribution with what is shared."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kolgraph.errors import UsageError
from kolgraph.model import Listed, Mention, Publication, Trial, mention_key
from kolgraph.names import display
from kolgraph.resolve.block import name_conflict, pairs_of
from kolgraph.resolve.corpus import Corpus, corpus_of
from kolgraph.resolve.evidence import FEATURES, NAMES, features, model
from kolgraph.resolve.rarity import Rarity, shipped
from kolgraph.resolve.slots import Tokens, author_key, parse_slots
from kolgraph.resolve.text import Ints
from kolgraph.resolve.words import PHRASES

Slot = tuple[Publication | Trial | Listed, Mention]


@dataclass(frozen=True, slots=True)
class Contribution:
    """One piece of evidence: the feature, what it says of this pair, and its share of the log-odds."""

    feature: str
    words: str
    value: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """`hard` are the facts that decide by themselves; `intercept` plus all contributions is exactly `total`."""

    a: str
    b: str
    hard: tuple[str, ...]
    contributions: tuple[Contribution, ...]  # largest first
    intercept: float
    total: float

    def __str__(self) -> str:
        lines = [f"{self.a} and {self.b}", *(f"  decides: {fact}" for fact in self.hard)]
        lines += [f"  {one.value:+6.2f}  {one.words}" for one in self.contributions]
        lines.append(f"  {self.intercept:+6.2f}  before any evidence")
        doubt = "in doubt" if self.total >= model().doubt else "apart"
        verdict = "one person" if self.total >= model().merge else doubt
        lines.append(f"  {self.total:+6.2f}  log-odds of this pair alone: {verdict}")
        return "\n".join(lines)


def explain(a: Slot, b: Slot, rarity: Rarity | None = None) -> Explanation:
    """Open one pair. `rarity` is what `resolve` counted (resolved/rarity.parquet), else the shipped table."""
    return open_pair(read([a, b], rarity), a, b)


def open_pair(reading: "Read", a: Slot, b: Slot) -> Explanation:
    """Open one pair of what was read."""
    corpus = reading.corpus
    one, two = _slot(corpus, a), _slot(corpus, b)
    pair = pairs_of(corpus, [(one, two)])
    values = features(corpus, pair)[0] * model().weights
    if name_conflict(corpus.names[corpus.name[one]], corpus.names[corpus.name[two]]):
        values[[name in NAMES for name in FEATURES]] = 0.0  # names that no person can have are told as what decides
    told = [
        Contribution(name, _say(reading, name, one, two), float(value))
        for name, value in zip(FEATURES, values, strict=True)
        if value
    ]
    told.sort(key=lambda each: (-abs(each.value), each.feature))
    total = model().intercept
    for each in told:
        total += each.value
    return Explanation(_title(a), _title(b), _hard(corpus, one, two), tuple(told), model().intercept, total)


@dataclass(frozen=True, slots=True)
class Read:
    """The slots of some records, and their tokens as they are spelt."""

    corpus: Corpus
    tokens: Tokens


def read(slots: Sequence[Slot], rarity: Rarity | None) -> Read:
    """All slots of the records of these mentions."""
    records = {record.id: record for record, _ in slots}.values()
    papers = [record for record in records if isinstance(record, Publication)]
    trials = [record for record in records if isinstance(record, Trial)]
    listed = [record for record in records if isinstance(record, Listed)]
    tokens = Tokens()
    table = parse_slots(papers, trials, listed, tokens=tokens).sort_by(
        [("record", "ascending"), ("position", "ascending")]
    )
    return Read(corpus_of(table.combine_chunks(), rarity or shipped()), tokens)


def numbers_of(corpus: Corpus, slots: Sequence[Slot]) -> Ints:
    """The places of these mentions among the slots that were read."""
    return np.array([_slot(corpus, one) for one in slots], np.int32)


def _slot(corpus: Corpus, slot: Slot) -> int:
    key = mention_key(slot[0].id, slot[1].position)
    if key not in corpus.keys:
        raise UsageError(f"{key} ({display(slot[1])}) names no person: groups and registry offices are not compared")
    return corpus.keys.index(key)


def _title(slot: Slot) -> str:
    return f"{display(slot[1])} ({mention_key(slot[0].id, slot[1].position)})"


def _hard(corpus: Corpus, a: int, b: int) -> tuple[str, ...]:
    facts = []
    if corpus.orcid[a] >= 0 and corpus.orcid[b] >= 0:
        same = corpus.orcid[a] == corpus.orcid[b]
        facts.append(f"same ORCID {corpus.orcids[corpus.orcid[a]]}" if same else "different ORCIDs")
    if corpus.npi[a] >= 0 and corpus.npi[a] == corpus.npi[b]:
        facts.append(f"same NPI {corpus.npis[corpus.npi[a]].removeprefix('npi:')}")
    if not facts and (corpus.listed[a] or corpus.listed[b]):
        facts.append("a row of an own list is tied by ORCID, NPI or judgement alone")
    if corpus.record[a] == corpus.record[b] and corpus.role[a] == corpus.role[b]:
        kind = "role list of one trial" if corpus.trial[corpus.record[a]] else "paper"
        facts.append(f"both stand on the same {kind}")
    conflict = name_conflict(corpus.names[corpus.name[a]], corpus.names[corpus.name[b]])
    return (*facts, conflict) if conflict else tuple(facts)


def _say(reading: Read, feature: str, a: int, b: int) -> str:
    """The phrase of a feature with the thing itself."""
    corpus = reading.corpus
    one, two = corpus.record[a], corpus.record[b]
    shared = ""
    if feature in ("affiliation", "rare_affiliation"):
        count = 3 if feature == "affiliation" else 1
        shared = _top(reading, "place", "place" if count > 1 else "rare_place", a, b, count)
    elif feature == "text":
        shared = _top(reading, "word", "word", one, two, 4)
    elif feature == "subject":
        shared = _top(reading, "subject", "subject", one, two, 3)
    elif feature == "coauthors":
        shared = ", ".join(_coauthors(corpus, a, b)[:3])
    elif feature == "email":
        shared = _top(reading, "mail", "", a, b, 1)
    elif feature == "grant":
        shared = _top(reading, "grant", "", one, two, 1)
    elif feature == "forename":
        shared = " ".join(corpus.names[corpus.name[a]].fore)
    elif feature == "surname":
        shared = " ".join(corpus.names[corpus.name[a]].last)
    elif feature == "journal":
        shared = corpus.journals[corpus.journal[one]]
    elif feature == "country_conflict":
        shared = f"{corpus.countries[corpus.country[a]]} and {corpus.countries[corpus.country[b]]}"
    elif feature == "year_gap":
        return f"{abs(corpus.year[one] - corpus.year[two]):.0f} years apart"
    return f"{PHRASES[feature]}: {shared}" if shared else PHRASES[feature]


def _top(reading: Read, table: str, weighed: str, a: int, b: int, count: int) -> str:
    """The shared tokens of two rows that weigh most."""
    corpus, spelt = reading.corpus, reading.tokens.spelt(table)
    rows = corpus.weighed[weighed] if weighed else corpus.tables[table].rows
    both = rows[[a]].multiply(rows[[b]]).tocsr()
    order = np.lexsort((both.indices, -both.data))[:count]
    return ", ".join(spelt[int(corpus.tables[table].tokens[both.indices[k]])] for k in order)


def _coauthors(corpus: Corpus, a: int, b: int) -> list[str]:
    """The names, as the first record spells them, of those on both lists besides the two."""
    lists = []
    for slot in (a, b):
        others = np.flatnonzero(corpus.record == corpus.record[slot])
        lists.append({author_key(corpus.names[corpus.name[n]]): corpus.shown[n] for n in others if n != slot})
    return [name for key, name in sorted(lists[0].items()) if key in lists[1]]
