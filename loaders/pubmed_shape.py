"""The shape in which PubMed writes nearly every record, as patterns that match it from its first sign to its last.

A pattern costs a third of a tree. Each says which elements come, in which order, and nothing may stand between two of
them: what a record that matches says is what its tree would say. A record in any other dress (comments, CDATA, single
quotes, elements unknown to us or in another order) is read as a tree and written anew in this shape by
`pubmed_canonical`; thus one way leads from a record to its fields.
"""

import re
from typing import NamedTuple

Date = tuple[str | None, ...]  # year, month, day, or free text
Slot = tuple[str, ...]  # see _slot
_List = tuple[re.Pattern[str], str, re.Pattern[str]]  # how it begins, how it ends, what it holds

_W = r"[ \n\t]*+"
_A = r'(?: [\w:]++="[^"<>&\n\t]*+")*+'  # attributes as PubMed writes them
_L = r'(?: [\w:]++="[^"<>\n\t]*+")*+'  # the same of a paragraph, whose label may hold an entity
_TEXT = "[^<]*+"
_MARKUP = ("i", "b", "u", "sup", "sub")
_INNER = "|".join(f"<{tag}>{_TEXT}</{tag}>" for tag in _MARKUP)
_OUTER = "|".join(f"<{tag}>{_TEXT}(?:(?:{_INNER}){_TEXT})*+</{tag}>" for tag in _MARKUP)
_PROSE = f"{_TEXT}(?:(?:{_OUTER}){_TEXT})*+"  # text with markup, each within one other at most
_MARKED = re.compile(_PROSE)
_TAG = re.compile("</?(?:i|b|u|sup|sub)>")
_NO_ENTITY = re.compile("&(?!(?:amp|lt|gt|quot|apos);)")
_REFERENCE = re.compile(r"&(?:(amp|lt|gt|quot|apos)|#x([0-9A-Fa-f]+)|#([0-9]+));")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_WITH_ATTRIBUTES = re.compile(
    "ArticleId|CollectiveName|DescriptorName|ELocationID|ISSN|Identifier|Keyword|NameOfSubstance|OtherID|Param|PMID"
    "|PublicationType|QualifierName|SupplMeshName|GeneralNote|ArticleTitle|VernacularTitle|BookTitle"
)


def _some(pattern: str) -> str:
    return f"(?:{pattern})*+"


def _maybe(*patterns: str) -> str:
    # the engine takes an empty branch faster than a repetition
    return "".join(f"(?>{pattern}|)" for pattern in patterns)


def _block(tag: str, inner: str) -> str:
    return f"<{tag}{_A}>{_W}{inner}</{tag}>{_W}"


def _leaf(tag: str, inner: str = _TEXT) -> str:
    attributes = (
        _A if _WITH_ATTRIBUTES.fullmatch(tag) else ""
    )  # to look for some where none come costs a tenth of the time
    return f"<{tag}{attributes}(?:/>|>{inner}</{tag}>){_W}"


def _get(tag: str) -> str:
    return _leaf(tag, f"({_TEXT})")


def _leaves(*tags: str) -> str:
    return _maybe(*map(_leaf, tags))


def _listed(tag: str, *items: str) -> str:
    return _block(tag, _some("|".join(items)))


def _day(tag: str, part: str = f"({_TEXT})") -> str:
    year, month, day, free = (_maybe(_leaf(name, part)) for name in ("Year", "Month", "Day", "MedlineDate"))
    return _block(tag, year + month + _leaves("Season") + day + free)


def _list_of(tag: str) -> re.Pattern[str]:
    return re.compile(f"(?:</{tag}>|){_W}<{tag}({_A})>{_W}")


def _slot(tag: str) -> re.Pattern[str]:
    """A slot: its attributes, four parts of a name, a group's name, identifiers, a first place that is plain text, all
    other places. Where something else stands, the last part holds it and all that follows.
    """
    return re.compile(
        f"<{tag}({_A})>{_W}"
        + _maybe(*(f"<{part}>([^<\n]*+)</{part}>{_W}" for part in _NAMES))
        + _maybe(_leaf("CollectiveName", f"({_PROSE})"))
        + f"({_IDENTIFIERS}){_maybe(_ONE_TEXT)}({_some(_PLACE)})</{tag}>{_W}"
        + r"|(\S[\s\S]*+)"
    )


