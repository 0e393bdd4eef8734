"""Comparing Portuguese text without case or accents."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_WORD = re.compile(r"[^\W_]+")

# Words that a name may be written with or without: "api do tramita", "api tramita".
LINKING_WORDS = frozenset("o a os as um uma de do da dos das ao aos no na nos nas em e".split())


@dataclass(frozen=True)
class Word:
    """A word of a text, folded, and where it stands there."""

    text: str
    start: int
    end: int


def fold(text: str) -> str:
    """Lower case, no accents: 'Município' -> 'municipio'."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def words(text: str) -> list[Word]:
    """The words of a text: letters and digits, folded. 'gov.br' is two words."""
    return [Word(fold(m.group()), m.start(), m.end()) for m in _WORD.finditer(text)]


def phrase(text: str) -> tuple[str, ...]:
    """A text as the words that tell it apart: linking words left out, unless there are no others."""
    every = tuple(word.text for word in words(text))
    telling = tuple(word for word in every if word not in LINKING_WORDS)
    return telling or every


def has_words(text: str) -> bool:
    """Whether there is anything to understand: a letter or a digit."""
    return _WORD.search(text) is not None
