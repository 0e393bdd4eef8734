"""What a text tells by the way about a system: its version and its environment."""

from __future__ import annotations

import re

from penbot.language.text import fold

ENVIRONMENTS = {"producao": re.compile(r"\bprod(ucao)?\b"), "homologacao": re.compile(r"\b(homolog\w*|hml|testes?)\b")}
_VERSION = re.compile(
    r"\b(?:vers[aã]o|v\.?|release)\s*:?\s*(?:[eé]\s+)?(?:a\s+)?(\d+(?:\.\d+)*[\w.-]*)|\bsei\s+(\d+(?:\.\d+)+)", re.I
)


def environment_in(text: str) -> str:
    """'producao' or 'homologacao'; '' where the text names none, or both."""
    found = [id_ for id_, pattern in ENVIRONMENTS.items() if pattern.search(fold(text))]
    return found[0] if len(found) == 1 else ""


def version_in(text: str) -> str:
    """The version a text tells: 'SEI 4.0.11' -> '4.0.11'; '' where it tells none."""
    match = _VERSION.search(text)
    return (match[1] or match[2]).rstrip(".-") if match else ""
