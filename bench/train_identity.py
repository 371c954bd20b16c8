"""Identity held out: every name block scored by weights that never saw it; `python -m bench.train_identity` trains.

Training writes kolgraph/resolve/rarity.json (how common the common tokens are) and kolgraph/resolve/weights.json: the
same files from the same records. Pairs come from the real blocking of three labelled sets. Each block of Song's is left
out in turn, and with it that name and a share of all others of the other two. Logistic regression by maximum
likelihood, every weight bounded to its sign: scipy is enough for that.
"""

import hashlib
import json
import sys
import zlib
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import scipy
from numpy.typing import NDArray
from scipy.optimize import isotonic_regression, minimize

import kolgraph.resolve
from bench import Row, identity, realdata, row
from kolgraph.model import mention_key
from kolgraph.resolve import in_order
from kolgraph.resolve.block import Pairs, candidates
from kolgraph.resolve.cluster import cluster
from kolgraph.resolve.corpus import Corpus, corpus_of
from kolgraph.resolve.evidence import FEATURES, features
from kolgraph.resolve.quality import Truth, b_cubed, judged, lumped
from kolgraph.resolve.quality import pairs as pair_quality
from kolgraph.resolve.rarity import MOST, Rarity, counted
from kolgraph.resolve.seeds import plant
from kolgraph.resolve.slots import BUCKETS, Tokens, author_key, parse_slots, token_number

Floats, Ints, Flags = NDArray[np.float64], NDArray[np.int64], NDArray[np.bool_]
Scores = dict[str, float]
Said = dict[tuple[str, str], bool]
FILES = {"Song": identity.SONG, "Vishnyakova": identity.VISHNYAKOVA, "ORCID": identity.PUBMED}
OLD = "pubmed/pubmed20n0014_partA.xml.gz"  # 1976 to 1980; with the file of 2021 it tells what is common
AGAINST = (
    "forename_inexact", "initials_only", "middle_one_side", "swapped", "surname_partial", "namesakes",
    "country_conflict", "year_gap", "trial", "trial_unsupported",
)  # fmt: skip
# of these no labelled pair says anything: only papers are labelled, and none of their names is swapped
BY_HAND = {"swapped": -0.5, "trial": -1.7, "trial_unsupported": -5.0, "reported": 5.0}
RIDGE = 3.0  # penalty on the squares of weight times standard deviation
MERGE, DOUBT, CLIP = 0.5, -1.0, (-6.0, 6.0)
BANDS = (-4.5, -3.0, -2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0)
# a pair of Song's block of n weighs this / (n - 1): each mention counts alike, however many pairs it makes
WEIGHTS = {"Song": 16.0, "Vishnyakova": 1.5, "ORCID": 16.0}


@dataclass(slots=True)
class Labelled:
    """A set resolved by itself: all its candidate pairs, and the labelled ones of them."""

    corpus: Corpus
    pairs: Pairs
    values: Floats
    fold: Ints  # in which each pair is left out
    rows: Ints  # of the labelled pairs
    same: Flags
    weight: Floats
    truth: Truth  # of mentions
    said: Said  # of pairs
    odds: Floats = field(default_factory=lambda: np.zeros(0))


def rows() -> Iterator[Row]:
    folder = realdata()
    sets = read(folder)
    hold_out(sets)
    bars = {"Song B3 P, fixed labels": ">= 0.97", "Song B3 F1, fixed labels": ">= 0.955", "Vishnyakova F1": ">= 0.89"}
    bars |= {"ORCID P": ">= 0.993", "ORCID R": ">= 0.985"}
    for name, value in scores(folder, sets).items():
        yield row(name, value, "", bars.get(name, ""))


def main() -> None:
    """Count, train, and write both files."""
    home, folder = Path(kolgraph.resolve.__path__[0]), realdata()
    common = json.dumps(commonness(folder), ensure_ascii=False, separators=(",", ":"))
    (home / "rarity.json").write_text(common + "\n", "utf-8")
    sets = read(folder)
    hold_out(sets)
    held_out, by_block, points = scores(folder, sets), blocks(folder, sets["Song"]), calibration(sets.values())
    weights, intercept = fit(sets.values())
    for one in sets.values():
        one.odds = one.values @ weights + intercept
    recipe = {
        "written by": "python -m bench.train_identity",
        "model": "logistic regression, each weight bounded to its sign; maximum likelihood, L2 penalty on weight "
        "times standard deviation; L-BFGS-B from zero, no random number",
        "penalty": RIDGE,
        "never for": AGAINST,
        "set by hand": BY_HAND,
        "pairs": {name: len(one.rows) for name, one in sets.items()},
        "pairs of one person": {name: int(one.same.sum()) for name, one in sets.items()},
        "weight of a pair": WEIGHTS | {"Song": f"{WEIGHTS['Song']:g} / (mentions of its block - 1)"},
        "split": "each name block of Song left out in turn; other names of the other sets by CRC-32",
        "calibration": "weighed share of true pairs by band of held-out log-odds, isotonic",
        "sha256": {path: _hash(folder / path) for path in (*FILES.values(), identity.LABELS, identity.JUDGED, OLD)},
        "versions": {"numpy": np.__version__, "scipy": scipy.__version__},
        "held out": held_out,
        "held out, Song B3 F1 by block": by_block,
        "seen": scores(folder, sets),
    }
    told = {
        "version": 2,
        "weights": dict(zip(FEATURES, weights.tolist(), strict=True)),
        "intercept": intercept,
        "clip": CLIP,
        "merge": MERGE,
        "doubt": DOUBT,
        "calibration": points,
        "recipe": recipe,
    }
    (home / "weights.json").write_text(json.dumps(told, indent=1) + "\n", "utf-8")
    json.dump(recipe, sys.stdout, indent=1)


