"""Data: where everything comes from, what was left out and why, what the scores mean, whether the ledger is whole."""

from collections.abc import Iterable, Sequence
from typing import Any

from dash import Dash, dcc, html
from dash.development.base_component import Component

from kolgraph.ids import public_page
from kolgraph.services.data import SHOWN, Doubt, Inventory, Loaded, inventory
from kolgraph.services.ranking import definitions
from kolgraph.ui import elements as e
from kolgraph.ui.parts.plan_list import day
from kolgraph.workspace import Workspace

PATH, TITLE, ICON = "/data", "Data", "database"
STATES = {
    "done": ("Complete", "good"),
    "running": ("Running", "accent"),
    "incomplete": ("Incomplete", "warn"),
    "failed": ("Failed", "bad"),
}
NODES = ("Person", "Publication", "Trial", "Institution", "Topic", "Score", "Community", "Build")
NAMES = {
    "Person": "People",
    "Publication": "Papers",
    "Trial": "Trials",
    "Institution": "Institutions",
    "Topic": "Topics",
    "Score": "Scores",
    "Community": "Communities",
    "AUTHORED": "wrote",
    "INVESTIGATED": "investigates",
    "AFFILIATED_WITH": "belongs to",
    "CONDUCTED_AT": "conducted at",
    "SPONSORED_BY": "sponsored by",
    "ABOUT": "is about",
    "REPORTS": "reports",
    "PART_OF": "is part of",
    "COAUTHORED_WITH": "coauthor of",
    "SCORED": "has a score",
    "COINVESTIGATED_WITH": "co-investigator of",
    "MEMBER_OF": "member of",
    "NOMINATED": "named as a peer",
}


def layout(ws: Workspace, **_: str) -> Component:
    """The page; the chain of the ledger is recomputed each time."""
    seen = inventory(ws)
    return e.page(
        TITLE,
        html.Div([_build(seen), _ledger(seen)], className="data-pair"),
        _loads(seen),
        html.Div([_counts(seen, True), _counts(seen, False)], className="data-pair"),
        html.Div([_quarantine(seen), _unknown(seen)], className="data-pair"),
        _doubts(seen),
        _scores(ws, seen),
        lead="Where each fact comes from, what was left out and why, and what the numbers mean.",
    )


def _table(heads: Sequence[str], rows: Iterable[Sequence[Any]], numbers: Sequence[int] = ()) -> Component:
    """A plain table; `numbers` are the columns that stand right."""

    def cell(kind: Any, i: int, content: Any) -> Component:
        return kind(content, className="k-num" if i in numbers else "")

    head = html.Thead(html.Tr([cell(html.Th, i, text) for i, text in enumerate(heads)]))
    body = html.Tbody([html.Tr([cell(html.Td, i, content) for i, content in enumerate(row)]) for row in rows])
    return html.Div(html.Table([head, body]), className="data-table", tabIndex=0)


def _build(seen: Inventory) -> Component:
    if seen.condition.state == "empty":
        return e.card("Graph", e.empty("No graph yet", seen.condition.notice, name="construction"))
    build = seen.build
    facts = [
        ("State", seen.condition.notice or "complete, scored"),
        ("Built", _when(build.get("builtAt", ""))),
        ("Scored", _when(build.get("scoredAt", "")) or "not yet"),
        ("Build", e.code(build.get("id", "")[:24])),
        ("Content hash", ["computed by ", e.code("kolgraph status --hash")]),
    ]
    return e.card("Graph", _facts(facts))


def _ledger(seen: Inventory) -> Component:
    whole = seen.ledger.ok
    chip = e.chip("Verified", "good", "shield-check") if whole else e.chip("Broken", "bad", "shield-alert")
    facts = [
        ("Entries", f"{seen.ledger.count:,}"),
        ("Head", e.code(seen.ledger.head[:24]) if seen.ledger.head else "none yet"),
        ("Check", "every entry follows from the one before" if whole else e.clean(seen.ledger.reason)),
    ]
    words = "Plans, notes and judgements of identity. A rebuild never touches it: back this file up."
    return e.card("Ledger", _facts(facts), html.P(words, className="k-muted k-small data-note"), side=chip)


def _facts(facts: Sequence[tuple[str, Any]]) -> Component:
    return html.Dl([html.Div([html.Dt(name), html.Dd(value)]) for name, value in facts], className="data-facts")


def _when(time: str) -> str:
    return f"{day(time[:10])}, {time[11:16]} UTC" if len(time) >= 16 else time


def _loads(seen: Inventory) -> Component:
    if not seen.loads:
        body: Component = e.empty(
            "Nothing is loaded", ["Load files with ", e.code("kolgraph load pubmed --file FILE"), "."], name="download"
        )
        return e.card("Loads", body)
    heads = ("Source", "From", "When", "Records", "Left out", "Licence", "State")
    return e.card("Loads", _table(heads, map(_load, seen.loads), numbers=(3, 4)), side=_records(seen))


def _records(seen: Inventory) -> Component:
    words = ", ".join(f"{count:,} {kind}" for kind, count in seen.records.items())
    return html.Span(f"{words} held", className="k-muted k-small")


