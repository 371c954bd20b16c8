"""The command line: every step of the pipeline, and the door to the app."""

import json
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from kolgraph import __version__, jobs, landscape
from kolgraph.asking import Access, loader
from kolgraph.cli_diff import diff
from kolgraph.cli_identity import explain, judge
from kolgraph.cli_lists import lists
from kolgraph.cli_sources import load, match_places, plan_load, safe, sources
from kolgraph.config import Settings
from kolgraph.errors import KolgraphError, SourceError, UsageError
from kolgraph.workspace import Workspace

console = Console(stderr=True, highlight=False)


class App:
    """What every command shares: where the workspace is and what the environment says."""

    def __init__(self, folder: Path | None):
        self.settings = Settings()
        self.folder = folder or self.settings.workspace

    def access(self, base_urls: dict[str, str] | None = None) -> Access:
        """What the settings bring along to the services."""
        settings = self.settings
        return Access(settings.keys(), settings.contact, settings.base_urls | (base_urls or {}))

    @contextmanager
    def workspace(self) -> Iterator[Workspace]:
        with Workspace(self.folder, self.settings.store()) as ws:
            yield ws

    @contextmanager
    def progress(self) -> Iterator[jobs.Progress]:
        """One line a phase, on a terminal; silence in a pipe."""
        columns = (
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
        )
        with Progress(*columns, console=console, transient=False, disable=not console.is_terminal) as bars:
            tasks: dict[str, Any] = {}

            def show(done: int, of: int | None, what: str) -> None:
                if what not in tasks:
                    tasks[what] = bars.add_task(what, total=of)
                bars.update(tasks[what], completed=done, total=of)

            yield show


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="kolgraph")
@click.option(
    "--workspace",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Folder of the landscape; KOLGRAPH_WORKSPACE, else ./workspace.",
)
@click.pass_context
def cli(context: click.Context, folder: Path | None) -> None:
    """Who shapes a field of medicine, why, and through whom.

    \b
    kolgraph demo                          a synthetic landscape to look around in
    kolgraph init --topic "Asthma=asthma"  begin an own one, then load, run, serve
    """
    context.obj = App(folder)


@cli.command()
@click.option(
    "--topic",
    "topics",
    multiple=True,
    metavar='"NAME[=TERM|TERM|mesh:HEADING...]"',
    help="A scope over the landscape; may be repeated.",
)
@click.option("--title", default="", help="What the landscape is called; the topics' names by default.")
@click.option("--source", "sources", multiple=True, metavar="NAME", help="A service to ask for the topics.")
@click.option("--since", default="", metavar="YEAR", help="From when on services are asked.")
@click.option("--until", default="", metavar="YEAR", help="Up to when services are asked.")
@click.option("--country", "countries", multiple=True, metavar="DE", help="Two letters of ISO 3166; may be repeated.")
@click.pass_obj
def init(
    app: App,
    topics: tuple[str, ...],
    title: str,
    sources: tuple[str, ...],
    since: str,
    until: str,
    countries: tuple[str, ...],
) -> None:
    """Begin a landscape: write landscape.toml into the workspace."""
    if (app.folder / landscape.FILE).exists():
        raise UsageError(f"{app.folder / landscape.FILE} stands already: edit it, or choose another --workspace")
    listed = tuple(landscape.topic(text) for text in topics)
    title = title or " and ".join(t.name for t in listed) or "Landscape"
    asked = tuple(landscape.Source(loader(name).name) for name in sources)
    recipe = landscape.Landscape(title, listed, asked, since=since, until=until, countries=countries)
    landscape.check(recipe)
    app.folder.mkdir(parents=True, exist_ok=True)
    landscape.write(app.folder, recipe)
    following = "kolgraph plan-load, kolgraph run" if sources else "kolgraph load SOURCE --file PATH"
    console.print(f"Landscape in {app.folder}. Next: {following} (kolgraph sources lists them)")


def _step(name: str, text: str) -> None:
    @cli.command(name, help=text)
    @click.pass_obj
    def command(app: App) -> None:
        with app.workspace() as ws, app.progress() as progress:
            step = getattr(jobs, name)(ws, progress=progress)
        _say(step)