_NAMES = ("LastName", "ForeName", "Initials", "Suffix")
_IDENTIFIERS = _some(_leaf("Identifier"))
_ONE_TEXT = f"<AffiliationInfo>{_W}<Affiliation>({_TEXT})</Affiliation>{_W}</AffiliationInfo>{_W}"
_PLACE = _block("AffiliationInfo", _maybe(_leaf("Affiliation", _PROSE)) + _IDENTIFIERS)
_PARTS = _leaves("ISSN") + _maybe(_block("JournalIssue", _leaves("Volume", "Issue") + _maybe(_day("PubDate"))))
_HEAD = re.compile(
    f'<PubmedArticle>{_W}<MedlineCitation{_A}>{_W}<PMID(?: Version="([0-9]++)"|)>({_TEXT})</PMID>{_W}'
    + _maybe(_day("DateCompleted"), _day("DateRevised"))
    + f"<Article{_A}>{_W}"
    + _maybe(
        _block("Journal", _PARTS + _maybe(_get("Title"), _get("ISOAbbreviation"))),
        f"<ArticleTitle{_A}(/|)>",
    )
)
_MIDDLE = re.compile(
    f"(?:</ArticleTitle>|){_W}{_maybe(_block('Pagination', _leaves('StartPage', 'EndPage', 'MedlinePgn')))}"
    + f"({_some(_leaf('ELocationID'))}){_maybe(f'<Abstract>{_W}<AbstractText({_L})>')}"
)
_PARAGRAPH = re.compile(
    f"</AbstractText>{_W}(?:<AbstractText({_L})>"
    f"|(?:<AbstractText{_L}/>{_W})*+{_leaves('CopyrightInformation')}</Abstract>{_W})"
)
_AUTHORS = _list_of("AuthorList"), "</AuthorList>", _slot("Author")
_BANK = _leaves("DataBankName") + _maybe(_listed("AccessionNumberList", _leaf("AccessionNumber")))
_GRANT = _leaves("GrantID", "Acronym", "Agency", "Country")
_LINK = f"<CommentsCorrections{_A}>{_W}{_leaves('RefSource', 'PMID', 'Note')}</CommentsCorrections>{_W}"
_HEADING = _leaf("DescriptorName") + _some(_leaf("QualifierName"))
_CHEMICAL = _block("Chemical", _leaves("RegistryNumber", "NameOfSubstance"))
_SUBJECT = _block("PersonalNameSubject", _leaves(*_NAMES))
_KEYWORDS = _some(_listed("KeywordList", _leaf("Keyword", _PROSE)))
_TAIL = re.compile(
    f"(?:</AuthorList>|){_W}{_maybe(_get('Language') + _some(_leaf('Language')))}"
    + _maybe(
        _block("DataBankList", f"({_some(_block('DataBank', _BANK))})"),
        _block("GrantList", f"({_some(_block('Grant', _GRANT))})"),
        _block("PublicationTypeList", f"({_some(_leaf('PublicationType'))})"),
        _leaf("VernacularTitle", f"({_PROSE})"),
        _day("ArticleDate") + _some(_day("ArticleDate", _TEXT)),
    )
    + f"</Article>{_W}"
    + _maybe(
        _block(
            "MedlineJournalInfo", _leaves("Country") + _maybe(_get("MedlineTA")) + _leaves("NlmUniqueID", "ISSNLinking")
        ),
        _listed("ChemicalList", _CHEMICAL),
        _listed("SupplMeshList", _leaf("SupplMeshName")),
    )
    + _some(_leaf("CitationSubset"))
    + _maybe(
        _block("CommentsCorrectionsList", f"({_some(_LINK)})"),
        _listed("GeneSymbolList", _leaf("GeneSymbol")),
        _block("MeshHeadingList", f"({_some(_block('MeshHeading', _HEADING))})"),
        _leaf("NumberOfReferences"),
        _listed("PersonalNameSubjectList", _SUBJECT),
    )
    + _some(_leaf("OtherID"))
    + _some(_listed("OtherAbstract", f"<AbstractText{_L}>{_PROSE}</AbstractText>{_W}", _leaf("CopyrightInformation")))
    + f"({_KEYWORDS}){_maybe(_leaf('CoiStatement', _PROSE))}{_some(_leaf('SpaceFlightMission'))}"
)
_MEMBERS = _list_of("InvestigatorList"), "</InvestigatorList>", _slot("Investigator")
_DATA = _leaves("PublicationStatus") + _maybe(
    _block("ArticleIdList", f"({_some(_leaf('ArticleId'))})"),
    rf"<\?(?:pmcsd|nihms) \?>{_W}",
    _listed("ObjectList", _listed("Object", _leaf("Param"))),
)
_END = re.compile(
    f"(?:</InvestigatorList>|){_W}{_some(_leaf('GeneralNote'))}</MedlineCitation>{_W}"
    + _maybe(_block("PubmedData", _DATA))
    + r"</PubmedArticle>\Z"
)
_PARAGRAPHS = re.compile(f"<AbstractText({_L})>({_TEXT})</AbstractText>")
_CHAPTER = re.compile(
    f'<PubmedBookArticle><BookDocument><PMID(?: Version="([0-9]++)"|)>({_TEXT})</PMID>'
    + _maybe(_block("ArticleIdList", f"({_some(_leaf('ArticleId'))})"))
    + _maybe(_block("Book", _maybe(_day("PubDate"), _get("BookTitle"))))
    + _maybe(_get("ArticleTitle"), _get("VernacularTitle"), _get("Language"))
    + f"({_some(_leaf('PublicationType'))})"
    + _maybe(_block("Abstract", f"({_some(f'<AbstractText{_L}>{_TEXT}</AbstractText>')})"))
    + f"({_some(_listed('KeywordList', _leaf('Keyword')))})"
    + _maybe(_day("ContributionDate"), _day("DateRevised"), _block("GrantList", f"({_some(_block('Grant', _GRANT))})"))
)
_CHAPTER_END = re.compile("(?:</AuthorList>|)</BookDocument></PubmedBookArticle>")
_LEAF = re.compile(rf"<(\w++)({_A})>({_TEXT})<")
_IDENTIFIER = re.compile(f"<Identifier({_A})>({_TEXT})<")
_WORD = re.compile(_leaf("Keyword", f"({_PROSE})"))
_PLACES = re.compile(_block("AffiliationInfo", _maybe(_leaf("Affiliation", f"({_PROSE})")) + f"({_IDENTIFIERS})"))
_NUMBERS = _block("AccessionNumberList", f"({_some(_leaf('AccessionNumber'))})")
_BANKS = re.compile(_block("DataBank", _maybe(_get("DataBankName"), _NUMBERS)))
_GRANTS = re.compile(_block("Grant", _maybe(_get("GrantID"), _leaf("Acronym"), _get("Agency"), _leaf("Country"))))
_HEADINGS = re.compile(
    _block("MeshHeading", f"<DescriptorName({_A})>({_TEXT})</DescriptorName>{_W}({_some(_leaf('QualifierName'))})")
)
_LINKED = re.compile(f"<CommentsCorrections({_A})")


