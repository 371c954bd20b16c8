"""Is the synthetic world like the real one? Its figures beside those of real PubMed records and published networks.

`rows()` generates a world and reads its files back; a name tells the real figure in brackets. Real figures come from
`pubmed21n1298_partA.xml.gz` (NLM, June 2021: two days of all of medicine) where one stands in KOLGRAPH_REALDATA or
../shared/realdata, and otherwise from what was measured on it in 2026. What two days cannot show (papers per person,
the network) is held against published networks: M. E. J. Newman, PNAS 98:404 (2001), MEDLINE: 92.6 % of authors in the
giant component, 18.1 coauthors each; SNAP ca-GrQc, one field over eleven years: mean clustering .53, degree
assortativity .66. Two differences are meant: 3,000 people write what ten thousand do in a real field, so everybody has
more coauthors; and hubs work with beginners, so that degrees mix instead of sort.
"""

import gzip
import os
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree

import graspologic_native
import networkx as nx

from bench import Row, row
from kolgraph.demo import generate

REALDATA = Path(os.environ.get("KOLGRAPH_REALDATA", Path(__file__).parents[2] / "shared" / "realdata"))
REAL_FILE = REALDATA / "pubmed" / "pubmed21n1298_partA.xml.gz"
SAMPLE = 2000  # full names in which namesakes of surname and initial are counted
# as measured on the file above
MEASURED = {"median": 5.0, "mean": 6.46, "over 10": 12.28, "over 25": 1.0, "initials": 5.27, "affiliated": 97.4}
MEASURED |= {"two places": 10.47, "footnote": 0.32, "mail": 14.32, "block": 12.0, "orcid": 11.1}
COMPARED = (
    ("median", "authors of a paper, median", ""),
    ("mean", "authors of a paper, mean", ""),
    ("over 10", "papers with over 10 authors", "%"),
    ("initials", "slots with initials only", "%"),
    ("affiliated", "slots with affiliation, since 2014", "%"),
    ("two places", "slots with two affiliations or more", "%"),
    ("mail", "slots with an e-mail", "%"),
    ("block", f"of {SAMPLE:,} names, sharing surname and initial", "%"),
)


@dataclass(slots=True)
class Corpus:
    """What was read: team sizes, counts over author slots, full names, and the papers' name keys."""

    sizes: list[int] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    names: dict[tuple[str, str], None] = field(default_factory=dict)
    papers: list[tuple[str, list[str]]] = field(default_factory=list)


