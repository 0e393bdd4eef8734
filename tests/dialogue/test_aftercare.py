"""Tickets already opened, spoken of in a conversation. The desk is the real local one, its clock is set."""

import dataclasses

import pytest

from penbot.ticketing.desk import Rejected
from penbot.ticketing.desks.attendance import Attendance
from penbot.ticketing.desks.local import LocalDesk
from penbot.ticketing.keys import new_key
from tests.dialogue.chat import Chat
from tests.ticketing.parts import Office as Parts
from tests.ticketing.parts import ticket

HERE, ELSEWHERE = "conversa-a", "conversa-b"
MAIL = "requerente@orgao.gov.br"


@pytest.fixture
def opened(tickets):
    """A ticket opened in conversation A."""
    key, protocol = new_key()
    wanted = dataclasses.replace(ticket(), key=key, protocol=protocol, requester_email=MAIL)
    tickets.confirm(wanted, HERE)
    return wanted


@pytest.fixture
def here(knowledge, tickets, clock):
    return Chat(knowledge, tickets, clock, HERE)


@pytest.fixture
def elsewhere(knowledge, tickets, clock):
    return Chat(knowledge, tickets, clock, ELSEWHERE)


@pytest.fixture
def staff(engine, clock):
    return Attendance(engine, clock)


@pytest.fixture
def closed(staff, opened):
    staff.close(opened.protocol, "Resolvido na versão nova.")


def test_who_opened_it_here_is_told_at_once(here, opened):
    text = here.say("status do meu chamado", "consultar_chamado")

    assert opened.protocol in text
    assert here.customs == [{"type": "ticket_status", "protocol": opened.protocol, "status": "aberto"}]


def test_elsewhere_the_email_given_then_is_asked_for(elsewhere, opened):
    asked = elsewhere.say(f"status do chamado {opened.protocol.lower()}", "consultar_chamado")
    told = elsewhere.say(f"é {MAIL.upper()}")

    assert "informe o e-mail" in asked
    assert elsewhere.customs[0]["status"] == "aberto"
    assert "SEI" in told


def test_a_wrong_pair_sounds_just_like_a_ticket_that_does_not_exist(knowledge, tickets, clock, opened):
    said = []
    for protocol in (opened.protocol, "PEN-20200101-ABCDEF"):
        chat = Chat(knowledge, tickets, clock, ELSEWHERE)
        asked = chat.say(f"status do chamado {protocol}", "consultar_chamado")
        said.append((asked.replace(protocol, "X"), chat.say("outra.pessoa@orgao.gov.br"), chat.titles, chat.customs))

    assert said[0] == said[1]


def test_guessing_ends(elsewhere, opened):
    elsewhere.say(f"status do chamado {opened.protocol}", "consultar_chamado")
    said = [elsewhere.say(f"pessoa{n}@orgao.gov.br") for n in range(6)]
    elsewhere.say(f"status do chamado {opened.protocol}", "consultar_chamado")

    assert "muitas tentativas" in said[4]
    assert MAIL not in "".join(said)


def test_without_a_protocol_the_way_to_follow_tickets_is_told_and_the_protocol_asked(elsewhere):
    text = elsewhere.say("status do meu chamado", "consultar_chamado")

    assert elsewhere.customs[0]["id"] == "portal_de_servicos.acompanhar"
    assert "informe o protocolo" in text


def test_closed_within_48_hours_it_can_be_reopened_with_a_reason(here, opened, closed, desk, clock):
    clock.forward(hours=47)
    here.say("status do chamado", "consultar_chamado")
    assert here.customs[0]["status"] == "encerrado"

    here.press("Reabrir")
    text = here.say("não resolveu: o erro voltou hoje")

    assert "pedi a reabertura" in text
    (ref,) = desk.find(opened.key)
    assert desk.read(ref).status.value == "reaberto"


def test_after_48_hours_a_new_ticket_is_offered_instead(here, closed, clock):
    clock.forward(hours=49)
    text = here.say("reabre meu chamado", "reabrir_chamado")

    assert "já passou" in text
    here.press("Abrir um chamado")
    assert here.state.produto == ("sei",)
    assert here.state.form is not None


def test_an_open_ticket_is_not_reopened_but_complemented(here, opened, staff):
    text = here.say("reabre meu chamado", "reabrir_chamado")
    assert "não é preciso reabrir" in text

    here.press("Complementar")
    here.say("acontece também no Firefox")

    assert here.state.aftercare.asking == ""
    assert "Firefox" in str(staff.entry(opened.protocol))


def test_once_closed_it_can_be_rated_once(here, opened, closed, tickets):
    here.say("status do chamado", "consultar_chamado")
    here.press("Avaliar o atendimento")
    assert here.titles == ["1", "2", "3", "4", "5"]
    here.say("9")
    here.say("4")
    text = here.say("não demorou nada")

    assert "Avaliação registrada" in text
    assert tickets.rated(tickets.of_conversation(HERE)[0])
    here.say("status do chamado", "consultar_chamado")
    assert "Avaliar o atendimento" not in here.titles


class Refusing(LocalDesk):
    def create(self, ticket):
        raise Rejected("a fila não existe")


def test_who_opened_a_ticket_that_the_desk_refuses_is_told(knowledge, engine, clock):
    tickets = Parts(engine, Refusing(engine, clock), clock).tickets
    tickets.confirm(ticket(), HERE)
    chat = Chat(knowledge, tickets, clock, HERE)

    assert "não aceitou" in chat.say("bom dia", "conversa_saudacao")
    assert "não aceitou" not in chat.say("bom dia", "conversa_saudacao")
    assert "não aceito" in chat.say("status do chamado", "consultar_chamado")


def test_what_is_asked_in_between_is_answered(here, opened):
    here.say("reabre meu chamado", "reabrir_chamado")
    here.press("Complementar")
    here.say("qual o prazo para reabrir?", "perguntar_reabertura_prazo")

    assert here.customs[0]["id"] == "reabertura.prazo"