def read(folder: Path) -> dict[str, Labelled]:
    """The three sets with their candidate pairs; iDs are withheld where they are the truth."""
    sizes = Counter(_song_blocks(folder).values())
    folds = {block: number for number, block in enumerate(sorted(sizes))}
    found = {}
    for name, path in FILES.items():
        slots = in_order(parse_slots(identity.publications(folder / path)))
        corpus = corpus_of(slots, counted(slots))
        truth: dict[str, str] = {}
        said: Said = {}
        if name == "Song":
            truth = _song(folder, "label_fixed")
        elif name == "Vishnyakova":
            said = _vishnyakova(folder)
        else:
            truth = {key: corpus.orcids[n] for key, n in zip(corpus.keys, corpus.orcid.tolist(), strict=True) if n >= 0}
            corpus.orcid[:] = -1
        pairs = candidates(corpus)
        spelt = [author_key(one) for one in corpus.names]
        fold = np.array([folds.get(key, zlib.crc32(key.encode()) % len(folds)) for key in spelt])
        labelled, same = _labelled(corpus, pairs, truth, said)
        weight = np.full(len(labelled), WEIGHTS[name])
        if name == "Song":
            home = _song_blocks(folder)
            weight /= [sizes[home[corpus.keys[slot]]] - 1 for slot in pairs.a[labelled].tolist()]
        found[name] = Labelled(
            corpus, pairs, features(corpus, pairs), fold[corpus.name[pairs.a]], labelled, same, weight, truth, said
        )
    return found


def hold_out(sets: dict[str, Labelled]) -> None:
    """Give every pair the log-odds of weights that saw no pair of its block."""
    for one in sets.values():
        one.odds = np.zeros(len(one.pairs))
    for fold in range(max(int(one.fold.max()) for one in sets.values()) + 1):
        weights, intercept = fit(sets.values(), without=fold)
        for one in sets.values():
            out = one.fold == fold
            one.odds[out] = one.values[out] @ weights + intercept


def fit(sets: Collection[Labelled], without: int = -1) -> tuple[Floats, float]:
    """Weights and intercept from all labelled pairs but those of a fold."""
    rows = [one.rows[one.fold[one.rows] != without] for one in sets]
    kept = [one.fold[one.rows] != without for one in sets]
    values = np.vstack([one.values[part] for one, part in zip(sets, rows, strict=True)])
    side = np.concatenate([one.same[part] for one, part in zip(sets, kept, strict=True)]) * 2.0 - 1.0
    weight = np.concatenate([one.weight[part] for one, part in zip(sets, kept, strict=True)])
    mean = np.average(values, axis=0, weights=weight)
    scale = np.sqrt(np.average((values - mean) ** 2, axis=0, weights=weight))
    scale[scale == 0] = 1.0
    scaled = (values - mean) / scale

    def loss(point: Floats) -> tuple[float, Floats]:
        margin = side * (scaled @ point[:-1] + point[-1])
        slope = -side * weight * np.exp(-np.logaddexp(0.0, margin))
        total = weight @ np.logaddexp(0.0, -margin) + 0.5 * RIDGE * point[:-1] @ point[:-1]
        return float(total), np.append(slope @ scaled + RIDGE * point[:-1], slope.sum())

    bounds: list[tuple[float | None, float | None]] = [
        (BY_HAND[name] * wide,) * 2 if name in BY_HAND else (None, 0.0) if name in AGAINST else (0.0, None)
        for name, wide in zip(FEATURES, scale.tolist(), strict=True)
    ]
    start = np.array([low if low is not None and low == high else 0.0 for low, high in bounds] + [0.0])
    best = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=[*bounds, (None, None)], options={"maxiter": 1000})
    weights = best.x[:-1] / scale
    for name, value in BY_HAND.items():
        weights[FEATURES.index(name)] = value
    return np.round(weights, 3), round(float(best.x[-1] - weights @ mean), 3)


