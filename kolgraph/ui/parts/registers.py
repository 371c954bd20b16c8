"""What registers hold of a person: practice, grants, published payments; and entries that may be theirs, to judge."""

from collections.abc import Sequence
from typing import Any

from dash import ALL, Dash, Input, Output, State, ctx, html, no_update, set_props
from dash.development.base_component import Component

from kolgraph.errors import KolgraphError
from kolgraph.services import judging
from kolgraph.services.confidence import percent
from kolgraph.services.registers import Entry, Funded, Paid, Practice, Registered, judge, registered
from kolgraph.ui import elements as e
from kolgraph.ui.parts.plan_list import day
from kolgraph.ui.parts.source_mark import mark
from kolgraph.ui.user import user
from kolgraph.workspace import Workspace

SHOWN = 5  # lines before the rest is folded
DISCLOSURE = "Disclosure only: never part of a score."
SAID = {"same": "You said: this person.", "apart": "You said: not this person."}
LATER = "It counts from the next build."


def card(ws: Workspace, person: str) -> list[Component]:
    """One card, or nothing where no register knows anybody of that name."""
    seen = registered(ws, person)
    return [html.Div(_card(seen), id="person-registers", className="person-later")] if seen else []


def _card(seen: Registered, active: bool = False) -> Component:
    parts = [
        _part("Practice", map(_practice, seen.practices)),
        _part(f"Grants ({len(seen.grants):,})", map(_grant, seen.grants)),
        _payments(seen.payments),
        _fold("Why these are linked", seen.linked, ("apart",), active),
        _fold("Possible, not linked", seen.candidates, ("same", "apart"), active),
        _licences(seen),
    ]
    return e.card("Registers", html.Div([part for part in parts if part], className="registers"))


def _part(title: str, lines: Any, note: str = "") -> Component | None:
    listed = list(lines)
    if not listed:
        return None
    about = html.P(note, className="k-muted k-small") if note else None
    return html.Div([html.H3(title), about, *_folded(listed)])


def _folded(lines: Sequence[Component]) -> list[Component]:
    """The first lines, and the rest behind a word."""
    found: list[Component] = [html.Ul(list(lines[:SHOWN]), className="registers-list")]
    if rest := list(lines[SHOWN:]):
        more = html.Summary(f"{len(rest):,} more", className="k-link")
        found.append(html.Details([more, html.Ul(rest, className="registers-list")], className="registers-more"))
    return found


def _small(*words: str) -> Component:
    return html.Div(" · ".join(e.clean(word) for word in words if word), className="k-muted k-small")


def _practice(one: Practice) -> Component:
    number = f"NPI {one.npi.removeprefix('npi:')}"
    return html.Li(
        [
            html.Div([html.Span(e.clean(one.name), className="k-strong"), " ", mark(one.sources)]),
            html.Div(e.outside(number, one.page) if one.page else number),
            _small(", ".join(one.specialties) or "no specialty given"),
            *(_small(place) for place in one.places[:3]),
            _small(f"as registered {day(one.updated)}" if one.updated else ""),
        ]
    )


def _grant(one: Funded) -> Component:
    span = "no year" if one.first is None else str(one.first) if one.first == one.last else f"{one.first} to {one.last}"
    amount = "amount not told" if one.amount is None else _usd(one.amount)
    title = e.clean(one.title) or one.project
    return html.Li(
        [
            html.Div([html.Span(title, className="k-strong"), " ", mark(one.sources)]),
            html.Div(e.outside(one.project, one.page) if one.page else one.project, className="k-small"),
            _small(one.agency, one.role),
            _small(span, amount),
        ]
    )


def _payments(listed: Sequence[Paid]) -> Component | None:
    years: dict[int, float] = {}
    for one in listed:
        years[one.year] = years.get(one.year, 0.0) + one.general + one.research
    sums = ", ".join(f"{year}: {_usd(total)}" for year, total in years.items())
    note = f"{DISCLOSURE} {sums}. Research money mostly goes to the hospital."
    return _part("Published payments", map(_paid, listed), note)


