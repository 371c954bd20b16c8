"""Where a person is now: since when, and how likely it is that they still are."""

from pathlib import Path
from typing import Any

import pytest
from graph_nouns import CITY, HARBOR, LANDSCAPE, PLACES, Nouns, built, who

from kolgraph.model import Mention, Publication

WEST = "person:west"


def stays(folder: Path, *told: tuple[int, str], also: int = 2021) -> dict[str, dict[str, Any]]:
    """The stays of somebody whose papers of these years name these institutions; another's paper is of `also`."""
    papers, mentions = [], []
    for number, (year, place) in enumerate((*told, (also, ""))):
        record, person = f"pmid:{number}", WEST if place else "person:other"
        papers.append(Publication(record, year=year, date=str(year), authors=(Mention(0, last="West"),)))
        named = {"institutions": [place], "institution_confidence": [0.9], "country": "US"} if place else {}
        mentions.append(who(record, 0, person, "West", **named))
    folder.mkdir(exist_ok=True)
    store = built(folder, Nouns(tuple(papers), places=PLACES), mentions, LANDSCAPE)
    return {row["id"]: row for row in store.read("affiliations_of", id=WEST)}


def test_the_latest_paper_says_where_somebody_is_and_the_first_since_when(tmp_path: Path) -> None:
    found = stays(tmp_path, (2015, CITY), (2017, CITY), (2019, HARBOR), (2021, HARBOR))
    assert (found[HARBOR]["isCurrent"], found[HARBOR]["firstYear"], found[HARBOR]["lastYear"]) == (True, 2019, 2021)
    assert (found[CITY]["isCurrent"], found[CITY]["firstYear"], found[CITY]["lastYear"]) == (False, 2015, 2017)


def test_more_records_make_a_current_stay_likelier_and_years_of_silence_less(tmp_path: Path) -> None:
    once = stays(tmp_path / "once", (2021, HARBOR))[HARBOR]["confidence"]
    twice = stays(tmp_path / "twice", (2020, HARBOR), (2021, HARBOR))[HARBOR]["confidence"]
    silent = stays(tmp_path / "silent", (2015, HARBOR), (2016, HARBOR))[HARBOR]["confidence"]
    assert once == pytest.approx(0.9 * 0.75)
    assert twice == pytest.approx(0.9 * 0.875, abs=0.001)
    assert silent == pytest.approx(twice * 0.95**5, abs=0.001)


def test_of_a_stay_that_is_over_only_the_match_is_in_doubt(tmp_path: Path) -> None:
    found = stays(tmp_path, (2010, CITY), (2021, HARBOR))
    assert (found[CITY]["isCurrent"], found[CITY]["confidence"]) == (False, 0.9)


def test_one_paper_of_a_year_to_come_makes_nobody_else_old(tmp_path: Path) -> None:
    many = [(2021, HARBOR)] * 200
    found = stays(tmp_path, *many, also=2050)
    assert found[HARBOR]["confidence"] == pytest.approx(0.9 * 11 / 12, abs=0.001)  # nobody is quite sure to stay
