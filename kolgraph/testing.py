"""What a loader and a score must hold, for the tests of plugins and our own. Each check raises AssertionError."""

import math
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, cast

from kolgraph.loading import Ask, Loader, Page
from kolgraph.model import NOUNS, Institution, Mention, Noun, mentions_of
from kolgraph.sample import sample_graph as sample_graph  # a plugin's tests find it here
from kolgraph.score import Score

if TYPE_CHECKING:
    from kolgraph.loading.http import Client

CURIE = re.compile(r"[a-z][a-z0-9.]*:\S+")
SLUG = re.compile(r"[a-z][a-z0-9_]*")
DATES = ("date", "start", "end", "updated", "enumerated")
DAY = re.compile(r"(\d{4}(-\d{2}(-\d{2})?)?)?")
SOURCE = re.compile(r"\b(1[89]|20)\d\d\b|doi|https?://|\bown\b.*\bdefinition|\bdefinition\b.*\bown\b", re.I)


def check_loader(loader: Loader, ask: Ask, client: "Client | None" = None) -> list[Page]:
    """Walk `ask` from the start, again, and from every cursor; returns the pages of the whole walk.

    A loader hands over what the source says (mentions, never persons) under CURIEs, equal for equal input, and goes on
    behind any of its cursors with exactly what was left.
    """
    _hold(SLUG.fullmatch(loader.name), f'its name "{loader.name}" is not a plain word in lower case')
    for field in ("title", "home", "licence", "version"):
        _hold(getattr(loader, field), f"it does not say its {field}")
    _hold(
        loader.yields and set(loader.yields) <= set(NOUNS), f"it yields {loader.yields}: known are {', '.join(NOUNS)}"
    )

    def walk(cursor: str) -> list[Page]:
        return list(loader.pages(ask, cast("Client", client), cursor))  # reading a file needs none

    pages = walk("")
    _hold(pages, "it gives no page, not even an empty last one")
    _hold(pages[-1].cursor == "", f'its last page has the cursor "{pages[-1].cursor}": "" marks the end')
    cursors = [page.cursor for page in pages[:-1]]
    _hold(
        all(cursors) and len(set(cursors)) == len(cursors), "two pages share a cursor, or one before the last has none"
    )
    _hold(walk("") == pages, "a second walk over the same input gives other pages: parsing is not pure")
    for place, cursor in enumerate(cursors):
        left, again = ([r.id for page in part for r in page.records] for part in (pages[place + 1 :], walk(cursor)))
        _hold(again == left, f'behind the cursor "{cursor}" it gives {len(again)} records, not the {len(left)} left')
    known = tuple(NOUNS[name] for name in loader.yields)
    for record in (record for page in pages for record in page.records):
        _hold(isinstance(record.noun, known), f"{record.id} is a {type(record.noun).__name__}, which it does not yield")
        _hold(isinstance(record.raw, bytes) and record.raw, f"{record.id} comes without the bytes of the source")
        _hold("#" not in record.id, f'record "{record.id}" has a # in its id, which parts record from position')
        _hold(record.noun.id == record.id, f'record "{record.id}" holds a noun called "{record.noun.id}"')
        _check_noun(record.noun)
    return pages


def check_score(score: Score, view: Any) -> dict[str, float]:
    """Run `score.of` twice on `view` (a graph or what else it is given); returns its values.

    A score tells where it comes from, measures with finite numbers, and gives equal values for equal views.
    """
    _hold(SLUG.fullmatch(score.id), f'its id "{score.id}" is not a plain word in lower case')
    _hold(score.title, "it has no title")
    text = score.of.__doc__ or ""
    _hold(len(text.split()) >= 5, "its docstring, the text on screen, does not say what it measures")
    _hold(
        SOURCE.search(text),
        "its docstring names no source: a paper with its year, a DOI, an address, or that it is an own definition",
    )
    values = dict(score.of(view))
    for id, value in values.items():
        _hold(isinstance(id, str), f"{id!r} is no id of a person")
        number = isinstance(value, (int, float)) and not isinstance(value, bool)
        _hold(number and math.isfinite(value), f"{id} has {value!r}: leave out whom it cannot measure")
    _hold(dict(score.of(view)) == values, "a second run on the same view gives other values")
    return values


def _check_noun(noun: Noun) -> None:
    for id in _identifiers(noun):
        _hold(
            CURIE.fullmatch(id) and not id.startswith("person:"), f'{noun.id} names "{id}", which is no record\'s CURIE'
        )
    dates = [getattr(noun, name) for name in DATES if hasattr(noun, name)]
    _hold(all(DAY.fullmatch(date) for date in dates), f"{noun.id} has a date that is not ISO: {dates}")
    mentions = mentions_of(noun)
    positions = [mention.position for mention in mentions]
    _hold(len(set(positions)) == len(positions), f"{noun.id} has two mentions at one position: {positions}")
    for mention in mentions:
        _hold(isinstance(mention, Mention), f"{noun.id} holds a {type(mention).__name__} instead of a Mention")
        named = mention.last or mention.fore or mention.name
        told = bool(named) or (bool(mention.identifiers) and not mention.group)  # a key without a name is a mention too
        _hold(told != bool(mention.group), f"{noun.id}#{mention.position} names nobody, or a person and a group")
        for place in mention.affiliations:
            _hold(place.country == "" or re.fullmatch("[A-Z]{2}", place.country), f'no country code: "{place.country}"')


def _identifiers(noun: Noun) -> Iterator[str]:
    yield noun.id
    for name in ("identifiers", "trials", "results", "aliases", "parents", "successors"):
        if not (name == "aliases" and isinstance(noun, Institution)):  # those are names
            yield from getattr(noun, name, ())
    yield from (term.id for term in getattr(noun, "mesh", ()) if term.id)
    yield from (id for mention in mentions_of(noun) for id in mention.identifiers)


def _hold(condition: object, otherwise: str) -> None:
    if not condition:
        raise AssertionError(otherwise)