class Article(NamedTuple):
    """A PubmedArticle taken apart, what it does not hold as None; all but `title` and `abstract` as it stands there."""

    version: str | None
    pmid: str
    completed: Date
    revised: Date
    printed: Date
    electronic: Date
    journal: str | None
    abbreviation: str | None
    title: str
    places: str
    abstract: list[tuple[str, str]]  # (attributes, paragraph)
    listed: str | None  # attributes of the list of authors
    authors: list[Slot]
    language: str | None
    banks: str | None
    grants: str | None
    types: str | None
    vernacular: str | None
    short: str | None
    links: str | None
    mesh: str | None
    keywords: str
    members: list[list[Slot]]
    ids: str | None


def article(record: str) -> Article | None:
    """The pieces of a PubmedArticle without references and history; None when it has another shape."""
    try:
        found = _expect(_HEAD, record, 0)
        version, pmid, *dates, journal, abbreviation, titled = found.groups()
        at, title = found.end(), ""
        if titled == "":
            at, title = _until("</ArticleTitle>", record, at)
        found = _expect(_MIDDLE, record, at)
        places, attributes = found.groups()
        at, abstract = found.end(), []
        while attributes is not None:
            at, paragraph = _until("</AbstractText>", record, at)
            abstract.append((attributes, paragraph))
            found = _expect(_PARAGRAPH, record, at)
            attributes, at = found[1], found.end()
        listed, authors, at = _slots(_AUTHORS, record, at)
        found = _expect(_TAIL, record, at)
        language, banks, grants, types, vernacular, *day, short, links, mesh, keywords = found.groups()
        at, members = found.end(), []
        while (one := _slots(_MEMBERS, record, at))[0] is not None:
            members.append(one[1])
            at = one[2]
        ids = _expect(_END, record, at)[1]
    except _OtherShape:
        return None
    days = tuple(dates[:4]), tuple(dates[4:8]), tuple(dates[8:]), tuple(day)
    head = (version, pmid, *days, journal, abbreviation, title, places, abstract, listed, authors)
    return Article(*head, language, banks, grants, types, vernacular, short, links, mesh, keywords, members, ids)


def proven(record: str) -> bool:
    """Whether a record that has matched, and has no control characters, can only be well-formed.

    The patterns have seen every tag of it; what a text may not hold is looked for here.
    """
    return not (_NO_ENTITY.search(record) or "]]>" in record or "\ufffe" in record or "\uffff" in record)


