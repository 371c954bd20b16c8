"""From a recipe to questions, through the real loaders to servers that speak the sources' protocols."""

from dataclasses import replace
from pathlib import Path

import pytest
from servers.ctgov import Registry, registry
from servers.eutils import Paper, Papers, PubMed, pubmed

from kolgraph import asking, jobs, landscape
from kolgraph.asking import Access, asks
from kolgraph.errors import SourceError, UsageError
from kolgraph.inbox import Inbox
from kolgraph.landscape import Landscape, Source, topic
from kolgraph.loading import Ask, Page, Record, Wanted
from kolgraph.model import Descriptor, MeshTerm, Publication
from kolgraph.workspace import Workspace

RECIPE = Landscape(
    "Lungs",
    (topic("Asthma=asthma|wheeze|mesh:D001249"), topic("COPD=copd|asthma|mesh:Emphysema")),
    since="2019",
    until="2020-02",
    countries=("DE",),
)
PUBMED = Source("pubmed")


def name_of(id: str) -> str:
    return {"mesh:D001249": "Asthma"}.get(id, "")


def test_topics_become_one_question_in_the_words_of_the_source() -> None:
    access = Access({"pubmed": "k3y"}, "msl@firm.example", {"pubmed": "http://127.0.0.1:1/"})
    (ask,) = asks(RECIPE, PUBMED, access, name_of=name_of)
    assert ask == Ask(
        query=ask.query,
        since="2019-01-01",
        until="2020-02-29",
        api_key="k3y",
        contact="msl@firm.example",
        base_url="http://127.0.0.1:1/",
    )
    wanted = Wanted(("asthma", "wheeze", "copd"), ("Asthma", "Emphysema"), "2019-01-01", "2020-02-29", ("DE",))
    assert asking.wanted(RECIPE, name_of) == wanted
    phrase = asking.loader("pubmed").phrase
    assert phrase is not None
    assert ask.query == phrase(wanted)
    assert "k3y" not in repr(access)


def test_a_query_of_the_recipe_stands_for_itself() -> None:
    (ask,) = asks(RECIPE, Source("pubmed", query="asthma[tiab]", since="2021"), Access())
    assert (ask.query, ask.since, ask.until) == ("asthma[tiab]", "2021-01-01", "")


def test_files_are_questions_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "a.xml").touch()
    (tmp_path / "b.xml").touch()
    found = asks(RECIPE, Source("pubmed", (".",)), Access({"pubmed": "k"}), folder=tmp_path)
    assert found == [Ask(file=tmp_path / "a.xml"), Ask(file=tmp_path / "b.xml")]


@pytest.mark.parametrize(
    ("recipe", "source", "said"),
    [
        (RECIPE, Source("pubmad"), 'unknown source "pubmad": known are'),
        (RECIPE, Source("ror"), "give files with --file"),
        (RECIPE, Source("orcid"), "ORCID is switched off"),
        (Landscape("Empty"), PUBMED, "no topic to ask for"),
        (RECIPE, PUBMED, '"mesh:D001249" has no name yet'),
        (RECIPE, Source("pubmed", ("x.xml",), since="2019"), "a file is loaded whole"),
        (RECIPE, Source("pubmed", ("x.xml",)), "does not exist"),
    ],
)
def test_what_cannot_be_asked(recipe: Landscape, source: Source, said: str) -> None:
    with pytest.raises(UsageError) as refused:
        asks(recipe, source, Access())
    assert said.lower() in str(refused.value).lower()
    planned = asking.plan(recipe, source, Access())
    assert planned.plan is None
    assert said.lower() in planned.problem.lower()


def world() -> PubMed:
    papers = {1000 + n: Paper("2019-05-05", f"Asthma study {n}", revised="2019-06-01") for n in range(30)}
    return PubMed(Papers(papers | {1: Paper("2019-05-05", "Something else"), 2: Paper("2012-01-01", "Asthma, old")}))


def begin(folder: Path, recipe: Landscape) -> Workspace:
    folder.mkdir()
    landscape.write(folder, recipe)
    return Workspace(folder)


ASTHMA = Landscape("Asthma", (topic("Asthma=asthma"),), (PUBMED,), since="2015")


def test_a_plan_counts_and_loads_nothing(tmp_path: Path) -> None:
    (tmp_path / "known.xml").write_text("<PubmedArticleSet></PubmedArticleSet>")
    files = Source("pubmed", (str(tmp_path / "known.xml"),))
    recipe = replace(ASTHMA, sources=(files, Source("ror"), PUBMED))
    served = world()
    with pubmed(served) as at, begin(tmp_path / "ws", recipe) as ws:
        access = Access(base_urls={"pubmed": at.url})
        jobs.load(ws, files)
        read, off, asked = jobs.plan_load(ws, access=access)
        assert read.plan is not None
        assert read.plan.note.endswith("1 of them loaded before")
        assert (off.plan, "give files" in off.problem.lower()) == (None, True)
        assert asked.plan is not None
        assert asked.plan.records == 30
        assert {path.rpartition("/")[2] for path, _ in served.log} == {"esearch.fcgi"}
        assert ws.inbox.counts()["publications"] == 0


