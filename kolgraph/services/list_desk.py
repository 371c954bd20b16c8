"""A checked upload while somebody settles its doubts: choices lie beside its answers, and go with them."""

import json
import threading
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import msgspec

from kolgraph.lists.wish import Wish
from kolgraph.services.list_check import DOUBTFUL, Answer, answers, settled
from kolgraph.services.lists import Progress
from kolgraph.workspace import Workspace

_writing = threading.Lock()
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Answer).decode


def look_up(ws: Workspace, path: Path, wanted: Wish, place: Path, progress: Progress) -> None:
    """Find out whom the rows of a file mean, and write the answers to `place`."""
    place.write_bytes(b"\n".join(map(_encode, answers(ws, path, wanted, progress))))


def rows(place: Path) -> list[Answer]:
    """Every row with what was chosen so far; none where nobody was looked up."""
    chosen = _choices(place)
    return [settled(one, chosen.get(str(one.line))) for one in _answers(place)]


def row(place: Path, line: int) -> Answer | None:
    """One row."""
    return next((one for one in rows(place) if one.line == line), None)


def choose(place: Path, line: int, person: str) -> Answer | None:
    """Say whom a row means: one of its people, "" for none of them. Raises UsageError for somebody else."""
    found = next((one for one in _answers(place) if one.line == line), None)
    if found is None:
        return None
    chosen = settled(found, person)
    _write(place, {str(line): person})
    return chosen


def choose_first(place: Path, least: float) -> int:
    """Let every doubtful row mean its first candidate where that one is so likely; returns how many were settled."""
    fitting = {str(one.line): one.people[0].id for one in sure(rows(place), least)}
    _write(place, fitting)
    return len(fitting)


def sure(given: Iterable[Answer], least: float) -> list[Answer]:
    """The doubtful rows whose first candidate is so likely."""
    return [one for one in given if one.verdict == DOUBTFUL and one.people and one.people[0].chance >= least]


def _choices(place: Path) -> dict[str, str]:
    try:
        found: dict[str, str] = json.loads(place.with_suffix(".chosen").read_text("utf-8"))
    except FileNotFoundError:
        return {}
    return found


def _write(place: Path, fresh: dict[str, str]) -> None:
    with _writing:
        draft = place.with_suffix(".new")
        draft.write_text(json.dumps({**_choices(place), **fresh}), "utf-8")
        draft.replace(place.with_suffix(".chosen"))


def _answers(place: Path) -> tuple[Answer, ...]:
    """Every row as it was found, whatever was chosen since."""
    return _read(place) if place.is_file() else ()


@lru_cache(2)
def _read(place: Path) -> tuple[Answer, ...]:
    """Answers are written once: those of another check have another name."""
    return tuple(_decode(line) for line in place.read_bytes().split(b"\n") if line)
