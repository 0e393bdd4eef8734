"""The turn: what was heard, in the conversation so far -> what to say, and what to remember.

Deterministic and without Rasa. Each kind of message has one function below; `respond` only chooses.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from penbot.dialogue import aftercare, faq, form, handoff, opened
from penbot.dialogue.context import (
    DESCRIBED,
    OUT_OF_SCOPE,
    asks,
    asks_where,
    asks_who_may_use,
    follow_up,
    in_context,
    only_names,
    rather_in_scope,
    refers_back,
    settled,
)
from penbot.dialogue.heard import Heard
from penbot.dialogue.naming import Products, meant_products, named_products
from penbot.dialogue.state import Pending, State
from penbot.dialogue.turn import Office, Turn
from penbot.knowledge import Answer, Button, Knowledge, Subject
from penbot.knowledge.answer import about_facet, about_product, about_subject
from penbot.knowledge.model import PRODUCT, SPHERE, SUPPORT, Facet, SmallTalk
from penbot.language.durations import hours_mentioned
from penbot.language.ordinals import place_in
from penbot.language.text import has_words, words

SUGGESTIONS = 3
SUGGESTED_FROM = 0.02
ANSWERED_AT_ONCE = 3
LIKELY_FACET = 0.1
UNSURE_FACET, UNSURE_REQUEST = 0.6, 0.2  # set on held-out phrases that name a product: docs/decisoes/005
_LONGEST_YES = 6  # words
SURELY_OUT = 0.5  # below, a message is rather taken for not understood: there is something to offer


def respond(heard: Heard, state: State, knowledge: Knowledge, office: Office) -> Turn:
    """The reply to one message. Always says something."""
    first = opened.news(knowledge, office)
    if state.drafting and state.form is None:
        first.append(Answer(knowledge.say("rascunho_expirou")))
    turn = _turn(heard, state, knowledge, office)
    return replace(turn, answers=(*first, *turn.answers))


def _turn(heard: Heard, state: State, knowledge: Knowledge, office: Office) -> Turn:
    if state.form is None and state.aftercare is None:
        return _reply(heard, state, knowledge, office)
    if not heard.pressed and not has_words(heard.text):
        turn = None
    elif state.form:
        turn = form.hear(rather_in_scope(heard), state, knowledge, office)
    else:
        turn = aftercare.hear(heard, state, knowledge, office)
    if turn:
        return turn
    aside = _reply(heard, state.about(form=None), knowledge, office)
    return _back_to_the_form(aside, state, knowledge) if state.form else aside


def _back_to_the_form(aside: Turn, state: State, knowledge: Knowledge) -> Turn:
    """What was asked in passing is answered; the ticket goes on where it was."""
    if aside.state == State():  # starting over
        return aside
    answers = faq.in_passing(aside.answers, knowledge)
    return Turn((*answers, form.again(state, knowledge)), state.about(question=aside.state.question))


def _reply(heard: Heard, state: State, knowledge: Knowledge, office: Office) -> Turn:
    """The reply where no ticket is being filled in."""
    if not heard.pressed and not has_words(heard.text):
        return _wordless(heard, state, knowledge)
    heard = in_context(heard, state, knowledge)
    state = settled(heard, state, knowledge)
    if turn := faq.followed(heard, state, knowledge):
        return turn
    state = state.about(shown=(), further=())
    if turn := faq.answered(heard, state, knowledge):
        return turn
    if heard.intent in aftercare.INTENTS:
        return aftercare.begin(heard, state, knowledge, office)
    turn = _understand(heard, state, knowledge)
    turn = turn if turn.answers else _not_understood(heard, state, knowledge)
    return faq.alongside(turn, heard, state, knowledge)


def _understand(heard: Heard, state: State, knowledge: Knowledge) -> Turn:
    if state.pending and (turn := _chosen(heard, state, knowledge)):
        return turn
    if not heard.pressed and only_names(heard):
        return _named(heard, state, knowledge)
    entry = follow_up(heard, state, knowledge) or knowledge.by_intent.get(heard.intent)
    if isinstance(entry, Subject):
        return _subject(entry, heard, state, knowledge)
    if isinstance(entry, Facet):
        return _unsure(heard, state, knowledge, UNSURE_FACET) or _facet(entry, heard, state, knowledge)
    if isinstance(entry, SmallTalk):
        return _small_talk(entry, state, knowledge)
    if heard.intent == "solicitar_acesso" and asks_who_may_use(heard):
        return _facet(knowledge.facets["disponivel_para"], heard, state, knowledge)
    if heard.intent in knowledge.support_types:
        return _unsure(heard, state, knowledge, UNSURE_REQUEST) or _ticket(heard, state, knowledge)
    move = _MOVES.get(heard.intent)
    return move(heard, state, knowledge) if move else Turn((), state)


# --- questions ---------------------------------------------------------------


def _subject(subject: Subject, heard: Heard, state: State, knowledge: Knowledge) -> Turn:
    meant = named_products(heard, knowledge) or (state.product and refers_back(heard.text))
    if subject.com_produto and meant and not heard.pressed:
        return _facet(_facet_instead(subject, heard, knowledge), heard, state, knowledge)
    answer = about_subject(subject, knowledge, hours_mentioned(heard.text))
    state = _understood(state, subject.intent)
    return _offer(answer, state, knowledge) if subject.oferece_chamado else Turn((answer,), state)


def _facet_instead(subject: Subject, heard: Heard, knowledge: Knowledge) -> Facet:
    """What is asked of the product named, where the subject speaks of products in general."""
    by_intent = {facet.intent: facet for facet in knowledge.facets.values()}
    likely = [by_intent[g.name] for g in heard.ranking if g.name in by_intent and g.confidence >= LIKELY_FACET]
    return likely[0] if likely else knowledge.facets[subject.com_produto]


def _facet(facet: Facet, heard: Heard, state: State, knowledge: Knowledge) -> Turn:
    channel = next((id_ for id_ in heard.named("canal") if f"{id_}.{facet.id}" in knowledge.subjects), None)
    if channel and not named_products(heard, knowledge):
        return _subject(knowledge.subjects[f"{channel}.{facet.id}"], heard, state, knowledge)
    products = meant_products(heard, knowledge) or _spoken_of(state)
    if not products and facet.id in knowledge.general:
        return _subject(knowledge.general[facet.id], heard, state, knowledge)
    if not products.ids:
        return _which(facet.intent, products.candidates, heard, state, knowledge)
    asked = [*heard.named(SPHERE), *heard.named(SUPPORT)]
    answers = tuple(
        about_facet(facet, knowledge.products[id_], knowledge, asked) for id_ in products.ids[:ANSWERED_AT_ONCE]
    )
    if len(answers) > 1:  # the buttons of several answers would be a wall
        answers = tuple(Answer(a.text, (), a.custom) for a in answers)
    return Turn(answers, _understood(state, facet.intent).about(produto=products.ids))


def _spoken_of(state: State) -> Products:
    """The product of the conversation so far, or its candidates."""
    return Products(state.produto) if state.product else Products(candidates=state.produto)


def _is_request(intent: str | None, knowledge: Knowledge) -> bool:
    return intent in knowledge.support_types or intent == "abrir_chamado"


def _which(intent: str, candidates: tuple[str, ...], heard: Heard, state: State, knowledge: Knowledge) -> Turn:
    """Ask which product is meant; the question is answered once it is chosen."""
    options = candidates or tuple(knowledge.products)
    kept = {SPHERE: state.esfera} if state.esfera and heard.named(SPHERE) else {}
    buttons = tuple(Button(knowledge.products[id_].nome, intent, {"produto": id_, **kept}) for id_ in options)
    text = knowledge.say("qual_destes" if candidates else "qual_produto")
    custom = {"type": "clarify", "options": list(options)}
    state = _understood(state, state.question).about(produto=candidates, pending=Pending(intent, options))
    return Turn((Answer(text, buttons, custom),), state)


def _chosen(heard: Heard, state: State, knowledge: Knowledge) -> Turn | None:
    """The answer to 'which one?': a name that fits one of the options, or several of them still."""
    pending = state.pending
    if pending and not heard.pressed and (place := place_in(heard.text, len(pending.options))) is not None:
        fitting = pending.options[place : place + 1]
        state = state.about(produto=fitting, pending=None)
        return _again(pending.intent, heard.deciding(PRODUCT, fitting), state, knowledge)
    if pending is None or heard.pressed or not (only_names(heard) or heard.intent in ("nomear", "corrigir", "afirmar")):
        return None
    named = named_products(heard, knowledge)
    fitting = tuple(id_ for id_ in pending.options if id_ in (named.ids or named.candidates))
    if not fitting:
        return None
    if len(fitting) > 1:
        return _which(pending.intent, fitting, heard, state, knowledge)
    state = state.about(produto=fitting, pending=None)
    return _again(pending.intent, heard.deciding(PRODUCT, fitting), state, knowledge)


def _again(intent: str, heard: Heard, state: State, knowledge: Knowledge) -> Turn:
    """Take up a question or a request anew, now that the product is known."""
    entry = knowledge.by_intent.get(intent)
    if isinstance(entry, Facet):
        return _facet(entry, heard, state, knowledge)
    if _is_request(intent, knowledge):
        return _ticket(heard, state, knowledge)
    return _overview(state, knowledge)


def _overview(state: State, knowledge: Knowledge) -> Turn:
    facet = knowledge.facets["o_que_e"]
    answers = tuple(about_facet(facet, knowledge.products[id_], knowledge) for id_ in state.produto)
    return Turn(answers, _understood(state, facet.intent))


def _what_we_know(ids: tuple[str, ...], heard: Heard, state: State, knowledge: Knowledge) -> Turn:
    """A question on a product that no entry answers: what it is and is for, and the way to a person."""
    answers = tuple(about_product(knowledge.products[id_], knowledge) for id_ in ids[:ANSWERED_AT_ONCE])
    state = _understood(state, "registrar_duvida").about(produto=ids, offered=True)
    return Turn(answers, state.about(told=handoff.told_in(heard, knowledge)))


def _unsure(heard: Heard, state: State, knowledge: Knowledge, limit: float) -> Turn | None:
    """A product is named, but what is asked of it is hardly clear: what we know of it."""
    ids = named_products(heard, knowledge).ids
    if heard.pressed or not ids or heard.ranking[0].confidence >= limit:
        return None
    turn = _what_we_know(ids, heard, state, knowledge)
    asked = heard.intent if heard.intent in knowledge.support_types else state.tipo_suporte
    return Turn(turn.answers, turn.state.about(tipo_suporte=asked))


def _described(heard: Heard, state: State, knowledge: Knowledge) -> Turn:
    """A product told by what it does: name it, and say what we know of it."""
    products = meant_products(heard, knowledge)
    if products.ids:
        return _what_we_know(products.ids, heard, state, knowledge)
    return _which("perguntar_o_que_e", products.candidates, heard, state, knowledge) if products else Turn((), state)


def _named(heard: Heard, state: State, knowledge: Knowledge) -> Turn:
    """Only names: 'o WSSEI', 'da prefeitura'. What was asked before is asked of them."""
    if heard.named(SUPPORT):
        return _ticket(heard, state, knowledge)
    products = named_products(heard, knowledge)
    before = knowledge.by_intent.get(state.question or "")
    if products.candidates:
        intent = state.question if isinstance(before, Facet) and state.question else "perguntar_o_que_e"
        return _which(intent, products.candidates, heard, state, knowledge)
    if products.ids:
        state = state.about(produto=products.ids)
        if state.question and isinstance(before, Facet):
            return _facet(before, heard, state, knowledge)
        if _is_request(state.question, knowledge):
            return _ticket(heard, state, knowledge)
        return _overview(state, knowledge)
    channel = next(iter(heard.named("canal")), None)
    if channel:
        subject = knowledge.subjects.get(f"{channel}.o_que_e")
        return _subject(subject, heard, state, knowledge) if subject else Turn((), state)
    if heard.named(SPHERE):
        if _is_request(state.question, knowledge):
            return _ticket(heard, state, knowledge)
        if state.produto:
            return _facet(knowledge.facets["disponivel_para"], heard, state, knowledge)
    return Turn((), state)


# --- requests ----------------------------------------------------------------


def _ticket(heard: Heard, state: State, knowledge: Knowledge) -> Turn:
    if where := _where_to_ask(heard, knowledge):
        return _subject(where, heard, state, knowledge)
    products = meant_products(heard, knowledge, problem=True) or _spoken_of(state)
    state = state.about(produto=products.ids or products.candidates)
    support_type = handoff.support_type(heard, state, knowledge)
    state = state.about(tipo_suporte=support_type)
    if products.ids and heard.intent == support_type == "registrar_duvida" and not _asks_for_a_ticket(heard):
        return _what_we_know(products.ids, heard, state, knowledge)
    drafts = handoff.drafts(heard, products, state, knowledge)
    refusals = tuple(filter(None, (handoff.unavailable(draft, knowledge) for draft in drafts)))
    drafts = [draft for draft in drafts if handoff.unavailable(draft, knowledge) is None]
    if not drafts:
        return Turn(refusals, _understood(state, support_type or "abrir_chamado"))
    turn = form.begin(drafts, _understood(state, support_type or "abrir_chamado"), knowledge)
    return replace(turn, answers=(*refusals, *turn.answers))


def _asks_for_a_ticket(heard: Heard) -> bool:
    """Whether a doubt is to become a ticket, in so many words or by button: then it is not answered first."""
    return heard.pressed or bool(heard.named(SUPPORT))


def _where_to_ask(heard: Heard, knowledge: Knowledge) -> Subject | None:
    """The subject that answers 'where do I ask for X?' when no product is named."""
    if heard.pressed or not asks_where(heard.text) or named_products(heard, knowledge):
        return None
    return knowledge.general.get(heard.intent)


def _correct(heard: Heard, state: State, knowledge: Knowledge) -> Turn:
    """'não, eu quis dizer o módulo': the last question again, about what is named now."""
    products = named_products(heard, knowledge)
    if products.candidates and state.produto:
        before = tuple(id_ for id_ in products.candidates if id_ in state.produto)
        products = Products(before) if len(before) == 1 and len(state.produto) > 1 else products
    question = state.question or "perguntar_o_que_e"
    if products.candidates:
        return _which(question, products.candidates, heard, state, knowledge)
    if products.ids:
        decided = heard.deciding(PRODUCT, products.ids)
        return _again(question, decided, state.about(produto=products.ids), knowledge)
    if heard.named(SPHERE) or heard.named(SUPPORT):
        return _again(question, heard, state, knowledge)
    return Turn((Answer(knowledge.say("o_que_corrigir")),), _understood(state, state.question))


# --- moves -------------------------------------------------------------------


def _small_talk(talk: SmallTalk, state: State, knowledge: Knowledge) -> Turn:
    if talk.id == "recomecar":
        return Turn((Answer(talk.resposta),), State())
    if talk.id == "nao_ajudou":
        return _offer(Answer(talk.resposta), state, knowledge)
    custom = {"type": "fallback"} if talk.fora_do_escopo else None
    return Turn((Answer(talk.resposta, custom=custom),), _understood(state, state.question))


def _offer(answer: Answer, state: State, knowledge: Knowledge, custom: dict[str, str] | None = None) -> Turn:
    """Say it, and offer a ticket: never a dead end."""
    buttons = (Button(knowledge.say("botao_abrir_chamado"), "abrir_chamado"), *answer.buttons)
    return Turn((Answer(answer.text, buttons, custom or answer.custom),), state.about(offered=True, pending=None))


def _yes(heard: Heard, state: State, knowledge: Knowledge) -> Turn:
    if state.offered:
        return _ticket(heard, state.about(offered=False), knowledge)
    if _too_much_for_a_yes(heard):
        return Turn((), state)
    return Turn((Answer(knowledge.say("sim_para_que")),), _understood(state, state.question))


def _too_much_for_a_yes(heard: Heard) -> bool:
    """A question or a long message is no yes to nothing, whatever it resembles."""
    return not heard.pressed and (asks(heard.text) or len(words(heard.text)) > _LONGEST_YES)


def _no(heard: Heard, state: State, knowledge: Knowledge) -> Turn:
    if not state.offered and _too_much_for_a_yes(heard):
        return Turn((), state)
    return Turn((Answer(knowledge.say("tudo_bem")),), _understood(state, state.question))


def _cancel(heard: Heard, state: State, knowledge: Knowledge) -> Turn:
    kept = _understood(state, None).about(tipo_suporte=None)
    return Turn((Answer(knowledge.say("cancelado")),), kept)


# --- not understood ----------------------------------------------------------


def _wordless(heard: Heard, state: State, knowledge: Knowledge) -> Turn:
    """Emoji, punctuation, nothing: an emoji may be a courtesy, the rest asks for words."""
    signs = set(heard.text)
    for talk in knowledge.small_talk.values():
        if signs & {sign for text in talk.perguntas if not has_words(text) for sign in text if ord(sign) > 0x2000}:
            return _small_talk(talk, state, knowledge)
    return Turn((Answer(knowledge.say("sem_palavras"), custom={"type": "fallback"}),), state)


def _out_of_scope(heard: Heard, state: State, knowledge: Knowledge) -> Turn:
    if heard.ranking[0].confidence < SURELY_OUT:
        return _not_understood(heard, state, knowledge)
    answer = Answer(knowledge.say("fora_do_escopo"), custom={"type": "fallback"})
    state = state.about(misses=state.misses + 1, pending=None, offered=False)
    return _offer(answer, state, knowledge) if state.misses > 1 else Turn((answer,), state)


def _not_understood(heard: Heard, state: State, knowledge: Knowledge) -> Turn:
    if ids := named_products(heard, knowledge).ids:
        return _what_we_know(ids, heard, state, knowledge)
    custom = {"type": "fallback"}
    state = state.about(misses=state.misses + 1, pending=None, offered=False)
    if state.misses > 1:
        return _offer(Answer(knowledge.say("oferecer_chamado")), state, knowledge, custom)
    buttons = tuple(
        Button(entry.titulo, guess.name)
        for guess in heard.ranking
        if guess.confidence >= SUGGESTED_FROM and isinstance(entry := knowledge.by_intent.get(guess.name), Subject)
    )[:SUGGESTIONS]
    if not buttons:
        return Turn((Answer(knowledge.say("nao_entendi"), custom=custom),), state)
    none = Button(knowledge.say("botao_nenhuma"), "negar")
    return Turn((Answer(knowledge.say("nao_entendi_sera"), (*buttons, none), custom),), state)


def _understood(state: State, question: str | None) -> State:
    return state.about(question=question, pending=None, misses=0, offered=False, told="")


Move = Callable[[Heard, State, Knowledge], Turn]
_MOVES: dict[str, Move] = {
    "abrir_chamado": _ticket,
    "afirmar": _yes,
    "negar": _no,
    "cancelar": _cancel,
    "corrigir": _correct,
    "nomear": _named,
    DESCRIBED: _described,
    OUT_OF_SCOPE: _out_of_scope,
}
