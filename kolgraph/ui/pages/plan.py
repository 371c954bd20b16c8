"""Plan: who is to be met, when, with what question; log a contact; calendar and table of it."""

from datetime import date
from typing import Any
from urllib.parse import parse_qsl

import dash_mantine_components as dmc
from dash import ALL, Dash, Input, Output, State, ctx, dcc, html, no_update
from dash.development.base_component import Component
from dash.exceptions import PreventUpdate

from kolgraph.errors import KolgraphError
from kolgraph.services import plan
from kolgraph.services.search import search
from kolgraph.ui import elements as e
from kolgraph.ui.parts import forms
from kolgraph.ui.parts.downloads import offer
from kolgraph.ui.parts.plan_list import grouped
from kolgraph.ui.user import user
from kolgraph.workspace import Workspace

PATH, TITLE, ICON = "/plan", "Plan", "calendar-check"
LIVE = True
SHOWN = {
    "open": ("overdue", "week", "later"),
    "overdue": ("overdue",),
    "week": ("week",),
    "done": ("done",),
    "cancelled": ("cancelled",),
}
LABELS = {"open": "Open", "overdue": "Overdue", "week": "This week", "done": "Done", "cancelled": "Cancelled"}
TITLES = {"add": "Add to the plan", "log": "Log a contact", "edit": "Edit", "edit-log": "Correct the notes"}
DONE = {"add": "Planned.", "log": "Contact logged.", "edit": "Changed.", "edit-log": "Notes corrected."}


def layout(ws: Workspace, show: str = "open", add: str = "", log: str = "", **_: str) -> Component:
    """`show` is a filter; `add` and `log` are persons for whom a form opens at once."""
    doing = _wanted(add, log)
    chosen = show if show in SHOWN else "open"
    return e.page(
        TITLE,
        html.Div(
            [
                dmc.SegmentedControl(
                    id="plan-show", value=chosen, data=[{"value": key, "label": label} for key, label in LABELS.items()]
                ),
                dmc.TextInput(
                    id="plan-text",
                    placeholder="Filter by person, institution, objective",
                    debounce=200,
                    leftSection=e.icon("funnel", 16),
                    className="k-grow plan-filter",
                    **e.aria(label="Filter the plan"),
                ),
                e.button("Calendar", "calendar-arrow-down", href="/export/plan.ics", label="Export as calendar (.ics)"),
                e.button("CSV", "download", href="/export/plan.csv", label="Export as table (.csv)"),
            ],
            className="k-row wrap plan-tools",
        ),
        html.Div(_body(ws, chosen, ""), id="plan-body", className="k-stack plan-body"),
        e.drawer(
            "plan-drawer",
            [html.Div(id="plan-form"), html.Div(id="plan-error", role="alert"), _buttons()],
            "plan-drawer",
        ),
        e.confirm("plan-cancel", "Take this off the plan?", "Keep it", "Take off the plan"),
        dcc.Store(id="plan-doing", data=doing),
        dcc.Store(id="plan-dropping"),
        dcc.Store(id="plan-changed"),
        lead="Whom to meet, when and with what question. A rebuild of the graph changes nothing here.",
        actions=[
            e.button("Log a contact", "message-square-plus", id={"type": "plan-new", "verb": "log"}),
            e.button("Add to plan", "plus", "primary", id={"type": "plan-new", "verb": "add"}),
        ],
    )


def _wanted(add: str, log: str) -> dict[str, str] | None:
    """The form that an address asks for."""
    return {"verb": "log" if log else "add", "id": "", "person": log or add} if add or log else None


def _buttons() -> Component:
    return html.Div(
        [e.button("Cancel", id="plan-close"), e.button("Save", "check", "primary", id="plan-save")],
        className="k-row form-buttons",
    )


def _body(ws: Workspace, show: str, text: str) -> list[Component]:
    items = plan.items(ws, date.today())
    words = text.casefold().split()
    found = [one for one in items if all(word in _haystack(one) for word in words)]
    sections = grouped(found, SHOWN[show])
    if sections:
        return sections
    if words:
        empty = e.empty(
            "Nothing matches the filter", "Clear the filter or show another group.", name="funnel-x", head=html.H2
        )
    elif any(one.engagement.status == "planned" for one in items) or show != "open":
        empty = e.empty(
            f"Nothing under “{LABELS[show]}”", "Choose another group above.", name="calendar-check", head=html.H2
        )
    else:
        empty = e.empty(
            "Nothing is planned yet",
            "Find a person, see what they work on, and add a visit or a call with one clear question.",
            html.Div([e.button("See the ranking", "chart-bar", href="/ranking")], className="k-row"),
            name="calendar-plus",
            head=html.H2,
        )
    return [html.Div(empty, className="k-card")]


