"""A conversation in one process: Rasa's agent, our door and our actions, no sockets."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import Any

import structlog
from rasa.core.agent import Agent
from rasa.utils.endpoints import EndpointConfig
from rasa_sdk.executor import ActionExecutor

from penbot.app import app
from penbot.channel.rest import WholeMessages, user_message

structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))

Messages = list[dict[str, Any]]


class InProcessActions(EndpointConfig):
    """Stands where Rasa would call the action server, and runs the same code."""

    def __init__(self) -> None:
        super().__init__(url="in-process")
        self._executor = ActionExecutor()
        self._executor.register_package("actions")

    async def request(self, *args: Any, json: dict[str, Any] | None = None, **kwargs: Any) -> Any:
        return await self._executor.run(json)


class Talk:
    """Says what a person would type or press, and gives back what the bot says."""

    def __init__(self, model: Path) -> None:
        self._loop = asyncio.new_event_loop()
        self._agent = Agent.load(str(model), action_endpoint=InProcessActions())

    def say(self, text: str, conversation: str) -> Messages:
        """Typed text, or a button's payload as it was sent."""
        out = WholeMessages()
        message = user_message(conversation, app().door.judge(conversation, text), out, "test")
        self._loop.run_until_complete(self._agent.handle_message(message))
        return out.messages

    def press(self, title: str, messages: Messages, conversation: str) -> Messages:
        """The button of these messages whose title is this."""
        buttons = {b["title"]: b["payload"] for m in messages for b in m.get("buttons", [])}
        assert title in buttons, f"«{title}» não está entre {list(buttons)}"
        return self.say(buttons[title], conversation)

    def slots(self, conversation: str) -> dict[str, Any]:
        tracker = self._loop.run_until_complete(self._agent.tracker_store.get_or_create_tracker(conversation))
        return dict(tracker.current_slot_values())

    def parse(self, text: str) -> dict[str, Any]:
        return dict(self._loop.run_until_complete(self._agent.parse_message(text)))
