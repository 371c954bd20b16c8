"""Explore: the network on a canvas, an inspector, the evidence behind a line. The bridge is `graph.js`."""

from base64 import b64encode
from dataclasses import asdict
from typing import Any

from dash import ClientsideFunction, Dash, Input, Output, State, no_update
from dash.development.base_component import Component
from flask import current_app

from kolgraph.errors import UsageError
from kolgraph.services import downloads, evidence, explore
from kolgraph.ui.elements import clean
from kolgraph.ui.parts import explore_card, explore_receipt
from kolgraph.ui.parts.explore_grid import people_grid
from kolgraph.ui.parts.explore_layout import frame
from kolgraph.ui.parts.explore_wire import known, map_json, part_json, view_json
from kolgraph.workspace import Workspace

PATH, TITLE, ICON = "/explore", "Explore", "waypoints"
LIVE = True  # the bridge follows the address while the page is open
KNOWN_MOST = 5000  # people on one screen


def layout(ws: Workspace, **asked: str) -> Component:
    """The page with its first map; an unknown scope in an address opens the whole landscape."""
    scopes = explore.scopes(ws)
    scope = asked.get("scope", "all") if asked.get("scope") in dict(scopes) else "all"
    view = view_json(asked, scope)
    boot = {"map": map_json(explore.landscape(ws, scope)), "view": view}
    return frame(boot, scopes, view)


def answer(ws: Workspace, request: Any) -> dict[str, Any]:
    """What the bridge asked for, with its number, by which the bridge drops older answers; or one line of why not."""
    verb, scope, t = request.get("verb"), request.get("scope"), request.get("t")
    head = {"verb": verb, "t": t}
    try:
        if verb == "scope":
            return head | {"map": map_json(explore.landscape(ws, str(scope)))}
        explore.scope_name(ws, str(scope))
        id, drawn, kind = request.get("id"), request.get("known", []), request.get("kind", "any")
        more: dict[str, Any] = {}
        if not known(id) or kind not in explore.KINDS or not _ids(drawn):
            raise UsageError("this request cannot be read: reload the page")
        if verb == "expand":
            top = max(1, min(explore.NEIGHBOURS, int(request.get("top") or explore.EXPANSION)))
            part = explore.expand(ws, id, drawn, scope, kind, top)
        elif verb == "ego":
            top = explore.NEIGHBOURS if request.get("focus") else 40
            part, more = explore.ego(ws, id, scope, top, drawn, kind), {"focus": bool(request.get("focus"))}
        else:
            place = explore.at_institution(ws, id, scope, drawn)
            part, more = place.part, {"members": list(place.ids), "name": clean(place.name)}
    except UsageError as error:
        return head | {"error": str(error)}
    return head | {"id": id, **more, **part_json(part, explore.groups(ws, str(scope)))}


def _ids(given: object) -> bool:
    return isinstance(given, list) and len(given) <= KNOWN_MOST and all(known(id) for id in given)


def register(app: Dash, ws: Workspace) -> None:
    """The callbacks of the page: thin, each a call of a service and of a pure part."""

    @app.callback(Output("explore-res", "data"), Input("explore-req", "data"), prevent_initial_call=True)
    def serve(request: Any) -> Any:
        return answer(ws, request) if isinstance(request, dict) else no_update

    @app.callback(
        Output("explore-card", "children"),
        Output("explore-card-for", "data"),
        Input("explore-sel", "data"),
        prevent_initial_call=True,
    )
    def inspect(chosen: Any) -> Any:
        if not isinstance(chosen, dict) or not known(chosen.get("id")):
            return no_update, no_update
        card = evidence.inspect(ws, chosen["id"], str(chosen.get("scope", "all")))
        return explore_card.card(card), {"id": card.id, "t": chosen.get("t")}

    @app.callback(
        Output("explore-receipt", "children"),
        Output("explore-receipt-for", "data"),
        Input("explore-edge", "data"),
        prevent_initial_call=True,
    )
    def receipt(pair: Any) -> Any:
        if not isinstance(pair, dict) or not known(pair.get("a")) or not known(pair.get("b")):
            return no_update, no_update
        return explore_receipt.receipt(evidence.receipt(ws, pair["a"], pair["b"])), pair

    @app.callback(
        Output("explore-file", "data"),
        Output("explore-allowed", "data"),
        Input("explore-export", "data"),
        prevent_initial_call=True,
    )
    def keep(asked: Any) -> Any:
        if not isinstance(asked, dict) or asked.get("what") not in ("png", "csv"):
            return no_update, no_update
        ids: Any = asked.get("ids", []) if asked["what"] == "csv" else []
        if not _ids(ids):
            raise UsageError("this export cannot be read: reload the page")
        scope, user = str(asked.get("scope", "all")), str(current_app.config["KOLGRAPH_USER"])
        if asked["what"] == "csv":
            note = downloads.record(ws, "explore csv", scope, len(ids), user)
            content = b64encode(downloads.people_csv(ws, ids, scope)).decode()
            return {"content": content, "base64": True, "type": "text/csv", "filename": f"{note.file}.csv"}, no_update
        note = downloads.record(ws, "explore png", scope, int(asked.get("n") or 0), user)
        return no_update, asdict(note) | {"file": f"{note.file}.png", "t": asked.get("t")}

    @app.callback(
        Output("explore-list", "children"),
        Input("explore-tab", "value"),
        State("explore-list", "children"),
        prevent_initial_call=True,
    )
    def twin(tab: Any, there: Any) -> Any:
        return people_grid() if tab == "list" and not there else no_update

    for function, source, prop in (("listed", "explore-list", "children"), ("boot", "explore-boot", "data")):
        app.clientside_callback(  # with an output, since Dash calls one without only after a change
            ClientsideFunction("graph", function),
            Output("explore-booted", "data", allow_duplicate=True),
            Input(source, prop),
            prevent_initial_call="initial_duplicate",
        )
    for function, source, prop in (
        ("receive", "explore-res", "data"),
        ("filled", "explore-card-for", "data"),
        ("receiptFilled", "explore-receipt-for", "data"),
        ("picture", "explore-allowed", "data"),
        ("setScope", "explore-scope", "value"),
        ("setColour", "explore-colour", "value"),
        ("setSize", "explore-size", "value"),
        ("setKind", "explore-kind", "value"),
        ("setTab", "explore-tab", "value"),
        ("rowPicked", "explore-grid", "cellClicked"),
    ):
        app.clientside_callback(ClientsideFunction("graph", function), Input(source, prop))
