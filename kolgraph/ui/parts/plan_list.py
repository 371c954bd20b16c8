"""How the plan looks: the list by due date, one line an item; shared by Plan, Home and Person."""

from collections.abc import Iterable
from datetime import date

from dash import dcc, html
from dash.development.base_component import Component

from kolgraph.services.plan import BUCKETS, Item
from kolgraph.ui import elements as e
from kolgraph.ui.parts import confidence

CHANNEL_ICONS = {
    "Visit": "map-pin",
    "Video call": "video",
    "Phone": "phone",
    "E-mail": "mail",
    "Congress": "presentation",
}
TONES = {"overdue": "bad", "week": "accent", "done": "good"}


def day(text: str) -> str:
    """`2026-11-24` -> "24 Nov 2026"; "" stays empty."""
    return f"{date.fromisoformat(text):%-d %b %Y}" if text else ""


def due(item: Item) -> str:
    """When it is due, in the words of today."""
    one = item.engagement
    if item.bucket == "done":
        return f"held {day(one.held)}"
    if item.days is None:
        return "no date"
    near = {0: "due today", 1: "due tomorrow", -1: "due yesterday"}
    if item.days in near:
        return near[item.days]
    if item.days < 0:
        return f"{-item.days} days overdue"
    return f"due {day(one.due)}" if item.days > 6 else f"due in {item.days} days"


def line(item: Item, actions: bool = True, who: bool = True) -> Component:
    """One engagement: who, what for, how, when; `actions` adds the buttons of the Plan page."""
    one = item.engagement
    person = dcc.Link(e.clean(item.name), href=f"/person/{one.person}", className="k-strong")
    about = e.clean(one.objective or (one.asked.splitlines()[0] if one.asked else "") or "Contact")
    flags = [
        e.chip("Safety event", "bad", "triangle-alert") if one.safety else None,
        e.chip("Unsolicited", "warn") if one.unsolicited else None,
    ]
    sure = confidence.mark(item.identity, one.person)
    top = [person, sure, html.Span(e.clean(item.place), className="k-muted k-small k-clip")] if who else []
    words = html.Div(
        [
            html.Div([*top, *flags], className="k-row wrap plan-who") if top or any(flags) else None,
            html.Div(about, className="plan-what"),
            html.Div(["Question: ", e.clean(one.question)], className="k-muted k-small") if one.question else None,
            html.Div(e.clean(one.said), className="k-muted k-small plan-said")
            if item.bucket == "done" and one.said
            else None,
        ],
        className="k-grow",
    )
    meta = html.Div(
        [
            e.chip(due(item), TONES.get(item.bucket, "")),
            html.Span(
                [
                    e.icon(CHANNEL_ICONS.get(one.channel, "message-circle"), 14),
                    one.channel or "no channel",
                    *([" · ", e.clean(one.owner)] if one.owner else []),
                ],
                className="k-muted k-small k-row plan-how",
            ),
        ],
        className="plan-meta",
    )
    mark = (
        e.avatar(item.name)
        if who
        else html.Span(e.icon(CHANNEL_ICONS.get(one.channel, "message-circle"), 18), className="k-avatar")
    )
    return html.Li([mark, words, meta, _actions(item) if actions else None], className=f"plan-line {item.bucket}")


def _actions(item: Item) -> Component:
    id = item.engagement.id

    def act(name: str, label: str, verb: str, text: str = "") -> Component:
        return e.button(
            text,
            name,
            "quiet small" if not text else "small",
            label=label,
            id={"type": "plan-act", "verb": verb, "id": id},
        )

    open_ones = [
        act("message-square-plus", f"Log the contact with {e.clean(item.name)}", "log", "Log"),
        act("pencil", f"Edit: {e.clean(item.name)}", "edit"),
        act("trash-2", f"Take off the plan: {e.clean(item.name)}", "cancel"),
    ]
    past = [act("pencil", f"Correct the notes on {e.clean(item.name)}", "edit-log")] if item.bucket == "done" else []
    undo = [act("undo-2", f"Undo the last change: {e.clean(item.name)}", "undo")] if item.engagement.version > 1 else []
    return html.Div([*(open_ones if item.engagement.status == "planned" else past), *undo], className="plan-actions")


def grouped(items: Iterable[Item], shown: tuple[str, ...], actions: bool = True) -> list[Component]:
    """The list under its headings, empty ones left out."""
    listed = list(items)
    sections: list[Component] = []
    for bucket in shown:
        inside = [one for one in listed if one.bucket == bucket]
        if inside:
            head = html.Div(
                [html.H2(BUCKETS[bucket]), e.chip(f"{len(inside):,}", TONES.get(bucket, ""))], className="k-row"
            )
            sections.append(
                html.Section(
                    [head, html.Ul([line(one, actions) for one in inside], className="plan-list k-card")],
                    className="k-stack",
                )
            )
    return sections
