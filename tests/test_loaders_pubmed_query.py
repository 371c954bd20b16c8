"""PubMed by query, against a server that speaks the E-utilities: every paper once, whatever the server does."""

import itertools
import json

import pytest
from kolgraph.loaders.pubmed import LOADER
from servers.eutils import Paper, Papers, PubMed, pubmed, record
from servers.faults import Served

from kolgraph.errors import InputError, SourceError, UsageError
from kolgraph.inbox import Inbox
from kolgraph.loading import Ask, Wanted
from kolgraph.loading.http import Client, Refused
from kolgraph.loading.runner import LoadResult, load


def world(count: int, step: int = 7) -> PubMed:
    days = [f"20{y:02}-{m:02}-{d:02}" for y in range(10, 24) for m in range(1, 13) for d in (1, 9, 28)]
    return PubMed(
        Papers({20_000_000 + i * step: Paper(days[i % len(days)], f"Asthma study {i}") for i in range(count)})
    )


def asking(at: Served, **said: object) -> tuple[Ask, Client]:
    ask = Ask(**{"query": "asthma", "base_url": at.url, "contact": "msl@firm.example"} | said)  # type: ignore[arg-type]
    return ask, Client(LOADER, ask, sleep=at.clock.sleep, clock=at.clock.now)


def run(inbox: Inbox, at: Served, **said: object) -> LoadResult:
    return load(inbox, LOADER, *asking(at, **said), lambda *a: None)


def held(inbox: Inbox) -> set[int]:
    return {int(paper.id.removeprefix("pmid:")) for paper in inbox.publications()}


def test_every_paper_of_a_small_answer(inbox: Inbox) -> None:
    served = world(950)
    served.papers[1] = Paper("2020-01-01", "Something else")
    with pubmed(served) as at:
        result = run(inbox, at)
        assert (result.records, result.rejected, result.incomplete) == (950, 0, "")
        assert held(inbox) == set(served.papers) - {1}
        again = run(inbox, at)  # a service is asked anew, a file is not
    assert (again.records, again.skipped) == (950, False)
    assert all(p["db"] == "pubmed" and p["tool"] == "kolgraph" and p["email"] for _, p in served.log)


