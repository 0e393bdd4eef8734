"""A ticket, asked for step by step: the questions, the answers, the summary, the ways out.

`hear` takes a message while a ticket is being filled in; it gives None for what is no business of the
form (a question asked in passing), which `respond` then answers before it asks the form's question again.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from penbot.dialogue import faq, fields, handoff, opened
from penbot.dialogue.changes import change_wanted, says_changes
from penbot.dialogue.context import asks
from penbot.dialogue.fields import ATTRIBUTES, CONTACT, FIELDS
from penbot.dialogue.heard import Heard, pressed
from penbot.dialogue.naming import named_products
from penbot.dialogue.state import Form, State
from penbot.dialogue.summary import shown_fields, summary
from penbot.dialogue.turn import Office, Turn
from penbot.knowledge import Answer, Button, Knowledge
from penbot.knowledge.answer import SHOW, bullets
from penbot.knowledge.model import SUPPORT, SmallTalk
from penbot.language.ordinals import place_in
from penbot.language.personal import cpfs, mask_cpf
from penbot.language.text import fold, words
from penbot.ticketing.draft import Draft, needed, same_requester, ticket
from penbot.ticketing.offer import Refusal

SUMMARY, CHANGE, CPF, DUPLICATE, NEXT = "resumo", "alterar", "cpf", "duplicado", "proximo"
_FREE = ("descricao", "contato", "assunto", *CONTACT)  # fields whose answer may be any text
_OTHER_TICKETS = ("consultar_chamado", "reabrir_chamado")
_PASSING, _PASSING_IN_FREE = 0.4, 0.6  # how sure a question asked in passing must be
_LONGEST_PASSING = 25  # words
_LONGEST_CANCEL = 8
_SURE_REQUEST = 0.5


# --- beginning ---------------------------------------------------------------


def begin(drafts: Sequence[Draft], state: State, knowledge: Knowledge) -> Turn:
    """Start filling in the first of these; the others wait."""
    first, waiting = drafts[0], tuple(drafts[1:])
    if waiting:
        lines = bullets([wish(draft, knowledge) for draft in drafts])
        opening = knowledge.say("dois_chamados", pedidos=lines)
    else:
        opening = knowledge.say("comecar_chamado", pedido=wish(first, knowledge)) if first.product else ""
    return _with(opening, _go_on(Form(first, waiting=waiting), state, knowledge))


def wish(draft: Draft, knowledge: Knowledge) -> str:
    """A draft in a few words: «Reportar um erro: SEI»."""
    type_ = knowledge.support_types.get(draft.support_type or "")
    product = knowledge.products.get(draft.product or "")
    if product is None:
        return knowledge.say("pedido_curto_sem_produto", tipo=type_.nome if type_ else "Chamado")
    if type_ is None:
        return knowledge.say("pedido_curto_sem_tipo", item=product.nome)
    return knowledge.say("pedido_curto", tipo=type_.nome, item=product.nome)


# --- a message ---------------------------------------------------------------


def hear(heard: Heard, state: State, knowledge: Knowledge, office: Office) -> Turn | None:
    """The turn of a message while a ticket is being filled in; None if it asks something in passing."""
    form = state.form
    assert form is not None
    heard = _as_button(heard, form, knowledge)
    if _cancels(heard, form):
        return _cancelled(form, state, knowledge)
    if form.asking in _STEPS:
        turn = _STEPS[form.asking](heard, form, state, knowledge, office)
        if turn is not None:
            return turn
    if turn := _another_request(heard, form, state, knowledge):
        return turn
    if turn := _changed(heard, form, state, knowledge):
        return turn
    if _in_passing(heard, form, knowledge):
        return None
    if heard.intent in _OTHER_TICKETS and form.asking not in _FREE and heard.ranking[0].confidence >= _PASSING_IN_FREE:
        return _with(knowledge.say("termine_antes"), _ask_again(form, state, knowledge))
    if form.asking in _STEPS:
        return _not_understood(form, state, knowledge)
    read = fields.read(form.asking, heard, _for_reading(form), knowledge)
    return _taken(read, form, state, knowledge) if read else _not_understood(form, state, knowledge)


def _as_button(heard: Heard, form: Form, knowledge: Knowledge) -> Heard:
    """Who types a button's title, or 'o segundo', presses it."""
    if heard.pressed or form.asking in (*_FREE, "versao"):
        return heard
    buttons = _question(form, knowledge).buttons
    titled = next((n for n, button in enumerate(buttons) if fold(button.title) == fold(heard.text).strip(" .!")), None)
    place = place_in(heard.text, len(buttons)) if titled is None else titled
    return heard if place is None else pressed(buttons[place])


