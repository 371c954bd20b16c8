"""The whole story on real records: init, load, run, each as a command of its own, wall time and peak memory."""

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench import Row, kolgraph, realdata, row

TOPICS = (
    "Oncology=cancer|tumor|tumour|carcinoma|neoplasm|oncology|leukemia|lymphoma|melanoma|sarcoma|metastasis",
    "COVID-19=COVID-19|SARS-CoV-2|coronavirus",
)


def rows() -> Iterator[Row]:
    """Bars: the story in 90 s, every step in 2 GB."""
    records = realdata()
    sources = {
        "pubmed": records / "pubmed" / "pubmed21n1298_partA.xml.gz",
        "clinicaltrials": records / "ctgov",
        "ror": records / "ror" / "ror-data_merged_schema_v2.json.gz",
    }
    with tempfile.TemporaryDirectory() as folder:
        workspace = Path(folder) / "workspace"
        steps: dict[str, tuple[str | Path, ...]] = {
            "init": ("init", *(word for topic in TOPICS for word in ("--topic", topic))),
            **{f"load {name}": ("load", name, "--file", path) for name, path in sources.items()},
            "resolve": ("resolve",),
            "build": ("build",),
            "score": ("score",),
        }
        seconds, cpu, peak = 0.0, 0.0, 0.0
        for name, words in steps.items():
            done = kolgraph(workspace, *words)
            seconds, cpu, peak = seconds + done.seconds, cpu + done.cpu, max(peak, done.megabytes)
            yield row(name, round(done.seconds, 2), "s")
            yield row(f"{name}: processor", round(done.cpu, 2), "s")
            yield row(f"{name}: peak memory", round(done.megabytes), "MB", "<= 2000")
        yield row("all steps", round(seconds, 1), "s", "<= 90")
        yield row("all steps: processor", round(cpu, 1), "s")
        yield row("peak memory", round(peak), "MB", "<= 2000")
        yield row("run again: nothing to do", round(kolgraph(workspace, "run").seconds, 2), "s")
        status = json.loads(kolgraph(workspace, "status", "--json").output)
        for label, count in sorted(status["counts"].items()):
            yield row(f"graph: {label}", count, "")
        disk = sum(path.stat().st_size for path in workspace.rglob("*") if path.is_file())
        yield row("workspace on disk", round(disk / 1e6), "MB")
