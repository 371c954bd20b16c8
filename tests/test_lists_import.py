"""A list in a workspace: all rows or none, replaced, removed, brought back; by service, command and loader."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner
from plotly.utils import PlotlyJSONEncoder

from kolgraph import jobs
from kolgraph.cli import cli
from kolgraph.errors import InputError, UsageError
from kolgraph.explaining import explain
from kolgraph.landscape import Landscape, Source, topic, write
from kolgraph.lists.check import check
from kolgraph.lists.wish import Wish
from kolgraph.services import lists
from kolgraph.ui.parts import listed
from kolgraph.workspace import Workspace

HEAD = "Last name,First name,ORCID,Institution\n"
ORCID = "0000-0002-1825-0097"


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A workspace without records."""
    folder = tmp_path / "workspace"
    folder.mkdir()
    write(folder, Landscape("Test", (topic("Asthma=asthma"),)))
    return folder


def file(folder: Path, rows: str, name: str = "board.csv") -> Path:
    path = folder / name
    path.write_text(HEAD + rows, "utf-8")
    return path


def held(ws: Workspace) -> list[str]:
    return sorted(f"{one.list}: {one.mention.last}" for one in ws.inbox.listed())


GOOD = f"Beispiel,Anna,{ORCID},Charité\nMuster,Bert,,Charité\n"
BAD = GOOD + "Falsch,Carla,0000-0002-1825-0090,Charité\n,Dirk,,\n"


def test_one_bad_row_keeps_all_rows_out_unless_they_are_to_be_skipped(bare: Path, tmp_path: Path) -> None:
    with Workspace(bare) as ws:
        with pytest.raises(InputError, match=r"2 of 4 rows have errors: .*Nothing was imported"):
            lists.take_in(ws, file(tmp_path, BAD), Wish("Board"), "Mara")
        assert held(ws) == []
        assert lists.lists(ws) == []
        done = lists.take_in(ws, file(tmp_path, BAD), Wish("Board", skip_bad=True), "Mara")
        assert (done.rows, done.left_out, done.kind, done.file) == (2, 2, "people", "board.csv")
        assert held(ws) == ["Board: Beispiel", "Board: Muster"]
        reasons = [(one.where, one.reason) for one in ws.inbox.quarantine()]
        assert reasons[0] == ("board.csv line 4", "ORCID: wrong ORCID (0000-0002-1825-0090)")
        (entry,) = ws.ledger.events("list.")
        assert (entry.action, entry.actor, entry.data["rows"]) == ("list.import", "Mara", 2)
        assert entry.data["sha256"] == ws.inbox.provenance([next(ws.inbox.listed()).id]).popitem()[1].sha256


def test_a_new_file_of_the_same_list_replaces_it_and_the_old_one_may_come_back(bare: Path, tmp_path: Path) -> None:
    with Workspace(bare) as ws:
        old, new = file(tmp_path, GOOD, "a.csv"), file(tmp_path, GOOD.replace("Muster", "Vogel"), "b.csv")
        lists.take_in(ws, old, Wish("Board"), "Mara")
        lists.take_in(ws, old, Wish("Other"), "Mara")
        lists.take_in(ws, new, Wish("Board"), "Mara")
        others = ["Other: Beispiel", "Other: Muster"]
        assert held(ws) == ["Board: Beispiel", "Board: Vogel", *others]
        assert [(one.name, one.rows, one.file) for one in lists.lists(ws)] == [
            ("Board", 2, "b.csv"),
            ("Other", 2, "a.csv"),
        ]
        lists.take_in(ws, old, Wish("Board"), "Mara")
        assert held(ws) == ["Board: Beispiel", "Board: Muster", *others]


