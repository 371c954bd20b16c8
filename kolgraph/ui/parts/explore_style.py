"""The one stylesheet of the network canvas: colour, size and width come from the data, states are classes."""

from typing import Any

_FONT = 'Inter, system-ui, "Segoe UI", Roboto, "Liberation Sans", Arial, sans-serif'

STYLESHEET: list[dict[str, Any]] = [
    {
        "selector": "node.p",
        "style": {
            "width": "data(s)",
            "height": "data(s)",
            "background-color": "data(col)",
            "border-width": 1,
            "border-color": "data(bc)",
            "border-opacity": 0.9,
            "z-index": "data(z)",
        },
    },
    {
        "selector": "node.disc",
        "style": {
            "width": "data(s)",
            "height": "data(s)",
            "background-color": "data(col)",
            "background-opacity": 0.07,
            "border-width": 0,
            "z-compound-depth": "bottom",
            "events": "no",
        },
    },
    {
        "selector": "edge",
        "style": {
            "curve-style": "haystack",
            "haystack-radius": 0,
            "width": "data(lw)",
            "line-color": "data(col)",
            "opacity": "data(o)",
            "z-index": 0,
            "events": "no",
        },
    },
    {
        "selector": "node[?lab]",
        "style": {
            "label": "data(n)",
            "font-family": _FONT,
            "font-weight": 600,
            "font-size": "data(fs)",
            "text-halign": "data(ha)",
            "text-valign": "data(va)",
            "text-margin-x": "data(mx)",
            "text-margin-y": "data(my)",
            "color": "#1c2333",
            "text-outline-color": "#f7f8fb",
            "text-outline-width": "data(ow)",
            "text-outline-opacity": 0.9,
            "z-index": 200,
        },
    },
    {"selector": "node.dk[?lab]", "style": {"color": "#e8ebf2", "text-outline-color": "#12151c"}},
    {"selector": "node.dim", "style": {"opacity": 0.22}},
    {"selector": "edge.dim", "style": {"visibility": "hidden"}},  # paler would cost a drawing and show nothing
    {"selector": "node.near", "style": {"z-index": 150}},
    {
        "selector": "edge.lit",
        "style": {
            "curve-style": "bezier",
            "control-point-step-size": 14,
            "opacity": 0.85,
            "events": "yes",
            "z-index": 100,
        },
    },
    {"selector": "edge.lit[k = 1]", "style": {"line-style": "dashed", "line-dash-pattern": [7, 4]}},
    {"selector": "edge.read", "style": {"line-color": "#3b5bdb", "opacity": 1, "z-index": 120}},
    {"selector": "edge.dup, edge.weak", "style": {"display": "none"}},
    {"selector": "edge.lit", "style": {"display": "element"}},
    {
        "selector": "node.pick",
        "style": {
            "border-width": 3,
            "border-color": "#1c2333",
            "border-opacity": 1,
            "underlay-color": "#3b5bdb",
            "underlay-opacity": 0.28,
            "underlay-padding": 9,
            "underlay-shape": "ellipse",
            "font-weight": 700,
            "z-index": 300,
        },
    },
    {"selector": "node.pick.dk", "style": {"border-color": "#ffffff", "underlay-color": "#91a7ff"}},
    {
        "selector": "node.sel",
        "style": {"border-width": 3, "border-color": "#3b5bdb", "border-opacity": 1, "opacity": 1},
    },
    {
        "selector": "node.flash",
        "style": {
            "underlay-color": "#f0a020",
            "underlay-opacity": 0.45,
            "underlay-padding": 8,
            "underlay-shape": "ellipse",
        },
    },
    {"selector": ".off", "style": {"display": "none"}},
]
