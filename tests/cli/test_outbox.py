import pytest
from sqlalchemy import update

from penbot.app import app
from penbot.cli import main
from penbot.ticketing.desk import AuthFailed, Rejected
from penbot.ticketing.outbox import State
from penbot.ticketing.schema import desk_tickets
from tests.ticketing.parts import ticket

PROTOCOL = ticket().protocol


@pytest.fixture
def outbox(monkeypatch, tmp_path, capsys):
    """Calls `penbot outbox`; gives back the exit code and what was written."""
    monkeypatch.setenv("PENBOT_HOME", str(tmp_path))
    app.cache_clear()
    yield lambda *words: (main(["outbox", *words]), "".join(capsys.readouterr()))
    app.cache_clear()


def stopped(state=State.STOPPED):
    box = app().outbox
    box.put(ticket(), "ana")
    box.stop(box.claim("teste"), state, str(AuthFailed("senha recusada")))


def test_what_waits_is_listed_and_then_delivered(outbox):
    app().outbox.put(ticket(), "ana")

    assert outbox("list") == (0, f"{PROTOCOL} · sei/executivo_federal/reportar_erro · a entregar\n1 chamado\n")
    assert outbox("deliver") == (0, "1 tentativa; a entregar: 0; precisam de alguém: 0\n")
    assert outbox("list") == (0, "0 chamados\n")
    assert outbox("list", "--todos")[1].startswith(f"{PROTOCOL} · sei/executivo_federal/reportar_erro · entregue\n")


def test_what_stopped_is_told_and_goes_on_when_it_is_resumed(outbox):
    stopped()

    assert "parado: precisa de alguém · senha recusada" in outbox("list")[1]
    assert outbox("deliver")[0] == 1
    assert outbox("resume") == (0, f"{PROTOCOL} volta à fila\n1 chamado\n")
    assert outbox("deliver") == (0, "1 tentativa; a entregar: 0; precisam de alguém: 0\n")


def test_what_was_refused_is_resumed_only_by_its_protocol(outbox):
    stopped(State.REJECTED)

    assert outbox("resume") == (0, "0 chamados\n")
    assert outbox("resume", PROTOCOL.lower()) == (0, f"{PROTOCOL} volta à fila\n1 chamado\n")
    assert outbox("resume", PROTOCOL) == (1, f"0 chamados\n{PROTOCOL} não está parado\n")


def test_reconciling_says_whether_both_agree(outbox):
    app().tickets.confirm(ticket(), "ana")
    assert outbox("reconcile") == (0, "1 chamado comparado; diferenças: 0\n")
    with app().database.begin() as connection:
        connection.execute(update(desk_tickets).values(sphere="outros_poderes"))

    code, written = outbox("reconcile")

    assert code == 1
    assert written.splitlines() == [
        f"{PROTOCOL}: no sistema de chamados está diferente: sphere",
        "1 chamado comparado; diferenças: 1",
    ]


def test_reconciling_with_a_desk_that_is_away_is_no_success(outbox, monkeypatch):
    class Away:
        def find(self, key):
            raise Rejected("fora do ar")

    app().outbox.put(ticket(), "ana")
    monkeypatch.setitem(app().__dict__, "desk", Away())

    assert outbox("reconcile") == (1, "o sistema de chamados não respondeu: fora do ar\n")


@pytest.mark.parametrize("verb", ["deliver", "reconcile"])
def test_for_the_portal_nothing_is_delivered(outbox, monkeypatch, verb):
    monkeypatch.setenv("PENBOT_DESK", "portal")

    code, written = outbox(verb)

    assert code == 0
    assert written.startswith("com PENBOT_DESK=portal nada é entregue")


def test_a_database_that_cannot_be_opened_ends_in_one_sentence(outbox, tmp_path):
    (tmp_path / "chamados.db").mkdir()

    code, written = outbox("list")

    assert code == 1
    assert written.startswith("penbot: o banco de dados sqlite:///")
    assert len(written.splitlines()) == 1
