"""Profiles of ORCID and OpenAlex beside our persons: an ORCID iD decides if the names fit, an author id is a vote."""

from collections.abc import Iterator
from dataclasses import dataclass

from kolgraph.model import Mention, Profile
from kolgraph.names import Name, parse, relate_last, swapped
from kolgraph.resolve.register_people import People

OVER_MERGED = 2000  # works of one author id: more than a human being writes
SURE = 0.995
_MOST = 0.9  # an author id whose mentions lie this much in one person agrees with us


@dataclass(frozen=True, slots=True)
class Vote:
    """A profile beside a person."""

    record: str
    person: str
    linked: bool
    sure: float
    reasons: str


def votes(profile: Profile, people: People) -> Iterator[Vote]:
    """The persons that a profile may be. Linked is at most one, and only by an ORCID iD with a surname that fits."""
    names = [parse(Mention(0, name=said)) for said in (profile.name, *profile.names) if said]
    holders = people.orcids.get(profile.orcid, {}) if profile.orcid else {}
    fitting = {person for person, held in holders.items() if not names or _fit(names, held)}
    counted: dict[str, int] = dict(people.votes.get(profile.id, {}))
    total = sum(counted.values())
    for person in sorted({*holders, *counted}):
        said, linked, sure = [], False, 0.0
        if person in holders:
            told = f"ORCID {profile.orcid}"
            if person not in fitting:
                said.append(f"{told}, on a name that does not fit")
            elif len(fitting) > 1:
                said.append(f"{told}, on {len(fitting)} people of this landscape")
                sure = 1 / len(fitting) / 2
            else:
                said.append(f"{told} and a surname that fits" if names else f"{told}; the profile tells no name")
                linked, sure = True, SURE
        if count := counted.get(person, 0):
            said.append(f"{count} of {total} mentions under this author id are this person's")
            sure = max(sure, count / total / 2)
        if (profile.works or 0) > OVER_MERGED:
            said.append(f"the author id claims {profile.works:,} works, surely several people")
        yield Vote(profile.id, person, linked, sure, "; ".join(said))


def agreement(people: People) -> dict[str, int]:
    """How many author ids of OpenAlex with two mentions or more agree with our persons, and how many do not."""
    several = [held for held in people.votes.values() if sum(held.values()) > 1]
    agree = sum(max(held.values()) >= _MOST * sum(held.values()) for held in several)
    return {"author ids of OpenAlex that agree": agree, "author ids of OpenAlex that do not": len(several) - agree}


def _fit(names: list[Name], held: set[Name]) -> bool:
    return any(
        swapped(a, b) or (relate_last(a, b) and (not a.initial or not b.initial or a.initial == b.initial))
        for a in names
        for b in held
    )
