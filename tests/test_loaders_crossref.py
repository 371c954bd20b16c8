"""Crossref from files, by DOI and by words: what publishers leave out, and cursors that never end."""

import gzip
import json
import zipfile
from pathlib import Path

import pytest
from kolgraph.loaders.crossref import LOADER
from servers.crossref import Crossref, item
from servers.faults import Fault, Served, faulty, survives

from kolgraph.errors import InputError, SourceError, UsageError
from kolgraph.inbox import Inbox
from kolgraph.loading import Ask, Page
from kolgraph.loading.http import Client
from kolgraph.loading.markup import plain
from kolgraph.loading.runner import LoadResult, load
from kolgraph.model import Affiliation, Mention, Publication
from kolgraph.testing import check_loader

WORKS = Path(__file__).parent / "data" / "crossref_works.json"


def pages(path: Path) -> list[Page]:
    return check_loader(LOADER, Ask(file=path), Client(LOADER, Ask()))


def papers(path: Path) -> dict[str, Publication]:
    found = (record.noun for page in pages(path) for record in page.records)
    return {noun.id.removeprefix("doi:10.1000/"): noun for noun in found if isinstance(noun, Publication)}


def test_an_item_is_read_whole() -> None:
    assert papers(WORKS)["invented.1"] == Publication(
        "doi:10.1000/invented.1",
        title="Inhaled steroids & asthma",
        year=2021,
        date="2021-06",
        journal="Invented & Journal",
        types=("journal-article",),
        abstract="We asked (p < 0.05) and wrote.",
        language="eng",
        trials=("nct:NCT90000001",),
        grants=("IF-7 (Invented Fund)", "IF-8 (Invented Fund)", "Second Fund"),
        authors=(
            Mention(
                0,
                "Erfunden",
                "Nora B.",
                suffix="Jr.",
                orcid="0000-0002-1825-0097",
                affiliations=(Affiliation("Harbour Clinic, Hamburg", ("ror:04nbqb988",)),),
            ),
            Mention(1, group="The Invented Study Group"),
            Mention(2, "Beispiel"),
            Mention(3, "Onename"),
        ),
        cited_by=12,
    )


def test_what_publishers_leave_out() -> None:
    found = papers(WORKS)
    old = found["(sici)1097-4679(199601)52:1<1::aid-jclp1>3.0.co;2-%23"]  # its mark would part record from position
    assert (old.year, old.date, old.title) == (1996, "1996-01", "")
    assert old.identifiers == ("doi:10.1000/(sici)1097-4679(199601)52:1<1::aid-jclp1>3.0.co;2-#",)
    assert (found["preprint"].title, found["preprint"].date) == ("Ein Titel", "2020-05-06")
    assert found["preprint"].types == ("posted-content", "preprint")
    assert found["erratum"].date == "2022"
    assert found["book"].authors == (Mention(0, "Vorbild", "Ada", role="editor"),)
    assert {name: one.kind for name, one in found.items() if one.kind != "article"} == {
        **{"notice": "notice", "erratum": "erratum", "retracted": "retracted"},
        **{"book": "book", "issue": "other"},
    }
    (page,) = pages(WORKS)
    assert page.unknown == {
        "author: without a name, left out": 1,
        "item type: hologram": 1,
        "item: is-referenced-by-count is str, left out": 1,
        "language: xx": 1,
    }
    assert [reject.reason for reject in page.rejected] == ["the item has no DOI (DOI: '')"]
    assert page.records[0].version == 1667368226056


