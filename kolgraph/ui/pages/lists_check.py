"""What happens to a checked list on the page Lists: filter its rows, open one, say whom it means, take it away."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from dash import ALL, ClientsideFunction, Dash, Input, Output, State, ctx, dcc, no_update
from dash.development.base_component import Component
from dash.exceptions import PreventUpdate

from kolgraph.errors import UsageError
from kolgraph.services import list_check, list_desk, uploads
from kolgraph.services.list_check import DOUBTFUL, Answer
from kolgraph.ui import elements as e
from kolgraph.ui.parts import lists_check as part
from kolgraph.ui.parts import lists_report
from kolgraph.ui.parts.downloads import offer
from kolgraph.ui.user import user
from kolgraph.workspace import Workspace


def stores() -> list[Component]:
    """What the page keeps of a check: the row asked for, the row that is open, the verdict shown."""
    return [
        part.drawer(),
        part.question(),
        dcc.Store(id="check-open"),
        dcc.Store(id="check-line"),
        dcc.Store(id="check-shown", data=part.ALL),
    ]


def register(app: Dash, ws: Workspace) -> None:
    """Callbacks over the upload that the page Lists looks at."""
    for suffix in ("csv", "xlsx"):
        offer(app.server, f"list-check.{suffix}", partial(_file, ws, suffix))
    app.clientside_callback(ClientsideFunction("lists_check", "ready"), Input("check-detail", "children"))

    def rows(token: str | None) -> list[Answer]:
        if not token:
            raise PreventUpdate
        return list_desk.rows(uploads.people_of(ws, token))

    @app.callback(
        Output("check-grid", "filterModel"),
        Output("check-summary", "children"),
        Output("check-shown", "data"),
        Input({"type": "check-filter", "verdict": ALL}, "n_clicks"),
        State("lists-upload", "data"),
        prevent_initial_call=True,
    )
    def narrow(_: Any, token: str | None) -> Any:
        if not ctx.triggered[0]["value"]:
            raise PreventUpdate
        verdict = ctx.triggered_id["verdict"]
        return part.narrowed(verdict), part.summary(rows(token), verdict), verdict

    @app.callback(
        Output("check-drawer", "opened"),
        Output("check-detail", "children"),
        Output("check-line", "data"),
        Input("check-open", "data"),
        State("lists-upload", "data"),
        prevent_initial_call=True,
    )
    def show(asked: dict[str, int] | None, token: str | None) -> Any:
        given = rows(token)
        found = next((one for one in given if asked and one.line == asked["line"]), None)
        if found is None:
            raise PreventUpdate
        return True, part.detail(found, _left(given)), found.line

    @app.callback(
        Output("check-drawer", "opened", allow_duplicate=True),
        Output("check-detail", "children", allow_duplicate=True),
        Output("check-line", "data", allow_duplicate=True),
        Output("check-grid", "rowTransaction"),
        Output("check-summary", "children", allow_duplicate=True),
        Output("check-bulk", "children"),
        Output("lists-actions", "children"),
        Output("shell-toast", "children", allow_duplicate=True),
        Input({"type": "check-choose", "person": ALL}, "n_clicks"),
        State("check-line", "data"),
        State("check-shown", "data"),
        State("lists-upload", "data"),
        prevent_initial_call=True,
    )
    def choose(_: Any, line: int, shown: str, token: str | None) -> Any:
        if not token or not ctx.triggered[0]["value"]:
            raise PreventUpdate
        who = ctx.triggered_id["person"]
        place = uploads.people_of(ws, token)
        before = list_desk.row(place, line)
        chosen = list_desk.choose(place, line, "" if who == "none" else who)
        if before is None or chosen is None:
            raise PreventUpdate
        given = list_desk.rows(place)
        following = _next(given, line) if before.verdict == DOUBTFUL else None
        drawn = part.detail(following, _left(given)) if following else no_update
        done = "" if following else e.toast(_done(given))
        return (
            following is not None,
            drawn,
            following.line if following else line,
            {"update": [part.line(chosen)]},
            part.summary(given, shown),
            part.bulk(given),
            _actions(ws, token, given),
            done or no_update,
        )

    @app.callback(
        Output("check-grid", "rowData"),
        Output("check-summary", "children", allow_duplicate=True),
        Output("check-bulk", "children", allow_duplicate=True),
        Output("lists-actions", "children", allow_duplicate=True),
        Output("shell-toast", "children", allow_duplicate=True),
        Input({"type": "check-bulk", "least": ALL}, "n_clicks"),
        State("check-shown", "data"),
        State("lists-upload", "data"),
        prevent_initial_call=True,
    )
    def settle(_: Any, shown: str, token: str | None) -> Any:
        if not token or not ctx.triggered[0]["value"]:
            raise PreventUpdate
        place = uploads.people_of(ws, token)
        count = list_desk.choose_first(place, float(ctx.triggered_id["least"]))
        given = list_desk.rows(place)
        words = e.toast(f"{e.count(count, 'row')} settled.")
        drawn = [part.line(one) for one in given]
        return drawn, part.summary(given, shown), part.bulk(given), _actions(ws, token, given), words


def _actions(ws: Workspace, token: str, given: Sequence[Answer]) -> list[Component]:
    report = uploads.state(ws, token)["report"]
    return lists_report.actions(report, list_check.tied(given))


def _left(given: Sequence[Answer]) -> int:
    return sum(one.verdict == DOUBTFUL for one in given)


def _next(given: Sequence[Answer], line: int) -> Answer | None:
    """The doubtful row after a line, from the top again after the last."""
    doubtful = [one for one in given if one.verdict == DOUBTFUL]
    return next((one for one in doubtful if one.line > line), doubtful[0] if doubtful else None)


def _done(given: Sequence[Answer]) -> str:
    left = _left(given)
    return f"Noted; {e.count(left, 'doubtful row')} left." if left else "Noted; no doubtful row is left."


def _file(ws: Workspace, suffix: str, asked: Mapping[str, str]) -> bytes:
    given = list_desk.rows(uploads.people_of(ws, asked.get("upload", "")))
    if not given:
        raise UsageError("nobody of this list is looked up: upload the file again")
    return list_check.file(ws, given, suffix, user())
