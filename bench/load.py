"""Messages sent to a running bot, and how long each took: to be parsed, and through the REST channel."""

from __future__ import annotations

import math
import threading
import time
import uuid
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import requests

from bench.bots import BotError, Running

WARM_UP = 20  # messages before each series, not counted
CONVERSATION = 8  # messages

_TIMEOUT = 60  # seconds for one reply
_LEVEL_LIMIT = 900  # seconds for one series


@dataclass(frozen=True)
class Load:
    """What came of a series: seconds of each message, messages a second, and how many had no real answer."""

    seconds: list[float]
    per_second: float
    unanswered: int


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least this share of them does not exceed."""
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def parsed(bot: Running, texts: Sequence[str]) -> tuple[list[dict[str, Any]], list[float]]:
    """What the bot made of each text ({} where it failed), and the seconds that took; one after the other."""
    line, address = _line(), f"{bot.address}/model/parse?token={bot.token}"
    answers: list[dict[str, Any]] = []
    seconds: list[float] = []
    _post_each(line, address, [{"text": text} for text in texts[:WARM_UP]], [], [])
    _post_each(line, address, [{"text": text} for text in texts], answers, seconds)
    return answers, seconds


def talked(bot: Running, texts: Sequence[str], users: int, conversations_each: int) -> Load:
    """Users who talk at the same time, each one conversation after another, each message after its reply."""
    talks = _talks(texts)
    address = f"{bot.address}/webhooks/rest/webhook"
    for talk in _talks(texts[:WARM_UP]):
        _post_each(_line(), address, _messages(talk), [], [])
    together = threading.Barrier(users)

    def user(number: int) -> tuple[float, float, list[Any], list[float]]:
        line, answers, seconds = _line(), list[Any](), list[float]()
        own = [_messages(talks[(number + users * turn) % len(talks)]) for turn in range(conversations_each)]
        together.wait(_TIMEOUT)
        began = time.monotonic()
        for messages in own:
            _post_each(line, address, messages, answers, seconds, until=began + _LEVEL_LIMIT)
        return began, time.monotonic(), answers, seconds

    with ThreadPoolExecutor(users) as pool:
        done = list(pool.map(user, range(users)))
    seconds = [second for *_, of_user in done for second in of_user]
    wall = max(end for _, end, *_ in done) - min(began for began, *_ in done)
    unanswered = sum(not _answered(reply, bot.silence) for _, _, replies, _ in done for reply in replies)
    return Load(seconds, len(seconds) / wall, unanswered)


def _line() -> requests.Session:
    line = requests.Session()
    line.trust_env = False  # no proxy stands between us and loopback
    return line


def _talks(texts: Sequence[str]) -> list[Sequence[str]]:
    return [texts[at : at + CONVERSATION] for at in range(0, len(texts), CONVERSATION)]


def _messages(talk: Sequence[str]) -> list[dict[str, str]]:
    sender = uuid.uuid4().hex
    return [{"sender": sender, "message": text} for text in talk]


def _post_each(
    line: requests.Session,
    address: str,
    bodies: list[dict[str, str]],
    answers: list[Any],
    seconds: list[float],
    until: float = math.inf,
) -> None:
    """Send each body and note its time and its answer, {} for an error. Raises BotError if the server is gone."""
    for body in bodies:
        began = time.perf_counter()
        try:
            reply = line.post(address, json=body, timeout=_TIMEOUT)
        except requests.RequestException as err:
            raise BotError(f"o servidor deixou de responder durante a medida ({type(err).__name__})") from err
        seconds.append(time.perf_counter() - began)
        answers.append(reply.json() if reply.ok else {})
        if time.monotonic() > until:
            raise BotError(f"a série de mensagens passou de {_LEVEL_LIMIT} segundos")


def _answered(reply: Sequence[dict[str, Any]], silence: str | None) -> bool:
    texts = [message.get("text") for message in reply]
    return any(texts) and silence not in texts
