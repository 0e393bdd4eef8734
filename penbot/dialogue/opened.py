"""What is said when a ticket is confirmed: the protocol and what comes next, or the way through the Portal."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime

from penbot.dialogue.turn import Office
from penbot.knowledge import Answer, Button, Knowledge
from penbot.ticketing.as_text import as_text
from penbot.ticketing.calendar import after_hours, next_answer, spoken
from penbot.ticketing.desk import DeskError, Ticket
from penbot.ticketing.draft import Draft
from penbot.ticketing.keys import new_key
from penbot.ticketing.tickets import Known, NotRecorded, Receipt

log = logging.getLogger(__name__)
CLOSES_AFTER, REOPENS_WITHIN = 72, 48  # hours: guide, sections 3 and 5


def numbered(draft: Draft) -> Draft:
    """With the key and the protocol that stay its own, however often it is confirmed."""
    key, protocol = new_key()
    return draft.with_(key=key, protocol=protocol)


def confirm(wanted: Ticket, knowledge: Knowledge, office: Office) -> Answer | None:
    """Hand a confirmed ticket over; None if it could not even be written down."""
    assert office.tickets is not None
    try:
        receipt = office.tickets.confirm(replace(wanted, files=office.evidence()), office.conversation)
    except NotRecorded:
        log.exception("ticket.not_recorded")
        return None
    office.forget_evidence()  # it is in the outbox, locked, until the desk has it
    return _told(wanted, receipt, knowledge, office.clock())


def _told(wanted: Ticket, receipt: Receipt, knowledge: Knowledge, now: datetime) -> Answer:
    closes = after_hours(now, CLOSES_AFTER)
    reopens = after_hours(closes, REOPENS_WITHIN)
    number = _number(receipt, knowledge)
    text = knowledge.lines(
        "chamado_aberto",
        protocolo=receipt.protocol,
        numero=number,
        resposta=spoken(next_answer(now), now),
        fecha=spoken(closes, now),
        reabre=spoken(reopens, now),
    )
    custom = {
        "type": "ticket_created",
        "protocol": receipt.protocol,
        "product": wanted.product,
        "sphere": wanted.sphere,
        "support_type": wanted.support_type,
        "number": receipt.number or None,
        "deadlines": [
            {"label": knowledge.say("prazo_interacao"), "at": closes.isoformat()},
            {"label": knowledge.say("prazo_reabertura"), "at": reopens.isoformat()},
        ],
    }
    return Answer(text, custom=custom)


def _number(receipt: Receipt, knowledge: Knowledge) -> str:
    if not receipt.number:
        return knowledge.say("chamado_numero_depois")
    if receipt.number == receipt.protocol:
        return ""
    return knowledge.say("chamado_numero", numero=receipt.number)


def portal(wanted: Ticket, knowledge: Knowledge) -> Answer:
    """Where there is no interface to the Portal: the way there and the text to take along. Nothing is opened."""
    names = {
        id_: item.nome
        for items in (knowledge.products, knowledge.spheres, knowledge.support_types)
        for id_, item in items.items()
    }
    text = knowledge.say(
        "chamado_no_portal",
        esfera=names[wanted.sphere],
        item=names[wanted.product],
        tipo=names[wanted.support_type],
        texto=as_text(wanted, names),
    )
    return Answer(text)


def duplicate(like: Known, knowledge: Knowledge, now: datetime) -> Answer:
    """One that is alike is open already: complement it, or go on."""
    text = knowledge.say(
        "chamado_duplicado",
        protocolo=like.protocol,
        quando=spoken(like.opened_at, now),
        **knowledge.products[like.product].forms,
    )
    return Answer(text, duplicate_choice(knowledge).buttons)


def duplicate_choice(knowledge: Knowledge) -> Answer:
    titles = {"complementar": "botao_complementar", "outro": "botao_abrir_outro"}
    buttons = [
        Button(knowledge.say(title), "nomear", {"campo": "duplicado", "valor": id_}) for id_, title in titles.items()
    ]
    cancel = Button(knowledge.say("botao_cancelar"), "cancelar")
    return Answer(knowledge.say("o_que_fazer_duplicado"), (*buttons, cancel))


def complement(wanted: Ticket, knowledge: Knowledge, office: Office) -> Answer | None:
    """Add to the one that is alike; None if it is gone by now."""
    assert office.tickets is not None
    like = office.tickets.alike(wanted)
    if like is None:
        return None
    try:
        office.tickets.complement(like, wanted.body)
    except DeskError:
        log.exception("ticket.not_complemented")
        return Answer(knowledge.say("sistema_fora"))
    return Answer(knowledge.say("chamado_complementado", protocolo=like.protocol))


def news(knowledge: Knowledge, office: Office) -> list[Answer]:
    """The desk's numbers that have come since."""
    if office.tickets is None:
        return []
    try:
        known = office.tickets.news(office.conversation)
    except Exception:  # news can wait; the turn cannot
        log.exception("ticket.no_news")
        return []
    return [Answer(_news_of(one, knowledge)) for one in known]


def _news_of(known: Known, knowledge: Knowledge) -> str:
    message = "chamado_nao_aceito" if known.refused else "chamado_chegou"
    return knowledge.say(message, protocolo=known.protocol, numero=known.receipt.number)
