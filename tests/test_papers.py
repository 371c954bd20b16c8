"""Two records of one paper are one publication, whatever the order in which they came; what was said of the one that
stood alone holds for it."""

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kolgraph import jobs, landscape
from kolgraph.explaining import explain
from kolgraph.inbox import Inbox
from kolgraph.loading import Page, Record
from kolgraph.model import Affiliation, Mention, Publication, Trial
from kolgraph.papers import Known, Papers, find, merged, moved
from kolgraph.resolve import parse_slots
from kolgraph.services.sources import identifiers_said
from kolgraph.workspace import Workspace

TITLE = "Inhaled steroids in severe asthma of adults"


def author(position: int, last: str, fore: str, **said: object) -> Mention:
    return Mention(position, last, fore, **said)  # type: ignore[arg-type]


def free(position: int, name: str, **said: object) -> Mention:
    return Mention(position, name=name, **said)  # type: ignore[arg-type]


def known(*rows: tuple[str, str, str]) -> list[Known]:
    return [Known(id, tuple(numbers.split()), title) for id, numbers, title in rows]


def groups(rows: list[Known]) -> list[tuple[str, ...]]:
    return sorted(find(lambda: iter(rows)).records.values())


PUBMED = Publication(
    "pmid:9",
    title=TITLE,
    year=2021,
    journal="Invented Journal",
    identifiers=("doi:10.1000/a",),
    authors=(
        author(0, "Erfunden", "Nora B", affiliations=(Affiliation("Harbour Clinic"),)),
        author(1, "Beispiel", "Otto"),
        Mention(2, group="The Invented Study Group"),
    ),
)
OPENALEX = Publication(
    "openalex:W1",
    title=TITLE.upper(),
    year=2020,
    identifiers=("doi:10.1000/a", "pmid:9"),
    abstract="What we found.",
    authors=(
        free(0, "Nora Erfunden", identifiers=("openalex:A1",), orcid="0000-0002-1825-0097"),
        free(1, "Beispiel, Otto", identifiers=("openalex:A2",), affiliations=(Affiliation("Coast University"),)),
        Mention(2, group="the invented study group"),
    ),
    cited_by=12,
)


def test_by_pmid_and_by_doi() -> None:
    rows = known(
        ("pmid:9", "doi:10.1000/a", TITLE),
        ("openalex:W1", "pmid:9 doi:10.1000/other", "Another title altogether"),  # a PMID needs no title
        ("doi:10.1000/a", "", f"{TITLE}: a trial"),
        ("europepmc:PPR/PPR1", "doi:10.1101/preprint", TITLE),  # the preprint has its own DOI
        ("openalex:W3", "doi:10.1000/lone", ""),
    )
    assert groups(rows) == [("pmid:9", "doi:10.1000/a", "openalex:W1")]


def test_titles_that_disagree_forbid_what_a_doi_suggests() -> None:
    rows = known(("pmid:9", "doi:10.1000/a", TITLE), ("openalex:W1", "doi:10.1000/a", "Erratum for page nine"))
    assert groups(rows) == []
    rows[1] = Known("openalex:W1", ("doi:10.1000/a",), "")
    assert groups(rows) == [("pmid:9", "openalex:W1")]
    rows[1] = Known("openalex:W1", ("doi:10.1000/a",), "Kortison bei schwerem Asthma")
    rows[0] = Known("pmid:9", ("doi:10.1000/a",), "[Inhaled steroids in severe asthma].")  # translated by PubMed
    assert groups(rows) == [("pmid:9", "openalex:W1")]


def test_two_pmids_never_become_one_and_what_names_their_shared_doi_is_neither() -> None:
    rows = known(
        ("pmid:8", "doi:10.1000/a", TITLE),
        ("pmid:9", "doi:10.1000/a", TITLE),
        ("doi:10.1000/a", "", TITLE),
        ("openalex:W1", "pmid:9", TITLE),
        ("openalex:W2", "doi:10.1000/a", TITLE),
    )
    assert groups(rows) == [("doi:10.1000/a", "openalex:W2"), ("pmid:9", "openalex:W1")]


def test_a_doi_of_a_whole_supplement_is_looked_through_in_bounds() -> None:
    titles = [f"{chr(97 + n % 26)}{n} {n * 7} {n * 13}" for n in range(1_000)]
    rows = [Known(f"openalex:W{n}", ("doi:10.1000/supplement",), title) for n, title in enumerate(titles)]
    assert groups(rows) == []
    assert groups([*rows, replace(rows[7], id="openalex:W7000")]) == []  # beyond the first fifty nobody is looked for


