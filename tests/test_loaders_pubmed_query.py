"""PubMed by query, against a server that speaks the E-utilities: every paper once, whatever the server does."""

import itertools

import pytest
from kolgraph.loaders.pubmed import LOADER
from servers.eutils import PubMed, pubmed, record
from servers.faults import Clock

from kolgraph.errors import SourceError, UsageError
from kolgraph.inbox import Inbox
from kolgraph.loading import Ask
from kolgraph.loading.http import Client
from kolgraph.loading.runner import LoadResult, load


def world(count: int, step: int = 7) -> PubMed:
    days = [f"20{y:02}-{m:02}-{d:02}" for y in range(10, 24) for m in range(1, 13) for d in (1, 9, 28)]
    return PubMed({20_000_000 + i * step: (days[i % len(days)], f"Asthma study {i}") for i in range(count)})


def run(inbox: Inbox, served: PubMed, url: str, **said: object) -> LoadResult:
    ask = Ask(query="asthma", base_url=url, contact="msl@firm.example", **said)  # type: ignore[arg-type]
    return load(inbox, LOADER, ask, Client(LOADER, ask, sleep=lambda s: None), lambda *a: None)


def held(inbox: Inbox) -> set[int]:
    return {int(paper.id.removeprefix("pmid:")) for paper in inbox.publications()}


def test_every_paper_of_a_small_answer(inbox: Inbox) -> None:
    served = world(950)
    served.papers[1] = ("2020-01-01", "Something else")
    with pubmed(served) as url:
        result = run(inbox, served, url)
        assert (result.records, result.rejected, result.incomplete) == (950, 0, "")
        assert held(inbox) == set(served.papers) - {1}
        again = run(inbox, served, url)  # a service is asked anew, a file is not
    assert (again.records, again.skipped) == (950, False)
    assert all(p["db"] == "pubmed" and p["tool"] == "kolgraph" and p["email"] for _, p in served.log)


