"""Tickets as the conversation needs them: confirm one, hear of one's own, add to it."""

from __future__ import annotations

import hmac
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError

from penbot.ticketing.cipher import Cipher
from penbot.ticketing.clock import Clock
from penbot.ticketing.delivery import Delivery, Step, no_step
from penbot.ticketing.desk import Desk, DeskError, Rejected, Status, Ticket, Unavailable, View
from penbot.ticketing.notes import Notes
from penbot.ticketing.outbox import Outbox, Row, State
from penbot.ticketing.schema import ratings

PATIENCE = 5.0  # seconds that a requester waits for the desk's number
ALIKE = 0.5  # of the words of two tickets, how many they share when one repeats the other
log = logging.getLogger(__name__)


class NotRecorded(DeskError):
    """A confirmed ticket could not even be written down: the requester has to be told."""


@dataclass(frozen=True)
class Receipt:
    """`number`: the desk's own, '' until it has the ticket."""

    protocol: str
    number: str = ""
    url: str = ""


@dataclass(frozen=True)
class Known:
    """A ticket that was confirmed here, without its content. `refused`: the desk does not take it as it is."""

    protocol: str
    product: str
    sphere: str
    support_type: str
    opened_at: datetime
    receipt: Receipt
    refused: bool = False


class Tickets:
    """Safe in several threads. What asks the desk raises Rejected and Unavailable, and no other DeskError.

    But for `confirm`, everything raises SQLAlchemyError where the database does not answer.
    """

    def __init__(
        self,
        engine: Engine,
        cipher: Cipher,
        outbox: Outbox,
        desk: Desk,
        delivery: Delivery,
        clock: Clock,
        *,
        patience: float = PATIENCE,
        step: Step = no_step,
    ) -> None:
        self._engine = engine
        self._cipher = cipher
        self._outbox = outbox
        self._desk = desk
        self._delivery = delivery
        self._clock = clock
        self._notes = Notes(engine, cipher, desk, clock)
        self._patience = patience
        self._step = step

    def confirm(self, ticket: Ticket, conversation: str) -> Receipt:
        """Write it down, then try to deliver it, for as long as somebody waits. Raises NotRecorded.

        Confirmed again, it is the same ticket.
        """
        self._step("confirmed")
        try:
            row = self._outbox.put(ticket, conversation)
        except SQLAlchemyError as err:
            raise NotRecorded(f"o chamado não pôde ser gravado ({type(err).__name__})") from err
        self._step("recorded")
        delivery = threading.Thread(target=self._deliver, args=(row.key,), name="confirmação", daemon=True)
        delivery.start()
        delivery.join(self._patience)
        return self._receipt(row)

    def own(self, protocol: str, *, email: str | None = None, conversation: str | None = None) -> Known | None:
        """The ticket, for its own requester. Whoever else asks learns nothing, not even whether there is one."""
        row = self._outbox.by_protocol(protocol)
        requester = self._outbox.requester(email or "")
        same_person = hmac.compare_digest(row.requester if row else "", requester)
        same_place = hmac.compare_digest((row.conversation if row else "").encode(), (conversation or "").encode())
        if row and ((email and same_person) or (conversation and same_place)):
            return _known(row)
        return None

    def of_conversation(self, conversation: str) -> list[Known]:
        """Newest first."""
        return [_known(row) for row in self._outbox.of_conversation(conversation)]

    def status(self, known: Known) -> View | None:
        """None: the desk does not have it yet, or cannot be asked now."""
        return self._view(self._row(known))

    def reopen(self, known: Known, why: str) -> None:
        row = self._row(known)
        try:
            _asked(lambda: self._reopen(row, why))
        except Unavailable:
            view = self._view(row)  # it may have been done all the same
            if view is None or view.status is Status.CLOSED:
                raise

    def complement(self, known: Known, text: str) -> None:
        """Add to it, in the requester's words. The same words twice are said once."""
        _asked(lambda: self._notes.add(self._row(known), text))

    def alike(self, ticket: Ticket) -> Known | None:
        """The newest of the same requester about the same, still open: a second one would be closed as repeated."""
        words = self._outbox.words(ticket)
        for row in self._outbox.of_requester(self._outbox.requester(ticket.requester_email), ticket.product):
            if row.key == ticket.key or row.state is State.REJECTED or _shared(words, row.words) < ALIKE:
                continue
            view = self._view(row)
            if view is None or view.status is not Status.CLOSED:
                return _known(row)
        return None

    def rate(self, known: Known, score: int, comment: str) -> None:
        """How the requester was served, 1 to 5; the desk gets it as an internal note, if it can."""
        row = self._row(known)
        values = {"score": score, "comment": self._cipher.lock(comment.encode()), "at": self._clock()}
        with self._engine.begin() as connection:
            if not connection.execute(update(ratings).where(ratings.c.key == row.key).values(values)).rowcount:
                connection.execute(insert(ratings).values(key=row.key, **values))
        try:
            self._notes.add(row, f"Avaliação do usuário: {score} de 5\n{comment}".strip(), public=False)
        except DeskError as err:
            log.warning("ticket.rating_kept_here protocol=%s reason=%s", row.protocol, err)

    def rated(self, known: Known) -> bool:
        key = self._row(known).key
        with self._engine.begin() as connection:
            return connection.execute(select(ratings.c.key).where(ratings.c.key == key)).first() is not None

    def news(self, conversation: str) -> list[Known]:
        """Those that got a number of the desk's since it was last told, or were refused; each is given once."""
        return [_known(row) for row in self._outbox.untold(conversation) if _number(row) != row.protocol]

    def _deliver(self, key: str) -> None:
        try:
            self._delivery.one(key)
        except Exception:  # it is written down: the worker goes on with it
            log.exception("ticket.not_delivered_yet")

    def _receipt(self, row: Row) -> Receipt:
        try:
            row = self._outbox.get(row.key) or row
            if row.ref:
                self._outbox.told(row.key)
        except SQLAlchemyError:  # it is written down all the same
            log.exception("ticket.receipt_without_number protocol=%s", row.protocol)
        return _known(row).receipt

    def _reopen(self, row: Row, why: str) -> None:
        if row.ref is None:
            raise Unavailable("o chamado ainda não chegou ao sistema de chamados")
        self._desk.reopen(row.ref, why)

    def _view(self, row: Row) -> View | None:
        if row.ref is None:
            return None
        try:
            return self._desk.read(row.ref)
        except DeskError as err:
            log.warning("ticket.not_read protocol=%s reason=%s", row.protocol, err)
            return None

    def _row(self, known: Known) -> Row:
        row = self._outbox.by_protocol(known.protocol)
        if row is None:
            raise Rejected("este chamado não é daqui", ("protocol",))
        return row


def _asked(ask: Callable[[], None]) -> None:
    """What a conversation can do nothing about is to it all the same: later."""
    try:
        ask()
    except (Rejected, Unavailable):
        raise
    except DeskError as err:
        log.error("desk.failed reason=%s: %s", type(err).__name__, err)
        raise Unavailable("o sistema de chamados não respondeu como devia") from err


def _known(row: Row) -> Known:
    url = row.ref.url if row.ref else ""
    receipt = Receipt(row.protocol, _number(row), url)
    refused = row.state is State.REJECTED
    return Known(row.protocol, row.product, row.sphere, row.support_type, row.created_at, receipt, refused)


def _number(row: Row) -> str:
    return row.ref.number if row.ref else ""


def _shared(some: frozenset[str], others: frozenset[str]) -> float:
    return len(some & others) / max(1, len(some | others))
