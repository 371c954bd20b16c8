"""Text that a spreadsheet would run: in a list it is refused, in a file for others it is made harmless."""

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\0")  # a cell that begins so may be run by who opens it


def harmless(text: str) -> str:
    """The text, behind an apostrophe where a spreadsheet would run it."""
    return "'" + text if text.startswith(FORMULA) else text
