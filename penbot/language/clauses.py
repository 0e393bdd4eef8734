"""Where one message may be two: 'dá erro no SEI e, aproveitando, queria sugerir um filtro'."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from penbot.language.text import words

Span = tuple[int, int]

_JOINED = (
    # words that say that another thing comes
    re.compile(
        r"[,.;!?]*\s+(?:e\s+|e,\s+|mas\s+)?(?:tamb[eé]m|al[eé]m d?isso|aproveitando|outra coisa|fora isso"
        r"|mais uma coisa|por outro lado|al[eé]m do mais|e mais uma?|e uma? outr[oa]|e ainda)\b[\s,:]*",
        re.I,
    ),
    re.compile(r"(?<=[.!?;])\s+|\s*\n\s*"),  # the end of a sentence
    re.compile(r",?\s+e\s+", re.I),  # a mere "e"
)
_LEAST = 2  # words of a part
_MOST = 4  # ways of halving a text that are tried


def halves(text: str) -> list[tuple[bool, Span, Span]]:
    """The ways to halve a text into two parts that may each stand alone, likeliest first.

    The first of each three: whether the text says that another thing comes.
    """
    return list(islice(_halves(text), _MOST))


def _halves(text: str) -> Iterator[tuple[bool, Span, Span]]:
    for joint in _JOINED:
        for match in joint.finditer(text):
            first, second = (0, match.start()), (match.end(), len(text))
            if all(len(words(text[start:end])) >= _LEAST for start, end in (first, second)):
                yield joint is _JOINED[0], first, second
