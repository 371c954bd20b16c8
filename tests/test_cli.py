"""The command line: what a wrong request answers, and that it loses nothing."""

import gzip
import json
import socket
import subprocess
import sys

import pytest

BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "ha">'
    + b"".join(
        b'<!ENTITY a%d "&a%d;&a%d;">' % (i, i - 1, i - 1) if i > 1 else b'<!ENTITY a1 "&a;&a;">' for i in range(1, 40)
    )
    + b"]><PubmedArticleSet>&a39;</PubmedArticleSet>"
)


def test_init_writes_a_recipe_that_reads_back(begun, tmp_path):
    text = (tmp_path / "ws" / "landscape.toml").read_text()
    assert 'name = "Asthma"' in text
    assert 'terms = ["asthma", "wheeze"]' in text


def test_init_does_not_overwrite(begun):
    code, _, said = begun("init", "--topic", "Other")
    assert code == 2
    assert "stands already" in said


@pytest.mark.parametrize("topics", [["="], ["A=x", "a=y"], ["!!!"]])
def test_topics_that_cannot_be(run, topics, tmp_path):
    code, _, said = run("init", *(word for topic in topics for word in ("--topic", topic)))
    assert code == 2
    assert one_line(said)
    assert not (tmp_path / "ws" / "landscape.toml").exists()


def one_line(said: str) -> bool:
    return said.count("\n") == 1 and "Traceback" not in said


WRONG = {
    "empty.xml": b"",
    "page.xml": b"<!DOCTYPE html><html><body>Service unavailable</body></html>",
    "short.xml.gz": gzip.compress(b"<PubmedArticleSet>" + b"<PubmedArticle/>" * 5000 + b"</PubmedArticleSet>")[:40],
    "cut.xml": b'<?xml version="1.0"?><PubmedArticleSet><PubmedArticle><MedlineCitation><PMID Version="1">90000001'
    b"</PMID></MedlineCitation></PubmedArticle><PubmedArticle><Medl",
    "bomb.xml": BOMB,
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_pubmed_files(begun, tmp_path, name):
    path = tmp_path / name
    path.write_bytes(WRONG[name])
    code, _, said = begun("load", "pubmed", "--file", str(path))
    assert code == 3
    assert one_line(said), said
    assert name in said
    assert json.loads(begun("status", "--json")[1])["inbox"] == {"publications": 0, "trials": 0, "institutions": 0}


@pytest.mark.parametrize(
    ("source", "content"),
    [("clinicaltrials", b'{"a": 1}'), ("ror", b'{"a": 1}'), ("ror", b"[1, 2"), ("clinicaltrials", b"not json")],
)
def test_wrong_json(begun, tmp_path, source, content):
    path = tmp_path / "wrong.json"
    path.write_bytes(content)
    code, _, said = begun("load", source, "--file", str(path))
    assert code == 3, said
    assert one_line(said), said


def test_missing_file(begun):
    code, _, said = begun("load", "pubmed", "--file", "nowhere.xml")
    assert code == 2
    assert one_line(said)
    assert "nowhere.xml" in said


def test_a_file_is_loaded_whole_or_not_at_all(begun, tmp_path):
    code, _, said = begun("load", "pubmed", "--file", str(tmp_path), "--limit", "5")
    assert code == 2
    assert one_line(said)


def test_unknown_source(begun):
    code, _, said = begun("load", "pubmad", "--file", "x")
    assert code == 2
    assert "known are clinicaltrials, crossref, europepmc, mesh," in said


def test_unknown_topic(begun):
    code, _, said = begun("rank", "--topic", "Astma")
    assert code == 2
    assert one_line(said)
    assert "this landscape has Asthma" in said


STEPS = {"run": "kolgraph load", "resolve": "kolgraph load", "build": "kolgraph resolve", "score": "kolgraph build"}


@pytest.mark.parametrize("step", STEPS)
def test_steps_out_of_order_say_what_to_do(begun, step):
    code, _, said = begun(step)
    assert code == 2
    assert one_line(said)
    assert STEPS[step] in said


def test_no_landscape(run, tmp_path):
    code, _, said = run("status", workspace=tmp_path / "none")
    assert code == 2
    assert "kolgraph init" in said


def test_a_recipe_that_is_not_one(begun, tmp_path):
    (tmp_path / "ws" / "landscape.toml").write_text("title = [")
    code, _, said = begun("status")
    assert code == 3
    assert one_line(said)


def test_port_in_use(begun):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, _, said = begun("serve", "--port", str(port))
    assert code == 2
    assert one_line(said)
    assert str(port) in said


def test_public_address_is_refused(begun):
    code, _, said = begun("serve", "--host", "0.0.0.0")
    assert code == 2
    assert one_line(said)


def test_unreachable_neo4j(begun, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    monkeypatch.setenv("KOLGRAPH_GRAPH", f"bolt://127.0.0.1:{port}")
    code, _, said = begun("status")
    assert code == 5
    assert one_line(said), said


HOLD = """
import sys, kolgraph
with kolgraph.open(sys.argv[1]).lock("load"):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_second_writer(begun, tmp_path):
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path / "ws")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        assert holder.stdout.readline() == b"held\n"
        code, _, said = begun("resolve")
        assert code == 6
        assert one_line(said)
        assert f"process {holder.pid} (load)" in said
    finally:
        holder.kill()
        holder.communicate()
    assert "being written" not in begun("resolve")[2]


def test_audit_of_an_empty_ledger(begun):
    assert begun("audit", "verify")[0] == 0
