"""The country at the end of an affiliation: alone, after a city or postcode, by a US state or another province."""

import re
from functools import lru_cache

from kolgraph.geo import country_code
from kolgraph.names import fold

_STATES = """alabama AL|alaska AK|arizona AZ|arkansas AR|california CA|colorado CO|connecticut CT|delaware DE|florida FL
georgia GA|hawaii HI|idaho ID|illinois IL|indiana IN|iowa IA|kansas KS|kentucky KY|louisiana LA|maine ME|maryland MD
massachusetts MA|michigan MI|minnesota MN|mississippi MS|missouri MO|montana MT|nebraska NE|nevada NV|new hampshire NH
new jersey NJ|new mexico NM|new york NY|north carolina NC|north dakota ND|ohio OH|oklahoma OK|oregon OR|pennsylvania PA
rhode island RI|south carolina SC|south dakota SD|tennessee TN|texas TX|utah UT|vermont VT|virginia VA|washington WA
west virginia WV|wisconsin WI|wyoming WY|district of columbia DC"""
US_STATES = {name: code for name, _, code in (entry.rpartition(" ") for entry in re.split(r"[|\n]", _STATES))}
_STATE_CODES = frozenset(US_STATES.values())
_PROVINCES = {"ontario": "CA", "quebec": "CA", "british columbia": "CA", "alberta": "CA", "nova scotia": "CA"}
_PROVINCES |= {"new south wales": "AU", "queensland": "AU", "victoria": "AU", "nsw": "AU", "western australia": "AU"}
# as affiliations in other languages write it, where the name of the country is not its own word for itself
_ABROAD = {"grossbritannien": "GB", "royaume uni": "GB", "reino unido": "GB", "regno unito": "GB", "inglaterra": "GB"}
_ABROAD |= {"vereinigte staaten": "US", "etats unis": "US", "estados unidos": "US", "stati uniti": "US", "eeuu": "US"}
_ABROAD |= {"allemagne": "DE", "alemania": "DE", "germania": "DE", "frankreich": "FR", "francia": "FR", "italien": "IT"}
_ABROAD |= {"italie": "IT", "spanien": "ES", "espagne": "ES", "spagna": "ES", "belgien": "BE", "niederlande": "NL"}
_ABROAD |= {"pays bas": "NL", "schweden": "SE", "suede": "SE", "norwegen": "NO", "danemark": "DK", "polen": "PL"}
_ABROAD |= {"svizzera": "CH", "suiza": "CH", "griechenland": "GR", "ungarn": "HU", "tschechien": "CZ", "turkei": "TR"}
_ABROAD |= {"kanada": "CA", "australien": "AU", "japon": "JP", "chine": "CN", "bresil": "BR", "indien": "IN"}
_EMAIL = re.compile(r"\S+@\S+|electronic address:?|e-?mail:?", re.I)
_CUT = re.compile(r"[,;]|\.\s")
_INITIALS = re.compile(r"\s*\((?:[A-Z][.\s-]*){1,12}(?:,[^)]*)?\)")  # (A.B., C.D.): whose affiliation this is
_CODE = re.compile(r"([A-Z]{2})(?:[ -]+\d{5}(?:-\d{4})?)?$")
_POSTCODE = re.compile(r"\b[a-z]{0,3}\d[a-z\d]*\b")
_GEORGIAN = re.compile(r"tbilisi|batumi|kutaisi", re.I)
_piece = lru_cache(1 << 16)(country_code)


@lru_cache(1 << 14)
def country_of(text: str) -> str:
    """ISO alpha-2 code of the country that an affiliation names, "" when it names none."""
    if "@" in text or "mail" in text or "lectronic" in text:
        text = _EMAIL.sub(" ", text)
    text = (_INITIALS.sub("", text) if "(" in text else text).strip(" .;,")
    if text.casefold().endswith("georgia"):
        return "GE" if _GEORGIAN.search(text) or text.casefold() == "georgia" else "US"
    whole = _piece(text) if len(text) < 60 else ""
    if whole:
        return whole
    for part in reversed(_CUT.split(text)[-4:]):
        found = _tail(part.strip(" .()[]"))
        if found:
            return found
    return ""


@lru_cache(1 << 16)
def _tail(part: str) -> str:
    code = _CODE.match(part)
    if code and code[1] in _STATE_CODES:
        return "US"
    found = _piece(part) if len(part) > 2 or part in ("UK", "US") else ""
    if found:
        return found
    words = _POSTCODE.sub(" ", fold(part)).split()
    bare = " ".join(words)
    if bare in US_STATES or " ".join(words[-2:]) == "new mexico":
        return "US"
    if bare in _PROVINCES or bare in _ABROAD:
        return _PROVINCES.get(bare) or _ABROAD[bare]
    for take in (5, 4, 3, 2, 1):
        name = " ".join(words[-take:])
        if take <= len(words) and (len(name) > 3 or name in ("usa", "uae", "uk")):
            found = _piece(name)
            if found:
                return found
    return ""
