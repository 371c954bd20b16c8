"""One landscape: how far its build is, step by step; cancel, resume, refresh; what it was asked to hold."""

from typing import Any
from urllib.parse import unquote

from dash import ALL, Dash, Input, Output, State, ctx, dcc, html, no_update
from dash.development.base_component import Component

from kolgraph.errors import KolgraphError
from kolgraph.geo import country_name
from kolgraph.services import landscapes
from kolgraph.services.landscapes import Entry
from kolgraph.ui import elements as e
from kolgraph.ui.pages.landscapes import held, size
from kolgraph.ui.parts import builds
from kolgraph.ui.parts.plan_list import day
from kolgraph.ui.user import shelf, user
from kolgraph.workspace import Workspace

PATH, TITLE, ICON = "/landscapes/<slug>", "Landscape", ""


def layout(ws: Workspace, slug: str = "", **_: str) -> Component:
    """The page; its parts follow the build by themselves."""
    try:
        one = landscapes.entry(shelf(), unquote(slug))
    except KolgraphError as error:
        return e.gone("landscape", error, "layers", "All landscapes", "/landscapes")
    return e.page(
        e.clean(one.title),
        html.Div(
            [
                html.Div(_body(one), id="one-body", className="s8 k-stack"),
                html.Div([_recipe(one), html.Div(_holds(one), id="one-holds")], className="s4 k-stack one-side"),
            ],
            className="k-grid",
        ),
        dcc.Store(id="one-slug", data=one.slug),
        dcc.Store(id="one-done"),
        dcc.Store(id="one-offers", data=_offers(one)),
        lead=dcc.Link("All landscapes", href="/landscapes"),
        actions=[html.Div(_actions(one), id="one-actions", className="k-row wrap")],
    )


def _offers(one: Entry) -> list[Any]:
    """What decides which actions there are: as long as it stays, the buttons stay, and no click on one is lost."""
    return [bool(one.problem), one.job.state if one.job else "", one.condition.state == "empty", one.shown]


def _actions(one: Entry) -> list[Component]:
    """At most one of them is the thing to do next."""
    job = one.job.state if one.job else ""

    def act(verb: str, text: str, name: str, kind: str = "") -> Component:
        return e.button(text, name, kind, id={"type": "one-act", "verb": verb})

    if one.problem:
        return []
    if job in ("waiting", "running"):
        return [act("cancel", "Cancel", "circle-stop")]
    buttons = []
    if job in ("failed", "cancelled", "interrupted"):
        buttons.append(act("resume", "Resume", "play", "primary"))
    if one.condition.state == "empty":
        return buttons or [act("build", "Build", "hammer", "primary")]
    if not buttons:
        buttons.append(act("build", "Refresh", "refresh-cw"))
    kind = "" if job and job != "done" else "primary"
    if one.shown:
        return [*buttons, e.button("Explore", "waypoints", kind, "/explore")]
    return [*buttons, act("open", "Open and explore", "folder-open", kind)]


def _body(one: Entry) -> list[Component]:
    if one.problem:
        return [e.failure("This landscape cannot be read", one.problem)]
    if not one.job:
        return [_never(one)]
    job = one.job
    word = builds.STATES[job.state][0]
    head = {"waiting": "Waiting for its turn", "running": "Loading, linking, scoring"}.get(job.state, word)
    took = f"{'after' if job.state == 'running' else 'in'} {builds.took(job)}" if job.started else ""
    facts = " · ".join(filter(None, (f"begun by {e.clean(job.owner)}", took)))
    card = e.card(
        head,
        html.P(_words(one), className="k-muted one-words", role="status"),
        _messages(one),
        builds.steps(job.steps, over=job.state not in ("waiting", "running")),
        side=html.Span([builds.state(one), html.Span(facts, className="k-muted k-small")], className="k-row"),
    )
    return [card]


