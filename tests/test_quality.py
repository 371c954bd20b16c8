"""The measures of resolution against known answers, worked out by hand, and against each other."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kolgraph.model import Affiliation, Mention, Publication
from kolgraph.resolve.quality import b_cubed, calibration, cut, judged, kinds, lumped, pairs, slices, split

# a person of three mentions and one of two; the third mention is taken for the other person
TRUTH = {"a": "one", "b": "one", "c": "one", "d": "two", "e": "two"}
FOUND = {"a": 1, "b": 1, "c": 2, "d": 2, "e": 2}
PEOPLE = st.dictionaries(st.integers(0, 15), st.tuples(st.sampled_from("xyz"), st.integers(0, 3)), min_size=1)


def test_b_cubed_and_pairs_as_worked_out_by_hand() -> None:
    precision, recall, f1 = b_cubed(TRUTH, FOUND)
    assert precision == pytest.approx((1 + 1 + 1 / 3 + 2 / 3 + 2 / 3) / 5)
    assert recall == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1 + 1) / 5)
    assert f1 == pytest.approx(2 * precision * recall / (precision + recall))
    assert pairs(TRUTH, FOUND) == pytest.approx((2 / 4, 2 / 4, 0.5))


def test_a_mention_without_prediction_is_a_person_of_its_own() -> None:
    assert b_cubed({"a": "one", "b": "one"}, {}) == pytest.approx((1.0, 0.5, 2 / 3))
    assert pairs({"a": "one", "b": "one"}, {}) == (1.0, 0.0, 0.0)
    assert b_cubed({"a": "one"}, {}).f1 == 1.0


def test_nothing_to_measure_is_said() -> None:
    with pytest.raises(ValueError, match="no mention to average over"):
        b_cubed({}, {})
    assert pairs({"a": "one"}, {}) == (1.0, 1.0, 1.0)


@given(PEOPLE)
def test_pairs_are_those_that_can_be_counted_one_by_one(given: dict[int, tuple[str, int]]) -> None:
    truth, found = {key: one[0] for key, one in given.items()}, {key: one[1] for key, one in given.items()}
    every = list(combinations(truth, 2))
    same = {pair for pair in every if truth[pair[0]] == truth[pair[1]]}
    said = {pair for pair in every if found[pair[0]] == found[pair[1]]}
    quality = pairs(truth, found)
    assert quality.precision == pytest.approx(len(same & said) / len(said) if said else 1.0)
    assert quality.recall == pytest.approx(len(same & said) / len(same) if same else 1.0)


@given(PEOPLE)
def test_to_swap_truth_and_prediction_swaps_precision_and_recall(given: dict[int, tuple[str, int]]) -> None:
    truth, found = {key: one[0] for key, one in given.items()}, {key: str(one[1]) for key, one in given.items()}
    one, other = b_cubed(truth, found), b_cubed(found, truth)
    assert (one.precision, one.recall) == pytest.approx((other.recall, other.precision))


def test_a_slice_sees_its_mentions_in_their_whole_persons() -> None:
    found = slices(TRUTH, FOUND, {"a": "old", "b": "old", "c": "new", "z": "new"})
    assert list(found) == ["old", "new"]
    assert found["old"].mentions == 2
    assert found["old"].b_cubed == pytest.approx((1.0, 2 / 3, 0.8))  # c is missing, though it is no old mention
    assert found["new"].b_cubed == pytest.approx((1 / 3, 1 / 3, 1 / 3))
    assert found["old"].pairs == (1.0, 1.0, 1.0)


def test_the_worst_are_named_with_their_parts() -> None:
    (mixed,) = lumped(TRUTH, FOUND)
    assert (mixed.one, mixed.mentions, mixed.parts) == (2, 3, (("two", 2), ("one", 1)))
    (parted,) = split(TRUTH, FOUND)
    assert (parted.one, parted.mentions, parted.parts) == ("one", 3, ((1, 2), (2, 1)))


def test_all_the_wrong_ones_are_told_where_no_number_is_given() -> None:
    truth = {n: f"one {n}" for n in range(40)}
    assert len(lumped(truth, {n: n // 2 for n in truth}, None)) == 20
    assert len(lumped(truth, {n: n // 2 for n in truth})) == 10


def test_judged_pairs_are_counted_one_by_one() -> None:
    said = [("a", "b", True), ("a", "c", True), ("c", "d", False), ("a", "e", False), ("y", "z", True)]
    assert judged(said, FOUND) == pytest.approx((1 / 2, 1 / 3, 0.4))  # of y and z nobody knows


def test_calibration_compares_claims_with_what_is_true() -> None:
    bins = calibration([0.1, 0.55, 0.65, 0.9, 1.0], [False, True, False, True, True], (0.0, 0.5, 0.7, 1.0))
    assert [(one.claims, one.true) for one in bins] == [(1, 0.0), (2, 0.5), (2, 1.0)]
    assert [one.claimed for one in bins] == pytest.approx([0.1, 0.6, 0.95])


def test_every_author_falls_into_one_kind_of_each_slice() -> None:
    authors = (
        Mention(0, last="Wang", fore="Jing", affiliations=(Affiliation("Anywhere"),)),
        Mention(1, last="Okafor", initials="A"),
        Mention(2, last="Иванова", fore="Анна"),
        Mention(3, group="The Example Group"),
    )
    found = kinds([Publication("pmid:1", year=1989, authors=authors), Publication("pmid:2", authors=authors[:1])])
    assert found["era"][("pmid:1", 0)] == "before 1990"
    assert found["era"][("pmid:2", 0)] == "no year"
    assert [found["script"][("pmid:1", k)] for k in range(3)] == ["East Asian surname", "Latin", "other script"]
    assert [found["forename"][("pmid:1", k)] for k in range(3)] == ["full forename", "initials only", "full forename"]
    assert found["affiliation"][("pmid:1", 0)] == "affiliation"
    assert found["affiliation"][("pmid:1", 1)] == "no affiliation"
    assert all(("pmid:1", 3) not in one for one in found.values())


def test_links_below_a_threshold_hold_nobody_together() -> None:
    joined = [("a", "b", 3.0), ("a", "c", 1.0), ("d", "e", 2.0)]
    assert cut(joined, 2.0) == {"a": "a", "b": "a", "d": "d", "e": "d"}
    assert cut(joined, 0.5) == {"a": "a", "b": "a", "c": "a", "d": "d", "e": "d"}
    assert cut(joined, 4.0) == {}
    chain = [("b", "c", 1.0), ("a", "b", 1.0)]
    assert len(set(cut(chain, 1.0).values())) == 1
