"""Identity: people against two labelled sets and withheld ORCID iDs, institutions against ROR's own, speed, memory.

Song, Kim & Kim 2015 (B-cubed over 943 mentions), Vishnyakova et al. 2019 (1,480 pairs), ORCID iDs of the 2021 PubMed
records; the bars are the least we promise. The weights have seen these labels (held out: bench/train_identity.py): what
counts in the end is blocks that nobody here has seen.
"""

import csv
import gzip
import json
import re
import tempfile
import time
from collections.abc import Iterator, Set
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from kolgraph.loaders import pubmed, ror

from bench import Row, realdata, row
from bench._merges import opened
from bench._resolving import resolved
from bench._worlds import load, unresolve
from kolgraph.loading import Ask, Loader
from kolgraph.model import Affiliation, Institution, Publication
from kolgraph.resolve import BIG_BLOCK, Resolution, resolve
from kolgraph.resolve.places import Places
from kolgraph.resolve.quality import Quality, b_cubed, judged, kinds, lumped, pairs, quality, slices
from kolgraph.resolve.rarity import read as read_rarity

Key = tuple[str, int]
SONG, VISHNYAKOVA = "and_gold/song_dev_pubmed.xml.gz", "and_gold/train_articles.zip"
LABELS, JUDGED = "and_gold/song_dev_mentions.tsv", "and_gold/vish_dev_pairs.tsv"
PUBMED, ROR = "pubmed/pubmed21n1298_partA.xml.gz", "ror/ror-data_merged_schema_v2.json.gz"
LEAST = 30  # mentions of a slice that is told


def rows() -> Iterator[Row]:
    folder = realdata()
    bars = {"B3 P, fixed labels": ">= 0.97", "B3 F1, raw labels": ">= 0.95", "B3 F1, fixed labels": ">= 0.955"}
    for name, value in song(folder).items():
        yield row(f"Song {name}", round(value, 4), "", bars.get(name, ""))
    yield from capped(folder)
    bars = {"F1": ">= 0.89"}
    for name, value in vishnyakova(folder).items():
        yield row(f"Vishnyakova pairs {name}", round(value, 4), "", bars.get(name, ""))
    bars = {"precision": ">= 0.993", "recall": ">= 0.985", "persons with two iDs": "<= 5"}
    for name, value in orcid(folder).items():
        yield row(f"ORCID withheld, 2021 file: {name}", round(value, 4), "", bars.get(name, ""))
    bars = {"precision": ">= 0.95", "recall": ">= 0.8", "strings/s": ">= 3000"}
    for name, value in affiliations(folder).items():
        yield row(f"affiliations {name}", round(value, 4), "", bars.get(name.rpartition(" ")[2], ""))
    yield from reasons(folder)
    yield from costs(folder)
    yield from increment(folder)


def song(folder: Path) -> dict[str, float]:
    """B-cubed against the labels as published and as corrected; by slice against the latter."""
    records = publications(folder / SONG)
    found = people(resolve(records, []).mentions)
    scores: dict[str, float] = {}
    for column, name in (("label", "raw labels"), ("label_fixed", "fixed labels")):
        truth = labels(folder, column)
        measured = b_cubed(truth, found)
        scores |= {f"B3 {what}, {name}": value for what, value in zip(("P", "R", "F1"), measured, strict=True)}
    for kind_of in kinds(records).values():
        for kind, part in slices(truth, found, kind_of).items():
            if part.mentions >= LEAST:
                scores[f"B3 F1, fixed labels, {kind} ({part.mentions})"] = part.b_cubed.f1
    return scores


def labels(folder: Path, column: str) -> dict[Key, str]:
    """The persons of Song's mentions as published (`label`) or as corrected (`label_fixed`)."""
    return {(f"pmid:{one['pmid']}", int(one["author_pos0"])): one[column] for one in _table(folder / LABELS)}


