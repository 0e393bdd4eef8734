"""The two names of a ticket of ours: the key that is sent along, and the protocol that people are told."""

from __future__ import annotations

import re
import secrets
import uuid
from datetime import datetime
from zoneinfo import ZoneInfo

_CLEAR = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # no two of them look alike
_BRASILIA = ZoneInfo("America/Sao_Paulo")
_PROTOCOL = re.compile(rf"\bPEN[- ]?(\d{{8}})[- ]?([{_CLEAR}]{{6}})\b")


def new_key() -> tuple[str, str]:
    """(key, protocol), like ('pen-…', 'PEN-20261125-7K3QXA'): unguessable, made once for each ticket."""
    day = datetime.now(_BRASILIA).strftime("%Y%m%d")
    return f"pen-{uuid.uuid4().hex}", f"PEN-{day}-{''.join(secrets.choice(_CLEAR) for _ in range(6))}"


def protocol_in(text: str) -> str:
    """The protocol a text names, as we write it; '' where it names none."""
    match = _PROTOCOL.search(text.upper())
    return f"PEN-{match[1]}-{match[2]}" if match else ""