def again(state: State, knowledge: Knowledge) -> Answer:
    """The question that waits for an answer, once more: after something said in passing."""
    assert state.form is not None
    answer = _question(state.form, knowledge)
    return replace(answer, text=f"{knowledge.say('de_volta_ao_chamado')} {answer.text}")


def _for_reading(form: Form) -> Draft:
    return form.draft.with_(told="") if form.changing and form.asking == "descricao" else form.draft


def _taken(read: fields.Read, form: Form, state: State, knowledge: Knowledge) -> Turn:
    """An answer read: say what is wrong with it, or go on."""
    if read.refused:
        return _refused(read, form, state, knowledge)
    form = replace(form, draft=read.draft, misses=0)
    if read.problem:
        return _with(read.problem, _ask_again(form, state, knowledge))
    done = knowledge.say("alterado", campo=_title(form.asking, knowledge)) if form.changing else ""
    return _with("\n".join(filter(None, (read.notice, done))), _go_on(form, state, knowledge))


def _refused(read: fields.Read, form: Form, state: State, knowledge: Knowledge) -> Turn:
    """Not offered: say why and what is. What was filled in stays, but for the value that does not fit."""
    refused: Refusal = read.refused  # type: ignore[assignment]
    product_changed = read.draft.product != form.draft.product
    product = knowledge.products[read.draft.product or ""]
    wanted = {"esfera": state.esfera, "tipo_suporte": state.tipo_suporte}
    if product_changed:
        wanted = {"esfera": form.draft.sphere, "tipo_suporte": form.draft.support_type}
    answer = handoff.refused(product, refused, wanted[refused.field], knowledge)
    form = replace(form, draft=read.draft, asking=refused.field, misses=0)
    return Turn((_way_out(answer, knowledge),), _at(form, state))


def _go_on(form: Form, state: State, knowledge: Knowledge) -> Turn:
    """Ask for what is missing next, or show the summary."""
    draft = form.draft
    missing = needed(draft, knowledge)
    if missing:
        field = FIELDS[missing[0]]
        asking = "contato" if field in CONTACT else field
    elif cpfs(draft.description) and draft.keep_cpf is None:
        asking = CPF
    else:
        asking = SUMMARY
        if not draft.key:
            draft = opened.numbered(draft)
    return _ask_again(replace(form, draft=draft, asking=asking, changing=False), state, knowledge)


def _ask_again(form: Form, state: State, knowledge: Knowledge) -> Turn:
    return Turn((_question(form, knowledge),), _at(form, state))


def _at(form: Form, state: State) -> State:
    """The conversation is about what the form is about."""
    draft = form.draft
    products = (draft.product,) if draft.product else draft.candidates
    return state.about(
        form=form, produto=products, esfera=draft.sphere, pending=None, misses=0, offered=False,
        tipo_suporte=draft.support_type or draft.likely_type,
    )  # fmt: skip


def _question(form: Form, knowledge: Knowledge) -> Answer:
    if form.asking in _QUESTIONS:
        return _QUESTIONS[form.asking](form, knowledge)
    return _way_out(fields.ask(form.asking, form.draft, knowledge), knowledge)


def _way_out(answer: Answer, knowledge: Knowledge) -> Answer:
    cancel = Button(knowledge.say("botao_cancelar"), "cancelar")
    return replace(answer, buttons=(*answer.buttons, cancel))


