"""Towns and states of the United States that an affiliation names: by these its registers know people."""

import re

from kolgraph.names import fold
from kolgraph.resolve.country import US_STATES, country_of
from kolgraph.resolve.text import EMAIL

Town = tuple[str, str]  # folded name, "" when it is not told; code of the state
_CODES = frozenset(US_STATES.values())
_TAIL = re.compile(r"^(?P<town>.*?)\b(?P<state>[A-Z]{2})(?:[ -]+\d{5}(?:-\d{4})?)?$")
_ZIP = re.compile(r"\b\d{5}(?:-\d{4})?\b")
_USA = re.compile(r"[\s,]*(?:\bUSA|\bUS|United States(?: of America)?)$")


def state_of(region: str) -> str:
    """`NE` from `NE` or `Nebraska`, "" for what is no state."""
    code = region.strip().upper()
    return code if code in _CODES else US_STATES.get(fold(region), "")


def towns(text: str) -> frozenset[Town]:
    """Every town with its state that a text names; a state without a town is there as ("", state)."""
    found = set()
    for segment in EMAIL.sub(" ", text).split(";"):
        if country_of(segment) == "US":
            found |= _read(segment)
    return frozenset(found)


def _read(segment: str) -> set[Town]:
    plain = _USA.sub("", " ".join(segment.replace(".", "").split()).strip(" ,"))
    parts = [part for part in map(str.strip, plain.split(",")) if part]
    told = [_town(part) for part in parts]
    found = set()
    for number, one in enumerate(told):
        follows = number + 1 < len(told) and told[number + 1] is not None
        if one is None or follows:  # New York, NY: the first of two is a town
            continue
        town, state = one
        if number or town:
            found.add((fold(town or parts[number - 1]), state))
    return found


def _town(part: str) -> Town | None:
    """The state that a part of an address is, with the town before it, if any."""
    coded = _TAIL.match(part)
    if coded and coded["state"] in _CODES:
        return coded["town"], coded["state"]
    state = US_STATES.get(fold(_ZIP.sub(" ", part)), "")
    return ("", state) if state else None
