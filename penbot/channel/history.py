"""What was said in a conversation, read from Rasa's own record; and its erasure there."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

Item = dict[str, Any]


def mark(kind: str, content: str) -> str:
    """Stands for a message ('text' or 'payload') in Rasa's record: the same only for the same message."""
    return hashlib.sha256(f"{kind}:{content}".encode(errors="replace")).hexdigest()[:16]


@dataclass
class Exchange:
    """A numbered message of the user and the answers to it, ready to be shown."""

    number: int
    mark: str
    text: str
    at: float
    answers: list[Item] = field(default_factory=list)

    def items(self) -> list[Item]:
        user = {"who": "user", "number": self.number, "text": self.text, "at": self.at}
        return [user, *({"who": "bot", **answer} for answer in self.answers)]


class History:
    """`store` gives Rasa's tracker store, which is there only once the server runs."""

    def __init__(self, store: Callable[[], Any]) -> None:
        self._store = store

    async def exchanges(self, conversation: str) -> list[Exchange]:
        """Oldest first; a message that was sent again because it was never answered is there once."""
        tracker = await self._store().retrieve_full_tracker(conversation)
        events = [event.as_dict() for event in tracker.events] if tracker else []
        found = list(_exchanges(events))
        last = {exchange.number: exchange for exchange in found}
        return [exchange for exchange in found if last[exchange.number] is exchange]

    def erase(self, conversation: str) -> None:
        """Every event of a conversation, from the database. Raises what SQLAlchemy raises."""
        store = self._store()
        while hasattr(store, "_tracker_store"):  # Rasa wraps its store, twice
            store = store._tracker_store
        with store.session_scope() as session:
            session.query(store.SQLEvent).filter(store.SQLEvent.sender_id == conversation).delete()
            session.commit()


def _exchanges(events: Iterable[dict[str, Any]]) -> Iterable[Exchange]:
    current: Exchange | None = None
    titles: dict[str, str] = {}
    for event in events:
        metadata = event.get("metadata") or {}
        if event["event"] == "user" and isinstance(metadata.get("number"), int):
            if current:
                yield current
            text = titles.get(metadata["mark"]) or event.get("text") or ""
            current = Exchange(metadata["number"], metadata["mark"], text, event["timestamp"])
        elif event["event"] == "bot" and current:
            answer = _answer(event, f"{current.number}-{len(current.answers)}")
            current.answers.append(answer)
            titles.update((mark("payload", payload), title) for payload, title in _buttons(answer))
    if current:
        yield current


def _answer(event: dict[str, Any], id_: str) -> Item:
    data = event.get("data") or {}
    parts = {"text": event.get("text"), "buttons": data.get("buttons"), "custom": data.get("custom")}
    return {"id": id_, **{key: part for key, part in parts.items() if part}, "at": event["timestamp"]}


def _buttons(answer: Item) -> Iterable[tuple[str, str]]:
    for button in answer.get("buttons", []):
        yield button["payload"], button["title"]
    for line in answer.get("custom", {}).get("fields", []):
        if line.get("change"):
            yield line["change"], f"Alterar: {line['label']}"
