"""Whom the rows of a list mean: a verdict on each before anything is stored, then the list with its ties to people.

To accept is to import the list and to judge, in one entry that one undo takes back, each row with a person to be that
person. What somebody chose before counts over the verdict.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from kolgraph import judgements
from kolgraph.chain import Event
from kolgraph.errors import UsageError
from kolgraph.export import csv_bytes, xlsx_bytes
from kolgraph.lists.check import examine
from kolgraph.lists.columns import Reading, read_columns
from kolgraph.lists.match import CERTAIN, Candidate, Matcher, Row, Sign
from kolgraph.lists.people import People
from kolgraph.lists.problem import ERROR
from kolgraph.lists.sheet import open_sheet
from kolgraph.lists.verdicts import (
    DOUBTFUL,
    DUPLICATE,
    MATCHED,
    MOVED,
    NOT_FOUND,
    VERDICTS,
    Found,
    judge,
    written,
)
from kolgraph.lists.wish import Wish, group, slug
from kolgraph.model import Listed, mention_key
from kolgraph.names import display
from kolgraph.services import judging
from kolgraph.services.list_people import people
from kolgraph.services.lists import Imported, Progress, take_in
from kolgraph.workspace import Workspace

__all__ = [
    "DOUBTFUL", "DUPLICATE", "MATCHED", "MOST", "MOVED", "NOT_FOUND", "VERDICTS", "Accepted", "Answer", "Person",
    "Sign", "accept", "accepted", "answers", "counts", "file", "settled", "silent", "tied", "ties",
]  # fmt: skip
MOST = 50_000  # rows of a list whose people are looked up; a longer one is a register
BEFORE = "accepted before"
COLUMNS = (
    "line", "name", "institution", "city", "country", "verdict", "person", "person_id", "confidence", "evidence",
    "current_institution", "since", "last_record", "same_as_line",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody whom a row can mean. `mention` is the key by which a judgement names them; `stays` are told in words."""

    id: str
    name: str
    mention: str
    chance: float
    now: str
    since: int | None
    last: int | None
    city: str
    country: str
    papers: int
    trials: int
    stays: tuple[str, ...]
    topics: tuple[str, ...]
    signs: tuple[Sign, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """A row as the list says it, what it comes to, and whom it can mean; `person` is the id of whom it does, or ""."""

    line: int
    name: str
    institution: str
    city: str
    region: str
    country: str
    specialty: str
    numbers: tuple[str, ...]
    verdict: str
    person: str
    chance: float | None
    why: str
    twin: int = 0
    silent: int = 0
    chosen: bool = False
    left_out: bool = False  # on import: it repeats a row word for word
    people: tuple[Person, ...] = ()

    def whom(self) -> Person | None:
        """The person whom the row means."""
        return next((one for one in self.people if one.id == self.person), None)


@dataclass(frozen=True, slots=True)
class Accepted:
    """What came of it: the list, how many rows are tied to how many people, and the entry that an undo takes back."""

    list: Imported
    tied: int
    people: int
    entry: int


def answers(ws: Workspace, path: Path, wanted: Wish, progress: Progress = lambda *_: None) -> list[Answer]:
    """A verdict on every row that can be imported. Raises UsageError without people, or for more than MOST rows."""
    reading = read_columns(open_sheet(path), wanted)
    rows, repeats, ids = _rows(reading, wanted)
    matcher = Matcher(people(ws))
    before = _before(ws, wanted, ids, matcher.people)
    found = judge(rows, matcher, reading.kind == "people", len(rows), progress)
    made = [_answer(_again(one, before.get(one.row.line, -1)), matcher.people) for one in found]
    made = [replace(one, chosen=True) if one.why == BEFORE else one for one in made]
    return sorted([*made, *repeats], key=lambda one: one.line)


def accepted(ws: Workspace, list_slug: str) -> dict[str, str]:
    """The rows of a list that are tied, as mention keys -> a mention of the person each of them is."""
    start = f"own:{list_slug}:"
    found = {}
    for one in ws.ledger.judgements():
        for mine, other in ((one.a, one.b), (one.b, one.a)):
            if one.same and mine.startswith(start) and not other.startswith("own:"):
                found[mine] = other
    return found


def _before(ws: Workspace, wanted: Wish, ids: Mapping[int, str], known: People) -> dict[int, int]:
    """Line -> number of the person, where an earlier edition of the list was tied to somebody."""
    told = accepted(ws, slug(wanted.name))
    if not told:
        return {}
    persons = judging.persons_of(ws, told.values())
    number = {one.id: i for i, one in enumerate(known.people)}
    whose = {line: persons.get(told.get(mention_key(id, 0), ""), "") for line, id in ids.items()}
    return {line: number[person] for line, person in whose.items() if person in number}


def _again(found: Found, person: int) -> Found:
    """The verdict after an earlier acceptance of the same row."""
    if person < 0 or found.person == person:
        return found
    one = next((each for each in found.candidates if each.person == person), Candidate(person, CERTAIN, (), True))
    others = tuple(each for each in found.candidates if each.person != person)
    return replace(
        found,
        verdict=MATCHED,
        person=person,
        chance=one.chance,
        why=BEFORE,
        twin=0,
        silent=0,
        candidates=(one, *others),
    )


def settled(answer: Answer, choice: str | None) -> Answer:
    """The answer after somebody chose: the id of one of its people, "" for none of them, None for no choice yet."""
    if choice is None:
        return answer
    if not choice:
        return replace(
            answer, verdict=NOT_FOUND, person="", chance=None, why="none of these, chosen by you", silent=0, chosen=True
        )
    if choice == answer.person:
        return replace(answer, why=f"{answer.why}; kept by you", chosen=True)
    one = next((one for one in answer.people if one.id == choice), None)
    if one is None:
        raise UsageError(f'line {answer.line} cannot be "{choice}": choose one of its candidates')
    verdict = DUPLICATE if answer.verdict == DUPLICATE else MATCHED
    return replace(
        answer, verdict=verdict, person=choice, chance=one.chance, why="chosen by you", silent=0, chosen=True
    )


def counts(given: Iterable[Answer]) -> dict[str, int]:
    """How many rows there are of each verdict, in the order of VERDICTS."""
    found = Counter(one.verdict for one in given)
    return {verdict: found[verdict] for verdict in VERDICTS}


def tied(given: Iterable[Answer]) -> int:
    """How many rows mean somebody."""
    return sum(bool(one.person) for one in given)


def silent(given: Iterable[Answer]) -> int:
    """How many rows mean somebody who may have retired."""
    return sum(bool(one.silent) for one in given)


def accept(
    ws: Workspace, path: Path, wanted: Wish, given: Sequence[Answer], user: str, progress: Progress = lambda *_: None
) -> Accepted:
    """Import the list and tie its rows to the people that they mean; this takes the place of what was tied before.

    Where nobody was looked up, `given` is empty and earlier ties stay.
    """
    done = take_in(ws, path, wanted, user, progress)
    if not given:
        return Accepted(done, 0, 0, 0)
    ids = {
        line: record.id
        for line, record, _ in examine(read_columns(open_sheet(path), wanted), wanted)
        if record is not None
    }
    meant = [(mention_key(ids[one.line], 0), person) for one in given if one.line in ids and (person := one.whom())]
    several = len({one.id for _, one in meant})
    pairs = [[row, one.mention] for row, one in meant]
    earlier = [one for one in _entries(ws) if one.object == group(wanted.name)]
    if sorted(pairs) == sorted(pair for one in earlier for pair in one.data["pairs"]):
        return Accepted(done, len(meant), several, 0)
    for one in earlier:
        judging.undo(ws, one.seq, user, "the list is accepted anew")
    entry = 0
    if pairs:
        chosen = sum(one.chosen and bool(one.person) for one in given)
        why = f"list check of “{done.name}”" + (f", {chosen:,} chosen by hand" if chosen else "")
        before, after = f"{len(pairs):,} rows of the list “{done.name}”", f"{several:,} people"
        entry = judging.tie(ws, group(wanted.name), [(a, b) for a, b in pairs], user, before, after, why)
    return Accepted(done, len(meant), several, entry)


def ties(ws: Workspace) -> dict[str, tuple[int, int]]:
    """Of every list with rows that were tied and still are: its slug -> the latest such entry and its rows."""
    return {one.object.partition(":")[2]: (one.seq, len(one.data["pairs"])) for one in _entries(ws)}


def _entries(ws: Workspace) -> list[Event]:
    """The acceptances that count, oldest first."""
    return [one for one in judgements.counting(ws.ledger.judged()) if one.action == "judgement.several"]


def file(ws: Workspace, given: Sequence[Answer], suffix: str, user: str) -> bytes:
    """The checked list as CSV or XLSX; the ledger records that it was taken away."""
    ws.ledger.append("export.file", "list check", {"what": "list check", "rows": len(given)}, actor=user)
    rows = (_cells(one) for one in given)
    return xlsx_bytes(rows, COLUMNS) if suffix == "xlsx" else csv_bytes(rows, COLUMNS)


def _cells(one: Answer) -> dict[str, str | int | float | None]:
    person = one.whom()
    values = (
        one.line, one.name, one.institution, one.city, one.country, one.verdict, person.name if person else "",
        one.person, None if one.chance is None else round(one.chance, 3), one.why, person.now if person else "",
        person.since if person else None, person.last if person else None, one.twin or None,
    )  # fmt: skip
    return dict(zip(COLUMNS, values, strict=True))


def _rows(reading: Reading, wanted: Wish) -> tuple[list[Row], list[Answer], dict[int, str]]:
    """The good rows, those that repeat one word for word, and the ids that good rows get by their lines."""
    rows: list[Row] = []
    ids: dict[int, str] = {}
    repeats: list[Answer] = []
    for line, record, problems in examine(reading, wanted):
        if record is not None and isinstance(record.noun, Listed):
            rows.append(Row(line, record.noun.mention, _specialty(record.noun.note)))
            ids[line] = record.id
            if len(rows) > MOST:
                raise UsageError(f"the list has more than {MOST:,} rows: its people are not looked up; split it")
        elif not any(one.severity == ERROR for one in problems):
            for one in problems:
                if one.kind == "duplicate":
                    words = f"{one.todo} when the list is imported"
                    repeats.append(_repeat(line, one.found, words))
    return rows, repeats, ids


def _repeat(line: int, name: str, why: str) -> Answer:
    return Answer(line, name, "", "", "", "", "", (), DUPLICATE, "", None, why, left_out=True)


def _specialty(note: str) -> str:
    return next((part.partition(": ")[2] for part in note.split("; ") if part.startswith("specialty: ")), "")


def _answer(found: Found, known: People) -> Answer:
    row = found.row
    return Answer(
        row.line,
        display(row.mention),
        row.institution,
        row.city,
        row.region,
        row.country,
        row.specialty,
        row.numbers,
        found.verdict,
        known.people[found.person].id if found.person >= 0 else "",
        found.chance,
        found.why,
        found.twin,
        found.silent,
        people=tuple(_person(one, known) for one in found.candidates),
    )


def _person(candidate: Candidate, known: People) -> Person:
    one = known.people[candidate.person]
    home = known.home(one)
    stays = []
    for stay in one.stays[:6]:
        if stay.place in known.places:
            years = (
                "" if stay.first is None else f", {stay.first}" + (f"–{stay.last}" if stay.last != stay.first else "")
            )
            stays.append(f"{written(known.places[stay.place])}{years}")
    return Person(
        one.id,
        one.name,
        one.mention,
        candidate.chance,
        written(home) if home else "",
        one.stays[0].first if home else None,
        one.last,
        one.city,
        one.country,
        one.papers,
        one.trials,
        tuple(stays),
        one.topics,
        candidate.signs,
    )