def test_every_form_of_a_file(tmp_path: Path) -> None:
    listed = json.loads(WORKS.read_bytes())["message"]["items"]
    single = {"status": "ok", "message-type": "work", "message": listed[0]}
    forms = {
        "dump.json.gz": gzip.compress(json.dumps({"items": listed}).encode()),
        "lines.jsonl": b"\n".join(json.dumps(one).encode() for one in listed),
        "one.json": json.dumps(single, indent=1).encode(),
        "bare.json": json.dumps(listed[0]).encode(),
    }
    for name, body in forms.items():
        (tmp_path / name).write_bytes(body)
    with zipfile.ZipFile(tmp_path / "many.zip", "w") as archive:
        archive.writestr("1.json", json.dumps({"items": listed}))
        archive.writestr("2.json", b'{"items": [')
        archive.writestr("README.txt", b"what this is")
    counts = {name: len(papers(tmp_path / name)) for name in (*forms, "many.zip")}
    assert counts == {"dump.json.gz": 9, "lines.jsonl": 9, "one.json": 1, "bare.json": 1, "many.zip": 9}
    (page,) = pages(tmp_path / "many.zip")
    assert [reject.reason for reject in page.rejected][1:] == [
        "many.zip/2.json is cut: its JSON has no end; fetch it again"
    ]


def test_a_damaged_member_of_a_zip_is_one_reject(tmp_path: Path) -> None:
    path = tmp_path / "many.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("1.jsonl", json.dumps(item(1)) + "\n" + json.dumps(item(2)))
        archive.writestr("2.jsonl", json.dumps(item(3)))
    path.write_bytes(path.read_bytes().replace(b"Erfunden2", b"Erfunden9"))  # its checksum tells
    (page,) = pages(path)
    assert [r.id for r in page.records] == ["doi:10.1000/invented.3"]
    assert "damaged" in page.rejected[0].reason


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("<jats:p>A <jats:italic>b</jats:italic>c</jats:p><jats:p>d</jats:p>", "A bc d"),
        ("H<sub>2</sub>O, p < 0.05 and 3 > 2", "H2O, p < 0.05 and 3 > 2"),
        ("R&amp;D &amp;lt;i&amp;gt;x&amp;lt;/i&amp;gt; &eacute;", "R&D x é"),
        ("<!-- no -->yes<br/>more", "yes more"),
        ("a<b and c>d", "a<b and c>d"),
        ("<!--" * 50_000, "<!--" * 50_000),  # in no time: each look at it ends at the next one
        (None, ""),
    ],
)
def test_markup_goes_and_words_stay(said: str | None, words: str) -> None:
    assert plain(said) == words


# by query


def world(count: int, **said: object) -> Crossref:
    return Crossref({str(one["DOI"]): one for one in map(item, range(101, 101 + count))}, **said)  # type: ignore[arg-type]


def run(inbox: Inbox, served: Served, **said: object) -> LoadResult:
    ask = Ask(base_url=served.url, **{"query": "asthma", "contact": "msl@firm.example", **said})  # type: ignore[arg-type]
    client = Client(LOADER, ask, sleep=served.clock.sleep, clock=served.clock.now)
    return load(inbox, LOADER, ask, client, lambda *a: None)


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kolgraph.loaders.crossref.PAGE", 20)
    monkeypatch.setattr("kolgraph.loaders.crossref.BY_DOI", 10)


@pytest.mark.parametrize(
    ("query", "seed"), [("asthma", 6), ("doi:" + "|".join(f"10.1000/invented.{n}" for n in range(101, 161)), 7)]
)
def test_two_thousand_faults(small_pages: None, query: str, seed: int) -> None:
    one = world(60)
    truth = {f"doi:{doi}" for doi in one.items}
    survives(LOADER, Ask(query=query), one, truth, rate=1, faults=1000, seed=seed, share=0.8)


def test_a_walk_to_the_page_without_items(inbox: Inbox, small_pages: None) -> None:
    one = world(50)
    with faulty(one) as served:
        assert run(inbox, served, since="2013-01-01").records == 35
        assert one.polite == {"msl@firm.example"}
        assert served.never_faster_than(3)
        assert not served.never_faster_than(1)
        run(inbox, served, query="hay fever", contact="")
    assert one.polite == {"msl@firm.example", ""}


