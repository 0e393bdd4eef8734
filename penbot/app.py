"""Composition root: builds what the settings ask for. The only chooser."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from penbot.channel.attachments import Attachments
from penbot.channel.door import Door
from penbot.knowledge import KnowledgeStore
from penbot.settings import Settings


@dataclass(frozen=True)
class App:
    settings: Settings
    store: KnowledgeStore
    door: Door
    attachments: Attachments


@lru_cache(maxsize=1)
def app() -> App:
    """The application of this process, from its environment. Raises SettingsError, ContentError."""
    settings = Settings.read()
    return App(
        settings,
        KnowledgeStore(settings.knowledge),
        Door.at(settings.home),
        Attachments.at(settings.home),
    )
