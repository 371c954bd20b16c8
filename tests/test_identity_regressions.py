"""Who must never become one person and who must stay one: a case for each mistake that a resolver makes once.

Every name is invented, but for the records read where real ones lie. What one pair of names means is in test_names,
what judgements do in test_resolve; here whole records go in and persons are looked at.
"""

from collections import Counter
from itertools import combinations
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from resolve_world import CARDIO, NEPHRO, author, paper, persons, together, trial

from bench import identity
from kolgraph import jobs, landscape
from kolgraph.model import Affiliation, Judgement, Listed, Mention, Publication
from kolgraph.resolve import Resolution, resolve
from kolgraph.resolve.quality import lumped
from kolgraph.workspace import Workspace

A, B, C = "pmid:1#0", "pmid:2#0", "pmid:3#0"
ONE_ORCID, OTHER_ORCID = "0000-0001-2345-6789", "0000-0002-1825-0097"
HEAD = '<?xml version="1.0"?>\n<PubmedArticleSet>'


def queued(found: Resolution, a: str, b: str) -> bool:
    """Whether the doubt about two mentions is among those that somebody shall look at."""
    rows = zip(found.doubts.column("a").to_pylist(), found.doubts.column("b").to_pylist(), strict=True)
    return {a, b} in [set(row) for row in rows]


@pytest.mark.parametrize(
    ("last", "one", "other", "bridge"),
    [
        ("Kim", "Jae-Hoon", "Jae-Soo", "J"),
        ("Kim", "Jaehoon", "Jaesoo", "J"),
        ("Kim", "Jae Hoon", "Jaesoo", "Jae"),
        ("Wang", "Xiaolin", "Xiaolan", "X"),
        ("Wang", "Wei", "Weijing", "W"),
        ("Quimbly", "Osric A", "Osric B", "Osric"),
        ("Quimbly", "Osric", "Odile", "O"),
        ("Quimbly", "O A", "O B", "O"),
    ],
)
def test_a_name_that_fits_both_never_joins_two_that_conflict(last: str, one: str, other: str, bridge: str) -> None:
    """Same lab, same colleague, same subject: all evidence says one person, and the names say two."""
    records = [paper(1, (last, one)), paper(2, (last, other))]
    assert not together(resolve(records, []), A, B)
    between = [paper(n, (last, bridge), year=2018 + n) for n in (3, 4, 5)]
    found = persons(resolve([*records, *between], []))
    assert found[A] != found[B]
    assert len({found[C], found["pmid:4#0"], found["pmid:5#0"]}) == 1  # the bridge is one, on whichever side


@pytest.mark.parametrize("suffix", [("Jr", "Sr"), ("II", "III"), ("Jr.", "2nd")])
def test_a_suffix_in_any_field_keeps_apart(suffix: tuple[str, str]) -> None:
    fields = [paper(n, ("Quimbly", "Osric"), suffix=suffix[n - 1]) for n in (1, 2)]
    glued = [paper(n, (f"Quimbly {suffix[n - 1]}", "Osric")) for n in (1, 2)]
    behind = [paper(n, ("Quimbly", f"Osric {suffix[n - 1]}")) for n in (1, 2)]
    for records in (fields, glued, behind):
        assert not together(resolve(records, []), A, B)
        bare = paper(3, ("Quimbly", "Osric"), year=2021)
        assert not together(resolve([*records, bare], []), A, B)


def test_a_last_name_alone_is_somebody_and_joins_nobody_by_it() -> None:
    bare = [paper(1, ("Quimbly", "")), paper(2, ("Quimbly", ""), place=CARDIO)]
    assert not together(resolve(bare, []), A, B)
    two = [paper(1, ("Quimbly", "Osric")), paper(2, ("Quimbly", "Alba")), paper(3, ("Quimbly", ""))]
    found = resolve(two, [])
    assert not together(found, A, B)
    assert C in persons(found)


def test_a_suffix_or_a_degree_where_the_last_name_should_be_names_no_family() -> None:
    """`Jr` and `MD` are no surnames: the family stands in the forename, and two that differ by a letter are two."""
    for lost in ("Jr", "MD"):
        records = [paper(n, (lost, "Hebertsen" if n % 2 else "Hebertson")) for n in (1, 2, 3, 4)]
        assert not together(resolve(records, []), A, B)
        records = [paper(1, (lost, "Hebertsen")), paper(2, ("Hebertsen", " ".join(lost.upper())))]
        assert together(resolve(records, []), A, B)
    capitals = [paper(1, ("QUIMBLY MD", "OSRIC F")), paper(2, ("Quimbly", "Osric F"))]
    assert together(resolve(capitals, []), A, B)