class Chapter(NamedTuple):
    """A PubmedBookArticle taken apart, as Article is."""

    version: str | None
    pmid: str
    ids: str | None
    printed: Date
    book: str | None
    title: str | None
    vernacular: str | None
    language: str | None
    types: str
    abstract: list[tuple[str, str]]
    keywords: str
    contributed: Date
    revised: Date
    grants: str | None
    lists: list[tuple[str, list[Slot]]]  # (attributes, authors or editors)


def chapter(record: str) -> Chapter | None:
    """The pieces of a PubmedBookArticle as `pubmed_canonical` writes it; None when it has another shape."""
    try:
        found = _expect(_CHAPTER, record, 0)
        parts = found.groups()
        version, pmid, ids, *day, book, title, vernacular, language, types, abstract, keywords = parts[:14]
        dates, grants = parts[14:22], parts[22]
        at, lists = found.end(), []
        while (one := _slots(_AUTHORS, record, at))[0] is not None:
            lists.append((one[0], one[1]))
            at = one[2]
        _expect(_CHAPTER_END, record, at)
    except _OtherShape:
        return None
    paragraphs = [(attributes, plain(text)) for attributes, text in _PARAGRAPHS.findall(abstract or "")]
    return Chapter(
        *(version, pmid, ids, tuple(day), book, title, vernacular, language, types, paragraphs, keywords),
        *(dates[:4], dates[4:], grants, lists),
    )


def leaves(block: str | None) -> list[tuple[str, str, str]]:
    """The elements with text in a block: (tag, attributes, text)."""
    return _LEAF.findall(block) if block else []


def identifiers(block: str) -> list[tuple[str, str]]:
    """Identifiers: (attributes, text)."""
    return _IDENTIFIER.findall(block) if block else []


def keywords(block: str) -> list[str]:
    """The keywords in lists of keywords."""
    return _WORD.findall(block) if block else []


def places(block: str) -> list[tuple[str, str]]:
    """The places of a slot: (text, identifiers)."""
    return _PLACES.findall(block)


def banks(block: str | None) -> list[tuple[str, str]]:
    """Data banks: (name, accession numbers)."""
    return _BANKS.findall(block) if block else []


def grants(block: str | None) -> list[tuple[str, str]]:
    """Grants: (number, agency)."""
    return _GRANTS.findall(block) if block else []


def headings(block: str | None) -> list[tuple[str, str, str]]:
    """Headings: (attributes of the descriptor, its name, qualifiers)."""
    return _HEADINGS.findall(block) if block else []


def links(block: str | None) -> list[str]:
    """The attributes of links to other records."""
    return _LINKED.findall(block) if block else []


def value(attributes: str, name: str) -> str:
    """The value of an attribute, "" without it."""
    _, _, rest = attributes.partition(f' {name}="')
    return rest.partition('"')[0]


def plain(text: str | None) -> str:
    """A text without its markup, entities read, white space run together; "" for None."""
    if not text:
        return ""
    marked = "<" in text
    if marked:
        text = _TAG.sub("", text)
    if "&" in text:
        text = unescape(text)
    return " ".join(text.split()) if marked or "\n" in text else text.strip()


def unescape(text: str) -> str:
    """The five entities of XML and its numbered characters, read."""
    if "&#" in text:
        return _REFERENCE.sub(_character, text)
    text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&apos;", "'")
    return text.replace("&amp;", "&")


def _character(found: re.Match[str]) -> str:
    name, hexadecimal, decimal = found.groups()
    return _NAMED[name] if name else chr(int(hexadecimal, 16) if hexadecimal else int(decimal))


class _OtherShape(Exception):
    """The record is not dressed as nearly all are."""


def _expect(pattern: re.Pattern[str], record: str, at: int) -> re.Match[str]:
    found = pattern.match(record, at)
    if not found:
        raise _OtherShape
    return found


def _until(close: str, record: str, at: int) -> tuple[int, str]:
    """The place of a closing tag and the text before it."""
    end = record.find(close, at)
    text = record[at:end]
    if "<" in text and not _MARKED.fullmatch(text):
        raise _OtherShape
    return end, plain(text)


def _slots(kind: _List, record: str, at: int) -> tuple[str | None, list[Slot], int]:
    """The attributes of a list, its slots and where it ends; attributes None where no such list begins."""
    opening, close, slot = kind
    found = opening.match(record, at)
    if not found:
        return None, [], at
    end = record.find(close, found.end())
    slots = slot.findall(record, found.end(), end)
    if slots and slots[-1][-1]:
        raise _OtherShape
    return found[1], slots, end
