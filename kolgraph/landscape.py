"""The recipe of a landscape, `landscape.toml`: what it is called, its topics, the sources it is loaded from.

Every loaded record is in the graph; topics are scopes over it. Equal recipes over equal records give equal graphs.
"""

import hashlib
import json
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kolgraph.errors import InputError, UsageError
from kolgraph.model import Topic
from kolgraph.names import fold

FILE = "landscape.toml"


@dataclass(frozen=True, slots=True)
class Source:
    """One thing to load: files of a loader (relative paths are relative to the recipe) or a query to its service.

    With neither, the service is asked for what the topics name, in the years and countries of the landscape.
    """

    loader: str
    files: tuple[str, ...] = ()
    query: str = ""
    since: str = ""
    until: str = ""


@dataclass(frozen=True, slots=True)
class Landscape:
    title: str
    topics: tuple[Topic, ...] = ()
    sources: tuple[Source, ...] = ()
    synthetic: bool = False
    since: str = ""  # what is asked of services, ISO dates
    until: str = ""
    countries: tuple[str, ...] = ()  # ISO 3166 alpha-2
    weights: tuple[tuple[str, float], ...] = ()  # dimension -> weight in the composite; the house's own by default

    def digest(self) -> str:
        """What a build depends on besides the records: the topics and their terms."""
        return hashlib.sha256(repr([(t.id, t.name, t.terms) for t in self.topics]).encode()).hexdigest()[:16]


def topic(text: str) -> Topic:
    """`Oncology=cancer|tumor` or `COVID-19` -> Topic; a topic without terms is its own term."""
    name, _, listed = text.partition("=")
    name = name.strip()
    terms = tuple(dict.fromkeys(term.strip() for term in listed.split("|") if term.strip())) or (name,)
    slug = "-".join(fold(name).split())
    if not slug or not all(fold(term).strip() for term in terms):
        raise UsageError(f'topic "{text}" has no name that can be matched: write NAME or NAME=TERM|TERM')
    return Topic(f"topic:{slug}", name, terms)


def read(folder: Path) -> Landscape:
    """The recipe in a workspace folder. Raises UsageError when there is none, InputError when it cannot be read."""
    path = folder / FILE
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise UsageError(f'no landscape in {folder}: start one with: kolgraph init --topic "NAME=TERM|TERM"') from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{path} is not a recipe: {error}") from None
    unknown = set(table) - {"title", "synthetic", "topic", "source"}
    if unknown:
        raise InputError(
            f"{path}: unknown entry {', '.join(sorted(unknown))}; known are title, synthetic, topic, source"
        )
    try:
        return Landscape(
            title=str(table.get("title", "Landscape")),
            topics=checked(
                Topic(topic(t["name"]).id, t["name"], tuple(t.get("terms") or [t["name"]]))
                for t in table.get("topic", [])
            ),
            sources=tuple(_source(entry) for entry in table.get("source", [])),
            synthetic=bool(table.get("synthetic", False)),
        )
    except (KeyError, TypeError) as error:
        raise InputError(f"{path}: a topic needs a name, a source needs a loader (missing or odd: {error})") from None


def checked(topics: Any) -> tuple[Topic, ...]:
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
    ]
    for one in landscape.topics:
        lines += ["", "[[topic]]", f"name = {_text(one.name)}", f"terms = {_texts(one.terms)}"]
    for source in landscape.sources:
        lines += ["", "[[source]]", f"loader = {_text(source.loader)}"]
        if source.files:
            lines.append(f"files = {_texts(source.files)}")
        lines += [f"{key} = {_text(value)}" for key in ("query", "since", "until") if (value := getattr(source, key))]
    path = folder / FILE
    temporary = path.with_suffix(".new")
    temporary.write_text("\n".join(lines) + "\n", "utf-8")
    temporary.replace(path)


def _source(entry: dict[str, Any]) -> Source:
    return Source(
        entry["loader"], tuple(entry.get("files", ())), *(str(entry.get(k, "")) for k in ("query", "since", "until"))
    )


def _text(value: str) -> str:
    # a JSON string is a TOML string but for DEL, which TOML wants escaped too
    return re.sub("\x7f", r"\\u007F", json.dumps(value, ensure_ascii=False))


def _texts(values: tuple[str, ...]) -> str:
    return "[" + ", ".join(map(_text, values)) + "]"
