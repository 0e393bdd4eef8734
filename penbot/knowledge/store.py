"""Serve the newest valid snapshot while editors change the files."""

from __future__ import annotations

import logging
from pathlib import Path

from penbot.knowledge.load import ContentError, load
from penbot.knowledge.model import Knowledge

log = logging.getLogger(__name__)


class KnowledgeStore:
    """Reloads when a file changes; a broken edit keeps the last good content."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._seen = self._fingerprint()
        self._current = load(root)

    def current(self) -> Knowledge:
        """The content as it stands now. Never raises: what cannot be read is logged and left aside."""
        seen = self._fingerprint()
        if seen != self._seen:
            self._seen = seen
            try:
                self._current = load(self._root)
                log.info("knowledge.reloaded version=%s", self._current.version)
            except ContentError as err:
                log.error("knowledge.rejected keeping=%s reason=%s", self._current.version, err)
        return self._current

    def _fingerprint(self) -> frozenset[tuple[str, int, int]]:
        stats = ((str(path), path.stat()) for path in self._root.rglob("*.yml"))
        return frozenset((path, stat.st_mtime_ns, stat.st_size) for path, stat in stats)
