"""The list twin of the network: the same people as rows of AG Grid, mounted when it is first looked at."""

from typing import Any

import dash_ag_grid as dag
from dash.development.base_component import Component

_NUMBER = {"type": "rightAligned", "sortingOrder": ["desc", "asc", None]}
_MEASURED = {"function": "params.value == null ? 'not measured' : d3.format('.1f')(params.value)"}
_RANKED = {"function": "params.value == null ? 'not ranked' : d3.format(',')(params.value)"}


def people_grid() -> Component:
    """The grid without rows: the bridge fills it from what is drawn."""

    def column(field: str, name: str, width: int, **more: Any) -> dict[str, Any]:
        return {"field": field, "headerName": name, "width": width, "tooltipField": field, **more}

    columns = [
        column("name", "Name", 190, pinned="left", lockPinned=True),
        column("influence", "Influence", 116, valueFormatter=_MEASURED, sort="desc", **_NUMBER),
        column("rank", "Rank", 92, valueFormatter=_RANKED, **_NUMBER),
        column("place", "Institution", 230),
        column("country", "Country", 96),
        column("community", "Community", 190),
        column("identity", "Identity", 150),
        column("papers", "Papers", 96, **_NUMBER),
        column("trials", "Trials", 92, **_NUMBER),
        column("coauthors", "Coauthors", 118, **_NUMBER),
        column("coinvestigators", "Co-investigators", 152, **_NUMBER),
    ]
    return dag.AgGrid(
        id="explore-grid",
        rowData=[],
        columnDefs=columns,
        defaultColDef={"sortable": True, "resizable": True, "suppressHeaderMenuButton": True},
        getRowId="params.data.id",
        dashGridOptions={"rowHeight": 40, "headerHeight": 40, "animateRows": False, "tooltipShowDelay": 600},
        className="k-grid-table",
        style={"height": "100%", "width": "100%"},
    )
