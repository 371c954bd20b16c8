"""Clinical trials: what people investigate."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from kolgraph.graph.mentions import ROLES
from kolgraph.score import Score
from kolgraph.score.evidence import WINDOW, Evidence, recency

PHASES = {"early1": 0.5, "1": 0.5, "2": 0.75, "3": 1.0, "4": 0.75}
NO_PHASE = 0.5  # device, behavioural and observational studies


def phase_weight(phase: str) -> float:
    """The weight of a phase as the store writes it ("2", "1/2", ""): the most advanced of several."""
    return max((PHASES.get(one, NO_PHASE) for one in phase.split("/")), default=NO_PHASE)


def contributions(
    trials: Iterable[Mapping[str, Any]], scope: str, reference_year: int
) -> list[tuple[Mapping[str, Any], float]]:
    """The trials behind a person's stored trial activity in a scope, each with what it adds; the parts sum up to it.

    `trials` are rows of the question `trials_of`.
    """
    since = reference_year - WINDOW + 1
    return [
        (row, ROLES[row["role"]] * phase_weight(row["phase"]) * float(recency(row["startYear"], reference_year)))
        for row in trials
        if row["role"] in ROLES
        and row["startYear"] is not None
        and row["startYear"] >= since
        and (scope == "all" or scope in row["topics"])
    ]


def trial_activity(found: Evidence) -> Mapping[str, float]:
    """Trials started in the last ten years, by role, phase and age.

    Role: principal investigator, study chair and director 1, sub-investigator 0.5. Phase: 3 counts 1, 2 and 4 count
    0.75, 1 and studies without phase 0.5. A trial loses half its weight in five years. Not measured where no trials
    were loaded. A definition of kolgraph's own.
    """
    led = found.found.investigations
    if not len(led.person):
        return {}
    role = np.array([ROLES.get(one, 0.0) for one in led.role.tolist()])
    phase = np.array([phase_weight(one) for one in led.phase.tolist()])
    return found.with_zeros(found.total(led.person, role * phase * recency(led.year, found.latest)))


SCORES = (Score("trial_activity", "Trial leadership", "evidence", trial_activity, "weighted trials"),)
