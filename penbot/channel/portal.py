"""The portal's channel: what the widget and the pages speak with.

POST   session     {}                                -> {"token", "expires_in", "welcome", ...}
DELETE session     ends the conversation and erases it
POST   message     {"number", "text" | "payload"}    -> a line of JSON for each message, beats, an end mark
GET    history     {"items": [...], "next": the number of the next message}
POST   attachment  the file itself, its name in X-File-Name
DELETE attachment/<id>
POST   feedback    {"subject": a message's id | "conversation", "value"}

All under /webhooks/portal, with "Authorization: Bearer <token>". Every refusal is {"erro": a sentence}.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
from typing import Any
from urllib.parse import unquote

from rasa.core.channels.channel import InputChannel
from sanic import Blueprint, Sanic, response
from sanic.exceptions import PayloadTooLarge
from sanic.request import Request
from sanic.response import HTTPResponse
from sanic_cors.core import SANIC_CORS_EVALUATED

from penbot.app import App, app
from penbot.channel.attachments import LARGEST, AttachmentError
from penbot.channel.history import History
from penbot.channel.ledger import Ledger
from penbot.channel.limits import MESSAGES_A_SESSION, MESSAGES_AN_ADDRESS, SESSIONS_AN_ADDRESS, Limit
from penbot.channel.origins import PREFLIGHT, Origins
from penbot.channel.pages import PATHS, Pages
from penbot.channel.requests import Refused, body_of, polite, refusal, say, sent_in, welcome
from penbot.channel.rest import Receive
from penbot.channel.session import Session, Sessions
from penbot.channel.turns import Sent, Turn, Turns

log = logging.getLogger(__name__)
PREFIX = "/webhooks/portal"
_ENVELOPE = 64 * 1024  # what a form adds to the largest file
_API_HEADERS = {
    "Cache-Control": "no-store, no-transform",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_SUBJECT = re.compile(r"[0-9]{1,7}-[0-9]{1,3}|conversation")
_VALUES = ("up", "down", "1", "2", "3", "4", "5")


class Portal:
    """What both doors of the portal, the API and the pages, do with a conversation."""

    def __init__(self, application: App, receive: Receive) -> None:
        settings = application.settings
        self.app = application
        self.server: Sanic | None = None
        self.sessions = Sessions.at(settings.home)
        self.origins = Origins(settings.origins)
        self.ledger = Ledger(settings.home / "portal.db")
        self.history = History(lambda: self.server.ctx.agent.tracker_store if self.server else None)
        self.turns = Turns(receive, self.history, lambda: say("erro_interno"))
        self._per_session, self._per_address = Limit(MESSAGES_A_SESSION), Limit(MESSAGES_AN_ADDRESS)
        self._new_sessions = Limit(SESSIONS_AN_ADDRESS)
        self._other_requests = Limit(MESSAGES_AN_ADDRESS)

    def origin(self, request: Request) -> str:
        """Where a request comes from. Raises Refused if it may not."""
        origin = self.origins.of(request.headers)
        if origin is None:
            raise Refused(403, "portal_origem")
        return origin

    def mint(self, request: Request) -> str:
        """A token for a new conversation."""
        origin = self.origin(request)
        self._within(self._new_sessions, _address(request), "portal_muitas_do_endereco")
        return self.sessions.mint(origin)

    def session(self, request: Request, token: str) -> Session:
        """Whose request it is. Raises Refused."""
        session = self.sessions.read(token)
        if session is None or session.origin != self.origin(request) or self.ledger.ended(session.conversation):
            raise Refused(401, "portal_sessao_vencida")
        return session

    def take(self, request: Request, session: Session, sent: Sent) -> Turn:
        """A message, into its turn. Raises Refused when there are too many."""
        self._within(self._per_session, session.conversation, "portal_muitas_mensagens")
        self._within(self._per_address, _address(request), "portal_muitas_do_endereco")
        return self.turns.take(sent)

    def other_request(self, session: Session) -> None:
        """For what is not a message. Raises Refused when there are too many."""
        self._within(self._other_requests, session.conversation, "portal_muitas_mensagens")

    async def keep(self, session: Session, name: str, content: bytes) -> dict[str, object]:
        """A file, as its sender may see it again. Raises Refused."""
        self.other_request(session)
        try:
            kept = await asyncio.to_thread(self.app.attachments.keep, session.conversation, name, content)
        except AttachmentError as err:
            raise Refused(413 if str(err) == "portal_anexo_grande" else 400, str(err)) from err
        return kept.public()

    async def items(self, session: Session) -> tuple[list[dict[str, Any]], int]:
        """All that was said and sent, oldest first, and the number of the next message."""
        exchanges = await self.history.exchanges(session.conversation)
        items = [item for exchange in exchanges for item in exchange.items()]
        files = [{"who": "file", **file.public()} for file in self.app.attachments.of(session.conversation)]
        following = max((exchange.number for exchange in exchanges), default=0) + 1
        return sorted([*items, *files], key=lambda item: item["at"]), following

    async def end(self, session: Session) -> None:
        """Nobody speaks in it any more, and nothing of it is kept."""
        self.ledger.end(session.conversation, self.sessions.lasts)
        await self.turns.over(session.conversation)
        self.history.erase(session.conversation)
        self.app.attachments.delete(session.conversation)
        await asyncio.to_thread(self.app.drafts.save, session.conversation, None)

    def _within(self, limit: Limit, key: str, sentence: str) -> None:
        if wait := limit.wait(key):
            raise Refused(429, sentence, wait)


class PortalInput(InputChannel):
    """Registered in credentials.yml; serves the pages too."""

    @classmethod
    def name(cls) -> str:
        return "portal"

    def blueprint(self, on_new_message: Receive) -> Blueprint:
        return PortalBlueprint(Portal(app(), on_new_message))


class PortalBlueprint(Blueprint):
    """The API under Rasa's /webhooks/portal, and the pages at the root of the same server."""

    def __init__(self, portal: Portal) -> None:
        super().__init__("penbot_portal")
        self.ctx.portal = portal
        self.ctx.pages = Pages(portal)
        api = _Api(portal)
        self.add_route(polite(api.mint), "/session", {"POST"}, name="mint")
        self.add_route(polite(api.end), "/session", {"DELETE"}, name="end")
        self.add_route(polite(api.message), "/message", {"POST"}, name="message")
        self.add_route(polite(api.history), "/history", name="history")
        self.add_route(polite(api.attach), "/attachment", {"POST"}, name="attach")
        self.add_route(polite(api.detach), "/attachment/<id_>", {"DELETE"}, name="detach")
        self.add_route(polite(api.feedback), "/feedback", {"POST"}, name="feedback")
        self.exception(PayloadTooLarge)(_too_large)
        self.middleware("response")(self._headers)

    def register(self, app: Sanic, options: dict[str, Any]) -> None:
        super().register(app, options)
        self.ctx.portal.server = app
        app.config.REQUEST_MAX_SIZE = LARGEST + _ENVELOPE
        app.config.PROXIES_COUNT = self.ctx.portal.app.settings.proxies or None
        self.ctx.pages.register(app)

        @app.before_server_start
        async def first(app: Sanic, *_: Any) -> None:
            app.request_middleware.appendleft(self._before_rasa)

    def _before_rasa(self, request: Request) -> HTTPResponse | None:
        """Rasa answers every OPTIONS itself, and '/' too; and it puts CORS headers on every answer."""
        if request.path == "/" or request.path.startswith((f"{PREFIX}/", *PATHS)):
            setattr(request.ctx, SANIC_CORS_EVALUATED, "1")
        if request.method == "OPTIONS" and request.path.startswith(f"{PREFIX}/"):
            origin = self.ctx.portal.origins.of(request.headers)
            headers = {**_API_HEADERS, **self.ctx.portal.origins.headers(origin), **(PREFLIGHT if origin else {})}
            return response.empty(204 if origin else 403, headers=headers)
        return self.ctx.pages.root(request)

    def _headers(self, request: Request, answer: HTTPResponse) -> None:
        answer.headers.update(_API_HEADERS)
        answer.headers.update(self.ctx.portal.origins.headers(self.ctx.portal.origins.of(request.headers)))


