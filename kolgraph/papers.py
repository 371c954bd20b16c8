"""One paper, however many sources tell of it: which records are one, and what they say together.

Records are one paper by PMID, then by DOI or another number that one gives and the other has. Two PMIDs never become
one; titles that disagree forbid what a DOI suggests (publishers mistype them); a preprint has a DOI of its own and
stays apart from the article. The record of PubMed leads, then the first complete one in the order of LEADS: its id is
the paper's, the others fill what it lacks. All of it depends on what the records say, never on the order of loading.

Ids change hands: a paper that came from OpenAlex alone is `openalex:W1` until PubMed's record arrives, and `pmid:9`
from then on. Persons and judgements of the ledger name mentions by the old id; `moved` tells where each such mention is
now: in the author list of the paper, at its own place when the same name stands there, else where the name stands
alone. A mention that is nowhere to be found is left out, and its judgement waits.
"""

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from kolgraph.model import Mention, Publication, mention_key
from kolgraph.names import fold, parse, relate_last, swapped

LEADS = ("pmid", "europepmc", "doi", "openalex")  # by how well the source tells names, journal and kind
_KEYS = (*LEADS, "pmc")
CROWD = 50  # papers looked at under one DOI: a supplement may give one to thousands of abstracts
_ALIKE = 0.8  # the share of names that must fit at their places for two author lists to be one


@dataclass(frozen=True, slots=True)
class Known:
    """What is looked at of every record to find those that are one."""

    id: str
    identifiers: tuple[str, ...] = ()
    title: str = ""
    complete: bool = True

    @property
    def source(self) -> str:
        return self.id.partition(":")[0]

    @property
    def pmid(self) -> str:
        return next((key for key in (self.id, *self.identifiers) if key.startswith("pmid:")), "")

    def numbers(self) -> dict[str, None]:
        """The numbers by which another record may mean this one."""
        return {key: None for key in (self.id, *self.identifiers) if key.partition(":")[0] in _KEYS}


@dataclass(frozen=True, slots=True)
class Papers:
    """Papers of several records, with these in the order in which they count; all other records are papers alone."""

    records: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    paper: Mapping[str, str] = field(default_factory=dict)  # of records whose paper goes by another id

    def of(self, id: str) -> tuple[str, ...]:
        """All records of a paper, by its id or that of any of them."""
        paper = self.paper.get(id, id)
        return self.records.get(paper, (paper,))


def find(scan: Callable[[], Iterator[Known]]) -> Papers:
    """Which records are one paper, by two walks over all of them; eight bytes a number are held, and what clashes."""
    import numpy as np  # here, since most inboxes hold one source of papers and never ask

    hashes = array("q", (hash(key) for one in scan() for key in one.numbers()))
    held = np.sort(np.frombuffer(hashes, np.int64)) if hashes else np.zeros(0, np.int64)
    shared = set(held[1:][held[1:] == held[:-1]].tolist())
    clashing = [one for one in scan() if not shared.isdisjoint(map(hash, one.numbers()))] if shared else []
    found = (sorted(group, key=_rank) for group in _groups(sorted(clashing, key=_rank)) if len(group) > 1)
    groups = [tuple(one.id for one in group) for group in found]
    return Papers({ids[0]: ids for ids in groups}, {id: ids[0] for ids in groups for id in ids[1:]})


def _rank(one: Known) -> tuple[bool, bool, int, str]:
    place = LEADS.index(one.source) if one.source in LEADS else len(LEADS)
    return one.source != "pmid", not one.complete, place, one.id


def _groups(ordered: list[Known]) -> list[list[Known]]:
    """Records that are one paper together."""
    groups: dict[str, list[Known]] = {}
    for one in ordered:
        if one.pmid:
            groups.setdefault(one.pmid, []).append(one)
    by_key: dict[str, list[list[Known]]] = {}
    found = list(groups.values())
    for group in found:
        for key in dict.fromkeys(key for one in group for key in one.numbers()):
            if len(homes := by_key.setdefault(key, [])) < CROWD:
                homes.append(group)
    for one in ordered:
        if one.pmid:
            continue
        near = {id(group): group for key in one.numbers() for group in by_key.get(key, ()) if _one_title(group, one)}
        numbered = [group for group in near.values() if group[0].pmid]
        # under a DOI that two PMIDs share it is neither's
        choice = numbered if len(numbered) == 1 else [group for group in near.values() if not group[0].pmid]
        home = choice[0] if choice else []
        if not home:
            found.append(home)
        home.append(one)
        for key in one.numbers():
            homes = by_key.setdefault(key, [])
            if len(homes) < CROWD and not any(other is home for other in homes):
                homes.append(home)
    return found


