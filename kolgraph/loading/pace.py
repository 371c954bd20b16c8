"""A pace that is never exceeded: requests are spaced, not counted, so that no window of a second holds one too many."""

import threading
from collections.abc import Callable

Clock = Callable[[], float]


class Pace:
    """Gives out the times at which one request after the other may go out; several threads share it."""

    def __init__(self, clock: Clock):
        self._clock = clock
        self._lock = threading.Lock()
        self._free_at = 0.0

    def turn(self, rate: float) -> float:
        """How many seconds the next request has to wait, at `rate` a second; its time is taken with that."""
        with self._lock:
            now = self._clock()
            at = max(now, self._free_at)
            self._free_at = at + 1 / rate
        return at - now


_paces: dict[tuple[str, Clock], Pace] = {}
_lock = threading.Lock()


def pace_of(host: str, clock: Clock) -> Pace:
    """The one pace of this process at which a host is asked, whoever asks it: one walk after or beside the other."""
    with _lock:
        return _paces.setdefault((host, clock), Pace(clock))
