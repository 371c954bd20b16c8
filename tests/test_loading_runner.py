"""A load can be stopped anywhere; a broken file leaves nothing behind; folders stand for their files."""

import gzip
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from kolgraph.loaders.pubmed import LOADER

from kolgraph.errors import InputError, SourceError, UsageError
from kolgraph.geo import country_code, country_name
from kolgraph.inbox import Inbox
from kolgraph.loading import Ask, Loader, Page
from kolgraph.loading.files import expand
from kolgraph.loading.http import Client
from kolgraph.loading.runner import LoadResult, load


@pytest.fixture
def inbox(tmp_path: Path) -> Iterator[Inbox]:
    one = Inbox(tmp_path / "inbox.db")
    yield one
    one.close()


def document(count: int) -> bytes:
    records = (
        f"<PubmedArticle><MedlineCitation><PMID>{n}</PMID><Article><ArticleTitle>{'words ' * 100}</ArticleTitle>"
        "</Article></MedlineCitation></PubmedArticle>\n"
        for n in range(1, count + 1)
    )
    return f"<PubmedArticleSet>{''.join(records)}</PubmedArticleSet>".encode()


def run(inbox: Inbox, path: Path, loader: Loader = LOADER, limit: int | None = None) -> LoadResult:
    ask = Ask(file=path, limit=limit)
    return load(inbox, loader, ask, Client(loader, ask), lambda done, of, what: None)


def test_a_file_is_loaded_once(inbox: Inbox, tmp_path: Path) -> None:
    path = tmp_path / "some.xml.gz"
    path.write_bytes(gzip.compress(document(1250)))
    seen: list[tuple[int, int | None, str]] = []
    ask = Ask(file=path)
    result = load(inbox, LOADER, ask, Client(LOADER, ask), lambda *a: seen.append(a))
    assert seen == [(500, 1250, "some.xml.gz"), (1000, 1250, "some.xml.gz"), (1250, 1250, "some.xml.gz")]
    assert (result.records, result.skipped, result.incomplete) == (1250, False, "")
    assert result.line() == "pubmed: 1,250 records from some.xml.gz"
    again = run(inbox, path)
    assert (again.records, again.skipped) == (1250, True)
    assert "was loaded before" in again.line()
    assert run(inbox, path, limit=10).records == 10  # a part is another load


@pytest.mark.parametrize("cut", [1, 20, 3000, 100_000])
@pytest.mark.parametrize("packed", [True, False])
def test_a_broken_file_leaves_nothing_and_its_repair_is_loaded(
    inbox: Inbox, tmp_path: Path, packed: bool, cut: int
) -> None:
    path = tmp_path / "some.xml"
    whole = document(1500)
    body = gzip.compress(whole, 0) if packed else whole
    path.write_bytes(body[:-cut])
    with pytest.raises(InputError, match=r"some\.xml is cut"):
        run(inbox, path)
    assert inbox.counts()["publications"] == 0
    assert [one.state for one in inbox.loads()] == ["failed"]
    path.write_bytes(body)
    assert run(inbox, path).records == 1500


def test_a_service_that_fails_leaves_whole_pages(inbox: Inbox) -> None:
    def pages(ask: Ask, client: Client, cursor: str) -> Iterator[Page]:
        for step in range(int(cursor or 0), 3):
            if not cursor and step == 2:
                raise SourceError("no more")
            yield Page(cursor=str(step + 1) if step < 2 else "", expected=0)

    loader = Loader("probe", "Probe", "", "", (), "1", pages)
    ask = Ask(query="x")
    with pytest.raises(SourceError, match="no more"):
        load(inbox, loader, ask, Client(loader, ask), lambda *a: None)
    assert (inbox.loads()[0].state, inbox.loads()[0].cursor) == ("incomplete", "2")
    assert load(inbox, loader, ask, Client(loader, ask), lambda *a: None).incomplete == ""
    assert (inbox.loads()[0].state, len(inbox.loads())) == ("done", 1)


LOAD = """
import sys
from pathlib import Path
from kolgraph.inbox import Inbox
from kolgraph.loaders import pubmed
from kolgraph.loading import Ask
from kolgraph.loading.runner import load
pubmed.PAGE = 20
load(Inbox(Path(sys.argv[1])), pubmed.LOADER, Ask(file=Path(sys.argv[2])), None, lambda *a: print(*a, flush=True))
"""


def test_kill_and_go_on_gives_the_same_content(tmp_path: Path) -> None:
    path = tmp_path / "some.xml"
    path.write_bytes(document(2000))
    whole = Inbox(tmp_path / "whole.db")
    run(whole, path)
    kills = 0
    for turn in range(40):
        process = subprocess.Popen(
            [sys.executable, "-c", LOAD, str(tmp_path / "killed.db"), str(path)], stdout=subprocess.PIPE
        )
        assert process.stdout
        for _ in range(12):  # pages; the last processes end before
            if not process.stdout.readline():
                break
        time.sleep(turn % 5 / 1000)
        os.kill(process.pid, signal.SIGKILL)
        if process.wait() == 0:
            break
        kills += 1
    killed = Inbox(tmp_path / "killed.db")
    assert kills > 3
    assert (killed.content_hash(), killed.watermark()) == (whole.content_hash(), whole.watermark())
    assert (killed.loads()[0].records, len(killed.loads())) == (2000, 1)
    whole.close()
    killed.close()


def test_folders_stand_for_their_files(tmp_path: Path) -> None:
    for name in ("b.xml", "a.json.gz", "deep/c.json", ".hidden/d.xml", "readme.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    names = [str(p.relative_to(tmp_path)) for p in expand([tmp_path, tmp_path / "readme.txt", tmp_path / "b.xml"])]
    assert names == ["a.json.gz", "b.xml", "deep/c.json", "readme.txt"]
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match="holds no file to load"):
        expand([tmp_path / "empty"])
    with pytest.raises(UsageError, match="does not exist"):
        expand([tmp_path / "none.xml"])


@pytest.mark.parametrize(
    ("said", "code"),
    [
        *(
            ("Turkey (Türkiye)", "TR"),
            ("Korea, Republic of", "KR"),
            ("P.R. China", "CN"),
            ("USA", "US"),
            ("U.K.", "GB"),
        ),
        *(("The Netherlands", "NL"), ("CÔTE D’IVOIRE", "CI"), ("Czechia", "CZ"), ("Czech Republic", "CZ"), ("CA", "")),
        *(
            ("Russian Federation", "RU"),
            ("Atlantis", ""),
            ("", ""),
            ("Viet Nam", "VN"),
            ("DR Congo", "CD"),
            ("USA", "US"),
        ),
    ],
)
def test_countries(said: str, code: str) -> None:
    assert country_code(said) == code
    assert not code or country_code(country_name(code)) == code