def _words(one: Entry) -> str:
    """What to know while it runs, and what to do when it does not."""
    state = one.job.state if one.job else ""
    return {
        "waiting": "One landscape is built at a time. You can leave this page: it begins by itself.",
        "running": "You can leave this page or close the browser: the build goes on. A notice says when it is done.",
        "done": "Everything that the sources had is in. Refresh asks them for what is new.",
        "failed": "What is loaded stays. Mend what is named below, then Resume.",
        "cancelled": "What is loaded stays. Resume goes on from there.",
        "interrupted": "What is loaded stays. Resume goes on from there; so does opening kolgraph again.",
    }[state]


def _messages(one: Entry) -> Component | None:
    job = one.job
    if not job or not job.message or job.state == "cancelled":  # the words above say it
        return None
    bad = job.state == "failed"
    return e.notice(e.clean(job.message), "bad" if bad else "warn", "triangle-alert" if bad else "info")


def _never(one: Entry) -> Component:
    if one.condition.state == "empty":
        words = "Build loads what its recipe names, decides who is who, and scores them."
        return e.card("Not built yet", e.empty("Nothing is built", words, name="hammer"))
    words = f"Built {day(one.condition.built)} from the command line. Refresh asks its sources for what is new."
    return e.card("Ready", html.P(words, className="k-muted"), side=builds.state(one))


def _recipe(one: Entry) -> Component | None:
    if one.problem:
        return None
    with shelf().open(one.folder) as ws:
        recipe = ws.landscape
    topics = [
        html.Div(
            [
                html.Div(e.clean(topic.name), className="k-strong"),
                html.Div(e.clean(", ".join((*topic.terms, *topic.mesh))), className="k-muted k-small"),
            ]
        )
        for topic in recipe.topics
    ]
    years = f"{recipe.since or 'the beginning'} to {recipe.until or 'today'}" if recipe.since or recipe.until else "all"
    facts = [
        ("Topics", topics or "none"),
        ("Years", years),
        ("Countries", ", ".join(country_name(code) for code in recipe.countries) or "all"),
        ("Sources", ", ".join(dict.fromkeys(landscapes.source_titles(recipe))) or "none"),
    ]
    return e.card("Recipe", _facts(facts))


def _holds(one: Entry) -> Component:
    facts = [
        ("Holds", " · ".join(held(one)) or "nothing yet"),
        ("Built", day(one.condition.built) if one.condition.built else "not yet"),
        ("On disk", size(one.size)),
        ("Folder", e.code(str(one.folder))),
    ]
    return e.card("On this machine", _facts(facts))


def _facts(facts: list[tuple[str, Any]]) -> Component:
    return html.Dl(
        [html.Div([html.Dt(name), html.Dd(value)]) for name, value in facts], className="data-facts one-facts"
    )


def register(app: Dash, ws: Workspace) -> None:
    """Follow the build; act on it."""

    @app.callback(
        Output("one-body", "children"),
        Output("one-actions", "children"),
        Output("one-holds", "children"),
        Output("one-offers", "data"),
        Input("shell-tick", "n_intervals"),
        Input("shell-tick", "disabled"),
        Input("one-done", "data"),
        State("one-offers", "data"),
        State("one-slug", "data"),
        prevent_initial_call=True,
    )
    def follow(*given: Any) -> Any:
        before, slug = given[-2:]
        one = landscapes.entry(shelf(), str(slug))
        offers = _offers(one)
        return _body(one), no_update if offers == before else _actions(one), _holds(one), offers

    @app.callback(
        Output("one-done", "data"),
        Output("shell-tick", "disabled", allow_duplicate=True),
        Output("shell-go", "data", allow_duplicate=True),
        Input({"type": "one-act", "verb": ALL}, "n_clicks"),
        State("one-slug", "data"),
        prevent_initial_call=True,
    )
    def act(_: Any, slug: str) -> Any:
        if not ctx.triggered or not ctx.triggered[0]["value"]:
            return no_update, no_update, no_update
        verb, held = ctx.triggered_id["verb"], shelf()
        if verb == "open":
            landscapes.switch(held, slug)
            return no_update, no_update, {"href": "/explore"}
        if verb == "cancel":
            landscapes.cancel(held, slug)
        elif verb == "resume":
            landscapes.resume(held, slug)
        elif verb == "build":
            landscapes.build(held, slug, user())
        return {"did": verb, "n": ctx.triggered[0]["value"]}, False, no_update
