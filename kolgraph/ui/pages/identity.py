"""Identity: who is one person and who is not. Doubtful pairs by consequence, the records of a person, what was decided.

The script `identity.js` moves between pairs that are ready; here pairs are drawn and decisions are written down.
"""

from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import dash_mantine_components as dmc
from dash import ALL, MATCH, ClientsideFunction, Dash, Input, Output, State, dcc, html, no_update
from dash.development.base_component import Component
from dash.exceptions import PreventUpdate

from kolgraph.errors import KolgraphError, UsageError
from kolgraph.services import identity, identity_bulk, identity_pair, identity_person, judging, landscapes
from kolgraph.services.explore import scope_name, scopes
from kolgraph.services.identity_acts import act
from kolgraph.services.search import search
from kolgraph.ui import elements as e
from kolgraph.ui.parts import identity_acts as around
from kolgraph.ui.parts import identity_pair as pairs
from kolgraph.ui.parts import identity_person as people
from kolgraph.ui.parts import identity_queue as lists
from kolgraph.ui.parts.native import Tree, trees
from kolgraph.ui.user import shelf, user
from kolgraph.workspace import Workspace

if TYPE_CHECKING:
    from kolgraph.queue import Job

PATH, TITLE, ICON = "/identity", "Identity", "fingerprint-pattern"
STORES = ("begun", "again", "do", "did", "open", "opened", "weigh", "past", "apply", "build")
SLOTS = 3  # pairs that are ready; identity.js moves between them
LATEST = 60  # decisions in the history
LEAD = "Who is one person and who is not: each decision is kept for ever and heard by every build."


def layout(ws: Workspace, person: str = "", a: str = "", b: str = "", kind: str = "", **_: str) -> Component:
    """The queue with its first pair, or the pair or the person of the address."""
    asked = identity.Asked(kind if kind in identity.KINDS else "")
    try:
        found = identity.queue(ws, asked)
    except UsageError as error:
        return e.page(TITLE, html.Div(_nothing(error), className="k-card"), lead=LEAD)
    first = (a, b) if a and b else (found.rows[0].a, found.rows[0].b) if found.rows else None
    return e.page(
        TITLE,
        html.Div(_banner(ws), id="identity-banner"),
        html.Div(id="identity-trouble", className="k-notice bad", role="alert", hidden=True),
        html.Div([_queue(ws, asked), _stage(bool(person))], id="identity", className="ident-work"),
        html.Div(id="identity-say", className="k-off", **e.aria(live="polite")),
        e.drawer("identity-history", html.Div(id="identity-decided")),
        e.drawer("identity-evidence", html.Div(id="identity-weighed", className="k-stack")),
        around.bulk_dialog(),
        around.keys(),
        dcc.Store(id="identity-listed", data=_listed(ws, found, asked) | _begin(ws, first, person)),
        *(dcc.Store(id=f"identity-{name}") for name in STORES),
        *(dcc.Store(id=_slot(what, n)) for what in ("ask", "drawn") for n in range(SLOTS)),
        lead=LEAD,
        actions=[
            e.button("Check a list", "file-check", href="/lists"),
            e.button("Bulk", "list-checks", id="identity-bulk-open"),
            e.button("History", "history", **e.data(act="history")),
            e.button("Keys", "keyboard", **e.data(act="keys")),
        ],
        className="k-page ident-page",
    )


def _nothing(error: UsageError) -> Component:
    build = e.button("Landscapes", "layers", href="/landscapes")
    return e.empty("Nothing to decide yet", error.sentence, build, name=ICON, head=html.H2)


def _slot(what: str, n: Any) -> dict[str, Any]:
    return {"type": f"identity-{what}", "n": n}


def _queue(ws: Workspace, asked: identity.Asked) -> Component:
    kinds = [{"value": key or "all", "label": words} for key, words in lists.KINDS.items()]
    topics = [{"value": id, "label": e.clean(name)} for id, name in scopes(ws)]
    above: dict[str, Any] = {"comboboxProps": {"zIndex": 300}, "allowDeselect": False, "checkIconPosition": "right"}
    return html.Aside(
        [
            dmc.Select(
                id="identity-person",
                data=[],
                searchable=True,
                placeholder="Open a person's records",
                nothingFoundMessage="Type the first letters of a name",
                leftSection=e.icon("search", 16),
                comboboxProps={"zIndex": 300},
                **e.aria(label="Open the records of a person"),
            ),
            html.Div(
                [
                    dmc.Select(id="identity-kind", label="Kind", data=kinds, value=asked.kind or "all", **above),
                    dmc.Select(id="identity-scope", label="Topic", data=topics, value=asked.scope, **above),
                ],
                className="form-pair",
            ),
            dmc.TextInput(
                id="identity-text",
                placeholder="Filter by name",
                value="",
                debounce=250,
                leftSection=e.icon("funnel", 16),
                **e.aria(label="Filter the pairs by name"),
            ),
            html.P(id="identity-count", className="k-muted k-small"),
            html.Div(id="identity-list", className="ident-list-box"),
        ],
        className="k-card ident-queue",
        **e.aria(label="Pairs in doubt"),
    )


