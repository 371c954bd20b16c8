"""The inbox holds what was loaded, whatever the order, the stops and the number of times."""

import itertools
import sqlite3
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kolgraph.errors import InputError, StoreError
from kolgraph.inbox import MAX_QUARANTINED, Inbox, Provenance
from kolgraph.loading import Page, Record, Reject
from kolgraph.model import Institution, Mention, Publication, Trial


def paper(number: int, version: int = 1, title: str = "") -> Record:
    noun = Publication(f"pmid:{number}", title=title or f"T{number}.{version}", authors=(Mention(0, "Erfunden"),))
    return Record(noun.id, f"<raw>{noun.title}</raw>".encode(), noun, version)


@pytest.fixture
def inbox(tmp_path: Path) -> Iterator[Inbox]:
    one = Inbox(tmp_path / "inbox.db")
    yield one
    one.close()


def put(inbox: Inbox, *pages: Page, sha256: str = "00") -> None:
    load = inbox.begin("pubmed", "file.xml", sha256, "1")
    for page in pages:
        inbox.store(load, page)
    inbox.finish(load)


def test_what_is_put_in_comes_out(inbox: Inbox) -> None:
    trial = Trial("nct:NCT90000001", phases=("1", "2"), investigators=(Mention(0, name="Nora Erfunden"),))
    place = Institution("ror:04nbqb988", "Harbour Clinic", lat=53.5)
    others = (Record(trial.id, b"{}", trial), Record(place.id, b"{ }", place))
    put(inbox, Page((paper(2), paper(1), *others)))
    assert [p.id for p in inbox.publications()] == ["pmid:1", "pmid:2"]
    assert list(inbox.trials()) == [trial]
    assert list(inbox.institutions()) == [place]
    assert inbox.counts() == {"publications": 2, "trials": 1, "institutions": 1}
    assert inbox.raw("pmid:1") == b"<raw>T1.1</raw>"
    found = inbox.record("pmid:1")
    assert found is not None
    assert found[0] == paper(1).noun
    assert found[1].fetched_at.endswith("+00:00")
    assert replace(found[1], fetched_at="") == Provenance("pubmed", "file.xml", "00", "", "1")
    assert inbox.provenance(["pmid:2", "pmid:99"]).keys() == {"pmid:2"}
    assert inbox.record("pmid:99") is None
    with pytest.raises(InputError, match="no record pmid:99 is loaded"):
        inbox.raw("pmid:99")


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("record"), st.integers(1, 4), st.integers(1, 4)),
        st.tuples(st.just("delete"), st.integers(1, 4), st.integers(1, 4)),
    ),
    max_size=8,
)


NUMBERS = itertools.count()


def page_of(step: tuple[str, int, int]) -> Page:
    kind, number, version = step
    return Page((paper(number, version),)) if kind == "record" else Page(deleted=((f"pmid:{number}", version),))


@given(STEPS, st.randoms(use_true_random=False))
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_order_of_loads_does_not_matter(tmp_path: Path, steps: list[tuple[str, int, int]], random) -> None:  # type: ignore[no-untyped-def]
    shuffled = list(steps)
    random.shuffle(shuffled)
    results = []
    for order in (steps, shuffled + steps):
        one = Inbox(tmp_path / f"{next(NUMBERS)}.db")
        put(one, *map(page_of, order))
        results.append((one.content_hash(), one.watermark(), list(one.publications())))
        one.close()
    assert results[0] == results[1]
    expected = {}
    for number in range(1, 5):
        gone = max((v for kind, n, v in steps if kind == "delete" and n == number), default=0)
        alive = [v for kind, n, v in steps if kind == "record" and n == number and v > gone]
        if alive:
            expected[f"pmid:{number}"] = f"T{number}.{max(alive)}"
    assert {p.id: p.title for p in results[0][2]} == expected


def test_the_watermark_changes_with_the_content_and_only_then(inbox: Inbox) -> None:
    marks = [inbox.watermark()]
    steps = [
        Page((paper(1), paper(2))),
        Page((paper(1, 2),)),
        Page((paper(1, 2, "parsed better"),)),
        Page(deleted=(("pmid:2", 1),)),
    ]
    for step in steps:
        put(inbox, step, sha256=str(step))
        marks.append(inbox.watermark())
        put(inbox, step, sha256=f"again {step}")
        assert inbox.watermark() == marks[-1]
    assert len(set(marks)) == len(marks)
    put(inbox, Page(deleted=(("pmid:1", 9),)), sha256="all")
    assert inbox.watermark() == marks[0]


def test_the_same_bytes_keep_their_first_provenance(inbox: Inbox) -> None:
    put(inbox, Page((paper(1),)), sha256="a")
    put(inbox, Page((paper(1),)), sha256="b")
    assert inbox.provenance(["pmid:1"])["pmid:1"].sha256 == "a"


