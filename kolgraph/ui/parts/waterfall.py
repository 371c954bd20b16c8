"""A score opened: how its dimensions add up, what each is made of, down to the papers and trials."""

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from kolgraph.services.dossier import Dossier, Work
from kolgraph.services.evidence import Dimension, Part
from kolgraph.ui import elements as e
from kolgraph.ui.parts.source_mark import mark

LISTED = 8  # papers or trials under a dimension; all of them are in the lists of the page


def waterfall(seen: Dossier) -> Component:
    """The dimensions as steps from 0 to the score; each opens."""
    rows: list[Component] = []
    reached = 0.0
    for one in seen.dimensions:
        rows.append(_step(one, reached, seen))
        reached += one.points or 0.0
    total = html.Div(
        [
            html.Span("Influence", className="k-strong"),
            html.Span(),
            html.Span(
                className="steps-track",
                children=html.I(style={"left": "0", "width": f"{reached:.2f}%"}, className="total"),
            ),
            html.Span(),
            html.Span(e.number(reached, 1), className="k-num k-strong"),
        ],
        className="steps-row steps-total",
    )
    head = html.Div(
        [
            html.Span("Dimension"),
            html.Span("Weight", className="k-num"),
            html.Span("Points, added from left to right"),
            html.Span("Percentile", className="k-num"),
            html.Span("Points", className="k-num"),
        ],
        className="steps-row steps-head",
    )
    return html.Div([head, *rows, total], className="steps")


def _step(one: Dimension, reached: float, seen: Dossier) -> Component:
    bar = None
    if one.points is not None and one.share is not None:
        bar = [
            html.I(className="room", style={"left": f"{reached:.2f}%", "width": f"{100 * one.share:.2f}%"}),
            html.I(style={"left": f"{reached:.2f}%", "width": f"{one.points:.2f}%"}),
        ]
    missing = one.percentile is None
    row = html.Summary(
        [
            html.Span([e.icon("chevron-right", 16), one.title], className="steps-name"),
            html.Span("" if one.share is None else f"{100 * one.share:.0f} %", className="k-num k-muted"),
            html.Span(bar or "not measured", className="steps-track" if bar else "k-muted k-small"),
            html.Span("" if missing else e.number(one.percentile), className="k-num k-muted"),
            html.Span("–" if missing else f"+{e.number(one.points, 1)}", className="k-num k-strong"),
        ],
        className="steps-row",
    )
    inside = [html.P(one.about, className="k-muted"), *(_part(part) for part in one.parts), *_records(one, seen)]
    return html.Details([row, html.Div(inside, className="steps-inside")])


def _part(part: Part) -> Component:
    digits = 0 if part.value is not None and part.value == round(part.value) else 2 if (part.value or 0) >= 0.1 else 5
    rank = f"rank {part.rank:,} of {part.total:,}" if part.rank else "not measured for this person"
    return html.Div(
        [
            html.Div(
                [
                    html.Span(part.title, className="k-strong"),
                    html.Span(rank, className="k-muted k-small"),
                    html.Span(
                        f"{e.number(part.value, digits)} {part.unit}".strip() if part.rank else "",
                        className="k-num k-grow",
                    ),
                ],
                className="k-row",
            ),
            *(html.P(text, className="k-small k-muted") for text in part.about.split("\n\n") if text.strip()),
        ],
        className="steps-part",
    )


def _records(one: Dimension, seen: Dossier) -> list[Component]:
    """The works that add up to the measure under this dimension."""
    works, total = {"science": (seen.papers, seen.papers_add), "trials": (seen.trials, seen.trials_add)}.get(
        one.id, ((), None)
    )
    adding = sorted((work for work in works if work.adds), key=lambda work: (-(work.adds or 0), work.record.id))
    if not adding or total is None:
        return []
    rest = adding[LISTED:]
    rows = [_adds(work) for work in adding[:LISTED]]
    if rest:
        many = e.count(len(rest), "other paper" if one.id == "science" else "other trial")
        rows.append(
            html.Li(
                [
                    html.Span(f"{many}, listed below", className="k-grow k-muted"),
                    _amount(sum(w.adds or 0 for w in rest)),
                ]
            )
        )
    rows.append(
        html.Li([html.Span("Sum", className="k-grow k-strong"), html.Span(f"{total:.3f}", className="k-num k-strong")])
    )
    return [html.Ul(rows, className="steps-records")]


def _adds(work: Work) -> Component:
    words = html.Span(
        [
            e.outside(e.clean(work.record.title) or work.record.label, work.record.page),
            html.Span(f" {work.record.year or 'no year'}, {work.record.part}", className="k-muted k-small"),
        ],
        className="k-grow",
    )
    return html.Li([words, mark(work.record.sources), _amount(work.adds or 0)])


def _amount(value: float) -> Component:
    return html.Span(f"+{value:.3f}", className="k-num")


def scale(seen: Sequence[Dimension]) -> str:
    """`6 of 7 dimensions measured`."""
    measured = sum(one.percentile is not None for one in seen)
    return f"{measured} of {len(seen)} dimensions measured"
