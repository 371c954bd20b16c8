"""Loaded synthetic landscapes of any size, kept in the temporary folder between runs."""

import csv
import hashlib
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from bench import HERE, kolgraph
from kolgraph.demo import generate

SOURCES = ("pubmed", "clinicaltrials")  # those whose names are resolved
PER_PERSON = 13.4  # author slots that the world gives each of its people
SEED = 7


def workspace(mentions: int) -> Path:
    """A workspace whose inbox holds about this many author slots, nothing resolved; `truth/` lies in it.

    People grow in step with slots, as they do where a field is read over more of its journals. What is kept is made
    anew where the world, the nouns, a loader or the shape of the inbox has changed.
    """
    into = Path(tempfile.gettempdir()) / f"kolgraph-worlds-{_code()}" / f"{mentions}"
    if not (into / "loaded").exists():
        shutil.rmtree(into, ignore_errors=True)
        files = into / "files"
        generate(files, max(50, round(mentions / PER_PERSON)), SEED)
        (files / "truth").rename(into / "truth")
        load(into, {name: files / name for name in SOURCES})
        shutil.rmtree(files)
        (into / "loaded").touch()
    unresolve(into)
    return into


def load(workspace: Path, sources: Mapping[str, Path]) -> None:
    """Read the files or folders of each loader into the inbox of a landscape, which begins here if there is none."""
    if not (workspace / "landscape.toml").exists():
        kolgraph(workspace, "init", "--topic", "Anything=anything")
    for name, path in sources.items():
        kolgraph(workspace, "load", name, "--file", path)


def unresolve(workspace: Path) -> None:
    """Forget who is who and the ids that were issued: the next resolution is the first."""
    shutil.rmtree(workspace / "resolved", ignore_errors=True)
    for file in workspace.glob("ledger.db*"):
        file.unlink()


def truth(workspace: Path) -> Iterator[tuple[tuple[str, int], str]]:
    """(record, position) of each author slot and whose it is."""
    with (workspace / "truth" / "mentions.tsv").open(encoding="utf-8", newline="") as file:
        for one in csv.DictReader(file, delimiter="\t"):
            if one["person"]:
                yield (f"pmid:{one['pmid']}", int(one["position"])), one["person"]


@cache
def _code() -> str:
    """A digest of what makes a world and what lies in its inbox."""
    root, names = HERE.parent, ("kolgraph/demo/**/*", "kolgraph/inbox_schema.py", "kolgraph/model.py", "loaders/*.py")
    listed = (path for name in names for path in root.glob(name))
    digest = hashlib.sha256()
    for path in sorted(path for path in listed if path.is_file() and path.suffix != ".pyc"):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
