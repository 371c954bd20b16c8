"""Our backend of networkx (entry points `networkx.backends` and `networkx.backend_info`, name `kolgraph`).

`nx.pagerank(view)` runs over arrays when `view` is a CsrGraph; `nx.pagerank(graph, backend="kolgraph")` converts a
plain graph first. networkx reads this module while it is being imported itself, so nothing here may need it yet.
"""

from typing import Any


class Dispatcher:
    """What networkx asks for functions by name; they are loaded at the first question."""

    def __getattr__(self, name: str) -> Any:
        from kolgraph.score.functions import functions

        return getattr(functions, name)


dispatcher = Dispatcher()


def info() -> dict[str, Any]:
    """What networkx shows about us in its documentation."""
    return {
        "backend_name": "kolgraph",
        "project": "kolgraph",
        "package": "kolgraph",
        "short_summary": "Coauthor networks over arrays: the measures of influence at native speed.",
    }
