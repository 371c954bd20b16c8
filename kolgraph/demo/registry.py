"""A trial as ClinicalTrials.gov's API v2 gives it, with the registry's ways of writing people and sites."""

from typing import Any

from kolgraph.demo.field import LAST_YEAR, SUBJECTS
from kolgraph.demo.names import Name
from kolgraph.demo.papers import FIRST_PMID
from kolgraph.demo.pools import document
from kolgraph.demo.trials import Plan
from kolgraph.demo.words import Slots, Writer
from kolgraph.demo.world import World, seat

Json = dict[str, Any]
Row = tuple[str, str, str, int]  # NCT number, where the name stands, the name as written, the person
DEGREES = ("MD", "MD, PhD", "MD", "PhD", "M.D.", "MD, MSc", "M.D., Ph.D.", "MBBS")
NOBODY = ("Clinical Trials", "Medical Director", "Clinical Trial Management", "Medical Monitor")


def study(plan: Plan, world: World, writer: Writer) -> tuple[Json, list[Row]]:
    """The study and the truth about every human being it names."""
    slots = writer.slots(plan.subject, plan.words)
    form = "study" if plan.phase else "procedure" if plan.phases else "observed"
    title = _capitals(writer.title(form, slots, plan.words))
    company = world.places.places[plan.company].name if plan.company >= 0 else ""
    home = world.places.places[int(world.labs.host[seat(world, plan.lead, plan.start[0])])].name
    sponsor = {"name": company or home, "class": "INDUSTRY" if company else "OTHER"}
    rows: list[Row] = []
    protocol: Json = {
        "identificationModule": _identification(plan, title, slots, sponsor),
        "statusModule": _status(plan),
        "sponsorCollaboratorsModule": _sponsor(plan, world, sponsor, company, home, rows),
        "descriptionModule": {"briefSummary": " ".join(writer.sentences(slots, plan.words)[:2]).replace("&lt;", "<")},
        "conditionsModule": {
            "conditions": [slots["condition"][0].upper() + slots["condition"][1:], document("field")["title"].title()],
            "keywords": writer.keywords(plan.subject, plan.words),
        },
        "designModule": _design(plan),
        "armsInterventionsModule": _interventions(plan, slots),
        "eligibilityModule": {
            "eligibilityCriteria": f"Inclusion Criteria:\n\n* Diagnosis of {slots['condition']}\n* Informed consent",
            "healthyVolunteers": False,
            "sex": "ALL",
            "minimumAge": "2 Years" if SUBJECTS[plan.subject]["name"].startswith("Juvenile") else "18 Years",
        },
    }
    contacts = _contacts(plan, world, company, home, rows)
    if contacts:
        protocol["contactsLocationsModule"] = contacts
    references = _references(plan)
    if references:
        protocol["referencesModule"] = {"references": references}
    return {"protocolSection": protocol, "derivedSection": _derived(plan), "hasResults": False}, rows


def person_name(name: Name, u: float) -> str:
    """A name as people type it into the registry: degrees, capitals, titles."""
    v = u * 97 % 1
    plain = f"{name.fore} {name.last}"
    if v < 0.1:
        plain = plain.upper()
    elif v < 0.14:
        return f"Prof. Dr. {plain}"
    return plain if v > 0.72 else f"{plain}, {DEGREES[int(v * 7919) % len(DEGREES)]}"


def _identification(plan: Plan, title: str, slots: Slots, sponsor: Json) -> Json:
    module: Json = {
        "nctId": plan.nct,
        "orgStudyIdInfo": {"id": f"{sponsor['name'][:3].upper()}-{plan.number % 9973:04d}"},
        "organization": {"fullName": sponsor["name"], "class": sponsor["class"]},
        "briefTitle": title,
        "officialTitle": _capitals(f"{title}: {slots['cohort'] if not plan.phase else 'a randomized study'}"),
    }
    if plan.u[4] < 0.03:
        module["nctIdAliases"] = [f"NCT{plan.number + 9_000_000}"]
    return module


def _interventions(plan: Plan, slots: Slots) -> Json:
    if not plan.phases:
        return {}
    kind, name = ("DRUG", slots["Drug"]) if plan.phase else ("PROCEDURE", slots["Procedure"])
    return {"interventions": [{"type": kind, "name": name}]}


def _capitals(title: str) -> str:
    """Title case as registries write it: small words and words with capitals or digits stay."""
    small = {
        "a",
        "an",
        "and",
        "as",
        "at",
        "by",
        "for",
        "in",
        "of",
        "on",
        "the",
        "to",
        "with",
        "from",
        "versus",
        "after",
    }
    words = (w if w in small or w != w.lower() else w[0].upper() + w[1:] for w in title.split())
    return " ".join(words)


def _status(plan: Plan) -> Json:
    year, month = plan.start
    end_year, end_month = plan.end
    done = plan.status in ("COMPLETED", "TERMINATED", "WITHDRAWN", "UNKNOWN")
    start = f"{year}-{month:02d}" + (f"-{1 + int(plan.u[1] * 28):02d}" if year >= 2017 else "")
    updated = (min(end_year + 1, LAST_YEAR), 1 + int(plan.u[2] * 10)) if done else (LAST_YEAR, 1 + int(plan.u[2] * 10))
    module: Json = {
        "statusVerifiedDate": f"{updated[0]}-{updated[1]:02d}",
        "overallStatus": plan.status,
        "expandedAccessInfo": {"hasExpandedAccess": False},
        "startDateStruct": {"date": start, "type": "ACTUAL"},
        "completionDateStruct": {"date": f"{end_year}-{end_month:02d}", "type": "ACTUAL" if done else "ESTIMATED"},
        "studyFirstSubmitDate": f"{year - (month < 3)}-{(month - 3) % 12 + 1:02d}-11",
        "lastUpdatePostDateStruct": {"date": f"{updated[0]}-{updated[1]:02d}-15", "type": "ACTUAL"},
    }
    if plan.status == "TERMINATED":
        module["whyStopped"] = "Slow recruitment"
    if plan.u[3] > 0.985:
        del module["startDateStruct"]
    return module