def test_versions_of_a_preprint_are_one_and_the_article_another() -> None:
    rows = known(
        ("europepmc:PPR/PPR1", "doi:10.21203/rs.1/v1 europepmc:PPR/PPR2", TITLE),
        ("europepmc:PPR/PPR2", "doi:10.21203/rs.1/v2 europepmc:PPR/PPR1", TITLE),
        ("europepmc:MED/9", "pmid:9 doi:10.1000/a", TITLE),
    )
    assert groups(rows) == [("europepmc:PPR/PPR1", "europepmc:PPR/PPR2")]


def test_without_pubmed_the_first_complete_record_leads() -> None:
    rows = [
        Known("europepmc:MED/9", ("pmid:9",), TITLE, complete=False),
        Known("openalex:W1", ("pmid:9", "doi:10.1000/a"), TITLE),
        Known("doi:10.1000/a", (), TITLE),
    ]
    assert groups(rows) == [("doi:10.1000/a", "openalex:W1", "europepmc:MED/9")]


_NUMBERS = st.sampled_from(["pmid:1", "pmid:2", "doi:10.1000/a", "doi:10.1000/b", "pmc:PMC1", "europepmc:PPR/PPR1"])
_IDS = ["pmid:1", "pmid:2", "doi:10.1000/a", "doi:10.1000/b", "openalex:W1", "openalex:W2", "europepmc:PPR/PPR1"]


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_whatever_comes_in_whatever_order(data: st.DataObject) -> None:
    ids = data.draw(st.lists(st.sampled_from(_IDS), unique=True))
    titles = st.sampled_from([TITLE, "", "Something else was studied here"])
    rows = [Known(id, tuple(data.draw(st.lists(_NUMBERS, max_size=2))), data.draw(titles)) for id in ids]
    found = groups(rows)
    assert groups(data.draw(st.permutations(rows))) == found
    placed = [id for group in found for id in group]
    assert len(placed) == len(set(placed))
    assert all(sum(id.startswith("pmid:") for id in group) <= 1 for group in found)
    by_id = {one.id: one for one in rows}
    for group in found:
        assert len({by_id[id].pmid for id in group} - {""}) <= 1
        assert group[0].startswith("pmid:") or not any(id.startswith("pmid:") for id in group)


def test_pubmed_leads_and_the_others_fill_what_it_lacks() -> None:
    paper = merged([PUBMED, OPENALEX])
    assert (paper.id, paper.title, paper.year) == ("pmid:9", TITLE, 2021)
    assert (paper.abstract, paper.cited_by) == ("What we found.", 12)
    assert paper.identifiers == ("doi:10.1000/a", "openalex:W1")
    first, second, third = paper.authors
    assert (first.last, first.orcid, first.identifiers) == ("Erfunden", "0000-0002-1825-0097", ("openalex:A1",))
    assert first.affiliations == (Affiliation("Harbour Clinic"),)
    assert second.affiliations == (Affiliation("Coast University"),)
    assert third == PUBMED.authors[2]


def test_what_a_pubmed_record_says_is_never_overwritten() -> None:
    own = replace(PUBMED.authors[0], orcid="0000-0001-5109-3700")
    paper = merged([replace(PUBMED, abstract="Ours.", authors=(own, *PUBMED.authors[1:])), OPENALEX])
    assert (paper.abstract, paper.authors[0].orcid) == ("Ours.", "0000-0001-5109-3700")


@pytest.mark.parametrize(
    "others",
    [
        OPENALEX.authors[:2],  # a list of another length
        tuple(replace(one, position=one.position + 1) for one in OPENALEX.authors),
        (free(0, "Otto Beispiel", identifiers=("openalex:A2",)), free(1, "N. Erfunden"), OPENALEX.authors[2]),
    ],
)
def test_nothing_is_carried_over_between_lists_that_do_not_fit(others: tuple[Mention, ...]) -> None:
    assert merged([PUBMED, replace(OPENALEX, authors=others)]).authors == PUBMED.authors


def test_of_a_list_that_is_cut_what_is_there_is_carried_over() -> None:
    paper = merged([PUBMED, replace(OPENALEX, authors=OPENALEX.authors[:2], complete=False)])
    assert [one.identifiers for one in paper.authors] == [("openalex:A1",), ("openalex:A2",), ()]


