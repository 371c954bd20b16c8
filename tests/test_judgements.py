"""Decisions on identity: what they add up to, that they outlive every reload, and that undo brings back what was."""

import random
import shutil
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations, product
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from resolve_world import CARDIO, paper

from kolgraph import jobs, judgements, landscape
from kolgraph.chain import Event
from kolgraph.errors import LedgerError, UsageError
from kolgraph.ledger import Ledger
from kolgraph.loading import Page, Record
from kolgraph.model import Publication
from kolgraph.services import judging
from kolgraph.workspace import Workspace

KEYS = [f"pmid:{n}#0" for n in range(1, 6)]


def entry(seq: int, action: str, **data: object) -> Event:
    return Event(seq, "", "ada", f"judgement.{action}", "", "", data, "", "")


@st.composite
def histories(draw: st.DrawFn) -> list[Event]:
    """Entries as the ledger accepts them: an undo names one that counts."""
    found: list[Event] = []
    for seq in range(1, draw(st.integers(0, 14)) + 1):
        open_ = sorted({one.seq for one in found} - judgements.undone(found))
        kinds = ["same", "different", "withdraw", "split", "several", *["undo"] * 3 * bool(open_)]
        action, keys = draw(st.sampled_from(kinds)), draw(st.permutations(KEYS))
        data: dict[str, object] = {"a": keys[0], "b": keys[1]}
        if action == "undo":
            data = {"entry": draw(st.sampled_from(open_))}
        elif action == "several":
            data = {"pairs": [keys[:2], keys[2:4]]}
        elif action == "split":
            cut = draw(st.integers(1, 3))
            data = {"out": keys[:cut], "rest": keys[cut:4]}
        found.append(entry(seq, action, **data))
        judgements.check(found[-1].action, data)
    return found


def counts(entries: Sequence[Event], one: Event) -> bool:
    """By the definition: nothing that counts undoes it."""
    undos = (other for other in entries if other.action == judgements.UNDO and other.data["entry"] == one.seq)
    return not any(counts(entries, undo) for undo in undos)


def told(entries: Sequence[Event]) -> dict[tuple[str, str], bool]:
    """The last words, pair by pair, by the definition."""
    words: dict[tuple[str, str], bool | None] = {}
    for one in entries:
        if one.action == judgements.UNDO or not counts(entries, one):
            continue
        data, action = one.data, one.action.partition(".")[2]
        if action == "split":
            said = [(pair, True) for pair in combinations(data["out"], 2)]
            said += [(pair, False) for pair in product(data["out"], data["rest"])]
        elif action == "several":
            said = [((a, b), True) for a, b in data["pairs"]]
        else:
            said = [((data["a"], data["b"]), {"same": True, "different": False}.get(action))]
        words.update({(min(pair), max(pair)): word for pair, word in said})
    return {pair: word for pair, word in words.items() if word is not None}


@given(histories())
@settings(max_examples=300, deadline=None)
def test_the_last_word_on_a_pair_counts_and_what_was_undone_does_not(entries: list[Event]) -> None:
    found = judgements.fold(entries)
    assert {(one.a, one.b): one.same for one in found} == told(entries)
    assert len({(one.a, one.b) for one in found}) == len(found)
    assert {one.entry for one in found} <= {one.seq for one in judgements.counting(entries)}
    words: judgements.Words = {}
    for heard, one in enumerate(entries):  # entry by entry
        words = judgements.spoken(words, entries[:heard], [one])
    assert list(words.values()) == found


@given(histories(), st.randoms(use_true_random=False))
@settings(max_examples=200, deadline=None)
def test_an_undo_brings_back_what_was_said_before_and_undoing_it_redoes(
    entries: list[Event], draw: random.Random
) -> None:
    before = judgements.fold(entries)
    open_ = sorted({one.seq for one in entries} - judgements.undone(entries))
    if not open_:
        return
    last = len(entries) + 1
    undone = [*entries, entry(last, "undo", entry=draw.choice(open_))]
    assert judgements.fold([*undone, entry(last + 1, "undo", entry=last)]) == before
    if open_[-1] == len(entries):  # the latest entry: without it all is as it was
        assert judgements.fold([*entries, entry(last, "undo", entry=open_[-1])]) == judgements.fold(entries[:-1])


@given(histories(), st.randoms(use_true_random=False))
@settings(max_examples=100, deadline=None)
def test_undo_of_all_in_any_order_leaves_nothing(entries: list[Event], draw: random.Random) -> None:
    listed = [one.seq for one in judgements.counting(entries)]
    for seq in draw.sample(listed, len(listed)):
        entries = [*entries, entry(len(entries) + 1, "undo", entry=seq)]
    assert judgements.fold(entries) == []


