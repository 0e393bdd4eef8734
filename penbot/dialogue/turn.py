"""What a turn needs and what it gives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timezone

from penbot.dialogue.state import State
from penbot.knowledge import Answer
from penbot.ticketing.tickets import Tickets


@dataclass(frozen=True)
class Turn:
    """What the bot says, in its order, and the state it leaves."""

    answers: tuple[Answer, ...]
    state: State


def _now() -> datetime:
    return datetime.now(timezone.utc)


@dataclass(frozen=True)
class Office:
    """Where tickets go from this conversation. `tickets`: None where the Portal has no interface."""

    tickets: Tickets | None = None
    conversation: str = ""
    clock: Callable[[], datetime] = field(default=_now)
