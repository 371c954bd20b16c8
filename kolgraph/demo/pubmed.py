"""One record in NLM's PubMed XML (DTD of 2025), element by element in the order that the DTD asks for."""

from dataclasses import dataclass

from kolgraph.demo.field import SUBJECTS, TITLE
from kolgraph.demo.pools import rows

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
TYPES = {
    "article": (("D016428", "Journal Article"),),
    "review": (("D016428", "Journal Article"), ("D016454", "Review")),
    "case": (("D002363", "Case Reports"), ("D016428", "Journal Article")),
    "letter": (("D016422", "Letter"),),
    "trial": (
        ("D016428", "Journal Article"),
        ("D016449", "Randomized Controlled Trial"),
        ("D016448", "Multicenter Study"),
    ),
    "guideline": (("D016428", "Journal Article"), ("D017065", "Practice Guideline")),
    "erratum": (("D016428", "Journal Article"), ("D016425", "Published Erratum")),
    "notice": (("D016440", "Retraction of Publication"),),
}
RETRACTED = ("D016441", "Retracted Publication")
CHECK_TAGS = (
    ("D006801", "Humans"),
    ("D005260", "Female"),
    ("D008297", "Male"),
    ("D008875", "Middle Aged"),
    ("D000328", "Adult"),
    ("D012189", "Retrospective Studies"),
)
DISEASE = ("D990000101", TITLE)  # a descriptor that MeSH does not have
LANGUAGES = {"Spain": "spa", "France": "fre", "China": "chi"}


@dataclass(frozen=True, slots=True)
class Journal:
    """An invented journal."""

    title: str
    short: str
    issn: str
    number: int
    country: str
    weight: int


@dataclass(slots=True)
class Draft:
    """What a record says. `u` are four numbers in [0, 1) for its small oddities; `link` is (RefType, source, PMID)."""

    pmid: int
    kind: str
    subject: int
    year: int
    month: int
    journal: Journal
    title: str
    abstract: list[str]
    authors: str
    keywords: list[str]
    u: list[float]
    members: str = ""
    trial: str = ""
    link: tuple[str, str, int] | None = None
    version: int = 1


def journals() -> list[Journal]:
    """All journals, with ISSNs and NLM numbers that are well formed and not given out."""
    found = []
    for i, (title, short, country, weight) in enumerate(rows("journals")):
        digits = f"9{730 + i * 3:03d}{i * 317 % 1000:03d}"
        check = -sum(int(digit) * (8 - k) for k, digit in enumerate(digits)) % 11
        issn = f"{digits[:4]}-{digits[4:]}{'X' if check == 10 else check}"
        found.append(Journal(title, short, issn, 990_100_000 + i, country, int(weight)))
    return found


def record(draft: Draft) -> str:
    """The <PubmedArticle> of a draft, on one line, as efetch and the bulk files give it."""
    d, journal = draft, draft.journal
    day = 1 + int(d.u[0] * 28)
    indexed = d.year < 2024 and d.u[1] < 0.55
    status = "MEDLINE" if indexed else "PubMed-not-MEDLINE" if d.year < 2026 else "Publisher"
    doi = f"10.99999/{journal.short.replace(' ', '').lower()}.{d.year}.{d.pmid % 10_000_000:07d}"
    page = 1 + d.pmid * 13 % 1900
    language = LANGUAGES.get(journal.country, "eng") if d.u[2] < 0.2 else "eng"
    title = d.title if language == "eng" else f"[{d.title.removesuffix('.')}]."
    return "".join(
        (
            f'<PubmedArticle><MedlineCitation Status="{status}" Owner="NLM"',
            ' IndexingMethod="Automated">' if indexed and d.year > 2021 else ">",
            f'<PMID Version="{d.version}">{d.pmid}</PMID>',
            _date("DateCompleted", d.year, d.month, day) if indexed else "",
            _date("DateRevised", d.year, d.month, day),
            '<Article PubModel="Print-Electronic"><Journal>'
            f'<ISSN IssnType="Electronic">{journal.issn}</ISSN><JournalIssue CitedMedium="Internet">'
            f"<Volume>{d.year - 1990}</Volume><Issue>{d.month}</Issue>{_issue_date(d, day)}</JournalIssue>"
            f"<Title>{journal.title}</Title><ISOAbbreviation>{journal.short}</ISOAbbreviation></Journal>"
            f"<ArticleTitle>{title}</ArticleTitle><Pagination>"
            f"<StartPage>{page}</StartPage><EndPage>{page + 9}</EndPage>"
            f"<MedlinePgn>{page}-{page + 9}</MedlinePgn></Pagination>"
            f'<ELocationID EIdType="doi" ValidYN="Y">{doi}</ELocationID>',
            _abstract(d),
            f'<AuthorList CompleteYN="Y">{d.authors}</AuthorList><Language>{language}</Language>',
            _data_bank(d.trial),
            _types(d),
            _date("ArticleDate", d.year, d.month, day, ' DateType="Electronic"')
            if d.u[3] < 0.8 or d.year == 2026
            else "",
            f"</Article><MedlineJournalInfo><Country>{journal.country}</Country><MedlineTA>{journal.short}</MedlineTA>"
            f"<NlmUniqueID>{journal.number}</NlmUniqueID><ISSNLinking>{journal.issn}</ISSNLinking></MedlineJournalInfo>"
            "<CitationSubset>IM</CitationSubset>",
            _link(d),
            _mesh(d) if indexed else "",
            _keywords(d),
            d.members,
            '</MedlineCitation><PubmedData><History><PubMedPubDate PubStatus="pubmed">'
            f"<Year>{d.year}</Year><Month>{d.month}</Month><Day>{day}</Day><Hour>6</Hour><Minute>0</Minute>"
            "</PubMedPubDate>"
            f"</History><PublicationStatus>{'ppublish' if d.year < 2026 else 'aheadofprint'}</PublicationStatus>"
            "<ArticleIdList>"
            f'<ArticleId IdType="pubmed">{d.pmid}</ArticleId><ArticleId IdType="doi">{doi}</ArticleId></ArticleIdList>'
            "</PubmedData></PubmedArticle>",
        )
    )


