"""The local desk: a ticket book in our own database, for where there is no other system."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError

from penbot.ticketing.clock import Clock
from penbot.ticketing.desk import KEY, File, Ref, Rejected, Status, Ticket, View
from penbot.ticketing.desks.book import REOPENS_WITHIN, opened, ref_of
from penbot.ticketing.desks.plain import one_line
from penbot.ticketing.schema import desk_tickets

_NEEDED = ("protocol", "product", "sphere", "support_type", "subject", "body", "requester_name")
_EMAIL = re.compile(r"[^\s@]+@[^\s@]+")


class LocalDesk:
    """See `penbot.ticketing.desk.Desk`. The number of a ticket is our own protocol."""

    name = "local"

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock

    def check(self) -> None:
        self.tick()

    def find(self, key: str) -> tuple[Ref, ...]:
        if not KEY.fullmatch(key):
            raise Rejected("esta chave não tem a forma de uma chave", ("key",))
        with opened(self._engine, self._clock) as book:
            found = book.connection.execute(select(desk_tickets).where(desk_tickets.c.key == key))
            return tuple(ref_of(row) for row in found.mappings())

    def create(self, ticket: Ticket) -> Ref:
        """Of a key that is there already: nothing, its Ref."""
        _check(ticket)
        try:
            with opened(self._engine, self._clock) as book:
                return book.add(ticket)
        except IntegrityError:
            return self.find(ticket.key)[0]

    def read(self, ref: Ref) -> View:
        with opened(self._engine, self._clock) as book:
            return book.view(book.row(ref))

    def comment(self, ref: Ref, text: str, *, public: bool = True, files: Sequence[File] = ()) -> None:
        """Of the requester, or for the staff alone. A public one is their answer: nobody waits for it any longer."""
        with opened(self._engine, self._clock) as book:
            row = book.open_row(ref) if public else book.row(ref)
            book.say(row, text, by_staff=False, public=public, files=files)
            if public and row["status"] == Status.WAITING.value:
                book.move(row, Status(row["before_waiting"]), "o usuário respondeu")

    def reopen(self, ref: Ref, why: str) -> None:
        with opened(self._engine, self._clock) as book:
            row = book.row(ref)
            if row["closed_at"] is None:
                return
            if book.now - row["closed_at"] > REOPENS_WITHIN:
                raise Rejected("passaram as 48 horas em que o chamado podia ser reaberto", ("status",))
            book.move(row, Status.REOPENED, "reaberto a pedido do usuário")
            book.say(row, why, by_staff=False, public=True)

    def merge(self, younger: Ref, into: Ref) -> None:
        with opened(self._engine, self._clock) as book:
            stays, goes = book.row(into), book.row(younger)
            if goes["closed_at"] is None and goes["id"] != stays["id"]:
                book.move(goes, Status.CLOSED, f"repetido: segue no chamado {stays['number']}")

    def tick(self) -> None:
        """Apply what the time has brought."""
        with opened(self._engine, self._clock):
            pass


def _check(ticket: Ticket) -> None:
    wrong = [name for name in _NEEDED if not one_line(getattr(ticket, name))]
    if not KEY.fullmatch(ticket.key):
        wrong.append("key")
    if not _EMAIL.fullmatch(ticket.requester_email):
        wrong.append("requester_email")
    if wrong:
        raise Rejected(f"faltam, ou não têm a forma certa: {', '.join(wrong)}", tuple(wrong))
