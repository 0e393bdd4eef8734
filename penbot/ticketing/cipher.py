"""What we keep of a person is locked, and what we compare of them is a fingerprint."""

from __future__ import annotations

import hashlib
import hmac
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken

from penbot.keyfile import key_in

_FINGERPRINT = 32  # hexadecimal digits: 128 bits


class Unreadable(Exception):
    """Something was locked with another key, or is damaged."""


class Cipher:
    """Locks and fingerprints with one key. Same key, same fingerprints, in every process."""

    def __init__(self, key: bytes | str) -> None:
        self._lock = Fernet(key)
        secret = key.encode() if isinstance(key, str) else key
        self._fingerprints = hmac.digest(secret.strip(), b"penbot.fingerprints", hashlib.sha256)

    @classmethod
    def at(cls, home: Path, key: str | None = None) -> Cipher:
        """With this key, else the one that lies in a folder, made there if missing."""
        return cls(key or key_in(home / "chave_dos_rascunhos", lambda: Fernet.generate_key().decode()))

    def lock(self, content: bytes) -> bytes:
        return self._lock.encrypt(content)

    def unlock(self, locked: bytes) -> bytes:
        """Raises Unreadable."""
        try:
            return self._lock.decrypt(bytes(locked))
        except InvalidToken as err:
            raise Unreadable("foi guardado com outra chave (PENBOT_DRAFT_KEY), ou está danificado") from err

    def fingerprint(self, kind: str, text: str) -> str:
        """The same for the same text of the same kind, and nothing can be read from it."""
        said = f"{kind}:{text}".encode(errors="backslashreplace")
        return hmac.digest(self._fingerprints, said, hashlib.sha256).hex()[:_FINGERPRINT]
