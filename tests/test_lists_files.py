"""Files of every kind on their way to be a list: what is read, what is refused, with which words."""

import csv
import io
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kolgraph.errors import InputError
from kolgraph.lists import sheet, workbook
from kolgraph.lists.check import Report, check
from kolgraph.lists.sheet import open_sheet
from kolgraph.lists.template import COLUMNS, template_csv, template_xlsx
from kolgraph.lists.wish import Wish

HEAD = "Last name,First name,Institution"


def written(folder: Path, content: str | bytes, name: str = "list.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def workbook_of(folder: Path, rows: list[list[Any]], *more: tuple[str, list[list[Any]]]) -> Path:
    book = openpyxl.Workbook()
    for title, its in (("People", rows), *more):
        page = book.active if title == "People" else book.create_sheet(title)
        page.title = title
        for row in its:
            page.append(row)
    book.save(folder / "list.xlsx")
    return folder / "list.xlsx"


def judged(path: Path, *columns: tuple[str, str], kind: str = "") -> Report:
    return check(path, Wish("Test", kind, columns))


def names(report: Report) -> list[str]:
    return [f"{one.mention.fore} {one.mention.last}" for one in report.preview]


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_every_separator_line_end_and_encoding_reads_alike(tmp_path: Path, sign: str, end: str, encoding: str) -> None:
    rows = [["Nachname", "Vorname", "Klinik"], ["Müller", "Jörg", "Charité, Berlin"], ["Größe", "Zoë", 'Klinik "Süd"']]
    text = io.StringIO()
    csv.writer(text, delimiter=sign, lineterminator=end).writerows(rows)
    found = judged(written(tmp_path, text.getvalue().encode(encoding)))
    assert names(found) == ["Jörg Müller", "Zoë Größe"]
    assert found.preview[0].mention.affiliations[0].text == "Charité, Berlin"
    assert found.counts == ()


def test_mixed_encodings_are_read_and_named_line_by_line(tmp_path: Path) -> None:
    lines = [HEAD.encode(), "Müller,Jörg,Köln".encode(), "Schröder,Käthe,Köln".encode("cp1252"), b"Plain,Ann,Bonn"]
    found = judged(written(tmp_path, b"\n".join(lines)))
    assert names(found) == ["Jörg Müller", "Käthe Schröder", "Ann Plain"]
    assert [(one.line, one.kind) for one in found.problems] == [(0, "mixed encodings"), (3, "other encoding")]
    assert "Windows-1252 mixed" in found.reading.sheet.about


def test_a_hint_for_excel_and_title_lines_are_no_rows(tmp_path: Path) -> None:
    found = judged(
        written(tmp_path, "sep=|\nAdvisory board 2026||\n\nName|Hospital|City\nAnna Beispiel|Charité|Berlin\n")
    )
    assert names(found) == ["Anna Beispiel"]
    assert [one.kind for one in found.problems] == ["line above the header"]


def test_a_workbook_is_read_as_typed(tmp_path: Path) -> None:
    from datetime import datetime

    rows = [
        ["Name", "NPI", "Congress", "Date", "Role"],
        ["Anna Beispiel", 1234567893, "ECM", datetime(2026, 3, 31), "chair"],
    ]
    found = judged(workbook_of(tmp_path, rows, ("More", [["Name"], ["Bert Muster"]]), ("Help", [["x"]])))
    (row,) = found.preview
    assert (row.mention.identifiers, row.event, row.date, row.role) == (
        ("npi:1234567893",),
        "ECM",
        "2026-03-31",
        "chair",
    )
    assert [(one.kind, one.found) for one in found.problems] == [("sheet left out", "More")]


def test_formulas_of_a_workbook_are_text_and_never_computed(tmp_path: Path) -> None:
    rows = [["Last name", "First name", "Institution"], ["=1+1", "Anna", "Charité"], ["Muster", "Bert", "=A2"]]
    found = judged(workbook_of(tmp_path, rows))
    assert (found.good, found.bad) == (0, 2)
    assert {one.found for one in found.problems} == {"=1+1", "=A2"}


def bomb(path: Path, **parts: Any) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {"xl/workbook.xml": b"<workbook/>", **parts}.items():
            archive.writestr(name, content)
    return path


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("empty.csv", b"", "is empty"),
        ("blank.csv", b" \n\r\n", "is empty"),
        ("blank.csv", b"\xef\xbb\xbf,,\n,,\n", "is empty"),
        ("a.pdf", b"%PDF-1.7 ...", "is a PDF"),
        ("a.csv", b"\x89PNG\r\n\x1a\n", "is a picture"),
        ("a.gz", b"\x1f\x8b\x08\x00", "packed with gzip"),
        ("a.csv", b"<html><table><tr><td>Name</td></tr></table>", "is an HTML page"),
        ("a.csv", b'[{"name": "Anna"}]', "is JSON"),
        ("a.csv", bytes(range(256)) * 20, "holds bytes that no text has"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "workbook of the old kind"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "by a password"),
        ("a.xlsx", b"PK\x03\x04 and then nothing", "is a damaged workbook"),
        ("a.csv", b"Name,City\n" + b"x" * (2 << 20), "has a line of more than"),
        ("a.csv", b'Last,First\n"Beispiel,Anna\n' + b"Muster,Bert\n" * 20_000, "begins in line 2 does not end"),
    ],
)
def test_what_is_no_table_is_refused_with_its_reason(tmp_path: Path, name: str, content: bytes, words: str) -> None:
    with pytest.raises(InputError, match=words):
        judged(written(tmp_path, content, name))


