"""Two thousand faults of every kind at every place: whole pages or nothing, none lost, none twice, never too fast."""

import pytest
from kolgraph.loaders import clinicaltrials, pubmed
from servers.ctgov import Registry, study
from servers.eutils import Paper, Papers, PubMed
from servers.faults import KINDS, survives

from kolgraph.loading import Ask


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
