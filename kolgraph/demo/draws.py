"""Chance that is the same on every machine: PCG64's raw bits, turned into numbers by exact arithmetic only.

NumPy promises the bit stream of a bit generator for ever, the methods of Generator not; and exp, log and power differ
in the last place between processors. So nothing here goes through them: weights are made with `1 / (a + u)`, sums are
sequential (`cumsum`), and every choice is a search in a cumulative array.
"""

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


class Draws:
    """A stream of chance, independent for each (seed, stream name); it holds the generator's position."""

    def __init__(self, seed: int, stream: str) -> None:
        self._bits = np.random.PCG64(np.random.SeedSequence([seed, *stream.encode()]))

    def unit(self, n: int) -> Floats:
        """n numbers in [0, 1) with 53 random bits."""
        raw = np.asarray(self._bits.random_raw(n), dtype=np.uint64)
        return (raw >> np.uint64(11)).astype(np.float64) * 2.0**-53

    def below(self, limit: Ints | int, n: int) -> Ints:
        """n whole numbers in [0, limit); `limit` may differ from place to place."""
        return np.asarray(np.floor(self.unit(n) * limit), dtype=np.int64)

    def chance(self, share: Floats | float, n: int) -> Flags:
        """n flags, true with this probability."""
        return np.asarray(self.unit(n) < share)

    def pick(self, weights: Floats | Ints, n: int) -> Ints:
        """n indices drawn with probability proportional to `weights`."""
        total = cumulate(np.asarray(weights, dtype=np.float64))
        return within(self.unit(n), total, 0, len(total) - 1)

    def heavy(self, n: int, least: float) -> Floats:
        """n weights 1 / (least + u): most near 1, a few up to 1 / least."""
        return 1.0 / (least + self.unit(n))

    def sample(self, n: int, size: int) -> Ints:
        """`size` different numbers below n, in random order."""
        return np.argsort(self.unit(n), kind="stable")[:size].astype(np.int64)


def cumulate(weights: Floats) -> Floats:
    """Running totals with a leading 0: `total[i+1] - total[i]` is weight i."""
    return np.concatenate([np.zeros(1), np.cumsum(weights)])


def within(u: Floats, total: Floats, low: Ints | int, high: Ints | int) -> Ints:
    """For each u in [0, 1) an index in [low, high) by the weights under `total`; an empty range gives `low`."""
    start, end = total[low], total[high]
    found = np.searchsorted(total, start + u * (end - start), side="right") - 1
    return np.asarray(np.clip(found, low, np.maximum(np.asarray(high) - 1, low)), dtype=np.int64)
