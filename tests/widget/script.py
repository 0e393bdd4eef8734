"""Answers of the contract that the assistant gives in a ticket's conversation, given here in a fixed order."""

from __future__ import annotations

import json
from typing import Any

from playwright.sync_api import Page, Route

FIELDS = [
    {"id": "product", "label": "Produto", "value": "Sistema Eletrônico de Informações (SEI)", "change": "/x~produto"},
    {"id": "sphere", "label": "Esfera", "value": "Executivo Federal", "change": "/x~esfera"},
    {"id": "support_type", "label": "Tipo de suporte", "value": "Reportar erro", "change": "/x~tipo"},
    {
        "id": "description",
        "label": "Descrição",
        "value": "Ao tramitar aparece «status 5».\nJá tentei de novo.",
        "change": "/x~descricao",
    },
    {"id": "version", "label": "Versão", "value": "", "change": "/x~versao"},
]
CLARIFY = {
    "text": "De qual produto você está falando?",
    "buttons": [{"title": "SEI", "payload": "/x~sei"}, {"title": "Módulo do Tramita Gov.BR", "payload": "/x~modulo"}],
    "custom": {"type": "clarify", "options": ["sei", "modulo_tramita"]},
}
DRAFT = {
    "text": "Confira o chamado antes de enviar:",
    "buttons": [{"title": "Enviar chamado", "payload": "/x~sim"}, {"title": "Cancelar", "payload": "/x~nao"}],
    "custom": {
        "type": "ticket_draft",
        "product": "sei",
        "sphere": "executivo_federal",
        "support_type": "reportar_erro",
        "fields": FIELDS,
    },
}
CREATED = {
    "text": "Chamado registrado. Uma pessoa da equipe responde de segunda a sexta, das 8h às 18h.",
    "custom": {
        "type": "ticket_created",
        "protocol": "PEN-2026-000123",
        "product": "sei",
        "sphere": "executivo_federal",
        "support_type": "reportar_erro",
        "deadlines": [{"label": "Responder à equipe", "at": "2026-11-28T14:30:00-03:00"}],
    },
}
STATUS = {
    "text": "Seu chamado está com a equipe.",
    "custom": {"type": "ticket_status", "protocol": "PEN-2026-000123", "status": "em_triagem"},
}
REFUSED = {
    "text": "Não é possível abrir este chamado: o NUP não está disponível para Executivo Municipal.",
    "custom": {"type": "ticket_refused", "reason": "…", "available": {"spheres": ["executivo_federal"]}},
}
FALLBACK = {"text": "Não entendi. Pode perguntar de outro jeito?", "custom": {"type": "fallback"}}


def scripted(page: Page, *answers: dict[str, Any]) -> list[dict[str, Any]]:
    """The next messages are answered with these; gives the list of what is sent, as it grows."""
    left, sent = list(answers), []

    def answer(route: Route) -> None:
        sent.append(route.request.post_data_json)
        number = sent[-1]["number"]
        lines = [{"type": "message", "id": f"{number}-0", **left.pop(0)}, {"type": "end", "status": "done"}]
        body = "".join(f"{json.dumps(line)}\n" for line in lines)
        route.fulfill(status=200, content_type="application/x-ndjson", body=body)

    page.route("**/webhooks/portal/message", answer)
    return sent
