"""The pages of the same server: a demonstration of the widget, the chat without JavaScript, the widget's files."""

from __future__ import annotations

import asyncio
import functools
import hashlib
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader
from sanic import Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from penbot.channel.markdown import to_html
from penbot.channel.origins import SELF
from penbot.channel.requests import Refused, say, sent_in, welcome
from penbot.channel.session import Session

if TYPE_CHECKING:
    from penbot.channel.portal import Portal

log = logging.getLogger(__name__)
WIDGET = Path(__file__).parents[2] / "widget"
PATHS = ("/chat", "/embed", "/portal.css", "/widget")
_COOKIE = "pen_chat"
_ANSWERED_WITHIN = 60  # seconds
_TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".map": "application/json"}
_HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors {}"
)

Page = Callable[..., Awaitable[HTTPResponse]]


class Pages:
    """Registered on Rasa's server, at its root."""

    def __init__(self, portal: Portal) -> None:
        self._portal = portal
        self._frames = " ".join(["'self'", *portal.origins.allowed])
        self._templates = Environment(
            loader=FileSystemLoader(Path(__file__).parent / "templates"),
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters["markdown"] = to_html

    def register(self, server: Sanic) -> None:
        server.add_route(self._told(self.chat), "/chat", {"GET"}, name="portal_chat")
        server.add_route(self._told(self.post), "/chat", {"POST"}, name="portal_chat_post")
        server.add_route(self._told(self.attach), "/chat/anexo", {"POST"}, name="portal_chat_attach")
        server.add_route(self.embed, "/embed", {"GET"}, name="portal_embed")
        server.add_route(self.widget, "/widget.js", {"GET", "HEAD"}, name="portal_widget")
        server.add_route(self.file, "/widget/<path:path>", {"GET", "HEAD"}, name="portal_widget_file")
        server.add_route(self.styles, "/portal.css", {"GET"}, name="portal_styles")

    def root(self, request: Request) -> HTTPResponse | None:
        """The demonstration, where Rasa would greet; None for any other path."""
        if request.path != "/" or request.method not in ("GET", "HEAD"):
            return None
        return self._page("demo.html")

    async def embed(self, request: Request) -> HTTPResponse:
        return self._page("embed.html", frames=self._frames)

    # --- the chat without JavaScript ---

    async def chat(self, request: Request) -> HTTPResponse:
        return await self._chat(self._session(request))

    async def post(self, request: Request) -> HTTPResponse:
        """One message, or 'apagar'; then the page anew, so that a reload sends nothing twice."""
        self._own_page(request)
        session = self._session(request)
        if request.form.get("acao") == "apagar":
            if session:
                await self._portal.end(session)
            answer = await self._chat(None, notice=say("portal_apagada"))
            del answer.cookies[_COOKIE]
            return answer
        token = "" if session else self._portal.mint(request)
        session = session or self._portal.session(request, token)
        await self._say(request, session)
        return self._back(token)

    async def attach(self, request: Request) -> HTTPResponse:
        self._own_page(request)
        session = self._session(request)
        token = "" if session else self._portal.mint(request)
        session = session or self._portal.session(request, token)
        file = (request.files or {}).get("arquivo")
        await self._portal.keep(session, file.name if file else "", file.body if file else b"")
        return self._back(token)

    async def _say(self, request: Request, session: Session) -> None:
        number = request.form.get("numero") or ""
        payload = request.form.get("botao")
        said = {"payload": payload} if payload else {"text": request.form.get("texto") or ""}
        body: dict[str, Any] = {"number": int(number) if number.isdecimal() else 1, **said}
        for _ in range(3):  # from another tab the number may be taken
            turn = self._portal.take(request, session, sent_in(body, session.conversation, self._portal.app.door))
            async for _line in _limited(turn.follow()):
                pass
            end = turn.lines[-1] if turn.ended else {"status": "error"}
            if end["status"] == "done":
                return
            if end["status"] == "error":
                raise Refused(503, "erro_interno")
            body["number"] = end["next"]

    async def _chat(
        self, session: Session | None, notice: str = "", alert: str = "", typed: str = "", status: int = 200
    ) -> HTTPResponse:
        items, following = await self._portal.items(session) if session else ([], 1)
        last = max((n for n, item in enumerate(items) if item["who"] == "user"), default=-1)
        return self._page(
            "chat.html",
            status=status,
            items=[{"live": n > last, **item} for n, item in enumerate(items)],
            number=following,
            notice=notice,
            alert=alert,
            typed=typed,
            **welcome(),
        )

    def _session(self, request: Request) -> Session | None:
        try:
            return self._portal.session(request, request.cookies.get(_COOKIE) or "")
        except Refused:
            return None

    def _own_page(self, request: Request) -> None:
        if self._portal.origin(request) != SELF:
            raise Refused(403, "portal_origem")

    def _back(self, token: str) -> HTTPResponse:
        answer = response.redirect("/chat#fim", status=303, headers=_HEADERS)
        if token:
            answer.cookies[_COOKIE] = token
            answer.cookies[_COOKIE]["httponly"] = True
            answer.cookies[_COOKIE]["samesite"] = "Strict"
            answer.cookies[_COOKIE]["path"] = "/chat"
        return answer

    def _told(self, page: Page) -> Page:
        """A refusal is told in the page itself, with what was typed still in its box."""

        @functools.wraps(page)
        async def told(request: Request) -> HTTPResponse:
            try:
                return await page(request)
            except Refused as refused:
                typed = (request.form or {}).get("texto") or ""
                return await self._chat(self._session(request), alert=refused.text, typed=typed, status=refused.status)
            except Exception:
                log.exception("page.failed path=%s", request.path)
                return await self._chat(None, alert=say("erro_interno"), status=500)

        return told

    # --- files ---

    async def widget(self, request: Request) -> HTTPResponse:
        return await self.file(request, "dist/widget.js")

    async def file(self, request: Request, path: str) -> HTTPResponse:
        """The widget's files are public: any site may load them, and check their hash."""
        if path not in _widget_files():
            return response.text("não encontrado", status=404)
        return _static(request, WIDGET / path, {"Access-Control-Allow-Origin": "*"})

    async def styles(self, request: Request) -> HTTPResponse:
        return _static(request, Path(__file__).parent / "templates" / "portal.css", {})

    def _page(self, template: str, status: int = 200, frames: str = "'none'", **values: Any) -> HTTPResponse:
        html = self._templates.get_template(template).render(**values)
        headers = {**_HEADERS, "Content-Security-Policy": _POLICY.format(frames)}
        return response.html(html, status=status, headers=headers)


async def _limited(lines: Any) -> Any:
    """The lines, for as long as somebody waits for a page."""
    deadline = asyncio.get_running_loop().time() + _ANSWERED_WITHIN
    async for line in lines:
        yield line
        if asyncio.get_running_loop().time() > deadline:
            return


@functools.lru_cache(maxsize=1)
def _widget_files() -> frozenset[str]:
    found = [*WIDGET.glob("src/*.js"), *WIDGET.glob("dist/*.js")]
    return frozenset(path.relative_to(WIDGET).as_posix() for path in found)


def _static(request: Request, path: Path, headers: dict[str, str]) -> HTTPResponse:
    content = path.read_bytes()
    tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    shared = {
        "Cache-Control": "no-cache",
        "Cross-Origin-Resource-Policy": "cross-origin",
        "ETag": tag,
        "X-Content-Type-Options": "nosniff",
        **headers,
    }
    if request.headers.get("if-none-match") == tag:
        return response.empty(304, headers=shared)
    return response.raw(content, headers=shared, content_type=_TYPES[path.suffix])