def _listed(ws: Workspace, found: identity.Queue, asked: identity.Asked) -> dict[str, Any]:
    """The list for the script: its rows, how many more there are, and a line above."""
    if asked.kind != "trouble":
        return {"rows": trees(lists.rows(found)), "more": found.total - len(found.rows), "count": lists.heading(found)}
    held = judging.trouble(ws)
    words = e.count(len(held), "judgement that needs a look", "judgements that need a look")
    return {"rows": trees(lists.troubles(held)), "more": 0, "count": words}


def _begin(ws: Workspace, first: tuple[str, str] | None, person: str) -> dict[str, Any]:
    """What the page opens with, so that nothing has to be asked for first."""
    if person:
        return {"person": _person(ws, person, "weakest")}
    return {"first": _pair(ws, *first, "all")} if first else {}


def _stage(person: bool) -> Component:
    words = "Choose another kind, topic or name on the left, or open a person's records."
    none = e.empty("No pair in doubt is left here", words, name="circle-check")
    return html.Section(
        [
            html.Div(
                [
                    around.bar(),
                    html.Div([html.Div(className="ident-slot", hidden=True) for _ in range(SLOTS)], id="identity-deck"),
                    html.Div(none, id="identity-none", className="k-card", hidden=True),
                ],
                id="identity-pairs",
                className="k-stack",
                hidden=person,
            ),
            html.Div(id="identity-mentions", className="k-stack", hidden=not person),
        ],
        id="identity-stage",
        className="ident-stage",
        **e.aria(label="The pair, or the records of a person"),
    )


def _pair(ws: Workspace, a: str, b: str, scope: str) -> list[Tree]:
    try:
        return trees(pairs.pair(identity_pair.pair(ws, a, b, scope), scope_name(ws, scope)))
    except KolgraphError as error:
        about = e.data(pair=lists.pair_id(a, b), names="")
        return trees(html.Article(e.problem(error), className="ident-pair", tabIndex=-1, **about))


def _person(ws: Workspace, person: str, order: str) -> list[Tree]:
    try:
        return trees(people.opened(identity_person.opened(ws, person, order), order))
    except KolgraphError as error:
        back = e.button("Back to the pairs", "arrow-left", "small", **e.data(act="leave"))
        return trees(html.Div([e.problem(error), back], className="k-stack"))


def _job(ws: Workspace) -> "Job | None":
    """The last build of the landscape that is shown."""
    jobs = shelf().queue.jobs(shelf().key(ws.path))
    return shelf().queue.job(jobs[0].id) if jobs else None


def _banner(ws: Workspace) -> Component | None:
    return around.waiting(judging.pending(ws), _job(ws))


def _asked(kind: str | None, scope: str | None, text: str | None) -> identity.Asked:
    return identity.Asked("" if kind == "all" else kind or "", scope or "all", (text or "")[:200])


def _given(asked: Any, *names: str) -> list[str]:
    """The texts of a request under these names. Raises PreventUpdate for what no page of ours sends."""
    if not isinstance(asked, Mapping) or not all(isinstance(asked.get(name), str) for name in names):
        raise PreventUpdate
    return [str(asked[name]) for name in names]


def register(app: Dash, ws: Workspace) -> None:
    """Pairs into the deck, decisions into the ledger; records of a person; what stands around them."""
    app.clientside_callback(
        ClientsideFunction("identity", "listed"), Output("identity-begun", "data"), Input("identity-listed", "data")
    )  # with an output, so that it is called when the page is drawn
    app.clientside_callback(ClientsideFunction("identity", "did"), Input("identity-did", "data"))
    app.clientside_callback(
        ClientsideFunction("identity", "drawn"), Input(_slot("drawn", ALL), "data"), prevent_initial_call=True
    )
    app.clientside_callback(
        ClientsideFunction("identity", "opened"), Input("identity-opened", "data"), prevent_initial_call=True
    )

    @app.callback(
        Output(_slot("drawn", MATCH), "data"),
        Input(_slot("ask", MATCH), "data"),
        State("identity-scope", "value"),
        prevent_initial_call=True,
    )
    def draw(asked: Any, scope: str | None) -> Any:
        a, b = _given(asked, "a", "b")
        return _pair(ws, a, b, scope or "all")

    @app.callback(
        Output("identity-listed", "data"),
        Input("identity-kind", "value"),
        Input("identity-scope", "value"),
        Input("identity-text", "value"),
        Input("identity-again", "data"),
        prevent_initial_call=True,
    )
    def narrow(kind: str | None, scope: str | None, text: str | None, _: Any) -> Any:
        asked = _asked(kind, scope, text)
        return _listed(ws, identity.queue(ws, asked), asked)

    @app.callback(
        Output("identity-did", "data"),
        Output("identity-banner", "children"),
        Input("identity-do", "data"),
        prevent_initial_call=True,
    )
    def do(asked: Any) -> Any:
        if not isinstance(asked, Mapping):
            raise PreventUpdate
        try:
            done = act(ws, asked, user())
        except KolgraphError as error:
            return {"t": asked.get("t"), "error": error.sentence}, no_update
        told = {name: [lists.pair_id(*pair) for pair in asdict(done)[name]] for name in ("settled", "reopened")}
        return {"t": asked.get("t"), "entries": list(done.entries), **told}, _banner(ws)

    _people(app, ws)
    _around(app, ws)


