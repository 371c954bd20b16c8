"""Dimensions as percentiles, and influence as their weighted mean over what was measured."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from scipy.stats import rankdata

from kolgraph.graph.csr import Floats, Ints


@dataclass(frozen=True, slots=True)
class Dimension:
    """One side of influence: the mean percentile of its `parts`, ids of scores. `about` is shown on screen."""

    id: str
    title: str
    weight: float
    parts: tuple[str, ...]
    about: str


DIMENSIONS = (
    Dimension("science", "Science", 25, ("activity",), "Percentile of scientific activity in this scope."),
    Dimension("impact", "Impact", 10, ("citations",), "Citations against papers of the same year; needs citations."),
    Dimension("trials", "Trials", 20, ("trial_activity",), "Percentile of trial leadership; needs trials."),
    Dimension(
        "network",
        "Network",
        20,
        ("pagerank", "betweenness", "core"),
        "Mean percentile of PageRank, betweenness and core number in the coauthor network.",
    ),
    Dimension(
        "bridging",
        "Bridging",
        10,
        ("participation",),
        "Percentile of the spread of coauthors over communities; needs three coauthors.",
    ),
    Dimension(
        "momentum", "Momentum", 10, ("trend",), "Percentile of the growth of output; needs three years of records."
    ),
    Dimension(
        "guidelines",
        "Guidelines",
        5,
        ("guideline_activity",),
        "Percentile of guideline authorship; needs a guideline signed.",
    ),
)
INFLUENCE = (
    "The weighted mean of the measured dimensions, each a percentile from 0 to 100 among the people active in this "
    "scope in the last ten years. What was not measured is left out, never counted as zero. Weights are opinion."
)
COVERAGE = f"How many of the {len(DIMENSIONS)} dimensions were measured for this person."


def percentiles(values: Floats) -> Floats:
    """The share of the measured who have less, equals counted half, 0 to 100; NaN (not measured) stays NaN."""
    measured = ~np.isnan(values)
    result = np.full(len(values), np.nan)
    if measured.any():
        result[measured] = 100.0 * (rankdata(values[measured]) - 0.5) / measured.sum()
    return result


def dimensions(parts: Mapping[str, Floats]) -> dict[str, Floats]:
    """Dimension id -> percentiles; NaN where any of its parts is not measured or not there."""
    many = len(next(iter(parts.values())))
    missing = np.full(many, np.nan)
    shares = {name: percentiles(values) for name, values in parts.items()}
    return {
        one.id: np.sum([shares.get(part, missing) for part in one.parts], axis=0) / len(one.parts) for one in DIMENSIONS
    }


def lens(weights: Iterable[tuple[str, float]]) -> tuple[Dimension, ...]:
    """The dimensions under these weights; one that is not named keeps the house's own."""
    given = dict(weights)
    return tuple(replace(one, weight=given.get(one.id, one.weight)) for one in DIMENSIONS)


def influence(measured: Mapping[str, Floats], weights: Mapping[str, float] | None = None) -> tuple[Floats, Ints]:
    """sum(w * percentile) / sum(w) over the measured dimensions, and how many those are; NaN where there is none."""
    given = {one.id: one.weight for one in DIMENSIONS} if weights is None else weights
    many = len(next(iter(measured.values())))
    total, weight, coverage = np.zeros(many), np.zeros(many), np.zeros(many, np.int64)
    for one in DIMENSIONS:  # always in this order: equal people get equal bytes
        values = measured[one.id]
        known = ~np.isnan(values)
        coverage += known
        w = given.get(one.id, 0.0)
        total[known] += w * values[known]
        weight[known] += w
    return np.divide(total, weight, out=np.full(many, np.nan), where=weight > 0), coverage


def ranks(values: Floats) -> Ints:
    """1 = largest; equals share the smallest rank. No NaN."""
    return rankdata(-values, method="min").astype(np.int64)


def tidy(values: Floats) -> Floats:
    """Rounded to 12 significant digits, so that people who are alike are equal whatever the order of sums."""
    with np.errstate(divide="ignore", invalid="ignore"):
        digits = 11 - np.floor(np.log10(np.abs(values)))
    plain = ~np.isfinite(digits)
    scale = np.power(10.0, np.where(plain, 0, np.clip(digits, -300, 300)))
    return np.where(plain, values, np.round(values * scale) / scale)
