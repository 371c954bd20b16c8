"""What changed: between two builds, for the people watched, at the top of a topic, at institutions, by retraction."""

from collections.abc import Mapping
from functools import partial
from typing import Any
from urllib.parse import parse_qsl, urlencode

import dash_mantine_components as dmc
from dash import MATCH, Dash, Input, Output, State, ctx, dcc, html, no_update, set_props
from dash.development.base_component import Component
from dash.exceptions import PreventUpdate

from kolgraph.errors import UsageError
from kolgraph.services import changes, watch
from kolgraph.services.changed import Changes
from kolgraph.services.data import condition
from kolgraph.services.explore import scopes
from kolgraph.services.identity_changes import identity_changes as known
from kolgraph.ui import elements as e
from kolgraph.ui.parts import change_list, identity_changes
from kolgraph.ui.parts.confidence import mark
from kolgraph.ui.parts.downloads import offer
from kolgraph.ui.parts.forms import NO_PATIENTS
from kolgraph.ui.parts.plan_list import day
from kolgraph.ui.parts.watch_toggle import toggle
from kolgraph.ui.user import user
from kolgraph.workspace import Workspace

PATH, TITLE, ICON = "/changes", "Changes", "bell"
LIVE = True
TOPS = (10, 20, 50, 100, 500)
NAMES = ("scope", "top", "from", "to")


def layout(ws: Workspace, **asked: str) -> Component:
    """The page at the filters of its address; unknown values fall back to the defaults."""
    lead = "New work of the people you watch, who rose and fell and why, who moved, what was retracted."
    state = condition(ws)
    if state.state == "empty":
        nothing = e.empty("Nothing is built yet", state.notice, name=ICON, head=html.H2)
        return e.page("What changed", html.Div(nothing, className="k-card"), lead=lead)
    chosen = _chosen(ws, asked)
    known = list(reversed(changes.builds(ws)))
    built = [{"value": one.folder, "label": f"{day(one.built[:10])}, {one.built[11:16]} UTC"} for one in known]
    tops = [{"value": str(one), "label": f"Top {one:,}"} for one in TOPS]
    return e.page(
        "What changed",
        html.Div(
            [
                _select("scope", "Topic", [{"value": id, "label": e.clean(name)} for id, name in scopes(ws)], chosen),
                _select("top", "People", tops, chosen),
                _select("from", "From the build of", built, chosen),
                _select("to", "To the build of", built, chosen),
            ],
            className="change-filters k-card",
        ),
        html.Div(_body(ws, chosen), id="changes-body", className="k-stack change-body"),
        html.Div(_who_is_who(ws), id="changes-who"),
        html.Div(_watch_list(ws), id="changes-watch-list"),
        lead=lead,
    )


def _who_is_who(ws: Workspace) -> Component | None:
    try:
        return identity_changes.section(known(ws))
    except UsageError:
        return None


def _select(name: str, label: str, data: list[dict[str, str]], chosen: Mapping[str, str]) -> Component:
    return dmc.Select(
        id=f"changes-{name}",
        label=label,
        data=data,
        value=chosen[name] or None,
        allowDeselect=False,
        checkIconPosition="right",
        maxDropdownHeight=320,
        placeholder="no other build" if name == "from" else None,
        disabled=name in ("from", "to") and len(data) < 2,
    )


def _chosen(ws: Workspace, asked: Mapping[str, str | None]) -> dict[str, str]:
    """Scope, top, and the folders of the two builds, "" for one that there is not."""
    scope, top = asked.get("scope") or "all", asked.get("top") or ""
    found = {
        "scope": scope if scope in dict(scopes(ws)) else "all",
        "top": top if top in map(str, TOPS) else str(changes.TOP),
    }
    for start, end in ((asked.get("from") or "", asked.get("to") or ""), ("", "")):
        try:
            before, after = changes.pick(ws, start, end)
        except UsageError:
            continue
        return found | {"from": before.folder, "to": after.folder}
    known = changes.builds(ws)
    return found | {"from": "", "to": known[-1].folder if known else ""}


def _found(ws: Workspace, chosen: Mapping[str, str]) -> Changes:
    return changes.changes(ws, chosen["from"], chosen["to"], chosen["scope"], int(chosen["top"]))


def _body(ws: Workspace, chosen: Mapping[str, str]) -> list[Component | None]:
    try:
        found = _found(ws, chosen)
    except UsageError as error:
        nothing = e.empty("Nothing to compare yet", error.sentence, name=ICON, head=html.H2)
        return [html.Div(nothing, className="k-card")]
    where = e.scope_words(found.scope_name)
    top = f"the top {found.top:,}"
    left = f" {e.count(len(found.left), 'person', 'people')} left it." if found.left else ""
    nobody = not watch.watched(ws)
    return [
        _summary(found, chosen),
        e.notice(f"For everybody: {'; '.join(found.notes)}.", "warn", "triangle-alert") if found.notes else None,
        change_list.section(
            "Watched people",
            "watched",
            change_list.watched(found),
            "You watch nobody yet: press Watch on a person's page."
            if nobody
            else "Nothing new from the people watched.",
        ),
        html.Div(
            [
                change_list.section(
                    f"New in {top}",
                    "entered",
                    change_list.moves(found.entered),
                    f"Nobody is new in {top} of {where}.",
                    f"By influence in {where}.{left}",
                ),
                change_list.section(
                    "Moved",
                    "moved",
                    change_list.moves(found.moved),
                    f"Nobody within {top} of {where} changed places.",
                    "Why: the person's own records that came or went; where none did, others moved.",
                ),
            ],
            className="k-stack change-pair",
        ),
        change_list.section(
            "Institutions",
            "institutions",
            change_list.relocations(found.relocated),
            f"Nobody watched or within {top} changed institution.",
            "The current institution is the one on the latest record that names a known one.",
        ),
        change_list.section(
            "Retractions",
            "retractions",
            change_list.retractions(found.retractions),
            "No paper was retracted, no record withdrawn by its source.",
            "Retracted papers count for nobody.",
        ),
        change_list.section(
            "Identity",
            "identity",
            change_list.merges(found.merged),
            "No watched or leading person was joined with another or parted.",
            "What new evidence or a judgement changed about who is who.",
        ),
    ]


