"""What is drawn often and in quantity, as plain elements: the script `native.js` makes them, and React never sees them.

Each component of Dash hears of each change of the page. Hundreds of them that come and go with every key make it slow.
"""

from collections.abc import Mapping
from typing import Any

from dash.development.base_component import Component

_NAMES = {"className": "class", "tabIndex": "tabindex"}
Tree = str | list[Any]


def tree(one: Component | str | float) -> Tree:
    """A component of `dash.html` and all in it as [tag, attributes, style, child, ...]; text stays text."""
    if not isinstance(one, Component):
        return str(one)
    if one._namespace != "dash_html_components":
        raise TypeError(f"{one._type} is no plain element: only dash.html is drawn natively")
    props: dict[str, Any] = one.to_plotly_json()["props"]
    given = {
        _NAMES.get(name, name): _value(value) for name, value in props.items() if name not in ("children", "style")
    }
    attributes = {name: value for name, value in given.items() if value is not None}
    return [one._type.lower(), attributes, props.get("style") or {}, *trees(props.get("children"))]


def trees(children: Any) -> list[Tree]:
    """Children, of which some may be None."""
    listed = children if isinstance(children, list | tuple) else [children]
    return [tree(one) for one in listed if one is not None]


def _value(value: Any) -> str | None:
    """An attribute as it is written; None for one that is not."""
    if isinstance(value, bool):
        return "" if value else None
    if isinstance(value, Mapping):
        raise TypeError(f"{value} is an id for callbacks: plain elements have none")
    return None if value is None else str(value)
