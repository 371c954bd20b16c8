"""Every notebook is stored without outputs and runs from its first cell to its last on a small workspace."""

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from kolgraph import landscape
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
    monkeypatch.setenv("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    monkeypatch.setenv("PYDEVD_DISABLE_FILE_VALIDATION", "1")
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(FOLDER)}})
    client.execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    assert [output for output in outputs if output.output_type == "error"] == []
    kinds = {kind for output in outputs for kind in output.get("data", ())}
    assert {"image/png", "text/html"} <= kinds
    said = " ".join(output.get("data", {}).get("text/plain", output.get("text", "")) for output in outputs)
    for words in SAID[path.stem]:
        assert words in said
