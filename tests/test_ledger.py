"""The ledger keeps what people decided: no change to it goes unseen, no writer can break it, undo loses nothing."""

import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kolgraph.engagements import NOTE, readable
from kolgraph.errors import LedgerError
from kolgraph.ledger import Ledger
from kolgraph.model import Judgement

PERSON = "person:aaaaaaaaaaaa"
OTHER = "person:bbbbbbbbbbbb"
APPEND = """
import sys
from pathlib import Path
from kolgraph.ledger import Ledger
ledger = Ledger(Path(sys.argv[1]))
for n in range(int(sys.argv[2])):
    print(ledger.append("engagement.plan", "", {"person": "person:p", "objective": str(n)}).seq, flush=True)
"""


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    opened = Ledger(tmp_path / "ledger.db")
    yield opened
    opened.close()


def fill(ledger: Ledger) -> None:
    planned = ledger.append("engagement.plan", "", {"person": PERSON, "objective": "Søk råd"}, why="monday plan")
    ledger.append("engagement.log", planned.object, {"held": "2026-03-02", "asked": "dose?", "unsolicited": True})
    ledger.append("judgement.different", "", {"a": "pmid:1#0", "b": "pmid:2#3"}, actor="ada", why="two countries")
    ledger.issue([(PERSON, "pmid:1#0"), (OTHER, "pmid:2#3")])
    ledger.redirect(OTHER, PERSON)


def tamper(path: Path) -> sqlite3.Connection:
    """What the owner of the file can do, triggers or not."""
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA synchronous = OFF")
    for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        db.execute("DROP TRIGGER " + name)
    return db


def test_an_entry_says_who_what_when_why_and_seals_the_one_before(ledger: Ledger) -> None:
    fill(ledger)
    first, second, *_ = events = ledger.events()
    assert [e.seq for e in events] == [1, 2, 3, 4, 5]
    assert (first.actor, first.action, first.why) == ("me", "engagement.plan", "monday plan")
    assert first.data == {"person": PERSON, "objective": "Søk råd"}
    assert second.prev == first.hash
    assert [e.seq for e in ledger.events("engagement.")] == [1, 2]
    assert [e.seq for e in ledger.events(object=OTHER)] == [5]
    verdict = ledger.verify()
    assert verdict.ok
    assert (verdict.count, verdict.head) == (5, events[-1].hash)
    assert ledger.watermark() == f"5:{events[-1].hash}"


def test_the_engine_refuses_to_change_or_delete(ledger: Ledger) -> None:
    fill(ledger)
    db = sqlite3.connect(ledger.path)
    for statement in (
        "UPDATE events SET why = ''",
        "DELETE FROM events",
        "UPDATE register SET anchor = ''",
        "DELETE FROM register",
    ):
        with pytest.raises(sqlite3.IntegrityError, match="stay"):
            db.execute(statement)
    db.close()
    assert ledger.verify().ok


def test_every_flipped_byte_of_every_row_is_named(ledger: Ledger) -> None:
    fill(ledger)
    db = tamper(ledger.path)
    flips = 0
    for column in ("time", "actor", "action", "object", "why", "data", "prev", "hash"):
        for seq, stored in db.execute(f"SELECT seq, CAST({column} AS BLOB) FROM events").fetchall():
            for place, byte in enumerate(stored):
                bit = 128 if place % 2 else 1  # no UTF-8 any more, or another letter
                changed = stored[:place] + bytes([byte ^ bit]) + stored[place + 1 :]
                db.execute(f"UPDATE events SET {column} = CAST(? AS TEXT) WHERE seq = ?", (changed, seq))
                verdict = ledger.verify()
                assert (verdict.ok, verdict.first_bad) == (False, seq), (column, seq, place, verdict)
                flips += 1
            db.execute(f"UPDATE events SET {column} = CAST(? AS TEXT) WHERE seq = ?", (stored, seq))
    assert flips > 1000
    for column in ("person", "anchor"):
        for n, stored in db.execute(f"SELECT n, {column} FROM register").fetchall():
            for place in range(len(stored)):
                changed = stored[:place] + chr(ord(stored[place]) ^ 1) + stored[place + 1 :]
                db.execute(f"UPDATE register SET {column} = ? WHERE n = ?", (changed, n))
                assert ledger.verify().first_bad == 4
            db.execute(f"UPDATE register SET {column} = ? WHERE n = ?", (stored, n))
    assert ledger.verify().ok
    db.close()


