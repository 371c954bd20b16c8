"""The harness behind script/bench: bars are read, a missed one or a failing measurement is one line and exit code 1."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

import bench

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize(
    ("value", "bar", "ok"),
    [(5000, ">= 5000", True), (4999, ">= 5,000", False), (89.9, "<= 90", True), (0, "== 0", True), (1, "", True)],
)
def test_a_row_is_held_against_its_bar(value: float, bar: str, ok: bool) -> None:
    assert bench.row("speed", value, "records/s", bar)["ok"] is ok


def test_a_bar_that_cannot_be_read_is_an_error() -> None:
    with pytest.raises(ValueError, match="at least"):
        bench.row("speed", 1, "s", "at least 5")


def test_a_command_is_measured_and_its_last_words_are_kept() -> None:
    done = bench.process([sys.executable, "-c", "x = b'x' * 50_000_000; print('ready')"])
    assert done.output == "ready\n"
    assert done.seconds > 0
    assert 50 < done.megabytes < 150
    with pytest.raises(RuntimeError, match=r"ended with 1: ValueError: no"):
        bench.process([sys.executable, "-c", "raise ValueError('no')"])


MEASUREMENTS = {
    "fine": "def rows():\n    yield row('speed', 7, 'records/s', '>= 5')",
    "slow": "def rows():\n    yield row('speed', 3, 'records/s', '>= 5')",
    "torn": "def rows():\n    yield row('speed', 7, 's')\n    raise OSError('no\\nfile')",
    "none": "def rows():\n    return []",
}


@pytest.mark.parametrize(("name", "code", "rows"), [("fine", 0, 1), ("slow", 1, 1), ("torn", 1, 1), ("none", 1, 0)])
def test_what_is_run_shows_in_rows_and_exit_code(tmp_path: Path, name: str, code: int, rows: int) -> None:
    package = tmp_path / "bench"
    package.mkdir()
    for file in ("__init__.py", "__main__.py"):
        (package / file).write_text((ROOT / "bench" / file).read_text())
    for stem, text in MEASUREMENTS.items():
        (package / f"{stem}.py").write_text(f'"""Measures {stem}."""\nfrom bench import row\n{text}\n')

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([sys.executable, "-m", "bench", *words], cwd=tmp_path, capture_output=True, text=True)

    done = run(name, "--json")
    assert done.returncode == code, done.stderr
    assert len([json.loads(line) for line in done.stdout.splitlines()]) == rows
    assert done.stderr.count("\n") == (name in ("torn", "none"))
    assert run("--list").stdout.splitlines()[0].split(maxsplit=1) == ["fine", "Measures fine."]
