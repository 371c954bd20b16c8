"""Every notebook is stored without outputs and runs from its first cell to its last on a small workspace."""

import csv
import gzip
import os
import shutil
import zipfile
from itertools import pairwise
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from kolgraph import demo, jobs, landscape
from kolgraph.sample import sample_graph
from kolgraph.workspace import Workspace

FOLDER = Path(__file__).parents[1] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
SAID = {  # by notebook what it must have found
    "01_first_graph": ("Amara Okafor",),
    "03_how_good_is_resolution": ("B-cubed", "East Asian surname", "initials only", "threshold", "not measured"),
}


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("notebook") / "workspace"
    folder.mkdir()
    topics = (landscape.topic("Oncology=cancer"), landscape.topic("Asthma"))
    landscape.write(folder, landscape.Landscape("A sample", topics, synthetic=True))
    with Workspace(folder) as ws:
        sample_graph(ws.store)
    return folder


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_stored_without_outputs(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert cell.outputs == []
            assert cell.execution_count is None


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_and_draws(path: Path, workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOLGRAPH_WORKSPACE", str(workspace))
    monkeypatch.setenv("KOLGRAPH_REALDATA", str(workspace / "none"))  # what is not there is said and passed over
    outputs = run(path, monkeypatch)
    kinds = {kind for output in outputs for kind in output.get("data", ())}
    assert {"image/png", "text/html"} <= kinds
    for words in SAID[path.stem]:
        assert words in text(outputs)


def test_gold_sets_are_measured_wherever_they_lie(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Invented ones of their shape, in a folder that is named from here."""
    demo.generate(tmp_path, 60, 11, jobs.silent)
    (papers,) = (tmp_path / "pubmed").iterdir()
    gold = tmp_path / "gold"
    for folder in ("and_gold", "pubmed"):
        (gold / folder).mkdir(parents=True)
    for name in ("and_gold/song_dev_pubmed.xml.gz", "pubmed/pubmed21n1298_partA.xml.gz"):
        shutil.copy(papers, gold / name)
    with zipfile.ZipFile(gold / "and_gold" / "train_articles.zip", "w") as file:
        file.writestr("some.xml", gzip.decompress(papers.read_bytes()))
    with (tmp_path / "truth" / "mentions.tsv").open(encoding="utf-8", newline="") as told:
        known = [one for one in csv.DictReader(told, delimiter="\t") if one["person"]]
    rows = [(one["pmid"], one["position"], one["person"], one["person"]) for one in known]
    write(gold / "and_gold" / "song_dev_mentions.tsv", ("pmid", "author_pos0", "label", "label_fixed"), rows)
    ordered = sorted(rows, key=lambda row: row[2])
    judged = [(*a[:2], *b[:2], f"{a[2] == b[2]:d}") for a, b in pairwise(ordered)]
    write(gold / "and_gold" / "vish_dev_pairs.tsv", ("pmid1", "pos1", "pmid2", "pos2", "same"), judged)
    monkeypatch.setenv("KOLGRAPH_REALDATA", os.path.relpath(gold, FOLDER))
    said = text(run(FOLDER / "03_how_good_is_resolution.ipynb", monkeypatch))
    for words in ("B-cubed, corrected", "pairs judged by hand", "persons hold two iDs", "pairs, ORCID withheld"):
        assert words in said
    assert "not measured" not in said


def write(path: Path, heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    path.write_text("\n".join("\t".join(row) for row in [heads, *rows]) + "\n", "utf-8")


def run(path: Path, monkeypatch: pytest.MonkeyPatch) -> list[nbformat.NotebookNode]:
    """What the cells of a notebook put out, none of it an error."""
    monkeypatch.setenv("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    monkeypatch.setenv("PYDEVD_DISABLE_FILE_VALIDATION", "1")
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(FOLDER)}})
    client.execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    assert [output for output in outputs if output.output_type == "error"] == []
    return outputs


def text(outputs: list[nbformat.NotebookNode]) -> str:
    return " ".join(output.get("data", {}).get("text/plain", output.get("text", "")) for output in outputs)
