"""How a button tells the bridge what to do: `data-act` and its arguments, read by one listener in `graph_tools.js`."""

from typing import Any

from dash import html
from dash.development.base_component import Component

from kolgraph.ui import elements as e


def to(act: str, **arguments: str) -> dict[str, Any]:
    """`"expand", id=...` -> the attributes `data-act`, `data-id`."""
    return {"data-act": act} | {f"data-{key}": value for key, value in arguments.items()}


def act(text: str, name: str, what: str, *, kind: str = "", **arguments: str) -> Component:
    """A button with an icon that the bridge listens to."""
    return html.Button(
        [e.icon(name, 16), text], type="button", className=f"k-button small {kind}".strip(), **to(what, **arguments)
    )
