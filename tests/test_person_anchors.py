"""The register says where each person id is anchored now, and no change to that goes unseen."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from test_ledger import tamper

from kolgraph.errors import LedgerError
from kolgraph.ledger import Ledger


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """Two ids, the first of which has moved twice."""
    one = Ledger(tmp_path / "ledger.db")
    one.issue([("person:a", "pmid:1#0"), ("person:b", "pmid:2#0")])
    one.move_anchors([("person:a", "pmid:3#0")])
    assert one.move_anchors([("person:a", "pmid:4#0"), ("person:b", "pmid:2#0")]) == 1
    yield one
    one.close()


def test_the_register_tells_the_latest_anchor_and_keeps_the_others(ledger: Ledger) -> None:
    assert ledger.register() == [("person:a", "pmid:4#0"), ("person:b", "pmid:2#0")]
    assert ledger.issued(["person:b", "person:a"]) == {"person:a": (1, "pmid:4#0"), "person:b": (2, "pmid:2#0")}
    assert [one.action for one in ledger.events("register.")] == ["register.issue", *["register.anchor"] * 2]
    assert ledger.move_anchors(ledger.register()) == ledger.issue(ledger.register()) == 0
    assert len(ledger.events()) == 3
    with pytest.raises(LedgerError, match='"person:c" was never issued'):
        ledger.move_anchors([("person:b", "pmid:5#0"), ("person:c", "pmid:6#0")])
    with pytest.raises(LedgerError, match="move_anchors"):
        ledger.append("register.anchor", "register", {"first": 3, "last": 3, "sha256": ""})
    assert ledger.register()[1] == ("person:b", "pmid:2#0")
    assert ledger.verify().ok


@pytest.mark.parametrize(
    ("statement", "first_bad", "reason"),
    [
        ("UPDATE anchors SET anchor = 'pmid:9#0' WHERE n = 1", 2, "anchors of ids that entry 2 issued"),
        ("UPDATE anchors SET person = 'person:b' WHERE n = 2", 3, "anchors of ids that entry 3 issued"),
        ("DELETE FROM anchors WHERE n = 2", 3, "altered"),
        ("INSERT INTO anchors VALUES (3, 'person:b', 'pmid:9#0')", None, "no entry issued"),
        ("INSERT INTO anchors VALUES (-3, 'person:b', 'pmid:9#0')", None, "no entry issued"),
        ("DROP TABLE anchors", 1, "no such table"),
    ],
)
def test_an_anchor_that_is_altered_is_named(ledger: Ledger, statement: str, first_bad: int | None, reason: str) -> None:
    db = tamper(ledger.path)
    db.executescript(statement)
    db.close()
    verdict = ledger.verify()
    assert not verdict.ok
    assert reason in verdict.reason
    assert verdict.first_bad == first_bad or "no such table" in reason


def test_the_engine_keeps_anchors(ledger: Ledger) -> None:
    db = sqlite3.connect(ledger.path)
    for statement in ("UPDATE anchors SET anchor = ''", "DELETE FROM anchors"):
        with pytest.raises(sqlite3.IntegrityError, match="stay"):
            db.execute(statement)
    db.close()


def test_a_ledger_from_before_anchors_moved_is_read_and_goes_on(ledger: Ledger, tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    old = Ledger(path)
    old.issue([("person:a", "pmid:1#0")])
    old.close()
    db = tamper(path)
    db.execute("DROP TABLE anchors")
    db.close()
    again = Ledger(path)
    assert again.verify().ok
    assert again.register() == [("person:a", "pmid:1#0")]
    again.move_anchors([("person:a", "pmid:2#0")])
    assert again.register() == [("person:a", "pmid:2#0")]
    assert again.verify().ok
    again.close()
