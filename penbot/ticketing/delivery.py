"""Exactly once: find, write, find again, read back. Patience is here, and no other place writes tickets."""

from __future__ import annotations

import logging
import os
import random
import socket
import uuid
from collections.abc import Callable, Sequence
from datetime import timedelta

from penbot.ticketing.cipher import Unreadable
from penbot.ticketing.clock import Clock
from penbot.ticketing.desk import (
    AuthFailed,
    Desk,
    DeskError,
    Forbidden,
    Incomplete,
    RateLimited,
    Ref,
    Rejected,
    Ticket,
    Unavailable,
    lost,
)
from penbot.ticketing.outbox import Outbox, Row, State

SETTLE = 60.0  # seconds: a request whose answer never came may still be at work at the desk
LONGEST_PAUSE = 15 * 60.0  # seconds
GIVE_UP = timedelta(hours=24)
log = logging.getLogger(__name__)

Step = Callable[[str], None]


def no_step(name: str) -> None:
    """Called with a name at each step of a delivery. Whoever proves the delivery breaks it there."""


class Delivery:
    """Takes rows to the desk. `settle`: seconds before an unclear write is looked up. `chance`: 0 to 1."""

    def __init__(
        self,
        outbox: Outbox,
        desk: Desk,
        clock: Clock,
        *,
        settle: float = SETTLE,
        chance: Callable[[], float] = random.random,
        step: Step = no_step,
    ) -> None:
        self._outbox = outbox
        self._desk = desk
        self._clock = clock
        self._settle = timedelta(seconds=settle)
        self._chance = chance
        self._step = step
        self._owner = f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex}"

    def one(self, key: str | None = None) -> bool:
        """Try the row with this key, else the next that is due. False: none was."""
        row = self._outbox.claim(self._owner, key)
        if row is None:
            return False
        self._step("claimed")
        self._try(row)
        return True

    def _try(self, row: Row) -> None:
        """Whatever happens, the row says what is to be done next; its lease sees to the rest."""
        try:
            self._deliver(row)
        except Incomplete as err:
            log.error("ticket.incomplete protocol=%s missing=%s", row.protocol, ",".join(err.missing))
            self._outbox.incomplete(row, err.ref, str(err))
        except Rejected as err:
            log.error("ticket.rejected protocol=%s reason=%s", row.protocol, err)
            self._outbox.stop(row, State.REJECTED, str(err))
        except (AuthFailed, Forbidden, Unreadable) as err:
            self._give_up(row, f"{type(err).__name__}: {err}")
        except DeskError as err:
            self._again(row, err)
        except Exception as err:  # a fault of ours or of an adapter: the ticket must not be lost for it
            log.exception("ticket.failed protocol=%s", row.protocol)
            self._again(row, err)

    def _deliver(self, row: Row) -> None:
        unsettled = row.sent_at is not None and row.sent_at + self._settle
        if unsettled and unsettled > self._clock():
            self._outbox.later(row, unsettled, row.last_error)
            return
        ticket = self._outbox.ticket(row)
        assert ticket is not None, "a row on its way has its content"
        found = self._desk.find(row.key)
        self._step("looked up")
        if not found:
            if not self._outbox.sending(row):
                log.warning("ticket.lease_lost protocol=%s", row.protocol)
                return
            self._step("marked")
            ref = self._write(row, ticket)
            self._step("written")
            found = self._desk.find(row.key) or (ref,)  # on its way a request may have been delivered twice
        self._settled(row, ticket, found)

    def _write(self, row: Row, ticket: Ticket) -> Ref:
        try:
            return self._desk.create(ticket)
        except (Unavailable, Rejected, AuthFailed, Forbidden):
            self._outbox.unsent(row)
            raise

    def _settled(self, row: Row, ticket: Ticket, found: Sequence[Ref]) -> None:
        oldest, *younger = found
        for ref in younger:
            log.warning("ticket.merged protocol=%s", row.protocol)
            self._desk.merge(ref, oldest)
        self._step("merged")
        missing = lost(ticket, self._desk.read(oldest))
        self._step("read back")
        if missing:
            raise Incomplete(oldest, missing)
        self._outbox.done(row, oldest)
        self._step("done")

    def _again(self, row: Row, err: Exception) -> None:
        now = self._clock()
        if now - row.since >= GIVE_UP:
            self._give_up(row, f"sem sucesso em 24 horas: {_told(err)}")
            return
        self._outbox.later(row, now + self._pause(row, err), _told(err))

    def _pause(self, row: Row, err: Exception) -> timedelta:
        """1 s, 2 s, 4 s…, each less up to a half, so that many do not come back at the same moment."""
        seconds = min(LONGEST_PAUSE, 2.0 ** min(row.attempts - 1, 30)) * (1 - self._chance() / 2)
        if isinstance(err, RateLimited):
            seconds = max(seconds, err.retry_after)
        pause = timedelta(seconds=seconds)
        # What may have written is looked up only when the desk has surely ended it.
        return pause if isinstance(err, Unavailable) else max(pause, self._settle)

    def _give_up(self, row: Row, error: str) -> None:
        log.error("ticket.stopped protocol=%s reason=%s (penbot outbox resume)", row.protocol, error)
        self._outbox.stop(row, State.STOPPED, error)


def _told(err: Exception) -> str:
    """Only a desk's errors are written to be read, without personal data."""
    return f"{type(err).__name__}: {err}" if isinstance(err, DeskError) else type(err).__name__
