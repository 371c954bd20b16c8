"""The same persons whatever the order: of files, of records, of arrival; and every merge opens to what it weighed.

The world is synthetic; what adding files one by one costs on real records is measured by bench/identity.py.
"""

import gzip
import random
import re
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from bench._merges import opened
from kolgraph import demo, jobs, landscape
from kolgraph.resolve.quality import b_cubed
from kolgraph.resolve.rarity import stored
from kolgraph.workspace import Workspace

PEOPLE = 120
FILES = 5
TWO_WORKERS = (3, 11, 19)  # of the shuffles
HEAD = b'<?xml version="1.0" encoding="utf-8"?>\n<PubmedArticleSet>\n'
Persons = dict[str, tuple[str, float | None]]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[bytes], list[Path]]:
    """The papers of a small world, and its files of trials."""
    folder = tmp_path_factory.mktemp("world")
    demo.generate(folder, PEOPLE, 11, jobs.silent)
    text = b"".join(gzip.decompress(path.read_bytes()) for path in sorted((folder / "pubmed").glob("*.gz")))
    records = re.findall(rb"<PubmedArticle>.*?</PubmedArticle>", text, re.S)
    assert len(records) > FILES * 20
    return records, sorted((folder / "clinicaltrials").glob("*.json"))


def begin(folder: Path) -> Workspace:
    folder.mkdir()
    landscape.write(folder, landscape.Landscape("Invented", (landscape.topic("Any=any"),)))
    return Workspace(folder)


def written(records: list[bytes], folder: Path, files: int) -> list[Path]:
    """The records, in their order, dealt into files."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"part{number}.xml" for number in range(files)]
    for number, path in enumerate(paths):
        path.write_bytes(HEAD + b"".join(records[number::files]) + b"</PubmedArticleSet>")
    return paths


def load(ws: Workspace, *paths: Path) -> None:
    for path in paths:
        name = "pubmed" if path.suffix == ".xml" else "clinicaltrials"
        jobs.load(ws, landscape.Source(name, (str(path),)))


def persons(ws: Workspace) -> Persons:
    """Mention -> its person and how surely."""
    rows = pq.read_table(ws.resolved / "mentions.parquet", columns=["record", "position", "person", "confidence"])
    return {f"{row['record']}#{row['position']}": (row["person"], row["confidence"]) for row in rows.to_pylist()}


def same(one: Persons, other: Persons) -> bool:
    """The same ids, and confidences that differ by rounding at most."""
    if {key: who for key, (who, _) in one.items()} != {key: who for key, (who, _) in other.items()}:
        return False
    sure = [(one[key][1], other[key][1]) for key in one]
    return all(a == b if a is None or b is None else abs(a - b) < 1e-9 for a, b in sure)


def test_twenty_shuffles_of_files_and_records_give_the_same_persons(
    world: tuple[list[bytes], list[Path]], tmp_path: Path
) -> None:
    """Records change places within and between files, and files come in any order, trials among them; the work is
    done in this process or in two others."""
    records, trials = world[0][:200], world[1]
    first: Persons = {}
    for seed in range(20):
        draw = random.Random(seed)
        mixed = draw.sample(records, len(records))
        files = [*written(mixed, tmp_path / f"files{seed}", draw.randint(1, FILES)), *trials]
        with begin(tmp_path / f"space{seed}") as ws:
            load(ws, *draw.sample(files, len(files)))
            jobs.resolve(ws, workers=2 if seed in TWO_WORKERS else 1)
            found = persons(ws)
        first = first or found
        assert same(found, first), f"shuffle {seed}"
    assert len({who for who, _ in first.values()}) > 50
    assert any(sure is not None and sure < 1 for _, sure in first.values())


def test_files_that_come_one_after_the_other_end_as_if_they_had_come_at_once(
    world: tuple[list[bytes], list[Path]], tmp_path: Path
) -> None:
    records, trials = world
    files = [*written(records, tmp_path / "files", FILES), *trials]
    with begin(tmp_path / "batch") as ws:
        load(ws, *files)
        jobs.resolve(ws)
        whole = {key: who for key, (who, _) in persons(ws).items()}
    with begin(tmp_path / "grown") as ws:
        for path in files:
            load(ws, path)
            jobs.resolve(ws)
        grown = {key: who for key, (who, _) in persons(ws).items()}
    assert grown.keys() == whole.keys()
    assert b_cubed(whole, grown).f1 >= 0.995


def test_merges_say_why_and_their_reasons_add_up(world: tuple[list[bytes], list[Path]], tmp_path: Path) -> None:
    """Both sides are read again and weighed anew; a thousand merges of real records are opened by bench/identity.py."""
    records, trials = world
    with begin(tmp_path / "space") as ws:
        load(ws, *written(records[:250], tmp_path / "files", 1), *trials)
        jobs.resolve(ws)
        tables = [pq.read_table(ws.resolved / f"{name}.parquet") for name in ("mentions", "merges")]
        rarity = stored(ws.resolved)
        assert rarity
        found = list(opened([*ws.inbox.publications(), *ws.inbox.trials()], *tables, rarity, 100))
    assert len(found) == 100
    for one in found:
        assert (one.off, one.truly, one.rest, one.best) == pytest.approx((0, 0, 0, 0), abs=1e-6)
        assert abs(one.off) < 1e-9
        lines = str(one.told).splitlines()
        assert len(lines) >= len(one.told.contributions) + 3
        assert all(each.words in text for each, text in zip(one.told.contributions, lines[1:], strict=False))
    assert len({one.told.pairs for one in found}) > 3  # of sides of many sizes
