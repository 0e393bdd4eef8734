import pytest

from penbot.app import app
from penbot.cli import main
from tests.ticketing.parts import ticket

PROTOCOL = ticket().protocol


@pytest.fixture
def desk(monkeypatch, tmp_path, capsys):
    """Calls `penbot desk`; gives back the exit code and what was written."""
    monkeypatch.setenv("PENBOT_HOME", str(tmp_path))
    app.cache_clear()
    yield lambda *words: (main(["desk", *words]), "".join(capsys.readouterr()))
    app.cache_clear()


@pytest.fixture
def opened(desk):
    return app().tickets.confirm(ticket(), "ana")


def test_an_empty_desk_says_so(desk):
    assert desk("list") == (0, "0 chamados abertos\n")


def test_open_tickets_are_listed_with_what_they_are_about(desk, opened):
    code, written = desk("list")

    assert code == 0
    assert written.splitlines() == [
        f"{PROTOCOL} · aberto · SEI · Executivo Federal · Reportar um erro · Erro ao assinar",
        "1 chamado aberto",
    ]


def test_a_ticket_is_attended_to_from_the_first_answer_to_the_last(desk, opened):
    assert desk("reply", PROTOCOL, "Qual é a versão?", "--aguardar") == (0, "resposta gravada\n")
    assert desk("forward", PROTOCOL) == (0, "agora: em triagem (N2)\n")
    assert desk("forward", PROTOCOL) == (0, "agora: com especialista (N3)\n")
    assert desk("wait", PROTOCOL)[0] == 0
    assert desk("close", PROTOCOL, "Corrigido.")[0] == 0

    code, written = desk("show", PROTOCOL.lower())

    assert code == 0
    assert written.startswith(f"{PROTOCOL} · encerrado\nSEI · Executivo Federal · Reportar um erro\n")
    assert "Requerente de Teste <requerente@orgao.gov.br>" in written
    assert "resposta: Qual é a versão?" in written
    assert "aguardando o usuário: aguardando resposta do usuário" in written
    assert desk("list") == (0, "0 chamados abertos\n")


def test_what_cannot_be_done_ends_in_one_sentence(desk, opened):
    desk("close", PROTOCOL, "Feito.")

    assert desk("reply", PROTOCOL, "Mais uma coisa") == (1, f"o chamado {PROTOCOL} está encerrado\n")
    assert desk("show", "PEN-1") == (1, "não há chamado PEN-1; veja os abertos com: penbot desk list\n")


def test_with_another_desk_the_local_one_is_not_in_use(desk, monkeypatch):
    monkeypatch.setenv("PENBOT_DESK", "portal")

    assert desk("list") == (1, "o balcão local não está em uso: PENBOT_DESK=portal\n")


def test_what_a_request_tracker_needs_is_printed_for_its_own_command(desk):
    code, written = desk("setup-rt")

    assert code == 0
    assert "@Queues" in written
    assert "'sei'" in written
