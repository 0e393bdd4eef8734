"""Both servers under one roof: started together, waited for, stopped together."""

from __future__ import annotations

import contextlib
import os
import secrets
import signal
import socket
import subprocess
import sys
import tarfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

import requests

from penbot.settings import ROOT, Settings

_READY_WITHIN = 90  # seconds
_STOP_WITHIN = 10
_LOG_LINES = 8


local = requests.Session()
"""For our own servers on loopback: never through an office's proxy."""
local.trust_env = False


class StartError(Exception):
    """The assistant could not start. The message is for the person who started it."""


@dataclass
class Server:
    """A process of ours, its log, and the address that answers 200 once it is ready."""

    name: str
    command: list[str]
    health: str
    log: Path
    process: subprocess.Popen[bytes] | None = field(default=None)

    def start(self, environment: dict[str, str]) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            # its own group: Ctrl-C reaches us, and we stop our servers in order
            self.process = subprocess.Popen(
                self.command,
                cwd=ROOT,
                env=environment,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )

    def healthy(self) -> bool:
        try:
            return local.get(self.health, timeout=2).status_code == 200
        except requests.RequestException:
            return False

    def ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def stop(self) -> None:
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(_STOP_WITHIN)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def last_words(self) -> str:
        lines = self.log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        return "\n".join(lines[-_LOG_LINES:])


@dataclass
class Assistant:
    """The chat server and its action server, as the settings ask for them."""

    settings: Settings
    model: Path
    token: str
    servers: list[Server]

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.settings.port}"


def assistant(settings: Settings, model: Path) -> Assistant:
    """What is to be started. Raises StartError where the port is taken or the model is no model."""
    if not tarfile.is_tarfile(model):
        raise StartError(f"o modelo {model} está quebrado; apague o arquivo e repita: ele é treinado de novo")
    if not _free(settings.port):
        raise StartError(
            f"a porta {settings.port} já está em uso; encerre quem a usa ou escolha outra: PENBOT_PORT=5006 make run"
        )
    actions_port = free_port()
    logs = settings.home / "log"
    actions = [sys.executable, "-m", "penbot.serving.action_server", "--port", str(actions_port)]
    chat = [sys.executable, "-m", "penbot.serving.chat_server", "--model", str(model)]
    return Assistant(
        settings,
        model,
        settings.api_token or secrets.token_urlsafe(24),
        [
            Server("ações", actions, f"http://127.0.0.1:{actions_port}/health", logs / "acoes.log"),
            Server("conversa", chat, f"http://127.0.0.1:{settings.port}/webhooks/rest/", logs / "conversa.log"),
        ],
    )


def start(wanted: Assistant, stopped: Sequence[int] = ()) -> None:
    """Start both and wait until both answer, or until a signal is noted in `stopped`.

    Raises StartError, with nothing left running.
    """
    settings = wanted.settings
    environment = {
        **os.environ,
        "MALLOC_ARENA_MAX": "2",  # glibc's arenas would keep 60 MB more
        "PENBOT_PORT": str(settings.port),
        "PENBOT_API_TOKEN": wanted.token,
        "PENBOT_HOME": str(settings.home),
        "PENBOT_KNOWLEDGE": str(settings.knowledge),
        "PENBOT_DESK": settings.desk,
        "PENBOT_DATABASE": settings.database,
        "PENBOT_ORIGINS": ",".join(settings.origins),
        "PENBOT_PROXIES": str(settings.proxies),
        "PENBOT_ACTIONS_URL": wanted.servers[0].health.replace("/health", "/webhook"),
        "PENBOT_TRACKER_DB": str(settings.home / "conversas.db"),
    }
    try:
        for server in wanted.servers:
            server.start(environment)
        deadline = time.monotonic() + _READY_WITHIN
        waiting = list(wanted.servers)
        while waiting and not stopped:
            _check(wanted.servers)
            waiting = [server for server in waiting if not server.healthy()]
            if time.monotonic() > deadline:
                raise StartError(
                    f"o servidor de {waiting[0].name} não respondeu em {_READY_WITHIN} s; veja {waiting[0].log}"
                )
            time.sleep(0.1)
    except BaseException:
        stop(wanted)
        raise


def stop(running: Assistant) -> None:
    for server in reversed(running.servers):
        server.stop()


def serve(wanted: Assistant, ready: Callable[[], None]) -> None:
    """Start both, call `ready`, and return on Ctrl-C or SIGTERM, at whatever moment, with both stopped.

    Raises StartError if they do not start, or one ends by itself.
    """
    with _signals() as stopped:
        try:
            start(wanted, stopped)
            if not stopped:
                ready()
            while not stopped:
                _check(wanted.servers)
                time.sleep(0.3)
        finally:
            stop(wanted)


def _check(servers: list[Server]) -> None:
    for server in servers:
        if server.ended():
            raise StartError(f"o servidor de {server.name} parou; fim do registro {server.log}:\n{server.last_words()}")


@contextlib.contextmanager
def _signals() -> Iterator[list[int]]:
    stopped: list[int] = []

    def note(number: int, frame: FrameType | None) -> None:
        stopped.append(number)

    before = {number: signal.signal(number, note) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stopped
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """Not one of those that the system gives to connections: a server takes seconds until it binds its own."""
    for _ in range(100):
        port = 20_000 + secrets.randbelow(12_000)
        if _free(port):
            return port
    raise StartError("não há porta livre entre 20000 e 32000")
