"""Papers, year by year: what each says, and the notices that later retract or correct some of them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from kolgraph.demo.authors import Authors
from kolgraph.demo.draws import Draws
from kolgraph.demo.pubmed import Draft, journals, record
from kolgraph.demo.teams import KINDS, LETTER, Teams
from kolgraph.demo.words import Writer

FIRST_PMID = 90_000_001


@dataclass(slots=True)
class Written:
    """A written record: its id, XML, and the person behind each slot (-1: a group), authors before group members."""

    pmid: int
    xml: str
    people: list[int]
    trial: int = -1  # index of the trial it reports


@dataclass(frozen=True, slots=True)
class About:
    """What a trial is called and about, so that its papers speak of the same thing."""

    number: str
    words: list[int]
    phase: str


class Papers:
    """Writes one year after another; PMIDs follow the order of writing."""

    def __init__(self, authors: Authors, writer: Writer, draws: Draws) -> None:
        self._authors, self._writer, self._draws = authors, writer, draws
        self._journals = journals()
        self._next = FIRST_PMID
        self.again: list[Written] = []  # second versions, due in the last file

    def write(self, teams: Teams, trials: list[About]) -> Iterator[Written]:
        """The records of a year. Retracted and corrected papers are followed by their notice."""
        n = len(teams.kind)
        texts = self._writer.rows(n)
        journal = self._draws.pick(np.array([j.weight for j in self._journals]), n).tolist()
        oddities = self._draws.unit(n * 5).reshape(n, 5).tolist()
        kinds, subjects, months, reports = (a.tolist() for a in (teams.kind, teams.subject, teams.month, teams.trial))
        leads, regions = teams.lead.tolist(), teams.region.tolist()
        for i, (authors, people) in enumerate(self._authors.lists(teams)):
            row = self._writer.focused(texts[i], regions[i], leads[i])
            odd, about = oddities[i], trials[reports[i]] if reports[i] >= 0 else None
            if about:
                row = [*about.words[:11], *row[11:]]
            slots = self._writer.slots(subjects[i], row)
            if about:
                slots["phase"] = about.phase
            title = self._writer.title(KINDS[kinds[i]], slots, row)
            with_abstract = kinds[i] != LETTER and odd[2] < 0.93
            draft = Draft(
                pmid=self._number(),
                kind=KINDS[kinds[i]],
                subject=subjects[i],
                year=teams.year,
                month=months[i],
                journal=self._journals[journal[i]],
                title=title if title.endswith("?") else f"{title}.",
                abstract=self._writer.sentences(slots, row) if with_abstract else [],
                authors=authors,
                keywords=self._keywords(subjects[i], row, odd[4]),
                u=odd[:4],
                trial=about.number if about else "",
            )
            members: list[int] = []
            if people and people[-1] < 0 and odd[3] < 0.3:
                members = people[4:-1]
                draft.members = self._authors.investigators(members)
            yield from self._with_notice(draft, people, members, reports[i], teams.flag[i] == "retracted", odd[4])

    def _with_notice(
        self, draft: Draft, people: list[int], members: list[int], trial: int, retracted: bool, u: float
    ) -> Iterator[Written]:
        corrected = u > 0.992 and not retracted
        notice = self._number() if retracted or corrected else 0
        source = f"{draft.journal.short}. {draft.year}"
        if notice:
            draft.link = ("RetractionIn" if retracted else "ErratumIn", source, notice)
        first = Written(draft.pmid, record(draft), [*people, *members], trial)
        yield first
        if 0.95 < u < 0.9515:
            self.again.append(replace(first, xml=record(replace(draft, version=2))))
        if notice:
            what = "Retraction" if retracted else "Correction"
            said = replace(
                draft,
                pmid=notice,
                kind="notice" if retracted else "erratum",
                title=f"{what} to: {draft.title}",
                abstract=[],
                keywords=[],
                members="",
                trial="",
                link=("RetractionOf" if retracted else "ErratumFor", source, draft.pmid),
            )
            yield Written(notice, record(said), people)

    def _keywords(self, subject: int, row: list[int], u: float) -> list[str]:
        if 0.7 < u < 0.78:
            return []
        words = self._writer.keywords(subject, row)
        if u < 0.07:  # some papers span two subjects
            words += self._writer.keywords((subject + 1 + row[22] % 5) % 6, row)[:2]
        return words

    def _number(self) -> int:
        self._next += 1
        return self._next - 1
