"""What two slots have in common, as numbers with a sign: contributions to the log-odds that they are one person.

Every feature may only push in the direction that its sign says (identity.md section 5); a missing field is a feature of
its own and never a zero that looks like a difference.
"""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from kolgraph.names import INEXACT, INITIALS, ONE_MIDDLE, SAME_MIDDLE
from kolgraph.resolve.block import Pairs
from kolgraph.resolve.corpus import Corpus
from kolgraph.resolve.slots import BIG_PAPER
from kolgraph.resolve.text import Floats, Ints, dots, highest

FEATURES = (
    "forename", "forename_inexact", "initials_only", "middle_same", "middle_one_side", "swapped", "surname_partial",
    "surname", "namesakes", "email", "affiliation", "rare_affiliation", "affiliation_missing", "coauthors", "alone",
    "text", "abstract_missing", "subject", "subject_missing", "journal", "grant", "language", "few_authors",
    "country_conflict", "year_gap", "trial", "trial_unsupported", "reported",
)  # fmt: skip
LONG = 10  # years between two papers that say nothing against one author
# what the two names alone say
NAMES = FEATURES[: FEATURES.index("namesakes") + 1]
_CHUNK = 50_000


@dataclass(frozen=True, slots=True)
class Model:
    """Weights in the order of FEATURES, intercept, bounds of one pair's log-odds, and the two thresholds."""

    weights: Floats
    intercept: float
    clip: tuple[float, float]
    merge: float
    doubt: float
    calibration: tuple[tuple[float, float], ...]  # (log-odds, probability), rising


@cache
def model() -> Model:
    """The shipped weights.json."""
    read = json.loads((files("kolgraph.resolve") / "weights.json").read_text("utf-8"))
    weights = np.array([read["weights"][name] for name in FEATURES], np.float64)
    points = tuple((float(x), float(y)) for x, y in read["calibration"])
    low, high = read["clip"]
    return Model(weights, read["intercept"], (low, high), read["merge"], read["doubt"], points)


def features(corpus: Corpus, pairs: Pairs) -> Floats:
    """The values of FEATURES for every pair: shape (pairs, features)."""
    found = np.zeros((len(pairs), len(FEATURES)))
    for start in range(0, len(pairs), _CHUNK):
        found[start : start + _CHUNK] = _chunk(corpus, pairs[start : start + _CHUNK])
    return found


def log_odds(corpus: Corpus, pairs: Pairs) -> Floats:
    """The clipped log-odds of every pair."""
    known = model()
    found = np.empty(len(pairs))
    for start in range(0, len(pairs), _CHUNK):
        values = _chunk(corpus, pairs[start : start + _CHUNK])
        found[start : start + _CHUNK] = values @ known.weights + known.intercept
    # rounded: the same pair weighs the same, whatever is weighed beside it
    return np.asarray(np.round(np.clip(found, *known.clip), 9), np.float64)


def _chunk(corpus: Corpus, pairs: Pairs) -> Floats:
    a, b = pairs.a, pairs.b
    one, two = corpus.record[a], corpus.record[b]
    names_a, names_b = corpus.name[a], corpus.name[b]
    initials = pairs.fore == INITIALS
    columns: dict[str, NDArray[np.generic]] = {
        "forename": np.where(initials, 0.0, np.minimum(corpus.fore_rarity[names_a], corpus.fore_rarity[names_b])),
        "forename_inexact": pairs.fore == INEXACT,
        "initials_only": initials,
        "middle_same": pairs.middle == SAME_MIDDLE,
        "middle_one_side": pairs.middle == ONE_MIDDLE,
        "swapped": pairs.swapped,
        "surname_partial": pairs.partial,
        "surname": np.maximum(corpus.last_rarity[names_a], corpus.last_rarity[names_b]),
        "namesakes": initials * np.maximum(corpus.namesakes[names_a], corpus.namesakes[names_b]),
        "email": dots(corpus.tables["mail"].rows, a, b) > 0,
        "journal": _journal(corpus, one, two),
        "language": (corpus.language[one] == corpus.language[two]) & (corpus.language[one] >= 0),
        "few_authors": 1.0 / np.log2(1.0 + np.maximum(2, np.maximum(corpus.size[one], corpus.size[two]))),
        "country_conflict": _differ(corpus.country[a], corpus.country[b]),
        "year_gap": np.maximum(0.0, np.nan_to_num(np.abs(corpus.year[one] - corpus.year[two])) - LONG) / 10.0,
        "abstract_missing": corpus.bare[one] | corpus.bare[two],
        "trial": corpus.trial[one] | corpus.trial[two],
    }
    columns["affiliation"] = dots(corpus.weighed["place"], a, b)
    columns["rare_affiliation"] = highest(corpus.weighed["rare_place"], a, b)
    placeless = np.diff(corpus.tables["place"].rows.indptr) == 0
    columns["affiliation_missing"] = placeless[a] | placeless[b]
    columns["coauthors"] = np.log1p(np.maximum(0.0, coauthor_weight(corpus, a, b)))
    listed = (corpus.size > 1) & (corpus.size < BIG_PAPER)
    columns["alone"] = ~(listed[one] & listed[two])
    columns["text"] = np.sqrt(dots(corpus.weighed["word"], one, two))
    columns["subject"] = np.sqrt(dots(corpus.weighed["subject"], one, two))
    empty = np.diff(corpus.weighed["subject"].indptr) == 0
    columns["subject_missing"] = empty[one] | empty[two]
    columns["grant"] = dots(corpus.tables["grant"].rows, one, two) > 0
    supported = (columns["rare_affiliation"] > 3.0) | (columns["subject"] > 0) | (columns["coauthors"] > 0)  # type: ignore[operator]
    columns["trial_unsupported"] = columns["trial"] & (~supported | initials)
    columns["reported"] = np.zeros(len(pairs), np.bool_)
    for k in np.flatnonzero(corpus.trial[one] != corpus.trial[two]):
        trial, paper = (one[k], two[k]) if corpus.trial[one[k]] else (two[k], one[k])
        columns["reported"][k] = not corpus.reports[trial].isdisjoint(corpus.reports[paper])
    return np.column_stack([columns[name] for name in FEATURES]).astype(np.float64)


def coauthor_weight(corpus: Corpus, a: Ints, b: Ints) -> Floats:
    """Shared coauthors, each by rarity and damped by the length of both lists; the two slots left out."""
    shared = dots(corpus.weighed["coauthor"], corpus.record[a], corpus.record[b])
    return np.asarray(shared - own_weight(corpus, a, b))


def own_weight(corpus: Corpus, a: Ints, b: Ints) -> Floats:
    """What the two slots would add to their records' shared coauthors by being named alike."""
    rows = corpus.weighed["coauthor"]
    column_a, column_b = corpus.own_key[a], corpus.own_key[b]
    alike = (column_a == column_b) & (column_a >= 0)
    found = np.zeros(len(a))
    which = np.flatnonzero(alike)
    left = np.asarray(rows[corpus.record[a[which]], column_a[which]]).ravel()
    right = np.asarray(rows[corpus.record[b[which]], column_a[which]]).ravel()
    found[which] = left * right
    return found


def _differ(a: Ints, b: Ints) -> NDArray[np.bool_]:
    return np.asarray((a >= 0) & (b >= 0) & (a != b))


def _journal(corpus: Corpus, a: Ints, b: Ints) -> Floats:
    same = (corpus.journal[a] == corpus.journal[b]) & (corpus.journal[a] >= 0)
    rare = np.append(corpus.journal_rarity, 0.0)
    return np.where(same, rare[corpus.journal[a]], 0.0)
