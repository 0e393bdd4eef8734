"""The database that tickets are written down in: SQLite on one machine, PostgreSQL for several."""

from __future__ import annotations

import os
import sqlite3
import time
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, event, insert, select, text
from sqlalchemy.engine import Connection, Engine, make_url
from sqlalchemy.exc import SQLAlchemyError

from penbot.ticketing.schema import VERSION, metadata, schema_version

_WAIT = 10  # seconds for a connection, a lock or a statement
_SETTING_UP = 7341  # any number: PostgreSQL's lock against two processes making the tables at once


class DatabaseError(Exception):
    """The database cannot be used. The message is for the operator, without the address's password."""


def database(url: str) -> Engine:
    """The database at this address, with its tables. Raises DatabaseError.

    After a fork, the child needs one of its own.
    """
    try:
        engine = engine_for(url)
        with engine.begin() as connection:
            _set_up(connection)
    except (SQLAlchemyError, OSError) as err:
        reason = getattr(err, "orig", None) or err
        raise DatabaseError(f"o banco de dados {_shown(url)} não pôde ser aberto: {str(reason).strip()}") from err
    return engine


def engine_for(url: str) -> Engine:
    if make_url(url).get_backend_name() == "sqlite":
        return _sqlite(url)
    options = f"-c statement_timeout={_WAIT}s -c lock_timeout={_WAIT}s"
    return create_engine(
        url,
        future=True,
        hide_parameters=True,  # errors end in logs, and people's data must not
        pool_pre_ping=True,
        pool_timeout=_WAIT,
        connect_args={"connect_timeout": _WAIT, "options": options},
    )


def _sqlite(url: str) -> Engine:
    path = make_url(url).database
    if path and not Path(path).exists():
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT, 0o600))
    engine = create_engine(url, future=True, hide_parameters=True, connect_args={"timeout": _WAIT})
    event.listen(engine, "connect", _connected)
    event.listen(engine, "begin", _begun)
    return engine


def _connected(connection: Any, record: Any) -> None:
    connection.isolation_level = None  # the driver would begin too late; `_begun` does it
    connection.execute("PRAGMA foreign_keys = ON")
    _patiently(connection, "PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")  # what was confirmed outlives a power cut


def _patiently(connection: Any, statement: str) -> None:
    """SQLite does not wait by itself where a database first becomes a WAL one: several may start at once."""
    deadline = time.monotonic() + _WAIT
    while True:
        try:
            connection.execute(statement)
            return
        except sqlite3.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)


def _begun(connection: Connection) -> None:
    # Lock first: one that reads and then writes would fail if another wrote in between.
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _set_up(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _SETTING_UP})
    schema_version.create(connection, checkfirst=True)
    found = connection.execute(select(schema_version.c.version)).scalar()
    if found is None:
        connection.execute(insert(schema_version).values(version=VERSION))
    elif found > VERSION:
        raise DatabaseError(
            f"o banco de dados é da versão {found}, e este programa conhece até a {VERSION}: atualize o programa"
        )
    metadata.create_all(connection)


def _shown(url: str) -> str:
    return str(make_url(url).render_as_string(hide_password=True))
