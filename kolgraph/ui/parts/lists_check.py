"""Whom a list means, on the screen: counts that filter, a row for each line, and one row beside those it can mean."""

from collections.abc import Sequence
from typing import Any

import dash_ag_grid as dag
from dash import dcc, html
from dash.development.base_component import Component

from kolgraph.geo import country_name
from kolgraph.services.confidence import percent
from kolgraph.services.list_check import (
    DOUBTFUL,
    DUPLICATE,
    MATCHED,
    MOVED,
    NOT_FOUND,
    Answer,
    Person,
    Sign,
    counts,
    silent,
)
from kolgraph.services.list_desk import sure
from kolgraph.ui import elements as e

ALL, SILENT = "all", "silent"
LOOKS = {
    MATCHED: ("Matched", "good", "circle-check"),
    MOVED: ("Moved", "accent", "map-pin"),
    DOUBTFUL: ("Doubtful", "warn", "circle-question-mark"),
    DUPLICATE: ("Possible duplicate", "line", "copy"),
    NOT_FOUND: ("Not found", "", "search-x"),
}
NUMBER = {"type": "rightAligned", "cellClass": "ag-right-aligned-cell k-num"}
LEVELS = (0.99, 0.95, 0.9)  # from which first candidates can be taken at once


def choice(person: str) -> dict[str, str]:
    """The id of the button that says whom a row means; "none" for nobody here."""
    return {"type": "check-choose", "person": person}


def card(given: Sequence[Answer], name: str, token: str, unasked: str) -> Component | None:
    """The people of a checked upload; nothing where no row can be imported."""
    if unasked:
        return e.notice(e.clean(f"Nobody was looked up: {unasked}"), "warn", "users")
    if not given:
        return None
    links = [
        e.button(suffix.upper(), icon, "small", href=f"/export/list-check.{suffix}?upload={token}", label=label)
        for suffix, icon, label in (
            ("csv", "download", "Checked list as CSV"),
            ("xlsx", "file-spreadsheet", "Checked list for Excel"),
        )
    ]
    return e.card(
        "People",
        html.Div(summary(given), id="check-summary", className="check-summary"),
        _grid(given, name),
        html.Div(bulk(given), id="check-bulk"),
        side=html.Div(links, className="k-row"),
        id="check-people",
    )


def summary(given: Sequence[Answer], shown: str = ALL) -> list[Component]:
    """A button for each verdict, with its count: it shows its rows alone."""
    found = counts(given)
    silents = silent(given)
    buttons = [_filter(ALL, "All rows", len(given), "", "list", shown)]
    buttons += [_filter(verdict, *_look(verdict, found[verdict]), shown) for verdict in LOOKS if found[verdict]]
    if silents:
        buttons.append(_filter(SILENT, "Possibly retired", silents, "line", "hourglass", shown))
    return buttons


def _look(verdict: str, count: int) -> tuple[str, int, str, str]:
    label, tone, icon = LOOKS[verdict]
    return label, count, tone, icon


def _filter(verdict: str, label: str, count: int, tone: str, icon: str, shown: str) -> Component:
    return html.Button(
        [e.icon(icon, 16), html.Span(label), html.Span(f"{count:,}", className="k-num k-strong")],
        id={"type": "check-filter", "verdict": verdict},
        type="button",
        className=f"check-filter {tone}".strip(),
        **e.aria(pressed="true" if verdict == shown else "false"),
    )


def narrowed(verdict: str) -> dict[str, Any]:
    """The filter of the grid that shows the rows of a verdict."""
    if verdict == SILENT:
        return {"silent": {"filterType": "number", "type": "greaterThan", "filter": 0}}
    return {} if verdict == ALL else {"verdict": {"filterType": "text", "type": "equals", "filter": verdict}}