def test_an_expired_cursor_begins_anew(inbox: Inbox, small_pages: None) -> None:
    one = world(50)
    with faulty(one, [None, *[Fault("503")] * 6]) as served:
        with pytest.raises(SourceError, match="failed 6 times"):
            run(inbox, served)
        one.epoch = 1
        assert run(inbox, served).incomplete == ""
    assert inbox.counts()["publications"] == 50


def test_by_doi_with_commas_and_with_one_that_nobody_has(inbox: Inbox, small_pages: None) -> None:
    one = world(25)
    one.items["10.1000/with,comma"] = item(1, DOI="10.1000/with,comma")
    asked = [f"https://doi.org/10.1000/INVENTED.{n}" for n in range(101, 126)]
    with faulty(one) as served:
        result = run(inbox, served, query=f"DOI: {'|'.join(asked)} 10.1000/with,comma 10.1000/gone 10.1000/gone,too")
    assert (result.records, result.rejected, result.incomplete) == (26, 2, "")
    told = {one.where: one.reason for one in inbox.quarantine()}
    assert told == dict.fromkeys(("doi:10.1000/gone", "doi:10.1000/gone,too"), "Crossref does not have this DOI")


def test_plans() -> None:
    assert LOADER.plan
    with faulty(world(450)) as served:
        ask = Ask(query="asthma", base_url=served.url)
        told = LOADER.plan(ask, Client(LOADER, ask, sleep=served.clock.sleep, clock=served.clock.now))
        assert (told.records, told.requests, len(served.asked)) == (450, 4, 1)
        told = LOADER.plan(Ask(query="doi:10.1000/a|10.1000/b"), Client(LOADER, ask))
        assert (told.records, told.requests, len(served.asked)) == (2, 1, 1)


def test_a_query_that_is_not_understood_and_none(inbox: Inbox) -> None:
    with faulty(world(1)) as served, pytest.raises(UsageError, match="not understand the query"):
        run(inbox, served, query="wrong")
    with pytest.raises(UsageError, match="Give a file, words, or DOIs"):
        list(LOADER.pages(Ask(), Client(LOADER, Ask()), ""))


# the real records, counted as their manifest counts them


def test_real_files(realdata: Path) -> None:
    folder = realdata / "crossref"
    found = {path.name: pages(path) for path in sorted(folder.glob("*.gz"))}
    records = [record for listed in found.values() for page in listed for record in page.records]
    assert (len(found), len(records), len({record.id for record in records})) == (15, 365, 362)
    assert not any(page.rejected for listed in found.values() for page in listed)
    nouns = [record.noun for record in records if isinstance(record.noun, Publication)]
    assert any(one.year is None for page in found["cr_works_1.json.gz"] for one in _nouns(page))
    assert any(not one.title for page in found["cr_journals_issn_workstrue_behavior_2.json.gz"] for one in _nouns(page))
    staff = found["cr_journals_with_cursor_and_progress_bar_0.json.gz"]
    assert any(a.group == "The PLOS ONE Staff" for page in staff for one in _nouns(page) for a in one.authors)
    assert not any("<jats" in one.abstract or "&amp;" in one.title for one in nouns)
    assert sum(bool(a.orcid) for one in nouns for a in one.authors) > 50


def test_real_samples_of_the_yearly_data(realdata: Path) -> None:
    counts = {path.name: len(papers(path)) for path in (realdata / "crossref" / "dump_sample").iterdir()}
    assert sum(counts.values()) == 7
    assert counts["crossref-2025.jsonl.gz"] == 3


def _nouns(page: Page) -> list[Publication]:
    return [record.noun for record in page.records if isinstance(record.noun, Publication)]


def test_files_that_are_none_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "file.json"
    path.write_bytes(b'{"status": "ok", "message": {"items": [{"DOI": "10.1')
    with pytest.raises(InputError, match="is cut"):
        pages(path)
