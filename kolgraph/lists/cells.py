"""Single cells: what they may hold, what they mean, and what is said about those that hold something else."""

import re
import unicodedata
from datetime import date

from kolgraph.geo import country_code, country_name
from kolgraph.lists.problem import INVISIBLE

MAX_NAME, MAX_CELL = 150, 600  # characters
NAMES = ("last", "first", "name", "middle", "initials", "suffix", "by")
EMPTY = {"-", "–", "—", "--", "?", "n/a", "#n/a", "null", "(none)", "k.a.", "k. a.", "."}
SPREADSHEET_ERROR = re.compile(r"#(?:REF!|NAME\?|VALUE!|DIV/0!|NUM!|NULL!|N/A|N/V|BEZUG!|WERT!|NOM\?|VALEUR!)$")
MOJIBAKE = re.compile("[ÃÂÅÄ][\x80-\xbf‚-™]|â€")
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january januar janvier enero gennaio", "feb february februar fevrier febrero febbraio",
            "mar march marz mars marzo maerz", "apr april avril abril aprile", "may mai mayo maggio",
            "jun june juni juin junio giugno", "jul july juli juillet julio luglio", "aug august aout agosto",
            "sep sept september septembre septiembre settembre", "oct october okt oktober octobre octubre ottobre",
            "nov november novembre noviembre", "dec december dez dezember decembre diciembre dicembre",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip


def country(text: str) -> str:
    """The code of a country by its name or its two letters, "" for none."""
    if len(text) == 2 and text.isascii() and text.isalpha():
        code = "GB" if text.upper() == "UK" else text.upper()
        return code if country_name(code) != code else ""
    return country_code(text)


def day(text: str) -> tuple[str, str]:
    """A date as ISO text of the precision it has, and what remains unsaid; ("", why) where it is none."""
    plain = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    plain = re.sub(r"[ t]\d{1,2}:\d{2}(:\d{2})?z?$", "", plain.strip())
    if found := re.fullmatch(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?", plain):
        return _made(*found.groups())
    if found := re.fullmatch(r"(\d{4})[/.](\d{1,2})[/.](\d{1,2})", plain):
        return _made(*found.groups())
    if found := re.fullmatch(r"(\d{1,2})\.\s*(\d{1,2})\.\s*(\d{4})", plain):
        return _made(found[3], found[2], found[1])
    if found := re.fullmatch(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})", plain):
        one, two, year = (int(part) for part in found.groups())
        if one > 12 or two > 12 or one == two:
            return _made(found[3], str(min(one, two) if one != two else one), str(max(one, two)))
        return str(year), "day and month could be either way round"
    if found := re.fullmatch(
        r"(?:(\d{1,2})\.?\s+)?([a-z]{3,12})\.?,?\s+(?:(\d{1,2})(?:st|nd|rd|th)?,?\s+)?(\d{4})", plain
    ):
        month = _MONTHS.get(found[2])
        return _made(found[4], str(month), found[1] or found[3]) if month else ("", "no month has this name")
    return "", "it is no date"


def _made(year: str, month: str | None = None, day: str | None = None) -> tuple[str, str]:
    try:
        made = date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return "", "there is no such day"
    if not 1900 <= made.year <= 2100:
        return "", "it is outside 1900 to 2100"
    return made.isoformat()[: 10 if day else 7 if month else 4], ""


def mixed_scripts(text: str) -> bool:
    """Whether one word mixes Latin letters with Cyrillic or Greek ones that look alike."""
    for word in () if text.isascii() else text.split():
        scripts = {unicodedata.name(char, "").partition(" ")[0] for char in word if char.isalpha()}
        if "LATIN" in scripts and scripts & {"CYRILLIC", "GREEK"}:
            return True
    return False


def plain(text: str) -> str:
    """The cell as it is kept: composed, on one line, without what cannot be seen."""
    return " ".join(INVISIBLE.sub(" ", unicodedata.normalize("NFC", text)).split())
