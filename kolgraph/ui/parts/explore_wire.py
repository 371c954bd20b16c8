"""What Explore sends to the browser: maps and parts with short keys, and the view that an address asks for."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from kolgraph.services.explore import KINDS, Dot, Group, Map, Part, Tie
from kolgraph.ui.elements import clean

COLOURS = {"community": "Community", "score": "Score", "activity": "Activity", "stage": "Stage"}
SIZES = {"influence": "Influence", "papers": "Papers", "trials": "Trials", "ties": "Ties"}
_ID = re.compile(r"[a-z]+:[\w.\-]{1,60}")
_STAGE = {"none": 0, "planned": "planned", "met": "met"}


def map_json(seen: Map) -> dict[str, Any]:
    """A scope for the bridge: people, ties, coloured communities, how many others there are, papers per year."""
    others = [group.size for group in seen.groups if group.slot < 0]
    return {
        "scope": seen.scope,
        "name": clean(seen.name),
        "people": seen.people,
        "groups": [_group(group) for group in seen.groups if group.slot >= 0],
        "others": {"many": len(others), "size": sum(others)},
        "years": [list(row) for row in seen.years],
        **part_json(seen.part, seen.groups),
    }


def part_json(part: Part, groups: Iterable[Group]) -> dict[str, Any]:
    """People and ties for the bridge; `groups` are the communities of the scope."""
    known = {group.id: group for group in groups}
    ids = {id: at for at, id in enumerate(dict.fromkeys(end for tie in part.ties for end in (tie.a, tie.b)))}
    return {
        "dots": [_dot(dot, known.get(dot.community)) for dot in part.dots],
        "ids": list(ids),
        "ties": [_tie(tie, ids) for tie in part.ties],
        "left": part.ties_left,
    }


def _dot(dot: Dot, group: Group | None) -> dict[str, Any]:
    return {
        "id": dot.id,
        "n": clean(dot.name),
        "o": clean(dot.place),
        "c": dot.country,
        "x": None if dot.x is None else round(dot.x, 4),
        "y": None if dot.y is None else round(dot.y, 4),
        "m": dot.community,
        "g": group.slot if group else -1,
        "w": clean(group.name) if group else "",
        "v": None if dot.influence is None else round(dot.influence, 1),
        "r": dot.rank,
        "a": None if dot.activity is None else round(dot.activity, 3),
        "p": dot.papers,
        "t": dot.trials,
        "ca": dot.coauthors,
        "ci": dot.coinvestigators,
        "f": dot.first,
        "l": dot.last,
        "s0": _STAGE[dot.stage],
        "i": dot.identity.short,
    }


def _tie(tie: Tie, at: Mapping[str, int]) -> list[Any]:
    """Two places in `ids`, kind (0 coauthor, 1 co-investigator), records, weight, years."""
    kind = int(tie.kind == "coinvestigator")
    return [at[tie.a], at[tie.b], kind, tie.count, round(tie.weight, 2), list(tie.years)]


def _group(group: Group) -> dict[str, Any]:
    return {
        "id": group.id,
        "name": clean(group.name),
        "size": group.size,
        "slot": group.slot,
        "topics": [clean(topic) for topic in group.topics],
    }


def view_json(asked: Mapping[str, str], scope: str) -> dict[str, Any]:
    """The settings in an address that can be right; whatever else it holds is left out."""
    view: dict[str, Any] = {"scope": scope}
    for key, allowed in (("colour", COLOURS), ("size", SIZES), ("kind", KINDS), ("tab", ("graph", "list"))):
        if asked.get(key) in allowed:
            view[key] = asked[key]
    for key in ("ties", "from", "to"):
        if (text := asked.get(key, "")).isdecimal() and len(text) <= 4:
            view[key] = int(text)
    if ("from" in view) != ("to" in view):
        view.pop("from", None)
        view.pop("to", None)
    if off := [part for part in asked.get("off", "").split(".") if re.fullmatch(r"[0-7]|other", part)]:
        view["off"] = off
    view["open"] = {key: asked[key] for key in ("ego", "pick", "focus", "place") if known(asked.get(key))}
    return view


def known(identifier: object) -> bool:
    """Whether this has the form of an identifier of the graph."""
    return isinstance(identifier, str) and bool(_ID.fullmatch(identifier))