def _grid(given: Sequence[Answer], name: str) -> Component:
    looks = {verdict: list(look) for verdict, look in LOOKS.items()}
    columns: list[dict[str, Any]] = [
        {"field": "line", "headerName": "Line", "width": 72, **NUMBER},
        {"field": "said", "headerName": "In the list", "cellRenderer": "Listed", "flex": 2, "minWidth": 170},
        {
            "field": "verdict",
            "headerName": "Verdict",
            "cellRenderer": "Verdict",
            "cellRendererParams": {"looks": looks},
            "width": 168,
            "filter": "agTextColumnFilter",
        },
        {"field": "name", "headerName": "Person", "cellRenderer": "Meant", "flex": 2, "minWidth": 170},
        {
            "field": "chance",
            "headerName": "Sure",
            "width": 104,
            **NUMBER,
            "headerTooltip": "How likely it is that this person is meant",
            "sortingOrder": ["asc", "desc", None],
            "valueFormatter": {"function": "params.data.sure"},
        },
        {"field": "why", "headerName": "Why", "flex": 3, "minWidth": 220, "tooltipField": "why"},
        {"field": "silent", "hide": True, "filter": "agNumberColumnFilter"},
    ]
    return dag.AgGrid(
        id="check-grid",
        columnDefs=columns,
        rowData=[line(one) for one in given],
        getRowId="params.data.row",
        defaultColDef={
            "sortable": True,
            "resizable": True,
            "suppressMovable": True,
            "suppressHeaderMenuButton": True,
            "suppressHeaderFilterButton": True,
        },
        dashGridOptions={
            "rowHeight": 48,
            "headerHeight": 40,
            "animateRows": False,
            "tooltipShowDelay": 600,
            "localeText": {"noRowsToShow": f"No row of {e.clean(name)} is left here"},
        },
        className="k-grid-table check-grid",
    )


def line(one: Answer) -> dict[str, Any]:
    """A row of the grid."""
    person = one.whom() or (one.people[0] if one.people and one.verdict in (DOUBTFUL, DUPLICATE) else None)
    return {
        "row": str(one.line),
        "line": one.line,
        "said": e.clean(one.name),
        "listed": e.clean(", ".join(filter(None, (one.institution, one.city, country_name(one.country))))),
        "verdict": one.verdict,
        "id": one.person,
        "name": e.clean(person.name) if person else "",
        "place": e.clean(person.now) if person else "",
        "chance": one.chance,
        "sure": "" if one.chance is None else percent(one.chance),
        "why": e.clean(one.why),
        "silent": one.silent,
    }


def bulk(given: Sequence[Answer]) -> Component | None:
    """The way to settle at once what is nearly sure; nothing where nothing is."""
    fitting = {len(sure(given, level)): level for level in reversed(LEVELS)}  # of levels with one count the strictest
    if not any(fitting):
        return None
    return html.Div(
        [
            html.Span("Take the first candidate of the doubtful rows where it is at least", className="k-muted"),
            *(
                e.button(
                    f"{level * 100:.0f} % sure ({count:,})", "", "small", id={"type": "check-bulk", "least": str(level)}
                )
                for count, level in sorted(fitting.items())
                if count
            ),
        ],
        className="k-row wrap check-bulk",
    )


def detail(one: Answer, left: int) -> Component:
    """A row on the left, those whom it can mean on the right; `left` doubtful rows remain."""
    many = "No doubtful row is left." if not left else f"{e.count(left, 'doubtful row')} left."
    return html.Div(
        [
            html.Div([_listed(one), html.P([many, _keys()], className="k-muted k-small")], className="k-stack"),
            html.Div(
                [
                    *(_person(person, one, number == 0) for number, person in enumerate(one.people)),
                    None if one.people else e.empty("Nobody fits", one.why, name="search-x"),
                    e.button("None of these", "user-x", "check-none", id=choice("none")),
                ],
                className="k-stack check-people",
            ),
        ],
        className="check-detail",
    )


def _keys() -> Component:
    keys = (("↑ ↓", "move"), ("Enter", "this one"), ("N", "none of these"), ("Esc", "close"))
    return html.Span(
        [html.Span([html.Kbd(key, className="k-code"), f" {words}"], className="k-nowrap") for key, words in keys],
        className="check-keys",
    )


