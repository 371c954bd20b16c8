"""Titles, abstracts and keywords: a small grammar over each subject's vocabulary."""

from typing import Any

from kolgraph.demo.draws import Draws
from kolgraph.demo.field import SUBJECTS
from kolgraph.demo.pools import cities, document

GRAMMAR = document("titles")
FIELDS = 24  # whole numbers that one text uses
Slots = dict[str, Any]


class Writer:
    """Writes texts about subjects; each text spends one row of FIELDS whole numbers."""

    def __init__(self, draws: Draws) -> None:
        self._draws = draws
        self._places = sorted({city.country_name for city in cities()})

    def rows(self, n: int) -> list[list[int]]:
        """Numbers for n texts."""
        numbers: list[list[int]] = self._draws.below(1 << 30, n * FIELDS).reshape(n, FIELDS).tolist()
        return numbers

    def slots(self, subject: int, row: list[int]) -> Slots:
        """What the text is about: the fillers of every blank, those at the start of a sentence capitalised."""
        words = SUBJECTS[subject]
        found: Slots = {}
        for at, (key, pool) in enumerate(
            (
                ("condition", words["conditions"]),
                ("measure", words["measures"]),
                ("outcome", words["outcomes"]),
                ("process", words["processes"]),
                ("procedure", words["procedures"]),
                ("drug", document("field")["drugs"]),
                ("cohort", GRAMMAR["cohort"]),
                ("method", GRAMMAR["method"]),
            )
        ):
            word = pool[row[at] % len(pool)]
            found[key] = word
            found[key.capitalize()] = word[0].upper() + word[1:]
        place = self._places[row[8] % len(self._places)]
        found["place"] = f"the {place}" if place in ("Netherlands", "United States", "United Kingdom") else place
        found["years"] = ("two", "three", "five", "eight", "ten")[row[9] % 5]
        found["phase"] = ("2", "2", "3", "3", "2b", "4")[row[10] % 6]
        found["n"] = 2 + row[11] % 37
        found["m"] = 42 + row[12] % 1900
        found["pct"] = 6 + row[13] % 61
        found["m2"] = 4 + row[14] % 50
        hazard = 120 + row[15] % 260
        found["hr"], found["lo"], found["hi"] = (
            f"{x / 100:.2f}" for x in (hazard, hazard - 15, hazard + 40 + hazard // 9)
        )
        return found

    def title(self, form: str, slots: Slots, row: list[int]) -> str:
        """A title without its full stop; `form` is a list of the grammar."""
        templates: list[str] = GRAMMAR[form]
        return templates[row[16] % len(templates)].format_map(slots)

    def sentences(self, slots: Slots, row: list[int]) -> list[str]:
        """Four parts of an abstract: background, methods, results, conclusions."""
        found = []
        for at, part in enumerate(("background", "methods", "results", "conclusions")):
            templates: list[str] = GRAMMAR[part]
            found.append(templates[row[17 + at] % len(templates)].format_map(slots))
        second: list[str] = GRAMMAR["results"]
        found[2] += " " + second[(row[19] + 1 + row[21] % (len(second) - 1)) % len(second)].format_map(slots)
        return found

    def keywords(self, subject: int, row: list[int]) -> list[str]:
        """Three to five keywords of the subject."""
        pool: list[str] = SUBJECTS[subject]["keywords"]
        start, count = row[22] % len(pool), 3 + row[23] % 3
        return [pool[(start + i) % len(pool)] for i in range(count)]
