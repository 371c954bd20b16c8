"""One imported list: the people of its rows, and the way to take their ties back."""

from typing import Any
from urllib.parse import unquote

import dash_ag_grid as dag
from dash import Dash, Input, Output, State, dcc, html
from dash.development.base_component import Component
from dash.exceptions import PreventUpdate

from kolgraph.errors import KolgraphError
from kolgraph.services import judging, list_check, list_members, lists
from kolgraph.services.list_members import Member
from kolgraph.ui import elements as e
from kolgraph.ui.parts.lists_check import NUMBER
from kolgraph.ui.user import user
from kolgraph.workspace import Workspace

PATH, TITLE, ICON = "/lists/<slug>", "List", ""


def layout(ws: Workspace, slug: str = "", **_: str) -> Component:
    """The list as it stands."""
    try:
        one = lists.one(ws, unquote(slug))
    except KolgraphError as error:
        return e.gone("list", error, "list-checks", "All lists", "/lists")
    return e.page(
        e.clean(one.name),
        html.Div(_body(ws, one.slug), id="list-body", className="k-stack"),
        dcc.Store(id="list-slug", data=one.slug),
        lead=dcc.Link("All lists", href="/lists"),
    )


def _body(ws: Workspace, slug: str) -> list[Component]:
    try:
        found = list_members.members(ws, slug)
    except KolgraphError as error:  # nobody is resolved yet
        return [e.card("People", e.problem(error))]
    known = sum(bool(one.person) for one in found)
    entry, tied = list_check.ties(ws).get(slug, (0, 0))
    words = f"{known:,} of {e.count(len(found), 'row')} are people on papers and trials here."
    if lists.waiting(ws) or judging.pending(ws):
        words += " Ties show in the graph after its next build."
    back = e.button(f"Take {e.count(tied, 'tie')} back", "undo-2", "small", id="list-untie") if entry else None
    return [
        e.card(
            "People",
            html.P(words, className="k-muted check-summary"),
            _grid(found) if found else e.empty("No row", "This list was taken away: restore it on Lists."),
            side=back,
        )
    ]


def _grid(found: tuple[Member, ...]) -> Component:
    columns: list[dict[str, Any]] = [
        {"field": "said", "headerName": "In the list", "cellRenderer": "Listed", "flex": 2, "minWidth": 170},
        {"field": "name", "headerName": "Person", "cellRenderer": "Meant", "flex": 2, "minWidth": 170},
        {"field": "how", "headerName": "Tied by", "width": 132},
        {"field": "papers", "headerName": "Papers", "width": 92, **NUMBER},
        {"field": "last", "headerName": "Last record", "width": 112, **NUMBER},
    ]
    return dag.AgGrid(
        id="list-grid",
        columnDefs=columns,
        rowData=[_row(one) for one in found],
        getRowId="params.data.row",
        defaultColDef={"sortable": True, "resizable": True, "suppressMovable": True, "suppressHeaderMenuButton": True},
        dashGridOptions={"rowHeight": 48, "headerHeight": 40, "animateRows": False},
        className="k-grid-table check-grid",
    )


def _row(one: Member) -> dict[str, Any]:
    return {
        "row": one.row,
        "said": e.clean(one.said),
        "listed": e.clean(one.place),
        "id": one.person,
        "name": e.clean(one.name),
        "place": e.clean(one.now),
        "how": one.how or "not tied",
        "papers": one.papers if one.person else None,
        "last": one.last,
    }


def register(app: Dash, ws: Workspace) -> None:
    """Take the ties of the last acceptance back."""

    @app.callback(
        Output("list-body", "children"),
        Output("shell-toast", "children", allow_duplicate=True),
        Input("list-untie", "n_clicks"),
        State("list-slug", "data"),
        prevent_initial_call=True,
    )
    def untie(clicks: int | None, slug: str) -> Any:
        if not clicks:
            raise PreventUpdate
        rows = list_members.untie(ws, slug, user())
        words = f"{e.count(rows, 'row')} are tied to nobody any more. The decision stays in the ledger."
        return _body(ws, slug), e.toast(words)
