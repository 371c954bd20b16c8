"""One entity of OpenAlex -> Publication or Profile: everything but the id may be missing, as answers to `select=` show.

What OpenAlex says of an author is a vote, not a truth: the mention is the name as printed (`raw_author_name`), the
author entity behind it is an identifier of the mention, and the entity itself a Profile. Keywords and topics are
guesses of a model ("Successor cardinal" on a book about decision trees) and left out.
"""

import re
from collections import Counter

import msgspec

from kolgraph.errors import InputError
from kolgraph.ids import doi_id, mesh_id, orcid_id, pmid_id, ror_id
from kolgraph.loading import Record
from kolgraph.loading.language import language
from kolgraph.loading.listing import Draft
from kolgraph.loading.strict import Whole, decode, decode_kept, word
from kolgraph.model import Affiliation, Mention, MeshTerm, Profile, Publication
from kolgraph.names import is_person

READ = ("W", "A", "I")  # the letters that ids of works, authors and institutions begin with
OVER_MERGED = 2000  # works of one author entity: more than a human being writes
MAX_ABSTRACT = 20_000  # words; a position beyond is a fault of the index
_KINDS = {
    **dict.fromkeys(("article", "preprint", "letter", "report", "dissertation", "book-chapter"), "article"),
    **dict.fromkeys(("conference-paper", "conference-abstract", "case-report"), "article"),
    **dict.fromkeys(("review", "systematic-review", "meta-analysis"), "review"),
    **dict.fromkeys(("book", "reference-entry", "edited-book", "monograph", "reference-book"), "book"),
    **dict.fromkeys(("editorial", "peer-review"), "comment"),
    **dict.fromkeys(("erratum", "correction"), "erratum"),
    **dict.fromkeys(("retraction", "retraction-notice", "expression-of-concern"), "notice"),
    **dict.fromkeys(("dataset", "paratext", "supplementary-materials", "software", "standard", "grant"), "other"),
    **dict.fromkeys(("libguides", "other", "database", "journal", "proceedings", "book-series", "component"), "other"),
    **{"guideline": "guideline", "clinical-trial": "trial"},
}
_GROUP = re.compile(
    r"[\d&@/]|\b(?:group|consortium|collaborat\w+|investigators?|committee|network|society|association|team|study|trial"
    r"|project|registry|foundation|institute|university|hospital|initiative|cent(?:er|re)|department|ministry|council"
    r"|programme?|organi[sz]ation|editors?|staff|board|force|federation|agency|academy|college|inc|llc|ltd|gmbh)\b",
    re.I,
)
_ID = re.compile(r"^(?:https?://(?:api\.)?openalex\.org/(?:\w+/)?)?([WAISTFPCKG]\d+|[a-z]+/[\w-]+)$", re.I)


class _Part(msgspec.Struct, gc=False):
    """Fields in the spelling of OpenAlex; what we do not name is skipped."""


class Entity(_Part):
    id: str = ""


class Institution(_Part):
    id: str | None = None
    display_name: str | None = None
    ror: str | None = None
    country_code: str | None = None


class Author(_Part):
    id: str | None = None
    display_name: str | None = None
    orcid: str | None = None


class Said(_Part):
    raw_affiliation_string: str | None = None
    institution_ids: list[str] | None = None


class Authorship(_Part):
    author: Author | None = None
    institutions: list[Institution] | None = None
    is_corresponding: bool | None = None
    raw_author_name: str | None = None
    raw_affiliation_strings: list[str] | None = None
    affiliations: list[Said] | None = None


class Named(_Part):
    display_name: str | None = None


class Location(_Part):
    source: Named | None = None


class Heading(_Part):
    descriptor_ui: str | None = None
    descriptor_name: str | None = None
    is_major_topic: bool | None = None


class Award(_Part):
    """Of `grants` (until 2025) or of `awards` (since)."""

    award_id: str | None = None
    funder_award_id: str | None = None
    funder_display_name: str | None = None


class Ids(_Part):
    pmid: str | None = None
    pmcid: str | None = None


class Work(_Part):
    id: str
    doi: str | None = None
    ids: Ids | None = None
    title: str | None = None
    display_name: str | None = None
    publication_year: Whole | None = None
    publication_date: str | None = None
    language: str | None = None
    type: str | None = None
    authorships: list[Authorship] | None = None
    is_authors_truncated: bool | None = None
    primary_location: Location | None = None
    is_retracted: bool | None = None
    is_paratext: bool | None = None
    mesh: list[Heading] | None = None
    grants: list[Award] | None = None
    awards: list[Award] | None = None
    abstract_inverted_index: dict[str, list[Whole]] | None = None
    cited_by_count: Whole | None = None
    updated_date: str | None = None


class Stay(_Part):
    institution: Institution | None = None


