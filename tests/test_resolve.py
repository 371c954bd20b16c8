"""Identity: vetoes, evidence, judgements, ids, order. Every name is invented."""

import random
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from resolve_world import CARDIO, NEPHRO, author, paper, persons, together, trial

from kolgraph.model import Affiliation, Judgement, Mention, Publication
from kolgraph.resolve import BIG_BLOCK, Before, Resolution, assign, block, in_order, parse_slots, resolve, write
from kolgraph.resolve.naming import new_id
from kolgraph.resolve.rarity import read, stored

A, B, C = "pmid:1#0", "pmid:2#0", "pmid:3#0"
SAME_ORCID, OTHER_ORCID = "0000-0001-2345-6789", "0000-0002-1825-0097"


def test_one_lab_one_name_is_one_person_and_two_labs_are_two() -> None:
    found = resolve([paper(1, ("Kim", "Jae-Hoon")), paper(2, ("Kim", "Jae-Hoon"))], [])
    assert together(found, A, B)
    found = resolve([paper(1, ("Kim", "Jae-Hoon")), paper(2, ("Kim", "Jae-Hoon"), place=CARDIO)], [])
    assert not together(found, A, B)


def test_syllables_keep_apart_even_with_a_bridge_between_them(monkeypatch: pytest.MonkeyPatch) -> None:
    records = [paper(1, ("Kim", "Jae-Hoon")), paper(2, ("Kim", "Ji-Soo")), paper(3, ("Kim", "J"))]
    assert not together(resolve(records, []), A, B)
    monkeypatch.setattr(block, "relate_fore", lambda *names: (1, 0))  # the veto off: they are lumped
    assert together(resolve(records, []), A, B)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (("Zhang", "Fang-Li"), ("Zhang", "Fangli")),
        (("QUIMBLY", "OSRIC"), ("Quimbly", "Osric")),
        (("Quimbly", "Yuri М"), ("Quimbly", "Yuri M")),  # Cyrillic look-alike
        (("Schüttelkopf", "Ansgar"), ("Schuettelkopf", "Ansgar")),
        (("De Ceukelier", "An"), ("DeCeukelier", "An")),
        (("Quimbly", "Robert"), ("Quimbly", "Rob")),
        (("Sanchini", "Juan Pablo"), ("Pablo Sanchini", "Juan")),
        (("Wei", "Zhilong"), ("Zhilong", "Wei")),  # parts swapped
        (("Sokolny-Papkin PhD", "Marit"), ("Sokolny-Papkin", "Marit")),
        (("Hebertsen", "J R"), ("Jr", "Hebertsen")),
    ],
)
def test_spellings_of_one_name(one: tuple[str, str], two: tuple[str, str]) -> None:
    records = [paper(1, one), paper(2, two), paper(4, one), paper(5, two)]
    assert together(resolve(records, []), A, B)


def test_suffixes_keep_father_and_son_apart() -> None:
    records = [paper(1, ("Quimbly", "Osric"), suffix="Jr"), paper(2, ("Quimbly", "Osric"), suffix="Sr")]
    assert not together(resolve(records, []), A, B)
    assert not together(resolve([paper(1, ("Quimbly Jr", "Osric")), paper(2, ("Quimbly Sr", "Osric"))], []), A, B)


def test_an_employer_move_is_survived() -> None:
    shared = [("Quimbly", "Osric F"), ("Vandermolle", "Petronia")]
    papers = [paper(n, *shared, year=2010 + n) for n in (1, 2, 3)]
    moved = [_moved(paper(n, *shared, year=2010 + n)) for n in (4, 5, 6)]
    assert together(resolve(papers + moved, []), A, "pmid:6#0")


def _moved(record: Publication) -> Publication:
    """The same subject and coauthors at another employer, in another country."""
    authors = tuple(author(m.position, m.last, m.fore, CARDIO) for m in record.authors)
    return Publication(
        record.id, title=record.title, abstract=record.abstract, year=record.year, mesh=record.mesh, authors=authors
    )


def test_twice_on_one_paper_is_two_people() -> None:
    found = resolve([paper(1, ("Hajibar", "S"), ("Hajibar", "S"))], [])
    assert not together(found, "pmid:1#0", "pmid:1#1")


