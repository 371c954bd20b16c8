"""From what an affiliation says to the institutions it names: exact names first, rare words second, never a guess.

Precision before recall: an institution of another country is never taken, an ambiguous name needs its city. Measured on
ROR's own annotated strings, see bench/identity.py.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kolgraph.model import Affiliation, Institution
from kolgraph.names import fold
from kolgraph.resolve.country import country_of
from kolgraph.resolve.placenames import HOSPITAL, INNER, ORGANISATION, Gazetteer, key_of
from kolgraph.resolve.text import EMAIL, addresses, domain

_ELECTRONIC = re.compile(r"electronic address:?|e-?mail:?", re.I)
_FOOTNOTE = re.compile(r"^\s*(?:\(?[\d*†‡§¶#]{1,3}\)?[.)]?|[a-z](?=[A-Z]))\s*(?=\D)")
_PART = re.compile(r"[,;|/()\[\]]|\s[-–—]\s|(?<=[a-z]{4})\.\s")
_SEGMENT = re.compile(r";|\.\s+(?=\d?[A-Z][a-z]+ (?:of|for) )| and (?=Department)|(?<=[a-z])\d(?=[A-Z])")
SETTLED = 0.8  # how sure we are of what somebody else said
SHORTEST, LONGEST = 8, 500  # letters of a text to ask about: a longer one names several places
_ONE_MARKET = (
    {"CN", "HK", "MO", "TW"},
    {"US", "PR", "GU"},
    {"FR", "GP", "MQ", "GF", "RE", "NC", "PF"},
    {"DK", "GL", "FO"},
)


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
        self._seen: dict[str, tuple[tuple[str, float], ...]] = {}
        self._wheres: dict[tuple[Affiliation, ...], Where] = {}

    def match(self, affiliation: Affiliation) -> list[tuple[str, float]]:
        """(ror CURIE, confidence) of every institution that the affiliation names, surest first."""
        found = {
            self._names.standing(known): 1.0
            for known in map(self._names.by_identifier, affiliation.identifiers)
            if known
        }
        text = _whole(affiliation)
        if text not in self._seen:
            self._seen[text] = tuple(self._read(text)) or self._elsewhere(text)
        for ror, sure in self._seen[text]:
            found[ror] = max(sure, found.get(ror, 0.0))
        return sorted(found.items(), key=lambda one: (-one[1], one[0]))

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
        found = self._wheres.get(affiliations)
        if found is None:
            found = self._wheres[affiliations] = self._where(affiliations)
        return found

    def _where(self, affiliations: tuple[Affiliation, ...]) -> Where:
        best: dict[str, float] = {}
        country = city = region = ""
        for one in affiliations:
            matched = self.match(one)
            for ror, sure in matched:
                best[ror] = max(sure, best.get(ror, 0.0))
            here = self._names.institution(matched[0][0]) if matched and matched[0][1] >= 0.8 else None
            said = one.country if len(one.country) == 2 else country_of(one.country or one.text)
            if not country:
                country = said or (here.country if here else "")
            if not city and here and here.country == country:
                city, region = one.city or here.city, one.region or here.region
            elif not city and one.city and said == country:
                city, region = one.city, one.region
        ranked = sorted(best.items(), key=lambda one: (-one[1], one[0]))
        return Where(tuple(r for r, _ in ranked), tuple(c for _, c in ranked), country, city, region)

    def _read(self, text: str) -> Iterable[tuple[str, float]]:
        domains = {domain(mail) for mail in addresses(text)} - {""}
        plain = _ELECTRONIC.sub(" ", EMAIL.sub(" ", text))
        country = country_of(plain)
        best: dict[str, float] = {}
        for segment in _SEGMENT.split(plain):
            for ror, sure in self._segment(_FOOTNOTE.sub("", segment), country, domains):
                best[ror] = max(sure, best.get(ror, 0.0))
        return best.items()

    def _segment(self, segment: str, whole_country: str, domains: set[str]) -> Iterable[tuple[str, float]]:
        parts = [key for key in (key_of(part) for part in _PART.split(segment)) if key]
        country = country_of(segment) or whole_country
        around = f" {fold(segment)} "
        for number, part in enumerate(parts):
            later = [" ".join(key) for key in parts[number + 1 :] if len(key) <= 3]
            choice = self._named(part, later, country, around, domains)
            if choice is None and country and len(part) > 1 and part[0] not in INNER and ORGANISATION & set(part):
                choice = self._similar(part, country, around)
            if choice:
                yield choice

    def _named(
        self, part: Sequence[str], later: Sequence[str], country: str, around: str, domains: set[str]
    ) -> tuple[str, float] | None:
        """The institution whose name is the part, or the longest run of its words that may stand for it."""
        for start, end in self._names.runs(part):
            before, after = part[:start], part[end:]
            if (
                HOSPITAL & set(before)
                or (after and (after[0] not in INNER and after[0] != "medical"))
                or HOSPITAL & set(after)
            ):
                continue
            key = " ".join(part[start:end])
            tails = [f"{key} {tail}" for tail in later] if end == len(part) and end - start > 1 else []
            for name in (*tails, key):
                numbers = self._names.named(name)
                choice = (
                    self._choose(numbers, name, not before and not after, country, around, domains) if numbers else None
                )
                if choice:
                    return choice
        return None

    def _choose(
        self, numbers: Sequence[int], key: str, whole: bool, country: str, around: str, domains: set[str]
    ) -> tuple[str, float] | None:
        """The one institution that a name can mean here, or None when that stays open."""
        known = [self._names.institutions[number] for number in numbers]
        known = [one for one in known if not country or _same_market(one.country, country)]
        if not known:
            return None
        near = [one for one in known if one.city and f" {fold(one.city)} " in around]
        if len(known) > 1 and not near:
            near = [one for one in known if one.region and f" {fold(one.region)} " in around]
        mailed = [one for one in known if domains & set(one.domains)]
        for some, sure in ((near, 0.97), (mailed, 0.95)):
            if len(some) == 1 and (whole or self._names.telling(key) or some is mailed):
                return self._names.standing(some[0].id), sure
        if len(known) > 1 or not self._names.telling(key):
            return None
        if not country:
            return (self._names.standing(known[0].id), 0.7) if self._names.very_telling(key) else None
        return self._names.standing(known[0].id), 0.9 if whole else 0.85

    def _similar(self, part: Sequence[str], country: str, around: str) -> tuple[str, float] | None:
        """The institution of this country whose rare words are nearly those of the part."""
        best = sorted(self._names.alike(part, country), reverse=True)[:2]
        if not best or best[0][0] < 0.8 or (len(best) > 1 and best[1][0] > best[0][0] - 0.05):
            return None
        one = self._names.institutions[-best[0][1]]
        return self._names.standing(one.id), 0.75 if not one.city or f" {fold(one.city)} " in around else 0.6


def _whole(affiliation: Affiliation) -> str:
    fields = ", ".join(part for part in (affiliation.city, affiliation.region, affiliation.country) if part)
    return f"{affiliation.text}, {fields}" if fields else affiliation.text


def _plain(text: str) -> str:
    """The text as it may be shown to others: no address of a person, no footnote mark, single spaces."""
    return " ".join(_FOOTNOTE.sub("", _ELECTRONIC.sub(" ", EMAIL.sub(" ", text))).split()).strip(" ;,.")


def _same_market(a: str, b: str) -> bool:
    return a == b or any(a in group and b in group for group in _ONE_MARKET)


def current_place(dated: Iterable[tuple[int | None, Where]]) -> Where:
    """Where a person is now: the latest dated mentions that name an institution vote, the surest first.

    `dated` holds (year, place) of the person's mentions; those up to two years older than the latest take part.
    """
    rows = [(year or 0, where) for year, where in dated]
    telling = [row for row in rows if row[1].institutions] or [row for row in rows if row[1].country]
    if not telling:
        return Where()
    latest = max(year for year, _ in telling)
    votes: dict[str, float] = defaultdict(float)
    for year, where in telling:
        if year >= latest - 2:
            name = where.institutions[0] if where.institutions else where.country
            votes[name] += (where.confidence[0] if where.confidence else 1.0) * (1.0 + (year - latest) * 0.3)
    winner = min(votes, key=lambda name: (-votes[name], name))
    fitting = [(year, where) for year, where in telling if winner in (*where.institutions, where.country)]
    return max(fitting, key=lambda row: (row[0], row[1].confidence, row[1].city, row[1].institutions))[1]
