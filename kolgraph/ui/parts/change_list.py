"""How changes look: a line a thing, which opens the person and, unfolded, the records behind."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from kolgraph.services.changed import Changes, Merge, Move, News, Person, Relocation, Retraction, Work, tally
from kolgraph.ui import elements as e
from kolgraph.ui.parts.confidence import mark as sure
from kolgraph.ui.parts.source_mark import mark

FIRST = 10  # lines of a section shown at once
PEOPLE = 6  # named beside a retraction
TONES = {"new": "accent", "joined": "accent", "reinstated": "good", "retracted": "bad", "withdrawn": "bad"}
LABELS = {
    "new": "New", "withdrawn": "Withdrawn", "retracted": "Retracted", "reinstated": "Reinstated",
    "joined": "Now counted", "parted": "No longer counted", "corrected": "Corrected", "window": "Ten-year limit",
}  # fmt: skip


def watched(found: Changes) -> list[Component]:
    """What happened to each watched person."""
    return [_news(one) for one in found.watched]


def moves(listed: Sequence[Move]) -> list[Component]:
    """People whose rank changed, with why."""
    return [_move(one) for one in listed]


def relocations(listed: Sequence[Relocation]) -> list[Component]:
    """People whose current institution changed."""
    return [_relocation(one) for one in listed]


def retractions(listed: Sequence[Retraction]) -> list[Component]:
    """Papers retracted or reinstated, records withdrawn."""
    return [_retraction(one) for one in listed]


def merges(listed: Sequence[Merge]) -> list[Component]:
    """Persons joined or parted by the resolution of identity."""
    return [_merge(one) for one in listed]


def section(title: str, name: str, lines: Sequence[Component], none: str, about: str = "") -> Component:
    """A card with its lines, the first ones open, the rest on demand; `none` says what an empty one means."""
    count = e.chip(f"{len(lines):,}", "accent" if lines else "line")
    if not lines:
        return e.card(title, html.P(none, className="k-muted"), side=count)
    rest = len(lines) - FIRST
    hidden = html.Details(
        [
            html.Summary(f"Show {rest:,} more", className="k-button"),
            html.Ul(list(lines[FIRST:]), className="change-list"),
        ],
        className="change-more",
    )
    return e.card(
        title,
        html.P(about, className="k-muted k-small change-about") if about else None,
        html.Ul(list(lines[:FIRST]), className="change-list"),
        hidden if rest > 0 else None,
        side=count,
        id=f"changes-{name}",
    )


def _line(who: Component, what: Component, works: Sequence[Work], label: str = "records behind") -> Component:
    behind = None
    if works:
        summary = html.Summary(
            [e.icon("chevron-right", 16), e.count(len(works), "record"), html.Span(f" {label}", className="k-off")]
        )
        behind = html.Details([summary, html.Ul([_work(one) for one in works], className="change-works")])
    return html.Li([html.Div([who, what], className="change-row"), behind])


def _who(one: Person) -> Component:
    name = e.clean(one.name)
    link = dcc.Link(name, href=f"/person/{one.id}", className="k-strong") if one.here else html.Span(name)
    words = e.clean(one.place) or "institution not known"
    eye = html.Span(e.icon("eye", 14, "watched"), className="k-muted", title="Watched") if one.watched else None
    return html.Div(
        [
            html.Div([link, sure(one.identity, one.id), eye], className="k-row change-name"),
            html.Div(words, className="k-muted k-small k-clip"),
        ],
        className="change-who",
    )


def _news(one: News) -> Component:
    chips = [
        e.chip(words, TONES.get(what, ""))
        for what in dict.fromkeys(work.what for work in one.works)
        for words in tally(work for work in one.works if work.what == what)
    ]
    chips += [_rank(one.move)] if one.move else []
    chips += [e.chip(f"moved to {e.clean(one.relocation.after_name)}", "warn", "building-2")] if one.relocation else []
    chips += (
        [e.chip("records joined" if one.identity == "merged" else "records parted", "warn")] if one.identity else []
    )
    return _line(
        _who(replace(one.person, watched=False)), html.Div(chips, className="k-row wrap change-what"), one.works
    )


def _rank(one: Move) -> Component:
    """From where to where, with an arrow: up is a smaller number."""
    if not one.before or not one.after:
        words = f"new at rank {one.after:,}" if one.after else f"was rank {one.before:,}, not ranked now"
        return e.chip(words, "line", "log-in" if one.after else "log-out")
    up = one.after < one.before
    words = f"rank {one.before:,} → {one.after:,}"
    return e.chip(words, "good" if up else "line", "arrow-up" if up else "arrow-down")


def _move(one: Move) -> Component:
    parts = [
        f"{part.title} {e.number(part.before, 1)} → {e.number(part.after, 1)}"
        for part in sorted(one.parts, key=lambda part: -abs((part.after or 0) - (part.before or 0)))
    ]
    why = html.Div(
        [
            html.Div(f"{one.words[:1].upper()}{one.words[1:]}"),
            html.Div("; ".join(parts[:3]), className="k-muted k-small") if parts else None,
        ],
        className="k-grow",
    )
    return _line(_who(one.person), html.Div([_rank(one), why], className="k-row change-what"), one.why)


def _relocation(one: Relocation) -> Component:
    way = html.Div(
        [
            html.Span(e.clean(one.before_name), className="k-muted"),
            e.icon("arrow-right", 16, "to"),
            html.Span(e.clean(one.after_name), className="k-strong"),
        ],
        className="k-row wrap change-what",
    )
    return _line(_who(one.person), way, one.since, "that say so")


def _retraction(one: Retraction) -> Component:
    people = [
        dcc.Link(e.clean(who.name), href=f"/person/{who.id}") if who.here else html.Span(e.clean(who.name))
        for who in sorted(one.people, key=lambda who: (not who.watched, who.name, who.id))
    ]
    named: list[Component | str] = []
    for person in people[:PEOPLE]:
        named += [", ", person] if named else [person]
    rest = len(people) - PEOPLE
    concerned = html.Div(
        [*named, f" and {rest:,} more" if rest > 0 else None] if people else ["Nobody of this landscape"],
        className="k-small change-people",
    )
    return html.Li([_work(one.work, html.Div), concerned])


def _merge(one: Merge) -> Component:
    several = ", ".join(dict.fromkeys(e.clean(who.name) for who in one.several))
    people = e.count(len(one.several), "person", "people")
    words = f"{people} are one now: {several}" if one.what == "merged" else f"is {people} now: {several}"
    icon = e.icon("merge" if one.what == "merged" else "split", 16)
    return _line(_who(one.one), html.Div([icon, html.Span(words)], className="k-row change-what"), ())


def _work(one: Work, kind: Any = html.Li) -> Component:
    title = e.clean(one.title).rstrip(".") or one.label
    name = e.outside(title, one.page) if one.page else html.Span(title)
    facts = " · ".join(str(part) for part in (one.year or "no year", one.label) if part)
    chip = e.chip(LABELS[one.what], TONES.get(one.what, "line")) if one.what else None
    line: Component = kind(
        [chip, html.Div([name, html.Div(facts, className="k-muted k-small")], className="k-grow"), mark(one.sources)],
        className="k-row change-work",
    )
    return line