def _with(text: str, turn: Turn) -> Turn:
    """Say this first, in the same message."""
    if not text:
        return turn
    first, custom = turn.answers[0], turn.answers[0].custom
    if custom and "brief" in custom:
        custom = {**custom, "brief": f"{text.strip()}\n{custom['brief']}"}
    said = replace(first, text=f"{text.strip()}\n{first.text}", custom=custom)
    return replace(turn, answers=(said, *turn.answers[1:]))


def _title(field: str, knowledge: Knowledge) -> str:
    if field == "contato":
        return ", ".join(knowledge.form_fields[name].titulo for name in CONTACT)
    return knowledge.form_fields[field].titulo


# --- not an answer -----------------------------------------------------------


def _cancels(heard: Heard, form: Form) -> bool:
    if heard.pressed or heard.intent != "cancelar":
        return heard.intent == "cancelar"
    if form.asking == "descricao" and not _SAYS_CANCEL.search(fold(heard.text)):
        return False  # "não abre" may be the problem itself
    return len(words(heard.text)) <= _LONGEST_CANCEL and not says_changes(heard)


_SAYS_CANCEL = re.compile(
    r"\b(cancel|desist|abort|esquec|sair|parar|encerr|mudei de ideia|deixa (pra|para|quieto)|nao quero)"
)


def _cancelled(form: Form, state: State, knowledge: Knowledge) -> Turn:
    if not form.waiting or form.asking == NEXT:
        return Turn((Answer(knowledge.say("chamado_cancelado")),), _closed(state))
    following = same_requester(form.waiting[0], form.draft, knowledge)
    left = Form(following, NEXT, form.waiting[1:])
    return _ask_again(left, state, knowledge)


def _closed(state: State) -> State:
    return state.about(form=None, told="", tipo_suporte=None, question=None, pending=None, offered=False, misses=0)


def _changed(heard: Heard, form: Form, state: State, knowledge: Knowledge) -> Turn | None:
    """A change of what was filled in: by button, in words, or by just naming another product."""
    field = fields.value(heard, "campo") if heard.intent == "corrigir" else None
    if field in ATTRIBUTES:
        return _change(field or "", form, state, knowledge)
    if heard.pressed:
        return None
    wanted = change_wanted(heard, form, knowledge)
    if wanted is None:
        return None
    field, rest = wanted
    changing = replace(form, asking=field, changing=True)
    read = fields.read(field, rest, _for_reading(changing), knowledge) if rest else None
    if read is None or (read.draft == form.draft and not read.refused and not read.problem):
        return _change(field, form, state, knowledge)
    if field == "produto" and read.draft.product:
        state = state.about(produto=(read.draft.product,))
    return _taken(read, changing, _named_in(heard, state), knowledge)


def _named_in(heard: Heard, state: State) -> State:
    """What a change names, for the reason of a refusal."""
    type_ = next(iter(heard.named(SUPPORT)), state.tipo_suporte)
    return state.about(esfera=next(iter(heard.named("esfera")), state.esfera), tipo_suporte=type_)


def _change(field: str, form: Form, state: State, knowledge: Knowledge) -> Turn:
    """Ask for a field anew; what it held stays until there is an answer."""
    draft = form.draft
    if field == "produto":
        draft = draft.with_(candidates=())
    if field == "descricao":
        draft = draft.with_(skipped=tuple(name for name in draft.skipped if name != "details"))
    form = replace(form, draft=draft, asking=field, changing=True, misses=0)
    question = fields.ask(field, _for_reading(form), knowledge)
    text = f"{knowledge.say('novo_valor', campo=_title(field, knowledge))} {question.text}"
    return Turn((_way_out(replace(question, text=text), knowledge),), _at(form, state))


def _another_request(heard: Heard, form: Form, state: State, knowledge: Knowledge) -> Turn | None:
    """Another product's request in the middle of this one: noted, for after it."""
    if form.asking in _FREE or heard.intent not in knowledge.support_types or says_changes(heard):
        return None
    products = named_products(heard, knowledge).ids
    if heard.ranking[0].confidence < _SURE_REQUEST or not products or form.draft.product in products:
        return None
    noted = Draft(product=products[0], support_type=heard.intent, told="" if heard.pressed else heard.text)
    noted = handoff.fitting(noted, heard, knowledge)
    form = replace(form, waiting=(*form.waiting, noted))
    return _with(knowledge.say("anotado_tambem", pedido=wish(noted, knowledge)), _ask_again(form, state, knowledge))