def test_a_list_is_taken_where_the_leading_record_has_none() -> None:
    paper = merged([replace(PUBMED, authors=()), OPENALEX])
    assert paper.authors == OPENALEX.authors


def test_a_retraction_told_by_any_record_counts_but_a_notice_stays_one() -> None:
    told = replace(OPENALEX, kind="retracted")
    assert merged([PUBMED, told]).kind == "retracted"
    assert merged([replace(PUBMED, kind="notice"), told]).kind == "notice"


def test_old_mentions_are_found_by_name_where_places_differ() -> None:
    lists = {
        "openalex:W1": (free(0, "Nora Erfunden"), free(1, "Otto Beispiel"), free(2, "Jing Wang"), free(3, "A. Gone")),
        "pmid:9": (
            *(author(0, "Erfunden", "Nora"), Mention(1, group="A Group"), author(2, "Beispiel", "Otto")),
            *(author(4, "Wang", "Jing"), author(5, "Wang", "Jun")),
        ),
    }
    old = [f"openalex:W1#{n}" for n in range(5)]
    assert moved([*old, "pmid:9#0", "pmid:7#2"], {"openalex:W1": "pmid:9", "pmid:7": "pmid:6"}, lists.get) == {
        "openalex:W1#0": "pmid:9#0",
        "openalex:W1#1": "pmid:9#2",
        "pmid:7#2": "pmid:6#2",  # renumbered by its source
    }  # two Wangs may be meant, one author is gone, one never was: these wait


# in the inbox


def stored(inbox: Inbox, *papers: Publication, source: str = "test") -> None:
    for number, paper in enumerate(papers):
        walk = inbox.begin(source, f"{paper.id} {number}", "", "1")
        inbox.store(walk, Page((Record(paper.id, repr(paper).encode(), paper),)))
        inbox.finish(walk)


def test_the_inbox_reads_one_publication_for_all_its_records(inbox: Inbox) -> None:
    lone = Publication("openalex:W5", title="Alone")
    stored(inbox, OPENALEX, lone, Publication("pmid:7", title="Also alone"))
    before = list(inbox.publications())
    assert [one.id for one in before] == ["openalex:W1", "openalex:W5", "pmid:7"]
    assert inbox.aliases() == {}
    stored(inbox, PUBMED)
    assert [one.id for one in inbox.publications()] == ["openalex:W5", "pmid:7", "pmid:9"]
    assert list(inbox.publications())[-1] == merged([PUBMED, OPENALEX]) == inbox.paper("openalex:W1")
    assert inbox.paper("pmid:404") is None
    for id in ("pmid:9", "openalex:W1"):
        assert [record for record, _ in inbox.records_of(id)] == ["pmid:9", "openalex:W1"]
    assert [where.origin for _, where in inbox.records_of("openalex:W5")] == ["openalex:W5 1"]
    assert inbox.records_of("pmid:404") == []
    assert inbox.aliases() == {"openalex:W1": "pmid:9"}
    assert inbox.moved(["openalex:W1#1", "pmid:9#0"]) == {"openalex:W1#1": "pmid:9#1"}
    assert inbox.counts()["publications"] == 4  # records are counted, each with its source


def test_the_order_of_loading_changes_nothing(tmp_path: Path) -> None:
    papers = [PUBMED, OPENALEX, replace(OPENALEX, id="openalex:W2"), Publication("doi:10.1000/a", title=TITLE)]
    seen = set()
    for turn in range(4):
        random.Random(turn).shuffle(papers)
        inbox = Inbox(tmp_path / f"{turn}.db")
        stored(inbox, *papers)
        seen.add(tuple(inbox.publications()))
        inbox.close()
    assert len(seen) == 1
    assert [len(read) for read in seen] == [1]


