"""NPPES: answers of the API, the bulk file, and queries that show at most 1,200 practitioners each."""

import csv
import gzip
import json
import zipfile
from collections import Counter
from pathlib import Path

import pytest
from kolgraph.loaders import nppes_query
from kolgraph.loaders.nppes import LOADER
from servers.faults import Clock, faulty, survives
from servers.nppes import Register, npi, provider

from kolgraph.errors import InputError, TruncatedError, UsageError
from kolgraph.ids import npi_id
from kolgraph.inbox import Inbox
from kolgraph.loading import Ask, Page
from kolgraph.loading.http import Client
from kolgraph.loading.numbers import pack, unpack
from kolgraph.loading.runner import LoadResult, load
from kolgraph.model import Affiliation, Mention, Practitioner
from kolgraph.testing import check_loader

DATA = Path(__file__).parent / "data"


def pages(path: Path) -> list[Page]:
    return list(LOADER.pages(Ask(file=path), Client(LOADER, Ask()), ""))


def people(walk: list[Page]) -> dict[str, Practitioner]:
    return {r.id: r.noun for page in walk for r in page.records if isinstance(r.noun, Practitioner)}


def counted(walk: list[Page]) -> Counter[str]:
    return sum((page.unknown for page in walk), Counter())


# answers of the API


def test_an_answer() -> None:
    (page,) = pages(DATA / "nppes_answer.json")
    found = people([page])
    assert found[f"npi:{npi(1)}"] == Practitioner(
        f"npi:{npi(1)}",
        Mention(
            0,
            "ERFUNDEN",
            "NORA MARIE",
            suffix="III",
            role="practitioner",
            affiliations=(Affiliation("1 INVENTED ST, STE 2, NOWHERE, IA 52242-0001", (), "NOWHERE", "IA", "US"),),
            identifiers=(f"npi:{npi(1)}",),
        ),
        other_names=(Mention(1, "ALTNAME", "NORA", role="practitioner", identifiers=(f"npi:{npi(1)}",)),),
        credentials="M.D.",
        specialties=("Internal Medicine, Pulmonary Disease", "Registered Nurse"),
        places=(
            Affiliation("1 INVENTED ST, STE 2, NOWHERE, IA 52242-0001", (), "NOWHERE", "IA", "US"),
            Affiliation("9 OTHER PLZ, ELSEWHERE, NE 68198-3075", (), "ELSEWHERE", "NE", "US"),
            Affiliation("NOWHERE, IA 52240", (), "NOWHERE", "IA", "US"),
        ),
        enumerated="2015-06-25",
        updated="2022-10-04",
    )
    abroad = found[f"npi:{npi(2)}"]  # an older answer: gender for sex, the number as a number, country AA
    assert abroad.places[0] == Affiliation("12 FOREIGN DR, ATLANTIS, GEORGIA 30329", (), "ATLANTIS", "GEORGIA", "")
    assert abroad.updated == "2019-03-23"  # closed in 2015, opened again in 2019
    assert page.deleted == ((f"npi:{npi(3)}", 20210201),)
    assert [reject.reason for reject in page.rejected] == [
        "'2999000040' is no National Provider Identifier: its check digit does not hold",
        f"npi:{npi(5)} has no name",
    ]
    assert page.unknown == Counter({"organisation: left out": 1})
    assert page.expected == 4  # six results: an organisation is none, a closed number is no record
    assert [record.version for record in page.records] == [20221004, 20190323]


def test_what_is_not_needed_is_not_kept() -> None:
    (page,) = pages(DATA / "nppes_answer.json")
    kept = b" ".join([r.raw for r in page.records] + [r.raw for r in page.rejected])
    for word in (b"sex", b"gender", b"telephone", b"license", b"official", b"HOME LN", b"sole_proprietor"):
        assert word in (DATA / "nppes_answer.json").read_bytes()
        assert word not in kept


