"""JSON by typed subset: the fields that we use, checked; the bytes of every record kept.

msgspec reads a file into slices of its bytes and each slice into a Struct: 40,000 studies a second, a wrong type is one
clear message with its path, and a field that we do not name costs nothing.
"""

import re
from collections import Counter
from collections.abc import Mapping
from typing import Annotated, Any, TypeVar

import msgspec

from kolgraph.errors import InputError, TruncatedError
from kolgraph.loading.files import kind_of

T = TypeVar("T")
Whole = Annotated[int, msgspec.Meta(ge=-(1 << 62), le=1 << 62)]  # a whole number that every store can hold
MAX_ODD = 20  # fields of one record that may be of an unexpected kind
_ODD = re.compile(r"Expected `[^`]+`(?:, got `(\w+)`| [<>]= \S+)(?: - at `\$([^`]*)`)?$")
_STEP = re.compile(r"\.([^.\[]+)|\[(\d+)\]")
_KINDS = {type(None): "null", bool: "bool", int: "number", float: "number", str: "str", list: "array", dict: "object"}


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


def decode_kept(decoder: "msgspec.json.Decoder[T]", raw: bytes, what: str, unknown: Counter[str]) -> T:
    """As `decode`, but a field of another kind than expected is left out and counted: it does not cost the record."""
    for _ in range(MAX_ODD):
        try:
            return decoder.decode(raw)
        except msgspec.ValidationError as error:
            odd = _ODD.search(str(error))
            if odd is None or not odd[2]:
                break
            # the values of a table have no place of their own: the table is left out
            place, table, _ = odd[2].partition("[...]")
            value, kind = msgspec.json.decode(raw), "object" if table else odd[1] or "int"
            if not _dropped(value, place, kind):
                break
            named = re.sub(r"\d+", "", odd[2]).lstrip(".")
            unknown[f"{what}: {named} is {odd[1] or 'beyond all bounds'}, left out"] += 1
            raw = msgspec.json.encode(value)
        except (msgspec.DecodeError, RecursionError):
            break
    return decode(decoder, raw, what)


def _dropped(value: Any, place: str, kind: str) -> bool:
    """Whether what stands at the place is of that kind, and taken away now."""
    steps = [found[1] or int(found[2]) for found in _STEP.finditer(place)]
    if "".join(f".{step}" if isinstance(step, str) else f"[{step}]" for step in steps) != place:
        return False
    for step in steps[:-1]:
        value = value[step]
    # a whole number too large for the one decoder is a float to it
    if _KINDS[type(value[steps[-1]])] != ("number" if kind in ("int", "float") else kind):
        return False
    del value[steps[-1]]
    return True


def word(table: Mapping[str, str], said: str | None, what: str, unknown: Counter[str]) -> str:
    """Our word for a category of the source; an unknown one is kept in lower case and counted."""
    if not said:
        return ""
    known = table.get(said)
    if known is None:
        unknown[f"{what}: {said}"] += 1
        return said.lower().replace("_", " ")
    return known