def test_pubmed_alone_is_read_without_a_search(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kolgraph.inbox_papers.find", lambda scan: pytest.fail("nothing to be found"))
    stored(inbox, PUBMED, replace(PUBMED, id="pmid:8"))
    assert [one.id for one in inbox.publications()] == ["pmid:8", "pmid:9"]


def test_what_is_found_follows_what_is_held(inbox: Inbox) -> None:
    stored(inbox, PUBMED, OPENALEX)
    assert len(list(inbox.publications())) == 1
    walk = inbox.begin("test", "withdrawn", "", "1")
    inbox.store(walk, Page(deleted=(("pmid:9", 99),)))
    inbox.finish(walk)
    assert [one.id for one in inbox.publications()] == ["openalex:W1"]
    assert inbox.aliases() == {}


def test_an_alias_of_a_source_leads_to_the_paper(inbox: Inbox) -> None:
    stored(inbox, PUBMED, OPENALEX)
    walk = inbox.begin("test", "merged", "", "1")
    inbox.store(walk, Page(aliases=(("openalex:W0", "openalex:W1"),)))
    inbox.finish(walk)
    assert inbox.aliases() == {"openalex:W0": "pmid:9", "openalex:W1": "pmid:9"}
    assert [record for record, _ in inbox.records_of("openalex:W0")] == ["pmid:9", "openalex:W1"]


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    landscape.write(tmp_path, landscape.Landscape("Papers"))
    with Workspace(tmp_path) as opened:
        yield opened


def persons(ws: Workspace) -> dict[str, str]:
    import pyarrow.parquet as pq

    rows = pq.read_table(ws.resolved / "mentions.parquet", columns=["record", "position", "person"]).to_pylist()
    return {f"{row['record']}#{row['position']}": row["person"] for row in rows}


def test_persons_and_judgements_survive_the_arrival_of_pubmed(workspace: Workspace) -> None:
    second = replace(
        *(OPENALEX,),
        id="openalex:W2",
        title="An unlike matter in another field",
        identifiers=("doi:10.1000/b",),
        abstract="",
        authors=(free(0, "Otto Beispiel"), free(1, "N. Erfunden")),
    )
    stored(workspace.inbox, OPENALEX, second)
    workspace.ledger.append("judgement.same", data={"a": "openalex:W1#1", "b": "openalex:W2#0"}, why="same office")
    jobs.resolve(workspace)
    before = persons(workspace)
    assert before["openalex:W1#1"] == before["openalex:W2#0"]
    stored(workspace.inbox, PUBMED)
    step = jobs.resolve(workspace)
    after = persons(workspace)
    assert {key: after[f"pmid:9#{key[-1]}"] for key in before if "W1" in key} == {
        key: person for key, person in before.items() if "W1" in key
    }
    assert after["pmid:9#1"] == after["openalex:W2#0"] == before["openalex:W1#1"]
    assert "judgements without mention" not in step.counts
    assert not jobs.resolve(workspace).counts  # fresh: nothing has changed since
    said = identifiers_said(workspace, after["pmid:9#0"], ["orcid:0000-0002-1825-0097"])  # by OpenAlex alone
    assert [one.record for one in said["orcid:0000-0002-1825-0097"]] == ["pmid:9", "openalex:W1"]
    assert explain(workspace, "openalex:W1#1", "openalex:W2#0") == explain(workspace, "pmid:9#1", "openalex:W2#0")
    register = dict(workspace.ledger.register())
    assert "openalex:W1#0" in register.values()  # ids are kept under the mention of their day


def test_a_judgement_on_what_has_become_one_mention_is_settled(workspace: Workspace) -> None:
    stored(workspace.inbox, OPENALEX)
    workspace.ledger.append("judgement.different", data={"a": "openalex:W1#0", "b": "pmid:9#0"}, why="by mistake")
    stored(workspace.inbox, PUBMED)
    assert "contradictory judgements" not in jobs.resolve(workspace).counts


def test_nothing_to_find_in_nothing() -> None:
    assert find(lambda: iter(())) == Papers({}, {})
    assert Papers().of("pmid:1") == ("pmid:1",)


def test_a_trial_finds_the_paper_that_reports_it_by_its_pmid(workspace: Workspace) -> None:
    trial = Trial("nct:NCT90000001", "Steroids", results=("pmid:9",), investigators=(free(0, "Nora Erfunden"),))
    by_record = dict(
        zip(*(parse_slots([OPENALEX], [trial])[name].to_pylist() for name in ("record", "reports")), strict=True)
    )
    assert set(by_record["nct:NCT90000001"]) & set(by_record["openalex:W1"])
    stored(workspace.inbox, OPENALEX)
    walk = workspace.inbox.begin("test", "trials", "", "1")
    workspace.inbox.store(walk, Page((Record(trial.id, b"{}", trial),)))
    workspace.inbox.finish(walk)
    jobs.resolve(workspace)
    assert jobs.build(workspace).counts["reports"] == 1
