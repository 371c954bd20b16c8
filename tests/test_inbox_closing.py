"""What a source no longer says is closed, not lost: withdrawn, merged, or left out when its group came anew."""

import itertools
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kolgraph.inbox import Inbox
from kolgraph.loading import Page, Record
from kolgraph.model import Payment, Trial

YEAR = "payments of 2014"
NUMBERS = itertools.count()


def payment(number: int, amount: float = 1.0, version: int = 1, group: str = YEAR) -> Record:
    noun = Payment(f"openpayments:2014:{number}", "general", 2014, amount)
    return Record(noun.id, f"{number},{amount}".encode(), noun, version, group)


def walk(inbox: Inbox, *pages: Page, origin: str = "", state: str = "done") -> None:
    load = inbox.begin("openpayments", origin or f"file {next(NUMBERS)}", "00", "1")
    for page in pages:
        inbox.store(load, page)
    if state:
        inbox.finish(load, state)


def edition(mark: str, *numbers: int, amount: float = 1.0) -> list[Page]:
    """A year as it is published: one record a page, the groups and the mark on the last."""
    records = [payment(number, amount) for number in numbers]
    pages = [Page((record,), cursor=str(place)) for place, record in enumerate(records)]
    return [*pages, Page(replaces=(YEAR,), mark=mark)]


def open_ids(inbox: Inbox) -> list[int]:
    found = [int(one.id.rpartition(":")[2]) for one in inbox.nouns(Payment)]
    assert inbox.counts().get("payments", 0) == len(found)
    return found


def test_a_new_edition_closes_what_it_leaves_out(inbox: Inbox) -> None:
    walk(inbox, *edition("2015-06-30", 1, 2, 3))
    walk(inbox, Page((payment(9, group="payments of 2013"), payment(8, group=""))))
    before = inbox.watermark()
    walk(inbox, *edition("2016-01-20", 2, 3, 4, amount=2.0))
    assert open_ids(inbox) == [2, 3, 4, 8, 9]
    assert inbox.watermark() != before
    assert inbox.closed() == {"replaced": 1}
    assert inbox.record("openpayments:2014:1") is None
    assert inbox.provenance(["openpayments:2014:1"]) == {}
    walk(inbox, *edition("2017-01-20", 1, 2, 3))
    assert open_ids(inbox) == [1, 2, 3, 8, 9]


@pytest.mark.parametrize("state", ["", "incomplete", "failed"])
def test_an_unfinished_walk_closes_nothing(inbox: Inbox, state: str) -> None:
    walk(inbox, *edition("2015-06-30", 1, 2, 3))
    walk(inbox, *edition("2016-01-20", 2), origin="cut", state=state)
    assert open_ids(inbox) == [1, 2, 3]
    walk(inbox, *edition("2016-01-20", 2), origin="cut")
    assert open_ids(inbox) == [2]


def test_a_walk_that_was_stopped_counts_what_it_brought_before(inbox: Inbox) -> None:
    walk(inbox, *edition("2015-06-30", 1, 2, 3, 4))
    first, second, *rest = edition("2016-01-20", 2, 3)
    walk(inbox, first, origin="january", state="")
    walk(inbox, second, *rest, origin="january")
    assert open_ids(inbox) == [2, 3]


def test_an_older_edition_that_comes_late_brings_nothing_back(inbox: Inbox) -> None:
    walk(inbox, *edition("2016-01-20", 2, 3, 4))
    walk(inbox, *edition("2015-06-30", 1, 2, 3))
    assert open_ids(inbox) == [2, 3, 4]


EDITIONS = st.lists(st.lists(st.integers(1, 5), unique=True, max_size=4), min_size=1, max_size=4)


@given(EDITIONS, st.randoms(use_true_random=False))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_latest_edition_counts_in_whatever_order_they_are_loaded(
    tmp_path: Path, editions: list[list[int]], random: object
) -> None:
    walks = [edition(f"{2015 + place}", *numbers) for place, numbers in enumerate(editions)]
    shuffled = list(walks)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    hashes = set()
    for order in (walks, shuffled):
        one = Inbox(tmp_path / f"{next(NUMBERS)}.db")
        for pages in order:
            walk(one, *pages)
        assert open_ids(one) == sorted(editions[-1])
        hashes.add((one.content_hash(), one.watermark()))
        one.close()
    assert len(hashes) == 1


def test_a_record_that_moves_to_another_group_stays(inbox: Inbox) -> None:
    """PubMed's baseline: the records of a file may lie in another file of the next year."""
    old, new = "baseline 14", "baseline 15"
    walk(inbox, Page((payment(1, group=old), payment(2, group=old)), replaces=(old,), mark="2025"))
    walk(inbox, Page((payment(3, group=new),), replaces=(new,), mark="2025"))
    for order in (0, 1):
        pages = [
            Page((payment(1, group=old),), replaces=(old,), mark=f"{2026 + order}"),
            Page((payment(2, group=new),), replaces=(new,), mark=f"{2026 + order}"),
        ]
        for page in reversed(pages) if order else pages:
            walk(inbox, page)
        assert open_ids(inbox) == [1, 2]


