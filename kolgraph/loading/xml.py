"""The guarded door through which all XML comes in: records are cut out of the stream and parsed one by one.

Guard: the bytes before the first record declare no entity, the root is the one promised and is closed at the end, a
record has at most 16 MB, a million tags and 64 levels. A slice begins at its own tag, so that it cannot declare any
entity either (a DOCTYPE inside is not well-formed). Each record is fed to expat in one call: fed by 4 KB, one long
token costs minutes.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple
from xml.etree.ElementTree import Element, ParseError, XMLParser
from xml.parsers.expat import ExpatError, ParserCreate

from kolgraph.errors import InputError, TruncatedError
from kolgraph.loading.files import kind_of

MAX_DEPTH = 64
MAX_RECORD = 16 << 20
MAX_TAGS = 1_000_000  # of a record: its tree takes forty times the bytes; 5,425 authors have 100,000
MAX_PROLOG = 64 << 10
_KEEP = 64 << 10  # of a record that is too long, enough to see what it is
_TOO_LONG = f"the record has over {MAX_RECORD >> 20} MB"
_CLOSING = re.compile(rb"</[\w.:-]+>$")
_ENCODING = re.compile(rb"""<\?xml[^>]*encoding\s*=\s*["']([^"']+)["']""")


class Slice(NamedTuple):
    """The bytes of one record, or what stands where one should be and why it is none."""

    tag: bytes
    raw: bytes
    fault: str = ""


def root_of(head: bytes, name: str) -> bytes:
    """The root tag of a document from its first bytes. Raises InputError where the guard refuses it."""
    head = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    found = re.search(rb"<([A-Za-z_][\w.:-]*)", head[:MAX_PROLOG])
    prolog = head[: found.start()] if found else head
    if b"<!ENTITY" in prolog or re.search(rb"<!DOCTYPE[^>]*\[", prolog):
        raise InputError(f"{name} declares XML entities: refused, no source of ours does that")
    encoding = _ENCODING.match(prolog)
    if encoding and encoding[1].lower() not in (b"utf-8", b"utf8", b"us-ascii"):
        raise InputError(f"{name} is encoded in {encoding[1].decode('ascii', 'replace')}: UTF-8 is expected")
    if not found or not head.startswith(b"<"):
        raise InputError(f"{name} is not XML: it begins like {kind_of(head)}")
    return found[1]


def check(chunks: Iterable[bytes], name: str, root: bytes, tags: tuple[bytes, ...]) -> int:
    """Read a document through without parsing: the number of records in it, when its head and its tail are right.

    Slicing hides a cut (all complete records come out), hence this look at the closing tag before anything is stored.
    Raises InputError, TruncatedError.
    """
    head, tail, count = b"", b"", 0
    seen = False
    starts = [(b"<" + tag + b">", len(tag) + 1) for tag in tags]
    for chunk in chunks:
        if not seen:
            head += chunk
            if len(head) < MAX_PROLOG:
                continue
            _expect_root(head, name, root)
            seen, chunk = True, head
        for start, reach in starts:
            count += chunk.count(start) + (tail[-reach:] + chunk[:reach]).count(start)
        tail = (tail + chunk[-256:])[-256:]
    if not seen:
        if not head.strip():
            raise InputError(f"{name} is empty")
        _expect_root(head, name, root)
        count, tail = sum(head.count(b"<" + tag + b">") for tag in tags), head[-256:]
    empty = re.search(rb"<" + root + rb"\s*/>\s*$", tail)
    if not tail.rstrip(b"\0 \t\r\n").endswith(b"</" + root + b">") and not empty:
        raise TruncatedError(f"{name} is cut: it does not end with </{root.decode()}>; fetch it again")
    return count


def watched(chunks: Iterable[bytes], controls: list[bool]) -> Iterator[bytes]:
    """The same chunks; `controls` gets for each whether it holds characters that no XML may hold."""
    import numpy as np

    for chunk in chunks:
        signs = np.frombuffer(chunk, np.uint8)
        # below tab; from 14 to 31, which wraps to the lowest when 14 is taken off; the two that stand between
        found = signs.min() < 9 or (signs - 14).min() < 18 or b"\x0b" in chunk or b"\x0c" in chunk
        controls.append(bool(found))
        yield chunk


def _expect_root(head: bytes, name: str, root: bytes) -> None:
    found = root_of(head, name)
    if found != root:
        said = re.search(rb"<ERROR>([^<]*)", head)
        what = f"it says: {said[1].decode('utf-8', 'replace').strip()}" if said else f"its root is <{found.decode()}>"
        if found.lower() == b"html":
            what = "it is an HTML page"
        raise InputError(f"{name} is no <{root.decode()}> document: {what}")


def slices(chunks: Iterable[bytes], tags: tuple[bytes, ...]) -> Iterator[Slice]:
    """Cut records out of a stream: `tags` are the elements directly below the root that are records.

    A record without end, a record too long and anything else between records come out as faults. Memory stays within
    one record and one chunk, whatever the stream holds.
    """
    start = re.compile(rb"<(" + b"|".join(tags) + rb")(?=[\s>])")
    next_one = re.compile(rb"\s*" + start.pattern)  # records mostly follow each other: look there before searching
    buffer, skip, prolog = b"", b"", True
    for chunk in chunks:
        buffer = buffer + chunk if buffer else chunk
        if skip:
            end = buffer.find(skip)
            if end < 0:
                buffer = buffer[-len(skip) :]
                continue
            buffer, skip = buffer[end + len(skip) :], b""
        at = 0
        while found := next_one.match(buffer, at) or start.search(buffer, at):
            begin = found.start(1) - 1
            if not prolog and (gap := buffer[at:begin].strip()):
                yield Slice(b"", gap[:_KEEP], "unknown content between records")
            prolog, at = False, begin
            close = b"</" + found[1] + b">"
            end = buffer.find(close, found.end())
            if end < 0:
                if len(buffer) - begin > MAX_RECORD:
                    yield Slice(found[1], buffer[begin : begin + _KEEP], _TOO_LONG)
                    skip = close
                break
            if buffer.find(b"<" + found[1], found.end(), end) >= 0 and (
                again := start.search(buffer, found.end(), end)
            ):
                yield Slice(found[1], buffer[begin : again.start()][:_KEEP], "the record has no end")
                at = again.start()
                continue
            at = end + len(close)
            if at - begin > MAX_RECORD:
                yield Slice(found[1], buffer[begin : begin + _KEEP], _TOO_LONG)
            else:
                yield Slice(found[1], buffer[begin:at])
        if skip:
            at = len(buffer) - len(skip)
        elif not found and len(buffer) - at > MAX_RECORD:
            yield Slice(b"", buffer[at : at + _KEEP], "unknown content between records")
            at = len(buffer) - 64
        buffer = buffer[at:]
    if not prolog and (rest := _CLOSING.sub(b"", buffer.strip(b"\0 \t\r\n"))):
        yield Slice(b"", rest[:_KEEP], "unknown content behind the last record")


def well_formed(raw: bytes) -> None:
    """Raise InputError when a record is not well-formed. Nothing is built, so that depth and tags cost nothing."""
    try:
        ParserCreate().Parse(raw, True)
    except ExpatError as error:
        raise InputError(f"not well-formed: {error}") from None


def parse(raw: bytes) -> Element:
    """One record as an element tree. Raises InputError when it is not well-formed or too deep."""
    if len(raw) > MAX_TAGS and raw.count(b"<") > MAX_TAGS:
        raise InputError(f"more than {MAX_TAGS:,} tags")
    parser = XMLParser()  # noqa: S314
    try:
        parser.feed(raw)
        root: Element = parser.close()
    except ParseError as error:
        raise InputError(f"not well-formed: {error}") from None
    level, depth = [root], 0
    while level:
        depth += 1
        if depth >= MAX_DEPTH:  # the leaves are one level further down
            raise InputError(f"nested deeper than {MAX_DEPTH} levels")
        level = [child for element in level for child in element if len(child)]
    return root


def without(raw: bytes, tag: bytes) -> bytes:
    """The record without everything from the first to the last element of that name: parts nobody reads."""
    first, last = raw.find(b"<" + tag), raw.rfind(b"</" + tag + b">")
    return raw if first < 0 or last < first else raw[:first] + raw[last + len(tag) + 3 :]


def text(element: Element | None) -> str:
    """All the text of an element, markup left out, white space run together; "" for None."""
    if element is None:
        return ""
    if len(element):
        return " ".join("".join(element.itertext()).split())
    said = element.text or ""
    return " ".join(said.split()) if "\n" in said else said.strip()
