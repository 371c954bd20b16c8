"""A second load on top of the small synthetic world, in the sources' own formats, and what it changes."""

import json
import re
from dataclasses import dataclass

from kolgraph import jobs
from kolgraph.ids import split
from kolgraph.landscape import Source
from kolgraph.workspace import Workspace

NEW, MOVING, TRIAL = "pmid:90900001", "pmid:90900002", "nct:NCT90900001"
HEAD = '<?xml version="1.0" encoding="utf-8"?>\n<PubmedArticleSet>\n'


@dataclass(frozen=True)
class Told:
    """What the refresh says: who wrote something new, who moved and where to, what was retracted and withdrawn."""

    leader: str
    mover: str
    place: str
    retracted: str
    withdrawn: str


def refresh(ws: Workspace) -> Told:
    """Write the files of a refresh and load, resolve, build and score them."""
    told = write(ws)
    for name in ("pubmed", "clinicaltrials"):
        jobs.load(ws, Source(name, (f"update/{name}",)))
    for step in (jobs.resolve, jobs.build, jobs.score):
        step(ws)
    return told


def write(ws: Workspace) -> Told:
    """The files alone, under `update/` in the workspace."""
    ranked = ws.store.read("ranking", score="influence", scope="all", top=60, offset=0)
    leader = next(row["id"] for row in ranked if row["trialCount"])
    mover, named = next(found for row in ranked if row["id"] != leader and (found := _with_orcid(ws, row["id"])))
    home = ws.store.read("person", id=mover)[0]["institution"]
    place = next(
        row
        for row in ws.store.stream("institutions")
        if row["id"] != home and row["country"] == "GB" and ws.store.read("ranking_at_institution", **_at(row["id"]))
    )
    papers = [row for row in ws.store.read("papers_of", id=leader) if row["kind"] == "article"]
    recent, retracted, withdrawn = papers[0], papers[2], papers[4]
    own = _authors(_raw(ws, recent["id"]))[recent["position"]]
    there = (
        f"<AffiliationInfo><Affiliation>{place['name']}, {place['city']}, United Kingdom.</Affiliation>"
        f'<Identifier Source="ROR">https://ror.org/{split(place["id"])[1]}</Identifier></AffiliationInfo>'
    )
    records = [
        _paper(ws, recent["id"], NEW, own),
        _paper(ws, recent["id"], MOVING, re.sub(r"<AffiliationInfo>.*</AffiliationInfo>", there, named)),
        _retracted(_raw(ws, retracted["id"])),
    ]
    gone = f'<DeleteCitation><PMID Version="1">{split(withdrawn["id"])[1]}</PMID></DeleteCitation>'
    for name in ("pubmed", "clinicaltrials"):
        (ws.path / "update" / name).mkdir(parents=True)
    text = f"{HEAD}{''.join(records)}{gone}</PubmedArticleSet>"
    (ws.path / "update" / "pubmed" / "update.xml").write_text(text, encoding="utf-8")
    study = json.loads(ws.inbox.raw(ws.store.read("trials_of", id=leader)[0]["id"]))
    study["protocolSection"]["identificationModule"]["nctId"] = split(TRIAL)[1]
    page = {"totalCount": 1, "studies": [study]}
    (ws.path / "update" / "clinicaltrials" / "studies.json").write_text(json.dumps(page), encoding="utf-8")
    return Told(leader, mover, place["id"], retracted["id"], withdrawn["id"])


def _at(institution: str) -> dict[str, object]:
    return {"score": "influence", "scope": "all", "institution": institution, "top": 1, "offset": 0}


def _raw(ws: Workspace, record: str) -> str:
    return ws.inbox.raw(record).decode()


def _authors(xml: str) -> list[str]:
    return re.findall(r"<Author .*?</Author>", xml)


def _with_orcid(ws: Workspace, person: str) -> tuple[str, str] | None:
    """The person and how a paper names them with an ORCID, by which a resolution knows them anywhere."""
    for row in ws.store.read("papers_of", id=person):
        authors = _authors(_raw(ws, row["id"]))
        if row["kind"] == "article" and len(authors) == row["authorCount"]:
            own = authors[row["position"]]
            if "ORCID" in own and "<AffiliationInfo>" in own:
                return person, own
    return None


def _paper(ws: Workspace, like: str, id: str, author: str) -> str:
    """A copy of a record under another id, newer, by one author."""
    xml = _raw(ws, like).replace(split(like)[1], split(id)[1])
    xml = re.sub(r"10\.99999/[^<]*", f"10.99999/update.{split(id)[1]}", xml)
    xml = re.sub(r"<AuthorList.*?</AuthorList>", f'<AuthorList CompleteYN="Y">{author}</AuthorList>', xml)
    return re.sub(r"<PubDate>.*?</PubDate>", f"<PubDate>{_DAY}</PubDate>", xml)


def _retracted(xml: str) -> str:
    types = '<PublicationType UI="D016441">Retracted Publication</PublicationType></PublicationTypeList>'
    xml = xml.replace("</PublicationTypeList>", types)
    return re.sub(r"<DateRevised>.*?</DateRevised>", f"<DateRevised>{_DAY}</DateRevised>", xml)


_DAY = "<Year>2026</Year><Month>11</Month><Day>20</Day>"
