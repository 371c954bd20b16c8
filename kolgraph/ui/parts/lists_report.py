"""An uploaded list on the screen: its columns with what they are read as, its first rows, its problems, what to do."""

from collections.abc import Iterable, Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import html
from dash.development.base_component import Component

from kolgraph.services.lists import FIELDS
from kolgraph.ui import elements as e

SHOWN = 100  # problems on the page
SEVERITIES = {"all": "All", "error": "Errors", "warning": "Warnings"}
TONES = {"error": ("Error", "bad"), "warning": ("Warning", "warn")}
LEFT_OUT = "-"
STEPS = {"looking up people": "Looking up people"}  # what progress says -> what the page says
ABOUT = {
    "people": "People",
    "affiliations": "Affiliations",
    "events": "Events",
    "nominations": "Peer nominations",
}


def setting(name: str) -> dict[str, str]:
    """The id of something that is set for the whole list."""
    return {"type": "lists-set", "name": name}


def column(number: int) -> dict[str, Any]:
    """The id of the field of a column."""
    return {"type": "lists-column", "number": number}


def act(verb: str) -> dict[str, str]:
    """The id of a button below the report."""
    return {"type": "lists-do", "verb": verb}


def table(heads: Sequence[Any], rows: Iterable[Sequence[Any]], label: str) -> Component:
    """A plain table in its own scroll."""
    head = html.Thead(html.Tr([html.Th(text) for text in heads]))
    body = html.Tbody([html.Tr([html.Td(cell) for cell in row]) for row in rows])
    return html.Div(
        html.Table([head, body]), className="data-table lists-table", tabIndex=0, role="region", **e.aria(label=label)
    )


def waiting(state: dict[str, Any]) -> Component:
    """What is under way, how far it is."""
    what = "Importing" if state["phase"] == "importing" else STEPS.get(state.get("what", ""), "Checking")
    done, of = state.get("done") or 0, state.get("of")
    words = f"{done:,} of {of:,} rows" if of else f"{done:,} rows" if done else "reading the file"
    share = done / of if of else 0.0
    return html.Div(
        [
            html.Div(
                [html.Span(f"{what} …", className="k-strong"), html.Span(words, className="k-muted")], className="k-row"
            ),
            e.bar(share),
        ],
        className="k-card k-stack lists-waiting",
        role="status",
    )


def editor(
    name: str, title: str, report: dict[str, Any], replaces: str, people: Component | None = None, tied: int = 0
) -> Component:
    """Everything about a checked upload; `replaces` says in a sentence what stands under its name."""
    return html.Div(
        [
            _head(name, title, report, replaces, tied),
            people,
            _columns(report),
            _problems(report) if report["problems"] else None,
            _preview(report) if report["preview"] else None,
        ],
        className="k-stack lists-editor",
    )


def _head(name: str, title: str, report: dict[str, Any], replaces: str, tied: int) -> Component:
    chips = [
        e.chip(e.count(report["good"], "good row"), "good", "circle-check") if report["good"] else None,
        e.chip(f"{e.count(report['bad'], 'row')} with errors", "bad", "circle-x") if report["bad"] else None,
        e.chip(f"{report['repeated']:,} repeated", "warn", "copy") if report["repeated"] else None,
        e.chip("cannot be imported as it is", "bad", "circle-x") if report["fatal"] else None,
    ]
    kinds = [{"value": key, "label": label} for key, label in ABOUT.items()]
    return e.card(
        "What this is",
        html.Div(
            [
                html.Span([e.icon("file-spreadsheet", 18), e.clean(name)], className="k-row k-strong lists-file"),
                html.Span(e.clean(report["about"]), className="k-muted k-small"),
                *chips,
            ],
            className="k-row wrap",
        ),
        html.Div(
            [
                dmc.TextInput(
                    id=setting("title"),
                    label="Name of the list",
                    value=title,
                    className="k-grow",
                ),
                dmc.Select(
                    id=setting("kind"),
                    label="Its rows are",
                    data=kinds,
                    value=report["kind"],
                    allowDeselect=False,
                    comboboxProps={"zIndex": 500},
                ),
                dmc.Select(
                    id=setting("header"),
                    label="Its first line",
                    data=[{"value": "yes", "label": "names the columns"}, {"value": "no", "label": "is a row already"}],
                    value=report["header"],
                    allowDeselect=False,
                    comboboxProps={"zIndex": 500},
                ),
            ],
            className="lists-settings",
        ),
        html.P(replaces, id="lists-replaces", className="k-muted k-small"),
        html.Div(actions(report, tied), id="lists-actions", className="k-row wrap lists-actions"),
    )


