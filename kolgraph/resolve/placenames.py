"""The names of institutions, indexed: by identifier, by exact folded name, by rare word and country."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from kolgraph.model import Institution
from kolgraph.names import fold

_STOP = frozenset(
    {"of", "the", "and", "for", "de", "la", "le", "du", "des", "der", "die", "und", "di", "del", "el", "y", "at"}
)
_STOP |= {
    "in",
    "e",
    "do",
    "da",
    "dos",
    "das",
    "degli",
    "della",
    "delle",
    "dell",
    "les",
    "et",
    "van",
    "von",
    "fur",
    "d",
    "l",
}
_LONG = {"univ": "university", "inst": "institute", "hosp": "hospital", "natl": "national", "ctr": "center"}
_LONG |= {
    "centre": "center",
    "sch": "school",
    "coll": "college",
    "acad": "academy",
    "saint": "st",
    "technol": "technology",
}
_LONG |= {"med": "medical", "sci": "sciences", "science": "sciences", "universitair": "university"}
_COMMON = 300  # names that share a word before the word tells nothing by itself
_LATIN = re.compile("[a-zA-ZÀ-ɏ]")


def key_of(text: str) -> list[str]:
    """The words of a name without articles and prepositions, abbreviations spelt out."""
    return [_LONG.get(word, word) for word in fold(text).split() if word not in _STOP]


class Gazetteer:
    """Active institutions under all their names; closed ones lead to those that took over."""

    def __init__(self, institutions: Iterable[Institution]) -> None:
        self.institutions = sorted(institutions, key=lambda one: one.id)
        self._by_id = {one.id: one for one in self.institutions}
        self._identifiers = {_plain(name): one.id for one in self.institutions for name in one.identifiers}
        self._named: dict[str, list[int]] = defaultdict(list)
        self._words: Counter[str] = Counter()
        self._by_word: dict[tuple[str, str], list[tuple[int, tuple[str, ...]]]] = defaultdict(list)
        names: list[tuple[int, tuple[str, ...]]] = []
        for number, one in enumerate(self.institutions):
            if self.standing(one.id) not in self._by_id or (one.status == "withdrawn" and not one.successors):
                continue
            forms = {tuple(key_of(name)) for name in (one.name, *one.aliases) if _LATIN.search(name)} - {()}
            for form in sorted(forms):
                self._named[" ".join(form)].append(number)
                names.append((number, form))
                self._words.update(set(form))
        self._total = max(1, len(names))
        for number, form in names:
            rare = min(form, key=lambda word: (self._words[word], word))
            if len(form) > 1 and self._words[rare] <= _COMMON:
                self._by_word[rare, self.institutions[number].country].append((number, form))

    def institution(self, ror: str) -> Institution | None:
        return self._by_id.get(ror)

    def by_identifier(self, identifier: str) -> str:
        """The ROR CURIE behind a ror, grid or isni CURIE, "" when unknown."""
        if identifier.startswith("ror:"):
            return identifier
        return self._identifiers.get(_plain(identifier), "")

    def standing(self, ror: str) -> str:
        """The institution itself, or its successor's successor when it was closed."""
        seen = set()
        while ror in self._by_id and self._by_id[ror].successors and ror not in seen:
            seen.add(ror)
            if self._by_id[ror].status == "active":
                break
            ror = self._by_id[ror].successors[0]
        return ror

    def named(self, key: str) -> Sequence[int]:
        """Numbers of the institutions that bear exactly this name."""
        return self._named.get(key, ())

    def telling(self, key: str) -> bool:
        """Whether a name says more than `university hospital`: two words, one of them not on everybody's sign."""
        words = key.split()
        return len(words) > 1 and min(self._words[word] for word in words) <= _COMMON

    def very_telling(self, key: str) -> bool:
        """Whether a name can stand without its country."""
        return self.telling(key) and min(self._words[word] for word in key.split()) <= 10

    def alike(self, part: Sequence[str], country: str) -> list[tuple[float, int]]:
        """(similarity, -number) of institutions of a country: shared weight of rare words over the weight of both."""
        words = set(part)
        best: dict[int, float] = {}
        for word in sorted(words):
            for number, form in self._by_word.get((word, country), ()):
                either = sum(map(self._weight, words | set(form)))
                shared = sum(map(self._weight, words & set(form))) / either
                best[number] = max(shared, best.get(number, 0.0))
        return [(similarity, -number) for number, similarity in best.items()]

    def _weight(self, word: str) -> float:
        return math.log(1.0 + self._total / (1.0 + self._words[word]))


def _plain(identifier: str) -> str:
    """`isni:0000 0001 2106 9910` and `grid:grid.65499.37` in one spelling."""
    return identifier.replace(" ", "").replace("grid:grid.", "grid:").casefold()
