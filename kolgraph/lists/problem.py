"""A problem of a list, in words for the person who can mend the file."""

import re
from dataclasses import dataclass

ERROR, WARNING = "error", "warning"
INVISIBLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong where. An error keeps its row out; `line` is counted as an editor does, 0 means the whole file."""

    line: int
    column: str
    severity: str
    kind: str  # a few words under which problems are counted
    found: str
    todo: str


def shown(text: str, most: int = 80) -> str:
    """A cell for a message: what cannot be seen is made visible, what is long is cut."""
    cut = text if len(text) <= most else f"{text[:most]}… ({len(text):,} characters)"
    return INVISIBLE.sub(lambda found: f"<{ord(found[0]):02X}>", cut)