def _sponsor(plan: Plan, world: World, sponsor: Json, company: str, home: str, rows: list[Row]) -> Json:
    module: Json = {"leadSponsor": sponsor}
    if company:
        module["responsibleParty"] = {"type": "SPONSOR"}
    elif plan.u[5] < 0.6 and plan.leader >= 0:
        name = world.people.names[plan.leader]
        full = f"{name.fore} {name.last}" if plan.u[5] < 0.5 else f"{name.initials[0]}. {name.last}"
        rows.append((plan.nct, "responsibleParty", full, plan.leader))
        module["responsibleParty"] = {
            "type": "PRINCIPAL_INVESTIGATOR" if plan.u[5] < 0.45 else "SPONSOR_INVESTIGATOR",
            "investigatorFullName": full,
            "investigatorTitle": "Professor of Medicine" if plan.u[4] < 0.5 else "Principal Investigator",
            "investigatorAffiliation": home,
        }
    elif plan.u[5] < 0.95:
        module["responsibleParty"] = {"type": "SPONSOR"}
    if plan.u[6] > 0.8:
        other = document("field")["companies"]
        module["collaborators"] = [{"name": other[plan.number % len(other)], "class": "INDUSTRY"}]
    return module


def _design(plan: Plan) -> Json:
    kind = "INTERVENTIONAL" if plan.phases else "OBSERVATIONAL"
    module: Json = {"studyType": kind}
    if plan.phases:
        module["phases"] = list(plan.phases)
    module["enrollmentInfo"] = {
        "count": 12 + plan.words[12] % 600,
        "type": "ACTUAL" if plan.status == "COMPLETED" else "ESTIMATED",
    }
    return module


def _contacts(plan: Plan, world: World, company: str, home: str, rows: list[Row]) -> Json:
    if plan.u[7] > 0.985:
        return {}
    module: Json = {}
    leads = plan.leader >= 0 and not (company and plan.u[1] < 0.55)
    if leads:
        name = person_name(world.people.names[plan.leader], plan.u[3])
        rows.append((plan.nct, "overallOfficials/0", name, plan.leader))
        role = "STUDY_CHAIR" if plan.u[2] > 0.9 else "PRINCIPAL_INVESTIGATOR"
        module["overallOfficials"] = [{"name": name, "affiliation": home, "role": role}]
    elif company:
        nobody = NOBODY[plan.number % len(NOBODY)]
        module["overallOfficials"] = [{"name": nobody, "affiliation": company, "role": "STUDY_DIRECTOR"}]
    module["locations"] = [
        _location(plan, world, bool(company), at, lab, person, rows) for at, (lab, person) in enumerate(plan.sites)
    ]
    return module


def _location(plan: Plan, world: World, industry: bool, at: int, lab: int, person: int, rows: list[Row]) -> Json:
    base = seat(world, lab, plan.start[0])
    place = world.places.places[int(world.labs.host[base])]
    chance = (plan.words[at % 20] // 64 + at * 37) % 1000 / 1000
    hidden = industry and chance < 0.3
    location: Json = {
        "facility": ("Research Site", f"Investigational Site {at + 1:04d}")[at % 2] if hidden else place.name
    }
    if not industry and chance > 0.97:
        del location["facility"]
    open_now = plan.status in ("RECRUITING", "NOT_YET_RECRUITING")
    if open_now:
        location["status"] = plan.status
    location["city"] = place.city.city
    if place.city.country == "US":
        location["state"] = place.city.region
    location |= {"zip": place.zip, "country": place.city.country_name}
    if person >= 0 and not hidden and (open_now or chance > 0.45):
        role = "SUB_INVESTIGATOR" if chance > 0.9 and at else "PRINCIPAL_INVESTIGATOR"
        name = person_name(world.people.names[person], chance + at * 0.0137)
        rows.append((plan.nct, f"locations/{at}/contacts/0", name, person))
        location["contacts"] = [{"name": name, "role": role}]
    if chance < 0.985:
        location["geoPoint"] = {"lat": place.city.lat, "lon": place.city.lon}
    return location


def _references(plan: Plan) -> list[Json]:
    found = [{"pmid": str(pmid), "type": "RESULT", "citation": "Results of this study."} for pmid in plan.results]
    if plan.u[0] < 0.3:
        known = FIRST_PMID + plan.words[20] % 500
        found.append({"pmid": str(known), "type": "BACKGROUND", "citation": "Earlier work in this field."})
    if plan.u[0] < 0.05:
        found.append({"type": "BACKGROUND", "citation": "Textbook chapter without a PubMed number."})
    return found


def _derived(plan: Plan) -> Json:
    meshes = [{"id": ui, "term": name} for ui, name in SUBJECTS[plan.subject]["mesh"][:1]]
    return {
        "miscInfoModule": {"versionHolder": f"{LAST_YEAR}-11-02"},
        "conditionBrowseModule": {"meshes": meshes},
    }
