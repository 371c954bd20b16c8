"""The queue of doubtful pairs: each row says who, how likely, and what a decision would move."""

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from kolgraph.services.identity import Consequence, Queue, Row
from kolgraph.services.judging import Trouble
from kolgraph.ui import elements as e

KINDS = {"": "All", "grey": "Unsure", "clash": "One number, two names", "trouble": "Contradictions"}


def pair_id(a: str, b: str) -> str:
    """How the script calls a pair."""
    return f"{a} {b}"


def percent(share: float) -> str:
    """`0.673` -> "67 %"; never rounded up to certainty."""
    return f"{min(99.9, 100 * share):.1f} %" if share >= 0.995 else f"{100 * share:.0f} %"


def moves(one: Consequence) -> str:
    """What would move, short."""
    records = e.count(one.records, "record")
    if not one.before:
        return f"{records} would change hands"
    if one.after == one.before:
        return f"stays at rank {one.before:,} · {records}"
    return f"rank {one.before:,} → about {one.after:,} · {records}"


def moves_told(one: Consequence, scope: str) -> str:
    """The same in a sentence."""
    records = e.count(one.records, "record")
    where = e.scope_words(scope)
    if not one.before:
        return f"If they are one, {records} would change hands; neither is ranked in {where}."
    gone = f", and rank {one.other:,} would be free" if one.other else ""
    if one.after == one.before:
        return (
            f"If they are one, they would stay at rank {one.before:,} in {where}{gone}; {records} would change hands."
        )
    return f"If they are one, they would move from rank {one.before:,} to about {one.after:,} in {where}{gone}."


def rows(found: Queue) -> list[Component]:
    """The rows, or what it means that there are none."""
    if not found.rows:
        words = "Every pair under this filter is decided, or none was in doubt. The next build may bring new ones."
        return [e.empty("Nothing to decide here", words, name="circle-check")]
    more = found.total - len(found.rows)
    listed: list[Component] = [html.Ol([_row(one) for one in found.rows], className="ident-rows")]
    if more:
        listed.append(html.P(f"and {more:,} more, when these are decided", className="k-muted k-small ident-more"))
    return listed


def _row(one: Row) -> Component:
    first, second = (e.clean(name) for name in one.names)
    names = first if first == second else f"{first} · {second}"
    sure = e.chip("One number", "warn") if one.probability is None else e.chip(percent(one.probability), "line")
    return html.Li(
        html.Button(
            [
                html.Span([html.Span(names, className="k-strong k-clip k-grow"), sure], className="k-row"),
                html.Span(moves(one.consequence), className="k-muted k-small k-clip"),
            ],
            type="button",
            className="ident-row",
            **e.data(pair=pair_id(one.a, one.b)),
        )
    )


def heading(found: Queue) -> str:
    """How many, in which order."""
    order = "largest effect on the ranking first" if found.ranked else "most records first: nothing is ranked yet"
    return f"{e.count(found.total, 'pair')}, {order}"


def troubles(listed: Sequence[Trouble]) -> list[Component]:
    """Judgements that cannot all hold, and those whose mention is gone: told plainly, settled by nobody silently."""
    if not listed:
        words = "All judgements hold together, and every mention that they name is there."
        return [e.empty("No contradictions", words, name="circle-check")]
    titles = {"contradiction": ("These cannot all hold", "bad"), "lost": ("A mention is gone", "warn")}
    items = [
        html.Li([e.chip(*titles[one.kind], "triangle-alert"), html.P(e.clean(one.text))], className="k-stack")
        for one in listed
    ]
    words = "Undo one of the judgements named under History; the next build follows what then holds."
    return [html.P(words, className="k-muted k-small"), html.Ul(items, className="ident-troubles")]
