"""Find products, channels, spheres and support types in what people write."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from penbot.language.spelling import Speller
from penbot.language.text import LINKING_WORDS, Word, phrase, words


@dataclass(frozen=True)
class Name:
    """A name and the ids it may stand for; with none it means nothing ('não sei' is not the SEI).

    A single word that ends in '*' is only the beginning of one: 'MdGd*'.
    """

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
    whole: bool = False  # without a meaning whatever stands inside: 'não usamos o SEI'


class Vocabulary:
    """Every name and alias, matched longest first, each word used once for each kind of name.

    Accents, case, linking words inside a name and one slip in a longer word make no difference; a
    slip that fits two names equally well is left alone.
    """

    def __init__(self, names: Iterable[Name], known: Iterable[str] = ()) -> None:
        """`known`: texts whose words are right as they are, however near to a name ("trâmite", "Tramita")."""
        names = list(names)
        self._kinds = {
            kind: _Kind([n for n in names if n.kind == kind]) for kind in dict.fromkeys(n.kind for n in names)
        }
        self._speller = Speller((name.text for name in names), known, guess=False)

    def mentions(self, text: str) -> list[Mention]:
        """What a text names, in its order. Names without a meaning are left out."""
        every = words(text)
        telling = [i for i, word in enumerate(every) if word.text not in LINKING_WORDS]
        exact = [every[i].text for i in telling]
        mended = [self._speller.mended(word) for word in exact]
        read = _Read(every, telling, exact, mended)
        found = [mention for kind in self._kinds.values() for mention in kind.mentions(read)]
        return sorted(found, key=lambda mention: mention.start)


@dataclass(frozen=True)
class _Read:
    """A text: all its words, which of them tell something, those as typed, and those mended."""

    every: list[Word]
    telling: list[int]
    exact: list[str]
    mended: list[str]

    def before(self, at: int) -> str | None:
        """The word in front of the telling word at this place."""
        i = self.telling[at]
        return self.every[i - 1].text if i else None


class _Kind:
    """The names of one kind."""

    def __init__(self, names: list[Name]) -> None:
        self._meanings: dict[tuple[str, ...], list[_Meaning]] = {}
        self._beginnings: dict[str, _Meaning] = {}
        for name in names:
            self._add(name)
        self._longest = max(map(len, self._meanings), default=0)

    def _add(self, name: Name) -> None:
        key, literal = phrase(name.text), [word.text for word in words(name.text)]
        if not key:
            return
        if name.text.endswith("*"):
            self._beginnings[key[0]] = _Meaning(name.kind, name.ids, None)
            return
        lead = literal[0] if literal[0] in LINKING_WORDS and literal[0] != key[0] else None
        whole = not name.ids and len(literal) > 1 and literal[-2] in LINKING_WORDS
        meanings = self._meanings.setdefault(key, [])
        for i, known in enumerate(meanings):
            if known.lead == lead:
                meanings[i] = _Meaning(name.kind, tuple(dict.fromkeys((*known.ids, *name.ids))), lead, whole)
                return
        meanings.append(_Meaning(name.kind, name.ids, lead, whole))

    def mentions(self, read: _Read) -> list[Mention]:
        found: list[Mention] = []
        at = 0
        while at < len(read.telling):
            size, meanings = self._longest_match(read, at)
            start, end = (read.every[read.telling[at + n]] for n in (0, max(size, 1) - 1))
            found += [Mention(m.kind, m.ids, start.start, end.end) for m in meanings if m.ids]
            at += max(size, 1)
        return found

    def _longest_match(self, read: _Read, at: int) -> tuple[int, list[_Meaning]]:
        for size in range(min(self._longest, len(read.telling) - at), 0, -1):
            for spelling in (read.exact, read.mended):
                meanings = self._meanings.get(tuple(spelling[at : at + size]), ())
                fitting = [m for m in meanings if m.lead in (None, read.before(at))]
                if fitting and not (size > 1 and self._really_named(read, at, size, fitting)):
                    return size, fitting
        word = read.exact[at]
        begun = next((meaning for start, meaning in self._beginnings.items() if word.startswith(start)), None)
        return (1, [begun]) if begun else (0, [])

    def _really_named(self, read: _Read, at: int, size: int, found: list[_Meaning]) -> bool:
        """Whether a phrase without a meaning holds a name that stands there as a name."""
        if any(m.ids or m.whole for m in found):
            return False
        inside = [n for n in range(at, at + size) if any(m.ids for m in self._meanings.get((read.exact[n],), ()))]
        return any(read.before(n) in _DETERMINERS for n in inside)
