"""A set of numbers as a short text, so that the cursor of a walk can hold what came before it."""

import base64
import zlib
from collections.abc import Iterable
from itertools import accumulate, pairwise


def pack(numbers: Iterable[int]) -> str:
    """The numbers, sorted, as the compressed distances between them: about three characters each."""
    distances = " ".join(str(b - a) for a, b in pairwise([0, *sorted(numbers)]))
    return base64.b64encode(zlib.compress(distances.encode(), 6)).decode()


def unpack(text: str) -> set[int]:
    """The numbers that `pack` was given."""
    return set(accumulate(map(int, zlib.decompress(base64.b64decode(text)).decode().split())))
