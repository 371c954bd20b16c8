"""A record as a tree -> the same record in the one shape that `pubmed_shape` knows: only what is read, in order."""

import re
from collections import Counter
from xml.etree.ElementTree import Element
from xml.sax.saxutils import escape

from kolgraph.errors import InputError
from kolgraph.loading.xml import text

_DATE = "Year Month Day MedlineDate"
_NAME = "LastName ForeName Initials Suffix CollectiveName Identifier* AffiliationInfo*"
# element -> the elements that are read in it, in the order of the shape; * may come again, else the first one counts
_CHILDREN = {
    "PubmedArticle": "MedlineCitation PubmedData",
    "MedlineCitation": "PMID DateCompleted DateRevised Article MedlineJournalInfo CommentsCorrectionsList"
    " MeshHeadingList KeywordList* InvestigatorList*",
    "Article": "Journal ArticleTitle ELocationID* Abstract AuthorList Language DataBankList GrantList"
    " PublicationTypeList VernacularTitle ArticleDate",
    "Journal": "JournalIssue Title ISOAbbreviation",
    "JournalIssue": "PubDate",
    **dict.fromkeys(("PubDate", "DateCompleted", "DateRevised", "ArticleDate", "ContributionDate"), _DATE),
    "Abstract": "AbstractText*",
    "AuthorList": "Author*",
    "InvestigatorList": "Investigator*",
    "Author": _NAME,
    "Investigator": _NAME,
    "AffiliationInfo": "Affiliation Identifier*",
    "DataBankList": "DataBank*",
    "DataBank": "DataBankName AccessionNumberList",
    "AccessionNumberList": "AccessionNumber*",
    "GrantList": "Grant*",
    "Grant": "GrantID Agency",
    "PublicationTypeList": "PublicationType*",
    "MedlineJournalInfo": "MedlineTA",
    "CommentsCorrectionsList": "CommentsCorrections*",
    "CommentsCorrections": "",
    "MeshHeadingList": "MeshHeading*",
    "MeshHeading": "DescriptorName QualifierName*",
    "KeywordList": "Keyword*",
    "PubmedData": "ArticleIdList",
    "ArticleIdList": "ArticleId*",
    "PubmedBookArticle": "BookDocument",
    "BookDocument": "PMID ArticleIdList Book ArticleTitle VernacularTitle Language PublicationType* Abstract"
    " KeywordList* ContributionDate DateRevised GrantList AuthorList* Book/AuthorList*",
    "Book": "PubDate BookTitle",
}
_READ = {parent: children.split() for parent, children in _CHILDREN.items()}
# what we know and do not read; whatever is in neither table is new to us, and counted
_UNREAD = re.findall(
    r"\w+",
    """
    History Pagination CopyrightInformation Acronym Country NlmUniqueID ISSNLinking ISSN Volume Issue Season
    ChemicalList SupplMeshList CitationSubset GeneSymbolList NumberOfReferences PersonalNameSubjectList
    OtherID OtherAbstract CoiStatement SpaceFlightMission GeneralNote PublicationStatus ObjectList
    ReferenceList RefSource PMID Note Publisher BeginningDate EndingDate VolumeTitle Edition CollectionTitle
    Isbn Medium ReportNumber LocationLabel Sections ItemList PubmedBookData InvestigatorList ArticleDate
    Language AuthorList EndPage
    """,
)
_QUOTE = {'"': "&quot;"}
_SIGNS = re.compile(r'["<>&]')
_KEPT = ("Version", "ValidYN", "CompleteYN", "Type", "Source", "RefType", "UI", "MajorTopicYN", "EIdType", "IdType")


def canonical(root: Element, unknown: Counter[str]) -> str:
    """The record in the shape of `pubmed_shape`; counts in `unknown` the elements that are new to us.

    Raises InputError for a record without what makes it one.
    """
    citation = root.find("MedlineCitation" if root.tag == "PubmedArticle" else "BookDocument")
    if citation is None:
        raise InputError(f"<{root.tag}> holds neither MedlineCitation nor BookDocument")
    if citation.find("PMID") is None:
        raise InputError("the record has no PMID")
    if citation.tag == "MedlineCitation" and citation.find("Article") is None:
        raise InputError(f"pmid:{text(citation.find('PMID'))} has no Article")
    return _written(root, unknown)


def _written(element: Element, unknown: Counter[str]) -> str:
    tag, names = element.tag, _READ.get(element.tag)
    kept = [f' {name}="{said}"' for name in _KEPT if (said := _sign(name, element.get(name) or ""))]
    if label := element.get("Label"):
        kept.append(f' Label="{escape(" ".join(label.split()), _QUOTE)}"')
    if names is None:
        inner = escape(text(element))
    else:
        for child in element:
            if child.tag not in names and f"{child.tag}*" not in names and child.tag not in _UNREAD:
                unknown[f"element: {child.tag} in {tag}, left out"] += 1
        found = [(element.findall(name[:-1]) if name[-1] == "*" else element.findall(name)[:1]) for name in names]
        inner = "".join(_written(one, unknown) for some in found for one in some)
    return f"<{tag}{''.join(kept)}>{inner}</{tag}>"


def _sign(name: str, said: str) -> str:
    """The value of an attribute as far as it can be meant: one without quotes or entities, a version of digits."""
    said = " ".join(_SIGNS.sub(" ", said).split())
    return said if name != "Version" or (said.isascii() and said.isdigit()) else ""
