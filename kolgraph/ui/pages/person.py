"""Person: who this is, what the scores are made of, the records behind them, ties, places, and what is planned."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import dash_mantine_components as dmc
from dash import ALL, Dash, Input, Output, ctx, dcc, html, no_update
from dash.development.base_component import Component

from kolgraph.errors import UsageError
from kolgraph.ids import public_page, split
from kolgraph.services import plan
from kolgraph.services.dossier import Dossier, Place, Scored, dossier
from kolgraph.services.evidence import Close, receipt
from kolgraph.services.explore import scopes
from kolgraph.services.sources import Source
from kolgraph.ui import elements as e
from kolgraph.ui.parts import confidence, explore_receipt, listed, registers
from kolgraph.ui.parts.charts import years
from kolgraph.ui.parts.plan_list import day, line
from kolgraph.ui.parts.source_mark import mark
from kolgraph.ui.parts.watch_toggle import toggle
from kolgraph.ui.parts.waterfall import scale, waterfall
from kolgraph.ui.parts.works import works
from kolgraph.workspace import Workspace

PATH, TITLE, ICON = "/person/<id>", "Person", ""


def layout(ws: Workspace, id: str = "", scope: str = "", **_: str) -> Component:
    """The page in a scope; an unknown scope opens the whole landscape."""
    known = dict(scopes(ws))
    try:
        seen = dossier(ws, id, scope if scope in known else "")
    except UsageError as error:
        return e.page(
            "No such person",
            html.Div(
                e.empty(
                    "Nobody has this id",
                    error.sentence,
                    e.button("Search the ranking", "chart-bar", href="/ranking"),
                    name="user-x",
                    head=html.H2,
                ),
                className="k-card",
            ),
        )
    topics = {key: name for key, name in known.items() if key != "all"}
    return html.Div(
        [
            _head(seen),
            html.Div(
                [
                    html.Div(
                        [_influence(seen), _output(seen), _records(seen, topics)], className="s8 k-stack person-column"
                    ),
                    html.Div(
                        [
                            *(_scopes(seen), _plan(ws, seen), _ties(seen), *listed.card(ws, seen.id), _places(seen)),
                            *registers.card(ws, seen.id),
                        ],
                        className="s4 k-stack person-column",
                    ),
                ],
                className="k-grid",
            ),
            e.drawer("person-drawer", html.Div(id="person-receipt")),
            dcc.Store(id="person-id", data=seen.id),
        ],
        className="k-page",
    )


def _head(seen: Dossier) -> Component:
    retracted = sum(work.retracted for work in seen.papers)
    span = f"{seen.first} to {seen.last}" if seen.first != seen.last else str(seen.first)
    chips = [
        confidence.chip(seen.identity, seen.id),
        e.chip(f"{seen.community.name}", "line", style={"color": "var(--k-text)"}) if seen.community else None,
        e.chip(e.count(retracted, "retracted paper"), "bad", "circle-slash") if retracted else None,
        *(html.Span([_identifier(one), mark(seen.given.get(one, ()))], className="k-row") for one in seen.identifiers),
    ]
    facts = [e.clean(seen.place) or "institution not known", seen.where, f"active {span}" if seen.first else ""]
    return html.Section(
        [
            e.avatar(seen.name, big=True),
            html.Div(
                [
                    html.H1(e.clean(seen.name)),
                    html.P(
                        [facts[0], mark(_home(seen)), *(f" · {fact}" for fact in facts[1:] if fact)],
                        className="k-muted",
                    ),
                    html.Div(chips, className="k-row wrap person-chips"),
                ],
                className="k-grow person-who",
            ),
            html.Div(
                [
                    e.button("Add to plan", "calendar-plus", "primary", f"/plan?add={seen.id}"),
                    e.button("Log a contact", "message-square-plus", href=f"/plan?log={seen.id}"),
                    e.button("Open in Explore", "waypoints", href=f"/explore?scope={seen.scope}&focus={seen.id}"),
                    toggle(seen.id, seen.name, seen.watched),
                ],
                className="k-row wrap person-actions",
            ),
        ],
        className="k-card person-head",
    )


def _home(seen: Dossier) -> tuple[Source, ...]:
    """Who says where the person works."""
    return next((one.sources for one in seen.places if one.name == seen.place), ())


def _identifier(one: str) -> Component:
    prefix, local = split(one)
    name = {"orcid": "ORCID", "npi": "NPI"}.get(prefix, prefix.upper())
    page = public_page(one)
    return e.outside(f"{name} {local}", page) if page else e.chip(f"{name} {local}", "line")


def _influence(seen: Dossier) -> Component:
    if not seen.here or seen.here.value is None:
        words = "No paper or trial of the last ten years in this topic names this person; that is no score of zero."
        return e.card(
            f"Influence in {e.scope_words(seen.scope_name)}", e.empty("Not measured here", words, name="circle-dashed")
        )
    one = seen.here
    figures = html.Div(
        [
            html.Div(
                [html.Span(f"{one.value:.1f}", className="person-score"), html.Span(" of 100", className="k-muted")]
            ),
            html.Div(
                [
                    html.Span(f"Rank {one.rank:,}", className="k-strong"),
                    html.Span(f" of {e.count(one.total, 'person', 'people')}", className="k-muted"),
                ]
            ),
            html.Div(scale(seen.dimensions), className="k-muted"),
        ],
        className="person-figures",
    )
    note = "Percentiles among the people active here in the last ten years. Weights are opinion. Each row opens."
    return e.card(
        f"Influence in {e.scope_words(seen.scope_name)}",
        figures,
        waterfall(seen),
        html.P(note, className="k-muted k-small person-note"),
        side=html.Span(f"as of {day(seen.as_of)}", className="k-muted k-small"),
    )


def _scopes(seen: Dossier) -> Component:
    return e.card("By topic", html.Ul([_scope(one, seen) for one in seen.scored], className="person-scopes"))


def _scope(one: Scored, seen: Dossier) -> Component:
    here = one.scope == seen.scope
    value = (
        html.Span("not measured", className="k-muted k-small")
        if one.value is None
        else html.Span(f"{one.value:.1f}", className="k-num k-strong")
    )
    rank = f"rank {one.rank:,} of {one.total:,} · {one.coverage} of {len(seen.dimensions)} measured" if one.rank else ""
    inside = [
        html.Div([html.Span(e.clean(one.name), className="k-grow k-clip"), value], className="k-row"),
        e.bar((one.value or 0) / 100) if one.rank else None,
        html.Div(rank, className="k-muted k-small") if rank else None,
    ]
    return html.Li(dcc.Link(inside, href=f"/person/{seen.id}?scope={one.scope}", className="here" if here else ""))


def _output(seen: Dossier) -> Component:
    papers, trials = sum(n for _, n in seen.paper_years), sum(n for _, n in seen.trial_years)
    charts = [
        html.Div([html.H3(f"{e.count(papers, 'paper')} per year"), years(seen.paper_years, "paper")]),
        html.Div(
            [html.H3(f"{e.count(trials, 'trial')} by start year"), years(seen.trial_years, "trial", "var(--k-g4)")]
        ),
    ]
    return e.card("Output", html.Div(charts, className="person-charts"))


def _records(seen: Dossier, topics: dict[str, str]) -> Component:
    tabs = dmc.Tabs(
        [
            dmc.TabsList(
                [
                    dmc.TabsTab(f"Papers ({len(seen.papers):,})", value="papers"),
                    dmc.TabsTab(f"Trials ({len(seen.trials):,})", value="trials"),
                ]
            ),
            dmc.TabsPanel(works(seen.papers, "paper", topics), value="papers"),
            dmc.TabsPanel(works(seen.trials, "trial", topics), value="trials"),
        ],
        value="papers" if seen.papers or not seen.trials else "trials",
    )
    return e.card("Records", tabs, className="person-later")


def _ties(seen: Dossier) -> Component:
    if not seen.ties:
        return e.card(
            "Closest ties",
            e.empty("No ties", "No shared paper or trial with anybody in this landscape.", name="unlink"),
        )
    counts = f"{e.count(seen.coauthors, 'coauthor')}, {e.count(seen.coinvestigators, 'co-investigator')} in all"
    return e.card(
        "Closest ties",
        html.Ul([_tie(one) for one in seen.ties], className="person-ties"),
        html.P(counts, className="k-muted k-small"),
    )


def _tie(one: Close) -> Component:
    shared = [e.count(n, word) for n, word in ((one.papers, "paper"), (one.trials, "trial")) if n]
    return html.Li(
        [
            html.Div(
                [
                    html.Div(
                        [
                            dcc.Link(e.clean(one.name), href=f"/person/{one.id}", className="k-strong k-clip"),
                            confidence.mark(one.identity, one.id) if one.identity and one.identity.doubtful else None,
                        ],
                        className="k-row",
                    ),
                    html.Span(e.clean(one.place) or "institution not known", className="k-muted k-small k-clip"),
                ],
                className="k-grow k-stack",
            ),
            e.button(", ".join(shared), "receipt-text", "quiet small", id={"type": "person-tie", "id": one.id}),
        ],
        className="k-row",
    )


def _plan(ws: Workspace, seen: Dossier) -> Component:
    items = [one for one in plan.items(ws, date.today(), seen.id) if one.bucket != "cancelled"]
    if not items:
        body: Component = html.P("No contact planned or logged.", className="k-muted")
    else:
        body = html.Ul([line(one, actions=False, who=False) for one in items[:6]], className="plan-list person-plan")
    return e.card("Plan and contacts", body, side=dcc.Link("Open the plan", href="/plan"))


def _places(seen: Dossier) -> Component:
    if not seen.places:
        return e.card("Affiliations", html.P("No record names an institution that is known.", className="k-muted"))
    return e.card(
        "Affiliations",
        html.Ul([_place(one) for one in seen.places], className="person-places"),
        className="person-later",
    )


def _place(one: Place) -> Component:
    span = f"{one.first}" if one.first == one.last else f"{one.first} to {one.last}"
    if one.current:
        span = f"current, since about {one.first}" if one.first else "current"
        span += f", last named in {one.last}" if one.last != one.first else ""
    facts = [span if one.first or one.current else "no year", e.count(one.records, "record")]
    percent = "" if one.confidence is None else f"{100 * one.confidence:.0f} %"
    sure = f"still there {percent}" if one.current and percent else percent and f"match {percent}"
    return html.Li(
        [
            html.Div(
                [e.outside(e.clean(one.name), one.page) if one.page else e.clean(one.name), " ", mark(one.sources)],
                className="k-strong",
            ),
            html.Div(one.where, className="k-muted k-small"),
            html.Div(" · ".join(part for part in (*facts, sure) if part), className="k-muted k-small"),
        ]
    )


def register(app: Dash, ws: Workspace) -> None:
    """The evidence of a tie, beside the page; verdicts on entries of registers."""
    registers.register(app, ws)

    @app.callback(
        Output("person-receipt", "children"),
        Output("person-drawer", "title"),
        Output("person-drawer", "opened"),
        Input({"type": "person-tie", "id": ALL}, "n_clicks"),
        Input("person-id", "data"),
        prevent_initial_call=True,
    )
    def tie(_: Any, person: str) -> Any:
        pressed = ctx.triggered_id
        if not isinstance(pressed, Mapping) or not ctx.triggered[0]["value"]:
            return no_update, no_update, no_update
        seen = receipt(ws, person, pressed["id"])
        a, b = seen.names
        return explore_receipt.receipt(seen), f"{e.clean(a)} and {e.clean(b)}", True
