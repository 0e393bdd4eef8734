import logging
from datetime import timedelta

import pytest
from cryptography.fernet import Fernet

from penbot.ticketing.cipher import Cipher
from penbot.ticketing.delivery import LONGEST_PAUSE, SETTLE
from penbot.ticketing.desk import AuthFailed, Forbidden, RateLimited, Ref, Rejected, Unavailable
from penbot.ticketing.outbox import LEASE, Outbox, State
from penbot.ticketing.worker import Worker
from tests.ticketing.faulty import CarelessDesk, Faulty, in_turn
from tests.ticketing.parts import Office, ticket


class Refusing:
    """A desk that answers every call of one method with an error."""

    def __init__(self, desk, method, error):
        self._desk, self._method, self._error = desk, method, error

    def __getattr__(self, name):
        if name == self._method:
            return self._fail
        return getattr(self._desk, name)

    def _fail(self, *arguments):
        raise self._error


@pytest.fixture
def careless(tmp_path, clock):
    return CarelessDesk(tmp_path / "descuidado.db", clock)


@pytest.fixture
def at(engine, clock):
    """An office whose ticket waits to be delivered to this desk."""

    def office(desk, **options):
        office = Office(engine, desk, clock, **options)
        office.outbox.put(ticket(), "ana")
        return office

    return office


@pytest.fixture
def failing(at, careless):
    return lambda **faults: at(Faulty(careless, in_turn(**faults)))


def state(office):
    return office.outbox.get(ticket().key).state


def next_in(office, clock):
    return (office.outbox.get(ticket().key).next_at - clock()).total_seconds()


def test_a_ticket_is_delivered_whole_and_once(at, careless):
    office = at(careless)

    assert office.deliver_all() == 1

    assert state(office) is State.DONE
    assert office.outbox.get(ticket().key).ref == careless.find(ticket().key)[0]
    assert careless.count() == 1


@pytest.mark.parametrize("fault", ["unclear before", "unclear after", "crashed after", "garbled"])
def test_an_unclear_write_is_looked_up_once_the_desk_has_surely_ended_it(failing, careless, clock, fault):
    office = failing(create=[fault])

    office.deliver_all()
    assert state(office) is State.SENDING
    assert next_in(office, clock) >= SETTLE
    clock.forward(seconds=SETTLE - 1)
    assert office.deliver_all() == 0
    clock.forward(seconds=1)
    office.deliver_all()

    assert state(office) is State.DONE
    assert careless.count() == 1


def test_a_write_that_the_desk_ends_late_is_waited_for(failing, careless, clock):
    office = failing(create=["late"])

    office.deliver_all()
    clock.forward(seconds=SETTLE)
    office.deliver_all()

    assert state(office) is State.DONE
    assert careless.count() == 1


def test_what_was_begun_by_a_dead_process_is_not_looked_up_too_early(at, careless, clock):
    office = at(careless)
    dead = office.outbox.claim("morto")
    clock.forward(seconds=LEASE.total_seconds() - 10)
    office.outbox.sending(dead)  # its last breath
    office.outbox.later(dead, clock())

    office.deliver_all()
    assert careless.count() == 0
    clock.forward(seconds=SETTLE)
    office.deliver_all()

    assert careless.count() == 1


def test_what_was_written_twice_becomes_one(failing, careless):
    office = failing(create=["twice"])

    office.deliver_all()

    assert state(office) is State.DONE
    assert office.outbox.get(ticket().key).ref.id == "1"
    assert careless.count() == 1


def test_a_worker_that_slept_through_its_lease_leaves_one_ticket(engine, careless, clock):
    def oversleep(step):
        if step == "marked":
            clock.forward(seconds=LEASE.total_seconds() + SETTLE)
            Office(engine, careless, clock).deliver_all()

    office = Office(engine, careless, clock, step=oversleep)
    office.outbox.put(ticket(), "ana")

    office.deliver_all()

    assert careless.count() == 1
    assert office.outbox.get(ticket().key).ref == careless.find(ticket().key)[0]


def test_a_worker_whose_lease_is_over_does_not_begin_to_write(engine, careless, clock):
    def oversleep(step):
        if step == "looked up":
            clock.forward(seconds=LEASE.total_seconds())
            Office(engine, careless, clock).outbox.claim("outro")

    office = Office(engine, careless, clock, step=oversleep)
    office.outbox.put(ticket(), "ana")

    office.deliver_all()

    assert careless.count() == 0


def test_a_desk_that_is_away_is_tried_again_less_and_less_often(at, careless, clock):
    office = at(Refusing(careless, "find", Unavailable("fora do ar")))
    pauses = []
    for _ in range(13):
        office.deliver_all()
        pauses.append(next_in(office, clock))
        clock.forward(seconds=pauses[-1])

    assert pauses[:4] == [0.75, 1.5, 3, 6]
    assert pauses == sorted(pauses)
    assert pauses[-1] == LONGEST_PAUSE * 0.75


