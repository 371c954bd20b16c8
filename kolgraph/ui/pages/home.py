"""Home: what is due, what the landscape holds, where to begin."""

from datetime import date

from dash import Dash, dcc, html
from dash.development.base_component import Component

from kolgraph.services.changed import Changes
from kolgraph.services.data import command
from kolgraph.services.home import Field, Overview, overview
from kolgraph.ui import elements as e
from kolgraph.ui.parts import search_box
from kolgraph.ui.parts.charts import years
from kolgraph.ui.parts.confidence import mark
from kolgraph.ui.parts.plan_list import day, line
from kolgraph.ui.style import group
from kolgraph.workspace import Workspace

PATH, TITLE, ICON = "/", "Home", "house"
DUE, GROUPS, LOADS = 6, 8, 4  # rows of each list
UNITS = {"people": "person", "papers": "paper", "trials": "trial", "institutions": "institution"}


def layout(ws: Workspace, **_: str) -> Component:
    """The page; without a graph, the way to one."""
    seen = overview(ws, date.today())
    if seen.condition.state == "empty":
        return _first_run(ws, seen)
    return html.Div(
        [
            _hero(ws, seen),
            _changed(seen.changed),
            html.Div(
                [
                    html.Div(_due(seen), className="s8"),
                    html.Div(_holds(seen), className="s4"),
                    html.Div([_topics(seen)], className="s8"),
                    html.Div([_communities(seen), _loads(seen)], className="s4 k-stack home-side"),
                ],
                className="k-grid",
            ),
        ],
        className="k-page",
    )


def _hero(ws: Workspace, seen: Overview) -> Component:
    people = [
        dcc.Link(e.clean(name), href=f"/person/{id}") for field in seen.topics[:3] for id, name, _ in field.top[:1]
    ]
    topics = [dcc.Link(e.clean(field.name), href=f"/ranking?scope={field.id}") for field in seen.topics[:2]]
    return html.Section(
        [
            html.H1("Who shapes this field, why, and through whom?"),
            search_box.search_box("home-search", "big"),
            html.P(["Try ", *_listed([*dict.fromkeys(people), *topics])], className="k-muted") if people else None,
            html.Div(
                [
                    e.button("Open the network", "waypoints", "primary", "/explore"),
                    e.button("See the ranking", "chart-bar", href="/ranking"),
                ],
                className="k-row wrap home-doors",
            ),
        ],
        className="home-hero",
    )


def _changed(found: Changes | None) -> Component | None:
    """What changed since the build before, at a glance; nothing until there are two builds."""
    if found is None:
        return None
    since = day(found.before.built[:10])
    many = len(found.watched) + len(found.entered) + len(found.relocated) + len(found.retractions)
    head = f"{e.count(many, 'thing')} changed since {since}" if many else f"Nothing to look at since {since}"
    more = f": {', '.join(found.news)}." if many else f": {e.count(found.new_records, 'new record')}."
    return html.Section(
        [
            e.icon("bell", 20),
            html.P([html.Span(head, className="k-strong"), more]),
            dcc.Link("What changed", href="/changes"),
        ],
        className="k-card home-changed",
        **e.aria(label="What changed"),
    )


def _listed(parts: list[Component]) -> list[Component | str]:
    return [piece for i, part in enumerate(parts) for piece in ((" · ", part) if i else (part,))]


def _due(seen: Overview) -> Component:
    rest = len(seen.due) - DUE
    more = dcc.Link(f"{rest:,} more in the plan", href="/plan") if rest > 0 else dcc.Link("Open the plan", href="/plan")
    if seen.due:
        body: Component = html.Ul(
            [line(item, actions=False) for item in seen.due[:DUE]], className="plan-list home-due"
        )
    else:
        words = "Follow-ups that are overdue or due this week appear here."
        later = f" {e.count(seen.planned, 'item')} planned for later." if seen.planned else ""
        body = e.empty(
            "Nothing is due this week",
            words + later,
            e.button("Add to plan", "plus", href="/plan"),
            name="calendar-check",
        )
    return e.card("Due this week", body, side=more, className="home-card")


def _holds(seen: Overview) -> Component:
    figures = [
        html.Div([html.Dd(f"{count:,}", className="figure"), html.Dt(_unit(word, count))])
        for word, count in seen.counts.items()
    ]
    return e.card(
        "In this landscape",
        html.Dl(figures, className="figures"),
        html.H3("Papers per year", className="home-years"),
        years(seen.years, "paper"),
        side=html.Span(f"as of {day(seen.condition.built)}", className="k-muted k-small")
        if seen.condition.built
        else None,
        className="home-card",
    )