@pytest.mark.parametrize("size", [99, 100, 5000])  # of the others on the list
def test_a_crowd_on_two_papers_proves_nobody(size: int) -> None:
    """Common names that share only a long list of coauthors stay apart; no list makes work that grows with its square.

    The same crowd signs both papers, as a collaboration does: for each of its names one pair is looked at.
    """
    crowd = [
        author(n, f"Crowder{chr(97 + n % 26)}{chr(97 + n // 26 % 26)}{chr(97 + n // 676)}", "A") for n in range(size)
    ]
    kims = [author(size, "Kim", "Min")]
    papers = [
        Publication(f"pmid:{n}", year=2010 + n, title=title, authors=(*crowd, *kims))
        for n, title in ((1, "Quark couplings"), (2, "Neutrino oscillation at reactors"))
    ]
    found = resolve(papers, [])
    assert not together(found, f"pmid:1#{size}", f"pmid:2#{size}")
    assert len(found.mentions) == 2 * (size + 1)
    assert found.pairs == size + 1
    # twenty who share one initial: the veto of one paper leaves what stands on the other
    alike = [author(n, "Zhang", f"X{chr(97 + n)}olin") for n in range(20)]
    twice = [Publication(f"pmid:{n}", year=2010, authors=tuple(alike)) for n in (1, 2)]
    for group in Counter(persons(resolve(twice, [])).values()).values():
        assert group == 1


def test_a_crowd_of_investigators_proves_nobody() -> None:
    """A consortium's trials list the same hundred names at other sites."""
    here, there = (Affiliation(NEPHRO),), (Affiliation(CARDIO),)
    crowd = [Mention(n, name=f"Ann Crowder{chr(97 + n % 26)}{chr(97 + n // 26)}", role="sub") for n in range(120)]
    one = Mention(120, name="Min Kim", role="sub", affiliations=here)
    other = Mention(120, name="Min Kim", role="sub", affiliations=there)
    found = resolve([], [trial(1, *crowd, one), trial(2, *crowd, other, place=CARDIO)])
    assert not together(found, "nct:NCT00000001#120", "nct:NCT00000002#120")


def test_one_orcid_on_two_names_waits_for_somebody_and_ties_neither() -> None:
    """The larger side keeps the iD; the smaller one is judged by its evidence, which here says nothing."""
    many = [paper(n, ("Thizern", "Alba"), orcid=ONE_ORCID, year=2010 + n) for n in (1, 2, 3)]
    stray = Publication(
        "pmid:9", title="Catheters", year=2020, authors=(author(0, "Cartwell", "Otto", CARDIO, orcid=ONE_ORCID),)
    )
    found = resolve([*many, stray], [])
    assert together(found, A, B, C)
    assert not together(found, A, "pmid:9#0")
    clash = [row for row in found.doubts.to_pylist() if row["logodds"] is None]
    assert len(clash) == 1
    assert "pmid:9#0" in (clash[0]["a"], clash[0]["b"])


def test_two_orcids_of_one_owner_are_one_person_once_judged_and_only_then() -> None:
    records = [
        paper(n, ("Quimbly", "Osric"), orcid=(ONE_ORCID, OTHER_ORCID)[n % 2], year=2010 + n) for n in range(1, 7)
    ]
    found = resolve(records, [])
    assert not together(found, A, B)
    assert together(found, A, C, "pmid:5#0")
    judged = resolve(records, [], [Judgement(True, A, B, "me", "owns both")])
    assert together(judged, *(f"pmid:{n}#0" for n in range(1, 7)))


def test_a_chain_of_likely_pairs_stops_at_the_veto_wherever_it_begins() -> None:
    """A~B and B~C hold, A and C conflict: whichever pair is met first, no person holds both ends."""
    names = ("Osric A", "Osric", "Osric B", "O", "O B", "O A", "Oz")
    records = [paper(n + 1, ("Quimbly", name), year=2010 + n) for n, name in enumerate(names)]
    found = persons(resolve(records, []))
    held: dict[str, set[str]] = {}
    for n, name in enumerate(names):
        held.setdefault(found[f"pmid:{n + 1}#0"], set()).add(name)
    for group in held.values():
        assert not {"Osric A", "O A"} & group or not {"Osric B", "O B"} & group
    assert len(held) < len(names)  # and it is no refusal to join anybody


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("QUIMBLY", "OSRIC FERDINAND"), ("Quimbly", "Osric Ferdinand")),
        (("Мarchett", "Alba"), ("Marchett", "Alba")),  # the capital is Cyrillic
        (("Güthlein", "Osric"), ("Guethlein", "Osric")),
        (("Güthlein", "Osric"), ("Guthlein", "Osric")),
        (("van der Quimbel", "Alba"), ("Vanderquimbel", "Alba")),
        (("DiQuimbello", "Alba"), ("Di Quimbello", "Alba")),
        (("Quimbly", "Robert"), ("Quimbly", "Rob")),
        (("Quimbly-Szelep", "Alba"), ("Quimbly Szelep", "Alba")),
        (("Li", "Fang-Li"), ("Li", "Fangli")),
        (("Quimbly, MD, PhD", "Alba"), ("Quimbly", "Alba")),
    ],
)
def test_one_person_under_two_spellings_across_a_move(one: tuple[str, str], other: tuple[str, str]) -> None:
    """Three papers each, the colleague and the subject the same, the employer another: both spellings are one."""
    before = [paper(n, one, year=2010 + n) for n in (1, 2, 3)]
    after = [
        Publication(
            f"pmid:{n}",
            title=before[0].title,
            abstract=before[0].abstract,
            year=2010 + n,
            mesh=before[0].mesh,
            authors=(author(0, *other, CARDIO), *(author(1, m.last, m.fore, CARDIO) for m in before[0].authors[1:])),
        )
        for n in (4, 5, 6)
    ]
    assert together(resolve([*before, *after], []), *(f"pmid:{n}#0" for n in range(1, 7)))


