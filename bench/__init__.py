"""The measurements behind every figure of the README; `script/bench` runs them.

A measurement is a module `bench/NAME.py` with `rows()`, which yields rows as they are known: `row(name, value, unit,
bar)`. The first line of its docstring says what it measures.
"""

import json
import operator
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

HERE = Path(__file__).parent
_BARS = {">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt, "==": operator.eq}
_BAR = re.compile(r"(>=|<=|==|>|<)\s*(-?[\d_,.]*\d)")


class Row(TypedDict):
    """A measured figure and whether it clears its bar; without a bar it is only told."""

    name: str
    value: float
    unit: str
    bar: str
    ok: bool


def row(name: str, value: float, unit: str, bar: str = "") -> Row:
    """A figure against a bar such as `>= 5000` or `<= 90`."""
    if not bar:
        return Row(name=name, value=value, unit=unit, bar="", ok=True)
    found = _BAR.fullmatch(bar.strip())
    if not found:
        raise ValueError(f'the bar "{bar}" of {name} cannot be read: write e.g. ">= 5000"')
    sign, number = found.groups()
    return Row(name=name, value=value, unit=unit, bar=bar, ok=bool(_BARS[sign](value, float(number.replace(",", "")))))


def names() -> list[str]:
    """Every measurement there is."""
    return sorted(path.stem for path in HERE.glob("[!_]*.py"))


def realdata() -> Path:
    """The folder of real records. Raises FileNotFoundError when there is none."""
    folder = Path(os.environ.get("KOLGRAPH_REALDATA", HERE.parents[1] / "shared" / "realdata"))
    if not folder.is_dir():
        raise FileNotFoundError(f"no real records in {folder}: set KOLGRAPH_REALDATA to a folder that holds them")
    return folder


@dataclass(frozen=True, slots=True)
class Run:
    """What a command cost: wall and processor seconds, peak memory in MB (1e6 bytes), and what it said."""

    seconds: float
    cpu: float
    megabytes: float
    output: str


# run by an interpreter that is small: on Linux a child begins with the peak memory of the process it was forked from
MEASURE = """
import json, resource, subprocess, sys, time
begin = time.perf_counter()
code = subprocess.call(sys.argv[2:])
seconds = time.perf_counter() - begin
used = resource.getrusage(resource.RUSAGE_CHILDREN)
with open(sys.argv[1], "w") as file:
    json.dump([code, seconds, used.ru_utime + used.ru_stime, used.ru_maxrss], file)
"""


def process(command: Sequence[str | Path], **environment: str) -> Run:
    """Run a command in a process of its own. Raises RuntimeError with its last words when it fails."""
    # compiled modules are kept, as they are wherever the product is installed
    everything = {**os.environ, "PYTHONDONTWRITEBYTECODE": "", **environment}
    with tempfile.TemporaryDirectory() as folder:
        measured = Path(folder) / "measured.json"
        words = [sys.executable, "-c", MEASURE, str(measured), *map(str, command)]
        done = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=everything, check=False)
        output = done.stdout.decode(errors="replace")
        code, seconds, cpu, kilobytes = json.loads(measured.read_text())
    if code:
        last = (output.strip().splitlines() or ["nothing said"])[-1]
        raise RuntimeError(f"{' '.join(map(str, command[:4]))} ... ended with {code}: {last}")
    return Run(seconds, cpu, kilobytes * 1024 / 1e6, output)


def kolgraph(workspace: Path, *words: str | Path) -> Run:
    """A command of kolgraph over a workspace, measured."""
    return process([Path(sys.executable).with_name("kolgraph"), "--workspace", workspace, *words])