def actions(report: dict[str, Any], tied: int = 0) -> list[Component]:
    """At most one of them is the thing to do next; `tied` rows mean somebody."""
    with_people = f", tie {tied:,} to people" if tied else ""
    good, bad = report["good"], report["bad"]
    buttons = [e.button("Cancel", "x", id=act("cancel"))]
    if report["fatal"]:
        words = "Mend the file, or set the columns below, before anything can be imported."
    elif bad:
        words = "Nothing is imported while rows have errors, unless you leave them out."
        if good:
            buttons.append(e.button(f"Import the {e.count(good, 'good row')}{with_people}", "check", id=act("good")))
    elif good:
        words = "All rows are imported at once, or none."
        buttons.append(e.button(f"Import {e.count(good, 'row')}{with_people}", "check", "primary", id=act("import")))
    else:
        words = "There is no row to import."
    return [html.P(words, className="k-muted k-grow"), *buttons]


def _columns(report: dict[str, Any]) -> Component:
    options = [{"value": LEFT_OUT, "label": "Left out"}] + [
        {"value": field, "label": label} for field, label in FIELDS.items()
    ]
    rows = []
    for one in report["columns"]:
        chosen: Any = dmc.Select(
            id=column(one["number"]),
            data=options,
            value=one["field"] or LEFT_OUT,
            allowDeselect=False,
            size="xs",
            disabled=one["refused"],
            comboboxProps={"zIndex": 500},
            **e.aria(label=f"Column {one['title']} is read as"),
        )
        why = html.Span(e.clean(one["why"]), className="k-small k-muted")
        samples = " · ".join(e.clean(text) for text in one["samples"])
        rows.append(
            [
                html.Span(e.clean(one["title"]), className="k-strong"),
                chosen,
                why,
                html.Span(samples, className="k-small"),
            ]
        )
    head = "First values of the column"
    return e.card("Columns", table(("In the file", "Read as", "Because", head), rows, "Columns of the file"))


def _problems(report: dict[str, Any]) -> Component:
    counts = [
        html.Li(
            [html.Span(f"{count:,}", className="k-num k-strong"), _severity(severity), html.Span(kind)],
            className="k-row",
        )
        for severity, kind, count in report["counts"]
    ]
    errors = sum(count for severity, _, count in report["counts"] if severity == "error")
    choice = dmc.SegmentedControl(
        id=setting("severity"),
        data=[{"value": key, "label": label} for key, label in SEVERITIES.items()],
        value="error" if errors else "all",
        size="xs",
    )
    return e.card(
        "Report",
        html.Ul(counts, className="lists-counts"),
        html.Div(problems(report, "error" if errors else "all"), id="lists-problems"),
        side=html.Div(
            [choice, e.button("", "download", "small", href=report["href"], label="Whole report as CSV")],
            className="k-row",
        ),
    )


def problems(report: dict[str, Any], severity: str) -> list[Component]:
    """The first problems of a severity, and how many there are."""
    found = [one for one in report["problems"] if severity in ("all", one["severity"])]
    total = sum(count for kind, _, count in report["counts"] if severity in ("all", kind))
    rows = [
        [
            f"{one['line']:,}" if one["line"] else "file",
            e.clean(one["column"]),
            _severity(one["severity"]),
            html.Span(one["kind"], className="k-strong"),
            html.Span(e.clean(one["found"]), className="lists-found"),
            e.clean(one["todo"]),
        ]
        for one in found[:SHOWN]
    ]
    if not rows:
        return [html.P("None of this kind.", className="k-muted")]
    more = f"The first {SHOWN} of {total:,}; the download holds all." if total > len(rows) else ""
    heads = ("Line", "Column", "Severity", "Problem", "Found", "What to do")
    return [
        table(heads, rows, "Problems"),
        html.P(more, className="k-muted k-small lists-more") if more else html.Span(),
    ]


def _severity(one: str) -> Component:
    word, tone = TONES[one]
    return e.chip(word, tone)


def _preview(report: dict[str, Any]) -> Component:
    nominations, events = report["kind"] == "nominations", report["kind"] in ("events", "affiliations")
    heads = ["Name", "ORCID or NPI", "Institution and place"]
    heads += ["Nominated by"] if nominations else ["Event and role", "Date"] if events else ["Specialty and tier"]
    rows = []
    for one in report["preview"]:
        cells = [_name(one["mention"]), _numbers(one["mention"]), _place(one["mention"])]
        if nominations:
            cells.append(_name(one["by"]))
        elif events:
            cells += [e.clean(", ".join(filter(None, (one["event"], one["role"])))), one["date"]]
        else:
            cells.append(e.clean(one["note"]))
        rows.append(cells)
    side = html.Span(f"first {len(rows)} good rows, as they will be kept", className="k-muted k-small")
    return e.card("Preview", table(heads, rows, "First rows"), side=side)


def _name(mention: dict[str, Any]) -> str:
    parts = (mention["fore"] or mention["initials"], mention["last"], mention["suffix"])
    return e.clean(" ".join(part for part in parts if part))


def _numbers(mention: dict[str, Any]) -> str:
    return ", ".join(filter(None, (mention["orcid"], *(one.replace("npi:", "NPI ") for one in mention["identifiers"]))))


def _place(mention: dict[str, Any]) -> str:
    one = next(iter(mention["affiliations"]), None)
    if not one:
        return ""
    return e.clean(", ".join(filter(None, (one["text"], one["city"], one["region"], one["country"]))))