def _paid(one: Paid) -> Component:
    kinds = [f"{_usd(sum_)} {kind}" for kind, sum_ in (("general", one.general), ("research", one.research)) if sum_]
    disputed = f"{one.disputed:,} disputed" if one.disputed else ""
    return html.Li(
        [
            html.Div(
                [
                    html.Span(str(one.year), className="k-num"),
                    html.Span(e.clean(one.payer) or "payer not told", className="k-grow k-clip k-strong"),
                    mark(one.sources),
                ],
                className="k-row",
            ),
            _small(*kinds, e.count(one.count, "payment"), disputed),
        ]
    )


def _fold(title: str, listed: Sequence[Entry], verdicts: Sequence[str], active: bool) -> Component | None:
    """Entries behind a word; open while somebody judges them, and where something was said of one."""
    if not listed:
        return None
    lines = html.Ul([_entry(one, verdicts) for one in listed], className="registers-list")
    summary = html.Summary(f"{title} ({len(listed):,})")
    return html.Details([summary, lines], open=active or any(one.said for one in listed), className="registers-fold")


def _entry(one: Entry, verdicts: Sequence[str]) -> Component:
    sure = f"{percent(one.sure)} sure" if one.linked else ""
    name = e.outside(e.clean(one.name) or one.key, one.page) if one.page else e.clean(one.name) or one.key
    return html.Li(
        [
            html.Div([html.Span(name, className="k-strong"), " ", mark(one.sources)]),
            _small(*one.registers, e.count(one.records, "record"), sure),
            _small(one.where, one.about),
            html.Div(e.clean(f"{one.reasons[:1].upper()}{one.reasons[1:]}."), className="k-small"),
            _said(one) if one.said else _asked(one, verdicts),
        ]
    )


def _asked(one: Entry, verdicts: Sequence[str]) -> Component:
    words = {"same": ("This person", "user-check"), "apart": ("Not this person", "user-x")}
    about = e.clean(one.name) or one.key
    buttons = [
        e.button(
            *words[verdict],
            "small",
            id={"type": "register-judge", "entry": one.key, "verdict": verdict},
            **{"aria-label": f"{words[verdict][0]}: {about}"},
        )
        for verdict in verdicts
    ]
    return html.Div(buttons, className="k-row wrap registers-ask")


def _said(one: Entry) -> Component:
    undo = e.button("Undo", "undo-2", "quiet small", id={"type": "register-undo", "decision": one.decision})
    return html.Div([e.chip(f"{SAID[one.said]} {LATER}", "line", "gavel"), undo], className="k-row wrap registers-ask")


def _licences(seen: Registered) -> Component | None:
    said = [
        f"{title}: {licence or 'licence not told'}, fetched {day(fetched)}" for title, licence, fetched in seen.licences
    ]
    return _small(*said) if said else None


def _usd(amount: float) -> str:
    return f"USD {amount:,.0f}"


def register(app: Dash, ws: Workspace) -> None:
    """Say that an entry is or is not the person, and take it back."""

    @app.callback(
        Output("person-registers", "children"),
        Input({"type": "register-judge", "entry": ALL, "verdict": ALL}, "n_clicks"),
        Input({"type": "register-undo", "decision": ALL}, "n_clicks"),
        State("person-id", "data"),
        prevent_initial_call=True,
    )
    def decide(_: Any, __: Any, person: str) -> Any:
        pressed = ctx.triggered_id
        if not isinstance(pressed, dict) or not ctx.triggered[0]["value"]:
            return no_update
        try:
            if pressed["type"] == "register-undo":
                judging.undo(ws, int(pressed["decision"]), user())
                words = "Taken back."
            else:
                judge(ws, str(pressed["verdict"]), str(pressed["entry"]), person, user())
                words = f"{SAID[str(pressed['verdict'])]} {LATER}"
        except KolgraphError as error:
            set_props("shell-toast", {"children": e.toast(e.clean(error.sentence))})
            return no_update
        set_props("shell-toast", {"children": e.toast(words)})
        return _card(registered(ws, person), active=True)
