"""The adapters that the contract is tried on: an entry for each, with a system behind it that runs."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from penbot.knowledge import Knowledge
from penbot.ticketing.desk import Desk, Ref
from tests.desks import glpi_stub, local_book, rt_server


class Harness(Protocol):
    """A system that runs, and what its operators do there.

    `address`: where it listens, for the proxy; None for a desk without HTTP. `secrets`: what no message
    may hold. `lists`: the fields of a ticket in which the desk takes only values that it knows.
    """

    address: tuple[str, int] | None
    secrets: tuple[str, ...]
    lists: tuple[str, ...]

    def desk(self, url: str = "", *, timeout: tuple[float, float] = (5, 30), good_credentials: bool = True) -> Desk:
        """A desk of its own. `url`: instead of its usual one, like the proxy's."""

    def close(self, ref: Ref) -> None: ...

    def reply(self, ref: Ref, text: str) -> None:
        """A public answer of the staff."""

    def text(self, ref: Ref) -> str:
        """All that the ticket says, subject and internal comments included, as plain text."""

    def files(self, ref: Ref) -> dict[str, bytes]: ...


@dataclass(frozen=True)
class Adapter:
    """`missing`: what has to be installed first, '' if nothing. `start`: in a folder of its own."""

    name: str
    missing: Callable[[], str]
    start: Callable[[Path, Knowledge], AbstractContextManager[Harness]]


ADAPTERS = [
    Adapter("local", str, local_book.running),
    Adapter("rt", rt_server.missing, rt_server.running),
    Adapter("glpi 10", str, glpi_stub.running_10),
    Adapter("glpi 11", str, glpi_stub.running_11),
]