def _haystack(one: plan.Item) -> str:
    return f"{one.name} {one.place} {one.engagement.objective} {one.engagement.owner}".casefold()


def _form(ws: Workspace, doing: dict[str, str]) -> Component:
    """The form for a verb: with the person to choose, or with the item that it is about."""
    today = date.today()
    one = plan.item(ws, doing["id"], today) if doing["id"] else None
    whom: Component | None
    if one:
        whom = html.Div(
            [
                e.avatar(one.name),
                html.Div(
                    [
                        html.Div(e.clean(one.name), className="k-strong"),
                        html.Div(e.clean(one.place), className="k-muted k-small"),
                    ]
                ),
            ],
            className="k-row",
        )
    else:
        known = ws.ledger.follow(doing["person"]) if doing["person"] else ""
        name = plan.names(ws, [known]).get(known, ("", ""))[0] if known else ""
        whom = forms.person(known if name else "", e.clean(name))
    engagement = one.engagement if one else None
    if doing["verb"] in ("log", "edit-log"):
        return forms.contact(engagement, whom, today.isoformat())
    return forms.planning(engagement, whom, user())


def _save(ws: Workspace, doing: dict[str, str], values: dict[str, Any]) -> None:
    whom = values.pop("person", "") or ""
    fields = {key: (value.strip() if isinstance(value, str) else value) for key, value in values.items()}
    match doing["verb"]:
        case "add":
            plan.add(ws, whom, fields, user())
        case "log":
            plan.log(ws, doing["id"], whom, fields, user())
        case _:
            plan.change(ws, doing["id"], fields, user())


