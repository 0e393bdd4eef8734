import os
import subprocess
import sys
import time

import pytest

from penbot.app import app
from penbot.serving.supervisor import free_port
from penbot.settings import ROOT
from penbot.ticketing.outbox import State
from tests.ticketing.parts import ticket

WITHIN = 60  # seconds


@pytest.fixture
def home(monkeypatch, tmp_path):
    monkeypatch.setenv("PENBOT_HOME", str(tmp_path))
    app.cache_clear()
    yield tmp_path
    app.cache_clear()


def test_beside_the_actions_it_delivers_what_the_outbox_holds_and_ends_when_told(home):
    app().outbox.put(ticket(), "ana")
    command = [sys.executable, "-m", "penbot.serving.action_server", "--port", str(free_port())]
    with (home / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=os.environ, stdout=log, stderr=log)
    try:
        deadline = time.monotonic() + WITHIN
        while app().outbox.get(ticket().key).state is not State.DONE and time.monotonic() < deadline:
            assert process.poll() is None, (home / "log").read_text()
            time.sleep(0.1)
        assert len(app().desk.find(ticket().key)) == 1
    finally:
        process.terminate()
        assert process.wait(WITHIN) == 0, (home / "log").read_text()
