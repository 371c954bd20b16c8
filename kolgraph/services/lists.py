"""Own lists: look at a file, import it whole or not at all, see what is there, take a list away and bring it back.

An import and a removal are one entry of the ledger each. The file itself is not kept: its rows are records of the inbox
with the hash of the file, and importing it again under the same name replaces them.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow.parquet as pq

from kolgraph.errors import StoreError, UsageError
from kolgraph.lists.check import Report, check
from kolgraph.lists.columns import read_columns
from kolgraph.lists.fields import TITLES as FIELDS
from kolgraph.lists.sheet import open_sheet
from kolgraph.lists.template import template_csv, template_xlsx
from kolgraph.lists.wish import KINDS, Wish, checked, group, slug, wish
from kolgraph.loading import Ask, Load, Page
from kolgraph.loading.http import Client
from kolgraph.loading.runner import LoadResult
from kolgraph.loading.runner import load as load_one
from kolgraph.model import Listed
from kolgraph.plugins import loaders
from kolgraph.workspace import Workspace

__all__ = [
    "FIELDS", "KINDS", "Imported", "Nomination", "Wish", "checked", "judge", "lists", "nominations", "one", "remove",
    "restore", "rows_about", "slug", "take_in", "template_csv", "template_xlsx", "title", "waiting",
    "wish_of",
]  # fmt: skip
SOURCE, GROUPS = "ownlist", "ownlist:"
Progress = Callable[[int, int | None, str], None]


@dataclass(frozen=True, slots=True)
class Nomination:
    """Somebody who named a person, or whom they named."""

    id: str
    name: str
    place: str
    by_them: bool  # they named the person
    lists: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Imported:
    """A list as it stands: `rows` is 0 when it was removed, and `restorable` how many would come back."""

    slug: str
    name: str
    kind: str
    rows: int
    left_out: int
    file: str
    sha256: str
    date: str  # ISO, of the import or the removal
    restorable: int = 0


def title(file: str) -> str:
    """What a list is called after its file: `advisory_board-2026.csv` -> `advisory board-2026`."""
    return " ".join(Path(file).stem.replace("_", " ").split())


def wish_of(text: str) -> Wish:
    """The wish that its text says."""
    return wish(text, Path())


def judge(path: Path, wanted: Wish, progress: Progress, report: Path | None = None) -> Report:
    """The report on a file; nothing is stored. Raises InputError for what is no table."""
    return check(path, checked(wanted), progress, report)


def take_in(ws: Workspace, path: Path, wanted: Wish, user: str, progress: Progress = lambda *_: None) -> Imported:
    """Import a list in place of what an earlier file of that name brought; on errors nothing is stored.

    Raises InputError with what is wrong, BusyError while something else is loaded.
    """
    if not wanted.kind:
        wanted = replace(wanted, kind=read_columns(open_sheet(path), wanted).kind)
    ask = Ask(file=path, query=f"{checked(wanted).text()}&turn={_turn(ws)}")
    done = _load(ws, ask, progress)
    found = one(ws, slug(wanted.name))
    data = {"file": found.file[:200], "sha256": found.sha256, "kind": wanted.kind, "rows": done.records}
    ws.ledger.append("list.import", group(wanted.name), data, actor=user, why=wanted.text()[:2000])
    return found


def lists(ws: Workspace) -> list[Imported]:
    """Every list that was ever imported, by name; removed ones are among them, for they can come back."""
    origins: dict[str, tuple[str, Wish, Load]] = {}
    for load in ws.inbox.loads():
        if load.source == SOURCE and load.sha256 and load.state == "done":
            file, said = _origin(load.origin)
            origins[slug(said.name)] = file, said, load
    found = []
    for name, last, rows in ws.inbox.editions(GROUPS):
        key = name.removeprefix(GROUPS)
        file, said, load = origins[key]
        back = 0 if rows else len(ws.inbox.replaced(name))
        date = last.finished_at[:10]
        found.append(Imported(key, said.name, said.kind, rows, load.rejected, file, load.sha256, date, back))
    return sorted(found, key=lambda one: (not one.rows, one.name.casefold()))


def one(ws: Workspace, which: str) -> Imported:
    """The list of that name. Raises UsageError naming those that exist."""
    listed = lists(ws)
    found = next((each for each in listed if each.slug == slug(which)), None)
    if found is None:
        known = ", ".join(f"“{each.name}”" for each in listed) or "none yet"
        raise UsageError(f'there is no list "{which}": known are {known}')
    return found


def waiting(ws: Workspace) -> bool:
    """Whether something was imported or taken away that the graph does not show yet."""
    try:
        built = ws.store.read("build")
    except StoreError:
        return True
    return not built or built[0]["inboxWatermark"] != ws.inbox.watermark()


def remove(ws: Workspace, which: str, user: str) -> Imported:
    """Take a list away: its rows are closed, kept, and left out of the next graph."""
    found = one(ws, which)
    if not found.rows:
        raise UsageError(f"the list “{found.name}” was removed before")
    _load(ws, Ask(query=f"remove={found.slug}"), lambda *_: None)
    ws.ledger.append("list.remove", GROUPS + found.slug, {"rows": found.rows}, actor=user)
    return found


def restore(ws: Workspace, which: str, user: str) -> Imported:
    """Undo the last removal of a list."""
    found = one(ws, which)
    if found.rows or not found.restorable:
        raise UsageError(f"the list “{found.name}” is not removed: there is nothing to bring back")
    with ws.lock("load"):
        back = ws.inbox.replaced(GROUPS + found.slug)
        walk = ws.inbox.begin(SOURCE, f'"restore={found.slug}"', "", loaders()[SOURCE].version)
        ws.inbox.store(walk, Page(back, replaces=(GROUPS + found.slug,), note="removal undone"))
        ws.inbox.finish(walk)
    ws.ledger.append("list.restore", GROUPS + found.slug, {"rows": len(back)}, actor=user)
    return one(ws, which)


def rows_about(ws: Workspace, person: str) -> tuple[Listed, ...]:
    """What own lists say of a person, by list: as the resolution stands."""
    path = ws.resolved / "mentions.parquet"
    if not path.exists():
        return ()
    asked = pq.read_table(path, columns=["record", "position"], filters=[("person", "=", person), ("position", "=", 0)])
    ids = (str(id) for id in asked["record"].to_pylist() if id.startswith("own:"))
    nouns = (found[0] for id in ids if (found := ws.inbox.record(id)))
    return tuple(noun for noun in nouns if isinstance(noun, Listed))


def nominations(ws: Workspace, person: str, top: int = 50) -> tuple[Nomination, ...]:
    """Who named a person as a peer, then whom they named."""
    rows = ws.store.read("nominations_of", id=person, top=top)
    found = (Nomination(r["id"], r["name"], r["institutionName"], r["isNominator"], tuple(r["lists"])) for r in rows)
    return tuple(sorted(found, key=lambda one: not one.by_them))


def _load(ws: Workspace, ask: Ask, progress: Progress) -> LoadResult:
    loader = loaders()[SOURCE]
    with ws.lock("load"):
        return load_one(ws.inbox, loader, ask, Client(loader, ask), progress)


def _turn(ws: Workspace) -> int:
    """What makes the same file come again, after another one or after a removal; an interrupted import goes on."""
    return sum(load.source == SOURCE and load.state == "done" for load in ws.inbox.loads())


def _origin(text: str) -> tuple[str, Wish]:
    """The file and the wish that a load is named after."""
    file, told, said = text.rpartition(" as list=")
    return (file, wish(f"list={said}", Path(file))) if told else (text, wish("", Path(text)))
