"""The outbox: what was confirmed is written down here before anything else, and leaves from here only.

A row is worked on by one at a time: who claims it holds a lease, and what they write counts only while
they hold it. `sent_at` is the fact the exactly-once rule stands on: set before a write at the desk
begins, unset once it is known that nothing came of it.
"""

from __future__ import annotations

import base64
import enum
import json
import logging
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, insert, or_, select, update
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError

from penbot.language.text import phrase
from penbot.ticketing.cipher import Cipher
from penbot.ticketing.clock import Clock
from penbot.ticketing.desk import File, Ref, Ticket
from penbot.ticketing.schema import outbox as table

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
"""Longer than one delivery can take, every time-out of the desk's included."""


class State(enum.Enum):
    PENDING = "pending"
    SENDING = "sending"  # a write may have been done
    DONE = "done"
    REJECTED = "rejected"  # the desk does not take it as it is
    INCOMPLETE = "incomplete"  # the desk has it, without some of its fields
    STOPPED = "stopped"  # an operator has to act


OPEN = (State.PENDING, State.SENDING)
_OPEN = [state.value for state in OPEN]


@dataclass(frozen=True)
class Row:
    """A ticket on its way, without its content. `attempts` counts the claims; `since`: when we began to try."""

    key: str
    protocol: str
    conversation: str
    product: str
    sphere: str
    support_type: str
    requester: str
    words: frozenset[str]
    state: State
    attempts: int
    created_at: datetime
    since: datetime
    next_at: datetime
    lease_owner: str | None
    sent_at: datetime | None
    ref: Ref | None
    last_error: str


