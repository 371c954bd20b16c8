"""ClinicalTrials.gov: oddities on invented studies, the shapes of its files, and a server that speaks its API."""

import gzip
import json
import zipfile
from collections import Counter
from pathlib import Path

import pytest
from kolgraph.loaders.clinicaltrials import LOADER
from servers.ctgov import study

from kolgraph.errors import InputError, TruncatedError
from kolgraph.loading import Ask, Page
from kolgraph.loading.http import Client
from kolgraph.loading.nonpersons import anonymous_site, is_person
from kolgraph.model import Affiliation, MeshTerm, Site, Trial

ODDITIES = Path(__file__).parent / "data" / "ctgov_oddities.json"


def pages(path: Path) -> list[Page]:
    return list(LOADER.pages(Ask(file=path), Client(LOADER, Ask()), ""))


@pytest.fixture(scope="module")
def read() -> Page:
    (one,) = pages(ODDITIES)
    return one


@pytest.fixture(scope="module")
def trial(read: Page) -> Trial:
    noun = read.records[0].noun
    assert isinstance(noun, Trial)
    return noun


def test_a_full_study(trial: Trial) -> None:
    assert (trial.id, trial.title, trial.aliases) == ("nct:NCT90000001", "A Trial of Nothing", ("nct:NCT90000077",))
    assert (trial.status, trial.phases, trial.kind) == ("active", ("1", "2"), "interventional")
    assert (trial.start, trial.end, trial.updated) == ("2019-04", "2021-05-06", "2022-01-03")
    assert (trial.conditions, trial.interventions, trial.keywords) == (("Boredom",), ("Placebo",), ("nothing",))
    assert trial.mesh == (MeshTerm("mesh:D001883", "Boredom"),)
    assert (trial.sponsor, trial.collaborators) == ("Harbour Clinic", ("Ice Fund",))
    assert trial.results == ("pmid:90000001", "pmid:90000003")  # a background reference is no output
    assert trial.sites == (
        Site("Harbour Clinic", "Hamburg", "HH", "DE", 53.5, 10.0),
        Site("Temple", "Poseidonis", "", ""),
    )


def test_investigators_of_the_four_places(trial: Trial) -> None:
    assert [(m.position, m.name, m.role) for m in trial.investigators] == [
        (0, "GRETA PRÜFER, MD, PhD", "chair"),
        (2, "Otto Nagel", "study poet"),
        (3, "Greta Prüfer", "principal"),
        (4, "Jan Proef", "principal"),
        (5, "Eva Zweit, MSc", "sub"),
        (6, "Ida Kontakt", "contact"),
    ]
    assert trial.investigators[0].affiliations == (Affiliation("Harbour Clinic"),)
    assert trial.investigators[3].affiliations == (Affiliation("", (), "Ghent", "", "BE"),)
    assert trial.investigators[4].affiliations == (Affiliation("Harbour Clinic", (), "Hamburg", "HH", "DE"),)


def test_what_is_left_out_or_has_no_word_is_counted(read: Page) -> None:
    assert read.unknown == Counter(
        {
            "site: anonymous, left out": 2,
            "country: Atlantis": 1,
            "investigator: names nobody, left out": 1,
            "role: STUDY_POET": 1,
            "status: PAUSED_BY_MOON": 1,
            "responsible party: only in its old form, left out": 1,
            "study: protocolSection.identificationModule.briefTitle is int, left out": 1,
        }
    )


def test_absent_parts_and_versions(read: Page) -> None:
    first, second, _ = read.records
    assert isinstance(second.noun, Trial)
    assert (second.noun.title, second.noun.status) == ("Only the long title", "paused by moon")
    assert (second.noun.phases, second.noun.investigators, second.noun.sites) == ((), (), ())
    assert (first.version, second.version) == (20220103, 0)
    assert json.loads(first.raw) == json.loads(ODDITIES.read_bytes())[0]


