"""Rows of own lists among the mentions of records: hard facts tie them, names alone never; records stay as they are."""

from collections import Counter

from resolve_world import NEPHRO, author, paper, persons, together, trial

from kolgraph.model import Affiliation, Judgement, Listed, Mention, Publication
from kolgraph.resolve import Resolution, resolve

ORCID, OTHER = "0000-0002-1825-0097", "0000-0001-5109-3700"
NPI = "npi:1234567893"


def listed(
    key: str, last: str = "Quimbright", fore: str = "Ansel", orcid: str = "", npi: str = "", by: Mention | None = None
) -> Listed:
    numbers = (npi,) if npi else ()
    place = (Affiliation(NEPHRO),)
    one = Mention(0, last, fore, role="listed", orcid=orcid, identifiers=numbers, affiliations=place)
    return Listed(f"own:board:{key}", "Board", "nomination" if by else "person", one, by)


def papers(orcid: str = "") -> list[Publication]:
    return [paper(n, ("Quimbright", "Ansel"), year=2018 + n, orcid=orcid) for n in (1, 2, 3)]


def partition(found: Resolution) -> set[frozenset[str]]:
    """Who is together on papers and trials, whatever the persons are called."""
    groups: dict[str, set[str]] = {}
    for key, person in persons(found).items():
        if not key.startswith("own:"):
            groups.setdefault(person, set()).add(key)
    return {frozenset(group) for group in groups.values()}


def test_an_orcid_ties_a_row_to_the_person_of_the_papers() -> None:
    found = resolve(papers(ORCID), [], listed=[listed("a", orcid=ORCID)])
    assert together(found, "own:board:a#0", "pmid:1#0", "pmid:3#0")
    alone = resolve(papers(ORCID), [])
    assert persons(alone)["pmid:1#0"] == persons(found)["own:board:a#0"]  # the list gave the person no new id


def test_name_and_place_alone_are_a_doubt_and_no_link() -> None:
    found = resolve(papers(), [], listed=[listed("a")])
    assert together(found, "pmid:1#0", "pmid:2#0", "pmid:3#0")
    assert not together(found, "own:board:a#0", "pmid:1#0")
    doubts = found.doubts.to_pylist()
    assert any("own:board:a#0" in (one["a"], one["b"]) for one in doubts)


def test_a_judgement_settles_the_doubt_both_ways() -> None:
    row = listed("a")
    same = [Judgement(True, "own:board:a#0", "pmid:2#0", "Mara", "the same address")]
    assert together(resolve(papers(), [], same, listed=[row]), "own:board:a#0", "pmid:1#0", "pmid:3#0")
    apart = [Judgement(False, "own:board:a#0", "pmid:2#0", "Mara", "a namesake")]
    assert not together(resolve(papers(), [], apart, listed=[row]), "own:board:a#0", "pmid:2#0")


def test_an_npi_ties_rows_of_two_lists_and_a_shared_name_does_not() -> None:
    rows = [listed("a", npi=NPI), listed("b", npi=NPI), listed("c")]
    found = resolve([], [], listed=rows)
    assert together(found, "own:board:a#0", "own:board:b#0")
    assert not together(found, "own:board:a#0", "own:board:c#0")
    assert not any("own:board:c#0" in (one["a"], one["b"]) for one in found.doubts.to_pylist())


def test_one_number_on_two_names_ties_nothing_and_is_reported() -> None:
    found = resolve(papers(ORCID), [], listed=[listed("a", last="Brackenfold", fore="Tilda", orcid=ORCID)])
    assert not together(found, "own:board:a#0", "pmid:1#0")
    assert together(found, "pmid:1#0", "pmid:2#0", "pmid:3#0")
    assert any("ORCID" in one["reasons"] for one in found.doubts.to_pylist())


def test_three_wrong_rows_do_not_outvote_one_paper() -> None:
    rows = [listed(key, last="Brackenfold", fore="Tilda", orcid=ORCID) for key in "abc"]
    found = resolve([paper(1, ("Quimbright", "Ansel"), orcid=ORCID)], [], listed=[*rows, listed("d", orcid=ORCID)])
    assert together(found, "own:board:d#0", "pmid:1#0")
    assert not together(found, "own:board:a#0", "pmid:1#0")


def test_the_orcid_of_a_row_keeps_its_person_from_another() -> None:
    """A judgement ties the row to paper 1; paper 2, of another ORCID, must not follow."""
    two = [paper(1, ("Quimbright", "Ansel")), paper(2, ("Quimbright", "Ansel"), orcid=OTHER)]
    same = [Judgement(True, "own:board:a#0", "pmid:1#0", "Mara", "known")]
    assert together(resolve(two, [], same, listed=[listed("a")]), "pmid:1#0", "pmid:2#0")
    found = resolve(two, [], same, listed=[listed("a", orcid=ORCID)])
    assert not together(found, "pmid:1#0", "pmid:2#0")


def test_records_are_resolved_alike_with_and_without_lists() -> None:
    records = [*papers(), paper(4, ("Quimbright", "Ansel"), ("Sollivan", "Ruth")), paper(5, ("Sollivan", "R"))]
    trials = [trial(1, author(0, "Quimbright", "Ansel", NEPHRO))]
    rows = [listed(str(n), orcid=ORCID if n == 1 else "") for n in range(40)]
    rows += [listed(f"s{n}", "Sollivan", "Ruth", npi=NPI) for n in range(3)]
    without, with_lists = resolve(records, trials), resolve(records, trials, listed=rows)
    assert partition(without) == partition(with_lists)
    of_papers = {key: person for key, person in persons(with_lists).items() if not key.startswith("own:")}
    assert of_papers == persons(without)
    doubts = [Counter(map(str, found.doubts.to_pylist())) for found in (without, with_lists)]
    assert not doubts[0] - doubts[1]


def test_both_people_of_a_nomination_are_persons() -> None:
    by = Mention(1, "Sollivan", "Ruth", role="nominator", orcid=OTHER)
    found = resolve(papers(ORCID), [], listed=[listed("a", orcid=ORCID, by=by)])
    assert together(found, "own:board:a#0", "pmid:1#0")
    assert persons(found)["own:board:a#1"] != persons(found)["own:board:a#0"]
