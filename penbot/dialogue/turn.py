"""What a turn needs and what it gives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timezone

from penbot.dialogue.state import State
from penbot.knowledge import Answer
from penbot.ticketing.desk import File
from penbot.ticketing.tickets import Tickets


@dataclass(frozen=True)
class Turn:
    """What the bot says, in its order, and the state it leaves."""

    answers: tuple[Answer, ...]
    state: State


def _now() -> datetime:
    return datetime.now(timezone.utc)


def _nothing() -> None:
    pass


@dataclass(frozen=True)
class Office:
    """Where tickets go from this conversation. `tickets`: None where the Portal has no interface.

    `evidence`: the files sent so far; `forget_evidence`: they are handed over, or no longer wanted.
    """

    tickets: Tickets | None = None
    conversation: str = ""
    clock: Callable[[], datetime] = field(default=_now)
    evidence: Callable[[], tuple[File, ...]] = tuple
    forget_evidence: Callable[[], None] = field(default=_nothing)