def test_beyond_what_one_search_serves_and_a_day_with_more_than_that(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("servers.eutils.REACH", 49)
    monkeypatch.setattr("kolgraph.loaders.pubmed_query.REACH", 49)
    served = world(200)
    one_day = {40_000_000 + i: Paper("2022-02-02", "Asthma again") for i in range(150)}
    served.papers = Papers(served.papers | one_day)
    with pubmed(served) as at:
        result = run(inbox, at)
    assert (result.records, result.incomplete) == (350, "")
    assert held(inbox) == set(served.papers)


def test_dates_narrow_the_question(inbox: Inbox) -> None:
    served = world(300)
    with pubmed(served) as at:
        result = run(inbox, at, since="2015-01-01", until="2015-12-31")
    wanted = {pmid for pmid, paper in served.papers.items() if paper.day.startswith("2015")}
    assert held(inbox) == wanted
    assert result.records == len(wanted) > 0


def test_nothing_found_is_an_answer(inbox: Inbox) -> None:
    with pubmed(PubMed(Papers())) as at:
        result = run(inbox, at)
    assert (result.records, result.incomplete) == (0, "")


def test_a_limit_is_kept_over_a_stop(inbox: Inbox) -> None:
    served = world(2_000)
    with pubmed(served) as at:
        served.canned = [None, None, None, (400, "text/plain", b"out of order")]  # count, search, two fetches
        with pytest.raises(SourceError, match="out of order"):
            run(inbox, at, limit=700)
        assert inbox.counts()["publications"] == 400
        result = run(inbox, at, limit=700)
    assert result.records == inbox.counts()["publications"] == 700


def test_a_stop_costs_at_most_one_page(inbox: Inbox) -> None:
    served = world(1_500)
    with pubmed(served) as at:
        for stop in itertools.count(3):
            served.canned = [None] * stop + [(400, "text/plain", b"stop")] * 1
            try:
                result = run(inbox, at)
                break
            except SourceError:
                continue
    assert (result.records, result.incomplete) == (1_500, "")
    fetched = [p["id"].count(",") + 1 for path, p in served.log if path.endswith("efetch.fcgi")]
    assert sum(fetched) <= 1_500 + 400 * (stop - 3)
    assert held(inbox) == set(served.papers)


def test_a_walk_whose_rest_was_withdrawn_meanwhile_ends(inbox: Inbox) -> None:
    served = world(500)
    served.canned = [None, None, None, (403, "text/plain", b"stop")]
    with pubmed(served) as at:
        with pytest.raises(SourceError):
            run(inbox, at)
        served.papers = Papers(sorted(served.papers.items())[:400])
        assert (run(inbox, at).incomplete, inbox.loads()[0].state) == ("", "done")


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
    served.canned = [fault, None, fault, fault, None, fault, None, fault]
    with pubmed(served) as at:
        result = run(inbox, at)
    assert (result.records, result.incomplete) == (450, "")


@pytest.mark.parametrize("fault", ERRORS)
def test_lasting_faults_end_with_one_line_and_can_be_gone_on_with(inbox: Inbox, fault: tuple[int, str, bytes]) -> None:
    served = world(900)
    served.canned = [None, None, None, *[fault] * 6]
    with pubmed(served) as at:
        with pytest.raises(SourceError, match="run the same command later to go on") as caught:
            run(inbox, at)
        assert "\n" not in str(caught.value)
        assert inbox.loads()[0].state == "incomplete"
        result = run(inbox, at)
    assert (result.records, inbox.counts()["publications"]) == (900, 900)


def test_a_query_that_pubmed_refuses(inbox: Inbox) -> None:
    served = world(1)
    served.canned = [(200, "application/json", b'{"esearchresult":{"ERROR":"Invalid\nquery"}}')]
    with pubmed(served) as at, pytest.raises(UsageError, match="does not understand the query: Invalid"):
        run(inbox, at)


def test_records_that_are_listed_and_not_delivered_are_named(inbox: Inbox) -> None:
    served = world(30)
    gone = sorted(served.papers)[7]
    served.hidden = {gone}
    with pubmed(served) as at:
        result = run(inbox, at)
    assert (result.records, result.rejected, result.incomplete) == (29, 1, "")
    assert next(inbox.quarantine()).where == f"pmid:{gone}"


def test_a_clamped_page_is_asked_for_again(inbox: Inbox) -> None:
    served = world(30)
    first = "".join(record(i, served.papers[i]) for i in sorted(served.papers)[:20])
    served.canned = [None, None, (200, "text/xml", f"<PubmedArticleSet>{first}</PubmedArticleSet>".encode())]
    with pubmed(served) as at:
        result = run(inbox, at)
    assert (result.records, result.rejected) == (30, 0)


def test_a_source_that_grows_on_the_way_leaves_the_load_incomplete(inbox: Inbox) -> None:
    served = world(900)

    def grow(one: PubMed) -> None:
        if one.log[-1][0].endswith("efetch.fcgi"):
            one.papers[min(one.papers) - 1] = Paper("2020-01-01", "Asthma, late")

    served.after = grow
    with pubmed(served) as at:
        result = run(inbox, at)
        assert "the source counts 903 records, 900 came" in result.incomplete
        served.after = None
        assert run(inbox, at).incomplete == ""
    assert held(inbox) == set(served.papers)


def test_the_key_is_sent_in_the_body_and_never_said(inbox: Inbox) -> None:
    served = world(5)
    served.canned = [(429, "application/json", b'{"error":"API rate limit exceeded","api-key":"s3cr3t/key"}')] * 6
    with pubmed(served) as at, pytest.raises(SourceError) as caught:
        run(inbox, at, api_key="s3cr3t/key")
    assert served.log[0][1]["api_key"] == "s3cr3t/key"
    assert "s3cr3t" not in str(caught.value)
    assert "***" in str(caught.value)
    assert "s3cr3t" not in inbox.loads()[0].note


@pytest.mark.parametrize(("key", "rate"), [("", 3), ("k", 10)])
def test_the_pace_follows_the_key(inbox: Inbox, key: str, rate: float) -> None:
    with pubmed(world(1)) as at:
        for _ in range(3):  # one walk behind the other
            run(inbox, at, api_key=key)
    assert len(at.at) == 12
    assert at.at == pytest.approx([turn / rate for turn in range(12)])


def test_a_walk_is_marked_with_the_time_at_which_it_began_and_a_refresh_asks_from_the_day_before(inbox: Inbox) -> None:
    served = world(900)
    with pubmed(served) as at:
        at.clock.sleep(3 * 86400)
        served.canned = [None, None, None, (400, "text/plain", b"stop")]
        with pytest.raises(SourceError):
            run(inbox, at)
        at.clock.sleep(86400)
        run(inbox, at)
        (done,) = inbox.loads()
        assert (done.state, done.mark) == ("done", "2027-01-18T08:00:00+00:00")
        today = Paper("2019-01-01", "Asthma, revised", "2027-01-17")
        served.papers = Papers(served.papers | {20_000_000: today, 30_000_000: Paper("2027-01-16", "Asthma, too old")})
        assert run(inbox, at, changed=done.mark).records == 1
        assert run(inbox, at, changed=done.mark, since="2018-01-01", until="2018-12-31").records == 0
        assert run(inbox, at, changed=done.mark, since="2019-01-01", until="2019-12-31").records == 1


def test_a_plan_counts_with_one_request() -> None:
    served = world(950)
    with pubmed(served) as at:
        plan = LOADER.plan
        assert plan is not None
        found = plan(*asking(at))
        assert (found.records, found.requests, found.seconds, found.usd) == (950, 6, 2, None)
        assert len(served.log) == 1
        run_asked = len(served.log)
        for _ in LOADER.pages(*asking(at), ""):
            pass
        assert len(served.log) - run_asked == found.requests
        assert plan(*asking(at, limit=100)).records == 100


def test_words_that_pubmed_does_not_find_are_noted(inbox: Inbox) -> None:
    said = {"count": "0", "idlist": [], "errorlist": {"phrasesnotfound": ["asthmma"], "fieldsnotfound": []}}
    said |= {"warninglist": {"quotedphrasesnotfound": ['"odd words"'], "outputmessages": ["No items found."]}}
    served = PubMed(Papers(), canned=[(200, "application/json", json.dumps({"esearchresult": said}).encode())] * 2)
    with pubmed(served) as at:
        plan = LOADER.plan
        assert plan is not None
        assert plan(*asking(at)).note == 'PubMed does not find asthmma, "odd words"'
        assert run(inbox, at).note == 'PubMed does not find asthmma, "odd words"'


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (Wanted(("asthma",)), '("asthma"[tiab])'),
        (
            Wanted(("severe asthma", "wheez*"), ("Asthma, Aspirin-Induced",)),
            '("severe asthma"[tiab] OR "wheez*"[tiab] OR "Asthma, Aspirin-Induced"[mh])',
        ),
        (
            Wanted(('a "b] OR c[au', '"'), countries=("DK", "AT")),
            '("a b OR c au"[tiab]) AND ("Denmark"[ad] OR "Austria"[ad] OR "Österreich"[ad])',
        ),
    ],
)
def test_a_landscape_in_the_language_of_pubmed(wanted: Wanted, said: str) -> None:
    assert LOADER.phrase is not None
    assert LOADER.phrase(wanted) == said


