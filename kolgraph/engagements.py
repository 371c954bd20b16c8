"""What may be written about an exchange with a person, and the state that such entries add up to.

An engagement is a list of versions; every entry makes one more, undo included (`engagement.restore`), so nothing that
was once written is lost. Planned or logged anew, changed, logged (held), cancelled, restored: see `ACTIONS`.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from kolgraph.errors import LedgerError
from kolgraph.model import Engagement

LINE, NOTE = 300, 4000  # most characters of a one-line field and of a note
TEXTS = {
    "objective": LINE,
    "question": LINE,
    "channel": LINE,
    "owner": LINE,
    "asked": NOTE,
    "said": NOTE,
    "needs": NOTE,
}
DATES = ("due", "held", "follow_up")
FLAGS = ("unsolicited", "safety")
PLANNED = {"objective", "question", "channel", "due", "owner"}
HELD = {"held", "asked", "said", "needs", "unsolicited", "safety", "follow_up"}
ACTIONS: dict[str, set[str]] = {
    "engagement.plan": {"person"} | PLANNED,
    "engagement.change": PLANNED | HELD,
    "engagement.log": {"person"} | PLANNED | HELD,  # with `person`: an exchange that nobody had planned
    "engagement.cancel": set(),
    "engagement.restore": {"version"},  # which version to return to; without it, the one before the last
}
# marks that reorder text around them, and invisible ones with no place in a note
_BIDI = {*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C, 0xFEFF, *range(0xFFF9, 0xFFFC)}


def readable(text: str) -> str:
    """`text` for a screen or a file: NFC, line breaks and tabs kept, control and bidi characters left out."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    kept = (c for c in lines if c in "\n\t" or not (ord(c) in _BIDI or unicodedata.category(c) in ("Cc", "Cs")))
    return unicodedata.normalize("NFC", "".join(kept))


def check_text(name: str, value: Any, most: int) -> None:
    """Raises LedgerError unless `value` is text of at most `most` characters that UTF-8 can hold."""
    if not isinstance(value, str):
        raise LedgerError(f"{name} is {type(value).__name__}, not text")
    if len(value) > most:
        raise LedgerError(f"{name} is {len(value):,} characters long: keep it to {most:,}")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise LedgerError(f"{name} holds half a character (a lone surrogate): type it again") from None


def check(action: str, data: Mapping[str, Any]) -> None:
    """Raises LedgerError for a field that `action` does not have, or a value that its field cannot hold."""
    for name, value in data.items():
        if name not in ACTIONS[action]:
            known = ", ".join(sorted(ACTIONS[action])) or "none"
            raise LedgerError(f'{action} has no field "{name}": known are {known}')
        if name in TEXTS:
            check_text(name, value, TEXTS[name])
        elif name in DATES:
            check_date(name, value)
        elif name in FLAGS and not isinstance(value, bool):
            raise LedgerError(f"{name} is {value!r}: say true or false")
        elif name == "version" and (isinstance(value, bool) or not isinstance(value, int)):
            raise LedgerError(f"version is {value!r}: give a whole number")
        elif name == "person":
            check_text(name, value, LINE)
            if not value.startswith("person:"):
                raise LedgerError(f'person is "{value}": give an id that begins with person:')


def check_date(name: str, value: Any) -> None:
    """Raises LedgerError unless `value` is a day that exists, or ""."""
    try:
        good = value == "" or (isinstance(value, str) and date.fromisoformat(value).isoformat() == value)
    except ValueError:
        good = False
    if not good:
        raise LedgerError(f'{name} is "{value}": write a day as YYYY-MM-DD')


def follow(versions: Sequence[Engagement], id: str, action: str, data: Mapping[str, Any]) -> Engagement:
    """The version that an entry makes after `versions` of engagement `id`.

    Raises LedgerError when it cannot follow: it plans what is planned, changes what is not there, logs without a date.
    """
    last = versions[-1] if versions else None
    if last is None:
        if "person" not in data:
            raise LedgerError(f'there is no engagement "{id}" to {action.partition(".")[2]}: plan it first')
        last = Engagement(id, str(data["person"]), version=0)
    elif "person" in data:
        raise LedgerError(f'engagement "{id}" stands already: change it, or leave the id empty to plan another')
    version = last.version + 1
    if action == "engagement.restore":
        wanted = int(data.get("version", last.version - 1))
        if not 1 <= wanted <= last.version:
            raise LedgerError(f'engagement "{id}" has no version {wanted}: it has 1 to {last.version}')
        return replace(versions[wanted - 1], version=version)
    if last.status == "cancelled":
        raise LedgerError(f'engagement "{id}" is cancelled: restore it first')
    if action == "engagement.cancel":
        return replace(last, status="cancelled", version=version)
    if action == "engagement.change" and not data:
        raise LedgerError(f'nothing to change in engagement "{id}": give at least one field')
    following: Engagement = replace(last, **data, version=version)
    if action == "engagement.log":
        if not following.held:
            raise LedgerError("the day of the exchange is missing: give held as YYYY-MM-DD")
        return replace(following, status="done")
    return following
