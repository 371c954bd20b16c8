"""Watch or not: a button that stays pressed, and the way back in the corner."""

from typing import Any

from dash import ALL, MATCH, Dash, Input, Output, State, ctx, html, no_update, set_props
from dash.development.base_component import Component

from kolgraph.services import watch
from kolgraph.ui import elements as e
from kolgraph.ui.user import user
from kolgraph.workspace import Workspace


def toggle(id: str, name: str, on: bool, kind: str = "") -> Component:
    """The button; `name` is whom it is about."""
    label = f"Watch {e.clean(name)}"
    pressed = "true" if on else "false"
    return html.Button(
        _face(on),
        id={"type": "watch", "person": id},
        type="button",
        className=f"k-button watch {kind}".strip(),
        title="Watched people are followed on the page What changed",
        **e.aria(label=label, pressed=pressed),
    )


def _face(on: bool) -> list[Component | str]:
    return [e.icon("eye" if on else "eye-off", 18), "Watching" if on else "Watch"]


def _passing(id: str, name: str, on: bool) -> Component:
    """What was done, with the button that undoes it."""
    words = f"Watching {e.clean(name)}." if on else f"No longer watching {e.clean(name)}."
    undo = html.Button(
        "Undo",
        id={"type": "watch-undo", "person": id, "on": "" if on else "on"},
        type="button",
        className="k-undo",
    )
    return e.toast(words, undo)


def register(app: Dash, ws: Workspace) -> None:
    """Press to watch, press again to stop; undo from the corner."""

    @app.callback(
        Output({"type": "watch", "person": MATCH}, "children"),
        Output({"type": "watch", "person": MATCH}, "aria-pressed"),
        Input({"type": "watch", "person": MATCH}, "n_clicks"),
        State({"type": "watch", "person": MATCH}, "aria-pressed"),
        prevent_initial_call=True,
    )
    def press(clicks: int | None, pressed: str) -> Any:
        if not clicks or not isinstance(ctx.triggered_id, dict):
            return no_update, no_update
        id, on = str(ctx.triggered_id["person"]), pressed != "true"
        name = watch.toggle(ws, id, on, user())
        set_props("shell-toast", {"children": _passing(id, name, on)})
        return _face(on), "true" if on else "false"

    @app.callback(
        Output("shell-toast", "children", allow_duplicate=True),
        Input({"type": "watch-undo", "person": ALL, "on": ALL}, "n_clicks"),
        prevent_initial_call=True,
    )
    def undo(_: Any) -> Any:
        pressed = ctx.triggered_id
        if not isinstance(pressed, dict) or not ctx.triggered[0]["value"]:
            return no_update
        id, on = str(pressed["person"]), bool(pressed["on"])
        watch.toggle(ws, id, on, user())
        set_props({"type": "watch", "person": id}, {"children": _face(on), "aria-pressed": "true" if on else "false"})
        return e.toast("Watching again." if on else "Taken back: not watching.")
