"""What can have changed between two builds, as values, and the words for it."""

from collections.abc import Iterable
from dataclasses import dataclass

from kolgraph.services.confidence import Confidence
from kolgraph.services.sources import Source
from kolgraph.services.words import counted
from kolgraph.snapshots import Build


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of one of the two builds; `identity` None: the landscape does not hold them now."""

    id: str
    name: str
    place: str
    watched: bool
    identity: Confidence | None

    @property
    def here(self) -> bool:
        return self.identity is not None


@dataclass(frozen=True, slots=True)
class Work:
    """A paper or trial that came or went; `what` as in compare, "" where nothing is said of it."""

    what: str
    id: str
    kind: str  # paper, trial
    label: str
    title: str
    year: int | None
    page: str
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A dimension whose percentile changed."""

    title: str
    before: float | None
    after: float | None


@dataclass(frozen=True, slots=True)
class Move:
    """A person's rank by influence, before and after (None: not ranked), the records behind it, whose these became."""

    person: Person
    before: int | None
    after: int | None
    value_before: float | None
    value_after: float | None
    why: tuple[Work, ...]
    identity: str  # "merged", "split" or ""
    parts: tuple[Part, ...]
    whole: str  # what changed for everybody, "" for nothing

    @property
    def words(self) -> str:
        """Why, in words."""
        told = [TOLD[self.identity]] if self.identity else []
        return ", ".join([*told, *tally(self.why)]) or self.whole or "others moved"


@dataclass(frozen=True, slots=True)
class Relocation:
    """A person whose current institution is another one; `since`: the records that say so."""

    person: Person
    before: str
    before_name: str
    after: str
    after_name: str
    since: tuple[Work, ...]


@dataclass(frozen=True, slots=True)
class Retraction:
    """A paper that was retracted or reinstated, or a record that its source has withdrawn, and the people on it."""

    work: Work
    people: tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class Merge:
    """People of before who are one now ("merged"), or one who is several ("split")."""

    what: str
    one: Person
    several: tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class News:
    """What happened to a watched person."""

    person: Person
    works: tuple[Work, ...]
    move: Move | None
    relocation: Relocation | None
    identity: str


@dataclass(frozen=True, slots=True)
class Changes:
    """Everything that changed from one build to another in a scope, among its top people and the watched."""

    before: Build
    after: Build
    scope: str
    scope_name: str
    top: int
    watched: tuple[News, ...]
    entered: tuple[Move, ...]
    left: tuple[Move, ...]
    moved: tuple[Move, ...]
    relocated: tuple[Relocation, ...]
    retractions: tuple[Retraction, ...]
    merged: tuple[Merge, ...]
    notes: tuple[str, ...]  # what changed for everybody, in words
    new_records: int  # of the landscape
    gone_records: int

    @property
    def news(self) -> tuple[str, ...]:
        """The things worth a look, counted in words; not who moved because others did."""
        things = (
            (len(self.watched), "watched person has news", "watched people have news"),
            (len(self.entered), f"person new in the top {self.top}", f"people new in the top {self.top}"),
            (len(self.relocated), "person changed institution", "people changed institution"),
            (len(self.retractions), "paper retracted or withdrawn", "papers retracted or withdrawn"),
        )
        return tuple(counted(number, one, many) for number, one, many in things if number)

    @property
    def count(self) -> int:
        """How many lines there are to read."""
        lists = (self.watched, self.entered, self.left, self.moved, self.relocated, self.retractions, self.merged)
        return sum(map(len, lists))


TOLD = {"merged": "records of several people were joined", "split": "records were parted from somebody else"}
WORDS = {
    "new": ("new {}", "new {}s"),
    "withdrawn": ("{} withdrawn by the source", "{}s withdrawn by the source"),
    "retracted": ("retracted {}", "retracted {}s"),
    "reinstated": ("reinstated {}", "reinstated {}s"),
    "joined": ("{} now counted as theirs", "{}s now counted as theirs"),
    "parted": ("{} no longer counted as theirs", "{}s no longer counted as theirs"),
    "corrected": ("corrected {}", "corrected {}s"),
    "window": ("{} across the ten-year limit", "{}s across the ten-year limit"),
}


def tally(works: Iterable[Work]) -> list[str]:
    """`["2 new papers", "1 retracted paper"]`."""
    counts: dict[tuple[str, str], int] = {}
    for work in works:
        counts[work.what, work.kind] = counts.get((work.what, work.kind), 0) + 1
    order = list(WORDS)
    found = sorted(counts.items(), key=lambda one: (order.index(one[0][0]), one[0][1]))
    return [counted(n, *(form.format(kind) for form in WORDS[what])) for (what, kind), n in found]
