"""The desk: any ticket system, in the words of who hands a ticket over.

An adapter says each thing once. It never retries and never hides an unclear outcome: patience and the
exactly-once rule are the outbox's (`penbot.ticketing.delivery`).
"""

from __future__ import annotations

import enum
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

KEY = re.compile(r"[A-Za-z0-9.-]{8,64}")
"""What a key may look like: it goes into the query languages of other systems."""


class Status(enum.Enum):
    """Where a ticket is in the guide's life cycle (sections 6 and 7). The values are public."""

    OPEN = "aberto"
    TRIAGE = "em_triagem"  # N2
    SPECIALIST = "com_especialista"  # N3
    WAITING = "aguardando_usuario"
    CLOSED = "encerrado"
    REOPENED = "reaberto"
    UNKNOWN = "desconhecido"  # the desk has a state that we do not know: never an error


@dataclass(frozen=True)
class File:
    """A piece of evidence. `media_type`: like 'image/png'."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True)
class Ticket:
    """What is handed over. `key`: ours, one a ticket, for ever. `protocol`: the number the user was told.
    `product`, `sphere`, `support_type`: ids of the contract. `body`: plain text."""

    key: str
    protocol: str
    product: str
    sphere: str
    support_type: str
    subject: str
    body: str
    requester_name: str
    requester_email: str
    files: tuple[File, ...] = ()


@dataclass(frozen=True)
class Ref:
    """A ticket in the desk: its id there, the number people read, and where to follow it ('' if nowhere)."""

    id: str
    number: str
    url: str = ""


@dataclass(frozen=True)
class View:
    """A ticket as the desk has it. `raw_status`: the desk's own word. Texts that the desk lost are ''.

    `closed_at`: when it was closed, if it is. `reply`: the last public answer of a person, if any.
    Times are aware.
    """

    ref: Ref
    status: Status
    raw_status: str
    key: str
    product: str
    sphere: str
    support_type: str
    requester_email: str
    subject: str = ""
    updated_at: datetime | None = None
    closed_at: datetime | None = None
    reply: str = ""


class Desk(Protocol):
    """A ticket system. Every method may raise the errors below, and nothing else."""

    @property
    def name(self) -> str: ...

    def check(self) -> None:
        """Ready to take tickets: credentials, queues and fields are there."""

    def find(self, key: str) -> tuple[Ref, ...]:
        """The tickets with this key, oldest first; more than one only if somebody wrote twice."""

    def create(self, ticket: Ticket) -> Ref:
        """Exactly one write. Raises Rejected, before any write, for what the desk would refuse or drop."""

    def read(self, ref: Ref) -> View: ...

    def comment(self, ref: Ref, text: str, *, public: bool = True, files: Sequence[File] = ()) -> None: ...

    def reopen(self, ref: Ref, why: str) -> None:
        """Open again a closed ticket, with the reason as a public comment. Of an open one: nothing."""

    def merge(self, younger: Ref, into: Ref) -> None:
        """Close a ticket written twice, pointing to the one that stays."""


def lost(ticket: Ticket, view: View) -> tuple[str, ...]:
    """The fields of a ticket that the desk dropped or changed: read back after each create."""
    fields = ("key", "product", "sphere", "support_type")
    dropped = [name for name in fields if getattr(view, name) != getattr(ticket, name)]
    if view.requester_email.lower() != ticket.requester_email.lower():
        dropped.append("requester_email")
    return tuple(dropped)


# --- what can go wrong -------------------------------------------------------


class DeskError(Exception):
    """Something went wrong at the desk. The message is for the operator: no personal data in it."""


class Unavailable(DeskError):
    """Nothing was done: refused, timed out before or while reading, busy. Trying again is safe."""


@dataclass(eq=False)
class RateLimited(Unavailable):
    """Too many calls. `retry_after`: seconds, as the desk asks."""

    message: str
    retry_after: float = 1.0

    def __str__(self) -> str:
        return self.message


class Ambiguous(DeskError):
    """A write was sent, and its outcome is unknown. Look up by key before writing again."""


class AuthFailed(DeskError):
    """The credentials are refused. An operator has to act."""


class Forbidden(DeskError):
    """The credentials are good, but may not do this."""


class NotFound(DeskError):
    """No such ticket."""


@dataclass(eq=False)
class Rejected(DeskError):
    """The desk does not take this as it is; never to be repeated unchanged. `fields`: which ones, if known."""

    message: str
    fields: tuple[str, ...] = field(default=())

    def __str__(self) -> str:
        return self.message


@dataclass(eq=False)
class Incomplete(DeskError):
    """The ticket is there, but the desk dropped some of its fields."""

    ref: Ref
    missing: tuple[str, ...]

    def __str__(self) -> str:
        return f"o chamado {self.ref.number} ficou sem: {', '.join(self.missing)}"


class ProtocolError(DeskError):
    """The desk answered, but not as its interface says."""
