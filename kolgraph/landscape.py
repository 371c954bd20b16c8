"""The recipe of a landscape, `landscape.toml`: what it is called, its topics, the sources it is loaded from.

Every loaded record is in the graph; topics are scopes over it. Equal recipes over equal records give equal graphs.
"""

import hashlib
import json
import math
import re
import tomllib
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from kolgraph.errors import InputError, UsageError
from kolgraph.geo import country_name
from kolgraph.ids import mesh_id
from kolgraph.model import Topic
from kolgraph.names import fold

FILE = "landscape.toml"
DIMENSIONS = ("science", "impact", "trials", "network", "bridging", "momentum", "guidelines")  # that weights may name
_DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")


@dataclass(frozen=True, slots=True)
class Source:
    """One thing to load: files of a loader (relative paths are relative to the recipe) or a query to its service.

    Of files `only_topics` takes what is about a topic, and leaves the rest where it is. With neither files nor query,
    the service is asked for what the topics name, in the years and countries of the landscape.
    """

    loader: str
    files: tuple[str, ...] = ()
    query: str = ""
    since: str = ""
    until: str = ""
    only_topics: bool = False


@dataclass(frozen=True, slots=True)
class Landscape:
    title: str
    topics: tuple[Topic, ...] = ()
    sources: tuple[Source, ...] = ()
    synthetic: bool = False
    since: str = ""  # what is asked of services: a year, a month or a day, ISO
    until: str = ""
    countries: tuple[str, ...] = ()  # ISO 3166 alpha-2
    weights: tuple[tuple[str, float], ...] = ()  # dimension -> weight in the composite; the house's own by default

    def digest(self) -> str:
        """What a build and its scores depend on besides the records: topics with terms and headings, weights.

        Years and countries are not in it: they decide what is asked, not what becomes of the records.
        """
        topics = [(t.id, t.name, t.terms, t.mesh) for t in self.topics]
        return hashlib.sha256(repr((topics, sorted(self.weights))).encode()).hexdigest()[:16]


def topic(text: str) -> Topic:
    """`Oncology=cancer|tumor|mesh:Neoplasms` or `COVID-19` -> Topic; one without terms and headings is its own term."""
    name, _, listed = text.partition("=")
    parts = [part.strip() for part in listed.split("|") if part.strip()]
    terms = [part for part in parts if not part.startswith("mesh:")]
    return _topic(name.strip(), terms, [part for part in parts if part.startswith("mesh:")])


def _topic(name: str, terms: Iterable[str], mesh: Iterable[str]) -> Topic:
    headings = tuple(dict.fromkeys(map(_heading, mesh)))
    listed = tuple(dict.fromkeys(terms)) or (() if headings else (name,))
    slug = "-".join(fold(name).split())
    if not slug or not all(fold(term).strip() for term in (*listed, *headings)):
        raise UsageError(f'topic "{name}" has no name that can be matched: write NAME or NAME=TERM|TERM')
    return Topic(f"topic:{slug}", name, listed, headings)


def _heading(text: str) -> str:
    """`D001249`, `mesh:D001249` -> `mesh:D001249`; `mesh:Asthma`, `Asthma` -> `Asthma`."""
    said = text.strip().removeprefix("mesh:").strip()
    number = mesh_id(said)
    return f"mesh:{number}" if number else said


