"""One result of Europe PMC -> Publication: the core form with split names, or the lite one with a string of names.

Record ids follow the addresses of its pages: `europepmc:PPR/PPR1`, `europepmc:MED/123`. Each version of a preprint is a
record of its own and names the others, so that all are one paper; the article that it became is another.
"""

import re
from collections import Counter

import msgspec

from kolgraph.errors import InputError
from kolgraph.ids import doi_id, orcid_id, pmid_id
from kolgraph.loading import Record
from kolgraph.loading.language import language
from kolgraph.loading.listing import Draft
from kolgraph.loading.markup import plain
from kolgraph.loading.strict import Whole, decode_kept
from kolgraph.model import Affiliation, Mention, Publication

# What a record counts as by its types, in lower case; of several, the first that has one wins.
_TYPES = {
    "retracted": "retracted publication",
    "notice": "retraction of publication|retraction notice|expression of concern|retraction",
    "erratum": "published erratum|correction|erratum|corrected-article|addendum",
    "guideline": "guideline|practice guideline|consensus development conference",
    "trial": """clinical trial|clinical trial, phase i|clinical trial, phase ii|clinical trial, phase iii
clinical trial, phase iv|controlled clinical trial|randomized controlled trial|pragmatic clinical trial
clinical-trial""",
    "comment": "comment|editorial|news|interview|book-review|article-commentary|obituary|biography|in-brief|reply",
    "review": "review|systematic review|review-article|scoping review|meta-analysis|systematic-review",
    "book": "book|book chapter|chapter-article|books and documents|study guide|monograph",
    "article": """journal article|research-article|preprint|letter|case reports|case-report|observational study
brief-report|rapid-communication|other|abstract|congress|comparative study|multicenter study|evaluation study|thesis
english abstract|validation study|clinical study|clinical trial protocol|historical article|video-audio media|dataset
research support, non-u.s. gov't|research support, n.i.h., extramural|research support, n.i.h., intramural|data-paper
research support, u.s. gov't, non-p.h.s.|research support, u.s. gov't, p.h.s.|methods-article|protocol|report|patent
twin study|introductory journal article|data papers|systematic review protocol|product-review|oration|discussion""",
}
_KIND_OF = {name: kind for kind, names in _TYPES.items() for name in re.split(r"[|\n]", names)}
_RANK = {kind: rank for rank, kind in enumerate(_TYPES)}


class _Part(msgspec.Struct, rename="camel", gc=False):
    """Fields in the spelling of the API; what we do not name is skipped."""


class AuthorId(_Part):
    type: str = ""
    value: str = ""


class Where(_Part):
    affiliation: str | None = None


class Details(_Part):
    author_affiliation: list[Where] = []


class Author(_Part):
    full_name: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    initials: str | None = None
    suffix: str | None = None
    collective_name: str | None = None
    author_id: AuthorId | None = None
    affiliation: str | None = None
    author_affiliation_details_list: Details | None = None


class Authors(_Part):
    author: list[Author] = []


class Journal(_Part):
    title: str | None = None


class Issue(_Part):
    journal: Journal | None = None
    print_publication_date: str | None = None


class Book(_Part):
    publisher: str | None = None


class Types(_Part):
    pub_type: list[str] = []


class Words(_Part):
    keyword: list[str] = []


class Grant(_Part):
    grant_id: str | None = None
    agency: str | None = None


class Grants(_Part):
    grant: list[Grant] = []


class Version(_Part):
    id: str = ""
    source: str = ""


class Versions(_Part):
    version: list[Version] = []


class Result(_Part):
    id: str = ""
    source: str = ""
    pmid: str | None = None
    pmcid: str | None = None
    doi: str | None = None
    title: str | None = None
    author_string: str | None = None
    author_list: Authors | None = None
    journal_title: str | None = None
    journal_info: Issue | None = None
    book_or_report_details: Book | None = None
    pub_year: str | None = None
    first_publication_date: str | None = None
    abstract_text: str | None = None
    language: str | None = None
    pub_type: str | None = None  # lite
    pub_type_list: Types | None = None  # core
    keyword_list: Words | None = None
    grants_list: Grants | None = None
    cited_by_count: Whole | None = None
    version_number: Whole | None = None
    version_list: Versions | None = None
    date_of_revision: str | None = None
    date_of_creation: str | None = None


_RESULT = msgspec.json.Decoder(Result)


def take(raw: bytes, draft: Draft) -> None:
    """Read a result into the draft. Raises InputError."""
    draft.records.append(parse_result(raw, draft.unknown))


