"""PubMed files: every oddity of the format on invented records, and what happens to files that are none."""

import gzip
import zipfile
from collections import Counter
from pathlib import Path

import pytest
from kolgraph.loaders.pubmed import LOADER

from kolgraph.errors import InputError, TruncatedError, UsageError
from kolgraph.loading import Ask, Page
from kolgraph.loading.http import Client
from kolgraph.model import Affiliation, MeshTerm, Publication

ODDITIES = Path(__file__).parent / "data" / "pubmed_oddities.xml"


def pages(path: Path, limit: int | None = None, cursor: str = "") -> list[Page]:
    ask = Ask(file=path, limit=limit)
    return list(LOADER.pages(ask, Client(LOADER, ask), cursor))


@pytest.fixture(scope="module")
def read() -> Page:
    (one,) = pages(ODDITIES)
    return one


@pytest.fixture(scope="module")
def papers(read: Page) -> dict[str, Publication]:
    return {record.id.removeprefix("pmid:9000000"): record.noun for record in read.records}  # type: ignore[misc]


def test_a_full_record(papers: dict[str, Publication]) -> None:
    paper = papers["1"]
    assert paper.title == "Effect of H2O on Drosophila & others."
    assert (paper.year, paper.date, paper.journal) == (2019, "2019-12-15", "Journal of invented findings")
    assert paper.abstract == "BACKGROUND: Water is wet.\nRESULTS: So it was."
    assert paper.identifiers == ("doi:10.5555/kol.1", "pmc:PMC9000001")
    assert paper.trials == ("nct:NCT90000001",)
    assert paper.grants == ("R99 XX000001 (Institute of Invention)", "Ice Fund")
    assert paper.keywords == ("water", "ice age")
    assert paper.mesh == (MeshTerm("mesh:D000344", "Afferent Pathways", True), MeshTerm("mesh:D000818", "Animals"))
    assert paper.kind == "trial"
    assert paper.types[-1] == "Interpretive Dance"
    assert paper.complete


def test_authors_keep_their_slots(papers: dict[str, Publication]) -> None:
    first, second, group, alone, coded, member = papers["1"].authors
    assert [a.position for a in papers["1"].authors] == [0, 1, 3, 4, 5, 6]  # slot 2 is marked invalid
    assert (first.last, first.fore, first.initials, first.orcid) == ("Norvik", "Åsa M", "ÅM", "0000-0002-1825-0097")
    assert first.affiliations[0].identifiers == (
        "grid:grid.99999.1",
        "isni:000000012150090X",
        "ringgold:12345",
        "ror:04nbqb988",
    )
    assert first.affiliations[1] == Affiliation("Institute of Ice, Oslo, Norway.")
    assert (first.corresponding, second.corresponding) == (True, False)
    assert (second.suffix, second.orcid) == ("Jr", "0000-0002-1694-233X")
    assert (group.group, group.last, group.affiliations[0].text) == ("Water Study Group", "", "Everywhere.")
    assert (alone.last, alone.fore, alone.orcid) == ("Qing Ju Mon", "", "")
    assert (coded.last, coded.fore, coded.orcid) == ("Løvstad", "Pär", "0000-0001-5109-3700")
    assert (member.last, member.role) == ("Membro", "member")


def test_what_has_no_word_is_counted(read: Page) -> None:
    assert read.unknown == Counter(
        {
            "author: marked invalid by PubMed, left out": 1,
            "orcid: malformed, left out": 1,
            "affiliation id: MOON not understood, left out": 1,
            "trial number: malformed, left out": 1,
            "publication type: Interpretive Dance": 1,
        }
    )


