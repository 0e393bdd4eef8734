"""The local desk for the contract: nothing has to run."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.engine import Engine

from penbot.knowledge import Knowledge
from penbot.ticketing.clock import utc_now
from penbot.ticketing.database import database
from penbot.ticketing.desk import Desk, Ref
from penbot.ticketing.desks.attendance import Attendance
from penbot.ticketing.desks.local import LocalDesk
from penbot.ticketing.schema import desk_files


class LocalBook:
    """See `tests.desks.adapters.Harness`."""

    address = None
    secrets = ()
    lists = ()

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._attendance = Attendance(engine, utc_now)

    def desk(self, url: str = "", *, timeout: object = None, good_credentials: bool = True) -> Desk:
        return LocalDesk(self._engine, utc_now)

    def close(self, ref: Ref) -> None:
        self._attendance.close(ref.number, "feito")

    def reply(self, ref: Ref, text: str) -> None:
        self._attendance.reply(ref.number, text)

    def text(self, ref: Ref) -> str:
        entry = self._attendance.entry(ref.number)
        said = [comment.text for comment in entry.comments]
        return "\n".join([entry.view.subject, entry.body, entry.requester_name, entry.view.ref.number, *said])

    def files(self, ref: Ref) -> dict[str, bytes]:
        query = select(desk_files.c.name, desk_files.c.content).where(desk_files.c.ticket_id == int(ref.id))
        with self._engine.begin() as connection:
            return {row.name: bytes(row.content) for row in connection.execute(query)}


@contextlib.contextmanager
def running(folder: Path, knowledge: Knowledge) -> Iterator[LocalBook]:
    engine = database(f"sqlite:///{folder}/chamados.db")
    yield LocalBook(engine)
    engine.dispose()