@pytest.mark.parametrize(("chance", "pause"), [(0.0, 1.0), (1.0, 0.5)])
def test_the_pause_is_shorter_by_chance(at, careless, clock, chance, pause):
    office = at(Refusing(careless, "find", Unavailable("fora do ar")), chance=chance)

    office.deliver_all()

    assert next_in(office, clock) == pause


def test_a_desk_says_itself_when_to_come_back(at, careless, clock):
    office = at(Refusing(careless, "create", RateLimited("chamadas demais", 77)))

    office.deliver_all()

    assert next_in(office, clock) == 77


def test_nothing_came_of_a_write_that_was_refused_so_there_is_nothing_to_wait_for(failing, careless, clock):
    office = failing(create=["unavailable"])

    office.deliver_all()

    assert (state(office), office.outbox.get(ticket().key).sent_at) == (State.PENDING, None)
    clock.forward(seconds=1)
    office.deliver_all()
    assert state(office) is State.DONE


def test_after_a_day_a_person_is_called(at, careless, clock, caplog):
    office = at(Refusing(careless, "find", Unavailable("fora do ar")))
    office.deliver_all()
    clock.forward(hours=24)

    office.deliver_all()

    assert state(office) is State.STOPPED
    assert "fora do ar" in office.outbox.get(ticket().key).last_error
    assert [r.getMessage() for r in caplog.records if r.levelno == logging.ERROR and ticket().protocol in r.message]


@pytest.mark.parametrize("method", ["find", "create", "read"])
@pytest.mark.parametrize("error", [AuthFailed("senha recusada"), Forbidden("sem direito")], ids=["auth", "forbidden"])
def test_refused_credentials_stop_the_row_until_somebody_resumes_it(at, engine, careless, clock, caplog, method, error):
    office = at(Refusing(careless, method, error))

    office.deliver_all()
    clock.forward(hours=1)

    assert office.deliver_all() == 0
    assert state(office) is State.STOPPED
    assert ticket().protocol in caplog.text
    well = Office(engine, careless, clock)
    well.outbox.resume(well.outbox.get(ticket().key))
    well.deliver_all()
    assert (state(well), careless.count()) == (State.DONE, 1)


def test_what_the_desk_does_not_take_is_not_sent_again(at, careless, clock):
    office = at(Refusing(careless, "create", Rejected("a fila não existe", ("product",))))

    office.deliver_all()
    clock.forward(hours=1)

    assert office.deliver_all() == 0
    row = office.outbox.get(ticket().key)
    assert (row.state, row.last_error) == (State.REJECTED, "a fila não existe")
    assert office.outbox.ticket(row) == ticket()


def test_fields_that_the_desk_dropped_are_noticed(at, careless):
    careless.drops = ("sphere", "requester_email")
    office = at(careless)

    office.deliver_all()

    row = office.outbox.get(ticket().key)
    assert (row.state, row.ref) == (State.INCOMPLETE, Ref("1", "#1"))
    assert "sphere, requester_email" in row.last_error
    assert office.outbox.ticket(row) == ticket()


def test_an_unexpected_error_is_tried_again_and_tells_nothing_private(at, careless, clock):
    office = at(Refusing(careless, "read", ValueError(ticket().requester_email)))

    office.deliver_all()

    row = office.outbox.get(ticket().key)
    assert row.last_error == "ValueError"
    assert row.next_at - clock() >= timedelta(seconds=SETTLE)


def test_content_locked_with_another_key_waits_for_somebody(engine, careless, clock):
    Outbox(engine, Cipher(Fernet.generate_key()), clock).put(ticket(), "ana")
    office = Office(engine, careless, clock)

    office.deliver_all()

    assert state(office) is State.STOPPED
    assert "PENBOT_DRAFT_KEY" in office.outbox.get(ticket().key).last_error


def test_one_row_that_fails_does_not_hold_up_the_others(failing, careless):
    office = failing(find=["unavailable"])
    office.outbox.put(ticket(2), "ana")

    assert office.deliver_all() == 2

    assert office.outbox.get(ticket(2).key).state is State.DONE


class Asked:
    """Stands where the delivery is asked: what happens each time."""

    def __init__(self, *events):
        self.events = list(events)

    def one(self):
        return self.events.pop(0)()


def test_the_worker_goes_on_after_an_error_and_stops_when_told():
    def fails():
        worker.wake()
        raise OSError("o banco caiu")

    asked = Asked(lambda: True, fails, lambda: worker.stop())
    worker = Worker(asked)

    worker.run()

    assert asked.events == []


def test_the_worker_delivers_in_the_background_and_tidies_up(at, careless):
    office, tidied = at(careless), []
    worker = Worker(office.delivery, [lambda: tidied.append(1), lambda: 1 / 0])

    worker.start()
    while state(office) is not State.DONE:
        worker.wake()
    worker.stop()

    assert careless.count() == 1
    assert tidied == [1]
