"""Entries of registers and persons: what links them, what never does, and what people say about it."""

import random

import pytest
from kolgraph.loaders.nppes_record import Address, Basic, Provider, read_provider
from register_world import (
    AWAY,
    GENERAL,
    NEPHRO,
    RHEUMA,
    World,
    grant,
    payment,
    practitioner,
    profile,
    said,
    states,
    why,
)

from kolgraph.model import Practitioner
from kolgraph.resolve.registers import of_registers

ONE, TWO = "npi:2900000003", "npi:2900000011"
WELLS = ("WELLS", "KATHERINE")
LINKED, CANDIDATE = "linked", "candidate"


@pytest.fixture
def world() -> World:
    """One person with three papers from one town."""
    found = World()
    for _ in range(3):
        found.paper("person:a", "Wells", "Katherine")
    return found


@pytest.mark.parametrize(
    ("more", "fact"),
    [
        ({"special": GENERAL}, "the town Omaha"),
        ({"town": "LINCOLN", "street": "QUIMBLY INSTITUTE"}, "quimbly"),
        ({"town": "LINCOLN", "special": RHEUMA}, "rheumatology is what the person works on"),
    ],
)
def test_a_full_name_a_state_and_one_fact_more_link(world: World, more: dict[str, str], fact: str) -> None:
    world.rows = [practitioner(ONE, *WELLS, **more)]
    found = world.links()
    assert states(found) == {(ONE, "person:a"): LINKED}
    assert fact in why(found, ONE)
    assert "NE" in why(found, ONE)


@pytest.mark.parametrize("special", ["", GENERAL, NEPHRO])
@pytest.mark.parametrize("street", ["", "--", "100 MEDICAL CENTER DRIVE", "STATE UNIVERSITY HOSPITAL"])
@pytest.mark.parametrize("papers", [1, 40])
def test_a_name_and_a_state_alone_never_link(special: str, street: str, papers: int) -> None:
    world = World()
    for _ in range(papers):
        world.paper("person:a", "Wells", "Katherine")
    world.rows = [practitioner(ONE, *WELLS, town="LINCOLN", street=street, special=special)]
    found = world.links()
    assert states(found) == {(ONE, "person:a"): CANDIDATE}
    assert "name and state alone are not enough" in why(found, ONE)


def test_a_town_is_not_enough_where_the_specialty_speaks_against(world: World) -> None:
    world.rows = [practitioner(ONE, *WELLS, special=NEPHRO)]
    assert states(world.links()) == {(ONE, "person:a"): CANDIDATE}


@pytest.mark.parametrize(
    ("last", "fore", "state"),
    [("WELLS", "KATHERINE", "OH"), ("WELLS", "KAREN", "NE"), ("WELLS", "K", "NE"), ("WELLES", "KATHERINE", "NE")],
)
def test_another_state_or_name_is_not_even_a_candidate(world: World, last: str, fore: str, state: str) -> None:
    world.rows = [practitioner(ONE, last, fore, state=state)]
    assert states(world.links()) == {}


def test_names_that_conflict_anywhere_are_not_one() -> None:
    world = World()
    world.paper("person:a", "Wells", "Katherine B")
    world.paper("person:a", "Wells", "Katherine")
    world.rows = [practitioner(ONE, "WELLS", "KATHERINE ANN")]
    assert states(world.links()) == {}


def test_initials_alone_link_nobody() -> None:
    world = World()
    world.paper("person:a", "Wells", "K")
    world.rows = [practitioner(ONE, *WELLS, special=RHEUMA)]
    assert states(world.links()) == {}


def test_two_dashes_say_nothing(world: World) -> None:
    basic = Basic(first_name="KATHERINE", middle_name="--", last_name="WELLS")
    read = read_provider(Provider(ONE[4:], "NPI-1", basic, [Address("LOCATION", "--", "--", "--", "NE")]))
    assert isinstance(getattr(read, "noun", None), Practitioner)
    world.paper("person:a", "Wells", "Katherine", place="--, NE, USA")
    world.rows = [read.noun]  # type: ignore[union-attr]
    assert states(world.links()) == {(ONE, "person:a"): CANDIDATE}


def test_of_two_entries_of_one_name_none_is_linked_unless_the_specialty_tells(world: World) -> None:
    both = {(ONE, "person:a"): CANDIDATE, (TWO, "person:a"): CANDIDATE}
    for town in ("OMAHA", "LINCOLN"):
        world.rows = [practitioner(ONE, *WELLS), practitioner(TWO, *WELLS, town=town)]
        assert states(world.links()) == both
    world.rows = [practitioner(ONE, *WELLS, special=RHEUMA), practitioner(TWO, *WELLS, special=NEPHRO)]
    assert states(world.links()) == both | {(ONE, "person:a"): LINKED}
    world.rows = [practitioner(ONE, *WELLS, special=RHEUMA), practitioner(TWO, *WELLS, special=GENERAL)]
    assert states(world.links()) == both