def test_one_orcid_on_two_names_is_a_doubt_and_never_silent() -> None:
    records = [paper(1, ("Thizern", "Alba"), orcid=SAME_ORCID), paper(2, ("Cartwell", "Otto"), orcid=SAME_ORCID)]
    found = resolve(records, [])
    assert not together(found, A, B)
    doubt = found.doubts.to_pylist()[0]
    assert ({doubt["a"], doubt["b"]}, doubt["logodds"]) == ({"pmid:1#0", "pmid:2#0"}, None)
    assert "ORCID" in doubt["reasons"]


def test_orcids_join_what_evidence_would_not_and_part_what_it_would() -> None:
    far = [paper(1, ("Quimbly", "Osric"), orcid=SAME_ORCID), paper(2, ("Quimbly", "O"), orcid=SAME_ORCID, place=CARDIO)]
    assert together(resolve(far, []), A, B)
    assert not together(resolve(far, [], orcids=False), A, B)
    near = [paper(1, ("Quimbly", "Osric"), orcid=SAME_ORCID), paper(2, ("Quimbly", "Osric"), orcid=OTHER_ORCID)]
    assert not together(resolve(near, []), A, B)
    judged = [Judgement(True, A, B, "me", "owns both")]
    assert together(resolve(near, [], judged), A, B)


def test_chains_never_pass_a_veto() -> None:
    records = [paper(1, ("Quimbly", "Osric A")), paper(2, ("Quimbly", "Osric")), paper(3, ("Quimbly", "Osric B"))]
    found = persons(resolve(records, []))
    assert found[A] != found[C]


def test_judgements_win_are_kept_and_contradictions_are_told() -> None:
    records = [paper(1, ("Quimbly", "Osric")), paper(2, ("Quimbly", "Osric")), paper(3, ("Quimbly", "Osric"))]
    apart = Judgement(False, A, B, "me", "namesakes")
    assert not together(resolve(records, [], [apart]), A, B)
    other = [paper(1, ("Quimbly", "Osric")), paper(2, ("Vandermolle", "Osra"), place=CARDIO)]
    assert together(resolve(other, [], [Judgement(True, A, B, "me", "married")]), A, B)
    chain = [Judgement(True, A, C, "me", ""), Judgement(True, C, B, "you", ""), apart]
    found = resolve(records, [], chain)
    assert together(found, A, C)
    assert not together(found, A, B)
    assert len(found.contradictions) == 1
    assert "judged apart" in found.contradictions[0]
    gone = resolve(records, [], [Judgement(True, A, "pmid:99#0", "me", "")])
    assert len(gone.lost) == 1
    assert gone.counts()["judgements without mention"] == 1


def _field() -> list[Publication]:
    """A small field with namesakes, initials and two labs."""
    draw = random.Random(3)
    names = [("Kim", "Jae-Hoon"), ("Kim", "J"), ("Kim", "Ji-Soo"), ("Quimbly", "Osric"), ("Quimbly", "O F")]
    return [paper(n, *draw.sample(names, 2), place=draw.choice((NEPHRO, CARDIO)), year=2000 + n) for n in range(1, 40)]


def test_order_changes_nothing() -> None:
    records = _field()
    first = resolve(records, [])
    for seed in range(20):
        mixed = random.Random(seed).sample(records, len(records))
        again = resolve(mixed, [])
        assert again.mentions.equals(first.mentions)
        assert again.doubts.equals(first.doubts)
        assert again.issued == first.issued


def test_ids_outlive_increments_and_merges_leave_redirects() -> None:
    records = [paper(2, ("Quimbly", "Osric")), paper(3, ("Quimbly", "Osric"))]
    first = resolve(records, [])
    assert new_id(B) == persons(first)[B]
    more = resolve([*records, paper(1, ("Quimbly", "Osric"))], [], register=first.issued)
    assert persons(more)[A] == persons(first)[B]  # an earlier mention joins: the id stays
    apart = [Judgement(False, B, C, "me", "")]
    split = resolve(records, [], apart, register=first.issued)
    assert persons(split)[B] == persons(first)[B] != persons(split)[C]
    register = [*first.issued, *(row for row in split.issued if row not in first.issued)]
    merged = resolve(records, [], register=register)
    assert persons(merged)[C] == persons(first)[C]
    assert merged.redirects == [(persons(split)[C], persons(first)[B])]


