"""Merges taken at random, opened, and weighed anew from the records: what is stored, printed and true is one figure."""

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from kolgraph.model import Mention, Publication, Trial, mention_key, mentions_of
from kolgraph.resolve import LinkExplanation
from kolgraph.resolve.block import pairs_of
from kolgraph.resolve.evidence import features, model
from kolgraph.resolve.explain import numbers_of, read
from kolgraph.resolve.links import explain_link, sides
from kolgraph.resolve.rarity import Rarity

Slot = tuple[Publication | Trial, Mention]


class Opened(NamedTuple):
    """A merge as it explains itself, and how far that is from its value and from what its pairs add up to."""

    told: LinkExplanation
    off: float  # the printed terms from the value that is stored
    truly: float  # the value that is stored from half the mean and half the best of all its pairs
    rest: float  # what is said of bounds from what the bounds take
    best: float  # the pair that is shown from the best of all


def opened(
    records: Iterable[Publication | Trial],
    mentions: pa.Table,
    merges: pa.Table,
    rarity: Rarity,
    count: int,
    seed: int = 5,
) -> Iterator[Opened]:
    """So many merges of a resolution, or all if there are fewer."""
    slots = {mention_key(one.id, mention.position): (one, mention) for one in records for mention in mentions_of(one)}
    tied: dict[str, dict[str, str]] = defaultdict(dict)
    columns = (mentions.column(name).to_pylist() for name in ("record", "position", "person", "tied"))
    for record, position, person, root in zip(*columns, strict=True):
        tied[person][mention_key(record, position)] = root
    every: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for one in merges.to_pylist():
        every[one["person"]].append(one)
    listed = [one for some in every.values() for one in some]
    for one in random.Random(seed).sample(listed, min(count, len(listed))):
        left, right = sides(every[one["person"]], tied[one["person"]], one["step"])
        yield _opened(one, [slots[key] for key in left], [slots[key] for key in right], slots, rarity)


def _opened(
    merge: Mapping[str, Any], left: Sequence[Slot], right: Sequence[Slot], slots: Mapping[str, Slot], rarity: Rarity
) -> Opened:
    reading = read([*left, *right], rarity)
    told = explain_link(merge, left, right, (slots[merge["pair_a"]], slots[merge["pair_b"]]), reading)
    corpus = reading.corpus
    one, two = (numbers_of(corpus, side) for side in (left, right))
    raw = features(corpus, pairs_of(corpus, [(int(a), int(b)) for a in one for b in two])) @ model().weights
    raw += model().intercept
    held = np.clip(raw, *model().clip)
    value, shown = 0.5 * float(held.mean() + held.max()), told.pair.total
    printed = told.intercept + sum(each.value for each in told.contributions) + told.rest
    bounds = value - 0.5 * float(raw.mean()) - 0.5 * shown
    best = float(np.clip(shown, *model().clip)) - float(held.max())
    return Opened(told, printed - merge["value"], merge["value"] - value, told.rest - bounds, best)
