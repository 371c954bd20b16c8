"""New landscape: type a condition, tick its other words, years, countries, sources; see what each would bring; build.

The browser gathers the form (`assets/landscapes.js`) a moment after the last change and keeps it in the address; each
source is then asked by a call of its own, so that a slow or failing one holds up no other.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import dash_mantine_components as dmc
from dash import ALL, MATCH, ClientsideFunction, Dash, Input, Output, Patch, State, ctx, dcc, html, no_update
from dash.development.base_component import Component

from kolgraph.errors import KolgraphError
from kolgraph.geo import countries
from kolgraph.services import new_landscape as new
from kolgraph.services.new_landscape import Choice
from kolgraph.ui import elements as e
from kolgraph.ui.parts import builds
from kolgraph.ui.parts.counts import counted, total
from kolgraph.ui.user import shelf, user
from kolgraph.workspace import Workspace

PATH, TITLE, ICON = "/landscapes/new", "New landscape", ""
LIVE = True  # the form keeps its own address
YEARS = 10  # that a new landscape looks back
_TICKED = 6  # of the words suggested


def layout(ws: Workspace, condition: str = "", form: str = "", **_: str) -> Component:
    """An empty form, one about a condition, or one as it was when the page was left."""
    known = _read(form) or {"topics": [{"name": condition[: new.LONGEST]}], "since": str(date.today().year - YEARS)}
    listed = [one for one in known.get("topics") or [] if isinstance(one, dict)] or [{}]
    return e.page(
        TITLE,
        html.Div(
            [
                html.Div([_about(listed), _limits(known)], className="s7 k-stack new-form"),
                html.Div([_sources(known.get("sources")), _finish(known)], className="s5 k-stack new-side"),
            ],
            className="k-grid",
        ),
        dcc.Store(id="new-form"),
        dcc.Store(id="new-wanted"),  # the same, a moment after the last change
        dcc.Store(id="new-next", data=len(listed)),
        lead=[
            "Nothing is loaded before you press Build. Counts come from the sources themselves. ",
            dcc.Link("All landscapes", href="/landscapes"),
        ],
    )


def _read(form: str) -> dict[str, Any]:
    """The form that an address holds, {} for one that nobody can read."""
    try:
        found = json.loads(form) if form else {}
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _about(topics: Sequence[Mapping[str, Any]]) -> Component:
    return e.card(
        "What is it about?",
        html.Div([_topic(n, one) for n, one in enumerate(topics)], id="new-topics", className="k-stack new-topics"),
        e.button("Add another topic", "plus", "small", id="new-add"),
    )


def _topic(n: int, known: Mapping[str, Any]) -> Component:
    """A condition and the words that are searched for it."""
    name = str(known.get("name") or "")
    terms = [str(term) for term in known.get("terms") or [] if isinstance(term, str)]
    remove = e.button("", "x", "quiet small", label="Remove this topic", id={"type": "new-remove", "n": n})
    return html.Section(
        [
            html.Div(
                [
                    dmc.TextInput(
                        id={"type": "new-condition", "n": n},
                        label="Condition or topic",
                        placeholder="e.g. asthma",
                        value=name,
                        debounce=500,
                        inputProps={"maxLength": new.LONGEST},
                        className="k-grow",
                        **({"data-autofocus": True} if n == 0 and not name else {}),
                    ),
                    remove if n else None,
                ],
                className="k-row new-topic-head",
            ),
            html.Div("Words that are searched for", className="new-label", id=f"new-label-{n}"),
            html.Div(
                dmc.ChipGroup(_chips(terms), id={"type": "new-terms", "n": n}, value=terms, multiple=True),
                className="new-chips",
                role="group",
                id={"type": "new-chips", "n": n},
                **e.aria(labelledby=f"new-label-{n}"),
            ),
            dmc.TagsInput(
                id={"type": "new-own", "n": n},
                label="Words of your own",
                placeholder="Type a word, press Enter",
                description="Drug names, abbreviations, other languages.",
                value=[],
                maxTags=20,
                acceptValueOnBlur=True,
                splitChars=[",", ";", "|"],
            ),
            dcc.Store(id={"type": "new-for", "n": n}, data=name if terms else ""),
        ],
        className="new-topic",
    )


def _chips(words: Sequence[str]) -> list[Component]:
    return [dmc.Chip(e.clean(word), value=word, size="sm", variant="light") for word in words]


def _limits(known: Mapping[str, Any]) -> Component:
    def year(id: str, label: str, placeholder: str, value: str) -> Component:
        return dmc.NumberInput(
            id=id,
            label=label,
            placeholder=placeholder,
            value=int(value) if value.isdecimal() else "",
            min=1800,
            max=date.today().year + 1,
            allowDecimal=False,
            allowNegative=False,
            thousandSeparator="",
            clampBehavior="none",
        )

    chosen = [code for code in known.get("countries") or [] if code in countries()]
    return e.card(
        "Years and countries",
        html.Div(
            [
                year("new-since", "From year", "the beginning", str(known.get("since") or "")),
                year("new-until", "To year", "today", str(known.get("until") or "")),
            ],
            className="form-pair",
        ),
        dmc.MultiSelect(
            id="new-countries",
            label="Countries",
            description="Where the people work. None means everywhere.",
            data=[{"value": code, "label": name} for code, name in countries().items()],
            value=chosen,
            searchable=True,
            clearable=True,
            clearButtonProps=e.aria(label="Clear the countries"),
            placeholder="" if chosen else "Type a country",
            nothingFoundMessage="No country of that name",
            maxDropdownHeight=280,
        ),
        className="new-limits",
    )


def _sources(ticked: Any) -> Component:
    """Those that answer questions; the others folded away, with the way to them."""
    listed = new.choices(shelf().access)
    asked = [_source(one, one.ticked if ticked is None else one.name in ticked) for one in listed if not one.problem]
    others = [_other(one) for one in listed if one.problem]
    return e.card(
        "Sources",
        html.P("Those ticked are asked how much they have.", className="k-muted data-lead"),
        html.Ul(asked),
        html.Details(
            [html.Summary(f"{e.count(len(others), 'more source')}, read from files or switched off"), html.Ul(others)],
            className="new-others",
        ),
    )


def _what(one: Choice) -> Component:
    licence = e.outside(e.clean(one.licence), one.home)
    return html.Span([", ".join(one.yields), " · ", licence], className="k-small k-muted")


def _other(one: Choice) -> Component:
    """A source that is not asked here, and how it is loaded."""
    words: Any = e.clean(one.problem)
    if one.problem == new.FILES:
        words = ["Read from files: ", e.code(f"kolgraph load {one.name} --file FILE")]
    name = html.Div([html.Div(one.title, className="k-strong"), _what(one)])
    return html.Li([name, html.Div(words, className="k-small k-muted")], className="new-other")


def _source(one: Choice, ticked: bool) -> Component:
    """A source to tick, and the place for what it answers."""
    box = dmc.Checkbox(id={"type": "new-source", "source": one.name}, label=one.title, checked=ticked)
    place = html.Div(counted(None), id={"type": "new-count", "source": one.name}, className="new-count", role="status")
    again = e.button(
        "", "rotate-cw", "quiet small", label=f"Ask {one.title} again", id={"type": "new-again", "source": one.name}
    )
    return html.Li(
        [
            html.Div([box, html.Div(_what(one), className="new-what")]),
            html.Div([place, again], className="new-answer"),
            dcc.Store(id={"type": "new-known", "source": one.name}),
        ],
        className="new-source",
    )


def _finish(known: Mapping[str, Any]) -> Component:
    return html.Section(
        [
            dmc.TextInput(
                id="new-title",
                label="Name of the landscape",
                placeholder="The condition, unless you name it",
                value=str(known.get("title") or ""),
                inputProps={"maxLength": new.LONGEST},
            ),
            html.Div(total([], ""), id="new-total", className="new-total", role="status"),
            html.Div(id="new-error", role="alert"),
            e.button("Build", "hammer", "primary", id="new-build"),
        ],
        className="k-card new-finish",
    )


def register(app: Dash, ws: Workspace) -> None:
    """Words, counts, sum, build."""

    app.clientside_callback(
        ClientsideFunction("landscapes", "gather"),
        Output("new-form", "data"),
        Input({"type": "new-condition", "n": ALL}, "value"),
        Input({"type": "new-terms", "n": ALL}, "value"),
        Input({"type": "new-own", "n": ALL}, "value"),
        Input("new-since", "value"),
        Input("new-until", "value"),
        Input("new-countries", "value"),
        Input({"type": "new-source", "source": ALL}, "checked"),
        Input("new-title", "value"),
        State({"type": "new-source", "source": ALL}, "id"),
    )

    @app.callback(
        Output({"type": "new-terms", "n": MATCH}, "children"),
        Output({"type": "new-terms", "n": MATCH}, "value"),
        Output({"type": "new-for", "n": MATCH}, "data"),
        Input({"type": "new-condition", "n": MATCH}, "value"),
        State({"type": "new-for", "n": MATCH}, "data"),
    )
    def words(condition: str | None, before: str | None) -> Any:
        text = (condition or "").strip()
        if text == (before or ""):
            return no_update, no_update, no_update
        found = new.suggest(shelf(), text)
        return _chips(found), found[:_TICKED], text

    @app.callback(
        Output({"type": "new-count", "source": MATCH}, "children"),
        Output({"type": "new-known", "source": MATCH}, "data"),
        Input("new-wanted", "data"),
        Input({"type": "new-again", "source": MATCH}, "n_clicks"),
        State({"type": "new-count", "source": MATCH}, "id"),
        prevent_initial_call=True,
    )
    def count(form: Any, _: Any, id: dict[str, str]) -> Any:
        if not isinstance(form, dict) or id["source"] not in (form.get("sources") or []):
            return counted(None), None
        try:
            wanted = new.recipe(form)
        except KolgraphError:
            return counted(None), None  # the sum says what is wrong
        if not wanted.topics:
            return counted(None), None
        found = new.count(shelf().access, wanted, id["source"])
        plan = found.plan
        known = {"records": plan.records, "seconds": plan.seconds, "usd": plan.usd} if plan else {"problem": True}
        return counted(found), known

    @app.callback(
        Output("new-total", "children"),
        Output("new-build", "disabled"),
        Input("new-wanted", "data"),
        Input({"type": "new-known", "source": ALL}, "data"),
        prevent_initial_call=True,
    )
    def add_up(form: Any, known: list[Any]) -> Any:
        try:
            wanted = new.recipe(form if isinstance(form, dict) else {})
        except KolgraphError as error:
            return e.problem(error), True
        return total([one for one in known if isinstance(one, dict)], _missing(wanted)), bool(_missing(wanted))

    @app.callback(
        Output("new-topics", "children"),
        Output("new-next", "data"),
        Input("new-add", "n_clicks"),
        Input({"type": "new-remove", "n": ALL}, "n_clicks"),
        State({"type": "new-condition", "n": ALL}, "id"),
        State("new-next", "data"),
        prevent_initial_call=True,
    )
    def change(_: Any, __: Any, ids: list[dict[str, int]], following: int) -> Any:
        if not ctx.triggered or not ctx.triggered[0]["value"]:
            return no_update, no_update
        topics = Patch()
        if ctx.triggered_id == "new-add":
            if len(ids) >= new.MOST_TOPICS:
                return no_update, no_update
            topics.append(_topic(following, {}))
            return topics, following + 1
        del topics[[one["n"] for one in ids].index(ctx.triggered_id["n"])]
        return topics, no_update

    @app.callback(
        Output("shell-go", "data", allow_duplicate=True),
        Output("new-error", "children"),
        Input("new-build", "n_clicks"),
        State("new-form", "data"),
        running=[(Output("new-build", "disabled"), True, False)],
        prevent_initial_call=True,
    )
    def build(clicks: int | None, form: Any) -> Any:
        if not clicks:
            return no_update, no_update
        try:
            slug = new.begin(shelf(), new.recipe(form if isinstance(form, dict) else {}), user())
        except KolgraphError as error:
            return no_update, e.problem(error)
        return {"href": builds.address(slug)}, None


def _missing(wanted: Any) -> str:
    """What is still to do before it can be built."""
    if not wanted.topics:
        return "Type a condition to see what the sources have."
    return "" if wanted.sources else "Tick at least one source."