def _load(one: Loaded) -> list[Any]:
    word, tone = STATES[one.load.state]
    name = e.outside(one.title, one.home) if one.home else one.title
    where = html.Span(_short(one.load.origin), className="k-nowrap", title=e.clean(one.load.origin))
    state = [
        e.chip(word, tone),
        html.Div(e.clean(one.load.note), className="k-muted k-small") if one.load.note else None,
    ]
    return [
        name,
        where,
        html.Span(day(one.load.started_at[:10]), className="k-nowrap"),
        f"{one.load.records:,}",
        f"{one.load.rejected:,}",
        one.licence,
        state,
    ]


def _short(origin: str) -> str:
    """The end of a path or address, which tells loads apart."""
    origin = origin.partition(" as list=")[0]  # how a list was read is on Lists
    return e.clean(origin.rstrip("/").rsplit("/", 1)[-1])[:48] or "service"


def _counts(seen: Inventory, nodes: bool) -> Component:
    title = "Nodes" if nodes else "Edges"
    found = [(label, count) for label, count in seen.counts if (label in NODES) == nodes and label != "Build"]
    if not found:
        return e.card(title, html.P("None yet.", className="k-muted"))
    most = max(count for _, count in found) or 1
    rows = [
        html.Li(
            [
                html.Span(NAMES.get(label, label), className="data-label"),
                html.Div(e.bar(count / most), className="k-grow"),
                html.Span(f"{count:,}", className="k-num data-count"),
            ],
            className="k-row",
        )
        for label, count in sorted(found, key=lambda pair: -pair[1])
    ]
    return e.card(title, html.Ul(rows, className="k-stack"))


def _quarantine(seen: Inventory) -> Component:
    if not seen.quarantined:
        return e.card(
            "Quarantine",
            e.empty(
                "Nothing is in quarantine",
                "Records that cannot be read would be listed here with the reason.",
                name="shield-check",
            ),
        )
    rows = [[e.clean(one.where)[:60], e.clean(one.reason)[:200], _short(one.origin)] for one in seen.quarantine]
    return e.card(
        "Quarantine",
        _table(("Where", "Why it could not be read", "From"), rows),
        side=_first(seen.quarantined, "record"),
    )


def _unknown(seen: Inventory) -> Component:
    if not seen.unknown:
        return e.card(
            "Unknown values",
            e.empty(
                "Nothing unknown",
                "Words of a source that kolgraph has no word for are kept and counted here.",
                name="circle-check",
            ),
        )
    rows = [[source, e.clean(what), f"{count:,}"] for source, what, count in seen.unknown[:SHOWN]]
    return e.card(
        "Unknown values",
        _table(("Source", "What it said", "Times"), rows, numbers=(2,)),
        side=_first(len(seen.unknown), "value"),
    )


def _doubts(seen: Inventory) -> Component:
    if not seen.doubtful:
        return e.card(
            "Doubts",
            e.empty("No doubts", "Pairs of mentions that may be one person would be listed here.", name="users"),
        )
    words = "Pairs of mentions that may be one person and were kept apart; the closest calls first."
    return e.card(
        "Doubts about identity",
        html.P([words, " ", dcc.Link("Decide them on Identity", href="/identity")], className="k-muted data-lead"),
        _table(("One mention", "The other", "Log-odds", "Evidence"), map(_doubt, seen.doubts), numbers=(2,)),
        side=_first(seen.doubtful, "pair"),
    )


def _doubt(one: Doubt) -> list[Any]:
    return [
        _mention(one.a, one.names[0]),
        _mention(one.b, one.names[1]),
        "not weighed" if one.logodds is None else f"{one.logodds:+.1f}",
        html.Span(e.clean(one.reasons)[:240], className="k-small"),
    ]


def _mention(key: str, written: str) -> Component:
    record, _, position = key.partition("#")
    page = public_page(record)
    place = f"{record.replace('pmid:', 'PMID ').replace('nct:', '')}, name {int(position) + 1}"
    if record.startswith("own:"):
        place = f"own list {record.split(':')[1]}"
    source = e.outside(place, page) if page else place
    return html.Div([html.Div(e.clean(written), className="k-strong"), html.Div(source, className="k-small")])


def _first(count: int, one: str) -> Component:
    words = f"first {SHOWN:,} of {count:,} {one}s" if count > SHOWN else e.count(count, one)
    return html.Span(words, className="k-muted k-small")


def _scores(ws: Workspace, seen: Inventory) -> Component:
    known = definitions(ws) if seen.condition.state not in ("empty", "building") else {}
    if not known:
        return e.card("What the scores mean", html.P("Nothing is scored yet.", className="k-muted"))
    rows = [
        html.Div(
            [
                html.Dt([html.Span(one.title, className="k-strong"), html.Div(one.unit, className="k-muted k-small")]),
                html.Dd(
                    [
                        *(html.P(text) for text in one.about.split("\n\n")),
                        dcc.Link("Rank by it", href=f"/ranking?score={one.id}"),
                    ]
                ),
            ]
        )
        for one in known.values()
    ]
    return e.card("What the scores mean", html.Dl(rows, className="data-scores"))


def register(app: Dash, ws: Workspace) -> None:
    """Nothing to answer: the page only shows."""
