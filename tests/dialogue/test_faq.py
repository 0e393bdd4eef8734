"""The questions of WikiPEN in a turn: what was heard is made by hand, so each rule is seen alone."""

import logging
from dataclasses import replace

import pytest

from penbot.dialogue.faq import likely
from penbot.dialogue.heard import Guess, Heard
from penbot.dialogue.respond import respond as respond_at
from penbot.dialogue.state import State
from penbot.dialogue.turn import Office
from penbot.knowledge.vocabulary import Mention

NOTHING = State()
CANCEL, LIMIT, QR = (
    "tramita_status.cancelar_tramite",
    "tramita_recusa_limites.tamanho_maximo",
    "app_sei_wssei.local_do_qrcode",
)


def heard(knowledge, text, *ranking, faq=()):
    guesses = tuple(Guess(name, confidence) for name, confidence in ranking or [("nlu_fallback", 0.9)])
    return Heard(
        text,
        guesses,
        tuple(knowledge.vocabulary.mentions(text)),
        likely_questions=tuple(Guess(name, confidence) for name, confidence in faq),
    )


def respond(said, state, knowledge):
    return respond_at(said, state, knowledge, Office())


def press(title, turn, knowledge):
    (button,) = [b for answer in turn.answers for b in answer.buttons if b.title == title]
    mentions = tuple(Mention(kind, (id_,), -1, -1) for kind, id_ in button.entities.items())
    return respond(Heard(f"/{button.intent}", (Guess(button.intent, 1.0),), mentions, (), True), turn.state, knowledge)


def customs(turn):
    return [answer.custom for answer in turn.answers if answer.custom]


@pytest.fixture
def answered(knowledge):
    """A turn that answered from the FAQ, with two more likely entries."""
    faq = [(CANCEL, 0.7), ("tramita_status.status_1", 0.1), ("tramita_status.status_7", 0.1)]
    return respond(heard(knowledge, "como eu cancelo um envio?", faq=faq), NOTHING, knowledge)


def test_a_likely_question_is_answered_with_its_page_and_the_next_likeliest_beside_it(knowledge, answered):
    (custom,) = customs(answered)

    assert (custom["type"], custom["id"], custom["source"]) == ("answer", CANCEL, knowledge.faq[CANCEL].fonte)
    assert custom["see_also"] == ["tramita_status.status_1", "tramita_status.status_7"]
    assert custom["sources"] == [knowledge.faq[id_].fonte for id_ in custom["see_also"]]
    assert "Veja também:" in answered.answers[0].text


def test_whether_it_was_the_right_one_is_asked_and_the_reply_is_logged(knowledge, answered, caplog):
    caplog.set_level(logging.INFO)
    assert answered.answers[-1].text == "Isso resolveu?"

    turn = press("Sim", answered, knowledge)

    assert "Que bom" in turn.answers[0].text
    assert f"faq.resolved id={CANCEL} answer=sim" in caplog.text


def test_no_shows_the_next_ones_and_then_a_ticket(knowledge, answered, caplog):
    caplog.set_level(logging.INFO)
    turn = press("Não", answered, knowledge)

    assert turn.answers[0].custom["options"] == ["tramita_status.status_1", "tramita_status.status_7"]
    assert f"faq.resolved id={CANCEL} answer=nao" in caplog.text

    turn = press("Nenhuma dessas", turn, knowledge)
    assert [b.title for b in turn.answers[0].buttons] == ["Abrir um chamado"]
    assert turn.state.tipo_suporte == "registrar_duvida"


@pytest.mark.parametrize(("text", "intent"), [("não era isso", "conversa_nao_ajudou"), ("não", "negar")])
def test_a_typed_no_shows_the_next_ones_too(knowledge, answered, text, intent):
    turn = respond(heard(knowledge, text, (intent, 0.9)), answered.state, knowledge)

    assert customs(turn)[0]["type"] == "clarify"


def test_no_of_something_else_is_no_of_that(knowledge):
    turn = respond(heard(knowledge, "não", ("negar", 0.9)), NOTHING, knowledge)

    assert customs(turn) == []


def test_a_button_shows_its_entry(knowledge, answered):
    turn = press(knowledge.faq["tramita_status.status_7"].titulo, answered, knowledge)

    assert customs(turn)[0]["id"] == "tramita_status.status_7"
    assert CANCEL in turn.state.further


def test_more_is_told_when_it_is_asked_for(knowledge):
    id_ = next(q.id for q in knowledge.faq.values() if q.mais)
    turn = respond(heard(knowledge, "e aí, como é?", faq=[(id_, 0.9)]), NOTHING, knowledge)

    assert press("Ver mais", turn, knowledge).answers[0].text == knowledge.faq[id_].mais
    typed = respond(heard(knowledge, "mostra mais", ("ver_resposta", 0.9)), turn.state, knowledge)
    assert typed.answers[0].text == knowledge.faq[id_].mais


