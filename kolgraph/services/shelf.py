"""The shelf: the landscapes within reach of the app, which of them it shows, and where a new one would stand."""

import json
import re
from dataclasses import dataclass, field
from pathlib import Path

from kolgraph.asking import Access
from kolgraph.errors import StoreError, UsageError
from kolgraph.landscape import FILE
from kolgraph.names import fold
from kolgraph.queue import HOUSEHOLD, Queue
from kolgraph.workspace import Graph, Workspace


@dataclass(frozen=True, slots=True)
class Shelf:
    """The landscapes within reach. `given` is the folder that kolgraph was started with, `graph` where its graph is."""

    ws: Workspace  # the one that the app shows; it turns
    home: Path
    given: Path
    graph: Graph
    access: Access
    seen: dict[str, int] = field(default_factory=dict)  # the state of the memory that `ws` follows

    @property
    def queue(self) -> Queue:
        return Queue(self.home)

    @property
    def trash(self) -> Path:
        return self.home / HOUSEHOLD / "trash"

    @property
    def memory(self) -> Path:
        """The file that says which landscape is shown."""
        return self.home / HOUSEHOLD / "shown.json"

    def folders(self) -> dict[str, Path]:
        """Every landscape by its name in addresses."""
        found = [path.parent for path in self.home.glob(f"*/{FILE}") if not path.parent.name.startswith(".")]
        if self.given.parent != self.home and (self.given / FILE).exists():
            found.append(self.given)
        named: dict[str, Path] = {}
        for path in sorted(found):
            name = "new-" if path.name == "new" else path.name  # /landscapes/new is the form
            named[f"{name}-elsewhere" if name in named else name] = path
        return named

    def folder(self, slug: str) -> Path:
        """The folder of a landscape. Raises UsageError when there is none of that name."""
        if found := self.folders().get(slug):
            return found
        raise UsageError(f'there is no landscape "{slug}" in {self.home}: it may have been deleted or renamed')

    def key(self, folder: Path) -> str:
        """How the queue calls a folder."""
        return folder.name if folder.parent == self.home else str(folder)

    def open(self, folder: Path) -> Workspace:
        """A landscape of its own, to be closed."""
        return Workspace(folder, self.graph if folder == self.given else Graph())

    def shown(self) -> str:
        """The name of the landscape that the app shows, "" when there is none."""
        return next((slug for slug, path in self.folders().items() if path == self.ws.path), "")

    def follow(self) -> None:
        """Show what was switched to, be it here or in another process of this app."""
        state = self.memory.stat().st_mtime_ns if self.memory.exists() else 0
        if self.seen.get("state") == state and self.ws.exists and (self.ws.path / FILE).exists():
            return
        self.seen["state"] = state
        wanted = self._remembered()
        self.ws.turn_to(self.open(wanted) if wanted else Workspace.nowhere(self.given))

    def _remembered(self) -> Path | None:
        """The folder to show: switched to since kolgraph was started with `given`, else `given`, else any."""
        known = self.folders()
        try:
            said = json.loads(self.memory.read_text("utf-8"))
            if said["given"] == str(self.given) and said["shown"] in known:
                return known[said["shown"]]
        except (OSError, ValueError, KeyError, TypeError):
            pass  # nothing was ever switched here
        if (self.given / FILE).exists():
            return self.given
        return None

    def given_to_worker(self) -> dict[str, object]:
        """What the process that builds may use."""
        graph = {"url": self.graph.url, "user": self.graph.user, "password": self.graph.password}
        access = self.access
        return {
            "keys": access.keys,
            "contact": access.contact,
            "base_urls": access.base_urls,
            "graphs": {self.key(self.given): graph},
        }


def shelf(path: Path, graph: Graph | None = None, *, home: Path | None = None, access: Access | None = None) -> Shelf:
    """The landscapes beside `path` (or in `home`), showing the one that was shown last, else that of `path`.

    With no landscape at all it shows none, and the app opens on the page that makes one.
    """
    given = path.absolute()
    one = Shelf(
        Workspace.nowhere(given), (home or given.parent).absolute(), given, graph or Graph(), access or Access()
    )
    one.follow()
    return one


def around(ws: Workspace, *, home: Path | None = None, access: Access | None = None) -> Shelf:
    """The landscapes beside an open workspace, which is shown whatever was shown before."""
    given = ws.path.absolute()
    one = Shelf(ws, (home or given.parent).absolute(), given, ws.graph, access or Access())
    one.seen["state"] = one.memory.stat().st_mtime_ns if one.memory.exists() else 0
    return one


def new_folder(one: Shelf, title: str) -> Path:
    """A folder for a landscape of this title that does not exist yet."""
    stem = "-".join(re.findall(r"[a-z0-9]+", fold(title)))[:48].strip("-") or "landscape"
    number = 1
    while (path := one.home / (stem if number == 1 else f"{stem}-{number}")).exists() or path.name == "new":
        number += 1
    return path


def write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.new")
        draft.write_text(text, "utf-8")
        draft.replace(path)
    except OSError as error:
        raise StoreError(f"{path} cannot be written: {error.strerror}") from None
