"""Communities of a scope: who belongs together, and a name for each that says what it is about."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, count

import numpy as np
from scipy import sparse

from kolgraph.graph.csr import CsrGraph, Floats, Ints
from kolgraph.graph.layout import LEAST
from kolgraph.graph.topics import plainer, singular
from kolgraph.graph.views import Tables
from kolgraph.score.network import communities
from kolgraph.score.words import EMPTY_WORDS

WORDS = 5  # distinctive phrases kept per community
_PHRASE = 1.6  # how much better two words together say what a group is about
_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Community:
    """A group of at least three people; `members` are node numbers of the scope's graph."""

    id: str
    name: str
    members: Ints
    topics: tuple[str, ...]


def named(graph: CsrGraph, nodes: Ints, found: Tables, scope: str, home: Mapping[str, str]) -> list[Community]:
    """The communities of a scope, largest first; `home` is the name of each person's institution.

    A name is the phrase that most sets the group's papers apart from the rest of the scope; where two groups would
    share it, their largest institution tells them apart.
    """
    label = communities(graph)
    size = np.bincount(label, minlength=1)
    groups = int((size >= LEAST).sum())
    members = np.split(np.argsort(label, kind="stable"), np.cumsum(size))[:groups]
    phrases = _distinctive(label, groups, nodes, found)
    names: set[str] = set()
    made = []
    for rank, (who, best) in enumerate(zip(members, phrases, strict=True), start=1):
        places = Counter(place for i in who.tolist() if (place := home.get(graph.ids[i], "")))
        largest = min(places, key=lambda place: (-places[place], place), default="")
        name = _unique(best, largest, names)
        names.add(name)
        made.append(Community(f"community:{scope.removeprefix('topic:')}-{rank}", name, who, tuple(best)))
    return made


def _unique(phrases: Sequence[str], place: str, taken: set[str]) -> str:
    """The first phrase, a second where the first is a single word; then with the place, a further phrase, a number."""
    first = phrases[0] if phrases else "Mixed Work"
    if len(phrases) > 1 and " " not in first + phrases[1]:
        first = f"{first} & {phrases[1]}"
    longer = [f"{first} · {place}"] if place else []
    longer += [f"{first} · {phrase}" for phrase in phrases[1:] if phrase not in first]
    numbered = (f"{(longer or [first])[0]} {number}" for number in count(2))
    return next(name for name in chain([first], longer, numbered) if name not in taken)


def _distinctive(label: Ints, groups: int, nodes: Ints, found: Tables) -> list[list[str]]:
    """Per community its most distinctive phrases, best first.

    Weight of a phrase: root of the share of the group's papers that use it, times the log of how much more often than
    all papers of the scope they do; phrases of a single paper among many say nothing and are left out.
    """
    person = np.concatenate([found.authorships.person, found.investigations.person])
    record = np.concatenate([found.authorships.record, found.investigations.record])
    group = label[np.searchsorted(nodes, person)]
    used, record = np.unique(record, return_inverse=True)
    inside = group < groups
    cells = np.unique(group[inside] * len(used) + record[inside])
    belongs = sparse.csr_array(
        (np.ones(len(cells)), (cells // max(1, len(used)), cells % max(1, len(used)))), shape=(groups, len(used))
    )
    uses, phrases = _phrases([found.title[i] for i in used.tolist()])
    share = (belongs @ uses).tocsr()
    papers: Floats = np.asarray(belongs.sum(axis=1))
    everywhere = np.asarray(uses.sum(axis=0)) / max(1, len(used))
    bonus = np.array([_PHRASE if " " in phrase else 1.0 for phrase in phrases])
    return [
        _best(share.indices[a:b], share.data[a:b], papers[i], everywhere, bonus, phrases)
        for i, (a, b) in enumerate(zip(share.indptr[:-1].tolist(), share.indptr[1:].tolist(), strict=True))
    ]


def _best(
    terms: Ints, times: Floats, papers: float, everywhere: Floats, bonus: Floats, phrases: Sequence[str]
) -> list[str]:
    if papers >= 6:
        often = times >= 2
        terms, times = (terms[often], times[often]) if often.any() else (terms, times)
    rate = times / papers
    weight = np.sqrt(rate) * np.log(rate / everywhere[terms] + 1.0) * bonus[terms]
    chosen: list[str] = []
    said: set[str] = set()
    for i in np.lexsort((terms, -weight)).tolist():
        words = set(phrases[terms[i]].lower().split())
        if not words & said:
            said |= words
            chosen.append(phrases[terms[i]])
        if len(chosen) == WORDS:
            break
    return chosen


def _phrases(titles: Sequence[str]) -> tuple[sparse.csr_array, list[str]]:
    """Which title uses which phrase of one or two words (titles x phrases, ones), and the phrases as people write them.

    Phrases are numbered in the order of their folded form. Singular and plural are one; a phrase holds no empty word.
    """
    seen: dict[str, Counter[str]] = {}
    rows: list[int] = []
    keys: list[str] = []
    for row, title in enumerate(titles):
        own: dict[str, str] = {}
        before: tuple[str, str, int] | None = None
        for match in _WORD.finditer(title):
            word = match.group()
            key = singular(plainer(word))
            if len(key) < 3 or key in EMPTY_WORDS or plainer(word) in EMPTY_WORDS or not any(map(str.isalpha, key)):
                before = None
                continue
            own.setdefault(key, word)
            if before and title[before[2] : match.start()] == " ":
                own.setdefault(f"{before[0]} {key}", f"{before[1]} {word}")
            before = (key, word, match.end())
        for key, form in own.items():
            seen.setdefault(key, Counter())[form] += 1
            rows.append(row)
            keys.append(key)
    order = sorted(seen)
    number = {key: i for i, key in enumerate(order)}
    columns = [number[key] for key in keys]
    table = sparse.csr_array((np.ones(len(rows)), (rows, columns)), shape=(len(titles), len(order)))
    return table, [_title_case(min(seen[key], key=lambda form: (-seen[key][form], form))) for key in order]


def _title_case(phrase: str) -> str:
    """`checkpoint inhibitors` -> `Checkpoint Inhibitors`; words with capitals of their own (mRNA, CAR-T) stay."""
    return " ".join(word[:1].upper() + word[1:] if word.islower() else word for word in phrase.split())
