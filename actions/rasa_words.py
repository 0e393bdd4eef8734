"""The seam between Rasa's dicts and our types. Nothing else knows both."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from penbot.channel.door import Door
from penbot.dialogue.heard import Guess, Heard, Two
from penbot.knowledge import Answer, Button
from penbot.knowledge.vocabulary import Mention


def heard_in(message: dict[str, Any]) -> Heard:
    """Rasa's latest_message (the parse of the last user message) as we read it."""
    ranking = message.get("intent_ranking") or [message.get("intent") or {}]
    top = message.get("intent") or {}
    if top.get("name") == "nlu_fallback" and ranking[0].get("name") != "nlu_fallback":
        ranking = [top, *ranking]
    text = message.get("text") or ""
    heard = Heard(
        text=text,
        ranking=_guesses(ranking) or (Guess("nlu_fallback", 1.0),),
        mentions=_mentions(message.get("entities") or []),
        likely_products=_guesses(message.get("produtos_provaveis") or []),
        pressed=text.startswith("/"),  # the door lets through no typed text that begins so
        likely_questions=_guesses(message.get("perguntas_provaveis") or []),
    )
    ways = message.get("partes") or []
    return replace(
        heard, ways=tuple(Two(way["said_so"], tuple(_part(heard, part) for part in way["parts"])) for way in ways)
    )


def _part(heard: Heard, part: dict[str, Any]) -> Heard:
    """A stretch of a message as a message of its own."""
    start, end = part["start"], part["end"]
    mentions = [
        replace(m, start=m.start - start, end=m.end - start)
        for m in heard.mentions
        if start <= m.start and m.end <= end
    ]
    return Heard(
        heard.text[start:end],
        _guesses(part.get("intent_ranking") or []) or heard.ranking,
        tuple(mentions),
        _guesses(part.get("produtos_provaveis") or []),
    )


def _guesses(ranking: list[dict[str, Any]]) -> tuple[Guess, ...]:
    return tuple(Guess(g["name"], float(g.get("confidence") or 0.0)) for g in ranking if g.get("name"))


def _mentions(entities: list[dict[str, Any]]) -> tuple[Mention, ...]:
    """Entities over the same characters are the meanings of one ambiguous name."""
    places: dict[tuple[str, int, int], list[str]] = {}
    for n, entity in enumerate(entities):
        start, end = entity.get("start"), entity.get("end")
        place = (-n - 1, -n - 1) if start is None or end is None else (start, end)
        places.setdefault((entity["entity"], *place), []).append(entity["value"])
    return tuple(Mention(kind, tuple(ids), start, end) for (kind, start, end), ids in places.items())


def spoken(answer: Answer, conversation: str, door: Door) -> dict[str, Any]:
    """An answer as `dispatcher.utter_message` takes it, its buttons signed for this conversation."""

    def signed(button: Button) -> str:
        return door.payload(conversation, button.intent, button.entities)

    buttons = [{"title": button.title, "payload": signed(button)} for button in answer.buttons]
    custom = answer.custom
    if custom and "fields" in custom:  # the lines of a ticket carry the button that changes them
        custom = {**custom, "fields": [{**line, "change": signed(line["change"])} for line in custom["fields"]]}
    return {"text": answer.text, "buttons": buttons or None, "json_message": custom}
