"""What leaves the house as a file: whole, typed, the same in every form, and harmless when a spreadsheet opens it."""

import csv
import io
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import icalendar
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from kolgraph import landscape
from kolgraph.errors import InputError, UsageError
from kolgraph.export import PLAN, csv_bytes, export, plan_ics, plan_rows, xlsx_bytes
from kolgraph.frames import SCHEMAS, frame, scores
from kolgraph.loading import Page, Record
from kolgraph.model import Engagement, Publication
from kolgraph.workspace import Workspace

NASTY = ["=1+1", "+41", "-2", "@SUM(A1)", "\tx", "\rx", "\0x", "\nx"]
NAMES = ["Søren Østergård", "王 小明", 'Quote "Q", Comma', "=HYPERLINK(1)", "Line\nBreak"]
IDS = [f"person:{letter * 12}" for letter in "abcde"]
FULL_DISK = """
import resource, signal, sys
from pathlib import Path
import kolgraph
from kolgraph.export import export
ws = kolgraph.open(sys.argv[1])
ws.ledger.events()
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
export(ws, "people", Path(sys.argv[2]))
"""
PEAK = """
import resource, sys
from pathlib import Path
from kolgraph.export import WRITERS
from kolgraph.frames import SCHEMAS
def peak(n):
    person = "person:" + 12 * "x"
    for suffix, write in WRITERS.items():
        rows = ({"person": person, "score": "s", "scope": str(i), "value": i / 7, "rank": i} for i in range(n))
        with Path(sys.argv[1]).with_suffix(suffix).open("wb") as file:
            write(file, rows, SCHEMAS["scores"])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
before = peak(20_000)
print(peak(60_000) - before)
"""


def person(id: str, name: str, **more: Any) -> dict[str, Any]:
    empty = dict.fromkeys(("country", "region", "city", "institution"), "")
    numbers = dict.fromkeys(("lat", "lon", "firstYear", "lastYear", "confidence", "hardShare"))
    counts = {"paperCount": 2, "trialCount": 0, "mentionCount": 2, "identifiers": []}
    return {"id": id, "name": name, "searchName": "x", **empty, **numbers, **counts, **more}


@pytest.fixture
def ws(tmp_path: Path) -> Iterator[Workspace]:
    """Five people, two kinds of ties, scores in two scopes, two engagements."""
    landscape.write(tmp_path, landscape.Landscape("Small", (landscape.topic("Asthma"),)))
    with Workspace(tmp_path) as opened:
        store = opened.store
        store.prepare()
        store.write("topic", [{"id": "topic:asthma", "name": "Asthma", "terms": ["asthma"]}])
        details = {"lat": 55.5, "lon": 12.25, "firstYear": 2019, "lastYear": 2021, "confidence": 0.5, "country": "DK"}
        details["hardShare"] = 0.25
        people = [person(id, name) for id, name in zip(IDS, NAMES, strict=True)]
        store.write("person", [people[0] | details, *people[1:]])
        store.write("coauthored_with", [{"a": IDS[0], "b": IDS[1], "count": 2, "weight": 0.75, "years": [2019, 2021]}])
        store.write("coinvestigated_with", [{"a": IDS[1], "b": IDS[2], "count": 1, "weight": 1.0, "years": [2020]}])
        store.write("score", [{"id": s, "title": s, "description": "", "unit": ""} for s in ("pagerank", "core")])
        scored = {"person": IDS[0], "scope": "all", "country": "DK"}
        store.write("scored", [{**scored, "score": "pagerank", "value": 0.125, "rank": 1}])
        store.write("scored", [{**scored, "scope": "topic:asthma", "score": "core", "value": 3.0, "rank": 1}])
        store.publish(id="1", builtAt="2026-01-01", inboxWatermark="", ledgerWatermark="", scoredAt="")
        opened.resolved.mkdir()
        mentions = {"record": ["pmid:1", "pmid:1"], "position": [0, 1], "person": IDS[:2], "name": NASTY[:2]}
        known = {"confidence": [0.75, None], "hard": [True, False], "country": ["DK", ""]}
        places = pa.array([["ror:1", "ror:2"], []], pa.list_(pa.string()))
        pq.write_table(pa.table({**mentions, **known, "institutions": places}), opened.resolved / "mentions.parquet")
        walk = opened.inbox.begin("pubmed", "file", "", "1")
        opened.inbox.store(walk, Page((Record("pmid:1", b"{}", Publication("pmid:1")),)))
        planned = {"person": IDS[0], "objective": "=cmd()", "due": "2026-03-02"}
        opened.ledger.append("engagement.plan", "engagement:one", planned)
        held = {"person": IDS[1], "held": "2026-02-01", "said": "private", "unsolicited": True}
        opened.ledger.append("engagement.log", "engagement:two", held)
        yield opened


