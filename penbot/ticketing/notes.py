"""What is added to a ticket at the desk. A desk takes the same note twice: the one who repeats must know.

Each note of a ticket has a number, which goes along in its text. One whose fate is unknown keeps its number
when it is said again, so that people see that the two are one.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import insert, select, update
from sqlalchemy.engine import Engine

from penbot.ticketing.cipher import Cipher
from penbot.ticketing.clock import Clock
from penbot.ticketing.desk import Desk, Unavailable
from penbot.ticketing.outbox import Row
from penbot.ticketing.schema import notes as table

_SAME = timedelta(minutes=10)  # the same words again, so soon, are a repetition


class Notes:
    def __init__(self, engine: Engine, cipher: Cipher, desk: Desk, clock: Clock) -> None:
        self._engine = engine
        self._cipher = cipher
        self._desk = desk
        self._clock = clock

    def add(self, row: Row, text: str, *, public: bool = True) -> None:
        """Say it at the desk, but nothing said just before. Raises DeskError."""
        if row.ref is None:
            raise Unavailable("o chamado ainda não chegou ao sistema de chamados")
        number = self._begun(row, self._cipher.fingerprint(f"note {row.key} {public}", text))
        if number is None:
            return
        self._desk.comment(row.ref, f"{text}\n\n[ref: {row.protocol}#{number}]", public=public)
        with self._engine.begin() as connection:
            this = (table.c.key == row.key) & (table.c.number == number)
            connection.execute(update(table).where(this).values(arrived=True))

    def _begun(self, row: Row, text: str) -> int | None:
        """The number of this note; None if it arrived just before."""
        now = self._clock()
        with self._engine.begin() as connection:
            query = select(table).where(table.c.key == row.key).order_by(table.c.number.desc()).limit(1)
            last = connection.execute(query).first()
            if last and last.text == text and not last.arrived:
                return int(last.number)
            if last and last.text == text and now - last.at < _SAME:
                return None
            number = int(last.number) + 1 if last else 1
            values = {"key": row.key, "number": number, "text": text, "at": now, "arrived": False}
            connection.execute(insert(table).values(values))
            return number
