"""Clinical trials: what people investigate."""

from collections.abc import Mapping

import numpy as np

from kolgraph.graph.mentions import ROLES
from kolgraph.score import Score
from kolgraph.score.evidence import Evidence, recency

PHASES = {"early1": 0.5, "1": 0.5, "2": 0.75, "3": 1.0, "4": 0.75}
NO_PHASE = 0.5  # device, behavioural and observational studies


def phase_weight(phase: str) -> float:
    """The weight of a phase as the store writes it ("2", "1/2", ""): the most advanced of several."""
    return max((PHASES.get(one, NO_PHASE) for one in phase.split("/")), default=NO_PHASE)


def trial_activity(found: Evidence) -> Mapping[str, float]:
    """Trials started in the last ten years, by role, phase and age.

    Role: principal investigator, study chair and director 1, sub-investigator 0.5. Phase: 3 counts 1, 2 and 4 count
    0.75, 1 and studies without phase 0.5. A trial loses half its weight in five years. Not measured where no trials
    were loaded.
    """
    led = found.found.investigations
    if not len(led.person):
        return {}
    role = np.array([ROLES.get(one, 0.0) for one in led.role.tolist()])
    phase = np.array([phase_weight(one) for one in led.phase.tolist()])
    return found.with_zeros(found.total(led.person, role * phase * recency(led.year, found.latest)))


SCORES = (Score("trial_activity", "Trial leadership", "evidence", trial_activity, "weighted trials"),)