def _one_title(group: list[Known], one: Known) -> bool:
    """Whether titles allow it: equal, one within the other, or mostly the same words; a translated one says nothing."""
    told = next((known.title for known in group if known.title), "")
    if not told or not one.title or told.startswith("[") or one.title.startswith("["):
        return True
    first, second = fold(told).split(), fold(one.title).split()
    if not first or not second:
        return True
    short, long = sorted((set(first), set(second)), key=len)
    return first == second or (len(short) > 2 and len(short & long) >= 0.8 * len(short))


def merged(records: list[Publication]) -> Publication:
    """What several records of one paper say together, the first one leading."""
    lead, *others = records
    numbers = (*lead.identifiers, *(id for one in others for id in (one.id, *one.identifiers)))
    filled: dict[str, Any] = {
        name: next((value for one in records if (value := getattr(one, name))), getattr(lead, name))
        for name in ("title", "year", "date", "journal", "abstract", "language", "keywords", "mesh", "trials", "grants")
    }
    told = next((one for one in records if one.authors), lead)
    authors = told.authors
    for one in records:
        if one is not told and one.authors and authors:
            authors = _enriched(authors, one.authors, told.complete and one.complete)
    retracted = lead.kind not in ("notice", "erratum") and any(one.kind == "retracted" for one in records)
    return replace(
        lead,
        **filled,
        kind="retracted" if retracted else lead.kind,
        identifiers=tuple(dict.fromkeys(number for number in numbers if number != lead.id)),
        authors=authors,
        complete=told.complete,
        cited_by=next((one.cited_by for one in records if one.cited_by is not None), None),
    )


def _enriched(authors: tuple[Mention, ...], others: tuple[Mention, ...], whole: bool) -> tuple[Mention, ...]:
    """The authors, with the ids, ORCIDs and missing affiliations of another list of them, where the two are one list.

    Nothing is carried over between lists that do not fit: of two of unequal length, and of two with other names.
    """
    there = {one.position: one for one in others}
    both = [(one, there[one.position]) for one in authors if one.position in there]
    same = {one.position for one, other in both if _same_name(one, other)}
    if len(same) < _ALIKE * len(both) or (whole and authors[-1].position != others[-1].position):
        return authors
    return tuple(_joined(one, there[one.position]) if one.position in same else one for one in authors)


def _joined(one: Mention, other: Mention) -> Mention:
    return replace(
        one,
        orcid=one.orcid or other.orcid,
        affiliations=one.affiliations or other.affiliations,
        corresponding=one.corresponding or other.corresponding,
        identifiers=tuple(dict.fromkeys((*one.identifiers, *other.identifiers))),
    )


def _same_name(one: Mention, other: Mention) -> bool:
    if one.group or other.group:
        return bool(one.group and other.group) and fold(one.group) == fold(other.group)
    if _plainly_same(one, other):
        return True
    a, b = parse(one), parse(other)
    return swapped(a, b) or (relate_last(a, b) and (not a.initial or not b.initial or a.initial == b.initial))


def _plainly_same(one: Mention, other: Mention) -> bool:
    """Most pairs are settled by a look (`Erfunden`, `Nora B`; `Nora Erfunden`), at a tenth of the cost of `parse`."""
    if not one.last:
        one, other = other, one
    last, first = fold(one.last), fold(one.fore or one.initials)[:1]
    if other.last:
        return bool(first) and last == fold(other.last) and first == fold(other.fore or other.initials)[:1]
    whole = "" if "," in other.name else fold(other.name)
    if not last:
        return bool(whole) and whole == fold(one.name)
    return bool(first) and whole.endswith(f" {last}") and whole[:1] == first


def moved(
    keys: Iterable[str], now: Mapping[str, str], fetch: Callable[[str], tuple[Mention, ...] | None]
) -> dict[str, str]:
    """Mention keys under ids that mean another record now -> the keys of the same names today.

    `now` are aliases, old id -> id today; `fetch` gives the author list under an id, None where nothing is held.
    """
    found: dict[str, str] = {}
    for key in keys:
        old, _, position = key.partition("#")
        new = now.get(old, old)
        if new == old or not position.isdigit():
            continue
        before, after = fetch(old), fetch(new)
        if before is None or after is None:  # the source renumbered a record: its places are the same
            found[key] = mention_key(new, int(position))
        elif place := _place(before, after, int(position)):
            found[key] = mention_key(new, place[0])
    return found


def _place(before: tuple[Mention, ...], after: tuple[Mention, ...], position: int) -> tuple[int, ...]:
    """Where the mention at a position of one list stands in another: (its place,), or () when that stays open."""
    one = next((mention for mention in before if mention.position == position), None)
    if one is None:
        return ()
    places = [mention.position for mention in after if _same_name(one, mention)]
    return (position,) if position in places else tuple(places) if len(places) == 1 else ()
