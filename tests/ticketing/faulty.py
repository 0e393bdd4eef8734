"""A desk without any care for keys, in a file that outlives its callers, and the ways in which a desk fails."""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from datetime import timedelta
from pathlib import Path

from penbot.ticketing.clock import Clock
from penbot.ticketing.desk import (
    Ambiguous,
    Desk,
    File,
    NotFound,
    ProtocolError,
    RateLimited,
    Ref,
    Status,
    Ticket,
    Unavailable,
    View,
)


class CarelessDesk:
    """Writes what it is told, as often as it is told, like every ticket system that was tried."""

    name = "descuidado"

    def __init__(self, path: Path, clock: Clock) -> None:
        self._path = path
        self._clock = clock
        self.drops: tuple[str, ...] = ()
        """Fields that it loses."""
        with self._open() as book:
            book.execute("PRAGMA journal_mode = WAL")
            book.execute(
                "CREATE TABLE IF NOT EXISTS t"
                " (id INTEGER PRIMARY KEY, key, content, arrives REAL, again, merged,"
                " status DEFAULT 'aberto', said DEFAULT '')"
            )

    def _open(self) -> sqlite3.Connection:
        book = sqlite3.connect(self._path, timeout=20)
        book.execute("PRAGMA synchronous = OFF")
        return book

    def check(self) -> None:
        pass

    def find(self, key: str) -> tuple[Ref, ...]:
        with self._open() as book:
            here = "SELECT id FROM t WHERE key = ? AND merged IS NULL AND arrives <= ? ORDER BY id"
            return tuple(_ref(id_) for (id_,) in book.execute(here, (key, self._clock().timestamp())))

    def create(self, ticket: Ticket) -> Ref:
        return self._insert(ticket)

    def create_again(self, ticket: Ticket) -> Ref:
        """What the network does with a request: deliver it once more."""
        return self._insert(ticket, again=True)

    def create_late(self, ticket: Ticket, seconds: float) -> Ref:
        """What a server does with a request whose caller is gone: end it, some time later."""
        return self._insert(ticket, seconds)

    def _insert(self, ticket: Ticket, seconds: float = 0, again: bool = False) -> Ref:
        kept = {k: "" if k in self.drops else v for k, v in asdict(ticket).items() if k != "files"}
        arrives = self._clock() + timedelta(seconds=seconds)
        with self._open() as book:
            values = (ticket.key, json.dumps(kept), arrives.timestamp(), again)
            added = book.execute("INSERT INTO t (key, content, arrives, again) VALUES (?, ?, ?, ?)", values)
            return _ref(added.lastrowid)

    def read(self, ref: Ref) -> View:
        with self._open() as book:
            found = book.execute("SELECT content, status, said FROM t WHERE id = ?", (ref.id,)).fetchone()
        if found is None:
            raise NotFound(ref.id)
        kept = json.loads(found[0])
        same = ("key", "product", "sphere", "support_type", "requester_email", "subject")
        return View(ref, Status(found[1]), found[1], **{name: kept[name] for name in same}, reply=found[2])

    def comment(self, ref: Ref, text: str, *, public: bool = True, files: Sequence[File] = ()) -> None:
        with self._open() as book:
            book.execute("UPDATE t SET said = said || ? WHERE id = ?", (f"{text}\n---\n", ref.id))

    def reopen(self, ref: Ref, why: str) -> None:
        with self._open() as book:
            book.execute("UPDATE t SET status = 'reaberto' WHERE id = ? AND status = 'encerrado'", (ref.id,))

    def close(self, ref: Ref) -> None:
        with self._open() as book:
            book.execute("UPDATE t SET status = 'encerrado' WHERE id = ?", (ref.id,))

    def merge(self, younger: Ref, into: Ref) -> None:
        with self._open() as book:
            book.execute("UPDATE t SET merged = ? WHERE id = ?", (into.id, younger.id))

    def count(self) -> int:
        """Every ticket ever written and not merged, whatever its key."""
        with self._open() as book:
            return int(book.execute("SELECT COUNT(*) FROM t WHERE merged IS NULL").fetchone()[0])

    def written(self, key: str) -> int:
        """How often it was asked for a ticket of this key, merged ones included."""
        with self._open() as book:
            return int(book.execute("SELECT COUNT(*) FROM t WHERE key = ? AND NOT again", (key,)).fetchone()[0])