def test_a_flipped_byte_of_the_file_is_seen_or_changes_nothing(ledger: Ledger, tmp_path: Path) -> None:
    fill(ledger)
    entries, ids = ledger.events(), ledger.register()
    ledger.close()
    content = (tmp_path / "ledger.db").read_bytes()
    broken = tmp_path / "broken.db"
    seen = 0
    for place in [n for n, byte in enumerate(content) if byte]:
        broken.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        for leftover in tmp_path.glob("broken.db-*"):
            leftover.unlink()
        try:
            opened = Ledger(broken)
        except LedgerError:
            seen += 1
            continue
        verdict = opened.verify((5, entries[-1].hash))
        if verdict.ok:
            assert (opened.events(), opened.register()) == (entries, ids), place
        seen += not verdict.ok
        opened.close()
    assert seen > 50


@pytest.mark.parametrize(
    ("statement", "first_bad", "reason"),
    [
        ("DELETE FROM events WHERE seq = 1", 1, "entry 1 is missing; the next one is 2"),
        ("DELETE FROM events WHERE seq = 3", 3, "entry 3 is missing"),
        ("DELETE FROM events WHERE seq >= 4", 4, "entries 4 to 5 are gone"),
        ("DELETE FROM events", 1, "entries 1 to 5 are gone"),
        ("UPDATE events SET seq = CASE seq WHEN 2 THEN -3 ELSE -2 END WHERE seq IN (2, 3)", 1, "follows a stranger"),
        ("DELETE FROM events WHERE seq = 2; UPDATE events SET seq = seq - 1 WHERE seq > 2", 2, "does not follow"),
        ("UPDATE events SET seq = 100 WHERE seq = 5", 5, "entry 5 is missing"),
        ("INSERT INTO register VALUES (3, 'person:c', 'pmid:3#0')", None, "no entry issued"),
        ("DELETE FROM register WHERE n = 2", 4, "altered"),
    ],
)
def test_a_row_taken_out_put_in_or_moved_is_named(
    ledger: Ledger, statement: str, first_bad: int | None, reason: str
) -> None:
    fill(ledger)
    db = tamper(ledger.path)
    db.executescript(statement)
    db.close()
    verdict = ledger.verify()
    assert not verdict.ok
    assert verdict.first_bad == first_bad
    assert reason in verdict.reason


def test_two_rows_swapped_are_named(ledger: Ledger) -> None:
    fill(ledger)
    db = tamper(ledger.path)
    db.executescript(
        "UPDATE events SET seq = 30 WHERE seq = 3; UPDATE events SET seq = 3 WHERE seq = 2;"
        "UPDATE events SET seq = 2 WHERE seq = 30"
    )
    db.close()
    assert ledger.verify().first_bad == 2


def test_an_anchor_shows_a_tail_cut_and_a_chain_made_anew(ledger: Ledger, tmp_path: Path) -> None:
    fill(ledger)
    seq, head = ledger.watermark().split(":")
    anchor = (int(seq), head)
    assert ledger.verify(anchor).ok
    db = tamper(ledger.path)
    db.executescript("DELETE FROM events WHERE seq > 3; DELETE FROM register; DELETE FROM sqlite_sequence")
    db.close()
    assert ledger.verify().ok  # nothing left to see it by
    verdict = ledger.verify(anchor)
    assert (verdict.ok, verdict.first_bad, verdict.reason) == (False, 4, "entries 4 to 5 are gone")
    again = Ledger(tmp_path / "anew.db")
    fill(again)
    verdict = again.verify(anchor)
    assert (verdict.ok, verdict.first_bad) == (False, 5)
    again.close()


def test_a_file_that_is_no_ledger_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "ledger.db").write_bytes(b"something else, long enough to be looked at" * 50)
    with pytest.raises(LedgerError, match="not a database"):
        Ledger(tmp_path / "ledger.db")


