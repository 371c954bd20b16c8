"""Identity on the command line: decide, look, undo, ask why, carry mentions away."""

import csv
import json
import shutil
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

Answer = tuple[int, str, str]
Run = Callable[..., Answer]


@pytest.fixture
def own(run: Run, small_world: Path, tmp_path: Path) -> Run:
    """Commands on a copy of the small world."""
    shutil.copytree(small_world, tmp_path / "ws")
    return run


@pytest.fixture
def mentions(small_world: Path) -> dict[str, list[str]]:
    """Person -> mentions, those with the most first."""
    columns = ["record", "position", "person"]
    found: dict[str, list[str]] = defaultdict(list)
    for row in pq.read_table(small_world / "resolved" / "mentions.parquet", columns=columns).to_pylist():
        found[row["person"]].append(f"{row['record']}#{row['position']}")
    return dict(sorted(found.items(), key=lambda each: -len(each[1])))


def strangers(mentions: dict[str, list[str]]) -> tuple[str, str]:
    """Two people on no common record: nothing but a decision could join them, and nothing forbids it."""
    records = {person: {key.partition("#")[0] for key in keys} for person, keys in mentions.items()}
    one, *others = mentions
    return one, next(other for other in others if not records[one] & records[other])


def test_a_decision_is_made_heard_listed_and_undone(own: Run, mentions: dict[str, list[str]]) -> None:
    one, two = strangers(mentions)
    assert own("judge", "--list")[1].startswith("Nothing is decided yet: kolgraph judge --same A B")
    code, out, _ = own("judge", "--same", one, two, "--because", "one e-mail\naddress")
    assert code == 0
    said, before, following = out.splitlines()
    assert said.startswith("entry ")
    assert one in before
    assert two in before
    assert following == "1 decision waits to be heard. Next: kolgraph run"
    assert own("resolve")[0] == 0
    assert own("judge", "--list")[1].splitlines()[-1].strip() == "because one e-mail\\naddress"
    held = json.loads(own("explain", one, "--json")[1])
    assert held["id"] in (one, two)
    assert {*mentions[one], *mentions[two]} == {*held["mentions"]}
    number = json.loads(own("judge", "--list", "--json")[1])["decisions"][0]["entry"]
    told = own("explain", one)[1]
    assert f"decides: judged one person by me (entry {number}: one e-mail" in told
    done = json.loads(own("judge", "--undo", str(number), "--json")[1])
    assert (done["verdict"], done["undoes"], done["pending"]) == ("undo", number, 1)
    assert "(undone)" in own("judge", "--list")[1]
    assert own("judge", "--undo", str(number))[0] == 7


def test_a_split_takes_the_rest_of_the_person(own: Run, mentions: dict[str, list[str]]) -> None:
    person, keys = next(iter(mentions.items()))
    done = json.loads(own("judge", "--split", *keys[:2], "--from", person, "--because", "a namesake", "--json")[1])
    assert (done["out"], done["rest"]) == (keys[:2], keys[2:])
    assert own("resolve")[0] == 0
    held = json.loads(own("explain", person, "--json")[1])["mentions"]
    assert sorted(held) in (sorted(keys[:2]), sorted(keys[2:]))
    listed = own("judge", "--list")[1]
    assert f"split {keys[0]} {keys[1]} from {len(keys) - 2} others" in listed
    assert "wait" not in listed


