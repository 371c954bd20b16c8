"""The words of a landscape in PubMed's language, and the words that PubMed knows for a condition."""

import re
from typing import TYPE_CHECKING

from kolgraph.geo import country_names
from kolgraph.loading import Ask, Wanted
from kolgraph.loading.xml import parse, slices, text

from .pubmed_answers import whole_spelling
from .pubmed_query import Walk

if TYPE_CHECKING:
    from kolgraph.loading.http import Client

_SAID = re.compile(r'"([^"]+)"\[(MeSH Terms|Supplementary Concept|All Fields)\]', re.IGNORECASE)
_SPLIT_WORDS = re.compile(r"\([^()]*\bAND\b[^()]*\)")  # ("heart"[All Fields] AND "attack"[All Fields])


def phrase(wanted: Wanted) -> str:
    """A query: any of the terms in title or abstract, or any of the headings; from any of the countries."""
    parts = [*(_tagged(term, "tiab") for term in wanted.terms), *(_tagged(name, "mh") for name in wanted.mesh)]
    said = [f"({' OR '.join(filter(None, parts))})"]
    if wanted.countries:
        names = [name for code in wanted.countries for name in country_names(code)]
        said.append(f"({' OR '.join(_tagged(name, 'ad') for name in names)})")
    return " AND ".join(said)


def suggest(said: str, ask: Ask, client: "Client") -> list[str]:
    """Other words for a condition, the heading first: what PubMed makes of it, well spelt when it is not."""
    if not said.strip():
        return []
    walk = Walk(ask, client)
    spelt = walk.post("espell.fcgi", {"term": said}, whole_spelling)
    cut = [one.raw for one in slices([spelt], (b"CorrectedQuery",)) if one.tag and not one.fault]
    better = text(parse(cut[0])) if cut else ""
    translated = _SPLIT_WORDS.sub("", walk.translation(better or said))
    found = sorted(_SAID.findall(translated), key=lambda one: one[1].lower() == "all fields")
    words = [word for word, _ in found if not word.endswith(" s")]  # which is how PubMed says "asthma's"
    listed = dict.fromkeys(word.lower() for word in (better, *words) if word)
    return [word for word in listed if word != said.lower()]


def _tagged(said: str, tag: str) -> str:
    plain = " ".join(re.sub(r"[\"\[\]]", " ", said).split())
    return f'"{plain}"[{tag}]' if plain else ""