def test_of_two_persons_of_one_name_none_is_linked(world: World) -> None:
    world.paper("person:b", "Wells", "Katherine")
    world.rows = [practitioner(ONE, *WELLS, special=RHEUMA)]
    assert set(states(world.links()).values()) == {CANDIDATE}
    assert "2 people of this landscape" in why(world.links(), ONE)


def test_a_number_on_a_list_decides_where_the_surname_fits() -> None:
    world = World()
    world.paper("person:a", "Wells", "Katherine", place=AWAY)
    world.row("person:a", "Wells", "Kate", ONE)
    world.rows = [practitioner(ONE, *WELLS), practitioner(TWO, *WELLS, town="TOLEDO", state="OH")]
    found = world.links()
    assert states(found) == {(ONE, "person:a"): LINKED}
    world.rows = [practitioner(ONE, "GREEN", "ADA")]
    assert states(world.links()) == {(ONE, "person:a"): CANDIDATE}


def test_nobody_holds_two_numbers(world: World) -> None:
    world.row("person:a", "Wells", "Katherine", ONE)
    world.row("person:a", "Wells", "Katherine", TWO)
    world.rows = [practitioner(ONE, *WELLS), practitioner(TWO, *WELLS)]
    found = world.links()
    assert states(found) == {(ONE, "person:a"): CANDIDATE, (TWO, "person:a"): CANDIDATE}
    assert len(found.contradictions) == 1
    assert "2900000003" in found.contradictions[0]


def test_a_number_joins_practitioners_and_payments(world: World) -> None:
    world.rows = [
        practitioner(ONE, *WELLS, special=RHEUMA),
        payment(1, "WELLS", "KATHERINE", "openpayments:7", ONE, town="RENO", state="NV"),
        payment(2, "Wells", "Kate", "openpayments:7"),
        payment(3, "", "", "openpayments:7"),
        payment(4, "WELLS-HART", "KATHERINE", "openpayments:7"),
        payment(5, "GREEN", "ADA", ONE),  # somebody typed the number wrong
        payment(6, "WELLS", "KATHERINE", "openpayments:8", town="RENO", state="NV"),
    ]
    found = world.links()
    linked = {record for (record, _), state in states(found).items() if state == LINKED}
    assert linked == {ONE, *(f"openpayments:2024:{n}" for n in (1, 2, 3, 4))}
    assert {row["entry"] for row in found.table.to_pylist()} == {ONE}


def test_two_recipients_of_one_name_are_rivals_whatever_else_knows_them(world: World) -> None:
    both = [payment(1, *WELLS, "openpayments:7", ONE), payment(2, *WELLS, "openpayments:8")]
    world.rows = [practitioner(ONE, *WELLS), *both]
    assert set(states(world.links()).values()) == {CANDIDATE}
    world.rows = [practitioner(ONE, *WELLS), payment(2, *WELLS, "openpayments:8")]  # before 2016 no NPI is told
    assert set(states(world.links()).values()) == {LINKED}


def test_a_profile_is_one_recipient_however_it_is_spelled(world: World) -> None:
    world.rows = [payment(n, *name, "openpayments:637065") for n, name in enumerate([WELLS, ("Wells", "Katherine")])]
    assert set(states(world.links()).values()) == {LINKED}
    world.rows = [payment(n, *name, f"openpayments:{n}") for n, name in enumerate([WELLS, ("Wells", "Katherine")])]
    assert set(states(world.links()).values()) == {CANDIDATE}


def test_a_paid_trial_that_the_person_led_links_without_a_place() -> None:
    world = World()
    world.investigator("person:a", "Katherine Wells, MD", "nct:NCT00000001")
    paid = payment(1, *WELLS, "openpayments:7", position=1, trials=("nct:NCT00000001",))
    world.rows = [paid]
    assert states(world.links()) == {(paid.id, "person:a"): LINKED}


def test_judgements_decide_first(world: World) -> None:
    world.paper("person:b", "Wells", "Kathryn", place=AWAY)
    world.rows = [practitioner(ONE, *WELLS, special=RHEUMA)]
    assert states(world.links(said(False, f"{ONE}#0", "pmid:1#0"))) == {}
    found = world.links(said(True, f"{ONE}#0", "pmid:4#0"))
    assert states(found) == {(ONE, "person:b"): LINKED}
    assert why(found, ONE) == "judged the same by ada: met them"
    found = world.links(said(True, f"{ONE}#0", "pmid:4#0"), said(True, f"{ONE}#0", "pmid:1#0"))
    assert set(states(found).values()) == {CANDIDATE}
    assert len(found.contradictions) == 1
    assert not found.lost


def test_an_entry_that_is_judged_to_be_somebody_and_not_is_a_contradiction(world: World) -> None:
    world.rows = [practitioner(ONE, *WELLS, special=RHEUMA), profile("openalex:A1", "Katherine Wells")]
    for entry in (ONE, "openalex:A1"):
        found = world.links(said(True, f"{entry}#0", "pmid:1#0"), said(False, f"{entry}#0", "pmid:2#0"))
        assert states(found)[entry, "person:a"] == CANDIDATE
        assert "also judged apart" in why(found, entry)
        (told,) = found.contradictions
        assert entry in told
        assert not found.lost