def test_a_landscape_is_found_by_its_phrase(inbox: Inbox) -> None:
    papers = {
        1: Paper("2020-01-01", "Severe asthma", where="Harbour Hospital, Denmark"),
        2: Paper("2020-01-01", "Asthma"),
    }
    assert LOADER.phrase is not None
    with pubmed(PubMed(Papers(papers))) as at:
        query = LOADER.phrase(Wanted(("severe asthma",), countries=("DK",)))
        assert run(inbox, at, query=query, since="2020-01-01").records == 1


def test_other_words_for_a_condition() -> None:
    translation = (
        '"myocardial infarction"[MeSH Terms] OR ("myocardial"[All Fields] AND "infarction"[All Fields]) OR'
        ' "myocardial infarction"[All Fields] OR ("heart"[All Fields] AND "attack"[All Fields]) OR'
        ' "heart attack"[All Fields] OR "heart attack s"[All Fields]'
    )
    served = PubMed(Papers(), spelling={"hart attack": "heart attack"}, translations={"heart attack": translation})
    suggest = LOADER.suggest
    assert suggest is not None
    with pubmed(served) as at:
        assert suggest("Hart attack", *asking(at)) == []
        assert suggest("hart attack", *asking(at)) == ["heart attack", "myocardial infarction"]
        assert suggest("heart attack", *asking(at)) == ["myocardial infarction"]
        assert suggest(" ", *asking(at)) == []
        assert len(at.at) == 6


