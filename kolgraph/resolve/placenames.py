"""The names of institutions, indexed: by identifier, by exact folded name, by rare word and country."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache

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


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# what a part of an institution is called: such a word may follow an institution's name, and it never begins one
INNER = _words("department dept school faculty division section unit college campus program laboratory service")
HOSPITAL = _words("hospital hospitals clinic clinics clinical klinikum klinik hopital ospedale health")
ORGANISATION = HOSPITAL | _words(
    "university universite universitat universidad universidade universita institute institut instituto istituto "
    "college center centro academy foundation council school polytechnic hochschule consiglio agency observatory museum"
)
_LONGEST = 10  # words of a name that are looked up together
_COMMON = 300  # names that share a word before the word tells nothing by itself
_LATIN = re.compile("[a-zA-ZÀ-ɏ]")


@lru_cache(1 << 16)
def key_of(text: str) -> tuple[str, ...]:
    """The words of a name without articles and prepositions, abbreviations spelt out."""
    return tuple(_LONG.get(word, word) for word in fold(text).split() if word not in _STOP)


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
            forms = {key_of(name) for name in (one.name, *one.aliases) if _LATIN.search(name)} - {()}
            for form in sorted(forms):
                self._named[" ".join(form)].append(number)
                names.append((number, form))
                self._words.update(set(form))
        self._total = max(1, len(names))
        self._weights = {word: math.log(1.0 + self._total / (1.0 + n)) for word, n in self._words.items()}
        self._unknown = math.log(1.0 + self._total)
        self._begins = {form[:2] for _, form in names}
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

    def runs(self, part: Sequence[str]) -> list[tuple[int, int]]:
        """(start, end) of the runs of words that are somebody's name, longest first."""
        found = []
        for start in range(len(part)):
            if tuple(part[start : start + 2]) in self._begins:
                for end in range(min(len(part), start + _LONGEST), start + 1, -1):
                    if end == len(part) or " ".join(part[start:end]) in self._named:
                        found.append((start, end))
        if len(part) == 1 and part[0] in self._named:
            found.append((0, 1))
        return sorted(found, key=lambda run: (run[0] - run[1], run[0]))

    def telling(self, key: str) -> bool:
        """Whether a name says more than `university hospital`: two words, one of them not on everybody's sign."""
        words = key.split()
        if len(words) < 2 or words[0] in INNER:
            return False
        return min(self._words[word] for word in words) <= _COMMON or len(words) > 2

    def very_telling(self, key: str) -> bool:
        """Whether a name can stand without its country."""
        return self.telling(key) and min(self._words[word] for word in key.split()) <= 10

    def alike(self, part: Sequence[str], country: str) -> list[tuple[float, int]]:
        """(similarity, -number) of institutions of a country: shared weight of rare words over the weight of both."""
        words = set(part)
        best: dict[int, float] = {}
        for word in sorted(words, key=lambda word: (self._words[word], word))[:3]:
            for number, form in self._by_word.get((word, country), ()):
                either = sum(map(self._weight, words | set(form)))
                shared = sum(map(self._weight, words & set(form))) / either
                best[number] = max(shared, best.get(number, 0.0))
        return [(similarity, -number) for number, similarity in best.items()]

    def _weight(self, word: str) -> float:
        return self._weights.get(word, self._unknown)


def _plain(identifier: str) -> str:
    """`isni:0000 0001 2106 9910` and `grid:grid.65499.37` in one spelling."""
    return identifier.replace(" ", "").replace("grid:grid.", "grid:").casefold()
