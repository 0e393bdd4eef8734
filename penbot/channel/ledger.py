"""What the portal keeps beside Rasa's record: which conversations were ended, and what people thought of answers."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path

_SCHEMA = """
create table if not exists ended (conversation text primary key, at real not null);
create table if not exists feedback (
    conversation text not null, subject text not null, value text not null, at real not null);
create index if not exists feedback_of on feedback (conversation, subject);
"""


class Ledger:
    """One small SQLite file, shared by the processes that serve the portal."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(path, timeout=5, check_same_thread=False)
        self._db.executescript(_SCHEMA)

    def end(self, conversation: str, kept: float) -> None:
        """From now on nobody speaks in it; known for `kept` seconds, as long as its token may live.

        What was thought of it stays, without saying whose it was.
        """
        with self._db:
            self._db.execute("delete from ended where at < ?", (time.time() - kept,))
            self._db.execute("insert or ignore into ended values (?, ?)", (conversation, time.time()))
            self._db.execute("update feedback set conversation = '' where conversation = ?", (conversation,))

    def ended(self, conversation: str) -> bool:
        return self._db.execute("select 1 from ended where conversation = ?", (conversation,)).fetchone() is not None

    def rate(self, conversation: str, subject: str, value: str) -> None:
        """`subject`: the id of a message, or 'conversation'. A second thought replaces the first."""
        with self._db:
            self._db.execute("delete from feedback where conversation = ? and subject = ?", (conversation, subject))
            self._db.execute("insert into feedback values (?, ?, ?, ?)", (conversation, subject, value, time.time()))

    def ratings(self, conversation: str) -> dict[str, str]:
        rows = self._db.execute("select subject, value from feedback where conversation = ?", (conversation,))
        return dict(rows.fetchall())