@pytest.mark.parametrize(
    ("number", "date", "kind"),
    [
        ("2", "2018-07", "comment"),  # MedlineDate; an editorial
        ("3", "1978", "review"),  # a season
        ("4", "2020-06", "retracted"),  # the 31st of June; a trial that was withdrawn
        ("5", "2021-02", "notice"),
        ("6", "2022-03-04", "erratum"),  # no printed date: the electronic one; told by its link alone
        ("7", "2021", "article"),
        ("8", "2004-11-02", "book"),
    ],
)
def test_dates_keep_their_precision_and_kinds_follow_types_and_links(
    papers: dict[str, Publication], number: str, date: str, kind: str
) -> None:
    assert (papers[number].date, papers[number].year, papers[number].kind) == (date, int(date[:4]), kind)


def test_absent_parts(papers: dict[str, Publication]) -> None:
    assert papers["2"].title == "Sur l'absence des auteurs."
    assert (papers["2"].authors, papers["2"].journal, papers["2"].language) == ((), "Acta Absentia", "fre")
    assert not papers["3"].complete
    assert papers["3"].journal == "Old J"


def test_a_book_chapter_has_authors_before_editors(papers: dict[str, Publication]) -> None:
    chapter = papers["8"]
    assert (chapter.title, chapter.journal) == ("Zero", "Handbook of Nothing®")
    said = [(a.position, a.last, a.role) for a in chapter.authors]
    assert said == [(0, "Autor", "author"), (1, "Autrice", "author"), (2, "Redactor", "editor")]


def test_versions_and_revisions_order_the_states(read: Page) -> None:
    versions = [record.version for record in read.records if record.id == "pmid:90000007"]
    assert versions == [100000000, 200000000]
    assert read.records[0].version == 100000000 + 20210607


def test_a_deletion_takes_all_revisions_of_its_version(read: Page) -> None:
    assert [id for id, _ in read.deleted] == ["pmid:90000099", "pmid:90000003"]
    assert {version for _, version in read.deleted} == {199999999}


def test_bad_records_are_rejected_and_the_rest_is_read(read: Page) -> None:
    assert [r.reason.partition(":")[0] for r in read.rejected] == [
        "not well-formed",
        "the record has no PMID",
        "the record has no end",
    ]
    assert b"90000009" in read.rejected[0].raw
    assert read.records[-1].id == "pmid:90000011"
    assert read.records[-1].noun.kind == "guideline"  # type: ignore[union-attr]
    assert read.expected == len(read.records) + len(read.rejected)


def test_the_bytes_of_the_source_are_kept(read: Page) -> None:
    raw = read.records[0].raw
    assert raw.startswith(b"<PubmedArticle>")
    assert raw.endswith(b"</PubmedArticle>")
    assert b"ReferenceList" in raw


def document(*pmids: int, tail: str = "</PubmedArticleSet>\n") -> bytes:
    records = (
        f'<PubmedArticle><MedlineCitation><PMID Version="1">{n}</PMID><Article><ArticleTitle>T{n}</ArticleTitle>'
        "</Article></MedlineCitation></PubmedArticle>"
        for n in pmids
    )
    return ("<?xml version='1.0'?>\n<PubmedArticleSet>\n" + "\n".join(records) + tail).encode()


def test_pages_and_cursors(tmp_path: Path) -> None:
    path = tmp_path / "many.xml.gz"
    path.write_bytes(gzip.compress(document(*range(1, 1252))))
    walk = pages(path)
    assert [(len(page.records), page.cursor, page.expected) for page in walk] == [
        (500, "500", 1251),
        (500, "1000", 1251),
        (251, "", 1251),
    ]
    assert pages(path, cursor="500") == walk[1:]
    assert [len(page.records) for page in pages(path, limit=700)] == [500, 200]


