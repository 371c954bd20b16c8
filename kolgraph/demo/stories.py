"""What is planted in the world so that a page has something to find, and tests know where to look."""

from dataclasses import dataclass, field

import numpy as np

from kolgraph.demo.draws import Draws, Ints
from kolgraph.demo.field import LAST_MONTH, LAST_YEAR, SUBJECTS
from kolgraph.demo.labs import Labs
from kolgraph.demo.names import Name, spellings
from kolgraph.demo.people import People, add_members, lab_at
from kolgraph.demo.teams import ARTICLE, Wish

# story -> how many in a world of 3,000 people; fewer in a smaller one, never none
PLAN = {"rising": 30, "bridge": 12, "quiet": 8, "moved": 5, "uncontacted": 3, "namesakes": 40, "spellings": 25}
RISES_IN = LAST_YEAR - 2
RETRACTED = 8  # papers of the scandal


@dataclass(slots=True)
class Stories:
    """Planted stories as rows (story, subject, detail), and what the generator needs to act on them."""

    rows: list[tuple[str, str, str]] = field(default_factory=list)
    quiet: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    moved: dict[int, int] = field(default_factory=dict)  # person -> the new lab, from the last month on
    spelled: dict[int, list[Name]] = field(default_factory=dict)
    scandal: int = -1

    def tell(self, story: str, who: int, detail: str = "") -> None:
        self.rows.append((story, person_key(who), detail))


def person_key(person: int) -> str:
    """The name of a person in truth/."""
    return f"p{person:07d}"


