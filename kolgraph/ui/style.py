"""Colours and theme for what Python draws; the values themselves are CSS variables in `assets/style.css`."""

from typing import Any

GROUPS = tuple(f"var(--k-g{i})" for i in range(8))  # communities in order of size
REST = "var(--k-gx)"  # everybody in a smaller community

# Mantine's ten steps from text to canvas, in the hues of the dark tokens
_DARK = ["#e8ebf2", "#c9cedb", "#a9b1c0", "#727c8e", "#2c3240", "#262c39", "#1f2430", "#1a1e28", "#12151c", "#0e1117"]

THEME: dict[str, Any] = {
    "primaryColor": "indigo",
    "primaryShade": {"light": 8, "dark": 7},
    "colors": {"dark": _DARK},
    "defaultRadius": 6,
    "fontFamily": "var(--k-font)",
    "headings": {"fontFamily": "var(--k-font)"},
    "cursorType": "pointer",
    "respectReducedMotion": True,
    "fontSizes": {"xs": "12px", "sm": "14px", "md": "14px", "lg": "16px", "xl": "20px"},
}


def group(rank: int | None) -> str:
    """The colour of the community with this rank (1 = largest); grey behind the eighth."""
    return GROUPS[rank - 1] if rank and 1 <= rank <= len(GROUPS) else REST
