"""What the tests of this folder are made of: a clock that is set, a ticket, databases, an office."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path

from cryptography.fernet import Fernet
from sqlalchemy import event, text
from sqlalchemy.engine import Engine
from sqlalchemy.exc import OperationalError

from penbot.serving.supervisor import free_port
from penbot.ticketing.cipher import Cipher
from penbot.ticketing.database import engine_for
from penbot.ticketing.delivery import Delivery, Step, no_step
from penbot.ticketing.desk import Desk, Ticket
from penbot.ticketing.outbox import Outbox
from penbot.ticketing.schema import metadata, schema_version
from penbot.ticketing.tickets import Tickets

POSTGRES = Path("/usr/lib/postgresql/15/bin")
NO_POSTGRES = "" if (POSTGRES / "initdb").exists() else "falta o PostgreSQL 15: apt-get install postgresql-15"
CIPHER = Cipher(Fernet.generate_key())


@dataclass
class Clock:
    """The time it is told, and no other."""

    now: datetime = field(default=datetime(2026, 11, 25, 13, 0, tzinfo=timezone.utc))

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **how_long: float) -> None:
        self.now += timedelta(**how_long)


def ticket(n: int = 1, **changes: object) -> Ticket:
    values: dict[str, object] = {
        "key": f"chave-{n:08}",
        "protocol": f"PEN-20261125-{n:06}",
        "product": "sei",
        "sphere": "executivo_federal",
        "support_type": "reportar_erro",
        "subject": "Erro ao assinar",
        "body": "Ao assinar um documento aparece o erro 500.",
        "requester_name": "Requerente de Teste",
        "requester_email": "requerente@orgao.gov.br",
    }
    return Ticket(**{**values, **changes})


class Office:
    """All that stands between a confirmation and a desk, put together as penbot/app.py does."""

    def __init__(self, engine: Engine, desk: Desk, clock: Clock, *, step: Step = no_step, chance: float = 0.5) -> None:
        self.outbox = Outbox(engine, CIPHER, clock)
        self.delivery = Delivery(self.outbox, desk, clock, chance=lambda: chance, step=step)
        self.tickets = Tickets(engine, CIPHER, self.outbox, desk, self.delivery, clock, patience=60, step=step)

    def deliver_all(self) -> int:
        tried = 0
        while self.delivery.one():
            tried += 1
        return tried


def emptied(engine: Engine) -> Engine:
    """One database serves all runs: its engine remembers the statements it has compiled."""
    with engine.begin() as connection:
        for table in reversed(metadata.sorted_tables):
            if table is not schema_version:
                connection.execute(table.delete())
    return engine


def loosely(engine: Engine) -> Engine:
    """The same without waiting for the disk: a killed process loses nothing by it, only a power cut would."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", lambda connection, record: connection.execute("PRAGMA synchronous = OFF"))
    return engine


@contextlib.contextmanager
def postgres() -> Iterator[str]:
    """A PostgreSQL server of our own in a temporary folder; the address of its first database."""
    folder = Path(tempfile.mkdtemp(prefix="penbot-pg-"))
    port, password = free_port(), secrets.token_urlsafe(16)
    as_other = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.getuid() == 0 else []
    (folder / "senha").write_text(password)
    if as_other:
        for path in (folder, folder / "senha"):
            shutil.chown(path, "postgres", "postgres")
    options = ["-A", "scram-sha-256", "-U", "penbot", f"--pwfile={folder}/senha", "-E", "UTF8", "--no-locale", "-N"]
    subprocess.run(
        [*as_other, POSTGRES / "initdb", "-D", folder / "dados", *options],
        cwd="/", capture_output=True, check=True, timeout=120,
    )  # fmt: skip
    fast = ["-c", "fsync=off", "-c", "full_page_writes=off", "-c", "listen_addresses=127.0.0.1"]
    command = [*as_other, POSTGRES / "postgres", "-D", folder / "dados", "-p", str(port), "-k", folder, *fast]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd="/", stdout=log, stderr=log, start_new_session=True)
    try:
        address = f"postgresql://penbot:{password}@127.0.0.1:{port}/postgres"
        _wait(address, process, folder / "log")
        yield address
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)
        shutil.rmtree(folder)


def _wait(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    engine = engine_for(address)
    while True:
        assert process.poll() is None, log.read_text()
        with contextlib.suppress(OperationalError), engine.connect() as connection:
            connection.execute(text("SELECT 1"))
            break
    engine.dispose()


def new_database(server: str) -> str:
    """An empty database of this server, and its address."""
    name = f"t{secrets.token_hex(6)}"
    engine = engine_for(server).execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return server.removesuffix("postgres") + name
