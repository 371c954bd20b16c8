"""The inspector: who this is, three figures, why the score, papers per year, what to do, the closest ties."""

from dash import html
from dash.development.base_component import Component

from kolgraph.services.evidence import CROWD, Card, Close, Dimension, Record
from kolgraph.ui import elements as e
from kolgraph.ui.parts import confidence
from kolgraph.ui.parts.explore_act import act, to
from kolgraph.ui.parts.plan_list import day
from kolgraph.ui.parts.source_mark import mark
from kolgraph.ui.parts.watch_toggle import toggle
from kolgraph.ui.style import group

STAGES = {
    "none": ("No contact logged", "line"),
    "planned": ("Contact planned", "warn"),
    "met": ("Contact logged", "good"),
}


def card(seen: Card) -> Component:
    """Everything the inspector shows about one person in one scope."""
    return html.Div(
        [
            _who(seen),
            _figures(seen),
            _why(seen),
            _years(seen),
            _actions(seen),
            _closest(seen),
            html.P(_foot(seen), className="k-small k-muted x-foot"),
        ],
        className="x-card",
    )


def _who(seen: Card) -> Component:
    colour = group(seen.slot + 1 if seen.slot >= 0 else None)
    community = e.clean(seen.community) or "No community in this scope"
    stage, kind = STAGES[seen.stage]
    dot = html.I(className="x-dot", style={"background": colour})
    chips = [
        html.Span(
            [dot, html.Span(community, className="k-clip")], className="k-chip line x-community", title=community
        ),
        e.chip(stage, kind),
        confidence.chip(seen.identity, seen.id),
    ]
    words = [
        html.H2(e.clean(seen.name)),
        html.P([e.clean(seen.place) or "Institution not known", " ", mark(seen.place_sources)]),
        html.P(e.clean(seen.where), className="k-small k-muted") if seen.where else None,
    ]
    head = html.Div([e.avatar(seen.name), html.Div(words, className="k-grow")], className="x-person")
    return html.Div([head, html.Div(chips, className="x-chips-row")])


def _figures(seen: Card) -> Component:
    rank = f"rank {seen.rank:,} of {seen.ranked:,}" if seen.rank and seen.ranked else "no rank in this scope"
    span = f"{seen.years[0][0]}–{seen.years[-1][0]}" if len(seen.years) > 1 else "".join(str(y) for y, _ in seen.years)
    where = "in all topics" if seen.scope == "all" else f"in {e.clean(seen.scope_name)}"
    figures = (
        (e.number(seen.influence), f"influence {where}", rank),
        (f"{seen.papers:,}", "paper" if seen.papers == 1 else "papers", span and f"{span}, all topics"),
        (f"{seen.coauthors:,}", "coauthor" if seen.coauthors == 1 else "coauthors", f"papers of up to {CROWD} authors"),
        (f"{seen.trials:,}", "trial" if seen.trials == 1 else "trials", _coinvestigators(seen)),
    )
    return html.Div(
        [
            html.Div(
                [
                    html.P([html.B(value, className="x-words" if len(value) > 6 else ""), html.Span(name)]),
                    html.P(note, className="k-muted"),
                ]
            )
            for value, name, note in figures
        ],
        className="x-figures",
    )


def _coinvestigators(seen: Card) -> str:
    return e.count(seen.coinvestigators, "co-investigator") if seen.coinvestigators else "no co-investigators"


def _why(seen: Card) -> Component:
    measured = [part for part in seen.dimensions if part.points is not None]
    if seen.influence is None or not measured:
        return html.P(
            f"Influence in {e.clean(seen.scope_name)} is not measured: no evidence in this scope.",
            className="k-small k-muted",
        )
    summary = html.Summary(
        [
            html.Span(f"Why {seen.influence:.0f}?"),
            html.Span(f"{len(measured)} of {len(seen.dimensions)} parts measured", className="k-small k-muted"),
        ]
    )
    note = (
        "Percentile among the people measured in this scope; points add up to the score. "
        "Weights are opinion and can be changed on Ranking."
    )
    most = max(part.weight for part in seen.dimensions)
    behind = (
        [html.H4("Papers and trials with most weight"), *(record(row) for row in seen.behind)] if seen.behind else []
    )
    rows = html.Div([_dimension(part, most) for part in seen.dimensions], className="x-parts")
    return html.Details([summary, rows, html.P(note, className="k-small k-muted"), *behind], className="x-why")


def _dimension(part: Dimension, most: float) -> Component:
    name = html.Span(e.clean(part.title), title=e.clean(part.about), className="k-clip")
    weight = html.Span(f"weight {part.weight:.0f}", className="k-muted k-small")
    if part.percentile is None or part.points is None:
        return html.Div([name, weight, html.Span("not measured", className="k-muted x-unmeasured")], className="x-part")
    return html.Div(
        [
            name,
            weight,
            html.Span(
                html.Span(style={"width": f"{part.percentile:.0f}%"}),
                className="x-part-track",
                style={"width": f"{100 * part.weight / most:.0f}%"},
                title=f"{part.percentile:.0f} of 100 on a bar as wide as the weight",
            ),
            html.Span(f"{part.percentile:.0f}", className="k-num k-muted", title="Percentile, 0 to 100"),
            html.Span(f"+{part.points:.1f}", className="k-num k-strong", title="Points added to the score"),
        ],
        className="x-part",
    )


