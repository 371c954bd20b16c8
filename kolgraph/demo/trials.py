"""Registered trials: what is studied, by whom, where and when. How the registry writes them is in registry.py."""

from dataclasses import dataclass, field

import numpy as np

from kolgraph.demo.draws import Draws
from kolgraph.demo.field import FIRST_YEAR, LAST_MONTH, LAST_YEAR, YEARS
from kolgraph.demo.people import People
from kolgraph.demo.teams import ARTICLE, TRIAL, Wish
from kolgraph.demo.words import Writer
from kolgraph.demo.world import World

FIRST_NCT = 90_000_001
PHASES: tuple[tuple[str, ...], ...] = (
    ("PHASE2",),
    ("PHASE3",),
    ("PHASE1", "PHASE2"),
    ("PHASE1",),
    ("PHASE4",),
    ("NA",),
    (),
)


@dataclass(slots=True)
class Plan:
    """A trial: its leader, sites (lab and investigator, -1 for none) and, once they are written, the papers on it."""

    number: int
    subject: int
    lead: int
    leader: int
    start: tuple[int, int]
    end: tuple[int, int]
    phases: tuple[str, ...]
    status: str
    company: int  # index of the sponsoring company among the places, -1: an academic sponsor
    sites: list[tuple[int, int]]
    words: list[int]
    u: list[float]
    results: list[int] = field(default_factory=list)

    @property
    def nct(self) -> str:
        return f"NCT{self.number}"

    @property
    def phase(self) -> str:
        """The phase as a title says it: "1/2", or "" for a trial without."""
        return "/".join(name.removeprefix("PHASE") for name in self.phases if name != "NA")


def plan_trials(world: World, draws: Draws, writer: Writer) -> list[Plan]:
    """One trial for seven or eight people, more in later years; a quarter of them sponsored by companies."""
    labs, people = world.labs, world.people
    count = max(8, people.count * 2 // 15)
    years = np.array(YEARS)
    share = np.where(years == LAST_YEAR, 10, 10 + years - FIRST_YEAR)
    start = np.sort(draws.pick(share, count) + FIRST_YEAR).tolist()
    lead = draws.pick(np.where(labs.subject < 6, labs.weight, labs.weight * 0.3), count).tolist()
    phase = draws.pick(np.array([30, 20, 12, 14, 8, 8, 8]), count).tolist()
    chance = draws.unit(count * 8).reshape(count, 8).tolist()
    texts = writer.rows(count)
    rising = np.flatnonzero(people.rise).tolist()
    plans = []
    for i in range(count):
        u, lab = chance[i], lead[i]
        leader = _member(people, lab, start[i], u[0] * 0.5)
        if start[i] >= LAST_YEAR - 2 and rising and u[1] < 0.4:
            leader = rising[int(u[2] * len(rising))]
        month = 1 + int(u[3] * (LAST_MONTH if start[i] == LAST_YEAR else 12))
        end = (start[i] + 1 + int(u[4] * 4), 1 + int(u[5] * 12))
        company = world.places.companies[int(u[6] * 997) % len(world.places.companies)] if u[6] < 0.28 else -1
        phases = PHASES[phase[i] % 5] if company >= 0 else PHASES[phase[i]]
        number = FIRST_NCT + i * 137
        status = _status(start[i], end, u[7])
        sites = _sites(world, draws, lab, leader, start[i], company >= 0)
        words, when = writer.focused(texts[i], int(labs.region[lab]), lab), (start[i], month)
        if company >= 0:
            words[5] = company  # a company studies its own drug
        plans.append(
            Plan(
                number,
                int(labs.subject[lab]),
                lab,
                leader,
                when,
                end,
                phases,
                status,
                company,
                sites,
                words,
                u,
            )
        )
    return plans


def reports(plans: list[Plan], world: World, year: int) -> list[Wish]:
    """The papers of a year that report trials: one or two for each completed one, written by its investigators."""
    people, wishes = world.people, []
    for i, plan in enumerate(plans):
        if plan.status != "COMPLETED" or plan.u[1] > 0.72:
            continue
        due = [plan.end[0] + 1] + ([plan.end[0] + 2] if plan.u[2] > 0.55 else [])
        if year not in due:
            continue
        junior = _member(people, plan.lead, year, plan.u[5])
        named = [junior, *(person for _, person in plan.sites[:14]), plan.leader]
        there = [
            p for p in dict.fromkeys(named) if p >= 0 and people.start[p] <= year <= people.end[p] and p != plan.leader
        ]
        wishes.append(Wish(TRIAL if plan.phase else ARTICLE, plan.lead, [*there, plan.leader], trial=i))
    return wishes


def _member(people: People, lab: int, year: int, u: float) -> int:
    """Somebody of the lab in a year, its leader for small u; -1 when nobody is there."""
    low, high = np.searchsorted(people.lab, lab, "left"), np.searchsorted(people.lab, lab, "right")
    rows = np.arange(low, high)
    rows = rows[(people.since[rows] <= year) & (people.until[rows] >= year)]
    return int(people.member[rows[int(u * len(rows))]]) if len(rows) else -1


def _sites(world: World, draws: Draws, lead: int, leader: int, year: int, industry: bool) -> list[tuple[int, int]]:
    labs, people = world.labs, world.people
    u = draws.unit(3)
    wanted = int(2 + 3.2 / (0.09 + u[0])) if industry else 1 if u[0] < 0.55 else 2 + int(u[1] * 6)
    same = np.where(labs.subject == labs.subject[lead], 1.0, 0.06) * np.where(labs.island, 0.0, labs.weight)
    if not industry:
        same = same * np.where(labs.country == labs.country[lead], 4.0, 0.3)
    picked = draws.pick(same, wanted).tolist()
    chance = draws.unit(wanted).tolist()
    found = [(lead, leader)]
    seen = {int(labs.host[lead])}
    for lab, v in zip(picked, chance, strict=True):
        if len(found) < wanted and int(labs.host[lab]) not in seen:
            seen.add(int(labs.host[lab]))
            found.append((lab, _member(people, lab, year, v * v)))
    for person in world.stories.quiet.tolist():  # the quiet ones run sites without writing much
        if len(found) > 1 and (person + year) % 9 == 0:
            found.append((int(people.at_lab[np.searchsorted(people.at_person, person)]), person))
    return found


def _status(start: int, end: tuple[int, int], u: float) -> str:
    if end < (LAST_YEAR, LAST_MONTH):
        return "COMPLETED" if u < 0.7 else "TERMINATED" if u < 0.8 else "UNKNOWN" if u < 0.93 else "WITHDRAWN"
    if start == LAST_YEAR:
        return "NOT_YET_RECRUITING" if u < 0.3 else "RECRUITING"
    return "RECRUITING" if u < 0.6 else "ACTIVE_NOT_RECRUITING" if u < 0.9 else "ENROLLING_BY_INVITATION"
