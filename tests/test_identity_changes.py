"""What differs between two resolutions: each kind by a small case, then laws over random ones."""

from collections import Counter
from itertools import permutations
from typing import Any

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from kolgraph.resolve.changes import CHANGES, KINDS, changes

Who = dict[str, str]  # mention -> person
SCHEMA = pa.schema([("record", pa.string()), ("position", pa.int32()), ("person", pa.string()), ("name", pa.string())])


def mentions(who: Who, names: dict[str, str] | None = None) -> pa.Table:
    rows = []
    for key, person in sorted(who.items()):
        record, _, position = key.rpartition("#")
        name = (names or {}).get(key, f"Name of {key}")
        rows.append({"record": record, "position": int(position), "person": person, "name": name})
    return pa.Table.from_pylist(rows, schema=SCHEMA)


def told(before: Who, after: Who, redirects: dict[str, str] | None = None, **more: Any) -> list[dict[str, Any]]:
    found = changes(mentions(before), mentions(after), redirects or {}, **more)
    assert found.schema == CHANGES
    return found.to_pylist()


A, B = {f"pmid:1{k}#0": "person:a" for k in range(3)}, {f"pmid:2{k}#0": "person:b" for k in range(2)}


def test_nothing_changed_is_an_empty_table() -> None:
    assert told(A | B, A | B) == []
    assert told({}, {}) == []


def test_created_is_made_of_new_mentions_only_and_grown_has_got_some() -> None:
    new = {"pmid:30#0": "person:c", "pmid:31#0": "person:c", "pmid:32#0": "person:a"}
    created, grown = told(A | B, A | B | new)
    assert (created["kind"], created["person"], created["mentions"]) == ("created", "person:c", 2)
    assert (grown["kind"], grown["person"], grown["mentions"], grown["name"]) == (
        "grown",
        "person:a",
        1,
        "Name of pmid:10#0",
    )


def test_gone_has_no_mention_left() -> None:
    (gone,) = told(A | B, A)
    assert (gone["kind"], gone["person"], gone["mentions"], gone["a"]) == ("gone", "person:b", 2, "")


def test_merged_says_who_and_how_many_mentions_each() -> None:
    (merged,) = told(A | B, dict.fromkeys(A | B, "person:a"), {"person:b": "person:a"}, date="2026-01-02")
    assert merged["kind"] == "merged"
    assert (merged["person"], merged["other"], merged["kept"], merged["mentions"]) == ("person:a", "person:b", 3, 2)
    assert (merged["keys"], merged["rest"]) == (list(B), list(A))  # judged apart, these undo it
    assert (merged["name"], merged["other_name"]) == ("Name of pmid:10#0", "Name of pmid:20#0")
    assert merged["date"] == "2026-01-02"


def test_three_who_are_one_are_two_merges() -> None:
    before = A | B | {"pmid:30#1": "person:c"}
    found = told(before, dict.fromkeys(before, "person:b"), {"person:a": "person:b", "person:c": "person:b"})
    assert [(row["kind"], row["person"], row["other"], row["mentions"], row["kept"]) for row in found] == [
        ("merged", "person:b", "person:a", 3, 2),
        ("merged", "person:b", "person:c", 1, 2),
    ]


def test_split_gives_the_part_that_left() -> None:
    (split,) = told(A, A | {"pmid:12#0": "person:z"})
    assert (split["kind"], split["person"], split["other"]) == ("split", "person:a", "person:z")
    assert (split["mentions"], split["kept"], split["a"], split["keys"]) == (1, 2, "pmid:10#0", ["pmid:12#0"])


def test_moved_lists_the_mentions_and_one_that_the_other_had() -> None:
    (moved,) = told(A | B, A | B | {"pmid:11#0": "person:b", "pmid:12#0": "person:b"})
    assert (moved["kind"], moved["person"], moved["other"]) == ("moved", "person:a", "person:b")
    assert (moved["mentions"], moved["kept"]) == (2, 1)
    assert moved["keys"] == ["pmid:11#0", "pmid:12#0"]
    assert (moved["a"], moved["rest"]) == ("pmid:10#0", list(B))


def test_an_id_that_ended_with_its_mention_is_the_person_who_holds_the_rest() -> None:
    rest = {"pmid:11#0": "person:new", "pmid:12#0": "person:new", "pmid:13#0": "person:new"}
    (grown,) = told(A, rest)
    assert (grown["kind"], grown["person"], grown["mentions"]) == ("grown", "person:new", 1)


