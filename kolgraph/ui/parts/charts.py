"""Charts in plain CSS: bars per year with a scale; the numbers stand in a sentence for those who cannot see them."""

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from kolgraph.ui import elements as e

SHOWN = 20  # years at most; older ones are named, not drawn


def years(counts: Sequence[tuple[int, int]], one: str, colour: str = "", tall: int = 72) -> Component:
    """Bars per year: (year, count), every year present; `one` is the unit, e.g. "paper"."""
    drawn = list(counts)[-SHOWN:]
    if not drawn:
        return html.P(f"No dated {one}s.", className="k-muted")
    most = max(count for _, count in drawn) or 1
    step = 1 if len(drawn) <= 12 else 2
    bars = [_bar(year, count, most, one, colour, (drawn[-1][0] - year) % step == 0) for year, count in drawn]
    said = f"{one.capitalize()}s per year from {drawn[0][0]} to {drawn[-1][0]}: " + ", ".join(str(c) for _, c in drawn)
    scale = html.Span(f"{most:,}", className="chart-scale k-small k-muted")
    return html.Div([scale, *bars], className="chart", role="img", style={"--tall": f"{tall}px"}, **e.aria(label=said))


def _bar(year: int, count: int, most: int, one: str, colour: str, labelled: bool) -> Component:
    fill = html.Span(
        className="chart-fill",
        style={"height": f"{100 * count / most:.1f}%"} | ({"background": colour} if colour else {}),
    )
    return html.Div(
        [
            html.Div(fill, className="chart-room"),
            html.Span(f"{year % 100:02d}" if labelled else "", className="chart-year"),
        ],
        className="chart-bar",
        title=f"{year}: {e.count(count, one)}",
    )