def test_an_undo_of_what_does_not_count_is_refused(tmp_path: Path) -> None:
    ledger, other = Ledger(tmp_path / "ledger.db"), Ledger(tmp_path / "ledger.db")
    said = ledger.append("judgement.same", "", {"a": KEYS[0], "b": KEYS[1], "before": "x and y", "after": "x"})
    assert [one.entry for one in other.judgements()] == [said.seq]  # two that read one file
    undo = ledger.append("judgement.undo", "", {"entry": said.seq})
    watched = ledger.append("watch.add", "person:a")
    assert other.judgements() == []
    for number, message in ((said.seq, "is undone already"), (watched.seq, "decides nothing"), (99, "decides nothing")):
        with pytest.raises(LedgerError, match=message):
            other.append("judgement.undo", "", {"entry": number})
    other.append("judgement.undo", "", {"entry": undo.seq})
    assert [one.entry for one in ledger.judgements()] == [said.seq]
    assert ledger.verify().ok
    for one in (ledger, other):
        one.close()


@pytest.mark.parametrize(
    ("action", "data", "message"),
    [
        ("undo", {"entry": True}, "number of an entry"),
        ("undo", {"entry": 1, "after": "x"}, "takes entry"),
        ("split", {"out": [], "rest": [KEYS[0]]}, "at least one"),
        ("split", {"out": KEYS[0], "rest": [KEYS[1]]}, "at least one"),
        ("split", {"out": KEYS[:2], "rest": KEYS[1:3]}, f"{KEYS[1]} is judged against itself"),
        ("split", {"out": ["who"], "rest": KEYS[:1]}, '"who" is no mention'),
        ("same", {"a": KEYS[0], "b": KEYS[1], "before": "x" * 301}, "301 characters"),
        ("same", {"a": KEYS[0], "b": KEYS[1], "then": "x"}, "takes a, b"),
    ],
)
def test_a_bad_decision_is_refused(tmp_path: Path, action: str, data: dict[str, object], message: str) -> None:
    ledger = Ledger(tmp_path / "ledger.db")
    with pytest.raises(LedgerError, match=message):
        ledger.append(f"judgement.{action}", "", data)
    assert ledger.verify().count == 0
    ledger.close()


def persons(ws: Workspace) -> dict[str, str]:
    """Mention key -> person, as the last resolution wrote it."""
    rows = pq.read_table(ws.resolved / "mentions.parquet", columns=["record", "position", "person"]).to_pylist()
    return {f"{row['record']}#{row['position']}": row["person"] for row in rows}


def judge(ws: Workspace, draw: random.Random, count: int) -> list[int]:
    """Random decisions, most of them against what resolution found; the entries.

    A part of them is about few people, where they must come to contradict each other.
    """
    groups: dict[str, list[str]] = defaultdict(list)
    for key, person in persons(ws).items():
        groups[person].append(key)
    several = [keys for keys in groups.values() if len(keys) > 3]
    made = []
    for number in range(count):
        kind = ("same", "apart", "split", "any")[number % 4]
        own, other = draw.sample(several[:4] if number % 5 == 0 else several[4:], 2)
        if kind == "split":
            mixed = draw.sample(own, len(own))
            cut = draw.randint(1, min(3, len(own) - 1))
            made.append(judging.split(ws, mixed[:cut], mixed[cut:], "ada", "another field"))
        elif kind == "apart":
            made.append(judging.decide(ws, "apart", *draw.sample(own, 2), "ada", "two people"))
        else:
            verdict = kind if kind == "same" else draw.choice(("same", "apart"))
            made.append(judging.decide(ws, verdict, draw.choice(own), draw.choice(other), "ada", "one person"))
    return made


def unmet(ws: Workspace) -> list[tuple[str, str]]:
    """The judgements that the persons do not show."""
    now = persons(ws)
    return [(one.a, one.b) for one in ws.ledger.judgements() if (now[one.a] == now[one.b]) != one.same]


def ties(ws: Workspace) -> dict[str, str]:
    """Mention -> the smallest of all that judgements tie to it, directly or through others."""
    root: dict[str, str] = {}

    def find(key: str) -> str:
        while key in root:
            key = root[key]
        return key

    for one in ws.ledger.judgements():
        a, b = find(one.a), find(one.b)
        if one.same and a != b:
            root[max(a, b)] = min(a, b)
    return {key: find(key) for one in ws.ledger.judgements() for key in (one.a, one.b)}


