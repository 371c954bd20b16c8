"""Text files as spreadsheets and registers write them: any encoding, any line end, any separator, nothing trusted."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kolgraph.errors import InputError

MAX_LINE = 1 << 20  # bytes; no row of a list is longer
_UTF16 = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_BOM = b"\xef\xbb\xbf"
_BINARY = bytes(range(9)) + bytes(range(14, 27)) + bytes(range(28, 32))  # ESC is left to the report of cells


@dataclass(frozen=True, slots=True)
class Text:
    """A text file as it was found. `mixed`: some lines are UTF-8 and others are not."""

    path: Path
    encoding: str  # UTF-8, Windows-1252, utf-16-le, utf-16-be
    mixed: bool
    start: int  # bytes of the mark at the beginning
    lines: int

    def read(self) -> Iterator[tuple[str, bool]]:
        """Lines with their ends, and whether one was read as Windows-1252 in a file that is otherwise UTF-8."""
        with self.path.open("rb") as file:
            file.seek(self.start)
            if self.encoding.startswith("utf-16"):
                yield from ((line, False) for line in _lines(file, self.encoding))
                return
            for line in _lines(file, "latin-1"):  # which maps each byte to one character and back
                if line.isascii():
                    yield line, False
                    continue
                raw = line.encode("latin-1")
                try:
                    yield raw.decode(), False
                except UnicodeDecodeError:
                    yield _windows(raw), self.mixed


def look(path: Path, head: bytes) -> Text:
    """Read the file once to learn its encoding. Raises InputError for what is no text."""
    encoding = _UTF16.get(head[:2], "") or _utf16(head)
    start = 2 if head[:2] in _UTF16 else 3 if head.startswith(_BOM) else 0
    if not encoding and sum(byte in _BINARY for byte in head) > len(head) // 20 + 1:
        raise InputError(f"{path.name} is no table: it holds bytes that no text has; save the list as CSV or XLSX")
    count = good = legacy = 0
    with path.open("rb") as file:
        file.seek(start)
        for line in _lines(file, encoding or "latin-1"):
            count += 1
            if encoding or line.isascii():
                continue
            try:
                line.encode("latin-1").decode()
                good += 1
            except UnicodeDecodeError:
                legacy += 1
    mixed = bool(legacy and (good or start))
    return Text(path, encoding or ("Windows-1252" if legacy and not mixed else "UTF-8"), mixed, start, count)


def delimiter_of(lines: list[str]) -> str:
    """The separator that cuts the first lines into the most columns of one number; "\\x1f" for a single column."""
    best, found = 0.0, "\x1f"
    for sign in ",;\t|":
        widths = Counter(len(row) for row in csv.reader(lines, delimiter=sign) if row)
        width, count = max(widths.items(), key=lambda one: (one[1], one[0]), default=(1, 0))
        value = (width - 1) * count / max(1, widths.total())
        if value > best:
            best, found = value, sign
    return found


def _lines(file: io.BufferedReader, encoding: str) -> Iterator[str]:
    text = io.TextIOWrapper(file, encoding)  # universal newlines
    try:
        while line := text.readline(MAX_LINE + 1):
            if len(line) > MAX_LINE:
                raise InputError(
                    f"{Path(file.name).name} has a line of more than {MAX_LINE:,} characters: no list does"
                )
            yield line
    except UnicodeDecodeError:
        raise InputError(f"{Path(file.name).name} begins as UTF-16 and is not: save it as CSV UTF-8") from None
    finally:
        text.detach()


def _windows(raw: bytes) -> str:
    try:
        return raw.decode("cp1252")
    except UnicodeDecodeError:  # five bytes have no meaning there; the report shows them as control characters
        return raw.decode("latin-1")


def _utf16(head: bytes) -> str:
    """UTF-16 without its mark: every other byte of Latin text is NUL."""
    even, odd = head[0:2000:2], head[1:2000:2]
    if len(odd) > 3 and odd.count(0) > 0.6 * len(odd) and even.count(0) < 0.2 * len(even):
        return "utf-16-le"
    return "utf-16-be" if len(even) > 3 and even.count(0) > 0.6 * len(even) and odd.count(0) < 0.2 * len(odd) else ""
