"""MeSH, the vocabulary of medicine: headings with their entry terms and places in the tree, from NLM's yearly files.

Descriptors (`desc2026.xml`) and, for whoever wants them, supplementary concepts (`supp2026.xml`), gzip or not. A file
is one edition of all headings of its kind: what a later one leaves out is closed. The elements are those of
https://www.nlm.nih.gov/mesh/xml_data_elements.html.
"""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING
from xml.etree.ElementTree import Element

from kolgraph.errors import InputError, UsageError
from kolgraph.ids import mesh_id
from kolgraph.loading import Ask, Loader, Page, Record, Reject
from kolgraph.loading.files import chunks, members
from kolgraph.loading.xml import MAX_PROLOG, Slice, check, parse, root_of, slices, text
from kolgraph.model import Descriptor

if TYPE_CHECKING:
    from kolgraph.loading.http import Client

PAGE = 1000
KINDS = {b"DescriptorRecordSet": "Descriptor", b"SupplementalRecordSet": "Supplemental"}  # root -> what tags begin with
_EDITION = re.compile(rb"<!DOCTYPE[^>]*?(\d{8})\.dtd")


def pages(ask: Ask, client: "Client", cursor: str) -> Iterator[Page]:
    """Pages of a file."""
    if not ask.file:
        raise UsageError(
            "MeSH is loaded from a file: desc2026.xml or .gz, from https://www.nlm.nih.gov/databases/download/mesh.html"
        )
    yield from _file_pages(ask.file, int(cursor or 0), ask.limit)


def _file_pages(path: Path, done: int, limit: int | None) -> Iterator[Page]:
    with members(path, ".xml") as files:
        for name, stream in files:
            kind, edition, expected = _checked(name, stream)
            cut = islice(slices(chunks(stream, name), (f"{kind}Record".encode(),)), done, limit)
            last = False
            while not last:
                batch = list(islice(cut, PAGE))
                last = len(batch) < PAGE
                whole = (_group(kind),) if last and limit is None else ()
                records, rejected, unknown = _read(batch, kind, edition, f"{name} record", done)
                done += len(batch)
                yield Page(
                    records,
                    "" if last else str(done),
                    rejected=rejected,
                    unknown=unknown,
                    expected=expected if limit is None else min(limit, expected),
                    replaces=whole,
                    mark=edition,
                )
            return  # a zip holds one edition of one kind


def _checked(name: str, stream: IO[bytes]) -> tuple[str, str, int]:
    """What a file holds, its edition (ISO date or "") and how many records; it is read through before the first one."""
    head = stream.read(MAX_PROLOG)
    root = root_of(head, name)
    if root not in KINDS:
        raise InputError(f"{name} is no file of MeSH headings: its root is <{root.decode('utf-8', 'replace')}>")
    stream.seek(0)
    kind = KINDS[root]
    count = check(
        chunks(stream, name), name, root, (f"/{kind}Record".encode(),)
    )  # they end alike, begin with attributes
    stream.seek(0)
    found = _EDITION.search(head)
    said = found[1].decode() if found else ""
    return kind, f"{said[:4]}-{said[4:6]}-{said[6:]}" if said else "", count


def _read(
    batch: list[Slice], kind: str, edition: str, where: str, done: int
) -> tuple[tuple[Record, ...], tuple[Reject, ...], Counter[str]]:
    records, rejected, unknown = [], [], Counter[str]()
    for place, one in enumerate(batch, start=done):
        try:
            if one.fault:
                raise InputError(one.fault)
            records.append(parse_record(one.raw, kind, edition, unknown))
        except InputError as error:
            rejected.append(Reject(f"{where} {place}", str(error), one.raw))
    return tuple(records), tuple(rejected), +unknown


def parse_record(raw: bytes, kind: str, edition: str, unknown: Counter[str]) -> Record:
    """The record in the bytes of one heading. Raises InputError saying what is wrong with it."""
    root = parse(raw)
    said = text(root.find(f"{kind}RecordUI" if kind == "Supplemental" else "DescriptorUI"))
    number = mesh_id(said)
    if not number:
        raise InputError(f'"{said[:40]}" is no number of a heading')
    name = text(root.find(f"{kind}RecordName/String" if kind == "Supplemental" else "DescriptorName/String"))
    if not name:
        raise InputError(f"heading {number} has no name")
    terms = dict.fromkeys(
        text(term.find("String")) for term in root.iterfind("ConceptList/Concept/TermList/Term") if _spoken(term)
    )
    if not terms:
        unknown["heading without terms"] += 1
    trees = tuple(text(tree) for tree in root.iterfind("TreeNumberList/TreeNumber"))
    noun = Descriptor(
        f"mesh:{number}",
        name,
        tuple(term for term in terms if term and term != name),
        trees,
        "supplement" if kind == "Supplemental" else "descriptor",
    )
    return Record(noun.id, raw, noun, _version(root, edition), _group(kind))


def _spoken(term: Element) -> bool:
    """Whether people write a term so: "Asthma, Bronchial" is made by machine from "Bronchial Asthma"."""
    return term.get("IsPermutedTermYN") != "Y"


def _version(root: Element, edition: str) -> int:
    revised = root.find("DateRevised")
    parts = edition.split("-") if edition else [text(one) for one in revised] if revised is not None else []
    return int("".join(part.zfill(2) for part in parts)) if parts and all(part.isdigit() for part in parts) else 1


def _group(kind: str) -> str:
    return f"MeSH {kind.lower()} records"


LOADER = Loader(
    name="mesh",
    title="MeSH",
    home="https://www.nlm.nih.gov/mesh/",
    licence="public",
    yields=("descriptors",),
    version="1",
    pages=pages,
)
