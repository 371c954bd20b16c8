"""Author lists as PubMed writes them, oddities included: the mentions of the synthetic world."""

from collections.abc import Iterator

from anyascii import anyascii

from kolgraph.demo.draws import Draws
from kolgraph.demo.field import LAST_MONTH, LAST_YEAR
from kolgraph.demo.names import Name, ascii_form, restyled
from kolgraph.demo.people import lab_at
from kolgraph.demo.places import domain
from kolgraph.demo.teams import Teams
from kolgraph.demo.world import World, Written, written

AFFILIATED_SINCE = 2014  # before, PubMed kept the first author's affiliation only
GROUPS = ("SFV-REGISTRY Investigators", "EUROVASC Study Group", "International SFV Consortium", "PACIFIC-SFV Network")
ORCID_FORMS = ("{}", "https://orcid.org/{}", "http://orcid.org/{}")


class Authors:
    """Renders author lists of one year after another; holds that year's caches and the truth about addresses."""

    def __init__(self, world: World, draws: Draws) -> None:
        self._world, self._draws = world, draws
        self._names: dict[tuple[int, int], str] = {}
        self.addresses: dict[str, str] = {}  # affiliation string -> ROR ids, blank-separated
        self._rendered: dict[str, str] = {}
        self._seats: dict[int, Written] = {}
        self._slugs: dict[str, str] = {}

    def lists(self, teams: Teams) -> Iterator[tuple[str, list[int]]]:
        """For each paper its <AuthorList> content and the person behind each slot (-1: a group)."""
        self._names.clear()
        self._seats.clear()
        world, n = self._world, len(teams.kind)
        labs = lab_at(world.people, teams.person, teams.year).tolist()
        chances = self._draws.unit(len(labs) * 6).reshape(-1, 6).tolist()
        style, group, contact = (self._draws.unit(n).tolist() for _ in range(3))
        persons = teams.person.tolist()
        bounds = [*teams.paper.searchsorted(range(n)).tolist(), len(persons)]
        months = teams.month.tolist()
        for paper in range(n):
            low, high = bounds[paper], bounds[paper + 1]
            writer = high - 1 if contact[paper] < 0.6 else low
            late = teams.year == LAST_YEAR and months[paper] >= LAST_MONTH
            house = 1 if style[paper] < 0.03 else 7 if style[paper] < 0.036 else 0  # the journal's own way
            parts = []
            for slot in range(low, high):
                person, lab = persons[slot], labs[slot]
                if late and person in world.stories.moved:
                    lab = world.stories.moved[person]
                u = chances[slot]
                name = self._name(person, house or self._form(person, u[0]))
                equal = ' EqualContrib="Y"' if style[paper] > 0.96 and slot < low + 2 else ""
                orcid = self._orcid(person, teams.year, u[1], persons[slot - 1])
                known = (teams.year >= AFFILIATED_SINCE and u[2] < 0.978) or (slot == low and u[2] < 0.95)
                place = self._affiliation(person, lab, teams.year, u, slot == writer) if known else ""
                parts.append(f'<Author ValidYN="Y"{equal}>{name}{orcid}{place}</Author>')
            people = persons[low:high]
            if high - low > 9 and group[paper] < 0.22:
                name = GROUPS[int(group[paper] * 4 / 0.22)]
                parts.append(f'<Author ValidYN="Y"><CollectiveName>{name}</CollectiveName></Author>')
                people = [*people, -1]
            yield "".join(parts), people

    def investigators(self, persons: list[int]) -> str:
        """The members of a group, who are no authors."""
        rows = "".join(f'<Investigator ValidYN="Y">{self._name(p, 0)}</Investigator>' for p in persons)
        return f"<InvestigatorList>{rows}</InvestigatorList>"

    def _form(self, person: int, u: float) -> int:
        """0 as usual, 1 initials only, 2 without diacritics, 3 restyled, 4 to 6 a planted spelling, 7 capitals."""
        if person in self._world.stories.spelled:
            return 4 + int(u * 3)
        return 1 if u < 0.022 else 2 if u < 0.08 else 3 if u < 0.17 else 0

    def _name(self, person: int, form: int) -> str:
        key = (person, form)
        if key not in self._names:
            name = self._world.people.names[person]
            if form == 1:
                name = Name(name.last, " ".join(name.initials))
            elif form == 2:
                name = ascii_form(name)
            elif form == 3:
                name = restyled(name, self._world.people.cultures[person])
            elif form == 7:
                name = Name(name.last.upper(), name.fore.upper())
            elif form > 3:
                name = self._world.stories.spelled[person][form - 4]
            self._names[key] = (
                f"<LastName>{name.last}</LastName><ForeName>{name.fore}</ForeName><Initials>{name.initials}</Initials>"
            )
        return self._names[key]

    def _orcid(self, person: int, year: int, u: float, neighbour: int) -> str:
        orcid = self._world.people.orcid[person]
        if not orcid or year < 2015 or u > 0.52:
            return ""
        form = ORCID_FORMS[0 if u < 0.12 else 1 if u < 0.41 else 2]
        if u < 0.0012:
            orcid = orcid[:-1]  # a digit short
        elif u < 0.002:
            orcid = orcid.replace("-", "")
        elif u < 0.0024:
            orcid = self._world.people.orcid[neighbour] or orcid  # the neighbour's, by mistake
        return f'<Identifier Source="ORCID">{form.format(orcid)}</Identifier>'

    def _affiliation(self, person: int, lab: int, year: int, u: list[float], contact: bool) -> str:
        forms = self._seat(lab, year)
        text, places = forms[int(u[3] * len(forms)) if u[4] < 0.35 else person % len(forms)]
        second = ""
        if (
            u[5] < 0.13 and not self._world.labs.island[lab]
        ):  # a second address: another lab's, sometimes packed into the same string
            other = int(self._world.labs.partners[lab, person % 3])
            more, others = self._seat(other, year)[0]
            if u[5] < 0.025:
                text, places = f"{text.removesuffix('.')}; {more}", [*places, *others]
            else:
                second = self._info(more, others)
        if u[5] > 0.995:
            text = f"1{text}"
        if contact and u[5] > 0.08:
            text += (
                f" Electronic address: {self._mail(person, places[0])}."
                if u[5] > 0.7
                else f" {self._mail(person, places[0])}."
            )
        numbered = year >= 2020 and 0.5 < u[4] < 0.53
        return self._info(text, places, numbered) + second

    def _info(self, text: str, places: list[int], numbered: bool = False) -> str:
        if text in self._rendered and not numbered:
            return self._rendered[text]
        listed = [self._world.places.places[place] for place in places]
        self.addresses[text] = " ".join(place.ror for place in listed)
        number = f'<Identifier Source="ROR">https://ror.org/{listed[0].ror}</Identifier>' if numbered else ""
        xml = f"<AffiliationInfo><Affiliation>{text}</Affiliation>{number}</AffiliationInfo>"
        if not numbered:
            self._rendered[text] = xml
        return xml

    def _seat(self, lab: int, year: int) -> Written:
        if lab not in self._seats:
            self._seats[lab] = written(self._world, lab, year)
        return self._seats[lab]

    def _mail(self, person: int, place: int) -> str:
        name = self._world.people.names[person]
        return f"{self._slug(name.fore)[0]}.{self._slug(name.last)}@{domain(self._world.places.places[place])}"

    def _slug(self, text: str) -> str:
        if text not in self._slugs:
            self._slugs[text] = "".join(letter for letter in anyascii(text).lower() if letter.isalpha())
        return self._slugs[text]
