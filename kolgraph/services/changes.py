"""What changed between two builds: for the watched, at the top of a topic, at institutions, by retraction, and why."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from kolgraph import snapshots
from kolgraph.errors import KolgraphError, UsageError
from kolgraph.export import csv_bytes
from kolgraph.ids import public_page
from kolgraph.model import Institution, Publication, Trial
from kolgraph.score.blend import DIMENSIONS
from kolgraph.services.changed import Changes, Merge, Move, News, Part, Person, Relocation, Retraction, Work
from kolgraph.services.compare import Came, Comparison
from kolgraph.services.confidence import Confidence, confidences
from kolgraph.services.explore import scope_name
from kolgraph.services.sources import Source, label, source, sources
from kolgraph.snapshots import Build
from kolgraph.workspace import Workspace

TOP = 50
KEPT = 8  # comparisons in memory
MOST = 500  # retractions told one by one; a source taken off the recipe withdraws thousands
COLUMNS = ("section", "what", "person", "name", "institution", "before", "after", "record", "page", "why", "identity")


def changes(ws: Workspace, start: str = "", end: str = "", scope: str = "all", top: int = TOP) -> Changes:
    """What changed between two builds, the last two by default; `start` and `end` are days or begin a build's id.

    Raises UsageError for an unknown scope or build, and in one line when there are fewer than two.
    """
    name = scope_name(ws, scope)
    before, after = pick(ws, start, end)
    said = (ws.path, ws.ledger.watermark(), ws.store.read("build")[0]["scoredAt"])
    key = (said, before, after, scope, top)
    found = _KEPT.get(key)
    if found is None:
        found = _Reading(ws, before, after, scope, top).changes(name)
        for old in list(_KEPT):
            if old[0] != said or len(_KEPT) >= KEPT:  # what was true before a decision or a build is not kept
                _KEPT.pop(old, None)
        _KEPT[key] = found
    return found


_KEPT: dict[tuple[Any, ...], Changes] = {}


def builds(ws: Workspace) -> list[Build]:
    """The builds that can be compared, oldest first."""
    return snapshots.builds(snapshots.folder(ws.path))


def pick(ws: Workspace, start: str = "", end: str = "") -> tuple[Build, Build]:
    """The two builds meant: a day means the last build of that day or before, "" the last one, or the one before it."""
    known = builds(ws)
    if len(known) < 2:
        held = f"there is one build so far, of {known[0].built[:10]}" if known else "there is no build yet"
        raise UsageError(
            f"{held}: what changed is told from the second on, after a refresh (on Landscapes, or kolgraph refresh)"
        )
    after = _find(known, end) if end else known[-1]
    if start:
        return _find(known, start), after
    earlier = known[: known.index(after)]
    if not earlier:
        raise UsageError(f"the build of {after.built[:10]} is the first one kept: say --from which to compare it")
    return earlier[-1], after


def _find(known: list[Build], asked: str) -> Build:
    days = ", ".join(dict.fromkeys(one.built[:10] for one in known))
    if re.fullmatch(r"\d{4}-\d\d-\d\d", asked):
        found = [one for one in known if one.built[:10] <= asked]
        if not found:
            raise UsageError(f"no build of {asked} or before is kept: there are those of {days}")
        return found[-1]
    found = [one for one in known if asked and asked in (one.folder, one.id[: len(asked)])]
    if not found:
        raise UsageError(
            f'no build "{asked}" is kept: give a day as YYYY-MM-DD or the begin of a build id; kept: {days}'
        )
    return found[-1]


class _Reading:
    """One comparison with the names, titles and sources that it needs."""

    def __init__(self, ws: Workspace, before: Build, after: Build, scope: str, top: int):
        into = snapshots.folder(ws.path)
        self.ws, self.before, self.after, self.scope, self.top = ws, before, after, scope, top
        sides = snapshots.read(into, before), snapshots.read(into, after)
        differing = {*sides[0].records} ^ {*sides[1].records}
        # a paper goes by another id once a source that leads has told of it
        behind = ws.inbox.records_behind(differing)
        same = {id: said[0][0] for id, said in behind.items() if said}
        self.both = Comparison(*sides, ws.ledger.redirects(), same)
        self.watched = set(ws.ledger.watched())
        self.identities = self.both.identities()
        self.identity = {one.one: one.what for one in self.identities}
        self.identity |= {id: one.what for one in self.identities if one.what == "split" for id in one.several}
        self.notes = notes(before, after)
        self.titles: dict[str, str] = {}
        self.places: dict[str, str] = {}
        self.here: dict[str, Confidence] = {}
        self.sources: dict[str, tuple[Source, ...]] = {}

    def changes(self, scope_name: str) -> Changes:
        then, now = self.both.top(self.scope, self.top)
        known = self.both.after.number
        shown = then | now | {id for id in self.watched if id in known or self.both.then(id)}
        identities = [one for one in self.identities if {one.one, *one.several} & shown]
        retracted = sorted(self.both.retractions(self.scope), key=lambda came: came.what == "withdrawn")[:MOST]
        concerned = {id for came in retracted for id in self._on(came.record)}
        everybody = shown | concerned | {id for one in identities for id in (one.one, *one.several)}
        self.here = confidences(self.ws, everybody)
        moves = {id: self._move(id) for id in sorted(shown)}
        relocated = {id: one for id in sorted(shown) if (one := self._relocation(id))}
        new, gone = self._landscape()
        return Changes(
            self.before,
            self.after,
            self.scope,
            scope_name,
            self.top,
            watched=tuple(self._news(moves, relocated)),
            entered=_sorted(moves[id] for id in now - then),
            left=_sorted(moves[id] for id in then - now),
            moved=_sorted(moves[id] for id in then & now if moves[id].before != moves[id].after),
            relocated=tuple(sorted(relocated.values(), key=lambda one: (one.person.name, one.person.id))),
            retractions=tuple(
                Retraction(self._work(came), tuple(map(self._person, sorted(self._on(came.record)))))
                for came in retracted
            ),
            merged=tuple(
                Merge(one.what, self._person(one.one), tuple(map(self._person, one.several))) for one in identities
            ),
            notes=self.notes,
            new_records=new,
            gone_records=gone,
        )

    def _landscape(self) -> tuple[int, int]:
        before, after = self.both.before.place.keys(), self.both.after.place.keys()
        return len(after - before), len(before - after)

    def _news(self, moves: dict[str, Move], relocated: dict[str, Relocation]) -> Iterator[News]:
        """What happened to the watched, most works first; nothing is said of those to whom nothing happened."""
        found = []
        for id in self.watched & moves.keys():
            move = moves[id] if moves[id].before != moves[id].after else None
            works = tuple(self._work(came) for came in self.both.came(id, None))
            news = News(self._person(id), works, move, relocated.get(id), self.identity.get(id, ""))
            if works or move or news.relocation or news.identity:
                found.append(news)
        yield from sorted(found, key=lambda one: (-len(one.works), one.person.name, one.person.id))

    def _move(self, id: str) -> Move:
        then, now = self.both.standing(id, self.scope)
        why = tuple(self._work(came) for came in self.both.came(id, self.scope))
        parts = tuple(
            Part(one.title, before, after)
            for one in DIMENSIONS
            if (before := then.get(one.id, (None, 0))[0]) != (after := now.get(one.id, (None, 0))[0])
        )
        (value_then, rank_then), (value_now, rank_now) = (one.get("influence", (None, None)) for one in (then, now))
        identity = self.identity.get(id, "")
        ranks, values = (rank_then, rank_now), (value_then, value_now)
        return Move(self._person(id), *ranks, *values, why, identity, parts, "; ".join(self.notes))

    def _relocation(self, id: str) -> Relocation | None:
        before, after = self.both.places(id)
        if not before or not after or before == after:
            return None
        since = tuple(self._work(Came("", record)) for record in self.both.since(id))
        return Relocation(self._person(id), before, self._place(before), after, self._place(after), since)

    def _on(self, record: str) -> set[str]:
        """The people on a record in either build, under their ids of now."""
        before, after = self.both.before, self.both.after
        then = {self.both.now(before.snapshot.people[i]) for i in before.people_of(record)}
        return then | {after.snapshot.people[i] for i in after.people_of(record)}

    def _person(self, id: str) -> Person:
        for side in (self.both.after, self.both.before):
            if (number := side.number.get(id)) is not None:
                place = side.snapshot.institutions[number]
                name = side.snapshot.names[number]
                return Person(id, name, self._place(place), id in self.watched, self.here.get(id))
        return Person(id, "Not in these two builds", "", id in self.watched, self.here.get(id))

    def _place(self, id: str) -> str:
        if id and id not in self.places:
            held = self.ws.inbox.record(id)
            self.places[id] = held[0].name if held and isinstance(held[0], Institution) else id
        return self.places.get(id, "")

    def _work(self, came: Came) -> Work:
        id = came.record
        if id not in self.titles:
            held = self.ws.inbox.record(id)
            gone = None if held else self.ws.inbox.withdrawn(id)
            noun = (held or gone or (None,))[0]
            self.titles[id] = noun.title if isinstance(noun, Publication | Trial) else ""
            self.sources |= {id: (source(id, gone[1]),)} if gone else sources(self.ws, [id])
        side = self.both.after if id in self.both.after.place else self.both.before
        kind = "trial" if side.kind(id) == "trial" else "paper"
        return Work(
            came.what, id, kind, label(id), self.titles[id], side.year(id), public_page(id), self.sources.get(id, ())
        )


def notes(before: Build, after: Build) -> tuple[str, ...]:
    """What lies between two builds and changes the score of everybody."""
    found = []
    if before.latest != after.latest:
        found.append(f"the reference year of scores went from {before.latest} to {after.latest}")
    if before.recipe and after.recipe and before.recipe != after.recipe:
        found.append("the recipe changed (topics or weights)")
    if before.version and after.version and before.version != after.version:
        found.append(f"kolgraph {after.version} computes in place of {before.version}")
    return tuple(found)


def _sorted(moves: Iterable[Move]) -> tuple[Move, ...]:
    """By how far they moved; those who came from or went out of the ranking by their rank."""

    def far(one: Move) -> int:
        return abs(one.before - one.after) if one.before and one.after else 0

    return tuple(sorted(moves, key=lambda one: (-far(one), one.after or one.before or 0, one.person.id)))


def digest(ws: Workspace) -> Changes | None:
    """The last comparison for a glance; None while there is nothing to compare."""
    try:
        return changes(ws)
    except KolgraphError:
        return None


def lines(found: Changes) -> list[dict[str, Any]]:
    """All of it as a table with the columns of COLUMNS: a line for each thing, or for each record of it."""
    rows: list[dict[str, Any]] = []

    def line(section: str, what: str, who: Person | None = None, works: Iterable[Work] = (), **more: Any) -> None:
        about = dict.fromkeys(COLUMNS, "") | {"section": section, "what": what} | more
        if who:
            about |= {"person": who.id, "name": who.name, "institution": who.place}
            about |= {"identity": who.identity.short if who.identity else ""}
        listed = [{"record": work.id, "page": work.page} for work in works] or [{}]
        rows.extend({**about, **one} for one in listed)

    for news in found.watched:
        for work in news.works:
            line("watched", f"{work.what} {work.kind}", news.person, [work])
    for section, moves in (("new in the top", found.entered), ("left the top", found.left), ("moved", found.moved)):
        for move in moves:
            line(section, "rank", move.person, move.why, before=move.before, after=move.after, why=move.words)
    for one in found.relocated:
        line("institution", "moved", one.person, one.since, before=one.before_name, after=one.after_name)
    for gone in found.retractions:
        for who in gone.people or (None,):
            line("retraction", f"{gone.work.what} {gone.work.kind}", who, [gone.work])
    for merge in found.merged:
        for who in merge.several:
            line("identity", merge.what, who, before=merge.one.name)
    return rows


def file(ws: Workspace, found: Changes, actor: str) -> bytes:
    """The changes as CSV; the ledger says so before it is returned."""
    rows = lines(found)
    about = {
        "topic": found.scope_name,
        "from": found.before.built,
        "to": found.after.built,
        "landscape": ws.landscape.title,
    }
    ws.ledger.append("export.file", "changes.csv", {"what": "changes", "rows": len(rows)}, actor=actor)
    return csv_bytes([row | about for row in rows], (*COLUMNS, *about))
