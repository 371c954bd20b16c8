"""The records of one person as a list to pick from: what each says, and what holds it to the others."""

from dash import html
from dash.development.base_component import Component

from kolgraph.services.identity_person import Held, Opened
from kolgraph.ui import elements as e
from kolgraph.ui.parts.identity_queue import percent

PEOPLE = 4  # coauthors named on a record
ORDERS = {"weakest": "Weakest link first", "newest": "Newest first"}


def opened(seen: Opened, order: str) -> list[Component | None]:
    """The head with what can be done, then every record."""
    facts = [e.count(seen.size, "record"), f"rank {seen.rank:,}" if seen.rank else "not ranked"]
    forms = " · ".join(f"{e.clean(form)} ×{count:,}" for form, count in seen.forms[:6])
    cut = f"The latest {len(seen.held):,} of {e.count(seen.size, 'record')}." if len(seen.held) < seen.size else None
    return [
        html.Div(
            [
                html.Div(
                    [
                        html.H2(f"Records of {e.clean(seen.name)}", className="k-grow"),
                        e.button("Back to the pairs", "arrow-left", "small", **e.data(act="leave")),
                    ],
                    className="k-row wrap",
                ),
                html.P(" · ".join(facts), className="k-muted"),
                html.P(seen.confidence.about, className="k-muted"),
                html.P(forms, className="k-muted k-small"),
                html.Div([_orders(seen, order), _acts()], className="k-row wrap ident-tools"),
            ],
            className="ident-head",
            **e.data(person=seen.person, name=e.clean(seen.name)),
        ),
        html.P(cut, className="k-muted k-small") if cut else None,
        html.Ul(
            [_mention(one, seen) for one in seen.held], className="k-card ident-mentions", **e.aria(label="Records")
        ),
    ]


def _orders(seen: Opened, order: str) -> Component:
    buttons = [
        html.Button(
            words,
            type="button",
            className="ident-tab",
            **e.data(act="order", order=key, person=seen.person),
            **e.aria(pressed="true" if key == order else "false"),
        )
        for key, words in ORDERS.items()
    ]
    return html.Div(buttons, className="ident-tabs k-grow", role="group", **e.aria(label="Order"))


def _acts() -> Component:
    return html.Div(
        [
            html.Span(id="identity-picked", className="k-muted k-small", role="status"),
            html.Button(
                ["Why are two one? ", html.Kbd("E")], type="button", className="k-button small", disabled=True,
                **e.data(act="weigh"),
            ),
            html.Button(
                [e.icon("split", 16), "Split off ", html.Kbd("X")], type="button", className="k-button small",
                disabled=True, **e.data(act="split"),
            ),
        ],
        className="k-row wrap",
    )  # fmt: skip


def _mention(one: Held, seen: Opened) -> Component:
    work = one.work
    title = e.clean(work.title) or work.label
    facts = [str(work.year or "no year"), e.clean(work.where), work.label, f"as {e.clean(work.form)}"]
    people = [e.clean(name) for _, name in work.with_[:PEOPLE]]
    more = len(work.with_) - PEOPLE
    company = f"with {', '.join(people)}{f' and {more:,} more' if more > 0 else ''}" if people else ""
    if not people and work.team > 1:
        company = f"on a list of {work.team:,} names"
    page = e.outside("Record", work.page) if work.page else None
    return html.Li(
        [
            html.Button(
                [
                    html.Span(e.icon("check", 14), className="ident-tick"),
                    html.Span(
                        [
                            html.Span(title, className="k-strong"),
                            html.Span(" · ".join(filter(None, facts)), className="k-muted k-small"),
                            html.Span(e.clean("; ".join(work.places)) or "no affiliation", className="k-small"),
                            html.Span(company, className="k-muted k-small") if company else None,
                        ],
                        className="k-stack k-grow",
                    ),
                ],
                type="button",
                role="checkbox",
                className="ident-pick k-grow",
                **e.aria(checked="false"),
            ),
            html.Div([_held(one, seen), page], className="ident-held k-small"),
        ],
        className="ident-mention",
        **e.data(mention=work.mention),
    )


def _held(one: Held, seen: Opened) -> Component:
    if one.by == "hard":
        return html.Div(e.chip("ORCID, NPI or judgement", "good", "lock"))
    if one.by == "alone":
        return html.Span("the only record" if seen.size == 1 else "the others were joined to it", className="k-muted")
    tone = "line" if (one.probability or 0) >= 0.95 else "warn"
    words = "; ".join(e.clean(text) for text in one.words)
    return html.Div(
        [
            e.chip(f"{percent(one.probability or 0)} with {one.other_label}", tone, "link"),
            html.Div(words, className="k-muted") if words else None,
            html.Button(
                "All evidence", type="button", className="ident-link",
                **e.data(act="held", a=one.work.mention, b=one.other),
            ),
        ]
    )  # fmt: skip
