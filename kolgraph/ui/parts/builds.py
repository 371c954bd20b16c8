"""How builds look: the chip of a state, the steps with done, rate and time left, the notice at the end."""

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from dash import dcc, html
from dash.development.base_component import Component

from kolgraph.services.landscapes import Entry, entries
from kolgraph.services.shelf import Shelf
from kolgraph.ui import elements as e

if TYPE_CHECKING:
    from kolgraph.queue import Job, Step

# state of a job -> word, tone, icon
STATES = {
    "waiting": ("Waiting", "accent", "hourglass"),
    "running": ("Building", "accent", "hammer"),
    "done": ("Built", "good", "circle-check"),
    "failed": ("Failed", "bad", "triangle-alert"),
    "cancelled": ("Cancelled", "warn", "circle-stop"),
    "interrupted": ("Interrupted", "warn", "circle-pause"),
}
_STEPS = {
    "waiting": ("circle-dashed", "waits"),
    "running": ("loader", "under way"),
    "done": ("circle-check", "done"),
    "incomplete": ("triangle-alert", "not complete"),
    "failed": ("triangle-alert", "failed"),
    "cancelled": ("circle-stop", "cancelled"),
    "interrupted": ("circle-pause", "interrupted"),
}


def address(slug: str) -> str:
    """The page of a landscape."""
    return f"/landscapes/{quote(slug)}"


def state(one: Entry) -> Component:
    """How far a landscape is: its last build where that says more than the graph, else the graph."""
    job = one.job
    if one.problem:
        return e.chip("Cannot be read", "bad", "triangle-alert")
    if job and job.state != "done":
        word, tone, name = STATES[job.state]
        return e.chip("Refreshing" if (job.kind, job.state) == ("refresh", "running") else word, tone, name)
    if one.condition.state == "ready":
        return e.chip("Ready", "good", "circle-check")
    return e.chip("Not built" if one.condition.state == "empty" else "Not scored", "line", "circle-dashed")


def chip(under_way: "Sequence[Job]") -> Component | None:
    """What is being built, for the header; leads to its page."""
    if not under_way:
        return None
    job = under_way[0]
    more = f" and {len(under_way) - 1} more" if len(under_way) > 1 else ""
    words = f"{'Refreshing' if job.kind == 'refresh' else 'Building'} {job.folder.rpartition('/')[2]}{more}"
    label = html.Span(words, className="builds-words k-clip")
    return dcc.Link(
        [e.icon("loader", 14), label], href=address(job.folder.rpartition("/")[2]), className="builds-chip", title=words
    )


def told(shelf: Shelf, ended: "Sequence[Job]") -> Component:
    """The notice that builds have ended, on whatever page somebody is."""
    known = {shelf.key(one.folder): one for one in entries(shelf)}
    lines = [_told(job, known[job.folder]) for job in ended if job.folder in known]
    good = all(job.state == "done" for job in ended)
    closing: dict[str, Any] = {"data-close": ""}
    close = e.button("", "x", "quiet small", label="Close", **closing)
    return e.notice(
        html.Div([html.Div(lines, className="k-grow k-stack"), close], className="builds-told"),
        "good" if good else "warn",
        "circle-check" if good else "triangle-alert",
    )


def _told(job: "Job", one: Entry) -> Component:
    word = {"done": "is ready", "failed": "could not be built", "interrupted": "was interrupted"}[job.state]
    way = dcc.Link(
        "Explore it" if one.shown and job.state == "done" else "Open it",
        href="/explore" if one.shown and job.state == "done" else address(one.slug),
    )
    return html.Div([html.Span(f"{e.clean(one.title)} {word}. ", className="k-strong"), way])


def steps(listed: "Sequence[Step]", over: bool) -> Component:
    """Every step in turn; `over`: the build has ended, whatever is left of it."""
    return html.Ol([_step(one, over) for one in listed], className="builds-steps")


def _step(one: "Step", over: bool) -> Component:
    name, word = _STEPS[one.state]
    title = f"Load {one.title}" if one.name.startswith("load ") else one.title
    head = html.Div(
        [
            html.Span(title, className="k-strong"),
            html.Span(_amount(one), className="k-muted k-num k-grow"),
        ],
        className="k-row",
    )
    return html.Li(
        [
            e.icon(name, 20, word),
            html.Div(
                [
                    head,
                    _bar(one, title),
                    html.Div(_detail(one, over), className="k-small k-muted builds-detail"),
                    html.Div(e.clean(one.message), className="k-small builds-problem") if one.message else None,
                ],
                className="k-grow",
            ),
        ],
        className=f"builds-step {one.state}",
    )


def _bar(one: "Step", title: str) -> Component:
    share = one.done / one.of if one.of else None
    if one.state == "done":
        share = 1.0
    style = {"width": f"{100 * min(1.0, share or 0):.1f}%"} if share is not None or one.state != "running" else {}
    known = {"valuenow": round(100 * share)} if share is not None else {}
    return html.Div(
        html.Span(style=style, className="" if style else "unknown"),
        className="k-bar",
        role="progressbar",
        **e.aria(label=title, valuemin=0, valuemax=100, **known),
    )


def _amount(one: "Step") -> str:
    if not one.name.startswith("load ") and one.state != "running":
        return ""  # it counts parts of the way, which say nothing afterwards
    if one.of:
        return f"{min(one.done, one.of):,} of {one.of:,}"
    return f"{one.done:,}" if one.done else {"running": "begins"}.get(one.state, "")


def _detail(one: "Step", over: bool) -> str:
    """What it is at, how fast, how long still; a space keeps the line where there is nothing to say."""
    if one.state != "running":
        return {"waiting": "not begun" if over else "waits for its turn", "done": "done"}.get(
            one.state, _STEPS[one.state][1]
        )
    parts = [] if one.name.startswith("load ") or not one.what else [e.clean(one.what)]
    if (rate := one.rate()) >= 1:
        parts.append(f"{rate:,.0f} a second")
    if (left := one.left()) is not None:
        parts.append(f"{span(left)} left")
    return " · ".join(parts) or "begins"


def span(seconds: float) -> str:
    """`40 s`, `3 min`, `1 h 20 min`."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60} min"


def took(job: "Job") -> str:
    """How long a job has run, or ran."""
    return span((job.ended or time.time()) - job.started) if job.started else ""
