"""From a recipe to questions: what each source is asked for, with whose key, and what the answer would cost."""

import time
from collections import Counter
from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from kolgraph import plugins
from kolgraph.errors import KolgraphError, SourceError, UsageError
from kolgraph.inbox import Inbox
from kolgraph.landscape import Landscape, Source, first_day, last_day
from kolgraph.loading import Ask, Loader, Plan, Wanted
from kolgraph.loading.files import expand
from kolgraph.model import Descriptor, Publication
from kolgraph.names import fold

if TYPE_CHECKING:
    from kolgraph.loading.http import Client

HASTE = 8.0  # seconds of waiting after which a source that fails is left alone, where somebody looks on
LOOKED_AT = 20_000  # records in which headings are looked for
NameOf = Callable[[str], str]  # mesh:D001249 -> "Asthma", "" where it is not known


@dataclass(frozen=True, slots=True)
class Access:
    """What the user brings along to the services: own keys by source, an address for contact, other servers by source.

    Never printed: keys are in none of our texts.
    """

    keys: dict[str, str] = field(default_factory=dict, repr=False)
    contact: str = ""
    base_urls: dict[str, str] = field(default_factory=dict)

    def ask(self, source: str) -> Ask:
        """What a source is told of the user, whatever it is asked."""
        return Ask(api_key=self.keys.get(source, ""), contact=self.contact, base_url=self.base_urls.get(source, ""))


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
        # beside a file a query says how to read it, to a loader that has a choice (own lists)
        return [Ask(file=path, query=source.query) for path in expand(folder / name for name in source.files)]
    told = access.ask(one.name)
    if one.off and not told.api_key:
        raise UsageError(f"{one.title} is switched off: {one.off}")
    query, since, until = source.query, source.since, source.until
    if not query:
        query = _phrase(one, landscape, name_of)
        since, until = since or landscape.since, until or landscape.until
    return [replace(told, query=query, since=first_day(since), until=last_day(until), limit=limit)]


def wanted(landscape: Landscape, name_of: NameOf = unnamed) -> Wanted:
    """What the landscape looks for. Raises UsageError for a heading that is given by number and whose name we lack."""
    headings = dict.fromkeys(_heading(one, name_of) for topic in landscape.topics for one in topic.mesh)
    terms = dict.fromkeys(term for topic in landscape.topics for term in topic.terms)
    dates = first_day(landscape.since), last_day(landscape.until)
    return Wanted(tuple(terms), tuple(headings), *dates, landscape.countries)


def client(loader: Loader, ask: Ask, patient: bool = True) -> "Client":
    """The client that asks the hosts of this loader; an impatient one gives up after a few seconds of waits."""
    from kolgraph.loading.http import Client  # late: whoever reads files needs no network

    waited = 0.0

    def wait(seconds: float) -> None:
        nonlocal waited
        waited += seconds
        if waited > HASTE:
            raise SourceError(f"{loader.title} does not answer just now: try again in a minute")
        time.sleep(seconds)

    return Client(loader, ask) if patient else Client(loader, ask, sleep=wait, deadline=2 * HASTE)


def plan(
    landscape: Landscape,
    source: Source,
    access: Access,
    *,
    folder: Path = Path(),
    name_of: NameOf = unnamed,
    refreshed: Callable[[Loader, Ask], Ask] = lambda loader, ask: ask,
    loaded: Container[str] = (),
    patient: bool = True,
) -> Planned:
    """What loading a source would take, by one cheap question to it; whatever is wrong becomes its `problem`.

    `refreshed` turns a question into one for what is new; `loaded` names the files that were read before. Where
    nobody has the patience, a source that fails is tried for a few seconds only.
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
        return Planned(source, title, _sum([one.plan(ask, client(one, ask, patient)) for ask in said]))
    except KolgraphError as error:
        return Planned(source, title, None, str(error))


def suggest(inbox: Inbox | None, text: str, access: Access) -> list[str]:
    """Other words for a condition, best first: entry terms of MeSH where it is loaded, else what services know.

    Where none knows any, the headings of loaded records that hold these words, the most frequent first.
    """
    found = entry_terms(inbox, text) if inbox else []
    for one in plugins.loaders().values() if not found else ():
        ask = access.ask(one.name)
        if one.suggest and not (one.off and not ask.api_key):
            try:
                found += one.suggest(text, ask, client(one, ask, patient=False))
            except KolgraphError:
                continue  # suggestions are a help: without them one's own words still stand
    return _others(text, found or (_headings_with(inbox, text) if inbox else []))


def entry_terms(inbox: Inbox, text: str) -> list[str]:
    """The heading that goes by these words and its entry terms, when MeSH is loaded and has one."""
    said = fold(text).strip()
    for one in inbox.nouns(Descriptor):
        if said and said in {fold(term).strip() for term in (one.name, *one.terms)}:
            return _others(text, [one.name, *one.terms])
    return []


def _headings_with(inbox: Inbox, text: str) -> list[str]:
    words = set(fold(text).split())
    papers = islice(inbox.nouns(Publication), LOOKED_AT)
    counted = Counter(term.name for one in papers for term in one.mesh)
    return [name for name, _ in counted.most_common() if words and words <= set(fold(name).split())]


def _others(text: str, words: Iterable[str]) -> list[str]:
    """The words, each once whatever its case and signs, without the one that was asked for."""
    found = {fold(text).strip(): text}
    for word in words:
        found.setdefault(fold(word).strip(), word)
    return list(found.values())[1:]


def _of_files(files: list[Path], loaded: Container[str]) -> Plan:
    size = sum(path.stat().st_size for path in files)
    before = sum(path.name in loaded for path in files)
    many = "1 file" if len(files) == 1 else f"{len(files):,} files"
    return Plan(None, 0, note=f"{many}, {size / 1e6:,.1f} MB, {before:,} of them loaded before")


def _sum(plans: list[Plan]) -> Plan:
    """Several questions as one; what one of them does not know is not known."""
    if len(plans) == 1:
        return plans[0]
    columns = zip(*((p.records, p.requests, p.seconds, p.usd) for p in plans), strict=True)
    records, requests, seconds, usd = (None if None in column else sum(column) for column in columns)
    return Plan(records, requests, seconds, usd, "; ".join(dict.fromkeys(p.note for p in plans if p.note)))


def _phrase(one: Loader, landscape: Landscape, name_of: NameOf) -> str:
    if one.phrase is None:
        raise UsageError(f"what to load from {one.title}? Give files with --file or a question with --query")
    said = wanted(landscape, name_of)
    if not said.terms and not said.mesh:
        raise UsageError(f"what to load from {one.title}? The landscape has no topic to ask for: give it one")
    return one.phrase(said)


def _heading(said: str, name_of: NameOf) -> str:
    if not said.startswith("mesh:"):
        return said
    if not (name := name_of(said)):
        raise UsageError(f'the heading "{said}" has no name yet: load MeSH, or write its name in its place')
    return name
