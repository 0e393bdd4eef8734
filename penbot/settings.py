"""Every setting of the assistant: the environment read once into one frozen value."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
_ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:\d{1,5})?")
DESKS = ("local", "rt", "glpi", "portal")
_NEEDED = {"rt": ("PENBOT_RT_URL", "PENBOT_RT_TOKEN"), "glpi": ("PENBOT_GLPI_URL", "PENBOT_GLPI_USER_TOKEN")}
_DATABASES = ("sqlite", "postgresql", "postgresql+psycopg2")
_DRAFT_KEY = re.compile(r"[\w-]{43}=", re.ASCII)


class SettingsError(Exception):
    """A setting has a value it cannot have. The message says which, and what would be right."""


@dataclass(frozen=True)
class Settings:
    """See the table of settings in README.md. Paths are absolute; `port` is on loopback."""

    port: int
    api_token: str | None = field(repr=False)
    home: Path
    knowledge: Path
    desk: str
    database: str = field(repr=False)
    draft_key: str | None = field(default=None, repr=False)
    rt_url: str | None = None
    rt_token: str | None = field(default=None, repr=False)
    glpi_url: str | None = None
    glpi_app_token: str | None = field(default=None, repr=False)
    glpi_user_token: str | None = field(default=None, repr=False)
    origins: tuple[str, ...] = ()
    proxies: int = 0

    @classmethod
    def read(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """Raises SettingsError for a value that cannot be, or one that is missing."""
        home = _folder(environment.get("PENBOT_HOME"), "var")
        return cls(
            port=_port(environment.get("PENBOT_PORT") or "5005"),
            api_token=environment.get("PENBOT_API_TOKEN") or None,
            home=home,
            knowledge=_folder(environment.get("PENBOT_KNOWLEDGE"), "knowledge"),
            desk=_desk(environment.get("PENBOT_DESK") or "local", environment),
            database=_database(environment.get("PENBOT_DATABASE") or database_in(home)),
            draft_key=_draft_key(environment.get("PENBOT_DRAFT_KEY") or None),
            rt_url=_address("PENBOT_RT_URL", environment),
            rt_token=environment.get("PENBOT_RT_TOKEN") or None,
            glpi_url=_address("PENBOT_GLPI_URL", environment),
            glpi_app_token=environment.get("PENBOT_GLPI_APP_TOKEN") or None,
            glpi_user_token=environment.get("PENBOT_GLPI_USER_TOKEN") or None,
            origins=_origins(environment.get("PENBOT_ORIGINS") or ""),
            proxies=_proxies(environment.get("PENBOT_PROXIES") or "0"),
        )


def database_in(home: Path) -> str:
    """The address of the database that an assistant with this home has where none is set."""
    return f"sqlite:///{home / 'chamados.db'}"


def _port(value: str) -> int:
    if not value.isdecimal() or not 0 < int(value) < 65536:
        raise SettingsError(f"PENBOT_PORT={value} não é uma porta; use um número de 1 a 65535")
    return int(value)


def _desk(value: str, environment: Mapping[str, str]) -> str:
    if value not in DESKS:
        raise SettingsError(f"PENBOT_DESK={value} não existe; use um de: {', '.join(DESKS)}")
    missing = [name for name in _NEEDED.get(value, ()) if not environment.get(name)]
    if missing:
        raise SettingsError(f"com PENBOT_DESK={value} é preciso definir também: {', '.join(missing)}")
    return value


def _database(value: str) -> str:
    if urlsplit(value).scheme not in _DATABASES:
        raise SettingsError(
            "PENBOT_DATABASE deve ser como sqlite:////caminho/chamados.db ou postgresql://usuario:senha@servidor/banco"
        )
    return value


def _draft_key(value: str | None) -> str | None:
    if value and not _DRAFT_KEY.fullmatch(value):
        raise SettingsError(
            "PENBOT_DRAFT_KEY não é uma chave: são 44 caracteres, como os que faz "
            "python -c 'from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())'"
        )
    return value


def _address(name: str, environment: Mapping[str, str]) -> str | None:
    value = environment.get(name) or None
    if value is None:
        return None
    place = urlsplit(value)
    if not place.hostname or place.scheme not in ("http", "https"):
        raise SettingsError(f"{name} não é um endereço; use um como https://chamados.orgao.gov.br")
    if place.scheme == "http" and not _on_this_machine(place.hostname):
        raise SettingsError(f"{name} deve começar com https://: por http a senha passaria aberta pela rede")
    return value


def _on_this_machine(host: str) -> bool:
    with contextlib.suppress(ValueError):
        return ip_address(host).is_loopback
    return host == "localhost"


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