def capped(folder: Path) -> Iterator[Row]:
    """What it costs that a slot of a big block meets its likeliest only: Song with every block taken for a big one.

    No block of the labelled sets is big, so this is more than they lose.
    """
    records, truth = publications(folder / SONG), labels(folder, "label_fixed")
    found = [b_cubed(truth, people(resolve(records, [], big_block=big).mentions)) for big in (BIG_BLOCK, 0)]
    for what, every, some in zip(("P", "R", "F1"), *found, strict=True):
        yield row(f"Song B3 {what} lost where all candidates are capped", round(every - some, 4), "")


def vishnyakova(folder: Path) -> dict[str, float]:
    """Pairs judged same, class same = 1; a pair whose article is missing counts as judged apart."""
    found = people(resolve(publications(folder / VISHNYAKOVA), []).mentions)
    return dict(zip(("P", "R", "F1"), judged(said(folder), found), strict=True))


def said(folder: Path) -> list[tuple[Key, Key, bool]]:
    """Vishnyakova's pairs of mentions, and whether they were judged to be one person; two pairs come twice."""
    found = []
    for one in _table(folder / JUDGED):
        a, b = ((f"pmid:{one[f'pmid{n}']}", int(one[f"pos{n}"])) for n in (1, 2))
        found.append((a, b, one["same"] == "1"))
    return found


def orcid(folder: Path) -> dict[str, float]:
    """Pairs of ORCID mentions judged same among all mentions, the iDs withheld; F1 by slice."""
    records, resolution = withheld(folder)
    found = people(resolution.mentions)
    truth = {(one.id, m.position): m.orcid for one in records for m in one.authors if m.orcid}
    scores = dict(zip(("precision", "recall", "F1"), pairs(truth, found), strict=True))
    scores["persons with two iDs"] = len(lumped(truth, found, None))
    for kind_of in kinds(records).values():
        for kind, part in slices(truth, found, kind_of).items():
            if part.mentions >= LEAST:
                scores[f"F1, {kind} ({part.mentions})"] = part.pairs.f1
    return scores


@cache
def withheld(folder: Path) -> tuple[list[Publication], Resolution]:
    """The 2021 file and its persons, decided without any iD."""
    records = publications(folder / PUBMED)
    return records, resolve(records, [], orcids=False)


def reasons(folder: Path) -> Iterator[Row]:
    """1,000 merges of the 2021 file at random: each prints its reasons, and they add up to its value."""
    records, resolution = withheld(folder)
    found = list(opened(records, resolution.mentions, resolution.merges, read_rarity(resolution.rarity), 1000))
    told = sum(bool(one.told.contributions) and bool(one.told.pair.contributions) for one in found)
    yield row("merges at random that print their reasons", told, "of 1,000", "== 1000")
    for what, off in (("printed terms from the value", "off"), ("value from what its pairs weigh anew", "truly")):
        yield row(f"the same, {what}, most", max(abs(getattr(one, off)) for one in found), "", "<= 0.000000001")


def affiliations(folder: Path) -> dict[str, float]:
    """Institutions found in ROR's annotated strings; ids that no file of institutions holds are not wanted.

    Half of them taught the weights (bench/train_places.py); tests/test_places_gold.py measures the other half.
    """
    places, known = _places(folder / "ror")
    springer = json.loads((folder / "ror" / "affiliation_gold_springer_3000.json").read_text("utf-8"))
    aps = json.loads(gzip.decompress((folder / "ror" / "affiliation_gold_aps_10000.json.gz").read_bytes()))
    start = time.process_time()
    scores: dict[str, float] = {}
    for name, listed in (("Springer 3,000", springer), ("APS 10,000", aps)):
        measured = zip(("precision", "recall", "F1"), _matched(places, known, listed), strict=True)
        scores |= {f"({name}) {what}": value for what, value in measured}
    return scores | {"strings/s": (len(springer) + len(aps)) / (time.process_time() - start)}


