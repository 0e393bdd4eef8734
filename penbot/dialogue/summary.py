"""The summary of a ticket before it is sent: each line as it will be, and what is worth a second look."""

from __future__ import annotations

from penbot.dialogue import fields
from penbot.dialogue.fields import FIELDS
from penbot.dialogue.state import Form
from penbot.knowledge import Answer, Button, Knowledge
from penbot.knowledge.answer import bullets
from penbot.language.personal import mask_cpf
from penbot.ticketing.contact import is_personal, likely_sphere
from penbot.ticketing.draft import Draft, subject_of

_LONGEST_SHOWN = 300  # characters of a description that the summary repeats


def summary(form: Form, knowledge: Knowledge) -> Answer:
    """The ticket as it will be sent, each line changeable."""
    draft = form.draft
    shown = shown_fields(draft, knowledge)
    lines = bullets([knowledge.say("resumo_linha", titulo=title, valor=text) for _, title, text in shown])
    notices = _notices(draft, knowledge)
    confirm = Button(knowledge.say("botao_confirmar"), "afirmar")
    change = Button(knowledge.say("botao_alterar"), "corrigir")
    custom = {
        "type": "ticket_draft",
        "brief": "\n".join([*notices, knowledge.say("resumo_breve")]),  # for who shows the fields as a card
        "product": draft.product,
        "sphere": draft.sphere,
        "support_type": draft.support_type,
        "fields": [
            {"id": field, "label": title, "value": text, "change": Button(title, "corrigir", {"campo": field})}
            for field, title, text in shown
        ],
        "next": [{"product": d.product, "support_type": d.support_type} for d in form.waiting],
    }
    text = knowledge.lines("resumo", campos=lines)
    return Answer("\n".join([*notices, text]), (confirm, change), custom)


def shown_fields(draft: Draft, knowledge: Knowledge) -> list[tuple[str, str, str]]:
    """(field, title, value) of each line of the summary, in the order of knowledge/chamado.yml."""
    values = {
        "produto": knowledge.products[draft.product or ""].nome,
        "tipo_suporte": knowledge.support_types[draft.support_type or ""].nome,
        "esfera": knowledge.spheres[draft.sphere or ""].nome,
        "assunto": mask_cpf(subject_of(draft, knowledge)),
        "descricao": _shown(mask_cpf(draft.description)),
        "ambiente": fields.environment_name(draft.environment, knowledge),
        "versao": draft.version,
        "nome": draft.name,
        "email": draft.email,
        "orgao": draft.organ,
    }
    passed = {FIELDS[name] for name in draft.skipped}
    unknown = knowledge.messages["resumo_sem_valor"]
    return [
        (field.id, field.titulo, values[field.id] or unknown)
        for field in knowledge.form_fields.values()
        if values[field.id] or field.id in passed
    ]


def _shown(text: str) -> str:
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN].rstrip()}…"


def _notices(draft: Draft, knowledge: Knowledge) -> list[str]:
    likely = likely_sphere(draft.email, draft.organ, knowledge)
    notices = []
    if likely and likely != draft.sphere:
        notices.append(knowledge.say("resumo_esfera_diferente", esfera=knowledge.spheres[likely].nome))
    if is_personal(draft.email, knowledge):
        notices.append(knowledge.say("resumo_email_pessoal"))
    return notices
