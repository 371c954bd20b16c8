"""One resolution, from the inbox to persons, in a fresh process: its time, its memory over all workers, its counts.

As a program (`python -m bench._resolving WORKSPACE`) it is that process.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PAUSE = 0.1  # seconds between two looks at the memory, at least
REST = 9  # times what the last look took: a tenth of the time at most goes into looking


@dataclass(frozen=True, slots=True)
class Resolved:
    """Wall and processor seconds of the step, all workers together; peak memory in MB (1e6 bytes); its counts."""

    seconds: float
    cpu: float
    megabytes: float
    counts: dict[str, int]


def resolved(workspace: Path) -> Resolved:
    """Resolve a workspace that is loaded. Raises RuntimeError with the last words of a process that fails."""
    command, peak = [sys.executable, "-m", __spec__.name, str(workspace)], 0
    with tempfile.TemporaryFile() as told:
        child = subprocess.Popen(command, stdout=told, stderr=subprocess.STDOUT)
        while child.poll() is None:
            begin = time.perf_counter()
            peak = highest(child.pid, peak)
            time.sleep(max(PAUSE, REST * (time.perf_counter() - begin)))
        told.seek(0)
        said = told.read().decode(errors="replace")
    last = (said.strip().splitlines() or ["nothing said"])[-1]
    if child.returncode:
        raise RuntimeError(f"resolving {workspace} ended with {child.returncode}: {last}")
    found: dict[str, Any] = json.loads(last)
    return Resolved(found["seconds"], found["cpu"], max(peak, found["peak"]) / 1e6, found["counts"])


def highest(process: int, peak: int) -> int:
    """`peak`, or the bytes that a process and its children hold now if they are more (Linux; `peak` elsewhere).

    Pages that they share count once. To tell these is to go through all of them, 10 ms a GB, while whoever is looked at
    waits: it is not done where even all pages of each are no more than the peak.
    """
    homes, resident, waiting = [], 0, [process]
    while waiting:
        home = Path(f"/proc/{waiting.pop()}")
        try:
            for task in (home / "task").iterdir():
                waiting += map(int, (task / "children").read_text().split())
            resident += int((home / "statm").read_text().split()[1]) * resource.getpagesize()
        except OSError:  # it has just ended
            continue
        homes.append(home)
    return max(peak, sum(map(_own, homes))) if resident > peak else peak


def _own(home: Path) -> int:
    """The bytes of a process, a page that others hold too in equal parts."""
    try:
        held = (home / "smaps_rollup").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in held.splitlines() if line.startswith("Pss:")), 0)


def _own_peak() -> int:
    """The most that this process held itself; not `ru_maxrss`, which a child takes over from whoever started it."""
    try:
        said = Path("/proc/self/status").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in said.splitlines() if line.startswith("VmHWM:")), 0)


def main() -> None:
    """Resolve what is loaded and say what it took; starting Python and reading our modules is not counted."""
    import kolgraph.resolve  # noqa: F401
    from kolgraph import jobs
    from kolgraph.workspace import Workspace

    with Workspace(Path(sys.argv[1])) as ws:
        wall, before = time.perf_counter(), os.times()
        step = jobs.resolve(ws)
        after, seconds = os.times(), time.perf_counter() - wall
    cpu = sum(after[:4]) - sum(before[:4])
    peak = _own_peak()
    print(json.dumps({"seconds": seconds, "cpu": cpu, "peak": peak, "counts": step.counts}))


if __name__ == "__main__":
    main()