def test_an_answer_that_is_an_error_is_refused_in_its_words(tmp_path: Path) -> None:
    path = tmp_path / "answer.json"
    path.write_text('{"Errors": [{"field": "generic", "number": "04", "description": "No valid criteria"}]}')
    with pytest.raises(InputError, match="an error of NPPES: No valid criteria"):
        pages(path)
    path.write_text('{"result_count": 1}')
    with pytest.raises(InputError, match="no answer of NPPES: it has no results"):
        pages(path)


# the bulk file


def test_the_bulk_file() -> None:
    walk = pages(DATA / "nppes_bulk.csv")
    found = people(walk)
    assert counted(walk) == Counter({"organisation: left out": 1})
    first = found[f"npi:{npi(11)}"]
    assert (first.mention.last, first.mention.fore, first.credentials) == ("BEISPIEL", "ANNA M", "MD, PHD")
    assert first.specialties == ("207RP1001X", "207R00000X")  # the primary one is the second
    assert [one.last for one in first.other_names] == ["MUSTER"]
    assert [place.text for place in first.places] == ["7 SAMPLE RD, FL 2, NOWHERE, IA 52242-0001", "NOWHERE, IA 52240"]
    assert (first.enumerated, first.updated) == ("2006-07-12", "2023-02-01")
    (page,) = walk
    assert page.deleted == ((f"npi:{npi(12)}", 20220131), (f"npi:{npi(13)}", 20220131))
    assert page.aliases == ((f"npi:{npi(13)}", f"npi:{npi(11)}"),)
    assert f"npi:{npi(15)}" in found  # deactivated once, and back
    (reject,) = page.rejected
    assert reject.where == "nppes_bulk.csv row 6"
    assert "check digit" in reject.reason
    kept = b" ".join(record.raw for record in page.records)
    assert not any(word in kept for word in (b"Gender", b"License", b"Telephone", b"HOME LN"))
    assert json.loads(page.records[0].raw)["Provider Last Name (Legal Name)"] == "BEISPIEL"
    check_loader(LOADER, Ask(file=DATA / "nppes_bulk.csv"))


def test_a_closed_number_is_gone_and_leads_to_its_successor(inbox: Inbox, tmp_path: Path) -> None:
    earlier = tmp_path / "earlier.csv"
    lines = list(csv.reader((DATA / "nppes_bulk.csv").open(newline="")))
    lines[2][:] = [*lines[1]]
    lines[2][0] = npi(12)
    lines[2][lines[0].index("Last Update Date")] = "01/01/2020"
    with earlier.open("w", newline="") as out:
        csv.writer(out, quoting=csv.QUOTE_ALL).writerows(lines[:3])
    run(inbox, Ask(file=earlier))
    assert inbox.counts()["practitioners"] == 2
    run(inbox, Ask(file=DATA / "nppes_bulk.csv"))
    assert inbox.counts()["practitioners"] == 2  # one went, one came
    run(inbox, Ask(file=earlier, limit=None))  # whatever comes in which order
    assert inbox.counts()["practitioners"] == 2


