"""Rows of papers and trials as they stream by, and the edges that are known only when all have passed."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from kolgraph.graph import rows
from kolgraph.graph.mentions import Mentions
from kolgraph.graph.topics import about
from kolgraph.model import Affiliation, Descriptor, Institution, Listed, Publication, Site, Topic, Trial
from kolgraph.store import Row

Match = Callable[[Affiliation], list[tuple[str, float]]]


class Gathered:
    """Takes every record once, papers first: notes what it says of its people, keeps its edges to topics and places."""

    def __init__(
        self,
        topics: Sequence[Topic],
        mentions: Mentions,
        match: Match,
        known: dict[str, Institution],
        descriptors: Iterable[Descriptor] = (),
    ):
        self.mentions, self.match, self.known = mentions, match, known
        self.topics_of = about(topics, descriptors)
        self.about: list[Row] = []
        self.conducted: list[Row] = []
        self.sponsored: list[Row] = []
        self.nominations: list[tuple[str, str]] = []  # record, list
        self._papers: dict[str, str] = {}  # id or PMID -> paper
        self._trials: dict[str, str] = {}  # number, old or new -> trial
        self._reports: set[tuple[str, str]] = set()
        self._places: dict[Affiliation, list[str]] = {}

    def publications(self, nouns: Iterable[Publication]) -> Iterator[Row]:
        for noun in nouns:
            self.mentions.note_publication(noun)
            self._papers[noun.id] = noun.id
            self._papers |= {number: noun.id for number in noun.identifiers if number.startswith("pmid:")}
            self._reports.update((noun.id, trial) for trial in noun.trials)
            self._about(noun)
            yield rows.publication(noun)

    def trials(self, nouns: Iterable[Trial]) -> Iterator[Row]:
        for noun in nouns:
            self.mentions.note_trial(noun)
            self._trials.update({noun.id: noun.id} | dict.fromkeys(noun.aliases, noun.id))
            self._reports.update((paper, noun.id) for paper in noun.results)
            self._about(noun)
            sponsors = {one for name in (noun.sponsor, *noun.collaborators) for one in self._at(Affiliation(name))}
            sites = {one for site in noun.sites for one in self._at(_address(site))}
            self.sponsored += [{"trial": noun.id, "institution": one} for one in sorted(sponsors)]
            self.conducted += [{"trial": noun.id, "institution": one} for one in sorted(sites)]
            yield rows.trial(noun)

    def listed(self, nouns: Iterable[Listed]) -> None:
        for noun in nouns:
            self.mentions.note_listed(noun)
            if noun.kind == "nomination":
                self.nominations.append((noun.id, noun.list))

    def reports(self) -> Iterator[Row]:
        """Papers that report trials, whichever of the two says so, where both are here."""
        linked = {
            (self._papers[paper], self._trials[trial])
            for paper, trial in self._reports
            if paper in self._papers and trial in self._trials
        }
        for paper, trial in sorted(linked):
            yield {"publication": paper, "trial": trial}

    def _about(self, noun: Publication | Trial) -> None:
        self.about += [{"record": noun.id, "topic": topic} for topic in self.topics_of(noun)]

    def _at(self, place: Affiliation) -> list[str]:
        if place.text and place not in self._places:
            self._places[place] = [one for one, _ in self.match(place) if one in self.known]
        return self._places.get(place, [])


def _address(site: Site) -> Affiliation:
    return Affiliation(site.name, city=site.city, region=site.region, country=site.country)
