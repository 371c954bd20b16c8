"""Two candidates side by side: the evidence that adds up, then names, years, places, coauthors and works in rows."""

from collections.abc import Callable, Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from kolgraph.services.identity_pair import Link, Other, Pair, Side, Weighed
from kolgraph.services.identity_works import Coauthor, Place, Work
from kolgraph.services.words import span
from kolgraph.ui import elements as e
from kolgraph.ui.parts.identity_queue import moves_told, pair_id, percent

WORKS, PLACES, FORMS, YEARS, OTHERS = 6, 4, 4, 30, 6
UNWEIGHED = (
    "This cannot be weighed: a record has changed, or an earlier version resolved it. Build the landscape again."
)


def pair(seen: Pair, scope: str) -> Component:
    """The whole pair; the script reads whom it is about from its data."""
    one, two = seen.sides
    return html.Article(
        [
            _head(seen, scope),
            _evidence(seen),
            html.Div(
                [
                    html.Div([_who(one, "A"), _who(two, "B")], className="ident-two ident-who"),
                    _both("Name as written", seen.sides, _forms),
                    _years(one, two),
                    _both("Affiliations", seen.sides, lambda side: _places(side.places)),
                    _both("Coauthors", seen.sides, _coauthors),
                    _both("Papers, trials and own lists", seen.sides, _works),
                ],
                className="k-card ident-sides",
            ),
            _others(seen.others) if seen.others else None,
        ],
        className="ident-pair",
        tabIndex=-1,
        **e.data(
            pair=pair_id(seen.a, seen.b),
            a=seen.a,
            b=seen.b,
            person_a=one.person,
            person_b=two.person,
            big="b" if two.size > one.size else "a",
            names=_names(one, two),
        ),
        **e.aria(label=f"{_names(one, two)}: one person or two?"),
    )


def signed(value: float) -> str:
    """`+1.20`, with a true minus."""
    return f"{value:+.2f}".replace("-", "−")


def _names(one: Side, two: Side) -> str:
    first, second = e.clean(one.name), e.clean(two.name)
    return f"two records of {first}" if first == second else f"{first} and {second}"


def _head(seen: Pair, scope: str) -> Component:
    chips = [e.chip("Decided: in the graph after Apply", "accent", "check")] if seen.decided else []
    if seen.link:
        chips.append(e.chip(f"{percent(seen.link.probability)} one person", "line", "percent"))
    else:
        chips.append(e.chip("A hard fact stands against the names", "warn", "triangle-alert"))
    names = list(dict.fromkeys(e.clean(side.name) for side in seen.sides))
    return html.Header(
        [
            html.Div(
                [html.H2(f"{' and '.join(names)}: one person or two?", className="k-grow"), *chips],
                className="k-row wrap",
            ),
            html.P(moves_told(seen.consequence, scope), className="k-muted"),
        ],
        className="ident-head",
    )


def _evidence(seen: Pair) -> Component:
    if seen.weighed is None:
        return e.card("Evidence", html.P(UNWEIGHED, className="k-muted"))
    facts = [e.notice(e.clean(seen.reason), "warn", "triangle-alert")] if seen.reason else []
    return e.card("Evidence", *facts, *weighed(seen.weighed), _link(seen.link, seen.weighed) if seen.link else None)


def weighed(found: Weighed) -> list[Component]:
    """What decides by itself, then each contribution for and against: they add up to the log-odds."""
    hard = [e.notice(e.clean(fact), "", "scale") for fact in found.hard]
    most = max(abs(found.intercept), *(abs(one.value) for one in found.told), 1.0)
    for_, against = (
        [(e.clean(one.words), one.value) for one in found.told if (one.value > 0) == yes] for yes in (True, False)
    )
    against = [("before any evidence: most pairs are two people", found.intercept), *against]
    columns = html.Div(
        [_column("For one person", for_, most, "for"), _column("Against", against, most, "against")],
        className="ident-two ident-evidence",
    )
    total: list[Any] = [
        "These two records: ",
        html.Span(signed(found.total), className="k-strong"),
        f" log-odds, {percent(found.probability)} one person.",
    ]
    return [*hard, columns, html.P(total, className="ident-sum")]


def _column(title: str, listed: Sequence[tuple[str, float]], most: float, kind: str) -> Component:
    total = sum(value for _, value in listed)
    head = html.H3([title, html.Span(signed(total), className="k-num")])
    items = [
        html.Li(
            [
                html.Span(words, className="k-grow"),
                html.Span(
                    signed(value),
                    className="k-num ident-weight",
                    style={"--share": f"{100 * abs(value) / most:.0f}%"},
                ),
            ],
            className="k-row",
        )
        for words, value in listed
    ]
    nothing = html.Li("nothing", className="k-muted")
    return html.Div([head, html.Ul(items or [nothing])], className=f"ident-column {kind}")


def _link(link: Link, found: Weighed) -> Component:
    best = signed(link.best)
    if abs(link.best - found.total) > 0.005:
        best += f" (no pair counts for more than {abs(link.best):.0f})"
    words: list[Any] = [
        f"The two persons, over {e.count(link.pairs, 'pair')} of records: half the mean {signed(link.mean)} and half "
        f"the best {best} make ",
        html.Span(signed(link.logodds), className="k-strong"),
        f", which is {percent(link.probability)} one person.",
    ]
    return html.P(words, className="ident-sum")


