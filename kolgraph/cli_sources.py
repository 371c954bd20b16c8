"""`kolgraph load`, `plan-load` and `sources`: what comes in, what it would take, what could not be read."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from kolgraph import asking, jobs, placing, plugins
from kolgraph.errors import InputError, SourceError, UsageError
from kolgraph.inbox import Inbox
from kolgraph.landscape import Source
from kolgraph.loading import Plan

SHOWN = 4000  # characters of what could not be read


@click.command()
@click.argument("source")
@click.option(
    "--file",
    "files",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="File or folder; may be repeated.",
)
@click.argument("more", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH]...")
@click.option("--query", default="", help="Ask the service, in its own query language; else for the topics.")
@click.option("--since", default="", metavar="DATE", help="Only what is dated from this day on (YYYY-MM-DD).")
@click.option("--until", default="", metavar="DATE", help="Only what is dated up to this day (YYYY-MM-DD).")
@click.option("--limit", type=click.IntRange(1), help="Stop after so many records.")
@click.option("--only-topics", is_flag=True, help="Take of the files what is about a topic, leave the rest there.")
@click.option("--again", is_flag=True, help="Ask for everything, not only for what changed since the last time.")
@click.option("--base-url", default="", help="Another server that speaks the protocol of the source.")
@click.pass_obj
def load(
    app: Any,
    source: str,
    files: tuple[Path, ...],
    more: tuple[Path, ...],
    query: str,
    since: str,
    until: str,
    limit: int | None,
    only_topics: bool,
    again: bool,
    base_url: str,
) -> None:
    """Load records of SOURCE from files or from its service."""
    paths = tuple(str(path.absolute()) for path in files + more)
    asked = Source(source, paths, query, since, until, only_topics)
    with app.workspace() as ws, app.progress() as progress:
        access = app.access({source: base_url} if base_url else {})
        results = jobs.load(ws, asked, access=access, limit=limit, again=again, progress=progress)
    for result in results:
        click.echo(safe(result.line()), err=True)
    if any(result.problem for result in results):
        incomplete = any(result.incomplete for result in results)
        raise click.exceptions.Exit((SourceError if incomplete else InputError).exit_code)


@click.command("plan-load")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.pass_obj
def plan_load(app: Any, as_json: bool) -> None:
    """What loading each source of the recipe would take: records, requests, time, cost. Nothing is loaded."""
    with app.workspace() as ws:
        if not ws.landscape.sources:
            raise UsageError(
                f'no source is in the recipe: add to {ws.path / "landscape.toml"}: [[source]] loader = "pubmed"'
            )
        planned = jobs.plan_load(ws, access=app.access())
    if as_json:
        click.echo(json.dumps([asdict(one) for one in planned]))
    else:
        table = Table("source", "records", "requests", "time", "cost", "", box=None)
        for one in planned:
            table.add_row(one.title, *_cells(one))
        Console().print(table)
    if any(one.problem for one in planned):
        raise click.exceptions.Exit(SourceError.exit_code)


def _cells(one: asking.Planned) -> tuple[str | Text, ...]:
    plan = one.plan or Plan(None)
    cost = "" if plan.usd is None else f"${plan.usd:,.2f}"
    said = Text(safe(one.problem), style="red") if one.problem else Text(safe(plan.note))
    return *("" if n is None else f"{n:,}" for n in (plan.records, plan.requests)), _minutes(plan.seconds), cost, said


def _minutes(seconds: float | None) -> str:
    if not seconds:
        return ""
    return "under a minute" if seconds < 60 else f"{seconds / 60:,.0f} min"


@click.command()
@click.argument("source", default="")
@click.option("--quarantine", is_flag=True, help="What could not be read, and why; of SOURCE, or of all.")
@click.option("--unknown", is_flag=True, help="What sources said that kolgraph has no word for, with counts.")
@click.option("--show", type=click.IntRange(1), metavar="N", help="The beginning of what could not be read, by number.")
@click.option("--offset", default=0, type=click.IntRange(0), help="Where the list begins.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1), help="How much of it.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.pass_obj
def sources(
    app: Any, source: str, quarantine: bool, unknown: bool, show: int | None, offset: int, limit: int, as_json: bool
) -> None:
    """The sources that can be loaded, built in or from plugins; what they said that could not be read."""
    if source:
        asking.loader(source)
    if not (quarantine or unknown or show):
        return _listed(source, as_json)
    with app.workspace() as ws:
        if show:
            return _one(ws.inbox, show)
        if unknown:
            heads: tuple[str, ...] = ("source", "what", "times")
            rows: list[tuple[object, ...]] = [row for row in ws.inbox.unknown() if source in ("", row[0])]
        else:
            heads = ("id", "began", "source", "from", "where", "reason")
            held = ws.inbox.quarantine(source, offset, limit)
            rows = [(one.id, one.at, one.source, one.origin, one.where, one.reason) for one in held]
            total = {name: many for name, many in ws.inbox.quarantined().items() if source in ("", name)}
            click.echo(f"{sum(total.values()):,} could not be read", err=True)
    if as_json:
        click.echo(json.dumps([dict(zip(heads, row, strict=True)) for row in rows]))
        return
    table = Table(*(Column(head, overflow="fold") for head in heads), box=None)
    for row in rows:
        table.add_row(*(Text(safe(f"{cell:,}" if isinstance(cell, int) else str(cell))) for cell in row))
    Console().print(table)


def _listed(source: str, as_json: bool) -> None:
    known = [one for one in plugins.loaders().values() if source in ("", one.name)]
    if as_json:
        keys = ("name", "title", "home", "licence", "yields", "off")
        click.echo(json.dumps([{key: getattr(one, key) for key in keys} for one in known]))
        return
    table = Table("source", "what", "yields", "licence", box=None)
    for one in known:
        table.add_row(one.name, one.title, ", ".join(one.yields), one.licence)
        if one.off:
            table.add_row("", Text(f"switched off: {one.off}", style="dim"))
    Console().print(table)


def _one(inbox: Inbox, number: int) -> None:
    found = next(inbox.quarantine(number=number), None)
    if found is None:
        raise UsageError(f"nothing unread has the number {number}: kolgraph sources --quarantine lists what has")
    click.echo(safe(f"{found.source}: {found.origin}, {found.where}: {found.reason}"))
    text = found.raw.decode("utf-8", "backslashreplace")
    click.echo("\n".join(map(safe, text[:SHOWN].splitlines())) + (" ..." if len(text) > SHOWN else ""))


def safe(text: str) -> str:
    """The text with all that a terminal would obey (control characters, direction marks) written as an escape."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


@click.command("match-places")
@click.option("--limit", type=click.IntRange(1), help="Ask about so many texts, the most frequent first.")
@click.option("--plan", "only_plan", is_flag=True, help="Say what it would take, and stop.")
@click.pass_obj
def match_places(app: Any, limit: int | None, only_plan: bool) -> None:
    """Ask ROR's own matcher about affiliations that the loaded institutions do not settle.

    Their texts leave this machine, without e-mail addresses. Each is asked about once; `kolgraph run` then uses the
    answers.
    """
    access = app.access()
    with app.workspace() as ws, app.progress() as progress:
        texts = placing.open_questions(ws)[:limit]
        said = placing.plan_placing(texts, access)
        click.echo(f"{len(texts):,} texts, {_minutes(said.seconds) or 'no time'}; {said.note}".rstrip("; "), err=True)
        if texts and not only_plan:
            click.echo(safe(placing.place(ws, texts, access=access, progress=progress).line()), err=True)
