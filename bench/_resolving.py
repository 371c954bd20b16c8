"""One resolution, from the inbox to persons, in a fresh process: its time, its memory over all workers, its counts.

As a program (`python -m bench._resolving WORKSPACE`) it is that process.
"""

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PAUSE = 0.1  # seconds between two looks at the memory


@dataclass(frozen=True, slots=True)
class Resolved:
    """Wall and processor seconds of the step, all workers together; peak memory in MB (1e6 bytes); its counts."""

    seconds: float
    cpu: float
    megabytes: float
    counts: dict[str, int]


def resolved(workspace: Path) -> Resolved:
    """Resolve a workspace that is loaded. Raises RuntimeError with the last words of a process that fails."""
    child = subprocess.Popen(
        [sys.executable, "-m", __spec__.name, str(workspace)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    peak = 0
    while child.poll() is None:
        peak = max(peak, _memory(child.pid))
        time.sleep(PAUSE)
    said = child.stdout.read().decode(errors="replace") if child.stdout else ""
    last = (said.strip().splitlines() or ["nothing said"])[-1]
    if child.returncode:
        raise RuntimeError(f"resolving {workspace} ended with {child.returncode}: {last}")
    found: dict[str, Any] = json.loads(last)
    return Resolved(found["seconds"], found["cpu"], max(peak, found["peak"]) / 1e6, found["counts"])


def _memory(process: int) -> int:
    """Bytes that a process and its children hold, pages that they share counted once (Linux; 0 elsewhere)."""
    total, waiting = 0, [process]
    while waiting:
        home = Path(f"/proc/{waiting.pop()}")
        try:
            for task in (home / "task").iterdir():
                waiting += map(int, (task / "children").read_text().split())
            held = (home / "smaps_rollup").read_text()
        except OSError:  # it has just ended
            continue
        total += next((int(line.split()[1]) * 1024 for line in held.splitlines() if line.startswith("Pss:")), 0)
    return total


def _highest() -> int:
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
    peak = _highest()
    print(json.dumps({"seconds": seconds, "cpu": cpu, "peak": peak, "counts": step.counts}))


if __name__ == "__main__":
    main()
