"""The proof: whatever fails, wherever the process dies, each confirmed ticket is at the desk, and once.

A run: a process confirms tickets before a desk that fails, and dies at some step; others go on later, and
fail and die in their turn; at last the desk is well, and the accounts are made. The seed tells a run again.
"""

from __future__ import annotations

import gc
import os
import random
import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy.engine import Engine

from penbot.ticketing.delivery import Step, no_step
from penbot.ticketing.desk import Desk, Ticket
from penbot.ticketing.keys import new_key
from penbot.ticketing.outbox import LEASE, State
from penbot.ticketing.reconciliation import disagreements
from tests.desks.proxy import Fault, Proxy
from tests.ticketing.faulty import CREATES, CarelessDesk, Faulty, at_random
from tests.ticketing.parts import Clock, Office, ticket

_ON_THE_WAY = [fault for fault in Fault if fault is not Fault.SILENT]  # silence would take its time


@dataclass(frozen=True)
class Place:
    """A desk that the proof is made at. `desk`: one for the process that calls it. `creates`: how its
    writes fail. `proxy`: what stands before it, if it is over HTTP."""

    desk: Callable[[Clock], Desk]
    creates: Sequence[str] = CREATES
    proxy: Proxy | None = None

    def spoil(self, chance: random.Random, how_often: float) -> None:
        if self.proxy and how_often:
            self.proxy.settle()
            self.proxy.spoils = chance.choice(("reads", "writes"))
            every = [None, None, *_ON_THE_WAY]
            self.proxy.faults = [chance.choice(every) for _ in range(chance.randint(0, 6))]

    def be_well(self) -> None:
        if self.proxy:
            self.proxy.settle()
            self.proxy.faults = []


STEPS = ("confirmed", "recorded", "claimed", "looked up", "marked", "written", "merged", "read back", "done")
ENDED = (State.DONE, State.INCOMPLETE)
BAD_ROUNDS = 3
MOST_ROUNDS = 300


def dying_at(name: str, times: int = 1) -> Step:
    """Kills its process the so-many-th time it comes by there."""
    seen = []

    def step(here: str) -> None:
        seen.append(here)
        if seen.count(name) == times and here == name:
            os.kill(os.getpid(), signal.SIGKILL)

    return step


class Run:
    def __init__(self, place: Place, engine: Engine, seed: int) -> None:
        self.place = place
        self.engine = engine
        self.chance = random.Random(seed)
        self.clock = Clock()
        self.tickets = [_new_ticket() for _ in range(self.chance.randint(1, 3))]
        self.confirmed: set[str] = set()

    def office(self, step: Step = no_step, how_often: float = 0.0) -> Office:
        """In the process that calls it. Its faults are the next of this run's."""
        chance = random.Random(self.chance.randrange(10**9))
        desk = Faulty(self.place.desk(self.clock), at_random(chance, how_often, self.place.creates), chance)
        return Office(self.engine, desk, self.clock, step=step, chance=chance.random())

    def start(self, work: Callable[[Callable[[str], None]], None]) -> tuple[int, int]:
        """A process of its own; what it tells before it ends or dies is heard by `end`."""
        listening, telling = os.pipe()
        self.chance.random()  # whoever is started next fails otherwise
        self.engine.dispose()  # no connection is shared with it
        pid = os.fork()
        if pid:
            os.close(telling)
            return pid, listening
        code = 1
        try:
            gc.disable()  # it would touch, and so copy, all the memory of the parent
            os.close(listening)
            work(lambda key: os.write(telling, f"{key}\n".encode()))
            code = 0
        finally:
            os._exit(code)

    def end(self, pid: int, listening: int) -> None:
        with os.fdopen(listening) as told:
            self.confirmed |= set(told.read().split())
        _, status = os.waitpid(pid, 0)
        assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0

    def confirm(self, step: Step, how_often: float) -> None:
        self.place.spoil(self.chance, how_often)

        def work(tell: Callable[[str], None]) -> None:
            office = self.office(step, how_often)
            for wanted in self.tickets:
                office.tickets.confirm(wanted, "ana")
                tell(wanted.key)

        self.end(*self.start(work))

    def go_on(self, step: Step, how_often: float, processes: int = 1) -> None:
        """Later, as many processes at once deliver what is due."""
        self.place.spoil(self.chance, how_often)
        self.clock.forward(seconds=self.chance.choice((1, 5, 20, 45, 90, LEASE.total_seconds() + 1)))
        started = [self.start(lambda tell: self._deliver(step, how_often)) for _ in range(processes)]
        for pid, listening in started:
            self.end(pid, listening)

    def _deliver(self, step: Step, how_often: float) -> None:
        self.office(step, how_often).deliver_all()

    def finish(self) -> None:
        """The desk is well again."""
        self.place.be_well()
        office = self.office()
        for _ in range(MOST_ROUNDS):
            office.deliver_all()
            if all(row.state in ENDED for row in office.outbox.rows()):
                break
            self.clock.forward(seconds=60)
        self._account(office)

    def _account(self, office: Office) -> None:
        desk = self.place.desk(self.clock)
        rows = office.outbox.rows()
        assert self.confirmed <= {row.key for row in rows}, "confirmado, e não foi gravado"
        assert all(row.state in ENDED for row in rows), [(row.state, row.last_error) for row in rows]
        for wanted in self.tickets:
            recorded = wanted.key in {row.key for row in rows}
            assert len(desk.find(wanted.key)) == recorded, "perdido ou repetido"
            if isinstance(desk, CarelessDesk):
                assert desk.written(wanted.key) == recorded, "pedido mais de uma vez"
        for row in rows:
            differs = disagreements([row], desk, office.outbox.requester)
            assert bool(differs) == (row.state is State.INCOMPLETE), differs


def _new_ticket() -> Ticket:
    key, protocol = new_key()
    return ticket(key=key, protocol=protocol)


def some_step(chance: random.Random) -> Step:
    return dying_at(chance.choice(STEPS), chance.randint(1, 2)) if chance.random() < 0.6 else no_step
