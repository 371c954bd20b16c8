"""Every link opens: contributions and intercept are its log-odds, and the words name the shared thing."""

from pathlib import Path

import pytest
from resolve_world import CARDIO, author, paper
from resolve_world import corpus as corpus_of

from kolgraph.errors import UsageError
from kolgraph.model import Mention, Publication
from kolgraph.resolve import explain, explain_links, resolve, write
from kolgraph.resolve.block import candidates
from kolgraph.resolve.evidence import FEATURES, features, model
from kolgraph.resolve.links import sides
from kolgraph.resolve.rarity import read, stored
from kolgraph.resolve.words import PHRASES

SAME_ORCID = "0000-0001-2345-6789"
Slot = tuple[Publication, Mention]
NEVER_FOR = {"forename_inexact", "initials_only", "middle_one_side", "swapped", "surname_partial", "country_conflict"}
NEVER_FOR |= {"year_gap", "namesakes", "trial", "trial_unsupported"}


def first(record: Publication) -> Slot:
    return record, record.authors[0]


def test_every_weight_has_its_sign_and_every_feature_its_words() -> None:
    assert set(PHRASES) == set(FEATURES)
    for name, weight in zip(FEATURES, model().weights, strict=True):
        assert weight <= 0 if name in NEVER_FOR else weight >= 0, name
    odds = [point[0] for point in model().calibration]
    sure = [point[1] for point in model().calibration]
    assert odds == sorted(odds)
    assert sure == sorted(sure)


def test_contributions_add_up_and_name_what_is_shared() -> None:
    one, two = paper(1, ("Quimbly", "Osric F"), year=2001), paper(2, ("Quimbly", "Osric"), year=2021)
    found = explain(first(one), first(two))
    total = found.intercept
    for each in found.contributions:
        total += each.value
    assert total == found.total
    told = {each.feature: each for each in found.contributions}
    assert told["coauthors"].words == "shared coauthors: Odalric Brannigull"
    assert "nephrogenomics" in told["affiliation"].words
    assert told["year_gap"].words == "20 years apart"
    assert told["year_gap"].value < 0 < told["rare_affiliation"].value
    assert "podocyte" in told["text"].words
    assert "log-odds" in str(found)
    assert found.hard == ()


def test_a_pair_weighs_the_same_in_the_crowd_and_alone(tmp_path: Path) -> None:
    records = [paper(n, ("Quimbly", "Osric"), ("Kim", "Jae-Hoon"), year=2000 + n) for n in range(1, 9)]
    write(resolve(records, []), tmp_path, "mark")
    corpus = corpus_of(records)
    pairs = candidates(corpus)
    odds = features(corpus, pairs) @ model().weights + model().intercept
    slots = {f"{record.id}#{m.position}": (record, m) for record in records for m in record.authors}
    for k in range(len(pairs)):
        found = explain(slots[corpus.keys[pairs.a[k]]], slots[corpus.keys[pairs.b[k]]], stored(tmp_path))
        assert found.total == pytest.approx(odds[k], abs=1e-9)


def test_missing_and_disagreeing_are_not_the_same() -> None:
    here, there = paper(1, ("Quimbly", "Osric")), paper(2, ("Quimbly", "Osric"), place=CARDIO)
    bare = Publication(
        there.id, title=there.title, abstract=there.abstract, year=2020, authors=(author(0, "Quimbly", "Osric"),)
    )
    disagrees, lacks = explain(first(here), first(there)), explain(first(here), first(bare))
    assert "affiliation_missing" in {each.feature for each in lacks.contributions}
    assert "country_conflict" in {each.feature for each in disagrees.contributions}
    assert lacks.total != disagrees.total


def test_hard_facts_are_told() -> None:
    one, two = paper(1, ("Kim", "Jae-Hoon"), ("Kim", "Ji-Soo")), paper(2, ("Kim", "Ji-Soo"))
    assert "different forenames: jae hoon and ji soo" in explain(first(one), first(two)).hard
    assert "both stand on the same paper" in explain(first(one), (one, one.authors[1])).hard
    iris = [paper(n, ("Quimbly", "Osric"), orcid="0000-0001-2345-6789") for n in (1, 2)]
    assert "same ORCID 0000-0001-2345-6789" in explain(first(iris[0]), first(iris[1])).hard


def test_every_link_of_a_person_adds_up_to_its_value() -> None:
    records = [paper(n, ("Quimbly", "Osric"), year=2000 + 3 * n) for n in (1, 2, 3)]
    records += [paper(4, ("Quimbly", "O"), year=2019), paper(5, ("Quimbly", "Osric"), year=2001, orcid=SAME_ORCID)]
    records.append(paper(6, ("Quimbly", "Osric"), year=2018, orcid=SAME_ORCID))
    found = resolve(records, [])
    slots = {f"{record.id}#{m.position}": (record, m) for record in records for m in record.authors}
    mentions = [one for one in found.mentions.to_pylist() if one["name"].endswith("Quimbly")]
    tied = {f"{one['record']}#{one['position']}": one["tied"] for one in mentions}
    assert len({one["person"] for one in mentions}) == 1
    assert tied["pmid:6#0"] == "pmid:5#0"
    merges = [one for one in found.merges.to_pylist() if one["person"] == mentions[0]["person"]]
    assert len(merges) == 4
    for one, opened in zip(merges, explain_links(merges, tied, slots, read(found.rarity)), strict=True):
        left, right = sides(merges, tied, one["step"])
        assert one["a"] in left
        assert one["b"] in right
        total = opened.intercept + opened.rest + sum(each.value for each in opened.contributions)
        assert total == pytest.approx(one["value"], abs=1e-9)
        assert opened.rest == pytest.approx(0, abs=1e-6) or "within bounds" in str(opened)
        assert "podocyte" in str(opened)


def test_a_group_is_not_explained() -> None:
    crowd = Publication("pmid:9", authors=(Mention(0, group="Quimbly Trialists"),))
    with pytest.raises(UsageError, match="names no person"):
        explain(first(crowd), first(paper(1, ("Quimbly", "Osric"))))
