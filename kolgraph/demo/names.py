"""Names of invented people: per-culture pools with power-law frequencies, and the ways in which one name is spelled."""

from bisect import bisect_right
from dataclasses import dataclass
from functools import cache
from itertools import accumulate

from anyascii import anyascii

from kolgraph.demo.draws import Draws
from kolgraph.demo.pools import countries, names

SYLLABIC = ("chinese", "korean")
DOUBLING = ("anglo", "german", "french", "dutch", "nordic", "slavic")  # cultures of hyphenated double surnames


@dataclass(frozen=True, slots=True)
class Name:
    """A spelling: what PubMed would put into LastName, ForeName and Initials."""

    last: str
    fore: str

    @property
    def initials(self) -> str:
        return "".join(part[0] for part in self.fore.replace("-", " ").split())


def draw_names(draws: Draws, homes: list[str]) -> tuple[list[Name], list[str]]:
    """One name and its culture for each country code in `homes`; a name may occur many times, as names do."""
    n = len(homes)
    u = [draws.unit(n) for _ in range(7)]
    found, cultures = [], []
    for i, home in enumerate(homes):
        culture = _culture(home, float(u[0][i]))
        last = _frequent(culture, "last", float(u[1][i]))
        if culture in SYLLABIC:
            fore = _syllables(culture, float(u[2][i]), float(u[3][i]), float(u[4][i]), float(u[5][i]))
        else:
            sex = "f" if u[2][i] < 0.46 else "m"
            fore = _frequent(culture, sex, float(u[3][i]))
            fore += _middle(culture, sex, float(u[4][i]), float(u[5][i]))
        if culture in ("spanish", "portuguese") and u[6][i] < 0.6:
            second = _frequent(culture, "last", float(u[6][i]) / 0.6)
            last = f"{last}-{second}" if u[4][i] < 0.3 else f"{last} {second}"
        elif culture in DOUBLING and u[6][i] < 0.1:
            last = f"{last}-{_frequent(culture, 'last', float(u[6][i]) / 0.1)}"
        found.append(Name(last, fore))
        cultures.append(culture)
    return found, cultures


def spellings(name: Name, culture: str, u: float) -> list[Name]:
    """Three spellings under which one person publishes, the given one first: marriage, compound or transliteration."""
    first = name.fore.split()[0]
    if culture in SYLLABIC:
        joined = Name(name.last, name.fore.replace("-", "").replace(" ", "").capitalize())
        return _three(name, [joined, Name(name.fore, name.last)])
    if culture in ("spanish", "portuguese"):
        short = name.last.replace("-", " ").split()[0]
        second = _frequent(culture, "last", u)
        return [Name(f"{short} {second}", name.fore), Name(short, name.fore), Name(f"{short}-{second}", first)]
    if culture == "arabic":
        article = name.last.replace("Al-", "El-") if name.last.startswith("Al-") else f"El-{name.last.split('-')[-1]}"
        return _three(name, [Name(article, name.fore), _swapped_vowels(name)])
    plain = ascii_form(name)
    if plain != name:
        return _three(name, [plain, Name(_german(name.last), first)])
    wed = _frequent(culture, "last", u)
    return [name, Name(f"{name.last}-{wed}", name.fore), Name(wed, name.fore)]


def _three(name: Name, others: list[Name]) -> list[Name]:
    """The name and the first two others that differ; initials stand in where a name has no such variant."""
    short = Name(name.last, " ".join(name.initials))
    return list(dict.fromkeys([name, *others, short, Name(name.last, name.fore[0])]))[:3]


def ascii_form(name: Name) -> Name:
    """The spelling of a journal that knows no diacritics."""
    return Name(anyascii(name.last), anyascii(name.fore))


def restyled(name: Name, culture: str) -> Name:
    """The other usual way to write the same name: hyphen and joined syllables, with and without a middle name."""
    first, *rest = name.fore.split()
    if culture in SYLLABIC:
        return Name(name.last, first.replace("-", "").capitalize() if "-" in first else first)
    return Name(name.last, first) if rest else name


def _culture(country: str, u: float) -> str:
    mix = countries()[country][1]
    total = sum(weight for _, weight in mix)
    for culture, weight in mix:
        u -= weight / total
        if u < 0:
            return culture
    return mix[0][0]


@cache
def _frequencies(culture: str, part: str) -> list[float]:
    """Cumulative 1 / (rank + b): flat at the head for European names, steep for Korean and Chinese ones."""
    head = {"chinese": 12.0, "korean": 3.0, "japanese": 70.0}.get(culture, 140.0) if part == "last" else 40.0
    return list(accumulate(1.0 / (rank + head) for rank in range(len(names()[culture, part]))))


def _frequent(culture: str, part: str, u: float) -> str:
    total = _frequencies(culture, part)
    return names()[culture, part][min(bisect_right(total, u * total[-1]), len(total) - 1)]


def _syllables(culture: str, u: float, v: float, single: float, style: float) -> str:
    first, second = _frequent(culture, "syllable", u), _frequent(culture, "syllable", v)
    if first == second or (culture == "chinese" and single < 0.28):
        return first
    if culture == "korean":
        return f"{first}-{second}" if style < 0.62 else first + second.lower() if style < 0.86 else f"{first} {second}"
    return first + second.lower() if style < 0.82 else f"{first}-{second}"


def _middle(culture: str, sex: str, u: float, v: float) -> str:
    share = {"anglo": 0.62, "indian": 0.2, "dutch": 0.35, "nordic": 0.15, "german": 0.08, "slavic": 0.1}.get(
        culture, 0.04
    )
    if u >= share:
        return ""
    letter = _frequent(culture, sex, v)[0]
    return f" {letter} {'ABEJM'[int(v * 5)]}" if u < share * 0.08 else f" {letter}"


def _german(text: str) -> str:
    for mark, plain in (("ü", "ue"), ("ö", "oe"), ("ä", "ae"), ("ß", "ss"), ("ø", "oe"), ("å", "aa")):
        text = text.replace(mark, plain)
    return anyascii(text)


def _swapped_vowels(name: Name) -> Name:
    fore = name.fore
    for old, new in (("Mohammed", "Mohamed"), ("ou", "u"), ("ee", "i"), ("Y", "J"), ("kh", "ch")):
        if old in fore:
            return Name(name.last, fore.replace(old, new))
    return Name(name.last, fore + "e" if not fore.endswith("e") else fore[:-1])
