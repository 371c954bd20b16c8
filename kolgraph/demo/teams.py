"""Who writes which paper: teams of one year, drawn from labs, their partners and the wider community.

A paper has a lead lab. Its first author is one of the lab's younger people, its last one of the seniors; the others
come from the lab and from up to three of its partner labs, which are the same again and again: this closes triangles
and makes communities. People with more drive are asked more often, so that a few are on very many papers.
"""

from dataclasses import dataclass

import numpy as np

from kolgraph.demo.draws import Draws, Flags, Floats, Ints, cumulate, within
from kolgraph.demo.field import FIRST_YEAR, LAST_MONTH, LAST_YEAR
from kolgraph.demo.labs import PARTNERS, Labs, community
from kolgraph.demo.people import People, influence, lab_at

ARTICLE, REVIEW, CASE, LETTER, TRIAL, GUIDELINE, CONSORTIUM = range(7)
KINDS = ("article", "review", "case", "letter", "trial", "guideline", "article")
# share of papers with 1, 2, 3 ... authors, in ten thousands; the tail is drawn apart
SIZES = {
    ARTICLE: (150, 640, 1130, 1450, 1460, 1330, 1010, 780, 560, 430, 290, 210, 150, 110, 80, 60, 45, 35, 25, 20),
    REVIEW: (600, 1500, 2000, 1900, 1400, 900, 600, 400, 250, 150, 100, 80, 60, 40, 20),
    CASE: (100, 900, 1800, 2200, 2000, 1400, 800, 400, 250, 150),
    LETTER: (1800, 2400, 2200, 1500, 900, 600, 300, 200, 100),
}


Columns = tuple[Ints, Ints, Ints, Ints]  # slots: paper, person, role in the order, place in the queue
Rows = list[tuple[int, int, int, int]]


@dataclass(slots=True)
class Teams:
    """Papers of one year (arrays by paper) and their author slots, sorted by paper and position."""

    year: int
    kind: Ints
    lead: Ints
    subject: Ints
    region: Ints
    month: Ints
    paper: Ints
    person: Ints
    trial: Ints  # index of the trial it reports, -1 for none
    flag: list[str]  # "" or a planted role, such as "retracted"


@dataclass(slots=True)
class Wish:
    """A paper that must exist: its kind, lead lab and some of its authors, in order of position (first, ..., last)."""

    kind: int
    lead: int
    authors: list[int]
    month: int = 0
    trial: int = -1
    flag: str = ""
    senior: bool = False  # a single author is the last one, not the first