def test_every_place_of_a_name_in_the_other_order_is_one_person() -> None:
    records = [paper(n, ("Wei", "Zhilong") if n % 2 else ("Zhilong", "Wei"), year=2010 + n) for n in range(1, 5)]
    assert together(resolve(records, []), *(f"pmid:{n}#0" for n in range(1, 5)))
    stranger = paper(5, ("Zhilong", "Wei"), place=CARDIO, year=2015)
    found = persons(resolve([*records, stranger], []))
    assert found["pmid:5#0"] != found[A]


def test_a_listed_name_and_state_is_no_proof() -> None:
    """A row of an own list with the name and the place of somebody is a doubt, never silently that person."""
    row = Listed(
        "own:peers:1",
        list="peers",
        kind="person",
        mention=Mention(0, last="Quimbly", fore="Osric", affiliations=(Affiliation(NEPHRO),)),
    )
    found = resolve([paper(n, ("Quimbly", "Osric"), year=2010 + n) for n in (1, 2, 3)], [], listed=[row])
    assert not together(found, A, "own:peers:1#0")
    assert any(queued(found, "own:peers:1#0", f"pmid:{n}#0") for n in (1, 2, 3))


@pytest.mark.parametrize(
    "name",
    ["Clinical Trials", "Medical Director", "Study Contact", "GSK Clinical Trials", "Trial Team", "Research Site"],
)
def test_an_office_of_the_registry_is_nobody(name: str) -> None:
    found = resolve([], [trial(1, Mention(0, name=name, role="contact", affiliations=(Affiliation(NEPHRO),)))])
    assert len(found.mentions) == 0


def record(number: int, *authors: str, version: int = 1, orcid: str = "") -> str:
    """A record as PubMed writes it: authors as `Last, Fore`."""
    title = f"Podocyte nephrogenomics {'revisited ' * (version - 1)}in glomerular sclerosis"
    names = "".join(
        f"<Author><LastName>{last}</LastName><ForeName>{fore}</ForeName>"
        + (f'<Identifier Source="ORCID">{orcid}</Identifier>' if orcid and not place else "")
        + f"<AffiliationInfo><Affiliation>{NEPHRO}</Affiliation></AffiliationInfo></Author>"
        for place, (last, _, fore) in enumerate(one.partition(", ") for one in authors)
    )
    return (
        f'<PubmedArticle><MedlineCitation><PMID Version="{version}">{number}</PMID><Article><Journal><JournalIssue>'
        f"<PubDate><Year>2020</Year></PubDate></JournalIssue></Journal><ArticleTitle>{title}</ArticleTitle>"
        f"<AuthorList>{names}</AuthorList></Article></MedlineCitation></PubmedArticle>"
    )


def loaded(folder: Path, *records: str) -> dict[str, str]:
    """Mention -> person, from a file of PubMed through inbox and resolution."""
    landscape.write(folder, landscape.Landscape("Invented", (landscape.topic("Any=any"),)))
    (folder / "some.xml").write_text(f"{HEAD}{''.join(records)}</PubmedArticleSet>", "utf-8")
    with Workspace(folder) as ws:
        jobs.load(ws, landscape.Source("pubmed", (str(folder / "some.xml"),)))
        jobs.resolve(ws)
        table = pq.read_table(ws.resolved / "mentions.parquet").to_pylist()
    return {f"{row['record']}#{row['position']}": row["person"] for row in table}


