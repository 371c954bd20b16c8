"""Ask ROR's own matcher about affiliations that the names of loaded institutions do not settle. Only when told to.

What is asked is the text of an affiliation without e-mail addresses, the most frequent first, each text once ever.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from kolgraph import asking, jobs
from kolgraph.asking import Access
from kolgraph.errors import UsageError
from kolgraph.loading import Ask, Loader, Plan
from kolgraph.model import Affiliation, Placement, mentions_of
from kolgraph.workspace import Workspace

if TYPE_CHECKING:
    from kolgraph.loading.runner import LoadResult


def open_questions(ws: Workspace) -> list[str]:
    """The texts that nobody was asked about yet, the most frequent first."""
    places = jobs.places_of(ws)
    counted = Counter(_affiliations(ws))
    asked: Counter[str] = Counter()
    for one, many in counted.items():
        if text := places.question(one):
            asked[text] += many
    answered = {one.text for one in ws.inbox.nouns(Placement)}
    return sorted(asked.keys() - answered, key=lambda text: (-asked[text], text))


def plan_placing(texts: list[str], access: Access) -> Plan:
    """What asking about these texts would take."""
    one, ask = _asker(texts, access)
    assert one.plan
    return one.plan(ask, asking.client(one, ask))


def place(
    ws: Workspace, texts: list[str], *, access: Access | None = None, progress: jobs.Progress = jobs.silent
) -> "LoadResult":
    """Ask about these texts and keep the answers. Stopped on its way it has kept some; ask for the open ones then."""
    from kolgraph.loading.runner import load

    one, ask = _asker(texts, access or Access())
    with ws.lock("place"):
        return load(ws.inbox, one, ask, asking.client(one, ask), progress)


def _asker(texts: list[str], access: Access) -> tuple[Loader, Ask]:
    places = asking.loader("ror").places
    if places is None:
        raise UsageError("the loader of ROR that is installed asks nobody about affiliations: use the house's own")
    of = hashlib.sha256("\n".join(texts).encode()).hexdigest()[:8]  # another list of texts is another walk
    return places(texts), replace(access.ask("ror"), query=f"{len(texts)} affiliations, {of}")


def _affiliations(ws: Workspace) -> Iterator[Affiliation]:
    for paper in ws.inbox.publications():
        for mention in mentions_of(paper):
            yield from mention.affiliations
    for trial in ws.inbox.trials():
        yield from (Affiliation(name) for name in (trial.sponsor, *trial.collaborators) if name)
        yield from (
            Affiliation(site.name, (), site.city, site.region, site.country) for site in trial.sites if site.name
        )