class Person(_Part):
    """An author entity. `full_name` and `raw_author_names` came in 2026."""

    id: str
    display_name: str | None = None
    full_name: str | None = None
    display_name_alternatives: list[str] | None = None
    raw_author_names: list[str] | None = None
    orcid: str | None = None
    affiliations: list[Stay] | None = None
    last_known_institutions: list[Institution] | None = None
    works_count: Whole | None = None
    updated_date: str | None = None


_ENTITY = msgspec.json.Decoder(Entity)
_WORK = msgspec.json.Decoder(Work)
_PERSON = msgspec.json.Decoder(Person)
_PLACE = msgspec.json.Decoder(Institution)


def entity_id(said: str | None) -> str:
    """`W2741809807` from an address or the bare id, "" when it is none."""
    found = _ID.match((said or "").strip())
    return found[1].upper() if found and found[1][1:].isdigit() else ""


def take(raw: bytes, draft: Draft) -> None:
    """Read an entity into the draft: works and authors are records.

    Of an institution only the id it goes by elsewhere is kept, as an alias: the rest comes from ROR, and the type
    "funder", which nearly all have, says nothing. Raises InputError.
    """
    said = decode(_ENTITY, raw, "entity").id
    number = entity_id(said)
    if number.startswith("W"):
        draft.records.append(parse_work(raw, draft.unknown))
    elif number.startswith("A"):
        draft.records.append(parse_author(raw, draft.unknown))
    elif number.startswith("I"):
        one = decode_kept(_PLACE, raw, "institution", draft.unknown)
        known = ror_id(one.ror or "")
        if not known:
            raise InputError(f"openalex:{number} has no ROR id: nothing of an institution is kept but that")
        draft.aliases.append((f"openalex:{number}", f"ror:{known}"))
        draft.unknown["institution: described by ROR, only its id is kept"] += 1
    elif said:
        raise InputError(f"{said[:80]} is no work, author or institution: nothing else of OpenAlex is read")
    else:
        raise InputError("the entity has no OpenAlex id")


def parse_work(raw: bytes, unknown: Counter[str]) -> Record:
    """The record in the bytes of one work; counts in `unknown` what has no word here. Raises InputError."""
    one = decode_kept(_WORK, raw, "work", unknown)
    id = f"openalex:{entity_id(one.id)}"
    kind = word(_KINDS, one.type, "work type", unknown) or "article"
    kind = kind if kind in _KINDS.values() else "article"
    if one.is_paratext:
        kind = "other"
    if one.is_retracted:
        kind = "retracted"
    unknown["author list: cut by OpenAlex"] += bool(one.is_authors_truncated)
    date = _date(one.publication_date) or _year(one.publication_year)
    noun = Publication(
        id,
        title=one.title or one.display_name or "",
        year=int(date[:4]) if date else None,
        date=date,
        journal=(one.primary_location and one.primary_location.source and one.primary_location.source.display_name)
        or "",
        kind=kind,
        types=(one.type,) if one.type else (),
        abstract=_abstract(one.abstract_inverted_index or {}, unknown),
        language=language(one.language, unknown),
        mesh=_mesh(one.mesh or []),
        identifiers=_identifiers(one),
        grants=tuple(_grants([*(one.awards or []), *(one.grants or [])])),
        authors=_authors(one.authorships or [], unknown),
        complete=one.authorships is not None and not one.is_authors_truncated,
        cited_by=one.cited_by_count,
    )
    return Record(id, raw, noun, _version(one.updated_date))


def parse_author(raw: bytes, unknown: Counter[str]) -> Record:
    """The profile in the bytes of one author entity. Raises InputError."""
    one = decode_kept(_PERSON, raw, "author", unknown)
    id = f"openalex:{entity_id(one.id)}"
    name = one.display_name or one.full_name or ""
    spelled = (one.full_name, *(one.display_name_alternatives or ()), *(one.raw_author_names or ()))
    orcid = orcid_id(one.orcid or "")
    unknown["orcid: malformed, left out"] += bool(one.orcid) and not orcid
    unknown[f"author entity: over {OVER_MERGED:,} works, surely several people"] += (one.works_count or 0) > OVER_MERGED
    stays = (*(one.last_known_institutions or ()), *(stay.institution for stay in one.affiliations or ()))
    places = tuple(dict.fromkeys(_site(place) for place in stays if place and place.display_name))
    names = tuple(dict.fromkeys(other for other in spelled if other and other != name))
    return Record(id, raw, Profile(id, name, names, orcid, places, one.works_count), _version(one.updated_date))


