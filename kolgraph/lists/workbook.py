"""XLSX workbooks, opened with suspicion and read as a stream: the parts are weighed before a parser sees them."""

import warnings
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl

from kolgraph.errors import InputError

MAX_DECODED = 640 << 20  # bytes of all parts; a million rows of seven columns have about 400 MB
MAX_STRINGS = 256 << 20  # bytes of the part that is held in memory
MAX_PARTS = 2000
_CHUNK = 1 << 20
_OPENED = (b"<!", b"<\0!")  # most parts hold neither, and two looks are fewer than four
_DECLARED = (b"<!DOCTYPE", b"<!ENTITY", "<!DOCTYPE".encode("utf-16-le"), "<!DOCTYPE".encode("utf-16-be"))
_BROKEN = (
    zipfile.BadZipFile, zlib.error, ParseError, KeyError, ValueError, TypeError, AttributeError, IndexError, EOFError,
    OSError, NotImplementedError,
)  # fmt: skip


def weigh(path: Path) -> None:
    """Unpack every part to nowhere. Raises InputError for a bomb, for declared entities, for another kind of file."""
    name = path.name
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            names = {part.filename for part in parts}
            if "xl/workbook.xml" not in names:
                kind = "an OpenDocument file" if "mimetype" in names else "a zip file"
                raise InputError(f"{name} is {kind} and no XLSX workbook: save the list as XLSX or CSV")
            if len(parts) > MAX_PARTS or any(part.flag_bits & 1 for part in parts):
                raise InputError(f"{name} is encrypted or has too many parts: save it anew, without a password")
            total = 0
            for part in parts:
                own, tail = 0, b""
                with archive.open(part) as stream:
                    while chunk := stream.read(_CHUNK):
                        own += len(chunk)
                        if total + own > MAX_DECODED or (part.filename.endswith("Strings.xml") and own > MAX_STRINGS):
                            raise InputError(
                                f"{name} unpacks to more than {MAX_DECODED >> 20:,} MB: no list does; save it as CSV"
                            )
                        window = tail + chunk
                        if any(sign in window for sign in _OPENED) and any(sign in window for sign in _DECLARED):
                            raise InputError(f"{name} declares entities, which no spreadsheet does: it is refused")
                        tail = chunk[-20:]
                total += own
    except InputError:
        raise
    except _BROKEN:
        raise InputError(f"{name} is a damaged workbook: open it and save it anew") from None


def sheets(path: Path) -> tuple[str, list[str]]:
    """The sheet that is read, the first visible one with cells, and the others that hold something too."""
    with closing(_open(path)) as book:
        full = [one.title for one in book.worksheets if one.sheet_state == "visible" and _filled(one)]
    if not full:
        raise InputError(f"{path.name} holds no sheet with rows")
    return full[0], full[1:]


def rows(path: Path, sheet: str) -> Iterator[tuple[int, list[str]]]:
    """Line numbers and cells as text; a formula is the text that begins with =, its value is not asked for."""
    with closing(_open(path)) as book:
        chosen = book[sheet]
        chosen.reset_dimensions()  # what a workbook says of its own size may be wrong
        try:
            for number, row in enumerate(chosen.iter_rows(values_only=True), 1):
                if any(cell is not None for cell in row):
                    yield number, ["" if cell is None else _text(cell) for cell in row]
        except _BROKEN:
            raise InputError(f"{path.name} is damaged in sheet {sheet}: open it and save it anew") from None


def _filled(sheet: Any) -> bool:
    sheet.reset_dimensions()
    return any(any(cell is not None for cell in row) for row in sheet.iter_rows(max_row=20, values_only=True))


def _open(path: Path) -> Any:
    """The workbook as a stream."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles and extensions, which are of no matter here
            return openpyxl.load_workbook(path, read_only=True, keep_links=False)
    except _BROKEN:
        raise InputError(f"{path.name} is a damaged workbook: open it and save it anew") from None


def _text(cell: Any) -> str:
    if isinstance(cell, str):
        return cell
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "minutes")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
