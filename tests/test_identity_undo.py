"""What a build changed about who is who is told in words, undone by judgements, and the undoing is taken back."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from kolgraph import cli, jobs
from kolgraph.errors import UsageError
from kolgraph.services import judging
from kolgraph.services.identity_changes import Changed, change, identity_changes, redo, undo, words
from kolgraph.ui.parts import identity_changes as part
from kolgraph.workspace import Workspace

Parted = tuple[Workspace, str, list[str], list[str]]


@pytest.fixture(scope="module")
def ws(small_world: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    path = shutil.copytree(small_world, tmp_path_factory.mktemp("changed") / "ws")
    with Workspace(path) as opened:
        yield opened


def persons(ws: Workspace) -> dict[str, str]:
    rows = pq.read_table(ws.resolved / "mentions.parquet", columns=["record", "position", "person"]).to_pylist()
    return {f"{row['record']}#{row['position']}": row["person"] for row in rows}


@pytest.fixture(scope="module")
def built(ws: Workspace) -> Parted:
    """A person whom a judgement parts in two, once resolution has heard it."""
    jobs.resolve(ws)
    mentions: dict[str, list[str]] = {}
    for key, person in persons(ws).items():
        mentions.setdefault(person, []).append(key)
    person = max(mentions, key=lambda id: (len(mentions[id]), id))
    out, rest = mentions[person][:3], mentions[person][3:]
    judging.split(ws, out, rest, "ada", "two people")
    jobs.resolve(ws)
    return ws, person, out, rest


def of(found: Changed, kind: str) -> list[str]:
    return [one.key for one in found.rows if one.kind == kind]


def test_what_a_judgement_parted_is_told_and_what_it_joined_again_is_undone(built: Parted) -> None:
    ws, person, out, rest = built
    told = identity_changes(ws)
    (split,) = [one for one in told.rows if one.kind == "split"]
    assert {split.kept, split.mentions} == {len(out), len(rest)}
    assert words(split) == f"{split.name} is now two people: {split.kept:,} and {split.mentions:,} records"
    assert told.people == {"split": 1}
    assert told.pending == 0

    (entry,) = [one.entry for one in judging.history(ws) if one.verdict == "split"]
    judging.undo(ws, entry, "ada")
    jobs.resolve(ws)
    assert persons(ws)[out[0]] == persons(ws)[rest[0]] == person
    (merged,) = of(identity_changes(ws), "merged")
    assert change(ws, merged).undone == ()

    undone = undo(ws, merged, "ada")
    assert len(undone.undone) == 1
    assert undo(ws, merged, "ada") == undone  # to press twice is to press once
    assert identity_changes(ws).pending == 1
    assert persons(ws)[out[0]] == persons(ws)[rest[0]]  # with the next build only

    assert redo(ws, merged, "ada").undone == ()
    assert identity_changes(ws).pending == 0
    assert jobs.resolve(ws).fresh

    undo(ws, merged, "ada")
    jobs.resolve(ws)
    now = persons(ws)
    assert {now[key] for key in out} & {now[key] for key in rest} == set()
    assert {now[key] for key in (*out, *rest)} == {person, undone.other}
    (split_again,) = of(identity_changes(ws), "split")
    with pytest.raises(UsageError, match="not of the last build"):
        undo(ws, merged, "ada")
    assert len(undo(ws, split_again, "ada").undone) == 1
    redo(ws, split_again, "ada")


def test_mentions_that_went_to_somebody_else_come_back(built: Parted) -> None:
    ws, *_ = built
    mentions: dict[str, list[str]] = {}
    for key, person in persons(ws).items():
        mentions.setdefault(person, []).append(key)
    table = pq.read_table(ws.resolved / "mentions.parquet", columns=["record", "person", "name"]).to_pylist()
    names = {row["person"]: row["name"].casefold() for row in table}
    records = {id: {key.partition("#")[0] for key in keys} for id, keys in mentions.items()}
    big = sorted((id for id in mentions if len(mentions[id]) > 8), key=lambda id: (-len(mentions[id]), id))
    one, two = next((a, b) for a in big for b in big if a != b and not records[a] & records[b] and names[a] != names[b])
    went = mentions[one][-2:]
    split = judging.split(ws, went, mentions[one][:-2], "ada")
    same = judging.decide(ws, "same", went[0], mentions[two][0], "ada")
    jobs.resolve(ws)
    (moved,) = [row for row in identity_changes(ws).rows if row.kind == "moved" and row.person == one]
    assert (moved.other, moved.mentions, moved.kept) == (two, 2, len(mentions[one]) - 2)
    assert words(moved).startswith("2 records went from ")

    for entry in (split, same):
        judging.undo(ws, entry, "ada")
    jobs.resolve(ws)
    assert persons(ws)[went[0]] == one
    (back,) = [row for row in identity_changes(ws).rows if row.kind == "moved" and row.person == two]
    assert back.identity is not None
    assert back.other_identity is not None
    assert change(ws, back.key) == back
    undone = undo(ws, back.key, "ada")
    assert (undone.identity, undone.other_identity) == (back.identity, back.other_identity)
    assert len(undone.undone) == 2  # apart from those, one with these
    jobs.resolve(ws)
    assert persons(ws)[went[0]] == persons(ws)[went[1]] == two
    for entry in undone.undone:
        judging.undo(ws, entry, "ada")
    jobs.resolve(ws)


def test_an_unknown_change_is_refused(built: Parted) -> None:
    for key in ("", "merged", "merged person:a person:b", "' OR 1=1 -- x"):
        with pytest.raises(UsageError, match="reload the page"):
            change(built[0], key)


def test_a_workspace_that_was_never_resolved_says_so(tmp_path: Path, built: Parted) -> None:
    (tmp_path / "landscape.toml").write_text((built[0].path / "landscape.toml").read_text())
    with Workspace(tmp_path) as empty, pytest.raises(UsageError, match="kolgraph run"):
        identity_changes(empty)


def test_the_card_tells_each_change_and_what_can_be_done(built: Parted) -> None:
    ws, _, out, rest = built
    entry = judging.split(ws, out[:1], [*out[1:], *rest], "ada")
    jobs.resolve(ws)
    text = str(part.section(identity_changes(ws)))
    assert "is now two people" in text
    assert "Undo" in text
    key = of(identity_changes(ws), "split")[0]
    told = str(part.face(undo(ws, key, "ada")))
    assert part.LATER in told
    assert "Keep it after all" in told
    redo(ws, key, "ada")
    judging.undo(ws, entry, "ada")


def test_the_command_tells_all_of_it(built: Parted) -> None:
    ws, *_ = built
    ask = ["--workspace", str(ws.path), "diff", "--identity"]
    said = CliRunner().invoke(cli.cli, ask, env={"COLUMNS": "200"})
    assert said.exit_code == 0, said.output
    assert "is now two people" in said.output
    rows = json.loads(CliRunner().invoke(cli.cli, [*ask, "--json"]).output)["rows"]
    assert [row["kind"] for row in rows] == ["split"]
    with pytest.raises(UsageError, match="leave out --from"):
        CliRunner().invoke(cli.cli, [*ask, "--from", "2026-01-01"], standalone_mode=False, catch_exceptions=False)
