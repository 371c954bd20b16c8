"""Words of texts and affiliations, and bags of tokens as sparse rows."""

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy.sparse import csr_array

from kolgraph.names import fold

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]
Matrix = Any  # scipy.sparse.csr_array of float64

EMAIL = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")
_WORD = re.compile(r"[^\W\d_]{3,}")
_MANY = 100_000  # numbers that are cheaper counted than sorted
_PUBLIC_MAIL = frozenset(
    re.findall(
        r"\S+",
        "gmail.com googlemail.com yahoo.com hotmail.com outlook.com live.com msn.com aol.com icloud.com me.com "
        "mail.ru 163.com 126.com qq.com sina.com sohu.com foxmail.com 139.com yeah.net aliyun.com naver.com "
        "hanmail.net daum.net yahoo.co.jp yahoo.co.uk yahoo.co.in yahoo.fr yahoo.it yahoo.es yahoo.de yahoo.com.br "
        "yahoo.com.cn yandex.ru rediffmail.com libero.it gmx.de gmx.net gmx.at web.de t-online.de hotmail.it "
        "hotmail.fr hotmail.co.uk wanadoo.fr orange.fr free.fr laposte.net uol.com.br terra.com.br comcast.net "
        "verizon.net sbcglobal.net att.net",
    )
)


def words(text: str) -> set[str]:
    """The words of a text, lower case, three letters or more, plurals as singulars."""
    return {_singular(word) for word in _WORD.findall(text.casefold())}


def _singular(word: str) -> str:
    if len(word) < 5 or word[-1] != "s" or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-2] if word.endswith(("sses", "xes", "ches")) else word[:-1]


def place_words(text: str) -> set[str]:
    """The words of an affiliation without its e-mail addresses; numbers from four digits (postcodes) are words."""
    folded = fold(EMAIL.sub(" ", text).replace("Electronic address:", " "))
    return {word for word in folded.split() if len(word) > 2 and (not word.isdigit() or len(word) > 3)}


def addresses(text: str) -> list[str]:
    """The e-mail addresses in a text, lower case."""
    return [found.casefold().rstrip(".") for found in EMAIL.findall(text)] if "@" in text else []


def domain(address: str) -> str:
    """The registered part of an address's domain, "" for mail providers that anyone can use."""
    host = address.rpartition("@")[2]
    if host in _PUBLIC_MAIL:
        return ""
    labels = host.split(".")
    short = len(labels) > 2 and len(labels[-1]) == 2 and len(labels[-2]) <= 3
    return ".".join(labels[-3:] if short else labels[-2:])


@dataclass(slots=True)
class Table:
    """Rows of tokens: `rows` (rows, tokens) says how often each stands there; `tokens` are the columns' numbers."""

    rows: Matrix
    tokens: Ints

    def column(self, tokens: Ints) -> Ints:
        """The columns of these tokens, -1 for those in no row."""
        if not len(self.tokens):
            return np.full(len(tokens), -1, np.int32)
        found = np.minimum(np.searchsorted(self.tokens, tokens), len(self.tokens) - 1)
        return np.where(self.tokens[found] == tokens, found, -1).astype(np.int32)


def heads(slots: pa.Table) -> tuple[Ints, NDArray[np.int64]]:
    """The number of each slot's record, and the first slot of every record."""
    if not len(slots):
        return np.zeros(0, np.int32), np.zeros(0, np.int64)
    codes = np.asarray(slots["record"].combine_chunks().dictionary_encode().indices)
    first = np.flatnonzero(np.append(True, np.diff(codes) != 0))
    return np.repeat(np.arange(len(first), dtype=np.int32), np.diff(np.append(first, len(codes)))), first


def lists(column: pa.ChunkedArray) -> tuple[Ints, Ints]:
    """Offsets and values of a column of lists."""
    rows = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    offsets = np.asarray(rows.offsets)
    return offsets - offsets[0], np.asarray(rows.values)[offsets[0] : offsets[-1]]


def distinct(offsets: Ints, numbers: Ints) -> Ints:
    """All numbers of sorted lists, each once a list."""
    new = np.append(True, numbers[1:] != numbers[:-1])[: len(numbers)]
    new[offsets[:-1][np.diff(offsets) > 0]] = True
    return np.asarray(numbers[new])


def table(offsets: Ints, numbers: Ints) -> Table:
    """Lists of tokens as sparse rows of counts."""
    tokens = np.unique(numbers) if len(numbers) < _MANY else np.flatnonzero(np.bincount(numbers))
    columns = np.searchsorted(tokens, numbers).astype(np.int32)
    shape = (len(offsets) - 1, max(1, len(tokens)))
    rows = csr_array((np.ones(len(numbers)), columns, offsets), shape=shape)
    rows.sum_duplicates()
    return Table(rows, tokens.astype(np.int32))


def weighed(rows: Matrix, values: Floats, unit: bool) -> Matrix:
    """The rows times these values of their tokens, scaled to length 1 when `unit`; zeros vanish."""
    found = csr_array((rows.data * values, rows.indices, rows.indptr), shape=rows.shape, copy=True)
    found.eliminate_zeros()
    if unit:
        length = np.sqrt(np.add.reduceat(np.append(found.data**2, 0.0), found.indptr[:-1]))
        length[np.diff(found.indptr) == 0] = 1.0
        found.data = found.data / np.repeat(length, np.diff(found.indptr))
    return found


def dots(rows: Matrix, a: Ints, b: Ints) -> Floats:
    """The dot product of row a[k] and row b[k] for every k.

    Where few rows make many pairs, as in a big block, all products of those rows are cheaper than the pairs' own.
    """
    if not len(a):
        return np.zeros(0)
    left, i = np.unique(a, return_inverse=True)
    right, j = np.unique(b, return_inverse=True)
    if len(left) * len(right) <= 4 * len(a):
        return np.asarray((rows[left] @ rows[right].T).toarray()[i, j])
    return np.asarray(rows[a].multiply(rows[b]).sum(axis=1)).ravel()


def highest(rows: Matrix, a: Ints, b: Ints) -> Floats:
    """The largest value of the elementwise product of row a[k] and row b[k], 0 where nothing is shared."""
    both = rows[a].multiply(rows[b]).tocsr()
    return np.asarray(both.max(axis=1).toarray()).ravel()
