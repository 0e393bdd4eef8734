"""The questions of WikiPEN in a conversation: when they answer, what comes after, what goes alongside.

What the guide states wins: the more surely a message asks something else, the more surely it must ask the
FAQ to be answered from there. The limits were set on held-out phrases: docs/decisoes/008.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from math import inf

from penbot.dialogue import handoff
from penbot.dialogue.context import DESCRIBED, NOT_UNDERSTOOD, OUT_OF_SCOPE, asks, only_names
from penbot.dialogue.heard import Guess, Heard
from penbot.dialogue.naming import meant_products, named_products
from penbot.dialogue.state import State
from penbot.dialogue.turn import Turn
from penbot.knowledge import Answer, Button, Knowledge, Question
from penbot.knowledge.answer import (
    PART,
    QUESTION,
    SHOW,
    about_question,
    rest_of,
    show,
    which_question,
    with_related,
)
from penbot.knowledge.model import CHANNEL, SPHERE, Facet, Subject
from penbot.language.text import words

log = logging.getLogger(__name__)

CHOICES = 4
RELATED = 3
_SURE_ENTRY, _SURE_PAGE = 0.4, 0.5  # shares of all: with less of both, it is asked which entry is meant
_SURE_TO_ASK = 0.6  # with a product named, below this we rather say what we know of it
_RELATED_FROM = 0.03
_BESIDE, _BESIDE_FORM = 0.1, 0.4  # from which entries stand beside an answer that is not theirs, or a form
_BESIDE_EACH = 0.05
_OF_THE_PRODUCT = 2.0  # how much likelier an entry is that speaks of the product spoken of
_OF_ANOTHER = 0.3  # and how much less likely one that speaks of other products than those named
_SYMPTOM = 0.9  # how likely an entry is whose symptom stands in the message
_SHORT = 6  # words of a reply to «Isso resolveu?»

# What else a message may be -> (as long as that is less likely than this, the FAQ must be asked as likely as that).
_NEEDED: dict[str, tuple[tuple[float, float], ...]] = {
    "channel": ((inf, 0.9),),
    "subject": ((0.4, 0.7), (0.8, 0.8), (inf, 0.97)),
    "facet": ((0.6, 0.85), (0.8, 0.97), (inf, inf)),
    "sphere": ((inf, inf),),  # who may use a product: the guide says so
    "question": ((0.6, 0.5), (inf, 0.7)),  # a request that asks something
    "request": ((0.6, 0.8), (inf, 0.96)),
    "move": ((0.6, 0.4), (inf, 0.85)),
    "out of scope": ((0.5, 0.75), (inf, 0.95)),
    "nothing": ((inf, 0.25),),
}


# --- a question --------------------------------------------------------------


def answered(heard: Heard, state: State, knowledge: Knowledge) -> Turn | None:
    """The turn of a message that asks the FAQ; None where it more likely asks something else."""
    guesses = likely(heard, state, knowledge)
    if heard.pressed or only_names(heard) or not guesses or how_sure(guesses) < _needed(heard, knowledge):
        return None
    if _undecided(guesses, knowledge):
        if _named(heard, knowledge) and how_sure(guesses) < _SURE_TO_ASK:
            return None
        return _asked_back(guesses, heard, state, knowledge)
    best = guesses[0]
    related = [guess.name for guess in guesses[1:] if guess.confidence >= _RELATED_FROM]
    return _answer(knowledge.faq[best.name], related, heard, state, knowledge)


def likely(heard: Heard, state: State, knowledge: Knowledge) -> tuple[Guess, ...]:
    """The entries a message may ask for, those of the product spoken of first, all as likely as before."""
    guesses = {guess.name: guess.confidence for guess in heard.likely_questions if guess.name in knowledge.faq}
    if state.product and not named_products(heard, knowledge):
        total = sum(guesses.values())
        for id_ in guesses:
            guesses[id_] *= _OF_THE_PRODUCT if state.product in knowledge.faq[id_].produtos else 1
        guesses = {id_: chance * total / (sum(guesses.values()) or 1) for id_, chance in guesses.items()}
    if about := _named(heard, knowledge):
        guesses = {
            id_: c if about & set(knowledge.faq[id_].produtos) else c * _OF_ANOTHER for id_, c in guesses.items()
        }
    symptoms = {id_ for mention in knowledge.symptoms.mentions(heard.text) for id_ in mention.ids}
    if guesses and len(symptoms) == 1:
        guesses = {id_: chance * (1 - _SYMPTOM) for id_, chance in guesses.items()} | dict.fromkeys(symptoms, _SYMPTOM)
    return tuple(sorted((Guess(id_, chance) for id_, chance in guesses.items()), key=lambda g: -g.confidence))


def _named(heard: Heard, knowledge: Knowledge) -> set[str]:
    """The products a message names, and those that run inside them."""
    named = named_products(heard, knowledge)
    about = {*named.ids, *named.candidates}
    return about | {product.id for product in knowledge.products.values() if about and product.dentro_de in about}


def how_sure(guesses: Sequence[Guess]) -> float:
    """How likely it is that the FAQ is asked at all."""
    return sum(guess.confidence for guess in guesses)


def _needed(heard: Heard, knowledge: Knowledge) -> float:
    """How likely the FAQ must be asked to be answered from: what else the message may be decides."""
    sure = heard.ranking[0].confidence
    return next(needed for below, needed in _NEEDED[_rival(heard, knowledge)] if sure < below)


def _rival(heard: Heard, knowledge: Knowledge) -> str:
    entry = knowledge.by_intent.get(heard.intent)
    if heard.named(CHANNEL):
        return "channel"
    if isinstance(entry, Subject):
        return "subject"
    if isinstance(entry, Facet) or heard.intent == DESCRIBED:
        return "facet"
    if heard.named(SPHERE) and asks(heard.text):
        return "sphere"
    if heard.intent == OUT_OF_SCOPE:
        return "out of scope"
    if heard.intent in (NOT_UNDERSTOOD, "registrar_duvida"):
        return "nothing"
    if heard.intent in knowledge.support_types:
        return "question" if asks(heard.text) else "request"
    return "move"


def _undecided(guesses: Sequence[Guess], knowledge: Knowledge) -> bool:
    """Whether neither an entry nor a page stands out."""
    page, total = knowledge.faq[guesses[0].name].fonte, how_sure(guesses)
    of_page = how_sure([guess for guess in guesses if knowledge.faq[guess.name].fonte == page])
    return guesses[0].confidence < _SURE_ENTRY * total and of_page < _SURE_PAGE * total


def _answer(question: Question, further: list[str], heard: Heard, state: State, knowledge: Knowledge) -> Turn:
    """The entry, the next likeliest beside it, and whether it was what was wanted."""
    related = [knowledge.faq[id_] for id_ in further[:RELATED]]
    state = _about(question, heard, state, knowledge)
    log.info("faq.answered id=%s", question.id)
    answers = (about_question(question, knowledge, related), _is_it_solved(question, heard, state, knowledge))
    return Turn(answers, state.about(shown=(question.id,), further=tuple(further)))


def _asked_back(guesses: tuple[Guess, ...], heard: Heard, state: State, knowledge: Knowledge) -> Turn:
    """Several are about as likely: which one?"""
    ids = tuple(guess.name for guess in guesses)
    return _choice("qual_pergunta", ids, _about(None, heard, state, knowledge), knowledge)


def _choice(message: str, ids: tuple[str, ...], state: State, knowledge: Knowledge) -> Turn:
    offered, further = ids[:CHOICES], ids[CHOICES:]
    answer = which_question(knowledge.say(message), [knowledge.faq[id_] for id_ in offered], knowledge)
    return Turn((answer,), state.about(shown=offered, further=further))


def _about(question: Question | None, heard: Heard, state: State, knowledge: Knowledge) -> State:
    """The state with what a ticket on this would be about, should the answer not do."""
    state = state.about(question=None, pending=None, misses=0, offered=False, told=handoff.told_in(heard, knowledge))
    if heard.intent not in knowledge.support_types:
        return state.about(produto=_products(question, heard, state, knowledge))
    products = meant_products(heard, knowledge, problem=True)
    state = state.about(produto=products.ids or products.candidates or _products(question, heard, state, knowledge))
    return state.about(tipo_suporte=handoff.support_type(heard, state, knowledge), question=heard.intent)


def _products(question: Question | None, heard: Heard, state: State, knowledge: Knowledge) -> tuple[str, ...]:
    """What is meant, if the entry is about it; else what is named; else what was spoken of or the entry's own one."""
    meant = meant_products(heard, knowledge).ids
    if question is None:
        return meant or state.produto
    if inside := tuple(id_ for id_ in meant if id_ in question.produtos):
        return inside
    if named := named_products(heard, knowledge).ids:
        return named
    if state.product in question.produtos:
        return state.produto
    return question.produtos if len(question.produtos) == 1 else ()


