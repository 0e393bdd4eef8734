"""Rasa's default pipeline on our data, in the second environment, with Rasa's own commands."""

from __future__ import annotations

import secrets
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.bots import BotError, Running
from bench.environment import clean_variables
from bench.plain_data import write_project
from penbot.knowledge import Knowledge
from penbot.serving.supervisor import Server, free_port

_TRAINING_LIMIT, _PER_EPOCH = 1800, 180  # seconds; on two busy cores one epoch took 120
_READY_WITHIN = 180
_LOG_LINES = 6


class RasaDefault:
    """See bench.bots.Bot. Raises BotError."""

    def __init__(self, python: Path, folder: Path, knowledge: Knowledge, epochs: int) -> None:
        self._rasa = [str(python), "-m", "rasa"]
        self._folder, self._epochs = folder, epochs
        self._model = folder / "models" / "padrao.tar.gz"
        write_project(folder, knowledge, epochs)

    def train(self) -> float:
        command = [*self._rasa, "train", "--force", "--fixed-model-name", "padrao", "--out", "models"]
        command += ["--config", "config.yml", "--domain", "domain.yml", "--data", "data"]
        limit = _TRAINING_LIMIT + _PER_EPOCH * self._epochs
        log = self._folder / "treino.log"
        started = time.monotonic()
        try:
            with log.open("wb") as out:
                done = subprocess.run(
                    command,
                    cwd=self._folder,
                    env=clean_variables(),
                    stdin=subprocess.DEVNULL,
                    stdout=out,
                    stderr=out,
                    timeout=limit,
                    check=False,
                )
        except subprocess.TimeoutExpired as err:
            raise BotError(f"o treino passou de {limit} segundos e foi encerrado") from err
        seconds = time.monotonic() - started
        if done.returncode or not self._model.exists():
            end = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-_LOG_LINES:]
            raise BotError("o treino falhou:\n" + "\n".join(end))
        return seconds

    @contextmanager
    def serve(self) -> Iterator[Running]:
        home = Path(tempfile.mkdtemp(prefix="ligado-", dir=self._folder))
        port, token = free_port(), secrets.token_urlsafe(24)
        address = f"http://127.0.0.1:{port}"
        command = [*self._rasa, "run", "--model", str(self._model), "--interface", "127.0.0.1", "--port", str(port)]
        command += ["--enable-api", "--auth-token", token]
        command += ["--endpoints", str(self._folder / "endpoints.yml")]
        command += ["--credentials", str(self._folder / "credentials.yml")]
        server = Server("conversa", command, f"{address}/status?token={token}", home / "conversa.log")
        started = time.monotonic()
        try:
            server.start({**clean_variables(), "BENCH_TRACKER_DB": str(home / "conversas.db")})
            while not server.healthy():
                if server.ended():
                    raise BotError(f"o servidor parou:\n{server.last_words()}")
                if time.monotonic() - started > _READY_WITHIN:
                    raise BotError(f"o servidor não respondeu em {_READY_WITHIN} s:\n{server.last_words()}")
                time.sleep(0.1)
            seconds = time.monotonic() - started
            assert server.process is not None
            yield Running(address, token, [server.process.pid], seconds)
        finally:
            server.stop()
