"""The world's files: PubMed bulk files, API pages, a register dump; the same bytes wherever they are written."""

import csv
import json
import struct
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

HEAD = (
    '<?xml version="1.0" encoding="utf-8"?>\n'
    '<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2025//EN" '
    '"https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">\n<PubmedArticleSet>\n'
)
PER_FILE = 2000
PER_PAGE = 100
_BLOCK = 65535


def gzip_stored(data: bytes) -> bytes:
    """A gzip file whose blocks are stored: compressed bytes differ between zlib builds, these do not.

    RFC 1951 3.2.4 and RFC 1952; no time, no name. It is also as fast as copying.
    """
    parts = [b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"]
    for start in range(0, max(len(data), 1), _BLOCK):
        block = data[start : start + _BLOCK]
        last = start + _BLOCK >= len(data)
        parts += [struct.pack("<BHH", last, len(block), len(block) ^ 0xFFFF), block]
    parts.append(struct.pack("<II", zlib.crc32(data), len(data) & 0xFFFFFFFF))
    return b"".join(parts)


class BulkFiles:
    """PubMed bulk files of PER_FILE records each; `close` ends the last one, with the deletions."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._count = folder, 0
        self._waiting: list[str] = []

    def add(self, xml: str) -> None:
        self._waiting.append(xml)
        if len(self._waiting) == PER_FILE:
            self._flush("")

    def close(self, deleted: list[int]) -> None:
        rows = "\n".join(f'<PMID Version="1">{pmid}</PMID>' for pmid in deleted)
        self._flush(f"<DeleteCitation>\n{rows}\n</DeleteCitation>\n" if deleted else "")

    def _flush(self, tail: str) -> None:
        self._count += 1
        text = HEAD + "\n".join(self._waiting) + "\n" + tail + "</PubmedArticleSet>\n"
        (self._folder / f"pubmed26n{self._count:04d}.xml.gz").write_bytes(gzip_stored(text.encode()))
        self._waiting.clear()


def write_pages(folder: Path, studies: list[dict[str, Any]]) -> None:
    """API pages in the envelope of /studies; the second one is empty and still has a successor, as happens there."""
    pages = [studies[at : at + PER_PAGE] for at in range(0, max(len(studies), 1), PER_PAGE)]
    if len(pages) > 1:
        pages.insert(1, [])
    for at, page in enumerate(pages):
        envelope: dict[str, Any] = {"totalCount": len(studies)} if at == 0 else {}
        envelope["studies"] = page
        if at + 1 < len(pages):
            envelope["nextPageToken"] = f"KV5_page{at + 2:04d}"
        write_json(folder / f"studies_{at + 1:04d}.json", envelope)


def write_json(path: Path, value: Any) -> None:
    path.write_bytes(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())


def write_csv(path: Path, head: Sequence[str], rows: list[dict[str, Any]]) -> None:
    """A CSV with every cell in quotation marks, as the registers write theirs; what a row does not say is empty."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, head, restval="", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
        writer.writeheader()
        writer.writerows(rows)


def write_table(path: Path, head: str, rows: list[str]) -> None:
    """A tab-separated table with a head line."""
    path.write_bytes("\n".join([head, *rows, ""]).encode())
