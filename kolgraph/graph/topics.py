"""Which topics a record is about: whole-word term lists over its text."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence

from kolgraph.model import Publication, Topic, Trial

Matcher = Callable[[str], list[str]]


def text_of(noun: Publication | Trial) -> str:
    """What topics are looked for in: title, abstract or summary, keywords, MeSH names, conditions, interventions."""
    parts: list[str] = [noun.title, *noun.keywords, *(term.name for term in noun.mesh)]
    if isinstance(noun, Publication):
        parts.append(noun.abstract)
    else:
        parts += [noun.summary, *noun.conditions, *noun.interventions]
    return "\n".join(parts)


def matcher(topics: Iterable[Topic]) -> Matcher:
    """text -> ids of the topics it is about, in the order of `topics`.

    A term matches as whole words, in any case, with or without accents, with any run of signs or spaces between its
    words ("COVID-19" = "covid 19"), its last word, of three letters or more, in singular or plural; "oncolog*"
    stands for all words that begin so.
    """
    patterns = [(topic.id, *_compile(topic.terms)) for topic in topics]

    def match(text: str) -> list[str]:
        plain = plainer(text)
        # a substring search is 50 times faster than the pattern, and rules out nearly every record
        return [
            topic for topic, heads, found in patterns if any(head in plain for head in heads) and found.search(plain)
        ]

    return match


def plainer(text: str) -> str:
    """Case-folded, without accents."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in apart if not unicodedata.combining(c))


def singular(word: str) -> str:
    """`therapies` -> `therapy`, `tumors` -> `tumor`; `virus`, `sepsis`, `loss` and words under four letters stay."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def _compile(terms: Sequence[str]) -> tuple[list[str], re.Pattern[str]]:
    heads, alternatives = set(), set()
    for term in terms:
        words = re.findall(r"\w+", plainer(term))
        if not words:
            continue
        stem, endings = (words[-1], r"\w*") if term.rstrip().endswith("*") else _endings(singular(words[-1]))
        *before, _ = words
        alternatives.add(r"[\W_]+".join([*map(re.escape, before), re.escape(stem) + endings]))
        heads.add(before[0] if before else stem)
    if not alternatives:
        return [], re.compile(r"(?!)")
    return sorted(heads), re.compile(rf"(?<!\w)(?:{'|'.join(sorted(alternatives))})(?!\w)")


def _endings(word: str) -> tuple[str, str]:
    """What all forms of a word begin with, and a pattern for how they end."""
    if len(word) > 3 and word.endswith("y"):
        return word[:-1], "(?:y|ies)"
    return word, "(?:s|es)?" if len(word) > 2 else ""
