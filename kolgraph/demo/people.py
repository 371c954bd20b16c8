"""People: who works where and when, with what drive; and how influential each truly is."""

from dataclasses import dataclass

import numpy as np

from kolgraph.demo.draws import Draws, Flags, Floats, Ints
from kolgraph.demo.field import FIRST_YEAR, LAST_YEAR
from kolgraph.demo.labs import PARTNERS, Labs
from kolgraph.demo.names import Name, draw_names


@dataclass(slots=True)
class People:
    """Arrays by person; person i < len(labs) leads lab i. Employment rows (`at_*`) are sorted by person, then year."""

    names: list[Name]
    cultures: list[str]
    start: Ints
    end: Ints
    drive: Floats
    rise: Ints  # year from which influence multiplies, 0 for most
    orcid: list[str]
    at_person: Ints
    at_lab: Ints
    at_from: Ints
    # membership rows, sorted by lab: who may be asked when the lab writes a paper
    member: Ints
    lab: Ints
    since: Ints
    until: Ints
    pull: Floats

    @property
    def count(self) -> int:
        return len(self.names)


def build_people(draws: Draws, labs: Labs, count: int) -> People:
    """Leaders first, then members of labs by the labs' weight; a third pass through the field in a year or two."""
    n, leaders = count, len(labs.country)
    home = np.concatenate([np.arange(leaders), draws.pick(labs.weight, n - leaders)])
    leads = np.arange(n) < leaders
    passing = draws.chance(0.46, n) & ~leads
    begin = draws.below(LAST_YEAR - 1994, n) + 1995
    visit = FIRST_YEAR + np.floor(np.sqrt(draws.unit(n)) * (LAST_YEAR - FIRST_YEAR + 1)).astype(np.int64)
    start = np.where(leads, draws.below(24, n) + 1986, np.where(passing, visit, begin))
    length = np.where(leads, draws.below(20, n) + 24, np.where(passing, draws.below(2, n), draws.below(26, n) + 4))
    end = np.maximum(start + length, FIRST_YEAR + draws.below(4, n))
    drive = np.where(leads, draws.heavy(n, 0.1) + 3.0, np.where(passing, 0.35, draws.heavy(n, 0.07)))
    names, cultures = draw_names(draws, labs.country[home].tolist())
    none, rise = np.zeros(0, dtype=np.int64), np.zeros(n, dtype=np.int64)
    orcid, no_pull = _orcids(draws, n), np.zeros(0)
    people = People(names, cultures, start, end, drive, rise, orcid, none, none, none, none, none, none, none, no_pull)
    _employ(draws, labs, people, home, passing | leads)
    return people


def lab_at(people: People, person: Ints, year: int) -> Ints:
    """The lab that employs each person in a year."""
    key = people.at_person * 10_000 + people.at_from
    row = np.searchsorted(key, person * 10_000 + year, "right") - 1
    return np.asarray(people.at_lab[np.maximum(row, np.searchsorted(people.at_person, person, "left"))])


def influence(people: People, person: Ints, year: int, leaders: int) -> Floats:
    """Latent influence: drive, grown with experience, tripled for leaders, multiplied for those who rise; 0 outside."""
    age = np.clip(year - people.start[person], 0, 24)
    active = (people.start[person] <= year) & (people.end[person] >= year)
    rising = np.where(people.rise[person] > 0, np.clip(year - people.rise[person] + 1, 0, 4) * 4.0 + 1.0, 1.0)
    return np.where(active, people.drive[person] * (1 + age / 8) * np.where(person < leaders, 3.0, 1.0) * rising, 0.0)


def add_members(people: People, rows: list[tuple[int, int, int, int, float]]) -> None:
    """Add membership rows (person, lab, since, until, pull) and keep the table sorted by lab."""
    if not rows:
        return
    person, lab, since, until, pull = zip(*rows, strict=True)
    joined = [
        np.concatenate([old, np.array(new, dtype=old.dtype)])
        for old, new in (
            (people.member, person),
            (people.lab, lab),
            (people.since, since),
            (people.until, until),
            (people.pull, pull),
        )
    ]
    order = np.lexsort((joined[2], joined[0], joined[1]))
    people.member, people.lab, people.since, people.until, people.pull = (column[order] for column in joined)


def _employ(draws: Draws, labs: Labs, people: People, home: Ints, settled: Flags) -> None:
    """Employment and membership: one in five regular people moves once, and keeps writing with the old lab a little."""
    n = people.count
    span = people.end - np.maximum(people.start, FIRST_YEAR)
    moves = draws.chance(0.22, n) & ~settled & (span >= 4)
    when = np.maximum(people.start, FIRST_YEAR) + 2 + draws.below(np.maximum(span - 3, 1), n)
    to = labs.partners[home, draws.below(PARTNERS, n)]
    to = np.where(draws.chance(0.25, n), draws.pick(labs.weight, n), to)
    moves &= (to != home) & (when <= LAST_YEAR) & ~labs.island[home] & ~labs.island[to]
    movers = np.flatnonzero(moves)
    everyone = np.arange(n)
    people.at_person = np.concatenate([everyone, movers])
    people.at_lab = np.concatenate([home, to[movers]])
    people.at_from = np.concatenate([np.zeros(n, dtype=np.int64), when[movers]])
    order = np.lexsort((people.at_from, people.at_person))
    people.at_person, people.at_lab, people.at_from = (
        c[order] for c in (people.at_person, people.at_lab, people.at_from)
    )
    second = np.flatnonzero(draws.chance(np.where(settled, 0.03, 0.06), n) & (span >= 3) & ~labs.island[home])
    other = labs.partners[home[second], draws.below(PARTNERS, len(second))]
    people.member = np.concatenate([everyone, movers, movers, second])
    people.lab = np.concatenate([home, to[movers], home[movers], other])
    people.since = np.concatenate([people.start, when[movers], when[movers], people.start[second]])
    people.until = np.concatenate(
        [np.where(moves, when - 1, people.end), *(people.end[g] for g in (movers, movers, second))]
    )
    people.pull = np.concatenate(
        [np.ones(n), np.ones(len(movers)), np.full(len(movers), 0.1), np.full(len(second), 0.15)]
    )
    order = np.lexsort((people.since, people.member, people.lab))
    people.member, people.lab, people.since = people.member[order], people.lab[order], people.since[order]
    people.until, people.pull = people.until[order], people.pull[order]


def _orcids(draws: Draws, n: int) -> list[str]:
    """An ORCID iD for about half of the people, in a range that is not given out; "" for the others."""
    found = []
    for holds, number in zip(draws.chance(0.5, n).tolist(), draws.sample(n, n).tolist(), strict=True):
        digits = f"00009900{number:07d}"
        total = 0
        for digit in digits:
            total = (total + int(digit)) * 2
        check = (12 - total % 11) % 11
        whole = digits + ("X" if check == 10 else str(check))
        found.append("-".join(whole[i : i + 4] for i in (0, 4, 8, 12)) if holds else "")
    return found