def _date(tag: str, year: int, month: int, day: int, attribute: str = "") -> str:
    return f"<{tag}{attribute}><Year>{year}</Year><Month>{month:02d}</Month><Day>{day:02d}</Day></{tag}>"


def _issue_date(d: Draft, day: int) -> str:
    """Most give year and month; some a day, a year only, a season or a span as free text."""
    month, u = MONTHS[d.month - 1], d.u[3]
    if u < 0.6:
        inside = f"<Year>{d.year}</Year><Month>{month}</Month>"
    elif u < 0.8:
        inside = f"<Year>{d.year}</Year><Month>{d.month:02d}</Month><Day>{day:02d}</Day>"
    elif u < 0.93:
        inside = f"<Year>{d.year}</Year>"
    elif u < 0.98:
        inside = (
            f"<MedlineDate>{d.year} {MONTHS[(d.month - 1) // 2 * 2]}-{MONTHS[(d.month - 1) // 2 * 2 + 1]}</MedlineDate>"
        )
    else:
        inside = f"<Year>{d.year}</Year><Season>{('Winter', 'Spring', 'Summer', 'Fall')[d.month // 3 % 4]}</Season>"
    return f"<PubDate>{inside}</PubDate>"


def _abstract(d: Draft) -> str:
    if not d.abstract:
        return ""
    if d.u[0] < 0.3:
        labels = ("BACKGROUND", "METHODS", "RESULTS", "CONCLUSIONS")
        inside = "".join(
            f'<AbstractText Label="{label}" NlmCategory="{label}">{text}</AbstractText>'
            for label, text in zip(labels, d.abstract, strict=True)
        )
        return f"<Abstract>{inside}</Abstract>"
    return f"<Abstract><AbstractText>{' '.join(d.abstract)}</AbstractText></Abstract>"


def _data_bank(trial: str) -> str:
    if not trial:
        return ""
    return (
        '<DataBankList CompleteYN="Y"><DataBank><DataBankName>ClinicalTrials.gov</DataBankName><AccessionNumberList>'
        f"<AccessionNumber>{trial}</AccessionNumber></AccessionNumberList></DataBank></DataBankList>"
    )


def _types(d: Draft) -> str:
    types = TYPES[d.kind]
    if d.link and d.link[0] == "RetractionIn":
        types = (*types, RETRACTED)
    inside = "".join(f'<PublicationType UI="{ui}">{name}</PublicationType>' for ui, name in types)
    return f"<PublicationTypeList>{inside}</PublicationTypeList>"


def _link(d: Draft) -> str:
    if not d.link:
        return ""
    kind, source, pmid = d.link
    return (
        f'<CommentsCorrectionsList><CommentsCorrections RefType="{kind}"><RefSource>{source}</RefSource>'
        f'<PMID Version="1">{pmid}</PMID></CommentsCorrections></CommentsCorrectionsList>'
    )


def _mesh(d: Draft) -> str:
    own = [tuple(pair) for pair in SUBJECTS[d.subject]["mesh"]]
    tags = CHECK_TAGS[: 2 + int(d.u[2] * 4)]
    inside = "".join(
        f'<MeshHeading><DescriptorName UI="{ui}" MajorTopicYN="{"Y" if (ui, name) in own[:1] else "N"}">{name}'
        "</DescriptorName></MeshHeading>"
        for ui, name in [*([DISEASE] if d.subject < 6 else []), *own, *tags]
    )
    return f"<MeshHeadingList>{inside}</MeshHeadingList>"


def _keywords(d: Draft) -> str:
    if not d.keywords:
        return ""
    inside = "".join(f'<Keyword MajorTopicYN="N">{word}</Keyword>' for word in d.keywords)
    return f'<KeywordList Owner="NOTNLM">{inside}</KeywordList>'
