"""Each kind of database, for every test that asks for one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine import Engine

from penbot.ticketing.database import database
from tests.needs import needs
from tests.ticketing.parts import NO_POSTGRES, Clock, emptied, loosely, new_database, postgres

KINDS = ["sqlite", "postgres"]


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    needs(NO_POSTGRES)
    with postgres() as address:
        yield address


@pytest.fixture(scope="session")
def sqlite_engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return loosely(database(f"sqlite:///{tmp_path_factory.mktemp('banco')}/chamados.db"))


@pytest.fixture(scope="session")
def postgres_engine(postgres_server: str) -> Iterator[Engine]:
    engine = database(new_database(postgres_server))
    yield engine
    engine.dispose()


@pytest.fixture(params=KINDS)
def engine(request: pytest.FixtureRequest) -> Engine:
    """With its tables, empty."""
    return emptied(request.getfixturevalue(f"{request.param}_engine"))


@pytest.fixture(params=KINDS)
def new_address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Of a database that nobody has opened yet."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/chamados.db"
    return new_database(request.getfixturevalue("postgres_server"))


@pytest.fixture
def clock() -> Clock:
    return Clock()