def rows(people: int = 3000, seed: int = 7) -> list[Row]:
    """Bars: within 20 % of the real figure, or the range that is named."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        start = time.process_time()
        generate(folder, people, seed)
        spent = time.process_time() - start
        made = _read(_files(sorted((folder / "pubmed").glob("*.gz"))), since=2014)
        papers = _truth(folder)
        names = [(part[1], part[2]) for part in (line.split("\t") for line in _lines(folder / "truth" / "people.tsv"))]
    real = _figures(_read(_files([REAL_FILE]), since=0)) if REAL_FILE.is_file() else MEASURED
    own = _figures(made)
    own["block"] = _blocks(names)  # by person: several spellings of one are no namesakes
    return [
        row("CPU time to generate", round(spent, 2), "s", "<= 5"),
        row("papers", len(made.sizes), ""),
        row("papers each CPU second", round(len(made.sizes) / spent), "1/s"),
        *(_near(title, own[key], unit, real[key], 0.8 * real[key], 1.2 * real[key]) for key, title, unit in COMPARED),
        _near("papers with over 25 authors", own["over 25"], "%", real["over 25"], 0.8, 2.4),  # 2 % wanted
        _near("slots with a footnote mark", own["footnote"], "%", real["footnote"], 0.2, 1),
        _near("slots with ORCID", own["orcid"], "%", real["orcid"], 20, 30),  # more in 2026 than in 2021
        *_person_rows(papers, names),
        *_network_rows(papers),
    ]


def _near(name: str, value: float, unit: str, real: float, low: float, high: float) -> Row:
    title = f"{name} ({real:.3g})" if real else name
    return Row(name=title, value=round(value, 2), unit=unit, bar=f"{low:.3g} to {high:.3g}", ok=low <= value <= high)


def _files(paths: list[Path]) -> Iterator[ElementTree.Element]:
    for path in paths:
        with gzip.open(path) as file:
            for _, element in ElementTree.iterparse(file):
                if element.tag == "PubmedArticle":
                    yield element
                    element.clear()


def _read(articles: Iterator[ElementTree.Element], since: int) -> Corpus:
    corpus = Corpus()
    for article in articles:
        authors = article.findall("./MedlineCitation/Article/AuthorList/Author")
        if not authors:
            continue
        corpus.sizes.append(len(authors))
        if int(article.findtext(".//PubDate/Year") or 2021) < since:
            continue
        for author in authors:
            last, fore = author.findtext("LastName"), author.findtext("ForeName") or ""
            places = [place.text or "" for place in author.iterfind("AffiliationInfo/Affiliation")]
            corpus.counts["slots"] += 1
            corpus.counts["orcid"] += author.find("Identifier") is not None
            corpus.counts["affiliated"] += bool(places)
            corpus.counts["two places"] += len(places) > 1
            corpus.counts["footnote"] += any(place[:1].isdigit() and place[1:2].isalpha() for place in places)
            corpus.counts["mail"] += any("@" in place for place in places)
            if last:
                bare = fore.replace(" ", "") == author.findtext("Initials")
                corpus.counts["initials"] += bare
                if not bare and fore:
                    corpus.names[last, fore.split()[0]] = None
    return corpus


def _figures(corpus: Corpus) -> dict[str, float]:
    sizes, slots = sorted(corpus.sizes), corpus.counts["slots"]
    found = {key: 100 * count / slots for key, count in corpus.counts.items() if key != "slots"}
    found["median"], found["mean"] = sizes[len(sizes) // 2], sum(sizes) / len(sizes)
    found["over 10"] = 100 * sum(size > 10 for size in sizes) / len(sizes)
    found["over 25"] = 100 * sum(size > 25 for size in sizes) / len(sizes)
    found["block"] = _blocks(list(corpus.names))
    return found


def _blocks(names: list[tuple[str, str]]) -> float:
    """Of SAMPLE full names, the share (%) whose surname and first initial another one has too."""
    step = max(1, len(names) // SAMPLE)
    blocks = Counter((last.casefold(), fore[0].casefold()) for last, fore in names[::step][:SAMPLE])
    return 100 * sum(count for count in blocks.values() if count > 1) / sum(blocks.values())


def _lines(path: Path) -> list[str]:
    return path.read_text("utf-8").splitlines()[1:]


def _truth(folder: Path) -> dict[str, list[str]]:
    papers: dict[str, list[str]] = defaultdict(list)
    for line in _lines(folder / "truth" / "mentions.tsv"):
        pmid, _, person = line.split("\t")
        if person:
            papers[pmid].append(person)
    return papers


def _person_rows(papers: dict[str, list[str]], names: list[tuple[str, str]]) -> list[Row]:
    counts = Counter(person for authors in papers.values() for person in authors)
    ordered = sorted(counts.values(), reverse=True)
    once = 100 * sum(count == 1 for count in ordered) / len(ordered)
    tenth = 100 * sum(ordered[: len(ordered) // 10]) / sum(ordered)
    return [
        row("people with a paper", round(100 * len(ordered) / len(names), 2), "%", ">= 95"),
        row("papers of a person, median", ordered[len(ordered) // 2], ""),
        row("papers of a person, most", ordered[0], "", "<= 250"),
        _near("people with one paper", once, "%", 0, 30, 60),
        _near("slots held by a tenth of the people", tenth, "%", 0, 40, 70),
        _near("people whose full name another bears", 100 * (1 - len(set(names)) / len(names)), "%", 0, 1, 6),
    ]


def _network_rows(papers: dict[str, list[str]]) -> list[Row]:
    graph = nx.Graph()
    for authors in papers.values():
        if len(authors) <= 100:
            for a, b in combinations(sorted(set(authors)), 2):
                weight = 1 / (len(authors) - 1)
                graph.add_edge(a, b, weight=weight + (graph[a][b]["weight"] if graph.has_edge(a, b) else 0))
    giant = max(nx.connected_components(graph), key=len)
    share = 100 * len(giant) / len(graph)
    clustering, mixing = nx.average_clustering(graph), nx.degree_assortativity_coefficient(graph)
    inside = graph.subgraph(giant)
    groups, modularity = _communities(inside)
    middle = sorted(len(group) for group in groups)[len(groups) // 2]
    degree = sum(dict(graph.degree).values()) / len(graph)
    return [
        row("coauthors of a person, mean (18.1)", round(degree, 1), ""),
        _near("people in the giant component", share, "%", 92.6, 80, 98),
        _near("clustering, mean of people", clustering, "", 0.53, 0.4, 0.8),
        row("degree assortativity (0.66)", round(mixing, 2), ""),
        _near("Leiden communities in the giant component", len(groups), "", 0, 10, 40),
        row("people in a community, median", middle, ""),
        row("modularity of the communities", round(modularity, 2), "", ">= 0.5"),
    ]


def _communities(graph: nx.Graph) -> tuple[list[set[str]], float]:
    edges = [(a, b, float(weight)) for a, b, weight in graph.edges(data="weight")]
    modularity, members = graspologic_native.leiden(edges, iterations=3, seed=7)
    groups: dict[int, set[str]] = defaultdict(set)
    for person, group in members.items():
        groups[group].add(person)
    return list(groups.values()), modularity
