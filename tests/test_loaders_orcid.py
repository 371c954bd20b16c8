"""ORCID from files: the records of its yearly archive and the documents of its API. Its service is asked
by members alone."""

import io
import tarfile
import zipfile
from pathlib import Path

import pytest
from kolgraph.loaders.orcid import LOADER
from servers.faults import Served, faulty, survives
from servers.orcid import Orcid, numbers

from kolgraph.errors import InputError, SourceError, TruncatedError, UsageError
from kolgraph.inbox import Inbox
from kolgraph.loading import Ask, Page, Record
from kolgraph.loading.http import Client
from kolgraph.loading.runner import LoadResult, load
from kolgraph.model import Affiliation, Profile
from kolgraph.testing import check_loader

DATA = Path(__file__).parent / "data"
ID = "orcid:0000-0002-1825-0097"
LOCKED = b"""<?xml version="1.0"?><error:error xmlns:error="http://www.orcid.org/ns/error">
<error:response-code>409</error:response-code><error:developer-message>409 Conflict: The ORCID record is locked
</error:developer-message></error:error>"""
WORKS = b'{"last-modified-date": {"value": 1748178734000}, "group": [{}, {}], "path": "/0000-0002-1825-0097/works"}'


def pages(path: Path) -> list[Page]:
    return check_loader(LOADER, Ask(file=path), Client(LOADER, Ask()))


def records(path: Path) -> list[Record]:
    return [record for page in pages(path) for record in page.records]


def written(folder: Path, name: str, body: bytes) -> Path:
    path = folder / name
    path.write_bytes(body)
    return path


def test_a_record_of_the_yearly_file() -> None:
    (record,) = records(DATA / "orcid_record.xml")
    places = (
        Affiliation("Harbour Clinic", ("ror:04nbqb988",), "Hamburg", "", "DE"),
        Affiliation("Coast University", ("fundref:501100009999",), "Brest", "Brittany", "FR"),
    )
    assert record.noun == Profile(ID, "NORA ERFUNDEN", ("N. Erfunden",), "0000-0002-1825-0097", places, 2)
    assert record.version == 1654196656628


def test_a_person_of_the_api() -> None:
    (record,) = records(DATA / "orcid_person.json")
    names = ("nora", "N. Erfunden")
    assert record.noun == Profile(
        ID, "Nora B Erfunden", names, "0000-0002-1825-0097", (Affiliation("", country="DE"),), None
    )
    assert record.version == 1568967127444


def test_works_alone_count_least_whatever_comes_first(tmp_path: Path, inbox: Inbox) -> None:
    works = written(tmp_path, "works.json", WORKS)
    assert records(works)[0].noun == Profile(ID, "", orcid="0000-0002-1825-0097", works=2)
    for path in (DATA / "orcid_person.json", works):
        load(inbox, LOADER, Ask(file=path), Client(LOADER, Ask()), lambda *a: None)
    found = inbox.record(ID)
    assert found is not None
    assert isinstance(found[0], Profile)
    assert found[0].name == "Nora B Erfunden"


def test_a_name_that_is_withheld_is_counted(tmp_path: Path) -> None:
    path = written(tmp_path, "person.json", b'{"name": null, "path": "/0000-0002-1825-0097/person"}')
    (page,) = pages(path)
    assert page.unknown == {"name: withheld": 1}


def archive(folder: Path, **files: bytes) -> Path:
    path = folder / "ORCID_summaries.tar.gz"
    with tarfile.open(path, "w:gz") as packed:
        for name, body in files.items():
            entry = tarfile.TarInfo(f"ORCID_summaries/{name.replace('_', '.')}")
            entry.size = len(body)
            packed.addfile(entry, io.BytesIO(body))
    return path


def test_the_archive_is_read_as_a_stream_with_what_is_locked_set_apart(tmp_path: Path) -> None:
    xml = (DATA / "orcid_record.xml").read_bytes()
    path = archive(tmp_path, one_xml=xml, two_xml=LOCKED, readme_txt=b"what this is")
    (page,) = pages(path)
    assert ([r.id for r in page.records], page.expected) == ([ID], 2)
    (reject,) = page.rejected
    assert reject.where == "ORCID_summaries.tar.gz/ORCID_summaries/two.xml"
    assert reject.reason == "ORCID says instead of a record: 409 Conflict: The ORCID record is locked"
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(TruncatedError, match="has no end"):
        pages(path)


def test_a_zip_of_documents(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "some.zip", "w") as packed:
        packed.write(DATA / "orcid_person.json", "a.json")
        packed.writestr("b.xml", LOCKED)
        packed.writestr("README", b"what this is")
    (page,) = pages(tmp_path / "some.zip")
    assert (len(page.records), len(page.rejected)) == (1, 1)