@pytest.mark.parametrize(
    ("action", "data", "message"),
    [
        ("engagement.erase", {}, 'unknown action "engagement.erase"'),
        ("register.issue", {}, "issue"),
        ("engagement.plan", {"person": PERSON, "mood": "good"}, 'no field "mood"'),
        ("engagement.plan", {"person": PERSON, "due": "2026-02-30"}, 'due is "2026-02-30"'),
        ("engagement.plan", {"person": PERSON, "due": "20260220"}, "YYYY-MM-DD"),
        ("engagement.plan", {"person": PERSON, "due": 20260220}, "YYYY-MM-DD"),
        ("engagement.plan", {"person": "Ada Example"}, "begins with person:"),
        ("engagement.plan", {"person": PERSON, "objective": 7}, "objective is int, not text"),
        ("engagement.plan", {"person": PERSON, "objective": "\ud800"}, "lone surrogate"),
        ("engagement.log", {"person": PERSON, "held": "2026-01-01", "said": "x" * (NOTE + 1)}, "4,001 characters"),
        ("engagement.log", {"person": PERSON, "held": "2026-01-01", "safety": "yes"}, "true or false"),
        ("engagement.log", {"person": PERSON}, "day of the exchange is missing"),
        ("engagement.change", {"due": "2026-01-01"}, "plan it first"),
        ("judgement.same", {"a": "pmid:1#0", "b": "somebody"}, '"somebody" is no mention'),
        ("judgement.same", {"a": "pmid:1#0", "b": "pmid:1#0"}, "against itself"),
        ("judgement.same", {"a": "pmid:1#0"}, "takes a, b"),
    ],
)
def test_a_bad_entry_is_refused_in_one_line_and_leaves_nothing(
    ledger: Ledger, action: str, data: dict[str, object], message: str
) -> None:
    with pytest.raises(LedgerError, match=message) as refused:
        ledger.append(action, "", data)
    assert "\n" not in str(refused.value)
    assert ledger.verify().count == 0


def test_an_engagement_is_planned_changed_logged_and_every_undo_is_a_new_version(ledger: Ledger) -> None:
    planned = ledger.append("engagement.plan", "", {"person": PERSON, "objective": "ask", "due": "2026-05-04"})
    id = planned.object
    ledger.append("engagement.change", id, {"due": "2026-05-11", "channel": "video"})
    ledger.append("engagement.log", id, {"held": "2026-05-11", "said": "more data", "follow_up": "2026-06-01"})
    (done,) = ledger.engagements(person=PERSON, status="done")
    assert (done.version, done.due, done.channel, done.said) == (3, "2026-05-11", "video", "more data")
    ledger.append("engagement.cancel", id)
    with pytest.raises(LedgerError, match="restore it first"):
        ledger.append("engagement.change", id, {"due": "2026-05-12"})
    ledger.append("engagement.restore", id)
    (restored,) = ledger.engagements()
    assert (restored.version, restored.status, restored.said) == (5, "done", "more data")
    ledger.append("engagement.restore", id, {"version": 1})
    (first,) = ledger.engagements()
    assert (first.version, first.status, first.due, first.said) == (6, "planned", "2026-05-04", "")
    assert [one.version for one in ledger.versions(id)] == [1, 2, 3, 4, 5, 6]
    for version in (0, 7):
        with pytest.raises(LedgerError, match="it has 1 to 6"):
            ledger.append("engagement.restore", id, {"version": version})
    with pytest.raises(LedgerError, match="nothing to change"):
        ledger.append("engagement.change", id)
    with pytest.raises(LedgerError, match="stands already"):
        ledger.append("engagement.plan", id, {"person": PERSON})
    reopened = Ledger(ledger.path)
    assert reopened.engagements() == [first]
    reopened.close()


def test_engagements_come_by_due_date_and_an_unplanned_one_can_be_logged(ledger: Ledger) -> None:
    for person, due in ((PERSON, ""), (OTHER, "2026-03-01"), (PERSON, "2026-02-01")):
        ledger.append("engagement.plan", "", {"person": person, "due": due})
    ledger.append("engagement.log", "", {"person": OTHER, "held": "2026-01-09", "needs": "reprint"})
    assert [e.due for e in ledger.engagements(status="planned")] == ["2026-02-01", "2026-03-01", ""]
    assert [e.needs for e in ledger.engagements(person=OTHER, status="done")] == ["reprint"]


def test_the_last_word_on_a_pair_counts(ledger: Ledger) -> None:
    pair = {"a": "pmid:9#1", "b": "nct:NCT00000001#0"}
    ledger.append("judgement.same", "", pair, actor="ada", why="same e-mail")
    ledger.append("judgement.different", "", {"a": pair["b"], "b": pair["a"]}, actor="bo", why="asked her")
    assert ledger.judgements() == [Judgement(False, pair["b"], pair["a"], "bo", "asked her", 2)]
    ledger.append("judgement.withdraw", "", pair)
    assert ledger.judgements() == []


