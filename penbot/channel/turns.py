"""Turns in the making: a message runs once, however often and from wherever it is sent.

A turn goes on when its client goes away. Whoever sends the same message with the same number again
follows the turn that runs, or hears what it said.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from penbot.channel.door import Pressed, Typed
from penbot.channel.history import History
from penbot.channel.rest import WholeMessages, user_message

log = logging.getLogger(__name__)
Line = dict[str, Any]

BEAT_EVERY = 1.0  # seconds: some proxies cut after two silent ones
BEAT: Line = {"type": "beat"}
_REMEMBERED = 10_000  # conversations whose last number is known without reading the store


@dataclass(frozen=True)
class Sent:
    """A message as its client numbered it. `mark`: see `penbot.channel.history.mark`."""

    conversation: str
    number: int
    mark: str
    came_in: Pressed | Typed


@dataclass
class Turn:
    """What is said to one message, line by line; the last line is of the type 'end'."""

    mark: str
    lines: list[Line] = field(default_factory=list)
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    def say(self, line: Line) -> None:
        self.lines.append(line)
        news, self._news = self._news, asyncio.Event()
        news.set()

    @property
    def ended(self) -> bool:
        return bool(self.lines) and self.lines[-1]["type"] == "end"

    async def follow(self) -> AsyncIterator[Line]:
        """All lines from the first, as they come, with a beat where nothing comes, and one at once."""
        given = 0
        yield BEAT
        while True:
            news = self._news
            while given < len(self.lines):
                yield self.lines[given]
                given += 1
            if self.ended:
                return
            try:
                await asyncio.wait_for(news.wait(), BEAT_EVERY)
            except asyncio.TimeoutError:
                yield BEAT


class _Out(WholeMessages):
    """Tells each message to the turn at once."""

    def __init__(self, turn: Turn, number: int) -> None:
        super().__init__()
        self._turn, self._number = turn, number

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        await super().send_response(recipient_id, message)
        told = {key: value for key, value in self.messages[-1].items() if key != "recipient_id"}
        self._turn.say({"type": "message", "id": f"{self._number}-{len(self.messages) - 1}", **told})


class Turns:
    """The turns of this process. `receive` is Rasa; `sorry` the sentence for when it fails."""

    def __init__(self, receive: Callable[[Any], Awaitable[Any]], history: History, sorry: Callable[[], str]) -> None:
        self._receive, self._history, self._sorry = receive, history, sorry
        self._running: dict[tuple[str, int], tuple[Turn, asyncio.Task[None]]] = {}
        self._last: OrderedDict[str, int] = OrderedDict()

    def take(self, sent: Sent) -> Turn:
        """The turn of this message: the one that runs, the one that is over, or a new one."""
        key = (sent.conversation, sent.number)
        if key in self._running:
            running = self._running[key][0]
            return running if running.mark == sent.mark else _conflict(sent, sent.number + 1)
        turn = Turn(sent.mark)
        task = asyncio.get_running_loop().create_task(self._work(turn, sent))
        self._running[key] = (turn, task)
        task.add_done_callback(lambda _: self._running.pop(key, None))
        return turn

    async def over(self, conversation: str) -> None:
        """Wait for what still runs in a conversation."""
        tasks = [task for (where, _), (_, task) in self._running.items() if where == conversation]
        await asyncio.gather(*tasks, return_exceptions=True)
        self._last.pop(conversation, None)

    async def _work(self, turn: Turn, sent: Sent) -> None:
        try:
            for line in await self._told_before(sent) or await self._told_now(turn, sent):
                turn.say(line)
        except Exception:
            log.exception("channel.failed channel=portal")
            turn.say({"type": "end", "status": "error", "erro": self._sorry()})

    async def _told_before(self, sent: Sent) -> list[Line] | None:
        """What was said to a number that was taken already; None for a new one."""
        if sent.number > self._last.get(sent.conversation, sent.number):
            return None
        exchanges = await self._history.exchanges(sent.conversation)
        last = max((exchange.number for exchange in exchanges), default=0)
        self._remember(sent.conversation, last)
        before = next((exchange for exchange in exchanges if exchange.number == sent.number), None)
        if before is None or not before.answers:
            return None
        if before.mark != sent.mark:
            return _conflict(sent, last + 1).lines
        told: list[Line] = [{"type": "message", **answer} for answer in before.answers]
        for line in told:
            line.pop("at")
        return [*told, {"type": "end", "status": "done"}]

    async def _told_now(self, turn: Turn, sent: Sent) -> list[Line]:
        out = _Out(turn, sent.number)
        message = user_message(sent.conversation, sent.came_in, out, "portal")
        message.metadata = {"number": sent.number, "mark": sent.mark}
        await self._receive(message)
        if not out.messages:  # Rasa answers nothing when its stores or the action server fail
            return [{"type": "end", "status": "error", "erro": self._sorry()}]
        self._remember(sent.conversation, max(sent.number, self._last.get(sent.conversation, 0)))
        return [{"type": "end", "status": "done"}]

    def _remember(self, conversation: str, number: int) -> None:
        self._last[conversation] = number
        self._last.move_to_end(conversation)
        if len(self._last) > _REMEMBERED:
            self._last.popitem(last=False)


def _conflict(sent: Sent, next_number: int) -> Turn:
    """Another message has this number: its client has to take the next one."""
    turn = Turn(sent.mark)
    turn.say({"type": "end", "status": "conflict", "next": next_number})
    return turn
