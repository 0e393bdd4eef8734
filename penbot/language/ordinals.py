"""Which of several things a text points to by its place: 'o primeiro', 'a segunda opção', 'opção 3', '2'."""

from __future__ import annotations

import re

from penbot.language.text import fold

_NAMES = ("primeir", "segund", "terceir", "quart", "quint", "sext", "setim", "oitav", "non", "decim")
_NAMED = re.compile(rf"(?:[oaé] |e [oa] |quero [oa] )?({'|'.join(_NAMES)})[oa](?: opcao| delas| deles)?\W*")
_NUMBERED = re.compile(r"(?:(?:a |e a |quero a )?(?:opcao|alternativa|numero|n[ro]?\.?)\s*)?(\d{1,2})\W*")
_LAST = re.compile(r"(?:[oa] |e [oa] )?ultim[oa](?: opcao)?\W*")


def place_in(text: str, size: int) -> int | None:
    """The place, from 0, that the whole of a text points to among `size` things; None if it points to none."""
    folded = fold(text).strip()
    if _LAST.fullmatch(folded):
        return size - 1
    named, numbered = _NAMED.fullmatch(folded), _NUMBERED.fullmatch(folded)
    place = _NAMES.index(named[1]) if named else int(numbered[1]) - 1 if numbered else -1
    return place if 0 <= place < size else None
