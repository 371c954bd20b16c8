"""OpenAlex by query, against a server that speaks its API: every work once, and never a cent beyond the purse."""

import random

import pytest
from kolgraph.loaders.openalex import LOADER
from servers.faults import Answer, Fault, Request, Served, faulty, survives
from servers.openalex import OpenAlex, work

from kolgraph.errors import SourceError, UsageError
from kolgraph.inbox import Inbox
from kolgraph.loading import Ask, Plan, Wanted
from kolgraph.loading.http import Client
from kolgraph.loading.runner import LoadResult, load

QUERY = 'title_and_abstract.search:("asthma")'


def world(count: int, **said: object) -> OpenAlex:
    return OpenAlex({f"W{n}": work(n) for n in range(1001, 1001 + count)}, **said)  # type: ignore[arg-type]


def client(served: Served, ask: Ask) -> Client:
    return Client(LOADER, ask, sleep=served.clock.sleep, clock=served.clock.now)


def run(inbox: Inbox, served: Served, **said: object) -> LoadResult:
    ask = Ask(base_url=served.url, **{"query": QUERY, **said})  # type: ignore[arg-type]
    return load(inbox, LOADER, ask, client(served, ask), lambda *a: None)


def held(inbox: Inbox) -> set[str]:
    return {paper.id.removeprefix("openalex:") for paper in inbox.publications()}


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kolgraph.loaders.openalex_query.PAGE", 20)


def test_two_thousand_faults(small_pages: None) -> None:
    one = world(130, left=1e9)
    served = survives(LOADER, Ask(query=QUERY), one, {f"openalex:{n}" for n in one.works}, rate=10, seed=4, share=0.8)
    assert {request.params["per_page"] for request in served.asked} == {"20"}


def test_a_walk_to_the_null_behind_the_last_page(inbox: Inbox) -> None:
    with faulty(world(250)) as served:
        result = run(inbox, served, since="2012-01-01", until="2013-12-31", api_key="k/1")
    assert (result.records, result.incomplete) == (26, "")
    (first, *_) = served.asked
    assert first.params["filter"] == f"{QUERY},from_publication_date:2012-01-01,to_publication_date:2013-12-31"
    assert (first.params["cursor"], first.params["per_page"], first.params["api_key"]) == ("*", "100", "k/1")
    with faulty(world(250)) as served:
        assert run(inbox, served).records == 250
    assert len(served.asked) == 4  # the third page is followed by an empty one without a cursor


def test_an_empty_purse_stops_the_walk_with_the_hour_and_it_goes_on_when_filled(inbox: Inbox) -> None:
    one = world(450, left=0.0021)
    with faulty(one) as served:
        with pytest.raises(SourceError, match=r"spent; it is filled up at 2027-01-15 09:30 UTC: run the same") as told:
            run(inbox, served)
        assert "\n" not in str(told.value)
        assert len(served.asked) == 3  # two pages, one refusal, no second knock
        assert len(held(inbox)) == 200
        one.left = 1.0
        result = run(inbox, served)
    assert (result.records, result.incomplete) == (450, "")
    assert len(held(inbox)) == 450


def test_every_page_tells_what_is_left_of_the_day(small_pages: None) -> None:
    with faulty(world(30, left=0.51)) as served:
        ask = Ask(query=QUERY, base_url=served.url)
        notes = [page.note for page in LOADER.pages(ask, client(served, ask), "")]
    assert notes[0] == "$0.51 of today's budget of OpenAlex left"
    assert len(notes) == 3


def test_too_fast_is_waited_out(inbox: Inbox) -> None:
    with faulty(world(30), [Fault("403", after="7"), Fault("403")]) as served:
        assert run(inbox, served).records == 30
    assert served.clock.now() >= 7


def test_an_expired_cursor_begins_anew_and_doubles_nothing(inbox: Inbox, small_pages: None) -> None:
    one = world(90)
    with faulty(one, [None, None, Fault("429")]) as served:
        with pytest.raises(SourceError):
            run(inbox, served)
        one.epoch = 1
        result = run(inbox, served)
    assert (len(held(inbox)), result.incomplete) == (90, "")
    assert inbox.loads()[-1].state == "done"


def test_a_cursor_that_never_holds_is_an_error(inbox: Inbox, small_pages: None) -> None:
    one = world(90)

    class Forgetful(OpenAlex):
        def answer(self, request):  # type: ignore[no-untyped-def]
            self.epoch += 1
            return super().answer(request)

    with faulty(Forgetful(one.works)) as served, pytest.raises(SourceError, match="lost our place in its list 4 times"):
        run(inbox, served)


