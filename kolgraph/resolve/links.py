"""Why two parts of a person were joined: the link as a sum of contributions, and who stood on either side.

A link is half the mean over all cross pairs and half the best of them, and log-odds are sums over features: so is the
link. What is left is named: pairs are held within bounds, and a big block's mean is that of a sample.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from kolgraph.resolve.block import pairs_of
from kolgraph.resolve.evidence import FEATURES, features, model
from kolgraph.resolve.explain import Contribution, Explanation, Read, Slot, numbers_of, open_pair, read
from kolgraph.resolve.rarity import Rarity
from kolgraph.resolve.words import PHRASES


@dataclass(frozen=True, slots=True)
class LinkExplanation:
    """`intercept`, contributions and `rest` add up to `total`, the value of the merge; `pair` opens its best pair."""

    pair: Explanation
    pairs: int  # between the two sides
    contributions: tuple[Contribution, ...]  # largest first
    intercept: float
    rest: float  # what bounds and samples take away or add
    total: float

    def __str__(self) -> str:
        lines = [f"{self.pair.a} and {self.pair.b}, the best of {self.pairs:,} pairs"]
        lines += [f"  {one.value:+6.2f}  {one.words}" for one in self.contributions]
        lines.append(f"  {self.intercept:+6.2f}  before any evidence")
        lines += [f"  {self.rest:+6.2f}  pairs held within bounds, or a sample of them"] if round(self.rest, 2) else []
        lines.append(f"  {self.total:+6.2f}  log-odds of this link, half the mean and half the best of its pairs")
        return "\n".join(lines)


def sides(merges: Sequence[Mapping[str, Any]], tied: Mapping[str, str], step: int) -> tuple[list[str], list[str]]:
    """The mentions on both sides of a merge of a person: `merges` are all of the person's, `tied` maps its mentions.

    `tied` says for each mention key the smallest one that hard facts tie it to, itself when there is none.
    """
    home: dict[str, list[str]] = {}
    for key, root in tied.items():
        home.setdefault(root, []).append(key)
    for one in sorted(merges, key=lambda each: int(each["step"])):
        if one["step"] == step:
            return home[one["a"]], home[one["b"]]
        home[one["a"]] = home[one["a"]] + home.pop(one["b"])
    raise KeyError(f"the person has no merge {step}")


def explain_links(
    merges: Sequence[Mapping[str, Any]], tied: Mapping[str, str], slots: Mapping[str, Slot], rarity: Rarity | None
) -> list[LinkExplanation]:
    """Open all merges of a person: `tied` as for `sides`, `slots` holds its mentions by their keys."""
    reading = read([slots[key] for key in tied], rarity)
    found = []
    for merge in merges:
        left, right = ([slots[key] for key in side] for side in sides(merges, tied, merge["step"]))
        found.append(explain_link(merge, left, right, (slots[merge["pair_a"]], slots[merge["pair_b"]]), reading))
    return found


def explain_link(
    merge: Mapping[str, Any], left: Sequence[Slot], right: Sequence[Slot], best: tuple[Slot, Slot], reading: Read
) -> LinkExplanation:
    """Open a merge of what was read: `left` and `right` are the mentions of its `sides`, `best` the pair it names."""
    corpus = reading.corpus
    one, two = numbers_of(corpus, left), numbers_of(corpus, right)
    one, two = one[~corpus.listed[one]], two[~corpus.listed[two]]  # rows of lists are tied, not compared
    cross = np.column_stack((np.repeat(one, len(two)), np.tile(two, len(one))))
    pair = open_pair(reading, *best)
    told = {each.feature: each for each in pair.contributions}
    means = features(corpus, pairs_of(corpus, cross, ordered=False)).mean(axis=0) * model().weights
    found = []
    for name, mean in zip(FEATURES, means.tolist(), strict=True):
        value = 0.5 * mean + 0.5 * (told[name].value if name in told else 0.0)
        if value:
            found.append(Contribution(name, told[name].words if name in told else PHRASES[name], value))
    found.sort(key=lambda each: (-abs(each.value), each.feature))
    total, intercept = float(merge["value"]), model().intercept
    rest = total - intercept - sum(each.value for each in found)
    return LinkExplanation(pair, len(cross), tuple(found), intercept, rest, total)
