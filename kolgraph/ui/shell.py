"""The frame of every page: header with the one search, rail, main; and the routing of an address to a page."""

import logging
import re
from dataclasses import dataclass
from importlib import import_module
from types import ModuleType
from typing import Any
from urllib.parse import parse_qsl, quote

import dash_mantine_components as dmc
from dash import ClientsideFunction, Dash, Input, Output, State, ctx, dcc, html, no_update, set_props
from dash.development.base_component import Component

from kolgraph.errors import KolgraphError
from kolgraph.services.data import built_at, condition
from kolgraph.services.landscapes import tend
from kolgraph.ui import elements as e
from kolgraph.ui.pages import landscapes
from kolgraph.ui.parts import builds, search_box, source_mark, watch_toggle
from kolgraph.ui.parts.plan_list import day
from kolgraph.ui.style import THEME
from kolgraph.ui.user import shelf
from kolgraph.workspace import Workspace

NAMES = (  # in the order of the rail; of two pages whose address could fit, the first one answers
    "home",
    "explore",
    "ranking",
    "plan",
    "lists",
    "lists_one",
    "identity",
    "changes",
    "landscapes",
    "landscapes_new",
    "landscapes_one",
    "data",
    "person",
)
PAGES = tuple(import_module(f"kolgraph.ui.pages.{name}") for name in NAMES)
_UNEXPECTED = "kolgraph met an error that it did not expect. The rest of the page still works; the log has the details."
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Route:
    page: ModuleType
    parts: dict[str, str]


def route(path: str | None) -> Route | None:
    """The page at an address; `<id>` in its PATH is any text without a slash."""
    for page in PAGES:
        pattern = re.sub(r"<(\w+)>", r"(?P<\1>[^/]+)", page.PATH)
        if found := re.fullmatch(pattern, (path or "/").rstrip("/") or "/"):
            return Route(page, found.groupdict())
    return None


def name_of(ws: Workspace) -> str:
    """How a page says which landscape it was made for; "" for none. Two in different folders may have one name."""
    return quote(str(ws.path.absolute())) if ws.exists else ""


def frame(ws: Workspace, name: str) -> Component:
    """The whole document, without the content of a page."""
    body = html.Div(
        [
            html.A("Skip to content", href="#shell-main", className="k-skip"),
            _header(ws, name),
            html.Nav(
                html.Ul([_rail(page) for page in PAGES if page.ICON]), className="k-rail", **e.aria(label="Pages")
            ),
            html.Main(
                [
                    html.Div("Synthetic demo data", className="k-strip") if ws.landscape.synthetic else None,
                    html.Div(id="shell-state"),
                    html.Div(_skeleton(), id="shell-page"),
                ],
                id="shell-main",
                className="k-main",
                tabIndex=-1,
            ),
            html.Div(
                [e.icon("wifi-off"), "No connection to kolgraph. Trying again …"],
                id="shell-lost",
                className="k-banner",
                role="alert",
            ),
            html.Div(
                ["Another landscape was opened in another window.", html.A("Load this page again", href="/")],
                id="shell-moved",
                className="k-banner",
                role="alert",
            ),
            html.Div(id="shell-toast", className="k-toast", **e.aria(live="polite")),
            source_mark.drawer(),
            dcc.Location(id="url", refresh="callback-nav"),
            dcc.Store(id="shell-at"),
            dcc.Store(id="shell-go"),
            dcc.Interval(id="shell-tick", interval=1000, disabled=True),  # milliseconds; on while something is built
        ],
        className="k-shell",
        **_data(landscape=name_of(ws)),
    )
    whole: Component = dmc.MantineProvider(body, theme=THEME, defaultColorScheme="auto")
    return whole


def _data(**values: str) -> dict[str, Any]:
    return {f"data-{key}": value for key, value in values.items()}


def _about(ws: Workspace) -> list[Component]:
    """Which landscape is open, and how old it is."""
    date = built_at(ws)
    demo = html.Span("Synthetic demo data", className="k-demo") if ws.landscape.synthetic else None
    state = (f"as of {day(date)}" if date else "not built yet") if ws.exists else "Type a condition to begin"
    title = e.clean(ws.landscape.title) if ws.exists else "No landscape yet"
    return [
        dcc.Link(
            [html.Span(title, className="k-clip"), e.icon("chevrons-up-down", 14)],
            href="/landscapes",
            title="Open another landscape",
        ),
        html.Div([html.Span(state, className="k-muted"), demo], className="k-row"),
    ]


