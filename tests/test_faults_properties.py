"""Whatever fails, and however the world changes on the way: a load that says it is whole holds what the server held."""

import contextlib
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test
from kolgraph.loaders import clinicaltrials, clinicaltrials_query, pubmed, pubmed_query
from servers import eutils
from servers.ctgov import Registry, number_of, study, title_of
from servers.eutils import Paper, Papers, PubMed
from servers.faults import AFTER, EPOCH, KINDS, Fault, Served, World, faulty, survives

from kolgraph.errors import SourceError
from kolgraph.inbox import Inbox
from kolgraph.loading import Ask, Loader
from kolgraph.loading.http import Client
from kolgraph.loading.runner import LoadResult, load

FAULTS = st.builds(Fault, st.sampled_from(KINDS), st.floats(0, 1, exclude_max=True), st.sampled_from(AFTER))
SCHEDULES = st.lists(st.none() | FAULTS, min_size=1, max_size=30)
CALM = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pubmed_query, "FETCH", 4)
    monkeypatch.setattr(pubmed_query, "REACH", 9)
    monkeypatch.setattr(eutils, "REACH", 9)
    monkeypatch.setattr(clinicaltrials_query, "PAGE", 5)


@CALM
@given(schedule=SCHEDULES)
def test_pubmed_in_any_order_of_faults(schedule: list[Fault | None]) -> None:
    world = PubMed(Papers({100 + 7 * i: Paper("2020-01-01", f"Asthma {i}") for i in range(23)}))
    survives(pubmed.LOADER, Ask(query="asthma"), world, world.ids(), rate=3, path="entrez/eutils/", schedule=schedule)


@CALM
@given(schedule=SCHEDULES)
def test_clinicaltrials_in_any_order_of_faults(schedule: list[Fault | None]) -> None:
    world = Registry([study(n) for n in range(1, 24)])
    survives(clinicaltrials.LOADER, Ask(query="x"), world, world.ids(), rate=1, path="api/v2/", schedule=schedule)


CHANGES = st.tuples(st.sampled_from(["add", "drop", "revise"]), st.integers(1, 25))


