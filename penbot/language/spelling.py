"""Mending what people mistype, for the classifier's copy of a text only.

The word list is pyspellchecker's Portuguese one (MIT); the domain's own words come first.
"""

from __future__ import annotations

import gzip
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files

from rapidfuzz import process
from rapidfuzz.distance import OSA

from penbot.language.text import fold, words

SHORTENED = {
    "vc": "você", "vcs": "vocês", "ce": "você", "q": "que", "oq": "o que", "oque": "o que", "pq": "porque",
    "pra": "para", "pro": "para o", "pras": "para as", "pros": "para os", "p": "para", "c": "com", "d": "de",
    "tb": "também", "tbm": "também", "n": "não", "nao": "não", "msm": "mesmo", "qdo": "quando", "qd": "quando",
    "qnd": "quando", "qto": "quanto", "ta": "está", "to": "estou", "tao": "estão", "tava": "estava", "hj": "hoje",
    "mt": "muito", "mto": "muito", "td": "tudo", "blz": "beleza", "vlw": "valeu", "obg": "obrigado", "eh": "é",
    "pfv": "por favor", "pf": "por favor", "dps": "depois", "kd": "cadê", "cade": "cadê", "ngm": "ninguém",
    "info": "informação", "infos": "informações", "msg": "mensagem", "msgs": "mensagens", "doc": "documento",
    "docs": "documentos", "num": "número",
}  # fmt: skip
"""How people shorten words, folded -> written out."""

_ENTRY = re.compile(r'"([^"]+)":\s*(\d+)')
_WORD = re.compile(r"[^\W\d_]+")
_RARE = 400  # occurrences in the list's corpus under which a word may itself be a slip
_SHORTEST = 4
_LONG = 8
_REMEMBERED = 20_000


@lru_cache(maxsize=1)
def portuguese() -> dict[str, str]:
    """Folded form -> commonest accented form, of some 18,000 common Portuguese words.

    Read from pyspellchecker's file line by line: its own class would build all 400,000 words, and
    the process would keep 50 MB of that for good.
    """
    text = gzip.decompress((files("spellchecker") / "resources" / "pt.json.gz").read_bytes()).decode("utf-8")
    counted: dict[str, tuple[int, str]] = {}
    for match in _ENTRY.finditer(text):
        count, word = int(match[2]), match[1]
        if count >= _RARE and word.isalpha():
            key = fold(word)
            counted[key] = max(counted.get(key, (0, "")), (count, word))
    return {key: word for key, (_, word) in counted.items()}


class Speller:
    """Puts the nearest known word in the place of an unknown one."""

    def __init__(self, domain: Iterable[str], known: Iterable[str] = (), *, guess: bool = True, often: int = 1) -> None:
        """`domain`: the texts whose words may take another's place; a word that is no common Portuguese one
        must stand there `often` times, or it may be a slip itself. `known`: texts whose words are only right
        themselves. Without `guess`, a word that is as near to two of them stays as it is."""
        self._guess = guess
        domain = list(domain)
        self._accented = _commonest_spelling(domain)
        counted = Counter(word for text in domain for word in _plain_words(text))
        right = {word for word, count in counted.items() if count >= often or word in portuguese()}
        self._known = right | {word for text in known for word in _plain_words(text)}
        self._by_length: dict[int, list[str]] = defaultdict(list)
        for word in sorted(right):
            if len(word) >= _SHORTEST:
                self._by_length[len(word)].append(word)
        self._mended: dict[str, str] = {}

    def __call__(self, text: str) -> str:
        """The text in lower case, shortened and mistyped words written out, accents where they belong."""
        return " ".join(self._written(word.text) for word in words(text))

    def _written(self, word: str) -> str:
        if word in SHORTENED:
            return SHORTENED[word]
        mended = self.mended(word)
        return self._accented.get(mended) or portuguese().get(mended) or mended

    def mended(self, word: str) -> str:
        """One folded word, mended. Remembered: people repeat themselves."""
        if word not in self._mended:
            if len(self._mended) > _REMEMBERED:
                self._mended.clear()
            self._mended[word] = self._mend(word)
        return self._mended[word]

    def _mend(self, word: str) -> str:
        if len(word) < _SHORTEST or not word.isalpha() or word in self._known or word in portuguese():
            return word
        reach = 1 if len(word) < _LONG else 2
        near = [w for n in range(len(word) - reach, len(word) + reach + 1) for w in self._by_length.get(n, ())]
        found = process.extract(word, near, scorer=OSA.distance, score_cutoff=reach, limit=4)
        if not found:
            return word
        best = min(distance for _, distance, _ in found)
        nearest = [w for w, distance, _ in found if distance == best]
        if len(nearest) > 1 and not self._guess:
            return word
        return next((w for w in nearest if w[0] == word[0]), nearest[0])


def _commonest_spelling(texts: list[str]) -> dict[str, str]:
    """Folded word -> how the texts write it most often, accents counting twice: many leave them out."""
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    for text in texts:
        for word in _WORD.findall(text.lower()):
            counted[fold(word)][word] += 1 if word == fold(word) else 2
    return {key: spellings.most_common(1)[0][0] for key, spellings in counted.items()}


def _plain_words(text: str) -> list[str]:
    return [word.text for word in words(text) if word.text.isalpha()]