ENTITY = b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x "y">]><record:record>&x;</record:record>'


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (ENTITY, "declares XML entities"),
        (b"<?xml version='1.0'?><PubmedArticleSet/>", "no record of ORCID"),
        (b"<record:record xmlns:record='http://www.orcid.org/ns/record'><a>", "is cut"),
        (b"<record:record xmlns:record='http://www.orcid.org/ns/record'></record:record>", "has no iD"),
        (b'{"path": "/0000-0002-1825-0098/person", "name": null}', "no path with an iD"),  # its check digit is wrong
        (b'{"path": "/0000-0002-1825-0097/keywords", "keyword": []}', "neither a person nor works"),
        (b'{"path": "/0000', "is cut"),
    ],
)
def test_documents_that_are_none_are_refused(tmp_path: Path, body: bytes, said: str) -> None:
    with pytest.raises(InputError, match=said):
        pages(written(tmp_path, "file", body))


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (LOCKED, "ORCID says instead of a record: 409 Conflict: The ORCID record is locked"),
        (b'{"response-code": 404, "developer-message": "404 Not Found"}', "404 Not Found"),
    ],
)
def test_where_orcid_has_no_record_it_says_why_and_the_next_file_is_read(
    tmp_path: Path, body: bytes, said: str
) -> None:
    (page,) = pages(written(tmp_path, "file", body))
    assert (page.records, [reject.reason for reject in page.rejected]) == ((), [said])


def test_the_service_is_not_asked_without_a_token_and_why() -> None:
    assert "revenue-generating" in LOADER.off
    with pytest.raises(UsageError, match="yearly public data file, which is CC0"):
        list(LOADER.pages(Ask(query="0000-0002-1825-0097"), Client(LOADER, Ask()), ""))


def run(inbox: Inbox, served: Served, query: str, token: str = "own") -> LoadResult:
    ask = Ask(query=query, api_key=token, base_url=served.url)
    client = Client(LOADER, ask, sleep=served.clock.sleep, clock=served.clock.now)
    return load(inbox, LOADER, ask, client, lambda *a: None)


def test_two_thousand_faults() -> None:
    people = dict.fromkeys(numbers(70), "Nora")
    ask = Ask(query="|".join(people), api_key="own")
    survives(LOADER, ask, Orcid(people), {f"orcid:{one}" for one in people}, rate=8, seed=8, share=0.8)


def test_whom_orcid_does_not_show_is_named_with_the_reason(inbox: Inbox) -> None:
    one, two, three = numbers(3)
    world = Orcid({one: "Nora"}, {two: (409, "409 Conflict: The ORCID record is locked")})
    with faulty(world) as served:
        result = run(inbox, served, f"https://orcid.org/{one} {two},{three}")
    assert (result.records, result.rejected, result.incomplete) == (1, 2, "")
    assert {reject.where: reject.reason for reject in inbox.quarantine()} == {
        f"orcid:{two}": "ORCID has no record to show (409): 409 Conflict: The ORCID record is locked",
        f"orcid:{three}": "ORCID has no record to show (404): 404 Not Found: no such record",
    }


def test_a_token_that_is_refused_is_never_said(inbox: Inbox) -> None:
    with faulty(Orcid({})) as served, pytest.raises(SourceError, match="answered 401") as told:
        run(inbox, served, numbers(1)[0], token="s3cr3t")
    assert "s3cr3t" not in str(told.value) + inbox.loads()[0].note


def test_it_is_asked_by_id_alone_and_a_plan_counts_them(inbox: Inbox) -> None:
    assert LOADER.plan
    told = LOADER.plan(Ask(query=" ".join(numbers(16))), Client(LOADER, Ask()))
    assert (told.records, told.requests, told.seconds) == (16, 16, 2.0)
    with faulty(Orcid({})) as served, pytest.raises(UsageError, match="asked by iD alone"):
        run(inbox, served, "asthma")


# the real records, counted as their manifest counts them


def test_real_documents_of_the_api(realdata: Path) -> None:
    folder = realdata / "orcid" / "api_v3_json"
    people = [records(path)[0].noun for path in sorted(folder.glob("*_person.json"))]
    works = [records(path)[0].noun for path in sorted(folder.glob("*_works.json"))]
    assert len(people) == 9
    assert sorted(one.works or 0 for one in works if isinstance(one, Profile)) == [8, 111]
    assert all(isinstance(one, Profile) and one.name for one in people)
    lower = next(one for one in people if one.id == "orcid:0000-0003-0723-0581")
    assert isinstance(lower, Profile)
    assert lower.name.islower()


def test_real_records_of_the_yearly_file(realdata: Path) -> None:
    folder = realdata / "orcid" / "summaries_xml"
    (locked,) = pages(folder / "0000-0001-5078-5000.xml")
    assert "409 Conflict: The ORCID record is locked" in locked.rejected[0].reason
    found = [records(path)[0].noun for path in sorted(folder.glob("*.xml")) if "5078" not in path.name]
    profiles = [one for one in found if isinstance(one, Profile)]
    assert sorted(one.works or 0 for one in profiles) == [0, 60, 66]
    schemes = {id.split(":")[0] for one in profiles for place in one.places for id in place.identifiers}
    assert schemes == {"grid", "ringgold"}
