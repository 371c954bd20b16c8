"""Nouns to rows, under the names of `queries/write`."""

from kolgraph.model import Institution, Publication, Topic, Trial
from kolgraph.names import fold
from kolgraph.store import Row

_PHASES = ("early1", "1", "2", "3", "4")


def publication(noun: Publication) -> Row:
    doi = next((one.removeprefix("doi:") for one in noun.identifiers if one.startswith("doi:")), "")
    return {
        "id": noun.id,
        "title": noun.title,
        "year": noun.year,
        "journal": noun.journal,
        "kind": noun.kind,
        "date": noun.date,
        "citedBy": None,
        "authorCount": sum(not author.group for author in noun.authors if author.role == "author"),
        "doi": doi,
    }


def trial(noun: Trial) -> Row:
    return {
        "id": noun.id,
        "title": noun.title,
        "phase": "/".join(sorted(noun.phases, key=_phase_order)),
        "status": noun.status,
        "startYear": year_of(noun.start),
        "kind": noun.kind,
        "sponsor": noun.sponsor,
        "conditions": list(noun.conditions),
    }


def institution(noun: Institution) -> Row:
    return {
        "id": noun.id,
        "name": noun.name,
        "searchName": " ".join(dict.fromkeys(map(fold, (noun.name, *noun.acronyms, *noun.aliases)))),
        "kind": noun.kinds[0] if noun.kinds else "",
        "city": noun.city,
        "region": noun.region,
        "country": noun.country,
        "lat": noun.lat,
        "lon": noun.lon,
    }


def topic(noun: Topic) -> Row:
    return {"id": noun.id, "name": noun.name, "terms": [*noun.terms, *noun.mesh]}


def year_of(date: str) -> int | None:
    """The year of an ISO date of any precision."""
    return int(date[:4]) if date[:4].isdigit() else None


def active_year(noun: Trial) -> int | None:
    """When a trial speaks of its people: its start, or its last update where the start is still planned."""
    start, updated = year_of(noun.start), year_of(noun.updated)
    return min((year for year in (start, updated) if year is not None), default=None)


def _phase_order(phase: str) -> tuple[int, str]:
    return (_PHASES.index(phase) if phase in _PHASES else len(_PHASES), phase)