def test_records_across_the_chunks_of_a_stream(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kolgraph.loading.files.CHUNK", 7)
    path = tmp_path / "small.xml"
    path.write_bytes(ODDITIES.read_bytes())
    (one,) = pages(path)
    assert len(one.records) == 10
    assert len(one.rejected) == 3


BOMB = "<!ENTITY a0 'ha'>" + "".join(f"<!ENTITY a{i} '&a{i - 1};&a{i - 1};'>" for i in range(1, 60_000))


@pytest.mark.parametrize(
    ("content", "error", "said"),
    [
        (b"", InputError, "is empty"),
        (b"  \n", InputError, "is empty"),
        (b"<!DOCTYPE html><html><body>500</body></html>", InputError, "an HTML page"),
        (b"<html></html>", InputError, "an HTML page"),
        (b'{"studies": []}', InputError, "is not XML: it begins like JSON"),
        (b"PMID- 1\n", InputError, "is not XML"),
        (b"<MedlineCitationSet></MedlineCitationSet>", InputError, "<MedlineCitationSet>"),
        (b"<eFetchResult><ERROR>Empty result</ERROR></eFetchResult>", InputError, "it says: Empty result"),
        (document(1, 2, tail=""), TruncatedError, "does not end with </PubmedArticleSet>"),
        (gzip.compress(document(*range(500)))[:-300], TruncatedError, "is cut"),
        (gzip.compress(document(1))[:-6] + b"\0\0\0\0\0\0", InputError, "damaged"),
        (b"<?xml version='1.0' encoding='latin-1'?>" + document(1)[21:], InputError, "UTF-8 is expected"),
        (f"<!DOCTYPE PubmedArticleSet [{BOMB}]>".encode() + document(1)[21:], InputError, "declares XML entities"),
        (b"<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/hostname'>]>" + document(1)[21:], InputError, "entities"),
        (b"PK\3\4 and no more", TruncatedError, "zip"),
    ],
)
def test_files_that_are_none_are_refused_before_the_first_page(
    tmp_path: Path, content: bytes, error: type[InputError], said: str
) -> None:
    path = tmp_path / "file.xml"
    path.write_bytes(content)
    with pytest.raises(error, match=said) as caught:
        pages(path)
    assert "file.xml" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_file_is_a_slip_of_the_user(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        pages(tmp_path / "none.xml")
    with pytest.raises(UsageError, match="Give a file or a query"):
        list(LOADER.pages(Ask(), Client(LOADER, Ask()), ""))


def test_an_empty_set_is_a_file_without_records(tmp_path: Path) -> None:
    path = tmp_path / "empty.xml"
    path.write_bytes(b"<?xml version='1.0'?><PubmedArticleSet/>")
    assert pages(path) == [Page(expected=0)]


def test_a_zip_is_read_around_its_broken_files(tmp_path: Path) -> None:
    path = tmp_path / "some.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.xml", document(1))
        archive.writestr("b.xml", b"")
        archive.writestr("c.xml", b"<eFetchResult><ERROR>unknown</ERROR></eFetchResult>")
        archive.writestr("d.xml", document(2))
        archive.writestr("readme.txt", "not XML")
    (page,) = pages(path)
    assert [record.id for record in page.records] == ["pmid:1", "pmid:2"]
    assert [reject.where for reject in page.rejected] == ["some.zip/b.xml", "some.zip/c.xml"]


def test_hostile_records_go_to_quarantine(tmp_path: Path) -> None:
    deep = b"<PubmedArticle>" + b"<a>" * 70 + b"</a>" * 70 + b"</PubmedArticle>"
    long = b"<PubmedArticle>" + b"x" * (17 << 20) + b"</PubmedArticle>"
    inner = b"<PubmedArticle><!DOCTYPE x [<!ENTITY e 'x'>]>&e;</PubmedArticle>"
    control = b"<PubmedArticle>\x0b</PubmedArticle>"
    latin = "<PubmedArticle>é</PubmedArticle>".encode("latin-1")
    path = tmp_path / "hostile.xml"
    path.write_bytes(
        document(1, tail="") + deep + long + inner + control + latin + b"<Odd/>" + document(2).partition(b"Set>\n")[2]
    )
    (page,) = pages(path)
    assert [record.id for record in page.records] == ["pmid:1", "pmid:2"]
    assert [reject.reason.partition(":")[0] for reject in page.rejected] == [
        "nested deeper than 64 levels",
        "the record has over 16 MB",
        "not well-formed",
        "not well-formed",
        "not well-formed",
        "unknown content between records",
    ]