def test_ids_are_issued_once_and_redirects_follow_each_other(ledger: Ledger) -> None:
    rows = [(f"person:{n}", f"pmid:{n}#0") for n in range(1, 2001)]
    assert ledger.issue(rows) == 2000
    assert ledger.issue([*rows, ("person:new", "pmid:1#1")]) == 1
    assert ledger.register() == [*rows, ("person:new", "pmid:1#1")]
    with pytest.raises(LedgerError, match="issued before for another mention"):
        ledger.issue([("person:fresh", "pmid:5#5"), ("person:7", "pmid:8#0")])
    assert len(ledger.register()) == 2001
    ledger.redirect("person:3", "person:2")
    ledger.redirect("person:2", "person:1")
    ledger.redirect("person:2", "person:1")
    assert len(ledger.events("register.redirect")) == 2
    assert [ledger.follow(f"person:{n}") for n in (1, 2, 3, 4)] == ["person:1", "person:1", "person:1", "person:4"]
    ledger.append("engagement.plan", "", {"person": "person:3"})
    assert [e.person for e in ledger.engagements(person="person:1")] == ["person:1"]
    ledger.redirect("person:1", "person:3")  # the other way round: no ring
    assert {ledger.follow(f"person:{n}") for n in (1, 2, 3)} == {"person:3"}
    ledger.redirect("person:1", "person:1")  # its own again
    assert ledger.follow("person:2") == "person:1"
    assert ledger.verify().ok


def test_threads_and_processes_append_to_one_chain(ledger: Ledger) -> None:
    command = [sys.executable, "-c", APPEND, str(ledger.path), "20"]
    others = [subprocess.Popen(command, stdout=subprocess.DEVNULL) for _ in range(2)]

    def work(_: int) -> None:
        for _ in range(20):
            ledger.append("engagement.plan", "", {"person": PERSON})
            ledger.engagements(person=OTHER)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))
    assert [process.wait() for process in others] == [0, 0]
    verdict = ledger.verify()
    assert verdict.ok, verdict
    assert verdict.count == 200
    assert len(ledger.engagements()) == 200


def test_a_killed_writer_leaves_a_whole_chain_with_all_it_promised(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    for stop_after in (1, 4, 9, 23):
        process = subprocess.Popen([sys.executable, "-c", APPEND, str(path), "100000"], stdout=subprocess.PIPE)
        assert process.stdout
        promised = [int(process.stdout.readline()) for _ in range(stop_after)][-1]
        process.send_signal(signal.SIGKILL)
        promised = max(promised, *map(int, process.stdout.read().split()), 0)
        process.wait()
        process.stdout.close()
        ledger = Ledger(path)
        verdict = ledger.verify()
        assert verdict.ok, verdict
        assert promised <= verdict.count <= promised + 1
        assert len(ledger.engagements()) == verdict.count
        ledger.close()


def test_a_copied_file_is_a_whole_ledger(ledger: Ledger, tmp_path: Path) -> None:
    fill(ledger)
    shutil.copy(ledger.path, tmp_path / "copy.db")
    copy = Ledger(tmp_path / "copy.db")
    assert copy.verify() == ledger.verify()
    copy.close()


def test_readable_text_has_no_marks_that_reorder_or_hide() -> None:
    assert readable("a\u202eb\u2066c\x00d\x1be\ud800\r\nf\tg\u200e") == "abcde\nf\tg"
    assert readable("e\u0301") == "é"
    assert readable("क्\u200dष") == "क्\u200dष"  # a joiner that the script needs


def test_who_is_watched_follows_merges_and_the_last_word(ledger: Ledger) -> None:
    for person in (PERSON, OTHER):
        ledger.append("watch.add", person, why=f"follows {person[-1]}")
    assert list(ledger.watched()) == [OTHER, PERSON]
    ledger.redirect(OTHER, PERSON)
    assert {id: [event.object for event in events] for id, events in ledger.watched().items()} == {
        PERSON: [OTHER, PERSON]
    }
    ledger.append("watch.remove", OTHER)
    assert [event.why for event in ledger.watched()[PERSON]] == ["follows a"]
    ledger.append("watch.remove", PERSON)
    assert ledger.watched() == {}
    ledger.append("watch.add", PERSON)
    assert list(ledger.watched()) == [PERSON]
    with pytest.raises(LedgerError, match="cannot be watched"):
        ledger.append("watch.add", "pmid:1")
