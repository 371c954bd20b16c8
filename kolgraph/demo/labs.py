"""Labs: where they sit, what they study, with whom they share papers.

Labs are numbered so that those of one subject, and in it of one region, stand together: a community is a range of labs.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kolgraph.demo.draws import Draws, Flags, Floats, Ints, cumulate, within
from kolgraph.demo.field import FIRST_YEAR, LAST_YEAR, REGIONS, SHARES, SUBJECTS
from kolgraph.demo.places import Places

PARTNERS = 8  # labs with which a lab may share a paper
LAB_OF = 11  # people in a lab, on average


@dataclass(slots=True)
class Labs:
    """Arrays by lab. From the year `moved` on (never: LAST_YEAR + 1) the lab sits where lab `next` does."""

    subject: Ints
    region: Ints
    campus: Ints
    host: Ints
    next: Ints
    moved: Ints
    department: list[str]
    partners: Ints  # (labs, PARTNERS), the closest first; an island lists itself
    island: Flags
    weight: Floats
    country: npt.NDArray[np.str_]


def build_labs(draws: Draws, places: Places, people: int) -> Labs:
    """One lab for about eleven people, on campuses by power law, with partners mostly of its own community."""
    n = max(16, people // LAB_OF)
    campus = draws.pick(draws.heavy(len(places.campuses), 0.08), n)
    quota = cumulate(np.array(SHARES, dtype=np.float64))
    subject = within((np.arange(n) + 0.5) / n, quota, 0, len(SHARES))[draws.sample(n, n)]
    region = np.array([REGIONS[places.campuses[c].city.continent_name] for c in campus.tolist()])
    order = np.lexsort((campus, region, subject))
    campus, subject, region = campus[order], subject[order], region[order]
    options = np.array([len(c.hosts) for c in places.campuses])[campus]
    hosts = [
        places.campuses[c].hosts[h] for c, h in zip(campus.tolist(), draws.below(options, n).tolist(), strict=True)
    ]
    choice = draws.unit(n).tolist()
    department = [_department(s, c) for s, c in zip(subject.tolist(), choice, strict=True)]
    country = [places.campuses[c].city.country for c in campus.tolist()]
    weight = draws.heavy(n, 0.2)
    labs = Labs(
        subject=subject,
        region=region,
        campus=campus,
        host=np.array(hosts),
        next=np.arange(n),
        moved=np.full(n, LAST_YEAR + 1),
        department=department,
        partners=np.zeros((n, PARTNERS), dtype=np.int64),
        island=draws.chance(0.19, n) & (weight < 1.8),
        weight=weight,
        country=np.array(country),
    )
    _relocate(draws, labs)
    _befriend(draws, labs)
    return labs


def community(labs: Labs, subject: Ints, region: Ints) -> tuple[Ints, Ints]:
    """The range of labs of a subject in a region, as (first, past the last)."""
    key, wanted = labs.subject * 4 + labs.region, subject * 4 + region
    return np.searchsorted(key, wanted, "left"), np.searchsorted(key, wanted, "right")


def _department(subject: int, u: float) -> str:
    options: list[str] = SUBJECTS[subject]["departments"]
    return options[int(u * len(options))]


def _relocate(draws: Draws, labs: Labs) -> None:
    """One lab in fourteen moves, with its people, to where another lab of its country sits."""
    by_country: dict[str, list[int]] = {}
    for lab, country in enumerate(labs.country.tolist()):
        by_country.setdefault(country, []).append(lab)
    n = len(labs.country)
    chosen, where, when = draws.chance(0.07, n), draws.unit(n), draws.below(LAST_YEAR - FIRST_YEAR - 2, n)
    for lab in np.flatnonzero(chosen).tolist():
        near = [other for other in by_country[labs.country[lab]][:200] if labs.campus[other] != labs.campus[lab]]
        if near:
            labs.next[lab] = near[int(where[lab] * len(near))]
            labs.moved[lab] = FIRST_YEAR + 2 + when[lab]


def _befriend(draws: Draws, labs: Labs) -> None:
    """Partners: four in five of the community, others of the subject, of the campus, or from anywhere."""
    n = len(labs.country)
    open_to = cumulate(np.where(labs.island, 0.0, labs.weight))
    by_campus = np.argsort(labs.campus, kind="stable")
    at_campus = cumulate(np.where(labs.island, 0.0, labs.weight)[by_campus])
    seat = labs.campus[by_campus]
    near, far = community(labs, labs.subject, labs.region)
    first, last = (
        np.searchsorted(labs.subject, labs.subject, "left"),
        np.searchsorted(labs.subject, labs.subject, "right"),
    )
    for column in range(PARTNERS):
        kind, u = draws.unit(n), draws.unit(n)
        same_campus = by_campus[
            within(
                u, at_campus, np.searchsorted(seat, labs.campus, "left"), np.searchsorted(seat, labs.campus, "right")
            )
        ]
        labs.partners[:, column] = np.select(
            [labs.island, kind < 0.8, kind < 0.9, kind < 0.95],
            [np.arange(n), within(u, open_to, near, far), within(u, open_to, first, last), same_campus],
            within(u, open_to, 0, n),
        )
