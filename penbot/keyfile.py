"""A key kept in a file of the assistant's home, so that what it signs or locks outlives a restart."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path


def key_in(path: Path, make: Callable[[], str]) -> bytes:
    """The key in this file; made there, readable by its owner only, if missing."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        _write_once(path, make())
    return path.read_bytes()


def _write_once(path: Path, text: str) -> None:
    """Whole or not at all, by whichever process comes first."""
    handle, draft = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "w") as file:
        file.write(text)
    with contextlib.suppress(FileExistsError):
        os.link(draft, path)
    os.unlink(draft)