def wipe(ws: Workspace) -> None:
    """Nothing is kept but the recipe, its files and the ledger."""
    ws.close()
    for folder in (ws.resolved, ws.path / "snapshots"):
        shutil.rmtree(folder, ignore_errors=True)
    for file in (*ws.path.glob("inbox.db*"), *ws.path.glob("graph.db*")):
        file.unlink()


def reload(ws: Workspace) -> None:
    """Everything is wiped and loaded again, in another order of sources."""
    wipe(ws)
    for source in reversed(ws.landscape.sources):
        jobs.load(ws, source)
    jobs.resolve(ws)


def test_200_judgements_survive_a_reload_and_a_rebuild_and_undo_of_all_restores_the_first_state(ws: Workspace) -> None:
    first = persons(ws)
    draw = random.Random(5)
    made = judge(ws, draw, 200)
    assert judging.pending(ws) == 200
    assert jobs.resolve(ws).counts["people"]
    assert judging.pending(ws) == 0
    judged = persons(ws)
    assert judged != first
    tied = ties(ws)
    broken = {tied[one.a] for one in ws.ledger.judgements() if not one.same and tied[one.a] == tied[one.b]}
    failed = unmet(ws)
    assert broken  # random decisions do contradict each other, else this test shows less than it says
    assert {tied[a] for a, _ in failed} <= broken  # what contradicts nothing holds
    reported = judging.trouble(ws)
    assert {one.kind for one in reported} == {"contradiction"}
    for a, b in failed:
        assert any(a in one.text and b in one.text for one in reported), f"{a} and {b} was settled silently"
    assert all(any(tied.get(key) in broken for key in one.text.split()) for one in reported)

    reload(ws)
    assert persons(ws) == judged
    assert judging.trouble(ws) == reported
    jobs.build(ws)
    shown = {(row["person"], row["publication"]) for row in ws.store.stream("authorships")}
    assert shown <= {(person, key.partition("#")[0]) for key, person in judged.items()}
    assert {person for person, _ in shown} == {p for key, p in judged.items() if key.startswith("pmid:")}

    for number in draw.sample(made, len(made)):
        judging.undo(ws, number, "bo")
    assert ws.ledger.judgements() == []
    jobs.resolve(ws)
    assert persons(ws) == first
    assert judging.trouble(ws) == ()
    assert ws.ledger.verify().ok


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Workspace]:
    """Three papers of one author and his colleague, resolved."""
    landscape.write(tmp_path, landscape.Landscape("Lab"))
    with Workspace(tmp_path) as opened:
        store(opened, *(paper(n, ("Quimbly", "Osric")) for n in (1, 2, 3)))
        jobs.resolve(opened)
        yield opened


def store(ws: Workspace, *papers: Publication) -> None:
    walk = ws.inbox.begin("test", f"{len(ws.inbox.loads())}", "", "1")
    ws.inbox.store(walk, Page(tuple(Record(one.id, repr(one).encode(), one) for one in papers)))
    ws.inbox.finish(walk)


A, B, C = "pmid:1#0", "pmid:2#0", "pmid:3#0"


def test_a_decision_keeps_who_was_there_before_and_what_is_meant(lab: Workspace) -> None:
    who = persons(lab)
    assert who[A] == who[B] == who[C] != who["pmid:1#1"]
    one, two = who[A], who["pmid:1#1"]
    older = min((one, two), key=[person for person, _ in lab.ledger.register()].index)
    judging.decide(lab, "same", A, "pmid:2#1", "ada", "typing error")
    judging.decide(lab, "apart", A, B, "ada")
    judging.decide(lab, "apart", A, "pmid:1#1", "ada")
    number = judging.split(lab, [A, B], [C], "bo", "namesake")
    judging.undo(lab, number, "ada", "no namesake")
    undo, split, apart, within, same = judging.history(lab)
    assert (same.verdict, same.before, same.after, same.why) == ("same", f"{one} and {two}", older, "typing error")
    assert (within.verdict, within.before, within.after) == ("apart", one, f"{one} and a new person")
    assert (apart.a, apart.b, apart.before, apart.after) == (A, "pmid:1#1", f"{one} and {two}", f"{one} and {two}")
    assert (split.entry, split.out, split.rest, split.by) == (number, (A, B), (C,), "bo")
    assert (split.before, split.after, split.undone, split.undoable) == (one, f"{one} and a new person", True, False)
    assert (undo.verdict, undo.undoes, undo.undone, undo.why) == ("undo", number, False, "no namesake")
    assert [one.entry for one in judging.history(lab, 2)] == [undo.entry, split.entry]


