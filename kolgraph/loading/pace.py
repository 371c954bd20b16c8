"""A pace that is never exceeded: requests are spaced, not counted, so that no window of a second holds one too many."""

import threading
import time
from collections.abc import Callable


class Pace:
    """Lets one caller through per interval; several threads share it."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, sleep: Callable[[float], None] = time.sleep):
        self._clock, self._sleep = clock, sleep
        self._lock = threading.Lock()
        self._free_at = 0.0

    def wait(self, rate: float) -> None:
        """Return when the next request may go out, at `rate` a second."""
        with self._lock:
            now = self._clock()
            at = max(now, self._free_at)
            self._free_at = at + 1 / rate
        if at > now:
            self._sleep(at - now)
