"""Every real file: which loader reads how many records of it, or refuses it and why. A file that is not named fails.

What is in the records is tested beside each loader; the numbers are those of the manifest that lies with the files.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from kolgraph import plugins
from kolgraph.errors import InputError, KolgraphError
from kolgraph.loading import Ask, Page
from kolgraph.loading.http import Client


@dataclass(frozen=True, slots=True)
class Row:
    """`files` is a glob below the folder; the counts are those of all its files together. `refused` is the reason."""

    files: str
    loader: str
    records: int = 0
    distinct: int = -1  # -1: no record comes twice
    rejected: str = ""  # how many, and the reason they share
    refused: str = ""


TABLE = (
    Row("pubmed/pubmed21n1298_partA.xml.gz", "pubmed", 11_813, 11_812),
    Row("pubmed/pubmed20n0014_partA.xml.gz", "pubmed", 3_000),
    Row("pubmed/efetch_single/*.xml", "pubmed", 106),
    Row("pubmed/efetch_small/biopython_pubmed*.xml", "pubmed", 5),
    Row("pubmed/efetch_small/alexandria3k_pubmed*.xml.gz", "pubmed", 6),
    Row("pubmed/medline_txt/pubmed_result2.txt", "pubmed", refused="not XML"),
    Row("and_gold/train_articles.zip", "pubmed", 2_945, rejected="10 is empty|it says|an HTML page"),
    Row("and_gold/song_dev_pubmed.xml.gz", "pubmed", 943),
    Row("and_gold/*.tsv", "pubmed", refused="not XML"),
    Row("and_gold/1500_pairs_train.csv", "pubmed", refused="not XML"),
    Row("and_gold/score.py", "pubmed", refused="not XML"),
    Row("ctgov/ctg-studies_nsclc.json", "clinicaltrials", 100),
    Row("ctgov/ctg-studies_digital_therapeutics.json.gz", "clinicaltrials", 128),
    Row("ctgov/ctg-studies_herniated_disc.json.gz", "clinicaltrials", 100),
    Row("ctgov/ctg-studies_asthma.json", "clinicaltrials", 10),
    Row("ctgov/api_page_with_nextPageToken.json", "clinicaltrials", 1),
    Row("ctgov/aact_single/*.json", "clinicaltrials", 5),
    Row("ctgov/aact_fragments/*.json", "clinicaltrials", rejected="3 no NCT number"),
    Row("openalex/works.jsonl.gz", "openalex", 290),
    Row("openalex/authors.jsonl.gz", "openalex", 72),
    Row("openalex/institutions.jsonl.gz", "openalex", 0),  # institutions are ROR's: counted, not read
    Row("openalex/works_page_2020_2023.json.gz", "openalex", 50),
    Row("openalex/authors_page1.json.gz", "openalex", 50),
    Row("openalex/institutions_US_page1.json.gz", "openalex", 0),
    Row("openalex/sources_page.json", "openalex", refused="only works, authors and institutions"),
    Row("openalex/work_W2741809807.json", "openalex", 1),
    Row("openalex/author_A5017898742.json", "openalex", 1),
    Row("openalex/institution_I161548249.json", "openalex", 0),
    Row("openalex/works_select_partial.jsonl.gz", "openalex", 162),
    Row("openalex/openalex_all_institutions_id_name.parquet", "openalex", refused="not JSON"),
    Row("ror/ror-data_merged_schema_v2.json.gz", "ror", 35_990),
    Row("ror/ror-data_v1only_schema_v1.json.gz", "ror", 15_380),
    Row("ror/affiliation_gold_*", "ror", refused="not of ROR organisations"),
    Row("orcid/api_v3_json/*_person.json", "orcid", 9),
    Row("orcid/api_v3_json/*_works.json", "orcid", 2),
    Row("orcid/summaries_xml/0000-0001-5078-5000.xml", "orcid", rejected="1 ORCID says instead of a record"),
    Row("orcid/summaries_xml/0000-000[23]-*.xml", "orcid", 2),
    Row("orcid/summaries_xml/0000-0001-6270-9013.xml", "orcid", 1),
    Row("nppes/api_page_200.json", "nppes", 200),
    Row("nppes/api_type2.json", "nppes", 0),  # organisations: counted, not read
    Row("nppes/api-1f9cef.json", "nppes", 0),
    Row("nppes/api-6b1573.json", "nppes", 10),
    Row("nppes/api-f7d8ea.json", "nppes", 8),
    Row("nppes/api-a769af.json", "nppes", 2),
    Row("nppes/api-8d2d52.json", "nppes", refused="No valid search criteria provided"),
    Row("nppes/api-c85286.json", "nppes", refused="requires additional search criteria"),
    Row("nppes/npidata_20050523-20150308FileHeader.csv", "nppes", refused="a header without a single row"),
    Row("nppes/nppes_trimmed_18717.csv", "nppes", 15_341),
    Row("openpayments/OP_DTL_RSRCH_PGYR2014_iowa.csv.gz", "openpayments", 3_840),
    Row("openpayments/general_iowa_2013_2015_trimmed_columns.csv.gz", "openpayments", 42_810),
    Row("openpayments/physicians_iowa.csv", "openpayments", 697),
    Row("openpayments/physicians_iowa_geo.csv", "openpayments", refused="none of the columns"),
    Row("nih_reporter/projects_umn_subset_fields.json.gz", "nihreporter", 429),
    Row("nih_reporter/api_full_record_10497514.json", "nihreporter", 1),
    Row("crossref/*.json.gz", "crossref", 365, 362),
    Row("crossref/dump_sample/*", "crossref", 7),
    Row("europepmc/search_cancer_core.json", "europepmc", 25),
    Row("europepmc/search_cancer.json", "europepmc", 25),
    Row("europepmc/search_cancer_page2.json", "europepmc", 5),
    Row("europepmc/search_no_results.json", "europepmc", 0),
    Row("europepmc/search_cancer_idlist.json", "europepmc", refused="lists ids alone"),
    Row("networks/ca-GrQc.txt", "pubmed", refused="not XML"),  # a network without records behind it: no loader's
    Row("geo/*.json", "ror", refused="Expected `array`"),  # maps
    Row("geo/geonames_US_zip.txt.gz", "ror", refused="not JSON"),
    Row("MANIFEST.md", "pubmed", refused="not XML"),
)


def real_files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file())


def pages(loader: str, path: Path) -> tuple[Page, ...]:
    one, ask = plugins.loaders()[loader], Ask(file=path)
    return tuple(one.pages(ask, Client(one, ask), ""))


def test_every_file_is_named_once(realdata: Path) -> None:
    named = [path for row in TABLE for path in realdata.glob(row.files)]
    assert sorted(named) == sorted(real_files(realdata))


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.files)
def test_it_is_read_or_refused(realdata: Path, row: Row) -> None:
    files = sorted(realdata.glob(row.files))
    assert files
    if row.refused:
        for path in files:
            with pytest.raises(InputError, match=re.escape(row.refused)):
                pages(row.loader, path)
        return
    walks = [page for path in files for page in pages(row.loader, path)]
    ids = [record.id for page in walks for record in page.records]
    assert (len(ids), len(set(ids))) == (row.records, row.records if row.distinct < 0 else row.distinct)
    rejected = [reject.reason for page in walks for reject in page.rejected]
    count, _, reason = (row.rejected or "0 ").partition(" ")
    assert len(rejected) == int(count)
    assert all(re.search(reason, one) for one in rejected)
    assert ids or rejected or any(page.unknown for page in walks) or "no_results" in row.files, "nothing said why"


@pytest.mark.parametrize("loader", sorted(plugins.loaders()))
def test_no_loader_takes_another_source_for_its_own(realdata: Path, loader: str) -> None:
    """Whatever file it is given, it reads nothing of it, and says so in one line; a table is a list of one's own."""
    own = {path for row in TABLE if row.loader == loader for path in realdata.glob(row.files)}
    singles = set(realdata.glob("pubmed/efetch_single/*.xml")) - {realdata / "pubmed/efetch_single/20301546.xml"}
    for path in sorted({*real_files(realdata)} - own - singles):
        if loader == "ownlist" and path.suffix in (".csv", ".tsv"):
            continue
        assert taken(loader, path) == ("", []), path.name


def taken(loader: str, path: Path) -> tuple[str, list[str]]:
    """The records that a loader reads, or the lines of its refusal beyond the first."""
    try:
        return "", [record.id for page in pages(loader, path) for record in page.records]
    except KolgraphError as refused:
        return str(refused).partition("\n")[2], []
