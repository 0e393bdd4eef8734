"""What can be measured: something that trains, then serves Rasa's HTTP API and REST channel on loopback."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol


class BotError(Exception):
    """A bot could not be trained, started or measured. The message is for the person who measures."""


@dataclass(frozen=True)
class Running:
    """A bot that answers. `silence` is the text that says that it could not answer, where it has one."""

    address: str
    token: str
    processes: list[int]
    ready_in: float  # seconds
    silence: str | None = None


class Bot(Protocol):
    """Stops all it started when `serve` is left."""

    def train(self) -> float:
        """Train from nothing. Returns the seconds of the whole process."""

    def serve(self) -> AbstractContextManager[Running]:
        """Start with the model trained last and an empty store of conversations."""