def test_a_list_is_removed_and_brought_back(bare: Path, tmp_path: Path) -> None:
    with Workspace(bare) as ws:
        path = file(tmp_path, GOOD)
        lists.take_in(ws, path, Wish("Board 2026"), "Mara")
        before = ws.inbox.watermark()
        lists.remove(ws, "board-2026", "Mara")
        assert held(ws) == []
        (gone,) = lists.lists(ws)
        assert (gone.rows, gone.restorable, gone.name) == (0, 2, "Board 2026")
        with pytest.raises(UsageError, match="was removed before"):
            lists.remove(ws, "Board 2026", "Mara")
        lists.restore(ws, "Board 2026", "Mara")
        assert ws.inbox.watermark() == before
        assert len(held(ws)) == 2
        lists.remove(ws, "Board 2026", "Mara")
        lists.take_in(ws, path, Wish("Board 2026"), "Mara")  # the same file again
        assert len(held(ws)) == 2
        with pytest.raises(UsageError, match="there is no list"):
            lists.remove(ws, "nothing", "Mara")
        assert [one.action for one in ws.ledger.events("list.")] == [
            *("list.import", "list.remove", "list.restore", "list.remove", "list.import")
        ]


def test_what_is_left_out_of_a_list_reaches_no_table(bare: Path, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(
        "Last name,First name,Gender,E-mail\nBeispiel,Anna,CANARYW,canary@b.example\n,Bad,CANARYX,c@d.example\n"
    )
    with Workspace(bare) as ws:
        lists.take_in(ws, path, Wish("Board", skip_bad=True), "Mara")
        assert b"Beispiel" in ws.inbox.raw(next(ws.inbox.listed()).id)
    for stored in bare.rglob("*"):
        if stored.is_file():
            assert b"CANARY" not in stored.read_bytes()
            assert b"canary@" not in stored.read_bytes()
    with Workspace(bare) as ws:
        assert "CANARY" not in repr([one.raw for one in ws.inbox.quarantine()])
        assert b"CANARY" not in ws.inbox.raw(next(ws.inbox.listed()).id)


def test_people_of_a_list_reach_the_graph_and_leave_it(
    bare: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Workspace(bare) as ws:
        path = tmp_path / "peers.csv"
        path.write_text(f"Last name,First name,ORCID,Nominated by\nBeispiel,Anna,{ORCID},Bert Muster\n")
        lists.take_in(ws, path, Wish("Peers"), "Mara")
        jobs.run(ws)
        (found,) = ws.store.read("search_people", words=["beispiel"], top=5)
        assert (found["name"], found["paperCount"]) == ("Anna Beispiel", 0)
        (edge,) = ws.store.stream("nominations")
        assert (edge["nominee"], edge["count"], edge["lists"]) == (found["id"], 1, ["Peers"])
        assert [(one.name, one.by_them, one.lists) for one in lists.nominations(ws, found["id"])] == [
            ("Bert Muster", True, ("Peers",))
        ]
        (row,) = lists.rows_about(ws, found["id"])
        assert row.by
        assert row.by.last == "Muster"
        lists.take_in(ws, file(tmp_path, f"Beispiel,Anna,{ORCID},Charité\n", "board.csv"), Wish("Board"), "Mara")
        jobs.run(ws)
        shown = json.dumps(listed.card(ws, found["id"]), cls=PlotlyJSONEncoder)
        assert shown.count('"Own list ') == 2  # the row with the peer is told as a nomination, once
        monkeypatch.setattr(listed, "SHOWN", 1)
        assert "and 1 more" in json.dumps(listed.card(ws, found["id"]), cls=PlotlyJSONEncoder)
        assert "tied by ORCID, NPI or judgement alone" in str(explain(ws, f"{row.id}#0", f"{row.id}#1"))
        lists.remove(ws, "Peers", "Mara")
        lists.remove(ws, "Board", "Mara")
        jobs.run(ws)
        assert ws.store.read("search_people", words=["beispiel"], top=5) == []
        assert list(ws.store.stream("nominations")) == []


def test_the_loader_alone_takes_a_list_named_after_its_file(bare: Path, tmp_path: Path) -> None:
    with Workspace(bare) as ws:
        source = Source("ownlist", (str(file(tmp_path, GOOD)),))
        assert [one.records for one in jobs.load(ws, source)] == [2]
        assert jobs.load(ws, source)[0].skipped
        assert [(one.name, one.rows) for one in lists.lists(ws)] == [("board", 2)]
        told = Source("ownlist", (str(file(tmp_path, BAD, "bad.csv")),), "list=Told&kind=people&rows=good")
        assert [one.records for one in jobs.load(ws, told)] == [2]
        assert [(one.name, one.kind, one.left_out) for one in lists.lists(ws)][1] == ("Told", "people", 2)
        lists.remove(ws, "Told", "Mara")
        with pytest.raises(InputError, match="Nothing was imported"):
            jobs.load(ws, Source("ownlist", (str(file(tmp_path, BAD, "bad.csv")),)))
        assert len(held(ws)) == 2


def test_a_killed_import_leaves_the_list_as_it_was_and_goes_on_later(
    bare: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = "".join(f"Name{chr(97 + n % 26)}x,A,,Clinic {n}\n" for n in range(9000))
    path = file(tmp_path, rows)
    code = (
        "import sys; from pathlib import Path; from kolgraph.loaders import ownlist\n"
        "from kolgraph.services import lists; from kolgraph.lists.wish import Wish\n"
        "from kolgraph.workspace import Workspace; ownlist.PAGE = 500\n"
        "with Workspace(Path(sys.argv[1])) as ws: lists.take_in(ws, Path(sys.argv[2]), Wish('Board'), 'Mara')"
    )
    running = subprocess.Popen([sys.executable, "-c", code, str(bare), str(path)])
    with Workspace(bare) as ws:
        deadline = time.monotonic() + 30
        while ws.inbox.counts().get("listed", 0) < 500 and time.monotonic() < deadline:
            time.sleep(0.01)
        running.send_signal(signal.SIGKILL)
        running.wait()
        if ws.inbox.loads()[-1].state == "running":  # else it was faster than the signal
            assert list(ws.inbox.listed()) == []
            assert lists.lists(ws) == []
        done = lists.take_in(ws, path, Wish("Board"), "Mara")
        assert done.rows == len(list(ws.inbox.listed())) == 9000


def test_the_commands(bare: Path, tmp_path: Path) -> None:
    def run(*words: str) -> tuple[int, str]:
        done = CliRunner().invoke(cli, ["--workspace", str(bare), "lists", *words])
        return done.exit_code if done.exception is None or isinstance(done.exception, SystemExit) else 99, done.output

    bad, good = str(file(tmp_path, BAD, "bad.csv")), str(file(tmp_path, GOOD))
    before = {path: path.stat().st_mtime_ns for path in bare.rglob("*")}
    code, said = run("check", bad, "--report", str(tmp_path / "report.csv"))
    assert code == 3
    assert "wrong ORCID" in said
    assert "0000-0002-1825-0090" in (tmp_path / "report.csv").read_text("utf-8-sig")
    assert run("check", good)[0] == 0
    assert {path: path.stat().st_mtime_ns for path in bare.rglob("*")} == before  # a check touches nothing
    assert run("import", bad)[0] == 99  # main() tells it in one line
    assert run("import", good, "--list-name", "Board", "--column", "Institution=")[0] == 0
    assert "Board" in run()[1]
    assert run("remove", "Board")[0] == 0
    assert run("restore", "Board")[0] == 0
    assert run("template", "nominations")[1].startswith("Last name,First name,ORCID,NPI")
    assert run("template", "people", "--to", str(tmp_path / "people.xlsx"))[0] == 0
    assert (tmp_path / "people.xlsx").stat().st_size > 3000


@pytest.mark.parametrize(
    ("name", "columns", "rows", "good", "bad"),
    [
        ("openpayments/physicians_iowa.csv", (), 697, 697, 0),
        ("nppes/nppes_trimmed_18717.csv", (), 18_717, 15_340, 3_377),  # 15,341 persons, one with digits in the name
        ("and_gold/1500_pairs_train.csv", (), 0, 0, 0),
        ("and_gold/1500_pairs_train.csv", (("Last_name1", "last"), ("First_name1", "first")), 1_500, 1_494, 0),
    ],
)
def test_real_tables(
    realdata: Path, name: str, columns: tuple[tuple[str, str], ...], rows: int, good: int, bad: int
) -> None:
    found = check(realdata / name, Wish("Real", columns=columns))
    assert (found.rows, found.good, found.bad) == (rows, good, bad)
    if not rows:
        assert {one.kind for one in found.fatal} == {"two columns for one field"}
    left = {one.title for one in found.reading.columns if not one.field}
    assert not left or {"PMID1", "Total_Amount_of_Payment_USDollars", "Entity Type Code"} & left
