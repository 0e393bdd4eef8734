"""What is being written, kept locked until it is confirmed, and no longer than half an hour."""

from __future__ import annotations

import json
import logging
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.engine import Engine

from penbot.ticketing.cipher import Cipher, Unreadable
from penbot.ticketing.clock import Clock
from penbot.ticketing.schema import drafts as table

KEPT = timedelta(minutes=30)
log = logging.getLogger(__name__)


class DraftStore:
    """One draft a conversation. Raises SQLAlchemyError where the database does not answer."""

    def __init__(self, engine: Engine, cipher: Cipher, clock: Clock) -> None:
        self._engine = engine
        self._cipher = cipher
        self._clock = clock

    def load(self, conversation: str) -> dict[str, Any] | None:
        """What was saved last; None for nothing, or for too long ago."""
        self.purge()
        with self._engine.begin() as connection:
            locked = connection.execute(select(table.c.content).where(table.c.conversation == conversation)).scalar()
        if locked is None:
            return None
        try:
            return dict(json.loads(self._cipher.unlock(locked)))
        except Unreadable as err:
            log.error("draft.unreadable reason=%s", err)
            return None

    def save(self, conversation: str, draft: dict[str, Any] | None) -> None:
        """In the place of what was there; None: forget it."""
        with self._engine.begin() as connection:
            connection.execute(delete(table).where(table.c.conversation == conversation))
            if draft is not None:
                values = {
                    "conversation": conversation,
                    "content": self._cipher.lock(json.dumps(draft).encode()),
                    "expires_at": self._clock() + KEPT,
                }
                connection.execute(insert(table).values(values))

    def purge(self) -> None:
        """Delete what has expired."""
        with self._engine.begin() as connection:
            connection.execute(delete(table).where(table.c.expires_at <= self._clock()))
