"""Percentiles, ranks and influence: ties, what is not measured, weights that are data."""

import numpy as np
import pytest

from kolgraph.score.blend import DIMENSIONS, dimensions, influence, percentiles, ranks, tidy

NAN = float("nan")


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1, 2, 3, 4], [12.5, 37.5, 62.5, 87.5]),
        ([5, 5, 5], [50, 50, 50]),
        ([0, 0, 0, 9], [37.5, 37.5, 37.5, 87.5]),
        ([7], [50]),
        ([NAN, 1, 2], [NAN, 25, 75]),
        ([NAN, NAN], [NAN, NAN]),
        ([], []),
    ],
)
def test_percentiles(values: list[float], expected: list[float]) -> None:
    assert percentiles(np.array(values, float)).tolist() == pytest.approx(expected, nan_ok=True)


def test_equals_share_the_smallest_rank() -> None:
    assert ranks(np.array([3.0, 9.0, 3.0, 1.0])).tolist() == [2, 1, 2, 4]


def test_the_weights_are_data_and_add_up() -> None:
    assert {one.id: one.weight for one in DIMENSIONS} == {
        "science": 25,
        "impact": 10,
        "trials": 20,
        "network": 20,
        "bridging": 10,
        "momentum": 10,
        "guidelines": 5,
    }
    words = " ".join(f"{one.id} {one.title} {one.about} {' '.join(one.parts)}" for one in DIMENSIONS).lower()
    assert not any(word in words for word in ("pay", "prescri", "gender", "ethnic", " age ", "money"))


def test_what_is_not_measured_is_left_out_and_never_zero() -> None:
    parts = {
        "activity": np.array([1.0, 2.0, NAN]),
        "pagerank": np.array([0.1, 0.2, 0.3]),
        "betweenness": np.array([0.0, 0.0, 1.0]),
        "core": np.array([2.0, 2.0, 2.0]),
        "participation": np.array([NAN, 0.5, NAN]),
    }
    sides = dimensions(parts)
    assert np.isnan(sides["impact"]).all()
    assert np.isnan(sides["trials"]).all()
    assert sides["network"] == pytest.approx(
        [(100 / 6 + 100 / 3 + 50) / 3, (50 + 100 / 3 + 50) / 3, (500 / 6 + 500 / 6 + 50) / 3]
    )
    total, coverage = influence(sides)
    assert coverage.tolist() == [2, 3, 1]
    assert total[0] == pytest.approx((25 * 25 + 20 * sides["network"][0]) / 45)
    assert total[1] == pytest.approx((25 * 75 + 20 * sides["network"][1] + 10 * 50) / 55)
    assert total[2] == pytest.approx(sides["network"][2])


def test_nobody_has_influence_without_a_measured_dimension_of_weight() -> None:
    sides = dimensions({"activity": np.array([NAN, 1.0])})
    total, coverage = influence(sides)
    assert np.isnan(total[0])
    assert coverage.tolist() == [0, 1]
    assert np.isnan(influence(sides, {"network": 1.0})[0]).all()
    assert influence(sides, {"science": 3.0})[0][1] == 50


def test_alike_values_become_equal_and_others_stay_apart() -> None:
    values = np.array([0.1 + 0.2, 0.3, 1e-30, 0.0, -2.5, 123456.7890125, NAN, 1 / 3])
    tidied = tidy(values)
    assert tidied[0] == tidied[1]
    assert tidied[:6] == pytest.approx(values[:6], rel=1e-11)
    assert tidied[3] == 0
    assert np.isnan(tidied[6])
    assert tidy(np.array([1.0, 1.0 + 1e-10])).tolist()[0] != tidy(np.array([1.0 + 1e-10])).tolist()[0]
