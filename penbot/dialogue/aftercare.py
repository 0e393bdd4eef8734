"""Tickets already opened: where one is, reopening, complementing, and what the requester thought of it.

Only its own requester hears of a ticket: who opened it in this conversation, or who knows both its
protocol and the e-mail given then. A wrong pair says nothing about what exists.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from penbot.dialogue.context import asks
from penbot.dialogue.fields import value
from penbot.dialogue.heard import Heard
from penbot.dialogue.opened import REOPENS_WITHIN
from penbot.dialogue.state import Aftercare, State
from penbot.dialogue.turn import Office, Turn
from penbot.knowledge import Answer, Button, Knowledge
from penbot.knowledge.answer import about_subject
from penbot.language.personal import first_email
from penbot.language.text import words
from penbot.ticketing.calendar import after_hours, spoken
from penbot.ticketing.desk import DeskError, Rejected, Status, View
from penbot.ticketing.keys import protocol_in
from penbot.ticketing.tickets import Known

log = logging.getLogger(__name__)

STATUS, REOPEN, COMPLEMENT, RATE = "consultar", "reabrir", "complementar", "avaliar"
INTENTS = {"consultar_chamado": STATUS, "reabrir_chamado": REOPEN}
MOST_TRIES = 5
_GENERAL = {STATUS: "portal_de_servicos.acompanhar", REOPEN: "reabertura.prazo"}
_LONGEST_REPLY = 400
_SURE = 0.6


def begin(heard: Heard, state: State, knowledge: Knowledge, office: Office) -> Turn:
    """Somebody asks for a ticket of theirs: 'status do chamado PEN-…', 'reabre meu chamado'."""
    wish = value(heard, "campo") or INTENTS[heard.intent]
    protocol = value(heard, "valor") or protocol_in(heard.text)
    before = state.aftercare or Aftercare(wish)
    care = replace(before, wish=wish, protocol=protocol, asking="")
    if office.tickets is None:
        return _general(care, state, knowledge)
    if not protocol:
        own = office.tickets.of_conversation(office.conversation)
        if not own:
            turn = _general(care, state, knowledge)
            first = replace(turn.answers[0], text=f"{turn.answers[0].text}\n{knowledge.say('informe_protocolo')}")
            return Turn((first,), state.about(aftercare=replace(care, asking="protocolo")))
        if len(own) > 1:
            return _which(own, care, state, knowledge)
        care = replace(care, protocol=own[0].protocol)
    return _identified(care, state, knowledge, office)


def hear(heard: Heard, state: State, knowledge: Knowledge, office: Office) -> Turn | None:
    """The answer to what was asked about a ticket; None for what is no answer to it."""
    care = state.aftercare
    if care is None or not care.asking or office.tickets is None:
        return None
    if heard.intent == "cancelar" or (heard.intent == "negar" and care.asking != "comentario"):
        return Turn((Answer(knowledge.say("tudo_bem")),), _done(state))
    return _STEPS[care.asking](heard, care, state, knowledge, office)


def _general(care: Aftercare, state: State, knowledge: Knowledge) -> Turn:
    subject = knowledge.subjects[_GENERAL.get(care.wish, _GENERAL[STATUS])]
    return Turn((about_subject(subject, knowledge),), state.about(question=subject.intent, pending=None, misses=0))


def _done(state: State) -> State:
    care = state.aftercare
    return state.about(aftercare=replace(care, asking="") if care else None, misses=0, offered=False)


def _at(care: Aftercare, state: State) -> State:
    return state.about(aftercare=care, misses=0, offered=False, pending=None)


def _which(own: list[Known], care: Aftercare, state: State, knowledge: Knowledge) -> Turn:
    buttons = tuple(_button(k.protocol, care.wish, k.protocol) for k in own)
    return Turn((Answer(knowledge.say("qual_chamado"), buttons),), _at(replace(care, asking="protocolo"), state))


def _button(title: str, wish: str, protocol: str) -> Button:
    return Button(title, "consultar_chamado", {"campo": wish, "valor": protocol})


# --- whose ticket it is ------------------------------------------------------


def _hear_protocol(heard: Heard, care: Aftercare, state: State, knowledge: Knowledge, office: Office) -> Turn | None:
    protocol = protocol_in(heard.text)
    return _identified(replace(care, protocol=protocol), state, knowledge, office) if protocol else None


def _identified(care: Aftercare, state: State, knowledge: Knowledge, office: Office) -> Turn:
    known = _known(care, office)
    if known:
        return _WISHES[care.wish](known, replace(care, asking=""), state, knowledge, office)
    if care.tries >= MOST_TRIES:
        return Turn((Answer(knowledge.say("muitas_tentativas")),), _done(state))
    asked = knowledge.say("informe_email_do_chamado", protocolo=care.protocol)
    return Turn((Answer(asked),), _at(replace(care, asking="email", email=""), state))


def _known(care: Aftercare, office: Office) -> Known | None:
    assert office.tickets is not None
    own = office.tickets.own(care.protocol, conversation=office.conversation)
    return own or (office.tickets.own(care.protocol, email=care.email) if care.email else None)


def _hear_email(heard: Heard, care: Aftercare, state: State, knowledge: Knowledge, office: Office) -> Turn | None:
    assert office.tickets is not None
    given = first_email(heard.text)
    if not given:
        return None
    care = replace(care, email=given, protocol=protocol_in(heard.text) or care.protocol)
    if office.tickets.own(care.protocol, email=care.email) is None:
        care = replace(care, email="", tries=care.tries + 1)
        if care.tries >= MOST_TRIES:
            return Turn((Answer(knowledge.say("muitas_tentativas")),), _done(state.about(aftercare=care)))
        return Turn((Answer(knowledge.say("par_errado")),), _at(care, state))
    return _identified(care, state, knowledge, office)


# --- where it is -------------------------------------------------------------


def _status(known: Known, care: Aftercare, state: State, knowledge: Knowledge, office: Office) -> Turn:
    assert office.tickets is not None
    view = office.tickets.status(known)
    now = office.clock()
    status = view.status.value if view else _before_the_desk(known)
    text = knowledge.lines(
        "situacao",
        protocolo=known.protocol,
        situacao=knowledge.messages[f"situacao_{status}"],
        detalhe="\n".join(_details(view, knowledge, now)) if view else "",
        **knowledge.products[known.product].forms,
    )
    buttons = tuple(_next_steps(known, view, knowledge, office, now)) if view else ()
    custom = {"type": "ticket_status", "protocol": known.protocol, "status": status}
    return Turn((Answer(text, buttons, custom),), _at(care, state))


def _before_the_desk(known: Known) -> str:
    """Where a ticket is that the desk says nothing of."""
    if known.refused:
        return "nao_aceito"
    return "sem_consulta" if known.receipt.number else "a_entregar"


def _details(view: View, knowledge: Knowledge, now: datetime) -> list[str]:
    details = []
    if view.reply:
        reply = view.reply if len(view.reply) <= _LONGEST_REPLY else f"{view.reply[:_LONGEST_REPLY]}…"
        details.append(knowledge.say("situacao_resposta", resposta=" ".join(reply.split())))
    if view.status is Status.CLOSED:
        until = after_hours(view.closed_at or now, REOPENS_WITHIN)
        late = "situacao_nao_pode_reabrir" if until < now else "situacao_pode_reabrir"
        details.append(knowledge.say(late, reabre=spoken(until, now)))
    return details


def _next_steps(known: Known, view: View, knowledge: Knowledge, office: Office, now: datetime) -> list[Button]:
    assert office.tickets is not None
    if view.status is not Status.CLOSED:
        return [_button(knowledge.say("botao_complementar_este"), COMPLEMENT, known.protocol)]
    steps = []
    if _in_time(view, now):
        steps.append(_button(knowledge.say("botao_reabrir"), REOPEN, known.protocol))
    if not office.tickets.rated(known):
        steps.append(_button(knowledge.say("botao_avaliar"), RATE, known.protocol))
    return steps


def _in_time(view: View, now: datetime) -> bool:
    return after_hours(view.closed_at or now, REOPENS_WITHIN) >= now


# --- reopening, complementing, rating ----------------------------------------


def _reopen(known: Known, care: Aftercare, state: State, knowledge: Knowledge, office: Office) -> Turn:
    assert office.tickets is not None
    view = office.tickets.status(known)
    if view is None:
        return _status(known, care, state, knowledge, office)
    if view.status is not Status.CLOSED:
        text = knowledge.say("reabrir_aberto", protocolo=known.protocol)
        button = _button(knowledge.say("botao_complementar_este"), COMPLEMENT, known.protocol)
        return Turn((Answer(text, (button,)),), _at(care, state))
    if not _in_time(view, office.clock()):
        return _too_late(known, state, knowledge)
    return Turn((Answer(knowledge.say("por_que_reabrir")),), _at(replace(care, asking="motivo"), state))


def _too_late(known: Known, state: State, knowledge: Knowledge) -> Turn:
    text = knowledge.say("reabrir_tarde", protocolo=known.protocol)
    button = Button(knowledge.say("botao_abrir_chamado"), "abrir_chamado", {"produto": known.product})
    state = _done(state).about(produto=(known.product,), tipo_suporte=known.support_type, offered=True)
    return Turn((Answer(text, (button,)),), state)


def _hear_reason(heard: Heard, care: Aftercare, state: State, knowledge: Knowledge, office: Office) -> Turn | None:
    known = _free_text(heard, care, knowledge, office)
    if known is None:
        return None
    assert office.tickets is not None
    try:
        office.tickets.reopen(known, heard.text)
    except Rejected:
        return _too_late(known, state, knowledge)
    except DeskError:
        log.exception("ticket.not_reopened")
        return Turn((Answer(knowledge.say("sistema_fora")),), _done(state))
    text = knowledge.say("reaberto", protocolo=known.protocol)
    custom = {"type": "ticket_status", "protocol": known.protocol, "status": Status.REOPENED.value}
    return Turn((Answer(text, custom=custom),), _done(state))


def _complement(known: Known, care: Aftercare, state: State, knowledge: Knowledge, office: Office) -> Turn:
    text = knowledge.say("o_que_complementar", protocolo=known.protocol)
    return Turn((Answer(text),), _at(replace(care, asking="complemento"), state))


def _hear_addition(heard: Heard, care: Aftercare, state: State, knowledge: Knowledge, office: Office) -> Turn | None:
    known = _free_text(heard, care, knowledge, office)
    if known is None:
        return None
    assert office.tickets is not None
    try:
        office.tickets.complement(known, heard.text)
    except DeskError:
        log.exception("ticket.not_complemented")
        return Turn((Answer(knowledge.say("sistema_fora")),), _done(state))
    return Turn((Answer(knowledge.say("complementado", protocolo=known.protocol)),), _done(state))


def _free_text(heard: Heard, care: Aftercare, knowledge: Knowledge, office: Office) -> Known | None:
    """The ticket a text is meant for; None where the text asks something else, or the ticket is gone."""
    sure_question = asks(heard.text) and heard.intent in knowledge.by_intent and heard.ranking[0].confidence >= _SURE
    return None if heard.pressed or sure_question or not words(heard.text) else _known(care, office)


def _rate(known: Known, care: Aftercare, state: State, knowledge: Knowledge, office: Office) -> Turn:
    buttons = tuple(Button(str(n), "nomear", {"campo": "nota", "valor": str(n)}) for n in range(1, 6))
    text = knowledge.say("nota", protocolo=known.protocol)
    return Turn((Answer(text, buttons),), _at(replace(care, asking="nota"), state))


def _hear_score(heard: Heard, care: Aftercare, state: State, knowledge: Knowledge, office: Office) -> Turn | None:
    given = value(heard, "valor") or heard.text.strip()
    if not re.fullmatch(r"[1-5]", given):
        return Turn((Answer(knowledge.say("nota_invalida")),), state) if re.fullmatch(r"\d+", given) else None
    skip = Button(knowledge.say("botao_pular"), "nao_sei_opcional")
    care = replace(care, asking="comentario", score=int(given))
    return Turn((Answer(knowledge.say("nota_comentario"), (skip,)),), _at(care, state))


def _hear_comment(heard: Heard, care: Aftercare, state: State, knowledge: Knowledge, office: Office) -> Turn | None:
    known = _known(care, office)
    if known is None:
        return None
    assert office.tickets is not None
    passed = heard.pressed or (heard.intent in ("nao_sei_opcional", "negar") and len(words(heard.text)) <= 3)
    office.tickets.rate(known, care.score, "" if passed else heard.text)
    return Turn((Answer(knowledge.say("nota_guardada")),), _done(state))


Step = Callable[[Heard, Aftercare, State, Knowledge, Office], "Turn | None"]
_STEPS: dict[str, Step] = {
    "protocolo": _hear_protocol,
    "email": _hear_email,
    "motivo": _hear_reason,
    "complemento": _hear_addition,
    "nota": _hear_score,
    "comentario": _hear_comment,
}
_WISHES: dict[str, Callable[[Known, Aftercare, State, Knowledge, Office], Turn]] = {
    STATUS: _status,
    REOPEN: _reopen,
    COMPLEMENT: _complement,
    RATE: _rate,
}
