"""Which question of the FAQ a text asks, if it asks one: found, not trained, so that an edit is live at once.

An entry is as near to a text as their sentence vectors are, seen where entries differ and the ways of
asking one thing do not; as the pieces of words they share; and as its products are those named. How
likely it is at all that the FAQ is asked is judged by what the text is nearer to: the FAQ's phrases or
all the others. Weights, and what else was measured: docs/decisoes/008.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from penbot.knowledge import Question
from penbot.language.text import phrase
from penbot.nlu.bm25 import BM25, pieces
from penbot.nlu.encoders import Encoder, Vectors
from penbot.nlu.text_classifier import View, unit

# Fitted by bench/questions.py.
_VECTORS, _PIECES, _NAMED = 13.5, 0.1, 1.4
_OURS, _OTHERS, _BEST, _BIAS = 22.0, -20.0, 0.27, -2.6  # the bias a little lower than fitted: the guide goes first
_ANSWER = 2.0  # an answer counts as so many ways of asking
_SHRINKAGE = 1.0  # of the spread of the ways of asking one thing, towards a round one
_NEAREST = 5
_SAME_NUMBER, _OTHER_NUMBER = 3.0, 0.1  # how much likelier an entry of the text's number is, and one of another
_NUMBER = re.compile(r"(?<![\w.,/-])\d{1,2}(?![\w/-]|[.,]\d)")
_KNOWN = 0.9  # how likely an entry is that is asked in one of its own phrases
_AT_ONCE = 64  # texts encoded together


class Memory:
    """Sentence vectors by text: a changed entry costs only its own texts."""

    def __init__(self, encode: Encoder, view: View, known: dict[str, Vectors] | None = None) -> None:
        self._encode, self._view = encode, view
        self.known = known or {}

    def __call__(self, texts: Sequence[str]) -> Vectors:
        """(texts, dimensions), each row of length 1. What was never seen is encoded and kept."""
        new = [text for text in dict.fromkeys(texts) if text not in self.known]
        for start in range(0, len(new), _AT_ONCE):
            some = new[start : start + _AT_ONCE]
            self.known.update(zip(some, self.fresh(some), strict=True))
        return np.array([self.known[text] for text in texts], dtype=np.float32)

    def fresh(self, texts: Sequence[str]) -> Vectors:
        """The same without remembering: for what people write."""
        return unit(self._view(self._encode(texts)))


@dataclass(frozen=True)
class Evidence:
    """What speaks for each entry (one number an entry), and for the FAQ at all (`ours` against `others`)."""

    near: Vectors
    pieces: Vectors
    named: Vectors
    ours: float
    others: float

    @property
    def scores(self) -> Vectors:
        return np.asarray(_VECTORS * self.near + _PIECES * self.pieces + _NAMED * self.named)

    @property
    def at_all(self) -> float:
        """How likely it is that the FAQ is asked."""
        sure = _OURS * self.ours + _OTHERS * self.others + _BEST * float(self.scores.max()) + _BIAS
        return float(1 / (1 + np.exp(-sure)))


class QuestionIndex:
    """`others`: vectors of what is taught besides the FAQ."""

    def __init__(self, questions: Iterable[Question], memory: Memory, others: Vectors) -> None:
        self._questions, self._memory, self._others = list(questions), memory, others
        self._numbers = [numbers(question.pergunta) for question in self._questions]
        self._products = [frozenset(question.produtos) for question in self._questions]
        if not self._questions:
            return
        asked = [(text, i) for i, question in enumerate(self._questions) for text in question.asked]
        self._asked = memory([text for text, _ in asked])
        owner = np.array([i for _, i in asked])
        answers = memory([_answer(question) for question in self._questions])
        self._origin, self._axes, self._entries = _contrasted(self._asked, owner, answers)
        self._pieces = BM25([_counted(question) for question in self._questions])
        self._verbatim = {phrase(text): i for text, i in reversed(asked)}

    def ranking(self, text: str, products: Collection[str], length: int = 10) -> list[tuple[str, float]]:
        """(entry id, how likely it is what the text asks), likeliest first. All of them together add up to how
        likely it is that the FAQ is asked. `products`: the ids that the text names."""
        if not self._questions:
            return []
        evidence = self.evidence(text, products)
        chances = evidence.at_all * _softmax(evidence.scores)
        if (known := self._verbatim.get(phrase(text))) is not None:
            chances *= 1 - _KNOWN
            chances[known] += _KNOWN
        chances = self._by_number(text, chances)
        best = np.argsort(-chances)[:length]
        return [(self._questions[i].id, float(chances[i])) for i in best]

    def _by_number(self, text: str, chances: Vectors) -> Vectors:
        """Entries that differ by a number only ('status 3'): a text that says one of them asks for no other."""
        told = numbers(text)
        if not any(told & own for own in self._numbers):
            return chances
        weights = [1.0 if not own else _SAME_NUMBER if told & own else _OTHER_NUMBER for own in self._numbers]
        weighed = chances * np.array(weights)
        return np.asarray(weighed * chances.sum() / weighed.sum())

    def evidence(self, text: str, products: Collection[str]) -> Evidence:
        vector = self._memory.fresh([text])
        entries = unit((vector - self._origin) @ self._axes) @ self._entries.T
        named = [0 if not products else 1 if own & set(products) else -1 for own in self._products]
        return Evidence(
            near=entries[0],
            pieces=self._pieces.scores(text),
            named=np.array(named, dtype=np.float32),
            ours=_nearness(vector, self._asked),
            others=_nearness(vector, self._others),
        )


def numbers(text: str) -> set[str]:
    """The small numbers of a text, as they are counted: 'status 10'."""
    return set(_NUMBER.findall(text))


def _contrasted(asked: Vectors, owner: npt.NDArray[np.int64], answers: Vectors) -> tuple[Vectors, Vectors, Vectors]:
    """(origin, axes, entries): entries where they differ most against the ways of asking one and the same.

    The inverse of the spread inside entries, as in a linear discriminant (Fisher, 1936), shrunk.
    """
    sums = np.zeros_like(answers)
    np.add.at(sums, owner, asked)
    number = np.bincount(owner)[:, None]
    inside = asked - (sums / number)[owner]
    spread = inside.T @ inside / len(asked)
    usual = max(float(np.trace(spread)) / len(spread), 1e-6)
    axes = np.linalg.cholesky(np.linalg.inv(spread + _SHRINKAGE * usual * np.eye(len(spread)))).astype(np.float32)
    entries = (sums + _ANSWER * answers) / (number + _ANSWER)
    origin = entries.mean(axis=0)
    return origin, axes, unit((entries - origin) @ axes)


def _answer(question: Question) -> str:
    return f"{question.titulo}. {question.resposta}"


@lru_cache(maxsize=4096)
def _counted(question: Question) -> Counter[str]:
    return pieces(" ".join((*question.asked, question.resposta, question.mais)))


def _nearness(vector: Vectors, phrases: Vectors) -> float:
    """Of a text to the few phrases that are nearest to it."""
    near = (vector @ phrases.T)[0]
    return float(np.sort(np.partition(near, -_NEAREST)[-_NEAREST:]).mean()) if len(near) > _NEAREST else 0.0


def _softmax(scores: Vectors) -> Vectors:
    shifted = np.exp(scores - scores.max())
    return np.asarray(shifted / shifted.sum())
