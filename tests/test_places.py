"""Affiliations to institutions: exact, ambiguous, misspelt, several at once. Institutions are invented, cities real."""

from dataclasses import replace

import pytest

from kolgraph.model import Affiliation, Institution
from kolgraph.resolve.country import country_of
from kolgraph.resolve.places import Places, Where, current_place

QUIMBLY, QUIMBLY_CL, HOSPITAL, GONE, HEIR, POLY = (f"ror:0{n}aaaaa{n}{n}" for n in range(1, 7))


@pytest.fixture(scope="module")
def places() -> Places:
    filler = [Institution(f"ror:1{n:07d}", f"University of Fillington {n}", country="US") for n in range(400)]
    quimbly = Institution(QUIMBLY, "Quimbly University", ("Universitetet i Quimbly",), city="Bergen", country="NO")
    quimbly = replace(
        quimbly, identifiers=("grid:grid.99999.1", "isni:0000 0001 0000 0001"), domains=("quimbly.example",)
    )
    closed = Institution(GONE, "Brannigull College of Surgeons", status="withdrawn", country="GB", city="Leeds")
    name = "Ostervane Polytechnic Institute of Applied Cardiodynamics"
    return Places(
        [
            quimbly,
            Institution(QUIMBLY_CL, "Quimbly University", city="Valparaíso", country="CL"),
            Institution(HOSPITAL, "Quimbly Memorial Hospital", city="Oslo", country="NO"),
            replace(closed, successors=(HEIR,)),
            Institution(HEIR, "Brannigull University", country="GB", city="Leeds"),
            Institution(POLY, name, country="CL", city="Santiago"),
            *filler,
        ]
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Department of Surgery, Quimbly University, Bergen, Norway.", {QUIMBLY}),
        ("Dept. of Surgery, Universitetet i Quimbly, Bergen, Norway", {QUIMBLY}),
        ("School of Medicine, Quimbly Univ., Valparaíso, Chile", {QUIMBLY_CL}),
        ("Quimbly University", set()),  # which one stays open
        ("Quimbly University, Kyoto, Japan", set()),  # never another country's
        ("1Quimbly Memorial Hospital, Oslo, Norway. Electronic address: o.quimbly@invent.example", {HOSPITAL}),
        ("Quimbly Memorial Hospital, Oslo, Norway; Brannigull University, Leeds, UK", {HOSPITAL, HEIR}),
        ("Brannigull College of Surgeons, Leeds, England", {HEIR}),  # closed: its successor
        ("Ostervane Institute of Applied Cardiodynamics Polytechnic, Santiago, Chile", {POLY}),
        ("Department of Surgery, Oslo, Norway", set()),
        ("Quimbly University Hospital, Bergen, Norway", set()),  # a hospital is not its university
        ("", set()),
    ],
)
def test_match(places: Places, text: str, expected: set[str]) -> None:
    found = places.match(Affiliation(text))
    assert {ror for ror, _ in found} == expected
    assert all(0 < sure <= 1 for _, sure in found)


def test_identifiers_and_fields_speak_for_themselves(places: Places) -> None:
    assert places.match(Affiliation("x", ("grid:grid.99999.1",))) == [(QUIMBLY, 1.0)]
    assert places.match(Affiliation("x", ("isni:0000000100000001",))) == [(QUIMBLY, 1.0)]
    site = Affiliation("Quimbly Memorial Hospital", (), "Oslo", "", "NO")
    assert [ror for ror, _ in places.match(site)] == [HOSPITAL]
    mailed = Affiliation("Quimbly University. o.brannigull@quimbly.example")
    assert [ror for ror, _ in places.match(mailed)] == [QUIMBLY]


def test_where_joins_the_affiliations_of_a_mention(places: Places) -> None:
    both = (Affiliation("Quimbly Memorial Hospital, Oslo, Norway"), Affiliation("Brannigull University, Leeds, UK"))
    found = places.where(both)
    assert (set(found.institutions), found.country, found.city) == ({HOSPITAL, HEIR}, "NO", "Oslo")
    assert places.where(()) == Where()
    assert places.where((Affiliation("Somewhere, Kyoto, Japan"),)).country == "JP"


def test_current_place_is_where_the_latest_votes_say() -> None:
    old, new = Where((QUIMBLY,), (0.97,), "NO", "Bergen"), Where((HEIR,), (0.9,), "GB", "Leeds")
    assert current_place([(2010, old), (2011, old), (2020, new)]) == new
    assert current_place([(2020, old), (2020, old), (2019, new)]) == old
    assert current_place([(None, Where()), (2020, Where(country="JP"))]).country == "JP"
    assert current_place([]) == Where()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Dept X, Boston, MA 02115", "US"),
        ("Y, Boston, Massachusetts 02115, USA.", "US"),
        ("Z, Beijing 100730, P.R. China. a@invent.example", "CN"),
        ("A, Seoul, Republic of Korea. Electronic address: a@invent.example.", "KR"),
        ("Medical Faculty, Tbilisi, Georgia", "GE"),
        ("Medical Faculty, Atlanta, Georgia", "US"),
        ("B, Albuquerque, New Mexico", "US"),
        ("C, Cardiff, Wales, UK (O.Q., P.V.)", "GB"),
        ("Faculty of Physics, 07743 Jena Germany", "DE"),
        ("Korea, Republic of", "KR"),
        ("Department of Surgery", ""),
    ],
)
def test_country_of(text: str, code: str) -> None:
    assert country_of(text) == code
