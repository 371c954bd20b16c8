"""Which topics a record is about: whole-word term lists over its text, headings of MeSH and what lies below them."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from kolgraph.model import Descriptor, Publication, Topic, Trial

_FOREIGN = re.compile("[^\x00-\x7f]+")  # a text has few such signs: four times faster than to take it apart whole
Matcher = Callable[[str], list[str]]


def text_of(noun: Publication | Trial) -> str:
    """What topics are looked for in: title, abstract or summary, keywords, MeSH names, conditions, interventions."""
    parts: list[str] = [noun.title, *noun.keywords, *(term.name for term in noun.mesh)]
    if isinstance(noun, Publication):
        parts.append(noun.abstract)
    else:
        parts += [noun.summary, *noun.conditions, *noun.interventions]
    return "\n".join(parts)


def about(
    topics: Sequence[Topic], descriptors: Iterable[Descriptor] = ()
) -> Callable[[Publication | Trial], list[str]]:
    """record -> ids of the topics it is about, by its words or by its headings, in the order of `topics`.

    With `descriptors` a heading may be named by its number, name or entry terms, and means all below it in the tree;
    without, it is the heading itself, as the records write it.
    """
    by_words = matcher(topics)
    by_heading = _headings(topics, descriptors) if any(topic.mesh for topic in topics) else {}
    order = {topic.id: place for place, topic in enumerate(topics)}

    def of(noun: Publication | Trial) -> list[str]:
        found = by_words(text_of(noun))
        if not by_heading:
            return found
        keys = (key for term in noun.mesh for key in (term.id, plainer(term.name)))
        more = {topic for key in keys for topic in by_heading.get(key, ())}
        return sorted(more.union(found), key=order.__getitem__)

    return of


def words_of(topics: Sequence[Topic], descriptors: Iterable[Descriptor] = ()) -> tuple[str, ...]:
    """All terms of the topics and the names of their headings, with those below them; sorted."""
    names = (said for said in _headings(topics, descriptors) if not said.startswith("mesh:"))
    return tuple(sorted({term for topic in topics for term in topic.terms}.union(names)))


def _headings(topics: Iterable[Topic], descriptors: Iterable[Descriptor]) -> dict[str, set[str]]:
    """Number or plain name of a heading -> the topics that mean it."""
    known = [(one.id, plainer(one.name), one.terms, one.trees) for one in descriptors]
    trees: dict[str, set[str]] = defaultdict(set)
    for id, name, terms, its in known:
        for said in (id, name, *map(plainer, terms)):
            trees[said].update(its)
    meant: dict[str, set[str]] = defaultdict(set)
    below: dict[str, set[str]] = defaultdict(set)  # tree number -> topics
    for topic in topics:
        for said in topic.mesh:
            key = said if said.startswith("mesh:") else plainer(said)
            meant[key].add(topic.id)
            for tree in trees.get(key, ()):
                below[tree].add(topic.id)
    for id, name, _, its in known:
        for tree in its:
            parts = tree.split(".")
            above = (".".join(parts[:depth]) for depth in range(1, len(parts) + 1))
            found = {topic for number in above for topic in below.get(number, ())}
            if found:
                meant[id] |= found
                meant[name] |= found
    return meant


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
    return _FOREIGN.sub(_without_accents, text.casefold())


def _without_accents(found: re.Match[str]) -> str:
    apart = unicodedata.normalize("NFKD", found[0])
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