@cli.command()
@click.option("--full", is_flag=True, help="Look at everybody again, not only at what is new and can touch it.")
@click.option("--workers", default=0, metavar="N", type=click.IntRange(0, 256), help="Processes, 0 for all cores.")
@click.pass_obj
def resolve(app: App, full: bool, workers: int) -> None:
    """Decide which mentions are one person, and where they work."""
    with app.workspace() as ws, app.progress() as progress:
        step = jobs.resolve(ws, full=full, workers=workers, progress=progress)
    _say(step)


_step("build", "Turn records and persons into the graph.")
_step("score", "Compute communities, positions and scores.")


def _whole(name: str, text: str, refresh: bool) -> None:
    @cli.command(name, help=text)
    @click.pass_obj
    def command(app: App) -> None:
        with app.workspace() as ws, app.progress() as progress:
            steps = jobs.run(ws, access=app.access(), refresh=refresh, progress=progress)
        for step in steps:
            _say(step)
        if any(step.problem for step in steps):
            raise click.exceptions.Exit(SourceError.exit_code)


_whole("run", "All steps of the recipe, skipping what is fresh.", refresh=False)
_whole("refresh", "Ask the services for what is new since the last time, then all steps that follow.", refresh=True)


@cli.command()
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.option("--hash", "with_hash", is_flag=True, help="Read everything and print the content hashes.")
@click.option("--provenance", "with_facts", is_flag=True, help="Count facts that do not answer where they come from.")
@click.pass_obj
def status(app: App, as_json: bool, with_hash: bool, with_facts: bool) -> None:
    """What is loaded, resolved, built and scored."""
    from kolgraph.provenance import facts

    with app.workspace() as ws:
        found = jobs.status(ws, with_hash=with_hash)
        if with_facts and not found["built"]:
            raise UsageError("there is no graph yet: run `kolgraph run` first")
        counted = facts(ws) if with_facts else []
    if counted:
        found["facts"] = {one.kind: one.count for one in counted}
        found["facts without provenance"] = sum(one.without for one in counted)
    if as_json:
        click.echo(json.dumps(found))
        return
    table = Table(title=found["title"], show_header=False, box=None, title_justify="left")
    for key, value in _flat(found):
        table.add_row(key, f"{value:,}" if isinstance(value, int) else str(value))
    Console().print(table)


@cli.command()
@click.option("--topic", default="", metavar="NAME", help="Within this topic; everybody by default.")
@click.option("--score", "score_id", default="influence", show_default=True, help="Which score orders them.")
@click.option("--top", default=20, show_default=True, type=click.IntRange(1, 10000))
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.pass_obj
def rank(app: App, topic: str, score_id: str, top: int, as_json: bool) -> None:
    """The people at the head of a score."""
    with app.workspace() as ws:
        scope = ws.scope(topic or None)
        if not jobs.built(ws):
            raise UsageError("there is no graph yet: run `kolgraph run` first")
        known = [one["id"] for one in ws.store.read("score_list")]
        if score_id not in known:
            raise UsageError(f'unknown score "{score_id}": known are {", ".join(known) or "none, run kolgraph score"}')
        rows = ws.store.read("ranking", score=score_id, scope=scope, top=top, offset=0)
    if as_json:
        click.echo(json.dumps(rows))
        return
    table = Table("rank", "name", "institution", score_id, "papers", "trials", box=None)
    for row in rows:
        value = f"{row['value']:.1f}"
        cells = (row["rank"], row["name"], row["institutionName"] or "", value, row["paperCount"], row["trialCount"])
        table.add_row(*(Text(safe(str(cell))) for cell in cells))
    Console().print(table)


@cli.command()
@click.argument("what", type=click.Choice(["people", "mentions", "edges", "scores", "engagements"]))
@click.option(
    "--to", "path", required=True, type=click.Path(path_type=Path, dir_okay=False), metavar="FILE.{csv,parquet,xlsx}"
)
@click.pass_obj
def export(app: App, what: str, path: Path) -> None:
    """Write people, mentions, edges, scores or engagements to a file."""
    from kolgraph.export import export as write

    with app.workspace() as ws:
        rows = write(ws, what, path)
    console.print(f"{rows:,} {what} in {path}")


@cli.group()
def audit() -> None:
    """The ledger of what people decided."""


