"""The way to a ticket: what a message asks for, and what the Central does not take."""

from __future__ import annotations

from penbot.dialogue.heard import Heard, Two
from penbot.dialogue.naming import Products, meant_products, named_products
from penbot.dialogue.state import State
from penbot.knowledge import Answer, Button, Knowledge, Product
from penbot.knowledge.answer import bullets, listed
from penbot.knowledge.model import SUPPORT
from penbot.language.particulars import environment_in, version_in
from penbot.language.personal import first_email
from penbot.language.text import LINKING_WORDS, phrase, words
from penbot.ticketing.draft import ERROR, Draft
from penbot.ticketing.offer import Refusal, likeliest_type, only_sphere, refusal

_SURE_PART, _SURER_PART = 0.35, 0.5
_ANOTHER = 0.25  # share of a second type among all that makes us ask: on held-out phrases 6 % of the requests
_TELLS = 3  # words that say something: a message with so many is part of the description
_SAYS_NOTHING = LINKING_WORDS | frozenset(
    "eu nos quero queria gostaria preciso precisamos solicito desejo abrir abre registrar fazer chamado ticket pedido"
    " solicitacao sou somos meu minha nosso nossa para pra com por favor sobre esta ta isso oi ola bom boa dia tarde"
    " noite aqui orgao reportar relatar sugerir tirar ter".split()
)


def support_type(heard: Heard, state: State, knowledge: Knowledge) -> str | None:
    """The support type a message asks for; the one spoken of before where it says none."""
    named = heard.named(SUPPORT)
    ranking = [(g.name, g.confidence) for g in heard.ranking if g.name in knowledge.support_types]
    if not named and heard.intent not in knowledge.support_types:
        return state.tipo_suporte
    if heard.pressed:  # a button means what it says
        return named[0] if named else heard.intent
    product = knowledge.products.get(state.product or "")
    plainly = _said_plainly(heard)
    if plainly and (product is None or plainly in product.suporte):
        return plainly
    if product is None:
        return named[0] if named else ranking[0][0]
    alike = {term.id: term.vale_por for term in knowledge.support_types.values() if term.vale_por}
    return likeliest_type(product, ranking, named, alike) or state.tipo_suporte


def _said_plainly(heard: Heard) -> str | None:
    """The one type a message names in several words: 'registrar uma dúvida', where 'erro' may be said by the way."""
    named = {m.ids[0] for m in heard.mentions if m.kind == SUPPORT and len(phrase(heard.text[m.start : m.end])) > 1}
    return named.pop() if len(named) == 1 else None


def drafts(heard: Heard, products: Products, state: State, knowledge: Knowledge) -> list[Draft]:
    """One draft for each thing asked for: for each product, or for each part of a message about two things."""
    for way in heard.ways:
        first, second = (_draft_of(part, state, knowledge) for part in way.parts)
        second = _with_product(second, first)
        if _are_two(way, first, second, knowledge):
            return [first, second]
    told = told_in(heard, knowledge) or (state.told if heard.pressed or not heard.named(SUPPORT) else "")
    base = Draft(support_type=state.tipo_suporte, sphere=state.esfera, told=told)
    base = prefilled(base, heard.text or told)
    found = [fitting(base.with_(product=id_), heard, knowledge) for id_ in products.ids]
    if products.candidates or not found:
        found.append(base.with_(candidates=products.candidates))
    return found


def _draft_of(part: Heard, state: State, knowledge: Knowledge) -> Draft:
    products = meant_products(part, knowledge, problem=True)
    product = products.ids[0] if products.ids else None
    type_ = support_type(part, State(produto=products.ids[:1]), knowledge)
    draft = Draft(
        product=product,
        candidates=products.candidates,
        support_type=type_,
        sphere=state.esfera,
        told=told_in(part, knowledge),
    )
    return prefilled(draft, part.text)


