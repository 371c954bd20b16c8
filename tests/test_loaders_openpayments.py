"""Open Payments: files of both layouts, extracts, publications that replace each other."""

import csv
import gzip
import json
import zipfile
from collections import Counter
from pathlib import Path

import pytest
from kolgraph.loaders.openpayments import LOADER
from kolgraph.loaders.openpayments_record import COLUMNS
from servers.nppes import npi

from kolgraph.errors import InputError, UsageError
from kolgraph.inbox import Inbox
from kolgraph.loading import Ask, Page
from kolgraph.loading.http import Client
from kolgraph.loading.runner import LoadResult, load
from kolgraph.model import Affiliation, Mention, Payment, Practitioner
from kolgraph.testing import check_loader

DATA = Path(__file__).parent / "data"
RESEARCH, GENERAL = DATA / "openpayments_research_2014.csv", DATA / "openpayments_general_2023.csv"
HOME = Affiliation("NOWHERE, IA", (), "NOWHERE", "IA", "US")


def pages(path: Path) -> list[Page]:
    return list(LOADER.pages(Ask(file=path), Client(LOADER, Ask()), ""))


def payments(walk: list[Page]) -> list[Payment]:
    return [r.noun for page in walk for r in page.records if isinstance(r.noun, Payment)]


def counted(walk: list[Page]) -> Counter[str]:
    return sum((page.unknown for page in walk), Counter())


def test_the_layout_before_2016() -> None:
    (page,) = check_loader(LOADER, Ask(file=RESEARCH))
    first, second, third = payments([page])
    assert first == Payment(
        "openpayments:2014:990000001",
        *("research", 2014, 6100.0, "Invented Pharma Inc.", "2014-09-26"),
        form="cash or cash equivalent",
        change="unchanged",
        recipient="INVENTED HOSP & CLINIC",
        recipients=(
            Mention(
                *(1, "ERFUNDEN", "NORA MARIE"),
                role="principal",
                affiliations=(HOME,),
                identifiers=("openpayments:99001",),
            ),
            Mention(
                *(2, "Beispiel", "Otto"),
                role="principal",
                affiliations=(Affiliation("Elsewhere, IA", (), "Elsewhere", "IA", "US"),),
                identifiers=("openpayments:99002",),
            ),
        ),
        trials=("nct:NCT99000001",),
        products=("Inventab", "Invented pump"),
    )
    assert (second.disputed, second.change, second.amount) == (True, "add", 0.06)
    assert (second.recipient, second.form) == ('INVENTED CLINIC, "THE"', "in-kind items and services")
    assert (second.recipients[0].last, first.recipients[0].last) == ("Erfunden", "ERFUNDEN")  # one id, as it is written
    (physician,) = third.recipients
    assert (physician.position, physician.role, physician.suffix) == (0, "recipient", "III")
    assert (third.recipient, third.trials, third.change) == ("", (), "revived")
    assert page.unknown == Counter({"change type: REVIVED": 1, "trial number: malformed, left out": 1})
    assert [reject.reason for reject in page.rejected] == [
        "openpayments:2014:990000004 has no amount: 'unknown'",
        "the payment has no record id or no year (record id: '', year: '2014')",
    ]
    assert {record.group for record in page.records} == {"research payments of 2014"}
    assert {record.version for record in page.records} == {20160630}
    assert (page.replaces, page.mark) == ((), "")  # a file of another name is an extract


def test_the_layout_of_today() -> None:
    (page,) = check_loader(LOADER, Ask(file=GENERAL))
    first, second = payments([page])
    assert first == Payment(
        "openpayments:2023:990000011",
        *("general", 2023, 23.81, "Invented Pharma Inc.", "2023-02-14"),
        nature="Food and Beverage",
        form="in-kind items and services",
        change="new",
        recipients=(
            Mention(
                *(0, "ERFUNDEN", "NORA MARIE"),
                role="recipient",
                affiliations=(HOME,),
                identifiers=("openpayments:99001", f"npi:{npi(1)}"),
            ),
        ),
        products=("Inventab",),
    )
    assert second.amount == 77_017.0
    assert second.recipients[0].identifiers == ("openpayments:99001",)
    assert page.unknown == Counter({"npi: malformed, left out": 1})


def test_what_is_not_on_the_list_of_columns_is_not_kept() -> None:
    forbidden = ("ndc", "license", "prescri", "claim", "primary_type", "context")
    assert not [column for column in COLUMNS if any(word in column for word in forbidden)]
    for path in (RESEARCH, GENERAL):
        (page,) = pages(path)
        for record in page.records:
            assert json.loads(record.raw).keys() <= COLUMNS
            assert b"0000-0000-00" not in record.raw
            assert b"HOME LN" not in record.raw


