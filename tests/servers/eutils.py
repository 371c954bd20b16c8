"""A PubMed that speaks the E-utilities: searches, history, fetches, spelling, with their limits, silences and errors.

What was seen of the real ones (see `answer` and below): a search serves 9,999 records, a page that crosses the line is
clamped without a word, behind it there is an error at status 200 whose JSON holds a raw line break; a history expires.
"""

import json
import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from servers.faults import Answer, Clock, Fault, Request, Served, faulty

REACH = 9_999
_RANGE = re.compile(r"^\((.*)\) AND (\d+):(\d+)\[UID\]$")
_DATES = re.compile(r"^\((.*)\) AND ([\d/]+):([\d/]+)\[(pdat|mdat)\]$")
_QUOTED = re.compile(r'"([^"]+)"\[\w+\]')
_TOO_FAR = (
    "Search Backend failed: Exception:\n'retstart' cannot be larger than 9998. For PubMed, ESearch can only retrieve"
    " the first 9,999 records matching the query."
)
Canned = tuple[int, str, bytes]


@dataclass(frozen=True, slots=True)
class Paper:
    """Days are ISO; `revised` is when PubMed last touched the record, `where` the affiliation of its author."""

    day: str
    title: str
    revised: str = ""
    where: str = ""


class Papers(dict[int, Paper]):
    """PMID -> paper; knows when it was changed."""

    changes = 0

    def __setitem__(self, pmid: int, paper: Paper) -> None:
        self.changes += 1
        super().__setitem__(pmid, paper)

    def __delitem__(self, pmid: int) -> None:
        self.changes += 1
        super().__delitem__(pmid)


def record(pmid: int, paper: Paper) -> str:
    """A small record with one author, invented from the number."""
    year, month, date = paper.day.split("-")
    revised = "".join(
        f"<{tag}>{part}</{tag}>" for tag, part in zip(("Year", "Month", "Day"), paper.revised.split("-"), strict=False)
    )
    where = f"<Affiliation>{escape(paper.where)}</Affiliation>" if paper.where else ""
    return (
        f'<PubmedArticle><MedlineCitation><PMID Version="1">{pmid}</PMID>'
        + (f"<DateRevised>{revised}</DateRevised>" if paper.revised else "")
        + f"<Article><Journal><JournalIssue><PubDate><Year>{year}</Year><Month>{month}</Month><Day>{date}</Day>"
        f"</PubDate></JournalIssue></Journal><ArticleTitle>{escape(paper.title)}</ArticleTitle><AuthorList><Author>"
        f"<LastName>Erfunden</LastName><ForeName>N{pmid}</ForeName><AffiliationInfo>{where}</AffiliationInfo></Author></AuthorList></Article>"
        "</MedlineCitation></PubmedArticle>"
    )