def _header(ws: Workspace, name: str) -> Component:
    logo = html.Img(src="/assets/favicon.svg", alt="", className="k-logo")
    return html.Header(
        [
            html.Div(
                [
                    dcc.Link([logo, html.Span("kolgraph")], href="/", title="kolgraph: home"),
                    html.Div(_about(ws), id="shell-about", className="k-about"),
                ],
                className="k-brand",
            ),
            search_box.search_box("shell-search", "" if ws.exists else "none"),
            html.Div(
                [
                    html.Div(id="shell-jobs"),
                    dmc.ColorSchemeToggle(
                        lightIcon=e.icon("sun", 18),
                        darkIcon=e.icon("moon", 18),
                        variant="default",
                        size=36,
                        id="shell-scheme",
                        **e.aria(label="Switch between light and dark"),
                    ),
                    html.Span(e.avatar(name), title=f"Signed in as {name}"),
                ],
                className="k-side",
            ),
        ],
        className="k-header",
    )


def _rail(page: ModuleType) -> Component:
    return html.Li(dcc.Link([e.icon(page.ICON, 22), html.Span(page.TITLE)], href=page.PATH))


def _skeleton() -> Component:
    blocks = [html.Div(className="k-skeleton", style={"height": height}) for height in ("48px", "120px", "320px")]
    return html.Div(blocks, className="k-page", **e.aria(busy="true", label="Loading"))


def _missing(path: str) -> Component:
    return e.page(
        "Page not found",
        html.Div(
            e.empty(
                "Nothing lives at this address",
                ["There is no page ", e.code(e.clean(path)[:120]), ". It may have been mistyped or moved."],
                e.button("Go to Home", "house", href="/"),
                name="map-pin-off",
                head=html.H2,
            ),
            className="k-card",
        ),
    )


def register(app: Dash, ws: Workspace) -> None:
    """The callbacks of the frame, then those of each page."""

    def broken(error: Exception) -> tuple[Component, object]:
        return _broken(error), no_update

    @app.callback(
        Output("shell-page", "children"),
        Output("shell-at", "data"),
        Input("url", "pathname"),
        Input("url", "search"),
        State("shell-at", "data"),
        on_error=broken,
    )
    def show(path: str, query: str | None, at: dict[str, str] | None) -> tuple[object, object]:
        found = route(path)
        if not found:
            return _missing(path), {"path": path, "title": "Page not found"}
        if at and at["path"] == path and getattr(found.page, "LIVE", False):
            return no_update, no_update  # the page follows its own address
        asked = {key: value for key, value in parse_qsl((query or "").lstrip("?")) if key.isidentifier()}
        page = found.page if ws.exists or found.page.PATH.startswith(landscapes.PATH) else landscapes
        content = page.layout(ws, **{**asked, **found.parts})
        return content, {"path": path if page is found.page else page.PATH, "title": page.TITLE}

    @app.callback(Output("shell-state", "children"), Input("shell-at", "data"))
    def state(at: dict[str, str] | None) -> object:
        told = at and at["path"] != "/" and not at["path"].startswith(landscapes.PATH)  # those pages say it themselves
        words = condition(ws).notice if told and ws.exists else ""
        return (
            html.Div(e.notice(words, "warn", "construction"), className="k-page", style={"paddingBottom": 0})
            if words
            else None
        )

    @app.callback(
        Output("shell-tick", "disabled"),
        Output("shell-jobs", "children"),
        Output("shell-toast", "children", allow_duplicate=True),
        Output("shell-about", "children"),
        Input("shell-tick", "n_intervals"),
        prevent_initial_call="initial_duplicate",
    )
    def tick(_: Any) -> tuple[bool, object, object, object]:
        under_way, ended = tend(shelf()), shelf().queue.untold()
        news = (builds.told(shelf(), ended), _about(ws)) if ended else (no_update, no_update)
        return not under_way, builds.chip(under_way), *news

    app.clientside_callback(ClientsideFunction("shell", "go"), Input("shell-go", "data"))
    search_box.register(app, ws, "shell-search")
    app.clientside_callback(ClientsideFunction("shell", "arrived"), Input("shell-at", "data"))
    source_mark.register(app, ws)
    watch_toggle.register(app, ws)
    for page in PAGES:
        page.register(app, ws)


def _broken(error: Exception) -> Component:
    if isinstance(error, KolgraphError):
        return e.page("This page cannot be shown", e.failure("The landscape cannot be read", str(error), "?"))
    log.error("page failed", exc_info=error)
    return e.page("This page cannot be shown", e.failure("Something went wrong", _UNEXPECTED, "?"))


def failed(error: Exception) -> None:
    """A callback that raised leaves the page as it is and says so in a corner: what happened, what to do."""
    if not isinstance(error, KolgraphError):
        log.error("callback failed for %s", ctx.outputs_list, exc_info=error)
    words = str(error) if isinstance(error, KolgraphError) else _UNEXPECTED
    set_props("shell-toast", {"children": e.notice(words, "bad", "triangle-alert")})
