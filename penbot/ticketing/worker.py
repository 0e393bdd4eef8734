"""The delivery that goes on by itself: in a thread of the action server, or as a command."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence

from penbot.ticketing.delivery import Delivery

_LOOK_EVERY = 2.0  # seconds, while nothing is due
_TIDY_EVERY = 60.0
_STOP_WITHIN = 5.0
log = logging.getLogger(__name__)


class Worker:
    """Delivers what is due until it is stopped. `chores`: small things done once a minute."""

    def __init__(self, delivery: Delivery, chores: Sequence[Callable[[], object]] = ()) -> None:
        self._delivery = delivery
        self._chores = chores
        self._tidied = 0.0
        self._woken = threading.Event()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self.run, name="entrega", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """What is being delivered may end; if it takes long, it is taken up again at the next start."""
        self._stopped.set()
        self._woken.set()
        if self._thread.is_alive():
            self._thread.join(_STOP_WITHIN)

    def wake(self) -> None:
        """Look at once."""
        self._woken.set()

    def run(self) -> None:
        """Blocks until it is stopped."""
        while not self._stopped.is_set():
            self._woken.clear()
            self._tidy()
            if not self._deliver():
                self._woken.wait(_LOOK_EVERY)

    def _deliver(self) -> bool:
        try:
            return self._delivery.one()
        except Exception:  # the database is away: the worker must be there when it is back
            log.exception("worker.failed")
            return False

    def _tidy(self) -> None:
        if time.monotonic() - self._tidied < _TIDY_EVERY:
            return
        self._tidied = time.monotonic()
        for chore in self._chores:
            try:
                chore()
            except Exception:
                log.exception("worker.chore_failed")
