"""How often: so many a minute for each key, in this process's memory."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

MESSAGES_A_SESSION = 20
MESSAGES_AN_ADDRESS = 60
SESSIONS_AN_ADDRESS = 60
_MINUTE = 60.0
_KEYS = 10_000


class Limit:
    """At most so many a minute. Whoever is over it waits; refused attempts do not count."""

    def __init__(self, a_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = a_minute
        self._clock = clock
        self._times: dict[str, deque[float]] = {}

    def wait(self, key: str) -> int:
        """0, and counted, if there is room; else the seconds until there is."""
        now = self._clock()
        if key not in self._times and len(self._times) >= _KEYS:
            self._forget(now)
        times = self._times.setdefault(key, deque())
        while times and times[0] <= now - _MINUTE:
            times.popleft()
        if len(times) >= self._most:
            return int(times[0] + _MINUTE - now) + 1
        times.append(now)
        return 0

    def _forget(self, now: float) -> None:
        self._times = {key: times for key, times in self._times.items() if times and times[-1] > now - _MINUTE}
