"""ClinicalTrials.gov by query, against a server that speaks its API: every study once, whatever the server does."""

import itertools
import json

import pytest
from kolgraph.loaders.clinicaltrials import LOADER
from servers.ctgov import Registry, registry, study
from servers.faults import Served

from kolgraph.errors import SourceError
from kolgraph.inbox import Inbox
from kolgraph.loading import Ask, Wanted
from kolgraph.loading.http import Client
from kolgraph.loading.runner import LoadResult, load


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kolgraph.loaders.clinicaltrials_query.PAGE", 100)


def world(count: int) -> Registry:
    return Registry([study(n, first=f"20{n % 20:02}-01-01") for n in range(1, count + 1)])


def asking(at: Served, **said: object) -> tuple[Ask, Client]:
    ask = Ask(**{"query": "trial", "base_url": at.url} | said)  # type: ignore[arg-type]
    return ask, Client(LOADER, ask, sleep=at.clock.sleep, clock=at.clock.now)


def run(inbox: Inbox, at: Served, **said: object) -> LoadResult:
    return load(inbox, LOADER, *asking(at, **said), lambda *a: None)


def test_pages_are_followed_to_the_end_over_empty_ones(inbox: Inbox) -> None:
    served = world(400)  # full pages to the last: the token behind it leads to an empty one
    served.empty = {0, 200}
    with registry(served) as at:
        result = run(inbox, at)
        assert (result.records, result.incomplete) == (400, "")
        assert inbox.counts()["trials"] == 400
        assert len(at.at) == 1 + 4 + 2 + 1 + 2  # the time, pages, empty ones, the last, count and time at the end
        assert at.never_faster_than(1)


def test_dates_bound_when_trials_start_and_a_refresh_when_they_were_touched(inbox: Inbox) -> None:
    served = world(40)
    served.held.append(study(90, first="2030-01-01", updated="2026-10-01"))
    with registry(served) as at:
        assert run(inbox, at, since="2010-01-01", until="2010-12-31").records == 2
        assert inbox.loads()[0].mark == "2026-10-02T09:00:05"
        assert run(inbox, at, changed="2026-10-02T09:00:05").records == 1
        assert run(inbox, at, changed="2026-10-03T00:00:00").records == 0
        assert run(inbox, at, changed="2026-10-02T09:00:05", until="2029-12-31").records == 0
    assert served.log[-1]["filter.advanced"] == (
        "AREA[StartDate]RANGE[MIN,2029-12-31] AND AREA[LastUpdatePostDate]RANGE[2026-10-01,MAX]"
    )


def test_a_walk_goes_on_where_it_stopped_and_begins_anew_when_its_token_is_gone(inbox: Inbox) -> None:
    served = world(350)
    stop = (403, "text/plain", b"no")
    served.canned = [None, None, None, stop]
    with registry(served) as at:
        with pytest.raises(SourceError, match="answered 403: no"):
            run(inbox, at)
        assert inbox.counts()["trials"] == 200
        assert next(inbox.quarantine()).raw == b"no"
        served.canned = [None, stop]
        with pytest.raises(SourceError):
            run(inbox, at)
        assert inbox.counts()["trials"] == 300
        served.epoch, asked = 1, len(at.at)
        result = run(inbox, at)
        assert len(at.at) - asked == 1 + 1 + 4 + 2  # the dead token, the time, all pages, count and time at the end
    assert (result.records, result.incomplete, inbox.counts()["trials"]) == (350, "", 350)


def test_tokens_that_expire_again_and_again_end_the_run_and_not_the_walk(inbox: Inbox) -> None:
    served = world(350)

    def expire(one: Registry) -> None:
        one.epoch += 1

    served.after = expire
    with registry(served) as at:
        with pytest.raises(SourceError, match="pageToken is not valid"):
            run(inbox, at)
        assert len(at.at) < 20
        served.after = None
        assert run(inbox, at).records == 350


def test_a_limit_and_a_count_that_does_not_come_true(inbox: Inbox) -> None:
    served = world(350)
    with registry(served) as at:
        assert run(inbox, at, limit=120).records == 120
        body = json.dumps({"studies": [study(1)], "totalCount": 3}).encode()
        served.canned = [None, (200, "application/json", body)]
        result = run(inbox, at)
        assert "the source counts 3 records, 1 came" in result.incomplete
        assert "INCOMPLETE" in result.line()
        assert run(inbox, at).incomplete == ""