def _is_it_solved(question: Question, heard: Heard, state: State, knowledge: Knowledge) -> Answer:
    entry = {QUESTION: question.id}
    buttons = [
        Button(knowledge.say("botao_resolveu"), "afirmar", entry),
        Button(knowledge.say("botao_nao_resolveu"), "negar", entry),
    ]
    if heard.intent in knowledge.support_types:
        buttons.append(_ticket(state, knowledge))
    return Answer(knowledge.say("isso_resolveu"), tuple(buttons))


def _ticket(state: State, knowledge: Knowledge) -> Button:
    """The way to a person: for what was asked for, or for a doubt."""
    product = {"produto": state.product} if state.product else {}
    return Button(knowledge.say("botao_abrir_chamado"), _wanted(state, knowledge), product)


def _wanted(state: State, knowledge: Knowledge) -> str:
    wanted = state.question or ""
    return wanted if wanted in knowledge.support_types else "registrar_duvida"


# --- after an answer ---------------------------------------------------------


def followed(heard: Heard, state: State, knowledge: Knowledge) -> Turn | None:
    """What is said of an answer of the FAQ: more of it, another one, whether it was the right one."""
    carried = next((knowledge.faq[id_] for id_ in heard.named(QUESTION) if id_ in knowledge.faq), None)
    shown = [knowledge.faq[id_] for id_ in state.shown if id_ in knowledge.faq]
    entry = carried or (shown[0] if len(shown) == 1 else None)
    if heard.intent == SHOW:
        return _shown(entry, carried is not None, heard, state, knowledge)
    if not heard.pressed and len(words(heard.text)) > _SHORT:
        return None
    if heard.intent == "afirmar" and entry:
        log.info("faq.resolved id=%s answer=sim", entry.id)
        return Turn((Answer(knowledge.say("que_bom")),), state.about(shown=(), further=()))
    if heard.intent in ("negar", "conversa_nao_ajudou") and (entry or shown):
        log.info("faq.resolved id=%s answer=nao", ",".join(q.id for q in ([entry] if entry else shown)))
        return _none_of_them(state, knowledge)
    return None


