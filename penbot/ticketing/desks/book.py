"""The local desk's ticket book: its rows and the rules by which a ticket moves on (guide, sections 3 and 5).

A ticket that waits for its requester closes after 72 hours without a word, and a closed one may be opened
again within 48. That needs no clockwork: whoever opens the book applies what was due, as of when it was due.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from penbot.ticketing.clock import Clock
from penbot.ticketing.desk import File, NotFound, Ref, Rejected, Status, Ticket, Unavailable, View
from penbot.ticketing.desks.plain import ascii_name, one_line, plain
from penbot.ticketing.schema import desk_comments, desk_files, desk_history, desk_tickets

CLOSES_AFTER = timedelta(hours=72)
REOPENS_WITHIN = timedelta(hours=48)
_AS_THEY_ARE = ("key", "product", "sphere", "support_type", "requester_email")
_OF_VIEW = ("key", "product", "sphere", "support_type", "subject", "requester_email", "updated_at", "closed_at")

Row = Mapping[str, Any]


@contextlib.contextmanager
def opened(engine: Engine, clock: Clock) -> Iterator[Book]:
    """The book within one transaction, up to date. Raises Unavailable where the database does not answer."""
    try:
        with engine.begin() as connection:
            book = Book(connection, clock())
            book.close_the_silent()
            yield book
    except IntegrityError:
        raise
    except SQLAlchemyError as err:
        raise Unavailable(f"o banco de dados não respondeu ({type(err).__name__})") from err


class Book:
    """The rows, at one moment."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self.connection = connection
        self.now = now

    def close_the_silent(self) -> None:
        silent = desk_tickets.c.waiting_since <= self.now - CLOSES_AFTER
        for row in self.connection.execute(select(desk_tickets).where(silent).with_for_update()).mappings().all():
            due = row["waiting_since"] + CLOSES_AFTER
            self.move(row, Status.CLOSED, "encerrado: 72 horas sem resposta do usuário", due)

    def row(self, ref: Ref) -> Row:
        """Raises NotFound."""
        id_ = int(ref.id) if ref.id.isdecimal() else 0
        query = select(desk_tickets).where(desk_tickets.c.id == id_).with_for_update()
        row = self.connection.execute(query).mappings().first()
        if row is None:
            raise NotFound(f"não há chamado {ref.number or ref.id}")
        return row  # type: ignore[no-any-return]

    def open_row(self, ref: Ref) -> Row:
        """Raises NotFound, and Rejected for a closed one."""
        row = self.row(ref)
        if row["closed_at"]:
            raise Rejected(f"o chamado {row['number']} está encerrado", ("status",))
        return row

    def add(self, ticket: Ticket) -> Ref:
        """Raises IntegrityError where its key is there already."""
        values = {
            **{name: getattr(ticket, name) for name in _AS_THEY_ARE},
            "number": ticket.protocol,
            "subject": one_line(ticket.subject),
            "body": plain(ticket.body),
            "requester_name": one_line(ticket.requester_name),
            "status": Status.OPEN.value,
            "opened_at": self.now,
            "updated_at": self.now,
        }
        id_ = self.connection.execute(insert(desk_tickets).values(values)).inserted_primary_key[0]
        self._note(id_, Status.OPEN, "aberto", self.now)
        self._attach(id_, None, ticket.files)
        return Ref(str(id_), ticket.protocol)

    def move(self, row: Row, to: Status, note: str, at: datetime | None = None) -> None:
        at = at or self.now
        self._note(row["id"], to, note, at)
        waits = to is Status.WAITING
        self.touch(
            row,
            status=to.value,
            before_waiting=row["status"] if waits else None,
            waiting_since=at if waits else None,
            closed_at=at if to is Status.CLOSED else None,
            updated_at=at,
        )

    def say(self, row: Row, text: str, *, by_staff: bool, public: bool, files: Sequence[File] = ()) -> None:
        values = {"ticket_id": row["id"], "at": self.now, "text": plain(text), "by_staff": by_staff, "public": public}
        comment = self.connection.execute(insert(desk_comments).values(values)).inserted_primary_key[0]
        self._attach(row["id"], comment, files)
        self.touch(row)

    def touch(self, row: Row, **changes: Any) -> None:
        values = {"updated_at": self.now, **changes}
        self.connection.execute(update(desk_tickets).where(desk_tickets.c.id == row["id"]).values(values))

    def view(self, row: Row) -> View:
        answers = desk_comments.c.by_staff & desk_comments.c.public & (desk_comments.c.ticket_id == row["id"])
        last = select(desk_comments.c.text).where(answers).order_by(desk_comments.c.id.desc()).limit(1)
        return View(
            ref=ref_of(row),
            status=Status(row["status"]),
            raw_status=row["status"],
            reply=self.connection.execute(last).scalar() or "",
            **{name: row[name] for name in _OF_VIEW},
        )

    def _note(self, id_: int, status: Status, note: str, at: datetime) -> None:
        values = {"ticket_id": id_, "at": at, "status": status.value, "note": note}
        self.connection.execute(insert(desk_history).values(values))

    def _attach(self, id_: int, comment: int | None, files: Sequence[File]) -> None:
        for file in files:
            values: dict[str, object] = {"ticket_id": id_, "comment_id": comment, "name": ascii_name(file.name)}
            values |= {"media_type": file.media_type, "content": file.content}
            self.connection.execute(insert(desk_files).values(values))


def ref_of(row: Row) -> Ref:
    return Ref(str(row["id"]), row["number"])