def test_a_refresh_asks_for_what_changed_since(tmp_path: Path) -> None:
    served = world()
    with pubmed(served) as at, begin(tmp_path / "ws", ASTHMA) as ws:
        access = Access(base_urls={"pubmed": at.url})
        (first,) = jobs.load(ws, PUBMED, access=access)
        assert (first.records, first.incomplete) == (30, "")
        day = ws.inbox.loads()[0].mark[:10]
        served.papers[1000] = Paper("2019-05-05", "Asthma study 0, mended", revised=day)
        served.papers[2000] = Paper("2020-05-05", "Asthma anew", revised=day)
        served.log.clear()
        (second,) = jobs.load(ws, PUBMED, access=access)
        assert (second.records, second.incomplete) == (2, "")
        fetched = [params["id"] for path, params in served.log if path.endswith("efetch.fcgi")]
        assert fetched == ["1000,2000"]
        found = ws.inbox.record("pmid:1000")
        assert found is not None
        assert isinstance(found[0], Publication)
        assert found[0].title == "Asthma study 0, mended"
        assert ws.inbox.counts()["publications"] == 31
        plan = jobs.plan_load(ws, access=access)[0].plan
        assert plan is not None
        assert plan.records == 2  # within the day of overlap
        (third,) = jobs.load(ws, PUBMED, access=access, again=True)
        assert third.records == 31


def test_a_refresh_that_was_stopped_goes_on_as_the_same_refresh(tmp_path: Path) -> None:
    served = world()
    with pubmed(served) as at, begin(tmp_path / "ws", ASTHMA) as ws:
        access = Access(base_urls={"pubmed": at.url})
        jobs.load(ws, PUBMED, access=access)
        mark = ws.inbox.loads()[0].mark
        served.papers[2000] = Paper("2020-05-05", "Asthma anew", revised=mark[:10])
        refused = 400, "text/html", b"<html>no</html>"
        served.canned = [None, None, refused]  # count, list, then no records
        with pytest.raises(SourceError):
            jobs.load(ws, PUBMED, access=access)
        (result,) = jobs.load(ws, PUBMED, access=access)
        assert (result.records, result.incomplete) == (1, "")
        assert [load.origin.partition(", changed since ")[2] for load in ws.inbox.loads()] == ["", mark]


def test_a_run_does_what_is_stale_and_names_a_source_that_fails(tmp_path: Path) -> None:
    served = world()
    recipe = replace(ASTHMA, sources=(PUBMED, Source("clinicaltrials")))
    down = Registry([], canned=[(404, "text/plain", b"moved out")] * 99)
    with pubmed(served) as at, registry(down) as other, begin(tmp_path / "ws", recipe) as ws:
        access = Access(base_urls={"pubmed": at.url, "clinicaltrials": other.url})
        first = {step.name: step for step in jobs.run(ws, access=access)}
        assert first["load pubmed"].counts["records"] == 30
        assert first["load clinicaltrials"].problem
        assert not first["score"].fresh
        asked = len(served.log)
        second = {step.name: step for step in jobs.run(ws, access=access)}
        assert second["load pubmed"].fresh
        assert len(served.log) == asked
        assert all(second[name].fresh for name in ("resolve", "build", "score"))
        served.papers[2000] = Paper("2020-05-05", "Asthma anew", revised=ws.inbox.loads()[0].mark[:10])
        third = {step.name: step for step in jobs.run(ws, access=access, refresh=True)}
        assert third["load pubmed"].counts["records"] == 1
        assert jobs.status(ws)["closed"] == {}
        assert not third["resolve"].fresh


def put(inbox: Inbox, *nouns: Descriptor | Publication) -> None:
    load = inbox.begin("probe", "file", "00", "1")
    inbox.store(load, Page(tuple(Record(noun.id, b"x", noun) for noun in nouns)))
    inbox.finish(load)


def test_other_words_for_a_condition(inbox: Inbox) -> None:
    served = PubMed(
        Papers(), translations={"asthma": '"asthma"[MeSH Terms] OR "asthma s"[All Fields] OR "wheeze"[All Fields]'}
    )
    with pubmed(served) as at:
        access = Access(base_urls={"pubmed": at.url})
        assert "wheeze" in asking.suggest(None, "asthma", access)
        nothing_known = PubMed(Papers())
    with pubmed(nothing_known) as at:
        access = Access(base_urls={"pubmed": at.url})
        heading = MeshTerm("mesh:D013224", "Asthma, Severe")
        put(inbox, Publication("pmid:1", mesh=(heading, MeshTerm("mesh:D005260", "Female"))))
        assert asking.suggest(inbox, "asthma", access) == ["Asthma, Severe"]
        put(inbox, Descriptor("mesh:D001249", "Asthma", ("Asthmas", "Bronchial Asthma")))
        assert asking.suggest(inbox, "bronchial  asthma", access) == ["Asthma", "Asthmas"]
