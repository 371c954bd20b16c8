"""Open Payments by query: whole answers, whatever happens to the rows and on the way."""

import pytest
from kolgraph.loaders import openpayments_query
from kolgraph.loaders.openpayments import LOADER
from servers.faults import Clock, faulty, survives
from servers.openpayments import Datastore, row

from kolgraph.errors import UsageError
from kolgraph.inbox import Inbox
from kolgraph.loading import Ask
from kolgraph.loading.http import Client
from kolgraph.loading.runner import LoadResult, load


def run(inbox: Inbox, ask: Ask, clock: Clock) -> LoadResult:
    return load(inbox, LOADER, ask, Client(LOADER, ask, sleep=clock.sleep, clock=clock.now), lambda *a: None)


def held(inbox: Inbox) -> int:
    return inbox.counts().get("payments", 0)


def world(count: int = 1234) -> Datastore:
    states = ("IA", "NE")
    return Datastore(
        {
            "2023 Research Payment Data": [row(n, states[n % 2]) for n in range(count)],
            "2023 General Payment Data": [],
            "2022 Research Payment Data": [],
        }
    )


def rows(one: Datastore) -> list[dict[str, str | None]]:
    return one.sets["2023 Research Payment Data"]


def ask_of(one: Datastore, inbox: Inbox, query: str = "research 2023", **said: object) -> LoadResult:
    with faulty(one) as served:
        ask = Ask(query=query, base_url=served.url + "api/1/", **said)  # type: ignore[arg-type]
        result = run(inbox, ask, served.clock)
        assert served.never_faster_than(openpayments_query.RATE)
    return result


def truth(one: Datastore) -> set[str]:
    return {f"openpayments:2023:{said['record_id']}" for said in rows(one)}


def test_an_answer_of_some_pages(inbox: Inbox) -> None:
    one = world()
    result = ask_of(one, inbox)
    assert (result.records, result.rejected, result.incomplete) == (1234, 0, "")
    assert all(inbox.record(id) for id in truth(one))
    assert [said.get("offset") for said in one.log] == [None, "0", "500", "1000"]
    kept = inbox.raw(min(truth(one)))
    assert b"license" not in kept
    assert b"ndc" not in kept
    assert b"null" not in kept


def test_conditions(inbox: Inbox) -> None:
    one = world()
    assert ask_of(one, inbox, "research 2023 recipient_state=IA").records == 617
    said = one.log[-1]
    place = "conditions[0]"
    assert [said[f"{place}[{key}]"] for key in ("property", "value", "operator")] == ["recipient_state", "IA", "="]


def test_a_refreshed_query_closes_what_it_no_longer_brings(inbox: Inbox) -> None:
    one = world(100)
    ask_of(one, inbox, "research 2023 recipient_state=IA")
    ask_of(one, inbox, "research 2023 recipient_state=NE")
    assert held(inbox) == 100
    gone = rows(one).pop(0)  # of Iowa, in January
    for said in rows(one):
        said["payment_publication_date"] = "01/30/2025"
    ask_of(one, inbox, "research 2023 recipient_state=IA")
    assert held(inbox) == 99
    assert inbox.counts()["payments"] == 99
    assert gone["recipient_state"] == "IA"


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("asthma", "is no question to Open Payments: write e.g. research 2023 recipient_state=IA"),
        ("ownership 2023", "is no question"),
        ("research 2023 license=IA", "is not asked for license"),
        ("research 2023 Iowa", '"Iowa" is no condition'),
        ("research 2013", "has no research payments of 2013: it has those of 2022, 2023"),
    ],
)
def test_queries_that_cannot_be_asked(inbox: Inbox, query: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        ask_of(world(10), inbox, query)


def test_a_whole_year_is_a_matter_for_the_file(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(openpayments_query, "MOST", 1000)
    with pytest.raises(UsageError, match="has 1,234 rows: load the file of the year"):
        ask_of(world(), inbox)
    assert held(inbox) == 0
    assert ask_of(world(), inbox, limit=700).records == 700


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page of the service, fifty times smaller."""
    monkeypatch.setattr(openpayments_query, "PAGE", 10)


def test_rows_that_move_between_pages_are_found_again(inbox: Inbox, small: None) -> None:
    one = world(50)

    def once(here: Datastore) -> None:
        if len(here.log) == 4:
            rows(here).insert(0, row(-1))  # every row moves down
        if len(here.log) == 9:
            del rows(here)[20]  # and up

    one.before = once
    result = ask_of(one, inbox)
    assert result.incomplete == ""
    assert all(inbox.record(id) for id in truth(one))


def test_a_source_that_never_stands_still_leaves_the_load_incomplete(inbox: Inbox, small: None) -> None:
    one = world(35)
    one.before = lambda here: rows(here).insert(0, row(-len(here.log)))
    assert "the answer changed while it was read" in ask_of(one, inbox).incomplete
    state = inbox.loads()[0].state
    assert state == "incomplete"


def test_a_plan_is_a_count() -> None:
    with faulty(world()) as served:
        ask = Ask(query="research 2023 recipient_state=IA", base_url=served.url + "api/1/")
        assert LOADER.plan
        plan = LOADER.plan(ask, Client(LOADER, ask, sleep=served.clock.sleep, clock=served.clock.now))
        assert (plan.records, plan.requests, len(served.asked)) == (617, 3, 2)


def test_two_thousand_faults(small: None) -> None:
    one = world(120)
    survives(LOADER, Ask(query="research 2023"), one, truth(one), rate=openpayments_query.RATE, path="api/1/", seed=9)