def test_withdrawn_records_are_kept_and_a_later_state_opens_them(inbox: Inbox) -> None:
    walk(inbox, Page((payment(1, version=2), payment(2, version=2))))
    walk(inbox, Page(deleted=(("openpayments:2014:1", 3), ("openpayments:2014:7", 3))))
    assert (open_ids(inbox), inbox.closed()) == ([2], {"withdrawn": 1})
    walk(inbox, Page((payment(7, version=3),)))
    assert (open_ids(inbox), inbox.closed()) == ([2], {"withdrawn": 2})
    walk(inbox, Page((payment(1, version=4), payment(7, version=2))))
    assert (open_ids(inbox), inbox.closed()) == ([1, 2], {"withdrawn": 1})


ID = "openpayments:2014:{}".format


def test_an_old_id_leads_to_the_record_that_it_means_now(inbox: Inbox) -> None:
    walk(inbox, Page((payment(1), payment(2)), aliases=((ID(1), ID(5)), (ID(5), ID(6)))))
    assert open_ids(inbox) == [1, 2]  # what it means now is not here yet: the old record still tells something
    found = inbox.record(ID(1))
    assert found is not None
    assert found[0].id == ID(1)
    walk(inbox, Page((payment(6),)))
    assert (open_ids(inbox), inbox.closed()) == ([2, 6], {"merged": 1})
    for old in (1, 5):
        found = inbox.record(ID(old))
        assert found is not None
        assert found[0].id == ID(6)
        assert inbox.raw(ID(old)) == payment(6).raw
        assert inbox.provenance([ID(old)]).keys() == {ID(old)}
    assert inbox.aliases() == {ID(1): ID(6), ID(5): ID(6)}
    walk(inbox, Page((payment(1, version=9),)))
    assert open_ids(inbox) == [2, 6]


def test_aliases_that_lead_in_a_circle_mean_nothing(inbox: Inbox) -> None:
    circle = ((ID(1), ID(2)), (ID(2), ID(3)), (ID(3), ID(1)), (ID(4), ID(4)), (ID(7), ID(3)))
    walk(inbox, Page(tuple(map(payment, range(1, 5))), aliases=circle))
    assert open_ids(inbox) == [1, 2, 3, 4]
    assert inbox.aliases() == {}


STEPS: dict[str, Callable[[int, int], Page]] = {
    "record": lambda a, b: Page((payment(a, version=b, group=""),)),
    "delete": lambda a, b: Page(deleted=((ID(a), b),)),
    "merge": lambda a, b: Page(aliases=((ID(a), ID(a + 1)),)),
}


@given(
    st.lists(st.tuples(st.sampled_from(sorted(STEPS)), st.integers(1, 3), st.integers(1, 3)), max_size=8),
    st.randoms(use_true_random=False),
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_in_whatever_order_records_withdrawals_and_aliases_come(
    tmp_path: Path, steps: list[tuple[str, int, int]], random: object
) -> None:
    shuffled = list(steps)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    results = []
    for order in (steps, shuffled + steps):
        one = Inbox(tmp_path / f"{next(NUMBERS)}.db")
        walk(one, *(STEPS[kind](a, b) for kind, a, b in order))
        results.append((one.content_hash(), one.watermark(), list(one.nouns(Payment)), one.aliases()))
        one.close()
    assert results[0] == results[1]
    held = {a for kind, a, _ in steps if kind == "record"}
    merged = {a for kind, a, _ in steps if kind == "merge"}
    for a in range(1, 4):
        versions = [b for kind, n, b in steps if (kind, n) == ("record", a)]
        gone = max((b for kind, n, b in steps if (kind, n) == ("delete", a)), default=0)
        end = next(n for n in range(a, 9) if n not in merged)
        alive = bool(versions) and max(versions) > gone and held.isdisjoint(range(a + 1, end + 1))
        assert (ID(a) in {one.id for one in results[0][2]}) == alive


def test_a_kept_record_changes_nothing_when_it_comes_again(inbox: Inbox) -> None:
    walk(inbox, *edition("2015", 1, 2))
    before = inbox.watermark(), inbox.content_hash(), inbox.provenance([ID(1)])
    walk(inbox, *edition("2016", 1, 2))
    assert (inbox.watermark(), inbox.content_hash(), inbox.provenance([ID(1)])) == before
    changed = replace(payment(1), raw=b"other")
    walk(inbox, Page((changed, payment(2)), replaces=(YEAR,), mark="2017"))
    assert inbox.watermark() != before[0]


def test_records_that_say_themselves_what_they_were_called(inbox: Inbox) -> None:
    trial = Trial("nct:NCT90000001", aliases=("nct:NCT90000002",))
    walk(inbox, Page((Record(trial.id, b"x", trial),)))
    assert inbox.aliases() == {"nct:NCT90000002": trial.id}
    found = inbox.record("nct:NCT90000002")
    assert found is not None
    assert found[0] == trial
