"""From a recipe to questions: what each source is asked for, with whose key, and what the answer would cost."""

from collections.abc import Callable, Container
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from kolgraph import plugins
from kolgraph.errors import KolgraphError, UsageError
from kolgraph.landscape import Landscape, Source, first_day, last_day
from kolgraph.loading import Ask, Loader, Plan, Wanted
from kolgraph.loading.files import expand

if TYPE_CHECKING:
    from kolgraph.loading.http import Client

NameOf = Callable[[str], str]  # mesh:D001249 -> "Asthma", "" where it is not known


@dataclass(frozen=True, slots=True)
class Access:
    """What the user brings along to the services: own keys by source, an address for contact, other servers by source.

    Never printed: keys are in none of our texts.
    """

    keys: dict[str, str] = field(default_factory=dict, repr=False)
    contact: str = ""
    base_urls: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Planned:
    """What a source of the recipe would cost; `problem` says why it cannot be asked, "" when it can."""

    source: Source
    title: str
    plan: Plan | None
    problem: str = ""


def loader(name: str) -> Loader:
    """The loader of a source. Raises UsageError naming those that exist."""
    known = plugins.loaders()
    if name not in known:
        raise UsageError(f'unknown source "{name}": known are {", ".join(sorted(known))}')
    return known[name]


def unnamed(id: str) -> str:
    """The names of headings for somebody who has not loaded them."""
    return ""


def asks(
    landscape: Landscape,
    source: Source,
    access: Access,
    *,
    folder: Path = Path(),
    limit: int | None = None,
    name_of: NameOf = unnamed,
) -> list[Ask]:
    """A source of the recipe as questions: one a file (relative ones are in `folder`), else one to the service.

    With neither files nor a query it is asked for what the topics name. Raises UsageError for what cannot be asked.
    """
    one = loader(source.loader)
    if source.files:
        if source.since or source.until or limit:
            raise UsageError("--since, --until and --limit are for --query: a file is loaded whole")
        return [Ask(file=path) for path in expand(folder / name for name in source.files)]
    key = access.keys.get(one.name, "")
    if one.off and not key:
        raise UsageError(f"{one.title} is switched off: {one.off}")
    said = wanted(landscape, name_of)
    dates = (source.since, source.until) if source.query else (source.since or said.since, source.until or said.until)
    ask = Ask(
        query=source.query or _phrase(one, said),
        since=first_day(dates[0]),
        until=last_day(dates[1]),
        limit=limit,
        api_key=key,
        contact=access.contact,
        base_url=access.base_urls.get(one.name, ""),
    )
    return [ask]


def wanted(landscape: Landscape, name_of: NameOf = unnamed) -> Wanted:
    """What the landscape looks for. Raises UsageError for a heading that is given by number and whose name we lack."""
    headings = dict.fromkeys(_heading(one, name_of) for topic in landscape.topics for one in topic.mesh)
    terms = dict.fromkeys(term for topic in landscape.topics for term in topic.terms)
    dates = first_day(landscape.since), last_day(landscape.until)
    return Wanted(tuple(terms), tuple(headings), *dates, landscape.countries)


def client(loader: Loader, ask: Ask) -> "Client":
    """The client that asks the hosts of this loader."""
    from kolgraph.loading.http import Client  # late: whoever reads files needs no network

    return Client(loader, ask)


def plan(
    landscape: Landscape,
    source: Source,
    access: Access,
    *,
    folder: Path = Path(),
    name_of: NameOf = unnamed,
    refreshed: Callable[[Loader, Ask], Ask] = lambda loader, ask: ask,
    loaded: Container[str] = (),
) -> Planned:
    """What loading a source would take, by one cheap question to it; whatever is wrong becomes its `problem`.

    `refreshed` turns a question into one for what is new; `loaded` names the files that were read before.
    """
    title = source.loader
    try:
        one = loader(source.loader)
        title = one.title
        listed = asks(landscape, source, access, folder=folder, name_of=name_of)
        if source.files:
            return Planned(source, title, _of_files([ask.file for ask in listed if ask.file], loaded))
        if one.plan is None:
            return Planned(source, title, Plan(None, note="the source cannot be asked for a count"))
        said = [refreshed(one, ask) for ask in listed]
        return Planned(source, title, _sum([one.plan(ask, client(one, ask)) for ask in said]))
    except KolgraphError as error:
        return Planned(source, title, None, str(error))


def _of_files(files: list[Path], loaded: Container[str]) -> Plan:
    size = sum(path.stat().st_size for path in files)
    before = sum(path.name in loaded for path in files)
    return Plan(None, 0, note=f"{len(files):,} files, {size / 1e6:,.1f} MB, {before:,} of them loaded before")


def _sum(plans: list[Plan]) -> Plan:
    """Several questions as one; what one of them does not know is not known."""
    if len(plans) == 1:
        return plans[0]
    columns = zip(*((p.records, p.requests, p.seconds, p.usd) for p in plans), strict=True)
    records, requests, seconds, usd = (None if None in column else sum(column) for column in columns)
    return Plan(records, requests, seconds, usd, "; ".join(dict.fromkeys(p.note for p in plans if p.note)))


def _phrase(one: Loader, said: Wanted) -> str:
    if one.phrase is None:
        raise UsageError(f"what to load from {one.title}? Give files with --file or a question with --query")
    if not said.terms and not said.mesh:
        raise UsageError(f"what to load from {one.title}? The landscape has no topic to ask for: give it one")
    return one.phrase(said)


def _heading(said: str, name_of: NameOf) -> str:
    if not said.startswith("mesh:"):
        return said
    if not (name := name_of(said)):
        raise UsageError(f'the heading "{said}" has no name yet: load MeSH, or write its name in its place')
    return name
