"""Institutions found in ROR's annotated strings, on the half that the weights have not seen."""

from collections import Counter
from pathlib import Path

import pytest

from bench.identity import _places
from bench.train_places import GOLD, strings
from kolgraph.model import Affiliation
from kolgraph.resolve.places import Places


@pytest.fixture(scope="module")
def places(realdata: Path) -> Places:
    return _places(realdata / "ror")[0]


@pytest.mark.parametrize(
    ("file", "precision", "recall"),
    # the physicists' set names one institution a string, some of them in no word of it
    [(file, *least) for file, least in zip(GOLD, ((0.95, 0.8), (0.91, 0.74)), strict=True)],
)
def test_strings_that_nobody_has_learnt(
    places: Places, realdata: Path, file: str, precision: float, recall: float
) -> None:
    counts: Counter[str] = Counter()
    bands: dict[bool, Counter[bool]] = {True: Counter(), False: Counter()}
    for one in strings(realdata / "ror" / file, learnt=False):
        wanted = {places.standing(f"ror:{address.rsplit('/', 1)[1]}") for address in one["ror_ids"]}
        wanted = {address for address in wanted if address in places}
        found = dict(places.match(Affiliation(one["affiliation"])))
        counts += Counter(
            hit=len(wanted & found.keys()), wrong=len(found.keys() - wanted), missed=len(wanted - found.keys())
        )
        for ror_id, sure in found.items():
            bands[sure >= 0.95][ror_id in wanted] += 1
    assert counts["hit"] / (counts["hit"] + counts["wrong"]) >= precision
    assert counts["hit"] / (counts["hit"] + counts["missed"]) >= recall
    # surer is righter, and what is said with .95 holds nearly so often
    right = {band: told[True] / told.total() for band, told in bands.items()}
    assert right[True] > 0.95
    assert right[True] > right[False] + 0.03
