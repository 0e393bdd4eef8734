"""The door: typed text is text, and a button works only where the bot offered it.

A button's payload carries a signature over itself and the conversation it was offered in. The key is
kept in the assistant's home, so that buttons outlive a restart; with another key they are just text.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from dataclasses import dataclass
from pathlib import Path

from itsdangerous import BadSignature, Signer

from penbot.keyfile import key_in

LONGEST = 8000  # characters of a message that are kept; the rest is left out
_PAYLOAD = re.compile(r"/(?P<intent>\w+)(?P<entities>\{.*\})?")
_COMMAND = re.compile(r"[/\s]+\w+\s*($|[{@])")
_INVISIBLE = re.compile(r"[\u0000-\u0008\u000b-\u001f\u007f\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")


@dataclass(frozen=True)
class Pressed:
    """A button of ours: its intent and the ids it carries."""

    intent: str
    entities: dict[str, str]


@dataclass(frozen=True)
class Typed:
    """What somebody wrote, safe for Rasa: never a command. `command`: it had the shape of one."""

    text: str
    command: bool = False


class Door:
    """Signs what goes out and judges what comes in. Same key, same judgement, in every process."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    @classmethod
    def at(cls, home: Path) -> Door:
        """The door whose key lies in a folder; made there, readable by its owner only, if missing."""
        return cls(key_in(home / "chave_dos_botoes", lambda: secrets.token_hex(32)))

    def payload(self, conversation: str, intent: str, entities: dict[str, str]) -> str:
        """What a button sends back: '/intent{...}' and a signature, good for this conversation only."""
        plain = f"/{intent}{json.dumps(entities, sort_keys=True) if entities else ''}"
        return self._signer(conversation).sign(plain).decode()

    def judge(self, conversation: str, message: str) -> Pressed | Typed:
        """What came in: one of this conversation's buttons, or text."""
        try:
            plain = self._signer(conversation).unsign(message.strip()).decode()
        except (BadSignature, UnicodeError):
            return typed(message)
        match = _PAYLOAD.fullmatch(plain)
        if match is None:
            return typed(message)
        return Pressed(match["intent"], json.loads(match["entities"] or "{}"))

    def _signer(self, conversation: str) -> Signer:
        return Signer(self._key, salt=f"botao:{conversation}".encode(), sep="~", digest_method=hashlib.sha256)


def typed(message: str) -> Typed:
    """Text as Rasa may have it: no command sign in front, no invisible characters, not without end."""
    text = _INVISIBLE.sub(" ", message)[:LONGEST].strip()
    if not text.startswith("/"):
        return Typed(text)
    return Typed(text.lstrip("/").strip().lstrip("/ "), command=_COMMAND.match(text) is not None)
