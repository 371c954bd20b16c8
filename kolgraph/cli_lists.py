"""The commands for own lists: check a file and whom it means, import it, make a template, take a list away."""

import json
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import asdict
from pathlib import Path
from typing import Protocol

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from kolgraph.errors import UsageError
from kolgraph.lists.check import Report
from kolgraph.lists.fields import TITLES
from kolgraph.lists.template import template_csv, template_xlsx
from kolgraph.lists.wish import KINDS, Wish, mapping
from kolgraph.services import list_check, list_members
from kolgraph.services import lists as service
from kolgraph.services.confidence import percent
from kolgraph.workspace import Workspace

SHOWN = 40  # problems on the screen; --report writes all
console = Console(stderr=True, highlight=False)


class App(Protocol):
    """What the command line hands to its commands."""

    settings: "Settings"

    def workspace(self) -> AbstractContextManager[Workspace]: ...
    def progress(self) -> AbstractContextManager[service.Progress]: ...


class Settings(Protocol):
    user: str


@click.group(name="lists", invoke_without_command=True)
@click.pass_context
def lists(context: click.Context) -> None:
    """Own lists of people, affiliations, events and peer nominations, from CSV or XLSX."""
    if context.invoked_subcommand:
        return
    with context.obj.workspace() as ws:
        found = service.lists(ws)
    table = Table("list", "rows", "holds", "file", "date", box=None)
    for one in found:
        rows = f"{one.rows:,}" if one.rows else f"removed ({one.restorable:,} can come back)"
        table.add_row(escape(one.name), rows, one.kind or "guessed", escape(one.file), one.date)
    Console().print(table if found else "No list is imported: kolgraph lists import FILE")


def _described(command: "click.decorators.FC") -> "click.decorators.FC":
    """The options that say how a file is meant."""
    for option in (
        click.option(
            "--column", "columns", multiple=True, metavar='"HEADER=FIELD"', help=f"Fields: {', '.join(TITLES)}."
        ),
        click.option(
            "--kind", default="", type=click.Choice(["", *KINDS]), help="What its rows are; guessed by default."
        ),
        click.option("--header/--no-header", default=None, help="Whether the first line is one; guessed by default."),
        click.option("--list-name", "name", default="", help="What the list is called; the file's name by default."),
        click.argument("file", type=click.Path(path_type=Path, dir_okay=False)),
    ):
        command = option(command)
    return command


@lists.command()
@_described
@click.option("--report", type=click.Path(path_type=Path, dir_okay=False), help="Write every problem to this CSV file.")
@click.pass_obj
def check(
    app: App, file: Path, name: str, kind: str, header: bool | None, columns: tuple[str, ...], report: Path | None
) -> None:
    """Judge FILE row by row; exit code 3 when something keeps it out. Nothing is stored, no workspace is needed."""
    with app.progress() as progress:
        found = service.judge(file, _wish(file, name, kind, header, columns), progress, report)
    _print(found, report)
    if found.fatal or found.bad or not found.good:
        raise click.exceptions.Exit(3)


@lists.command("check-people")
@_described
@click.option("--json", "as_json", is_flag=True, help="Counts and rows as JSON on the standard output.")
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE.{csv,xlsx}", help="Write the checked list."
)
@click.pass_obj
def check_people(
    app: App,
    file: Path,
    name: str,
    kind: str,
    header: bool | None,
    columns: tuple[str, ...],
    as_json: bool,
    out: Path | None,
) -> None:
    """Whom the rows of FILE mean: matched, moved, doubtful, duplicate or not found, and why. Nothing is stored."""
    if out is not None and out.suffix.lower() not in (".csv", ".xlsx"):
        raise UsageError(f'"{out.name}" has no known ending: write .csv or .xlsx')
    with app.workspace() as ws, app.progress() as progress:
        found = list_check.answers(ws, file, _wish(file, name, kind, header, columns), progress)
        if out is not None:
            out.write_bytes(list_check.file(ws, found, out.suffix.lower().removeprefix("."), app.settings.user))
    if as_json:
        told = {"counts": list_check.counts(found), "silent": list_check.silent(found)}
        click.echo(json.dumps({**told, "rows": [asdict(one) for one in found]}, ensure_ascii=False))
        return
    screen = Console(highlight=False)
    table = Table("line", "in the list", "verdict", "person", "sure", "why", box=None)
    for one in found[:SHOWN]:
        sure = "" if one.chance is None else percent(one.chance)
        person = one.whom()
        said = (str(one.line), one.name, one.verdict, person.name if person else "", sure, one.why)
        table.add_row(*map(escape, said))
    screen.print(table)
    if len(found) > SHOWN:
        screen.print(f"{len(found) - SHOWN:,} more rows: --out FILE.csv writes all of them")
    for verdict, count in list_check.counts(found).items():
        screen.print(f"{count:>9,}  {verdict}")
    screen.print(f"{list_check.silent(found):>9,}  of them possibly retired: no record in five years")


