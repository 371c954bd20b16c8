"""A ranking as columns and rows of AG Grid; the cells themselves are drawn in `assets/grid.js`."""

from typing import Any

from kolgraph.services.ranking import DIMENSIONS, Row, Table
from kolgraph.ui import elements as e
from kolgraph.ui.parts.confidence import LOOKS

PERCENTILES = ("influence", *DIMENSIONS)  # 0 to 100: their bars share that scale


def columns(shown: Table) -> list[dict[str, Any]]:
    """Rank, person, score with bar, coverage, dimensions, identity, place, papers, trials."""
    score = shown.score
    most = 100.0 if score.id in PERCENTILES else max((row.value for row in shown.rows), default=1.0)
    number = {"type": "rightAligned", "cellClass": "k-num", "width": 92, "sortingOrder": ["desc", "asc", None]}
    return [
        {
            "field": "rank",
            "headerName": "Rank",
            **number,
            "width": 68,
            "sortingOrder": ["asc", "desc", None],
            "valueFormatter": _thousands(),
        },
        {"field": "name", "headerName": "Person", "cellRenderer": "Person", "flex": 3, "minWidth": 170},
        {
            "field": "value",
            "headerName": score.title,
            "cellRenderer": "Score",
            "cellRendererParams": {"most": most, "digits": _digits(most)},
            "flex": 2,
            "minWidth": 128,
            "sortingOrder": ["desc", "asc", None],
            "headerTooltip": score.about.split("\n\n")[0],
        },
        {
            "field": "coverage",
            "headerName": "Measured",
            "headerTooltip": f"How many of the {len(DIMENSIONS)} dimensions of influence were measured",
            "width": 104,
            "valueFormatter": {
                "function": f"params.value == null ? 'not measured' : params.value + ' of {len(DIMENSIONS)}'"
            },
        },
        {
            "field": "parts",
            "headerName": "Dimensions",
            "cellRenderer": "Parts",
            "cellRendererParams": {"names": {id: id.capitalize() for id in DIMENSIONS}},
            "headerTooltip": ", ".join(id.capitalize() for id in DIMENSIONS) + ": percentiles; a dot = not measured",
            "width": 128,
            "sortable": False,
            "cellDataType": False,
        },
        {
            "field": "identity",
            "headerName": "Identity",
            "cellRenderer": "Identity",
            "headerTooltip": "How sure it is that the records are one person's: the weakest link that was accepted",
            "width": 148,
        },
        {"field": "where", "headerName": "Place", "flex": 2, "minWidth": 140, "tooltipField": "where"},
        {"field": "papers", "headerName": "Papers", **number, "valueFormatter": _thousands()},
        {"field": "trials", "headerName": "Trials", **number, "valueFormatter": _thousands()},
    ]


def _thousands() -> dict[str, str]:
    return {"function": "d3.format(',')(params.value)"}


def _digits(most: float) -> int:
    return 0 if most >= 1000 else 1 if most >= 10 else 2 if most >= 1 else 4


def rows(shown: Table) -> list[dict[str, Any]]:
    """One dict a person; `parts` leaves out what was not measured."""
    return [_row(row) for row in shown.rows]


def _row(row: Row) -> dict[str, Any]:
    return {
        "id": row.id,
        "rank": row.rank,
        "name": e.clean(row.name),
        "place": e.clean(row.place),
        "value": row.value,
        "coverage": row.coverage,
        "parts": {id: round(value, 1) for id, value in row.parts.items()},
        "identity": row.identity.value,
        "sure": [LOOKS[row.identity.word][0], row.identity.short, row.identity.about],
        "where": e.clean(", ".join(part for part in (row.city, row.country) if part)) or "unknown",
        "papers": row.papers,
        "trials": row.trials,
    }
