"""Text and file names as ticket systems can take them, and HTML as text."""

from __future__ import annotations

import re
import unicodedata
from html.parser import HTMLParser

_BREAKS = {"br", "p", "div", "li", "tr", "h1", "h2", "h3", "h4", "blockquote", "pre"}
_UNREAD = {"script", "style", "head"}


def plain(text: str) -> str:
    """The text without the signs that no text needs and some databases refuse; line breaks as \\n."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(sign for sign in lines if sign in "\n\t" or unicodedata.category(sign) not in ("Cc", "Cs"))


def one_line(text: str) -> str:
    return " ".join(plain(text).split())


def shortened(text: str, most: int) -> str:
    """The text in at most so many bytes of UTF-8, with '…' where something is missing."""
    raw = text.encode()
    if len(raw) <= most:
        return text
    return raw[: most - len("…".encode())].decode(errors="ignore").rstrip() + "…"


def ascii_name(name: str) -> str:
    """A file name that survives every mail program: no accents, no paths, never empty."""
    stem = unicodedata.normalize("NFKD", name.replace("\\", "/").rsplit("/", 1)[-1])
    return re.sub(r"[^A-Za-z0-9._-]+", "_", stem.encode("ascii", "ignore").decode()).strip("._") or "arquivo"


def from_html(markup: str) -> str:
    """What a person would read in a piece of HTML."""
    reader = _Reader()
    reader.feed(markup)
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.pieces).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self._unread = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self._unread += tag in _UNREAD
        if tag in _BREAKS:
            self.pieces.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._unread -= tag in _UNREAD
        if tag in _BREAKS - {"br"}:
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._unread:
            self.pieces.append(re.sub(r"\s+", " ", data))
