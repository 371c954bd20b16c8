"""`kolgraph diff`: what changed between two builds, on a terminal or for programs."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from kolgraph.errors import UsageError

if TYPE_CHECKING:
    from kolgraph.services.changed import Changes, Move


@click.command()
@click.option("--from", "start", default="", metavar="DATE|BUILD", help="The earlier build; the one before by default.")
@click.option("--to", "end", default="", metavar="DATE|BUILD", help="The later build; the last one by default.")
@click.option("--topic", default="", metavar="NAME", help="Within this topic; everybody by default.")
@click.option("--top", default=50, show_default=True, type=click.IntRange(1, 100_000), help="How many leaders.")
@click.option("--identity", is_flag=True, help="Who is who: what the last build joined, parted and moved, all of it.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.pass_obj
def diff(app: Any, start: str, end: str, topic: str, top: int, identity: bool, as_json: bool) -> None:
    """What changed between two builds: new work, who rose and fell and why, who moved, retractions."""
    from kolgraph.services import changes

    if identity:
        if start or end or topic:
            raise UsageError("--identity tells what the last build changed: leave out --from, --to and --topic")
        _identity(app, as_json)
        return

    with app.workspace() as ws:
        found = changes.changes(ws, start, end, ws.scope(topic or None), top)
    if as_json:
        click.echo(json.dumps(asdict(found)))
        return
    click.echo(
        f"{found.scope_name}, from {found.before.built[:16]} to {found.after.built[:16]}: "
        f"{found.new_records:,} records came, {found.gone_records:,} went"
    )
    for note in found.notes:
        click.echo(f"For everybody: {note}.")
    for title, heads, rows in _sections(found):
        table = Table(*heads, title=title, box=None, title_justify="left", title_style="bold")
        for row in rows:
            table.add_row(*map(Text, row))  # titles hold brackets, which are no markup
        if table.row_count:
            Console().print(table)
    if not found.count:
        click.echo("Nothing else changed among the people watched and the top.")


def _identity(app: Any, as_json: bool) -> None:
    from kolgraph.services.identity_changes import EVERY, identity_changes, words

    with app.workspace() as ws:
        found = identity_changes(ws, EVERY)
    if as_json:
        click.echo(json.dumps(asdict(found)))
        return
    if not found.date:
        click.echo("The last build changed nobody.")
        return
    many = ", ".join(f"{count:,} {kind}" for kind, count in found.people.items())
    click.echo(f"People that the build of {found.date} changed: {many}")
    table = Table("what", "person", "other", "in words", box=None)
    for one in found.rows:
        undone = " (undone with the next build)" if one.undone else ""
        table.add_row(*map(Text, (one.kind, one.person, one.other, words(one) + undone)))
    if table.row_count:
        Console().print(table)
    if found.pending:
        click.echo(f"Decisions that wait for the next build: {found.pending:,}")


def _sections(found: "Changes") -> Iterator[tuple[str, tuple[str, ...], Iterable[tuple[str, ...]]]]:
    from kolgraph.services.changed import tally

    watched = (
        (news.person.name, ", ".join(tally(news.works)), " ".join(work.id for work in news.works))
        for news in found.watched
    )
    yield "Watched people", ("person", "what", "records"), watched
    heads = ("person", "before", "after", "why", "records")
    for title, moves in (
        (f"New in the top {found.top}", found.entered),
        (f"Out of the top {found.top}", found.left),
        ("Moved", found.moved),
    ):
        yield title, heads, map(_move, moves)
    places = (
        (one.person.name, one.before_name, one.after_name, " ".join(work.id for work in one.since))
        for one in found.relocated
    )
    yield "Institutions", ("person", "from", "to", "since"), places
    gone = (
        (f"{one.work.what} {one.work.kind}", one.work.id, one.work.title, ", ".join(who.name for who in one.people))
        for one in found.retractions
    )
    yield "Retractions", ("what", "record", "title", "people"), gone
    merged = ((one.what, one.one.name, ", ".join(who.id for who in one.several)) for one in found.merged)
    yield "Identity", ("what", "person", "ids"), merged


def _move(one: "Move") -> tuple[str, ...]:
    ranks = (f"{rank:,}" if rank else "not ranked" for rank in (one.before, one.after))
    return (one.person.name, *ranks, one.words, " ".join(work.id for work in one.why))
