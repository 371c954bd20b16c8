"""A file as rows of text, whatever it is written in. Raises InputError for what is no table, with the reason."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from kolgraph.errors import InputError, UsageError
from kolgraph.lists import workbook
from kolgraph.lists.text import Text, delimiter_of, look

MAX_ROWS = 1_000_000
MAX_COLUMNS = 500
_OLE, _ZIP = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04"
_OTHERS = {
    b"%PDF": "a PDF", b"\x89PNG": "a picture", b"\xff\xd8\xff": "a picture", b"GIF8": "a picture", 
    b"{\\rtf": "a document",     b"\x1f\x8b": "packed with gzip", b"7z\xbc\xaf": "packed with 7-Zip", 
    b"SQLite format 3": "a database", b"PAR1": "Parquet",
}  # fmt: skip
_SIGNS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar", "\x1f": "single column"}


@dataclass(frozen=True, slots=True)
class Line:
    """A row: where it begins in the file, its cells without outer blanks, whether its encoding is not the file's."""

    number: int
    cells: list[str]
    foreign: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """An open list. `about` says in words how it is read, `lines` how long it is at most (0: nobody knows)."""

    path: Path
    about: str
    lines: int
    text: Text | None = None
    delimiter: str = ""
    name: str = ""  # of the sheet of a workbook
    unread: tuple[str, ...] = ()  # other sheets with content

    def rows(self) -> Iterator[Line]:
        """Every row that is not empty, from the beginning."""
        made = self._workbook() if self.text is None else self._text(self.text)
        for count, line in enumerate(made):
            if len(line.cells) > MAX_COLUMNS:
                raise InputError(
                    f"{self.path.name} has {len(line.cells):,} columns in line {line.number}: no list does"
                )
            if count > MAX_ROWS:
                raise InputError(
                    f"{self.path.name} has more than {MAX_ROWS:,} rows: that is a register and no list; split it, or "
                    "load a register with its own loader (kolgraph sources names them)"
                )
            yield line

    def _workbook(self) -> Iterator[Line]:
        for number, cells in workbook.rows(self.path, self.name):
            yield Line(number, [cell.strip() for cell in cells])

    def _text(self, text: Text) -> Iterator[Line]:
        foreign = False

        def lines() -> Iterator[str]:
            nonlocal foreign
            for line, strange in text.read():
                foreign = foreign or strange
                yield line

        reader = csv.reader(lines(), delimiter=self.delimiter)
        number = 1
        while True:
            foreign = False
            try:
                cells = next(reader, None)
            except csv.Error:
                raise InputError(
                    f"{self.path.name}: a cell that begins in line {number} does not end: a quotation mark is missing"
                ) from None
            if cells is None:
                return
            if any(cells) and not (number == 1 and _is_hint(cells)):
                yield Line(number, [cell.strip() for cell in cells], foreign)
            number = reader.line_num + 1


def open_sheet(path: Path) -> Sheet:
    """Look at the file and say how it is to be read; the file is read once for that, and no row of it is kept."""
    try:
        with path.open("rb") as file:
            head = file.read(1 << 16)
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from None
    if not head.strip():
        raise InputError(f"{path.name} is empty: a list has a header and at least one row")
    for magic, what in _OTHERS.items():
        if head.startswith(magic):
            raise InputError(f"{path.name} is {what} and no table: save the list as CSV or XLSX")
    if head.startswith(_OLE):
        raise InputError(_old(path))
    if head.startswith(_ZIP):
        workbook.weigh(path)
        name, unread = workbook.sheets(path)
        return Sheet(path, f"workbook, sheet “{name}”", 0, name=name, unread=tuple(unread))
    begin = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:200].lower()
    if begin.startswith((b"<", b"{", b"[{")):
        what = "an HTML page" if b"html" in begin or b"<table" in begin else "XML" if begin[:1] == b"<" else "JSON"
        raise InputError(f"{path.name} is {what} and no table: open it in a spreadsheet and save it as CSV or XLSX")
    text = look(path, head)
    first = [line for line, _ in islice(text.read(), 60)]
    sign = delimiter_of(first)
    if first and _is_hint([first[0].strip()]):
        sign = first[0].strip()[4:5] or "\t"
    encoding = {"utf-16-le": "UTF-16", "utf-16-be": "UTF-16"}.get(text.encoding, text.encoding)
    about = f"{encoding}{' and Windows-1252 mixed' if text.mixed else ''}, {_SIGNS.get(sign, sign)}"
    return Sheet(path, about, text.lines, text, sign)


def _is_hint(cells: list[str]) -> bool:
    """`sep=;`, by which Excel is told the separator."""
    return cells[0].lower().startswith("sep=") and len("".join(cells)) <= 5


def _old(path: Path) -> str:
    locked = "EncryptedPackage".encode("utf-16-le")
    with path.open("rb") as file:
        tail = b""
        while chunk := file.read(1 << 20):
            if locked in tail + chunk:
                return f"{path.name} is protected by a password: save it without one, or as CSV"
            tail = chunk[-64:]
    return f"{path.name} is a workbook of the old kind (.xls): open it and save it as .xlsx or CSV"