class _Topic(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    terms: list[str] = []
    mesh: list[str] = []


class _Source(msgspec.Struct, forbid_unknown_fields=True):
    loader: str
    files: list[str] = []
    query: str = ""
    since: Any = ""
    until: Any = ""
    only_topics: bool = False


class _Recipe(msgspec.Struct, forbid_unknown_fields=True):
    title: str = "Landscape"
    synthetic: bool = False
    since: Any = ""  # 2019, "2019-06" or a date: TOML has all three
    until: Any = ""
    countries: list[str] = []
    weights: dict[str, float] = {}
    topic: list[_Topic] = []
    source: list[_Source] = []


def read(folder: Path) -> Landscape:
    """The recipe in a workspace folder. Raises UsageError when there is none, InputError when it cannot be read."""
    path = folder / FILE
    try:
        said = msgspec.convert(tomllib.loads(path.read_text("utf-8")), _Recipe)
        sources = (
            Source(one.loader, tuple(one.files), one.query, str(one.since), str(one.until), one.only_topics)
            for one in said.source
        )
        return check(
            Landscape(
                said.title,
                tuple(_topic(one.name, one.terms, one.mesh) for one in said.topic),
                tuple(sources),
                said.synthetic,
                str(said.since),
                str(said.until),
                tuple(said.countries),
                tuple(said.weights.items()),
            )
        )
    except FileNotFoundError:
        raise UsageError(f'no landscape in {folder}: start one with: kolgraph init --topic "NAME=TERM|TERM"') from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{path} is not a recipe: {error}") from None
    except (msgspec.ValidationError, UsageError) as error:
        raise InputError(f"{path}: {error}") from None


def check(landscape: Landscape) -> Landscape:
    """The same landscape, when it can be. Raises UsageError naming the first thing that cannot."""
    checked(landscape.topics)
    dated: list[Landscape | Source] = [landscape, *landscape.sources]
    for one in dated:
        for name, said in (("since", one.since), ("until", one.until)):
            if said and not _is_date(said):
                raise UsageError(f'{name} = "{said}" is no date: write 2019, 2019-06 or 2019-06-30')
        if one.since and one.until and first_day(one.since) > last_day(one.until):
            raise UsageError(f"since {one.since} lies after until {one.until}: exchange them")
    for code in landscape.countries:
        if country_name(code) == code:
            raise UsageError(f'there is no country "{code}": write the two letters of ISO 3166, e.g. "DE"')
    for name, weight in landscape.weights:
        if name not in DIMENSIONS:
            raise UsageError(f'there is no dimension "{name}" to weigh: known are {", ".join(DIMENSIONS)}')
        if not 0 <= weight < math.inf:
            raise UsageError(f'the weight of "{name}" is {weight}: write a number from 0 on')
    if {name for name, weight in landscape.weights if weight == 0} == set(DIMENSIONS):
        raise UsageError("all weights are 0: give one dimension a weight above it")
    return landscape


def checked(topics: Iterable[Topic]) -> tuple[Topic, ...]:
    """The topics, when no two share an id."""
    kept: dict[str, Topic] = {}
    for one in topics:
        if one.id in kept:
            raise UsageError(f'topics "{kept[one.id].name}" and "{one.name}" are one: give each its own name')
        kept[one.id] = one
    return tuple(kept.values())


def write(folder: Path, landscape: Landscape) -> None:
    """Write the recipe as a person would: readable, with a line on what may be changed."""
    lines = [
        "# The recipe of this landscape. Change it and run: kolgraph run",
        f"title = {_text(landscape.title)}",
        f"synthetic = {str(landscape.synthetic).lower()}",
        *(f"{key} = {_text(value)}" for key in ("since", "until") if (value := getattr(landscape, key))),
    ]
    if landscape.countries:
        lines.append(f"countries = {_texts(landscape.countries)}")
    if landscape.weights:
        lines += ["", "[weights]", *(f"{name} = {float(weight)!r}" for name, weight in landscape.weights)]
    for one in landscape.topics:
        lines += ["", "[[topic]]", f"name = {_text(one.name)}", f"terms = {_texts(one.terms)}"]
        if one.mesh:
            lines.append(f"mesh = {_texts(one.mesh)}")
    for source in landscape.sources:
        lines += ["", "[[source]]", f"loader = {_text(source.loader)}"]
        if source.files:
            lines.append(f"files = {_texts(source.files)}")
        lines += [f"{key} = {_text(value)}" for key in ("query", "since", "until") if (value := getattr(source, key))]
        lines += ["only_topics = true"] * source.only_topics
    path = folder / FILE
    temporary = path.with_suffix(".new")
    temporary.write_text("\n".join(lines) + "\n", "utf-8")
    temporary.replace(path)


def first_day(said: str) -> str:
    """`2019`, `2019-06` -> the first day that is meant."""
    return said + {4: "-01-01", 7: "-01"}.get(len(said), "")


def last_day(said: str) -> str:
    """`2019`, `2019-06` -> the last day that is meant."""
    if len(said) == 7:
        return f"{said}-{monthrange(int(said[:4]), int(said[5:]))[1]:02}"
    return said + {4: "-12-31"}.get(len(said), "")


def _is_date(said: str) -> bool:
    try:
        return bool(_DATE.fullmatch(said) and date.fromisoformat(first_day(said)))
    except ValueError:
        return False


def _text(value: str) -> str:
    # a JSON string is a TOML string but for DEL, which TOML wants escaped too
    return re.sub("\x7f", r"\\u007F", json.dumps(value, ensure_ascii=False))


def _texts(values: tuple[str, ...]) -> str:
    return "[" + ", ".join(map(_text, values)) + "]"
