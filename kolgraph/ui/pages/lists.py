"""Lists: bring in an own list from CSV or XLSX, see what is wrong with it, take it away again."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import dash_mantine_components as dmc
from dash import ALL, Dash, Input, Output, State, ctx, dcc, html, no_update
from dash.development.base_component import Component
from dash.exceptions import PreventUpdate
from flask import Response, abort, request, send_file

from kolgraph.errors import KolgraphError
from kolgraph.services import landscapes, list_check, list_desk, list_members, lists, uploads
from kolgraph.services.lists import Imported, Wish
from kolgraph.ui import elements as e
from kolgraph.ui.pages import lists_check as check
from kolgraph.ui.parts import lists_check as people
from kolgraph.ui.parts import lists_report as part
from kolgraph.ui.parts.builds import address
from kolgraph.ui.parts.downloads import offer
from kolgraph.ui.parts.plan_list import day
from kolgraph.ui.security import UPLOAD
from kolgraph.ui.user import shelf, user
from kolgraph.workspace import Workspace

PATH, TITLE, ICON = "/lists", "Lists", "list-checks"
NEVER = (
    "Never taken in, whatever the file holds: gender, age, prescribing and claims, anything about patients, e-mail and "
    "other contact data, free notes."
)
REMOVED = "Its rows and their ties leave the graph with the next build. Restore brings them back."


def layout(ws: Workspace, **_: str) -> Component:
    """An upload, then the lists that are there."""
    return e.page(
        TITLE,
        html.Div(_drop(), id="lists-work", className="k-stack"),
        html.Div(_lists(ws), id="lists-held", className="k-stack"),
        e.confirm("lists-remove", "Remove this list?", "Keep it", "Remove"),
        dcc.Store(id="lists-upload"),  # token of the file that is looked at; written by lists.js
        dcc.Store(id="lists-turn"),  # the check or import whose outcome is on the screen
        dcc.Store(id="lists-removing"),
        dcc.Interval(id="lists-tick", interval=400, disabled=True),
        dcc.Store(id="lists-verb"),
        *check.stores(),
        lead="Your own people, affiliations, events and peer nominations, checked against the people who are here.",
        actions=[_templates()],
    )


def _templates() -> Component:
    items: list[Component] = []
    for kind, label in part.ABOUT.items():
        items.append(dmc.MenuLabel(label))
        for ending in ("xlsx", "csv"):
            words = "Workbook with help (.xlsx)" if ending == "xlsx" else "Table (.csv)"
            items.append(dmc.MenuItem(words, href=f"/export/list-template-{kind}.{ending}", refresh=True))
    return dmc.Menu(
        [dmc.MenuTarget(e.button("Templates", "file-down")), dmc.MenuDropdown(items)],
        position="bottom-end",
        zIndex=300,
    )


def _drop() -> list[Component]:
    """Where a file is dropped or chosen; lists.js does the rest."""
    words = [
        e.icon("upload", 28),
        html.H2("Drop a CSV or XLSX file here"),
        html.P(
            "or choose one. You see whom every row means, and what is wrong with it, before anything is stored.",
            className="k-muted",
        ),
        e.button("Choose a file", "file-spreadsheet", "primary", id="lists-choose"),
        html.P(NEVER, className="k-muted k-small lists-never"),
        html.Div(id="lists-sending", className="lists-sending", role="status"),
    ]
    return [html.Div(words, id="lists-drop", className="k-card lists-drop")]


def _lists(ws: Workspace) -> list[Component]:
    held = lists.lists(ws)
    if not held:
        words = "Every row of a list stands in the graph, with the papers of its person once you accept whom it means."
        return [e.card("Imported lists", e.empty("No list yet", words, name="list-checks"))]
    ties = list_check.ties(ws)
    rows = [_row(one, ties.get(one.slug, (0, 0))[1]) for one in held]
    heads = ("List", "Rows", "From", "When", html.Span("Action", className="k-off"))
    return [e.card("Imported lists", part.table(heads, rows, "Imported lists"), side=_note(ws, held))]


def _row(one: Imported, tied: int) -> list[Any]:
    kind = part.ABOUT.get(one.kind, "") + (f", {tied:,} tied to people" if tied else "")
    called = e.clean(one.name)
    title = dcc.Link(called, href=f"/lists/{one.slug}") if one.rows else called
    name = html.Div([html.Div(title, className="k-strong"), html.Div(kind, className="k-muted k-small")])
    rows: Any = f"{one.rows:,}" + (f" ({one.left_out:,} left out)" if one.left_out else "")
    verb, label, icon = ("remove", "Remove", "trash-2") if one.rows else ("restore", "Restore", "undo-2")
    button = e.button(
        label,
        icon,
        "small",
        id={"type": "lists-act", "verb": verb, "id": one.slug},
        **e.aria(label=f"{label}: {called}"),
    )
    if not one.rows:
        rows = e.chip("Removed", "line")
    source = html.Span(e.clean(one.file), title=f"SHA-256 {one.sha256}")
    return [name, rows, source, html.Span(day(one.date), className="k-nowrap"), button]


def _note(ws: Workspace, held: list[Imported]) -> Component:
    """How many rows there are, and whether the graph holds them already."""
    rows = html.Span(f"{e.count(sum(one.rows for one in held), 'row')} in use", className="k-muted k-small")
    if not lists.waiting(ws):
        return rows
    return html.Div(
        [rows, e.chip("the graph is older", "warn"), e.button("Build now", "hammer", "small", id="lists-build")],
        className="k-row wrap",
    )


def _after(done: dict[str, Any], tied: int) -> list[Component]:
    words = f"{e.count(done['rows'], 'row')} of “{e.clean(done['name'])}” are in."
    if done["left_out"]:
        words += f" {e.count(done['left_out'], 'row')} with errors were left out: see Quarantine on Data."
    if tied:
        words += f" {tied:,} of them are tied to people: see its people below."
    return [e.notice(f"{words} The graph holds them after its next build.", "", "circle-check"), *_drop()]


def _wanted(report: dict[str, Any], said: dict[str, str], fields: list[str], ids: list[dict[str, Any]]) -> Wish:
    """What the page is set to: of the columns only what differs from the guess is told."""
    kept = []
    for one, field in zip(_own(report, ids), fields, strict=True):
        told = "" if field == part.LEFT_OUT else field
        if one and not one["refused"] and (told != one["field"] or one["why"].endswith("as told")):
            kept.append((f"#{one['number']}", told))
    same = said["header"] == report["header"]
    header = "" if same and not report["told_header"] else said["header"]
    return Wish(said["title"].strip(), said["kind"], tuple(kept) if same else (), header=header)


def _own(report: dict[str, Any], ids: list[dict[str, Any]]) -> list[dict[str, Any] | None]:
    """The columns of the report that the fields of the page stand for."""
    read = {one["number"]: one for one in report["columns"]}
    return [read.get(id["number"]) for id in ids]


def _replaces(ws: Workspace, title: str) -> str:
    known = next((one for one in lists.lists(ws) if one.slug == lists.slug(title) and one.rows), None)
    return f"Replaces “{e.clean(known.name)}”: {e.count(known.rows, 'row')} of {day(known.date)}." if known else ""


def _report(ws: Workspace, token: str) -> dict[str, Any]:
    found = uploads.state(ws, token)
    if found["phase"] != "checked":
        raise PreventUpdate
    said = lists.wish_of(found["wish"])
    told = {"told_header": bool(said.header), "told_kind": bool(said.kind)}
    return {**found["report"], **told, "href": f"/export/list-report?upload={token}"}


def register(app: Dash, ws: Workspace) -> None:
    """Take a file, follow its check, let it be corrected, import it; remove and restore lists."""
    _routes(app, ws)

    @app.callback(
        Output("lists-work", "children"),
        Output("lists-tick", "disabled"),
        Input("lists-upload", "data"),
        prevent_initial_call=True,
    )
    def begin(token: str | None) -> Any:
        if not token:
            return _drop(), True
        uploads.begin_check(ws, token, Wish(lists.title(uploads.name_of(ws, token))))
        return part.waiting({"phase": "checking"}), False

    @app.callback(
        Output("lists-work", "children", allow_duplicate=True),
        Output("lists-tick", "disabled", allow_duplicate=True),
        Output("lists-turn", "data"),
        Output("lists-held", "children", allow_duplicate=True),
        Input("lists-tick", "n_intervals"),
        State("lists-upload", "data"),
        State("lists-turn", "data"),
        prevent_initial_call=True,
    )
    def follow(_: int, token: str | None, seen: str | None) -> Any:
        if not token:
            return no_update, True, no_update, no_update
        found = uploads.state(ws, token)
        if found["phase"] in ("checking", "importing"):
            return part.waiting(found), False, no_update, no_update
        if found["turn"] == seen:
            return no_update, True, no_update, no_update
        name = uploads.name_of(ws, token)
        if found["phase"] == "imported":
            uploads.drop(ws, token)
            return _after(found["list"], found["tied"]), True, found["turn"], _lists(ws)
        if found["phase"] == "failed":
            words = html.Div([html.H3(e.clean(name)), html.P(e.clean(found["message"]))])
            return [e.notice(words, "bad", "circle-x"), *_drop()], True, found["turn"], no_update
        wanted = lists.wish_of(found["wish"])
        given = list_desk.rows(uploads.people_of(ws, token))
        card = people.card(given, name, token, found["unasked"])
        told = _replaces(ws, wanted.name)
        editor = part.editor(name, wanted.name, _report(ws, token), told, card, list_check.tied(given))
        return editor, True, found["turn"], no_update

    @app.callback(
        Output("lists-work", "children", allow_duplicate=True),
        Output("lists-tick", "disabled", allow_duplicate=True),
        Input({"type": "lists-column", "number": ALL}, "value"),
        Input(part.setting("kind"), "value"),
        Input(part.setting("header"), "value"),
        State(part.setting("title"), "value"),
        State({"type": "lists-column", "number": ALL}, "id"),
        State("lists-upload", "data"),
        prevent_initial_call=True,
    )
    def change(fields: list[str], kind: str, header: str, title: str, ids: list[Any], token: str | None) -> Any:
        if not token:
            raise PreventUpdate
        report = _report(ws, token)
        drawn = [(one or {}).get("field") or part.LEFT_OUT for one in _own(report, ids)]
        if (drawn, report["kind"], report["header"]) == (fields, kind, header):
            raise PreventUpdate  # they have only just been drawn
        said = {"title": title, "kind": kind if kind != report["kind"] or report["told_kind"] else "", "header": header}
        uploads.begin_check(ws, token, _wanted(report, said, fields, ids))
        return part.waiting({"phase": "checking"}), False

    @app.callback(
        Output("lists-replaces", "children"), Input(part.setting("title"), "value"), prevent_initial_call=True
    )
    def named(title: str) -> str:
        return _replaces(ws, title)

    @app.callback(
        Output("lists-problems", "children"),
        Input(part.setting("severity"), "value"),
        State("lists-upload", "data"),
        prevent_initial_call=True,
    )
    def narrow(severity: str, token: str | None) -> Any:
        if not token or severity not in part.SEVERITIES:
            raise PreventUpdate
        return part.problems(_report(ws, token), severity)

    @app.callback(
        Output("lists-upload", "data", allow_duplicate=True),
        Output("lists-work", "children", allow_duplicate=True),
        Output("lists-tick", "disabled", allow_duplicate=True),
        Output("lists-verb", "data"),
        Output("check-accept", "opened"),
        Output("check-accept-words", "children"),
        Input({"type": "lists-do", "verb": ALL}, "n_clicks"),
        Input("check-accept-yes", "n_clicks"),
        Input("check-accept-no", "n_clicks"),
        State("lists-verb", "data"),
        State({"type": "lists-column", "number": ALL}, "value"),
        State({"type": "lists-column", "number": ALL}, "id"),
        State({"type": "lists-set", "name": ALL}, "value"),
        State({"type": "lists-set", "name": ALL}, "id"),
        State("lists-upload", "data"),
        prevent_initial_call=True,
    )
    def go(*given: Any) -> Any:
        """Cancel, or import: at once where nobody is tied, else after saying what will happen."""
        *_, verb, fields, ids, values, names, token = given
        if not token or not ctx.triggered[0]["value"]:  # a button has only just been drawn
            raise PreventUpdate
        if ctx.triggered_id == "check-accept-no":
            return no_update, no_update, no_update, no_update, False, no_update
        asked = ctx.triggered_id != "check-accept-yes"
        verb = ctx.triggered_id["verb"] if asked else verb
        if verb == "cancel":
            uploads.drop(ws, token)
            return None, _drop(), True, None, False, ""
        said = {id["name"]: value for id, value in zip(names, values, strict=True)}
        report = _report(ws, token)
        wanted = lists.checked(replace(_wanted(report, said, fields, ids), skip_bad=verb == "good"))
        rows = list_desk.rows(uploads.people_of(ws, token))
        if asked and any(one.person for one in rows):
            return no_update, no_update, no_update, verb, True, people.promise(rows, wanted.name, report["good"])
        uploads.begin_import(ws, token, wanted, user())
        return no_update, part.waiting({"phase": "importing"}), False, None, False, ""

    check.register(app, ws)
    _held(app, ws)


def _held(app: Dash, ws: Workspace) -> None:
    @app.callback(
        Output("lists-removing", "data"),
        Output("lists-remove", "opened"),
        Output("lists-remove-words", "children"),
        Output("lists-held", "children"),
        Output("shell-toast", "children", allow_duplicate=True),
        Input({"type": "lists-act", "verb": ALL, "id": ALL}, "n_clicks"),
        prevent_initial_call=True,
    )
    def ask(_: Any) -> Any:
        if not ctx.triggered[0]["value"]:
            raise PreventUpdate
        which = ctx.triggered_id["id"]
        if ctx.triggered_id["verb"] == "restore":
            back = list_members.restore(ws, which, user())
            return None, False, "", _lists(ws), e.toast(f"{e.count(back.rows, 'row')} are back.")
        one = lists.one(ws, which)
        return which, True, f"{e.count(one.rows, 'row')} of “{e.clean(one.name)}”. {REMOVED}", no_update, no_update

    @app.callback(
        Output("lists-remove", "opened", allow_duplicate=True),
        Output("lists-held", "children", allow_duplicate=True),
        Output("shell-toast", "children", allow_duplicate=True),
        Input("lists-remove-yes", "n_clicks"),
        Input("lists-remove-no", "n_clicks"),
        State("lists-removing", "data"),
        prevent_initial_call=True,
    )
    def drop(yes: int | None, no: int | None, which: str) -> Any:
        if not yes and not no:
            raise PreventUpdate
        if ctx.triggered_id == "lists-remove-no":
            return False, no_update, no_update
        list_members.remove(ws, which, user())
        return False, _lists(ws), e.toast("Removed. Restore brings it back.")

    @app.callback(
        Output("url", "href", allow_duplicate=True), Input("lists-build", "n_clicks"), prevent_initial_call=True
    )
    def build(clicks: int | None) -> Any:
        if not clicks:
            raise PreventUpdate
        slug = shelf().shown()
        landscapes.rebuild(shelf(), slug, user())
        return address(slug)


def _template(make: Callable[[str], bytes], kind: str, _: Mapping[str, str]) -> bytes:
    return make(kind)


def _routes(app: Dash, ws: Workspace) -> None:
    for kind in lists.KINDS:
        offer(app.server, f"list-template-{kind}.csv", partial(_template, lists.template_csv, kind))
        offer(app.server, f"list-template-{kind}.xlsx", partial(_template, lists.template_xlsx, kind))

    def receive() -> Any:
        """The guard has let it pass: same origin, right type; here it is counted while it comes."""
        try:
            token = uploads.receive(ws, request.args.get("name", ""), request.stream)
        except KolgraphError as error:
            abort(413, str(error))
        return {"upload": token}

    def report() -> Response:
        try:
            path = uploads.report_file(ws, request.args.get("upload", ""))
        except KolgraphError as error:
            abort(404, str(error))
        name = "kolgraph-list-report.csv"
        return send_file(path, mimetype="text/csv", as_attachment=True, download_name=name)

    app.server.add_url_rule(UPLOAD, "lists-upload", receive, methods=["POST"])
    app.server.add_url_rule("/export/list-report", "export-list-report", report)