class Outbox:
    """Raises SQLAlchemyError where the database does not answer."""

    def __init__(self, engine: Engine, cipher: Cipher, clock: Clock) -> None:
        self._engine = engine
        self._cipher = cipher
        self._clock = clock

    def put(self, ticket: Ticket, conversation: str) -> Row:
        """Write a ticket down, in one transaction. Of a key that is there already: nothing, its row."""
        now = self._clock()
        values = {
            **{name: getattr(ticket, name) for name in ("key", "protocol", "product", "sphere", "support_type")},
            "conversation": conversation,
            "requester": self.requester(ticket.requester_email),
            "words": json.dumps(sorted(self.words(ticket))),
            "content": self._cipher.lock(_packed(ticket)),
            "state": State.PENDING.value,
            "attempts": 0,
            "created_at": now,
            "since": now,
            "next_at": now,
        }
        try:
            with self._engine.begin() as connection:
                connection.execute(insert(table).values(values))
        except IntegrityError:
            log.info("ticket.repeated protocol=%s", ticket.protocol)
        with self._engine.begin() as connection:  # not there: it is the protocol that was taken
            return _row(connection.execute(select(table).where(table.c.key == ticket.key)).mappings().one())

    def claim(self, owner: str, key: str | None = None) -> Row | None:
        """A row that is due, this one or the longest waiting, for its claimer alone until the lease ends."""
        now = self._clock()
        free = or_(table.c.lease_until.is_(None), table.c.lease_until <= now)
        due = and_(table.c.state.in_(_OPEN), table.c.next_at <= now, free)
        query = select(table).where(due if key is None else and_(due, table.c.key == key))
        query = (
            query.order_by(table.c.next_at, table.c.created_at, table.c.key).limit(1).with_for_update(skip_locked=True)
        )
        with self._engine.begin() as connection:
            found = connection.execute(query).mappings().first()
            if found is None:
                return None
            changes = {"lease_owner": owner, "lease_until": now + LEASE, "attempts": found["attempts"] + 1}
            connection.execute(update(table).where(table.c.key == found["key"]).values(changes))
        return _row({**found, **changes})

    def ticket(self, row: Row) -> Ticket | None:
        """The whole ticket; None once the desk has it. Raises Unreadable."""
        with self._engine.begin() as connection:
            content = connection.execute(select(table.c.content).where(table.c.key == row.key)).scalar()
        return None if content is None else _unpacked(row, self._cipher.unlock(content))

    # --- what its claimer writes: False, and nothing written, where the row is no longer theirs -----------

    def sending(self, row: Row) -> bool:
        """A write at the desk begins now."""
        now = self._clock()
        return self._write(row, state=State.SENDING.value, sent_at=now, lease_until=now + LEASE)

    def unsent(self, row: Row) -> bool:
        """Nothing came of the write that had begun."""
        return self._write(row, state=State.PENDING.value, sent_at=None)

    def later(self, row: Row, next_at: datetime, error: str = "") -> bool:
        return self._write(row, next_at=next_at, lease_until=None, last_error=error)

    def done(self, row: Row, ref: Ref) -> bool:
        """The desk has it, whole: what we kept of it is erased."""
        return self._write(
            row, state=State.DONE.value, content=None, lease_until=None, sent_at=None, last_error="", **_of(ref)
        )

    def incomplete(self, row: Row, ref: Ref, error: str) -> bool:
        return self._write(row, state=State.INCOMPLETE.value, lease_until=None, last_error=error, **_of(ref))

    def stop(self, row: Row, state: State, error: str) -> bool:
        """No more tries by themselves: `state` is STOPPED or REJECTED."""
        return self._write(row, state=state.value, lease_until=None, last_error=error)

    def _write(self, row: Row, **changes: Any) -> bool:
        held = and_(
            table.c.key == row.key,
            table.c.lease_owner == row.lease_owner,
            table.c.attempts == row.attempts,  # each claim counts one more: an earlier one does not pass for this one
            table.c.state.in_(_OPEN),
        )
        with self._engine.begin() as connection:
            return bool(connection.execute(update(table).where(held).values(changes)).rowcount)

    # --- what others ask ----------------------------------------------------------------------------------

    def get(self, key: str) -> Row | None:
        return next(iter(self._rows(table.c.key == key)), None)

    def by_protocol(self, protocol: str) -> Row | None:
        return next(iter(self._rows(table.c.protocol == protocol)), None)

    def of_conversation(self, conversation: str) -> list[Row]:
        """Newest first."""
        return self._rows(table.c.conversation == conversation)[::-1]

    def of_requester(self, requester: str, product: str) -> list[Row]:
        """Newest first. `requester`: as of `requester()`."""
        return self._rows(and_(table.c.requester == requester, table.c.product == product))[::-1]

    def rows(self) -> list[Row]:
        """Oldest first."""
        return self._rows(table.c.key.is_not(None))

    def untold(self, conversation: str) -> list[Row]:
        """The rows whose number, or refusal, was not told yet; each is given once, to whoever asks first."""
        settled = or_(table.c.ref_id.is_not(None), table.c.state == State.REJECTED.value)
        news = and_(table.c.conversation == conversation, settled, table.c.told_at.is_(None))
        with self._engine.begin() as connection:
            found = connection.execute(select(table).where(news).order_by(table.c.created_at).with_for_update())
            rows = [_row(values) for values in found.mappings()]
            keys = [row.key for row in rows]
            connection.execute(update(table).where(table.c.key.in_(keys)).values(told_at=self._clock()))
        return rows

    def told(self, key: str) -> None:
        with self._engine.begin() as connection:
            connection.execute(update(table).where(table.c.key == key).values(told_at=self._clock()))

    def resume(self, row: Row) -> None:
        """An operator did what was to be done: try again, now, for as long as at first."""
        now = self._clock()
        changes = {"since": now, "next_at": now, "lease_until": None, "last_error": ""}
        state = State.SENDING if row.sent_at else State.PENDING
        with self._engine.begin() as connection:
            held = and_(table.c.key == row.key, table.c.state == row.state.value)
            connection.execute(update(table).where(held).values(state=state.value, **changes))

    def requester(self, email: str) -> str:
        """Whose ticket it is, without saying who that is."""
        return self._cipher.fingerprint("requester", email.strip().lower())

    def words(self, ticket: Ticket) -> frozenset[str]:
        """The words that tell a ticket apart from others, without saying which."""
        telling = {word for word in phrase(f"{ticket.subject}\n{ticket.body}") if len(word) > 2}
        return frozenset(self._cipher.fingerprint("word", word)[:16] for word in telling)

    def _rows(self, which: Any) -> list[Row]:
        with self._engine.begin() as connection:
            query = select(table).where(which).order_by(table.c.created_at, table.c.key)
            return [_row(values) for values in connection.execute(query).mappings()]


def _of(ref: Ref) -> dict[str, str]:
    return {"ref_id": ref.id, "ref_number": ref.number, "ref_url": ref.url}


def _row(values: Any) -> Row:
    ref = Ref(values["ref_id"], values["ref_number"], values["ref_url"]) if values["ref_id"] is not None else None
    plain = (
        *("key", "protocol", "conversation", "product", "sphere", "support_type", "requester"),
        *("attempts", "created_at", "since", "next_at", "lease_owner", "sent_at"),
    )
    return Row(
        **{name: values[name] for name in plain},
        words=frozenset(json.loads(values["words"])),
        state=State(values["state"]),
        ref=ref,
        last_error=values["last_error"] or "",
    )


_KEPT_APART = ("subject", "body", "requester_name", "requester_email")


def _packed(ticket: Ticket) -> bytes:
    content: dict[str, Any] = {name: getattr(ticket, name) for name in _KEPT_APART}
    content["files"] = [{**asdict(file), "content": base64.b64encode(file.content).decode()} for file in ticket.files]
    return json.dumps(content).encode()


def _unpacked(row: Row, packed: bytes) -> Ticket:
    content = json.loads(packed)
    files: Iterable[dict[str, str]] = content.pop("files")
    return Ticket(
        key=row.key,
        protocol=row.protocol,
        product=row.product,
        sphere=row.sphere,
        support_type=row.support_type,
        files=tuple(File(f["name"], f["media_type"], base64.b64decode(f["content"])) for f in files),
        **content,
    )
