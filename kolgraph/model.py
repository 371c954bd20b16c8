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


KINDS = ("article", "review", "trial", "guideline", "book", "retracted", "notice", "erratum", "comment")
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


Noun = Publication | Trial | Institution


@dataclass(frozen=True, slots=True)
class Topic:
    """A scope over the landscape: a name and the terms that put a record into it."""

    id: str  # topic:oncology
    name: str
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Judgement:
    """A person's decision on identity, about mentions and never about derived persons."""

    same: bool
    a: str  # mention key: record#position
    b: str
    by: str
    why: str


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
