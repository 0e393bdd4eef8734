"""Which sites may speak with us, and the headers that tell browsers so."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

SELF = "self"  # our own pages
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, POST, DELETE",
    "Access-Control-Allow-Headers": "authorization, content-type, x-file-name",
    "Access-Control-Max-Age": "600",
}


class Origins:
    """Our own pages, and the origins of the setting: compared whole, never by pattern."""

    def __init__(self, allowed: tuple[str, ...]) -> None:
        self.allowed = allowed

    def of(self, headers: Mapping[str, str]) -> str | None:
        """Where a request comes from: SELF, an allowed origin, or None for any other.

        Browsers say the origin of every request to another site, and of every POST.
        """
        origin = headers.get("origin")
        if origin is None:
            return SELF
        if origin.lower() in self.allowed:
            return origin.lower()
        host = headers.get("host", "")
        return SELF if host and origin.startswith(("http://", "https://")) and urlsplit(origin).netloc == host else None

    def headers(self, origin: str | None) -> dict[str, str]:
        """CORS: the one origin that asks, and only if it is allowed. No cookies cross sites."""
        vary = {"Vary": "Origin"}
        return vary if origin in (None, SELF) else {**vary, "Access-Control-Allow-Origin": str(origin)}
