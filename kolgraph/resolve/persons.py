"""From clusters to persons: stable ids, a probability, a place for every mention, and the doubts worth a look."""

import base64
import hashlib
from collections.abc import Iterable
from itertools import repeat
from typing import Any

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
        ("hard", pa.bool_()),  # tied to another mention of the person by a judgement, an ORCID or an NPI
        ("institutions", pa.list_(pa.string())),
        ("institution_confidence", pa.list_(pa.float64())),
        ("country", pa.string()),
        ("city", pa.string()),
        ("region", pa.string()),
    ]
)
_ENDS, _LINK = [("a", pa.string()), ("b", pa.string())], [("mean", pa.float64()), ("best", pa.float64())]
DOUBTS = pa.schema(
    [
        ("kind", pa.string()),  # grey; clash: one ORCID or NPI on names that do not fit, with no log-odds
        *_ENDS,  # the mentions behind the strongest pair
        ("person_a", pa.string()),
        ("person_b", pa.string()),
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
        ("person", pa.string()),
        ("step", pa.int32()),
        *_ENDS,  # the smallest mentions of the two sides
        ("value", pa.float64()),
        *_LINK,
        ("pair_a", pa.string()),
        ("pair_b", pa.string()),
    ]
)
TROUBLE = pa.schema([("kind", pa.string()), ("text", pa.string())])


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


def mention_table(
    corpus: Corpus, seeds: Seeds, clusters: Clusters, ids: dict[int, str], places: Places | None
) -> pa.Table:
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
        "hard": np.bincount(seeds.settled(), minlength=len(corpus))[seeds.settled()] > 1,
        "institutions": [list(one.institutions) if one else [] for one in where],
        "institution_confidence": [list(one.confidence) if one else [] for one in where],
        "country": [one.country if one else _country(corpus, slot) for slot, one in enumerate(where)],
        "city": [one.city if one else "" for one in where],
        "region": [one.region if one else "" for one in where],
    }
    return pa.table(columns, schema=MENTIONS)


def doubt_table(
    corpus: Corpus, seeds: Seeds, clusters: Clusters, ids: dict[int, str], pairs: Pairs, odds: Floats
) -> pa.Table:
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
        "person_a": [ids[label] for label in one.tolist()],
        "person_b": [ids[label] for label in two.tolist()],
        "size_a": size[one],
        "size_b": size[two],
        "logodds": _maybe(unknown, value),
        "mean": _maybe(unknown, links.total / np.maximum(1, links.count)),
        "best": _maybe(unknown, links.best),
        "probability": _maybe(unknown, probability(value)),
        "reasons": told,
    }
    return pa.table(columns, schema=DOUBTS)


def merge_table(corpus: Corpus, clusters: Clusters, ids: dict[int, str], pairs: Pairs) -> pa.Table:
    """Every merge by evidence: the persons it led to, what was joined, the link and the pair behind its best."""
    merges, label = clusters.merges, clusters.label
    people = label[merges.a]
    order = np.lexsort((np.arange(len(people)), people))
    people = people[order]
    behind = pairs[merges.strongest[order]]
    columns: dict[str, Any] = {
        "person": [ids[one] for one in people.tolist()],
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


def trouble_table(seeds: Seeds) -> pa.Table:
    """Judgements that cannot all hold, and those about mentions that are gone."""
    rows = [("contradiction", text) for text in seeds.contradictions] + [("lost", text) for text in seeds.lost]
    return pa.table({"kind": [kind for kind, _ in rows], "text": [text for _, text in rows]}, schema=TROUBLE)


def _maybe(unknown: Floats, values: Floats) -> pa.Array:
    return pa.array(np.concatenate((unknown, values)), pa.float64(), from_pandas=True)


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
