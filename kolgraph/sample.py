"""A small graph with everything that has ever gone wrong: invented people, for tests of the house and of plugins.

Namesakes, names in other scripts, people without country or papers, a hub, a topic about which there is nothing, equal
scores, missing years, numbers and texts, ids whose order is not the order of writing.
"""

from typing import Any

from kolgraph.store import GraphStore

Rows = list[dict[str, Any]]

# id, name, searchName, country, city, lat, papers, institution
_PEOPLE = (
    ("m3", "Amara Okafor", "amara okafor", "NG", "Lagos", 6.45, 4, "ror:0a"),
    ("a1", "Jonas Lindqvist", "jonas lindqvist", "SE", "Lund", 55.7, 3, "ror:0b"),
    ("z9", "Jonas Lindqvist", "jonas lindqvist", "SE", "Umeå", 63.8, 1, "ror:0c"),
    ("k2", "林 春香", "lin chunxiang", "TW", "臺北", 25.0, 2, "ror:0b"),
    ("b7", "Ольга Верещагина", "olga vereshchagina olga vereschagina", "", "", None, 2, ""),
    ("c4", "Zoë d'Arcy-Ångström", "zoe darcy angstrom", "SE", "Lund", 55.7, 2, "ror:0b"),
    ("q5", "X", "x", "", "", None, 0, ""),
    ("t6", "José Ñandú", "jose nandu", "ES", "León", 42.6, 0, "ror:gone"),
)
_PAPERS = (
    ("pmid:11", "Trials of a drug: the \"first\" 'one'", 2019, "Journal A", "trial", 12),
    ("pmid:12", "A review; with a semicolon", 2021, "Journal B", "review", None),
    ("pmid:9", "Æthers and “quotes” 漢字", 2021, "", "article", 0),
    ("pmid:13", "", None, "Journal A", "article", None),
)
# a, b, shared papers, weight, years (the smaller id first)
_TIES: tuple[tuple[str, str, int, float, list[int]], ...] = (
    ("a1", "m3", 2, 1.5, [2019, 2021]),
    ("c4", "m3", 1, 0.5, [2021]),
    ("k2", "m3", 1, 0.5, [2021]),
    ("b7", "m3", 1, 0.1 + 0.2, []),
    ("m3", "z9", 1, 1.0, [2021]),
    ("a1", "k2", 1, 1.0, [2021]),
)


def sample_rows() -> dict[str, Rows]:
    """The rows of each `write/` question, in an order in which they can be written."""
    people = [f"person:{row[0]}" for row in _PEOPLE]
    return {
        "institution": [
            _institution("ror:0b", "Lunds universitet", "lunds universitet lund university", "SE", 55.7),
            _institution("ror:0a", "Lagos Köteaching Hospital", "lagos koteaching hospital luth", "NG", 6.45),
            _institution("ror:0c", "Umeå universitet", "umea universitet", "SE", None),
            _institution("ror:0d", "Nobody Institute", "nobody institute", "", None),
        ],
        "topic": [
            {"id": "topic:oncology", "name": "Oncology", "terms": ["cancer", "tumör"]},
            {"id": "topic:empty", "name": "Empty", "terms": []},
            {"id": "topic:asthma", "name": "Asthma", "terms": ["asthma"]},
        ],
        "person": [_person(*row) for row in _PEOPLE],
        "publication": [_paper(*row) for row in _PAPERS],
        "trial": [
            _trial("nct:NCT00000002", "Second", "2/3", 2020, ["a", "b"]),
            _trial("nct:NCT00000001", "First", "", None, []),
        ],
        "authored": [
            _authored("m3", "pmid:11", 1, 2, True),
            _authored("a1", "pmid:11", 0, 2, False),
            *(_authored(who, "pmid:12", place, 5, False) for place, who in enumerate(("m3", "a1", "k2", "c4", "z9"))),
            _authored("m3", "pmid:9", 0, 2, False),
            _authored("b7", "pmid:9", 1, 2, False),
            _authored("m3", "pmid:13", 0, 1, True),
            _authored("b7", "pmid:13", 1, 2, True),
        ],
        "investigated": [
            {"person": f"person:{who}", "trial": trial, "role": role}
            for who, trial, role in (
                ("m3", "nct:NCT00000002", "principal"),
                ("a1", "nct:NCT00000002", "sub"),
                ("m3", "nct:NCT00000001", "chair"),
                ("a1", "nct:NCT00000001", "principal"),
                ("q5", "nct:NCT00000001", "contact"),
            )
        ],
        "affiliated_with": [
            _affiliated("m3", "ror:0a", 2010, 2024, True, 0.99),
            _affiliated("m3", "ror:0b", 2001, 2009, False, None),
            _affiliated("a1", "ror:0b", None, None, True, 1.0),
            _affiliated("a1", "ror:0c", 2001, 2002, False, 0.5),
            _affiliated("c4", "ror:0b", 2020, 2024, True, 0.7),
            _affiliated("k2", "ror:0b", 2020, 2021, True, 0.7),
            _affiliated("z9", "ror:0c", 2020, 2024, True, 0.7),
        ],
        "conducted_at": [{"trial": "nct:NCT00000002", "institution": "ror:0b"}],
        "sponsored_by": [{"trial": "nct:NCT00000002", "institution": "ror:0a"}],
        "about": [
            {"record": record, "topic": topic}
            for record, topic in (
                ("pmid:12", "topic:oncology"),
                ("pmid:12", "topic:asthma"),
                ("pmid:9", "topic:oncology"),
                ("pmid:13", "topic:asthma"),
                ("nct:NCT00000002", "topic:oncology"),
            )
        ],
        "reports": [{"publication": "pmid:11", "trial": "nct:NCT00000002"}],
        "part_of": [{"child": "ror:0b", "parent": "ror:0a"}],
        "coauthored_with": [_tie(*row) for row in _TIES],
        "coinvestigated_with": [_tie("a1", "m3", 2, 2.0, [2020]), _tie("m3", "q5", 1, 0.5, [])],
        "nominated": [
            {"nominator": "person:a1", "nominee": "person:m3", "count": 2, "lists": ["Board 2026", "Sprecher, Köln"]},
            {"nominator": "person:m3", "nominee": "person:a1", "count": 1, "lists": ["Board 2026"]},
            {"nominator": "person:t6", "nominee": "person:m3", "count": 1, "lists": []},
        ],
        "score": [
            {"id": "influence", "title": "Influence", "description": "All of it; see Katz (1953).", "unit": ""},
            {"id": "papers", "title": "Papers", "description": "How many.", "unit": "papers"},
        ],
        "community": [
            {"id": "community:all-1", "scope": "all", "name": "Lund", "size": 5, "rank": 1, "topics": ["Oncology"]},
            {"id": "community:all-2", "scope": "all", "name": "Umeå", "size": 1, "rank": 2, "topics": []},
            {"id": "community:onc-1", "scope": "topic:oncology", "name": "L", "size": 2, "rank": 1, "topics": []},
        ],
        "scored": [
            *_scored("influence", "all", people, (97.5, 60.0, 60.0, 60.0, 12.25, 1 / 3)),
            *_scored("papers", "all", people, (4.0, 3.0, 2.0, 2.0, 1.0)),
            *_scored("influence", "topic:oncology", people, (80.0, 0.0)),
        ],
        "member_of": [
            *(_member(who, "community:all-1", "all", place) for place, who in enumerate(people[:5])),
            _member(people[2], "community:all-2", "all", 7),
            *(_member(who, "community:onc-1", "topic:oncology", place) for place, who in enumerate(people[:2])),
        ],
    }