def papers_in(year: int, people: int) -> int:
    """About 2.3 papers for each person over all years, growing by a twentieth of the first year each year."""
    share = 20 + (year - FIRST_YEAR)
    whole = sum(20 + y for y in range(LAST_YEAR - FIRST_YEAR + 1))
    return max(2, people * 22 * share // (whole * 10) * (LAST_MONTH if year == LAST_YEAR else 12) // 12)


@dataclass(slots=True)
class Pool:
    """Who may be asked in a year: rows of (member, lab) sorted by lab, and cumulative weights for each kind of slot.

    `low` and `high` bound the rows of each lab; the `open_` weights leave islands out.
    """

    member: Ints
    age: Ints
    low: Ints
    high: Ints
    junior: Floats
    senior: Floats
    anyone: Floats
    open_senior: Floats
    open_anyone: Floats
    open_even: Floats


def draw_teams(
    draws: Draws, labs: Labs, people: People, year: int, wishes: list[Wish], quiet: Ints, seen: Flags
) -> Teams:
    """All papers of one year, the wished ones first; `seen` notes who has written, nobody leaves without a paper."""
    pool = _pool(labs, people, year, quiet)
    wished, total = len(wishes), len(wishes) + papers_in(year, people.count)
    lead = draws.pick(labs.weight * (pool.high > pool.low), total)
    kind = draws.pick(np.array([793, 118, 35, 40, 6, 7, 1]), total)
    lead[:wished] = [wish.lead for wish in wishes]
    kind[:wished] = [wish.kind for wish in wishes]
    kind[kind == CONSORTIUM] = np.where(people.count >= 600, CONSORTIUM, ARTICLE)
    size = _sizes(draws, kind)
    columns = _add(_candidates(draws, labs, pool, lead, kind, size), _wished(wishes))
    leaving = np.unique(pool.member[~seen[pool.member] & ((people.end[pool.member] == year) | (year == LAST_YEAR))])
    columns = _add(columns, _farewells(leaving, labs, people, lead, size, wished, year))
    size[:wished] = [max(n, len(wish.authors)) for n, wish in zip(size[:wished].tolist(), wishes, strict=True)]
    paper, person = _seat(draws, columns, size, people.count)
    seen[person] = True
    month = draws.below(LAST_MONTH if year == LAST_YEAR else 12, total) + 1
    month[:wished] = [wish.month or m for wish, m in zip(wishes, month[:wished].tolist(), strict=True)]
    trial = np.full(total, -1)
    trial[:wished] = [wish.trial for wish in wishes]
    flag = [wish.flag for wish in wishes] + [""] * (total - wished)
    return Teams(year, kind, lead, labs.subject[lead], labs.region[lead], month, paper, person, trial, flag)


def _pool(labs: Labs, people: People, year: int, quiet: Ints) -> Pool:
    active = (people.since <= year) & (people.until >= year)
    member, lab = people.member[active], people.lab[active]
    leads = member < len(labs.country)
    force = influence(people, member, year, 0) * people.pull[active] * np.where(leads, 2.0, 1.0)
    age = year - people.start[member]
    spoken, free = ~np.isin(member, quiet), ~labs.island[lab]
    junior = np.where((age < 12) | (people.rise[member] > 0), force, force * 0.1) * spoken
    senior = np.where(age > 9, force, force * 0.03) * np.where(member == lab, 6.0, 1.0) * spoken
    return Pool(
        member=member,
        age=age,
        low=np.searchsorted(lab, np.arange(len(labs.country)), "left"),
        high=np.searchsorted(lab, np.arange(len(labs.country)), "right"),
        junior=cumulate(junior),
        senior=cumulate(senior),
        anyone=cumulate(force),
        open_senior=cumulate(senior * free),
        open_anyone=cumulate(force * free),
        open_even=cumulate(np.sqrt(force) * free),
    )


def _candidates(draws: Draws, labs: Labs, pool: Pool, lead: Ints, kind: Ints, size: Ints) -> Columns:
    """More people than each paper needs, some of them twice, in the order in which they are asked."""
    tries = np.where(size > 1, 2 * size + 4, 1) * np.where(kind == CONSORTIUM, 3, 1)
    paper = np.repeat(np.arange(len(lead)), tries)
    place = np.arange(len(paper)) - np.repeat(np.cumsum(tries) - tries, tries)
    source, at_pool = _sources(draws, labs, lead, kind, size, paper, place)
    first, last = community(labs, labs.subject[lead[paper]], labs.region[lead[paper]])
    wide, world_wide = np.isin(kind[paper], (GUIDELINE, CONSORTIUM)), kind[paper] == CONSORTIUM
    wide_pool = wide | (
        2 * (pool.high[last - 1] - pool.low[first]) < 3 * size[paper]
    )  # a small community asks its subject
    first = np.where(wide_pool, np.searchsorted(labs.subject, labs.subject[lead[paper]], "left"), first)
    last = np.where(wide_pool, np.searchsorted(labs.subject, labs.subject[lead[paper]], "right"), last)
    start = np.where(world_wide, 0, np.where(at_pool, pool.low[first], pool.low[source]))
    stop = np.where(world_wide, len(pool.member), np.where(at_pool, pool.high[last - 1], pool.high[source]))
    u = draws.unit(len(paper))
    row = np.select(
        [world_wide, at_pool & wide, at_pool, place == 0, place == 1],
        [
            within(u, weights, start, stop)
            for weights in (pool.open_even, pool.open_senior, pool.open_anyone, pool.junior, pool.senior)
        ],
        within(u, pool.anyone, start, stop),
    )
    real = stop > start
    paper, place, row, source = paper[real], place[real], row[real], source[real]
    role = np.where(place == 0, 0, np.where(place == 1, 9, np.where(source == lead[paper], 2, 4)))
    role = np.where((role == 4) & (pool.age[row] > 18), 6, role)  # seniors of partner labs stand near the end
    return paper, pool.member[row], role, place


def _sizes(draws: Draws, kind: Ints) -> Ints:
    size = np.zeros(len(kind), dtype=np.int64)
    for which, shares in SIZES.items():
        size[kind == which] = draws.pick(np.array(shares), int(np.sum(kind == which))) + 1
    big = (kind == ARTICLE) & draws.chance(0.05, len(kind))
    tail = draws.heavy(len(kind), 0.1)
    size = np.where(big, np.floor(20 + 4 * tail).astype(np.int64), size)
    size = np.where(kind == TRIAL, 8 + np.floor(2 * tail).astype(np.int64), size)
    size = np.where(kind == GUIDELINE, 12 + np.floor(3 * tail).astype(np.int64), size)
    return np.where(kind == CONSORTIUM, 104 + np.floor(5 * tail).astype(np.int64), size)


def _sources(
    draws: Draws, labs: Labs, lead: Ints, kind: Ints, size: Ints, paper: Ints, place: Ints
) -> tuple[Ints, Flags]:
    """The lab from which each slot is filled, and whether it is filled from the whole community instead."""
    n = len(lead)
    alone = draws.chance(np.where(size > 7, 0.15, 0.42), n)
    own = np.where(alone, 1.0, 0.35 + 0.45 * draws.unit(n))
    rank = within(
        draws.unit(3 * n), cumulate(1.0 / (np.arange(PARTNERS, dtype=np.float64) + 1.0)), 0, PARTNERS
    ).reshape(n, 3)
    u, v = draws.unit(len(paper)), draws.unit(len(paper))
    which = np.where(v < 0.6, 0, np.where(v < 0.87, 1, 2))
    partner = labs.partners[lead[paper], rank[paper, which]]
    spill = (place > size[paper] + 1) & alone[paper] & (v < 0.5)
    source = np.where((place < 2) | (u < own[paper]) & ~spill, lead[paper], partner)
    island = labs.island[lead[paper]]
    wide = np.isin(kind[paper], (GUIDELINE, CONSORTIUM))
    at_pool = wide & (place > 1) | (place > size[paper] + 3) & (size[paper] > 8) & ~island
    return source, at_pool


def _add(columns: Columns, rows: Rows) -> Columns:
    new = np.array(rows, dtype=np.int64).reshape(-1, 4)
    paper, person, role, place = (np.concatenate([new[:, i], column]) for i, column in enumerate(columns))
    return paper, person, role, place


def _wished(wishes: list[Wish]) -> Rows:
    rows = []
    for paper, wish in enumerate(wishes):
        final = len(wish.authors) - 1
        roles = [9] if wish.senior else [0, *[3] * (final - 1), 9]
        rows += [(paper, author, roles[i], i - 999) for i, author in enumerate(wish.authors)]
    return rows


def _farewells(leaving: Ints, labs: Labs, people: People, lead: Ints, size: Ints, wished: int, year: int) -> Rows:
    """A slot on a paper of their lab, or the nearest one, for people who would otherwise go without any paper."""
    papers = np.flatnonzero(size >= 3)
    papers = papers[papers >= wished]
    if not len(papers) or not len(leaving):
        return []
    papers = papers[np.argsort(lead[papers], kind="stable")]
    home = lab_at(people, leaving, year)
    chosen = papers[(np.searchsorted(lead[papers], home, "left") + np.arange(len(leaving)) % 2) % len(papers)]
    fits = (lead[chosen] == home) | ~labs.island[home] & ~labs.island[lead[chosen]]
    return [(p, person, 2, -1) for p, person in zip(chosen[fits].tolist(), leaving[fits].tolist(), strict=True)]


def _seat(draws: Draws, columns: Columns, size: Ints, count: int) -> tuple[Ints, Ints]:
    """Each person once on a paper, no more than its size, in author order."""
    paper, person, role, place = columns
    order = np.lexsort((place, paper))
    paper, person, role = paper[order], person[order], role[order]
    _, kept = np.unique(paper * count + person, return_index=True)
    kept = np.sort(kept)
    paper, person, role = paper[kept], person[kept], role[kept]
    fits = np.arange(len(paper)) - np.searchsorted(paper, paper, "left") < size[paper]
    paper, person, role = paper[fits], person[fits], role[fits]
    order = np.lexsort((role + draws.unit(len(role)) * np.where((role > 0) & (role < 9), 2.5, 0.0), paper))
    return paper[order], person[order]
