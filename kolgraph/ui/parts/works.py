"""Papers and trials of a person as lists: where published, what part the person had, where to read it, who says so."""

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from kolgraph.services.dossier import Work
from kolgraph.ui import elements as e
from kolgraph.ui.parts.plan_list import day
from kolgraph.ui.parts.source_mark import mark

FIRST = 12  # shown at once; the others open on demand
KINDS = {
    "review": "Review",
    "trial": "Trial report",
    "guideline": "Guideline",
    "book": "Book",
    "notice": "Notice",
    "erratum": "Erratum",
    "comment": "Comment",
    "other": "Data or other",
}


def works(listed: Sequence[Work], one: str, topics: dict[str, str]) -> Component:
    """The list, newest first; `one` is "paper" or "trial"."""
    if not listed:
        return e.empty(f"No {one}s", f"No loaded {one} names this person.", name="file-x")
    rows = [_work(work, topics) for work in listed]
    more = len(rows) - FIRST
    hidden = html.Details(
        [
            html.Summary(f"Show {more:,} more {one}{'s' if more > 1 else ''}", className="k-button"),
            html.Ul(rows[FIRST:], className="works"),
        ],
        className="works-more",
    )
    return html.Div([html.Ul(rows[:FIRST], className="works"), hidden if more > 0 else None])


def _work(work: Work, topics: dict[str, str]) -> Component:
    record = work.record
    title = e.clean(record.title) or record.label
    chips = [
        e.chip("Retracted: counts for nothing", "bad", "circle-slash") if work.retracted else None,
        e.chip(KINDS[work.kind], "line") if work.kind in KINDS and record.kind == "paper" else None,
        *(e.chip(e.clean(topics[id]), "accent") for id in work.topics if id in topics),
    ]
    source = f"fetched {day(record.fetched)}" if record.fetched else "source not recorded"
    detail = record.detail.partition(" · ")[0] if record.kind == "paper" else record.detail
    facts = [str(record.year or "no year"), e.clean(detail), record.part, record.note]
    return html.Li(
        [
            html.Div(
                [
                    html.A(title, href=record.page, target="_blank", rel="noopener noreferrer", className="works-title")
                    if record.page
                    else html.Span(title, className="works-title"),
                    html.Div(" · ".join(fact for fact in facts if fact), className="k-muted works-facts"),
                    html.Div(
                        [*chips, html.Span([record.label, " · ", source], className="k-muted k-small")],
                        className="k-row wrap works-chips",
                    ),
                ],
                className="k-grow",
            ),
            mark(record.sources),
        ],
        className="retracted" if work.retracted else "",
    )
