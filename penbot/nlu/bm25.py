"""Okapi BM25 over pieces of words.

Four letters at a time need no stemmer (`arquivo`, `arquivar`, `arquivamento` share pieces), forgive
slips and keep a lone digit: "status 2" is not "status 3". Robertson and Zaragoza, 2009.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from penbot.language.text import words

_PIECE = 4  # letters, the spaces around a word counted in
_SATURATION, _LENGTH = 0.8, 0.75  # k1 and b


def pieces(text: str) -> Counter[str]:
    """How often each piece stands in a text."""
    found: Counter[str] = Counter()
    for word in words(text):
        padded = f" {word.text} "
        found.update(padded[i : i + _PIECE] for i in range(max(1, len(padded) - _PIECE + 1)))
    return found


class BM25:
    """Scores of texts against a fixed list of documents, each given as its counted pieces."""

    def __init__(self, documents: Sequence[Counter[str]]) -> None:
        self._size = len(documents)
        self._rows: dict[str, int] = {}
        for document in documents:
            for piece in document:
                self._rows.setdefault(piece, len(self._rows))
        lengths = [document.total() for document in documents]
        row = np.fromiter((self._rows[p] for d in documents for p in d), dtype=np.int32)
        count = np.fromiter((n for d in documents for n in d.values()), dtype=np.float32)
        column = np.repeat(np.arange(self._size, dtype=np.int32), [len(d) for d in documents])
        present = np.bincount(row, minlength=len(self._rows))
        rarity = np.log(1 + (self._size - present + 0.5) / (present + 0.5))
        usual = _SATURATION * (1 - _LENGTH + _LENGTH * np.array(lengths) * self._size / sum(lengths))
        weight = rarity[row] * count * (_SATURATION + 1) / (count + usual[column])
        self._weights = csr_matrix((weight.astype(np.float32), (row, column)), shape=(len(self._rows), self._size))

    def scores(self, text: str) -> npt.NDArray[np.float32]:
        """(documents,): how much of a text each document holds, rare pieces counting most."""
        rows = [self._rows[piece] for piece in pieces(text) if piece in self._rows]
        return np.asarray(self._weights[rows].sum(axis=0), dtype=np.float32).ravel()
