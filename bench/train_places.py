"""Learn what the facts about a candidate institution are worth: `python -m bench.train_places` writes places.json.

From one half of ROR's annotated strings (by hash of the string); the other half is for measuring, see
`bench.identity.affiliations`. The 3,000 strings of journals count threefold beside the 10,000 of physics alone.
"""

import gzip
import hashlib
import json
from pathlib import Path
from typing import Any

from bench import realdata
from bench.identity import _places
from kolgraph.resolve import places as room

GOLD = {"affiliation_gold_springer_3000.json": 3.0, "affiliation_gold_aps_10000.json.gz": 1.0}
TARGET = Path(room.__file__).with_name("places.json")
LEAST, RARE, PENALTY = 0.75, 5, 0.3  # chance to say it; occurrences of a fact; inverse strength of the L2 penalty


def strings(path: Path, learnt: bool) -> list[dict[str, Any]]:
    """The annotated strings of one half: the one that the weights have seen, or the other."""
    raw = path.read_bytes()
    listed = json.loads(gzip.decompress(raw) if path.suffix == ".gz" else raw)
    return [one for one in listed if (_hash(one["affiliation"].encode()) % 2 == 0) == learnt]


def _hash(text: bytes) -> int:
    return hashlib.md5(text, usedforsecurity=False).digest()[0]


def main() -> None:
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.linear_model import LogisticRegression

    folder = realdata() / "ror"
    places, known = _places(folder)
    facts: list[dict[str, float]] = []
    named: list[bool] = []
    weights: list[float] = []
    for file, weight in GOLD.items():
        for one in strings(folder / file, learnt=True):
            wanted = {f"ror:{address.rsplit('/', 1)[1]}" for address in one["ror_ids"]} & known
            wanted = {places.standing(ror) for ror in wanted}
            for ror, said in places.facts(one["affiliation"]):
                facts.append(dict.fromkeys(said, 1.0))
                named.append(ror in wanted)
                weights.append(weight)
    vectors = DictVectorizer()
    table = vectors.fit_transform(facts)
    vectors.restrict([at for at, count in enumerate(table.sum(axis=0).A1) if count >= RARE], indices=True)
    model = LogisticRegression(C=PENALTY, max_iter=5000).fit(vectors.transform(facts), named, sample_weight=weights)
    learnt = zip(vectors.get_feature_names_out(), model.coef_[0], strict=True)
    recipe = {
        "model": f"logistic regression, L2, C = {PENALTY}; facts seen {RARE} times or more; scikit-learn",
        "candidates": len(facts),
        "named": sum(named),
        "sha256": {file: hashlib.sha256((folder / file).read_bytes()).hexdigest()[:16] for file in GOLD},
        "half": "strings whose md5 begins with an even byte; the others are held out",
    }
    stored = {
        "version": 1,
        "least": LEAST,
        "intercept": round(float(model.intercept_[0]), 3),
        "facts": {fact: round(float(value), 3) for fact, value in learnt},
        "recipe": recipe,
    }
    TARGET.write_text(json.dumps(stored, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