def _listed(one: Answer) -> Component:
    rows = [
        ("Name", one.name),
        ("Institution", one.institution),
        ("Place", ", ".join(filter(None, (one.city, one.region, country_name(one.country))))),
        ("Specialty", one.specialty),
        ("Number", ", ".join(number.replace("orcid:", "ORCID ").replace("npi:", "NPI ") for number in one.numbers)),
    ]
    label, tone, icon = LOOKS[one.verdict]
    return html.Div(
        [
            html.Div([html.H3(f"Line {one.line:,}"), e.chip(label, tone, icon)], className="k-row wrap"),
            _facts(rows),
            html.P(e.clean(f"{one.why[:1].upper()}{one.why[1:]}."), className="k-muted k-small"),
        ],
        className="check-listed k-stack",
    )


def _facts(rows: Sequence[tuple[str, str]]) -> Component:
    said = [(label, text) for label, text in rows if text]
    cells = [cell for label, text in said for cell in (html.Dt(label), html.Dd(e.clean(text)))]
    return html.Dl(cells, className="check-facts")


def _person(person: Person, one: Answer, first: bool) -> Component:
    work = ", ".join((e.count(person.papers, "paper"), e.count(person.trials, "trial")))
    rows = [
        ("Now", person.now + (f", since {person.since}" if person.since and person.now else "")),
        ("Elsewhere", "; ".join(person.stays[1:4]) if person.now else "; ".join(person.stays[:3])),
        ("Place", ", ".join(filter(None, (person.city, country_name(person.country))))),
        ("Work", work + (f", last in {person.last}" if person.last else "")),
        ("Topics", ", ".join(person.topics[:3])),
    ]
    signs = [_sign(sign, number == 0) for number, sign in enumerate(person.signs)]
    mine = one.person == person.id
    head = html.Div(
        [
            dcc.Link(e.clean(person.name), href=f"/person/{person.id}", target="_blank", className="k-strong"),
            html.Span(f"{percent(person.chance)} sure", className="k-num k-muted"),
            e.chip("chosen" if one.chosen else "matched", "good", "check") if mine else None,
        ],
        className="k-row wrap",
    )
    words = "Keep this person" if mine else "This is the person"
    focus = {"data-autofocus": "true"} if first else {}  # else the drawer gives the focus to its cross
    label = f"{words}: {e.clean(person.name)}"
    button = e.button(words, "user-check", "check-this", id=choice(person.id), label=label, **focus)
    return html.Div([head, _facts(rows), html.Ul(signs, className="check-signs"), button], className="check-person")


def _sign(sign: Sign, name: bool) -> Component:
    """A reason for or against; a name that fits and tells little is neither."""
    kind = "for" if sign.favour > 0 else "weak" if name else "against"
    icon = {"for": "plus", "weak": "equal-approximately", "against": "minus"}[kind]
    return html.Li([e.icon(icon, 14, kind), e.clean(sign.text)], className=kind)


def promise(given: Sequence[Answer], title: str, rows: int) -> str:
    """What accepting will do, in words."""
    tied = [one for one in given if one.person]
    by_hand = sum(one.chosen for one in tied)
    doubtful = sum(one.verdict == DOUBTFUL for one in given)
    words = f"{e.count(rows, 'row')} become the list “{e.clean(title)}”. {len(tied):,} of them are tied to "
    words += e.count(len({one.person for one in tied}), "person", "people")
    words += f", {by_hand:,} as you chose. " if by_hand else ". "
    if doubtful:
        words += f"{e.count(doubtful, 'doubtful row')} will be tied to nobody. "
    return f"{words}One click takes all ties back; the graph holds list and ties after its next build."


def question() -> Component:
    """Whether to accept, as `promise` says."""
    buttons = [
        e.button("Not yet", id="check-accept-no"),
        e.button("Accept", "check", "primary", id="check-accept-yes"),
    ]
    return e.dialog(
        "check-accept",
        "Accept this list?",
        html.P(id="check-accept-words"),
        html.Div(buttons, className="k-row form-buttons"),
    )


def drawer() -> Component:
    """Where a row opens."""
    return e.drawer("check-drawer", html.Div(id="check-detail"), title="Who is meant?", width=920)
