"""Files as sources publish them: plain, gzip or zip, told apart by their first bytes, read as streams.

Raises UsageError for a path that cannot be meant, TruncatedError for a file that ends before its end, InputError for
one that is not what it claims to be.
"""

import gzip
import hashlib
import re
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from isal import igzip
from isal.igzip_lib import IsalError

from kolgraph.errors import InputError, TruncatedError, UsageError

CHUNK = 1 << 20
MAX_MEMBER = 32 << 30  # decoded bytes of one file; the register of NPPES has 10 GB
SUFFIXES = (".xml", ".json", ".csv", ".gz", ".zip")  # what a folder is searched for


def expand(paths: Iterable[Path]) -> list[Path]:
    """The files that are meant: a folder stands for the files below it, in order of their names and numbers."""
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            found = sorted((p for p in path.rglob("*") if p.suffix.lower() in SUFFIXES and p.is_file()), key=_numbered)
            found = [p for p in found if not any(part.startswith(".") for part in p.relative_to(path).parts)]
            if not found:
                raise UsageError(f"{path} holds no file to load: looked for *{', *'.join(SUFFIXES)} in it and below")
            files += found
        elif path.exists():
            files.append(path)
        else:
            raise UsageError(f"{path} does not exist: check the path")
    return list(dict.fromkeys(files))


def _numbered(path: Path) -> list[tuple[str, int]]:
    """What puts `part 10` behind `part 9`."""
    return [(word, int(digits or 0)) for word, digits in re.findall(r"(\D*)(\d*)", str(path))]


def check_md5(path: Path) -> None:
    """Compare a file with the sum that its source publishes beside it, if there is one. Raises InputError."""
    beside = path.with_name(path.name + ".md5")
    if not beside.exists():
        return
    try:
        said = re.search(r"\b[0-9a-fA-F]{32}\b", beside.read_text("ascii", "replace"))
        with path.open("rb") as file:
            found = hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from None
    if not said or said[0].lower() != found:
        raise InputError(f"{path.name} is not the file that {beside.name} was made of: fetch both again")


def sha256(path: Path) -> str:
    """The SHA-256 of the file as it lies there."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from None


def chunks(stream: IO[bytes], name: str) -> Iterator[bytes]:
    """The decoded bytes, piece by piece. Raises TruncatedError or InputError where the packing is broken."""
    total = 0
    try:
        while chunk := stream.read(CHUNK):
            total += len(chunk)
            if total > MAX_MEMBER:
                raise InputError(f"{name} unpacks to more than {MAX_MEMBER >> 30} GB: no source publishes such a file")
            yield chunk
    except EOFError:
        raise TruncatedError(f"{name} is cut: the compressed data end after {total:,} bytes; fetch it again") from None
    except (gzip.BadGzipFile, zipfile.BadZipFile, zlib.error, IsalError) as error:  # type: ignore[misc]
        raise InputError(f"{name} is damaged after {total:,} bytes ({error}); fetch it again") from None


@contextmanager
def members(path: Path, suffix: str) -> Iterator[Iterator[tuple[str, IO[bytes]]]]:
    """The files in a file: itself when plain or gzip, else the members of the zip with that suffix, by name.

    Yields (name, decoded stream that can be read again from 0); a stream is open until the next one is asked for. A
    gzip file is unpacked once into an unnamed temporary file: that it is whole is known before its first record.
    """
    try:
        with path.open("rb") as file:
            head = file.read(4)
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from None
    if not head:
        raise InputError(f"{path} is empty")
    if head[:2] == b"PK":
        try:
            archive = zipfile.ZipFile(path)
        except zipfile.BadZipFile:
            raise TruncatedError(f"{path} begins like a zip file and does not end like one; fetch it again") from None
        with archive:
            yield _unzipped(archive, path, suffix)
    elif head[:2] == b"\x1f\x8b":
        with _gunzipped(path) as packed, tempfile.TemporaryFile() as stream:
            stream.writelines(chunks(packed, path.name))
            stream.seek(0)
            yield iter([(path.name, stream)])
    else:
        with path.open("rb") as plain:
            yield iter([(path.name, plain)])


def _gunzipped(path: Path) -> IO[bytes]:
    stream: IO[bytes] = igzip.open(path)  # type: ignore[no-untyped-call]
    return stream


def _unzipped(archive: zipfile.ZipFile, path: Path, suffix: str) -> Iterator[tuple[str, IO[bytes]]]:
    names = sorted(n for n in archive.namelist() if n.lower().endswith(suffix))
    if not names:
        raise InputError(f"{path} holds no *{suffix} file")
    for name in names:
        with archive.open(name) as stream:
            yield f"{path.name}/{name}", stream


def whole(stream: IO[bytes], name: str) -> bytes:
    """All decoded bytes at once."""
    return b"".join(chunks(stream, name))


def kind_of(head: bytes) -> str:
    """What bytes look like, for a message: "an HTML page", "an empty file" ..."""
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:200].lower()
    if not text:
        return "nothing"
    if text.startswith((b"<!doctype html", b"<html")):
        return "an HTML page"
    if text.startswith(b"<"):
        return "another XML document"
    return "JSON" if text.startswith((b"{", b"[")) else "another format"
