"""One document of ORCID -> Profile: a record of the yearly file (XML), or `person` or `works` of the API (JSON)."""

import re
from datetime import datetime
from xml.etree.ElementTree import Element

import msgspec

from kolgraph.errors import InputError, TruncatedError
from kolgraph.ids import orcid_id, ror_id
from kolgraph.loading import Record
from kolgraph.loading.listing import Draft
from kolgraph.loading.strict import Whole, decode_kept
from kolgraph.loading.xml import parse, root_of, slices, text
from kolgraph.model import Affiliation, Profile

RECORD, ERROR = b"record:record", b"error:error"
_NS = {
    name: f"http://www.orcid.org/ns/{name}"
    for name in ("common", "record", "person", "history", "other-name", "activities", "employment", "error")
} | {"details": "http://www.orcid.org/ns/personal-details"}
_GRID = re.compile(r"grid\.\d+\.[0-9a-f]+")


class _Part(msgspec.Struct, rename="kebab", gc=False):
    """Fields in the spelling of the API; what we do not name is skipped."""


class Said(_Part):
    value: str | None = None


class When(_Part):
    value: Whole | None = None


class Name(_Part):
    last_modified_date: When | None = None
    given_names: Said | None = None
    family_name: Said | None = None
    credit_name: Said | None = None


class Other(_Part):
    content: str | None = None


class Others(_Part):
    other_name: list[Other] = []


class Address(_Part):
    country: Said | None = None


class Addresses(_Part):
    address: list[Address] = []


class Document(_Part):
    """`person` has a name, `works` has groups; both have a path that holds the iD."""

    path: str = ""
    last_modified_date: When | None = None
    name: Name | None = None
    other_names: Others | None = None
    addresses: Addresses | None = None
    group: list[msgspec.Raw] | None = None
    developer_message: str | None = None


_DOCUMENT = msgspec.json.Decoder(Document)


def take(raw: bytes, draft: Draft) -> None:
    """Read a document into the draft. Raises InputError for one that is none, or that says why there is none."""
    xml = raw.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")
    record = _from_xml(raw) if xml else _from_json(raw, draft)
    assert isinstance(record.noun, Profile)
    draft.unknown["name: withheld"] += record.version > 1 and not record.noun.name
    draft.records.append(record)


def says_why(raw: bytes) -> bool:
    """Whether a document is ORCID's own word that there is no record: it is locked, or gone."""
    return b"<error:error" in raw[:4096] or b'"developer-message"' in raw[:4096]


def _from_json(raw: bytes, draft: Draft) -> Record:
    one = decode_kept(_DOCUMENT, raw, "document", draft.unknown)
    number = orcid_id(one.path)
    if one.developer_message or not number:
        raise InputError(one.developer_message or "no document of ORCID: it has no path with an iD")
    id = f"orcid:{number}"
    if one.group is not None:
        return Record(id, raw, Profile(id, "", orcid=number, works=len(one.group)))
    if one.name is None and '"name"' not in raw.decode("utf-8", "ignore"):
        raise InputError(f"{id}: neither a person nor works of ORCID")
    said = one.name or Name()
    parts = (said.given_names, said.family_name)
    plain = " ".join(part.value.strip() for part in parts if part and part.value)
    credit = said.credit_name.value if said.credit_name else None
    others = [other.content for other in one.other_names.other_name] if one.other_names else []
    codes = [address.country.value for address in one.addresses.address if address.country] if one.addresses else []
    places = tuple(dict.fromkeys(Affiliation("", country=code) for code in codes if code))
    stamps = [when.value for when in (one.last_modified_date, said.last_modified_date) if when and when.value]
    return Record(id, raw, _profile(number, credit, plain, others, places, None), max(stamps, default=2))


def _from_xml(raw: bytes) -> Record:
    root = root_of(raw, "the document")
    if root not in (RECORD, ERROR):
        raise InputError(f"its root is <{root.decode('ascii', 'replace')}>: no record of ORCID")
    if not raw.rstrip().endswith(b"</" + root + b">"):
        raise TruncatedError(f"it is cut: it does not end with </{root.decode()}>; fetch it again")
    cut = next(slices([raw], (root,)))
    if cut.fault:
        raise InputError(cut.fault)
    element = parse(cut.raw)
    if root == ERROR:
        raise InputError(f"ORCID says instead of a record: {_said(element, 'error:developer-message')}")
    number = orcid_id(_said(element, "common:orcid-identifier/common:path"))
    if not number:
        raise InputError("the record has no iD")
    name = element.find("person:person/person:name", _NS)
    given, family, credit = (
        _said(name, f"details:{part}") if name is not None else ""
        for part in ("given-names", "family-name", "credit-name")
    )
    others = [_said(one, "other-name:content") for one in element.iterfind(".//other-name:other-name", _NS)]
    places = tuple(dict.fromkeys(map(_place, element.iterfind(".//employment:employment-summary", _NS))))
    works = len(element.findall("activities:activities-summary/activities:works/activities:group", _NS))
    profile = _profile(number, credit, f"{given} {family}".strip(), others, places, works)
    return Record(profile.id, raw, profile, _millis(_said(element, "history:history/common:last-modified-date")))


def _profile(
    number: str,
    credit: str | None,
    plain: str,
    others: list[str | None] | list[str],
    places: tuple[Affiliation, ...],
    works: int | None,
) -> Profile:
    name = (credit or plain).strip()
    names = dict.fromkeys(said.strip() for said in (plain, *others) if said and said.strip() and said.strip() != name)
    return Profile(f"orcid:{number}", name, tuple(names), number, places, works)


def _place(employment: Element) -> Affiliation:
    at = "common:organization/"
    identified = at + "common:disambiguated-organization/common:"
    source = _said(employment, identified + "disambiguation-source")
    said = _said(employment, identified + "disambiguated-organization-identifier")
    identifier = ""
    if source == "ROR" and (known := ror_id(said)):
        identifier = f"ror:{known}"
    elif source == "GRID" and (found := _GRID.search(said)):
        identifier = f"grid:{found[0]}"
    elif source == "RINGGOLD" and said.isdigit():
        identifier = f"ringgold:{said}"
    elif source == "FUNDREF" and said:
        identifier = f"fundref:{said.rsplit('/', 1)[-1]}"
    where = (_said(employment, f"{at}common:address/common:{part}") for part in ("city", "region", "country"))
    return Affiliation(_said(employment, at + "common:name"), (identifier,) if identifier else (), *where)


def _said(element: Element, path: str) -> str:
    return text(element.find(path, _NS))


def _millis(said: str) -> int:
    """Milliseconds since 1970, as the JSON form writes its dates; 2 where there is none."""
    try:
        return int(datetime.fromisoformat(said).timestamp() * 1000)
    except ValueError:
        return 2
