"""The mark of a source beside a fact: initials that open the record where the source shows it to anyone.

Where a source shows a record to nobody, the mark opens a drawer that says what is known of it.
"""

from collections.abc import Sequence
from typing import Any

from dash import ALL, Dash, Input, Output, ctx, html, no_update
from dash.development.base_component import Component

from kolgraph.services.sources import Source, sources
from kolgraph.ui import elements as e
from kolgraph.workspace import Workspace

SHOWN = 6  # records named behind one mark


def mark(said: Sequence[Source]) -> Component | None:
    """One quiet mark for all the records behind a fact, named when pointed at or focused."""
    if not said:
        return None
    first = next((one for one in said if one.page), said[0])
    more = len(said) - 1
    shown = [first, *(one for one in said if one is not first)][:SHOWN]
    words = e.clean(
        "\n".join(one.words for one in shown) + (f"\nand {more - SHOWN + 1:,} more" if more >= SHOWN else "")
    )
    text = f"{first.short} +{more:,}" if more else first.short
    about: dict[str, Any] = {"title": words, "data-tip": words, "aria-label": f"Source: {words}"}
    if first.page:
        return html.A(text, href=first.page, target="_blank", rel="noopener noreferrer", className="k-source", **about)
    return html.Button(
        text, id={"type": "source-mark", "id": first.record}, type="button", className="k-source", **about
    )


def drawer() -> Component:
    """Where a record without a public page is told of; one a page of the app."""
    return e.drawer("source-drawer", html.Div(id="source-told"))


def told(said: Sequence[Source]) -> Component:
    """What is known of where records come from."""
    if not said:
        return e.empty("Not held any more", "The record was withdrawn or replaced since this page was opened.")
    return html.Div([_told(one) for one in said], className="k-stack")


def _told(one: Source) -> Component:
    file = e.code(one.sha256) if one.sha256 else "the answer of a service, not a file"
    facts = (
        ("Source", one.title),
        ("Record", e.code(one.record)),
        ("Public page", e.outside(one.page, one.page) if one.page else "none: the source shows this record to nobody"),
        ("Fetched", f"{one.fetched[:10]} {one.fetched[11:16]} UTC"),
        ("From", e.clean(one.origin.rstrip("/").rsplit("/", 1)[-1]) or "service"),
        ("SHA-256 of the file", file),
        ("Loader version", one.version),
    )
    return html.Dl(
        [html.Div([html.Dt(name), html.Dd(value)]) for name, value in facts], className="data-facts source-facts"
    )


def register(app: Dash, ws: Workspace) -> None:
    """Marks without a page open the drawer."""

    @app.callback(
        Output("source-told", "children"),
        Output("source-drawer", "title"),
        Output("source-drawer", "opened"),
        Input({"type": "source-mark", "id": ALL}, "n_clicks"),
        prevent_initial_call=True,
    )
    def tell(_: Any) -> Any:
        pressed = ctx.triggered_id
        if not pressed or not ctx.triggered[0]["value"]:
            return no_update, no_update, no_update
        id = str(pressed["id"])
        return told(sources(ws, [id]).get(id, ())), "Where this comes from", True