def _are_two(way: Two, first: Draft, second: Draft, knowledge: Knowledge) -> bool:
    """Whether the halves of a message are surely two requests: for two products, or of two types.

    A message that only goes on (a full stop, an "e") often tells one thing in two sentences: what sets
    the scene in the first of them is not a request.
    """
    if not all(part.intent in knowledge.support_types for part in way.parts) or not (first.product or first.candidates):
        return False
    about_two = (first.product, first.candidates) != (second.product, second.candidates)
    if not about_two and first.support_type == second.support_type:
        return False
    surest = min(part.ranking[0].confidence for part in way.parts)
    if way.said_so:
        return surest >= _SURE_PART
    if about_two:
        named = [named_products(part, knowledge) for part in way.parts]
        scene = bool(first.product) and knowledge.products[first.product or ""].anfitriao
        return surest >= _SURER_PART and all(named) and not scene
    requests = {first.support_type, second.support_type} - {ERROR, "registrar_duvida", "sugerir_melhoria"}
    return surest >= _SURER_PART and len(requests) == 2


def _with_product(draft: Draft, first: Draft) -> Draft:
    """A part that names no product is about the first one's."""
    if draft.product or draft.candidates:
        return draft
    return draft.with_(product=first.product, candidates=first.candidates)


def fitting(draft: Draft, heard: Heard, knowledge: Knowledge) -> Draft:
    """The draft with its type as its product offers it, and what has one value filled in."""
    product = knowledge.products[draft.product or ""]
    type_ = support_type(heard, State(produto=(product.id,), tipo_suporte=draft.support_type), knowledge)
    draft = draft.with_(sphere=draft.sphere or only_sphere(product))
    if type_ and _another_is_likely(type_, product, heard, knowledge):
        return draft.with_(support_type=None, likely_type=type_)
    return draft.with_(support_type=type_)


def _another_is_likely(type_: str, product: Product, heard: Heard, knowledge: Knowledge) -> bool:
    """Whether it is better to ask for the type: the text does not name it, and another one is nearly as likely."""
    if heard.pressed or heard.named(SUPPORT) or heard.intent not in knowledge.support_types:
        return False
    likely = {g.name: g.confidence for g in heard.ranking if g.name in knowledge.support_types}
    others = [likely[id_] for id_ in likely if id_ != type_ and id_ in product.suporte]
    return max(others, default=0.0) >= _ANOTHER * sum(likely.values())


def prefilled(draft: Draft, text: str) -> Draft:
    """What the message tells by the way: an e-mail, and for an error the environment and the version."""
    draft = draft.with_(email=first_email(text) or draft.email)
    if draft.support_type != ERROR:
        return draft
    return draft.with_(environment=environment_in(text), version=version_in(text))


def told_in(heard: Heard, knowledge: Knowledge) -> str:
    """The message, where it tells more than what is asked for and of which product."""
    if heard.pressed:
        return ""
    spans = [(m.start, m.end) for m in heard.mentions]
    rest = [w.text for w in words(heard.text) if not any(start <= w.start < end for start, end in spans)]
    return heard.text.strip() if len([word for word in rest if word not in _SAYS_NOTHING]) >= _TELLS else ""


def unavailable(draft: Draft, knowledge: Knowledge) -> Answer | None:
    """Why the Central does not take this ticket, and what it does take; None where it takes it."""
    product = knowledge.products.get(draft.product or "")
    reason = refusal(product, draft.sphere, draft.support_type) if product else None
    if product is None or reason is None:
        return None
    return refused(product, reason, draft.sphere if reason.field == "esfera" else draft.support_type, knowledge)


def refused(product: Product, refusal: Refusal, wanted: str | None, knowledge: Knowledge) -> Answer:
    terms = knowledge.spheres if refusal.field == "esfera" else knowledge.support_types
    names = [terms[id_].nome for id_ in refusal.available]
    text = knowledge.say(
        f"recusa_{refusal.field}",
        **product.forms,
        pedido=terms[wanted].nome if wanted else "",
        oferta=bullets(names) if refusal.field == "tipo_suporte" else listed(names),
    )
    buttons: tuple[Button, ...] = ()
    if refusal.field == "tipo_suporte":
        buttons = tuple(Button(terms[id_].nome, id_, {"produto": product.id}) for id_ in refusal.available)
    custom = {
        "type": "ticket_refused",
        "reason": text.splitlines()[0],
        "available": {
            "product": product.id,
            "spheres": list(product.disponivel_para),
            "support_types": list(product.suporte),
        },
    }
    return Answer(text, buttons, custom)
