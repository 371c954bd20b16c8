"""Identity against labelled real records; the bars are the promised ones, see bench/identity.py for all."""

from pathlib import Path

from bench import identity


def test_song_blocks(realdata: Path) -> None:
    scores = identity.song(realdata)
    assert scores["B3 P, fixed labels"] >= 0.97
    assert scores["B3 F1, fixed labels"] >= 0.955
    assert scores["B3 F1, raw labels"] >= 0.95
