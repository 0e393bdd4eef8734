"""Find products, channels, spheres and support types in what people write."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from penbot.language.spelling import Speller
from penbot.language.text import LINKING_WORDS, Word, phrase, words


@dataclass(frozen=True)
class Name:
    """A name and the ids it may stand for; with none it means nothing ('não sei' is not the SEI)."""

    kind: str
    text: str
    ids: tuple[str, ...]


@dataclass(frozen=True)
class Mention:
    """Where a text names something. Several ids: the name is ambiguous."""

    kind: str
    ids: tuple[str, ...]
    start: int
    end: int


# Before a name that is also an everyday word, these make it the name: "no SEI que" is the SEI, "não sei que" is not.
_DETERMINERS = frozenset("o do no ao pelo meu nosso seu este deste neste esse desse nesse um num pro so".split())


@dataclass(frozen=True)
class _Meaning:
    kind: str
    ids: tuple[str, ...]
    lead: str | None  # 'do estado' is a sphere, 'estado' alone is not


class Vocabulary:
    """Every name and alias, matched longest first, each word used once.

    Accents, case, linking words inside a name and one slip in a longer word make no difference; a
    slip that fits two names equally well is left alone.
    """

    def __init__(self, names: Iterable[Name], known: Iterable[str] = ()) -> None:
        """`known`: texts whose words are right as they are, however near to a name ("trâmite", "Tramita")."""
        self._meanings: dict[tuple[str, ...], list[_Meaning]] = {}
        texts = []
        for name in names:
            self._add(name)
            texts.append(name.text)
        self._longest = max(map(len, self._meanings), default=0)
        self._speller = Speller(texts, known, guess=False)

    def _add(self, name: Name) -> None:
        key = phrase(name.text)
        if not key:
            return
        first = words(name.text)[0].text
        lead = first if first in LINKING_WORDS and first != key[0] else None
        meanings = self._meanings.setdefault(key, [])
        for i, known in enumerate(meanings):
            if (known.kind, known.lead) == (name.kind, lead):
                ids = tuple(dict.fromkeys((*known.ids, *name.ids)))
                meanings[i] = _Meaning(name.kind, ids, lead)
                return
        meanings.append(_Meaning(name.kind, name.ids, lead))

    def mentions(self, text: str) -> list[Mention]:
        """What a text names, in its order. Names without a meaning are left out."""
        every = words(text)
        telling = [i for i, word in enumerate(every) if word.text not in LINKING_WORDS]
        exact = [every[i].text for i in telling]
        mended = [self._speller.mended(word) for word in exact]
        found: list[Mention] = []
        at = 0
        while at < len(telling):
            size, meanings = self._longest_match(every, telling, exact, mended, at)
            start, end = every[telling[at]].start, every[telling[at + max(size, 1) - 1]].end
            found += [Mention(m.kind, m.ids, start, end) for m in meanings if m.ids]
            at += max(size, 1)
        return found

    def _longest_match(
        self, every: list[Word], telling: list[int], exact: list[str], mended: list[str], at: int
    ) -> tuple[int, list[_Meaning]]:
        before = every[telling[at] - 1].text if telling[at] else None
        for size in range(min(self._longest, len(telling) - at), 0, -1):
            for spelling in (exact, mended):
                meanings = self._meanings.get(tuple(spelling[at : at + size]), ())
                fitting = [m for m in meanings if m.lead in (None, before)]
                if fitting and not (size > 1 and self._really_named(every, telling, at, size, fitting)):
                    return size, fitting
        return 0, []

    def _really_named(self, every: list[Word], telling: list[int], at: int, size: int, found: list[_Meaning]) -> bool:
        """Whether a phrase without a meaning holds a name that stands there as a name."""
        if any(m.ids for m in found):
            return False
        inside = [i for i in telling[at : at + size] if any(m.ids for m in self._meanings.get((every[i].text,), ()))]
        return any(i and every[i - 1].text in _DETERMINERS for i in inside)
