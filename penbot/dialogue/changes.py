"""What somebody wants changed in a ticket, said in words: 'muda a esfera para estadual'."""

from __future__ import annotations

import re
from dataclasses import replace

from penbot.dialogue.context import only_names
from penbot.dialogue.fields import ATTRIBUTES, CONTACT
from penbot.dialogue.heard import Heard
from penbot.dialogue.naming import named_products
from penbot.dialogue.state import Form
from penbot.knowledge import Knowledge
from penbot.knowledge.model import SPHERE, SUPPORT
from penbot.language.particulars import environment_in
from penbot.language.personal import emails
from penbot.language.text import fold, words

_CHANGES = re.compile(
    r"\b(troc|mud|alter|corrig|corrij)\w*\b|\b(na verdade|na vdd|ops|opa|errei|me enganei|quis dizer|quer dizer|digo"
    r"|o certo e|correcao|esta errad[oa]|ta errad[oa])\b"
)
_SURE = 0.5
_LONGEST_IN_FREE = 14  # words: a longer message is the answer itself
_TO = re.compile(r"\b(?:para|pra|por|:)\s+(?P<value>.+)$|:\s*(?P<after>.+)$", re.S)
_FREE = ("descricao", "contato", "assunto", *CONTACT)


def says_changes(heard: Heard) -> bool:
    """Whether a message says, in so many words, that something is to be changed."""
    return _CHANGES.search(fold(heard.text)) is not None


def change_wanted(heard: Heard, form: Form, knowledge: Knowledge) -> tuple[str, Heard | None] | None:
    """The field to change and the message that holds its new value (None: it is to be asked), or None."""
    says_so = says_changes(heard)
    if form.asking in _FREE and not (says_so and _is_short(heard) and heard.ranking[0].confidence >= _SURE):
        return None
    if says_so or heard.intent == "corrigir":
        wanted = _told(heard, form, knowledge)
    elif only_names(heard):
        wanted = _just_named(heard, form, knowledge)
    else:
        wanted = None
    if wanted and wanted[0] == form.asking and not getattr(form.draft, ATTRIBUTES[wanted[0]], ""):
        return None  # it is not changed: it is being answered
    return wanted


def _is_short(heard: Heard) -> bool:
    return heard.intent == "corrigir" and len(words(heard.text)) <= _LONGEST_IN_FREE


def _told(heard: Heard, form: Form, knowledge: Knowledge) -> tuple[str, Heard | None] | None:
    fields = [mention.ids[0] for mention in knowledge.field_words.mentions(heard.text)]
    if heard.named(SPHERE):
        return "esfera", heard
    if (heard.named(SUPPORT) and "tipo_suporte" in fields) or (heard.named(SUPPORT) and not fields):
        return "tipo_suporte", heard
    if emails(heard.text):
        return "email", heard
    if named_products(heard, knowledge) and fields in ([], ["produto"]):
        return "produto", heard
    if fields:
        return fields[0], _value(heard)
    return ("ambiente", heard) if environment_in(heard.text) else None


def _value(heard: Heard) -> Heard | None:
    match = _TO.search(heard.text)
    return replace(heard, text=(match["value"] or match["after"]).strip()) if match else None


def _just_named(heard: Heard, form: Form, knowledge: Knowledge) -> tuple[str, Heard | None] | None:
    """A bare name that is no answer to what is asked: another product, another sphere."""
    if form.asking == "produto":
        return None
    products = named_products(heard, knowledge)
    if products and form.draft.product not in (products.ids or products.candidates):
        return "produto", heard
    if heard.named(SPHERE) and form.draft.sphere and heard.named(SPHERE) != [form.draft.sphere]:
        return "esfera", heard
    return None