class Walks(RuleBasedStateMachine):
    """A source that people work on, before and while it is walked; the model is the source itself."""

    loader: Loader
    path: str
    rate: float

    def __init__(self) -> None:
        super().__init__()
        self.pending: list[Fault | None] = []
        self.on_the_way: dict[int, tuple[str, int]] = {}  # number of an answer of this walk -> what changes behind it
        self.steady: set[str] = set()  # what was there all the time
        self.mark, self.changes, self.begun = "", 0, 0
        self.around = contextlib.ExitStack()
        self.inbox = Inbox(Path(self.around.enter_context(tempfile.TemporaryDirectory())) / "inbox.db")
        self.served: Served = self.around.enter_context(faulty(self.world(), self.faults()))

    def teardown(self) -> None:
        assert self.served.never_faster_than(self.rate)
        self.inbox.close()
        self.around.close()

    def world(self) -> World:
        raise NotImplementedError

    def there(self) -> dict[str, str]:
        """What the source holds: id -> title."""
        raise NotImplementedError

    def held(self) -> dict[str, str]:
        raise NotImplementedError

    def put(self, number: int, title: str, day: str) -> None:
        raise NotImplementedError

    def drop(self, number: int) -> None:
        raise NotImplementedError

    def faults(self) -> Iterator[Fault | None]:
        while True:
            yield self.pending.pop(0) if self.pending else None

    def today(self) -> str:
        return f"{datetime.fromtimestamp(EPOCH + self.served.clock.now(), UTC):%Y-%m-%d}"

    def change(self, what: str, number: int) -> None:
        names = {id.lstrip("pmid:nctNCT0"): id for id in self.there()}
        known = str(number) in names
        if what == "drop" and known:
            self.changes += 1
            self.steady.discard(names[str(number)])
            self.drop(number)
        elif (what == "add" and not known) or (what == "revise" and known):
            self.changes += 1
            self.put(number, f"Title {self.changes}", self.today())

    def answered(self, _: object) -> None:
        if change := self.on_the_way.pop(len(self.served.at) - self.begun, None):
            self.change(*change)

    def run(self, **said: str) -> LoadResult:
        """A load, run again as often as it fails."""
        ask = Ask(query="title", base_url=self.served.url + self.path, **said)
        for _ in range(1 + len(self.pending)):
            self.begun = len(self.served.at)
            client = Client(self.loader, ask, sleep=self.served.clock.sleep, clock=self.served.clock.now)
            with contextlib.suppress(SourceError):
                return load(self.inbox, self.loader, ask, client, lambda *a: None)
        raise AssertionError("the server has healed, and the load does not end")

    @initialize(numbers=st.sets(st.integers(1, 25), min_size=5, max_size=20))
    def begin(self, numbers: set[int]) -> None:
        for number in sorted(numbers):
            self.change("add", number)

    @rule(changes=st.lists(CHANGES, max_size=5))
    def work(self, changes: list[tuple[str, int]]) -> None:
        self.served.clock.sleep(86400)
        for change in changes:
            self.change(*change)

    @rule(schedule=st.lists(st.none() | FAULTS, max_size=8))
    def trouble(self, schedule: list[Fault | None]) -> None:
        self.pending += schedule

    @rule(changes=st.dictionaries(st.integers(1, 9), CHANGES, max_size=6))
    def walk(self, changes: dict[int, tuple[str, int]]) -> None:
        self.steady, self.on_the_way = set(self.there()), changes
        before = self.changes
        result = self.run()
        self.on_the_way = {}
        if result.incomplete:
            assert self.changes > before, "a frozen source is whole"
            assert "run the same command again" in result.incomplete
            before = self.changes
            result = self.run()
        assert result.incomplete == ""
        assert self.steady <= set(self.held()), "what was there all the time was lost"
        if self.changes == before:
            assert (result.records, result.rejected) == (len(self.there()), 0)
            assert self.there().items() <= self.held().items()
        self.mark = self.inbox.loads()[-1].mark

    @precondition(lambda self: self.mark)
    @rule()
    def refresh(self) -> None:
        assert self.run(changed=self.mark).incomplete == ""
        assert self.there().items() <= self.held().items(), "a refresh brings what changed since the walk began"


class PubMedWalks(Walks):
    loader, path, rate = pubmed.LOADER, "entrez/eutils/", 3

    def world(self) -> World:
        self.pubmed = PubMed(Papers(), after=self.answered)
        return self.pubmed

    def there(self) -> dict[str, str]:
        return {f"pmid:{n}": paper.title for n, paper in self.pubmed.papers.items()}

    def held(self) -> dict[str, str]:
        return {one.id: one.title for one in self.inbox.publications()}

    def put(self, number: int, title: str, day: str) -> None:
        self.pubmed.papers[number] = Paper("2020-01-01", title, revised=day)

    def drop(self, number: int) -> None:
        del self.pubmed.papers[number]


class RegistryWalks(Walks):
    loader, path, rate = clinicaltrials.LOADER, "api/v2/", 1

    def world(self) -> World:
        self.registry = Registry([], after=self.answered)
        return self.registry

    def there(self) -> dict[str, str]:
        return {f"nct:{number_of(one)}": title_of(one) for one in self.registry.held}

    def held(self) -> dict[str, str]:
        return {one.id: one.title for one in self.inbox.trials()}

    def put(self, number: int, title: str, day: str) -> None:
        self.drop(number)
        self.registry.held.append(study(number, title, updated=day))

    def drop(self, number: int) -> None:
        self.registry.held = [one for one in self.registry.held if number_of(one) != f"NCT{number:08}"]
        self.registry.timestamp = f"{self.today()}T09:00:00.{len(self.served.at)}"


@pytest.mark.parametrize("machine", [PubMedWalks, RegistryWalks])
def test_a_world_that_changes_on_the_way(machine: type[Walks]) -> None:
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        machine, settings=settings(max_examples=40, stateful_step_count=12, deadline=None)
    )
