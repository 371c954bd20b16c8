"""From a seed to files: build the world, then write it year by year."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from kolgraph.demo.authors import Authors
from kolgraph.demo.clinicians import clinicians, write_nppes
from kolgraph.demo.draws import Draws
from kolgraph.demo.field import FIRST_YEAR, SOURCES, YEARS
from kolgraph.demo.grants import write_grants
from kolgraph.demo.papers import FIRST_PMID, About, Papers
from kolgraph.demo.payments import write_payments
from kolgraph.demo.register import organizations
from kolgraph.demo.registry import Row, study
from kolgraph.demo.stories import story_papers
from kolgraph.demo.teams import draw_teams
from kolgraph.demo.trials import Plan, plan_trials, reports
from kolgraph.demo.truth import Truth
from kolgraph.demo.words import Writer
from kolgraph.demo.world import World, build_world
from kolgraph.demo.write import BulkFiles, write_json, write_pages
from kolgraph.errors import UsageError

LEAST = 50


def write_world(folder: Path, people: int, seed: int, progress: Callable[[int, int, str], None]) -> None:
    """See `kolgraph.demo.generate`."""
    if people < LEAST:
        raise UsageError(f"a synthetic world of {people} people was asked for; it needs at least {LEAST}")
    for name in (*SOURCES, "truth"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    world = build_world(seed, people)
    writer = Writer(Draws(seed, "words"))
    plans = plan_trials(world, Draws(seed, "trials"), writer)
    truth = Truth(folder / "truth", world)
    _write_papers(folder, world, writer, plans, truth, progress)
    rows: list[Row] = []
    studies = []
    for plan in plans:
        json, named = study(plan, world, writer)
        studies.append(json)
        rows += named
    write_pages(folder / "clinicaltrials", studies)
    write_json(folder / "ror" / "ror.json", organizations(world.places))
    listed = clinicians(world)
    write_nppes(folder / "nppes", world, listed)
    write_payments(folder / "openpayments", world, listed, plans)
    write_grants(folder / "nihreporter", world, writer, listed)
    truth.close(rows)
    truth.registers(listed)


def _write_papers(
    folder: Path,
    world: World,
    writer: Writer,
    plans: list[Plan],
    truth: Truth,
    progress: Callable[[int, int, str], None],
) -> None:
    authors = Authors(world, Draws(world.seed, "authors"))
    papers = Papers(authors, writer, Draws(world.seed, "papers"))
    about = [About(plan.nct, plan.words, plan.phase) for plan in plans]
    files = BulkFiles(folder / "pubmed")
    draws = Draws(world.seed, "teams")
    seen = np.zeros(world.people.count, dtype=np.bool_)
    for year in YEARS:
        wishes = reports(plans, world, year) + story_papers(world.stories, world.labs, world.people, year)
        teams = draw_teams(draws, world.labs, world.people, year, wishes, world.stories.quiet, seen)
        for paper in papers.write(teams, about):
            files.add(paper.xml)
            truth.paper(paper)
            if paper.trial >= 0:
                plans[paper.trial].results.append(paper.pmid)
        truth.year(teams)
        progress(year - FIRST_YEAR + 1, len(YEARS), "years of invented papers")
    for paper in papers.again:
        files.add(paper.xml)
    gone = [FIRST_PMID + 11 + 97 * i for i in range(3)]
    files.close([*gone, *(FIRST_PMID - 1000 - i for i in range(4))])
    truth.addresses(authors.addresses)
