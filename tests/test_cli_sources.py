"""What comes in on the command line: plans before loading, what could not be read after it."""

import json
from collections import Counter
from pathlib import Path

import pytest
from servers.eutils import Paper, Papers, PubMed, pubmed, record

from kolgraph.inbox import Inbox
from kolgraph.loading import Page, Reject


def test_from_a_condition_to_a_graph_without_a_query(run, tmp_path, monkeypatch):
    served = PubMed(Papers({1000 + n: Paper("2019-05-05", f"Asthma study {n}") for n in range(30)}))
    served.papers[7] = Paper("2012-01-01", "Asthma, long ago")
    with pubmed(served) as at:
        monkeypatch.setenv("KOLGRAPH_BASE_URLS", json.dumps({"pubmed": at.url}))
        code, _, said = run("init", "--topic", "Asthma=asthma", "--source", "pubmed", "--since", "2019")
        assert (code, "plan-load" in said) == (0, True)
        code, out, _ = run("plan-load", "--json")
        assert code == 0
        (planned,) = json.loads(out)
        assert (planned["plan"]["records"], planned["problem"]) == (30, "")
        assert "30" in run("plan-load")[1]
        assert run("run")[0] == 0
        assert json.loads(run("status", "--json")[1])["inbox"]["publications"] == 30
        code, _, said = run("refresh")
        assert (code, "load pubmed" in said) == (0, True)


def test_a_source_that_cannot_be_asked_is_a_line_of_the_plan(begun, tmp_path):
    (tmp_path / "x.xml").write_text("<PubmedArticleSet></PubmedArticleSet>")
    recipe = tmp_path / "ws" / "landscape.toml"
    recipe.write_text(
        recipe.read_text() + '\n[[source]]\nloader = "ror"\n[[source]]\nloader = "pubmed"\nfiles = ["../x.xml"]\n'
    )
    code, out, _ = begun("plan-load", "--json")
    assert code == 4
    ror, files = json.loads(out)
    assert "Give files" in ror["problem"]
    assert (ror["plan"], files["problem"]) == (None, "")
    assert files["plan"]["note"] == "1 file, 0.0 MB, 0 of them loaded before"
    code, out, _ = begun("plan-load")
    assert (code, "Give files" in out, "1 file" in out) == (4, True, True)


def test_a_plan_needs_sources(begun):
    code, _, said = begun("plan-load")
    assert (code, said.count("\n")) == (2, 1)
    assert '[[source]] loader = "pubmed"' in said


@pytest.mark.parametrize("wrong", [["--source", "pubmad"], ["--since", "late"], ["--country", "XX"]])
def test_init_refuses_what_cannot_be(run, tmp_path, wrong):
    code, _, said = run("init", "--topic", "Asthma", *wrong)
    assert (code, said.count("\n")) == (2, 1)
    assert not (tmp_path / "ws").exists()


HOSTILE = b"<Article>\x1b[2J\x07 \xe2\x80\xaetxet\xff \x00[red]\nnext line</Article>"


@pytest.fixture
def set_aside(begun, tmp_path: Path):
    """A landscape in which three records of two sources could not be read."""
    inbox = Inbox(tmp_path / "ws" / "inbox.db")
    for source, count in (("pubmed", 2), ("ror", 1)):
        load = inbox.begin(source, f"{source}.file", "00", "1")
        rejected = tuple(Reject(f"record {n}", f"[bold]odd {n}\x1b[31m", HOSTILE) for n in range(count))
        inbox.store(load, Page(rejected=rejected, unknown=Counter({"status: BRAND_NEW": count, "kind: odd": 5})))
        inbox.finish(load)
    inbox.close()
    return begun


def test_quarantine_is_listed_page_by_page(set_aside):
    _, out, said = set_aside("sources", "--quarantine", "--json")
    listed = json.loads(out)
    assert "3 could not be read" in said
    assert [(one["source"], one["where"]) for one in listed] == [
        *(("pubmed", "record 0"), ("pubmed", "record 1"), ("ror", "record 0"))
    ]
    _, out, _ = set_aside("sources", "--quarantine", "--offset", "1", "--limit", "1", "--json")
    assert json.loads(out) == listed[1:2]
    _, out, said = set_aside("sources", "ror", "--quarantine")
    assert "1 could not be read" in said
    assert "[bold]odd 0\\x1b[31m" in out  # neither obeyed nor taken for markup
    assert "pubmed" not in out