def plant(draws: Draws, labs: Labs, people: People) -> Stories:
    """Choose people for the stories and change names, careers and memberships accordingly."""
    stories, leaders = Stories(), len(labs.country)
    known = draws.sample(people.count - leaders, people.count - leaders) + leaders
    open_labs = ~labs.island[lab_at(people, known, LAST_YEAR)]
    present = (people.end[known] >= LAST_YEAR) & (people.start[known] <= LAST_YEAR - 4) & open_labs
    young = known[present & (people.start[known] >= LAST_YEAR - 13)].tolist()
    older = known[present & (people.start[known] < LAST_YEAR - 9)].tolist()
    _rising(stories, people, _take(young, _share("rising", people)))
    older = [person for person in older if people.rise[person] == 0]
    _bridges(draws, stories, labs, people, older)
    _quiet(stories, labs, people, older)
    told = {row[1] for row in stories.rows}
    for person in _take([person for person in young if person_key(person) not in told], _share("moved", people)):
        _move(draws, stories, labs, people, person)
    _namesakes(draws, stories, people, known)
    _spellings(draws, stories, people, known)
    _scandal(stories, labs, people)
    keys = sorted({divmod(key, 4) for key in (labs.subject * 4 + labs.region)[labs.subject < 6].tolist()})
    for subject, region in keys[:: max(1, len(keys) // 3)][: _share("uncontacted", people)]:
        where = ("the Americas", "Europe and Africa", "Asia and Oceania")[region]
        stories.rows.append(("uncontacted", SUBJECTS[subject]["name"], where))
    return stories


def story_papers(stories: Stories, labs: Labs, people: People, year: int) -> list[Wish]:
    """The papers of one year without which a story would not show."""
    wishes = []
    if year == LAST_YEAR:
        for person, lab in stories.moved.items():
            wishes += [Wish(ARTICLE, lab, [person, lab], month=LAST_MONTH) for _ in range(2)]
    if year >= RISES_IN:
        rising = np.flatnonzero(people.rise)
        for person, lab in zip(rising.tolist(), lab_at(people, rising, year).tolist(), strict=True):
            count = 2 + 2 * (year - RISES_IN)
            wishes += [Wish(ARTICLE, lab, [person], senior=year - RISES_IN + i > 2) for i in range(count)]
    if stories.scandal >= 0 and LAST_YEAR - 8 <= year < LAST_YEAR - 4:
        lead = stories.scandal
        wishes += [Wish(ARTICLE, lead, [lead], flag="retracted") for _ in range(RETRACTED // 4)]
    return wishes


def _share(story: str, people: People) -> int:
    return max(1, PLAN[story] * min(people.count, 3000) // 3000)


def _take(waiting: list[int], count: int) -> list[int]:
    """Take up to `count` people off the end of a list."""
    return [waiting.pop() for _ in range(min(count, len(waiting)))]


def _rising(stories: Stories, people: People, chosen: list[int]) -> None:
    for person in chosen:
        people.rise[person] = RISES_IN
        people.drive[person] = max(2.5, min(float(people.drive[person]), 3.5))
        people.end[person] = LAST_YEAR + 10
        stories.tell("rising", person, str(RISES_IN))
    rows = people.member[:, None] == np.array(chosen)[None, :]
    people.until[rows.any(axis=1)] = LAST_YEAR + 10


def _bridges(draws: Draws, stories: Stories, labs: Labs, people: People, older: list[int]) -> None:
    rows = []
    for person in _take(older, _share("bridge", people)):
        own = int(lab_at(people, np.array([person]), LAST_YEAR)[0])
        away = np.flatnonzero((labs.subject != labs.subject[own]) & (labs.subject < 6) & ~labs.island)
        if not len(away):
            continue
        people.drive[person] = 4.0
        home = int(away[int(draws.below(len(away), 1)[0])])
        same = np.flatnonzero((labs.subject == labs.subject[home]) & (labs.region == labs.region[home]) & ~labs.island)
        for lab in {home, *same[:3].tolist()}:
            rows.append((person, int(lab), int(people.start[person]), LAST_YEAR + 5, 0.3))
        stories.tell("bridge", person, SUBJECTS[int(labs.subject[home])]["name"])
    add_members(people, sorted(rows))


def _quiet(stories: Stories, labs: Labs, people: People, older: list[int]) -> None:
    """Known to every lab of the subject in their country, never first or last on a paper."""
    rows, chosen = [], []
    for person in _take(older, _share("quiet", people)):
        own = int(lab_at(people, np.array([person]), LAST_YEAR)[0])
        near = [lab for lab in np.flatnonzero(labs.country == labs.country[own]).tolist() if lab != own]
        same = [lab for lab in near if labs.subject[lab] == labs.subject[own]] or near
        rows += [(person, lab, int(people.start[person]), LAST_YEAR + 5, 0.25) for lab in same[:6]]
        people.drive[person] = 3.0
        chosen.append(person)
        stories.tell("quiet", person, str(labs.country[own]))
    stories.quiet = np.array(chosen, dtype=np.int64)
    add_members(people, rows)


def _move(draws: Draws, stories: Stories, labs: Labs, people: People, person: int) -> None:
    own = int(lab_at(people, np.array([person]), LAST_YEAR)[0])
    known = np.isin(labs.campus, labs.campus[[own, *labs.partners[own].tolist()]])  # a place never named before
    other = np.flatnonzero((labs.subject == labs.subject[own]) & ~known & ~labs.island)
    if not len(other):
        other = np.flatnonzero(~known & ~labs.island)
    if not len(other):
        return
    new = int(other[int(draws.below(len(other), 1)[0])])
    people.drive[person] = max(float(people.drive[person]), 4.0)
    stories.moved[person] = new
    stories.tell("moved", person, f"{LAST_YEAR}-{LAST_MONTH}")


def _namesakes(draws: Draws, stories: Stories, people: People, known: Ints) -> None:
    steady = known[(people.end[known] - people.start[known] > 6) & (people.drive[known] > 1)].tolist()
    cultures: dict[str, list[int]] = {}
    wanted = _share("namesakes", people)
    for person in steady:
        if wanted == 0:
            return
        waiting = cultures.setdefault(people.cultures[person], [])
        if waiting:
            twin = waiting.pop()
            people.names[person] = people.names[twin]
            stories.tell("namesakes", person, person_key(twin))
            wanted -= 1
        else:
            waiting.append(person)


def _spellings(draws: Draws, stories: Stories, people: People, known: Ints) -> None:
    taken = {row[1] for row in stories.rows}
    steady = known[(people.end[known] - people.start[known] > 8) & (people.drive[known] > 1.4)].tolist()
    free = [person for person in steady if person_key(person) not in taken and people.rise[person] == 0]
    chosen = free[: _share("spellings", people)]
    for person, u in zip(chosen, draws.unit(len(chosen)).tolist(), strict=True):
        forms = spellings(people.names[person], people.cultures[person], u)
        people.names[person] = forms[0]
        people.drive[person] = max(float(people.drive[person]), 8.0)
        stories.spelled[person] = forms
        stories.tell("spellings", person, " | ".join(f"{form.last}, {form.fore}" for form in forms))


def _scandal(stories: Stories, labs: Labs, people: People) -> None:
    leaders = np.flatnonzero((people.end[: len(labs.country)] >= LAST_YEAR) & ~labs.island & (labs.subject < 6))
    if len(leaders):
        stories.scandal = int(leaders[np.argmax(labs.weight[leaders])])
        stories.tell("retractions", stories.scandal, str(RETRACTED))
