"""The small parts that pages are made of: icons, cards, chips, numbers, empty and error states. Pure functions."""

import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from time import monotonic
from typing import Any
from urllib.parse import quote
from zipfile import ZipFile

import dash_mantine_components as dmc
from dash import dcc, html
from dash.development.base_component import Component

from kolgraph.errors import KolgraphError

_INVISIBLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


@cache
def _mask(name: str) -> str:
    with files("lucide").joinpath("lucide.zip").open("rb") as packed, ZipFile(packed) as icons:
        svg = icons.read(f"{name}.svg").decode()
    tight = re.sub(r">\s+<", "><", svg).replace("currentColor", "black")
    tight = re.sub(r"\s+", " ", tight)
    return f'url("data:image/svg+xml,{quote(tight, safe="/:= ")}")'


def icon(name: str, size: int = 20, label: str = "") -> Component:
    """A lucide icon in the colour of the text; without `label` it is decoration. Raises KeyError for an unknown one."""
    seen: dict[str, Any] = {"role": "img", **aria(label=label)} if label else aria(hidden="true")
    return html.Span(className="k-icon", style={"--k-svg": _mask(name), "--k-size": f"{size}px"}, **seen)


def aria(**values: Any) -> dict[str, Any]:
    """`label="Pages"` -> `{"aria-label": "Pages"}`, which is no name of a Python argument."""
    return {f"aria-{key}": value for key, value in values.items()}


def data(**values: Any) -> dict[str, Any]:
    """`act="same"` -> `{"data-act": "same"}`: what a script reads from an element."""
    return {f"data-{key.replace('_', '-')}": value for key, value in values.items()}


def drawer(id: str, children: Any, name: str = "", title: str = "", width: int = 520) -> Component:
    """A closed panel that slides in from the right, as wide as the screen on a phone."""
    return dmc.Drawer(
        children,
        id=id,
        className=name,
        title=title or None,
        opened=False,
        position="right",
        size=f"min({width}px, 100%)",
        zIndex=400,
        padding=24,
        closeButtonProps=aria(label="Close"),
    )


def dialog(id: str, title: str, *children: Any) -> Component:
    """A question in the middle of the screen."""
    return dmc.Modal(
        list(children), id=id, title=title, centered=True, zIndex=400, closeButtonProps=aria(label="Close")
    )


def confirm(id: str, title: str, no: str, yes: str) -> Component:
    """Whether to take something away: `id`-words says what, `id`-no and `id`-yes are the buttons."""
    buttons = [button(no, id=f"{id}-no"), button(yes, "trash-2", "danger", id=f"{id}-yes")]
    return dialog(id, title, html.P(id=f"{id}-words"), html.Div(buttons, className="k-row form-buttons"))


def clean(text: str) -> str:
    """Text for the screen: without control and bidirectional characters that could rearrange what stands around it."""
    return _INVISIBLE.sub("", text)


