"""JSON by typed subset: the fields that we use, checked; the bytes of every record kept.

msgspec reads a file into slices of its bytes and each slice into a Struct: 40,000 studies a second, a wrong type is one
clear message with its path, and a field that we do not name costs nothing.
"""

from collections import Counter
from collections.abc import Mapping
from typing import TypeVar

import msgspec

from kolgraph.errors import InputError, TruncatedError
from kolgraph.loading.files import kind_of

T = TypeVar("T")


def decode(decoder: "msgspec.json.Decoder[T]", raw: bytes | msgspec.Raw, what: str) -> T:
    """The value in the bytes. Raises InputError or TruncatedError naming what was read and the place of the fault."""
    try:
        return decoder.decode(raw)
    except msgspec.ValidationError as error:
        raise InputError(f"{what}: {error}") from None
    except msgspec.DecodeError as error:
        if "truncated" in str(error):
            raise TruncatedError(f"{what} is cut: its JSON has no end; fetch it again") from None
        head = bytes(raw[:200]) if isinstance(raw, bytes) else b""
        seen = "" if kind_of(head) == "JSON" else f" (it begins like {kind_of(head)})"
        raise InputError(f"{what} is not JSON{seen}: {error}") from None
    except RecursionError:
        raise InputError(f"{what}: nested too deeply") from None


def word(table: Mapping[str, str], said: str | None, what: str, unknown: Counter[str]) -> str:
    """Our word for a category of the source; an unknown one is kept in lower case and counted."""
    if not said:
        return ""
    known = table.get(said)
    if known is None:
        unknown[f"{what}: {said}"] += 1
        return said.lower().replace("_", " ")
    return known
