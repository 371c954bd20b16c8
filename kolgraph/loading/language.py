"""Languages under the codes of MEDLINE (ISO 639-2/B), which sources write in two letters or three."""

from collections import Counter

from kolgraph.loading.strict import word

_PAIRS = """ar ara|bg bul|ca cat|cs cze|da dan|de ger|el gre|en eng|es spa|et est|fa per|fi fin|fr fre|he heb|hr hrv
hu hun|id ind|is ice|it ita|ja jpn|ka geo|ko kor|lt lit|lv lav|mk mac|ms may|nb nor|nl dut|nn nor|no nor|pl pol|pt por
ro rum|ru rus|sk slo|sl slv|sq alb|sr srp|sv swe|th tha|tr tur|uk ukr|vi vie|zh chi|zh-cn chi|zh-tw chi"""
_CODES = dict(pair.split() for pair in _PAIRS.replace("\n", "|").split("|"))
_CODES |= {code: code for code in _CODES.values()}


def language(said: str | None, unknown: Counter[str]) -> str:
    """`en`, `en-US` or `eng` -> `eng`; an unknown one is kept and counted."""
    plain = (said or "").strip().lower()
    return word(_CODES, plain if plain in _CODES else plain.split("-")[0], "language", unknown)
