"""MeSH: headings, entry terms, trees and editions, from a small file that we wrote in the form of NLM's."""

import gzip
from pathlib import Path

import pytest
from kolgraph.loaders import mesh

from kolgraph.errors import InputError, TruncatedError, UsageError
from kolgraph.inbox import Inbox
from kolgraph.loading import Ask
from kolgraph.loading.http import Client
from kolgraph.loading.runner import LoadResult, load
from kolgraph.model import Descriptor
from kolgraph.testing import check_loader

FILE = Path(__file__).parent / "data" / "mesh_descriptors.xml"
SUPPLEMENT = b"""<?xml version="1.0"?>
<!DOCTYPE SupplementalRecordSet SYSTEM "https://www.nlm.nih.gov/databases/dtd/nlmsupplementalrecordset_20260101.dtd">
<SupplementalRecordSet LanguageCode = "eng">
<SupplementalRecord SCRClass = "1"><SupplementalRecordUI>C000999</SupplementalRecordUI><SupplementalRecordName>
<String>erfundenol</String></SupplementalRecordName><HeadingMappedToList><HeadingMappedTo><DescriptorReferredTo>
<DescriptorUI>*D001249</DescriptorUI></DescriptorReferredTo></HeadingMappedTo></HeadingMappedToList><ConceptList>
<Concept PreferredConceptYN="Y"><TermList><Term IsPermutedTermYN="N"><String>erfundenol</String></Term>
<Term IsPermutedTermYN="N"><String>EFD-1</String></Term></TermList></Concept></ConceptList></SupplementalRecord>
</SupplementalRecordSet>
"""


def run(inbox: Inbox, path: Path) -> LoadResult:
    ask = Ask(file=path)
    return load(inbox, mesh.LOADER, ask, Client(mesh.LOADER, ask), lambda *a: None)


def test_headings_terms_and_trees(inbox: Inbox) -> None:
    result = run(inbox, FILE)
    assert (result.records, result.rejected, result.unknown) == (6, 0, {})
    held = {one.id: one for one in inbox.nouns(Descriptor)}
    trees = ("C08.127.108", "C08.381.495.108", "C08.674.095", "C20.543.480.680.095")
    assert held["mesh:D001249"] == Descriptor("mesh:D001249", "Asthma", ("Asthmas", "Bronchial Asthma"), trees)
    assert held["mesh:D013224"].terms == ("Asthmatic Crisis", "Asthmatic Shock")
    assert held["mesh:D012859"].name == "Sjögren's Syndrome"
    assert held["mesh:D005260"].trees == ()
    assert [load.mark for load in inbox.loads()] == ["2026-01-01"]


@pytest.mark.parametrize("page", [1, 2, 3, 6, 1000])
def test_every_cursor_goes_on_where_it_stands(monkeypatch: pytest.MonkeyPatch, page: int) -> None:
    monkeypatch.setattr(mesh, "PAGE", page)
    pages = check_loader(mesh.LOADER, Ask(file=FILE))
    assert sum(len(one.records) for one in pages) == 6
    assert [one.replaces for one in pages if one.replaces] == [("MeSH descriptor records",)]


def test_a_new_edition_closes_headings_that_are_gone(inbox: Inbox, tmp_path: Path) -> None:
    run(inbox, FILE)
    path = tmp_path / "supp2026.xml"
    path.write_bytes(SUPPLEMENT)
    run(inbox, path)
    text = FILE.read_text("utf-8").replace("_20260101.dtd", "_20270101.dtd")
    begin, end = (
        text.index('<DescriptorRecord DescriptorClass = "3">'),
        text.index('<DescriptorRecord DescriptorClass = "4">'),
    )
    newer = tmp_path / "desc2027.xml.gz"
    newer.write_bytes(gzip.compress((text[:begin] + text[end:]).encode()))
    run(inbox, newer)
    assert {one.id for one in inbox.nouns(Descriptor)} == {
        *("mesh:D001249", "mesh:D013224", "mesh:D001982", "mesh:D012859", "mesh:D005858"),
        "mesh:C000999",  # of another kind
    }
    found = inbox.record("mesh:C000999")
    assert found is not None
    assert found[0] == Descriptor("mesh:C000999", "erfundenol", ("EFD-1",), (), "supplement")


def test_one_bad_heading_is_set_aside(inbox: Inbox, tmp_path: Path) -> None:
    text = FILE.read_text("utf-8").replace("<DescriptorUI>D001249</DescriptorUI>", "<DescriptorUI>none</DescriptorUI>")
    path = tmp_path / "desc.xml"
    path.write_text(text.replace("<String>Germany</String>\n  </DescriptorName>", "</DescriptorName>"))
    result = run(inbox, path)
    assert (result.records, result.rejected, result.incomplete) == (4, 2, "")
    assert {one.reason for one in inbox.quarantine()} == {
        '"none" is no number of a heading',
        "heading D005858 has no name",
    }


@pytest.mark.parametrize(
    ("content", "error", "said"),
    [
        (FILE.read_bytes()[:-200], TruncatedError, "is cut"),
        (b"<PubmedArticleSet></PubmedArticleSet>", InputError, "no file of MeSH headings"),
        (b"<!DOCTYPE html><html></html>", InputError, "no file of MeSH headings"),
        (b'<!DOCTYPE DescriptorRecordSet [<!ENTITY a "b">]><DescriptorRecordSet/>', InputError, "entities"),
        (b"", InputError, "empty"),
    ],
)
def test_wrong_files_leave_nothing(inbox: Inbox, tmp_path: Path, content: bytes, error: type, said: str) -> None:
    path = tmp_path / "desc.xml"
    path.write_bytes(content)
    with pytest.raises(error, match=said):
        run(inbox, path)
    assert list(inbox.nouns(Descriptor)) == []


def test_there_is_no_service_to_ask() -> None:
    with pytest.raises(UsageError, match="loaded from a file"):
        next(mesh.pages(Ask(query="asthma"), Client(mesh.LOADER, Ask()), ""))
