"""One item of Crossref -> Publication: as publishers deposit it: title, date and authors may all be missing."""

import re
from collections import Counter
from collections.abc import Iterator

import msgspec

from kolgraph.errors import InputError
from kolgraph.ids import doi_id, nct_id, orcid_id, ror_id
from kolgraph.loading import Record
from kolgraph.loading.language import language
from kolgraph.loading.listing import Draft
from kolgraph.loading.markup import plain
from kolgraph.loading.strict import Whole, decode_kept, word
from kolgraph.model import Affiliation, Mention, Publication

_KINDS = {
    **dict.fromkeys(("journal-article", "proceedings-article", "posted-content", "book-chapter", "report"), "article"),
    **dict.fromkeys(("dissertation", "book-section", "book-part", "book-track", "report-component"), "article"),
    **dict.fromkeys(("book", "monograph", "edited-book", "reference-book", "reference-entry", "book-set"), "book"),
    **dict.fromkeys(("journal", "journal-issue", "journal-volume", "proceedings", "proceedings-series"), "other"),
    **dict.fromkeys(("book-series", "report-series", "standard", "standard-series", "dataset", "database"), "other"),
    **dict.fromkeys(("component", "grant", "other", "blog"), "other"),
    "peer-review": "comment",
}
_NOTICES = {
    **dict.fromkeys(("retraction", "withdrawal", "removal", "partial_retraction", "expression_of_concern"), "notice"),
    **dict.fromkeys(("correction", "erratum", "corrigendum", "addendum"), "erratum"),
}


class Named(msgspec.Struct, gc=False):
    doi: str = msgspec.field(default="", name="DOI")


class _Part(msgspec.Struct, rename="kebab", gc=False):
    """Fields in the spelling of Crossref; what we do not name is skipped."""


class Dated(_Part):
    date_parts: list[list[Whole | None]] = []


class Stamp(_Part):
    timestamp: Whole = 0


class PlaceId(_Part):
    id: str = ""


class Place(_Part):
    name: str | None = None
    id: list[PlaceId] = []


class Author(_Part):
    given: str | None = None
    family: str | None = None
    suffix: str | None = None
    name: str | None = None
    orcid: str | None = msgspec.field(default=None, name="ORCID")
    affiliation: list[Place] = []


class Funder(_Part):
    name: str | None = None
    award: list[str] = []


class Update(_Part):
    type: str = ""


class Study(_Part):
    clinical_trial_number: str = ""


class Item(_Part):
    doi: str = msgspec.field(default="", name="DOI")
    type: str | None = None
    subtype: str | None = None
    title: list[str] | None = None
    original_title: list[str] | None = None
    container_title: list[str] | None = None
    author: list[Author] = []
    editor: list[Author] = []
    issued: Dated | None = None
    published: Dated | None = None
    published_print: Dated | None = None
    published_online: Dated | None = None
    posted: Dated | None = None
    abstract: str | None = None
    language: str | None = None
    funder: list[Funder] = []
    update_to: list[Update] = []
    updated_by: list[Update] = []
    clinical_trial_number: list[Study] = []
    is_referenced_by_count: Whole | None = None
    indexed: Stamp = msgspec.field(default_factory=Stamp)


_ITEM = msgspec.json.Decoder(Item)


def take(raw: bytes, draft: Draft) -> None:
    """Read an item into the draft. Raises InputError."""
    draft.records.append(parse_item(raw, draft.unknown))


def parse_item(raw: bytes, unknown: Counter[str]) -> Record:
    """The record in the bytes of one item; counts in `unknown` what has no word here. Raises InputError."""
    one = decode_kept(_ITEM, raw, "item", unknown)
    doi = doi_id(one.doi)
    if not doi:
        raise InputError(f"the item has no DOI (DOI: {one.doi[:60]!r})")
    id = f"doi:{doi.replace('#', '%23')}"  # old DOIs may hold the mark that parts a record from a position
    kind = word(_KINDS, one.type, "item type", unknown)
    kind = kind if kind in _KINDS.values() else "article"
    said = {_NOTICES.get(update.type, "") for update in one.update_to}
    kind = next((notice for notice in ("notice", "erratum") if notice in said), kind)
    if kind not in ("notice", "erratum") and any(_NOTICES.get(by.type) == "notice" for by in one.updated_by):
        kind = "retracted" if any(by.type != "expression_of_concern" for by in one.updated_by) else kind
    titles = [*(one.title or ()), *(one.original_title or ())]
    date = next(filter(None, map(_date, (one.issued, one.published_print, one.published_online, one.posted))), "")
    authors = tuple(_mentions(one.author, 0, "author", unknown))
    if kind == "book" and not authors:
        authors = tuple(_mentions(one.editor, 0, "editor", unknown))
    noun = Publication(
        id,
        title=next(filter(None, map(plain, titles)), ""),
        year=int(date[:4]) if date else None,
        date=date,
        journal=next(filter(None, map(plain, one.container_title or ())), ""),
        kind=kind,
        types=tuple(filter(None, (one.type, one.subtype))),
        abstract=re.sub(r"^(?:abstract|summary)\b[\s:.]*", "", plain(one.abstract), flags=re.I),
        language=language(one.language, unknown),
        identifiers=(f"doi:{doi}",) if "#" in doi else (),
        trials=tuple(dict.fromkeys(f"nct:{n}" for s in one.clinical_trial_number if (n := _nct(s)))),
        grants=tuple(dict.fromkeys(_grants(one.funder))),
        authors=authors,
        cited_by=one.is_referenced_by_count,
    )
    return Record(id, raw, noun, one.indexed.timestamp or 1)


def _mentions(listed: list[Author], first: int, role: str, unknown: Counter[str]) -> Iterator[Mention]:
    for position, slot in enumerate(listed, first):
        last, fore, name = (plain(said) for said in (slot.family, slot.given, slot.name))
        if not last:
            last, fore, name = (fore, "", "") if fore and not name else ("", "", name)
        if not (last or name):
            unknown["author: without a name, left out"] += 1
            continue
        orcid = orcid_id(slot.orcid or "")
        unknown["orcid: malformed, left out"] += bool(slot.orcid) and not orcid
        yield Mention(
            position,
            last,
            fore,
            suffix=plain(slot.suffix) if last else "",
            group="" if last else name,  # an organisation has a name in one piece
            role=role,
            orcid=orcid if last else "",
            affiliations=tuple(dict.fromkeys(_affiliations(slot.affiliation))),
        )


def _affiliations(places: list[Place]) -> Iterator[Affiliation]:
    for one in places:
        rors = dict.fromkeys(f"ror:{known}" for place in one.id if (known := ror_id(place.id)))
        if (said := plain(one.name)) or rors:
            yield Affiliation(said, tuple(rors))


def _grants(funders: list[Funder]) -> Iterator[str]:
    for one in funders:
        by = plain(one.name)
        yield from (f"{number} ({by})" if by else number for number in one.award if number)
        if by and not one.award:
            yield by


def _nct(study: Study) -> str:
    return nct_id(study.clinical_trial_number)


def _date(said: Dated | None) -> str:
    """ISO text with the precision given; "" for none, which Crossref writes as [[null]]."""
    parts = [part for part in (said.date_parts[0] if said and said.date_parts else []) if part]
    if not parts or not 1000 <= parts[0] <= 2999:
        return ""
    month = parts[1] if len(parts) > 1 and 1 <= parts[1] <= 12 else 0
    day = parts[2] if len(parts) > 2 and 1 <= parts[2] <= 31 else 0
    return f"{parts[0]}" + (f"-{month:02d}" + (f"-{day:02d}" if day else "") if month else "")
