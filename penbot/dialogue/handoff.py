"""The way to a ticket: which product, sphere and support type, and where to open it."""

from __future__ import annotations

from penbot.dialogue.heard import Heard
from penbot.dialogue.state import State
from penbot.knowledge import Answer, Button, Knowledge, Product
from penbot.knowledge.answer import bullets, listed
from penbot.knowledge.model import SUPPORT
from penbot.ticketing.offer import Refusal, likeliest_type, only_sphere, refusal


def support_type(heard: Heard, state: State, knowledge: Knowledge) -> str | None:
    """The support type a message asks for; the one spoken of before where it says none."""
    named = heard.named(SUPPORT)
    ranking = [(g.name, g.confidence) for g in heard.ranking if g.name in knowledge.support_types]
    if not named and heard.intent not in knowledge.support_types:
        return state.tipo_suporte
    product = knowledge.products.get(state.product or "")
    if product is None:
        return named[0] if named else ranking[0][0]
    alike = {term.id: term.vale_por for term in knowledge.support_types.values() if term.vale_por}
    return likeliest_type(product, ranking, named, alike) or state.tipo_suporte


def path(product_id: str, state: State, knowledge: Knowledge) -> Answer:
    """Where this ticket is opened (guide, section 4), or why the Central does not take it."""
    product = knowledge.products[product_id]
    refused = refusal(product, state.esfera, state.tipo_suporte)
    if refused:
        return _refused(product, refused, state, knowledge)
    sphere = state.esfera or only_sphere(product)
    text = knowledge.say(
        "caminho_do_portal",
        **product.forms,
        esfera=knowledge.spheres[sphere].nome if sphere else knowledge.messages["a_do_seu_orgao"],
        tipo=_type_step(product, state.tipo_suporte, knowledge),
        pedido=_wish(product, state.tipo_suporte, knowledge),
    )
    return Answer(text)


def _wish(product: Product, type_: str | None, knowledge: Knowledge) -> str:
    if type_ is None:
        return knowledge.say("pedido_sem_tipo", **product.forms)
    return knowledge.say("pedido_com_tipo", tipo=knowledge.support_types[type_].nome, **product.forms)


def _type_step(product: Product, type_: str | None, knowledge: Knowledge) -> str:
    if type_:
        return knowledge.support_types[type_].nome
    return listed([knowledge.support_types[id_].nome for id_ in product.suporte], "ou")


def _refused(product: Product, refused: Refusal, state: State, knowledge: Knowledge) -> Answer:
    terms = knowledge.spheres if refused.field == "esfera" else knowledge.support_types
    wanted = state.esfera if refused.field == "esfera" else state.tipo_suporte
    names = [terms[id_].nome for id_ in refused.available]
    text = knowledge.say(
        f"recusa_{refused.field}",
        **product.forms,
        pedido=terms[wanted].nome if wanted else "",
        oferta=bullets(names) if refused.field == "tipo_suporte" else listed(names),
    )
    buttons: tuple[Button, ...] = ()
    if refused.field == "tipo_suporte":
        buttons = tuple(Button(terms[id_].nome, id_, {"produto": product.id}) for id_ in refused.available)
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
