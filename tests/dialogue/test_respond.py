"""The turn without Rasa: what was heard is made by hand, so each rule is seen alone."""

import pytest

from penbot.dialogue.heard import Guess, Heard
from penbot.dialogue.respond import respond as respond_at
from penbot.dialogue.state import Pending, State
from penbot.dialogue.turn import Office
from penbot.knowledge.vocabulary import Mention

NOTHING = State()


def respond(heard, state, knowledge):
    return respond_at(heard, state, knowledge, Office())


def heard(knowledge, text, *ranking, likely=(), pressed=False):
    guesses = tuple(Guess(name, confidence) for name, confidence in ranking)
    products = tuple(Guess(name, confidence) for name, confidence in likely)
    return Heard(text, guesses, tuple(knowledge.vocabulary.mentions(text)), products, pressed)


def types(turn):
    return [(answer.custom or {}).get("type") for answer in turn.answers]


def test_a_subject_is_answered_with_its_source(knowledge):
    turn = respond(heard(knowledge, "até quando reabro?", ("perguntar_reabertura_prazo", 0.9)), NOTHING, knowledge)

    assert turn.answers[0].custom["id"] == "reabertura.prazo"
    assert turn.state.question == "perguntar_reabertura_prazo"


def test_surely_out_of_scope_is_said_so(knowledge):
    turn = respond(heard(knowledge, "quem ganhou o jogo?", ("fora_do_escopo", 0.9)), NOTHING, knowledge)

    assert types(turn) == ["fallback"]
    assert turn.state.misses == 1


def test_hardly_out_of_scope_is_taken_for_ours(knowledge):
    ranking = [("fora_do_escopo", 0.3), ("perguntar_reabertura_prazo", 0.2)]

    assert types(respond(heard(knowledge, "e o prazo?", *ranking), NOTHING, knowledge)) == ["answer"]


def test_not_understood_offers_the_nearest_subjects_and_none_of_them(knowledge):
    ranking = [("nlu_fallback", 0.95), ("perguntar_reabertura_prazo", 0.05), ("perguntar_abertura_passos", 0.04)]
    turn = respond(heard(knowledge, "hmm prazo passos", *ranking), NOTHING, knowledge)

    titles = [button.title for button in turn.answers[0].buttons]
    assert titles[0] == knowledge.subjects["reabertura.prazo"].titulo
    assert titles[-1] == "Nenhuma dessas"


def test_not_understood_twice_offers_a_ticket(knowledge):
    turn = respond(heard(knowledge, "hmm", ("nlu_fallback", 0.95)), State(misses=1), knowledge)

    assert turn.answers[0].buttons[0].intent == "abrir_chamado"
    assert turn.state.offered


def test_who_asks_whether_a_sphere_may_use_a_product_asks_for_no_ticket(knowledge):
    text = "câmara municipal tem acesso ao módulo WSSEI?"
    turn = respond(heard(knowledge, text, ("solicitar_acesso", 0.9)), NOTHING, knowledge)

    assert turn.answers[0].custom["id"] == "modulo_wssei.disponivel_para"


@pytest.mark.parametrize("move", ["afirmar", "negar"])
def test_a_question_is_no_yes_or_no_when_nothing_was_asked(knowledge, move):
    turn = respond(heard(knowledge, "qual é a raiz quadrada de dois?", (move, 0.9)), NOTHING, knowledge)

    assert types(turn) == ["fallback"]


def test_an_ambiguous_name_is_never_guessed(knowledge):
    likely = [("modulo_tramita", 0.6), ("api_tramita", 0.3)]
    turn = respond(heard(knowledge, "o tramita dá erro", ("reportar_erro", 0.9), likely=likely), NOTHING, knowledge)

    assert turn.answers[0].custom == {
        "type": "clarify",
        "options": ["api_tramita", "modulo_tramita", "portal_tramita"],
    }
    assert turn.state.form.draft.candidates == ("api_tramita", "modulo_tramita", "portal_tramita")
    assert turn.state.tipo_suporte == "reportar_erro"


def test_a_fingerprint_decides_between_the_meanings_of_a_name(knowledge):
    text = "o tramita parou, o log mostra PENAgendamentoRN"
    turn = respond(heard(knowledge, text, ("reportar_erro", 0.9)), NOTHING, knowledge)

    assert turn.state.product == "modulo_tramita"


def test_the_place_is_not_the_product(knowledge):
    text = "o módulo wssei instalado no SEI dá erro"

    assert respond(heard(knowledge, text, ("reportar_erro", 0.9)), NOTHING, knowledge).state.product == "modulo_wssei"


def test_a_product_named_by_nobody_is_asked_with_all_of_them(knowledge):
    turn = respond(heard(knowledge, "está dando erro", ("reportar_erro", 0.9)), NOTHING, knowledge)

    assert turn.answers[-1].custom["options"] == list(knowledge.products)


def test_a_button_is_taken_as_it_is(knowledge):
    pressed = Heard(
        "/perguntar_suporte", (Guess("perguntar_suporte", 1.0),), (Mention("produto", ("sei",), -1, -1),), (), True
    )

    assert respond(pressed, NOTHING, knowledge).answers[0].custom["id"] == "sei.suporte"


def test_a_button_of_a_product_that_is_gone_leaves_nobody_without_an_answer(knowledge):
    pressed = Heard(
        "/perguntar_suporte", (Guess("perguntar_suporte", 1.0),), (Mention("produto", ("extinto",), -1, -1),), (), True
    )

    assert respond(pressed, NOTHING, knowledge).answers


def test_no_state_survives_starting_over(knowledge):
    state = State(produto=("sei",), esfera="executivo_federal", tipo_suporte="reportar_erro", misses=1)

    assert respond(heard(knowledge, "recomeçar", ("conversa_recomecar", 0.9)), state, knowledge).state == State()


def test_what_is_remembered_survives_rasas_slots():
    state = State(("sei",), "outros_poderes", None, "abrir_chamado", Pending("x", ("a", "b")), 2, True)

    assert State.from_slots(state.to_slots()) == state
    assert State.from_slots({}) == State()