def test_a_zip_a_bomb_and_declared_entities_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("x.csv", "Name")
    with pytest.raises(InputError, match="is a zip file"):
        open_sheet(tmp_path / "a.xlsx")
    evil = bomb(tmp_path / "b.xlsx", **{"xl/sheet1.xml": b'<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'})
    with pytest.raises(InputError, match="declares entities"):
        open_sheet(evil)
    monkeypatch.setattr(workbook, "MAX_DECODED", 8 << 20)
    big = bomb(tmp_path / "c.xlsx", **{"xl/sheet1.xml": bytes(32 << 20)})
    assert big.stat().st_size < 100_000
    with pytest.raises(InputError, match="unpacks to more than 8 MB"):
        open_sheet(big)


def test_too_many_rows_or_columns_are_refused_with_a_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet, "MAX_ROWS", 1000)
    fits = "".join(f"Beispiel{'x' * (n % 7)},Anna,Clinic {n}\n" for n in range(1000))
    assert judged(written(tmp_path, f"{HEAD}\n{fits}")).good == 1000
    with pytest.raises(InputError, match=r"more than 1,000 rows: that is a register"):
        judged(written(tmp_path, f"{HEAD}\n{fits}Beispiel,Anna,Last\n"))
    with pytest.raises(InputError, match="600 columns"):
        judged(written(tmp_path, "Name" + ",x" * 599 + "\n"))


@pytest.mark.parametrize("kind", COLUMNS)
def test_a_template_is_read_as_what_it_is(tmp_path: Path, kind: str) -> None:
    for name, content in ((f"{kind}.csv", template_csv(kind)), (f"{kind}.xlsx", template_xlsx(kind))):
        found = judged(written(tmp_path, content, name), kind=kind if kind == "affiliations" else "")
        assert [one.kind for one in found.problems] == ["no rows"]
        assert found.reading.kind == kind
        assert tuple(column.field for column in found.reading.columns) == COLUMNS[kind]


def test_the_report_file_is_safe_to_open(tmp_path: Path) -> None:
    path = written(tmp_path, f'{HEAD}\n"=HYPERLINK(""http://x"")",Anna,@cmd\n')
    check(path, Wish("Test"), report=tmp_path / "report.csv")
    with (tmp_path / "report.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["line", "column", "severity", "problem", "found", "what to do"]
    assert [row[4][:2] for row in rows[1:]] == ["'=", "'@"]


WORKBOOK = template_xlsx("people")
CELLS = st.text(alphabet=st.sampled_from(list("aZä,;|\t\"'=+-@\n\r\0\u202e\ufeff 0xÑ林")), max_size=12)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)
@given(st.one_of(st.binary(max_size=400), st.lists(st.lists(CELLS, max_size=5), max_size=8), st.text(max_size=200)))
def test_whatever_the_bytes_there_is_a_report_or_a_refusal(tmp_path: Path, content: Any) -> None:
    if isinstance(content, list):
        content = "Last name,First name,ORCID,Date\n" + "\n".join(",".join(row) for row in content)
    raw = content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass")
    try:
        found = judged(written(tmp_path, raw))
    except InputError:
        return
    assert found.rows == found.good + found.bad + found.repeated
    assert all(one.found.isprintable() or "\n" not in one.found for one in found.problems)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 9999), st.integers(0, 255)), min_size=1, max_size=4), st.integers(0, 9999))
def test_a_damaged_workbook_is_read_or_refused(tmp_path: Path, damage: list[tuple[int, int]], cut: int) -> None:
    raw = bytearray(WORKBOOK)
    for place, byte in damage:
        raw[place * len(raw) // 10_000] = byte
    with suppress(InputError):  # anything else is a failure
        judged(written(tmp_path, bytes(raw[: len(raw) - (cut % 3 == 0) * (cut * len(raw) // 20_000)]), "list.xlsx"))
