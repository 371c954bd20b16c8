"""What may go into a question: every parameter has a declared kind, everything else is refused with one line.

Numbers of numpy become plain Python numbers; NaN, infinite numbers, texts for numbers and missing keys never arrive.
"""

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from numbers import Real
from operator import index
from typing import Any

from kolgraph.errors import StoreError

Convert = Callable[[Any], Any]
_FOLDED = re.compile(r"[a-z0-9 ]*")
_WORD = re.compile(r"[a-z0-9]+")


def _text(value: Any) -> str:
    if type(value) is str:
        return value
    if isinstance(value, str):
        return str(value)
    raise ValueError("a text")


def _folded(value: Any) -> str:
    if isinstance(value, str) and _FOLDED.fullmatch(value):
        return str(value)
    raise ValueError("a text of a-z, 0-9 and spaces (names.fold)")


def _word(value: Any) -> str:
    if isinstance(value, str) and _WORD.fullmatch(value):
        return str(value)
    raise ValueError("words of a-z and 0-9 (names.search_words)")


def _integer(value: Any) -> int:
    if type(value) is int:
        return value
    try:
        return index(value)
    except TypeError:
        raise ValueError("a whole number") from None


def _count(value: Any) -> int:
    number = _integer(value)
    if number < 0:
        raise ValueError("a whole number from 0 up")
    return number


def _real(value: Any) -> float:
    if not isinstance(value, float | Real):
        raise ValueError("a number")
    number = float(value)
    if not math.isfinite(number):
        raise ValueError("a finite number")
    return number + 0.0  # SQLite keeps no negative zero, so nobody does


def _boolean(value: Any) -> bool:
    if value is True or value is False:
        return value
    try:
        return (False, True)[index(value)]
    except (TypeError, IndexError):
        if type(value).__name__ in ("bool", "bool_"):  # numpy's, which is no index
            return bool(value)
        raise ValueError("true or false") from None


def _listed(one: Convert) -> Convert:
    def convert(value: Any) -> list[Any]:
        if isinstance(value, str | bytes | Mapping) or not isinstance(value, Iterable):
            raise ValueError("a list")
        return [one(item) for item in value]

    return convert


def _optional(one: Convert) -> Convert:
    return lambda value: None if value is None else one(value)


_PLAIN: dict[str, Convert] = {
    "text": _text,
    "folded": _folded,
    "word": _word,
    "integer": _integer,
    "count": _count,
    "real": _real,
    "boolean": _boolean,
}
KINDS: dict[str, Convert] = {
    **_PLAIN,
    **{f"{kind}[]": _listed(convert) for kind, convert in _PLAIN.items()},
    **{f"{kind}?": _optional(convert) for kind, convert in _PLAIN.items()},
}


def checked(name: str, params: Mapping[str, str], given: Mapping[str, Any]) -> dict[str, Any]:
    """The values of one row or call, converted to their declared kinds. Raises StoreError naming what is wrong."""
    if given.keys() != params.keys():
        missing = ", ".join(sorted(params.keys() - given.keys()))
        unknown = ", ".join(sorted(map(str, given.keys() - params.keys())))
        wrong = "; ".join(f"{word} {names}" for word, names in (("missing", missing), ("unknown", unknown)) if names)
        raise StoreError(f"{name} takes {', '.join(params) or 'nothing'}: {wrong}")
    row = {}
    for key, kind in params.items():
        try:
            row[key] = KINDS[kind](given[key])
        except ValueError as error:
            raise StoreError(f"{name}: {key} must be {error}, not {given[key]!r:.80}") from None
    return row


def rows(name: str, params: Mapping[str, str], given: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """The rows of a write, converted; a tie must name its smaller id first, so that nobody is tied to himself."""
    pairs = [(key, KINDS[kind]) for key, kind in params.items()]
    keys = params.keys()
    tie = "a" in params and "b" in params
    for row in given:
        try:
            values = {key: convert(row[key]) for key, convert in pairs}
        except (KeyError, ValueError):
            values = checked(name, params, row)  # says what is wrong
        if len(row) != len(pairs) and row.keys() != keys:
            checked(name, params, row)
        if tie and values["a"] >= values["b"]:
            raise StoreError(f"{name}: {values['a']} - {values['b']} is no tie of two, the smaller id first")
        yield values
