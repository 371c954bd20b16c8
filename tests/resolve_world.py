"""Small invented records for the tests of identity: papers of one lab, papers of another, a trial."""

from collections.abc import Iterable

from kolgraph.model import Affiliation, Mention, MeshTerm, Publication, Trial
from kolgraph.resolve import Resolution, in_order, parse_slots
from kolgraph.resolve.corpus import Corpus, corpus_of
from kolgraph.resolve.rarity import counted

NEPHRO = "Department of Nephrogenomics, Quimbly Memorial Hospital, 9810 Larkspur, Norway"
CARDIO = "Section of Cardiodynamics, Ostervane Polytechnic, 4417 Ostervane, Chile"
_TEXT = {
    NEPHRO: ("Podocyte nephrogenomics in glomerular sclerosis", "Renal podocyte transcripts and glomerular filtration"),
    CARDIO: (
        "Ventricular cardiodynamics under catheter load",
        "Myocardial strain, catheter pressure, ventricular load",
    ),
}
_COLLEAGUES = {NEPHRO: ("Brannigull", "Odalric"), CARDIO: ("Szelepcse", "Ivola")}


def author(position: int, last: str, fore: str, place: str = "", orcid: str = "", suffix: str = "") -> Mention:
    where = (Affiliation(place),) if place else ()
    return Mention(position, last=last, fore=fore, orcid=orcid, suffix=suffix, affiliations=where)


def paper(number: int, *authors: tuple[str, str], place: str = NEPHRO, year: int = 2020, **more: str) -> Publication:
    """A paper of the lab at `place`: the authors given, then the lab's own colleague."""
    title, abstract = _TEXT[place]
    listed = [author(k, last, fore, place, **more) for k, (last, fore) in enumerate(authors)]
    listed.append(author(len(listed), *_COLLEAGUES[place], place))
    mesh = (MeshTerm(f"mesh:D00000{len(place) % 7}", title),)
    return Publication(
        f"pmid:{number}",
        title=title,
        abstract=abstract,
        year=year,
        journal=f"J {title}",
        mesh=mesh,
        authors=tuple(listed),
    )


def trial(number: int, *investigators: Mention, results: tuple[str, ...] = (), place: str = NEPHRO) -> Trial:
    title, summary = _TEXT[place]
    return Trial(
        f"nct:NCT0000000{number}",
        title=title,
        summary=summary,
        conditions=(title,),
        start="2020-01",
        investigators=investigators,
        results=results,
    )


def corpus(publications: Iterable[Publication], trials: Iterable[Trial] = ()) -> Corpus:
    """The arrays of these records, weighed by what is counted in them."""
    slots = in_order(parse_slots(publications, trials))
    return corpus_of(slots, counted(slots))


def persons(found: Resolution) -> dict[str, str]:
    """Mention key -> person."""
    columns = (found.mentions.column(name).to_pylist() for name in ("record", "position", "person"))
    return {f"{record}#{position}": person for record, position, person in zip(*columns, strict=True)}


def together(found: Resolution, *keys: str) -> bool:
    """Whether all mentions became one person."""
    known = persons(found)
    return len({known[key] for key in keys}) == 1
