"""ROR dumps of both schemas on invented organisations."""

import gzip
import zipfile
from collections import Counter
from pathlib import Path

import pytest
from kolgraph.loaders.ror import LOADER

from kolgraph.errors import InputError, UsageError
from kolgraph.loading import Ask, Page
from kolgraph.loading.http import Client
from kolgraph.model import Institution

DATA = Path(__file__).parent / "data"


def pages(path: Path) -> list[Page]:
    return list(LOADER.pages(Ask(file=path), Client(LOADER, Ask()), ""))


def test_schema_two() -> None:
    (page,) = pages(DATA / "ror_v2.json")
    clinic, closed = (record.noun for record in page.records)
    assert clinic == Institution(
        "ror:04nbqb988",
        "Harbour Clinic",
        aliases=("Hafenklinik", "Harbor Clinic"),
        acronyms=("HC",),
        kinds=("healthcare", "funder"),
        city="Hamburg",
        region="Hamburg",
        country="DE",
        lat=53.5,
        lon=10.0,
        identifiers=("grid:grid.99999.2", "isni:000000012150090X"),
        domains=("harbour.example",),
        parents=("ror:02jzgtq86",),
    )
    assert isinstance(closed, Institution)
    assert (closed.status, closed.successors, closed.kinds) == ("withdrawn", ("ror:04nbqb988",), ("castle",))
    assert [record.version for record in page.records] == [20240611, 20230101]
    assert page.unknown == Counter({"organisation type: castle": 1})
    assert [r.reason for r in page.rejected] == ["the organisation has no ROR id (id: 'https://ror.org/nonsense')"]


def test_schema_one() -> None:
    (page,) = pages(DATA / "ror_v1.json")
    assert page.records[0].noun == Institution(
        "ror:02pd6e078",
        "Puddle Hospital",
        aliases=("Puddle", "Dammsykehuset"),
        acronyms=("PH",),
        kinds=("healthcare",),
        city="Bergen",
        region="Vestland",
        country="NO",
        lat=60.4,
        lon=5.3,
        identifiers=("grid:grid.99999.3", "isni:0000000100000001"),
        parents=("ror:04nbqb988",),
    )
    assert page.records[0].version == 1  # any record of schema 2 is newer


def test_the_zip_that_ror_publishes(tmp_path: Path) -> None:
    path = tmp_path / "v1.99-ror-data.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(DATA / "ror_v1.json", "v1.99-ror-data.json")
        archive.write(DATA / "ror_v2.json", "v1.99-ror-data_schema_v2.json")
        archive.writestr("v1.99-ror-data.csv", "id,name\n")
    (page,) = pages(path)
    assert [record.id for record in page.records] == ["ror:04nbqb988", "ror:000bmd763"]


def test_pages_and_cursor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kolgraph.loaders.ror.PAGE", 2)
    path = tmp_path / "ror.json.gz"
    path.write_bytes(gzip.compress((DATA / "ror_v2.json").read_bytes()))
    walk = pages(path)
    assert [page.cursor for page in walk] == ["2", ""]
    assert list(LOADER.pages(Ask(file=path), Client(LOADER, Ask()), "2")) == walk[1:]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"{}", "Expected `array`"),
        (b'[{"affiliation": "Harbour Clinic", "ror_ids": ["https://ror.org/04nbqb988"]}]', "not of ROR organisations"),
        (b"[", "is cut"),
        (b"id,name\n", "is not JSON"),
    ],
)
def test_files_that_are_none_are_refused(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "file.json"
    path.write_bytes(content)
    with pytest.raises(InputError, match=said):
        pages(path)


def test_there_is_no_query() -> None:
    with pytest.raises(UsageError, match="loaded from its dump"):
        list(LOADER.pages(Ask(query="harbour"), Client(LOADER, Ask()), ""))
