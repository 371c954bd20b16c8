"""From a condition to a landscape: other words for it, what each source would bring, the recipe.

Sources are asked here, and only here, before anything is loaded: for synonyms and for counts, one cheap question each,
after somebody typed a condition. One that fails says so in its place and holds up nobody.
"""

import queue
import re
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any, TypeVar

from kolgraph import asking
from kolgraph.asking import Access, Planned
from kolgraph.errors import KolgraphError, SourceError, StoreError, UsageError
from kolgraph.geo import countries
from kolgraph.landscape import Landscape, Source, checked, topic, write
from kolgraph.ledger import Ledger
from kolgraph.loading import Loader
from kolgraph.names import fold
from kolgraph.plugins import loaders
from kolgraph.services.landscapes import build, switch, titled
from kolgraph.services.shelf import Shelf, new_folder

_BEGIN = ("pubmed", "clinicaltrials", "nihreporter")  # ticked at first: the others overlap with them
FILES = "Read from files"
SUGGESTED = 12  # words offered for a condition
MOST_TOPICS, MOST_TERMS, LONGEST = 8, 60, 120
PATIENCE = 25.0  # seconds for which a page waits for a source
_FRESH = 600.0  # seconds for which a count is not asked again
_counted: dict[tuple[object, ...], tuple[float, Planned]] = {}
_counting = threading.Lock()
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Choice:
    """A source on the page. `problem` says why it cannot be ticked, "" when it can."""

    name: str
    title: str
    home: str
    licence: str
    yields: tuple[str, ...]
    ticked: bool
    problem: str = ""


def choices(access: Access) -> list[Choice]:
    """Every source; those ticked first, then others that answer questions, then files and what is switched off."""
    found = [_choice(one, access) for one in loaders().values()]
    first = {name: n for n, name in enumerate(_BEGIN)}
    return sorted(found, key=lambda one: (bool(one.problem), first.get(one.name, len(first))))


def _choice(one: Loader, access: Access) -> Choice:
    problem = ""
    if one.off and not access.keys.get(one.name):
        problem = f"Switched off: {one.off}"
    elif one.phrase is None:
        problem = FILES
    ticked = not problem and one.name in _BEGIN
    return Choice(one.name, one.title, one.home, one.licence, one.yields, ticked, problem)


def suggest(one: Shelf, text: str) -> list[str]:
    """A condition and other words for it, best first; just itself where nobody knows more."""
    asked = _term(text)
    if not asked:
        return []
    found: dict[str, str] = {fold(asked): asked}
    try:
        words = within(PATIENCE, "the sources", partial(_words, one, asked))
    except KolgraphError:
        words = []  # what is missing are suggestions: the own words still work
    for word in words:
        found.setdefault(fold(word), _term(word))
    return [word for word in found.values() if word][: SUGGESTED + 1]


def _words(one: Shelf, asked: str) -> list[str]:
    if not one.ws.exists:
        return asking.suggest(None, asked, one.access)
    with one.open(one.ws.path) as ws:  # headings of MeSH, if it has loaded some
        return asking.suggest(ws.inbox, asked, one.access)


def recipe(form: Mapping[str, Any]) -> Landscape:
    """The recipe that a form describes. Raises UsageError naming what is missing or cannot be."""
    listed = [_topic(one) for one in _list(form.get("topics"))[:MOST_TOPICS] if isinstance(one, Mapping)]
    topics = checked(one for one in listed if one)
    since, until = (_year(form.get(key), key) for key in ("since", "until"))
    if since and until and since > until:
        raise UsageError(f"the years run backwards: from {since} to {until}")
    known = countries()
    wanted = tuple(code for code in map(str, _list(form.get("countries"))) if code in known)
    asked = {one.name for one in choices(Access()) if one.problem != FILES}
    sources = tuple(Source(name) for name in map(str, _list(form.get("sources"))) if name in asked)
    title = str(form.get("title") or "").strip() or " and ".join(one.name for one in topics)
    return Landscape(titled(title) if title else "", topics, sources, since=since, until=until, countries=wanted)


def _topic(form: Mapping[str, Any]) -> Any:
    """A topic of the form, None for an empty one."""
    name = _term(str(form.get("name") or ""))
    terms = dict.fromkeys(term for word in _list(form.get("terms"))[:MOST_TERMS] if (term := _term(str(word))))
    if not name and not terms:
        return None
    name = name or next(iter(terms))
    made = topic(name.replace("=", " "))
    return replace(made, terms=tuple(terms) or made.terms)


def _term(text: str) -> str:
    """A word to search for; "" for one without a letter or digit."""
    said = " ".join(re.sub(r"[\x00-\x1f\x7f|=\"]", " ", text).split())[:LONGEST]
    return said if fold(said).strip() else ""


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _year(value: Any, key: str) -> str:
    said = str(value or "").strip()
    if not said:
        return ""
    if not re.fullmatch(r"\d{4}", said) or not 1800 <= int(said) <= date.today().year + 1:
        raise UsageError(f'"{said}" is no year to load {"from" if key == "since" else "to"}: write e.g. 2018')
    return said


def count(access: Access, wanted: Landscape, name: str) -> Planned:
    """What a source would bring and take, asked at most every ten minutes; a failure is told in `problem`."""
    source = Source(name)
    key = (name, wanted.topics, wanted.since, wanted.until, wanted.countries, access.base_urls.get(name, ""))
    known = _counted.get(key)
    if known and time.monotonic() - known[0] < _FRESH:
        return known[1]
    try:
        found = within(PATIENCE, name, lambda: asking.plan(wanted, source, access, patient=False))
    except SourceError as error:
        return Planned(source, name, None, str(error))
    if not found.problem:
        with _counting:
            while len(_counted) > 200:
                _counted.pop(next(iter(_counted)))
            _counted[key] = (time.monotonic(), found)
    return found


def within(seconds: float, title: str, call: Callable[[], T]) -> T:
    """What `call` returns or raises, unless it takes too long. Raises SourceError then; the call dies unheard."""
    answer: queue.SimpleQueue[tuple[T | None, Exception | None]] = queue.SimpleQueue()

    def ask() -> None:
        try:
            answer.put((call(), None))
        except Exception as error:  # noqa: BLE001 (raised again where the answer is wanted)
            answer.put((None, error))

    threading.Thread(target=ask, name="kolgraph-count", daemon=True).start()
    try:
        value, error = answer.get(timeout=seconds)
    except queue.Empty:
        raise SourceError(f"{title} has not answered within {seconds:.0f} seconds; it may be busy, try again") from None
    if error:
        raise error
    return value  # type: ignore[return-value]


def begin(one: Shelf, wanted: Landscape, who: str) -> str:
    """Make the landscape and queue its build; returns its name. Raises UsageError for a recipe that asks nothing."""
    if not wanted.topics:
        raise UsageError("type a condition first: what is the landscape about?")
    if not wanted.sources:
        raise UsageError("tick at least one source: where are the records to come from?")
    folder = new_folder(one, wanted.title)
    try:
        folder.mkdir(parents=True)
    except OSError as error:
        raise StoreError(f"{folder} cannot be made: {error.strerror}; set KOLGRAPH_HOME to a folder of yours") from None
    write(folder, wanted)
    ledger = Ledger(folder / "ledger.db")
    ledger.append("landscape.create", folder.name, {"title": wanted.title}, actor=who)
    ledger.close()
    build(one, folder.name, who)
    if not one.ws.exists:  # the first one
        switch(one, folder.name)
    return folder.name