def test_nobody_meets_a_copy_of_himself_on_another_version_of_a_paper(tmp_path: Path) -> None:
    twice = [record(1, "Quimbly, Osric"), record(1, "Quimbly, Osric", "Thizern, Alba", version=2)]
    found = loaded(tmp_path, *twice)
    assert sorted(found) == [A, "pmid:1#1"]  # the later version, and one Osric


def test_the_same_name_twice_on_one_paper_is_two_people(tmp_path: Path) -> None:
    found = loaded(tmp_path, record(1, "Hajibar, S", "Hajibar, S"), record(2, "Hajibar, S", "Thizern, Alba"))
    assert found[A] != found["pmid:1#1"]


def test_an_orcid_a_digit_short_is_no_evidence(tmp_path: Path) -> None:
    """It neither ties two strangers nor parts one person."""
    short = ONE_ORCID[:-1]
    strangers = (record(1, "Quimbly, Osric", orcid=short), record(2, "Cartwell, Otto", orcid=short))
    one = (record(3, "Thizern, Alba", orcid=short), record(4, "Thizern, Alba", orcid=OTHER_ORCID))
    found = loaded(tmp_path, *strangers, *one)
    assert found[A] != found[B]
    assert found[C] == found["pmid:4#0"]


# What follows reads real records, where they are.


def test_one_oncologist_survives_two_moves_of_employer(realdata: Path) -> None:
    """Three published labels, one career (identity.md 16): they end as one person."""
    found = identity.people(resolve(identity.publications(realdata / identity.SONG), []).mentions)
    keys = [key for key, label in identity.labels(realdata, "label").items() if label in {"901", "902", "903"}]
    counts = Counter(found[key] for key in keys)
    assert len(keys) == 78
    assert counts.most_common(1)[0][1] >= 75


@pytest.fixture(scope="module")
def summer(realdata: Path) -> tuple[list[Publication], Resolution]:
    """The records of two days of 2021, resolved with all that they say."""
    records = identity.publications(realdata / identity.PUBMED)
    return records, resolve(records, [])


@pytest.mark.parametrize(("last", "fore", "papers"), [("Wang", "Jing", 25), ("Zhang", "Wei", 20)])
def test_bearers_of_a_common_name_are_many(
    summer: tuple[list[Publication], Resolution], last: str, fore: str, papers: int
) -> None:
    """Two days of all of medicine: so many papers under one name are of about as many people."""
    records, found = summer
    people = identity.people(found.mentions)
    slots = [(one, m) for one in records for m in one.authors if (m.last, m.fore) == (last, fore)]
    assert len({one.id for one, _ in slots}) >= papers
    assert len({people[one.id, m.position] for one, m in slots}) >= papers // 2
    largest = Counter(people[one.id, m.position] for one, m in slots).most_common(1)[0]
    assert largest[1] <= 4


@pytest.mark.parametrize("paper_id", ["pmid:34095513", "pmid:27770180"])
def test_nobody_stands_twice_on_the_longest_lists(
    summer: tuple[list[Publication], Resolution], realdata: Path, paper_id: str
) -> None:
    records, found = summer
    if paper_id not in {one.id for one in records}:
        records = identity.publications(realdata / identity.VISHNYAKOVA)
        found = resolve([one for one in records if one.id == paper_id], [])
    listed = next(one for one in records if one.id == paper_id)
    people = identity.people(found.mentions)
    slots = [people[listed.id, m.position] for m in listed.authors if (listed.id, m.position) in people]
    assert len(slots) >= 80
    assert len(set(slots)) == len(slots)


def test_real_clashes_and_twins_end_as_they_should(summer: tuple[list[Publication], Resolution]) -> None:
    """One ORCID on two names waits in the queue, two iDs are two people, and so is one name twice on a paper."""
    records, found = summer
    people = identity.people(found.mentions)
    known = {one.id: one for one in records}
    clash = [m for m in known["pmid:34095505"].authors if m.orcid]
    doubled = [ids for ids, n in Counter(m.orcid for m in clash).items() if n > 1]
    sides = [m.position for m in clash if m.orcid in doubled]
    assert len(sides) == 2
    assert len({people["pmid:34095505", at] for at in sides}) == len(sides)
    assert all(queued(found, f"pmid:34095505#{a}", f"pmid:34095505#{b}") for a, b in combinations(sides, 2))
    owners = {(one.id, m.position): m.orcid for one in records for m in one.authors if m.orcid}
    assert len(owners) > 8000
    assert lumped(owners, people) == []
    twins = [m.position for m in known["pmid:32757361"].authors if (m.last, m.initials) == ("Hajibandeh", "S")]
    assert len(twins) == 2
    assert len({people["pmid:32757361", at] for at in twins}) == 2
    versions = [row for row in found.mentions.column("record").to_pylist() if row == "pmid:34017925"]
    assert len(versions) == len([m for m in known["pmid:34017925"].authors if not m.group])
