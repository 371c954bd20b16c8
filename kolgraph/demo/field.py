"""The invented field of medicine: its topics, and what kind of record counts how often."""

from kolgraph.demo.pools import document

_FIELD = document("field")
TITLE: str = _FIELD["title"]
TOPICS: dict[str, tuple[str, ...]] = {topic["name"]: tuple(topic["terms"]) for topic in _FIELD["topics"]}
SUBJECTS = [
    *_FIELD["topics"],
    *_FIELD["neighbours"],
]  # subject index -> vocabulary; the last two are neighbouring areas
SHARES = (20, 15, 15, 17, 13, 13, 4, 3)  # of the labs, by subject
FIRST_YEAR, LAST_YEAR, LAST_MONTH = 2012, 2026, 10
YEARS = range(FIRST_YEAR, LAST_YEAR + 1)
REGIONS = {"North America": 0, "South America": 0, "Europe": 1, "Africa": 1, "Asia": 2, "Oceania": 2}
SOURCES = ("ror", "pubmed", "clinicaltrials", "nppes", "openpayments", "nihreporter")  # folders, named like the loaders
