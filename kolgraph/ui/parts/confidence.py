"""How sure an identity is, wherever a person is shown: an icon, a word, a percentage, and a way to the evidence."""

from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from kolgraph.services.confidence import Confidence, percent
from kolgraph.ui import elements as e

LOOKS = {
    "settled": ("good", "user-check"),
    "likely": ("accent", "user-check"),
    "in doubt": ("warn", "user-search"),
    "one record only": ("line", "user"),
    "not checked": ("line", "circle-question-mark"),
}


def chip(one: Confidence, person: str) -> Component:
    """In full, for the head of a person."""
    kind, icon = LOOKS[one.word]
    words = html.Span([e.icon(icon, 14), f"Identity: {one.short}"], **_told(one.about))
    return dcc.Link(words, href=where(person), className=f"k-chip sure-chip {kind}", title=one.about)


def mark(one: Confidence | None, person: str) -> Component | None:
    """In small, beside a name in a list: the word only where there is doubt. None for nobody of this landscape."""
    if one is None:
        return None
    kind, icon = LOOKS[one.word]
    figure = "" if one.value is None else percent(one.value)
    shown = f"{one.word} {figure}" if one.doubtful else figure
    about = f"Identity {one.short}. {one.about}"
    words = html.Span([e.icon(icon, 14, f"Identity {one.short}"), shown or None], **_told(about))
    return dcc.Link(words, href=where(person), className=f"k-sure {kind}", title=about)


def _told(about: str) -> dict[str, Any]:
    """For those who come by keyboard: the words beside the focus."""
    return {"className": "sure-words", "data-tip": about}


def where(person: str) -> str:
    """The page on which the mentions of a person are looked at and judged."""
    return f"/identity?person={person}"


def both(names: tuple[str, str], people: tuple[str, str], sure: tuple[Confidence, Confidence]) -> Component:
    """Under the evidence of a tie: it is worth no more than the identity of either end."""
    ends = [
        html.Span([e.clean(name), mark(one, who)], className="k-row")
        for name, who, one in zip(names, people, sure, strict=True)
    ]
    return html.P(["Identity:", *ends], className="k-small k-muted sure-both")