def record(row: Record, cls: str = "") -> Component:
    """A paper or trial as evidence, with its source and the link to its public page."""
    title = e.clean(row.title).rstrip(".") or "Untitled"
    facts = " · ".join(str(part) for part in (row.year or "year not known", e.clean(row.detail), row.part) if part)
    link = e.outside(row.label, row.page) if row.page else row.label
    source = f"fetched {day(row.fetched)}" if row.fetched else "source not recorded"
    return html.Div(
        [
            e.icon("file-text" if row.kind == "paper" else "flask-conical", 16),
            html.Div(
                [
                    html.P(title, className="x-record-title"),
                    html.P(facts, className="k-small k-muted"),
                    html.P([link, " · ", source], className="k-small k-muted x-source"),
                    html.P(row.note, className="k-small x-note") if row.note else None,
                ],
                className="k-grow",
            ),
            mark(row.sources),
        ],
        className=f"x-record {cls}".strip(),
    )


def _years(seen: Card) -> Component | None:
    if not seen.years:
        return None
    years = seen.years[-12:]
    most = max(count for _, count in years)
    columns = [
        html.Div(
            [html.Span(f"{count}" if count else "", className="x-col-value"),
             html.I(style={"height": f"{max(3, 44 * count / most) if count else 0:.0f}px"}),
             html.Span(f"{year % 100:02d}")],
            title=f"{year}: {e.count(count, 'paper')}",
        )
        for year, count in years
    ]  # fmt: skip
    span = f"{years[0][0]}–{years[-1][0]}" if len(years) > 1 else f"{years[0][0]}"
    earlier = sum(count for _, count in seen.years[:-12])
    where = "" if seen.scope == "all" else "this topic, "
    title = "Papers per year"
    note = where + span + (f", {earlier} earlier" if earlier else "")
    return html.Div(
        [
            html.Div([html.H3(title), html.Span(note, className="k-small k-muted")], className="x-row-head"),
            html.Div(columns, className="x-columns", role="img", **e.aria(label=f"{title}, {span}")),
        ]
    )


def _actions(seen: Card) -> Component:
    ties = seen.coauthors + seen.coinvestigators
    return html.Div(
        [
            html.P(className="x-undrawn k-small k-muted") if ties else None,
            html.Div([act("Expand", "circle-plus", "expand", kind="primary", id=seen.id), _more(seen)])
            if ties
            else None,
            act("Only this network", "focus", "focus", id=seen.id) if ties else None,
            toggle(seen.id, seen.name, seen.watched, "small"),
            e.button("Profile", "user", "small", href=f"/person/{seen.id}"),
            e.button("Plan contact", "calendar-plus", "small", href=f"/plan?person={seen.id}"),
        ],
        className="x-actions",
    )


def _more(seen: Card) -> Component:
    """Ways to expand: by kind of tie, or by more people at once."""
    ways = [("25 strongest coauthors", "coauthor", 25)] if seen.coauthors else []
    ways += [("25 strongest co-investigators", "coinvestigator", 25)] if seen.coinvestigators else []
    ways += [("100 strongest, both kinds", "any", 100)]
    options = [
        html.Button(text, type="button", **to("expand", id=seen.id, kind=kind, top=str(top)))
        for text, kind, top in ways
    ]
    arrow = html.Summary(
        e.icon("chevron-down", 16), className="k-button small primary only", **e.aria(label="More ways to expand")
    )
    return html.Details([arrow, html.Div(options, className="x-menu-list")], className="x-menu")


def _closest(seen: Card) -> Component:
    if not seen.closest:
        return html.P("No coauthors and no co-investigators in this landscape.", className="k-muted")
    return html.Div(
        [
            html.Div(
                [html.H3("Closest ties"), html.Span("numbers open the evidence", className="k-small k-muted")],
                className="x-row-head",
            ),
            html.Ul([_tie(seen.id, tie) for tie in seen.closest], className="x-ties"),
        ]
    )


def _tie(person: str, tie: Close) -> Component:
    counts = ((tie.papers, "paper"), (tie.trials, "trial"))
    shared = " · ".join(e.count(number, what) for number, what in counts if number)
    doubt = " · identity in doubt" if tie.identity and tie.identity.doubtful else ""
    who = html.Button(
        [
            html.Span(e.clean(tie.name), className="k-strong k-clip"),
            html.Span(f"{e.clean(tie.place) or 'Institution not known'}{doubt}", className="k-small k-muted k-clip"),
        ],
        type="button",
        className="x-tie-who",
        **to("pick", id=tie.id),
    )
    evidence = html.Button(
        [shared, e.icon("chevron-right", 14)],
        type="button",
        className="x-tie-why",
        title="See the papers and trials behind this tie",
        **to("receipt", a=person, b=tie.id),
    )
    return html.Li([who, evidence])


def _foot(seen: Card) -> str:
    date = f" As of {seen.as_of}." if seen.as_of else ""
    return f"Computed from the loaded papers and trials; it says nothing about anyone's conduct.{date}"
