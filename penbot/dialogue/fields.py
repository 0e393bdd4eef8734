"""The fields of a ticket as a conversation: how each is asked, and how an answer to it is read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from penbot.dialogue import handoff
from penbot.dialogue.heard import Heard
from penbot.dialogue.naming import meant_products, named_products
from penbot.dialogue.state import State
from penbot.knowledge import Answer, Button, Knowledge, Product
from penbot.knowledge.answer import bullets
from penbot.knowledge.model import PRODUCT, SPHERE, SUPPORT
from penbot.language.particulars import ENVIRONMENTS, environment_in
from penbot.language.personal import first_email, is_email
from penbot.language.text import has_words, words
from penbot.ticketing.contact import clean_name, clean_organ, contact_in, likely_sphere
from penbot.ticketing.draft import LONGEST_DESCRIPTION, LONGEST_SUBJECT, Draft, about
from penbot.ticketing.offer import Refusal, refusal

PASSED = ("nao_sei_opcional", "negar")
"""Intents that pass an optional question over."""

ATTRIBUTES = {
    "produto": "product",
    "tipo_suporte": "support_type",
    "esfera": "sphere",
    "assunto": "subject",
    "descricao": "details",
    "ambiente": "environment",
    "versao": "version",
    "nome": "name",
    "email": "email",
    "orgao": "organ",
}
FIELDS = {attribute: field for field, attribute in ATTRIBUTES.items()}
CONTACT = ("nome", "email", "orgao")
_SHORT_ANSWER = 60  # characters of a version or an environment
_LONGEST_NAME = 120
_LIKELY_TYPE = 0.3
_FEW_WORDS = 3


@dataclass(frozen=True)
class Read:
    """An answer as it was read: the draft with it, or what is wrong with it."""

    draft: Draft
    problem: str = ""
    refused: Refusal | None = None
    notice: str = ""


def ask(field: str, draft: Draft, knowledge: Knowledge) -> Answer:
    """The question for a field, without the way out."""
    return _ASK[field](draft, knowledge)


def read(field: str, heard: Heard, draft: Draft, knowledge: Knowledge) -> Read | None:
    """What a message answers to the question for a field; None where it does not answer it."""
    return _READ[field](heard, draft, knowledge)


def value(heard: Heard, kind: str) -> str | None:
    """What a button of ours carries under this name."""
    return next((m.ids[0] for m in heard.mentions if m.kind == kind), None) if heard.pressed else None


def _choice(title: str, field: str, id_: str) -> Button:
    return Button(title, "nomear", {"campo": field, "valor": id_})


def _skip(draft: Draft, field: str) -> Draft:
    return draft.with_(skipped=tuple(dict.fromkeys((*draft.skipped, ATTRIBUTES[field]))))


# --- product -----------------------------------------------------------------


def _ask_product(draft: Draft, knowledge: Knowledge) -> Answer:
    options = draft.candidates or tuple(knowledge.products)
    buttons = tuple(Button(knowledge.products[id_].nome, "nomear", {PRODUCT: id_}) for id_ in options)
    text = knowledge.say("qual_destes" if draft.candidates else "qual_produto")
    return Answer(text, buttons, {"type": "clarify", "options": list(options)})


def _read_product(heard: Heard, draft: Draft, knowledge: Knowledge) -> Read | None:
    found = named_products(heard, knowledge) or meant_products(heard, knowledge, problem=True)
    named = found.ids or found.candidates
    fitting = tuple(id_ for id_ in named if id_ in draft.candidates) or named
    if len(fitting) > 1:
        return Read(draft.with_(candidates=fitting))
    return for_product(draft, knowledge.products[fitting[0]], knowledge) if fitting else None


def for_product(draft: Draft, product: Product, knowledge: Knowledge) -> Read:
    """The draft for this product. Where it does not offer the type: the one that stands for it, or why not."""
    wanted = knowledge.support_types.get(draft.support_type or "")
    if wanted and wanted.id not in product.suporte and wanted.vale_por in product.suporte:
        draft = draft.with_(support_type=wanted.vale_por)
    return Read(about(draft, product), refused=refusal(product, draft.sphere, draft.support_type))


# --- support type and sphere -------------------------------------------------


def _product(draft: Draft, knowledge: Knowledge) -> Product:
    return knowledge.products[draft.product or ""]


def _ask_type(draft: Draft, knowledge: Knowledge) -> Answer:
    buttons = tuple(
        Button(knowledge.support_types[id_].nome, "nomear", {SUPPORT: id_})
        for id_ in _product(draft, knowledge).suporte
    )
    return Answer(knowledge.say("pergunta_tipo_suporte"), buttons)


def _read_type(heard: Heard, draft: Draft, knowledge: Knowledge) -> Read | None:
    sure = heard.intent in knowledge.support_types and heard.ranking[0].confidence >= _LIKELY_TYPE
    if not heard.named(SUPPORT) and not sure:
        return None
    type_ = handoff.support_type(heard, State(produto=(draft.product or "",)), knowledge)
    refused = refusal(_product(draft, knowledge), None, type_)
    return Read(draft, refused=refused) if refused else Read(draft.with_(support_type=type_))


def _ask_sphere(draft: Draft, knowledge: Knowledge) -> Answer:
    offered = _product(draft, knowledge).disponivel_para
    likely = likely_sphere(draft.email, draft.organ, knowledge)
    buttons = [Button(knowledge.spheres[id_].nome, "nomear", {SPHERE: id_}) for id_ in offered]
    if likely not in offered:
        return Answer(knowledge.say("pergunta_esfera"), tuple(buttons))
    name = knowledge.spheres[likely].nome
    yes = Button(knowledge.say("botao_esfera_sim", esfera=name), "nomear", {SPHERE: likely})
    others = [button for button in buttons if button.entities[SPHERE] != likely]
    return Answer(knowledge.say("pergunta_esfera_proposta", esfera=name), (yes, *others))


def _read_sphere(heard: Heard, draft: Draft, knowledge: Knowledge) -> Read | None:
    named = heard.named(SPHERE)
    proposed = likely_sphere(draft.email, draft.organ, knowledge)
    if not named and heard.intent == "afirmar" and proposed:
        named = [proposed]
    if len(named) != 1:
        return None
    refused = refusal(_product(draft, knowledge), named[0], None)
    return Read(draft, refused=refused) if refused else Read(draft.with_(sphere=named[0]))


# --- what happened -----------------------------------------------------------


def _ask_details(draft: Draft, knowledge: Knowledge) -> Answer:
    product, type_ = _product(draft, knowledge), knowledge.support_types[draft.support_type or ""]
    items = product.evidencias.get(type_.id) or type_.evidencias
    evidence = knowledge.say("evidencias", itens=bullets(items)) if items else ""
    if not draft.told:
        return Answer(knowledge.lines("pergunta_descricao", evidencias=evidence))
    skip = Button(knowledge.say("botao_nada_a_acrescentar"), "nao_sei_opcional")
    return Answer(knowledge.lines("pergunta_detalhes", evidencias=evidence), (skip,))


def _read_details(heard: Heard, draft: Draft, knowledge: Knowledge) -> Read | None:
    passes = heard.intent in (*PASSED, "afirmar") and len(words(heard.text)) <= 2 * _FEW_WORDS
    if draft.told and (heard.pressed or passes):
        return Read(_skip(draft, "descricao"))
    if heard.pressed:
        return None
    if len(words(heard.text)) < 2:
        return Read(draft, knowledge.say("descricao_curta"))
    text = heard.text[:LONGEST_DESCRIPTION]
    cut = len(heard.text) > LONGEST_DESCRIPTION
    notice = knowledge.say("descricao_cortada", limite=LONGEST_DESCRIPTION) if cut else ""
    return Read(draft.with_(details=text), notice=notice)


def environment_name(id_: str, knowledge: Knowledge) -> str:
    return knowledge.say(f"botao_{id_}") if id_ in ENVIRONMENTS else id_


def _ask_environment(draft: Draft, knowledge: Knowledge) -> Answer:
    buttons = [_choice(knowledge.say(f"botao_{id_}"), "ambiente", id_) for id_ in ENVIRONMENTS]
    unknown = Button(knowledge.say("botao_nao_sei"), "nao_sei_opcional")
    return Answer(knowledge.say("pergunta_ambiente"), (*buttons, unknown))


def _read_environment(heard: Heard, draft: Draft, knowledge: Knowledge) -> Read | None:
    found = value(heard, "valor") or environment_in(heard.text)
    if found:
        return Read(draft.with_(environment=found))
    return Read(_skip(draft, "ambiente")) if heard.intent in PASSED else None


def _ask_version(draft: Draft, knowledge: Knowledge) -> Answer:
    return Answer(knowledge.say("pergunta_versao"), (Button(knowledge.say("botao_nao_sei"), "nao_sei_opcional"),))


def _read_version(heard: Heard, draft: Draft, knowledge: Knowledge) -> Read | None:
    digits = any(c.isdigit() for c in heard.text)
    if not digits and (heard.pressed or heard.intent in PASSED):
        return Read(_skip(draft, "versao"))
    if heard.pressed or not has_words(heard.text) or len(heard.text) > _SHORT_ANSWER:
        return None
    return Read(draft.with_(version=heard.text.strip()))


# --- who asks ----------------------------------------------------------------


def _ask_contact(draft: Draft, knowledge: Knowledge) -> Answer:
    missing = [field for field in CONTACT if not getattr(draft, ATTRIBUTES[field])]
    if missing in ([], list(CONTACT)):
        return Answer(knowledge.say("pergunta_contato"))
    names = [knowledge.messages[f"campo_{field}"] for field in missing]
    return Answer(knowledge.say("pergunta_contato_falta", campos=" e ".join(names)))


def _read_contact(heard: Heard, draft: Draft, knowledge: Knowledge) -> Read | None:
    """Whatever of name, e-mail and organ the message tells; what is asked alone is taken as it is."""
    if heard.pressed or not has_words(heard.text):
        return None
    asked = [field for field in CONTACT if not getattr(draft, ATTRIBUTES[field])]
    if len(asked) == 1:
        return _read_one(asked[0])(heard, draft, knowledge)
    found = contact_in(heard.text, knowledge)
    told = {"nome": found.name, "email": found.email, "orgao": found.organ}
    known = {ATTRIBUTES[field]: text for field, text in told.items() if text}
    if "email" in asked and "@" in heard.text and not found.email:
        wrong = next((word for word in heard.text.split() if "@" in word), heard.text)
        return Read(draft.with_(**known), knowledge.say("email_invalido", email=wrong[:_LONGEST_NAME]))
    return Read(draft.with_(**known)) if known else None


def _ask_one(field: str) -> Callable[[Draft, Knowledge], Answer]:
    def ask_it(draft: Draft, knowledge: Knowledge) -> Answer:
        return Answer(knowledge.say("pergunta_contato_falta", campos=knowledge.messages[f"campo_{field}"]))

    return ask_it


def _read_one(field: str) -> Callable[[Heard, Draft, Knowledge], Read | None]:
    def read_it(heard: Heard, draft: Draft, knowledge: Knowledge) -> Read | None:
        text = heard.text.strip()
        if heard.pressed or not has_words(text):
            return None
        if field == "email":
            text = first_email(text) or text
            if not is_email(text):
                return Read(draft, knowledge.say("email_invalido", email=text[:_LONGEST_NAME]))
        clean = {"nome": clean_name, "orgao": clean_organ}.get(field)
        text = clean(text, knowledge) or text if clean else text
        return Read(draft.with_(**{ATTRIBUTES[field]: text[:_LONGEST_NAME]}))

    return read_it


def _ask_subject(draft: Draft, knowledge: Knowledge) -> Answer:
    return Answer(knowledge.say("pergunta_assunto"))


def _read_subject(heard: Heard, draft: Draft, knowledge: Knowledge) -> Read | None:
    text = " ".join(heard.text.split())
    if heard.pressed or not has_words(text):
        return None
    notice = knowledge.say("assunto_longo", limite=LONGEST_SUBJECT) if len(text) > LONGEST_SUBJECT else ""
    return Read(draft.with_(subject=text[:LONGEST_SUBJECT]), notice=notice)


Ask = Callable[[Draft, Knowledge], Answer]
Reader = Callable[[Heard, Draft, Knowledge], "Read | None"]

_ASK: dict[str, Ask] = {
    "produto": _ask_product,
    "tipo_suporte": _ask_type,
    "esfera": _ask_sphere,
    "descricao": _ask_details,
    "ambiente": _ask_environment,
    "versao": _ask_version,
    "contato": _ask_contact,
    "assunto": _ask_subject,
    **{field: _ask_one(field) for field in CONTACT},
}
_READ: dict[str, Reader] = {
    "produto": _read_product,
    "tipo_suporte": _read_type,
    "esfera": _read_sphere,
    "descricao": _read_details,
    "ambiente": _read_environment,
    "versao": _read_version,
    "contato": _read_contact,
    "assunto": _read_subject,
    **{field: _read_one(field) for field in CONTACT},
}