def _both(title: str, sides: Sequence[Side], make: Callable[[Side], Any]) -> Component:
    return html.Section(
        [html.H3(title), html.Div([html.Div(make(side)) for side in sides], className="ident-two")],
        className="ident-section",
    )


def _who(side: Side, letter: str) -> Component:
    facts = [e.count(side.size, "record"), f"rank {side.rank:,}" if side.rank else "not ranked"]
    facts.append(f"identity {side.confidence.short}")
    return html.Div(
        [
            html.Span(letter, className="ident-letter", **e.aria(hidden="true")),
            html.Div(
                [
                    html.A(e.clean(side.name), href=f"/person/{side.person}", target="_blank", className="k-strong"),
                    html.Div(" · ".join(facts), className="k-muted k-small", title=side.confidence.about),
                ],
                className="k-grow",
            ),
            _records(side),
        ],
        className="k-row",
    )


def _records(side: Side) -> Component | None:
    if side.size < 2:
        return None
    label = f"Open the {side.size:,} records of {e.clean(side.name)}, to split some off"
    return e.button("Records", "split", "small", label=label, **e.data(act="open", person=side.person))


def _forms(side: Side) -> Component:
    shown = [f"{e.clean(form)} ×{count:,}" if side.size > 1 else e.clean(form) for form, count in side.forms[:FORMS]]
    more = len(side.forms) - FORMS
    return html.Span(" · ".join([*shown, *([f"{more:,} more forms"] if more > 0 else [])]))


def _years(one: Side, two: Side) -> Component:
    known = sorted({*one.years, *two.years})
    if not known:
        return html.Section(
            [html.H3("Years"), html.P("No dated record.", className="k-muted")], className="ident-section"
        )
    first, last = max(known[0], known[-1] - YEARS + 1), known[-1]
    most = max(*one.years.values(), *two.years.values(), 1)
    bars = html.Div([_bars(side, first, last, most) for side in (one, two)], className="ident-two")
    title = f"Years, {first} to {last}, both on one scale up to {e.count(most, 'record')}"
    return html.Section([html.H3(title), bars], className="ident-section")


def _bars(side: Side, first: int, last: int, most: int) -> Component:
    counts = [(year, side.years.get(year, 0)) for year in range(first, last + 1)]
    bars = [
        html.I(title=f"{year}: {count:,}", style={"height": f"{100 * count / most:.0f}%"} if count else {})
        for year, count in counts
    ]
    said = ", ".join(f"{year}: {count:,}" for year, count in counts if count) or "none in these years"
    older = sum(count for year, count in side.years.items() if year < first)
    scale = html.Div([html.Span(f"{first}"), html.Span(f"{older:,} older") if older else None, html.Span(f"{last}")])
    return html.Div(
        [html.Div(bars, className="ident-bars", role="img", **e.aria(label=said)), scale], className="ident-chart"
    )


def _places(listed: Sequence[Place]) -> Component:
    if not listed:
        return html.Span("no record names one", className="k-muted")
    items = [
        html.Li([e.clean(one.name), html.Span(_when(one), className="k-muted k-small")]) for one in listed[:PLACES]
    ]
    return html.Ul([*items, _more(len(listed) - PLACES)], className="ident-list")


def _when(one: Place) -> str:
    known = span([year for year in (one.first, one.last) if year])
    return " " + ", ".join(filter(None, (known, f"{one.count:,}×")))


def _more(left: int) -> Component | None:
    return html.Li(f"and {left:,} more", className="k-muted k-small") if left > 0 else None


def _coauthors(side: Side) -> Component:
    if not side.company:
        return html.Span("none on a list of at most 100 names", className="k-muted")
    people = [_coauthor(one) for one in side.coauthors]
    more = side.company - len(people)
    rest = html.Span(f"and {more:,} more", className="k-muted k-small") if more > 0 else None
    return html.Div([*people, rest], className="ident-people")


def _coauthor(one: Coauthor) -> Component:
    name = f"{e.clean(one.name)} ×{one.count:,}" if one.count > 1 else e.clean(one.name)
    return e.chip(name, "good", "link", title="On records of both") if one.shared else e.chip(name, "line")


def _works(side: Side) -> Component:
    items = [_work(work, work.mention == side.mention) for work in side.works[:WORKS]]
    return html.Ul([*items, _more(side.size - len(items))], className="ident-list")


def _work(work: Work, compared: bool) -> Component:
    title = e.clean(work.title) or work.label
    facts = [str(work.year or "no year"), e.clean(work.where), work.label if work.title else ""]
    chips = [
        e.chip("weighed above", "accent") if compared else None,
        e.chip("trial", "line") if work.kind == "trial" else None,
    ]
    link = html.A(title, href=work.page, target="_blank", rel="noopener noreferrer") if work.page else html.Span(title)
    said = html.Span(" · ".join(filter(None, facts)))
    return html.Li([link, html.Div([said, *chips], className="k-muted k-small k-row wrap")])


def _others(listed: Sequence[Other]) -> Component:
    items = [
        html.Li(
            html.Button(
                [
                    html.Span(
                        " · ".join(dict.fromkeys(e.clean(name) for name in one.names)), className="k-grow k-clip"
                    ),
                    html.Span("one number" if one.probability is None else percent(one.probability), className="k-num"),
                ],
                type="button",
                className="ident-row k-row",
                **e.data(pair=pair_id(one.a, one.b)),
            )
        )
        for one in listed[:OTHERS]
    ]
    return e.card(
        "Other doubts about these two", html.Ul([*items, _more(len(listed) - OTHERS)], className="ident-others")
    )