def test_what_cannot_all_hold_is_listed(own: Run, mentions: dict[str, list[str]]) -> None:
    a, b, c, *_ = next(iter(mentions.values()))
    for verdict, one, two in (("--apart", a, b), ("--same", b, c), ("--same", a, c)):
        assert own("judge", verdict, one, two, "--because", "said so")[0] == 0
    own("resolve")
    (trouble,) = json.loads(own("judge", "--list", "--json")[1])["trouble"]
    assert trouble["kind"] == "contradiction"
    assert f"contradiction: {trouble['text']}" in own("judge", "--list")[1].splitlines()
    assert a in trouble["text"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "say one of --list"),
        (["--same", "--apart", "pmid:1#0", "pmid:2#0"], "say one of --list"),
        (["--same", "pmid:1#0", "--because", "x"], "--same takes two mentions or persons: 1 given"),
        (["--apart", "pmid:1#0", "pmid:2#0"], "--because"),
        (["--same", "pmid:1#0", "pmid:2#0", "--because", " "], "a decision needs a reason"),
        (["--same", "pmid:1#0", "pmid:2#0", "--because", "x"], 'no mention "pmid:1#0" is resolved'),
        (["--same", "person:no", "pmid:2#0", "--because", "x"], 'no person has the id "person:no"'),
        (["--split", "pmid:1#0", "--because", "x"], "--from the person"),
        (["--split", "pmid:1#0", "--from", "person:no", "--because", "x"], 'no person has the id "person:no"'),
        (["--list", "pmid:1#0"], "--list takes no mention"),
        (["--same", "pmid:1#0", "pmid:2#0", "--from", "person:no", "--because", "x"], "--from goes with --split"),
        (["--undo", "1"], "entry 1 decides nothing about identity"),
    ],
)
def test_a_wrong_decision_is_one_line_and_leaves_nothing(own: Run, arguments: list[str], message: str) -> None:
    code, out, said = own("judge", *arguments)
    assert code in (2, 7)
    assert (out, said.count("\n")) == ("", 1)
    assert message in said
    assert json.loads(own("judge", "--list", "--json")[1])["decisions"] == []


def test_a_person_is_explained_by_every_link_the_weakest_last(own: Run, mentions: dict[str, list[str]]) -> None:
    shown = 0
    for person, keys in [each for each in mentions.items() if 4 <= len(each[1]) <= 8][:4]:
        found = json.loads(own("explain", person, "--json")[1])
        assert found["mentions"] == keys
        values = [link["opened"]["total"] for link in found["links"]]
        assert values == sorted(values, reverse=True)
        if not values:
            continue
        shown += 1
        assert found["confidence"] == pytest.approx(found["links"][-1]["probability"])
        for link in found["links"]:
            opened = link["opened"]
            assert opened["total"] == pytest.approx(0.5 * link["mean"] + 0.5 * link["best"])
            told = sum(one["value"] for one in opened["contributions"])
            assert opened["intercept"] + told + opened["rest"] == pytest.approx(opened["total"])
            pair = opened["pair"]
            told = sum(one["value"] for one in pair["contributions"])
            assert pair["intercept"] + told == pytest.approx(pair["total"])
        assert own("explain", person, "--full")[1].count("log-odds of this link") == len(values)
        head, *lines = own("explain", person)[1].splitlines()
        assert f"({person}), {len(keys):,} mentions: confidence {found['confidence']:.0%}" in head
        assert f"{found['hard']:,} ({found['hard'] / len(keys):.0%}) held by hard facts" in head
        assert [line for line in lines if "the weakest" in line] == lines[-2:-1]
    assert shown


def test_a_pair_is_explained_and_a_wrong_question_answered(own: Run, mentions: dict[str, list[str]]) -> None:
    a, b, *_ = next(iter(mentions.values()))
    code, out, _ = own("explain", a, b)
    assert code == 0
    assert "log-odds of this pair alone" in out.splitlines()[-1]
    for arguments in ([a], [a, b, b], ["person:no", a], [a, "person:no"]):
        code, _, said = own("explain", *arguments)
        assert code == 2
        assert said.count("\n") == 1
    assert "nobody is called" in own("explain", "person:no")[2]


def test_mentions_leave_with_person_confidence_and_source(
    own: Run, mentions: dict[str, list[str]], tmp_path: Path
) -> None:
    assert own("export", "mentions", "--to", str(tmp_path / "m.csv"))[0] == 0
    with (tmp_path / "m.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    found = defaultdict(list)
    for row in rows:
        found[row["person"]].append(f"{row['record']}#{row['position']}")
    assert dict(found) == mentions
    assert {row["source"] for row in rows} == {"pubmed", "clinicaltrials"}
    assert all(row["personName"] for row in rows)
    assert all((row["confidence"] == "") == (len(mentions[row["person"]]) == 1) for row in rows)
