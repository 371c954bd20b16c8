"""kolgraph: who shapes a field of medicine, why, and through whom.

import kolgraph
ws = kolgraph.open("workspace")
ws.people()                      # a DataFrame
ws.network(topic="Oncology")     # a graph that networkx understands
"""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kolgraph.workspace import Workspace

__version__ = "0.1.0"


def open(path: str | Path = "workspace", graph: str = "", user: str = "neo4j", password: str = "") -> "Workspace":
    """Open the workspace in folder `path`; `graph` is the address of a Neo4j server when the graph lives there."""
    from kolgraph.workspace import Graph, Workspace  # late: `import kolgraph` stays instant

    return Workspace(Path(path), Graph(graph, user, password))
