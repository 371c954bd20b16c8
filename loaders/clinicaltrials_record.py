"""One study of ClinicalTrials.gov (v2) -> Trial: every field is optional but the number."""

import re
from collections import Counter
from collections.abc import Iterator

import msgspec

from kolgraph.errors import InputError
from kolgraph.geo import country_code
from kolgraph.ids import mesh_id, nct_id, pmid_id
from kolgraph.loading import Record
from kolgraph.loading.nonpersons import anonymous_site, is_person
from kolgraph.loading.strict import decode_kept, word
from kolgraph.model import Affiliation, Mention, MeshTerm, Site, Trial

_PHASES = {"EARLY_PHASE1": "early1", "PHASE1": "1", "PHASE2": "2", "PHASE3": "3", "PHASE4": "4", "NA": ""}
_STATUS = {
    "RECRUITING": "recruiting",
    "ACTIVE_NOT_RECRUITING": "active",
    "COMPLETED": "completed",
    "TERMINATED": "terminated",
    "WITHDRAWN": "withdrawn",
    "SUSPENDED": "suspended",
    "NOT_YET_RECRUITING": "not yet recruiting",
    "ENROLLING_BY_INVITATION": "enrolling by invitation",
    "UNKNOWN": "unknown",
    "AVAILABLE": "available",
    "NO_LONGER_AVAILABLE": "no longer available",
    "TEMPORARILY_NOT_AVAILABLE": "temporarily not available",
    "APPROVED_FOR_MARKETING": "approved for marketing",
    "WITHHELD": "withheld",
}
_KINDS = {
    "INTERVENTIONAL": "interventional",
    "OBSERVATIONAL": "observational",
    "EXPANDED_ACCESS": "expanded access",
}
_ROLES = {
    "PRINCIPAL_INVESTIGATOR": "principal",
    "SUB_INVESTIGATOR": "sub",
    "STUDY_CHAIR": "chair",
    "STUDY_DIRECTOR": "director",
}
_SITE_ROLES = {"PRINCIPAL_INVESTIGATOR": "principal", "SUB_INVESTIGATOR": "sub", "CONTACT": ""}


class _Part(msgspec.Struct, rename="camel", gc=False):
    """Fields in the spelling of the API; what we do not name is skipped."""


class Text(_Part):
    date: str = ""
    name: str = ""
    term: str = ""
    id: str = ""


class Alias(_Part):
    pmid: str = ""
    type: str = ""


class Identification(_Part):
    nct_id: str = ""
    nct_id_aliases: list[str] = []
    brief_title: str = ""
    official_title: str = ""


class Status(_Part):
    overall_status: str = ""
    start_date_struct: Text | None = None
    completion_date_struct: Text | None = None
    last_update_post_date_struct: Text | None = None
    last_update_submit_date: str = ""


class Responsible(_Part):
    type: str = ""
    investigator_full_name: str = ""
    investigator_affiliation: str = ""
    old_name_title: str = ""


class Sponsors(_Part):
    responsible_party: Responsible | None = None
    lead_sponsor: Text | None = None
    collaborators: list[Text] = []


class Person(_Part):
    name: str = ""
    role: str = ""
    affiliation: str = ""


class Point(_Part):
    lat: float
    lon: float


class Location(_Part):
    facility: str = ""
    city: str = ""
    state: str = ""
    country: str = ""
    contacts: list[Person] = []
    geo_point: Point | None = None


class Contacts(_Part):
    overall_officials: list[Person] = []
    locations: list[Location] = []


class Conditions(_Part):
    conditions: list[str] = []
    keywords: list[str] = []


class Arms(_Part):
    interventions: list[Text] = []


class Design(_Part):
    study_type: str = ""
    phases: list[str] = []


class References(_Part):
    references: list[Alias] = []


class Description(_Part):
    brief_summary: str = ""


class Protocol(_Part):
    identification_module: Identification | None = None
    status_module: Status = msgspec.field(default_factory=Status)
    sponsor_collaborators_module: Sponsors = msgspec.field(default_factory=Sponsors)
    description_module: Description = msgspec.field(default_factory=Description)
    conditions_module: Conditions = msgspec.field(default_factory=Conditions)
    design_module: Design = msgspec.field(default_factory=Design)
    arms_interventions_module: Arms = msgspec.field(default_factory=Arms)
    contacts_locations_module: Contacts = msgspec.field(default_factory=Contacts)
    references_module: References = msgspec.field(default_factory=References)


class Browse(_Part):
    meshes: list[Text] = []


class Derived(_Part):
    condition_browse_module: Browse = msgspec.field(default_factory=Browse)
    intervention_browse_module: Browse = msgspec.field(default_factory=Browse)


class PointOfContact(_Part):
    title: str = ""
    organization: str = ""


class MoreInfo(_Part):
    point_of_contact: PointOfContact | None = None


class Results(_Part):
    more_info_module: MoreInfo = msgspec.field(default_factory=MoreInfo)


class Study(_Part):
    protocol_section: Protocol = msgspec.field(default_factory=Protocol)
    derived_section: Derived = msgspec.field(default_factory=Derived)
    results_section: Results = msgspec.field(default_factory=Results)


