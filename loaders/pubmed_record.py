"""One PubMed record -> Publication: every field that we use, with the forms in which it circulates.

Follows the PubMed DTD (https://dtd.nlm.nih.gov/ncbi/pubmed/); elements that later DTDs add are ignored.
"""

import re
from collections import Counter
from datetime import date
from xml.etree.ElementTree import Element

from kolgraph.errors import InputError
from kolgraph.ids import doi_id, mesh_id, nct_id, orcid_id, pmid_id
from kolgraph.loading import Record
from kolgraph.loading.xml import parse, text, without
from kolgraph.model import Affiliation, Mention, MeshTerm, Publication

# What a record counts as, by its publication types and its links to other records; of several, the first of KINDS wins.
# An editorial, a comment or news is opinion about a paper; a letter that comments on nothing is a short article.
_ARTICLE = """Journal Article|Letter|English Abstract|Case Reports|Comparative Study|Multicenter Study|Twin Study
Research Support, Non-U.S. Gov't|Research Support, N.I.H., Extramural|Research Support, N.I.H., Intramural
Research Support, U.S. Gov't, Non-P.H.S.|Research Support, U.S. Gov't, P.H.S.|Research Support, U.S. Government
Research Support, American Recovery and Reinvestment Act|Observational Study|Observational Study, Veterinary
Evaluation Study|Evaluation Studies|Validation Study|Validation Studies|Historical Article|Classical Article
Video-Audio Media|Preprint|Congress|Dataset|Technical Report|Corrected and Republished Article|Duplicate Publication
Introductory Journal Article|Lecture|Address
Clinical Study|Clinical Trial Protocol|Electronic Supplementary Materials|Webcast|Festschrift|Overall|Legal Case
Government Publication|Patient Education Handout|Interactive Tutorial|Periodical Index|Collected Work|Bibliography
Dictionary|Directory|Legislation|Personal Narrative|Study Characteristics|Support of Research
Scientific Integrity Review|Clinical Conference|Systematic Review Protocol|Network Meta-Analysis Protocol"""
_TYPES = {
    "retracted": "Retracted Publication",
    "notice": "Retraction of Publication|Expression of Concern|Retraction Notice",
    "erratum": "Published Erratum",
    "guideline": "Guideline|Practice Guideline|Consensus Development Conference|Consensus Development Conference, NIH",
    "trial": """Clinical Trial|Clinical Trial, Phase I|Clinical Trial, Phase II|Clinical Trial, Phase III
Clinical Trial, Phase IV|Controlled Clinical Trial|Randomized Controlled Trial|Pragmatic Clinical Trial
Adaptive Clinical Trial|Equivalence Trial|Clinical Trial, Veterinary|Randomized Controlled Trial, Veterinary""",
    "comment": """Comment|Editorial|News|Newspaper Article|Interview|Biography|Autobiography|Portrait|Book Review
Personal Narratives|Patient Education|Obituary""",
    "review": "Review|Systematic Review|Scoping Review|Meta-Analysis|Network Meta-Analysis",
    "article": _ARTICLE,
}
_KIND_OF_TYPE = {name: kind for kind, names in _TYPES.items() for name in re.split(r"[|\n]", names)}
_KIND_OF_LINK = {
    "RetractionIn": "retracted",
    "RetractedandRepublishedIn": "retracted",
    "RetractionOf": "notice",
    "ExpressionOfConcernFor": "notice",
    "ErratumFor": "erratum",
    "CommentOn": "comment",
}
_RANK = {kind: rank for rank, kind in enumerate(_TYPES)}
_MONTHS = ("", "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_YEAR = re.compile(r"\b(1[5-9]\d\d|20\d\d)\b")
_MAIL = re.compile(r"[^\s@]@[^\s@]+\.\w")
_PLACE_ID = {"GRID": re.compile(r"grid\.\d+\.[0-9a-f]+"), "RINGGOLD": re.compile(r"\d+"), "ROR": re.compile(r"0\w{8}$")}


def parse_record(raw: bytes, unknown: Counter[str]) -> Record:
    """The record in the bytes of one PubmedArticle or PubmedBookArticle; counts in `unknown` what has no word here.

    Raises InputError saying what is wrong with it.
    """
    root = parse(without(without(raw, b"ReferenceList"), b"History"))
    book = root.find("BookDocument")
    citation = book if book is not None else root.find("MedlineCitation")
    if citation is None:
        raise InputError(f"<{root.tag}> holds neither MedlineCitation nor BookDocument")
    number = citation.find("PMID")
    pmid = pmid_id(text(number))
    if number is None or not pmid:
        raise InputError("the record has no PMID")
    version = int(number.get("Version") or 1)
    if book is not None:
        noun = _book(f"pmid:{pmid}", version, book, unknown)
        revised = _date(book.find("DateRevised")) or _date(book.find("ContributionDate"))
    else:
        noun = _article(f"pmid:{pmid}", version, citation, root.find("PubmedData"), unknown)
        revised = _date(citation.find("DateRevised")) or _date(citation.find("DateCompleted"))
    return Record(noun.id, raw, noun, order(version, revised))


def order(version: int, revised: str) -> int:
    """The number that orders the states of a record: its Version first, then the day of its revision."""
    return version * 10**8 + int(revised.replace("-", "").ljust(8, "0") or 0)


def _article(id: str, version: int, citation: Element, data: Element | None, unknown: Counter[str]) -> Publication:
    article = citation.find("Article")
    if article is None:
        raise InputError(f"{id} has no Article")
    journal = _child(article, "Journal")
    day = _date(_child(_child(journal, "JournalIssue"), "PubDate")) or _date(article.find("ArticleDate"))
    listed = article.find("AuthorList")
    authors = _authors(_children(listed), 0, "author", unknown)
    for group in citation.findall("InvestigatorList"):
        authors += _authors(list(group), len(_children(listed)), "member", unknown)
    types = tuple([text(e) for e in _children(article.find("PublicationTypeList"))])
    links = [link.get("RefType", "") for link in _children(citation.find("CommentsCorrectionsList"))]
    name = text(_child(journal, "Title")) or text(_child(journal, "ISOAbbreviation"))
    return Publication(
        id,
        version,
        text(article.find("ArticleTitle")) or text(article.find("VernacularTitle")),
        int(day[:4]) if day else None,
        day,
        name or text(_child(citation.find("MedlineJournalInfo"), "MedlineTA")),
        _kind(types, links, unknown),
        types,
        _abstract(article.find("Abstract")),
        text(article.find("Language")),
        _keywords(citation),
        _mesh(citation.find("MeshHeadingList")),
        _identifiers(_child(data, "ArticleIdList"), article.findall("ELocationID")),
        _trials(article.find("DataBankList"), unknown),
        _grants(article.find("GrantList")),
        authors,
        listed is None or listed.get("CompleteYN") != "N",
    )


def _book(id: str, version: int, book: Element, unknown: Counter[str]) -> Publication:
    whole = book.find("Book")
    day = _date(book.find("ContributionDate")) or _date(_child(whole, "PubDate"))
    lists = [*book.findall("AuthorList"), *(whole.findall("AuthorList") if whole is not None else ())]
    authors: tuple[Mention, ...] = ()
    slots = 0
    # the authors of a chapter stand behind the editors of the book: the authors come first here, as in articles
    for listed in sorted(lists, key=lambda e: e.get("Type") == "editors"):
        role = "editor" if listed.get("Type") == "editors" else "author"
        authors += _authors(list(listed), slots, role, unknown)
        slots += len(listed)
    title, chapter = text(_child(whole, "BookTitle")), text(book.find("ArticleTitle"))
    return Publication(
        id,
        version,
        chapter or text(book.find("VernacularTitle")) or title,
        int(day[:4]) if day else None,
        day,
        title if chapter else "",
        "book",
        tuple(text(e) for e in book.findall("PublicationType")),
        _abstract(book.find("Abstract")),
        text(book.find("Language")),
        _keywords(book),
        identifiers=_identifiers(book.find("ArticleIdList"), []),
        grants=_grants(book.find("GrantList")),
        authors=authors,
        complete=all(listed.get("CompleteYN") != "N" for listed in lists),
    )


def _child(element: Element | None, tag: str) -> Element | None:
    # a path for find() goes through Python, a single tag does not: twice as fast over a record
    return None if element is None else element.find(tag)


def _children(element: Element | None) -> list[Element]:
    return [] if element is None else list(element)


def _authors(slots: list[Element], first: int, role: str, unknown: Counter[str]) -> tuple[Mention, ...]:
    mentions: list[Mention] = []
    shared: dict[str, Affiliation] = {}  # most authors of a paper write one of a few affiliations
    for position, slot in enumerate(slots, first):
        if slot.get("ValidYN") == "N":
            unknown["author: marked invalid by PubMed, left out"] += 1
            continue
        # find and findtext run in C: asking for six names beats looking at every child
        last = (slot.findtext("LastName") or "").strip()
        fore = (slot.findtext("ForeName") or "").strip()
        group = "" if last else text(slot.find("CollectiveName"))
        orcid = ""
        for identifier in slot.findall("Identifier"):
            if identifier.get("Source") == "ORCID":
                orcid = orcid_id(identifier.text or "")
                unknown["orcid: malformed, left out"] += not orcid
        mail = False
        affiliations: list[Affiliation] = []
        for info in slot.findall("AffiliationInfo"):
            affiliation = _affiliation(info, shared, unknown)
            if affiliation:
                affiliations.append(affiliation)
                mail = mail or ("@" in affiliation.text and bool(_MAIL.search(affiliation.text)))
        if not (last or fore or group):
            unknown["author: without a name, left out"] += 1
            continue
        mentions.append(
            Mention(
                position,
                last,
                fore,
                (slot.findtext("Initials") or "").strip(),
                text(slot.find("Suffix")),
                "",
                group,
                role,
                orcid,
                tuple(affiliations),
                mail,
            )
        )
    return tuple(mentions)


def _affiliation(info: Element, shared: dict[str, Affiliation], unknown: Counter[str]) -> Affiliation | None:
    said = text(info.find("Affiliation"))
    if len(info) > 1:
        found = tuple(dict.fromkeys(i for e in info.iterfind("Identifier") if (i := _place_id(e, unknown))))
        return Affiliation(said, found) if said or found else None
    if not said:
        return None
    known = shared.get(said)
    if known is None:
        known = shared[said] = Affiliation(said)
    return known


def _place_id(element: Element, unknown: Counter[str]) -> str:
    """`grid:grid.9227.e`, `isni:0000000119573309`, `ringgold:12345`, `ror:04nbqb988`, or ""."""
    source, said = (element.get("Source") or "").upper(), text(element)
    if source == "ISNI":
        digits = re.sub(r"[\s-]", "", said.rsplit("/", 1)[-1]).upper()
        if re.fullmatch(r"\d{15}[\dX]", digits):
            return f"isni:{digits}"
    elif source in _PLACE_ID and (found := _PLACE_ID[source].search(said.lower())):
        return f"{source.lower()}:{found[0]}"
    unknown[f"affiliation id: {source or 'without source'} not understood, left out"] += 1
    return ""


def _kind(types: tuple[str, ...], links: list[str], unknown: Counter[str]) -> str:
    best = "article"
    for name in types:
        kind = _KIND_OF_TYPE.get(name)
        if kind is None:
            unknown[f"publication type: {name}"] += 1
        elif _RANK[kind] < _RANK[best]:
            best = kind
    for link in links:
        kind = _KIND_OF_LINK.get(link, "article")
        # a trial or a guideline may comment on a paper too, and stays one
        if _RANK[kind] < _RANK[best]:
            best = kind
    return best


def _date(element: Element | None) -> str:
    """ISO text with the precision given: `2018-07-02`, `2018-07` (`2018 Jul-Aug`), `2018` (a season), or ""."""
    if element is None:
        return ""
    year = element.findtext("Year") or ""
    if not year:
        free = element.findtext("MedlineDate") or ""
        found = _YEAR.search(free)
        if not found:
            return ""
        month = _month(re.sub(r"[^A-Za-z].*", "", free[found.end() :].strip()))
        return f"{found[0]}-{month:02d}" if month else found[0]
    if not (len(year) == 4 and year.isdigit()):
        return ""
    month = _month(element.findtext("Month") or "")
    if not month:
        return year
    day = element.findtext("Day") or ""
    try:
        return date(int(year), month, int(day)).isoformat()
    except ValueError:  # no day, or one that the month does not have
        return f"{year}-{month:02d}"


def _month(said: str) -> int:
    said = said.strip()
    if said.isascii() and said.isdigit():
        return int(said) if int(said) <= 12 else 0
    short = said[:3].lower()
    return _MONTHS.index(short) if short in _MONTHS else 0


def _keywords(citation: Element) -> tuple[str, ...]:
    lists = citation.findall("KeywordList")
    return tuple([word for listed in lists for e in listed if (word := text(e))]) if lists else ()


def _abstract(abstract: Element | None) -> str:
    if abstract is None:
        return ""
    parts = [(e.get("Label"), text(e)) for e in abstract.findall("AbstractText")]
    return "\n".join(f"{label}: {said}" if label else said for label, said in parts if said)


def _mesh(headings: Element | None) -> tuple[MeshTerm, ...]:
    terms = []
    for heading in _children(headings):
        major = any(e.get("MajorTopicYN") == "Y" for e in heading)
        name = heading.find("DescriptorName")
        if name is not None and (known := mesh_id(name.get("UI") or "")):
            terms.append(MeshTerm(f"mesh:{known}", name.text or "", major))
    return tuple(terms)


def _identifiers(listed: Element | None, places: list[Element]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for one in _children(listed):
        kind, said = one.get("IdType"), one.text or ""
        if kind == "doi" and (doi := doi_id(said)):
            found[f"doi:{doi}"] = None
        elif kind == "pmc" and said.strip():
            found[f"pmc:{said.strip()}"] = None
    for place in places:
        if place.get("EIdType") == "doi" and place.get("ValidYN") != "N" and (doi := doi_id(place.text or "")):
            found[f"doi:{doi}"] = None
    return tuple(found)


def _trials(banks: Element | None, unknown: Counter[str]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for bank in _children(banks):
        if text(bank.find("DataBankName")).lower() == "clinicaltrials.gov":
            for number in bank.iterfind("AccessionNumberList/AccessionNumber"):
                known = nct_id(text(number))
                if known:
                    found[f"nct:{known}"] = None
                unknown["trial number: malformed, left out"] += not known
    return tuple(found)


def _grants(grants: Element | None) -> tuple[str, ...]:
    """`R01 CA000001 (NCI NIH HHS)`; the agency alone where the number is missing."""
    said = [(text(grant.find("GrantID")), text(grant.find("Agency"))) for grant in _children(grants)]
    return tuple(f"{number} ({agency})" if number and agency else number or agency for number, agency in said)
