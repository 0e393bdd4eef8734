"""Secrets that this machine makes once and keeps in the assistant's home, readable by their owner only."""

from __future__ import annotations

import contextlib
import os
import secrets
import tempfile
from pathlib import Path


def key_at(home: Path, name: str) -> bytes:
    """The key in a file of the home; made there if missing. Same home, same key, in every process."""
    path = home / name
    if not path.exists():
        home.mkdir(parents=True, exist_ok=True)
        _write_once(path, secrets.token_hex(32))
    return path.read_bytes()


def _write_once(path: Path, text: str) -> None:
    """Whole or not at all, by whichever process comes first."""
    handle, draft = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "w") as file:
        file.write(text)
    with contextlib.suppress(FileExistsError):
        os.link(draft, path)
    os.unlink(draft)
