"""The harness behind script/bench: bars are read, a missed one or a failing measurement is one line and exit code 1."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from lacking import lacking

import bench
from bench._resolving import highest, resolved
from bench._worlds import unresolve

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


def test_the_memory_of_a_process_is_that_of_its_children_too() -> None:
    if not Path("/proc/self/smaps_rollup").exists():
        lacking("no /proc here, in which Linux says what a process holds")
    inner = "held = b'x' * 60_000_000; print('ready', flush=True); input()"
    outer = f"import subprocess, sys; held = b'x' * 60_000_000; subprocess.run([sys.executable, '-c', {inner!r}])"
    with subprocess.Popen([sys.executable, "-c", outer], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdin
        assert child.stdout
        assert child.stdout.readline() == b"ready\n"
        assert 120e6 < highest(child.pid, 0) < 200e6
        assert highest(child.pid, 10**9) == 10**9
        child.stdin.write(b"\n")


def test_a_resolution_is_measured_in_a_process_of_its_own(small_world: Path, tmp_path: Path) -> None:
    space = shutil.copytree(small_world, tmp_path / "space")
    unresolve(space)
    done = resolved(space)
    assert done.counts["mentions"] > done.counts["people"] > 0
    assert done.seconds > 0
    assert done.cpu > 0
    assert 50 < done.megabytes < 2000
    shutil.rmtree(space)
    with pytest.raises(RuntimeError, match=r"ended with 1: .*space"):
        resolved(space)


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