def costs(folder: Path) -> Iterator[Row]:
    """From a loaded inbox to persons in a fresh process: 75,000 mentions of 2021, without and with ROR's places."""
    with tempfile.TemporaryDirectory() as name:
        for sources, said in (({"pubmed": PUBMED}, ""), ({"pubmed": PUBMED, "ror": ROR}, ", with places")):
            space = Path(name) / f"{len(sources)}"
            load(space, {loader: folder / path for loader, path in sources.items()})
            done = resolved(space)
            count = done.counts["mentions"]
            yield row(f"2021 file, inbox to persons{said}", round(count / done.seconds), "mentions/s", ">= 2500")
            yield row("the same to a second of processor", round(count / done.cpu), "mentions/s")
            yield row("the same, peak memory", round(done.megabytes), "MB", "<= 700")


def increment(folder: Path) -> Iterator[Row]:
    """The 2021 file in two halves, one resolved before the other is loaded, against both at once."""
    with tempfile.TemporaryDirectory() as name:
        halves = _split(folder / PUBMED, Path(name))
        space = Path(name) / "space"
        load(space, {"pubmed": halves[0]})
        first = resolved(space)
        load(space, {"pubmed": halves[1]})
        second = resolved(space)
        grown = people(pq.read_table(space / "resolved" / "mentions.parquet"))
        unresolve(space)
        whole = resolved(space)
        found = people(pq.read_table(space / "resolved" / "mentions.parquet"))
    measured = b_cubed(found, grown)
    for what, value in zip(("P", "R", "F1"), measured, strict=True):
        yield row(f"second half added to the first, B3 {what} against all at once", round(value, 4), "", ">= 0.995")
    for what, done in (("first half", first), ("both halves, one after the other", second), ("all at once", whole)):
        yield row(f"persons, {what}", done.counts["people"], "")
    yield row("second half to all at once, processor", round(second.cpu / whole.cpu, 2), "times")


def _split(path: Path, into: Path) -> tuple[Path, Path]:
    """A bulk file as two, the records of the first half in one."""
    head, *records = re.split(rb"(?=<PubmedArticle>)", gzip.decompress(path.read_bytes()))
    records[-1], end, _ = records[-1].partition(b"</PubmedArticle>")
    records[-1] += end
    made = []
    for number, some in enumerate((records[: len(records) // 2], records[len(records) // 2 :])):
        made.append(into / f"half{number}.xml.gz")
        made[-1].write_bytes(gzip.compress(head + b"".join(some) + b"</PubmedArticleSet>", 1))
    return made[0], made[1]


def _matched(places: Places, known: Set[str], listed: list[dict[str, Any]]) -> Quality:
    hit = wrong = missed = 0
    for one in listed:
        wanted = {f"ror:{address.rsplit('/', 1)[1]}" for address in one["ror_ids"]} & known
        wanted = {places.standing(ror) for ror in wanted}  # some have been closed since they were annotated
        found = {institution for institution, _ in places.match(Affiliation(one["affiliation"]))}
        hit += len(wanted & found)
        wrong += len(found - wanted)
        missed += len(wanted - found)
    return quality(hit, wrong, missed)


def people(mentions: pa.Table) -> dict[Key, str]:
    """Mention -> person."""
    columns = (mentions.column(name).to_pylist() for name in ("record", "position", "person"))
    return {(record, position): person for record, position, person in zip(*columns, strict=True)}


def publications(path: Path) -> list[Publication]:
    """The records of a file, of those that come twice the last."""
    return list({one.id: one for one in nouns(pubmed.LOADER, path)}.values())


def nouns(loader: Loader, path: Path) -> Iterator[Any]:
    """What a loader reads in a file, which asks no service: the client is never touched."""
    for page in loader.pages(Ask(file=path), None, ""):  # type: ignore[arg-type]
        yield from (record.noun for record in page.records)


@cache
def _places(folder: Path) -> tuple[Places, Set[str]]:
    known: dict[str, Institution] = {}
    for name in ("ror-data_v1only_schema_v1.json.gz", "ror-data_merged_schema_v2.json.gz"):
        known |= {one.id: one for one in nouns(ror.LOADER, folder / name)}
    return Places(known.values()), known.keys()


def _table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
