"""The commands on identity: decide who is one person and who is not, take it back, and ask why."""

import json
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import asdict
from typing import TYPE_CHECKING, Protocol

import click

from kolgraph.cli_sources import safe
from kolgraph.errors import UsageError

if TYPE_CHECKING:
    from kolgraph.services.judging import Decision
    from kolgraph.workspace import Workspace

NEXT = "Next: kolgraph run"


class App(Protocol):
    """What the command line hands to its commands."""

    settings: "Settings"

    def workspace(self) -> "AbstractContextManager[Workspace]": ...


class Settings(Protocol):
    user: str


@click.command()
@click.argument("who", nargs=-1, metavar="[MENTION|PERSON]...")
@click.option("--list", "listed", is_flag=True, help="What was decided, the latest first, and what could not be done.")
@click.option("--same", is_flag=True, help="The two named are one person.")
@click.option("--apart", is_flag=True, help="The two named are two persons.")
@click.option("--split", is_flag=True, help="The mentions named are one person, and nothing else of…")
@click.option("--from", "person", default="", metavar="PERSON", help="… this one is.")
@click.option("--undo", type=int, metavar="N", help="Let entry N of the list count no more; an undo can be undone.")
@click.option("--because", "why", default="", metavar="REASON", help="Why; a decision needs one.")
@click.option("--top", default=50, show_default=True, type=click.IntRange(1, 100_000), help="How many --list shows.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.pass_obj
def judge(
    app: App,
    who: tuple[str, ...],
    listed: bool,
    same: bool,
    apart: bool,
    split: bool,
    person: str,
    undo: int | None,
    why: str,
    top: int,
    as_json: bool,
) -> None:
    """Decide who is one person and who is not; the ledger keeps it, and every `kolgraph run` begins with it.

    A mention is a place on a record (pmid:90000001#0 is the first author); a person stands for its first mention.

    \b
    kolgraph judge --same pmid:90000001#0 pmid:90000002#3 --because "one e-mail address"
    kolgraph judge --apart person:abc person:def --because "two cities at the same time"
    kolgraph judge --split pmid:90000001#0 --from person:abc --because "another field"
    """
    from kolgraph.services import judging

    chosen = [name for name, on in _verbs(listed, same, apart, split, undo) if on]
    if len(chosen) != 1:
        raise UsageError("say one of --list, --same A B, --apart A B, --split OUT... --from PERSON, --undo N")
    verb = chosen[0]
    _check(verb, who, person, why)
    with app.workspace() as ws:
        if verb == "list":
            _show(ws, top, as_json)
            return
        user = app.settings.user
        keys = [judging.anchor(ws, one) if one.startswith("person:") and verb != "split" else one for one in who]
        if undo is not None:
            judging.undo(ws, undo, user, why)
        elif verb == "split":
            judging.split(ws, keys, judging.rest_of(ws, person, keys), user, why)
        else:
            judging.decide(ws, verb, keys[0], keys[1], user, why)
        (done,) = judging.history(ws, 1)
        waiting = judging.pending(ws)
    if as_json:
        click.echo(json.dumps({**asdict(done), "pending": waiting}))
        return
    click.echo(f"entry {done.entry}: {_said(done)}")
    if done.before:
        click.echo(f"before: {done.before}; then: {done.after}")
    click.echo(f"{_waiting(waiting)}. {NEXT}" if waiting else "As the persons stand: nothing to run.")


@click.command()
@click.argument("what", nargs=-1, required=True, metavar="PERSON | MENTION MENTION")
@click.option("--full", is_flag=True, help="Of a person: every link as the sum that it is.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.pass_obj
def explain(app: App, what: tuple[str, ...], full: bool, as_json: bool) -> None:
    """Why two mentions (pmid:90000001#0) are, or are not, one person; or what holds a person (person:...) together."""
    from kolgraph.explaining import Person, explain_person
    from kolgraph.explaining import explain as explain_pair

    if len(what) > 2 or (len(what) == 1) != what[0].startswith("person:"):
        raise UsageError("name one person (person:...) or two mentions (RECORD#POSITION, e.g. pmid:90000001#0)")
    with app.workspace() as ws:
        found = explain_person(ws, what[0]) if len(what) == 1 else explain_pair(ws, *what)
    told = found.full() if full and isinstance(found, Person) else str(found)
    click.echo(json.dumps(asdict(found)) if as_json else "\n".join(map(safe, told.splitlines())))


def _verbs(listed: bool, same: bool, apart: bool, split: bool, undo: int | None) -> Iterator[tuple[str, bool]]:
    yield from (("list", listed), ("same", same), ("apart", apart), ("split", split), ("undo", undo is not None))


def _check(verb: str, who: tuple[str, ...], person: str, why: str) -> None:
    if verb in ("same", "apart") and len(who) != 2:
        raise UsageError(f"--{verb} takes two mentions or persons: {len(who)} given")
    if verb == "split" and not (who and person):
        raise UsageError("--split takes the mentions to part, and --from the person that they are parted from")
    if verb in ("list", "undo") and who:
        raise UsageError(f"--{verb} takes no mention: leave out {who[0]}")
    if verb != "split" and person:
        raise UsageError("--from goes with --split")
    if verb not in ("list", "undo") and not why.strip():
        raise UsageError('a decision needs a reason that others can follow: --because "..."')


def _show(ws: "Workspace", top: int, as_json: bool) -> None:
    from kolgraph.services import judging

    found, trouble, waiting = judging.history(ws, top), judging.trouble(ws), judging.pending(ws)
    if as_json:
        parts = {"decisions": [asdict(one) for one in found], "trouble": [asdict(one) for one in trouble]}
        click.echo(json.dumps({**parts, "pending": waiting}))
        return
    if not found:
        click.echo('Nothing is decided yet: kolgraph judge --same A B --because "..."')
    for one in found:
        click.echo(safe(f"{one.entry:>6}  {one.time[:10]}  {one.by}  {_said(one)}{'  (undone)' * one.undone}"))
        notes = (f"before: {one.before}; then: {one.after}" * bool(one.before), f"because {one.why}" * bool(one.why))
        for note in filter(None, notes):
            click.echo(safe(f"        {note}"))
    for problem in trouble:
        click.echo(safe(f"{problem.kind}: {problem.text}"))
    if waiting:
        click.echo(f"{_waiting(waiting)}. {NEXT}")


def _said(one: "Decision") -> str:
    if one.verdict == "undo":
        return f"undo {one.undoes}"
    if one.verdict == "several":
        return f"same, {len(one.out):,} pairs"
    if one.verdict == "split":
        return f"split {' '.join(one.out)} from {len(one.rest):,} other{'s' * (len(one.rest) != 1)}"
    return f"{one.verdict} {one.a} {one.b}"


def _waiting(count: int) -> str:
    return f"{count:,} decision{'s wait' if count > 1 else ' waits'} to be heard"
