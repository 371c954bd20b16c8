"""Text that comes with markup of the web or of JATS in it -> the words alone."""

import html
import re

_ATTRIBUTES = r"""(?:\s+[\w:.-]+\s*=\s*(?:"[^"<>]*"|'[^'<>]*'|[^\s"'<>]+))*\s*/?>"""  # without them, `a <b and c>d`
_TAG = re.compile(r"<!--(?:(?!-->|<!--).)*-->|</?[A-Za-z][\w:.-]*" + _ATTRIBUTES, re.S)
_BLOCK = re.compile(r"</?(?:jats:)?(?:p|title|sec|h\d|li|div|br|abstract)" + _ATTRIBUTES, re.I)


def plain(said: str | None) -> str:
    """`<jats:p>A <i>b</i>&amp;c</jats:p>` -> `A b&c`; `p < 0.05` stays what it is."""
    if not said:
        return ""
    if "<" in said:
        said = _TAG.sub("", _BLOCK.sub(" ", said))
    if "&" in said:
        said = html.unescape(html.unescape(said) if "&amp;" in said else said)
        said = _TAG.sub("", said) if "<" in said else said
    return " ".join(said.split())
