"""Columns and rows of own lists: what is taken for what, what is left out, what keeps a row away."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kolgraph.errors import UsageError
from kolgraph.lists.cells import day
from kolgraph.lists.check import Report, check
from kolgraph.lists.fields import field_of, never
from kolgraph.lists.rows import Seen
from kolgraph.lists.wish import Wish, group, mapping, slug, wish

ORCID, NPI = "0000-0002-1825-0097", "1234567893"


def judged(folder: Path, text: str, *columns: tuple[str, str], kind: str = "") -> Report:
    path = folder / "list.csv"
    path.write_text(text, "utf-8")
    return check(path, Wish("Board 2026", kind, columns))


def told(report: Report) -> list[tuple[int, str, str]]:
    return [(one.line, one.severity, one.kind) for one in report.problems]


@pytest.mark.parametrize(
    ("header", "field"),
    [
        *(
            ("First name", "first"),
            ("Vorname", "first"),
            ("Prénom", "first"),
            ("NOMBRE", "first"),
            ("First_Name1", "first"),
        ),
        *(
            ("Surname", "last"),
            ("Nachname", "last"),
            ("Apellidos", "last"),
            ("Provider Last Name (Legal Name)", "last"),
        ),
        *(("ORCID iD", "orcid"), ("NPI number", "npi"), ("Krankenhaus", "institution"), ("Hôpital", "institution")),
        *(
            ("Ville", "city"),
            ("Land", "country"),
            ("Bundesland", "region"),
            ("Fachrichtung", "specialty"),
            ("KOL tier", "tier"),
        ),
        *(
            ("Kongress", "event"),
            ("Datum", "date"),
            ("Rolle", "role"),
            ("Nominated by", "by"),
            ("Vorgeschlagen von", "by"),
        ),
        *(("Category", ""), ("Physician_Profile_ID", ""), ("Total", ""), ("", "")),
    ],
)
def test_headers_in_many_spellings(header: str, field: str) -> None:
    assert field_of(header) == field


@pytest.mark.parametrize(
    "header",
    [
        *(
            "Gender",
            "Sex",
            "Geschlecht",
            "Sexe",
            "Age",
            "Alter",
            "Date of birth",
            "Geburtsdatum",
            "Ethnicity",
            "Anrede",
        ),
        *(
            "TRx volume",
            "Prescriptions",
            "Rx decile",
            "Total_Amount_of_Payment_USDollars",
            "Claims 2025",
            "Verordnungen",
        ),
        *("Patients per year", "Patientenzahl", "E-mail?", "Email", "Phone", "Notes", "Kommentar", "Zip code"),
    ],
)
def test_columns_that_never_come_in(tmp_path: Path, header: str) -> None:
    assert never(header)
    found = judged(tmp_path, f"Last name,First name,{header}\nBeispiel,Anna,SECRET\n", (header, "institution"))
    assert found.good == 1
    assert "SECRET" not in repr(found.preview)
    assert [one.todo for one in found.problems if one.kind == "column left out"] == [never(header)]


def test_an_unknown_column_of_addresses_is_left_out_by_its_values(tmp_path: Path) -> None:
    found = judged(tmp_path, "Last name,First name,Reach\nBeispiel,Anna,anna@b.example\n", kind="people")
    assert "anna@" not in repr(found.preview)


def test_without_a_header_columns_are_known_by_their_values(tmp_path: Path) -> None:
    text = f"Dr. Anna Beispiel,{ORCID},University of Nowhere,Germany\nBert Muster,,Charité Hospital,Norway\n"
    found = judged(tmp_path, text)
    assert [column.field for column in found.reading.columns] == ["name", "orcid", "institution", "country"]
    assert [one.mention.last for one in found.preview] == ["Beispiel", "Muster"]
    assert told(found) == [(1, "warning", "no header")]


def test_a_whole_name_is_taken_apart(tmp_path: Path) -> None:
    text = 'Name,City\n"Dr. Anna Beispiel, MD",Berlin\n"van der Berg, Jan",Delft\n"Prof. Raymond F Anton Jr.",Rome\n'
    found = judged(tmp_path, text)
    assert [(one.mention.fore, one.mention.last, one.mention.suffix) for one in found.preview] == [
        ("Anna", "Beispiel", ""),
        ("Jan", "van der Berg", ""),
        ("Raymond F", "Anton", "Jr"),
    ]


def test_name_beside_vorname_is_the_surname_and_a_lone_nome_is_all_of_it(tmp_path: Path) -> None:
    assert judged(tmp_path, "Vorname;Name\nAnna;Beispiel\n").preview[0].mention.last == "Beispiel"
    assert judged(tmp_path, "Nome;Ospedale\nAnna Beispiel;San Nessuno\n").preview[0].mention.last == "Beispiel"


def test_told_columns_win_and_wrong_ones_are_refused(tmp_path: Path) -> None:
    text = "A,B,C\nBeispiel,Anna,Charité\n"
    found = judged(tmp_path, text, ("A", "last"), ("#2", "first"), ("C", ""))
    assert (found.preview[0].mention.last, found.preview[0].mention.fore) == ("Beispiel", "Anna")
    for columns, words in (((("X", "last"),), "no column is called"), ((("A", "gender"),), "no field")):
        with pytest.raises(UsageError, match=words):
            judged(tmp_path, text, *columns)
    with pytest.raises(UsageError, match="maps no column"):
        mapping("Surname")


def test_missing_columns_and_two_people_in_a_row_block_the_file(tmp_path: Path) -> None:
    found = judged(tmp_path, "Institution,City\nCharité,Berlin\n")
    assert told(found)[0] == (0, "error", "missing column")
    assert (found.rows, found.good) == (0, 0)
    found = judged(tmp_path, "Last_name1;First_name1;Last_name2;First_name2\nSu;J;Su;Juan\n")
    assert [one.kind for one in found.fatal] == ["two columns for one field"] * 2
    assert judged(tmp_path, "Last name;First name\nSu;J\n", kind="nominations").fatal[0].column == "Nominated by"


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        (",Anna,,,", "empty name"),
        ("=SUM(1),Anna,,,", "formula"),
        ("@cmd,Anna,,,", "formula"),
        ("Beispiel,Anna,0000-0002-1825-0090,,", "wrong ORCID"),
        ("Beispiel,Anna,,1234567890,", "wrong NPI"),
        ("Beispiel2,Anna,,,", "no person's name"),
        (f"{'x' * 200},Anna,,,", "too long"),
        ("#REF!,Anna,,,", "spreadsheet error"),
        ("Beispiel,Anna,,,Norway,extra", "too many cells"),
        ('"Beispiel\nMuster",Anna,,,', "control characters"),
        ("Bei\0spiel,Anna,,,", "control characters"),
    ],
)
def test_errors_keep_a_row_out_and_name_its_line(tmp_path: Path, row: str, kind: str) -> None:
    text = f"Last name,First name,ORCID,NPI,Country\nMuster,Bert,,,Norway\n{row}\nVogel,Carla,,,\n"
    found = judged(tmp_path, text)
    assert (found.good, found.bad) == (2, 1)
    assert (3, "error", kind) in told(found)


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        ("Beispiel,,,,", "no first name"),
        ("Beispiel,Anna,,Atlantis,", "unknown country"),
        ("Beispiel,Anna,,,sometime", "unclear date"),
        ("Beispiel,Anna,,,03/04/2025", "unclear date"),
        ("Bei\u202espiel,Anna,,,", "control characters"),
        ("Bei\ufffdspiel,Anna,,,", "lost characters"),
        ("MÃ¼ller,Anna,,,", "twice encoded"),
        ("Вeispiel,Anna,,,", "look-alike letters"),  # a Cyrillic capital
        ("Beispiel,Anna", "too few cells"),
        ("Beispiel,Anna,+49 Clinic,,", "formula"),
    ],
)
def test_warnings_let_a_row_in(tmp_path: Path, row: str, kind: str) -> None:
    found = judged(
        tmp_path,
        f"Last name,First name,Institution,Country,Date\n{row}\n",
        kind="affiliations" if "+" in row else "people",
    )
    assert (found.good, found.bad) == (1, 0)
    assert (2, "warning", kind) in told(found)


def test_repeated_rows_are_left_out_and_namesakes_stay(tmp_path: Path) -> None:
    rows = (
        f"Beispiel,Anna,{ORCID},Charité",
        "Muster,Bert,,Charité",
        "MUSTER,Bert,,charite",  # the same, spelt otherwise
        f"Beispiel-Neu,Anna,{ORCID},Elsewhere",  # the same ORCID
        "Beispiel,Anna,,Charité",  # name and place of line 2
        "Muster,Bert,,Elsewhere",
        "Muster,Bert,0000-0001-5109-3700,Elsewhere",  # another person of that name, or the same: both stay
    )
    found = judged(tmp_path, "Last name,First name,ORCID,Institution\n" + "\n".join(rows) + "\n")
    assert (found.rows, found.good, found.repeated) == (7, 4, 3)
    assert told(found) == [(n, "warning", "duplicate") for n in (4, 5, 6)] + [(8, "warning", "namesake")]


def test_a_person_may_speak_twice_and_be_named_by_two(tmp_path: Path) -> None:
    events = "Name,Event,Date\nAnna Beispiel,ECM,2025\nAnna Beispiel,ECM,2026\nAnna Beispiel,ECM,2026\n"
    found = judged(tmp_path, events)
    assert (found.reading.kind, found.good, found.repeated) == ("events", 2, 1)
    rows = ("Anna Beispiel,Bert Muster", "Anna Beispiel,Carla Vogel", "Anna Beispiel,Bert Muster", ",Bert Muster")
    named = "Name,Nominated by\n" + "\n".join(rows)
    found = judged(tmp_path, named)
    assert (found.reading.kind, found.good, found.repeated, found.bad) == ("nominations", 2, 1, 1)
    assert [one.by.last for one in found.preview if one.by] == ["Muster", "Vogel"]


def test_ids_of_rows_stay_when_the_list_grows(tmp_path: Path) -> None:
    head, first = "Last name,First name,ORCID,Institution\n", f"Beispiel,Anna,{ORCID},Charité\nMuster,Bert,,Charité\n"
    before = {one.id for one in judged(tmp_path, head + first).preview}
    after = {one.id for one in judged(tmp_path, f"{head}Vogel,Carla,,\n{first}").preview}
    assert before < after
    assert all(one.startswith("own:board-2026:") for one in after)


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        *(("2026", "2026"), ("2026-03", "2026-03"), ("2026-3-1", "2026-03-01"), ("31.3.2026", "2026-03-31")),
        *(
            ("3/31/2026", "2026-03-31"),
            ("31/03/2026", "2026-03-31"),
            ("31 March 2026", "2026-03-31"),
            ("Mai 2026", "2026-05"),
        ),
        *(("März 2026", "2026-03"), ("May 3rd, 2026", "2026-05-03"), ("2026-03-31 00:00:00", "2026-03-31")),
        *(("45000", ""), ("31.02.2026", ""), ("1066", ""), ("soon", ""), ("01/02/2026", "2026")),
    ],
)
def test_dates(text: str, iso: str) -> None:
    assert day(text)[0] == iso


@given(st.text(max_size=60))
def test_any_text_is_a_date_or_none(text: str) -> None:
    found, why = day(text)
    assert bool(found) or bool(why)


@given(st.lists(st.integers(1, 2**63), max_size=400))
def test_seen_remembers_the_first_line_of_every_key(keys: list[int]) -> None:
    seen, first = Seen(), {}
    for line, key in enumerate(keys, 1):
        assert seen.before(key, line) == first.setdefault(key, line) * (first[key] != line)


def test_seen_keeps_its_memory_when_it_grows() -> None:
    seen = Seen()
    keys = [(line * 0x9E3779B97F4A7C15) % 2**64 for line in range(1, 5001)]
    assert not any(seen.before(key, line) for line, key in enumerate(keys, 1))
    assert [seen.before(keys[line - 1], 9999) for line in (1, 700, 5000)] == [1, 700, 5000]


@given(
    st.text(max_size=30),
    st.lists(st.tuples(st.text("aB= &%#;+", min_size=1, max_size=9), st.sampled_from(["last", ""]))),
)
def test_a_wish_survives_being_written_down(name: str, columns: list[tuple[str, str]]) -> None:
    if slug(name) and name == name.strip():
        told = tuple((column.strip(), field) for column, field in columns if column.strip())
        one = Wish(name, "events", told, True)
        assert wish(one.text() + "&turn=3", Path("x.csv")) == one


def test_lists_whose_names_differ_only_at_the_end_are_two() -> None:
    begin = "Advisory board of the international working group on airway inflammation, "
    assert group(f"{begin}spring") != group(f"{begin}autumn")