def test_what_could_not_be_read_is_shown_and_not_obeyed(set_aside):
    number = json.loads(set_aside("sources", "--quarantine", "--json")[1])[0]["id"]
    code, out, _ = set_aside("sources", "--show", str(number))
    assert code == 0
    assert "record 0" in out
    assert "<Article>\\x1b[2J\\x07 \\u202etxet\\xff \\x00[red]\nnext line</Article>" in out
    assert not any(ord(c) < 32 and c != "\n" for c in out)
    code, _, said = set_aside("sources", "--show", "99")
    assert (code, said.count("\n")) == (2, 1)


def test_what_a_source_or_a_file_says_is_never_obeyed_by_the_terminal(begun, tmp_path):
    assert "no\\x1b[2Jsuch.xml does not exist" in begun("load", "pubmed", "--file", "no\x1b[2Jsuch.xml")[2]
    path = tmp_path / "some.json"
    studies = [{"protocolSection": {"identificationModule": {"nctId": "NCT00000001"},
        "statusModule": {"overallStatus": "ODD\x1b[2J"}}}]  # fmt: skip
    path.write_text(json.dumps(studies))
    code, _, said = begun("load", "clinicaltrials", "--file", str(path))
    assert (code, "ODD\\x1b[2J" in said) == (0, True)


def test_unknown_values_are_counted_per_source(set_aside):
    _, out, _ = set_aside("sources", "--unknown", "--json")
    assert [tuple(one.values()) for one in json.loads(out)] == [
        ("pubmed", "kind: odd", 5),
        ("pubmed", "status: BRAND_NEW", 2),
        ("ror", "kind: odd", 5),
        ("ror", "status: BRAND_NEW", 1),
    ]
    assert set_aside("sources", "pubmad", "--unknown")[0] == 2


def test_files_that_cannot_be_read_in_part(begun, tmp_path):
    (tmp_path / "ror.json").write_text("[]")
    code, _, said = begun("load", "ror", "--file", str(tmp_path / "ror.json"), "--only-topics")
    assert (code, said.count("\n")) == (2, 1)
    assert "loaded whole" in said


def test_a_file_of_another_source_fills_no_quarantine(begun, tmp_path):
    path = tmp_path / "some.json"
    path.write_text(json.dumps([{"id": f"https://example.org/{n}"} for n in range(30)]))
    code, _, said = begun("load", "crossref", "--file", str(path))
    assert (code, said.count("\n")) == (3, 1)
    assert "is it a file of Crossref?" in said
    assert json.loads(begun("sources", "--quarantine", "--json")[1]) == []


def test_a_field_is_taken_out_of_a_large_file(begun, tmp_path):
    papers = [record(1000 + n, Paper("2020-01-01", ("Asthma", "Gout")[n % 2] + f" study {n}")) for n in range(40)]
    path = tmp_path / "baseline" / "pubmed26n0001.xml"
    path.parent.mkdir()
    path.write_text(f"<PubmedArticleSet>{''.join(papers)}</PubmedArticleSet>")
    asked = ("load", "pubmed", "--file", str(path), "--only-topics")
    whole = asked[:-1]
    code, _, said = begun(*asked)
    assert (code, "INCOMPLETE" in said) == (0, False)
    assert json.loads(begun("status", "--json")[1])["inbox"]["publications"] == 20
    assert "was loaded before" in begun(*asked)[2]
    recipe = tmp_path / "ws" / "landscape.toml"
    recipe.write_text(recipe.read_text() + '\n[[topic]]\nname = "Gout"\n')
    assert begun(*asked)[0] == 0  # other topics, another walk
    assert json.loads(begun("status", "--json")[1])["inbox"]["publications"] == 40
    recipe.write_text(recipe.read_text().replace("Gout", "Nothing of it"))
    assert begun(*whole)[0] == begun(*asked)[0] == 0  # a part never replaces the whole
    assert json.loads(begun("status", "--json")[1])["inbox"]["publications"] == 40


def test_a_bad_file_of_a_folder_is_named_and_holds_up_no_other(begun, tmp_path):
    folder = tmp_path / "many"
    folder.mkdir()
    (folder / "a.xml").write_text(f"<PubmedArticleSet>{record(1, Paper('2020-01-01', 'One'))}</PubmedArticleSet>")
    (folder / "b.xml").write_text(f"<PubmedArticleSet>{record(2, Paper('2020-01-01', 'Two'))}")
    (folder / "c.xml").write_text(f"<PubmedArticleSet>{record(3, Paper('2020-01-01', 'Three'))}</PubmedArticleSet>")
    code, _, said = begun("load", "pubmed", "--file", str(folder))
    assert (code, "REFUSED: b.xml is cut" in said, "Traceback" in said) == (3, True, False)
    assert json.loads(begun("status", "--json")[1])["inbox"]["publications"] == 2
