"""Identity: people against two labelled sets and withheld ORCID iDs, institutions against ROR's own, and the speed.

Song, Kim & Kim 2015 (B-cubed over 943 mentions), Vishnyakova et al. 2019 (1,480 pairs), ORCID iDs of the 2021 PubMed
records; the bars are the least we promise. The weights have seen these labels (figures held out: see
weights.json): what counts in the end is blocks that nobody here has seen.
"""

import csv
import gzip
import json
import resource
import time
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Set
from functools import cache
from pathlib import Path
from typing import Any

from kolgraph.loaders import pubmed, ror

from bench import Row, realdata, row
from kolgraph.loading import Ask, Loader
from kolgraph.model import Affiliation, Institution, Publication
from kolgraph.resolve import Resolution, resolve
from kolgraph.resolve.places import Places

Key = tuple[str, int]


def rows() -> Iterator[Row]:
    folder = realdata()
    bars = {"B3 P, fixed labels": ">= 0.97", "B3 F1, raw labels": ">= 0.95", "B3 F1, fixed labels": ">= 0.955"}
    for name, value in song(folder).items():
        yield row(f"Song {name}", value, "", bars.get(name, ""))
    bars = {"F1": ">= 0.89"}
    for name, value in vishnyakova(folder).items():
        yield row(f"Vishnyakova pairs {name}", value, "", bars.get(name, ""))
    bars = {"precision": ">= 0.995", "recall": ">= 0.98", "persons with two iDs": "<= 5", "mentions/s": ">= 1125"}
    for name, value in orcid(folder).items():
        yield row(f"ORCID withheld, 2021 file: {name}", value, "", bars.get(name, ""))
    bars = {"precision": ">= 0.95", "recall": ">= 0.8", "strings/s": ">= 3000"}
    for name, value in affiliations(folder).items():
        yield row(f"affiliations {name}", value, "", bars.get(name.rpartition(" ")[2], ""))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    yield row("peak memory of all of this", peak, "MB", "<= 1200")


def song(folder: Path) -> dict[str, float]:
    """B-cubed against the labels as published and as corrected."""
    gold = folder / "and_gold"
    found = _people(resolve(_publications(gold / "song_dev_pubmed.xml.gz"), []))
    listed = _rows(gold / "song_dev_mentions.tsv")
    scores: dict[str, float] = {}
    for column, name in (("label", "raw labels"), ("label_fixed", "fixed labels")):
        truth = {(f"pmid:{one['pmid']}", int(one["author_pos0"])): one[column] for one in listed}
        measured = b_cubed(truth, found)
        scores |= {f"B3 {what}, {name}": value for what, value in zip(("P", "R", "F1"), measured, strict=True)}
    return scores


def vishnyakova(folder: Path) -> dict[str, float]:
    """Pairs judged same, class same = 1; a pair whose article is missing counts as judged apart."""
    gold = folder / "and_gold"
    found = _people(resolve(_publications(gold / "train_articles.zip"), []))
    hits: Counter[tuple[bool, bool]] = Counter()
    for one in _rows(gold / "vish_dev_pairs.tsv"):
        a, b = (found.get((f"pmid:{one[f'pmid{n}']}", int(one[f"pos{n}"]))) for n in (1, 2))
        hits[one["same"] == "1", a is not None and a == b] += 1
    return _prf(hits[True, True], hits[False, True], hits[True, False])


def orcid(folder: Path) -> dict[str, float]:
    """Pairs of ORCID mentions judged same among all mentions, the iDs withheld."""
    records = _publications(folder / "pubmed" / "pubmed21n1298_partA.xml.gz")
    start = time.perf_counter()
    resolution = resolve(records, [], orcids=False)
    seconds = time.perf_counter() - start
    found = _people(resolution)
    truth = {(one.id, m.position): m.orcid for one in records for m in one.authors if m.orcid}
    people = {key: found.get(key, key) for key in truth}
    both = _pairs(Counter((truth[key], people[key]) for key in truth))
    scores = _prf(both, _pairs(Counter(people.values())) - both, _pairs(Counter(truth.values())) - both)
    owned: dict[Hashable, set[str]] = defaultdict(set)
    for key, person in people.items():
        owned[person].add(truth[key])
    named = zip(("precision", "recall", "F1"), scores.values(), strict=True)
    scores = dict(named) | {"persons with two iDs": float(sum(len(ids) > 1 for ids in owned.values()))}
    return scores | {"mentions/s": len(found) / seconds}


