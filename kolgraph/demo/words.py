"""Titles, abstracts and keywords: a small grammar over each subject's vocabulary."""

from typing import Any

from kolgraph.demo.draws import Draws
from kolgraph.demo.field import SUBJECTS
from kolgraph.demo.pools import cities, document

GRAMMAR = document("titles")
ABSTRACT = ("background", "methods", "results", "conclusions")
FIELDS = 24  # whole numbers that one text uses
FOCUS = 640  # in 1,024: how often a text keeps to the subtopics of its community
Slots = dict[str, Any]
Pool = list[tuple[str, str]]  # a word as it stands inside a sentence and at its start


class Writer:
    """Writes texts about subjects; each text spends one row of FIELDS whole numbers."""

    def __init__(self, draws: Draws) -> None:
        self._draws = draws
        places = sorted({city.country_name.removeprefix("The ") for city in cities()})
        self._places = [f"the {p}" if p in ("Netherlands", "United States", "United Kingdom") else p for p in places]
        self._pools = [_pools(words) for words in SUBJECTS]

    def rows(self, n: int) -> list[list[int]]:
        """Numbers for n texts."""
        numbers: list[list[int]] = self._draws.below(1 << 30, n * FIELDS).reshape(n, FIELDS).tolist()
        return numbers

    def slots(self, subject: int, row: list[int]) -> Slots:
        """What the text is about: the fillers of every blank; a capital in the blank's name means a sentence start."""
        found: Slots = {}
        for at, (inside, start, pool) in enumerate(self._pools[subject]):
            found[inside], found[start] = pool[row[at] % len(pool)]
            if at in (1, 2, 4):
                found[inside + "2"] = pool[(row[at] + 1 + row[21] % (len(pool) - 1)) % len(pool)][0]
        hazard = 120 + row[15] % 260
        found |= {
            "place": self._places[row[8] % len(self._places)],
            "years": ("two", "three", "five", "eight", "ten")[row[9] % 5],
            "phase": ("2", "2", "3", "3", "2b", "4")[row[10] % 6],
            "n": 2 + row[11] % 37,
            "m": 42 + row[12] % 1900,
            "pct": 6 + row[13] % 61,
            "m2": 4 + row[14] % 50,
            "hr": f"{hazard / 100:.2f}",
            "lo": f"{hazard / 100 - 0.15:.2f}",
            "hi": f"{hazard / 90 + 0.4:.2f}",
        }
        return found

    def focused(self, row: list[int], region: int, lab: int) -> list[int]:
        """The row with most blanks turned to what this region, and in it this lab, works on: subtopics."""
        row = row.copy()
        for at, theme in ((0, region), (1, region * 3 + lab % 3), (3, region + lab % 2), (4, region * 2 + lab % 2)):
            if row[at] >> 20 < FOCUS:  # the upper bits, independent of the choice that the lower ones make
                row[at] = theme
        return row

    def title(self, form: str, slots: Slots, row: list[int]) -> str:
        """A title without its full stop; `form` is a list of the grammar."""
        templates: list[str] = GRAMMAR[form]
        return templates[row[16] % len(templates)].format_map(slots)

    def sentences(self, slots: Slots, row: list[int]) -> list[str]:
        """Four parts of an abstract: background, methods, results, conclusions."""
        found = [GRAMMAR[part][row[17 + at] % len(GRAMMAR[part])].format_map(slots) for at, part in enumerate(ABSTRACT)]
        results: list[str] = GRAMMAR["results"]
        second = results[(row[19] + 1 + row[21] % (len(results) - 1)) % len(results)]
        found[2] += " " + second.format_map(slots)
        return found

    def keywords(self, subject: int, row: list[int]) -> list[str]:
        """Three to five keywords of the subject."""
        pool: list[str] = SUBJECTS[subject]["keywords"]
        start, count = row[22] % len(pool), 3 + row[23] % 3
        return [pool[(start + i) % len(pool)] for i in range(count)]


def _pools(words: dict[str, Any]) -> list[tuple[str, str, Pool]]:
    own = {key.removesuffix("s"): words[key] for key in ("conditions", "measures", "outcomes")}
    own |= {"process": words["processes"], "procedure": words["procedures"], "drug": document("field")["drugs"]}
    own |= {"cohort": GRAMMAR["cohort"], "method": GRAMMAR["method"]}
    return [(key, key.capitalize(), [(word, word[0].upper() + word[1:]) for word in pool]) for key, pool in own.items()]