def test_a_load_goes_on_where_it_stopped(inbox: Inbox) -> None:
    load = inbox.begin("pubmed", "file.xml", "aa", "1")
    inbox.store(load, Page((paper(1),), cursor="1", rejected=(Reject("2", "odd"),), unknown=Counter(odd=2), expected=3))
    again = inbox.begin("pubmed", "file.xml", "aa", "1")
    assert (again.id, again.cursor, again.state, again.records, again.rejected) == (load.id, "1", "running", 1, 1)
    inbox.store(again, Page((paper(2),), unknown=Counter(odd=1), expected=3))
    done = inbox.finish(again)
    assert (done.state, done.records, done.expected, dict(done.unknown)) == ("done", 2, 3, {"odd": 3})
    assert inbox.begin("pubmed", "file.xml", "aa", "1").state == "done"


def test_what_makes_a_load_another_one(inbox: Inbox) -> None:
    first = inbox.begin("pubmed", "file.xml", "aa", "1")
    stale = inbox.begin("pubmed", "old.xml", "cc", "1")
    inbox.finish(first)
    assert inbox.begin("pubmed", "file.xml", "bb", "1").id != first.id  # the file has changed
    assert inbox.begin("pubmed", "file.xml", "aa", "2").id != first.id  # the loader reads more of it
    assert inbox.begin("pubmed", "old.xml", "cc", "2").id != stale.id
    assert inbox.loads()[1].note == "the loader has changed"
    query = inbox.finish(inbox.begin("pubmed", '"asthma"', "", "1"))
    assert inbox.begin("pubmed", '"asthma"', "", "1").id != query.id  # a service may answer more today


def test_a_load_from_the_beginning_counts_from_the_beginning(inbox: Inbox) -> None:
    load = inbox.begin("pubmed", "file.xml", "aa", "1")
    inbox.store(load, Page((paper(1),), cursor="", rejected=(Reject("2", "odd"),), unknown=Counter(odd=2)))
    again = inbox.begin("pubmed", "file.xml", "aa", "1")
    assert (again.records, again.rejected, again.unknown) == (0, 0, ())
    assert list(inbox.quarantine()) == []


def test_quarantine_keeps_the_reason_and_the_first_bytes(inbox: Inbox) -> None:
    put(inbox, Page(rejected=(Reject("record 7", "no PMID", b"x" * 200_000),)))
    (one,) = inbox.quarantine()
    assert (one.source, one.origin, one.where, one.reason) == ("pubmed", "file.xml", "record 7", "no PMID")
    assert len(one.raw) == MAX_QUARANTINED


def test_a_page_is_stored_whole_or_not_at_all(inbox: Inbox, tmp_path: Path) -> None:
    load = inbox.begin("pubmed", "file.xml", "aa", "1")
    inbox.store(load, Page((paper(1),), cursor="1"))
    before = inbox.content_hash(), inbox.watermark()
    db = sqlite3.connect(tmp_path / "inbox.db")
    db.execute("CREATE TRIGGER full BEFORE UPDATE OF cursor ON load BEGIN SELECT RAISE(ABORT, 'disk is full'); END")
    db.commit()
    with pytest.raises(StoreError, match="cannot be written: disk is full"):
        inbox.store(load, Page((paper(2),), cursor="2", deleted=(("pmid:1", 9),)))
    db.execute("DROP TRIGGER full")
    db.close()
    assert (inbox.content_hash(), inbox.watermark()) == before
    inbox.store(load, Page((paper(2),), cursor="2"))
    assert inbox.counts()["publications"] == 2


def test_readers_see_one_state_while_others_write(inbox: Inbox) -> None:
    put(inbox, Page(tuple(map(paper, range(50)))))
    walk = inbox.publications()
    next(walk)
    turns = itertools.count()

    def write() -> None:
        for number in range(100, 110):
            put(inbox, Page((paper(number),)), sha256=str(next(turns)))

    threads = [threading.Thread(target=write) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(list(walk)) == 49
    assert inbox.counts()["publications"] == 60


def test_a_reader_may_end_after_the_inbox(inbox: Inbox) -> None:
    put(inbox, Page(records=tuple(paper(n) for n in range(3))))
    for begun in (inbox.publications(), inbox.nouns(Publication)):
        next(begun)
        inbox.close()
        begun.close()  # type: ignore[attr-defined]


def test_files_that_are_no_inbox(tmp_path: Path) -> None:
    path = tmp_path / "inbox.db"
    path.write_bytes(b"no database at all" * 100)
    with pytest.raises(StoreError, match=r"inbox\.db cannot be opened"):
        Inbox(path)
    other = sqlite3.connect(tmp_path / "other.db")
    other.execute("PRAGMA user_version = 99")
    other.close()
    with pytest.raises(StoreError, match="layout 99"):
        Inbox(tmp_path / "other.db")
    with pytest.raises(StoreError, match="cannot be opened"):
        Inbox(tmp_path / "no folder" / "inbox.db")
