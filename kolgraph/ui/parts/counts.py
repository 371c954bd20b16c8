"""What a source would bring and take, in words; and the sum of all."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from dash import html
from dash.development.base_component import Component

from kolgraph.ui import elements as e
from kolgraph.ui.parts.builds import span

if TYPE_CHECKING:
    from kolgraph.asking import Planned


def counted(found: "Planned | None") -> list[Component]:
    """The answer of a source in two lines; None: it was not asked."""
    if found is None:
        return _lines("not counted", "")
    if found.problem:
        words = e.clean(found.problem)
        return [
            html.Div([e.icon("triangle-alert", 14), "no answer"], className="new-figure bad"),
            html.Div(f"{words[:1].upper()}{words[1:]}.", className="k-small k-muted new-why", title=words),
        ]
    plan = found.plan
    if plan is None or plan.records is None:
        return _lines("not counted", plan.note if plan else "")
    return _lines(e.count(plan.records, "record"), " · ".join(filter(None, (_cost(plan.seconds, plan.usd), plan.note))))


def _lines(figure: str, below: str) -> list[Component]:
    return [
        html.Div(figure, className="new-figure" if figure[0].isdigit() else "new-figure k-muted"),
        html.Div(e.clean(below), className="k-small k-muted"),
    ]


def _cost(seconds: float | None, usd: float | None) -> str:
    parts = [f"about {span(seconds)}"] if seconds is not None else []
    parts.append("free" if not usd else f"${usd:,.2f}")
    return " · ".join(parts)


def total(known: Sequence[Mapping[str, Any]], missing: str) -> Component:
    """The sum of the answers; what was not counted is said, not taken as 0."""
    if missing:
        return html.P(missing, className="k-muted")
    told = [one for one in known if isinstance(one.get("records"), int)]
    silent = len(known) - len(told)
    if not known:
        return html.P("Asking the sources …", className="k-muted")
    records = sum(one["records"] for one in told)
    seconds = sum(one.get("seconds") or 0 for one in told)
    usd = sum(one.get("usd") or 0 for one in told)
    words = [html.Span(e.count(records, "record"), className="k-strong")] if told else ["No source has counted yet"]
    tail = f" to load, {_cost(seconds, usd)}." if told else "."
    rest = f" {e.count(silent, 'source')} did not say." if silent else ""
    return html.P([*words, tail, html.Span(rest, className="k-muted")])