def register(app: Dash, ws: Workspace) -> None:
    """Open a form, save it, cancel with confirmation, undo, filter."""
    offer(app.server, "plan.ics", lambda _: plan.calendar(ws, user()))
    offer(app.server, "plan.csv", lambda _: plan.spreadsheet(ws, user()))

    @app.callback(
        Output("plan-doing", "data"),
        Input({"type": "plan-new", "verb": ALL}, "n_clicks"),
        Input({"type": "plan-act", "verb": ALL, "id": ALL}, "n_clicks"),
        prevent_initial_call=True,
    )
    def begin(*_: Any) -> Any:
        pressed = ctx.triggered_id
        if not ctx.triggered[0]["value"] or pressed["verb"] in ("cancel", "undo"):
            return no_update
        return {"verb": pressed["verb"], "id": pressed.get("id", ""), "person": ""}

    @app.callback(
        Output("url", "search", allow_duplicate=True),
        Input("plan-show", "value"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def address(show: str, search: str | None) -> Any:
        """The group is part of the address; a form that the address asked for is not opened again by it."""
        if dict(parse_qsl((search or "").lstrip("?"))).get("show", "open") == show:
            return no_update
        return "" if show == "open" else f"?show={show}"

    @app.callback(
        Output("plan-show", "value", allow_duplicate=True),
        Output("plan-doing", "data", allow_duplicate=True),
        Input("url", "search"),
        State("url", "pathname"),
        State("plan-show", "value"),
        prevent_initial_call=True,
    )
    def follow(search: str | None, path: str, now: str) -> Any:
        asked = dict(parse_qsl((search or "").lstrip("?")))
        show = asked.get("show", "open") if asked.get("show") in SHOWN else "open"
        wanted = _wanted(asked.get("add", ""), asked.get("log", ""))
        if path != PATH or (show == now and not wanted):
            raise PreventUpdate
        return show, wanted or no_update

    @app.callback(
        Output("plan-form", "children"),
        Output("plan-drawer", "title"),
        Output("plan-drawer", "opened"),
        Output("plan-error", "children"),
        Input("plan-doing", "data"),
    )
    def form(doing: dict[str, str] | None) -> Any:
        if not doing:
            return None, "", False, None
        return _form(ws, doing), TITLES[doing["verb"]], True, None

    @app.callback(
        Output("plan-drawer", "opened", allow_duplicate=True),
        Input("plan-close", "n_clicks"),
        prevent_initial_call=True,
    )
    def close(clicks: int | None) -> Any:
        return False if clicks else no_update

    @app.callback(
        Output(forms.field("person"), "data"),
        Input(forms.field("person"), "searchValue"),
        State(forms.field("person"), "data"),
        State(forms.field("person"), "value"),
        prevent_initial_call=True,
    )
    def people(text: str | None, known: list[dict[str, str]], value: str | None) -> Any:
        if not text or any(one["label"] == text for one in known or []):  # the label of what was just chosen
            return no_update
        chosen = [one for one in known or [] if one["value"] == value]
        found = [
            {"value": hit.id, "label": e.clean(f"{hit.name} · {hit.note}")} for hit in search(ws, text[:200]).people
        ]
        return chosen + [one for one in found if one["value"] != value]

    @app.callback(
        Output("plan-error", "children", allow_duplicate=True),
        Output("plan-drawer", "opened", allow_duplicate=True),
        Output("plan-changed", "data"),
        Output("shell-toast", "children", allow_duplicate=True),
        Input("plan-save", "n_clicks"),
        State("plan-doing", "data"),
        State({"page": "plan", "field": ALL}, "value"),
        State({"page": "plan", "field": ALL}, "id"),
        State({"page": "plan", "flag": ALL}, "checked"),
        State({"page": "plan", "flag": ALL}, "id"),
        prevent_initial_call=True,
    )
    def save(
        clicks: int, doing: dict[str, str], values: list[Any], names: list[Any], flags: list[Any], ids: list[Any]
    ) -> Any:
        if not clicks:  # the button has only just been drawn
            raise PreventUpdate
        given = {id["field"]: value or "" for id, value in zip(names, values, strict=True)}
        given |= {id["flag"]: bool(value) for id, value in zip(ids, flags, strict=True)}
        try:
            _save(ws, doing, given)
        except KolgraphError as error:
            return e.problem(error), no_update, no_update, no_update
        return None, False, {"n": clicks}, e.toast(DONE[doing["verb"]])

    @app.callback(
        Output("plan-dropping", "data"),
        Output("plan-cancel", "opened"),
        Output("plan-cancel-words", "children"),
        Input({"type": "plan-act", "verb": "cancel", "id": ALL}, "n_clicks"),
        prevent_initial_call=True,
    )
    def ask(_: Any) -> Any:
        if not ctx.triggered[0]["value"]:
            return no_update, no_update, no_update
        one = plan.item(ws, ctx.triggered_id["id"], date.today())
        what = f"“{e.clean(one.engagement.objective)}” with {e.clean(one.name)}"
        words = f"{what} moves to Cancelled. Nothing is lost: Undo brings it back."
        return one.engagement.id, True, words

    @app.callback(
        Output("plan-cancel", "opened", allow_duplicate=True),
        Output("plan-changed", "data", allow_duplicate=True),
        Output("shell-toast", "children", allow_duplicate=True),
        Input("plan-cancel-yes", "n_clicks"),
        Input("plan-cancel-no", "n_clicks"),
        State("plan-dropping", "data"),
        prevent_initial_call=True,
    )
    def drop(yes: int, no: int, id: str) -> Any:
        if not yes and not no:
            raise PreventUpdate
        if ctx.triggered_id == "plan-cancel-no":
            return False, no_update, no_update
        plan.cancel(ws, id, user())
        return False, {"dropped": id, "n": yes}, e.toast("Taken off the plan. Undo it under Cancelled.")

    @app.callback(
        Output("plan-changed", "data", allow_duplicate=True),
        Output("shell-toast", "children", allow_duplicate=True),
        Input({"type": "plan-act", "verb": "undo", "id": ALL}, "n_clicks"),
        prevent_initial_call=True,
    )
    def undo(_: Any) -> Any:
        if not ctx.triggered[0]["value"]:
            return no_update, no_update
        plan.undo(ws, ctx.triggered_id["id"], user())
        return {"undone": ctx.triggered_id["id"], "n": ctx.triggered[0]["value"]}, e.toast("Last change undone.")

    @app.callback(
        Output("plan-body", "children"),
        Input("plan-changed", "data"),
        Input("plan-show", "value"),
        Input("plan-text", "value"),
        prevent_initial_call=True,
    )
    def body(_: Any, show: str, text: str | None) -> Any:
        return _body(ws, show if show in SHOWN else "open", text or "")