def affiliations(folder: Path) -> dict[str, float]:
    """Institutions found in ROR's annotated strings; an id that is in no file of institutions is not wanted."""
    places, known = _places(folder / "ror")
    springer = json.loads((folder / "ror" / "affiliation_gold_springer_3000.json").read_text("utf-8"))
    aps = json.loads(gzip.decompress((folder / "ror" / "affiliation_gold_aps_10000.json.gz").read_bytes()))
    start = time.perf_counter()
    scores: dict[str, float] = {}
    for name, listed in (("Springer 3,000", springer), ("APS 10,000", aps)):
        measured = zip(("precision", "recall", "F1"), _matched(places, known, listed).values(), strict=True)
        scores |= {f"({name}) {what}": value for what, value in measured}
    return scores | {"strings/s": (len(springer) + len(aps)) / (time.perf_counter() - start)}


def b_cubed(truth: Mapping[Any, str], predicted: Mapping[Any, Hashable]) -> tuple[float, float, float]:
    """Precision, recall and F1 averaged over mentions; a mention without prediction is a person of its own."""
    people = {key: predicted.get(key, ("single", key)) for key in truth}
    labels, persons = Counter(truth.values()), Counter(people.values())
    both = Counter((truth[key], people[key]) for key in truth)
    precision = sum(n * n / persons[person] for (_, person), n in both.items()) / len(truth)
    recall = sum(n * n / labels[label] for (label, _), n in both.items()) / len(truth)
    return precision, recall, 2 * precision * recall / (precision + recall)


def _matched(places: Places, known: Set[str], listed: list[dict[str, Any]]) -> dict[str, float]:
    hit = wrong = missed = 0
    for one in listed:
        wanted = {f"ror:{address.rsplit('/', 1)[1]}" for address in one["ror_ids"]} & known
        found = {institution for institution, _ in places.match(Affiliation(one["affiliation"]))}
        hit += len(wanted & found)
        wrong += len(found - wanted)
        missed += len(wanted - found)
    return _prf(hit, wrong, missed)


def _prf(hit: int, wrong: int, missed: int) -> dict[str, float]:
    return {"P": hit / (hit + wrong), "R": hit / (hit + missed), "F1": 2 * hit / (2 * hit + wrong + missed)}


def _pairs(counts: Counter[Any]) -> int:
    return sum(n * (n - 1) // 2 for n in counts.values())


def _people(found: Resolution) -> dict[Key, str]:
    columns = (found.mentions.column(name).to_pylist() for name in ("record", "position", "person"))
    return {(record, position): person for record, position, person in zip(*columns, strict=True)}


def _nouns(loader: Loader, path: Path) -> Iterator[Any]:
    # a file is read without asking any service, so the client is never touched
    for page in loader.pages(Ask(file=path), None, ""):  # type: ignore[arg-type]
        yield from (record.noun for record in page.records)


def _publications(path: Path) -> list[Publication]:
    """The records of a file, of those that come twice the last."""
    return list({one.id: one for one in _nouns(pubmed.LOADER, path)}.values())


@cache
def _places(folder: Path) -> tuple[Places, Set[str]]:
    known: dict[str, Institution] = {}
    for name in ("ror-data_v1only_schema_v1.json.gz", "ror-data_merged_schema_v2.json.gz"):
        known |= {one.id: one for one in _nouns(ror.LOADER, folder / name)}
    return Places(known.values()), known.keys()


def _rows(path: Path) -> Iterable[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
