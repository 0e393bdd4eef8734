"""The action that takes every turn. It only translates between Rasa and penbot.dialogue."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.rasa_words import heard_in, spoken
from penbot.app import App, app
from penbot.dialogue.respond import respond
from penbot.dialogue.state import State
from penbot.dialogue.turn import Office
from penbot.knowledge import Answer
from penbot.ticketing.desk import File

log = logging.getLogger(__name__)


class Converse(Action):
    """Answers one message and remembers what the conversation is about."""

    def __init__(self, application: App | None = None) -> None:
        self.app = application or app()

    def name(self) -> str:
        return "action_conversar"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """In a thread: a turn may wait for a desk, and the other conversations must not wait with it."""
        return await asyncio.to_thread(self._take, dispatcher, tracker)

    def _take(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[dict[str, Any]]:
        knowledge, conversation = self.app.store.current(), tracker.sender_id
        try:
            kept = self.app.drafts.load(conversation)
            state = State.from_slots(tracker.slots).with_private(kept)
            office = self._office(conversation)
            turn = respond(heard_in(tracker.latest_message), state, knowledge, office)
            private = turn.state.to_private()
            if kept is not None or private is not None:
                self.app.drafts.save(conversation, private)
        except Exception:  # Rasa would log it and leave the user without an answer
            log.exception("action.failed conversation=%s", conversation)
            dispatcher.utter_message(**spoken(Answer(knowledge.say("erro_interno")), conversation, self.app.door))
            return []
        for answer in turn.answers:
            dispatcher.utter_message(**spoken(answer, conversation, self.app.door))
        return [SlotSet(name, value) for name, value in turn.state.to_slots().items()]

    def _office(self, conversation: str) -> Office:
        def evidence() -> tuple[File, ...]:
            return tuple(File(a.name, a.media_type, a.content) for a in self.app.attachments.of(conversation))

        def forget() -> None:
            self.app.attachments.delete(conversation)

        return Office(self.app.tickets, conversation, evidence=evidence, forget_evidence=forget)
