"""The network on screen: a landscape's top people, an ego network, what an expansion adds. Dataclasses, no Dash types.

Positions are the stored ones of the scope, so people stay where users remember them; a person whom the scope does not
place has none (None), and the page puts them beside the one they were reached from.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from kolgraph.errors import UsageError
from kolgraph.services.confidence import Confidence, of
from kolgraph.store import Row
from kolgraph.workspace import Workspace

COLOURED = 8  # communities with a colour of their own; all others share one pale grey
KINDS = ("any", "coauthor", "coinvestigator")
STAGES = ("none", "planned", "met")  # no contact logged, a contact planned, a contact logged
NEIGHBOURS = 300  # an ego network on screen
EXPANSION = 25
AT_PLACE = 60
KEPT = 16  # maps in memory
TIES = 4000  # lines sent; the weakest are left out and counted
ADDED = 1200  # lines sent with people who are added


@dataclass(frozen=True, slots=True)
class Dot:
    """A person on the map. `community` is "" and x, y are None where the scope does not place the person."""

    id: str
    name: str
    place: str
    country: str
    x: float | None
    y: float | None
    community: str
    influence: float | None
    rank: int | None
    activity: float | None
    papers: int
    trials: int
    coauthors: int
    coinvestigators: int
    first: int | None
    last: int | None
    stage: str
    identity: Confidence


@dataclass(frozen=True, slots=True)
class Tie:
    a: str
    b: str
    kind: str  # coauthor, coinvestigator
    count: int
    weight: float
    years: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """A community: `slot` numbers the eight largest, -1 the others; `size` counts the scope, drawn or not."""

    id: str
    name: str
    size: int
    slot: int
    topics: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """People and ties to draw. `ties_left` counts the weak ties left out for legibility."""

    dots: tuple[Dot, ...]
    ties: tuple[Tie, ...]
    ties_left: int = 0


@dataclass(frozen=True, slots=True)
class Place:
    """The people of an institution: `ids` names them all, `part` only those who are not drawn yet."""

    name: str
    ids: tuple[str, ...]
    part: Part


@dataclass(frozen=True, slots=True)
class Map:
    """A scope opened: its top people, all its communities, how many people it has, its papers per year."""

    scope: str
    name: str
    part: Part
    groups: tuple[Group, ...]
    people: int
    years: tuple[tuple[int, int], ...]


_MAPS: dict[tuple[object, ...], Map] = {}


def scopes(ws: Workspace) -> list[tuple[str, str]]:
    """(id, name) of every scope that can be opened, the whole landscape first."""
    return [("all", "All topics"), *((topic.id, topic.name) for topic in ws.landscape.topics)]


def scope_name(ws: Workspace, scope: str) -> str:
    """The name of a scope. Raises UsageError for one the landscape lacks."""
    for known, name in scopes(ws):
        if known == scope:
            return name
    raise UsageError(f"unknown scope {scope!r}: choose one of {', '.join(name for _, name in scopes(ws))}")


def landscape(ws: Workspace, scope: str = "all", top: int = 360) -> Map:
    """The `top` most influential people of a scope where the build has placed them.

    Kept per build and state of the ledger: it is the first thing that every visitor sees.
    """
    name = scope_name(ws, scope)
    build = next(iter(ws.store.read("build")), {})
    key = (
        str(ws.path),
        build.get("id"),
        build.get("builtAt"),
        build.get("scoredAt"),
        ws.ledger.watermark(),
        scope,
        top,
    )
    if key not in _MAPS:
        rows = ws.store.read("landscape", score="influence", scope=scope, top=top)
        part = _part(ws, [row["id"] for row in rows], scope)
        while len(_MAPS) >= KEPT:
            _MAPS.pop(next(iter(_MAPS)), None)
        _MAPS[key] = Map(scope, name, part, groups(ws, scope), _people(ws, scope), years(ws, scope))
    return _MAPS[key]


def groups(ws: Workspace, scope: str) -> tuple[Group, ...]:
    """The communities of a scope, the largest first, those too small to be one last; equal names get a number.

    Only what has a subject gets a colour of its own.
    """
    found: list[Group] = []
    seen: dict[str, int] = {}
    for place, row in enumerate(ws.store.read("communities", scope=scope)):
        name = row["name"] or "Unnamed community"
        seen[name] = seen.get(name, 0) + 1
        label = name if seen[name] == 1 else f"{name} {seen[name]}"
        slot = place if place < COLOURED and row["topics"] else -1
        found.append(Group(row["id"], label, row["size"], slot, tuple(row["topics"] or ())))
    return tuple(found)


def years(ws: Workspace, scope: str) -> tuple[tuple[int, int], ...]:
    """(year, papers) of a scope, every year between the first and the last."""
    found = {row["year"]: row["papers"] for row in ws.store.read("papers_per_year", scope=scope) if row["year"]}
    return tuple((year, found.get(year, 0)) for year in range(min(found), max(found) + 1)) if found else ()


def ego(
    ws: Workspace, person: str, scope: str = "all", top: int = NEIGHBOURS, known: Sequence[str] = (), kind: str = "any"
) -> Part:
    """A person and the `top` strongest ties, with the ties among these people and to those drawn (`known`)."""
    ties = _own(ws, person, kind, top)
    return _added(ws, [person, *_others(person, ties)[:top]], known, scope, ties)


def expand(
    ws: Workspace, person: str, known: Sequence[str], scope: str = "all", kind: str = "any", top: int = EXPANSION
) -> Part:
    """The `top` strongest ties of a person who are not drawn yet."""
    drawn = set(known)
    ties = _own(ws, person, kind, len(drawn) + top)
    fresh = [other for other in _others(person, ties) if other not in drawn]
    return _added(ws, fresh[:top], known, scope, ties)


def at_institution(ws: Workspace, institution: str, scope: str = "all", known: Sequence[str] = ()) -> Place:
    """The most influential people of a scope who are at an institution now. Raises UsageError when nobody is."""
    rows = ws.store.read(
        "ranking_at_institution", score="influence", scope=scope, institution=institution, top=AT_PLACE, offset=0
    )
    if not rows:
        raise UsageError(f"nobody with a score in {scope_name(ws, scope)} is at this institution now")
    ids = tuple(row["id"] for row in rows)
    return Place(rows[0]["institutionName"] or "", ids, _added(ws, ids, known, scope))


def stages(ws: Workspace) -> dict[str, str]:
    """Engagement stage of everybody with a contact planned or logged: person -> `planned` or `met`."""
    found: dict[str, str] = {}
    for engagement in ws.ledger.engagements():
        if engagement.status == "done":
            found[engagement.person] = "met"
        elif engagement.status == "planned":
            found.setdefault(engagement.person, "planned")
    return found


def _people(ws: Workspace, scope: str) -> int:
    rows = ws.store.read("ranking_total", score="influence", scope=scope)
    return int(rows[0]["total"]) if rows else 0


def _own(ws: Workspace, person: str, kind: str, top: int) -> list[Tie]:
    """The strongest ties of one person, `top` of each kind."""
    found = []
    for tie, question in (("coauthor", "coauthors"), ("coinvestigator", "coinvestigators")):
        if kind in ("any", tie):
            for row in ws.store.read(question, id=person, top=top):
                a, b = sorted((person, row["id"]))
                found.append(Tie(a, b, tie, row["count"], row["weight"], tuple(row["years"] or ())))
    return found


def _others(person: str, ties: Iterable[Tie]) -> list[str]:
    """Whom these ties lead to, the strongest first; who is tied in both ways counts once, with both weights."""
    weights: dict[str, float] = {}
    for tie in ties:
        other = tie.b if tie.a == person else tie.a
        weights[other] = weights.get(other, 0.0) + tie.weight
    return sorted(weights, key=lambda other: (-weights[other], other))


def _added(ws: Workspace, ids: Iterable[str], known: Sequence[str], scope: str, own: Sequence[Tie] = ()) -> Part:
    """The people who are not drawn yet, with the strongest ties among them and to the drawn; `own` ties come first."""
    drawn, wanted = set(known), list(dict.fromkeys(ids))
    fresh = [person for person in wanted if person not in drawn]
    shown = drawn.union(fresh)
    ties = {(tie.a, tie.b, tie.kind): tie for tie in own if tie.a in shown and tie.b in shown}
    for row in ws.store.read("ties_to", ids=fresh, others=list(known), top=ADDED):
        ties.setdefault((row["a"], row["b"], row["kind"]), _tie(row))
    return Part(_dots(ws, fresh, scope), tuple(ties.values()))


def _part(ws: Workspace, ids: Sequence[str], scope: str) -> Part:
    rows = ws.store.read("ties_among", ids=list(ids))
    return Part(_dots(ws, ids, scope), _ties(rows), max(0, len(rows) - TIES))


def _ties(rows: list[Row]) -> tuple[Tie, ...]:
    """The strongest ties, at most as many as can be drawn; equals in the order of the store."""
    rows.sort(key=lambda row: -row["weight"])
    return tuple(_tie(row) for row in rows[:TIES])


def _tie(row: Row) -> Tie:
    return Tie(row["a"], row["b"], row["kind"], row["count"], row["weight"], tuple(row["years"] or ()))


def _dots(ws: Workspace, ids: Sequence[str], scope: str) -> tuple[Dot, ...]:
    wanted = list(ids)
    people = {row["id"]: row for row in ws.store.read("people", ids=wanted)}
    placed = {row["id"]: row for row in ws.store.read("community_of", ids=wanted, scope=scope)}
    counts = {row["id"]: row for row in ws.store.read("tie_counts", ids=wanted)}
    scores: dict[str, dict[str, dict[str, Any]]] = {}
    for row in ws.store.read("scores_for", ids=wanted, scope=scope):
        scores.setdefault(row["id"], {})[row["score"]] = row
    stage = stages(ws)
    return tuple(
        _dot(people[id], placed.get(id, {}), counts.get(id, {}), scores.get(id, {}), stage.get(id, "none"))
        for id in wanted
        if id in people
    )


def _dot(
    person: dict[str, Any],
    place: dict[str, Any],
    count: dict[str, Any],
    scores: dict[str, dict[str, Any]],
    stage: str,
) -> Dot:
    influence = scores.get("influence", {})
    return Dot(
        id=person["id"],
        name=person["name"],
        place=person["institutionName"] or "",
        country=person["country"] or "",
        x=place.get("x"),
        y=place.get("y"),
        community=place.get("community", ""),
        influence=influence.get("value"),
        rank=influence.get("rank"),
        activity=scores.get("activity", {}).get("value"),
        papers=person["paperCount"] or 0,
        trials=person["trialCount"] or 0,
        coauthors=count.get("coauthors", 0),
        coinvestigators=count.get("coinvestigators", 0),
        first=person["firstYear"],
        last=person["lastYear"],
        stage=stage,
        identity=of(person),
    )
