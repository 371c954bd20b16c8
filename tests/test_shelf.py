"""Several landscapes in one home: list, switch, copy, rename, delete, bring back; from a condition to a recipe."""

import json
import shutil
import threading

import pytest
from servers.eutils import Paper, Papers, PubMed, pubmed

from kolgraph import jobs
from kolgraph.asking import Access
from kolgraph.errors import BusyError, SourceError, UsageError
from kolgraph.landscape import read
from kolgraph.ledger import Ledger
from kolgraph.services import judging, landscapes, new_landscape
from kolgraph.services.shelf import new_folder, shelf
from kolgraph.ui.shell import name_of
from kolgraph.workspace import Workspace


@pytest.fixture
def home(small_world, tmp_path):
    """A home with one landscape, built."""
    shutil.copytree(small_world, tmp_path / "demo")
    return tmp_path


@pytest.fixture
def one(home):
    held = shelf(home / "demo")
    yield held
    held.ws.close()


def test_with_no_landscape_the_shelf_is_empty_and_makes_no_file(tmp_path):
    held = shelf(tmp_path / "workspace")
    assert (landscapes.entries(held), landscapes.deleted(held), held.shown()) == ([], [], "")
    assert not any(tmp_path.iterdir())


def test_a_copy_takes_records_graph_and_who_is_who_and_leaves_the_work(one, home):
    with Workspace(home / "demo") as ws:
        register = ws.ledger.register()
        ws.ledger.append("watch.add", register[0][0], actor="Mara")
    slug = landscapes.copy(one, "demo", "Second look", "Jo")
    assert slug == "second-look"
    first, second = (landscapes.entry(one, name) for name in ("demo", slug))
    assert (second.title, second.counts, second.condition.state) == ("Second look", first.counts, "ready")
    with Workspace(home / slug) as ws:
        assert ws.ledger.register() == register
        assert ws.ledger.events("watch.") == []
        assert [(event.action, event.actor) for event in ws.ledger.events("landscape.")] == [("landscape.copy", "Jo")]
    assert landscapes.copy(one, "demo", "Second look", "Jo") == "second-look-2"
    assert read(home / "demo").title == first.title


def test_a_copy_has_yet_to_hear_the_decisions_that_it_takes_along(one, home):
    with Workspace(home / "demo") as ws:
        a, b, c = (anchor for _, anchor in ws.ledger.register()[:3])
        judging.decide(ws, "same", a, b, "Mara")
        jobs.resolve(ws)
        judging.undo(ws, judging.decide(ws, "same", a, c, "Mara"), "Mara")
        judging.decide(ws, "apart", b, c, "Mara")
        assert judging.pending(ws) == 1
    with Workspace(home / landscapes.copy(one, "demo", "Second look", "Jo")) as ws:
        assert judging.pending(ws) == 2
        assert not jobs.resolve(ws).fresh
        assert judging.pending(ws) == 0


def test_a_copy_does_not_touch_another_one_that_is_being_made(one, home):
    with Workspace(home / "demo") as ws, ws.lock("copy"):
        growing = home / ".kolgraph" / "draft-demo"
        growing.mkdir(parents=True)
        with pytest.raises(BusyError):
            landscapes.copy(one, "demo", "Second look", "Jo")
        assert growing.exists()
    landscapes.copy(one, "demo", "Second look", "Jo")
    assert not growing.exists()


def test_a_landscape_around_the_others_is_copied_without_them_and_not_deleted(one, home):
    title = landscapes.entry(one, "demo").title
    held = shelf(home / "demo", home=home / "demo" / "landscapes")
    slug = landscapes.copy(held, "demo", "Second look", "Jo")
    assert not (held.home / slug / "landscapes").exists()
    assert landscapes.entry(held, slug).condition.state == "ready"
    with pytest.raises(UsageError, match="cannot be deleted here"):
        landscapes.delete(held, "demo", title, "Jo")
    held.ws.close()


def test_switched_to_it_is_shown_also_after_a_restart(one, home):
    slug = landscapes.copy(one, "demo", "Second look", "Jo")
    landscapes.switch(one, slug)
    assert one.shown() == slug == landscapes.entries(one)[0].slug
    again = shelf(home / "demo")
    assert again.shown() == slug
    again.ws.close()


def test_two_landscapes_of_one_name_are_told_apart(one, home):
    shutil.copytree(home / "demo", home / "others" / "demo")
    held = shelf(home / "demo", home=home / "others")
    assert held.ws.path == home / "demo" == held.folder(held.shown())
    before = name_of(held.ws)
    landscapes.switch(held, next(slug for slug in held.folders() if slug != held.shown()))
    assert held.ws.path == home / "others" / "demo" == held.folder(held.shown())
    assert name_of(held.ws) != before
    held.ws.close()


