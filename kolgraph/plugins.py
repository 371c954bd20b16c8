"""Loaders and scores, the house's own and those of plugins: all come in by the same two doors.

A plugin is an installed package with an entry point in `kolgraph.loaders` (a module with LOADER) or `kolgraph.scores`
(a module with SCORES). A broken one is named in `problems()` and in the log, and skipped.
"""

import logging
from collections.abc import Iterable
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from kolgraph.loading import Loader
from kolgraph.score import Score

log = logging.getLogger(__name__)


def loaders() -> dict[str, Loader]:
    """Every loader by its name; the first of a name wins, the house's own come first."""
    return _loaders()[0]


def titles(names: Iterable[str]) -> list[tuple[str, str]]:
    """Each of these loaders with its title, or with its name where nobody knows it."""
    known = loaders()
    return [(name, known[name].title if name in known else name) for name in names]


def scores() -> list[Score]:
    """Every score; the first of an id wins, the house's own come first."""
    return _scores()[0]


def problems() -> list[str]:
    """One line for each plugin that cannot be used, with its name and the reason."""
    return _loaders()[1] + _scores()[1]


def _loaders() -> tuple[dict[str, Loader], list[str]]:
    found: dict[str, Loader] = {}
    bad: list[str] = []
    for point, part in _parts("kolgraph.loaders", "LOADER", bad):
        if not isinstance(part, Loader):
            _say(bad, point, f"its LOADER is {type(part).__name__}, not a kolgraph.loading.Loader")
        elif part.name in found:
            _say(bad, point, f'there is a loader "{part.name}" already')
        else:
            found[part.name] = part
    return found, bad


def _scores() -> tuple[list[Score], list[str]]:
    found: dict[str, Score] = {}
    bad: list[str] = []
    for point, part in _parts("kolgraph.scores", "SCORES", bad):
        for one in part if isinstance(part, (list, tuple)) else [part]:
            if not isinstance(one, Score):
                _say(bad, point, f"its SCORES hold {type(one).__name__}, not a kolgraph.score.Score")
            elif one.id in found:
                _say(bad, point, f'there is a score "{one.id}" already')
            else:
                found[one.id] = one
    return list(found.values()), bad


def _parts(group: str, attribute: str, bad: list[str]) -> list[tuple[EntryPoint, Any]]:
    parts = []
    for point in sorted(entry_points(group=group), key=lambda p: (not p.module.startswith("kolgraph."), p.name)):
        try:
            parts.append((point, getattr(point.load(), attribute)))
        except Exception as error:  # noqa: BLE001  code of strangers runs here and may fail in any way
            _say(bad, point, f"{type(error).__name__}: {error}")
    return parts


def _say(bad: list[str], point: EntryPoint, reason: str) -> None:
    line = f'plugin "{point.name}" ({point.value}) is skipped: {reason}'
    log.warning(line)
    bad.append(line)
