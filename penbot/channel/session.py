"""Sessions of the portal: signed, expiring, bound to the site they were made for. Clients never choose an id."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from pathlib import Path

from itsdangerous import BadData, URLSafeTimedSerializer

from penbot.keyfile import key_in

LASTS = 12 * 60 * 60  # seconds


@dataclass(frozen=True)
class Session:
    """Whose conversation it is, and the origin whose pages may speak in it."""

    conversation: str
    origin: str


class Sessions:
    """Mints and reads tokens. Same key, same judgement, in every process."""

    def __init__(self, key: bytes, lasts: int = LASTS) -> None:
        self.lasts = lasts
        self._serializer = URLSafeTimedSerializer(
            key, salt=b"sessao-do-portal", signer_kwargs={"digest_method": hashlib.sha256, "key_derivation": "hmac"}
        )

    @classmethod
    def at(cls, home: Path) -> Sessions:
        return cls(key_in(home / "chave_das_sessoes", lambda: secrets.token_hex(32)))

    def mint(self, origin: str) -> str:
        return str(self._serializer.dumps([secrets.token_hex(16), origin]))

    def read(self, token: str) -> Session | None:
        """None for what we did not sign, or signed too long ago."""
        try:
            conversation, origin = self._serializer.loads(token, max_age=self.lasts)
        except (BadData, ValueError):
            return None
        return Session(conversation, origin)
