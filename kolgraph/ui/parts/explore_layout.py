"""The frame of Explore: facets, tools, canvas, list, legend, years, inspector."""

from typing import Any

import dash_cytoscape as cyto
import dash_mantine_components as dmc
from dash import dcc, html
from dash.development.base_component import Component

from kolgraph.ui import elements as e
from kolgraph.ui.parts.explore_act import to
from kolgraph.ui.parts.explore_grid import people_grid
from kolgraph.ui.parts.explore_style import STYLESHEET
from kolgraph.ui.parts.explore_wire import COLOURS, SIZES

KINDS = {"any": "Both", "coauthor": "Papers", "coinvestigator": "Trials"}
_KEYS = (
    ("/", "search"), ("Arrow keys", "walk from the picked person to a neighbour"), ("E", "expand the picked person"),
    ("O", "only the picked person's network"), ("Enter", "go to the inspector"), ("F", "fit the network in the window"),
    ("+  −", "zoom in, zoom out"), ("L", "lasso: choose people by drawing around them"), ("T", "graph or list"),
    ("Ctrl Z", "undo"), ("Ctrl Shift Z", "redo"), ("Esc", "clear"), ("?", "this help"),
)  # fmt: skip


def frame(boot: dict[str, Any], scopes: list[tuple[str, str]], view: dict[str, Any]) -> Component:
    """The page around one canvas that is mounted once; `boot` is what the bridge draws first."""
    props: dict[str, Any] = {"data-tab": view.get("tab", "graph")}
    return html.Div(
        [
            html.H1("Explore the network", className="k-off"),
            _facets(scopes, view),
            html.Div([_tools(view), _stage(), _list(view), _dock()], className="x-middle"),
            _inspector(),
            _help(),
            html.Div(id="explore-live", className="k-off", role="status", **e.aria(live="polite")),
            html.Div(className="x-shade", **to("facets")),
            dcc.Store(id="explore-boot", data=boot),
            *(dcc.Store(id=f"explore-{name}") for name in ("booted", "req", "res", "sel", "card-for")),
            *(dcc.Store(id=f"explore-{name}") for name in ("edge", "receipt-for", "export", "allowed")),
            dcc.Download(id="explore-file"),
        ],
        id="explore",
        className="x-root is-waiting",
        **props,
    )


def tool(name: str, act: str, label: str, **data: str) -> Component:
    """An icon button of the toolbar."""
    return html.Button(
        e.icon(name, 18), type="button", title=label, className="x-tool", **e.aria(label=label), **to(act, **data)
    )


def _choice(id: str, options: dict[str, str], value: str, label: str) -> Component:
    return dmc.SegmentedControl(
        id=id,
        value=value,
        data=[{"value": key, "label": text} for key, text in options.items()],
        size="xs",
        fullWidth=True,
        className="x-choice",
        **e.aria(label=label),
    )


def _facets(scopes: list[tuple[str, str]], view: dict[str, Any]) -> Component:
    scope = dmc.Select(
        id="explore-scope",
        value=view["scope"],
        data=[{"value": id, "label": e.clean(name)} for id, name in scopes],
        allowDeselect=False,
        searchable=False,
        maxDropdownHeight=340,
        size="sm",
        comboboxProps={"withinPortal": True, "zIndex": 400},
        **e.aria(label="Scope"),
    )
    return html.Aside(
        [
            html.Div([html.H2("Scope"), html.Span(id="explore-count", className="k-chip accent")], className="x-head"),
            scope,
            html.Div("Colour by", className="x-label"),
            _choice("explore-colour", COLOURS, view.get("colour", "community"), "Colour by"),
            html.Div("Size by", className="x-label"),
            _choice("explore-size", SIZES, view.get("size", "influence"), "Size by"),
            html.Div(
                [html.H2("Communities"), html.Span("drawn / in scope", className="k-small k-muted")],
                className="x-head x-rule",
            ),
            html.Div(id="explore-groups", className="x-groups"),
            html.Div(
                [html.H2("Ties"), html.Span(id="explore-lines", className="k-small k-muted")], className="x-head x-rule"
            ),
            html.Div("At least this many shared", className="x-label"),
            html.Div(id="explore-ties", className="x-steps"),
            html.Div("Kind of tie", className="x-label"),
            _choice("explore-kind", KINDS, view.get("kind", "any"), "Kind of tie"),
            html.Button(
                [e.icon("rotate-ccw", 16), "Reset all filters"],
                type="button",
                className="k-button small x-reset",
                **to("reset"),
            ),
        ],
        className="x-facets",
        **e.aria(label="Scope and filters"),
    )


def _tools(view: dict[str, Any]) -> Component:
    export = html.Details(
        [
            html.Summary([e.icon("download", 18)], className="x-tool", title="Export", **e.aria(label="Export")),
            html.Div(
                [
                    html.Button([e.icon("image", 16), "Picture (PNG)"], type="button", **to("png")),
                    html.Button([e.icon("sheet", 16), "Table of who is drawn (CSV)"], type="button", **to("csv")),
                ],
                className="x-menu-list",
            ),
        ],
        className="x-menu",
    )
    groups = (
        [tool("panel-left", "facets", "Show or hide the filters")],
        [tool("undo-2", "undo", "Undo"), tool("redo-2", "redo", "Redo")],
        [
            tool("maximize", "fit", "Fit in the window (F)"),
            tool("zoom-in", "in", "Zoom in (+)"),
            tool("zoom-out", "out", "Zoom out (−)"),
            tool("lasso", "lasso", "Choose people with a lasso (L)"),
        ],
        [export, tool("share-2", "share", "Copy the address of this view"), tool("keyboard", "help", "Keys (?)")],
    )
    return html.Div(
        [
            html.Div([html.Div(group, className="x-tools") for group in groups], className="x-toolset", role="toolbar"),
            html.Div(
                dmc.SegmentedControl(
                    id="explore-tab",
                    value=view.get("tab", "graph"),
                    data=[{"value": "graph", "label": "Graph"}, {"value": "list", "label": "List"}],
                    size="xs",
                    **e.aria(label="Graph or list"),
                ),
                className="x-twin",
            ),
            html.Div(
                [
                    html.Nav(id="explore-trail", className="x-trail", **e.aria(label="Steps")),
                    html.Div(id="explore-chips", className="x-chips", **e.aria(label="Active filters")),
                ],
                className="x-path",
            ),
        ],
        className="x-bar",
    )


