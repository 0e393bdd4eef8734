"""A network that can fail, between a browser and the server: a relay with moods."""

from __future__ import annotations

import contextlib
import socket
import threading
import time


class Line:
    """`silence`: cuts a connection after so many seconds without a byte.
    `cut_at`: cuts the connection over which this text comes, once. `up`: takes connections at all."""

    def __init__(self, port: int) -> None:
        self.silence: float | None = None
        self.cut_at: bytes | None = None
        self.up = True
        self.cuts = 0
        self._to = port
        self._open: set[socket.socket] = set()
        self._listener = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def down(self) -> None:
        """Every connection breaks, and no new one is taken."""
        self.up = False
        self._break(*self._open)

    def close(self) -> None:
        self._listener.close()
        self._break(*self._open)

    def _break(self, *sockets: socket.socket) -> None:
        for one in sockets:
            self._open.discard(one)
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            try:
                if not self.up:
                    raise ConnectionError
                server = socket.create_connection(("127.0.0.1", self._to), timeout=5)
            except OSError:
                client.close()
                continue
            server.settimeout(None)
            self._open |= {client, server}
            heard = [time.monotonic()]
            threading.Thread(target=self._carry, args=(client, server, heard), daemon=True).start()
            threading.Thread(target=self._carry, args=(server, client, heard), daemon=True).start()
            threading.Thread(target=self._watch, args=(client, server, heard), daemon=True).start()

    def _carry(self, source: socket.socket, target: socket.socket, heard: list[float]) -> None:
        try:
            while data := source.recv(65536):
                heard[0] = time.monotonic()
                if self.cut_at and self.cut_at in data:
                    self.cut_at, self.cuts = None, self.cuts + 1
                    break
                target.sendall(data)
        except OSError:
            pass
        self._break(source, target)

    def _watch(self, client: socket.socket, server: socket.socket, heard: list[float]) -> None:
        while client in self._open:
            if self.silence is not None and time.monotonic() - heard[0] > self.silence:
                self.cuts += 1
                self._break(client, server)
            time.sleep(0.1)
