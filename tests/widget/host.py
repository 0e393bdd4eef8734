"""A site of somebody else, on an origin of its own, with a page that embeds the chat."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PAGE = """<!doctype html><html lang="pt-BR"><head><meta charset="utf-8"><title>Portal de outro</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="/page.css"></head>
<body><main><h1>Outro portal</h1><p class="own">Texto do portal.</p><button class="own">Botão do portal</button></main>
{tag}</body></html>"""


class Host:
    """`policy`: its Content-Security-Policy. `css`: its style sheet. `tag`: how it embeds the chat."""

    def __init__(self) -> None:
        self.tag = self.css = self.policy = self.script = ""
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        host = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                kinds = {"/page.css": ("text/css", host.css), "/page.js": ("text/javascript", host.script)}
                kind, text = kinds.get(self.path, ("text/html; charset=utf-8", PAGE.format(tag=host.tag)))
                self.send_response(200)
                self.send_header("Content-Type", kind)
                if host.policy:
                    self.send_header("Content-Security-Policy", host.policy)
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, *_: object) -> None:
                """Quiet."""

        return Handler