def parse_result(raw: bytes, unknown: Counter[str]) -> Record:
    """The record in the bytes of one result; counts in `unknown` what has no word here. Raises InputError."""
    one = decode_kept(_RESULT, raw, "result", unknown)
    if not (one.id and one.source) or re.search(r"[\s#]", one.source + one.id):
        raise InputError(f"the result has no source and id (source: {one.source[:20]!r}, id: {one.id[:40]!r})")
    id = f"europepmc:{one.source}/{one.id}"
    lite = one.author_list is None and bool(one.author_string)
    unknown["author list: in one string, not read (ask for resultType=core)"] += lite
    types = tuple(one.pub_type_list.pub_type) if one.pub_type_list else tuple((one.pub_type or "").split("; "))
    types = tuple(kind for kind in types if kind)
    date = _date(one.first_publication_date) or _date(one.journal_info and one.journal_info.print_publication_date)
    year = one.pub_year if one.pub_year and re.fullmatch(r"[12][0-9]{3}", one.pub_year) else date[:4]
    journal = one.journal_info.journal.title if one.journal_info and one.journal_info.journal else one.journal_title
    book = one.book_or_report_details
    noun = Publication(
        id,
        one.version_number or 1,
        plain(one.title),
        int(year) if year else None,
        date or year,
        journal or (book.publisher if book else "") or "",
        _kind(types, unknown),
        types,
        plain(one.abstract_text),
        language(one.language, unknown),
        tuple(one.keyword_list.keyword) if one.keyword_list else (),
        identifiers=tuple(_identifiers(one, id)),
        grants=tuple(_grants(one.grants_list.grant if one.grants_list else [])),
        authors=_authors(one.author_list.author if one.author_list else [], unknown),
        complete=not lite,
        cited_by=one.cited_by_count,
    )
    revised = _date(one.date_of_revision) or _date(one.date_of_creation)
    return Record(id, raw, noun, int(revised.replace("-", "") or 1))


def _authors(listed: list[Author], unknown: Counter[str]) -> tuple[Mention, ...]:
    mentions = []
    for position, slot in enumerate(listed):
        last, name = (slot.last_name or "").strip(), " ".join((slot.full_name or "").split())
        group = "" if last else " ".join((slot.collective_name or "").split())
        if not (last or group or name):
            unknown["author: without a name, left out"] += 1
            continue
        said = slot.author_id.value if slot.author_id and slot.author_id.type == "ORCID" else ""
        orcid = orcid_id(said)
        unknown["orcid: malformed, left out"] += bool(said) and not orcid
        details = slot.author_affiliation_details_list
        places = [one.affiliation for one in details.author_affiliation] if details else [slot.affiliation]
        written = dict.fromkeys(" ".join(place.split()) for place in places if place and place.strip())
        mentions.append(
            Mention(
                position,
                last,
                (slot.first_name or "").strip() if last else "",
                (slot.initials or "").strip() if last else "",
                (slot.suffix or "").strip() if last else "",
                "" if last or group else name,
                group,
                orcid="" if group else orcid,
                affiliations=tuple(map(Affiliation, written)),
                corresponding=any("@" in place for place in written),
            )
        )
    return tuple(mentions)


def _identifiers(one: Result, own: str) -> dict[str, None]:
    found: dict[str, None] = {}
    if pmid := pmid_id(one.pmid or ""):
        found[f"pmid:{pmid}"] = None
    if doi := doi_id(one.doi or ""):
        found[f"doi:{doi}"] = None
    if one.pmcid:
        found[f"pmc:{one.pmcid.strip()}"] = None
    for other in one.version_list.version if one.version_list else ():
        if other.id and other.source and (id := f"europepmc:{other.source}/{other.id}") != own:
            found[id] = None
    return found


def _kind(types: tuple[str, ...], unknown: Counter[str]) -> str:
    best = "article"
    for said in types:
        kind = _KIND_OF.get(said.lower())
        if kind is None:
            unknown[f"publication type: {said}"] += 1
        elif _RANK[kind] < _RANK[best]:
            best = kind
    return best


def _grants(listed: list[Grant]) -> dict[str, None]:
    said = [((one.grant_id or "").strip(), (one.agency or "").strip()) for one in listed]
    return {f"{number} ({by})" if number and by else number or by: None for number, by in said if number or by}


def _date(said: str | None) -> str:
    found = re.fullmatch(r"[12][0-9]{3}-[0-9]{2}-[0-9]{2}", said or "")
    return found[0] if found else ""
