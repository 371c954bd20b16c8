"""What the last build changed about who is who: a line a change, with the button that undoes it and takes that back."""

from typing import Any

from dash import MATCH, Dash, Input, Output, ctx, dcc, html, no_update, set_props
from dash.development.base_component import Component

from kolgraph.errors import KolgraphError
from kolgraph.services import identity_changes as service
from kolgraph.services.identity_changes import KINDS, Change, Changed
from kolgraph.ui import elements as e
from kolgraph.ui.parts.confidence import mark
from kolgraph.ui.parts.plan_list import day
from kolgraph.ui.user import user
from kolgraph.workspace import Workspace

TITLE = "Who is who"
HEADS = {
    "merged": ("Joined", "merge"),
    "split": ("Parted", "split"),
    "moved": ("Records that went to somebody else", "arrow-right-left"),
    "gone": ("Gone", "user-minus"),
}
LATER = "Takes effect with the next build"


def section(found: Changed) -> Component:
    """A card: what changed by kind, the largest first; those who are new are counted."""
    about = "What new records, better evidence or a judgement changed between the last build and the one before."
    if not found.date:
        return e.card(TITLE, html.P("The last build changed nobody.", className="k-muted"))
    parts = [_kind(kind, [one for one in found.rows if one.kind == kind], found) for kind in KINDS]
    rest = found.total - len(found.rows)
    more = f"{e.count(rest, 'smaller change')} more: kolgraph diff --identity tells all." if rest > 0 else ""
    return e.card(
        TITLE,
        html.P(about, className="k-muted k-small change-about"),
        html.P(counted(found), className="who-counts"),
        *[part for part in parts if part],
        html.P(more, className="k-muted k-small") if more else None,
        side=html.Span(f"build of {day(found.date)}", className="k-muted k-small"),
        id="who-is-who",
    )


def counted(found: Changed) -> str:
    """`3 joined, 12 new people, 40 people with 61 new records.`"""
    people, mentions = found.people, found.mentions
    names = {"merged": "joined", "split": "parted", "moved": "moved in part", "gone": "gone"}
    told = [f"{people[kind]:,} {word}" for kind, word in names.items() if people.get(kind)]
    if people.get("created"):
        told.append(e.count(people["created"], "new person", "new people"))
    if people.get("grown"):
        whose = e.count(people["grown"], "person", "people")
        told.append(f"{whose} with {e.count(mentions['grown'], 'new record')}")
    return f"{', '.join(told)}."


def _kind(kind: str, rows: list[Change], found: Changed) -> Component | None:
    if not rows:
        return None
    title, icon = HEADS[kind]
    many = f"{found.people[kind]:,}"
    head = html.H3([e.icon(icon, 16), title, e.chip(many, "line")], className="k-row who-head")
    return html.Div([head, html.Ul([row(one) for one in rows], className="change-list")])


def row(one: Change) -> Component:
    """One change, wherever it is listed."""
    return html.Li(face(one), id={"type": "who-row", "key": one.key}, className="who-row")


def face(one: Change) -> list[Component | None]:
    """What stands in the row: words, the people, and what can be done."""
    people = [_person(one.name, one.person, one)]
    if one.other and one.kind != "merged":
        people.append(_person(one.other_name, one.other, one))
    told = html.Div(
        [
            html.Div(e.clean(service.words(one)), className="who-undone" if one.undone else ""),
            html.Div([part for part in people if part], className="k-row wrap k-small who-people"),
        ],
        className="k-grow",
    )
    if not one.undoable:
        return [told, None]
    words, icon = ("Keep it after all", "redo-2") if one.undone else ("Undo", "undo-2")
    label = f"{words}: {e.clean(service.words(one))}"
    act = e.button(words, icon, "small", id={"type": "who-act", "key": one.key}, **e.aria(label=label))
    wait = e.chip(LATER, "warn", "hourglass") if one.undone else None
    return [told, html.Div([wait, act], className="k-row wrap who-act")]


def _person(name: str, id: str, one: Change) -> Component | None:
    sure = one.identity if id == one.person else one.other_identity
    if sure is None:
        return None
    return html.Span([dcc.Link(e.clean(name), href=f"/person/{id}"), mark(sure, id)], className="k-row who-person")


def register(app: Dash, ws: Workspace) -> None:
    """Undo, and undo the undoing; once an app, whatever pages show the rows."""

    @app.callback(
        Output({"type": "who-row", "key": MATCH}, "children"),
        Input({"type": "who-act", "key": MATCH}, "n_clicks"),
        prevent_initial_call=True,
    )
    def act(clicks: int | None) -> Any:
        if not clicks or not isinstance(ctx.triggered_id, dict):
            return no_update
        key = str(ctx.triggered_id["key"])
        try:
            before = service.change(ws, key)
            now = (service.redo if before.undone else service.undo)(ws, key, user())
        except KolgraphError as error:
            set_props("shell-toast", {"children": e.toast(error.sentence)})
            return no_update
        said = "Undone." if now.undone else "Taken back: the change holds."
        set_props("shell-toast", {"children": e.toast(f"{said} {LATER}." if now.undone else said)})
        return face(now)
