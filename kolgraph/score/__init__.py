"""A score is a function of a graph view or of evidence; its docstring is the text on screen."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Score:
    """A named number per person.

    view  what `of` is given: "coauthor", "coinvestigator" (graphs networkx understands) or "evidence" (score.evidence)
    of    view -> {person id: float}; people left out are not measured, which is never zero
    """

    id: str
    title: str
    view: str
    of: Callable[[Any], Mapping[str, float]]
    unit: str = ""
