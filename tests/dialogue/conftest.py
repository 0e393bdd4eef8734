"""A real local desk and its tickets, in a database of their own."""

import pytest

from penbot.ticketing.database import database
from penbot.ticketing.desks.local import LocalDesk
from tests.ticketing.parts import Clock
from tests.ticketing.parts import Office as Parts


@pytest.fixture
def engine(tmp_path):
    engine = database(f"sqlite:///{tmp_path}/chamados.db")
    yield engine
    engine.dispose()


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def desk(engine, clock):
    return LocalDesk(engine, clock)


@pytest.fixture
def tickets(engine, desk, clock):
    return Parts(engine, desk, clock).tickets
