"""Composition root: builds what the settings ask for. The only chooser."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

from sqlalchemy.engine import Engine

from penbot.channel.attachments import Attachments
from penbot.channel.door import Door
from penbot.knowledge import Knowledge, KnowledgeStore
from penbot.settings import Settings
from penbot.ticketing.cipher import Cipher
from penbot.ticketing.clock import utc_now
from penbot.ticketing.database import database
from penbot.ticketing.delivery import Delivery
from penbot.ticketing.desk import Desk
from penbot.ticketing.desks.local import LocalDesk
from penbot.ticketing.drafts import KEPT, DraftStore
from penbot.ticketing.outbox import Outbox
from penbot.ticketing.tickets import Tickets
from penbot.ticketing.worker import Worker


@dataclass(frozen=True)
class App:
    """What has to do with tickets is built when it is first asked for: the chat server needs none of it.

    Then it may raise DatabaseError.
    """

    settings: Settings
    store: KnowledgeStore
    door: Door
    attachments: Attachments

    @cached_property
    def database(self) -> Engine:
        return database(self.settings.database)

    @cached_property
    def cipher(self) -> Cipher:
        return Cipher.at(self.settings.home, self.settings.draft_key)

    @cached_property
    def desk(self) -> Desk | None:
        """None where tickets are opened in the Portal, by hand."""
        if self.settings.desk == "portal":
            return None
        if self.settings.desk == "local":
            return LocalDesk(self.database, utc_now)
        return _remote(self.settings, self.store.current())

    @cached_property
    def outbox(self) -> Outbox:
        return Outbox(self.database, self.cipher, utc_now)

    @cached_property
    def drafts(self) -> DraftStore:
        return DraftStore(self.database, self.cipher, utc_now)

    @cached_property
    def delivery(self) -> Delivery | None:
        return Delivery(self.outbox, self.desk, utc_now) if self.desk else None

    @cached_property
    def tickets(self) -> Tickets | None:
        if self.desk is None or self.delivery is None:
            return None
        return Tickets(self.database, self.cipher, self.outbox, self.desk, self.delivery, utc_now)

    def _forget_attachments(self) -> None:
        """What was sent for a ticket that never came of it goes with its draft."""
        for conversation in self.attachments.abandoned(KEPT.total_seconds()):
            if self.drafts.load(conversation) is None:
                self.attachments.delete(conversation)

    @cached_property
    def worker(self) -> Worker | None:
        if self.delivery is None:
            return None
        tidying = [self.drafts.purge, self._forget_attachments]
        if isinstance(self.desk, LocalDesk):
            tidying.append(self.desk.tick)
        return Worker(self.delivery, tidying)


def _remote(settings: Settings, knowledge: Knowledge) -> Desk:
    """Imported only where it is used. Settings.read has seen to what it needs."""
    if settings.desk == "rt":
        from penbot.ticketing.desks.rt import RtDesk

        return RtDesk(
            settings.rt_url or "",
            settings.rt_token or "",
            products=knowledge.products,
            spheres=knowledge.spheres,
            support_types=knowledge.support_types,
        )
    from penbot.ticketing.desks.glpi import GlpiDesk

    return GlpiDesk(
        settings.glpi_url or "",
        settings.glpi_app_token or "",
        settings.glpi_user_token or "",
        products=knowledge.products,
        spheres=knowledge.spheres,
        support_types=knowledge.support_types,
    )


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