@pytest.mark.parametrize("seed", range(12))
def test_cursors_that_expire_at_random_lose_and_double_nothing(inbox: Inbox, small_pages: None, seed: int) -> None:
    chance = random.Random(seed)

    class Moody(OpenAlex):
        def answer(self, request: Request) -> Answer:
            self.epoch += chance.random() < 0.2
            return super().answer(request)

    one = Moody(world(130).works)
    with faulty(one) as served:
        for _ in range(40):
            try:
                result = run(inbox, served)
                break
            except SourceError:
                continue
    assert (result.incomplete, result.records) == ("", 130)
    assert held(inbox) == set(one.works)


def test_what_is_counted_and_never_listed_is_said(inbox: Inbox, small_pages: None) -> None:
    with faulty(world(50, forgets=3, repeats=True)) as served:
        result = run(inbox, served)
    assert "OpenAlex counts 50 records, 47 came" in result.incomplete
    assert result.records == 47


def test_a_limit_is_kept_over_a_stop(inbox: Inbox, small_pages: None) -> None:
    with faulty(world(90), [None, Fault("429")]) as served:
        with pytest.raises(SourceError):
            run(inbox, served, limit=50)
        assert run(inbox, served, limit=50).incomplete == ""
    assert len(held(inbox)) == 50


@pytest.mark.parametrize("paying", [True, False])
def test_what_changed_alone_is_asked_of_who_tells_it(inbox: Inbox, paying: bool) -> None:
    with faulty(world(90, paying=paying)) as served:
        run(inbox, served)
        assert inbox.loads()[-1].mark == "2027-01-15"  # the day by the clock of the service
        result = run(inbox, served, changed="2026-05-01")
    assert result.records == (50 if paying else 90)


def test_entities_by_id_and_what_was_merged(inbox: Inbox) -> None:
    one = world(5, left=0.0, merged={"W9": "W8", "W8": "W1003"}, authors={"A1": {"id": "https://openalex.org/A1"}})
    with faulty(one) as served:
        result = run(inbox, served, query="W1001, https://openalex.org/W9|A1 W77")
        ask = Ask(query="W9", base_url=served.url)
        (page,) = LOADER.pages(ask, client(served, ask), "")
    assert (result.records, result.rejected) == (3, 1)
    assert held(inbox) == {"W1001", "W1003"}
    assert next(iter(inbox.quarantine())).reason == "OpenAlex has no W77"
    assert page.aliases == (("openalex:W9", "openalex:W8"), ("openalex:W8", "openalex:W1003"))


def test_a_ring_of_merges_ends(inbox: Inbox) -> None:
    with faulty(world(1, merged={"W8": "W9", "W9": "W8"})) as served:
        assert run(inbox, served, query="W8").rejected == 1


def test_a_redirect_elsewhere_is_not_followed(inbox: Inbox) -> None:
    with faulty(world(1, merged={"W8": "elsewhere"})) as served, pytest.raises(SourceError, match=r"elsewhere .301"):
        run(inbox, served, query="W8")


def test_a_query_that_is_not_understood(inbox: Inbox) -> None:
    with faulty(world(1)) as served, pytest.raises(UsageError, match=r"not understand the query: .*wrong is no field"):
        run(inbox, served, query="wrong:1", api_key="s3cr3t")
    assert "s3cr3t" not in inbox.loads()[0].note


def plan(served: Served, **said: object) -> Plan:
    ask = Ask(base_url=served.url, **{"query": QUERY, **said})  # type: ignore[arg-type]
    assert LOADER.plan
    return LOADER.plan(ask, client(served, ask))


def test_a_plan_tells_the_cost_and_what_is_left() -> None:
    with faulty(world(250)) as served:
        told = plan(served)
        assert (told.records, told.requests, told.usd) == (250, 3, pytest.approx(0.003))
        assert told.note == "$1.00 of today's budget left"
        assert plan(served, query="type:article").usd == pytest.approx(0.0003)
        assert plan(served, limit=10).requests == 1
        assert plan(served, query="W1 W2").usd == 0.0
    with faulty(world(250, left=0.003)) as served:
        assert "stops when it is spent and goes on after 2027-01-15 09:30 UTC" in plan(served).note
        assert len(served.asked) == 1


def test_a_landscape_in_the_words_of_openalex() -> None:
    assert LOADER.phrase
    said = LOADER.phrase(Wanted(("asthma", 'lung, "acute" | severe'), ("Bronchial Spasm",), countries=("DE", "FR")))
    words = '"asthma" OR "lung acute severe" OR "Bronchial Spasm"'
    assert said == f"title_and_abstract.search:({words}),authorships.countries:DE|FR"
