"""From clusters to persons: stable ids, a probability, a place for every mention, and the doubts worth a look."""

import base64
import hashlib
from collections import defaultdict
from collections.abc import Iterable

import numpy as np
import pyarrow as pa

from kolgraph.resolve.block import Pairs
from kolgraph.resolve.cluster import Clusters, gather
from kolgraph.resolve.corpus import Corpus
from kolgraph.resolve.evidence import features, model
from kolgraph.resolve.places import Places
from kolgraph.resolve.seeds import Seeds
from kolgraph.resolve.text import Floats
from kolgraph.resolve.words import phrase

MENTIONS = pa.schema(
    [
        ("record", pa.string()),
        ("position", pa.int32()),
        ("person", pa.string()),
        ("name", pa.string()),
        ("confidence", pa.float64()),
        ("institutions", pa.list_(pa.string())),
        ("institution_confidence", pa.list_(pa.float64())),
        ("country", pa.string()),
        ("city", pa.string()),
        ("region", pa.string()),
    ]
)
DOUBTS = pa.schema([("a", pa.string()), ("b", pa.string()), ("logodds", pa.float64()), ("reasons", pa.string())])


def probability(log_odds: Floats) -> Floats:
    """Calibrated probability: linear between the breakpoints of weights.json, 1.0 for what hard facts hold."""
    points = np.array(model().calibration)
    found = np.interp(log_odds, points[:, 0], points[:, 1])
    return np.where(np.isinf(log_odds), 1.0, found)


def new_id(anchor: str) -> str:
    """The id of a person first seen with this smallest mention."""
    digest = hashlib.sha256(anchor.encode()).digest()
    return "person:" + base64.b32encode(digest)[:12].decode().lower()


def name_persons(
    corpus: Corpus, clusters: Clusters, register: Iterable[tuple[str, str]]
) -> tuple[dict[int, str], list[tuple[str, str]], list[tuple[str, str]]]:
    """Ids by cluster label, every (id, anchor) in use, and (old id, id that it means now) for what has merged.

    A cluster takes the oldest issued id whose anchor mention it holds, else one made from its smallest mention, of a
    record if there is one: lists come and go.
    """
    first = {int(clusters.label[slot]): slot for slot in np.argsort(corpus.listed, kind="stable")[::-1].tolist()}
    number = {key: slot for slot, key in enumerate(corpus.keys)}
    taken: dict[int, tuple[str, str]] = {}
    redirects = []
    for person, anchor in register:
        slot = number.get(anchor)
        if slot is None:
            continue
        label = int(clusters.label[slot])
        if label in taken:
            redirects.append((person, taken[label][0]))
        else:
            taken[label] = person, anchor
    for label in np.unique(clusters.label):
        anchor = corpus.keys[first[int(label)]]
        taken.setdefault(int(label), (new_id(anchor), anchor))
    return {label: one[0] for label, one in taken.items()}, sorted(taken.values()), redirects


def mention_table(corpus: Corpus, clusters: Clusters, ids: dict[int, str], places: Places | None) -> pa.Table:
    """One row per person-mention, sorted by (record, position)."""
    size = np.bincount(clusters.label, minlength=len(corpus))[clusters.label]
    sure = probability(clusters.weakest)
    where = [places.where(one) for one in corpus.affiliations] if places else [None] * len(corpus)
    columns = {
        "record": [corpus.records[number] for number in corpus.record],
        "position": corpus.position,
        "person": [ids[int(label)] for label in clusters.label],
        "name": corpus.shown,
        "confidence": pa.array(sure, mask=size < 2),
        "institutions": [list(one.institutions) if one else [] for one in where],
        "institution_confidence": [list(one.confidence) if one else [] for one in where],
        "country": [one.country if one else _country(corpus, slot) for slot, one in enumerate(where)],
        "city": [one.city if one else "" for one in where],
        "region": [one.region if one else "" for one in where],
    }
    return pa.table(columns, schema=MENTIONS)


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
    value = 0.5 * links.total / np.maximum(1, links.count) + 0.5 * links.best
    grey = (links.count == size[links.a] * size[links.b]) & (value >= bars.doubt)
    rows = np.flatnonzero(grey)
    rows = rows[np.lexsort((links.b[rows], links.a[rows], -value[rows]))]
    behind = pairs[links.strongest[rows]]
    reasons = _reasons(features(corpus, behind) * bars.weights)
    table: dict[str, list[object]] = defaultdict(list)
    for a, b, reason in seeds.clashes:
        for name, cell in zip(DOUBTS.names, (corpus.keys[a], corpus.keys[b], None, reason), strict=True):
            table[name].append(cell)
    for k, row in enumerate(rows):
        keys = corpus.keys[behind.a[k]], corpus.keys[behind.b[k]]
        for name, cell in zip(DOUBTS.names, (*keys, float(value[row]), reasons[k]), strict=True):
            table[name].append(cell)
    return pa.table({name: table[name] for name in DOUBTS.names}, schema=DOUBTS)


def _reasons(contributions: Floats) -> list[str]:
    """The four largest contributions of each row in words."""
    found = []
    for row in contributions:
        top = np.lexsort((np.arange(len(row)), -np.abs(row)))[:4]
        found.append("; ".join(f"{phrase(int(k))} {row[k]:+.1f}" for k in top if abs(row[k]) >= 0.05))
    return found


def _country(corpus: Corpus, slot: int) -> str:
    number = corpus.country[slot]
    return corpus.countries[number] if number >= 0 else ""