def test_a_study_without_its_number_is_rejected_and_one_bad_field_costs_that_field(read: Page) -> None:
    assert [r.reason for r in read.rejected] == ["the study has no NCT number (identificationModule.nctId)"]
    assert read.rejected[0].where == "ctgov_oddities.json record 2"
    assert isinstance(read.records[2].noun, Trial)
    assert read.records[2].noun.title == ""


@pytest.mark.parametrize(
    "name",
    ["Raymond F Anton-Invent, MD", "HUAJUN INVENTO, MD", "Prof. Dr. Andreas M. Erdacht", "Li Fu", "Jan van den Proef"],
)
def test_names_of_persons(name: str) -> None:
    assert is_person(name)


@pytest.mark.parametrize(
    "name",
    [
        *("Clinical Trials", "Clinical Trial Management", "Medical Director", "Principal Investigator", "Invent Inc."),
        *("Study Director", "Call 1-877-555-0000", "Clinical Sciences & Operations", "VP of Clinical Development"),
        *("Global Clinical Registry", "President", "", "MD", "trials@firm.example", "Novartis Pharmaceuticals"),
    ],
)
def test_names_of_nobody(name: str) -> None:
    assert not is_person(name)


@pytest.mark.parametrize(
    ("facility", "anonymous"),
    [
        *(
            (name, True)
            for name in ("Research Site", "Investigational center", "CT-155 Study Center", "Study Site", "")
        ),
        *((name, True) for name in ("Invented Investigative Site", "Site 012", "For additional information, call 1")),
        *((name, True) for name in ("Clinical Research Site #4", "Local Institution - 0012", "Facility 7")),
        *((name, False) for name in ("Harbour Clinic", "Coastal Clinical Research", "Siteman Cancer Center", "VA")),
        *((name, False) for name in ("Harbour Clinical Research Center Hospital", "Centro de Investigación")),
    ],
)
def test_sites_without_a_name(facility: str, anonymous: bool) -> None:
    assert anonymous_site(facility) is anonymous


def test_the_three_shapes_plain_or_packed(tmp_path: Path) -> None:
    one, two = study(1), study(2)
    shapes = {
        "list.json": json.dumps([one, two]).encode(),
        "page.json.gz": gzip.compress(
            json.dumps({"totalCount": 9, "studies": [one, two], "nextPageToken": "x"}).encode()
        ),
        "single.json": json.dumps(one, indent=1).encode(),
    }
    for name, body in shapes.items():
        (tmp_path / name).write_bytes(body)
    with zipfile.ZipFile(tmp_path / "many.zip", "w") as archive:
        archive.writestr("NCT00000001.json", json.dumps(one))
        archive.writestr("NCT00000002.json", b'{"protocolSection": ')
    found = {name: pages(tmp_path / name)[0] for name in (*shapes, "many.zip")}
    assert {name: len(page.records) for name, page in found.items()} == {
        **{"list.json": 2, "page.json.gz": 2, "single.json": 1},
        "many.zip": 1,
    }
    assert "is cut" in found["many.zip"].rejected[0].reason


@pytest.mark.parametrize(
    ("content", "error", "said"),
    [
        (b"", InputError, "is empty"),
        (b"<html>", InputError, "is not JSON .it begins like an HTML page"),
        (b'[{"protocolSection": {}}', TruncatedError, "is cut"),
        (b'{"results": [], "meta": {}}', InputError, "no study of ClinicalTrials.gov"),
        (b'[{"id": "https://ror.example/1"}]', InputError, "not of studies"),
        (b"[1, 2]", InputError, "not of studies"),
        (b'"text"', InputError, "Expected"),
        (b"[" * 200_000, InputError, "nested too deeply"),
        (gzip.compress(b'{"studies": []}')[:-9], TruncatedError, "is cut"),
    ],
)
def test_files_that_are_none_are_refused(tmp_path: Path, content: bytes, error: type[InputError], said: str) -> None:
    path = tmp_path / "file.json"
    path.write_bytes(content)
    with pytest.raises(error, match=said) as caught:
        pages(path)
    assert "file.json" in str(caught.value)
