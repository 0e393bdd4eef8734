"""Every setting of the assistant: the environment read once into one frozen value."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:\d{1,5})?")
DESKS = ("local", "rt", "glpi", "portal")


class SettingsError(Exception):
    """A setting has a value it cannot have. The message says which, and what would be right."""


@dataclass(frozen=True)
class Settings:
    """See the table of settings in README.md. Paths are absolute; `port` is on loopback."""

    port: int
    api_token: str | None
    home: Path
    knowledge: Path
    desk: str
    origins: tuple[str, ...] = ()
    proxies: int = 0

    @classmethod
    def read(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """Raises SettingsError for a value that a setting cannot have."""
        port = environment.get("PENBOT_PORT") or "5005"
        if not port.isdecimal() or not 0 < int(port) < 65536:
            raise SettingsError(f"PENBOT_PORT={port} não é uma porta; use um número de 1 a 65535")
        desk = environment.get("PENBOT_DESK") or "local"
        if desk not in DESKS:
            raise SettingsError(f"PENBOT_DESK={desk} não existe; use um de: {', '.join(DESKS)}")
        return cls(
            port=int(port),
            api_token=environment.get("PENBOT_API_TOKEN") or None,
            home=_folder(environment.get("PENBOT_HOME"), "var"),
            knowledge=_folder(environment.get("PENBOT_KNOWLEDGE"), "knowledge"),
            desk=desk,
            origins=_origins(environment.get("PENBOT_ORIGINS") or ""),
            proxies=_proxies(environment.get("PENBOT_PROXIES") or "0"),
        )


def _folder(value: str | None, default: str) -> Path:
    return Path(value).expanduser().resolve() if value else ROOT / default


def _origins(value: str) -> tuple[str, ...]:
    origins = tuple(part.strip().rstrip("/").lower() for part in value.split(",") if part.strip())
    for origin in origins:
        if not _ORIGIN.fullmatch(origin):
            raise SettingsError(
                f"PENBOT_ORIGINS: «{origin}» não é a origem de um site; use https://portal.exemplo.gov.br, sem caminho"
            )
    return origins


def _proxies(value: str) -> int:
    if not value.isdecimal():
        raise SettingsError(f"PENBOT_PROXIES={value} não é um número; diga quantos proxies há na frente (0 se nenhum)")
    return int(value)
