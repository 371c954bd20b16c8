"""The one route that takes a file: who may send, how much, where it lies, when it is gone."""

import os
import shutil
import time
from pathlib import Path
from typing import Any

import pytest
from uploading import settled

from kolgraph.lists.wish import Wish
from kolgraph.services import lists, uploads
from kolgraph.ui import create_app
from kolgraph.ui.pages import lists as page
from kolgraph.ui.parts import lists_report
from kolgraph.workspace import Workspace

SAME = {"Sec-Fetch-Site": "same-origin", "Content-Type": "application/octet-stream"}
GOOD = b"Last name,First name,Gender\nBeispiel,Anna,w\nMuster,Bert,m\n"


@pytest.fixture(scope="module")
def ws(small_world, tmp_path_factory):
    with Workspace(shutil.copytree(small_world, tmp_path_factory.mktemp("uploads") / "workspace")) as opened:
        yield opened


@pytest.fixture(scope="module")
def app(ws):
    return create_app(ws, user="Mara")


@pytest.fixture
def client(app):
    return app.server.test_client()


def sent(client, content: bytes = GOOD, name: str = "board.csv", headers: dict[str, str] = SAME, **more: Any):
    return client.post(f"/lists/upload?name={name}", data=content, headers=headers, **more)


def test_a_file_is_taken_looked_at_imported_and_deleted(ws, client):
    token = sent(client).get_json()["upload"]
    assert uploads.name_of(ws, token) == "board.csv"
    assert uploads.file_of(ws, token).read_bytes() == GOOD
    uploads.begin_check(ws, token, Wish("Board"))
    found = settled(ws, token)
    assert (found["phase"], found["report"]["good"]) == ("checked", 2)
    report = client.get(f"/export/list-report?upload={token}", headers={"Sec-Fetch-Site": "same-origin"})
    assert "Gender" in report.get_data(as_text=True)
    uploads.begin_import(ws, token, Wish("Board", "people"), "Mara")
    assert settled(ws, token)["list"]["rows"] == 2
    assert [(one.name, one.file) for one in lists.lists(ws)] == [("Board", "board.csv")]
    uploads.drop(ws, token)
    assert list((ws.path / "uploads").iterdir()) == []
    lists.remove(ws, "Board", "Mara")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({**SAME, "Sec-Fetch-Site": "cross-site"}, 403),
        ({**SAME, "Sec-Fetch-Site": "none"}, 403),
        ({"Content-Type": "application/octet-stream"}, 403),
        ({**SAME, "Content-Type": "text/csv"}, 415),
        ({**SAME, "Content-Type": "multipart/form-data; boundary=x"}, 415),
        ({**SAME, "Host": "evil.example"}, 400),
        ({**SAME, "X-Kolgraph-Landscape": "another"}, 409),
    ],
)
def test_who_may_not_send(ws, client, headers, status):
    assert sent(client, headers=headers).status_code == status
    assert not list((ws.path / "uploads").glob("*"))


def test_only_this_route_takes_much_and_not_too_much(ws, client, monkeypatch):
    three = bytes(3 << 20)
    assert sent(client, three).status_code == 200
    callback = client.post("/_dash-update-component", data=three, headers={**SAME, "Content-Type": "application/json"})
    assert callback.status_code == 413
    monkeypatch.setattr(uploads, "MAX_UPLOAD", 1 << 20)
    before = set((ws.path / "uploads").iterdir())
    assert sent(client, three).status_code == 413
    assert set((ws.path / "uploads").iterdir()) == before  # nothing is kept of it
    told = sent(client, b"x", environ_overrides={"CONTENT_LENGTH": str(1 << 40)})
    assert told.status_code == 413


@pytest.mark.parametrize(
    "name", ["../../evil.csv", "/etc/passwd", "..\\..\\evil.csv", "", ".", "a\0b.csv", "x" * 500, "漢" * 200]
)
def test_a_name_never_leaves_the_folder(ws, client, name):
    token = client.post("/lists/upload", query_string={"name": name}, data=GOOD, headers=SAME).get_json()["upload"]
    path = uploads.file_of(ws, token)
    assert path.parent == ws.path / "uploads" / token / "file"
    assert 0 < len(path.name.encode()) <= 200
    uploads.drop(ws, token)


@pytest.mark.parametrize("token", ["", "..", "../inbox.db", "f" * 32, "F" * 32, "%2e%2e"])
def test_a_foreign_token_opens_nothing(ws, client, token):
    answer = client.get(
        "/export/list-report", query_string={"upload": token}, headers={"Sec-Fetch-Site": "same-origin"}
    )
    assert answer.status_code == 404
    assert client.get("/export/list-report?upload=x", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403


def test_what_is_no_table_is_told_in_a_sentence(ws, client):
    token = sent(client, b"%PDF-1.7", "board.pdf").get_json()["upload"]
    uploads.begin_check(ws, token, Wish("Board"))
    found = settled(ws, token)
    assert found["phase"] == "failed"
    assert found["message"] == "Board.pdf is a PDF and no table: save the list as CSV or XLSX."
    uploads.drop(ws, token)


def test_a_forgotten_upload_is_deleted_by_the_next(ws, client):
    old = sent(client).get_json()["upload"]
    folder = uploads.file_of(ws, old).parent.parent
    long_ago = time.time() - uploads.KEPT - 1
    os.utime(folder, (long_ago, long_ago))
    new = sent(client).get_json()["upload"]
    assert not folder.exists()
    uploads.drop(ws, new)


def test_templates_are_handed_out(client):
    for kind in lists.KINDS:
        for ending, start in (("csv", b"\xef\xbb\xbfLast name"), ("xlsx", b"PK")):
            answer = client.get(f"/export/list-template-{kind}.{ending}", headers={"Sec-Fetch-Site": "same-origin"})
            assert answer.data.startswith(start)


def test_settings_of_the_page_become_a_wish():
    columns = [
        {"number": 1, "field": "last", "why": "by its name", "refused": False},
        {"number": 2, "field": "", "why": "no field", "refused": False},
        {"number": 3, "field": "", "why": "is not kept", "refused": True},
        {"number": 4, "field": "city", "why": "as told", "refused": False},
    ]
    ids = [lists_report.column(number) for number in (1, 2, 3, 4)]
    report = {"columns": columns, "header": "yes", "told_header": False}
    said = {"title": " Board ", "kind": "people", "header": "yes"}
    wanted = page._wanted(report, said, ["last", "first", "npi", "city"], ids)
    assert wanted == Wish("Board", "people", (("#2", "first"), ("#4", "city")))
    wanted = page._wanted(report, said, [lists_report.LEFT_OUT, *["first"] * 3], ids)
    assert wanted.columns == (("#1", ""), ("#2", "first"), ("#4", "first"))
    wanted = page._wanted(report, {**said, "header": "no"}, ["last", "first", "npi", "city"], ids)
    assert (wanted.header, wanted.columns) == ("no", ())  # without a header every column is looked at anew


def test_a_state_that_nobody_waits_for_is_not_written(ws, client, tmp_path: Path):
    token = sent(client).get_json()["upload"]
    uploads.begin_check(ws, token, Wish("Board"))
    uploads.begin_check(ws, token, Wish("Board", columns=(("Last name", "first"), ("First name", "last"))))
    found = settled(ws, token)
    assert found["report"]["preview"][0]["mention"]["last"] == "Anna"
    uploads.drop(ws, token)