def read(path: Path) -> list[list[Any]]:
    """The cells of a file, header first, as its own format types them."""
    if path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.reader(file))
    if path.suffix == ".xlsx":
        return [list(row) for row in openpyxl.load_workbook(path).active.iter_rows(values_only=True)]
    table = pq.read_table(path)
    return [table.column_names, *(list(row.values()) for row in table.to_pylist())]


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".parquet"])
@pytest.mark.parametrize(
    ("what", "rows"), [("people", 5), ("mentions", 2), ("edges", 2), ("scores", 2), ("engagements", 2)]
)
def test_every_table_is_written_in_every_form(ws: Workspace, tmp_path: Path, what: str, rows: int, suffix: str) -> None:
    path = tmp_path / f"{what}{suffix}"
    assert export(ws, what, path) == rows
    header, *cells = read(path)
    assert header == list(SCHEMAS[what])
    assert len(cells) == rows
    assert not list(tmp_path.glob(f".{what}*"))
    assert ws.ledger.events("export.")[-1].data == {"what": what, "rows": rows}


def test_mentions_say_who_how_surely_where_and_by_which_source(ws: Workspace, tmp_path: Path) -> None:
    export(ws, "mentions", tmp_path / "m.csv")
    assert read(tmp_path / "m.csv") == [
        [
            "record",
            "position",
            "person",
            "name",
            "personName",
            "confidence",
            "hard",
            "institutions",
            "country",
            "source",
        ],
        ["pmid:1", "0", IDS[0], "'=1+1", NAMES[0], "0.75", "True", "ror:1;ror:2", "DK", "pubmed"],
        ["pmid:1", "1", IDS[1], "'+41", NAMES[1], "", "False", "", "", "pubmed"],
    ]
    export(ws, "mentions", tmp_path / "m.parquet")
    first, second = pq.read_table(tmp_path / "m.parquet").to_pylist()
    assert (first["institutions"], second["confidence"], second["hard"]) == (["ror:1", "ror:2"], None, False)


def test_mentions_can_leave_before_a_graph_is_built(ws: Workspace, tmp_path: Path) -> None:
    ws.store.close()
    del ws.store
    (ws.path / "graph.db").unlink()
    assert export(ws, "mentions", tmp_path / "m.csv") == 2
    assert [row[4] for row in read(tmp_path / "m.csv")] == ["personName", "", ""]


def test_values_keep_their_types_and_what_is_not_known_is_empty(ws: Workspace, tmp_path: Path) -> None:
    for suffix in (".csv", ".xlsx", ".parquet"):
        export(ws, "people", tmp_path / f"p{suffix}")
        export(ws, "edges", tmp_path / f"e{suffix}")
    schema = pq.read_schema(tmp_path / "p.parquet")
    assert schema.field("paperCount").type == pa.int64()
    assert schema.field("lat").type == pa.float64()
    tables = {s: [dict(zip(*pair, strict=True)) for pair in _pairs(tmp_path / f"p{s}")] for s in (".xlsx", ".parquet")}
    for first, second, *_ in tables.values():
        assert (first["name"], first["lat"], first["firstYear"], first["confidence"]) == (NAMES[0], 55.5, 2019, 0.5)
        assert (second["lat"], second["firstYear"], second["confidence"]) == (None, None, None)
        assert (second["paperCount"], second["trialCount"]) == (2, 0)
    assert [row["name"] for row in tables[".parquet"]] == NAMES
    assert [row["name"] for row in tables[".xlsx"]] == [*NAMES[:3], "'=HYPERLINK(1)", NAMES[4]]
    assert read(tmp_path / "e.csv")[1] == [IDS[0], IDS[1], "coauthor", "2", "0.75", "2019;2021"]
    assert read(tmp_path / "e.parquet")[2] == [IDS[1], IDS[2], "coinvestigator", 1, 1.0, [2020]]


def _pairs(path: Path) -> list[tuple[list[Any], list[Any]]]:
    header, *rows = read(path)
    return [(header, row) for row in rows]


def test_no_text_cell_begins_a_formula() -> None:
    rows = [{"text": text, "number": -1, "flag": True} for text in NASTY]
    cells = list(csv.reader(io.StringIO(csv_bytes(rows, ["text", "number"]).decode("utf-8-sig"), newline="")))
    assert cells == [["text", "number"], *(["'" + text, "-1"] for text in NASTY)]
    sheet = openpyxl.load_workbook(io.BytesIO(xlsx_bytes(rows, ["text", "number", "flag"]))).active
    for row in sheet.iter_rows(min_row=2):
        assert [cell.data_type for cell in row] == ["s", "n", "b"]
        assert row[0].value.startswith("'")
        assert (row[1].value, row[2].value) == (-1, True)


