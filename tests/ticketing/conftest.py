"""Each database there is, for every test that asks for one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine import Engine

from penbot.ticketing.database import database
from tests.needs import needs
from tests.ticketing.parts import NO_POSTGRES, Clock, loosely, new_database, postgres


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    needs(NO_POSTGRES)
    with postgres() as address:
        yield address


@pytest.fixture
def postgres_address(postgres_server: str) -> str:
    """Of an empty database."""
    return new_database(postgres_server)


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Of an empty database of either kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/chamados.db"
    return str(request.getfixturevalue("postgres_address"))


@pytest.fixture
def engine(address: str) -> Iterator[Engine]:
    engine = loosely(database(address))
    yield engine
    engine.dispose()


@pytest.fixture
def clock() -> Clock:
    return Clock()