def test_a_part_of_a_file_is_gone_on_with(tmp_path: Path) -> None:
    path = tmp_path / "OP_DTL_GNRL_PGYR2023_P06302024_06122024.csv"
    publication(path, range(4500))
    walk = pages(path)
    assert [page.cursor for page in walk] == ["0 2000", "0 4000", ""]
    assert list(LOADER.pages(Ask(file=path), Client(LOADER, Ask()), "0 2000")) == walk[1:]


def test_other_tables_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "some.csv"
    for head, said in (
        ("name,amount", "none of the columns"),
        ("Record_ID,Total_Amount_of_Payment_USDollars", "neither payments"),
        (
            "Record_ID,Program_Year,Total_Amount_Invested_USDollars,Physician_Profile_ID",
            "neither payments",
        ),  # ownership
        ("Physician_Profile_ID,Recipient_City", "neither payments"),
    ):
        path.write_text(head + "\n1,2,3,4\n")
        with pytest.raises(InputError, match=said):
            pages(path)
    with pytest.raises(UsageError, match="Give a file or a query"):
        list(LOADER.pages(Ask(), Client(LOADER, Ask()), ""))


# publications


def publication(path: Path, numbers: range | list[int], published: str = "06/30/2024", amount: str = "10.00") -> Path:
    """A general file of 2023 with these records."""
    head, first, *_ = csv.reader(GENERAL.open(newline=""))
    with path.open("w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(head)
        for number in numbers:
            said = dict(zip(head, first, strict=True))
            said |= {"Record_ID": str(number + 1), "Payment_Publication_Date": published}
            writer.writerow((said | {"Total_Amount_of_Payment_USDollars": amount}).values())
    return path


def run(inbox: Inbox, ask: Ask) -> LoadResult:
    return load(inbox, LOADER, ask, Client(LOADER, ask), lambda *a: None)


def held(inbox: Inbox) -> int:
    return inbox.counts().get("payments", 0)


def amount(inbox: Inbox, number: int) -> float | None:
    found = inbox.record(f"openpayments:2023:{number}")
    return found[0].amount if found and isinstance(found[0], Payment) else None


def test_a_new_publication_replaces_a_year_as_a_whole(inbox: Inbox, tmp_path: Path) -> None:
    june = publication(tmp_path / "OP_DTL_GNRL_PGYR2023_P06302024_06122024.csv", range(10))
    january = tmp_path / "OP_DTL_GNRL_PGYR2023_P01302025_01212025.csv"
    publication(january, range(3, 12), "01/30/2025", "11.00")
    run(inbox, Ask(file=june))
    run(inbox, Ask(file=RESEARCH))
    assert held(inbox) == 13
    run(inbox, Ask(file=january))
    assert held(inbox) == 9 + 3  # 1, 2 and 3 were withdrawn; another year and kind stays
    assert (amount(inbox, 4), amount(inbox, 12)) == (11.0, 11.0)
    state = inbox.content_hash()
    run(inbox, Ask(file=publication(tmp_path / june.name.replace("06122024", "06302024"), range(10))))
    assert inbox.content_hash() == state  # an older publication that comes late brings nothing back


def test_the_order_of_publications_does_not_matter(tmp_path: Path) -> None:
    june = publication(tmp_path / "OP_DTL_GNRL_PGYR2023_P06302024_06122024.csv", range(10))
    january = tmp_path / "OP_DTL_GNRL_PGYR2023_P01302025_01212025.csv"
    publication(january, range(3, 12), "01/30/2025", "11.00")
    found = []
    for name, files in (("a", (june, january)), ("b", (january, june))):
        inbox = Inbox(tmp_path / f"{name}.db")
        for file in files:
            run(inbox, Ask(file=file))
        found.append((held(inbox), inbox.content_hash()))
        inbox.close()
    assert found[0] == found[1]
    assert found[0][0] == 9


def test_a_publication_that_breaks_off_closes_nothing(inbox: Inbox, tmp_path: Path) -> None:
    june = publication(tmp_path / "OP_DTL_GNRL_PGYR2023_P06302024_06122024.csv", range(10))
    run(inbox, Ask(file=june))
    cut = tmp_path / "OP_DTL_GNRL_PGYR2023_P01302025_01212025.csv.gz"
    publication(tmp_path / "x.csv", range(4000, 8000), "01/30/2025")
    cut.write_bytes(gzip.compress((tmp_path / "x.csv").read_bytes())[:-20])
    with pytest.raises(InputError):
        run(inbox, Ask(file=cut))
    assert held(inbox) == 10


def test_the_zip_of_a_year(inbox: Inbox, tmp_path: Path) -> None:
    general, research = publication(tmp_path / "g.csv", range(2500)), RESEARCH.read_text()
    year = tmp_path / "PGYR2023_P06302024_06122024.zip"
    with zipfile.ZipFile(year, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("OP_DTL_GNRL_PGYR2023_P06302024_06122024.csv", general.read_text())
        archive.writestr("OP_DTL_OWNRSHP_PGYR2023_P06302024_06122024.csv", "Record_ID,Total_Amount_Invested\n1,2\n")
        archive.writestr("OP_DTL_RSRCH_PGYR2014_P06302016_06122016.csv", research)
        archive.writestr("OP_PGYR2023_README_P06302024.txt", "read me")
    walk = pages(year)
    assert [page.cursor for page in walk] == ["0 2000", "1 0", ""]
    assert [page.replaces for page in walk] == [
        *[("general payments of 2023",)] * 2,
        ("research payments of 2014",),
    ]
    assert [page.mark for page in walk] == ["2024-06-30", "2024-06-30", "2016-06-30"]
    for place, cursor in enumerate(("0 2000", "1 0"), 1):
        assert list(LOADER.pages(Ask(file=year), Client(LOADER, Ask()), cursor)) == walk[place:]
    run(inbox, Ask(file=year))
    assert held(inbox) == 2503


# real files


def test_the_research_of_iowa(realdata: Path) -> None:
    path = realdata / "openpayments" / "OP_DTL_RSRCH_PGYR2014_iowa.csv.gz"
    found = payments(pages(path))
    assert len(found) == len({one.id for one in found}) == 3_840
    assert not counted(pages(path))
    assert not any(page.rejected or page.replaces for page in pages(path))  # of one state: an extract
    leaders = {m.identifiers[0] for one in found for m in one.recipients if m.position == 1}
    assert len(leaders) == 208
    assert round(sum(one.amount for one in found) / 1e6, 1) == 17.2
    assert sum(1 for one in found if one.trials) == 416
    assert sum(1 for one in found if one.recipient) == 1_381 + 2_370
    assert sum(1 for one in found for m in one.recipients if m.position == 0) == 89
    spelled = {m.fore for one in found for m in one.recipients if "openpayments:637065" in m.identifiers}
    assert {"EVA", "Eva"} <= spelled
    assert Counter(one.change for one in found) == {"unchanged": 3_303, "add": 331, "new": 204, "changed": 2}


def test_the_general_payments_without_names(realdata: Path) -> None:
    path = realdata / "openpayments" / "general_iowa_2013_2015_trimmed_columns.csv.gz"
    walk = pages(path)
    found = payments(walk)
    assert len(found) == len({one.id for one in found}) == 42_810
    assert not any(page.rejected or page.unknown for page in walk)
    who = Counter(m.identifiers for one in found for m in one.recipients)
    assert (len(who), sum(who.values())) == (694, 42_810)
    assert not any(m.last or m.fore or m.name for one in found for m in one.recipients)  # the key is all that is said
    assert {one.year for one in found} == {2013, 2014, 2015}
    meals = sum(1 for one in found if one.nature == "Food and Beverage")
    assert round(100 * meals / len(found)) == 85
    assert (min(one.amount for one in found), round(max(one.amount for one in found))) == (0.06, 77_017)


def test_the_physicians_of_iowa(realdata: Path) -> None:
    (page,) = pages(realdata / "openpayments" / "physicians_iowa.csv")
    found = [r.noun for r in page.records if isinstance(r.noun, Practitioner)]
    assert len(found) == len({one.id for one in found}) == 697
    assert not page.rejected
    assert all(one.mention.last and one.mention.identifiers == (one.id,) for one in found)
    assert sum(1 for one in found if one.places[0].text.endswith("52242-1009")) == 43  # zip+4 with a dash
    assert sum(1 for one in found if one.specialties) > 690
    assert not any(b"total_amount" in record.raw for record in page.records)


def test_the_names_of_physicians_belong_to_the_payments(realdata: Path, inbox: Inbox) -> None:
    folder = realdata / "openpayments"
    named = {r.id for page in pages(folder / "physicians_iowa.csv") for r in page.records}
    paid = payments(pages(folder / "general_iowa_2013_2015_trimmed_columns.csv.gz"))
    joined = {m.identifiers[0] for one in paid for m in one.recipients} & named
    assert len(joined) > 660


def test_a_table_with_columns_of_its_own_is_refused(realdata: Path) -> None:
    with pytest.raises(InputError, match=r"none of the columns .*first line is: fn, ln, add, city, zip, st"):
        pages(realdata / "openpayments" / "physicians_iowa_geo.csv")
