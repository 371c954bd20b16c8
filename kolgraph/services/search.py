"""One search for people, institutions and topics: every typed word is the beginning of a word of the name."""

from dataclasses import dataclass

from kolgraph.names import search_words
from kolgraph.services.confidence import of
from kolgraph.services.words import counted
from kolgraph.workspace import Workspace

MOST = 30


@dataclass(frozen=True, slots=True)
class Hit:
    """One answer: `kind` is person, institution or topic; `note` says which of several with that name it is."""

    kind: str
    id: str
    name: str
    note: str


@dataclass(frozen=True, slots=True)
class Hits:
    """At most thirty answers in all, the best of each kind first."""

    text: str
    people: tuple[Hit, ...] = ()
    institutions: tuple[Hit, ...] = ()
    topics: tuple[Hit, ...] = ()

    def all(self) -> tuple[Hit, ...]:
        return self.people + self.institutions + self.topics


def search(ws: Workspace, text: str) -> Hits:
    """What the landscape has under this text; nothing for a text without letters or digits."""
    words = search_words(text)
    if not words:
        return Hits(text)
    topics = tuple(_topic(row) for row in ws.store.read("topics") if _begins(words, search_words(row["name"])))[:5]
    institutions = tuple(_institution(row) for row in ws.store.read("search_institutions", words=words, top=7))
    left = MOST - len(topics) - len(institutions)
    people = tuple(_person(row) for row in ws.store.read("search_people", words=words, top=left))
    return Hits(text, people, institutions, topics)


def _begins(typed: list[str], words: list[str]) -> bool:
    return all(any(word.startswith(start) for word in words) for start in typed)


def _person(row: dict[str, object]) -> Hit:
    place = row["institutionName"] or ", ".join(str(row[part]) for part in ("city", "country") if row[part])
    papers = counted(row["paperCount"], "paper")
    papers += " · identity in doubt" if of(row).doubtful else ""
    return Hit("person", str(row["id"]), str(row["name"]), f"{place} · {papers}" if place else papers)


def _institution(row: dict[str, object]) -> Hit:
    place = ", ".join(str(row[part]) for part in ("city", "country") if row[part])
    people = counted(row["peopleCount"], "person", "people")
    return Hit("institution", str(row["id"]), str(row["name"]), f"{place} · {people}" if place else people)


def _topic(row: dict[str, object]) -> Hit:
    people, papers = counted(row["peopleCount"], "person", "people"), counted(row["paperCount"], "paper")
    return Hit("topic", str(row["id"]), str(row["name"]), f"{people} · {papers}")