def test_groups_members_and_non_persons_are_nobody() -> None:
    group = Publication(
        "pmid:1", authors=(Mention(0, group="Quimbly Trialists"), Mention(1, last="Quimbly", role="member"))
    )
    found = resolve([group], [trial(1, Mention(0, name="Clinical Trials", role="contact"))])
    assert len(found.mentions) == 0


def test_trial_investigators_join_strictly() -> None:
    here = (Affiliation("Quimbly Memorial Hospital, Larkspur, Norway"),)
    named = Mention(0, name="Osric F. Vandermolle, MD, PhD", role="principal", affiliations=here)
    again = Mention(1, name="Osric F Vandermolle", role="principal", affiliations=here)
    records = [paper(1, ("Vandermolle", "Osric F")), paper(2, ("Vandermolle", "Osric F"))]
    found = resolve(records, [trial(1, named, again)])
    assert together(found, A, B, "nct:NCT00000001#0", "nct:NCT00000001#1")
    bare = resolve(records, [trial(1, Mention(0, name="O Vandermolle", role="principal", affiliations=here))])
    assert not together(bare, A, "nct:NCT00000001#0")
    stranger = Mention(0, name="Osric F Vandermolle", role="principal")
    assert not together(resolve(records, [trial(1, stranger, place=CARDIO)]), A, "nct:NCT00000001#0")


def test_mega_author_papers_make_no_coauthor_evidence() -> None:
    crowd = [author(n + 1, f"Crowder{chr(97 + n % 26)}{chr(97 + n // 26)}", "Ann") for n in range(150)]
    big = [Publication(f"pmid:{n}", year=2020, authors=(author(0, "Kim", "Min"), *crowd)) for n in (1, 2)]
    assert not together(resolve(big, []), A, B)


def test_blocks_beyond_the_bound_give_the_same_persons_from_fewer_pairs() -> None:
    assert persons(resolve(_field(), [], big_block=10)) == persons(resolve(_field(), []))
    many = [paper(n, ("Kim", "Jae-Hoon" if n % 2 else "J H")) for n in range(1, 56)]
    whole, few = resolve(many, []), resolve(many, [], big_block=10)
    assert together(few, *(f"pmid:{n}#0" for n in range(1, 56)))
    assert few.pairs < whole.pairs


def test_tables_are_written_with_their_mark(tmp_path: Path) -> None:
    found = resolve(_field(), [])
    folder = tmp_path / "resolved"
    write(found, folder, "mark")
    assert pq.read_schema(folder / "mentions.parquet").metadata[b"watermark"] == b"mark"
    assert pq.read_table(folder / "mentions.parquet").num_rows == len(found.mentions)
    rarity = stored(folder)
    assert rarity is not None
    assert rarity.totals["last"] > 0
    assert stored(folder / "nowhere") is None


def test_confidence_is_null_for_one_mention_and_one_for_hard_facts() -> None:
    hard = [
        paper(1, ("Quimbly", "Osric"), orcid=SAME_ORCID),
        paper(2, ("Quimbly", "O"), orcid=SAME_ORCID, place=CARDIO),
    ]
    rows = {f"{row['record']}#{row['position']}": row for row in resolve(hard, []).mentions.to_pylist()}
    assert rows[A]["confidence"] == 1.0
    assert rows["pmid:1#1"]["confidence"] is None
    soft = resolve([paper(1, ("Quimbly", "Osric")), paper(2, ("Quimbly", "Osric"))], []).mentions.to_pylist()[0]
    assert 0.5 < soft["confidence"] < 1.0


def test_rarities_are_counted_anew_when_a_quarter_has_come_in_small_steps() -> None:
    papers = [paper(n, ("Quimbly", "Osric"), year=2000 + n % 20) for n in range(1, 50)]

    def after(count: int, before: Resolution | None) -> Resolution:
        slots = in_order(parse_slots(papers[:count]))
        if before is None:
            return assign(slots, big_block=BIG_BLOCK)
        tables = (before.mentions, before.doubts, before.merges, read(before.rarity))
        stands = Before(*tables, judgements=frozenset(), changed=pa.array([], pa.string()))
        return assign(slots, big_block=BIG_BLOCK, before=stands)

    first = after(30, None)
    second = after(36, first)
    third = after(40, second)
    assert second.rarity.equals(first.rarity)
    assert third.rarity.equals(after(40, None).rarity)
    assert not third.rarity.equals(first.rarity)
