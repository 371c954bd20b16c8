"""The nouns of kolgraph: what sources say (Mention, Publication, Trial, Institution) and what people decide.

Frozen and slotted; everything that is a list is a tuple, so that a noun is a value: two loads of one record are equal.
Dates are ISO text with the precision the source gave (`2021`, `2021-06`, `2021-06-03`) or "". Countries are ISO 3166
alpha-2 codes or "". Raw spelling is kept: normalising for comparison is `names` and `resolve`.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Affiliation:
    """Where a mention says it belongs: free text, or a site whose place the source gives in fields."""

    text: str
    identifiers: tuple[str, ...] = ()  # CURIEs: ror:, grid:, isni:, ringgold:
    city: str = ""
    region: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class Mention:
    """A name on a record, as the record writes it. Key: (record, position); (record, name) is no key.

    `position` counts every slot of the record from 0, group names included; a trial numbers all its role lists through.
    `group` is set, and the name parts empty, where a slot names a group instead of a human being.
    """

    position: int
    last: str = ""
    fore: str = ""
    initials: str = ""
    suffix: str = ""
    name: str = ""  # free text, where the source does not split names
    group: str = ""
    role: str = "author"  # author, editor, member (of a group); trials: principal, sub, chair, director, contact
    orcid: str = ""  # checked; a malformed one is counted by the loader and dropped
    affiliations: tuple[Affiliation, ...] = ()
    corresponding: bool = False
    identifiers: tuple[str, ...] = ()  # other CURIEs the source gives this name: npi:, openalex:, openpayments:


@dataclass(frozen=True, slots=True)
class MeshTerm:
    id: str  # mesh:D009369
    name: str
    major: bool = False


@dataclass(frozen=True, slots=True)
class Publication:
    """A bibliographic record. `kind` is what it counts as: see KINDS; `types` is what the source calls it."""

    id: str  # pmid:38012345
    version: int = 1
    title: str = ""
    year: int | None = None
    date: str = ""
    journal: str = ""
    kind: str = "article"
    types: tuple[str, ...] = ()
    abstract: str = ""
    language: str = ""
    keywords: tuple[str, ...] = ()
    mesh: tuple[MeshTerm, ...] = ()
    identifiers: tuple[str, ...] = ()  # doi:, pmc:
    trials: tuple[str, ...] = ()  # nct: numbers it reports on
    grants: tuple[str, ...] = ()
    authors: tuple[Mention, ...] = ()
    complete: bool = True  # False: the source says that its author list is cut
    cited_by: int | None = None  # as the source counts them, None where it does not


KINDS = ("article", "review", "trial", "guideline", "book", "retracted", "notice", "erratum", "comment", "other")
COUNTED_KINDS = ("article", "review", "trial", "guideline", "book")  # the others count for nobody


@dataclass(frozen=True, slots=True)
class Site:
    """A place where a trial is conducted."""

    name: str
    city: str = ""
    region: str = ""
    country: str = ""
    lat: float | None = None
    lon: float | None = None


@dataclass(frozen=True, slots=True)
class Trial:
    """A registered study. `results` are papers that report it; background references are no output and left out."""

    id: str  # nct:NCT01234567
    title: str = ""
    status: str = ""  # recruiting, active, completed, terminated, ... or the source's own word in lower case
    phases: tuple[str, ...] = ()  # early1, 1, 2, 3, 4; () when not applicable or not given
    kind: str = ""  # interventional, observational, expanded access
    start: str = ""
    end: str = ""
    updated: str = ""
    conditions: tuple[str, ...] = ()
    interventions: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    mesh: tuple[MeshTerm, ...] = ()
    summary: str = ""
    sponsor: str = ""
    collaborators: tuple[str, ...] = ()
    sites: tuple[Site, ...] = ()
    results: tuple[str, ...] = ()  # pmid:
    aliases: tuple[str, ...] = ()  # nct: numbers that now mean this trial
    investigators: tuple[Mention, ...] = ()


@dataclass(frozen=True, slots=True)
class Institution:
    """An organisation of the Research Organization Registry."""

    id: str  # ror:04nbqb988
    name: str
    aliases: tuple[str, ...] = ()  # other names, labels in other languages
    acronyms: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()  # education, healthcare, company, ...
    status: str = "active"
    city: str = ""
    region: str = ""
    country: str = ""
    lat: float | None = None
    lon: float | None = None
    identifiers: tuple[str, ...] = ()  # grid:, isni:, wikidata:, fundref:
    domains: tuple[str, ...] = ()
    parents: tuple[str, ...] = ()  # ror: it is part of
    successors: tuple[str, ...] = ()  # ror: that took over


@dataclass(frozen=True, slots=True)
class Placement:
    """Which institution a register takes the text of an affiliation for, as it answered when it was asked."""

    id: str  # place:<hash of the text>
    text: str
    institution: str = ""  # ror:04nbqb988, "" when it takes none


@dataclass(frozen=True, slots=True)
class Grant:
    """One funded period of a project: rows of one `project` add up to the grant."""

    id: str  # nihreporter:10497514, the application; grant:<number> where the source gives no application
    project: str = ""  # core project number, e.g. R01CA123456
    number: str = ""  # as awarded, e.g. 5R01CA123456-03
    title: str = ""
    agency: str = ""
    year: int | None = None  # fiscal year
    start: str = ""
    end: str = ""
    amount: float | None = None  # USD
    organisation: Affiliation | None = None
    terms: tuple[str, ...] = ()
    summary: str = ""
    investigators: tuple[Mention, ...] = ()  # roles: principal, contact


@dataclass(frozen=True, slots=True)
class Practitioner:
    """A clinician of a national register. No gender, no birth date: what is not needed is not read."""

    id: str  # npi:1234567890
    mention: Mention
    other_names: tuple[Mention, ...] = ()
    credentials: str = ""
    specialties: tuple[str, ...] = ()  # taxonomy: description or code, the primary one first
    places: tuple[Affiliation, ...] = ()  # practice locations, then mailing
    enumerated: str = ""
    updated: str = ""


@dataclass(frozen=True, slots=True)
class Payment:
    """A published transfer of value: disclosure only, never an input of a score."""

    id: str  # openpayments:2014:<record id>
    kind: str  # research, general
    year: int
    amount: float  # USD
    payer: str = ""
    date: str = ""
    nature: str = ""
    form: str = ""
    disputed: bool = False
    change: str = ""  # unchanged, add, new, changed
    recipient: str = ""  # an organisation, where it is not a person
    recipients: tuple[Mention, ...] = ()  # the physician, or the principal investigators
    trials: tuple[str, ...] = ()  # nct:
    products: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Descriptor:
    """A heading of a controlled vocabulary, with the words under which people look for it."""

    id: str  # mesh:D001249
    name: str
    terms: tuple[str, ...] = ()  # entry terms, the name left out
    trees: tuple[str, ...] = ()  # tree numbers: C08.127.108
    kind: str = "descriptor"  # descriptor, supplement


@dataclass(frozen=True, slots=True)
class Profile:
    """What a source takes for one person: a weak vote on identity, never a person of ours."""

    id: str  # openalex:A5017898742, orcid:0000-...
    name: str
    names: tuple[str, ...] = ()
    orcid: str = ""
    places: tuple[Affiliation, ...] = ()
    works: int | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """A row of an own list: a person, where they belong, an event they took part in, or whom a peer named."""

    id: str  # own:<list>:<row key>
    list: str
    kind: str  # person, affiliation, event, nomination
    mention: Mention
    by: Mention | None = None  # a nomination: who named them
    event: str = ""
    role: str = ""
    date: str = ""
    note: str = ""


Noun = Publication | Trial | Institution | Placement | Grant | Practitioner | Payment | Descriptor | Profile | Listed
NOUNS: dict[str, type[Noun]] = {
    "publications": Publication,
    "trials": Trial,
    "institutions": Institution,
    "placements": Placement,
    "grants": Grant,
    "practitioners": Practitioner,
    "payments": Payment,
    "descriptors": Descriptor,
    "profiles": Profile,
    "listed": Listed,
}


def mentions_of(noun: Noun) -> tuple[Mention, ...]:
    """Every name on a record, in order."""
    match noun:
        case Publication():
            return noun.authors
        case Trial() | Grant():
            return noun.investigators
        case Practitioner():
            return (noun.mention, *noun.other_names)
        case Payment():
            return noun.recipients
        case Listed():
            return (noun.mention, noun.by) if noun.by else (noun.mention,)
        case Institution() | Placement() | Descriptor() | Profile():
            return ()


def aliases_of(noun: Noun) -> tuple[tuple[str, str], ...]:
    """(old id, id that it means now) as the record itself says."""
    return tuple((old, noun.id) for old in noun.aliases) if isinstance(noun, Trial) else ()


@dataclass(frozen=True, slots=True)
class Topic:
    """A scope over the landscape: a name and the terms, or headings of MeSH, that put a record into it."""

    id: str  # topic:oncology
    name: str
    terms: tuple[str, ...]
    mesh: tuple[str, ...] = ()  # mesh:D001249; what lies below it in the tree is meant too


@dataclass(frozen=True, slots=True)
class Judgement:
    """A person's decision on identity, about mentions and never about derived persons."""

    same: bool
    a: str  # mention key: record#position
    b: str
    by: str
    why: str
    entry: int = 0  # which one of the ledger says so


@dataclass(frozen=True, slots=True)
class Engagement:
    """A planned or past exchange with a person: the current state, folded from the ledger's events."""

    id: str
    person: str
    objective: str = ""
    question: str = ""
    channel: str = ""
    due: str = ""
    owner: str = ""
    status: str = "planned"  # planned, done, cancelled
    held: str = ""  # date of the contact
    asked: str = ""
    said: str = ""
    needs: str = ""
    unsolicited: bool = False
    safety: bool = False
    follow_up: str = ""  # date
    version: int = 1


def mention_key(record: str, position: int) -> str:
    """`pmid:34095513`, 4 -> `pmid:34095513#4`."""
    return f"{record}#{position}"
