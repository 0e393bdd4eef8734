"""Filling in a ticket, rule by rule. Whole conversations are in tests/conversations."""

import dataclasses

import pytest

from penbot.ticketing.desk import File
from penbot.ticketing.desks.attendance import Attendance
from tests.dialogue.chat import Chat

CPF = "529.982.247-25"
WHO = "Ana Lima, ana.lima@gestao.gov.br, Ministério da Gestão"


@pytest.fixture
def chat(knowledge, tickets, clock):
    return Chat(knowledge, tickets, clock, "conversa")


def suggest(chat, sphere="Executivo Federal", text="um filtro por data ajudaria muito na busca", who=WHO):
    """A suggestion for the SEI, up to its summary."""
    chat.say("quero sugerir uma melhoria no SEI", "sugerir_melhoria")
    if sphere in chat.titles:  # who opens a second ticket is not asked again
        chat.press(sphere)
    chat.say(text, "sugerir_melhoria")
    return chat.say(who)


def draft(chat):
    (custom,) = [c for c in chat.customs if c["type"] == "ticket_draft"]
    return custom


def entry(engine, clock, protocol):
    return Attendance(engine, clock).entry(protocol)


def protocol(chat):
    (custom,) = [c for c in chat.customs if c["type"] == "ticket_created"]
    return custom["protocol"]


def test_what_is_confirmed_is_at_the_desk_word_for_word(chat, engine, clock):
    text = "<b>oi</b> '; DROP TABLE x; -- {{7*7}} ${y} «aspas» 😀"
    suggest(chat, text=text)
    chat.say("sim", "afirmar")

    assert text in str(entry(engine, clock, protocol(chat)))


def test_the_files_sent_go_with_it_and_are_forgotten_here(chat, engine, clock):
    forgotten = []
    chat.office = dataclasses.replace(
        chat.office,
        evidence=lambda: (File("erro.log", "text/plain", b"falha"),),
        forget_evidence=lambda: forgotten.append(True),
    )
    suggest(chat)
    assert not forgotten
    chat.say("sim", "afirmar")

    assert forgotten
    assert entry(engine, clock, protocol(chat)).files == ("erro.log",)


def test_after_it_is_opened_the_dates_are_told(chat):
    suggest(chat)
    text = chat.say("sim", "afirmar")

    assert "hoje às 10h" in text  # the clock stands at ten in the morning, Brasília, on a Wednesday
    assert "sábado, 28/11, às 10h" in text
    assert "segunda-feira, 30/11, às 10h" in text
    (created,) = chat.customs
    assert [d["at"][:16] for d in created["deadlines"]] == ["2026-11-28T10:00", "2026-11-30T10:00"]


def test_at_night_the_ticket_is_taken_and_the_answer_is_promised_for_the_morning(chat, clock):
    clock.forward(hours=12)
    suggest(chat)

    assert "amanhã" in chat.say("sim", "afirmar")


def test_confirming_twice_opens_one(chat, tickets):
    suggest(chat)
    before = chat.slots, chat.kept
    chat.say("sim", "afirmar")
    chat.slots, chat.kept = before  # the answer never arrived, and what was stored is as it was
    chat.say("sim", "afirmar")

    assert len(tickets.of_conversation("conversa")) == 1


def test_the_sphere_of_an_address_is_proposed_and_never_assumed(chat):
    chat.say("o SEI dá erro ao assinar, meu e-mail é bia@tjsp.jus.br", "reportar_erro")
    assert chat.state.form.draft.sphere is None
    assert "parece ser Outros Poderes" in chat.turn.answers[-1].text

    chat.press("Executivo Estadual")
    assert chat.state.esfera == "executivo_estadual"


def test_yes_takes_the_proposed_sphere(chat):
    chat.say("o SEI dá erro ao assinar, meu e-mail é bia@tjsp.jus.br", "reportar_erro")
    chat.say("isso", "afirmar")

    assert chat.state.esfera == "outros_poderes"


def test_a_sphere_that_does_not_fit_the_address_is_pointed_out(chat):
    text = suggest(chat, who="Bia Reis, bia@tjsp.jus.br, Tribunal de Justiça")

    assert "parece ser Outros Poderes" in text
    assert draft(chat)["sphere"] == "executivo_federal"


@pytest.mark.parametrize("text", ["a terceira", "3", "opção 3", "executivo municipal"])
def test_a_choice_may_be_typed_by_its_place_or_its_title(chat, text):
    chat.say("quero sugerir uma melhoria no SEI", "sugerir_melhoria")
    chat.say(text)

    assert chat.state.esfera == "executivo_municipal"


def test_a_private_address_is_taken_and_pointed_out(chat):
    assert "não parece ser do seu órgão" in suggest(chat, who="Bia Reis, bia@gmail.com, Prefeitura de Itu")


def test_a_cpf_is_hidden_unless_it_is_needed(chat, engine, clock):
    asked = suggest(chat, text=f"o cadastro do CPF {CPF} deveria abrir mais rápido")
    assert "Ele é necessário" in asked
    assert CPF not in chat.press("Não, esconder")
    chat.say("sim", "afirmar")

    assert CPF not in str(entry(engine, clock, protocol(chat)))


def test_a_cpf_that_is_needed_reaches_the_desk_and_never_the_conversation(chat, engine, clock):
    suggest(chat, text=f"o cadastro do CPF {CPF} deveria abrir mais rápido")
    said = chat.press("Sim, é necessário")
    said += chat.say("sim", "afirmar")

    assert CPF not in said
    assert CPF in str(entry(engine, clock, protocol(chat)))