def test_beyond_what_one_search_serves_and_a_day_with_more_than_that(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("servers.eutils.REACH", 49)
    monkeypatch.setattr("kolgraph.loaders.pubmed_query.REACH", 49)
    served = world(200)
    served.papers |= {40_000_000 + i: ("2022-02-02", "Asthma again") for i in range(150)}  # one day alone
    with pubmed(served) as url:
        result = run(inbox, served, url)
    assert (result.records, result.incomplete) == (350, "")
    assert held(inbox) == set(served.papers)


def test_dates_narrow_the_question(inbox: Inbox) -> None:
    served = world(300)
    with pubmed(served) as url:
        result = run(inbox, served, url, since="2015-01-01", until="2015-12-31")
    wanted = {pmid for pmid, (day, _) in served.papers.items() if day.startswith("2015")}
    assert held(inbox) == wanted
    assert result.records == len(wanted) > 0


def test_nothing_found_is_an_answer(inbox: Inbox) -> None:
    with pubmed(PubMed({})) as url:
        result = run(inbox, PubMed({}), url)
    assert (result.records, result.incomplete) == (0, "")


def test_a_limit_is_kept_over_a_stop(inbox: Inbox) -> None:
    served = world(2_000)
    with pubmed(served) as url:
        served.faults = [None, None, None, (400, "text/plain", b"out of order")]  # count, search, two fetches
        with pytest.raises(SourceError, match="out of order"):
            run(inbox, served, url, limit=700)
        assert inbox.counts()["publications"] == 400
        result = run(inbox, served, url, limit=700)
    assert result.records == inbox.counts()["publications"] == 700


def test_a_stop_costs_at_most_one_page(inbox: Inbox) -> None:
    served = world(1_500)
    with pubmed(served) as url:
        for stop in itertools.count(3):
            served.faults = [None] * stop + [(400, "text/plain", b"stop")] * 1
            try:
                result = run(inbox, served, url)
                break
            except SourceError:
                continue
    assert (result.records, result.incomplete) == (1_500, "")
    fetched = [p["id"].count(",") + 1 for path, p in served.log if path.endswith("efetch.fcgi")]
    assert sum(fetched) <= 1_500 + 400 * (stop - 3)
    assert held(inbox) == set(served.papers)


HTML = (200, "text/html", b"<html><body>WWW Error 500 Diagnostic</body></html>")
ERRORS = [
    HTML,
    (500, "text/html", b"<html>"),
    (429, "application/json", b'{"error":"API rate limit exceeded","api-key":"10.0.0.1","count":"5","limit":"3"}'),
    (
        200,
        "text/xml",
        b"<eFetchResult><ERROR>Search Backend failed: Database is not supported: pubmed</ERROR></eFetchResult>",
    ),
    (200, "application/json", b'{"header": {}, "esearchresult": {"co'),
    (200, "text/xml", b"<PubmedArticleSet><PubmedArticle>"),
]


@pytest.mark.parametrize("fault", ERRORS)
def test_passing_faults_are_waited_out(inbox: Inbox, fault: tuple[int, str, bytes]) -> None:
    served = world(450)
    served.faults = [fault, None, fault, fault, None, fault, None, fault]
    with pubmed(served) as url:
        result = run(inbox, served, url)
    assert (result.records, result.incomplete) == (450, "")


@pytest.mark.parametrize("fault", ERRORS)
def test_lasting_faults_end_with_one_line_and_can_be_gone_on_with(inbox: Inbox, fault: tuple[int, str, bytes]) -> None:
    served = world(900)
    served.faults = [None, None, None, *[fault] * 6]
    with pubmed(served) as url:
        with pytest.raises(SourceError, match="run the same command later to go on") as caught:
            run(inbox, served, url)
        assert "\n" not in str(caught.value)
        assert inbox.loads()[0].state == "incomplete"
        result = run(inbox, served, url)
    assert (result.records, inbox.counts()["publications"]) == (900, 900)


def test_a_query_that_pubmed_refuses(inbox: Inbox) -> None:
    served = world(1)
    served.faults = [(200, "application/json", b'{"esearchresult":{"ERROR":"Invalid\nquery"}}')]
    with pubmed(served) as url, pytest.raises(UsageError, match="does not understand the query: Invalid"):
        run(inbox, served, url)


def test_records_that_are_listed_and_not_delivered_are_named(inbox: Inbox) -> None:
    served = world(30)
    gone = sorted(served.papers)[7]
    served.hidden = {gone}
    with pubmed(served) as url:
        result = run(inbox, served, url)
    assert (result.records, result.rejected, result.incomplete) == (29, 1, "")
    assert next(inbox.quarantine()).where == f"pmid:{gone}"


def test_a_clamped_page_is_asked_for_again(inbox: Inbox) -> None:
    served = world(30)
    first = "".join(record(i, *served.papers[i]) for i in sorted(served.papers)[:20])
    served.faults = [None, None, (200, "text/xml", f"<PubmedArticleSet>{first}</PubmedArticleSet>".encode())]
    with pubmed(served) as url:
        result = run(inbox, served, url)
    assert (result.records, result.rejected) == (30, 0)


def test_a_source_that_grows_on_the_way_leaves_the_load_incomplete(inbox: Inbox) -> None:
    served = world(900)

    def grow(one: PubMed) -> None:
        if one.log[-1][0].endswith("efetch.fcgi"):
            one.papers[min(one.papers) - 1] = ("2020-01-01", "Asthma, late")

    served.after = grow
    with pubmed(served) as url:
        result = run(inbox, served, url)
        assert "the source counts 903 records, 900 came" in result.incomplete
        served.after = None
        assert run(inbox, served, url).incomplete == ""
    assert held(inbox) == set(served.papers)


def test_the_key_is_sent_in_the_body_and_never_said(inbox: Inbox) -> None:
    served = world(5)
    served.faults = [(429, "application/json", b'{"error":"API rate limit exceeded","api-key":"s3cr3t/key"}')] * 6
    with pubmed(served) as url, pytest.raises(SourceError) as caught:
        run(inbox, served, url, api_key="s3cr3t/key")
    assert served.log[0][1]["api_key"] == "s3cr3t/key"
    assert "s3cr3t" not in str(caught.value)
    assert "***" in str(caught.value)
    assert "s3cr3t" not in inbox.loads()[0].note


@pytest.mark.parametrize(("key", "rate"), [("", 3), ("k", 10)])
def test_the_pace_follows_the_key(inbox: Inbox, key: str, rate: float) -> None:
    waits, clock = list[float](), Clock()  # on which no time passes
    served = world(1)
    with pubmed(served) as url:
        ask = Ask(query="asthma", base_url=url, api_key=key)
        for _ in range(2):  # one walk behind the other
            client = Client(LOADER, ask, sleep=waits.append, clock=clock.now)
            load(inbox, LOADER, ask, client, lambda *a: None)
    assert waits == pytest.approx([turn / rate for turn in range(1, len(served.log))])
