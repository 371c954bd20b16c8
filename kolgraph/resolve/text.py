"""Bags of tokens as sparse rows: collected in one pass, numbered in sorted order, weighed by rarity."""

import re
from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from kolgraph.names import fold

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]
Matrix = Any  # scipy.sparse.csr_array of float64

EMAIL = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")
_WORD = re.compile(r"[^\W\d_]{3,}")
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
    """The words of a title or an abstract, lower case, three letters or more."""
    return set(_WORD.findall(text.casefold()))


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
class Bags:
    """Rows of token sets while they are collected; token numbers are provisional until `table`."""

    numbers: dict[str, int] = field(default_factory=dict)
    tokens: "array[int]" = field(default_factory=lambda: array("i"))
    ends: "array[int]" = field(default_factory=lambda: array("q", [0]))

    def add(self, bag: Iterable[str]) -> int:
        """Append a row; returns its number."""
        numbers = self.numbers
        self.tokens.extend([numbers.setdefault(token, len(numbers)) for token in bag])
        self.ends.append(len(self.tokens))
        return len(self.ends) - 2

    def table(self, order: Ints | None = None) -> "Table":
        """The finished rows, in `order` (row numbers) when given: the same whatever the order of collection."""
        names = sorted(self.numbers)
        place = np.empty(len(names), np.int32)
        for new, name in enumerate(names):
            place[self.numbers[name]] = new
        tokens = place[np.frombuffer(self.tokens, np.int32)] if len(self.tokens) else np.zeros(0, np.int32)
        ends = np.frombuffer(self.ends, np.int64)
        rows = csr_array((np.ones(len(tokens)), tokens, ends), shape=(len(ends) - 1, max(1, len(names))))
        if order is not None:
            rows = rows[order]
        rows.sort_indices()
        return Table(names, rows)


@dataclass(slots=True)
class Table:
    """Rows of tokens: `rows` is 0/1 of shape (rows, tokens); `names` are the tokens in column order."""

    names: list[str]
    rows: Matrix

    def frequency(self, weight: Floats | None = None) -> dict[str, int]:
        """In how many rows each token stands; `weight` counts a row several times."""
        counts = self.rows.T @ (np.ones(self.rows.shape[0]) if weight is None else weight)
        return {name: int(count) for name, count in zip(self.names, counts, strict=False) if count}

    def weighed(self, column: Floats, unit: bool) -> Matrix:
        """The rows with `column` as the value of each token, scaled to length 1 when `unit`; zero columns vanish."""
        rows = self.rows.copy()
        rows.data = column[rows.indices] if len(self.names) else rows.data
        rows.eliminate_zeros()
        if unit:
            length = np.sqrt(np.add.reduceat(np.append(rows.data**2, 0.0), rows.indptr[:-1]))
            length[np.diff(rows.indptr) == 0] = 1.0
            rows.data = rows.data / np.repeat(length, np.diff(rows.indptr))
        return rows


def dots(rows: Matrix, a: Ints, b: Ints) -> Floats:
    """The dot product of row a[k] and row b[k] for every k."""
    return np.asarray(rows[a].multiply(rows[b]).sum(axis=1)).ravel()


def highest(rows: Matrix, a: Ints, b: Ints) -> Floats:
    """The largest value of the elementwise product of row a[k] and row b[k], 0 where nothing is shared."""
    both = rows[a].multiply(rows[b]).tocsr()
    return np.asarray(both.max(axis=1).toarray()).ravel()
