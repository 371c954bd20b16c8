"""What resolving a part says: who is whose, how surely, what was merged, and the doubts worth a look."""

from itertools import repeat
from typing import Any

import numpy as np
import pyarrow as pa

from kolgraph.resolve.block import Pairs
from kolgraph.resolve.cluster import Clusters, gather
from kolgraph.resolve.corpus import Corpus
from kolgraph.resolve.evidence import features, model
from kolgraph.resolve.seeds import Seeds
from kolgraph.resolve.text import Floats
from kolgraph.resolve.words import phrase

ASSIGN = pa.schema(
    [
        ("key", pa.string()),  # record#position
        ("person", pa.string()),  # the smallest mention of the person
        ("confidence", pa.float64()),  # probability of the weakest link
        ("hard", pa.bool_()),  # tied to another mention of the person by a judgement, an ORCID or an NPI
        ("tied", pa.string()),  # the smallest of the mentions that hard facts tie this one to, itself for none
    ]
)
_ENDS, _LINK = [("a", pa.string()), ("b", pa.string())], [("mean", pa.float64()), ("best", pa.float64())]
DOUBTS = pa.schema(
    [
        ("kind", pa.string()),  # grey; clash: one ORCID or NPI on names that do not fit, with no log-odds
        *_ENDS,  # the mentions behind the strongest pair
        ("size_a", pa.int32()),
        ("size_b", pa.int32()),
        ("logodds", pa.float64()),  # of the link of the two persons
        *_LINK,
        ("probability", pa.float64()),
        ("reasons", pa.string()),
    ]
)
MERGES = pa.schema(
    [
        ("step", pa.int32()),  # in the order of the person's merges
        *_ENDS,  # the smallest mentions of the two sides
        ("value", pa.float64()),
        *_LINK,
        ("pair_a", pa.string()),
        ("pair_b", pa.string()),
    ]
)


def probability(log_odds: Floats) -> Floats:
    """Calibrated probability: linear between the breakpoints of weights.json, 1.0 for what hard facts hold."""
    points = np.array(model().calibration)
    found = np.interp(log_odds, points[:, 0], points[:, 1])
    return np.where(np.isinf(log_odds), 1.0, found)


def assign_table(corpus: Corpus, seeds: Seeds, clusters: Clusters) -> pa.Table:
    """Every slot with the smallest slot of its person: shape ASSIGN."""
    root = seeds.settled()
    return pa.table(
        {
            "key": corpus.keys,
            "person": [corpus.keys[label] for label in clusters.label],
            "confidence": pa.array(probability(clusters.weakest)),
            "hard": np.bincount(root, minlength=len(root))[root] > 1,
            "tied": [corpus.keys[slot] for slot in root],
        },
        schema=ASSIGN,
    )


def doubt_table(corpus: Corpus, seeds: Seeds, clusters: Clusters, pairs: Pairs, odds: Floats) -> pa.Table:
    """Pairs of persons in the grey band and ORCID clashes, each by the mentions behind it; highest log-odds first."""
    bars = model()
    # a row of a list that is tied to records speaks through them; one that stands alone is compared with them
    known = np.bincount(clusters.label[~corpus.listed], minlength=len(corpus)) > 0
    mute = corpus.listed & known[clusters.label]
    heard = ~(mute[pairs.a] | mute[pairs.b])
    pairs, odds = pairs[heard], odds[heard]
    size = np.bincount(clusters.label[~mute], minlength=len(corpus))
    links = gather(clusters.label, pairs, odds)
    nodes = clusters.nodes
    links = links[~seeds.kept(clusters.label, links.a, links.b) & (links.value() >= bars.doubt)]
    nodes.forbid(links)
    nodes.complete(links, np.flatnonzero(links.may & nodes.partial(links)))
    links = links[(links.count >= size[links.a] * size[links.b]) & (links.value() >= bars.doubt)]
    value = links.value()
    order = np.lexsort((links.b, links.a, -value))
    links, value = links[order], value[order]
    behind = pairs[links.strongest]
    reasons = _reasons(features(corpus, behind) * bars.weights)
    rows = [("clash", a, b, reason) for a, b, reason in seeds.clashes]
    rows += zip(repeat("grey"), behind.a.tolist(), behind.b.tolist(), reasons, strict=False)
    kinds, a, b, told = zip(*rows, strict=True) if rows else ((), (), (), ())
    unknown = np.full(len(seeds.clashes), np.nan)
    one, two = (clusters.label[list(side)] if side else np.zeros(0, np.int32) for side in (a, b))
    columns: dict[str, Any] = {
        "kind": kinds,
        "a": [corpus.keys[slot] for slot in a],
        "b": [corpus.keys[slot] for slot in b],
        "size_a": size[one],
        "size_b": size[two],
        "logodds": _maybe(unknown, value),
        "mean": _maybe(unknown, links.total / np.maximum(1, links.count)),
        "best": _maybe(unknown, links.best),
        "probability": _maybe(unknown, probability(value)),
        "reasons": told,
    }
    return pa.table(columns, schema=DOUBTS)


def merge_table(corpus: Corpus, clusters: Clusters, pairs: Pairs) -> pa.Table:
    """Every merge by evidence: the persons it led to, what was joined, the link and the pair behind its best."""
    merges, label = clusters.merges, clusters.label
    people = label[merges.a]
    order = np.lexsort((np.arange(len(people)), people))
    people = people[order]
    behind = pairs[merges.strongest[order]]
    columns: dict[str, Any] = {
        "step": np.arange(len(people)) - np.searchsorted(people, people),
        "a": [corpus.keys[slot] for slot in merges.a[order]],
        "b": [corpus.keys[slot] for slot in merges.b[order]],
        "value": merges.value[order],
        "mean": merges.mean[order],
        "best": merges.best[order],
        "pair_a": [corpus.keys[slot] for slot in behind.a],
        "pair_b": [corpus.keys[slot] for slot in behind.b],
    }
    return pa.table(columns, schema=MERGES)


def _maybe(unknown: Floats, values: Floats) -> pa.Array:
    return pa.array(np.concatenate((unknown, values)), pa.float64(), from_pandas=True)


def _reasons(contributions: Floats) -> list[str]:
    """The four largest contributions of each row in words."""
    found = []
    for row in contributions:
        top = np.lexsort((np.arange(len(row)), -np.abs(row)))[:4]
        found.append("; ".join(f"{phrase(int(k))} {row[k]:+.1f}" for k in top if abs(row[k]) >= 0.05))
    return found
