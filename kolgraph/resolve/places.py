"""From what an affiliation says to the institutions that it names, each with the chance that it does.

What a part of an address may mean is found by name (see placefind). The facts that speak for it are weighed by a
logistic regression that has learnt from one half of ROR's own annotated strings (places.json, written by
bench/train_places.py); what is less likely than its `least` is not said. An institution of another country is never
taken, a name that several bear needs its city, and an institution that was closed leads to its successor.

Of the strings that the weights have not seen, those of journals (medicine, engineering) and those of physics, the
annotators named what we say with .75 to .85 in .85 and .75 of the cases, to .9 in .90 and .90, to .95 in .97 and .91,
above in .99 and .96. In physics they name one institution a string, be it the laboratory or the university.
"""

import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Any

from kolgraph.model import Affiliation, Institution
from kolgraph.resolve.country import country_of
from kolgraph.resolve.placefind import FOOTNOTE, candidates, segments
from kolgraph.resolve.placenames import Gazetteer
from kolgraph.resolve.text import EMAIL, addresses, domain

_ELECTRONIC = re.compile(r"electronic address:?|e-?mail:?", re.I)
SETTLED = 0.8  # how sure we are of what somebody else said
SHORTEST, LONGEST = 8, 500  # letters of a text to ask about: a longer one names several places


@dataclass(frozen=True, slots=True)
class Where:
    """What the affiliations of one mention say: institutions (surest first) with confidence, and the place."""

    institutions: tuple[str, ...] = ()
    confidence: tuple[float, ...] = ()
    country: str = ""
    city: str = ""
    region: str = ""


class Places:
    """A gazetteer of institutions with a memory of the strings it has seen.

    `settled` holds what somebody else said about texts that the names do not settle: `question` of it -> ror CURIE.
    """

    def __init__(self, institutions: Iterable[Institution], settled: Mapping[str, str] | None = None) -> None:
        self._names = Gazetteer(institutions)
        self._settled = settled or {}
        self._ranked = lru_cache(1 << 15)(self._read)  # colleagues share an address

    def __contains__(self, ror: str) -> bool:
        return self._names.institution(ror) is not None

    def match(self, affiliation: Affiliation) -> list[tuple[str, float]]:
        """(ror CURIE, confidence) of every institution that the affiliation names, surest first.

        Identifiers settle what they say; beside them the text is only read where it holds several addresses, for
        institutions that are neither part of the settled ones nor the other way round.
        """
        found = {
            self.standing(known): 1.0 for known in map(self._names.by_identifier, affiliation.identifiers) if known
        }
        text = _whole(affiliation)
        if not found:
            return list(self._ranked(text))
        if sum(1 for part in segments(text) if part.strip()) > 1:
            around = {*found, *(above for one in found for above in self.above(one))}
            found |= {
                one: sure
                for one, sure in self._ranked(text)
                if one not in around and found.keys().isdisjoint(self.above(one))
            }
        return _surest_first(found)

    def facts(self, text: str) -> Iterator[tuple[str, Set[str]]]:
        """Every institution that an address of the text may mean, with what speaks for it."""
        domains = {domain(mail) for mail in addresses(text)} - {""}
        plain = _ELECTRONIC.sub(" ", EMAIL.sub(" ", text)) if "@" in text else text
        country = country_of(plain)
        for segment in segments(plain):
            for one in candidates(self._names, segment, country, domains):
                ror = self._names.standing(self._names.institutions[one.number].id)
                if self._names.institution(ror):
                    yield ror, one.facts

    def standing(self, ror: str) -> str:
        """The institution itself, or the one that took over when it was closed."""
        return self._names.standing(ror)

    def above(self, ror: str) -> tuple[str, ...]:
        """What an institution is part of, nearest first, as ROR has it: the hospital's university, then its system."""
        return self._names.above(ror)

    def _elsewhere(self, text: str) -> tuple[tuple[str, float], ...]:
        ror = self._names.standing(self._settled.get(_plain(text), "")) if self._settled else ""
        return ((ror, SETTLED),) if self._names.institution(ror) else ()

    def question(self, affiliation: Affiliation) -> str:
        """The text to ask somebody else about where the names settle nothing, "" where they do or nobody could tell.

        E-mail addresses and footnote marks are not in it.
        """
        text = _plain(_whole(affiliation))
        long_enough = SHORTEST <= len(text) <= LONGEST and len(text.split()) > 1
        return text if long_enough and not self.match(affiliation) else ""

    def where(self, affiliations: tuple[Affiliation, ...]) -> Where:
        """All of a mention's affiliations as one place; the first affiliation that tells a country or a city wins."""
        best: dict[str, float] = {}
        country = city = region = ""
        for one in affiliations:
            matched = self.match(one)
            for ror, sure in matched:
                best[ror] = max(sure, best.get(ror, 0.0))
            here = self._names.institution(matched[0][0]) if matched else None
            said = one.country if len(one.country) == 2 else country_of(one.country or one.text)
            if not country:
                country = said or (here.country if here else "")
            if not city and here and here.country == country:
                city, region = one.city or here.city, one.region or here.region
            elif not city and one.city and said == country:
                city, region = one.city, one.region
        ranked = _surest_first(best)
        return Where(tuple(r for r, _ in ranked), tuple(c for _, c in ranked), country, city, region)

    def _read(self, text: str) -> tuple[tuple[str, float], ...]:
        weights = _weights()
        best: dict[str, float] = {}
        for ror, facts in self.facts(text):
            sure = weights.chance(facts)
            if sure >= weights.least:
                best[ror] = max(sure, best.get(ror, 0.0))
        return tuple(_surest_first(best)) or self._elsewhere(text)


@dataclass(frozen=True, slots=True)
class _Weights:
    """What facts about a candidate are worth, in log-odds."""

    facts: Mapping[str, float]
    intercept: float
    least: float

    def chance(self, facts: Set[str]) -> float:
        # fsum: the order of a set does not matter to it
        odds = math.fsum([self.facts.get(fact, 0.0) for fact in facts]) + self.intercept
        return round(1.0 / (1.0 + math.exp(-odds)), 3)


@cache
def _weights() -> _Weights:
    stored: dict[str, Any] = json.loads(resources.files("kolgraph.resolve").joinpath("places.json").read_text("utf-8"))
    return _Weights(stored["facts"], stored["intercept"], stored["least"])


def _surest_first(found: Mapping[str, float]) -> list[tuple[str, float]]:
    return sorted(found.items(), key=lambda one: (-one[1], one[0]))


def _whole(affiliation: Affiliation) -> str:
    fields = ", ".join(part for part in (affiliation.city, affiliation.region, affiliation.country) if part)
    return f"{affiliation.text}, {fields}" if fields else affiliation.text


def _plain(text: str) -> str:
    """The text as it may be shown to others: no address of a person, no footnote mark, single spaces."""
    return " ".join(FOOTNOTE.sub("", _ELECTRONIC.sub(" ", EMAIL.sub(" ", text))).split()).strip(" ;,.")