def _summary(found: Changes, chosen: Mapping[str, str]) -> Component:
    came, gone = e.count(found.new_records, "record"), e.count(found.gone_records, "record")
    words = f"From {_when(found.before.built, found.after.built)} to {_when(found.after.built, found.before.built)}"
    return html.Div(
        [
            html.P(
                [html.Span(words, className="k-strong"), f": {came} came, {gone} went."],
                className="k-grow",
                **e.aria(live="polite"),
            ),
            e.button("CSV", "download", href=f"/export/changes.csv?{urlencode(chosen)}", label="Export as CSV"),
        ],
        className="k-row wrap change-summary",
    )


def _when(one: str, other: str) -> str:
    """The day of a build, with the time where both are of one day."""
    return day(one[:10]) + (f", {one[11:16]}" if one[:10] == other[:10] else "")


def _watch_list(ws: Workspace) -> Component:
    listed = watch.watched(ws)
    if not listed:
        nobody = e.empty(
            "Nobody is watched yet",
            "Press Watch on a person's page or in Explore; a rebuild keeps the list.",
            e.button("See the ranking", "chart-bar", href="/ranking"),
            name="eye",
        )
        return e.card("Watch list", nobody)
    guard = html.Span([e.icon("shield-alert", 14), NO_PATIENTS], className="form-guard")
    return e.card("Watch list", html.Ul([_watched(one) for one in listed], className="change-watched"), side=guard)


def _watched(one: watch.Watched) -> Component:
    name = e.clean(one.name)
    facts = f"{e.clean(one.place)} · since {day(one.since)}, {e.clean(one.by)}"
    return html.Li(
        [
            html.Div(
                [
                    html.Div(
                        [dcc.Link(name, href=f"/person/{one.id}", className="k-strong"), mark(one.identity, one.id)],
                        className="k-row change-name",
                    ),
                    html.Div(facts, className="k-muted k-small"),
                ],
                className="k-grow",
            ),
            dmc.TextInput(
                id={"type": "watch-why", "person": one.id},
                value=one.why,
                placeholder="Why watched",
                debounce=True,
                className="change-why-field",
                **e.aria(label=f"Why {name} is watched"),
            ),
            toggle(one.id, one.name, True, "small"),
        ],
        className="k-row wrap",
    )


def register(app: Dash, ws: Workspace) -> None:
    """Filters to the address, the address to the page; why somebody is watched; the export."""
    offer(app.server, "changes.csv", partial(_file, ws))
    identity_changes.register(app, ws)

    @app.callback(
        Output("url", "search", allow_duplicate=True),
        *(Input(f"changes-{name}", "value") for name in NAMES),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def address(*given: str | None) -> Any:
        *values, search = given
        asked = dict(zip(NAMES, values, strict=True))
        plain = _chosen(ws, {})
        kept = {key: value for key, value in asked.items() if value and value != plain[key]}
        return no_update if _chosen(ws, _asked(search)) == _chosen(ws, kept) else f"?{urlencode(kept)}" if kept else ""

    @app.callback(
        Output("changes-body", "children"),
        *(Output(f"changes-{name}", "value") for name in NAMES),
        Input("url", "search"),
        State("url", "pathname"),
        *(State(f"changes-{name}", "value") for name in NAMES),
        prevent_initial_call=True,
    )
    def follow(search: str | None, path: str, *shown: str | None) -> Any:
        if path != PATH:
            raise PreventUpdate
        chosen = _chosen(ws, _asked(search))
        wanted = tuple(chosen[name] or None for name in NAMES)
        # what stands already is left alone: it may have been chosen anew by the time that this arrives
        return _body(ws, chosen), *(no_update if new == old else new for new, old in zip(wanted, shown, strict=True))

    @app.callback(
        Output({"type": "watch-why", "person": MATCH}, "error"),
        Input({"type": "watch-why", "person": MATCH}, "value"),
        prevent_initial_call=True,
    )
    def why(words: str | None) -> Any:
        id = str(ctx.triggered_id["person"])
        if not watch.note(ws, id, (words or "").strip(), user()):
            return no_update
        set_props("shell-toast", {"children": e.toast("Noted why.")})
        return None


def _asked(search: str | None) -> dict[str, str]:
    """The filters in the query of an address."""
    return {key: value for key, value in parse_qsl((search or "").lstrip("?")) if key in NAMES}


def _file(ws: Workspace, asked: Mapping[str, str]) -> bytes:
    return changes.file(ws, _found(ws, _chosen(ws, asked)), user())
