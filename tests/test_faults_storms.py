"""Two thousand faults of every kind at every place: whole pages or nothing, none lost, none twice, never too fast."""

import pytest
from kolgraph.loaders import clinicaltrials, pubmed
from kolgraph.loaders.pubmed_answers import whole_records
from servers.ctgov import Registry, study
from servers.eutils import Paper, Papers, PubMed
from servers.eutils import pubmed as pubmed_at
from servers.faults import KINDS, Fault, Served, survives

from kolgraph.errors import SourceError
from kolgraph.inbox import Inbox
from kolgraph.loading import Ask
from kolgraph.loading.http import Client
from kolgraph.loading.runner import LoadResult, load


def walk(inbox: Inbox, at: Served, **said: str) -> LoadResult:
    ask = Ask(query="asthma", base_url=at.url, **said)  # type: ignore[arg-type]
    client = Client(pubmed.LOADER, ask, sleep=at.clock.sleep, clock=at.clock.now)
    return load(inbox, pubmed.LOADER, ask, client, lambda *a: None)


def test_pubmed_survives_two_thousand_faults(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kolgraph.loaders.pubmed_query.FETCH", 40)
    monkeypatch.setattr("kolgraph.loaders.pubmed_query.REACH", 99)
    monkeypatch.setattr("servers.eutils.REACH", 99)
    world = PubMed(Papers({20_000_000 + 7 * i: Paper("2020-01-01", f"Asthma {i}") for i in range(300)}))
    played = survives(pubmed.LOADER, Ask(query="asthma"), world, world.ids(), rate=3, path="entrez/eutils/", seed=4)
    assert set(played.played) == set(KINDS)


def test_clinicaltrials_survives_two_thousand_faults(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kolgraph.loaders.clinicaltrials_query.PAGE", 10)
    world = Registry([study(n) for n in range(1, 121)])
    played = survives(clinicaltrials.LOADER, Ask(query="x"), world, world.ids(), rate=1, path="api/v2/", seed=5)
    assert set(played.played) == set(KINDS)


@pytest.mark.parametrize("kind", ["cut", "cut open", "cut gzip", "reset", "short", "garbage"])
def test_an_answer_that_ends_at_any_byte_is_never_taken_for_a_whole_one(kind: str) -> None:
    paper, asked = Paper("2020-01-01", "Asthma"), {"db": "pubmed", "id": "7"}
    world = PubMed(Papers({7: paper}))
    whole = world.fetch(asked)[2]
    broken = [Fault(kind, (at + 0.5) / len(whole)) for at in range(len(whole) - 1)]  # the last byte is a line break
    with pubmed_at(world, [one for fault in broken for one in (fault, None)]) as at:
        ask = Ask(query="asthma", base_url=at.url)
        for begin in range(0, len(broken), 100):
            client = Client(pubmed.LOADER, ask, sleep=at.clock.sleep, clock=at.clock.now)
            for _ in broken[begin : begin + 100]:
                assert client.ask(at.url + "efetch.fcgi", asked, whole_records, rate=3) == whole
    assert len(at.at) == 2 * len(broken)


LONG = ("1000000", "+1000000")  # seconds, and a date that far ahead


@pytest.mark.parametrize("after", LONG)
@pytest.mark.parametrize("status", ["429", "503"])
def test_a_long_wait_ends_a_load_that_goes_on_later(inbox: Inbox, status: str, after: str) -> None:
    world = PubMed(Papers({i: Paper("2020-01-01", "Asthma") for i in range(1, 901)}))
    with pubmed_at(world, [None, None, None, Fault(status, after=after)]) as at:
        with pytest.raises(SourceError, match=r"asks to wait 1,000,000 s .* run the same command later"):
            walk(inbox, at)
        assert (inbox.loads()[0].state, inbox.loads()[0].records) == ("incomplete", 400)
        assert at.clock.now() < 5
        asked = len(at.at)
        assert walk(inbox, at).records == 900
        assert len(at.at) - asked == 1 + 1 + 2 + 1  # the count, the numbers, two pages, the count at the end


def test_a_storm_without_end_costs_a_run_its_budget_and_the_walk_nothing(inbox: Inbox) -> None:
    world = PubMed(Papers({i: Paper("2020-01-01", "Asthma") for i in range(1, 4001)}))
    with pubmed_at(world, [None, Fault("429", after="100")] * 15) as at:
        with pytest.raises(SourceError, match="has cost 15 minutes by failing, at last: answered 429"):
            walk(inbox, at)
        assert at.clock.now() < 1000
        assert walk(inbox, at).records == 4000
        assert at.never_faster_than(3)


def test_what_ended_a_walk_is_in_quarantine_without_the_key(inbox: Inbox) -> None:
    said = b"<eFetchResult><ERROR>Search Backend failed for key s3cr3t</ERROR></eFetchResult>" + b" " * 100_000
    world = PubMed(Papers({i: Paper("2020-01-01", "Asthma") for i in range(1, 11)}), errors=(said,))
    with pubmed_at(world, [None, None, *[Fault("error")] * 6]) as at:
        with pytest.raises(SourceError, match="failed 6 times, at last: an error: Search Backend failed"):
            walk(inbox, at, api_key="s3cr3t")
        (kept,) = inbox.quarantine()
        assert kept.where == "answer"
        assert kept.raw == said.replace(b"s3cr3t", b"***")[: 64 << 10]
        result = walk(inbox, at, api_key="s3cr3t")
    assert (result.records, result.rejected) == (10, 0)
