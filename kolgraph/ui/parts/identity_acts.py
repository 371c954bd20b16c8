"""What stands around the pairs: the buttons with their keys, decisions waiting for the graph, history, bulk, help."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import dash_mantine_components as dmc
from dash import html
from dash.development.base_component import Component

from kolgraph.services.identity_bulk import LEAST, Bulk
from kolgraph.services.judging import Decision
from kolgraph.ui import elements as e
from kolgraph.ui.parts import builds
from kolgraph.ui.parts.forms import NO_PATIENTS
from kolgraph.ui.parts.identity_queue import moves, percent
from kolgraph.ui.parts.plan_list import day

if TYPE_CHECKING:
    from kolgraph.queue import Job

REASONS = (
    "Same institution and field",
    "Same coauthors",
    "Same ORCID or home page",
    "Moved to another employer",
    "Different field",
    "Different institution at the same time",
    "Namesake whom I know of",
    "Asked the person",
)
KEYS = (
    ("M", "Merge: one person"),
    ("A", "Keep apart: two people"),
    ("S", "Later: to the end of the list"),
    ("X", "Records of the one with more of them, to split some off"),
    ("U or Ctrl+Z", "Undo the last decision"),
    ("J, ↓ or →", "Next"),
    ("K, ↑ or ←", "Previous"),
    ("R", "Reason for the next decision; Enter goes back"),
    ("Space", "Among the records of a person: pick one"),
    ("E", "Among them: why two picked ones are one person"),
    ("X or Enter", "Among them: split off what is picked"),
    ("Esc", "Back to the pairs"),
    ("/", "Search"),
    ("?", "These keys"),
)
VERDICTS = {
    "same": ("Merged", "merge"),
    "apart": ("Kept apart", "unlink"),
    "split": ("Split off", "split"),
    "several": ("Merged together", "merge"),
    "undo": ("Undone", "undo-2"),
    "withdraw": ("Withdrawn", "undo-2"),
}


def act(verb: str, text: str, icon: str, key: str, name: str = "") -> Component:
    """A button of the bar with its key."""
    children: list[Any] = [e.icon(icon, 18), text, html.Kbd(key)]
    return html.Button(children, type="button", className=f"k-button {name}".strip(), **e.data(act=verb))


def bar() -> Component:
    """What can be done with the pair: it stays where it is while pairs come and go."""
    return html.Div(
        [
            html.Div(
                [
                    act("same", "Merge", "merge", "M", "ident-same"),
                    act("apart", "Keep apart", "unlink", "A", "ident-apart"),
                    act("later", "Later", "clock", "S"),
                    act("big", "Split", "split", "X"),
                    act("undo", "Undo", "undo-2", "U"),
                ],
                className="k-row ident-buttons",
            ),
            dmc.Autocomplete(
                id="identity-why",
                placeholder="Reason (R)",
                data=list(REASONS),
                value="",
                className="ident-why k-grow",
                comboboxProps={"zIndex": 300},
                **e.aria(label=f"Reason for the decision, optional. {NO_PATIENTS}."),
            ),
            html.Div(
                [
                    e.button("", "chevron-left", "small", label="Previous pair (K)", **e.data(act="previous")),
                    html.Span(id="identity-place", className="k-muted k-small k-num"),
                    e.button("", "chevron-right", "small", label="Next pair (J)", **e.data(act="next")),
                ],
                className="k-row ident-step",
            ),
        ],
        id="identity-acts",
        className="k-card ident-acts",
        role="toolbar",
        **e.aria(label="Decide about this pair"),
    )


def waiting(pending: int, job: "Job | None") -> Component | None:
    """Decisions that the graph does not show yet, and the build that takes them in."""
    if job and job.state in ("waiting", "running"):
        at = next((step for step in job.steps if step.state == "running"), None)
        title = at.title if at else "Waiting for its turn"
        share = at.done / at.of if at and at.of else None
        words = f"Applying: {title}" + (f", {at.what}" if at and at.what else "")
        style = {} if share is None else {"width": f"{100 * min(1.0, share):.0f}%"}
        known = {} if share is None else {"valuenow": round(100 * share)}
        track = html.Div(
            html.Span(style=style, className="unknown" if share is None else ""),
            className="k-bar k-grow",
            role="progressbar",
            **e.aria(label=words, valuemin=0, valuemax=100, **known),
        )
        more = html.Span("Decide on: what comes meanwhile is in the next build.", className="k-small")
        return e.notice(
            [html.Div([html.Span(e.clean(words), className="k-strong"), track], className="k-row wrap"), more]
        )
    failed = (
        e.notice(f"{builds.STATES[job.state][0]}: {e.clean(job.message)}", "bad")
        if job and job.state == "failed"
        else None
    )
    if not pending:
        return failed
    verb = "is" if pending == 1 else "are"
    words = f"{e.count(pending, 'decision')} {verb} not in the graph yet."
    button = e.button("Apply", "hammer", "small primary", title="Resolve, build and score again", **e.data(act="apply"))
    banner = e.notice(html.Div([html.Span(words, className="k-grow"), button], className="k-row"))
    return html.Div([failed, banner], className="k-stack") if failed else banner


def history(listed: Sequence[Decision]) -> list[Component]:
    """Every decision, the latest first: what, who, when, why, and its undo."""
    if not listed:
        words = "Each merge, split and keeping apart is listed here with who, when and why, and can be undone."
        return [e.empty("Nothing decided yet", words, name="history")]
    return [html.Ol([_decision(one) for one in listed], className="ident-history")]


def _decision(one: Decision) -> Component:
    word, icon = VERDICTS[one.verdict]
    what = f"entry {one.undoes}" if one.undoes else one.before
    if one.verdict in ("same", "apart"):
        what = f"{one.a} and {one.b}"
    elif one.verdict == "split":
        what = f"{e.count(len(one.out), 'record')} off {e.count(len(one.rest), 'other')}"
    button = e.button(
        "Redo" if one.undoes else "Undo", "", "small", label=f"Undo entry {one.entry}",
        **e.data(act="undo-entry", entry=str(one.entry)),
    )  # fmt: skip
    when = f"{day(one.time[:10])}, {one.time[11:16]} UTC"
    return html.Li(
        [
            e.icon(icon, 18),
            html.Div(
                [
                    html.Div([html.Span(word, className="k-strong"), f" · {e.clean(what)}"], className="ident-what"),
                    html.Div(f"{e.clean(one.by)} · {when} · entry {one.entry}", className="k-muted k-small"),
                    html.Div(f"“{e.clean(one.why)}”", className="k-small") if one.why else None,
                    html.Div(f"{e.clean(one.before)} → {e.clean(one.after)}", className="k-muted k-small ident-what")
                    if one.before and one.after
                    else None,
                ],
                className="k-grow",
            ),
            e.chip("undone", "line") if one.undone else button,
        ],
        className="k-row undone" if one.undone else "k-row",
    )


def bulk_dialog() -> Component:
    """A slider, what it would merge, and the question."""
    marks = [{"value": value, "label": f"{value} %"} for value in (90, 95, 100)]
    slider = dmc.Slider(
        id="identity-from",
        value=97,
        min=round(100 * LEAST),
        max=100,
        step=0.5,
        precision=1,
        marks=marks,
        updatemode="mouseup",
        thumbLabel="Merge from this percentage on",
        className="ident-slider",
    )
    words = (
        "Merges every open pair at or above a percentage. It is one entry in the ledger, and one undo takes it back."
    )
    return e.dialog(
        "identity-bulk", "Merge in bulk", html.P(words, className="k-muted"), slider, html.Div(id="identity-bulk-body")
    )


def bulk(found: Bulk) -> list[Component]:
    """How many, the least sure of them to look at, the button."""
    at_least = percent(found.at_least) if found.at_least < 1 else "100 %"
    many = len(found.rows)
    if not many:
        return [
            e.empty("No open pair is that sure", f"None is {at_least} or above: move the slider.", name="circle-dashed")
        ]
    rows = [
        html.Li(
            [
                html.Span(
                    " · ".join(dict.fromkeys(e.clean(name) for name in one.names)), className="k-strong k-grow k-clip"
                ),
                html.Span(moves(one.consequence), className="k-muted k-small k-clip"),
                html.Span(percent(one.probability or 0), className="k-num"),
            ],
            className="k-row",
        )
        for one in found.sample
    ]
    waits = (
        f" {e.count(found.waiting, 'more pair')} of the same people wait: after the next build they are weighed anew."
        if found.waiting
        else ""
    )
    button = html.Button(
        [e.icon("merge", 18), f"Merge {e.count(many, 'pair')}"],
        type="button",
        className="k-button primary",
        **e.data(act="bulk", seen=str(many), least=str(found.at_least)),
    )
    return [
        html.P([html.Span(f"{e.count(many, 'pair')} at {at_least} or above.", className="k-strong"), waits]),
        html.P("The least sure of them:", className="k-muted k-small"),
        html.Ul(rows, className="ident-sample"),
        html.Div(button, className="k-row form-buttons"),
    ]


def keys() -> Component:
    """Every key with what it does."""
    rows = [html.Div([html.Dt(html.Kbd(key)), html.Dd(words)]) for key, words in KEYS]
    return e.dialog("identity-keys", "Keys", html.Dl(rows, className="ident-keys"))
