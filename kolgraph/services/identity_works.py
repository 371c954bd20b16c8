"""What the records behind a person's mentions say: title, year, where, with whom; for whoever decides on identity."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from kolgraph.errors import UsageError
from kolgraph.ids import public_page
from kolgraph.model import Affiliation, Institution, Listed, Mention, Publication, Trial, mentions_of
from kolgraph.services.identity_index import Index
from kolgraph.services.sources import label
from kolgraph.workspace import Workspace

MOST = 200  # works of a person that are read; the page says so where there are more
CROWD = 100  # who stands on a longer list met everybody: no coauthor
LONGEST = 160  # characters of an affiliation


@dataclass(frozen=True, slots=True)
class Work:
    """A record on which a person stands, as it names them there. `with_` are (number of person, name)."""

    mention: str
    kind: str  # paper, trial, list
    title: str
    year: int | None
    where: str  # journal, or registry
    page: str
    label: str
    form: str  # of the name
    places: tuple[str, ...]  # institutions, where they are known, else as it is written
    country: str
    with_: tuple[tuple[int, str], ...]
    team: int
    hard: bool

    @property
    def record(self) -> str:
        return self.mention.partition("#")[0]


Slot = tuple[Publication | Trial | Listed, Mention]


def slot(ws: Workspace, key: str) -> Slot:
    """The record and the name on it that a mention key means. Raises UsageError for one that is not held."""
    record, _, position = key.partition("#")
    noun = ws.inbox.paper(record)
    if noun is None:
        found = ws.inbox.record(record)
        other = found[0] if found else None
        if not isinstance(other, Trial | Listed):
            raise UsageError(f"the record {record} is not held any more: build the landscape again")
        return other, _mention(other, position)
    return noun, _mention(noun, position)


def _mention(noun: Publication | Trial | Listed, position: str) -> Mention:
    for mention in mentions_of(noun):
        if str(mention.position) == position:
            return mention
    raise UsageError(f"{noun.id} has no name number {position} any more: build the landscape again")


def works(ws: Workspace, known: Index, person: int) -> list[Work]:
    """What the latest records say of a person, the newest first; those that are not held any more are left out."""
    names: dict[str, str] = {}
    found = []
    for row in known.mentions.rows(person)[-MOST:].tolist():
        try:
            noun, mention = slot(ws, known.mentions.key(row))
        except UsageError:
            continue
        found.append(_work(ws, known, row, noun, mention, names))
    return sorted(found, key=lambda one: (-(one.year or 0), one.mention))


def _work(
    ws: Workspace, known: Index, row: int, noun: Publication | Trial | Listed, mention: Mention, names: dict[str, str]
) -> Work:
    said = known.mentions
    team = len(said.beside(row)) + 1
    # a trial names some people in two roles
    others = [one for one in said.beside(row) if said.person[one] != said.person[row]]
    title, year, where, kind = _facts(noun)
    ids = [str(id) for id in said.institutions[row].as_py() or ()]
    known_as = tuple(dict.fromkeys(filter(None, (_institution(ws, id, names) for id in ids))))
    return Work(
        mention=said.key(row),
        kind=kind,
        title=title,
        year=year,
        where=where,
        page=public_page(noun.id),
        label=label(noun.id) if kind != "list" else "own list",
        form=said.names[row],
        places=known_as or written(mention.affiliations),
        country=next((one.country for one in mention.affiliations if one.country), ""),
        with_=tuple((int(said.person[one]), said.names[one]) for one in others) if team <= CROWD else (),
        team=team,
        hard=bool(said.hard[row]),
    )


def _facts(noun: Publication | Trial | Listed) -> tuple[str, int | None, str, str]:
    """Title, year, where, kind."""
    if isinstance(noun, Publication):
        return noun.title, noun.year, noun.journal, "paper"
    if isinstance(noun, Trial):
        year = noun.start[:4]
        return noun.title, int(year) if year.isdigit() else None, "ClinicalTrials.gov", "trial"
    return " · ".join(filter(None, (noun.list, noun.event, noun.role))), None, "own list", "list"


def _institution(ws: Workspace, id: str, names: dict[str, str]) -> str:
    if id not in names:
        found = ws.inbox.record(id)
        names[id] = found[0].name if found and isinstance(found[0], Institution) else ""
    return names[id]


def written(affiliations: Iterable[Affiliation]) -> tuple[str, ...]:
    """The first affiliation as it is written, cut where it runs long; () for none."""
    for one in affiliations:
        text = one.text or ", ".join(filter(None, (one.city, one.region, one.country)))
        if text:
            return (text if len(text) <= LONGEST else f"{text[: LONGEST - 1].rstrip()}…",)
    return ()


def by_record(listed: Iterable[Work], first: str = "") -> list[Work]:
    """One work for each record: a trial may name somebody twice. The mention `first` stands for its record."""
    found: dict[str, Work] = {}
    for one in sorted(listed, key=lambda one: one.mention != first):
        found.setdefault(one.record, one)
    return list(found.values())


@dataclass(frozen=True, slots=True)
class Place:
    """Where records place somebody, in which years, on how many of them."""

    name: str
    first: int | None
    last: int | None
    count: int


def places(listed: Iterable[Work]) -> list[Place]:
    """Every place that works name, the most recent first."""
    years: dict[str, list[int]] = {}
    count: Counter[str] = Counter()
    for one in listed:
        for name in one.places:
            count[name] += 1
            years.setdefault(name, []).extend([one.year] if one.year else [])
    found = [
        Place(name, min(years[name], default=None), max(years[name], default=None), many)
        for name, many in count.items()
    ]
    return sorted(found, key=lambda one: (-(one.last or 0), -one.count, one.name))


@dataclass(frozen=True, slots=True)
class Coauthor:
    """Somebody on works of a person; `shared`: also on works of the other one."""

    name: str
    count: int
    shared: bool


def coauthors(own: Iterable[Work], other: Iterable[Work], top: int) -> tuple[list[Coauthor], int]:
    """Those shared with the other side first, then by works; and how many there are. One name counts as one."""
    people, names = _company(other)
    counted: Counter[str] = Counter()
    shared: set[str] = set()
    for one in own:
        for person, name in set(one.with_):
            counted[name] += 1
            if person in people or name in names:
                shared.add(name)
    found = [Coauthor(name, count, name in shared) for name, count in counted.items()]
    found.sort(key=lambda one: (not one.shared, -one.count, one.name))
    return found[:top], len(found)


def _company(listed: Iterable[Work]) -> tuple[set[int], set[str]]:
    met = [pair for one in listed for pair in one.with_]
    return {person for person, _ in met}, {name for _, name in met}


def years(listed: Iterable[Work]) -> dict[int, int]:
    """How many works there are of each year that has one."""
    return dict(sorted(Counter(one.year for one in listed if one.year).items()))
