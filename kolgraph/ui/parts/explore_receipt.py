"""The receipt of a line: shared papers, trials and institutions apart, each with year, source and fetched date."""

from dash import html
from dash.development.base_component import Component

from kolgraph.services.evidence import CROWD, Receipt, Record
from kolgraph.services.sources import Source
from kolgraph.services.words import span
from kolgraph.ui import elements as e
from kolgraph.ui.parts import confidence
from kolgraph.ui.parts.explore_card import record
from kolgraph.ui.parts.source_mark import mark

_MOST = 60  # records listed; the rest is counted


def receipt(seen: Receipt) -> Component:
    """Why a line is drawn between two people."""
    if not (seen.papers or seen.trials or seen.institutions):
        return e.empty("Nothing shared", "These two people share no loaded paper, trial or institution.", name="unlink")
    counted, large = _apart(seen)
    return html.Div(
        [
            html.P(_sum(seen), className="x-sum"),
            confidence.both(seen.names, (seen.a, seen.b), seen.identities),
            _section("Papers", "coauthors", [record(row) for row in counted]),
            _section("Trials", "co-investigators", [record(row) for row in seen.trials]),
            _section("Shared, but no tie", f"over {CROWD} authors or not counted", [record(row) for row in large]),
            _section("Institutions", "same institution", [_institution(*place) for place in seen.institutions]),
        ]
    )


def _apart(seen: Receipt) -> tuple[list[Record], list[Record]]:
    """The papers that make the tie, and those that make none: long author lists, retracted papers, comments."""
    return [row for row in seen.papers if not row.note], [row for row in seen.papers if row.note]


def _sum(seen: Receipt) -> str:
    counted, large = _apart(seen)
    parts = [e.count(len(counted), "shared paper")] if counted else []
    parts += [e.count(len(seen.trials), "shared trial")] if seen.trials else []
    parts += [f"{len(large)} that make no tie"] if large else []
    parts += [e.count(len(seen.institutions), "shared institution")] if seen.institutions else []
    years = span([row.year for row in (*seen.papers, *seen.trials) if row.year])
    return ", ".join(parts) + (f" · {years}" if years else "")


def _section(title: str, kind: str, rows: list[Component]) -> Component | None:
    if not rows:
        return None
    head = html.Div(
        [html.H3(f"{title} ({len(rows)})"), html.Span(kind, className="k-small k-muted")], className="x-row-head"
    )
    left = len(rows) - _MOST
    more = (
        html.P(f"{e.count(left, 'older record')} not listed here.", className="k-small k-muted") if left > 0 else None
    )
    return html.Section([head, *rows[:_MOST], more], className="x-section")


def _institution(name: str, when: str, page: str, said: tuple[Source, ...]) -> Component:
    words = [
        html.P(e.clean(name), className="x-record-title"),
        html.P([when, " · ", e.outside("ROR", page)] if page else when, className="k-small k-muted x-source"),
    ]
    return html.Div([e.icon("building-2", 16), html.Div(words, className="k-grow"), mark(said)], className="x-record")
