"""Landscapes: which there are, how far they are; open, refresh, copy, rename, delete, bring back; type a condition."""

from typing import Any

import dash_mantine_components as dmc
from dash import ALL, Dash, Input, Output, State, ctx, dcc, html, no_update
from dash.development.base_component import Component

from kolgraph.errors import KolgraphError
from kolgraph.services import landscapes
from kolgraph.services.landscapes import Deleted, Entry
from kolgraph.ui import elements as e
from kolgraph.ui.parts import builds
from kolgraph.ui.parts.plan_list import day
from kolgraph.ui.user import shelf, user
from kolgraph.workspace import Workspace

PATH, TITLE, ICON = "/landscapes", "Landscapes", "layers"
FACTS = {"Person": ("person", "people"), "Publication": ("paper", ""), "Trial": ("trial", "")}
COPIED = (
    "The copy takes the recipe, everything loaded, the graph, and who is who. Plans, notes and watch lists stay with "
    "the original."
)
DELETED = (
    "It moves to the trash with everything in it, plans and notes too. Bring it back from the foot of this page; "
    "nothing empties the trash but you."
)


def layout(ws: Workspace, **_: str) -> Component:
    """The list; without a landscape, the one question that begins one."""
    reach = shelf()
    listed = landscapes.entries(reach)
    if not listed:
        return e.page(
            "What do you want to know about?", _ask(), _trash(landscapes.deleted(reach)), *_dialogs(),
            lead="kolgraph reads what the sources say about a condition and shows who shapes the field.",
        )  # fmt: skip
    return e.page(
        TITLE,
        html.Div([_entry(one) for one in listed], className="k-stack landscapes-list"),
        _trash(landscapes.deleted(reach)),
        *_dialogs(),
        lead="Each landscape is a field of its own: its records, its network, its plans.",
        actions=[e.button("New landscape", "plus", "primary", "/landscapes/new")],
    )


def _ask() -> Component:
    """Nothing there yet: the condition."""
    field = dmc.TextInput(
        id="landscapes-condition",
        label="Type a condition",
        placeholder="e.g. asthma, CAR-T therapy, Crohn disease",
        size="md",
        className="k-grow",
        name="condition",
        **{"data-autofocus": True},
    )
    go = html.Button(["Look what there is", e.icon("arrow-right", 18)], type="submit", className="k-button primary")
    words = "Next you see how many records each source has, before anything is loaded."
    return html.Section(
        [
            html.Form([field, go], action="/landscapes/new", method="GET", className="landscapes-ask"),
            html.P(words, className="k-muted"),
            html.P(
                ["Only looking around? An invented landscape: ", e.code("kolgraph --workspace demo demo")],
                className="k-muted k-small",
            ),
        ],
        className="k-card landscapes-first",
    )


def _entry(one: Entry) -> Component:
    href = builds.address(one.slug)
    title = dcc.Link(e.clean(one.title), href=href, className="landscapes-title")
    chips = [
        builds.state(one),
        e.chip("Open now", "accent", "eye") if one.shown else None,
        e.chip("Synthetic demo data", "warn") if one.synthetic else None,
    ]
    when = f"built {day(one.condition.built)}" if one.condition.built else "not built yet"
    line = " · ".join([*held(one), when, size(one.size)])
    return html.Article(
        [
            html.Div(
                [
                    html.Div([html.H2(title), *chips], className="k-row wrap"),
                    html.P(e.clean(one.problem) if one.problem else line, className="k-muted"),
                ],
                className="k-grow",
            ),
            html.Div([_opens(one), _menu(one)], className="k-row"),
        ],
        className="k-card landscapes-one",
    )


def held(one: Entry) -> list[str]:
    """What a landscape holds; what was not counted is not shown as 0."""
    return [e.count(one.counts[label], *words) for label, words in FACTS.items() if one.counts.get(label)]


def _opens(one: Entry) -> Component | None:
    if one.problem:
        return None
    if one.shown:
        return e.button("Explore", "waypoints", href="/explore")
    return e.button("Open", "folder-open", id={"type": "landscapes-open", "slug": one.slug})