def test_a_very_long_description_is_cut_with_a_notice(chat):
    chat.say("quero sugerir uma melhoria no SEI", "sugerir_melhoria")
    chat.press("Executivo Federal")
    text = chat.say("palavra " * 900, "sugerir_melhoria")

    assert "passou de 6000 caracteres" in text
    assert len(chat.state.form.draft.details) == 6000


def test_a_description_that_begins_with_no_is_a_description(chat):
    chat.say("quero sugerir uma melhoria no SEI", "sugerir_melhoria")
    chat.press("Executivo Federal")
    chat.say("não tem como ordenar a lista, deveria ter", "negar")

    assert chat.state.form.draft.details.startswith("não tem")


def test_what_was_told_first_need_not_be_told_again(chat):
    chat.say("o SEI trava toda vez que assino um documento grande", "reportar_erro")
    chat.press("Executivo Federal")
    chat.press("Seguir sem detalhes")

    assert chat.state.form.asking == "ambiente"
    assert "trava toda vez" in chat.state.form.draft.description


def test_version_and_environment_told_by_the_way_are_not_asked(chat):
    chat.say("o SEI 4.0.11 trava em produção quando assino um documento", "reportar_erro")
    chat.press("Executivo Federal")
    chat.press("Seguir sem detalhes")

    assert chat.state.form.asking == "contato"
    assert (chat.state.form.draft.version, chat.state.form.draft.environment) == ("4.0.11", "producao")


def test_name_mail_and_organ_may_come_one_by_one(chat):
    suggest(chat, who="Ana Lima")
    chat.say("ana.lima@gestao.gov.br")
    text = chat.say("Arquivo Nacional")

    assert draft(chat)
    assert all(part in text for part in ("Ana Lima", "ana.lima@gestao.gov.br", "Arquivo Nacional"))


def test_a_wrong_address_is_said_to_be_wrong_and_the_rest_is_kept(chat):
    text = suggest(chat, who="Ana Lima, ana.lima@, Ministério da Gestão")

    assert "não está certo" in text
    assert chat.state.form.draft.name == "Ana Lima"


def test_a_change_of_product_keeps_what_still_fits(chat):
    suggest(chat, sphere="Executivo Estadual")
    chat.press("Alterar")
    chat.press("Alterar Produto")
    text = chat.say("Módulo WSSEI")

    assert "Alterado: Produto" in text
    assert (draft(chat)["product"], draft(chat)["sphere"]) == ("modulo_wssei", "executivo_estadual")


def test_a_product_that_does_not_serve_the_sphere_is_refused_and_nothing_is_lost(chat):
    suggest(chat, sphere="Executivo Estadual")
    chat.press("Alterar")
    chat.press("Alterar Produto")
    chat.say("NUP")

    assert [c["type"] for c in chat.customs] == ["ticket_refused"]
    assert chat.state.form.draft.details


def test_a_likely_duplicate_is_shown_first_and_complemented(chat, engine, clock, tickets):
    suggest(chat, text="um filtro por data ajudaria muito na busca de processos")
    chat.say("sim", "afirmar")
    first = protocol(chat)
    suggest(chat, text="um filtro por data ajudaria muito na busca de processos antigos")
    shown = chat.say("sim", "afirmar")
    assert first in shown

    chat.press("Complementar o que existe")
    assert len(tickets.of_conversation("conversa")) == 1
    assert "antigos" in str(entry(engine, clock, first))


def test_a_likely_duplicate_may_be_opened_all_the_same(chat, tickets):
    for _ in range(2):
        suggest(chat)
        chat.say("sim", "afirmar")
    chat.press("Abrir outro mesmo assim")

    assert len(tickets.of_conversation("conversa")) == 2


def test_another_request_in_between_is_noted_for_after(chat):
    chat.say("quero sugerir uma melhoria no SEI", "sugerir_melhoria")
    text = chat.say("preciso de acesso ao Módulo WSSEI", "solicitar_acesso")

    assert "Anotei também: Solicitar acesso: Módulo WSSEI" in text
    assert chat.state.produto == ("sei",)
    assert chat.state.form.waiting[0].product == "modulo_wssei"


def test_another_ticket_is_looked_at_when_this_one_is_done(chat):
    chat.say("quero sugerir uma melhoria no SEI", "sugerir_melhoria")
    text = chat.say("status do meu chamado", "consultar_chamado")

    assert "antes, termine este chamado" in text
    assert chat.state.form.asking == "esfera"


def test_cancelling_one_of_two_asks_about_the_other(chat):
    chat.say("quero sugerir uma melhoria no SEI", "sugerir_melhoria")
    chat.say("preciso de acesso ao Módulo WSSEI", "solicitar_acesso")
    text = chat.say("cancela", "cancelar")
    assert "Quer abrir esse?" in text

    chat.say("quero", "afirmar")
    assert chat.state.produto == ("modulo_wssei",)


def test_an_expired_draft_is_told(chat):
    chat.say("quero sugerir uma melhoria no SEI", "sugerir_melhoria")
    chat.kept = None
    text = chat.say("um filtro por data", "nlu_fallback")

    assert "foi apagado" in text


def test_without_an_interface_to_the_portal_nothing_is_claimed_to_be_opened(knowledge):
    chat = Chat(knowledge, None, None, "conversa")
    suggest(chat)
    text = chat.say("sim", "afirmar")

    assert not [c for c in chat.customs if c["type"] == "ticket_created"]
    assert "Processo Eletrônico Nacional - PEN | ProPEN" in text
    assert "um filtro por data" in text


def test_personal_data_of_a_draft_are_in_no_slot(chat):
    suggest(chat)

    assert "ana.lima" not in str(chat.state.to_slots())
    assert "filtro" not in str(chat.state.to_slots())
