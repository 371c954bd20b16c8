"""A workspace: one folder with a landscape's recipe, its inbox, its ledger and (unless Neo4j has it) its graph."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from kolgraph import landscape as recipe
from kolgraph.errors import BusyError, UsageError
from kolgraph.inbox import Inbox
from kolgraph.ledger import Ledger
from kolgraph.store import GraphStore, open_store

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Graph:
    """Where the graph lives: the address of a Neo4j server, or "" for SQLite in the workspace."""

    url: str = ""
    user: str = "neo4j"
    password: str = ""


class Workspace:
    """An open workspace; the door for pages, commands and notebooks. Safe to share between threads."""

    exists = True  # whether there is a landscape

    def __init__(self, path: Path, graph: Graph | None = None, landscape: recipe.Landscape | None = None):
        """Raises UsageError when `path` holds no landscape; `landscape` stands in for the recipe, see `nowhere`."""
        self.path = path
        self.graph = graph or Graph()
        self.landscape = landscape or recipe.read(path)

    @classmethod
    def nowhere(cls, path: Path) -> "Workspace":
        """The workspace of somebody who has no landscape yet: nothing can be read or written before it turns to one."""
        empty = cls(path, landscape=recipe.Landscape(""))
        empty.exists = False
        return empty

    def turn_to(self, other: "Workspace") -> None:
        """Become another workspace, for whoever holds this one. In one step: nobody sees half of each.

        Who is at work with a part of the former one goes on with it; its connections close when nobody needs them.
        """
        self.__dict__ = other.__dict__

    @property
    def resolved(self) -> Path:
        """The folder in which resolution leaves who is who."""
        return self.path / "resolved"

    @cached_property
    def inbox(self) -> Inbox:
        return Inbox(self.path / "inbox.db")

    @cached_property
    def ledger(self) -> Ledger:
        return Ledger(self.path / "ledger.db")

    @cached_property
    def store(self) -> GraphStore:
        return open_store(self.graph.url or str(self.path / "graph.db"), self.graph.user, self.graph.password)

    @contextmanager
    def lock(self, doing: str) -> Iterator[None]:
        """Be the one writer. Raises BusyError naming the holder; the system frees the lock of a dead process."""
        with (self.path / "workspace.lock").open("a+") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                file.seek(0)
                holder = file.read().strip() or "another process"
                raise BusyError(f"{self.path} is being written by {holder}: wait for it or stop it") from None
            file.truncate(0)
            file.write(f"process {os.getpid()} ({doing})")
            file.flush()
            yield

    def people(self) -> "pd.DataFrame":
        """Everybody in the graph, one row a person."""
        from kolgraph import frames

        return frames.people(self)

    def network(self, topic: str | None = None) -> "nx.Graph":
        """The coauthor network of everybody, or of a topic (its name or id), as a graph that networkx understands."""
        from kolgraph.graph.views import network

        return network(self.store, self.scope(topic))

    def scope(self, topic: str | None) -> str:
        """A topic's id from its name or id; "all" for None. Raises UsageError for a topic the recipe lacks."""
        if topic in (None, "", "all"):
            return "all"
        for known in self.landscape.topics:
            if topic in (known.id, known.name):
                return known.id
        names = ", ".join(t.name for t in self.landscape.topics) or "none"
        raise UsageError(f'unknown topic "{topic}": this landscape has {names}')

    def close(self) -> None:
        """Close what was opened."""
        for part in ("inbox", "ledger", "store"):
            if part in self.__dict__:
                self.__dict__.pop(part).close()

    def __enter__(self) -> "Workspace":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