def _menu(one: Entry) -> Component:
    def item(verb: str, text: str, name: str, **props: Any) -> Component:
        id = {"type": "landscapes-act", "verb": verb, "slug": one.slug}
        return dmc.MenuItem(text, id=id, leftSection=e.icon(name, 16), n_clicks=0, **props)

    usable = not one.problem
    items = [
        dmc.MenuItem("Details and progress", href=builds.address(one.slug), leftSection=e.icon("info", 16)),
        item("copy", "Copy", "copy") if usable else None,
        item("rename", "Rename", "pencil") if usable else None,
        dmc.MenuDivider(),
        item("delete", "Delete", "trash-2", className="landscapes-danger"),
    ]
    target = dmc.MenuTarget(e.button("", "ellipsis", "quiet", label=f"More about {e.clean(one.title)}"))
    return dmc.Menu([target, dmc.MenuDropdown([part for part in items if part])], position="bottom-end", zIndex=350)


def size(number: int) -> str:
    """Bytes as a person says them."""
    return f"{number / 1e9:,.1f} GB" if number >= 1e9 else f"{max(1, round(number / 1e6)):,} MB"


def _trash(gone: list[Deleted]) -> Component | None:
    if not gone:
        return None
    rows = [
        html.Li(
            [
                html.Div(
                    [
                        html.Div(e.clean(one.title), className="k-strong"),
                        html.Div(
                            " · ".join(
                                [
                                    f"deleted {day(one.when[:10])}",
                                    *([f"by {e.clean(one.who)}"] if one.who else []),
                                    size(one.size),
                                ]
                            ),
                            className="k-muted k-small",
                        ),
                    ],
                    className="k-grow",
                ),
                e.button("Bring back", "undo-2", "small", id={"type": "landscapes-back", "key": one.key}),
            ],
            className="k-row",
        )
        for one in gone
    ]
    words: list[Any] = ["To free the disk, remove folders in ", e.code(str(shelf().trash)), "."]
    return e.card(
        "Trash",
        html.Ul(rows, className="k-stack landscapes-trash"),
        html.P(words, className="k-muted k-small data-note"),
    )


def _dialogs() -> list[Component]:
    """One for a title (copy, rename), one for deleting; and which landscape they are about."""

    def dialog(id: str, title: str, children: list[Any]) -> Component:
        return e.dialog(id, title, html.Div(children, className="landscapes-dialog"))

    def buttons(no: str, yes: Component) -> Component:
        return html.Div([e.button("Cancel", id=no), yes], className="k-row form-buttons")

    name = dmc.TextInput(id="landscapes-title", label="Title", **{"data-autofocus": True})
    typed = dmc.TextInput(id="landscapes-typed", label="Type its title to confirm", **{"data-autofocus": True})
    return [
        dialog(
            "landscapes-naming",
            "Title",
            [
                html.P(id="landscapes-naming-words", className="k-muted"),
                name,
                html.Div(id="landscapes-naming-error", role="alert"),
                buttons("landscapes-naming-no", e.button("Save", "check", "primary", id="landscapes-naming-yes")),
            ],
        ),
        dialog(
            "landscapes-deleting",
            "Delete this landscape?",
            [
                html.P(id="landscapes-deleting-words"),
                html.P(DELETED, className="k-muted"),
                typed,
                html.Div(id="landscapes-deleting-error", role="alert"),
                buttons(
                    "landscapes-deleting-no", e.button("Delete", "trash-2", "danger", id="landscapes-deleting-yes")
                ),
            ],
        ),
        dcc.Store(id="landscapes-doing"),
    ]


