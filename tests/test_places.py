"""Affiliations to institutions: exact, ambiguous, for short, several at once. Made-up institutions in real cities."""

from dataclasses import replace

import pytest

from kolgraph.model import Affiliation, Institution
from kolgraph.resolve.country import country_of
from kolgraph.resolve.places import Places, Where

QUIMBLY, QUIMBLY_CL, HOSPITAL, GONE, HEIR, POLY = (f"ror:0{n}aaaaa{n}{n}" for n in range(1, 7))
TROND, TRONDHEIM, STATE, CAMPUS, VARLBERG = (f"ror:0{n}bbbbb{n}{n}" for n in range(1, 6))
HALDEN, LILLEVIK = "ror:01ddddd11", "ror:02ddddd22"
SYSTEM, ACADEMY, MINSK, KLINIKUM, TWIN = (f"ror:0{n}ccccc{n}{n}" for n in range(1, 6))
EDUCATION = ("education",)


def university(ror: str, name: str, city: str, country: str, **more: object) -> Institution:
    return replace(Institution(ror, name, kinds=EDUCATION, city=city, country=country), **more)


@pytest.fixture(scope="module")
def places() -> Places:
    filler = [university(f"ror:1{n:07d}", f"University of Fillington {n}", "Fillington", "US") for n in range(400)]
    quimbly = university(QUIMBLY, "Quimbly University", "Bergen", "NO", aliases=("Universitetet i Quimbly",))
    quimbly = replace(
        quimbly, identifiers=("grid:grid.99999.1", "isni:0000 0001 0000 0001"), domains=("quimbly.example",)
    )
    closed = Institution(GONE, "Brannigull College of Surgeons", status="withdrawn", country="GB", city="Leeds")
    name = "Ostervane Polytechnic Institute of Applied Cardiodynamics"
    hospital = Institution(HOSPITAL, "Quimbly Memorial Hospital", kinds=("healthcare",), city="Oslo", country="NO")
    academy = Institution(ACADEMY, "Zorvanian Academy of Sciences", kinds=("government",), city="Minsk", country="BY")
    minsk = Institution(MINSK, "Institute of Plasmodics of the Zorvanian Academy of Sciences", kinds=("facility",))
    return Places(
        [
            quimbly,
            university(QUIMBLY_CL, "Quimbly University", "Valparaíso", "CL"),
            replace(hospital, parents=(SYSTEM,)),
            Institution(SYSTEM, "Nordenfjell Health Trust", kinds=("healthcare",), city="Oslo", country="NO"),
            replace(closed, successors=(HEIR,)),
            university(HEIR, "Brannigull University", "Leeds", "GB"),
            university(POLY, name, "Santiago", "CL"),
            university(TROND, "Harald Trond University", "Oslo", "NO"),
            university(TRONDHEIM, "Harald Trond University Trondheim", "Trondheim", "NO"),
            university(STATE, "University of Westerwold", "Reno", "US", region="Nevada", acronyms=("UWW",)),
            university(CAMPUS, "University of Westerwold, Carson City", "Carson City", "US", region="Nevada"),
            university(VARLBERG, "Varlberg University", "Wien", "AT", acronyms=("VBGU",)),
            academy,
            replace(minsk, city="Minsk", country="BY", parents=(ACADEMY,)),
            Institution(KLINIKUM, "Klinikum Varlberg", kinds=("healthcare",), city="Wien", country="AT"),
            Institution(TWIN, "Fillington", kinds=("government",), city="Fillington", country="US"),
            university(HALDEN, "Ossevik Institute of Optics", "Halden", "NO", lat=59.12, lon=11.38),
            university(LILLEVIK, "Lillevik Museum of Nets", "Lillevik", "NO", lat=59.2, lon=11.2),
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
        ("Department of Surgery, Oslo, Norway", set()),
        ("Quimbly University Hospital, Bergen, Norway", set()),  # a hospital is not its university
        ("", set()),
    ],
)
def test_match(places: Places, text: str, expected: set[str]) -> None:
    _expect(places, text, expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # written for short, as in the seventies
        ("Dept Surg, Univ Westerwold, Reno, Nev., U.S.A.", {STATE}),
        ("Univ. of Westerwold Sch. of Med., Reno, NV 89557", {STATE}),
        # no comma where one belongs, a building or a postcode behind the name
        ("Department of Physics Varlberg University, Wien, Austria", {VARLBERG}),
        ("Varlberg University 1040 Wien, Austria", {VARLBERG}),
        ("Varlberg University–Department of Physics, Wien, Austria", {VARLBERG}),
        # in another language, in another order, the city under its other name
        ("Institut für Chirurgie, Universität Varlberg, Vienna, Österreich", {VARLBERG}),
        ("Universitá di Quimbly, Bergen, Norway", {QUIMBLY}),
        ("Dipartimento di Fisica dell’Università Varlberg, Vienna, Austria", {VARLBERG}),
        # the name of one is the beginning of another's, the city decides
        ("University of Westerwold, Carson City, NV, USA", {CAMPUS}),
        ("University of Westerwold, School of Medicine, Carson City, NV, USA", {CAMPUS}),
        ("University of Westerwold at Carson City, NV, USA", {CAMPUS}),
        ("Harald Trond University, Trondheim, Norway", {TRONDHEIM}),
        ("Harald Trond University, Oslo, Norway", {TROND}),
        # acronyms: alone in their part, with their city, and never those of another country
        ("UWW, Reno, Nevada, USA", {STATE}),
        ("VBGU, Wien, Austria", {VARLBERG}),
        ("VBGU, Kyoto, Japan", set()),
        # two in one address
        ("Klinikum Varlberg and Varlberg University, Wien, Austria", {VARLBERG, KLINIKUM}),
        ("Klinikum Varlberg, Varlberg University, Wien, Austria", {VARLBERG, KLINIKUM}),
        # two addresses without a semicolon
        ("Varlberg University, Wien, Austria and Quimbly University, Bergen, Norway", {VARLBERG, QUIMBLY}),
        # a town that is somebody's name says nothing
        ("Main Street 4, Fillington, USA", set()),
    ],
)
def test_ways_of_writing(places: Places, text: str, expected: set[str]) -> None:
    _expect(places, text, expected)