def _people(app: Dash, ws: Workspace) -> None:
    @app.callback(Output("identity-opened", "data"), Input("identity-open", "data"), prevent_initial_call=True)
    def records(asked: Any) -> Any:
        person, order = _given(asked, "person", "order")
        return _person(ws, person, order if order in identity_person.ORDERS else "weakest")

    @app.callback(
        Output("identity-person", "data"),
        Input("identity-person", "searchValue"),
        State("identity-person", "data"),
        prevent_initial_call=True,
    )
    def named(text: str | None, known: list[dict[str, str]]) -> Any:
        if not text or any(one["label"] == text for one in known or []):  # the label of what was just chosen
            return no_update
        return [
            {"value": hit.id, "label": e.clean(f"{hit.name} · {hit.note}")} for hit in search(ws, text[:200]).people
        ]

    app.clientside_callback(
        ClientsideFunction("identity", "chosen"), Input("identity-person", "value"), prevent_initial_call=True
    )

    @app.callback(
        Output("identity-weighed", "children"),
        Output("identity-evidence", "title"),
        Output("identity-evidence", "opened"),
        Input("identity-weigh", "data"),
        prevent_initial_call=True,
    )
    def weigh(asked: Any) -> Any:
        a, b = _given(asked, "a", "b")
        found = identity_pair.weigh(ws, a, b)
        if found is None:
            return e.notice(pairs.UNWEIGHED, "bad", "triangle-alert"), "Evidence", True
        return (
            [html.P(f"{a} and {b}", className="k-muted k-small"), *pairs.weighed(found)],
            "Why these two are one",
            True,
        )


def _around(app: Dash, ws: Workspace) -> None:
    @app.callback(
        Output("identity-decided", "children"),
        Output("identity-history", "title"),
        Output("identity-history", "opened"),
        Input("identity-past", "data"),
        prevent_initial_call=True,
    )
    def history(_: Any) -> Any:
        return around.history(judging.history(ws, LATEST)), "Decisions", True

    @app.callback(
        Output("identity-bulk-body", "children"),
        Output("identity-bulk", "opened"),
        Input("identity-bulk-open", "n_clicks"),
        Input("identity-from", "value"),
        prevent_initial_call=True,
    )
    def bulk(clicks: int | None, at_least: float) -> Any:
        if not clicks:
            raise PreventUpdate
        try:
            return around.bulk(identity_bulk.offered(ws, at_least / 100)), True
        except KolgraphError as error:
            return e.problem(error), True

    @app.callback(
        Output("identity-build", "data"),
        Output("shell-tick", "disabled", allow_duplicate=True),
        Output("identity-banner", "children", allow_duplicate=True),
        Input("identity-apply", "data"),
        prevent_initial_call=True,
    )
    def apply(asked: Any) -> Any:
        if not asked:
            raise PreventUpdate
        job = landscapes.rebuild(shelf(), shelf().shown(), user())
        return job.id, False, around.waiting(judging.pending(ws), job)

    @app.callback(
        Output("identity-banner", "children", allow_duplicate=True),
        Output("identity-build", "data", allow_duplicate=True),
        Output("identity-again", "data"),
        Input("shell-tick", "n_intervals"),
        Input("shell-tick", "disabled"),
        State("identity-build", "data"),
        prevent_initial_call=True,
    )
    def follow(_: int, still: bool, building: Any) -> Any:
        job = _job(ws)
        if job is None:
            raise PreventUpdate
        if job.state in ("waiting", "running"):
            return _banner(ws), job.id, no_update
        if not building:
            raise PreventUpdate
        return _banner(ws), None, job.id
