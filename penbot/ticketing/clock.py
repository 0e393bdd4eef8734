"""What time it is: handed in, so that a test need not wait for two days."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone

Clock = Callable[[], datetime]
"""Answers with an aware time."""


def utc_now() -> datetime:
    return datetime.now(timezone.utc)
