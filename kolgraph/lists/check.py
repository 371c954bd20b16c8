"""Every row of a list before the first is stored: a report that a person can work through, line by line."""

import csv
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from kolgraph.formulas import harmless
from kolgraph.lists.columns import Reading, read_columns
from kolgraph.lists.problem import ERROR, WARNING, Problem
from kolgraph.lists.rows import Rows
from kolgraph.lists.sheet import open_sheet
from kolgraph.lists.wish import Wish
from kolgraph.loading import Record
from kolgraph.model import Listed

KEPT, PREVIEW = 300, 10  # problems of a severity and rows that a report holds; all problems are in its file
STEP = 2000  # rows between two words of progress
HEADS = ("line", "column", "severity", "problem", "found", "what to do")
Progress = Callable[[int, int | None, str], None]


@dataclass(frozen=True, slots=True)
class Report:
    """What a list holds. `rows` = `good` + `bad` + `repeated`; `fatal` problems concern the file and block it all."""

    reading: Reading
    rows: int
    good: int
    bad: int
    repeated: int
    counts: tuple[tuple[str, str, int], ...]  # severity, kind, how often; errors first, most frequent first
    problems: tuple[Problem, ...]  # the first KEPT errors and warnings, by line
    preview: tuple[Listed, ...]

    @property
    def fatal(self) -> tuple[Problem, ...]:
        return tuple(one for one in self.reading.problems if one.severity == ERROR)

    @property
    def errors(self) -> int:
        return sum(count for severity, _, count in self.counts if severity == ERROR)

    def sentence(self) -> str:
        """What came of it, on one line."""
        if self.fatal:
            return "; ".join(f"{one.kind}: {one.found} ({one.todo})" for one in self.fatal)
        worst = ", ".join(f"{kind} ({count:,})" for severity, kind, count in self.counts[:3] if severity == ERROR)
        return f"{self.bad:,} of {self.rows:,} rows have errors: {worst}" if self.bad else f"{self.good:,} good rows"


def examine(reading: Reading, wish: Wish) -> Iterator[tuple[int, Record | None, list[Problem]]]:
    """Every row below the header: its line, its record (None for a bad or repeated one), its problems."""
    rows = Rows(reading, wish.name)
    for line in reading.sheet.rows():
        if line.number > reading.header:
            yield line.number, *rows.read(line)


def check(path: Path, wish: Wish, progress: Progress = lambda *_: None, report: Path | None = None) -> Report:
    """Read the whole file and judge it; all problems go to `report` as CSV. Raises InputError for what is no table."""
    sheet = open_sheet(path)
    reading = read_columns(sheet, wish)
    counts: Counter[tuple[str, str]] = Counter()
    kept: dict[str, list[Problem]] = {ERROR: [], WARNING: []}
    preview: list[Listed] = []
    rows = good = bad = 0
    with ExitStack() as stack:
        write = _writer(stack.enter_context(report.open("w", encoding="utf-8-sig", newline=""))) if report else None

        def take(problems: Iterable[Problem]) -> None:
            for one in problems:
                counts[one.severity, one.kind] += 1
                if len(kept[one.severity]) < KEPT:
                    kept[one.severity].append(one)
                if write:
                    write(one)

        take(reading.problems)
        if not any(one.severity == ERROR for one in reading.problems):
            for _, record, problems in examine(reading, wish):
                rows += 1
                if record is not None:
                    good += 1
                    if len(preview) < PREVIEW and isinstance(record.noun, Listed):
                        preview.append(record.noun)
                elif any(one.severity == ERROR for one in problems):
                    bad += 1
                take(problems)
                if rows % STEP == 0:
                    progress(rows, sheet.lines or None, "checking rows")
    progress(rows, rows, "checking rows")
    ordered = sorted(counts.items(), key=lambda one: (one[0][0] != ERROR, -one[1], one[0][1]))
    told = tuple((severity, kind, count) for (severity, kind), count in ordered)
    first = tuple(sorted(kept[ERROR] + kept[WARNING], key=lambda one: one.line))
    return Report(reading, rows, good, bad, rows - good - bad, told, first, tuple(preview))


def _writer(file: IO[str]) -> Callable[[Problem], None]:
    """Writes problems as CSV that no spreadsheet will run."""
    out = csv.writer(file)
    out.writerow(HEADS)

    def write(one: Problem) -> None:
        cells = (str(one.line or ""), one.column, one.severity, one.kind, one.found, one.todo)
        out.writerow(map(harmless, cells))

    return write