def _expect(places: Places, text: str, expected: set[str]) -> None:
    found = places.match(Affiliation(text))
    assert {ror for ror, _ in found} == expected
    assert [sure for _, sure in found] == sorted((sure for _, sure in found), reverse=True)
    assert all(0.75 <= sure < 1 for _, sure in found)


def test_a_clearer_text_is_believed_more(places: Places) -> None:
    def sure(text: str) -> float:
        return dict(places.match(Affiliation(text))).get(VARLBERG, 0.0)

    at_home, elsewhere = sure("Varlberg University, Wien, Austria"), sure("Varlberg University, Graz, Austria")
    assert at_home > elsewhere > 0
    assert sure("Institute of Optics of Varlberg University, Graz, Austria") < at_home


def test_a_suburb_is_near_and_another_town_is_not(places: Places) -> None:
    def told(town: str) -> set[str]:
        ((ror, facts),) = places.facts(f"Ossevik Institute of Optics, {town}, Norway")
        assert ror == HALDEN
        return facts

    assert "near" in told("Lillevik")
    assert "elsewhere" in told("Bergen")
    assert "no city" in told("Nowhere on the map")


def test_what_speaks_for_an_institution_can_be_asked(places: Places) -> None:
    ((ror, facts),) = places.facts("Varlberg University, Wien, Austria")
    assert ror == VARLBERG
    assert {"city", "whole", "official", "education", "1 found", "country"} <= facts


def test_identifiers_and_fields_speak_for_themselves(places: Places) -> None:
    assert places.match(Affiliation("x", ("grid:grid.99999.1",))) == [(QUIMBLY, 1.0)]
    assert places.match(Affiliation("x", ("isni:0000000100000001",))) == [(QUIMBLY, 1.0)]
    site = Affiliation("Quimbly Memorial Hospital", (), "Oslo", "", "NO")
    assert [ror for ror, _ in places.match(site)] == [HOSPITAL]
    mailed = Affiliation("Quimbly University. o.brannigull@quimbly.example")
    assert [ror for ror, _ in places.match(mailed)] == [QUIMBLY]


def test_beside_identifiers_only_a_further_address_is_read(places: Places) -> None:
    one = "Brannigull University Exchange Office, Quimbly University, Bergen, Norway"
    assert places.match(Affiliation(one, ("grid:grid.99999.1",))) == [(QUIMBLY, 1.0)]
    two = Affiliation("Quimbly University, Bergen, Norway; Varlberg University, Wien, Austria", ("grid:grid.99999.1",))
    assert [ror for ror, _ in places.match(two)] == [QUIMBLY, VARLBERG]
    text = "Quimbly Memorial Hospital, Oslo, Norway; Nordenfjell Health Trust, Oslo, Norway"
    assert places.match(Affiliation(text, (HOSPITAL,))) == [(HOSPITAL, 1.0)]  # it is part of the other already


def test_a_department_leads_to_its_university_and_a_hospital_to_its_system(places: Places) -> None:
    assert places.above(HOSPITAL) == (SYSTEM,)
    assert places.above(MINSK) == (ACADEMY,)
    assert places.above(QUIMBLY) == ()
    found = places.match(Affiliation("Laboratory of Optics, Institute of Surgery, Quimbly University, Bergen, Norway"))
    assert [ror for ror, _ in found] == [QUIMBLY]


def test_rings_of_parents_and_successors_end() -> None:
    a, b = Institution("ror:0aaaaaa11", "A", parents=("ror:0bbbbbb22",)), Institution("ror:0bbbbbb22", "B")
    ring = Places([a, replace(b, parents=(a.id,))])
    assert ring.above(a.id) == (b.id,)
    closed = [replace(one, status="inactive", successors=(other.id,)) for one, other in ((a, b), (b, a))]
    assert Places(closed).standing(a.id) in (a.id, b.id)


def test_where_joins_the_affiliations_of_a_mention(places: Places) -> None:
    both = (Affiliation("Quimbly Memorial Hospital, Oslo, Norway"), Affiliation("Brannigull University, Leeds, UK"))
    found = places.where(both)
    assert (set(found.institutions), found.country, found.city) == ({HOSPITAL, HEIR}, "NO", "Oslo")
    assert places.where(()) == Where()
    assert places.where((Affiliation("Somewhere, Kyoto, Japan"),)).country == "JP"


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
        ("Klinikum, Birmingham, Großbritannien", "GB"),
        ("Hôpital, Genève, Suisse", "CH"),
        ("Dept Surg, Iowa City, U.S.A.", "US"),
        ("Department of Surgery", ""),
    ],
)
def test_country_of(text: str, code: str) -> None:
    assert country_of(text) == code
