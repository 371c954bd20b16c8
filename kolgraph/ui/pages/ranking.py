"""Ranking: people by a score in a topic, under filters, with the words that explain the score."""

from collections.abc import Mapping
from dataclasses import asdict
from functools import partial
from typing import Any
from urllib.parse import parse_qsl, urlencode

import dash_ag_grid as dag
import dash_mantine_components as dmc
from dash import Dash, Input, Output, State, ctx, html, no_update
from dash.development.base_component import Component
from dash.exceptions import PreventUpdate

from kolgraph.geo import country_name
from kolgraph.services import ranking
from kolgraph.services.confidence import WORDS
from kolgraph.services.data import condition
from kolgraph.services.explore import scopes
from kolgraph.ui import elements as e
from kolgraph.ui.parts.downloads import offer
from kolgraph.ui.parts.grid import columns, rows
from kolgraph.ui.user import user
from kolgraph.workspace import Workspace

PATH, TITLE, ICON = "/ranking", "Ranking", "chart-bar"
LIVE = True
DEFAULTS = asdict(ranking.Filters())
CLEARED = ("country", "institution", "identity")  # a select shows nothing for None
_OPTIONS: dict[str, Any] = {
    "rowHeight": 48,
    "headerHeight": 40,
    "animateRows": False,
    "suppressCellFocus": False,
    "enableCellTextSelection": True,
    "suppressDragLeaveHidesColumns": True,
    "localeText": {"noRowsToShow": "Nobody matches these filters"},
}


def layout(ws: Workspace, **asked: str) -> Component:
    """The page at the filters of its address; unknown values fall back to the defaults."""
    state = condition(ws)
    known = ranking.definitions(ws) if state.state != "empty" else {}
    if not known:
        return e.page(
            TITLE,
            html.Div(
                e.empty("Nothing is ranked yet", state.notice, name="chart-bar", head=html.H2), className="k-card"
            ),
        )
    chosen = _chosen(ws, asked)
    shown = ranking.table(ws, chosen)
    place = chosen.institution
    name = ranking.institution_name(ws, place) if place else ""
    return e.page(
        TITLE,
        html.Div(
            [
                _select("scope", "Topic", [{"value": id, "label": name} for id, name in scopes(ws)], chosen.scope),
                _select("score", "Rank by", _scores(ws, chosen.scope), chosen.score),
                _select("country", "Country", _countries(ws, chosen), chosen.country, "All countries"),
                _select(
                    "institution",
                    "Institution",
                    [{"value": place, "label": name}] if name else [],
                    place if name else "",
                    "Type a name",
                    nothingFoundMessage="Type the first letters of a name",
                ),
                dmc.TextInput(
                    id="ranking-text",
                    label="Name",
                    value=chosen.text,
                    placeholder="Search in names",
                    debounce=250,
                    leftSection=e.icon("search", 16),
                ),
                _select("identity", "Identity", _identities(), chosen.identity, "Settled or not"),
            ],
            className="ranking-filters k-card",
        ),
        html.Div(
            [
                html.Div(_summary(shown), id="ranking-summary", className="k-grow", **e.aria(live="polite")),
                html.Div(_links(chosen), id="ranking-links", className="k-row wrap"),
            ],
            className="k-row wrap ranking-head",
        ),
        html.Div(_about(shown), id="ranking-about"),
        html.Div(
            dag.AgGrid(
                id="ranking-grid",
                columnDefs=columns(shown),
                rowData=rows(shown),
                getRowId="params.data.id",
                defaultColDef={"sortable": True, "resizable": True, "suppressMovable": True},
                dashGridOptions=_OPTIONS,
                className="k-grid-table ranking-grid",
            ),
            id="ranking-table",
        ),
        lead="Who leads in a topic, by which measure, and how much of it was measured.",
        className="k-page ranking-page",
    )


def _select(name: str, label: str, data: list[Any], value: str, hint: str = "", **props: Any) -> Component:
    return dmc.Select(
        id=f"ranking-{name}",
        label=label,
        data=data,
        value=value or None,
        placeholder=hint or None,
        searchable=name in ("country", "institution"),
        clearable=bool(hint),
        clearButtonProps=e.aria(label=f"Clear: {label}"),
        allowDeselect=False,
        checkIconPosition="right",
        maxDropdownHeight=320,
        **props,
    )


def _scores(ws: Workspace, scope: str) -> list[Any]:
    """Influence, then its dimensions, then the raw measures under them; what nobody has cannot be chosen."""
    known = ranking.definitions(ws)
    missing = ranking.unmeasured(ws, scope)

    def option(id: str) -> dict[str, Any]:
        gone = id in missing
        return {"value": id, "label": f"{known[id].title}{' (not measured)' if gone else ''}", "disabled": gone}

    first = [id for id in ("influence",) if id in known]
    sides = [id for id in ranking.DIMENSIONS if id in known]
    raw = [id for id in known if id not in (*first, *sides, "coverage")]
    groups = (("Composite", first), ("Dimensions", sides), ("Measures", raw))
    return [{"group": title, "items": [option(id) for id in ids]} for title, ids in groups if ids]


def _countries(ws: Workspace, chosen: ranking.Filters) -> list[dict[str, str]]:
    """The countries of the topic, and the chosen one even where the topic has nobody there."""
    found = ranking.countries(ws, chosen.scope)
    if chosen.country and chosen.country not in {code for code, *_ in found}:
        found.append((chosen.country, country_name(chosen.country), 0))
    return [{"value": code, "label": f"{name} ({people:,})"} for code, name, people in found]


