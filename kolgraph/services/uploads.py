"""Files on their way in: an upload lies in the workspace while somebody looks at its report, and is deleted after.

What is being done with one stands in a small file beside it, so that any page that polls can tell: no callback waits
for a million rows. Reading and importing run in a thread of their own.
"""

import json
import logging
import re
import secrets
import shutil
import threading
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

from kolgraph.errors import KolgraphError, UsageError
from kolgraph.lists.check import Report
from kolgraph.lists.fields import never
from kolgraph.lists.wish import Wish
from kolgraph.services import list_desk
from kolgraph.services.list_check import accept
from kolgraph.services.lists import Progress, judge
from kolgraph.workspace import Workspace

FOLDER = "uploads"
MAX_UPLOAD = 128 << 20  # bytes; a million rows of a list have 75 MB
KEPT = 24 * 3600.0  # seconds after which a forgotten upload is deleted
_UNEXPECTED = "kolgraph met an error that it did not expect; the log has the details"
_writing = threading.Lock()
log = logging.getLogger(__name__)
State = dict[str, Any]  # phase: checking, checked, importing, imported, failed; done, of, message, turn, report


def receive(ws: Workspace, name: str, stream: IO[bytes]) -> str:
    """Store what is sent; returns the token of the upload. Raises UsageError above MAX_UPLOAD, and keeps nothing."""
    _forget(ws.path / FOLDER)
    token = secrets.token_hex(16)
    folder = ws.path / FOLDER / token
    (folder / "file").mkdir(parents=True)
    plain = re.sub(r"[^\w.() -]+", "_", Path(name.replace("\\", "/")).name).strip(". ") or "list"
    plain = plain.encode()[-200:].decode("utf-8", "ignore")  # file systems count bytes, up to 255
    size = 0
    try:
        with (folder / "file" / plain).open("wb") as file:
            while chunk := stream.read(1 << 20):
                size += len(chunk)
                if size > MAX_UPLOAD:
                    raise UsageError(
                        f"the file has more than {MAX_UPLOAD >> 20} MB: split it, or use `kolgraph lists import`"
                    )
                file.write(chunk)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return token


def file_of(ws: Workspace, token: str) -> Path:
    """Where an upload lies. Raises UsageError for one that is gone."""
    found = list((ws.path / FOLDER / token / "file").glob("*")) if re.fullmatch(r"[0-9a-f]{32}", token) else []
    if not found:
        raise UsageError("this upload is gone: choose the file again")
    return found[0]


def name_of(ws: Workspace, token: str) -> str:
    """What the file was called."""
    return file_of(ws, token).name


def _folder(ws: Workspace, token: str) -> Path:
    return file_of(ws, token).parent.parent


def drop(ws: Workspace, token: str) -> None:
    """Delete an upload and everything that was found out about it."""
    shutil.rmtree(_folder(ws, token), ignore_errors=True)


def state(ws: Workspace, token: str) -> State:
    """What is being done with an upload, or came of it."""
    folder = _folder(ws, token)
    try:
        found: State = json.loads((folder / "state.json").read_text("utf-8"))
    except FileNotFoundError:
        return {"phase": "checking", "done": 0, "of": None, "turn": 0}
    return found


def report_file(ws: Workspace, token: str) -> Path:
    """All problems of an upload as CSV. Raises UsageError before there are any."""
    path = _folder(ws, token) / "report.csv"
    if not path.exists():
        raise UsageError("this file is not checked yet: wait for its report")
    return path


def people_of(ws: Workspace, token: str) -> Path:
    """Where it is kept whom the rows of an upload mean; a file that is not there before that is looked up."""
    return _folder(ws, token) / (state(ws, token).get("people") or "nobody.jsonl")


def begin_check(ws: Workspace, token: str, wanted: Wish) -> None:
    """Judge an upload as it is meant now, and look up its people; an earlier check under way is overtaken."""
    path, folder = file_of(ws, token), _folder(ws, token)
    place, graph = ws.path, ws.graph

    def work(progress: Progress) -> State:
        draft = folder / f"report-{secrets.token_hex(4)}.csv"
        found = judge(path, wanted, progress, draft)
        draft.replace(folder / "report.csv")
        told = {"phase": "checked", "report": shown(found), "wish": wanted.text(), "people": "", "unasked": ""}
        if found.good and not found.fatal:
            people = f"people-{secrets.token_hex(4)}.jsonl"  # of this check: a later one has its own
            try:
                with Workspace(place, graph) as own:
                    list_desk.look_up(own, path, wanted, folder / people, progress)
                told["people"] = people
            except KolgraphError as error:  # a list can be imported before there is anybody to check it against
                told["unasked"] = error.sentence
        return told

    _start(folder, "checking", work)


def begin_import(ws: Workspace, token: str, wanted: Wish, user: str) -> None:
    """Import an upload, all of it or, with `skip_bad`, its good rows, and tie them to the people that they mean."""
    path, answers = file_of(ws, token), list_desk.rows(people_of(ws, token))
    place, graph = ws.path, ws.graph

    def work(progress: Progress) -> State:
        with Workspace(place, graph) as own:  # the app may turn to another landscape meanwhile
            done = accept(own, path, wanted, answers, user, progress)
        return {"phase": "imported", "list": asdict(done.list), "tied": done.tied, "entry": done.entry}

    _start(_folder(ws, token), "importing", work)


def shown(found: Report) -> State:
    """A report as plain values, for the page."""
    reading = found.reading
    return {
        "about": reading.sheet.about,
        "kind": reading.kind,
        "header": "yes" if reading.header else "no",
        "columns": [{**asdict(one), "refused": bool(never(one.title))} for one in reading.columns],
        "rows": found.rows,
        "good": found.good,
        "bad": found.bad,
        "repeated": found.repeated,
        "fatal": len(found.fatal),
        "counts": found.counts,
        "problems": [asdict(one) for one in found.problems],
        "preview": [asdict(one) for one in found.preview],
    }


def _start(folder: Path, phase: str, work: Callable[[Progress], State]) -> None:
    turn = secrets.token_hex(4)
    last = 0.0

    def say(what: State, begin: bool = False) -> None:
        """Unless a later start has taken over, or the upload is gone."""
        path = folder / "state.json"
        with _writing:
            if not folder.exists() or not (begin or _turn(path) == turn):
                return
            draft = folder / f"state-{turn}.json"
            draft.write_text(json.dumps({**what, "turn": turn}), "utf-8")
            draft.replace(path)

    def progress(done: int, of: int | None, what: str) -> None:
        nonlocal last
        if time.monotonic() - last > 0.3:
            last = time.monotonic()
            say({"phase": phase, "done": done, "of": of, "what": what})

    def run() -> None:
        try:
            say(work(progress))
        except KolgraphError as error:
            say({"phase": "failed", "message": error.sentence})
        except Exception as error:
            if folder.exists():
                log.error("%s of an upload failed", phase, exc_info=error)
                say({"phase": "failed", "message": f"{_UNEXPECTED}."})

    say({"phase": phase, "done": 0, "of": None}, begin=True)
    threading.Thread(target=run, name=f"kolgraph-{phase}", daemon=True).start()


def _turn(path: Path) -> str:
    try:
        return str(json.loads(path.read_text("utf-8"))["turn"])
    except FileNotFoundError:
        return ""


def _forget(folder: Path) -> None:
    for one in folder.glob("*") if folder.is_dir() else ():
        if time.time() - one.stat().st_mtime > KEPT:
            shutil.rmtree(one, ignore_errors=True)
