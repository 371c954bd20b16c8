"""Who writes which paper: teams of one year, drawn from labs, their partners and the wider community.

A paper has a lead lab. Its first author is one of the lab's younger people, its last one of the seniors; the others
come from the lab and from up to three of its partner labs, which are the same again and again: this closes triangles
and makes communities. People with more drive are asked more often, so that a few are on very many papers.
"""

from dataclasses import dataclass

import numpy as np

from kolgraph.demo.draws import Draws, Flags, Ints, cumulate, within
from kolgraph.demo.field import FIRST_YEAR, LAST_MONTH, LAST_YEAR
from kolgraph.demo.people import PARTNERS, Labs, People, community, influence, lab_at

ARTICLE, REVIEW, CASE, LETTER, TRIAL, GUIDELINE, CONSORTIUM = range(7)
KINDS = ("article", "review", "case", "letter", "trial", "guideline", "article")
# share of papers with 1, 2, 3 ... authors, in ten thousands; the tail is drawn apart
SIZES = {
    ARTICLE: (150, 640, 1130, 1450, 1460, 1330, 1010, 780, 560, 430, 290, 210, 150, 110, 80, 60, 45, 35, 25, 20),
    REVIEW: (600, 1500, 2000, 1900, 1400, 900, 600, 400, 250, 150, 100, 80, 60, 40, 20),
    CASE: (100, 900, 1800, 2200, 2000, 1400, 800, 400, 250, 150),
    LETTER: (1800, 2400, 2200, 1500, 900, 600, 300, 200, 100),
}


@dataclass(slots=True)
class Teams:
    """Papers of one year (arrays by paper) and their author slots, sorted by paper and position."""

    year: int
    kind: Ints
    lead: Ints
    subject: Ints
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


def draw_teams(
    draws: Draws, labs: Labs, people: People, year: int, wishes: list[Wish], quiet: Ints, seen: Flags
) -> Teams:
    """All papers of one year, the wished ones first; `seen` notes who has written, nobody leaves without a paper."""
    wished, total = len(wishes), len(wishes) + papers_in(year, people.count)
    active = (people.since <= year) & (people.until >= year)
    member, lab = people.member[active], people.lab[active]
    n_labs = len(labs.country)
    force = influence(people, member, year, 0) * people.pull[active] * np.where(member < n_labs, 2.0, 1.0)
    age = year - people.start[member]
    spoken = ~np.isin(member, quiet)
    junior = cumulate(np.where((age < 12) | (people.rise[member] > 0), force, force * 0.1) * spoken)
    senior = cumulate(np.where(age > 9, force, force * 0.03) * np.where(member == lab, 6.0, 1.0) * spoken)
    anyone = cumulate(force)
    free = ~labs.island[lab]
    even, open_senior, open_anyone = (cumulate(w * free) for w in (np.sqrt(force), np.diff(senior), force))
    low, high = np.searchsorted(lab, np.arange(n_labs), "left"), np.searchsorted(lab, np.arange(n_labs), "right")

    lead = draws.pick(labs.weight * (high > low), total)
    kind = draws.pick(np.array([793, 118, 35, 40, 6, 7, 1]), total)
    lead[:wished] = [wish.lead for wish in wishes]
    kind[:wished] = [wish.kind for wish in wishes]
    kind[kind == CONSORTIUM] = np.where(people.count >= 600, CONSORTIUM, ARTICLE)
    size = _sizes(draws, kind)
    tries = np.where(size > 1, 2 * size + 4, 1) * np.where(kind == CONSORTIUM, 3, 1)
    paper = np.repeat(np.arange(total), tries)
    place = np.arange(len(paper)) - np.repeat(np.cumsum(tries) - tries, tries)
    source, at_pool = _sources(draws, labs, lead, kind, size, paper, place)
    u = draws.unit(len(paper))
    start, stop = low[source], high[source]
    near, far = community(labs, labs.subject[lead[paper]], labs.region[lead[paper]])
    wide = np.isin(kind[paper], (GUIDELINE, CONSORTIUM))
    first = np.searchsorted(labs.subject, labs.subject[lead[paper]], "left")
    last = np.searchsorted(labs.subject, labs.subject[lead[paper]], "right")
    start = np.where(at_pool, low[np.where(wide, first, near)], start)
    stop = np.where(at_pool, high[np.where(wide, last, far) - 1], stop)
    world_wide = kind[paper] == CONSORTIUM
    start, stop = np.where(world_wide, 0, start), np.where(world_wide, len(member), stop)
    row = np.select(
        [world_wide, at_pool & wide, at_pool, place == 0, place == 1],
        [within(u, weights, start, stop) for weights in (even, open_senior, open_anyone, junior, senior)],
        within(u, anyone, start, stop),
    )
    real = stop > start
    paper, place, row, source = paper[real], place[real], row[real], source[real]
    person = member[row]
    role = np.where(place == 0, 0, np.where(place == 1, 9, np.where(source == lead[paper], 2, 4)))
    role = np.where((role == 4) & (age[row] > 18), 6, role)
    columns = _add((paper, person, role, place), _wished(wishes))
    leaving = np.unique(member[(~seen[member]) & ((people.end[member] == year) | (year == LAST_YEAR))])
    paper, person, role, place = _add(columns, _farewells(leaving, labs, people, lead, size, wished, year))
    paper, person = _unique(draws, paper, person, role, place, size, wishes, people.count)
    seen[person] = True
    month = draws.below(LAST_MONTH if year == LAST_YEAR else 12, total) + 1
    month[:wished] = [wish.month or m for wish, m in zip(wishes, month[:wished].tolist(), strict=True)]
    trial = np.full(total, -1)
    trial[:wished] = [wish.trial for wish in wishes]
    flag = [wish.flag for wish in wishes] + [""] * (total - wished)
    return Teams(year, kind, lead, labs.subject[lead], month, paper, person, trial, flag)


def _sizes(draws: Draws, kind: Ints) -> Ints:
    size = np.zeros(len(kind), dtype=np.int64)
    for which, shares in SIZES.items():
        size[kind == which] = draws.pick(np.array(shares), int(np.sum(kind == which))) + 1
    big = (kind == ARTICLE) & draws.chance(0.065, len(kind))
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


Columns = tuple[Ints, Ints, Ints, Ints]  # slots: paper, person, role in the order, place in the queue
Rows = list[tuple[int, int, int, int]]


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


def _unique(
    draws: Draws, paper: Ints, person: Ints, role: Ints, place: Ints, size: Ints, wishes: list[Wish], count: int
) -> tuple[Ints, Ints]:
    """Each person once on a paper, no more than its size, in author order."""
    order = np.lexsort((place, paper))
    paper, person, role = paper[order], person[order], role[order]
    _, kept = np.unique(paper * count + person, return_index=True)
    kept = np.sort(kept)
    paper, person, role = paper[kept], person[kept], role[kept]
    rank = np.arange(len(paper)) - np.searchsorted(paper, paper, "left")
    least = np.zeros(len(size), dtype=np.int64)
    least[: len(wishes)] = [len(wish.authors) for wish in wishes]
    fits = rank < np.maximum(size, least)[paper]
    paper, person, role = paper[fits], person[fits], role[fits]
    order = np.lexsort((role + draws.unit(len(role)) * np.where((role > 0) & (role < 9), 2.5, 0.0), paper))
    return paper[order], person[order]
