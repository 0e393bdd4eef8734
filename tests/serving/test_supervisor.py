"""The whole assistant as real processes, on free ports and a home of its own."""

import dataclasses
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
import requests

from penbot.serving.supervisor import StartError, assistant, free_port, serve, start, stop
from penbot.settings import ROOT, Settings

TOKEN = "-senha-de-teste"  # a random one may begin so, too


@pytest.fixture(scope="module")
def running(model, tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    settings = dataclasses.replace(Settings.read(), home=home, port=free_port(), api_token=TOKEN)
    wanted = assistant(settings, model)
    start(wanted)
    yield wanted
    stop(wanted)


def post(running, message, sender="ana", path="/webhooks/rest/webhook"):
    return requests.post(running.address + path, json={"sender": sender, "message": message}, timeout=30)


def test_when_it_is_ready_it_says_so(running):
    assert requests.get(running.address + "/webhooks/rest/", timeout=5).json() == {"status": "ok"}


def test_an_answer_is_one_message_with_text_buttons_and_payload(running):
    (message,) = post(running, "o que é o NUP?").json()

    assert "número padronizado" in message["text"]
    assert message["custom"]["id"] == "nup.o_que_e"
    assert message["buttons"]


def test_a_button_works_and_the_same_text_of_another_person_does_not(running):
    (message,) = post(running, "o que é o SEI?", "bia").json()
    payload = next(b["payload"] for b in message["buttons"] if b["title"] == "Quem pode usar")

    (own,) = post(running, payload, "bia").json()
    (others,) = post(running, payload, "carlos").json()
    assert own["custom"]["id"] == "sei.disponivel_para"
    assert others.get("custom", {}).get("id") != "sei.disponivel_para"


@pytest.mark.parametrize("command", ["/restart", "/session_start", '/abrir_chamado{"produto":"sei"}'])
def test_a_typed_command_sets_nothing_and_restarts_nothing(running, command):
    sender = f"slots-{command[:5]}"
    post(running, "o que é o NUP?", sender)
    post(running, command, sender)

    assert slots(running, sender)["produto"] == ["nup"]


def slots(running, sender, token=TOKEN):
    address = f"{running.address}/conversations/{sender}/tracker"
    return requests.get(address, params={"token": token}, timeout=10).json()["slots"]


def test_the_slots_of_the_contract_are_set_by_the_first_message(running):
    post(running, "está dando erro no SEI", "diego")

    found = slots(running, "diego")
    assert (found["produto"], found["tipo_suporte"]) == (["sei"], "reportar_erro")


@pytest.mark.parametrize("path", ["/conversations/ana/tracker", "/domain", "/status"])
def test_the_http_api_is_closed_without_the_token(running, path):
    assert requests.get(running.address + path, timeout=10).status_code == 401
    assert requests.get(running.address + path, params={"token": "outra"}, timeout=10).status_code == 401


def test_no_list_of_processes_shows_the_token(running):
    lines = [Path(f"/proc/{s.process.pid}/cmdline").read_text() for s in running.servers]

    assert all(TOKEN not in line for line in lines)


def test_both_listen_on_loopback_only(running):
    pids = [str(server.process.pid) for server in running.servers]
    inodes = {os.readlink(f"/proc/{pid}/fd/{fd}") for pid in pids for fd in os.listdir(f"/proc/{pid}/fd")}
    with open("/proc/net/tcp") as table:
        rows = [line.split() for line in table.readlines()[1:]]
    listening = [row[1] for row in rows if row[3] == "0A" and f"socket:[{row[9]}]" in inodes]

    assert len(listening) == 2
    assert all(address.startswith("0100007F:") for address in listening)


@pytest.mark.parametrize("body", [{}, {"message": 3}, {"message": None}, [], "texto"])
def test_a_malformed_request_gets_a_clear_refusal(running, body):
    reply = requests.post(running.address + "/webhooks/rest/webhook", json=body, timeout=10)

    assert reply.status_code == 400
    assert "sender" in reply.json()["erro"]


@pytest.mark.parametrize("message", ["", "   ", "😡😡", "<b>oi</b>", "x" * 5000, "\x00", "{{7*7}}", "你好", "/" * 50])
def test_odd_input_gets_a_sane_reply(running, message):
    reply = post(running, message, "odd")

    assert reply.status_code == 200
    assert all(m["text"].strip() for m in reply.json())


def test_a_taken_port_is_told_before_anything_starts(model, tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        settings = dataclasses.replace(Settings.read(), home=tmp_path, port=other.getsockname()[1])

        with pytest.raises(StartError, match="já está em uso"):
            assistant(settings, model)


def test_a_broken_model_is_told_before_anything_starts(tmp_path):
    broken = tmp_path / "modelo.tar.gz"
    broken.write_text("isto não é um modelo")

    with pytest.raises(StartError, match="está quebrado"):
        assistant(dataclasses.replace(Settings.read(), home=tmp_path, port=free_port()), broken)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_at_the_very_moment_it_is_ready_stops_both(model, tmp_path, number):
    wanted = assistant(dataclasses.replace(Settings.read(), home=tmp_path, port=free_port()), model)

    serve(wanted, ready=lambda: os.kill(os.getpid(), number))

    assert all(server.ended() for server in wanted.servers)


def test_a_signal_before_it_is_ready_stops_both_and_is_not_told_ready(model, tmp_path):
    wanted = assistant(dataclasses.replace(Settings.read(), home=tmp_path, port=free_port()), model)
    told = []
    timer = threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()

    serve(wanted, ready=lambda: told.append("pronto"))

    assert all(server.ended() for server in wanted.servers)
    assert not told


def test_ctrl_c_stops_both(model, tmp_path):
    environment = {**os.environ, "PENBOT_HOME": str(tmp_path), "PENBOT_PORT": str(free_port())}
    (tmp_path / "models").symlink_to(model.parent)
    command = [sys.executable, "-m", "penbot", "run"]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        lines = iter(process.stdout.readline, "")
        assert any(line.startswith("pronto:") for line in lines)
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0
    time.sleep(0.2)
    with pytest.raises(requests.ConnectionError):
        requests.get(f"http://127.0.0.1:{environment['PENBOT_PORT']}/webhooks/rest/", timeout=2)