def sample_graph(store: GraphStore) -> None:
    """Build the sample in `store` and publish it; what was in there is gone."""
    store.prepare()
    for name, rows in sample_rows().items():
        store.write(name, rows)
    store.publish(id="build:sample", builtAt="2026-11-24T10:00:00Z", inboxWatermark="7", ledgerWatermark="3")


def _person(
    id: str, name: str, search: str, country: str, city: str, lat: float | None, papers: int, institution: str
) -> dict[str, Any]:
    return {
        "id": f"person:{id}",
        "name": name,
        "searchName": search,
        "identifiers": ["orcid:0000-0002-1825-0097"] if id == "m3" else [],
        "country": country,
        "region": "",
        "city": city,
        "lat": lat,
        "lon": None if lat is None else 13.0,
        "firstYear": 2019 if papers else None,
        "lastYear": 2021 if papers else None,
        "paperCount": papers,
        "trialCount": 2 if id in ("m3", "a1") else 0,
        "mentionCount": papers,
        "confidence": 0.875 if papers > 1 else None,
        "hardShare": 0.25 if papers > 1 else None,
        "institution": institution,
    }


def _institution(id: str, name: str, search: str, country: str, lat: float | None) -> dict[str, Any]:
    place = {"city": name.split()[0] if country else "", "region": "", "country": country, "lat": lat, "lon": lat}
    return {"id": id, "name": name, "searchName": search, "kind": "education", **place}


def _paper(id: str, title: str, year: int | None, journal: str, kind: str, cited: int | None) -> dict[str, Any]:
    said = {"title": title, "year": year, "journal": journal, "kind": kind, "date": f"{year or ''}", "citedBy": cited}
    return {"id": id, **said, "authorCount": 2, "doi": "doi:10.1234/x" if year else ""}


def _trial(id: str, title: str, phase: str, year: int | None, conditions: list[str]) -> dict[str, Any]:
    said = {"title": title, "phase": phase, "status": "completed", "startYear": year, "kind": "interventional"}
    return {"id": id, **said, "sponsor": "A Company", "conditions": conditions}


def _authored(who: str, paper: str, place: int, of: int, corresponding: bool) -> dict[str, Any]:
    ends = {"person": f"person:{who}", "publication": paper}
    return {**ends, "position": place, "authorCount": of, "isCorresponding": corresponding}


def _affiliated(
    who: str, where: str, first: int | None, last: int | None, current: bool, confidence: float | None
) -> dict[str, Any]:
    ends = {"person": f"person:{who}", "institution": where, "firstYear": first, "lastYear": last}
    return {**ends, "isCurrent": current, "confidence": confidence, "recordCount": 3}


def _tie(a: str, b: str, count: int, weight: float, years: list[int]) -> dict[str, Any]:
    return {"a": f"person:{a}", "b": f"person:{b}", "count": count, "weight": weight, "years": years}


def _scored(score: str, scope: str, people: list[str], values: tuple[float, ...]) -> Rows:
    """Equal values share a rank."""
    countries = {f"person:{row[0]}": row[3] for row in _PEOPLE}
    return [
        {
            "person": who,
            "score": score,
            "scope": scope,
            "country": countries[who],
            "value": value,
            "rank": 1 + sum(other > value for other in values),
        }
        for who, value in zip(people, values, strict=False)
    ]


def _member(who: str, community: str, scope: str, place: int) -> dict[str, Any]:
    return {"person": who, "community": community, "scope": scope, "x": place / 3, "y": -float(place)}