def test_what_cannot_be_asked_for_is_one_line_and_leaves_nothing(ws: Workspace, tmp_path: Path) -> None:
    for what, name, message in (
        ("people", "people.txt", r'"people.txt" has no known ending: write .csv, .parquet, .xlsx'),
        ("people", "people", "no known ending"),
        ("doctors", "d.csv", 'nothing called "doctors"'),
        ("people", "nowhere/p.csv", "there is no folder"),
    ):
        with pytest.raises(UsageError, match=message):
            export(ws, what, tmp_path / name)
    (ws.resolved / "mentions.parquet").unlink()
    with pytest.raises(UsageError, match="nobody is resolved yet"):
        export(ws, "mentions", tmp_path / "m.csv")
    assert not [p for p in tmp_path.iterdir() if p.suffix == ".csv" or p.name.startswith(".")]
    assert ws.ledger.events("export.") == []


def test_a_failed_export_leaves_the_old_file_whole(ws: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("what was here before")
    done = subprocess.run([sys.executable, "-c", FULL_DISK, str(tmp_path), str(path)], capture_output=True, text=True)
    assert "InputError" in done.stderr
    assert "File too large" in done.stderr
    assert path.read_text() == "what was here before"
    assert not list(tmp_path.glob(".people*"))


def test_a_file_that_cannot_be_replaced_is_one_line(ws: Workspace, tmp_path: Path) -> None:
    (tmp_path / "people.csv").mkdir()
    with pytest.raises(InputError, match="cannot be written"):
        export(ws, "people", tmp_path / "people.csv")


def test_a_sheet_takes_no_more_rows_than_it_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kolgraph.export.XLSX_ROWS", 3)
    assert xlsx_bytes([{"n": n} for n in range(2)], ["n"])
    with pytest.raises(UsageError, match=r"write .csv or .parquet"):
        xlsx_bytes([{"n": n} for n in range(3)], ["n"])


def test_notebooks_get_data_frames(ws: Workspace) -> None:
    people = ws.people()
    assert list(people["name"]) == NAMES
    assert list(people.columns) == list(SCHEMAS["people"])
    assert list(frame(ws, "edges")["years"][0]) == [2019, 2021]
    assert scores(ws).to_dict("index") == {IDS[0]: {"pagerank": 0.125}}
    assert scores(ws, "Asthma").to_dict("index") == {IDS[0]: {"core": 3.0}}
    assert list(frame(ws, "papers").columns) == list(SCHEMAS["papers"])
    with pytest.raises(UsageError, match="unknown topic"):
        scores(ws, "Rheumatism")


PLANNED = Engagement("engagement:abc", IDS[0], "Ask, then\nlisten\u202e", "why?", "Visit", "2026-03-02", version=4)


def test_the_plan_is_a_calendar_of_whole_days_without_notes() -> None:
    done = Engagement("engagement:def", IDS[1], due="2026-03-01", status="done", held="2026-03-01", said="private")
    cancelled = Engagement("engagement:ghi", IDS[1], due="2026-04-01", status="cancelled")
    open_ended = Engagement("engagement:jkl", IDS[1])
    text = plan_ics([PLANNED, done, cancelled, open_ended], {IDS[0]: "Åse Example"})
    assert b"private" not in text
    assert b"why?" not in text
    assert max(map(len, text.split(b"\r\n"))) <= 75
    first, second = icalendar.Calendar.from_ical(text).walk("VEVENT")
    assert str(first["uid"]) == "engagement-abc@kolgraph"
    assert first["sequence"] == 4
    assert str(first["summary"]) == "Åse Example: Ask, then listen"
    assert (str(first["dtstart"].dt), str(first["dtend"].dt)) == ("2026-03-02", "2026-03-03")
    assert b"DTSTART;VALUE=DATE:20260302" in text
    assert (str(second["uid"]), str(second["status"])) == ("engagement-ghi@kolgraph", "CANCELLED")


def test_the_plan_is_a_table() -> None:
    (row,) = plan_rows([PLANNED], {IDS[0]: "Åse Example"})
    assert set(row) == set(PLAN)
    assert (row["name"], row["due"], row["channel"]) == ("Åse Example", "2026-03-02", "Visit")


def test_a_long_table_passes_in_constant_memory(tmp_path: Path) -> None:
    command = [sys.executable, "-c", PEAK, str(tmp_path / "big")]
    grown = int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    assert grown < 20_000  # KiB; as a list of rows it would be some 30,000 more