@audit.command()
@click.pass_obj
def verify(app: App) -> None:
    """Recompute the hash chain of the ledger; exit code 7 when it is broken."""
    with app.workspace() as ws:
        verdict = ws.ledger.verify()
    click.echo(
        f"{verdict.count:,} entries, head {verdict.head[:16] or 'none'}: " + ("whole" if verdict.ok else verdict.reason)
    )
    if not verdict.ok:
        raise click.exceptions.Exit(7)


@cli.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8050, show_default=True, type=click.IntRange(1, 65535))
@click.option("--open", "browser", is_flag=True, help="Open the page in the browser.")
@click.pass_obj
def serve(app: App, host: str, port: int, browser: bool) -> None:
    """Open the app over the landscapes; with none yet it opens on the page that makes one."""
    from kolgraph.services.shelf import shelf
    from kolgraph.ui.server import serve as start

    def ready(url: str) -> None:
        click.echo(f"kolgraph is open at {url} (Ctrl+C ends it)")
        if browser:
            click.launch(url)

    settings = app.settings
    start(
        shelf(app.folder, settings.store(), home=settings.home, access=app.access()),
        host,
        port,
        ready=ready,
        trusted_hosts=settings.trusted_hosts,
        behind_proxy=settings.behind_proxy,
        user=settings.user,
    )


@cli.command()
@click.option("--people", default=3000, show_default=True, type=click.IntRange(50), help="Size of the world.")
@click.option(
    "--seed", default=7, show_default=True, help="Another seed, another world; the same seed, the same bytes."
)
@click.option(
    "--only-files",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Write the source files and stop.",
)
@click.pass_obj
def demo(app: App, people: int, seed: int, only_files: Path | None) -> None:
    """A synthetic landscape: invented people in the sources' own formats, read by the real loaders."""
    from kolgraph import demo as world

    with app.progress() as progress:
        if only_files:
            world.generate(only_files, people, seed, progress)
            console.print(f"Source files of {people:,} invented people in {only_files}")
            return
        made = f"{people} people, seed {seed}"
        stamp = app.folder / "files" / "made.txt"
        if not (stamp.exists() and stamp.read_text() == made):
            if (app.folder / landscape.FILE).exists() and not landscape.read(app.folder).synthetic:
                raise UsageError(
                    f"{app.folder} holds a landscape of real records: choose another --workspace for the demo"
                )
            for derived in ("inbox.db*", "graph.db*"):  # what people decided stays: the ledger is left alone
                for file in app.folder.glob(derived):
                    file.unlink()
            for folder in ("files", "snapshots"):
                shutil.rmtree(app.folder / folder, ignore_errors=True)
            world.generate(app.folder / "files", people, seed, progress)
            topics = tuple(landscape.topic(f"{name}={'|'.join(terms)}") for name, terms in world.TOPICS.items())
            listed = tuple(landscape.Source(name, (f"files/{name}",)) for name in world.SOURCES)
            landscape.write(app.folder, landscape.Landscape(world.TITLE, topics, listed, synthetic=True))
            stamp.write_text(made)
        with Workspace(app.folder, app.settings.store()) as ws:
            steps = jobs.run(ws, progress=progress)
    for step in steps:
        _say(step)


for command in (diff, explain, judge, lists, load, match_places, plan_load, sources):
    cli.add_command(command)


def _say(step: jobs.Step) -> None:
    counts = ", ".join(f"{value:,} {key}" for key, value in step.counts.items())
    console.print(f"{step.name}: {'nothing new' if step.fresh else counts or 'done'}")
    if step.problem:
        console.print(safe(f"{step.name}: INCOMPLETE: {step.problem}"), style="red", markup=False)


def _flat(found: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in found.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{key} ")
        else:
            yield f"{prefix}{key}", value


def main() -> None:
    """Run a command; an error that we raise on purpose is one line and its exit code."""
    try:
        code = cli.main(standalone_mode=False)
    except KolgraphError as error:
        console.print(safe(f"kolgraph: {error}"), style="red", markup=False)  # it may quote what a source sent
        code = error.exit_code
    except click.ClickException as error:
        console.print(f"kolgraph: {error.format_message()}", style="red", markup=False)
        code = error.exit_code
    except (click.Abort, KeyboardInterrupt):
        console.print("stopped; run the same command again to go on")
        code = 130
    sys.exit(code)
