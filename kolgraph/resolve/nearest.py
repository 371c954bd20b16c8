"""Which slots of a big block are worth a comparison: those that share most rare tokens (scale.md section 2, 3).

An inverted index over coauthors, places, subjects, words and addresses: a token in more than COMMON slots of the block
tells nothing there and is left out, so the work grows with the slots and not with their pairs.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, hstack

from kolgraph.resolve.corpus import Corpus
from kolgraph.resolve.text import Ints, Matrix

NEAREST = 20  # candidates a slot; bench/identity.py prints what this costs in recall
COMMON = 60  # slots of a block that share a token before it tells nothing
# about what one unit of each kind is worth in log-odds, so that the nearest are the likeliest
_WORTH = {"place": 4.0, "coauthor": 1.5, "word": 7.0, "subject": 5.0}
_CHUNK = 2000


def nearest(
    corpus: Corpus, rows: Ints, block: Ints, may: Callable[[Ints, Ints], NDArray[np.bool_]], keep: int = NEAREST
) -> tuple[Ints, Ints]:
    """Each of `rows` with up to `keep` slots of `block` (sorted, `rows` among them) that it may be one person with."""
    tokens = _tokens(corpus, block)
    left, right = [], []
    for start in range(0, len(rows), _CHUNK):
        some = rows[start : start + _CHUNK]
        shared = (tokens[np.searchsorted(block, some)] @ tokens.T).tocoo()
        a, b = some[shared.row], block[shared.col]
        fits = np.flatnonzero(a != b)
        fits = fits[may(a[fits], b[fits])]
        a, b, value = a[fits], b[fits], shared.data[fits]
        order = np.lexsort((b, -value, a))
        a, b = a[order], b[order]
        place = np.arange(len(a)) - np.searchsorted(a, a)
        left.append(a[place < keep])
        right.append(b[place < keep])
    return np.concatenate(left), np.concatenate(right)


def _tokens(corpus: Corpus, block: Ints) -> Matrix:
    """The tokens of every slot of a block, each worth what sharing it is worth; what is common there is left out."""
    record = corpus.record[block]
    parts = [corpus.weighed[kind][block if kind == "place" else record] * worth**0.5
             for kind, worth in _WORTH.items()]  # fmt: skip
    parts.append(corpus.tables["mail"].rows[block] * 2.0)
    every = csr_array(hstack(parts, format="csr"))
    used, column, held = np.unique(every.indices, return_inverse=True, return_counts=True)
    tells = (held > 1) & (held <= COMMON)
    every = csr_array(
        (every.data * tells[column], column.astype(np.int32), every.indptr), shape=(len(block), max(1, len(used)))
    )
    every.eliminate_zeros()
    return every
