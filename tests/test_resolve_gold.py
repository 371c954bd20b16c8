"""Identity against labelled real records; the bars are those that hold, see bench/identity.py for all."""

from pathlib import Path

import pytest

from bench import identity


def test_song_blocks(realdata: Path) -> None:
    scores = identity.song(realdata)
    assert scores["B3 P, fixed labels"] >= 0.97
    assert scores["B3 F1, fixed labels"] >= 0.955
    assert scores["B3 F1, raw labels"] >= 0.945


@pytest.mark.parametrize("pair", [("apart", "apart"), ("same", "same")])
def test_the_measure_itself(pair: tuple[str, str]) -> None:
    truth = {1: "a", 2: "a", 3: "b"}
    predicted = {1: "x", 2: "x" if pair[0] == "same" else "y", 3: "z"}
    scores = identity.b_cubed(truth, predicted)
    assert scores == ((1.0, 1.0, 1.0) if pair[0] == "same" else (1.0, pytest.approx(2 / 3), pytest.approx(0.8)))