@lists.command("import")
@_described
@click.option("--skip-bad", is_flag=True, help="Import the good rows and leave out those with errors.")
@click.pass_obj
def take_in(
    app: App, file: Path, name: str, kind: str, header: bool | None, columns: tuple[str, ...], skip_bad: bool
) -> None:
    """Import FILE, all rows or none; a list of the same name is replaced. Then: kolgraph run."""
    wanted = _wish(file, name, kind, header, columns, skip_bad)
    with app.workspace() as ws, app.progress() as progress:
        done = service.take_in(ws, file, wanted, app.settings.user, progress)
    left = f", {done.left_out:,} left out" if done.left_out else ""
    console.print(f"{done.rows:,} rows of the list “{escape(done.name)}” are in{left}. Next: kolgraph run")


@lists.command()
@click.argument("kind", type=click.Choice(list(KINDS)), default="people")
@click.option("--to", "path", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE.{csv,xlsx}")
def template(kind: str, path: Path | None) -> None:
    """An empty list of KIND to fill in: CSV on the standard output, or a file with --to."""
    if path is None:
        click.echo(template_csv(kind).decode("utf-8-sig"), nl=False)
    elif path.suffix.lower() in (".csv", ".xlsx"):
        path.write_bytes(template_csv(kind) if path.suffix.lower() == ".csv" else template_xlsx(kind))
    else:
        raise UsageError(f'"{path.name}" has no known ending: write .csv or .xlsx')


@lists.command()
@click.argument("name")
@click.pass_obj
def remove(app: App, name: str) -> None:
    """Take the list NAME away; `restore` brings it back."""
    with app.workspace() as ws:
        gone = list_members.remove(ws, name, app.settings.user)
    console.print(f"{gone.rows:,} rows of “{escape(gone.name)}” are gone. Next: kolgraph run")


@lists.command()
@click.argument("name")
@click.pass_obj
def restore(app: App, name: str) -> None:
    """Bring the list NAME back after its removal."""
    with app.workspace() as ws:
        back = list_members.restore(ws, name, app.settings.user)
    console.print(f"{back.rows:,} rows of “{escape(back.name)}” are back. Next: kolgraph run")


def _wish(
    file: Path, name: str, kind: str, header: bool | None, columns: tuple[str, ...], skip_bad: bool = False
) -> Wish:
    known = "" if header is None else "yes" if header else "no"
    return Wish(name or file.stem, kind, tuple(mapping(text) for text in columns), skip_bad, known)


def _print(found: Report, report: Path | None) -> None:
    out = Console()
    out.print(f"Read as {escape(found.reading.sheet.about)}; rows are {found.reading.kind}", highlight=False)
    table = Table("column", "read as", "because", box=None)
    for column in found.reading.columns:
        table.add_row(escape(column.title), TITLES.get(column.field, "left out"), escape(column.why))
    out.print(table)
    if found.problems:
        table = Table("line", "column", "", "problem", "found", "what to do", box=None)
        for cells in _cells(found):
            table.add_row(*map(escape, cells))
        out.print(table)
    for severity, kind, count in found.counts:
        out.print(f"{count:>9,}  {severity}: {kind}", highlight=False)
    more = sum(count for *_, count in found.counts) - min(SHOWN, len(found.problems))
    if more > 0 and report is None:
        out.print(f"{more:,} more problems: --report FILE.csv writes all of them", highlight=False)
    out.print(escape(f"{found.rows:,} rows: {found.sentence()}"), highlight=False)


def _cells(found: Report) -> Iterator[tuple[str, ...]]:
    """The problems on the screen, errors first."""
    ordered = sorted(found.problems, key=lambda one: (one.severity, one.line))[:SHOWN]
    for one in ordered:
        yield str(one.line or ""), one.column, one.severity, one.kind, one.found, one.todo
