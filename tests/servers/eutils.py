"""A PubMed that speaks the E-utilities: esearch and efetch with their limits, their silences and their odd errors."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from servers import Handler, serving

Answer = tuple[int, str, bytes]
REACH = 9_999


@dataclass
class PubMed:
    """The world behind the server: `papers` are PMID -> (day, title). `faults` are played first, one a request."""

    papers: dict[int, tuple[str, str]]
    log: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    faults: list[Answer | None] = field(default_factory=list)
    hidden: set[int] = field(default_factory=set)  # found by searches, not delivered
    after: Callable[["PubMed"], None] | None = None  # called behind every answer: the world goes on

    def search(self, params: dict[str, str]) -> dict[str, object]:
        term, ranges = re.subn(r" AND (\d+):(\d+)\[UID\]$", "", params["term"])
        low, high = 0, 10**9
        if ranges and (found := re.search(r"(\d+):(\d+)\[UID\]$", params["term"])):
            low, high = int(found[1]), int(found[2])
            term = term.removeprefix("(").removesuffix(")")
        first, last = (params.get(k, d).replace("/", "-") for k, d in (("mindate", "0"), ("maxdate", "9")))
        ids = [
            pmid
            for pmid, (day, title) in sorted(self.papers.items(), reverse=True)
            if low <= pmid <= high and first <= day <= last and term.lower() in title.lower()
        ]
        start, most = int(params.get("retstart", 0)), int(params.get("retmax", 20))
        if start > REACH - 1:
            return {"ERROR": "Search Backend failed: Exception:\n'retstart' cannot be larger than 9998."}
        page = ids[start : min(start + most, REACH)]
        return {
            "count": str(len(ids)),
            "retmax": str(len(page)),
            "retstart": str(start),
            "idlist": [str(i) for i in page],
        }

    def answer(self, path: str, params: dict[str, str]) -> Answer:
        self.log.append((path, params))
        if self.faults and (fault := self.faults.pop(0)):
            return fault
        if path.endswith("esearch.fcgi"):
            # NCBI writes the raw line break of an error into its JSON
            body = json.dumps({"header": {"type": "esearch"}, "esearchresult": self.search(params)}).replace(
                "\\n", "\n"
            )
            result = 200, "application/json", body.encode()
        else:
            asked = [int(i) for i in params["id"].split(",")]
            found = "".join(record(i, *self.papers[i]) for i in asked if i in self.papers and i not in self.hidden)
            result = 200, "text/xml", f'<?xml version="1.0" ?>\n<PubmedArticleSet>{found}</PubmedArticleSet>\n'.encode()
        if self.after:
            self.after(self)
        return result


def record(pmid: int, day: str, title: str) -> str:
    """A small record with one author, invented from the number."""
    year, month, date = day.split("-")
    return (
        f'<PubmedArticle><MedlineCitation><PMID Version="1">{pmid}</PMID><Article><Journal><JournalIssue><PubDate>'
        f"<Year>{year}</Year><Month>{month}</Month><Day>{date}</Day></PubDate></JournalIssue></Journal>"
        f"<ArticleTitle>{title}</ArticleTitle><AuthorList><Author><LastName>Erfunden</LastName><ForeName>N{pmid}"
        "</ForeName></Author></AuthorList></Article></MedlineCitation></PubmedArticle>"
    )


@contextmanager
def pubmed(world: PubMed) -> Iterator[str]:
    """The base address of an E-utilities server for this world."""

    class Eutils(Handler):
        def answer(self, path: str, params: dict[str, str]) -> Answer:
            return world.answer(path, params)

    with serving(Eutils) as url:
        yield url + "entrez/eutils/"