def register(app: Dash, ws: Workspace) -> None:
    """Open, and the dialogs."""

    @app.callback(
        Output("shell-go", "data"),
        Input({"type": "landscapes-open", "slug": ALL}, "n_clicks"),
        prevent_initial_call=True,
    )
    def turn(_: Any) -> Any:
        if not ctx.triggered[0]["value"]:
            return no_update
        slug = str(ctx.triggered_id["slug"])
        landscapes.switch(shelf(), slug)
        built = landscapes.entry(shelf(), slug).condition.state == "ready"
        return {"href": "/explore" if built else builds.address(slug)}

    @app.callback(
        Output("shell-go", "data", allow_duplicate=True),
        Input({"type": "landscapes-back", "key": ALL}, "n_clicks"),
        prevent_initial_call=True,
    )
    def restore(_: Any) -> Any:
        if not ctx.triggered[0]["value"]:
            return no_update
        return {"href": builds.address(landscapes.restore(shelf(), str(ctx.triggered_id["key"]), user()))}

    @app.callback(
        Output("landscapes-doing", "data"),
        Output("landscapes-naming", "opened"),
        Output("landscapes-naming", "title"),
        Output("landscapes-naming-words", "children"),
        Output("landscapes-title", "value"),
        Output("landscapes-deleting", "opened"),
        Output("landscapes-deleting-words", "children"),
        Output("landscapes-typed", "value"),
        Output("landscapes-naming-error", "children"),
        Output("landscapes-deleting-error", "children"),
        Input({"type": "landscapes-act", "verb": ALL, "slug": ALL}, "n_clicks"),
        prevent_initial_call=True,
    )
    def open_dialog(_: Any) -> Any:
        if not ctx.triggered[0]["value"]:
            return (no_update,) * 10
        verb, slug = str(ctx.triggered_id["verb"]), str(ctx.triggered_id["slug"])
        one = landscapes.entry(shelf(), slug)
        title = e.clean(one.title)
        if verb == "delete":
            about = ["This is about ", html.Strong(title), "."]
            return {"verb": verb, "slug": slug}, False, no_update, "", "", True, about, "", None, None
        heading, words = (f"Copy {title}", COPIED) if verb == "copy" else (f"Rename {title}", "Its address stays.")
        value = f"{title} (copy)" if verb == "copy" else title
        return {"verb": verb, "slug": slug}, True, heading, words, value, False, "", "", None, None

    @app.callback(
        Output("landscapes-naming", "opened", allow_duplicate=True),
        Output("landscapes-naming-error", "children", allow_duplicate=True),
        Output("shell-go", "data", allow_duplicate=True),
        Input("landscapes-naming-yes", "n_clicks"),
        Input("landscapes-naming-no", "n_clicks"),
        State("landscapes-doing", "data"),
        State("landscapes-title", "value"),
        running=[(Output("landscapes-naming-yes", "disabled"), True, False)],
        prevent_initial_call=True,
    )
    def name(yes: int, no: int, doing: Any, title: str | None) -> Any:
        if not (yes or no) or not isinstance(doing, dict):
            return no_update, no_update, no_update
        if ctx.triggered_id == "landscapes-naming-no":
            return False, None, no_update
        try:
            if doing.get("verb") == "copy":
                landscapes.copy(shelf(), str(doing.get("slug")), title or "", user())
            else:
                landscapes.rename(shelf(), str(doing.get("slug")), title or "", user())
        except KolgraphError as error:
            return no_update, e.problem(error), no_update
        return False, None, {"href": PATH}

    @app.callback(
        Output("landscapes-deleting", "opened", allow_duplicate=True),
        Output("landscapes-deleting-error", "children", allow_duplicate=True),
        Output("shell-go", "data", allow_duplicate=True),
        Input("landscapes-deleting-yes", "n_clicks"),
        Input("landscapes-deleting-no", "n_clicks"),
        State("landscapes-doing", "data"),
        State("landscapes-typed", "value"),
        running=[(Output("landscapes-deleting-yes", "disabled"), True, False)],
        prevent_initial_call=True,
    )
    def delete(yes: int, no: int, doing: Any, typed: str | None) -> Any:
        if not (yes or no) or not isinstance(doing, dict):
            return no_update, no_update, no_update
        if ctx.triggered_id == "landscapes-deleting-no":
            return False, None, no_update
        try:
            landscapes.delete(shelf(), str(doing.get("slug")), typed or "", user())
        except KolgraphError as error:
            return no_update, e.problem(error), no_update
        return False, None, {"href": PATH}
