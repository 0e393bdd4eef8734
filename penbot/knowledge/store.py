"""Serve the newest valid snapshot while editors change the files."""

from __future__ import annotations

import contextlib
import logging
import time
from pathlib import Path

from penbot.knowledge.load import load
from penbot.knowledge.model import Knowledge

_LOOK_EVERY = 0.2  # seconds between two looks at the folder
log = logging.getLogger(__name__)


class KnowledgeStore:
    """Reloads when a file changes; a broken edit keeps the last good content."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._looked = time.monotonic()
        self._seen = self._fingerprint()
        self._current = load(root)

    def current(self) -> Knowledge:
        """The content as it stands now. Never raises: what cannot be read is logged and left aside."""
        if time.monotonic() - self._looked < _LOOK_EVERY:
            return self._current
        self._looked = time.monotonic()
        seen = self._fingerprint()
        if seen != self._seen:
            self._seen = seen
            try:
                self._current = load(self._root)
                log.info("knowledge.reloaded version=%s", self._current.version)
            except Exception as err:  # whatever an edit does, the conversation goes on
                log.error("knowledge.rejected keeping=%s reason=%s", self._current.version, err)
        return self._current

    def _fingerprint(self) -> frozenset[tuple[str, int, int]]:
        found = set()
        for path in self._root.rglob("*.yml"):
            with contextlib.suppress(FileNotFoundError):  # an editor replaced it just now
                stat = path.stat()
                found.add((str(path), stat.st_mtime_ns, stat.st_size))
        return frozenset(found)