def _authors(listed: list[Authorship], unknown: Counter[str]) -> tuple[Mention, ...]:
    mentions: list[Mention] = []
    seen: set[str] = set()
    for position, slot in enumerate(listed):
        author = slot.author or Author()
        name = " ".join((slot.raw_author_name or author.display_name or "").split())
        number = entity_id(author.id)
        unknown["author entity: twice in one work"] += bool(number) and number in seen
        seen.add(number)
        if not name:
            unknown["author: without a name, left out"] += 1
            continue
        orcid = orcid_id(author.orcid or "")
        unknown["orcid: malformed, left out"] += bool(author.orcid) and not orcid
        last, fore, name, group = _parts(name)
        mentions.append(
            Mention(
                position,
                last,
                fore,
                name=name,
                group=group,
                orcid="" if group else orcid,
                affiliations=_affiliations(slot),
                corresponding=bool(slot.is_corresponding),
                identifiers=(f"openalex:{number}",) if number and not group else (),
            )
        )
    return tuple(mentions)


def _parts(said: str) -> tuple[str, str, str, str]:
    """Last name, forename, name in one piece, group: a name is left in one piece where that tells a human being.

    Of those that look like a firm or a job (`Janssen`, `Roche`, `Senior`) nearly all are authors: they come in parts.
    """
    if is_person(said) or " " not in said:
        return "", "", said, ""
    if _GROUP.search(said):
        return "", "", "", said
    last, _, fore = said.partition(",") if "," in said else (said.rsplit(" ", 1)[1], "", said.rsplit(" ", 1)[0])
    return last.strip(), fore.strip(), "", ""


def _affiliations(slot: Authorship) -> tuple[Affiliation, ...]:
    """What is printed, with the institutions that OpenAlex reads in it; then those that it knows from elsewhere."""
    known = {one.id: one for one in slot.institutions or () if one.id}
    read = {one.raw_affiliation_string: one.institution_ids or [] for one in slot.affiliations or ()}
    used: set[str] = set()
    found: dict[Affiliation, None] = {}
    for text in dict.fromkeys((*(slot.raw_affiliation_strings or ()), *read)):
        if said := " ".join((text or "").split()):
            here = [known[id] for id in read.get(text, ()) if id in known]
            used.update(one.id for one in here if one.id)
            rors = dict.fromkeys(f"ror:{ror}" for one in here if (ror := ror_id(one.ror or "")))
            countries = {one.country_code for one in here if one.country_code}
            found[Affiliation(said, tuple(rors), country=countries.pop() if len(countries) == 1 else "")] = None
    for one in slot.institutions or ():
        if one.display_name and one.id not in used:
            found[_site(one)] = None
    return tuple(found)


def _site(one: Institution) -> Affiliation:
    ror = ror_id(one.ror or "")
    return Affiliation(one.display_name or "", (f"ror:{ror}",) if ror else (), country=one.country_code or "")


def _abstract(index: dict[str, list[int]], unknown: Counter[str]) -> str:
    """The text of an inverted index {word: places}."""
    places = sorted((place, said) for said, at in index.items() for place in at if 0 <= place < MAX_ABSTRACT)
    unknown["abstract: words beyond its end, left out"] += len(places) < sum(map(len, index.values()))
    return " ".join(said for _, said in places)


def _mesh(headings: list[Heading]) -> tuple[MeshTerm, ...]:
    """Each heading once: OpenAlex lists it anew for every qualifier."""
    major: dict[tuple[str, str], bool] = {}
    for one in headings:
        if known := mesh_id(one.descriptor_ui or ""):
            key = f"mesh:{known}", one.descriptor_name or ""
            major[key] = major.get(key, False) or bool(one.is_major_topic)
    return tuple(MeshTerm(id, name, flag) for (id, name), flag in major.items())


def _identifiers(one: Work) -> tuple[str, ...]:
    found = []
    if doi := doi_id(one.doi or ""):
        found.append(f"doi:{doi}")
    if one.ids and (pmid := pmid_id((one.ids.pmid or "").rstrip("/"))):
        found.append(f"pmid:{pmid}")
    if one.ids and (number := re.search(r"(\d+)/?$", one.ids.pmcid or "")):
        found.append(f"pmc:PMC{number[1]}")
    return tuple(found)


def _grants(awards: list[Award]) -> dict[str, None]:
    """`R01 CA000001 (National Cancer Institute)`; the funder alone where the number is missing."""
    said = [(one.funder_award_id or one.award_id or "", one.funder_display_name or "") for one in awards]
    return {f"{number} ({by})" if number and by else number or by: None for number, by in said if number or by}


def _date(said: str | None) -> str:
    found = re.fullmatch(r"[12][0-9]{3}-[0-9]{2}-[0-9]{2}", said or "")
    return found[0] if found else ""


def _year(said: int | None) -> str:
    return str(said) if said and 1000 <= said <= 2999 else ""


def _version(updated: str | None) -> int:
    """The second of the last update as a number; 1 for a partial answer, which so never replaces a whole one."""
    digits = re.sub(r"[^0-9]", "", updated or "")[:14]
    return int(digits.ljust(14, "0")) if len(digits) >= 8 else 1