def scores(folder: Path, sets: dict[str, Labelled]) -> Scores:
    """What the odds of each set are worth once its mentions are joined."""
    found: Scores = {}
    song = _people(sets["Song"])
    for column, kind in (("label_fixed", "fixed"), ("label", "raw")):
        measured = zip(("P", "R", "F1"), b_cubed(_song(folder, column), song), strict=True)
        found |= {f"Song B3 {what}, {kind} labels": value for what, value in measured}
    pairs = [(a, b, same) for (a, b), same in sets["Vishnyakova"].said.items()]
    measured = zip(("P", "R", "F1"), judged(pairs, _people(sets["Vishnyakova"])), strict=True)
    found |= {f"Vishnyakova {what}": value for what, value in measured}
    owners, truth = _people(sets["ORCID"]), sets["ORCID"].truth
    measured = zip(("P", "R", "F1"), pair_quality(truth, owners), strict=True)
    found |= {f"ORCID {what}": value for what, value in measured}
    return {name: round(value, 4) for name, value in found.items()} | {
        "ORCID, persons with two iDs": len(lumped(truth, owners, None))
    }


def blocks(folder: Path, song: Labelled) -> Scores:
    """B-cubed F1 of each block of Song's, against the corrected labels."""
    people, home = _people(song), _song_blocks(folder)
    parts = {block: [key for key in home if home[key] == block] for block in sorted(set(home.values()))}
    return {block: round(b_cubed(song.truth, people, part).f1, 3) for block, part in parts.items()}


def calibration(sets: Collection[Labelled]) -> list[tuple[float, float]]:
    """(log-odds, share of true pairs), both rising."""
    odds = np.clip(np.concatenate([one.odds[one.rows] for one in sets]), *CLIP)
    same = np.concatenate([one.same for one in sets])
    weight = np.concatenate([one.weight for one in sets])
    band = np.searchsorted(BANDS, odds, side="right")
    total = np.bincount(band, weight, len(BANDS) + 1)
    middle = np.bincount(band, weight * odds, len(BANDS) + 1) / total
    share = isotonic_regression(np.bincount(band, weight * same, len(BANDS) + 1) / total, weights=total).x
    return [(round(x, 3), round(y, 3)) for x, y in zip(middle.tolist(), share.tolist(), strict=True)]


def commonness(folder: Path) -> dict[str, Any]:
    """How often the common tokens stand in PubMed records of two eras; those that weigh the most anyway are left out.

    Single words, given names, surnames, and surnames with an initial: never a whole name.
    """
    tokens = Tokens()
    records = [one for path in (identity.PUBMED, OLD) for one in identity.publications(folder / path)]
    slots = parse_slots(records, tokens=tokens).sort_by("record").combine_chunks()
    found = counted(slots, Rarity(dict.fromkeys(MOST, 0), np.zeros(BUCKETS, np.int32)))
    spelt = {kind: set(tokens.spelt(kind).values()) for kind in ("word", "subject", "place", "coauthor")}
    lasts, fores = slots["last"].to_pylist(), slots.filter(slots["full"])["fore"].to_pylist()
    spelt |= {"last": {one.replace(" ", "") for one in lasts}, "fore": {one.split(" ")[0] for one in fores}}
    spelt |= {"journal": set(slots["journal"].to_pylist())}
    counts: dict[str, dict[str, int]] = {}
    for kind, names in spelt.items():
        least = (found.totals[kind] + 1) / np.exp(MOST[kind]) - 1
        told = ((name, int(found.counts[token_number(kind, name)])) for name in sorted(names))
        counts[kind] = {name: count for name, count in told if name and count >= least}
    about = "Counts of common words and names in a sample of PubMed records; rarer ones are left out."
    return {"about": about, "totals": found.totals, "counts": counts}


def _people(one: Labelled) -> dict[str, int]:
    """The person of every mention."""
    odds = np.round(np.clip(one.odds, *CLIP), 9)
    label = cluster(one.corpus, plant(one.corpus, ()), one.pairs, odds, MERGE).label
    return dict(zip(one.corpus.keys, label.tolist(), strict=True))


def _labelled(corpus: Corpus, pairs: Pairs, truth: Truth, said: Said) -> tuple[Ints, Flags]:
    """Which pairs are labelled, and whether as one person."""
    keys = corpus.keys
    ends = [(keys[a], keys[b]) for a, b in zip(pairs.a.tolist(), pairs.b.tolist(), strict=True)]
    known = {(b, a): same for (a, b), same in said.items()} | said
    found = {n: known[pair] for n, pair in enumerate(ends) if pair in known}
    found |= {n: truth[a] == truth[b] for n, (a, b) in enumerate(ends) if a in truth and b in truth}
    return np.array(list(found), np.int64), np.array(list(found.values()), np.bool_)


def _song(folder: Path, column: str) -> dict[str, str]:
    return {mention_key(*key): label for key, label in identity.labels(folder, column).items()}


def _song_blocks(folder: Path) -> dict[str, str]:
    return _song(folder, "block")


def _vishnyakova(folder: Path) -> Said:
    return {(mention_key(*a), mention_key(*b)): same for a, b, same in identity.said(folder)}


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]


if __name__ == "__main__":
    main()
