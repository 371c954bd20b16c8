"""Science, momentum and guidelines: what people wrote."""

import math
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from kolgraph.graph.csr import Floats
from kolgraph.graph.views import Authorships
from kolgraph.model import COUNTED_KINDS
from kolgraph.score import Score
from kolgraph.score.evidence import HALF_LIFE, WINDOW, Evidence, recency

CAREER = 3  # years since the first record from which a trend can be told


def evidence(position: int, author_count: int, corresponding: bool, year: int, reference_year: int) -> float:
    """What one paper adds to a person's activity: place among the authors times 2^(-age / 5 years).

    First, last and corresponding authors count 1, others 1 / sqrt(authors). `position` counts from 0.
    """
    lead = corresponding or position in (0, author_count - 1)
    place = 1.0 if lead else 1.0 / math.sqrt(author_count)
    return place * math.exp2(-max(0, reference_year - year) / HALF_LIFE)


def contributions(
    papers: Iterable[Mapping[str, Any]], scope: str, reference_year: int
) -> list[tuple[Mapping[str, Any], float]]:
    """The papers behind a person's stored activity in a scope, each with what it adds; the parts sum up to it.

    `papers` are rows of the question `papers_of`.
    """
    since = reference_year - WINDOW + 1
    return [
        (row, evidence(row["position"], row["authorCount"], bool(row["isCorresponding"]), row["year"], reference_year))
        for row in papers
        if row["kind"] in COUNTED_KINDS
        and row["year"] is not None
        and row["year"] >= since
        and (scope == "all" or scope in row["topics"])
    ]


def place_weights(papers: Authorships) -> Floats:
    """1 for first, last and corresponding authors, else 1 / sqrt(authors)."""
    lead = papers.corresponding | (papers.position == 0) | (papers.position == papers.team - 1)
    return np.where(lead, 1.0, 1.0 / np.sqrt(np.maximum(1, papers.team)))


def activity(found: Evidence) -> Mapping[str, float]:
    """Papers of the last ten years, each counted by the place among its authors and by its age.

    First, last and corresponding authors count 1, others 1 / sqrt(authors); a paper loses half its weight in five
    years. Retracted papers, errata and notices count nothing. A definition of kolgraph's own.
    """
    papers = found.found.authorships
    return found.total(papers.person, place_weights(papers) * recency(papers.year, found.latest))


def paper_count(found: Evidence) -> Mapping[str, float]:
    """Papers of the last ten years, each counted once, whatever the place among the authors (own definition)."""
    papers = found.found.authorships
    return found.total(papers.person, np.ones(len(papers.person)))


def guideline_activity(found: Evidence) -> Mapping[str, float]:
    """Guidelines, consensus and practice statements signed in the last ten years; each loses half in five years.

    Not measured for people who signed none. A definition of kolgraph's own.
    """
    papers = found.found.authorships.where(found.found.authorships.guideline)
    return found.total(papers.person, recency(papers.year, found.latest))


def trend(found: Evidence) -> Mapping[str, float]:
    """How fast output grows: the slope per year of log(1 + papers weighted by place among the authors).

    A straight line (least squares) through every year since the first record, at most ten. Not measured for people
    whose first record is less than three years old. A definition of kolgraph's own.
    """
    papers = found.found.authorships
    people = np.unique(papers.person)
    people = people[found.first[people] <= found.latest - CAREER + 1]
    if not len(people):
        return {}
    oldest = found.latest - WINDOW + 1
    row = np.searchsorted(people, papers.person)
    known = (row < len(people)) & (people[np.minimum(row, len(people) - 1)] == papers.person)
    year = np.minimum(papers.year, found.latest) - oldest
    per_year = np.zeros((len(people), WINDOW))
    np.add.at(per_year, (row[known], year[known]), place_weights(papers)[known])
    begin = np.maximum(0, found.first[people] - oldest)[:, None]
    when = np.arange(WINDOW)[None, :]
    live = when >= begin
    center = (begin + WINDOW - 1) / 2
    x = np.where(live, when - center, 0.0)
    slope = (x * np.log1p(per_year)).sum(axis=1) / (x * x).sum(axis=1)
    return {found.found.people[i]: float(value) for i, value in zip(people.tolist(), slope, strict=True)}


SCORES = (
    Score("activity", "Scientific activity", "evidence", activity, "weighted papers"),
    Score("papers", "Papers", "evidence", paper_count, "papers"),
    Score("trend", "Trend of output", "evidence", trend, "per year"),
    Score("guideline_activity", "Guideline authorship", "evidence", guideline_activity, "weighted guidelines"),
)
