"""Reading what a browser sends, and refusing it in a polite sentence."""

from __future__ import annotations

import functools
import json
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from sanic import response
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse

from penbot.app import app
from penbot.channel.door import Door, Pressed, typed
from penbot.channel.history import mark
from penbot.channel.turns import Sent

log = logging.getLogger(__name__)
LONGEST_TYPED = 2000  # characters of a message; a longer description goes as an attachment
_LARGEST_JSON = 64 * 1024  # bytes; the longest message is far below
_LARGEST_NUMBER = 1_000_000

Handler = Callable[..., Awaitable[Any]]


class Refused(Exception):
    """The sentence of mensagens.yml that says why, and the HTTP status."""

    def __init__(self, status: int, sentence: str, wait: int = 0) -> None:
        super().__init__(sentence)
        self.status, self.sentence, self.wait = status, sentence, wait

    @property
    def text(self) -> str:
        return say(self.sentence, segundos=self.wait)


def say(sentence: str, **values: object) -> str:
    return app().store.current().say(sentence, **values)


def welcome() -> dict[str, Any]:
    """What is shown before anything is said."""
    return {
        "welcome": say("portal_boas_vindas"),
        "privacy": say("portal_privacidade"),
        "suggestions": say("portal_sugestoes").splitlines(),
    }


def refusal(refused: Refused) -> HTTPResponse:
    headers = {"Retry-After": str(refused.wait)} if refused.wait else {}
    return response.json({"erro": refused.text}, status=refused.status, headers=headers, ensure_ascii=False)


def polite(handler: Handler) -> Handler:
    """A refusal is answered as one; what breaks is logged and told, without its reason."""

    @functools.wraps(handler)
    async def answered(*args: Any, **kwargs: Any) -> Any:
        try:
            return await handler(*args, **kwargs)
        except Refused as refused:
            return refusal(refused)
        except SanicException:
            raise
        except Exception:
            log.exception("channel.failed channel=portal")
            return response.json({"erro": say("erro_interno")}, status=500)

    return answered


def body_of(request: Request) -> dict[str, Any]:
    """The JSON object that was sent. Raises Refused."""
    if len(request.body) > _LARGEST_JSON:
        raise Refused(413, "portal_texto_longo")
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError) as err:
        raise Refused(400, "portal_pedido_errado") from err
    if not isinstance(body, dict):
        raise Refused(400, "portal_pedido_errado")
    return body


def sent_in(body: dict[str, Any], conversation: str, door: Door) -> Sent:
    """The message in a body: {"number", "text"} or {"number", "payload"}. Raises Refused.

    A text is never taken for a payload, and a payload that was not offered here is refused.
    """
    number, text, payload = body.get("number"), body.get("text"), body.get("payload")
    if type(number) is not int or not 0 < number <= _LARGEST_NUMBER:
        raise Refused(400, "portal_pedido_errado")
    if isinstance(payload, str) and text is None:
        pressed = door.judge(conversation, payload)
        if not isinstance(pressed, Pressed):
            raise Refused(400, "portal_botao_vencido")
        return Sent(conversation, number, mark("payload", payload.strip()), pressed)
    if not isinstance(text, str) or payload is not None:
        raise Refused(400, "portal_pedido_errado")
    if not text.strip():
        raise Refused(400, "portal_mensagem_vazia")
    if len(text) > LONGEST_TYPED:
        raise Refused(400, "portal_texto_longo")
    return Sent(conversation, number, mark("text", text), typed(text))
