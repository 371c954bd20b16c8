"""The bulk road of PubMed: files read on all cores, checked, taken in part, and replaced year by year."""

import gzip
import hashlib
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from kolgraph.loaders import pubmed
from lacking import lacking

from kolgraph import children, jobs, landscape
from kolgraph.errors import InputError, SourceError
from kolgraph.inbox import Inbox
from kolgraph.landscape import Landscape, Source
from kolgraph.loading import Ask
from kolgraph.loading.files import expand
from kolgraph.loading.http import Client
from kolgraph.loading.runner import LoadResult, load
from kolgraph.workspace import Workspace

ODDITIES = Path(__file__).parent / "data" / "pubmed_oddities.xml"


def article(pmid: int, words: str = "A title", version: int = 1) -> str:
    return (
        f'<PubmedArticle><MedlineCitation><PMID Version="{version}">{pmid}</PMID><Article><ArticleTitle>{words}'
        f"</ArticleTitle><AuthorList><Author><LastName>Norvik</LastName><ForeName>Åsa</ForeName></Author></AuthorList>"
        "</Article></MedlineCitation></PubmedArticle>\n"
    )


def document(records: str) -> bytes:
    return f"<?xml version='1.0'?>\n<PubmedArticleSet>\n{records}</PubmedArticleSet>\n".encode()


def put(path: Path, records: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(document(records), 1))
    return path


def run(inbox: Inbox, path: Path) -> LoadResult:
    ask = Ask(file=path)
    return load(inbox, pubmed.LOADER, ask, Client(pubmed.LOADER, ask), lambda *a: None)


@pytest.fixture
def inbox(tmp_path: Path) -> Iterator[Inbox]:
    one = Inbox(tmp_path / "inbox.db")
    yield one
    one.close()


@pytest.fixture
def two_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kolgraph.loading.runner.workers", lambda file: 2)
    monkeypatch.setattr(pubmed, "PAGE", 50)


def told(inbox: Inbox) -> object:
    walks = [(w.origin, w.records, w.deleted, w.rejected, w.expected, w.state, w.unknown) for w in inbox.loads()]
    set_aside = [(one.where, one.reason, one.raw) for one in inbox.quarantine()]
    return walks, set_aside, inbox.watermark(), inbox.content_hash(), list(inbox.publications())


