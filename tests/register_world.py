"""Small invented registers, and papers whose authors are resolved as told, for the tests of links between them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from kolgraph.model import (
    Affiliation,
    Grant,
    Judgement,
    Listed,
    Mention,
    Payment,
    Practitioner,
    Profile,
    Publication,
    Trial,
    mentions_of,
)
from kolgraph.resolve.registers import Links, link

MENTIONS = pa.schema(  # of the table of mentions, what registers are held against
    [("record", pa.string()), ("position", pa.int32()), ("person", pa.string())]
    + [(name, pa.string()) for name in ("country", "city", "region")]
    + [("institutions", pa.list_(pa.string()))]
)
HOME = "Division of Rheumatology, Quimbly Institute, 12 Larkspur Way, Omaha, NE 68198, USA"
AWAY = "Ostervane Polytechnic, Toledo, OH 43604, USA"
RHEUMA, NEPHRO, GENERAL = "207RR0500X", "207RN0300X", "207R00000X"
WORDS = "Course of arthritis in lupus"


@dataclass
class World:
    """Records and registers; `who` names the person behind each mention of a paper, trial or list."""

    publications_: list[Publication] = field(default_factory=list)
    trials_: list[Trial] = field(default_factory=list)
    listed_: list[Listed] = field(default_factory=list)
    rows: list[Any] = field(default_factory=list)
    who: dict[tuple[str, int], str] = field(default_factory=dict)

    def publications(self) -> list[Publication]:
        return self.publications_

    def trials(self) -> list[Trial]:
        return self.trials_

    def listed(self) -> list[Listed]:
        return self.listed_

    def nouns(self, kind: Any) -> Iterator[Any]:
        return (row for row in self.rows if isinstance(row, kind))

    def paper(
        self, person: str, last: str, fore: str, place: str = HOME, title: str = WORDS, **more: Any
    ) -> Publication:
        """One more paper of one person."""
        grants = more.pop("grants", ())
        number = f"pmid:{len(self.publications_) + 1}"
        author = Mention(0, last, fore, affiliations=(Affiliation(place),) if place else (), **more)
        self.publications_.append(Publication(number, title=title, grants=grants, authors=(author,)))
        self.who[number, 0] = person
        return self.publications_[-1]

    def investigator(self, person: str, name: str, nct: str) -> None:
        self.trials_.append(Trial(nct, investigators=(Mention(0, name=name, role="principal"),)))
        self.who[nct, 0] = person

    def row(self, person: str, last: str, fore: str, npi: str) -> None:
        """A row of an own list with an NPI."""
        id = f"own:board:{len(self.listed_)}"
        self.listed_.append(Listed(id, "Board", "person", Mention(0, last, fore, identifiers=(npi,))))
        self.who[id, 0] = person

    def links(self, *judgements: Judgement) -> Links:
        return link(self, self.mentions(), judgements)

    def mentions(self) -> pa.Table:
        rows = [
            {"record": noun.id, "position": one.position, "person": self.who[noun.id, one.position]}
            | {"country": "US" if any("USA" in place.text for place in one.affiliations) else ""}
            for noun in (*self.publications_, *self.trials_, *self.listed_)
            for one in mentions_of(noun)
        ]
        rows.sort(key=lambda row: (row["record"], row["position"]))
        return pa.Table.from_pylist(
            [dict.fromkeys(MENTIONS.names) | {"institutions": []} | row for row in rows], MENTIONS
        )


def states(found: Links) -> dict[tuple[str, str], str]:
    """(record, person) -> linked or candidate."""
    return {(row["record"], row["person"]): row["state"] for row in found.table.to_pylist()}


def why(found: Links, record: str) -> str:
    return next(row["reasons"] for row in found.table.to_pylist() if row["record"] == record)


def practitioner(
    npi: str, last: str, fore: str, town: str = "OMAHA", state: str = "NE", street: str = "", special: str = ""
) -> Practitioner:
    text = ", ".join(filter(None, (street, town, f"{state} 00000")))
    place = Affiliation(text, (), town, state, "US")
    mention = Mention(0, last, fore, role="practitioner", affiliations=(place,), identifiers=(npi,))
    return Practitioner(npi, mention, specialties=(special,) if special else (), places=(place,))


def payment(
    number: int,
    last: str,
    fore: str,
    *ids: str,
    town: str = "OMAHA",
    state: str = "NE",
    amount: float = 10.0,
    **more: Any,
) -> Payment:
    where = (Affiliation(f"{town}, {state}", (), town, state, "US"),)
    position = more.pop("position", 0)
    mention = Mention(position, last, fore, role="recipient", affiliations=where, identifiers=ids)
    return Payment(f"openpayments:2024:{number}", "general", 2024, amount, "Tamarind", recipients=(mention,), **more)


def grant(
    at: int, last: str, fore: str, profile: str = "", organisation: str = "QUIMBLY INSTITUTE", **more: Any
) -> Grant:
    place = Affiliation(organisation, (), more.pop("town", "OMAHA"), more.pop("state", "NE"), "US")
    ids = (f"nihpi:{profile}",) if profile else ()
    mention = Mention(0, last, fore, role="contact", affiliations=(place,) if organisation else (), identifiers=ids)
    return Grant(f"nihreporter:{at}", investigators=(mention,), organisation=place, **more)


def profile(id: str, name: str, orcid: str = "", works: int | None = None) -> Profile:
    return Profile(id, name, orcid=orcid, works=works)


def said(same: bool, a: str, b: str) -> Judgement:
    return Judgement(same, a, b, "ada", "met them")
