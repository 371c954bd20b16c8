"""The synthetic world: the same bytes for a seed, the sources' formats and oddities, a truth for every slot."""

import gzip
import hashlib
import json
import re
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest

from kolgraph import ids
from kolgraph.demo import TITLE, TOPICS, generate
from kolgraph.demo.draws import Draws, cumulate, within
from kolgraph.demo.names import Name, ascii_form, spellings
from kolgraph.demo.places import ror_id
from kolgraph.demo.write import gzip_stored
from kolgraph.errors import UsageError

PEOPLE = 600


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("world")
    generate(folder, PEOPLE, 7)
    return folder


@pytest.fixture(scope="module")
def articles(world: Path) -> list[ElementTree.Element]:
    found: list[ElementTree.Element] = []
    for path in sorted((world / "pubmed").glob("*.xml.gz")):
        found += ElementTree.fromstring(gzip.decompress(path.read_bytes())).findall("PubmedArticle")
    return found


@pytest.fixture(scope="module")
def studies(world: Path) -> list[dict[str, Any]]:
    pages = [json.loads(path.read_bytes()) for path in sorted((world / "clinicaltrials").glob("*.json"))]
    assert all("nextPageToken" in page for page in pages[:-1])
    assert "nextPageToken" not in pages[-1]
    found = [study for page in pages for study in page["studies"]]
    assert pages[0]["totalCount"] == len(found)
    return found


def table(world: Path, name: str) -> list[list[str]]:
    lines = (world / "truth" / f"{name}.tsv").read_text("utf-8").splitlines()
    return [line.split("\t") for line in lines[1:]]


