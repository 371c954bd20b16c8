"""What own lists say of a person: the lists that name them, events, tiers, and who named whom as a peer."""

from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from kolgraph.model import Listed
from kolgraph.services import lists
from kolgraph.services.confidence import confidences
from kolgraph.services.lists import Nomination
from kolgraph.services.sources import Source, sources
from kolgraph.ui import elements as e
from kolgraph.ui.parts.confidence import mark as mark_of
from kolgraph.ui.parts.plan_list import day
from kolgraph.ui.parts.source_mark import mark
from kolgraph.workspace import Workspace

SHOWN = 12


def card(ws: Workspace, person: str) -> list[Component]:
    """One card, or nothing where no list names the person."""
    named = lists.nominations(ws, person)
    rows = [one for one in lists.rows_about(ws, person) if one.kind != "nomination"]
    if not rows and not named:
        return []
    rest = len(rows) + len(named) - SHOWN
    shown = rows[: max(0, SHOWN - len(named))]
    said = sources(ws, (one.id for one in shown))
    sure = confidences(ws, (one.id for one in named[:SHOWN]))
    items = [
        *(_nomination(one, mark_of(sure.get(one.id), one.id)) for one in named[:SHOWN]),
        *(_row(one, said.get(one.id, ())) for one in shown),
    ]
    more = html.P(f"and {rest:,} more", className="k-muted k-small") if rest > 0 else None
    link = dcc.Link("Open lists", href="/lists")
    return [e.card("On own lists", html.Ul(items, className="person-listed k-stack"), more, side=link)]


def _nomination(one: Nomination, sure: Component | None) -> Component:
    who = dcc.Link(e.clean(one.name), href=f"/person/{one.id}", className="k-strong")
    said: list[Any] = (
        ["Named as a peer by ", who, " ", sure] if one.by_them else ["Named ", who, " ", sure, " as a peer"]
    )
    return html.Li([html.Div(said), _source(", ".join(one.lists))])


def _row(one: Listed, sources: tuple[Source, ...]) -> Component:
    what = ", ".join(filter(None, (one.event, one.role, day(one.date) if len(one.date) == 10 else one.date)))
    place = one.mention.affiliations[0].text if one.kind == "affiliation" and one.mention.affiliations else ""
    said = "; ".join(filter(None, (place, what, one.note))) or "named, nothing more"
    words = f"{e.clean(said[:1].upper() + said[1:])} "
    return html.Li([html.Div([html.Span(words), mark(sources)]), _source(one.list)])


def _source(name: str) -> Component:
    return html.Div(f"Own list {e.clean(name)}", className="k-muted k-small")