def test_a_record_under_another_id_is_no_news() -> None:
    after = {"pmid:10#0": "person:a", "pmid:11#0": "person:a", "doi:10.1/x#3": "person:a"}
    now = {"pmid:12#0": "doi:10.1/x#3"}
    assert told(A, after, moved=lambda keys: {key: now[key] for key in keys}) == []
    assert [row["kind"] for row in told(A, after)] == ["grown"]


def test_two_mentions_that_have_become_one_count_once() -> None:
    before = {"doi:1#0": "person:b", "pmid:1#0": "person:a"}
    now = {"doi:1#0": "pmid:1#0"}
    found = told(before, {"pmid:1#0": "person:a"}, {"person:b": "person:a"}, moved=lambda keys: now)
    assert sum(row["mentions"] for row in found if row["kind"] == "merged") <= 1
    assert "grown" not in {row["kind"] for row in found}


def test_the_longest_spelling_names_a_person_and_capitals_come_last() -> None:
    names = {"pmid:1#0": "A Ash", "pmid:2#0": "ANNA ASH", "pmid:3#0": "Anna Ash"}
    before = mentions(dict.fromkeys(names, "person:a"), names)
    (gone,) = changes(before, mentions({}), {}).to_pylist()
    assert gone["name"] == "Anna Ash"


KEYS = st.sampled_from([f"pmid:{n}#{position}" for n in range(6) for position in (0, 2, 10)])
PERSONS = st.sampled_from([f"person:{letter}" for letter in "abcdef"])
RESOLUTION = st.dictionaries(KEYS, PERSONS, max_size=14)


@given(RESOLUTION, RESOLUTION)
def test_every_mention_that_changed_hands_is_told_once(before: Who, after: Who) -> None:
    found = told(before, after)
    assert [row["kind"] for row in found] == sorted((row["kind"] for row in found), key=KINDS.index)
    counts = Counter[str]()
    for row in found:
        counts[row["kind"]] += row["mentions"]
        if row["kind"] in ("merged", "split", "moved"):
            assert row["person"] != row["other"]
            assert {row["a"], *row["keys"], *row["rest"]} - {""} <= set(after)
            assert len(row["keys"]) == row["mentions"]
            assert {after[key] for key in row["keys"]} == {row["person" if row["kind"] == "merged" else "other"]}
            assert all(before[key] != row["other"] for key in row["keys"]) or row["kind"] == "merged"
    new = [key for key in after if key not in before]
    persons_before, persons_after = set(before.values()), set(after.values())
    if persons_before == persons_after:  # nobody came or went: what changed hands is moved
        assert counts["moved"] == sum(before[key] != after[key] for key in after if key in before)
        assert counts["grown"] == len(new)
        assert counts["merged"] == counts["split"] == counts["gone"] == counts["created"] == 0
    assert all(not row["keys"] for row in found if row["kind"] in ("gone", "created", "grown"))
    assert counts["grown"] + counts["created"] <= len(new)


@given(RESOLUTION, RESOLUTION, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_nothing(before: Who, after: Who, random: Any) -> None:
    one, two = mentions(before), mentions(after)
    shuffled = [pa.Table.from_pylist(random.sample(t.to_pylist(), len(t)), schema=SCHEMA) for t in (one, two)]
    assert changes(*shuffled, {}).equals(changes(one, two, {}))


def test_swapped_ids_are_told_from_either_side() -> None:
    for first, second in permutations(("person:a", "person:b")):
        found = told({"pmid:1#0": first, "pmid:2#0": second}, {"pmid:1#0": second, "pmid:2#0": first})
        assert [row["kind"] for row in found] == ["moved", "moved"]


def test_moved_names_both_as_they_were_called_before() -> None:
    names = {"pmid:1#0": "Ann Ash", "pmid:2#0": "Ann Ash", "pmid:3#0": "Bo Ek"}
    before = mentions({"pmid:1#0": "person:a", "pmid:2#0": "person:a", "pmid:3#0": "person:b"}, names)
    after = mentions({"pmid:1#0": "person:a", "pmid:2#0": "person:b", "pmid:3#0": "person:b"}, names)
    (moved,) = changes(before, after, {}).to_pylist()
    assert (moved["name"], moved["other_name"]) == ("Ann Ash", "Bo Ek")
