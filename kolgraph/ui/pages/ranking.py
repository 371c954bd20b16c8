"""Ranking."""

from dash import Dash
from dash.development.base_component import Component

from kolgraph.ui import elements as e
from kolgraph.workspace import Workspace

PATH, TITLE, ICON = "/ranking", "Ranking", "chart-bar"


def layout(ws: Workspace, **_: str) -> Component:
    """The content of the page."""
    return e.page(TITLE)


def register(app: Dash, ws: Workspace) -> None:
    """The callbacks of the page."""