def test_an_answer_about_spelling_declares_nothing() -> None:
    said = b"<eSpellResult><CorrectedQuery>&b;</CorrectedQuery></eSpellResult>"
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + said
    suggest = LOADER.suggest
    assert suggest is not None
    with pubmed(PubMed(Papers(), canned=[(200, "text/xml", bomb)])) as at, pytest.raises(InputError):
        suggest("asthma", *asking(at))


def test_a_service_that_lists_and_delivers_nothing_is_out_of_order(inbox: Inbox) -> None:
    served = world(30)
    served.hidden = set(served.papers)
    with pubmed(served) as at:
        with pytest.raises(SourceError, match="lists 30 records and delivers none"):
            run(inbox, at)
        served.hidden = set()
        assert (run(inbox, at).records, inbox.counts()["publications"]) == (30, 30)


def test_counts_that_cannot_be_end_the_walk(inbox: Inbox) -> None:
    said = json.dumps({"esearchresult": {"count": "999999999", "idlist": []}}).encode()
    with pubmed(PubMed(Papers(), canned=[(200, "application/json", said)] * 99)) as at:
        with pytest.raises(SourceError, match="counts 999,999,999 records in 99,999,999 numbers"):
            run(inbox, at)
        assert len(at.at) == 2
    said = json.dumps({"esearchresult": {"count": "3", "idlist": ["1", "2", "2"]}}).encode()
    served = PubMed(Papers(), canned=[(200, "application/json", said)] * 99)
    with pubmed(served) as at, pytest.raises(SourceError, match="lists 2 of 3 records"):
        run(inbox, at)


def test_the_history_of_the_server_clamps_and_forgets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Why the walk fetches by numbers: this is what it would meet otherwise."""
    monkeypatch.setattr("servers.eutils.REACH", 49)
    served = world(60)
    with pubmed(served) as at:
        _, client = asking(at)

        def ask(what: str, **params: str) -> bytes:
            return client.ask(at.url + what, {"db": "pubmed", **params}, lambda body: "", rate=3)

        found = json.loads(ask("esearch.fcgi", term="asthma", usehistory="y", retmax="0"))["esearchresult"]
        kept = {"WebEnv": found["webenv"], "query_key": found["querykey"]}
        assert ask("efetch.fcgi", **kept, retstart="40", retmax="20").count(b"<PubmedArticle>") == 9  # without a word
        with pytest.raises(Refused, match="'retstart' cannot be larger than 9998"):
            ask("efetch.fcgi", **kept, retstart="49", retmax="20")
        assert b"9998.\n"[:5] in ask("esearch.fcgi", term="asthma", retstart="49")
        served.history.clear()
        with pytest.raises(Refused, match="Unable to obtain query #1"):
            ask("efetch.fcgi", **kept, retmax="20")
