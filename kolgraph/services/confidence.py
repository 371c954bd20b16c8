"""How sure it is that the records of a person are one human being, in words, and what that rests on.

The figure is the calibrated probability of the weakest link that was accepted; what was never compared has none, and
none is not zero.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from kolgraph.errors import StoreError
from kolgraph.workspace import Workspace

SETTLED, LIKELY = 0.95, 0.85  # from where the words change
WORDS = ("settled", "likely", "in doubt", "one record only", "not checked")
HARD = "a judgement, an ORCID or an NPI"


@dataclass(frozen=True, slots=True)
class Confidence:
    """`value` None: a single mention, or one whose mentions nobody compared. `hard`: share of them so held."""

    value: float | None
    mentions: int
    hard: float | None

    @property
    def word(self) -> str:
        """One of WORDS."""
        if self.value is None:
            return "one record only" if self.mentions == 1 else "not checked"
        return "settled" if self.value >= SETTLED else "likely" if self.value >= LIKELY else "in doubt"

    @property
    def doubtful(self) -> bool:
        return self.word == "in doubt"

    @property
    def short(self) -> str:
        """`settled, 97 %`; `one record only`."""
        return self.word if self.value is None else f"{self.word}, {percent(self.value)}"

    @property
    def about(self) -> str:
        """What the word rests on, as sentences."""
        if self.value is None:
            return (
                "One record only: nothing to compare."
                if self.mentions == 1
                else "Not checked: these records were not compared with each other."
            )
        if self.hard == 1.0 and self.value == 1.0:
            return f"All {self.mentions:,} mentions are held together by hard evidence: {HARD}."
        held = "None of them is" if not self.hard else f"{percent(self.hard)} of them are"
        return (
            f"The weakest link among the {self.mentions:,} mentions is right with {percent(self.value)}. "
            f"{held} held by hard evidence ({HARD})."
        )


def of(row: Mapping[str, Any]) -> Confidence:
    """From a row of a question that gives confidence, hardShare and mentionCount."""
    return Confidence(row["confidence"], row["mentionCount"] or 0, row["hardShare"])


def confidences(ws: Workspace, people: Iterable[str]) -> dict[str, Confidence]:
    """Of those of the people whom the graph holds; of nobody while there is no graph to read."""
    ids = sorted(set(people))
    try:
        return {row["id"]: of(row) for row in ws.store.read("people", ids=ids)} if ids else {}
    except StoreError:
        return {}


def percent(share: float) -> str:
    """`0.849` -> `84 %`: rounded down, so that no figure reaches a word it has not earned, and never to certainty."""
    return "over 99 %" if share > 0.99 else "under 1 %" if share < 0.01 else f"{int(100 * share + 1e-9)} %"