def _in_passing(heard: Heard, form: Form, knowledge: Knowledge) -> bool:
    """Whether a message asks something else, and does not answer the question asked."""
    entry = knowledge.by_intent.get(heard.intent)
    if heard.pressed:
        return entry is not None or heard.intent == SHOW
    sure, question = heard.ranking[0].confidence, asks(heard.text)
    asks_faq = question and faq.how_sure(heard.likely_questions) >= _PASSING_IN_FREE
    if (entry is None and not asks_faq) or _answers_choice(heard, form):
        return False
    if form.asking in _FREE:
        if form.asking == "descricao" and form.draft.support_type == "registrar_duvida" and not _first_of_all(heard):
            return False
        courtesy = isinstance(entry, SmallTalk) and form.asking != "descricao"
        sure_enough = asks_faq or sure >= _PASSING_IN_FREE
        return (question or courtesy) and sure_enough and len(words(heard.text)) <= _LONGEST_PASSING
    return asks_faq or (sure >= _PASSING and (question or isinstance(entry, SmallTalk) or sure >= _PASSING_IN_FREE))


def _first_of_all(heard: Heard) -> bool:
    return re.search(r"\bantes\b", fold(heard.text)) is not None


def _answers_choice(heard: Heard, form: Form) -> bool:
    kind = {"esfera": "esfera", "tipo_suporte": SUPPORT, "produto": "produto"}.get(form.asking)
    return kind is not None and bool(heard.named(kind)) and not asks(heard.text)


def _not_understood(form: Form, state: State, knowledge: Knowledge) -> Turn:
    form = replace(form, misses=form.misses + 1)
    text = knowledge.say("nao_entendi_campo" if form.misses == 1 else "nao_entendi_campo_de_novo")
    turn = _with(text, _ask_again(form, state, knowledge))
    return turn


# --- the steps after the last field ------------------------------------------


def _ask_cpf(form: Form, knowledge: Knowledge) -> Answer:
    yes, no = Button(knowledge.say("botao_cpf_sim"), "afirmar"), Button(knowledge.say("botao_cpf_nao"), "negar")
    return _way_out(Answer(knowledge.say("pergunta_cpf"), (yes, no)), knowledge)


def _hear_cpf(heard: Heard, form: Form, state: State, knowledge: Knowledge, office: Office) -> Turn | None:
    if heard.intent not in ("afirmar", "negar"):
        return None
    draft = form.draft.with_(keep_cpf=heard.intent == "afirmar")
    if not draft.keep_cpf:
        draft = draft.with_(told=mask_cpf(draft.told), details=mask_cpf(draft.details))
    return _go_on(replace(form, draft=draft), state, knowledge)


_DECLINES = re.compile(r"\b(precis\w*|quero|quieto|deixa|desist\w*|obrigad\w*|melhor nao|agora nao)\b")


def _hear_summary(heard: Heard, form: Form, state: State, knowledge: Knowledge, office: Office) -> Turn | None:
    if heard.intent == "afirmar":
        return _confirm(form, state, knowledge, office)
    if heard.intent == "corrigir" and not _says_what(heard, form, knowledge):
        return _ask_again(replace(form, asking=CHANGE), state, knowledge)
    if heard.intent not in ("negar", "nao_sei_opcional", "conversa_nao_ajudou"):
        return None
    if _DECLINES.search(fold(heard.text)):
        return _cancelled(form, state, knowledge)
    return _ask_again(replace(form, asking=CHANGE), state, knowledge)


def _says_what(heard: Heard, form: Form, knowledge: Knowledge) -> bool:
    """Whether a wish to change something names what."""
    return bool(fields.value(heard, "campo") if heard.pressed else change_wanted(heard, form, knowledge))