def count(number: int, one: str, many: str = "") -> str:
    """`1 paper`, `1,204 papers`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def scope_words(name: str) -> str:
    """The name of a scope inside a sentence: topics keep theirs."""
    return "all topics" if name == "All topics" else clean(name)


def number(value: float | None, digits: int = 0, missing: str = "not measured") -> str:
    """Thousands separated; what was not measured says so and is never 0."""
    return missing if value is None else f"{value:,.{digits}f}"


def card(title: str, *children: Any, side: Any = None, className: str = "", **props: Any) -> Component:
    """A titled panel; `side` stands at the right end of its head."""
    head = html.Div([html.H2(title), side], className="k-head")
    return html.Section([head, *children], className=f"k-card {className}".strip(), **props)


def chip(text: str, kind: str = "", name: str = "", **props: Any) -> Component:
    """A small label; `kind` is accent, warn, bad, good, line or nothing."""
    return html.Span([icon(name, 14) if name else None, text], className=f"k-chip {kind}".strip(), **props)


def button(text: str, name: str = "", kind: str = "", href: str = "", label: str = "", **props: Any) -> Component:
    """A button, or with `href` a link that looks like one; `label` names it for those who cannot see an icon alone."""
    classes = " ".join(filter(None, ("k-button", kind, "" if text else "only")))
    children = [icon(name, 18) if name else None, text or None]
    if label:
        props |= {"aria-label": label, "title": label}
    if not href:
        return html.Button(children, type="button", className=classes, **props)
    if href.startswith("/") and not href.startswith("/export/"):
        return dcc.Link(children, href=href, className=classes, **_link(props))
    return html.A(children, href=href, className=classes, **props)


def _link(props: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in props.items() if key in ("id", "title", "style", "target")}


def outside(text: Any, href: str) -> Component:
    """A link to a public page of a source: new tab, no referrer."""
    return html.A([text, icon("external-link", 14)], href=href, target="_blank", rel="noopener noreferrer")


def avatar(name: str, big: bool = False) -> Component:
    """The initials of a person."""
    words = [word for word in clean(name).split() if word[:1].isalpha()]
    letters = "".join(word[0] for word in dict.fromkeys((words[0], words[-1]))) if words else "?"
    return html.Span(letters.upper(), className="k-avatar big" if big else "k-avatar", **aria(hidden="true"))


def bar(share: float, colour: str = "") -> Component:
    """A horizontal bar of `share` (0 to 1) of its width; the number stands beside it in text."""
    style = {"width": f"{100 * max(0.0, min(1.0, share)):.1f}%"} | ({"background": colour} if colour else {})
    return html.Div(html.Span(style=style), className="k-bar", **aria(hidden="true"))


def empty(title: str, text: Any, *actions: Any, name: str = "inbox", head: Any = html.H3) -> Component:
    """What belongs here, why it is empty, one thing to do; `head` is H2 where it stands under no other heading."""
    return html.Div([icon(name, 28), head(title), html.P(text), *actions], className="k-empty")


def gone(what: str, error: KolgraphError, name: str, back: str, href: str) -> Component:
    """The page of a thing that is not there; `back` leads to all of its kind."""
    text = clean(error.sentence)
    body = empty(f"There is no such {what}", text, button(back, name, href=href), name=name, head=html.H2)
    return page(f"{what.capitalize()} not found", html.Div(body, className="k-card"))


def notice(children: Any, kind: str = "", name: str = "info") -> Component:
    """A message inside a page; `kind` is warn, bad or nothing."""
    role = "alert" if kind == "bad" else "status"
    return html.Div(
        [icon(name), html.Div(children, className="k-grow")], className=f"k-notice {kind}".strip(), role=role
    )


def problem(error: KolgraphError) -> Component:
    """What an error says, as a sentence in its place."""
    return notice(clean(error.sentence), "bad", "triangle-alert")


def toast(words: str, *more: Component) -> Component:
    """A short message in the corner that goes by itself, in time anew for each."""
    return html.Div(
        [icon("circle-check", 18), words, *more], className="k-passing", role="status", key=str(monotonic())
    )


def failure(what: str, todo: str, href: str = "") -> Component:
    """An error in its place: what happened, what to do, a way to try again."""
    again = html.A([icon("rotate-cw", 18), "Try again"], href=href, className="k-button") if href else None
    return html.Div(empty(what, todo, again, name="triangle-alert", head=html.H2), className="k-card", role="alert")


def page(title: str, *children: Any, lead: Any = None, actions: Sequence[Any] = (), **props: Any) -> Component:
    """The frame of a page's content: heading, one line of what it is for, actions, then its parts."""
    words = html.Div([html.H1(title), html.P(lead, className="k-muted") if lead else None])
    head = html.Header([words, html.Div(list(actions), className="k-row wrap") if actions else None])
    return html.Div([head, *children], **{"className": "k-page", **props})


def code(text: str) -> Component:
    """A command to type."""
    return html.Code(text, className="k-code")
