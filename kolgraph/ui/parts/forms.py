"""The forms of the plan: every free text carries its warning, the visit form its safety-event reminder."""

from typing import Any

import dash_mantine_components as dmc
from dash import html
from dash.development.base_component import Component

from kolgraph.model import Engagement
from kolgraph.services.plan import CHANNELS
from kolgraph.ui import elements as e

NO_PATIENTS = "No patient details"
GUARD = "No patient details anywhere in this form: nothing that could identify a patient."
SAFETY = (
    "Heard of an adverse event or a product complaint? Report it through your organisation's safety route at once. "
    "kolgraph is not the safety database; the switch only marks this entry."
)
UNSOLICITED = "Unsolicited questions are answered by medical information, not from here."
_ABOVE: dict[str, Any] = {"comboboxProps": {"zIndex": 500}}


def field(name: str) -> dict[str, str]:
    """The id of a value in the form."""
    return {"page": "plan", "field": name}


def flag(name: str) -> dict[str, str]:
    """The id of a switch in the form."""
    return {"page": "plan", "flag": name}


def line(name: str, label: str, value: str = "", hint: str = "", first: bool = False) -> Component:
    """One line of free text, with the warning that no patient details belong here; `first` takes the focus."""
    return dmc.TextInput(id=field(name), label=_labelled(label), value=value, placeholder=hint, **_focus(first))


def note(name: str, label: str, value: str = "", first: bool = False) -> Component:
    """Several lines of free text, with the same warning."""
    return dmc.Textarea(
        id=field(name), label=_labelled(label), value=value, autosize=True, minRows=2, maxRows=8, **_focus(first)
    )


def _focus(first: bool) -> dict[str, Any]:
    return {"data-autofocus": True} if first else {}


def _labelled(label: str) -> Component:
    guard = html.Span([e.icon("shield-alert", 14), NO_PATIENTS], className="form-guard")
    return html.Span([html.Span(label), guard], className="form-label")


def when(name: str, label: str, value: str = "") -> Component:
    """A day, typed or picked."""
    return dmc.DateInput(
        id=field(name),
        label=label,
        value=value or None,
        valueFormat="D MMM YYYY",
        placeholder="Pick a day",
        clearable=True,
        clearButtonProps=e.aria(label=f"Clear: {label}"),
        highlightToday=True,
        weekendDays=[],
        leftSection=e.icon("calendar", 16),
        popoverProps={"zIndex": 500},
    )


def person(value: str = "", name: str = "") -> Component:
    """Whom: found by typing; the options come from the server."""
    return dmc.Select(
        id=field("person"),
        label="Person (required)",
        data=[{"value": value, "label": name}] if value else [],
        value=value or None,
        searchable=True,
        clearable=True,
        clearButtonProps=e.aria(label="Clear the person"),
        placeholder="Type a name",
        nothingFoundMessage="Type the first letters of a name",
        leftSection=e.icon("user", 16),
        **_ABOVE,
        **_focus(not value),
    )


def planning(one: Engagement | None, whom: Component | None, owner: str) -> Component:
    """Objective, question, channel, due date, owner."""
    first = not isinstance(whom, dmc.Select) or bool(whom.value)
    return html.Div(
        [
            whom,
            line("objective", "Objective (required)", one.objective if one else "", "What the exchange is for", first),
            line("question", "Question", one.question if one else "", "One neutral question to understand"),
            html.Div([_channel(one), when("due", "Due", one.due if one else "")], className="form-pair"),
            dmc.TextInput(id=field("owner"), label="Owner", value=(one.owner if one else "") or owner),
        ],
        className="form",
    )


def contact(one: Engagement | None, whom: Component | None, today: str) -> Component:
    """Asked, said, needs, learning question, unsolicited, safety event, follow-up: a visit in under a minute."""
    held = (one.held if one else "") or today
    first = not isinstance(whom, dmc.Select) or bool(whom.value)
    return html.Div(
        [
            whom,
            html.Div([_channel(one), when("held", "Day of the contact", held)], className="form-pair"),
            note("asked", "What they asked", one.asked if one else "", first),
            note("said", "What they said", one.said if one else ""),
            note("needs", "What they need", one.needs if one else ""),
            line("question", "Learning question", one.question if one else "", "What to understand next time"),
            _switch("unsolicited", "The question was unsolicited", UNSOLICITED, one),
            _switch("safety", "A safety event was mentioned", SAFETY, one),
            when("follow_up", "Follow up on", one.follow_up if one else ""),
        ],
        className="form visit",
    )


def _channel(one: Engagement | None) -> Component:
    value = one.channel if one else CHANNELS[0]
    return dmc.Select(
        id=field("channel"),
        label="Channel",
        data=list(CHANNELS),
        value=value or None,
        checkIconPosition="right",
        **_ABOVE,
    )


def _switch(name: str, label: str, words: str, one: Engagement | None) -> Component:
    return dmc.Switch(
        id=flag(name),
        label=label,
        description=words,
        checked=bool(one and getattr(one, name)),
        size="md",
        className=f"form-switch {name}",
    )