def test_what_resolution_has_not_heard_is_counted_until_it_has(lab: Workspace) -> None:
    number = judging.decide(lab, "apart", A, B, "ada")
    assert judging.pending(lab) == 1
    undo = judging.undo(lab, number, "ada")
    assert judging.pending(lab) == 0
    judging.undo(lab, undo, "ada")
    assert judging.pending(lab) == 1
    assert not jobs.resolve(lab).fresh
    assert judging.pending(lab) == 0
    who = persons(lab)
    assert who[A] != who[B]
    judging.undo(lab, number, "ada")
    assert judging.pending(lab) == 1
    jobs.resolve(lab)
    who = persons(lab)
    assert who[A] == who[B]


def test_a_contradiction_is_reported_until_it_is_resolved(lab: Workspace) -> None:
    store(lab, *(paper(n, ("Vandermolle", "Osra"), place=CARDIO) for n in (4, 5)))
    judged = [judging.decide(lab, *words, "ada") for words in (("apart", A, B), ("same", B, C), ("same", A, C))]
    jobs.resolve(lab)
    (told,) = judging.trouble(lab)
    assert told.kind == "contradiction"
    judging.decide(lab, "apart", "pmid:4#0", "pmid:5#0", "ada", "elsewhere")
    jobs.resolve(lab)
    assert judging.trouble(lab) == (told,)
    judging.undo(lab, judged[0], "ada")
    jobs.resolve(lab)
    assert judging.trouble(lab) == ()


def test_a_judgement_whose_mention_is_gone_waits_and_is_reported(lab: Workspace) -> None:
    first = persons(lab)
    judging.split(lab, [A], [B, C], "ada", "namesake")
    jobs.resolve(lab)
    apart = persons(lab)
    assert apart[A] != apart[B] == apart[C]
    wipe(lab)
    store(lab, *(paper(n, ("Quimbly", "Osric")) for n in (1, 3)))
    jobs.resolve(lab)
    without = persons(lab)
    assert without[A] == apart[A] != without[C]
    (lost,) = judging.trouble(lab)
    assert lost.kind == "lost"
    assert B in lost.text
    assert [one.verdict for one in judging.history(lab)] == ["split"]
    store(lab, paper(2, ("Quimbly", "Osric")))
    jobs.resolve(lab)
    assert persons(lab) == apart
    assert judging.trouble(lab) == ()
    judging.undo(lab, judging.history(lab)[0].entry, "ada")
    jobs.resolve(lab)
    assert persons(lab) == first


def test_an_inbox_that_takes_the_place_of_another_is_the_one_that_is_read(lab: Workspace) -> None:
    wipe(lab)
    store(lab, *(paper(n, ("Quimbly", "Osric")) for n in (7, 8)))
    jobs.resolve(lab)
    assert {key.partition("#")[0] for key in persons(lab)} == {"pmid:7", "pmid:8"}


def test_decisions_about_nobody_are_refused(lab: Workspace, tmp_path: Path) -> None:
    person = persons(lab)[A]
    for ask, message in (
        (lambda: judging.decide(lab, "same", A, "pmid:9#0", "ada"), 'no mention "pmid:9#0" is resolved'),
        (lambda: judging.decide(lab, "perhaps", A, B, "ada"), '"perhaps" is no verdict'),
        (lambda: judging.rest_of(lab, person, [A, B, C]), "nothing would be left"),
        (lambda: judging.rest_of(lab, person, ["pmid:1#1"]), "pmid:1#1 is no mention of"),
        (lambda: judging.rest_of(lab, "person:nobody", [A]), 'no person has the id "person:nobody"'),
        (lambda: judging.anchor(lab, "person:nobody"), 'no person has the id "person:nobody"'),
    ):
        with pytest.raises(UsageError, match=message):
            ask()
    assert lab.ledger.judged() == ()


def test_a_person_stands_for_its_first_mention_until_it_could_mean_two(lab: Workspace) -> None:
    store(lab, paper(4, ("Vandermolle", "Osra"), place=CARDIO))
    jobs.resolve(lab)
    first = persons(lab)
    one, two = first[A], first["pmid:4#0"]
    assert (judging.anchor(lab, one), judging.anchor(lab, two)) == (A, "pmid:4#0")
    judging.decide(lab, "same", A, "pmid:4#0", "ada", "married")
    jobs.resolve(lab)
    assert persons(lab) == first | {"pmid:4#0": one}
    assert judging.anchor(lab, one) == A
    assert judging.rest_of(lab, two, [A]) == [B, C, "pmid:4#0"]
    with pytest.raises(UsageError, match=f"{two} was joined to {one} and can mean both: name a mention, .* pmid:4#0"):
        judging.anchor(lab, two)
