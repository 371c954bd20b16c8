"""One row of NIH RePORTER, whole or with some fields only -> Grant: a funded period, with those who lead it."""

import hashlib
import re
from collections.abc import Iterator

import msgspec

from kolgraph.errors import InputError
from kolgraph.geo import country_code
from kolgraph.loading import Record
from kolgraph.loading.strict import decode
from kolgraph.model import Affiliation, Grant, Mention

_CORE = re.compile(r"\d?([A-Z][A-Z0-9]{2}[A-Z]{2}\d+)(?:-|$)")


class _Part(msgspec.Struct, gc=False):
    """Fields in the spelling of the API; what we do not name is skipped."""


class Organisation(_Part):
    org_name: str | None = None
    org_city: str | None = None
    org_state: str | None = None
    org_country: str | None = None


class Investigator(_Part):
    profile_id: int | None = None
    first_name: str | None = None
    middle_name: str | None = None
    last_name: str | None = None
    full_name: str | None = None
    is_contact_pi: bool | None = None


class Agency(_Part):
    abbreviation: str | None = None


class Project(_Part):
    project_num: str | None = None
    appl_id: int | None = None
    core_project_num: str | None = None
    fiscal_year: int | None = None
    project_title: str | None = None
    agency_ic_admin: Agency | None = None
    agency_code: str | None = None
    project_start_date: str | None = None
    project_end_date: str | None = None
    award_amount: float | None = None
    organization: Organisation | None = None
    principal_investigators: list[Investigator] | None = None
    contact_pi_name: str | None = None
    pref_terms: str | None = None
    abstract_text: str | None = None
    date_added: str | None = None


_PROJECT = msgspec.json.Decoder(Project)


def parse_project(raw: bytes) -> Record:
    """The record in the bytes of one row. Raises InputError saying what is wrong with it."""
    one = decode(_PROJECT, raw, "project")
    number = said(one.project_num)
    if one.appl_id is None and not number:
        raise InputError("the row has neither an application (appl_id) nor a number (project_num)")
    # rows of one number (subprojects, supplements) have no id where the application is not given: each is itself
    row = f"grant:{number}/{hashlib.sha256(raw).hexdigest()[:12]}"
    core = _CORE.match(number)
    agency = one.agency_ic_admin.abbreviation if one.agency_ic_admin else ""
    grant = Grant(
        row if one.appl_id is None else f"nihreporter:{one.appl_id}",
        said(one.core_project_num) or (core[1] if core else number),
        number,
        said(one.project_title),
        said(agency) or said(one.agency_code),
        one.fiscal_year,
        _day(one.project_start_date),
        _day(one.project_end_date),
        one.award_amount,
        _where(one.organization),
        tuple(filter(None, map(said, (one.pref_terms or "").split(";")))),
        (one.abstract_text or "").strip(),
        tuple(_investigators(one)),
    )
    return Record(grant.id, raw, grant, int(_day(one.date_added).replace("-", "") or 1))


def _investigators(one: Project) -> Iterator[Mention]:
    """Those who lead; the organisation is the contact's, the others may sit elsewhere."""
    where = _where(one.organization)
    places = (where,) if where else ()
    listed = one.principal_investigators or []
    for position, person in enumerate(listed):
        first = bool(person.is_contact_pi) or len(listed) == 1
        last, fore = said(person.last_name), said(f"{person.first_name or ''} {person.middle_name or ''}")
        free = "" if last else said(person.full_name)
        if last or free:
            yield Mention(
                position,
                last,
                fore if last else "",
                name=free,
                role="contact" if first else "principal",
                affiliations=places if first else (),
                identifiers=(f"nihpi:{person.profile_id}",) if person.profile_id else (),
            )
    if not listed and (name := said(one.contact_pi_name)):
        last, _, fore = map(str.strip, name.partition(","))
        parts = (last, fore) if fore else ("", "")
        yield Mention(0, *parts, name="" if fore else last, role="contact", affiliations=places)


def _where(said_by: Organisation | None) -> Affiliation | None:
    if said_by is None or not (name := said(said_by.org_name)):
        return None
    country = country_code(said(said_by.org_country))
    return Affiliation(name, (), said(said_by.org_city), said(said_by.org_state), country)


def said(text: str | None) -> str:
    """The text without the blanks that RePORTER leaves around and within."""
    return " ".join((text or "").split())


def _day(text: str | None) -> str:
    found = re.match(r"\d{4}-\d{2}-\d{2}", text or "")
    return found[0] if found else ""
