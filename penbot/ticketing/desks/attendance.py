"""What the staff does at the local desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Engine

from penbot.ticketing.clock import Clock
from penbot.ticketing.desk import NotFound, Rejected, Status, View
from penbot.ticketing.desks.book import Book, Row, opened, ref_of
from penbot.ticketing.schema import desk_comments, desk_files, desk_history, desk_tickets


@dataclass(frozen=True)
class Change:
    at: datetime
    status: Status
    note: str


@dataclass(frozen=True)
class Comment:
    """`by_staff`: written by who attends, not by the requester or in their name."""

    at: datetime
    by_staff: bool
    public: bool
    text: str
    files: tuple[str, ...]


@dataclass(frozen=True)
class Entry:
    """A ticket with all that happened to it. `files`: the names of those it came with."""

    view: View
    opened_at: datetime
    requester_name: str
    body: str
    files: tuple[str, ...]
    history: tuple[Change, ...]
    comments: tuple[Comment, ...]


class Attendance:
    """Every method that takes a number raises NotFound, and those that change something Rejected."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock

    def open_tickets(self) -> list[View]:
        """Those not closed: the reopened first, as the guide promises, then the oldest."""
        with opened(self._engine, self._clock) as book:
            query = select(desk_tickets).where(desk_tickets.c.closed_at.is_(None)).order_by(desk_tickets.c.id)
            views = [book.view(row) for row in book.connection.execute(query).mappings().all()]
        return sorted(views, key=lambda view: view.status is not Status.REOPENED)

    def entry(self, number: str) -> Entry:
        with opened(self._engine, self._clock) as book:
            row = _numbered(book, number)
            return Entry(
                view=book.view(row),
                opened_at=row["opened_at"],
                requester_name=row["requester_name"],
                body=row["body"],
                files=_files(book, row, None),
                history=tuple(Change(r.at, Status(r.status), r.note) for r in _of(book, row, desk_history)),
                comments=tuple(
                    Comment(r.at, r.by_staff, r.public, r.text, _files(book, row, r.id))
                    for r in _of(book, row, desk_comments)
                ),
            )

    def reply(self, number: str, text: str, *, wait: bool = False) -> None:
        """A public answer. `wait`: it asks the requester something."""
        with opened(self._engine, self._clock) as book:
            row = _open(book, number)
            book.say(row, text, by_staff=True, public=True)
            if wait or row["status"] == Status.WAITING.value:
                _wait(book, row)
            elif row["status"] == Status.OPEN.value:
                book.move(row, Status.TRIAGE, "atendimento iniciado")

    def wait(self, number: str) -> None:
        """The requester has 72 hours from now to answer."""
        with opened(self._engine, self._clock) as book:
            _wait(book, _open(book, number))

    def forward(self, number: str) -> Status:
        """One level on, to N2 or N3. A reopened one goes to N3: it was sorted before."""
        with opened(self._engine, self._clock) as book:
            row = _open(book, number)
            here = row["before_waiting"] or row["status"]
            if here == Status.SPECIALIST.value:
                raise Rejected(f"o chamado {number} já está com o especialista (N3)", ("status",))
            level = Status.TRIAGE if here == Status.OPEN.value else Status.SPECIALIST
            book.move(row, level, "encaminhado")
            return level

    def close(self, number: str, text: str) -> None:
        """With a last public answer."""
        with opened(self._engine, self._clock) as book:
            row = _open(book, number)
            book.say(row, text, by_staff=True, public=True)
            book.move(row, Status.CLOSED, "encerrado pelo atendimento")


def _wait(book: Book, row: Row) -> None:
    if row["status"] == Status.WAITING.value:
        book.touch(row, waiting_since=book.now)
    else:
        book.move(row, Status.WAITING, "aguardando resposta do usuário")


def _numbered(book: Book, number: str) -> Row:
    query = select(desk_tickets).where(desk_tickets.c.number == number.strip().upper())
    row = book.connection.execute(query).mappings().first()
    if row is None:
        raise NotFound(f"não há chamado {number}; veja os abertos com: penbot desk list")
    return row  # type: ignore[no-any-return]


def _open(book: Book, number: str) -> Row:
    return book.open_row(ref_of(_numbered(book, number)))


def _of(book: Book, row: Row, table: Any) -> list[Any]:
    query = select(table).where(table.c.ticket_id == row["id"]).order_by(table.c.id)
    return list(book.connection.execute(query))


def _files(book: Book, row: Row, comment: int | None) -> tuple[str, ...]:
    """Of a comment; None: those the ticket came with."""
    which = (desk_files.c.ticket_id == row["id"]) & (desk_files.c.comment_id == comment)
    query = select(desk_files.c.name).where(which).order_by(desk_files.c.id)
    return tuple(book.connection.execute(query).scalars())
