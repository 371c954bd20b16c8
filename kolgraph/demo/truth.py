"""What is true in the synthetic world, as tables that no part of the product reads."""

from pathlib import Path
from typing import TextIO

import numpy as np

from kolgraph.demo.clinicians import Clinician
from kolgraph.demo.field import LAST_YEAR, SUBJECTS, TOPICS
from kolgraph.demo.grants import PROFILE as FUNDED
from kolgraph.demo.papers import Written
from kolgraph.demo.payments import PROFILE as PAID
from kolgraph.demo.people import influence, lab_at
from kolgraph.demo.registry import Row
from kolgraph.demo.stories import person_key
from kolgraph.demo.teams import Teams
from kolgraph.demo.world import World, current_place
from kolgraph.demo.write import write_table

OUTCOME_YEARS = 3


class Truth:
    """Collects and writes the tables; mentions and influence go to disk as they come."""

    def __init__(self, folder: Path, world: World) -> None:
        self._folder, self._world = folder, world
        self._mentions = self._open("mentions", "pmid\tposition\tperson")
        self._influence = self._open("influence", "person\ttopic\tyear\tinfluence")
        self._keys = [person_key(person) for person in range(world.people.count)]
        self._outcomes: dict[int, list[int]] = {}

    def paper(self, paper: Written) -> None:
        """Who stands in each slot, from position 0; a group has no person; members of a group follow the authors."""
        keys = [self._keys[person] if person >= 0 else "" for person in paper.people]
        self._mentions.write("".join([f"{paper.pmid}\t{at}\t{key}\n" for at, key in enumerate(keys)]))

    def year(self, teams: Teams) -> None:
        """Latent influence of everybody active in the year, in the subject of their lab; and outcomes of late years."""
        world = self._world
        everyone = np.arange(world.people.count)
        value = influence(world.people, everyone, teams.year, len(world.labs.country))
        subject = world.labs.subject[lab_at(world.people, everyone, teams.year)]
        shown = np.flatnonzero((value > 0) & (subject < len(TOPICS)))
        names = [SUBJECTS[s]["name"] for s in range(len(SUBJECTS))]
        rows = zip(shown.tolist(), subject[shown].tolist(), value[shown].tolist(), strict=True)
        self._influence.write("".join(f"{self._keys[p]}\t{names[s]}\t{teams.year}\t{v:.3f}\n" for p, s, v in rows))
        if teams.year > LAST_YEAR - OUTCOME_YEARS:
            self._count(teams)

    def addresses(self, found: dict[str, str]) -> None:
        """Affiliation string -> ROR ids of the institutions that it names."""
        write_table(self._folder / "affiliations.tsv", "affiliation\tror", [f"{a}\t{r}" for a, r in found.items()])

    def close(self, trials: list[Row]) -> None:
        """Write what is known at the end: people, names in trials, outcomes, stories."""
        self._mentions.close()
        self._influence.close()
        world, people = self._world, self._world.people
        rows = [f"{nct}\t{where}\t{name}\t{person_key(person)}" for nct, where, name, person in trials]
        write_table(self._folder / "trial_mentions.tsv", "nct\twhere\tname\tperson", rows)
        places = current_place(world, lab_at(people, np.arange(people.count), LAST_YEAR), LAST_YEAR)
        rows = [
            f"{person_key(p)}\t{name.last}\t{name.fore}\t{people.cultures[p]}\t{people.start[p]}\t{people.end[p]}\t"
            f"{world.places.places[places[p]].ror}\t{people.orcid[p]}"
            for p, name in enumerate(people.names)
        ]
        write_table(self._folder / "people.tsv", "person\tlast\tfore\tculture\tstart\tend\tror\torcid", rows)
        rows = [f"{person_key(p)}\t" + "\t".join(map(str, counts)) for p, counts in sorted(self._outcomes.items())]
        write_table(self._folder / "outcomes.tsv", "person\tpapers\tfirst\tlast", rows)
        merged = [
            ("merged", world.places.places[old].ror, world.places.places[heir].ror)
            for heir, old in world.places.merged.items()
        ]
        rows = ["\t".join(row) for row in [*world.stories.rows, *merged]]
        write_table(self._folder / "stories.tsv", "story\tsubject\tdetail", rows)

    def registers(self, listed: list[Clinician]) -> None:
        """Whose the numbers in the registers are: NPI, profile of Open Payments, investigator of RePORTER."""
        rows = [
            f"{self._keys[one.person]}\tnpi:{one.npi}\topenpayments:{PAID + one.person}\tnihpi:{FUNDED + one.person}"
            for one in listed
        ]
        write_table(self._folder / "registers.tsv", "person\tnpi\topenpayments\tnihpi", rows)

    def _count(self, teams: Teams) -> None:
        """Papers, first and last authorships in the years that a backtest hides."""
        first = np.searchsorted(teams.paper, teams.paper, "left")
        last = np.searchsorted(teams.paper, teams.paper, "right") - 1
        at = np.arange(len(teams.paper))
        columns = (teams.person.tolist(), (at == first).tolist(), (at == last).tolist())
        for person, is_first, is_last in zip(*columns, strict=True):
            counts = self._outcomes.setdefault(person, [0, 0, 0])
            counts[0] += 1
            counts[1] += is_first
            counts[2] += is_last

    def _open(self, name: str, head: str) -> TextIO:
        file = (self._folder / f"{name}.tsv").open("w", encoding="utf-8", newline="\n")
        file.write(head + "\n")
        return file