_STUDY = msgspec.json.Decoder(Study)


def parse_study(raw: bytes, unknown: Counter[str]) -> Record:
    """The record in the bytes of one study; counts in `unknown` what has no word here and what is left out.

    Raises InputError saying what is wrong with it.
    """
    study = decode_kept(_STUDY, raw, "study", unknown)
    protocol = study.protocol_section
    named = protocol.identification_module
    number = nct_id(named.nct_id) if named else ""
    if named is None or not number:
        raise InputError("the study has no NCT number (identificationModule.nctId)")
    status, sponsors = protocol.status_module, protocol.sponsor_collaborators_module
    phases = (word(_PHASES, phase, "phase", unknown) for phase in protocol.design_module.phases)
    updated = _date(status.last_update_post_date_struct) or _iso(status.last_update_submit_date)
    derived = study.derived_section
    meshes = [*derived.condition_browse_module.meshes, *derived.intervention_browse_module.meshes]
    trial = Trial(
        f"nct:{number}",
        named.brief_title or named.official_title,
        word(_STATUS, status.overall_status, "status", unknown),
        tuple(phase for phase in phases if phase),
        word(_KINDS, protocol.design_module.study_type, "study type", unknown),
        _date(status.start_date_struct),
        _date(status.completion_date_struct),
        updated,
        tuple(protocol.conditions_module.conditions),
        tuple(one.name for one in protocol.arms_interventions_module.interventions if one.name),
        tuple(protocol.conditions_module.keywords),
        tuple(MeshTerm(f"mesh:{known}", one.term) for one in meshes if (known := mesh_id(one.id))),
        protocol.description_module.brief_summary,
        sponsors.lead_sponsor.name if sponsors.lead_sponsor else "",
        tuple(one.name for one in sponsors.collaborators if one.name),
        tuple(_sites(protocol.contacts_locations_module.locations, unknown)),
        tuple(_results(protocol.references_module.references, unknown)),
        tuple(f"nct:{known}" for alias in named.nct_id_aliases if (known := nct_id(alias))),
        tuple(_investigators(study, unknown)),
    )
    return Record(trial.id, raw, trial, int(updated.replace("-", "").ljust(8, "0") or 1))


def _investigators(study: Study, unknown: Counter[str]) -> Iterator[Mention]:
    """The mentions of the four places that name investigators; a slot that names nobody keeps its position."""
    for position, (name, role, where) in enumerate(_slots(study, unknown)):
        said = " ".join(name.split())
        if is_person(said):
            yield Mention(position, name=said, role=role, affiliations=(where,) if where else ())
        else:
            unknown["investigator: names nobody, left out"] += 1


def _slots(study: Study, unknown: Counter[str]) -> Iterator[tuple[str, str, Affiliation | None]]:
    protocol = study.protocol_section
    for official in protocol.contacts_locations_module.overall_officials:
        role = word(_ROLES, official.role or "PRINCIPAL_INVESTIGATOR", "role", unknown)
        yield official.name, role, _affiliation(official.affiliation)
    responsible = protocol.sponsor_collaborators_module.responsible_party
    if responsible and responsible.investigator_full_name:
        yield responsible.investigator_full_name, "principal", _affiliation(responsible.investigator_affiliation)
    elif responsible and responsible.old_name_title:
        unknown["responsible party: only in its old form, left out"] += 1
    for location in protocol.contacts_locations_module.locations:
        facility = "" if anonymous_site(location.facility) else location.facility
        place = (location.city, location.state, country_code(location.country))
        where = Affiliation(facility, (), *place) if facility or any(place) else None
        for person in location.contacts:
            # a plain contact answers the telephone: no investigator
            if role := word(_SITE_ROLES, person.role, "site role", unknown):
                yield person.name, role, where
    contact = study.results_section.more_info_module.point_of_contact
    if contact and contact.title:
        yield contact.title, "contact", _affiliation(contact.organization)


def _affiliation(said: str) -> Affiliation | None:
    return Affiliation(" ".join(said.split())) if said.strip() else None


def _sites(locations: list[Location], unknown: Counter[str]) -> Iterator[Site]:
    for one in locations:
        if anonymous_site(one.facility):
            unknown["site: anonymous, left out"] += 1
            continue
        country = country_code(one.country)
        if one.country and not country:
            unknown[f"country: {one.country}"] += 1
        point = one.geo_point
        yield Site(
            one.facility, one.city, one.state, country, point.lat if point else None, point.lon if point else None
        )


def _results(references: list[Alias], unknown: Counter[str]) -> Iterator[str]:
    for one in references:
        pmid = pmid_id(one.pmid)
        if one.type in ("RESULT", "DERIVED"):
            if pmid:
                yield f"pmid:{pmid}"
        elif one.type != "BACKGROUND":
            unknown[f"reference type: {one.type or 'none'}"] += 1


def _date(said: Text | None) -> str:
    return _iso(said.date) if said else ""


def _iso(said: str) -> str:
    """The ISO date at the head of a text, with the precision given, or ""."""
    found = re.match(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?(?![\d-])", said)
    return found[0] if found else ""