def _identities() -> list[dict[str, str]]:
    return [{"value": word, "label": word[:1].upper() + word[1:]} for word in WORDS]


def _asked(search: str | None) -> dict[str, str]:
    """The filters in the query of an address."""
    return {key: value for key, value in parse_qsl((search or "").lstrip("?")) if key in DEFAULTS}


def _chosen(ws: Workspace, asked: Mapping[str, str | None]) -> ranking.Filters:
    given = {key: (asked.get(key) or DEFAULTS[key])[:200] for key in DEFAULTS}
    if given["scope"] not in dict(scopes(ws)):
        given["scope"] = "all"
    if given["score"] not in ranking.definitions(ws):
        given["score"] = "influence"
    if given["identity"] not in WORDS:
        given["identity"] = ""
    return ranking.Filters(**given)


def _summary(shown: ranking.Table) -> Component:
    count = len(shown.rows)
    people = f"the first {count:,}" if shown.cut else f"{count:,}"
    words = f"{people[:1].upper()}{people[1:]} of {e.count(shown.total, 'person', 'people')} ranked"
    return html.P(
        [
            html.Span(words, className="k-strong"),
            html.Span(f" by {shown.score.title} in {e.scope_words(shown.scope_name)}"),
        ]
    )


def _links(chosen: ranking.Filters) -> list[Component]:
    query = urlencode({key: value for key, value in asdict(chosen).items() if value})
    place = f"&place={chosen.institution}" if chosen.institution else ""
    return [
        e.button("Show in Explore", "waypoints", href=f"/explore?scope={chosen.scope}{place}"),
        e.button("CSV", "download", href=f"/export/ranking.csv?{query}", label="Export as CSV"),
        e.button("XLSX", "file-spreadsheet", href=f"/export/ranking.xlsx?{query}", label="Export for Excel"),
    ]


def _about(shown: ranking.Table) -> Component:
    first, *rest = [part for part in shown.score.about.split("\n\n") if part.strip()] or ["No description."]
    summary = html.Summary(
        [
            e.icon("chevron-right", 16),
            html.Span(
                [
                    html.Span(f"What {shown.score.title} means: ", className="k-strong"),
                    first.split(". ")[0].rstrip("."),
                    ".",
                ]
            ),
        ]
    )
    note = (
        "Ranks are those of the whole topic, whatever the filters. A dimension that was not measured is left out "
        "and never counts as zero. A score describes published work and registered trials, nothing else."
    )
    texts = [html.P(part, className="k-muted") for part in (first, *rest, note)]
    return html.Details([summary, *texts], className="ranking-about")


def register(app: Dash, ws: Workspace) -> None:
    """Filters to table, address and links; the address back to the filters; institutions by name; exports."""
    for suffix in ("csv", "xlsx"):
        offer(app.server, f"ranking.{suffix}", partial(_file, ws, suffix))

    @app.callback(
        Output("ranking-grid", "columnDefs"),
        Output("ranking-grid", "rowData"),
        Output("ranking-summary", "children"),
        Output("ranking-links", "children"),
        Output("ranking-about", "children"),
        Output("ranking-country", "data"),
        Output("ranking-score", "data"),
        Output("url", "search", allow_duplicate=True),
        *(Input(f"ranking-{name}", "value") for name in DEFAULTS),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def show(*given: str | None) -> Any:
        *values, search = given
        chosen = _chosen(ws, dict(zip(DEFAULTS, values, strict=True)))
        shown = ranking.table(ws, chosen)
        kept = {key: value for key, value in asdict(chosen).items() if value != DEFAULTS[key]}
        query = f"?{urlencode(kept)}" if kept else ""
        moved = ctx.triggered_id == "ranking-scope"
        choices = (_countries(ws, chosen), _scores(ws, chosen.scope)) if moved else (no_update, no_update)
        address = no_update if _asked(search) == kept else query
        return columns(shown), rows(shown), _summary(shown), _links(chosen), _about(shown), *choices, address

    @app.callback(
        *(Output(f"ranking-{name}", "value", allow_duplicate=True) for name in DEFAULTS),
        Output("ranking-institution", "data", allow_duplicate=True),
        Input("url", "search"),
        State("url", "pathname"),
        *(State(f"ranking-{name}", "value") for name in DEFAULTS),
        prevent_initial_call=True,
    )
    def follow(search: str | None, path: str, *now: str | None) -> Any:
        asked = _chosen(ws, _asked(search))
        if path != PATH or asked == _chosen(ws, dict(zip(DEFAULTS, now, strict=True))):
            raise PreventUpdate
        place = asked.institution
        options = [{"value": place, "label": ranking.institution_name(ws, place)}] if place else []
        return *(value or None if name in CLEARED else value for name, value in asdict(asked).items()), options

    @app.callback(
        Output("ranking-institution", "data"),
        Input("ranking-institution", "searchValue"),
        State("ranking-institution", "data"),
        State("ranking-institution", "value"),
        prevent_initial_call=True,
    )
    def institutions(text: str | None, known: list[dict[str, str]], value: str | None) -> Any:
        if not text or any(one["label"] == text for one in known or []):  # the label of what was just chosen
            return no_update
        chosen = [one for one in known or [] if one["value"] == value]
        found = [{"value": id, "label": e.clean(name)} for id, name, _ in ranking.institutions(ws, text[:200])]
        return chosen + [one for one in found if one["value"] != value]


def _file(ws: Workspace, suffix: str, asked: Mapping[str, str]) -> bytes:
    return ranking.file(ws, ranking.table(ws, _chosen(ws, asked)), suffix, user())
