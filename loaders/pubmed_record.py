"""One PubMed record -> Publication: every field that we use, with the forms in which it circulates.

Follows the PubMed DTD (https://dtd.nlm.nih.gov/ncbi/pubmed/); elements that later DTDs add are ignored.
"""

import re
from collections import Counter
from datetime import date
from functools import lru_cache

from kolgraph.errors import InputError
from kolgraph.ids import doi_id, mesh_id, nct_id, orcid_id, pmid_id
from kolgraph.loading import Record
from kolgraph.loading.quick import maker
from kolgraph.loading.xml import parse, well_formed, without
from kolgraph.model import Affiliation, Mention, MeshTerm, Publication

from . import pubmed_shape as shape
from .pubmed_canonical import canonical
from .pubmed_shape import Article, Chapter, Date, Slot, plain, value

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
_mention, _affiliation, _publication = maker(Mention), maker(Affiliation), maker(Publication)
_VALID = ' ValidYN="Y"'
_record = maker(Record)
_NEAR_THE_END = 200  # bytes, in which a list of references ends if there is one
_RANK = {kind: rank for rank, kind in enumerate(_TYPES)}
_MONTHS = ("", "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_YEAR = re.compile(r"\b(1[5-9]\d\d|20\d\d)\b")
_MAIL = re.compile(r"[^\s@]@[^\s@]+\.\w")
_PLACE_ID = {"GRID": re.compile(r"grid\.\d+\.[0-9a-f]+"), "RINGGOLD": re.compile(r"\d+"), "ROR": re.compile(r"0\w{8}$")}
Places = tuple[tuple[Affiliation, ...], bool]  # affiliations, and whether one of them holds an address of mail
Shared = dict[str, Places]  # as written -> as read


def parse_record(raw: bytes, unknown: Counter[str], shared: Shared, clean: bool = False, group: str = "") -> Record:
    """The record in the bytes of one PubmedArticle or PubmedBookArticle; counts in `unknown` what has no word here.

    `shared` holds the affiliations met so far: most authors of a paper write one of a few. `clean` says that no control
    characters stand in the bytes. Raises InputError saying what is wrong with the record.
    """
    read = _of_use(raw)
    try:
        record = read.decode()
    except UnicodeDecodeError as error:
        raise InputError(f"not well-formed: no UTF-8 at byte {error.start:,}") from None
    found: Article | Chapter | None = shape.article(record)
    if not (clean and found and shape.proven(record)):
        well_formed(read)
    if found is None:
        written = canonical(parse(without(without(raw, b"ReferenceList"), b"History")), unknown)
        found = shape.article(written) or shape.chapter(written)
    if found is None:
        raise InputError("the record has no shape that we know")
    pmid = pmid_id(plain(found.pmid))
    if not pmid:
        raise InputError("the record has no PMID")
    version = int(found.version or 1)
    if isinstance(found, Chapter):
        noun = _chapter(f"pmid:{pmid}", version, found, unknown, shared)
        revised = _date(found.revised) or _date(found.contributed)
    else:
        noun = _article(f"pmid:{pmid}", version, found, unknown, shared)
        revised = _date(found.revised) or _date(found.completed)
    return _record(noun.id, raw, noun, order(version, revised), group)


def _of_use(raw: bytes) -> bytes:
    """The record without its history and its references, where they stand as usual: half of the bytes."""
    end = len(raw)
    if raw.rfind(b"</ReferenceList>", end - _NEAR_THE_END) >= 0:
        end = raw.find(b"<ReferenceList")
        tail = raw[raw.rfind(b"</ReferenceList>") + 16 :]
    else:
        tail = b""
    begin = raw.rfind(b"<History>", 0, end)
    if begin < 0:
        return raw[:end] + tail
    return raw[:begin] + raw[raw.find(b"</History>", begin) + 10 : end] + tail


def order(version: int, revised: str) -> int:
    """The number that orders the states of a record: its Version first, then the day of its revision."""
    return version * 10**8 + int(revised.replace("-", "").ljust(8, "0") or 0)


def _article(id: str, version: int, found: Article, unknown: Counter[str], shared: Shared) -> Publication:
    day = _date(found.printed) or _date(found.electronic)
    authors = _authors(found.authors, 0, "author", unknown, shared)
    for slots in found.members:
        authors += _authors(slots, len(found.authors), "member", unknown, shared)
    types = tuple([plain(said) for _, _, said in shape.leaves(found.types)])
    links = [value(attributes, "RefType") for attributes in shape.links(found.links)]
    return _publication(
        id,
        version,
        found.title or plain(found.vernacular),
        int(day[:4]) if day else None,
        day,
        plain(found.journal) or plain(found.abbreviation) or plain(found.short),
        _kind(types, links, unknown),
        types,
        _abstract(found.abstract),
        plain(found.language),
        _keywords(found.keywords),
        _mesh(found.mesh),
        _identifiers(found.ids, found.places),
        _trials(found.banks, unknown),
        _grants(found.grants),
        tuple(authors),
        ' CompleteYN="N"' not in (found.listed or ""),
    )


def _chapter(id: str, version: int, found: Chapter, unknown: Counter[str], shared: Shared) -> Publication:
    day = _date(found.contributed) or _date(found.printed)
    authors: list[Mention] = []
    first = 0
    # the authors of a chapter stand behind the editors of the book: the authors come first here, as in articles
    for attributes, slots in sorted(found.lists, key=lambda one: value(one[0], "Type") == "editors"):
        role = "editor" if value(attributes, "Type") == "editors" else "author"
        authors += _authors(slots, first, role, unknown, shared)
        first += len(slots)
    book, title = plain(found.book), plain(found.title)
    return Publication(
        id,
        version,
        title or plain(found.vernacular) or book,
        int(day[:4]) if day else None,
        day,
        book if title else "",
        "book",
        tuple(plain(said) for _, _, said in shape.leaves(found.types)),
        _abstract(found.abstract),
        plain(found.language),
        _keywords(found.keywords),
        identifiers=_identifiers(found.ids, ""),
        grants=_grants(found.grants),
        authors=tuple(authors),
        complete=all(value(attributes, "CompleteYN") != "N" for attributes, _ in found.lists),
    )


def _authors(slots: list[Slot], first: int, role: str, unknown: Counter[str], shared: Shared) -> list[Mention]:
    mentions = []
    position = first - 1
    for attributes, last, fore, initials, suffix, group, identifiers, place, more, _ in slots:
        position += 1
        if attributes != _VALID and ' ValidYN="N"' in attributes:
            unknown["author: marked invalid by PubMed, left out"] += 1
            continue
        if "&" in last or "&" in fore or "&" in initials:
            last, fore, initials = plain(last), plain(fore), plain(initials)
        last, fore, initials = last.strip(), fore.strip(), initials.strip()
        group = plain(group) if group and not last else ""
        orcid = _orcid(identifiers, unknown) if identifiers else ""
        known = shared.get(place)
        if known is None:
            said = plain(place)
            known = shared[place] = ((_affiliation(said),) if said else ()), _has_mail(said)
        affiliations, mail = known
        if more:
            others, written = _more(more, unknown, shared)
            affiliations, mail = affiliations + others, mail or written
        if not (last or fore or group):
            unknown["author: without a name, left out"] += 1
            continue
        if suffix:
            suffix = plain(suffix)
        mentions.append(_mention(position, last, fore, initials, suffix, "", group, role, orcid, affiliations, mail))
    return mentions


def _has_mail(said: str) -> bool:
    return "@" in said and _MAIL.search(said) is not None


def _orcid(identifiers: str, unknown: Counter[str]) -> str:
    orcid = ""
    for attributes, said in shape.identifiers(identifiers):
        if attributes == ' Source="ORCID"' or value(attributes, "Source") == "ORCID":
            orcid = orcid_id(plain(said))
            if not orcid:
                unknown["orcid: malformed, left out"] += 1
    return orcid


def _more(places: str, unknown: Counter[str], shared: Shared) -> Places:
    known = shared.get(places)
    if known is None:
        listed = []
        for written, identifiers in shape.places(places):
            said = plain(written)
            found = (_place_id(*one, unknown) for one in shape.identifiers(identifiers))
            ids = tuple(dict.fromkeys(filter(None, found)))
            if said or ids:
                listed.append(_affiliation(said, ids))
        known = tuple(listed), any(_has_mail(one.text) for one in listed)
        if "<Identifier" not in places:  # what is not understood is counted each time
            shared[places] = known
    return known


def _place_id(attributes: str, written: str, unknown: Counter[str]) -> str:
    """`grid:grid.9227.e`, `isni:0000000119573309`, `ringgold:12345`, `ror:04nbqb988`, or ""."""
    source, said = value(attributes, "Source").upper(), plain(written)
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


@lru_cache(10_000)
def _date(parts: Date) -> str:
    """ISO text with the precision given: `2018-07-02`, `2018-07` (`2018 Jul-Aug`), `2018` (a season), or ""."""
    year, named, day, free = map(plain, parts)
    if not year:
        found = _YEAR.search(free) if free else None
        if not found or not free:
            return ""
        month = _month(re.sub(r"[^A-Za-z].*", "", free[found.end() :].strip()))
        return f"{found[0]}-{month:02d}" if month else found[0]
    year = year.strip()
    if not (len(year) == 4 and year.isdigit()):
        return ""
    month = _month(named or "")
    if not month:
        return year
    try:
        return date(int(year), month, int(day or "")).isoformat()
    except ValueError:  # no day, or one that the month does not have
        return f"{year}-{month:02d}"


def _month(said: str) -> int:
    said = said.strip()
    if said.isascii() and said.isdigit():
        return int(said) if int(said) <= 12 else 0
    short = said[:3].lower()
    return _MONTHS.index(short) if short in _MONTHS else 0


def _keywords(lists: str) -> tuple[str, ...]:
    return tuple([said for word in shape.keywords(lists) if (said := plain(word))])


def _abstract(paragraphs: list[tuple[str, str]]) -> str:
    labelled = [(plain(value(attributes, "Label")) if attributes else "", said) for attributes, said in paragraphs]
    return "\n".join([f"{label}: {said}" if label else said for label, said in labelled if said])


def _mesh(headings: str | None) -> tuple[MeshTerm, ...]:
    terms = []
    for attributes, name, qualifiers in shape.headings(headings):
        major = ' MajorTopicYN="Y"' in attributes or ' MajorTopicYN="Y"' in qualifiers
        if known := mesh_id(value(attributes, "UI")):
            terms.append(MeshTerm(f"mesh:{known}", plain(name), major))
    return tuple(terms)


def _identifiers(listed: str | None, places: str) -> tuple[str, ...]:
    said: dict[tuple[str, str], None] = {}  # in most records the DOI stands in both places
    for _, attributes, written in shape.leaves(listed):
        if ' IdType="doi"' in attributes:
            said["doi", written] = None
        elif ' IdType="pmc"' in attributes:
            said["pmc", written] = None
    for _, attributes, written in shape.leaves(places):
        if ' EIdType="doi"' in attributes and ' ValidYN="N"' not in attributes:
            said["doi", written] = None
    found = [(kind, doi_id(plain(one)) if kind == "doi" else plain(one)) for kind, one in said]
    return tuple(dict.fromkeys([f"{kind}:{one}" for kind, one in found if one]))


def _trials(banks: str | None, unknown: Counter[str]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for name, numbers in shape.banks(banks):
        if plain(name).lower() == "clinicaltrials.gov":
            for _, _, number in shape.leaves(numbers):
                known = nct_id(plain(number))
                if known:
                    found[f"nct:{known}"] = None
                unknown["trial number: malformed, left out"] += not known
    return tuple(found)


def _grants(listed: str | None) -> tuple[str, ...]:
    """`R01 CA000001 (NCI NIH HHS)`; the agency alone where the number is missing."""
    said = [(plain(number), plain(agency)) for number, agency in shape.grants(listed)]
    return tuple(f"{number} ({agency})" if number and agency else number or agency for number, agency in said)
