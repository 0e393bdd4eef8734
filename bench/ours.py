"""Our assistant, trained and served by the code that `make run` uses, in a home of its own."""

from __future__ import annotations

import dataclasses
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.bots import Running
from penbot.knowledge import Knowledge
from penbot.serving.supervisor import assistant, free_port, start, stop
from penbot.serving.training import model_path, train
from penbot.settings import Settings


class Ours:
    """See bench.bots.Bot. Raises TrainingError and StartError."""

    def __init__(self, knowledge: Knowledge, settings: Settings) -> None:
        self._knowledge, self._settings = knowledge, settings
        self._model: Path | None = None

    def train(self) -> float:
        model = model_path(self._knowledge, self._settings)
        seconds = train(self._knowledge, self._settings)
        self._model = model
        return seconds

    @contextmanager
    def serve(self) -> Iterator[Running]:
        assert self._model is not None
        home = Path(tempfile.mkdtemp(prefix="ligado-", dir=self._settings.home))
        settings = dataclasses.replace(self._settings, home=home, port=free_port(), api_token=None)
        wanted = assistant(settings, self._model)
        started = time.monotonic()
        start(wanted)
        try:
            seconds = time.monotonic() - started
            processes = [server.process.pid for server in wanted.servers if server.process]
            yield Running(wanted.address, wanted.token, processes, seconds, self._knowledge.say("erro_interno"))
        finally:
            stop(wanted)