def _ask_change(form: Form, knowledge: Knowledge) -> Answer:
    buttons = [
        Button(knowledge.say("botao_alterar_campo", campo=title), "corrigir", {"campo": field})
        for field, title, _ in shown_fields(form.draft, knowledge)
    ]
    return _way_out(Answer(knowledge.say("o_que_alterar"), tuple(buttons)), knowledge)


def _hear_change(heard: Heard, form: Form, state: State, knowledge: Knowledge, office: Office) -> Turn | None:
    named = knowledge.field_words.mentions(heard.text) if not heard.pressed else []
    if named:
        return _change(named[0].ids[0], form, state, knowledge)
    if heard.intent in ("negar", "afirmar", "nao_sei_opcional"):
        return _ask_again(replace(form, asking=SUMMARY), state, knowledge)
    return None


def _confirm(form: Form, state: State, knowledge: Knowledge, office: Office) -> Turn:
    draft = form.draft
    description = draft.description if draft.keep_cpf else mask_cpf(draft.description)
    wanted = ticket(draft, knowledge, description)
    if office.tickets is None:
        return _after(opened.portal(wanted, knowledge), form, state, knowledge)
    if not draft.duplicate_seen and (like := office.tickets.alike(wanted)):
        form = replace(form, draft=draft.with_(duplicate_seen=True), asking=DUPLICATE)
        return Turn((opened.duplicate(like, knowledge, office.clock()),), _at(form, state))
    answer = opened.confirm(wanted, knowledge, office)
    if answer is None:
        return _with(knowledge.say("nao_registrado"), _ask_again(form, state, knowledge))
    return _after(answer, form, state, knowledge)


def _after(answer: Answer, form: Form, state: State, knowledge: Knowledge) -> Turn:
    """One ticket is done; the next one, if any waits."""
    if not form.waiting:
        return Turn((answer,), _closed(state))
    following = same_requester(form.waiting[0], form.draft, knowledge)
    text = knowledge.say("proximo_chamado", pedido=wish(following, knowledge))
    turn = _with(text, _go_on(Form(following, waiting=form.waiting[1:]), _closed(state), knowledge))
    return replace(turn, answers=(answer, *turn.answers))


def _hear_duplicate(heard: Heard, form: Form, state: State, knowledge: Knowledge, office: Office) -> Turn | None:
    if heard.intent == "afirmar" or fields.value(heard, "valor") == "complementar":
        draft = form.draft
        wanted = ticket(draft, knowledge, draft.description if draft.keep_cpf else mask_cpf(draft.description))
        answer = opened.complement(wanted, knowledge, office)
        return _after(answer, form, state, knowledge) if answer else _confirm(form, state, knowledge, office)
    if heard.intent == "negar" or fields.value(heard, "valor") == "outro":
        return _confirm(form, state, knowledge, office)
    return None


def _ask_duplicate(form: Form, knowledge: Knowledge) -> Answer:
    return opened.duplicate_choice(knowledge)


def _ask_next(form: Form, knowledge: Knowledge) -> Answer:
    text = knowledge.say("chamado_cancelado_ha_outro", pedido=wish(form.draft, knowledge))
    return Answer(text, (Button("Sim", "afirmar"), Button("Não", "negar")))


def _hear_next(heard: Heard, form: Form, state: State, knowledge: Knowledge, office: Office) -> Turn | None:
    if heard.intent == "afirmar":
        return begin((form.draft, *form.waiting), state, knowledge)
    if heard.intent == "negar":
        return Turn((Answer(knowledge.say("chamado_cancelado")),), _closed(state))
    return None


def _ask_summary(form: Form, knowledge: Knowledge) -> Answer:
    return _way_out(summary(form, knowledge), knowledge)


_QUESTIONS = {SUMMARY: _ask_summary, CHANGE: _ask_change, CPF: _ask_cpf, DUPLICATE: _ask_duplicate, NEXT: _ask_next}
_STEPS = {
    SUMMARY: _hear_summary,
    CHANGE: _hear_change,
    CPF: _hear_cpf,
    DUPLICATE: _hear_duplicate,
    NEXT: _hear_next,
}