def test_packed_and_cut_files(tmp_path: Path) -> None:
    whole = (DATA / "nppes_bulk.csv").read_bytes()
    expected = [(page.records, page.deleted) for page in pages(DATA / "nppes_bulk.csv")]
    packed = tmp_path / "npidata_pfile_20260101-20260107.csv.gz"
    packed.write_bytes(gzip.compress(whole))
    assert [(page.records, page.deleted) for page in pages(packed)] == expected
    monthly = tmp_path / "NPPES_Data_Dissemination.zip"
    with zipfile.ZipFile(monthly, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("npidata_pfile_20260101-20260107_fileheader.csv", whole.split(b"\n")[0])
        archive.writestr("endpoint_pfile_20260101-20260107.csv", "NPI,Endpoint\n")
        archive.writestr("npidata_pfile_20260101-20260107.csv", whole)
    assert [(page.records, page.deleted) for page in pages(monthly)] == expected
    packed.write_bytes(packed.read_bytes()[:-9])
    with pytest.raises(TruncatedError):
        pages(packed)
    damaged = bytearray(monthly.read_bytes())
    at = damaged.index(b"npidata_pfile_20260101-20260107.csv") + 300
    damaged[at] ^= 0xFF
    monthly.write_bytes(damaged)
    with pytest.raises(InputError, match="damaged"):
        pages(monthly)


def test_other_tables_and_broken_rows(tmp_path: Path) -> None:
    path = tmp_path / "some.csv"
    path.write_text("name,city\nNora,Nowhere\n")
    with pytest.raises(InputError, match=r"none of the columns .*its first line is: name, city"):
        pages(path)
    path.write_text("NPI,City\n1,Nowhere\n")
    with pytest.raises(InputError, match='not of NPPES: it has no column "Entity Type Code"'):
        pages(path)
    head = "NPI,Entity Type Code,Provider Last Name (Legal Name),City"
    path.write_text(head + "\n")
    with pytest.raises(InputError, match="a header without a single row"):
        pages(path)
    path.write_bytes(f"\ufeff{head}\r\n{npi(1)},1,MU".encode() + b"\xd1OZ,BAYAM\xd3N\r\n" + f"{npi(2)},1\r\n".encode())
    (page,) = pages(path)
    assert people([page])[f"npi:{npi(1)}"].mention.last == "MUÑOZ"
    assert page.unknown == Counter({"text: not UTF-8, read as Windows-1252": 2})
    assert [reject.reason for reject in page.rejected] == [
        "has 2 cells where the header has 4: the file may be cut here"
    ]


def test_a_large_file_is_gone_on_with(tmp_path: Path) -> None:
    path = tmp_path / "npidata.csv"
    rows = "".join(f"{npi(n)},{1 + (n % 5 == 0)},ERFUNDEN\n" for n in range(4500))
    path.write_text("NPI,Entity Type Code,Provider Last Name (Legal Name)\n" + rows)
    walk = pages(path)
    assert [page.cursor for page in walk] == ["0 2000", "0 4000", ""]
    assert list(LOADER.pages(Ask(file=path), Client(LOADER, Ask()), "0 2000")) == walk[1:]
    assert (len(people(walk)), counted(walk)["organisation: left out"]) == (3600, 900)


# queries


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limits of the service, twenty times smaller."""
    for name, value in (
        ("LIMIT", 10),
        ("SKIPS", (0, 9, 18, 27, 36, 45)),
        ("REACH", 55),
        ("STATES", ["IA", "NE", "NY"]),
        ("COUNTRIES", ("CA", "US")),
        ("LETTERS", "ABCDOS"),
    ):
        monkeypatch.setattr(nppes_query, name, value)


def run(inbox: Inbox, ask: Ask, clock: Clock | None = None) -> LoadResult:
    clock = clock or Clock()
    return load(inbox, LOADER, ask, Client(LOADER, ask, sleep=clock.sleep, clock=clock.now), lambda *a: None)


def ask_of(world: Register, inbox: Inbox, query: str = "taxonomy_description=internal*", **said: object) -> LoadResult:
    with faulty(world) as served:
        ask = Ask(query=query, base_url=served.url + "api/", **said)  # type: ignore[arg-type]
        result = run(inbox, ask, served.clock)
        assert served.never_faster_than(nppes_query.RATE)
    return result


def crowd(count: int) -> list[dict[str, object]]:
    """Some in one state, some in two, a few abroad; with names that share beginnings, and one that many have."""
    lasts = ["SMITH", "SMIT", "SM", "O'HARA", "DE LA CRUZ", "ST. INVENT", "ABEL-BAKER", "O"]
    firsts = ["ANN", "ANNE", "BO", "CARL", "D'ARC"]
    states = [("IA",), ("IA", "NE"), ("NE",), ("ONTARIO",), ("IA",), ("NY", "IA")]
    return [
        provider(n, lasts[n % len(lasts)] if n % 3 else "SMITH", firsts[n % len(firsts)], states[n % len(states)])
        for n in range(count)
    ]


def held(inbox: Inbox, world: Register) -> tuple[int, int]:
    return inbox.counts().get("practitioners", 0), len(world.providers)


def test_one_answer(inbox: Inbox) -> None:
    world = Register([provider(n, "ERFUNDEN") for n in range(1195 - 1)])
    result = ask_of(world, inbox)
    assert (result.records, result.rejected, result.incomplete) == (1194, 0, "")
    assert held(inbox, world) == (1194, 1194)
    assert [said["skip"] for said in world.log] == ["0", "995", "199", "398", "597", "796"]
    assert {said["enumeration_type"] for said in world.log} == {"NPI-1"}


def test_nobody_is_an_answer(inbox: Inbox) -> None:
    result = ask_of(Register([]), inbox)
    assert (result.records, result.incomplete) == (0, "")


def test_more_than_one_answer_shows_is_divided_until_it_fits(inbox: Inbox, small: None) -> None:
    world = Register(crowd(600), limit=10, skip=50)
    result = ask_of(world, inbox)
    assert (result.records, result.rejected, result.incomplete) == (600, 0, "")  # who has two states comes once
    assert held(inbox, world) == (600, 600)
    assert any("first_name" in said for said in world.log)
    assert all(int(said["skip"]) <= 50 and int(said["limit"]) <= 10 for said in world.log)


def test_what_cannot_be_divided_further_is_said(inbox: Inbox, small: None) -> None:
    world = Register([provider(n, "SMITH", "ANN") for n in range(70)] + [provider(99, "ABEL")], limit=10, skip=50)
    result = ask_of(world, inbox)
    assert "1 parts are cut (IA SMITH ANN (more than 55)); narrow the query" in result.incomplete
    assert inbox.loads()[0].state == "incomplete"
    assert held(inbox, world)[0] == 1


def test_rows_that_move_between_pages_are_read_again(inbox: Inbox, small: None) -> None:
    world = Register([provider(n, "ERFUNDEN") for n in range(10, 50)], limit=10, skip=50)

    def once(one: Register) -> None:
        if len(one.log) == 3:
            one.providers.insert(0, provider(1, "NEU"))  # every row moves down by one
        if len(one.log) == 14:
            one.providers.pop(3)  # and up again

    world.before = once
    result = ask_of(world, inbox)
    assert result.incomplete == ""
    assert {f"npi:{one['number']}" for one in world.providers} <= set(ids(inbox))


def test_a_service_that_never_stands_still_leaves_the_load_incomplete(inbox: Inbox, small: None) -> None:
    world = Register([provider(n, "ERFUNDEN") for n in range(40)], limit=10, skip=50)
    world.before = lambda one: one.providers.append(one.providers.pop(0))
    assert "it changed while it was read" in ask_of(world, inbox).incomplete


def test_a_limit(inbox: Inbox, small: None) -> None:
    result = ask_of(Register(crowd(300), limit=10, skip=50), inbox, limit=70)
    assert (result.records, inbox.counts()["practitioners"]) == (70, 70)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("cardiology", "is no question to NPPES"),
        ("speciality=Cardiology", "NPPES knows no speciality"),
        ("enumeration_type=NPI-2&city=NOWHERE", "organisations are not loaded"),
        ("state=IA", "NPPES refuses the question: No valid search criteria provided"),
    ],
)
def test_queries_that_cannot_be_asked(inbox: Inbox, query: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        ask_of(Register([]), inbox, query)


def test_a_plan_costs_one_request() -> None:
    with faulty(Register(crowd(150))) as served:
        for query, expected in (("first_name=BO", 30), ("taxonomy_description=internal", 150)):
            ask = Ask(query=query, base_url=served.url)
            assert LOADER.plan
            assert LOADER.plan(ask, Client(LOADER, ask, sleep=served.clock.sleep, clock=served.clock.now)).records == (
                expected
            )
        assert len(served.asked) == 2
    with faulty(Register(crowd(250))) as served:
        ask = Ask(query="taxonomy_description=internal", base_url=served.url)
        plan = LOADER.plan(ask, Client(LOADER, ask))
        assert (plan.records, "does not say how many" in plan.note) == (None, True)


def test_two_thousand_faults(small: None) -> None:
    world = Register(crowd(160), limit=10, skip=50)
    truth = {f"npi:{one['number']}" for one in world.providers}
    ask = Ask(query="taxonomy_description=internal")
    survives(LOADER, ask, world, truth, rate=nppes_query.RATE, path="api/", seed=6)


def ids(inbox: Inbox) -> list[str]:
    return [f"npi:{npi(n)}" for n in range(1000) if inbox.record(f"npi:{npi(n)}")]


def test_packed_numbers() -> None:
    some = {1, 2, 1_999_999_999, 40}
    assert unpack(pack(some)) == some
    assert unpack(pack(())) == set()
    assert all(npi_id(npi(n)) for n in range(500))


# real files


def test_the_files_of_the_register(realdata: Path) -> None:
    def read(name: str) -> list[Page]:
        return pages(realdata / "nppes" / name)

    found = people(read("api_page_200.json"))
    assert len(found) == 200
    assert sum(len(one.other_names) for one in found.values()) == 21
    assert (
        sum(
            b'"taxonomies":[' in r.raw and r.raw.count(b'"primary":') > 1
            for r in (read("api_page_200.json")[0].records)
        )
        == 32
    )
    assert sum(1 for one in found.values() if "--" in f"{one.mention} {one.other_names} {one.credentials}") == 0
    names = ("api_type2.json", "api-1f9cef.json", "api-6b1573.json", "api-f7d8ea.json")
    walks = [read(name) for name in names]
    assert [len(people(walk)) for walk in walks] == [0, 0, 10, 8]
    assert [counted(walk)["organisation: left out"] for walk in walks] == [1, 10, 0, 2]
    for name, reason in (
        ("api-8d2d52.json", "No valid search criteria provided"),
        ("api-c85286.json", "enumeration_type requires additional search criteria"),
        ("npidata_20050523-20150308FileHeader.csv", "a header without a single row"),
    ):
        with pytest.raises(InputError, match=reason):
            read(name)


def test_an_answer_cut_by_others_is_incomplete(realdata: Path, inbox: Inbox) -> None:
    result = run(inbox, Ask(file=realdata / "nppes" / "api-a769af.json"))
    assert "the source counts 200 records, 2 came" in result.incomplete


def test_practice_locations(realdata: Path) -> None:
    (page,) = pages(realdata / "nppes" / "api_page_200.json")
    more = sum(json.loads(r.raw).get("practiceLocations", []) != [] for r in page.records)
    body = json.loads((realdata / "nppes" / "api_page_200.json").read_bytes())
    assert more == sum(1 for one in body["results"] if one["practiceLocations"]) == 14
    assert all("sex" in one["basic"] for one in body["results"])
    assert not any(b'"sex"' in r.raw for r in page.records)


def test_the_table_trimmed_by_others_is_read_as_far_as_it_goes(realdata: Path) -> None:
    walk = pages(realdata / "nppes" / "nppes_trimmed_18717.csv")
    found = people(walk)
    assert (len(found), counted(walk)["organisation: left out"]) == (15_341, 18_717 - 15_341)
    assert not any(page.rejected for page in walk)
    assert all(one.mention.last and not one.specialties for one in found.values())
    assert sum(1 for one in found.values() if one.places[0].country == "US") > 15_300
