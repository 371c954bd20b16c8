"""The one search, in the header and large on Home: people, institutions and topics under what is typed."""

import dash_mantine_components as dmc
from dash import Dash, Input, Output, State, dcc, html
from dash.development.base_component import Component

from kolgraph.services.search import Hit, search
from kolgraph.ui import elements as e
from kolgraph.workspace import Workspace

PEOPLE = 6  # shown above institutions and topics
LONGEST = 200  # characters that are looked up
_KINDS = {"person": ("People", "user"), "institution": ("Institutions", "building-2"), "topic": ("Topics", "tag")}


def search_box(id: str, className: str = "") -> Component:
    """The field, and the list under it while it has the focus; keys are in `assets/shell.js`.

    The field sends nothing while somebody types, since what came back into it would move the caret of quick typists:
    the script hands the text to a store instead.
    """
    return html.Div(
        [
            e.icon("search", 16),
            dmc.TextInput(
                id=id,
                placeholder="Search people, institutions, topics",
                debounce=True,
                autoComplete="off",
                unstyled=True,
                **e.aria(label="Search people, institutions and topics"),
            ),
            dcc.Store(id=f"{id}-asked"),
            html.Kbd("/", className="k-key", title="Press / to search"),
            html.Div(id=f"{id}-hits", className="k-hits", role="listbox", **e.aria(label="Results")),
        ],
        className=f"k-search {className}".strip(),
        role="search",
    )


def register(app: Dash, ws: Workspace, id: str) -> None:
    """Answer what is typed into the field `id`; the answer carries the text that it answers."""

    @app.callback(
        Output(f"{id}-hits", "children"),
        Output(f"{id}-hits", "data-asked"),
        Input(f"{id}-asked", "data"),
        State("url", "pathname"),
        prevent_initial_call=True,
    )
    def hits(text: str | None, path: str) -> tuple[object, str]:
        asked = (text or "")[:LONGEST].strip()
        if not asked:
            return [], ""
        found = search(ws, asked)
        more = found.institutions or found.topics  # which stay in sight below the people
        groups = (found.people[:PEOPLE] if more else found.people, found.institutions, found.topics)
        shown = [part for group in groups if group for part in _group(group, path)]
        return shown or [
            html.Div(f"Nothing called “{e.clean(asked)[:60]}” in this landscape.", className="k-none")
        ], asked


def _group(hits: tuple[Hit, ...], path: str) -> list[Component]:
    title, name = _KINDS[hits[0].kind]
    head: Component = html.Div(title, className="k-group", role="presentation")
    return [head, *(_hit(one, name, path) for one in hits)]


def _hit(one: Hit, name: str, path: str) -> Component:
    exploring = path == "/explore"
    href = {
        "person": f"/explore?focus={one.id}" if exploring else f"/person/{one.id}",
        "institution": f"/explore?place={one.id}"
        if exploring
        else f"/explore?place={one.id}"
        if exploring
        else f"/ranking?institution={one.id}",
        "topic": f"/explore?scope={one.id}" if exploring else f"/ranking?scope={one.id}",
    }[one.kind]
    words = html.Span(
        [html.Span(e.clean(one.name), className="k-strong"), html.Span(e.clean(one.note), className="k-muted k-small")]
    )
    return dcc.Link([e.icon(name, 18), words], href=href)
