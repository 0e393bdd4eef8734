"""What goes wrong between us and a desk, on purpose: a proxy that forwards HTTP, and spoils what it is told to."""

from __future__ import annotations

import contextlib
import enum
import socket
import threading

_PATIENCE = 60  # seconds for any single wait


class Fault(enum.Enum):
    BUSY = "answers 503 by itself"
    LIMITED = "answers 429 by itself, with Retry-After: 7"
    REDIRECT = "answers a redirect to another host by itself"
    HANG_UP = "closes before it forwards"
    LOST = "forwards, and closes before the answer"
    CUT = "forwards, and closes in the middle of the answer"
    SILENT = "forwards, and never answers"
    BROKEN = "forwards, and answers 500"
    BAD_GATEWAY = "forwards, and answers 502"
    GATEWAY_TIMEOUT = "forwards, and answers 504"
    TWICE = "forwards it twice, and answers as the second time"


_BY_ITSELF = {
    Fault.BUSY: b"503 Busy\r\n",
    Fault.LIMITED: b"429 Slow down\r\nRetry-After: 7\r\n",
    Fault.REDIRECT: b"302 Found\r\nLocation: http://outro.invalid/REST/2.0/ticket\r\n",
    Fault.BROKEN: b"500 Oops\r\n",
    Fault.BAD_GATEWAY: b"502 Bad gateway\r\n",
    Fault.GATEWAY_TIMEOUT: b"504 Gateway timeout\r\n",
}


class Proxy:
    """`faults`: what happens to the next calls of `spoils`, one each; then they go through again.

    `writes`: how many writes reached the proxy, forwarded or not.
    """

    def __init__(self, upstream: tuple[str, int]) -> None:
        self._upstream = upstream
        self.faults: list[Fault] = []
        self.spoils = "writes"
        self.writes = 0
        self._busy: list[threading.Thread] = []
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._socket.close()

    def settle(self) -> None:
        """Wait until everything that came in has been dealt with."""
        for thread in self._busy:
            thread.join(_PATIENCE)

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._socket.accept()
                thread = threading.Thread(target=self._serve, args=(connection,), daemon=True)
                self._busy.append(thread)
                thread.start()

    def _serve(self, connection: socket.socket) -> None:
        connection.settimeout(_PATIENCE)
        with connection, contextlib.suppress(OSError):
            head, body = _request(connection)
            if head:
                self._exchange(connection, _for_one_call(head) + body, write=not head.startswith(b"GET "))

    def _exchange(self, connection: socket.socket, request: bytes, write: bool) -> None:
        self.writes += write
        spoiled = self.faults and write == (self.spoils == "writes")
        fault = self.faults.pop(0) if spoiled else None
        if fault is Fault.HANG_UP:
            return
        if fault in (Fault.BUSY, Fault.LIMITED, Fault.REDIRECT):
            connection.sendall(_answer(fault))
            return
        if fault is Fault.TWICE:
            self._forward(request)
        answer = self._forward(request)
        if fault is Fault.LOST:
            return
        if fault is Fault.SILENT:
            connection.recv(1)  # returns when the other side gives up
        elif fault is Fault.CUT:
            connection.sendall(answer[:-5])
        elif fault in _BY_ITSELF:
            connection.sendall(_answer(fault))
        else:
            connection.sendall(answer)

    def _forward(self, request: bytes) -> bytes:
        with socket.create_connection(self._upstream, timeout=_PATIENCE) as upstream:
            upstream.sendall(request)
            pieces = iter(lambda: upstream.recv(65536), b"")
            return b"".join(pieces)


def _request(connection: socket.socket) -> tuple[bytes, bytes]:
    """A request's head and body; nothing where the other side opened a connection and thought better of it."""
    received = b""
    while b"\r\n\r\n" not in received:
        piece = connection.recv(65536)
        if not piece:
            return b"", b""
        received += piece
    head, _, body = received.partition(b"\r\n\r\n")
    length = next((int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0)
    while len(body) < length:
        body += connection.recv(65536)
    return head, body


def _for_one_call(head: bytes) -> bytes:
    """The head, asking for an answer that ends with the connection."""
    lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"connection:")]
    return b"\r\n".join([*lines, b"Connection: close"]) + b"\r\n\r\n"


def _answer(fault: Fault) -> bytes:
    return b"HTTP/1.1 " + _BY_ITSELF[fault] + b"Content-Length: 0\r\nConnection: close\r\n\r\n"