def _ref(id_: int | None) -> Ref:
    return Ref(str(id_), f"#{id_}")


READS = ("unavailable", "limited", "garbled")
WRITES = (*READS, "unclear before", "unclear after", "killed before", "killed after", "crashed after")
CREATES = (*WRITES, "twice")
CARELESS_CREATES = (*CREATES, "late", "late", "late", "dropped")

Choice = Callable[[str], str]
"""What goes wrong at the next call of this method: one of the above, or '' for nothing."""


def at_random(chance: random.Random, how_often: float, creates: Sequence[str] = CREATES) -> Choice:
    faults = {"find": READS, "read": READS, "create": creates}

    def choose(method: str) -> str:
        return chance.choice(faults.get(method, WRITES)) if chance.random() < how_often else ""

    return choose


def in_turn(**faults: Sequence[str]) -> Choice:
    """These, by method, one after the other, then none."""
    left = {method: list(listed) for method, listed in faults.items()}
    return lambda method: left[method].pop(0) if left.get(method) else ""


class Faulty:
    """A desk behind everything that can happen between it and us."""

    name = "com falhas"

    def __init__(self, desk: Desk, choice: Choice, chance: random.Random | None = None) -> None:
        self._desk = desk
        self._choice = choice
        self._chance = chance or random.Random(0)

    def check(self) -> None:
        self._desk.check()

    def find(self, key: str) -> tuple[Ref, ...]:
        self._before(self._choice("find"))
        return self._desk.find(key)

    def read(self, ref: Ref) -> View:
        self._before(self._choice("read"))
        return self._desk.read(ref)

    def create(self, ticket: Ticket) -> Ref:
        fault = self._choice("create")
        if fault == "late":
            self._desk.create_late(ticket, self._chance.uniform(1, 50))  # type: ignore[attr-defined]
            raise Ambiguous("o servidor continua a trabalhar")
        self._before(fault)
        ref = self._desk.create(replace(ticket, sphere="") if fault == "dropped" else ticket)
        if fault == "twice":
            getattr(self._desk, "create_again", self._desk.create)(ticket)
        self._after(fault)
        return ref

    def comment(self, ref: Ref, text: str, *, public: bool = True, files: Sequence[File] = ()) -> None:
        fault = self._choice("comment")
        self._before(fault)
        self._desk.comment(ref, text, public=public, files=files)
        self._after(fault)

    def reopen(self, ref: Ref, why: str) -> None:
        fault = self._choice("reopen")
        self._before(fault)
        self._desk.reopen(ref, why)
        self._after(fault)

    def merge(self, younger: Ref, into: Ref) -> None:
        fault = self._choice("merge")
        self._before(fault)
        self._desk.merge(younger, into)
        self._after(fault)

    def _before(self, fault: str) -> None:
        if fault == "unavailable":
            raise Unavailable("fora do ar")
        if fault == "limited":
            raise RateLimited("chamadas demais", self._chance.uniform(1, 120))
        if fault == "garbled":
            raise ProtocolError("não entendi a resposta")
        if fault == "unclear before":
            raise Ambiguous("caiu na ida")
        if fault == "killed before":
            os.kill(os.getpid(), signal.SIGKILL)

    def _after(self, fault: str) -> None:
        if fault == "unclear after":
            raise Ambiguous("caiu na volta")
        if fault == "crashed after":
            raise RuntimeError("um erro de programa")
        if fault == "killed after":
            os.kill(os.getpid(), signal.SIGKILL)