@dataclass
class PubMed:
    """The world behind the server. `canned` answers are played first, one a request; None stands for the true one."""

    papers: Papers
    log: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    canned: list[Canned | None] = field(default_factory=list)
    hidden: set[int] = field(default_factory=set)  # found by searches, not delivered
    after: Callable[["PubMed"], None] | None = None  # called behind every answer: the world goes on
    render: Callable[[int, Paper], str] = record
    spelling: dict[str, str] = field(default_factory=dict)
    translations: dict[str, str] = field(default_factory=dict)
    history: dict[str, list[list[int]]] = field(default_factory=dict)  # WebEnv -> results by query_key
    errors: tuple[bytes, ...] = (
        b"<eFetchResult><ERROR>Search Backend failed: Database is not supported: pubmed</ERROR></eFetchResult>",
        b'{"header":{"type":"esearch"},"esearchresult":{"ERROR":"Search Backend failed: read timed out\n"}}',
        b"<eFetchResult><ERROR>Empty result - nothing to do</ERROR></eFetchResult>",
        b'<?xml version="1.0" ?><PubmedArticleSet></PubmedArticleSet>',
    )
    _found: dict[tuple[object, ...], list[int]] = field(default_factory=dict)

    def ids(self) -> set[str]:
        return {f"pmid:{number}" for number in self.papers}

    def answer(self, request: Request) -> Answer:
        params = request.params
        self.log.append((request.path, params))
        if self.canned and (said := self.canned.pop(0)):
            status, kind, body = said
        else:
            what = request.path.rpartition("/")[2].removesuffix(".fcgi")
            status, kind, body = {"esearch": self.search, "efetch": self.fetch, "espell": self.spell}[what](params)
        if self.after:
            self.after(self)
        return status, {"Content-Type": kind}, body

    def search(self, params: dict[str, str]) -> Canned:
        start, most = int(params.get("retstart", 0)), int(params.get("retmax", 20))
        found = self.matching(params)
        said: dict[str, object] = {"ERROR": _TOO_FAR}
        if start < REACH:
            page = found[start : min(start + most, REACH)]
            said = {"count": str(len(found)), "retmax": str(len(page)), "retstart": str(start)}
            said["idlist"] = [str(number) for number in page]
            if params.get("usehistory") == "y":
                environment = params.get("WebEnv") or f"MCID_{len(self.history):x}"
                results = self.history.setdefault(environment, [])
                results.append(found)
                said |= {"querykey": str(len(results)), "webenv": environment}
            term = params["term"]
            translated = self.translations.get(term, f'"{term}"[All Fields]')
            said |= {"translationset": [], "querytranslation": translated}
        # NCBI writes the raw line break of an error into its JSON
        body = json.dumps({"header": {"type": "esearch"}, "esearchresult": said}).replace("\\n", "\n")
        return 200, "application/json", body.encode()

    def matching(self, params: dict[str, str]) -> list[int]:
        """The PMIDs of a query, the newest first as PubMed lists them."""
        term, low, high = params["term"], 0, 10**9
        if ranges := _RANGE.match(term):
            term, low, high = ranges[1], int(ranges[2]), int(ranges[3])
        key = (
            id(self.papers),
            self.papers.changes,
            term,
            *(params.get(k, "") for k in ("datetype", "mindate", "maxdate")),
        )
        if key not in self._found:
            self._found = {key: self._matching(term, params)}
        numbers = self._found[key]
        return numbers[bisect_left(numbers, low) : bisect_right(numbers, high)][::-1]

    def _matching(self, term: str, params: dict[str, str]) -> list[int]:
        bounds = []
        while dates := _DATES.match(term):
            term, *bound = dates.groups()
            bounds.append(bound)
        if "datetype" in params:
            bounds.append([params["mindate"], params["maxdate"], params["datetype"]])
        kept: Iterable[tuple[int, Paper]] = self.papers.items()
        for first, last, kind in bounds:
            low, high = first.replace("/", "-"), last.replace("/", "-") + "-99"
            kept = [(n, p) for n, p in kept if low <= ((p.revised or p.day) if kind == "mdat" else p.day) <= high]
        parts = [[w.lower().rstrip("*") for w in _QUOTED.findall(part)] for part in term.split(" AND ")]
        if not any(parts):
            parts = [[term.lower()]]

        def matches(text: str) -> bool:
            return all(any(word in text for word in part) for part in parts)

        return sorted(number for number, paper in kept if matches(f"{paper.title} {paper.where}".lower()))

    def fetch(self, params: dict[str, str]) -> Canned:
        """By numbers; or by history, where the page that crosses the line is clamped and an expired one is an error."""
        if "id" in params:
            asked = [int(number) for number in params["id"].split(",")]
        else:
            results = self.history.get(params["WebEnv"], [])
            key, start = int(params["query_key"]), int(params.get("retstart", 0))
            if key > len(results):
                said = f"<eFetchResult>\n\t<ERROR>Unable to obtain query #{key}</ERROR>\n</eFetchResult>"
                return 400, "text/xml", said.encode()
            if start >= REACH:
                return 400, "application/json", json.dumps({"error": _TOO_FAR}).encode()
            asked = results[key - 1][start : min(start + int(params.get("retmax", 20)), REACH)]
        found = "".join(
            self.render(number, self.papers[number])
            for number in asked
            if number in self.papers and number not in self.hidden
        )
        return 200, "text/xml", f'<?xml version="1.0" ?>\n<PubmedArticleSet>{found}</PubmedArticleSet>\n'.encode()

    def spell(self, params: dict[str, str]) -> Canned:
        better = escape(self.spelling.get(params["term"], ""))
        said = f"<eSpellResult><Query>{escape(params['term'])}</Query><CorrectedQuery>{better}</CorrectedQuery>"
        return 200, "text/xml", f'<?xml version="1.0"?>\n{said}<ERROR/></eSpellResult>'.encode()


@contextmanager
def pubmed(world: PubMed, faults: Iterable[Fault | None] = (), clock: Clock | None = None) -> Iterator[Served]:
    """An E-utilities server for this world, at `url`."""
    with faulty(world, faults, clock) as served:
        served.url += "entrez/eutils/"
        yield served