def test_two_processes_read_what_one_reads(
    tmp_path: Path, inbox: Inbox, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = ODDITIES.read_bytes().partition(b"<PubmedArticleSet>")
    path = tmp_path / "many.xml"
    path.write_bytes(many[0] + many[1] + "".join(map(article, range(1, 720))).encode() + many[2])
    run(inbox, path)
    request.getfixturevalue("two_workers")
    other = Inbox(tmp_path / "other.db")
    run(other, path)
    assert told(other) == told(inbox)
    assert inbox.raw("pmid:90000001") == other.raw("pmid:90000001")
    other.close()


def test_a_worker_that_dies_leaves_whole_pages(
    inbox: Inbox, tmp_path: Path, two_workers: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = put(tmp_path / "some.xml.gz", "".join(map(article, range(1, 1001))))
    asked = children.ask

    def die(child: children.Child, question: bytes) -> bytes:
        if inbox.loads()[0].records >= 300:
            child.kill()
        return asked(child, question)

    with monkeypatch.context() as patched:
        patched.setattr(children, "ask", die)
        with pytest.raises(SourceError, match="has died"):
            run(inbox, path)
    (walk,) = inbox.loads()
    assert walk.state == "incomplete"
    assert walk.records == int(walk.cursor) == inbox.counts()["publications"]
    assert run(inbox, path).records == 1000
    assert inbox.counts()["publications"] == 1000


LOAD = """
import sys
from pathlib import Path
from kolgraph.inbox import Inbox
from kolgraph.loaders import pubmed
from kolgraph.loading import Ask, runner
pubmed.PAGE = 20
runner.workers = lambda file: 2
inbox, ask = Inbox(Path(sys.argv[1])), Ask(file=Path(sys.argv[2]))
runner.load(inbox, pubmed.LOADER, ask, None, lambda *a: print(*a, flush=True))
"""


def born(parent: int) -> list[int]:
    listed = Path(f"/proc/{parent}/task/{parent}/children")
    return [int(one) for path in listed.parent.parent.glob("*/children") for one in path.read_text().split()]


def test_killed_on_the_way_it_goes_on_and_leaves_no_process(tmp_path: Path) -> None:
    if not Path("/proc/self/task").exists():
        lacking("no /proc here, in which this test looks for processes as Linux lists them")
    path = put(tmp_path / "some.xml.gz", "".join(map(article, range(1, 1201))))
    whole = Inbox(tmp_path / "whole.db")
    run(whole, path)
    kills, workers = 0, set()
    for turn in range(20):
        words = [sys.executable, "-c", LOAD, str(tmp_path / "killed.db"), str(path)]
        process = subprocess.Popen(words, stdout=subprocess.PIPE)
        assert process.stdout
        for _ in range(14):
            if not process.stdout.readline():
                break
            workers |= set(born(process.pid))
        time.sleep(turn % 5 / 1000)
        os.kill(process.pid, signal.SIGKILL)
        if process.wait() == 0:
            break
        kills += 1
    killed = Inbox(tmp_path / "killed.db")
    assert kills > 2
    assert len(workers) >= kills
    assert told(killed) == told(whole)
    for _ in range(100):
        if not (left := [one for one in workers if Path(f"/proc/{one}").exists()]):
            break
        time.sleep(0.1)
    assert not left
    whole.close()
    killed.close()


def test_the_sum_beside_a_file_is_checked(inbox: Inbox, tmp_path: Path) -> None:
    path = put(tmp_path / "pubmed27n0001.xml.gz", article(1))
    beside = tmp_path / "pubmed27n0001.xml.gz.md5"
    right = hashlib.md5(path.read_bytes()).hexdigest()
    for wrong in (f"MD5({path.name})= {'0' * 32}\n", "no sum at all"):
        beside.write_text(wrong)
        with pytest.raises(InputError, match=r"pubmed27n0001\.xml\.gz is not the file") as refused:
            run(inbox, path)
        assert "\n" not in str(refused.value)
        assert not any(inbox.counts().values())
    beside.write_text(f"MD5({path.name})= {right.upper()}\n")
    assert run(inbox, path).records == 1
    assert expand([tmp_path]) == [path]


def test_files_come_in_order_of_their_numbers(tmp_path: Path) -> None:
    names = ["baseline/pubmed27n0002.xml.gz", "baseline/pubmed27n0010.xml.gz", "updatefiles/pubmed27n0999.xml.gz"]
    names += ["updatefiles/pubmed27n1001.xml.gz", "updatefiles/pubmed27n10000.xml.gz"]
    for name in reversed(names):
        put(tmp_path / name, article(1))
    assert [str(path.relative_to(tmp_path)) for path in expand([tmp_path])] == names


def workspace(folder: Path, *topics: str) -> Workspace:
    folder.mkdir()
    landscape.write(folder, Landscape("Test", tuple(map(landscape.topic, topics))))
    return Workspace(folder)


@pytest.mark.parametrize("count", [0, 2])
def test_what_is_about_a_topic_is_taken_and_the_rest_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    monkeypatch.setattr("kolgraph.loading.runner.workers", lambda file: count)
    monkeypatch.setattr(pubmed, "PAGE", 4)
    said = ["Asthma in children", "<i>Asth</i>ma", "asth&#109;as", "Asthmatic", "A bone", "Wheeze &amp; cough", "Rest"]
    records = "".join(article(n, said[n % 7]) for n in range(1, 71))
    records += article(100, "Nothing").replace(
        "<AuthorList>", "<Abstract><AbstractText>Asthma</AbstractText></Abstract><AuthorList>"
    )
    records += article(101, "Nothing").replace("Norvik", "Asthma")
    path = put(tmp_path / "some.xml.gz", records + "<DeleteCitation><PMID>3</PMID></DeleteCitation>")
    with workspace(tmp_path / "ws", "Asthma=asthma|wheeze cough") as ws:
        (result,) = jobs.load(ws, Source("pubmed", (str(path),), only_topics=True))
        titles = {paper.title for paper in ws.inbox.publications()}
        assert titles == {"Asthma in children", "Asthma", "asthmas", "Wheeze & cough", "Nothing"}
        assert (result.records, result.deleted, result.incomplete) == (41, 1, "")
        assert result.unknown == {"outside the topics: left in the file": 31}
        assert "left in the file (31)" in result.line()
        assert ws.inbox.record("pmid:100")
        assert not ws.inbox.record("pmid:101")  # an author may be called so
        assert jobs.load(ws, Source("pubmed", (str(path),), only_topics=True))[0].skipped
        assert jobs.load(ws, Source("pubmed", (str(path),)))[0].records == 72  # whole, it is another walk


def test_a_walk_in_part_goes_on_where_it_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pubmed, "PAGE", 2)
    path = put(tmp_path / "some.xml.gz", "".join(article(n, "Asthma" if n % 3 else "Rest") for n in range(1, 31)))
    ask = Ask(file=path, keep=lambda text: "Asthma" in text)
    pages = list(pubmed.pages(ask, Client(pubmed.LOADER, ask), ""))
    assert [page.cursor for page in pages][:3] == ["2", "5 1", "8 2"]
    assert pages[-1].expected == sum(len(page.records) for page in pages) == 20
    for number, page in enumerate(pages[:-1], 1):
        assert list(pubmed.pages(ask, Client(pubmed.LOADER, ask), page.cursor)) == pages[number:]


def test_two_years_of_baselines_and_updates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each December a baseline comes that holds what stands, in files that need not be those of the year before."""
    monkeypatch.setattr("kolgraph.loading.runner.workers", lambda file: 0)
    chance = random.Random(4)
    inbox = Inbox(tmp_path / "inbox.db")
    papers = dict.fromkeys(range(1, 101), 1)  # PMID -> version
    home = {pmid: pmid % 5 + 1 for pmid in papers}
    gone: set[int] = set()
    by_update: set[int] = set()
    for year in (26, 27, 28):
        folder = tmp_path / str(year)
        for number in range(1, 6):
            listed = "".join(article(p, version=v) for p, v in papers.items() if home[p] == number)
            put(folder / "baseline" / f"pubmed{year}n{number:04}.xml.gz", listed)
        for path in expand([folder]):
            run(inbox, path)
        held = {int(paper.id[5:]): paper.version for paper in inbox.publications()}
        assert held.items() >= papers.items()
        assert held.keys() - papers.keys() <= by_update  # these wait for the first update of the year
        by_update = set()
        for number in range(6, 9):  # a year of updates: revised, new and withdrawn papers
            lost = chance.sample(sorted(papers), 3)
            for pmid in lost:
                del papers[pmid]
            gone |= set(lost)
            revised = chance.sample(sorted(papers), 5)
            new = range(max(papers) + 100, max(papers) + 104)
            by_update |= {*new, *revised}
            papers |= {pmid: papers[pmid] + 1 for pmid in revised} | dict.fromkeys(new, 1)
            home |= {pmid: chance.randint(1, 5) for pmid in (*new, *revised)}
            changed = "".join(article(pmid, version=papers[pmid]) for pmid in (*revised, *new))
            deletions = "".join(f'<PMID Version="99">{pmid}</PMID>' for pmid in lost)
            path = folder / "updatefiles" / f"pubmed{year}n{number:04}.xml.gz"
            put(path, f"{changed}<DeleteCitation>{deletions}</DeleteCitation>")
            run(inbox, path)
        assert {int(paper.id[5:]): paper.version for paper in inbox.publications()} == papers
        silent = chance.sample(sorted(papers), 4)  # not in the next baseline, and nobody says so
        for pmid in silent:
            del papers[pmid]
            gone.add(pmid)
        last = set(silent)
    assert sum(inbox.closed().values()) == len(gone - last)  # closed, not lost
    before = inbox.watermark()
    assert all(run(inbox, path).skipped for year in (26, 27, 28) for path in expand([tmp_path / str(year)]))
    assert inbox.watermark() == before
    inbox.close()