def test_several_about_as_likely_are_offered_to_choose_from(knowledge):
    faq = [
        (CANCEL, 0.2),
        (LIMIT, 0.2),
        (QR, 0.2),
        ("sei_perguntas_frequentes.beneficios", 0.2),
        ("tramita_adesao.como_aderir", 0.1),
    ]
    turn = respond(heard(knowledge, "o que faço?", faq=faq), NOTHING, knowledge)

    (custom,) = customs(turn)
    assert (custom["type"], custom["options"]) == ("clarify", [id_ for id_, _ in faq[:4]])
    assert custom["sources"] == [knowledge.faq[id_].fonte for id_, _ in faq[:4]]
    assert turn.answers[0].buttons[-1].title == "Nenhuma dessas"


def test_what_the_guide_surely_states_goes_first_with_the_faq_beside_it(knowledge):
    said = heard(knowledge, "até quando reabro um chamado?", ("perguntar_reabertura_prazo", 0.95), faq=[(LIMIT, 0.4)])
    turn = respond(said, NOTHING, knowledge)

    assert customs(turn)[0]["id"] == "reabertura.prazo"
    assert customs(turn)[0]["see_also"] == [LIMIT]


def test_out_of_scope_offers_nothing(knowledge):
    said = heard(knowledge, "certificado de batismo", ("fora_do_escopo", 0.95), faq=[(LIMIT, 0.6)])
    turn = respond(said, NOTHING, knowledge)

    assert customs(turn) == [{"type": "fallback"}]


def test_a_plain_request_begins_a_ticket(knowledge):
    said = heard(knowledge, "está dando erro no SEI", ("reportar_erro", 0.9), faq=[(LIMIT, 0.5)])

    assert respond(said, NOTHING, knowledge).state.form


def test_an_error_that_an_entry_explains_is_answered_and_a_ticket_offered(knowledge):
    said = heard(knowledge, "o QR Code não aparece no SEI", ("reportar_erro", 0.9), faq=[(QR, 0.97)])
    turn = respond(said, NOTHING, knowledge)

    assert customs(turn)[0]["id"] == QR
    assert turn.state.tipo_suporte == "reportar_erro"
    started = press("Abrir um chamado", turn, knowledge)
    assert started.state.form.draft.support_type == "reportar_erro"
    assert started.state.form.draft.told == "o QR Code não aparece no SEI"


def test_the_words_of_a_screen_point_to_the_entry_that_explains_them(knowledge):
    said = heard(
        knowledge,
        "apareceu: tipo de documento não mapeado para recebimento",
        ("reportar_erro", 0.9),
        faq=[(CANCEL, 0.3)],
    )

    assert likely(said, NOTHING, knowledge)[0].name == "tramita_recusa_limites.situacoes_recusa"


def test_the_product_spoken_of_makes_its_entries_likelier(knowledge):
    said = heard(knowledge, "qual o limite?", faq=[(QR, 0.4), (LIMIT, 0.3)])
    before = likely(said, NOTHING, knowledge)
    after = likely(said, State(produto=("modulo_tramita",)), knowledge)

    assert [guess.name for guess in before] == [QR, LIMIT]
    assert [guess.name for guess in after] == [LIMIT, QR]
    assert sum(g.confidence for g in after) == pytest.approx(0.7)


def test_an_answer_fills_in_the_product_of_a_ticket_that_may_come_of_it(knowledge):
    turn = respond(heard(knowledge, "onde fica o código?", faq=[(QR, 0.9)]), NOTHING, knowledge)

    assert turn.state.produto == ("modulo_wssei",)


def test_in_a_ticket_a_question_is_answered_without_its_buttons_and_the_ticket_goes_on(knowledge):
    started = respond(
        heard(knowledge, "quero sugerir uma melhoria no SEI", ("sugerir_melhoria", 0.9)), NOTHING, knowledge
    )
    said = heard(
        knowledge, "qual o tamanho máximo de um arquivo?", ("registrar_duvida", 0.5), faq=[(LIMIT, 0.8), (CANCEL, 0.1)]
    )
    turn = respond(said, started.state, knowledge)

    assert customs(turn)[0]["id"] == LIMIT
    assert "Veja também" not in turn.answers[0].text
    assert "Isso resolveu?" not in [answer.text for answer in turn.answers]
    assert turn.state.form == started.state.form


def test_an_entry_that_is_gone_is_forgotten(knowledge, answered):
    less = replace(knowledge, faq={LIMIT: knowledge.faq[LIMIT]})

    assert customs(respond(heard(less, "não", ("negar", 0.9)), answered.state, less)) == []


def test_what_was_shown_survives_rasas_slots(answered):
    assert State.from_slots(answered.state.to_slots()).further == answered.state.further