class _Api:
    def __init__(self, portal: Portal) -> None:
        self._portal = portal

    async def mint(self, request: Request) -> HTTPResponse:
        token = self._portal.mint(request)
        return response.json({"token": token, "expires_in": self._portal.sessions.lasts, **welcome()})

    async def end(self, request: Request) -> HTTPResponse:
        await self._portal.end(self._session(request))
        return response.json({"texto": say("portal_apagada")})

    async def message(self, request: Request) -> None:
        session = self._session(request)
        sent = sent_in(body_of(request), session.conversation, self._portal.app.door)
        turn = self._portal.take(request, session, sent)
        stream = await request.respond(
            content_type="application/x-ndjson; charset=utf-8", headers={"X-Accel-Buffering": "no"}
        )
        async for line in turn.follow():
            await stream.send(json.dumps(line, ensure_ascii=False) + "\n")
        await stream.eof()

    async def history(self, request: Request) -> HTTPResponse:
        items, following = await self._portal.items(self._session(request))
        return response.json({"items": items, "next": following, **welcome()})

    async def attach(self, request: Request) -> HTTPResponse:
        session = self._session(request)
        name = unquote(request.headers.get("x-file-name", ""))
        return response.json(await self._portal.keep(session, name, request.body), status=201)

    async def detach(self, request: Request, id_: str) -> HTTPResponse:
        session = self._session(request)
        self._portal.other_request(session)
        if not self._portal.app.attachments.remove(session.conversation, id_):
            raise Refused(404, "portal_pedido_errado")
        return response.empty()

    async def feedback(self, request: Request) -> HTTPResponse:
        session = self._session(request)
        body = body_of(request)
        subject, value = body.get("subject"), body.get("value")
        if not isinstance(subject, str) or not _SUBJECT.fullmatch(subject) or value not in _VALUES:
            raise Refused(400, "portal_pedido_errado")
        self._portal.other_request(session)
        self._portal.ledger.rate(session.conversation, subject, value)
        log.info("feedback.given subject=%s value=%s", subject, value)
        return response.empty()

    def _session(self, request: Request) -> Session:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        return self._portal.session(request, token.strip() if scheme.lower() == "bearer" else "")


def _too_large(request: Request, error: PayloadTooLarge) -> HTTPResponse:
    return refusal(Refused(413, "portal_anexo_grande"))


def _address(request: Request) -> str:
    return str(request.remote_addr or request.ip)
