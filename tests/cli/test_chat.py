"""penbot chat against a real HTTP server that answers as the REST channel does."""

import io
import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from penbot.cli import main
from penbot.serving.supervisor import free_port

WITH_BUTTONS = {
    "text": "A Minuta é um editor de documentos.",
    "buttons": [
        {"title": "Para que serve", "payload": "/perguntar_para_que_serve.assinado"},
        {"title": "Quem pode usar", "payload": "/perguntar_disponivel_para.assinado"},
    ],
    "custom": {"type": "answer", "id": "minuta.o_que_e", "source": "Guia de exemplo, seção 1"},
}
MORE_BUTTONS = {"text": "Ou então:", "buttons": [{"title": "Abrir um chamado", "payload": "/abrir_chamado.assinado"}]}
REPLIES = {
    "o que é a minuta?": [WITH_BUTTONS],
    "as duas": [WITH_BUTTONS, MORE_BUTTONS],
    "/perguntar_disponivel_para.assinado": [{"text": "A Minuta está disponível para todos."}],
}


class Rest(BaseHTTPRequestHandler):
    """GET says whether it is ready; POST answers as REPLIES tells, 500 to «quebra»."""

    def do_GET(self):
        self._answer(200 if self.path == "/webhooks/rest/" else 404, {"status": "ok"})

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.received.append((self.path, body["sender"], body["message"]))
        messages = REPLIES.get(body["message"], [{"text": f"Ouvi: {body['message']}"}])
        answer = [{"recipient_id": body["sender"], **message} for message in messages]
        self._answer(500 if body["message"] == "quebra" else 200, answer)

    def _answer(self, status, value):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture
def server(monkeypatch):
    with ThreadingHTTPServer(("127.0.0.1", 0), Rest) as server:
        server.received = []
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)  # looks often for its end
        thread.start()
        monkeypatch.setenv("PENBOT_PORT", str(server.server_address[1]))
        yield server
        server.shutdown()
        thread.join()


def chat(monkeypatch, *lines):
    monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in lines)))
    return main(["chat"])


def messages(server):
    return [message for _, _, message in server.received]


def test_without_an_assistant_it_says_how_to_start_one(monkeypatch, capsys):
    port = free_port()
    monkeypatch.setenv("PENBOT_PORT", str(port))

    assert chat(monkeypatch, "oi") == 1

    said = capsys.readouterr()
    assert said.err == f"penbot: ninguém responde em http://127.0.0.1:{port}; ligue o assistente antes: make run\n"
    assert said.out == ""


def test_what_is_typed_is_sent_and_the_answer_shown_with_its_source(server, monkeypatch, capsys):
    assert chat(monkeypatch, "o que é a minuta?", "") == 0

    assert messages(server) == ["o que é a minuta?"]
    said = capsys.readouterr().out
    assert "A Minuta é um editor de documentos.\n" in said
    assert "  [1] Para que serve\n  [2] Quem pode usar\n" in said
    assert "  Fonte: Guia de exemplo, seção 1\n" in said


def test_a_number_presses_the_button(server, monkeypatch, capsys):
    chat(monkeypatch, "o que é a minuta?", "2", "")

    assert messages(server) == ["o que é a minuta?", "/perguntar_disponivel_para.assinado"]
    assert "A Minuta está disponível para todos.\n" in capsys.readouterr().out


def test_the_buttons_of_several_messages_are_counted_on(server, monkeypatch, capsys):
    chat(monkeypatch, "as duas", "3", "")

    assert "  [3] Abrir um chamado\n" in capsys.readouterr().out
    assert messages(server)[1] == "/abrir_chamado.assinado"


@pytest.mark.parametrize("number", ["0", "3", "99", "-1", "1.", "²"])
def test_a_number_without_a_button_is_only_text(server, monkeypatch, number):
    chat(monkeypatch, "o que é a minuta?", number, "")

    assert messages(server)[1] == number


def test_a_button_is_gone_after_the_next_answer(server, monkeypatch):
    chat(monkeypatch, "o que é a minuta?", "obrigado", "1", "")

    assert messages(server)[2] == "1"


def test_the_whole_talk_is_one_conversation_and_another_talk_is_another(server, monkeypatch):
    chat(monkeypatch, "oi", "tudo bem?", "")
    chat(monkeypatch, "oi", "")

    first, second, third = (sender for _, sender, _ in server.received)
    assert first == second != third
    assert {path for path, _, _ in server.received} == {"/webhooks/rest/webhook"}


@pytest.mark.parametrize("lines", [("oi", "", "nunca dito"), ("oi", "   ", "nunca dito"), ("oi",)])
def test_an_empty_line_or_the_end_of_the_input_ends(server, monkeypatch, lines):
    assert chat(monkeypatch, *lines) == 0

    assert messages(server) == ["oi"]


def test_an_assistant_that_fails_in_between_is_told_in_one_sentence(server, monkeypatch, capsys):
    assert chat(monkeypatch, "oi", "quebra", "nunca dito") == 1

    assert messages(server) == ["oi", "quebra"]
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("penbot: o assistente não respondeu: 500")