def test_a_new_title_keeps_the_folder_and_what_stands_around_it(one, home):
    path = home / "demo" / "landscape.toml"
    path.write_text("# ours\n" + path.read_text("utf-8"), "utf-8")
    landscapes.rename(one, "demo", '  Asthma "2026" ', "Jo")
    assert landscapes.entry(one, "demo").title == 'Asthma "2026"'
    assert path.read_text("utf-8").startswith("# ours\n")
    for bad in ("", " \x00\u202e ", "x" * 121):
        with pytest.raises(UsageError, match="a title has 1 to 120"):
            landscapes.rename(one, "demo", bad, "Jo")


def test_deleted_it_lies_whole_in_the_trash_and_comes_back_beside_what_took_its_name(one, home):
    title = landscapes.entry(one, "demo").title
    with pytest.raises(UsageError, match="nothing was deleted"):
        landscapes.delete(one, "demo", title[:-1], "Jo")
    landscapes.delete(one, "demo", title.upper(), "Jo")
    (gone,) = landscapes.deleted(one)
    assert (gone.title, gone.who, landscapes.entries(one)) == (title, "Jo", [])
    for by_hand in ("mine", f"{gone.key} (copy)"):
        shutil.copytree(one.trash / gone.key, one.trash / by_hand)
    assert landscapes.deleted(one) == [gone]
    (home / "demo").mkdir()
    back = landscapes.restore(one, gone.key, "Mara")
    assert back == "demo-2" == one.shown()
    acts = [event.action for event in Ledger(home / back / "ledger.db").events("landscape.")]
    assert acts[-2:] == ["landscape.delete", "landscape.restore"]
    with pytest.raises(UsageError, match="any more"):
        landscapes.restore(one, gone.key, "Mara")


def test_what_is_being_built_is_not_deleted(one):
    one.queue.add("demo", "refresh", "Jo")
    with pytest.raises(BusyError, match="cancel that first"):
        landscapes.delete(one, "demo", landscapes.entry(one, "demo").title, "Jo")


@pytest.mark.parametrize("slug", ["..", "../demo", "demo/../demo", "/etc", ".kolgraph", "", "demo\x00"])
def test_a_name_that_is_no_landscape_reaches_no_folder(one, slug):
    for act in (
        lambda: landscapes.switch(one, slug),
        lambda: landscapes.copy(one, slug, "x", "Jo"),
        lambda: landscapes.rename(one, slug, "x", "Jo"),
        lambda: landscapes.delete(one, slug, "", "Jo"),
        lambda: landscapes.restore(one, slug, "Jo"),
    ):
        with pytest.raises(UsageError):
            act()


@pytest.mark.parametrize("title", ["../../etc", "New", "漢", "x" * 300, "a/b\\c"])
def test_a_title_becomes_a_folder_inside_the_home(one, home, title):
    path = new_folder(one, title)
    assert path.parent == home
    assert path.name != "new"
    assert not path.exists()


def test_a_form_becomes_a_recipe_or_says_what_is_missing():
    form = {"topics": [{"name": "asthma", "terms": ["asthma", "bronchial asthma", "x|y"]}], "since": 2018}
    made = new_landscape.recipe({**form, "sources": ["pubmed", "ror", "nonsense"], "countries": ["DE", "XX"]})
    assert (made.title, made.since, made.countries) == ("asthma", "2018", ("DE",))
    assert made.topics[0].terms == ("asthma", "bronchial asthma", "x y")
    assert [source.loader for source in made.sources] == ["pubmed"]
    with pytest.raises(UsageError, match="run backwards"):
        new_landscape.recipe({**form, "until": "2010"})
    with pytest.raises(UsageError, match="is no year"):
        new_landscape.recipe({**form, "until": "soon"})


def test_counts_come_from_the_source_and_one_that_fails_says_so(tmp_path):
    world = PubMed(
        Papers({1000 + n: Paper("2024-03-01", "Asthma") for n in range(7)}),
        translations={"asthma": '"asthma"[MeSH Terms] OR "bronchial asthma"[All Fields]'},
    )
    wanted = new_landscape.recipe({"topics": [{"name": "asthma"}]})
    with pubmed(world) as served:
        access = Access(base_urls={"pubmed": served.url, "clinicaltrials": "http://127.0.0.1:9/"})
        held = shelf(tmp_path / "workspace", access=access)
        found = new_landscape.count(access, wanted, "pubmed")
        assert found.plan
        assert found.plan.records == 7
        asked = len(world.log)
        new_landscape.count(access, wanted, "pubmed")
        assert len(world.log) == asked  # not asked twice
        assert new_landscape.suggest(held, " asthma ")[:2] == ["asthma", "bronchial asthma"]
        assert new_landscape.suggest(held, "  ") == []
        failed = new_landscape.count(access, wanted, "clinicaltrials")
        assert failed.plan is None
        assert failed.problem


def test_a_source_that_never_answers_is_given_up():
    with pytest.raises(SourceError, match="has not answered"):
        new_landscape.within(0.05, "A source", threading.Event().wait)
    assert new_landscape.within(5, "A source", lambda: json.dumps(1)) == "1"