def test_a_judgement_about_one_payment_is_about_all_of_the_profile(world: World) -> None:
    world.rows = [payment(n, "GREEN", "ADA", "openpayments:7", town="RENO", state="NV") for n in (1, 2)]
    assert states(world.links()) == {}
    found = world.links(said(True, "openpayments:2024:1#0", "pmid:1#0"))
    assert states(found) == {(f"openpayments:2024:{n}", "person:a"): LINKED for n in (1, 2)}


def test_judgements_about_what_is_gone_are_reported(world: World) -> None:
    gone = [said(True, f"{TWO}#0", "pmid:1#0"), said(False, f"{ONE}#0", "pmid:99#0")]
    assert len(world.links(*gone).lost) == 2
    world.rows = [practitioner(ONE, *WELLS)]
    assert len(world.links(*gone).lost) == 2


def test_judgements_about_registers_are_told_from_those_about_mentions() -> None:
    about, rest = said(True, "pmid:1#0", f"{ONE}#0"), said(True, "openalex:W1#0", "pmid:2#0")
    found, others = of_registers([about, rest])
    assert [(one.a, one.b) for one in found] == [(f"{ONE}#0", "pmid:1#0")]
    assert others == [rest]
    assert of_registers([said(True, "pmid:1#0", "openalex:A1#0")])[0]


def test_a_grant_is_known_by_its_organisation(world: World) -> None:
    world.rows = [grant(1, *WELLS, "5"), grant(2, *WELLS, "5"), grant(3, *WELLS, "6", "ELSEWHERE COLLEGE", town="RENO")]
    found = states(world.links())
    assert found == {
        ("nihreporter:1", "person:a"): LINKED,
        ("nihreporter:2", "person:a"): LINKED,
        ("nihreporter:3", "person:a"): CANDIDATE,
    }
    world.rows = [grant(1, *WELLS, "5"), grant(2, *WELLS, "6")]
    assert set(states(world.links()).values()) == {CANDIDATE}


def test_a_grant_number_on_a_paper_of_the_person_is_near_hard() -> None:
    world = World()
    world.paper("person:a", "Wells", "Katherine", place="", grants=("R01 HL-900000 (NHLBI)",))
    world.rows = [grant(1, *WELLS, "5", "", project="R01HL900000", number="5R01HL900000-03")]
    found = world.links()
    assert states(found) == {("nihreporter:1", "person:a"): LINKED}
    assert "HL900000" in why(found, "nihreporter:1")
    world.rows = [grant(1, "WELLS", "KAREN", "5", project="R01HL900000")]
    assert states(world.links()) == {}


def test_an_orcid_decides_where_the_surname_fits_and_an_author_id_never() -> None:
    world = World()
    iD = "0000-0002-1825-0097"
    world.paper("person:a", "Wells", "Katherine", orcid=iD, identifiers=("openalex:A1",))
    world.paper("person:a", "Wells", "Katherine", identifiers=("openalex:A1",))
    world.paper("person:b", "Green", "Ada", identifiers=("openalex:A1",))
    world.rows = [profile(f"orcid:{iD}", "Kate Wells", iD), profile("openalex:A1", "Katherine Wells", works=24_933)]
    found = world.links()
    assert states(found) == {
        (f"orcid:{iD}", "person:a"): LINKED,
        ("openalex:A1", "person:a"): CANDIDATE,
        ("openalex:A1", "person:b"): CANDIDATE,
    }
    assert "2 of 3 mentions" in why(found, "openalex:A1")
    assert "several people" in why(found, "openalex:A1")
    assert found.counts()["author ids of OpenAlex that do not"] == 1
    world.rows = [profile(f"orcid:{iD}", "Bo Strand", iD)]
    assert set(states(world.links()).values()) == {CANDIDATE}


def test_the_order_of_rows_changes_nothing(world: World) -> None:
    world.paper("person:b", "Wells", "Kathryn", place=AWAY)
    world.row("person:c", "Green", "Ada", TWO)
    world.rows = [
        practitioner(ONE, *WELLS, special=RHEUMA),
        practitioner(TWO, "GREEN", "ADA"),
        practitioner("npi:2900000029", *WELLS, town="TOLEDO", state="OH"),
        *(payment(n, *WELLS, f"openpayments:{n % 3}", *([ONE] if n < 3 else [])) for n in range(9)),
        payment(20, "", "", "openpayments:1"),
        *(grant(n, *WELLS, str(n % 2)) for n in range(4)),
        profile("openalex:A1", "Katherine Wells"),
    ]
    first = world.links().table.to_pylist()
    assert len(first) > 10
    for seed in range(20):
        shuffle = random.Random(seed).shuffle
        for part in (world.rows, world.publications_, world.listed_):
            shuffle(part)
        assert world.links().table.to_pylist() == first


def test_a_landscape_without_registers_has_no_links(world: World) -> None:
    assert world.links().table.num_rows == 0
    assert world.links().counts() == {}