def digests(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_same_seed_same_bytes_other_seed_other_bytes(tmp_path: Path) -> None:
    for name, seed in (("a", 3), ("b", 3), ("c", 4)):
        generate(tmp_path / name, 80, seed)
    assert digests(tmp_path / "a") == digests(tmp_path / "b")
    other = digests(tmp_path / "c")
    assert all(other.get(name) != digest for name, digest in digests(tmp_path / "a").items())


def test_bytes_are_those_of_every_machine(tmp_path: Path) -> None:
    """A change here changes every demo: make sure that it is wanted, and the same on another Python."""
    generate(tmp_path, 80, 3)
    whole = hashlib.sha256(json.dumps(digests(tmp_path), sort_keys=True).encode()).hexdigest()
    assert whole == "5399756c074b3b0c16cc243b4ec9df1274843c2ea22aa5011ae8969284444257"


def test_a_world_needs_some_people(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="at least 50"):
        generate(tmp_path, 10)


def test_progress_is_told(tmp_path: Path) -> None:
    told: list[tuple[int, int, str]] = []
    generate(tmp_path, 60, progress=lambda done, of, what: told.append((done, of, what)))
    assert told[0][:2] == (1, 15)
    assert told[-1][:2] == (15, 15)


def test_draws_are_exact() -> None:
    draws = Draws(7, "test")
    assert draws.unit(2).tolist() == [0.699339784542452, 0.8601477154402175]
    counts = Counter(Draws(1, "x").pick(np.array([0, 1, 3]), 4000).tolist())
    assert counts[0] == 0
    assert 2.6 < counts[2] / counts[1] < 3.4
    total = cumulate(Draws(1, "z").unit(5))
    assert within(Draws(2, "z").unit(50), total, 2, 3).tolist() == [2] * 50


def test_stored_gzip_is_gzip() -> None:
    for data in (b"", b"x", b"ab" * 70_000):
        assert gzip.decompress(gzip_stored(data)) == data


def test_identifiers_are_well_formed_and_not_given_out(world: Path, articles: list[ElementTree.Element]) -> None:
    assert ror_id(0) == "000000098"
    assert ids.ror_id(ror_id(123456789))
    for record in json.loads((world / "ror" / "ror.json").read_bytes()):
        assert ids.ror_id(record["id"])
    orcids = [row[7] for row in table(world, "people") if row[7]]
    assert len(set(orcids)) == len(orcids) > PEOPLE // 3
    assert all(ids.orcid_id(orcid) == orcid and orcid.startswith("0000-9900-") for orcid in orcids)
    pmids = [int(article.findtext("./MedlineCitation/PMID") or 0) for article in articles]
    assert min(pmids) > 90_000_000
    assert len(set(pmids)) < len(pmids)  # second versions


def test_every_slot_has_its_truth(world: Path, articles: list[ElementTree.Element]) -> None:
    people = {row[0] for row in table(world, "people")}
    truth = {(row[0], int(row[1])): row[2] for row in table(world, "mentions")}
    seen = set()
    for article in articles:
        pmid = article.findtext("./MedlineCitation/PMID") or ""
        slots = [*article.iterfind(".//AuthorList/Author"), *article.iterfind(".//InvestigatorList/Investigator")]
        assert slots
        humans = [truth[pmid, at] for at in range(len(slots)) if slots[at].find("LastName") is not None]
        assert all(person in people for person in humans)
        assert all(truth[pmid, at] == "" for at in range(len(slots)) if slots[at].find("CollectiveName") is not None)
        authors = [truth[pmid, at] for at, slot in enumerate(slots) if slot.tag == "Author" if truth[pmid, at]]
        assert len(set(authors)) == len(authors)
        seen |= {(pmid, at) for at in range(len(slots))}
    assert seen == set(truth)


def test_every_affiliation_has_its_institutions(world: Path, articles: list[ElementTree.Element]) -> None:
    known = {ids.ror_id(record["id"]) for record in json.loads((world / "ror" / "ror.json").read_bytes())}
    truth = {row[0]: row[1].split() for row in table(world, "affiliations")}
    for article in articles:
        for place in article.iterfind(".//Affiliation"):
            assert place.text is not None
            assert set(truth[place.text]) <= known
            assert truth[place.text]


def test_papers_have_the_shapes_of_pubmed(articles: list[ElementTree.Element]) -> None:
    sizes = sorted(len(article.findall(".//AuthorList/Author")) for article in articles)
    assert 4 <= sizes[len(sizes) // 2] <= 6
    assert 4.3 <= sum(sizes) / len(sizes) <= 8
    assert 0.002 < sum(size > 20 for size in sizes) / len(sizes) < 0.05
    slots = [slot for article in articles for slot in article.iterfind(".//AuthorList/Author")]
    bare = sum((slot.findtext("ForeName") or "-").replace(" ", "") == slot.findtext("Initials") for slot in slots)
    assert 0.03 < bare / len(slots) < 0.08
    orcids = sum(slot.find("Identifier") is not None for slot in slots) / len(slots)
    assert 0.15 < orcids < 0.3
    years = Counter(int(article.findtext(".//PubMedPubDate/Year") or 0) for article in articles)
    assert min(years) == 2012
    assert max(years) == 2026
    assert years[2025] > 1.3 * years[2012]


def test_the_promised_oddities_are_there(world: Path, articles: list[ElementTree.Element]) -> None:
    text = "".join(gzip.decompress(path.read_bytes()).decode() for path in sorted((world / "pubmed").glob("*.gz")))
    assert text.startswith('<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE PubmedArticleSet PUBLIC')
    for pattern in (
        r"<Affiliation>1[A-Z]",
        r"Electronic address: \S+@\S+\.example\.",
        r"<CollectiveName>",
        r"<MedlineDate>\d{4} ",
        r"<Season>",
        r"<DeleteCitation>",
        r"ClinicalTrials.gov</DataBankName>",
        r"<MeshHeading>",
        r'Source="ORCID">http://',
        r'Source="ORCID">https://',
        r'Source="ORCID">\d',
        r"Retracted Publication",
        r"Retraction of Publication",
        r"Published Erratum",
        r"Practice Guideline",
        r"<InvestigatorList>",
        r'PMID Version="2"',
        r'Label="METHODS"',
        r"<ArticleTitle>\[",
        r"EqualContrib",
    ):
        assert re.search(pattern, text), pattern
    early = [a for a in articles if a.findtext(".//PubMedPubDate/Year") == "2012"]
    others = [slot for a in early for slot in a.findall(".//AuthorList/Author")[1:]]
    assert not any(slot.find("AffiliationInfo") is not None for slot in others)


def test_topics_are_found_in_the_texts(articles: list[ElementTree.Element]) -> None:
    assert len(TOPICS) == 6
    assert TITLE
    found: Counter[str] = Counter()
    for article in articles:
        text = " ".join(article.itertext()).casefold()
        hits = [name for name, terms in TOPICS.items() if any(term.casefold() in text for term in terms)]
        found.update(hits)
        found["some"] += bool(hits)
    assert 0.8 < found["some"] / len(articles) < 1  # the rest is of the neighbouring areas
    assert all(found[name] > 0.05 * len(articles) for name in TOPICS)


def test_trials_are_written_as_the_registry_writes_them(world: Path, studies: list[dict[str, Any]]) -> None:
    assert len(studies) == PEOPLE * 2 // 15
    protocols = [study["protocolSection"] for study in studies]
    numbers = [p["identificationModule"]["nctId"] for p in protocols]
    assert all(ids.nct_id(number) == number and number.startswith("NCT9") for number in numbers)
    text = json.dumps(studies)
    for word in ("Research Site", "PHASE3", '"NA"', "RECRUITING", "COMPLETED", "STUDY_DIRECTOR", "RESULT", "SPONSOR"):
        assert word in text, word
    named = [o["name"] for p in protocols for o in p.get("contactsLocationsModule", {}).get("overallOfficials", [])]
    assert any(", MD" in name for name in named)
    assert any(name.split(",")[0].isupper() for name in named)
    truth = {(row[0], row[1]): row[2] for row in table(world, "trial_mentions")}
    for protocol in protocols:
        number = protocol["identificationModule"]["nctId"]
        for at, place in enumerate(protocol.get("contactsLocationsModule", {}).get("locations", [])):
            for contact in place.get("contacts", []):
                assert truth[number, f"locations/{at}/contacts/0"] == contact["name"]


def test_results_and_data_banks_point_at_each_other(
    articles: list[ElementTree.Element], studies: list[dict[str, Any]]
) -> None:
    reported = defaultdict(set)
    for article in articles:
        for number in article.iterfind(".//AccessionNumber"):
            reported[number.text].add(article.findtext("./MedlineCitation/PMID"))
    claimed = defaultdict(set)
    for study in studies:
        protocol = study["protocolSection"]
        for reference in protocol.get("referencesModule", {}).get("references", []):
            if reference["type"] == "RESULT":
                claimed[protocol["identificationModule"]["nctId"]].add(reference["pmid"])
    assert len(claimed) > 10
    assert reported == claimed


def test_stories_are_planted(world: Path, articles: list[ElementTree.Element]) -> None:
    stories = table(world, "stories")
    counts = Counter(row[0] for row in stories)
    assert counts == {
        "rising": 6,
        "bridge": 2,
        "quiet": 1,
        "moved": 1,
        "uncontacted": 1,
        "namesakes": 8,
        "spellings": 5,
        "retractions": 1,
        "merged": 2,
    }
    people = {row[0]: row for row in table(world, "people")}
    years = {a.findtext("./MedlineCitation/PMID"): int(a.findtext(".//PubMedPubDate/Year") or 0) for a in articles}
    papers: dict[str, list[int]] = defaultdict(list)
    for pmid, _, person in table(world, "mentions"):
        papers[person].append(years[pmid])
    for story, subject, detail in stories:
        if story == "namesakes":
            assert people[subject][1:3] == people[detail][1:3]
        elif story == "spellings":
            assert len(set(detail.split(" | "))) == 3
        elif story == "rising":
            late = sum(year >= 2024 for year in papers[subject])
            assert late >= 12
            assert late > len(papers[subject]) / 2
        elif story in ("bridge", "quiet"):
            assert len(papers[subject]) > 5
    retracted = [a for a in articles if any(t.text == "Retracted Publication" for t in a.iter("PublicationType"))]
    assert len(retracted) == 8


def test_who_moved_last_month_writes_the_new_address(world: Path, articles: list[ElementTree.Element]) -> None:
    stories = table(world, "stories")
    mover = next(row[1] for row in stories if row[0] == "moved")
    slots = [(pmid, int(at)) for pmid, at, person in table(world, "mentions") if person == mover]
    found: dict[bool, set[str]] = {True: set(), False: set()}
    by_pmid = {a.findtext("./MedlineCitation/PMID"): a for a in articles}
    truth = {row[0]: row[1].split()[0] for row in table(world, "affiliations")}
    for pmid, at in slots:
        article = by_pmid[pmid]
        new = article.findtext(".//PubMedPubDate/Year") == "2026" and article.findtext(".//PubMedPubDate/Month") == "10"
        for place in article.findall(".//AuthorList/Author")[at : at + 1]:  # a member of a group stands further down
            found[new] |= {truth[text.text or ""] for text in place.iterfind("AffiliationInfo/Affiliation")}
    assert found[True] - found[False]
    assert found[False]


def test_the_register_knows_parents_and_successors(world: Path) -> None:
    register = {record["id"]: record for record in json.loads((world / "ror" / "ror.json").read_bytes())}
    assert sum(record["status"] == "inactive" for record in register.values()) == 2
    kinds = Counter()
    mirror = {"parent": "child", "child": "parent", "successor": "predecessor", "predecessor": "successor"}
    for record in register.values():
        assert sum("ror_display" in name["types"] for name in record["names"]) == 1
        for relation in record["relationships"]:
            kinds[relation["type"]] += 1
            back = register[relation["id"]]["relationships"]
            assert any(r["id"] == record["id"] and r["type"] == mirror[relation["type"]] for r in back)
    assert kinds["parent"] > 20
    assert kinds["successor"] == 2
    assert len({record["names"][0]["value"] for record in register.values()}) == len(register)


@pytest.mark.parametrize(
    ("name", "culture", "expected"),
    [
        (Name("Müller", "Anna"), "german", ["Müller", "Muller", "Mueller"]),
        (Name("García Ruiz", "Ana"), "spanish", None),
        (Name("Kim", "Jae-Hoon"), "korean", ["Kim", "Kim", "Jae-Hoon"]),
        (Name("Al-Harbi", "Omar"), "arabic", None),
        (Name("Clark", "Ruth E"), "anglo", None),
    ],
)
def test_one_person_has_three_spellings(name: Name, culture: str, expected: list[str] | None) -> None:
    found = spellings(name, culture, 0.4)
    assert len(set(found)) == 3
    if expected:
        assert [form.last for form in found] == expected


def test_names_have_initials_and_plain_forms() -> None:
    assert Name("Côté", "Jean-Pierre A").initials == "JPA"
    assert ascii_form(Name("Ødegård", "Åse")) == Name("Odegard", "Ase")