def test_a_row_that_comes_twice_while_another_does_not_is_seen(inbox: Inbox) -> None:
    served = world(350)
    numbers = itertools.count()

    def shift(one: Registry) -> None:
        if next(numbers) == 2:  # behind the second page: a study of the first one goes to the end
            one.held.append(study(999, first="2001-01-01"))

    served.after = shift
    with registry(served) as at:
        result = run(inbox, at)
        assert (result.records, inbox.counts()["trials"]) == (350, 350)  # 351 rows came, one of them twice
        assert "counted 350 studies at first and 351 in the end" in result.incomplete
        served.after = None
        assert run(inbox, at).incomplete == ""
    assert {f"nct:NCT{n:08}" for n in (999, 1)} <= {one.id for one in inbox.trials()}


def test_a_study_that_is_revised_on_the_way_moves_no_other(inbox: Inbox) -> None:
    served = world(350)

    def revise(one: Registry) -> None:
        first = one.held.pop(0)
        first["protocolSection"]["statusModule"]["lastUpdatePostDateStruct"]["date"] = "2026-10-02"  # type: ignore[index]
        one.held.append(first)

    served.after = revise
    with registry(served) as at:
        assert run(inbox, at).incomplete == ""
    assert inbox.counts()["trials"] == 350


def test_a_registry_that_is_renewed_on_the_way_leaves_the_load_incomplete(inbox: Inbox) -> None:
    served = world(350)

    def renew(one: Registry) -> None:
        if len(one.log) == 3:  # one goes, one comes: the count is the same, and a study slips over the edge of a page
            del one.held[0]
            one.held.append(study(999))
            one.timestamp = "2026-10-03T09:00:05"

    served.after = renew
    with registry(served) as at:
        assert "the registry was renewed while it was read" in run(inbox, at).incomplete
        assert run(inbox, at).incomplete == ""
    assert inbox.loads()[-1].mark == "2026-10-03T09:00:05"
    assert served.ids() <= {one.id for one in inbox.trials()}


@pytest.mark.parametrize("studies", [[], [study(1)] * 100], ids=["empty ones", "the same ones"])
def test_pages_without_end_are_left(inbox: Inbox, studies: list[object]) -> None:
    body = json.dumps({"studies": studies, "totalCount": 350, "nextPageToken": "x"}).encode()
    served = world(350)
    served.canned = [None, *[(200, "application/json", body)] * 99]
    with registry(served) as at:
        with pytest.raises(SourceError, match="pages without end"):
            run(inbox, at)
        assert len(at.at) < 30


def test_a_mirror_without_a_version_tells_its_time_by_the_date_of_its_answers(inbox: Inbox) -> None:
    served = world(1)
    served.canned = [(404, "text/html", b"<html>")]
    with registry(served) as at:
        run(inbox, at)
    assert inbox.loads()[0].mark == "2027-01-15T08:00:01+00:00"


def test_a_plan_counts_with_one_request() -> None:
    served = world(350)
    plan = LOADER.plan
    assert plan is not None
    with registry(served) as at:
        found = plan(*asking(at))
        assert (found.records, found.requests, found.seconds, found.usd) == (350, 7, 7, None)
        assert len(at.at) == 1
        list(LOADER.pages(*asking(at), ""))
        assert len(at.at) == 1 + 7
        small = plan(*asking(at, limit=30))
        assert (small.records, small.requests) == (30, 2)


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (Wanted(("asthma",), ("Asthma",)), 'AREA[ConditionSearch]("asthma" OR "Asthma")'),
        (
            Wanted(('severe "asthma) OR AREA[x]', "*"), countries=("DK", "CZ")),
            'AREA[ConditionSearch]("severe asthma OR AREA x") AND AREA[LocationCountry]'
            '("Denmark" OR "Czechia" OR "Czech Republic")',
        ),
    ],
)
def test_a_landscape_in_the_language_of_the_registry(wanted: Wanted, said: str) -> None:
    assert LOADER.phrase is not None
    assert LOADER.phrase(wanted) == said


def test_an_old_number_means_the_study_that_has_taken_it_over(inbox: Inbox) -> None:
    taken = study(1)
    taken["protocolSection"]["identificationModule"]["nctIdAliases"] = ["NCT00000077"]  # type: ignore[index]
    with registry(Registry([taken])) as at:
        run(inbox, at)
    assert inbox.aliases() == {"nct:NCT00000077": "nct:NCT00000001"}


@pytest.mark.parametrize("body", [b"<html></html>", b'{"studies": [', b"{}", b""])
def test_an_answer_that_is_none_is_waited_out(inbox: Inbox, body: bytes) -> None:
    served = world(1)
    served.canned = [(200, "application/json", body)] * 3 + [None] + [(200, "application/json", body)] * 3
    with registry(served) as at:
        assert run(inbox, at).records == 1
