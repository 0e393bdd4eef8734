"""Rasa's REST channel behind our door, for development, tests and tools on loopback.

Differences from Rasa's own (`rasa.core.channels.rest`): typed text never runs an intent, a button's
payload is checked, a bot message stays one message with its text, buttons and `custom` together, and
what the client sends beside `sender` and `message` is not read.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from penbot.app import app
from penbot.channel.door import Pressed, Typed
from penbot.language.text import has_words
from penbot.serving.rasa_fixes import spare_the_collector

log = logging.getLogger(__name__)
Receive = Callable[[UserMessage], Awaitable[Any]]

NOT_UNDERSTOOD = "nlu_fallback"


class WholeMessages(CollectingOutputChannel):
    """Keeps each bot message whole; Rasa would split it at blank lines and set `custom` apart."""

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        parts = {key: message[key] for key in ("text", "buttons", "custom") if message.get(key)}
        self.messages.append({"recipient_id": recipient_id, **parts})


def user_message(
    conversation: str, came_in: Pressed | Typed, out: CollectingOutputChannel, channel: str
) -> UserMessage:
    """For Rasa: a button is parsed already; so is what has no word in it, or the shape of a command."""
    if isinstance(came_in, Pressed):
        intent = {"name": came_in.intent, "confidence": 1.0}
        entities = [{"entity": kind, "value": id_} for kind, id_ in came_in.entities.items()]
        text = f"/{came_in.intent}"
    elif has_words(came_in.text) and not came_in.command:
        return UserMessage(came_in.text, out, conversation, input_channel=channel)
    else:
        intent, entities, text = {"name": NOT_UNDERSTOOD, "confidence": 1.0}, [], came_in.text or " "
    parse = {"text": text, "intent": intent, "intent_ranking": [intent], "entities": entities}
    return UserMessage(text, out, conversation, input_channel=channel, parse_data=parse)


class RestInput(InputChannel):
    """POST /webhooks/rest/webhook {"sender", "message"} -> [{"recipient_id", "text", "buttons", "custom"}]"""

    @classmethod
    def name(cls) -> str:
        return "rest"

    def blueprint(self, on_new_message: Receive) -> Blueprint:
        blueprint = Blueprint("penbot_rest")

        @blueprint.listener("after_server_start")
        async def loaded(*_: Any) -> None:
            spare_the_collector()

        @blueprint.get("/")
        async def health(request: Request) -> HTTPResponse:
            agent = getattr(request.app.ctx, "agent", None)
            if agent is None or not agent.is_ready():
                return response.json({"status": "sem modelo"}, status=503)
            return response.json({"status": "ok"})

        @blueprint.post("/webhook")
        async def receive(request: Request) -> HTTPResponse:
            body = _json(request)
            if body is None or not isinstance(body.get("message"), str):
                return response.json({"erro": 'envie um JSON {"sender": "texto", "message": "texto"}'}, status=400)
            sender = body.get("sender")
            conversation = sender if isinstance(sender, str) and sender else uuid.uuid4().hex
            out = WholeMessages()
            try:
                came_in = app().door.judge(conversation, body["message"])
                await on_new_message(user_message(conversation, came_in, out, self.name()))
            except Exception:
                log.exception("channel.failed channel=rest")
            if not out.messages:  # Rasa answers nothing when its stores or the action server fail
                out.messages.append({"recipient_id": conversation, "text": app().store.current().say("erro_interno")})
            return response.json(out.messages)

        return blueprint


def _json(request: Request) -> dict[str, Any] | None:
    try:
        body = request.json
    except Exception:  # sanic raises its own InvalidUsage for what is not JSON
        return None
    return body if isinstance(body, dict) else None