def _stage() -> Component:
    canvas = cyto.Cytoscape(
        id="explore-graph",
        elements=[],
        stylesheet=STYLESHEET,
        layout={"name": "preset", "fit": False},
        autoRefreshLayout=False,
        responsive=False,
        boxSelectionEnabled=False,
        autoungrabify=True,
        autounselectify=True,
        minZoom=0.15,
        maxZoom=8,
        style={"position": "absolute", "inset": 0, "width": "100%", "height": "100%"},
    )
    chosen = [("Only these", "only-chosen"), ("Hide", "hide-chosen"), ("CSV", "csv-chosen"), ("Clear", "clear-chosen")]
    return html.Div(
        [
            canvas,
            html.Div(id="explore-names", className="x-names", **e.aria(hidden="true")),
            html.Div(id="explore-tip", className="x-tip", hidden=True),
            html.Div(className="x-busy", **e.aria(hidden="true")),
            html.Div(
                e.empty(
                    "Nobody to draw yet",
                    "This scope has no scored people. Build and score the landscape, or choose another scope.",
                    e.button("See what is loaded", "database", href="/data"),
                    name="waypoints",
                ),
                className="x-nobody",
            ),
            html.Div(
                [
                    html.B(id="explore-chosen"),
                    *(html.Button(text, type="button", className="k-button small", **to(act)) for text, act in chosen),
                ],
                className="x-chosen",
            ),
            html.Div(id="explore-toast", className="x-toast"),
        ],
        className="x-stage",
    )


def _list(view: dict[str, Any]) -> Component:
    return html.Div(people_grid() if view.get("tab") == "list" else None, id="explore-list", className="x-list")


def _dock() -> Component:
    years = html.Section(
        [
            html.Div(
                [
                    html.B("Papers per year"),
                    html.Span(id="explore-span", className="k-muted"),
                    html.Button("Last 5 years", type="button", className="x-link", **to("recent")),
                    html.Button(
                        "All years", type="button", id="explore-years-all", className="x-link", hidden=True,
                        **to("years-all"),
                    ),
                ],
                className="x-dock-head",
            ),
            html.Div(id="explore-years", className="x-years-box"),
        ],
        className="x-time",
        **e.aria(label="Years"),
    )  # fmt: skip
    legend = html.Section(
        [
            html.Button([e.icon("info", 16), "Legend"], type="button", className="x-legend-toggle", **to("legend")),
            html.Div(id="explore-legend", className="x-legend-box"),
            html.P(id="explore-hidden", className="x-hidden"),
        ],
        className="x-legend",
        **e.aria(label="Legend"),
    )
    return html.Div([legend, years], id="explore-dock", className="x-dock")


def _inspector() -> Component:
    close = html.Button(
        e.icon("x", 18),
        type="button",
        className="x-tool",
        title="Close",
        **e.aria(label="Close"),
        **to("close"),
    )
    back = html.Button(
        [e.icon("arrow-left", 16), "Back"], type="button", className="k-button small", **to("close-receipt")
    )
    frame = html.Div(
        [
            html.H2(id="explore-frame-name"),
            html.P(id="explore-frame-place", className="k-muted"),
            *(
                html.Div(className="k-skeleton", style={"height": height})
                for height in ("24px", "84px", "96px", "180px")
            ),
        ],
        className="x-frame",
    )
    receipt = html.Div(
        [
            html.Div([back, close], className="x-inspector-head"),
            html.H2(id="explore-receipt-title", className="x-receipt-title"),
            html.Div(
                [html.Div(className="k-skeleton", style={"height": "64px"}) for _ in range(4)],
                className="x-receipt-frame",
            ),
            html.Div(id="explore-receipt"),
        ],
        className="x-receipt",
    )
    who = html.Div(
        [html.Div([html.Span(), close], className="x-inspector-head"), frame, html.Div(id="explore-card")],
        className="x-who",
    )
    return html.Aside(
        [who, receipt], id="explore-inspector", className="x-inspector", tabIndex=-1, **e.aria(label="Inspector")
    )


def _help() -> Component:
    rows = [html.Div([html.Dt(html.Kbd(key)), html.Dd(what)]) for key, what in _KEYS]
    pointer = [
        html.Div([html.Dt(how), html.Dd(what)])
        for how, what in (
            ("Click", "pick a person, or open the evidence behind a line"),
            ("Double-click", "expand by the 25 strongest ties"),
            ("Shift-click", "choose several people"),
        )
    ]
    return html.Dialog(
        [
            html.Div([html.H2("Keys and pointer"), tool("x", "help-close", "Close")], className="x-head"),
            html.Dl(rows + pointer),
        ],
        id="explore-help",
        className="x-help",
    )