def _shown(entry: Question | None, chosen: bool, heard: Heard, state: State, knowledge: Knowledge) -> Turn | None:
    """An entry chosen by its button, or the rest of the one just answered."""
    if entry is None:
        return None
    if chosen and not heard.named(PART):
        further = [id_ for id_ in (*state.shown, *state.further) if id_ != entry.id and id_ in knowledge.faq]
        return _answer(entry, further, heard, state, knowledge)
    if not entry.mais:
        return Turn((Answer(knowledge.say("sem_mais")),), state)
    return Turn((rest_of(entry), _is_it_solved(entry, heard, state, knowledge)), state.about(shown=(entry.id,)))


def _none_of_them(state: State, knowledge: Knowledge) -> Turn:
    """The next likeliest; when there are no more, a ticket."""
    further = tuple(id_ for id_ in state.further if id_ in knowledge.faq)
    if further:
        return _choice("sera_uma_destas", further, state, knowledge)
    answer = Answer(knowledge.say("sem_resposta"), (_ticket(state, knowledge),))
    state = state.about(shown=(), further=(), tipo_suporte=_wanted(state, knowledge), offered=True)
    return Turn((answer,), state)


# --- beside something else ---------------------------------------------------


def alongside(turn: Turn, heard: Heard, state: State, knowledge: Knowledge) -> Turn:
    """The turn with the entries that may have been meant as buttons, if any is likely: with the answer, or before
    the first question of a ticket."""
    guesses = likely(heard, state, knowledge)
    ids = [guess.name for guess in guesses if guess.confidence >= _BESIDE_EACH][:RELATED]
    needed = _BESIDE_FORM if turn.state.form else _BESIDE
    if heard.pressed or heard.intent == OUT_OF_SCOPE or how_sure(guesses) < needed or not ids or not turn.answers:
        return turn
    if _only_asks_for_a_ticket(turn, heard, knowledge):
        return turn
    others = [knowledge.faq[id_] for id_ in ids]
    *before, last = turn.answers
    if turn.state.form:
        buttons = tuple(show(question) for question in others)
        return replace(turn, answers=(*before, Answer(knowledge.say("talvez_ajude"), buttons), last))
    return replace(turn, answers=(*before, with_related(last, others, knowledge)))


def _only_asks_for_a_ticket(turn: Turn, heard: Heard, knowledge: Knowledge) -> bool:
    """Whether a request tells nothing that an entry could answer: 'quero sugerir uma melhoria no SEI'."""
    requested = turn.state.form is not None or _type(turn.answers[-1]) == "ticket_refused"
    return requested and not handoff.told_in(heard, knowledge)


def _type(answer: Answer) -> str:
    return str((answer.custom or {}).get("type", ""))


def in_passing(answers: tuple[Answer, ...], knowledge: Knowledge) -> tuple[Answer, ...]:
    """The same answers where something else waits for a reply: without what they invite to."""
    invited, also = knowledge.say("isso_resolveu"), f"\n\n{knowledge.say('veja_tambem')}"
    return tuple(replace(a, text=a.text.removesuffix(also), buttons=()) for a in answers if a.text != invited)
