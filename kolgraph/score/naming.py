"""What sets the titles of one group apart from all others: phrases of one to four words."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
from scipy import sparse

from kolgraph.graph.csr import Floats, Ints
from kolgraph.graph.topics import plainer, singular
from kolgraph.score.words import COMPANY_WORDS, EMPTY_WORDS

PHRASES = 5  # kept per group
_BONUS = (1.0, 1.6, 1.9, 2.1)  # how much better several words say what a group is about
LONGEST = len(_BONUS)
_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")


def distinctive(titles: Sequence[str], wrote: sparse.csr_array, weight: Floats) -> list[list[str]]:
    """Per group its phrases, best first: those that many of its people write about and few others do.

    `wrote[group, title]` is how many of the group are on the paper, `weight` how many people in all. A phrase weighs
    rate^0.7 log(rate / rate of all); in groups of six papers and more it must stand in two titles.
    """
    uses, phrases = _phrases(titles)
    people = (wrote @ uses).tocsr()
    support = (sparse.csr_array((np.ones(wrote.nnz), wrote.indices, wrote.indptr), shape=wrote.shape) @ uses).tocsr()
    total: Floats = np.asarray(wrote.sum(axis=1))
    papers = np.diff(wrote.indptr)
    everywhere: Floats = np.asarray(weight @ uses) / max(1.0, float(weight.sum()))
    bonus = np.array([_BONUS[phrase.count(" ")] for phrase in phrases])
    found = []
    for group in range(wrote.shape[0]):
        row = slice(people.indptr[group], people.indptr[group + 1])
        terms, rate, titled = people.indices[row], people.data[row] / total[group], support.data[row]
        if papers[group] >= 6 and (titled > 1).any():
            terms, rate = terms[titled > 1], rate[titled > 1]
        value = rate**0.7 * np.log(rate / everywhere[terms] + 1.0) * bonus[terms]
        found.append(_best(terms[np.lexsort((terms, -value))], phrases))
    return found


def _best(terms: Ints, phrases: Sequence[str]) -> list[str]:
    """The first few that share no word."""
    chosen: list[str] = []
    said: set[str] = set()
    for term in terms.tolist():
        words = set(plainer(phrases[term]).split())
        if not words & said:
            said |= words
            chosen.append(phrases[term])
        if len(chosen) == PHRASES:
            break
    return chosen


def _phrases(titles: Sequence[str]) -> tuple[sparse.csr_array, list[str]]:
    """Which title uses which phrase (titles x phrases, ones), and the phrases as most people write them.

    Phrases are numbered in the order of their folded form; singular and plural are one.
    """
    seen: dict[str, Counter[str]] = {}
    rows: list[int] = []
    keys: list[str] = []
    for row, title in enumerate(titles):
        for key, form in dict(_of_title(title)).items():
            seen.setdefault(key, Counter())[form] += 1
            rows.append(row)
            keys.append(key)
    order = sorted(seen)
    number = {key: i for i, key in enumerate(order)}
    columns = [number[key] for key in keys]
    table = sparse.csr_array((np.ones(len(rows)), (rows, columns)), shape=(len(titles), len(order)))
    return table, [_title_case(min(seen[key], key=lambda form: (-seen[key][form], form))) for key in order]


def _of_title(title: str) -> Iterator[tuple[str, str]]:
    """Folded form and spelling of each phrase: words side by side, none of them empty.

    No phrase begins with a word of COMPANY_WORDS (cell, disease): interstitial lung disease, squamous cell carcinoma.
    """
    run: list[tuple[str, str]] = []
    end = 0
    for match in _WORD.finditer(title):
        word = match.group()
        plain = plainer(word)
        key = singular(plain)
        if len(key) < 3 or plain in EMPTY_WORDS or key in EMPTY_WORDS or not any(map(str.isalpha, key)):
            run = []
            continue
        run = [*run[1 - LONGEST :], (key, word)] if run and title[end : match.start()] == " " else [(key, word)]
        end = match.end()
        if run[-1][0] not in COMPANY_WORDS:
            yield run[-1]
        for begin in range(len(run) - 1):
            if run[begin][0] not in COMPANY_WORDS:
                yield _joined(run[begin:])


def _joined(run: Sequence[tuple[str, str]]) -> tuple[str, str]:
    return " ".join(key for key, _ in run), " ".join(word for _, word in run)


def _title_case(phrase: str) -> str:
    """`checkpoint inhibitors` -> `Checkpoint Inhibitors`; words with signs of their own (mRNA, CAR-T) stay."""
    return " ".join(
        word[0].upper() + word[1:] if word.islower() and word[0].isascii() else word for word in phrase.split()
    )