def _unit(word: str, count: int) -> str:
    return UNITS[word] if count == 1 else word


def _topics(seen: Overview) -> Component:
    if not seen.topics:
        body = e.empty(
            "No topics", ["Add a [[topic]] to landscape.toml, then ", e.code("kolgraph run"), "."], name="tag"
        )
        return e.card("Topics", body)
    return e.card(
        "Topics",
        html.Ul([_topic(field) for field in seen.topics], className="home-topics"),
        side=dcc.Link("All rankings", href="/ranking"),
    )


def _topic(field: Field) -> Component:
    people = e.count(field.people, "person", "people")
    facts = f"{people} · {e.count(field.papers, 'paper')} · {e.count(field.trials, 'trial')}"
    leads = [
        html.Span(
            [
                dcc.Link([html.Span(f"{i}", className="home-rank"), e.clean(name)], href=f"/person/{id}"),
                mark(sure, id) if sure.doubtful else None,
            ]
        )
        for i, (id, name, sure) in enumerate(field.top, 1)
    ]
    return html.Li(
        [
            html.Div(
                [
                    dcc.Link(e.clean(field.name), href=f"/ranking?scope={field.id}", className="k-strong"),
                    html.Div(facts, className="k-muted k-small"),
                ]
            ),
            html.Div(leads, className="home-leads"),
            e.button(
                "", "waypoints", "quiet small", f"/explore?scope={field.id}", label=f"{field.name} in the network"
            ),
        ]
    )


def _communities(seen: Overview) -> Component:
    if not seen.communities:
        return e.card("Communities", e.empty("None yet", "Communities come with the scores.", name="circle-dashed"))
    most = max(one.size for one in seen.communities)
    rows = [
        html.Li(
            [
                html.Span(className="dot", style={"background": group(one.slot + 1)}),
                html.Span(e.clean(one.name), className="k-clip k-grow", title=one.name),
                html.Div(e.bar(one.size / most, group(one.slot + 1)), className="home-bar"),
                html.Span(f"{one.size:,}", className="k-num"),
            ],
            className="k-row",
        )
        for one in seen.communities[:GROUPS]
    ]
    rest = len(seen.communities) - GROUPS
    side = (
        html.Span(f"largest {GROUPS} of {len(seen.communities):,}", className="k-muted k-small") if rest > 0 else None
    )
    return e.card("Communities", html.Ul(rows, className="k-stack"), side=side)


def _loads(seen: Overview) -> Component:
    rows = [
        html.Li(
            [
                html.Span(one.title, className="k-grow k-clip"),
                html.Span(
                    e.count(one.load.records, "record") if one.load.state == "done" else f"{one.load.state}",
                    className="k-muted k-num",
                ),
                html.Span(day(one.load.started_at[:10]), className="k-muted k-num"),
            ],
            className="k-row",
        )
        for one in seen.loads[:LOADS]
    ]
    body = html.Ul(rows, className="k-stack") if rows else html.P("Nothing is loaded yet.", className="k-muted")
    return e.card("Latest loads", body, side=dcc.Link("All data", href="/data"))


def _first_run(ws: Workspace, seen: Overview) -> Component:
    held = sum(seen.records.values())
    steps = [
        (
            "Load records",
            f"{e.count(held, 'record')} loaded. More can follow at any time."
            if held
            else "Files of PubMed, ClinicalTrials.gov and ROR, or questions to their services.",
            command(ws, "load pubmed --file FILE"),
            bool(held),
        ),
        ("Build the graph", "Who is who, the network, the scores. Then reload this page.", command(ws, "run"), False),
    ]
    listed = [_step(i, *step) for i, step in enumerate(steps, 1)]
    return e.page(
        "Welcome to kolgraph",
        e.notice(seen.condition.notice, "warn", "construction") if ws.graph.url else None,
        html.Ol(listed, className="k-card home-steps"),
        html.P(
            ["Only looking around? An invented landscape: ", e.code("kolgraph --workspace demo demo")],
            className="k-muted",
        ),
        lead=f"“{e.clean(ws.landscape.title)}” has no graph yet. Landscapes builds one; so do two commands.",
        actions=[e.button("Open Landscapes", "layers", "primary", "/landscapes")],
    )


def _step(number: int, title: str, words: str, what: str, done: bool) -> Component:
    mark = html.Span(e.icon("check", 16, "done") if done else str(number), className="home-step")
    return html.Li(
        [mark, html.Div([html.H2(title), html.P(words, className="k-muted"), e.code(what)], className="k-stack")]
    )


def register(app: Dash, ws: Workspace) -> None:
    """The large search."""
    search_box.register(app, ws, "home-search")
