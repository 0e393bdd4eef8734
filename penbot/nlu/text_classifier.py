"""The classifier inside our two Rasa components: kernel ridge regression on n-grams and sentence vectors.

Each message is compared with every example: by the n-grams they share and by the nearness of their
sentence vectors; a ridge regression in closed form weighs the examples for each label. It trains in
seconds where a logistic regression on the same features took minutes, and was more often right:
docs/decisoes/004. Ridge regression in kernel form: Saunders, Gammerman and Vovk, ICML 1998.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.linalg import cho_factor, cho_solve
from scipy.sparse import hstack
from sklearn.feature_extraction.text import TfidfVectorizer

from penbot.language.text import fold
from penbot.nlu.encoders import EncoderUnavailable, Vectors, encoder

log = logging.getLogger(__name__)
Matrix = npt.NDArray[np.float32]

_NGRAMS, _NGRAMS_SQUARED, _VECTORS_SQUARED = 0.25, 0.5, 1.0  # weights of the parts of the kernel
_RIDGE = 0.3
_RARE_LABELS = 0.5  # examples weigh as the number of their label's examples to the minus this power
_DIMENSIONS = 192  # of the sentence vectors that are kept, by variance: fewer than all 512 lose nothing
_TEMPERATURE = 0.05  # the one under which held-out examples were least surprising


@dataclass(frozen=True)
class View:
    """Sentence vectors seen from their mean, along the axes in which the examples differ most."""

    mean: Vectors
    axes: Vectors

    @classmethod
    def of(cls, vectors: Vectors) -> View:
        shifted = unit(vectors - vectors.mean(axis=0))
        _, axes = np.linalg.eigh(shifted.T @ shifted)  # by growing variance
        return cls(vectors.mean(axis=0), axes[:, ::-1][:, :_DIMENSIONS].astype(np.float32))

    def __call__(self, vectors: Vectors) -> Vectors:
        """(n, d) -> (n, _DIMENSIONS or fewer)"""
        return unit(vectors - self.mean) @ self.axes


@dataclass
class TextClassifier:
    """Texts -> probabilities of labels. Texts come already normalised; see penbot.nlu.normalise.

    `encoders`: names of penbot.nlu.encoders; one that cannot run is left out with a warning, down to
    the n-grams alone.
    """

    encoders: Sequence[str] = ("use",)
    labels: list[str] = field(default_factory=list)
    _counters: list[TfidfVectorizer] = field(default_factory=list)
    _examples: Any = None
    _views: dict[str, View] = field(default_factory=dict)
    _vectors: dict[str, Vectors] = field(default_factory=dict)
    _weights: Any = None

    def fit(self, texts: Sequence[str], labels: Sequence[str]) -> TextClassifier:
        """Learn. texts and labels: n each, at least two different labels."""
        self.labels = sorted(set(labels))
        index = {label: i for i, label in enumerate(self.labels)}
        gold = np.array([index[label] for label in labels])
        self._counters = _ngram_counters()
        ngrams = hstack([counter.fit_transform(texts) for counter in self._counters], format="csr")
        self._examples = ngrams.T.tocsr()
        for name in self.encoders:
            vectors = _encoded(name, texts)
            if vectors is not None:
                self._views[name] = View.of(vectors)
                self._vectors[name] = self._views[name](vectors)
        kernel = self._kernel(ngrams, self._vectors)
        self._weights = _solve(kernel, gold, len(self.labels))
        return self

    def predict(self, texts: Sequence[str]) -> Matrix:
        """(n texts, n labels), each row adding up to 1."""
        vectors = {}
        for name, view in self._views.items():
            found = _encoded(name, texts)
            if found is not None:
                vectors[name] = view(found)
        ngrams = hstack([counter.transform(texts) for counter in self._counters], format="csr")
        scores = self._kernel(ngrams, vectors) @ self._weights
        return _softmax(scores, _TEMPERATURE)

    def _kernel(self, ngrams: Any, vectors: dict[str, Vectors]) -> Matrix:
        """(n texts, n examples): how alike each text is to each example."""
        shared = (ngrams @ self._examples).toarray() / 2
        kernel = _NGRAMS * shared + _NGRAMS_SQUARED * shared**2
        for name, rows in vectors.items():
            near = np.clip(rows @ self._vectors[name].T, 0, None)
            kernel += _VECTORS_SQUARED / len(self._vectors) * near**2
        return kernel  # type: ignore[no-any-return]


def _ngram_counters() -> list[TfidfVectorizer]:
    return [
        TfidfVectorizer(
            preprocessor=fold, token_pattern=r"\S+", ngram_range=(1, 2), sublinear_tf=True, dtype=np.float32
        ),
        TfidfVectorizer(
            preprocessor=fold, analyzer="char_wb", ngram_range=(3, 4), min_df=3, sublinear_tf=True, dtype=np.float32
        ),
    ]


def _encoded(name: str, texts: Sequence[str]) -> Vectors | None:
    try:
        return encoder(name)(texts)
    except EncoderUnavailable as err:
        log.warning("encoder.unavailable name=%s reason=%s", name, err)
        return None


def unit(vectors: Vectors) -> Vectors:
    return vectors / (np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-9)  # type: ignore[no-any-return]


def _solve(kernel: Matrix, gold: npt.NDArray[np.int64], labels: int) -> Matrix:
    weight = (1.0 / np.bincount(gold, minlength=labels)[gold]) ** _RARE_LABELS
    system = kernel.copy()
    system[np.diag_indices_from(system)] += _RIDGE / (weight / weight.mean())
    targets = np.zeros((len(gold), labels), dtype=np.float32)
    targets[np.arange(len(gold)), gold] = 1
    return cho_solve(cho_factor(system, overwrite_a=True, check_finite=False), targets, check_finite=False)  # type: ignore[no-any-return]


def _softmax(scores: Matrix, temperature: float) -> Matrix:
    shifted = np.exp((scores - scores.max(axis=1, keepdims=True)) / temperature)
    return shifted / shifted.sum(axis=1, keepdims=True)  # type: ignore[no-any-return]
