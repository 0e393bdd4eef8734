"""Rasa component: which questions of the FAQ a message may ask. A changed or new entry needs no training."""

from __future__ import annotations

import logging
from typing import Any

import joblib
import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from penbot.app import app
from penbot.knowledge import Knowledge
from penbot.knowledge.model import PRODUCT
from penbot.language.text import has_words
from penbot.nlu.encoders import Encoder, EncoderUnavailable, Vectors, encoder
from penbot.nlu.question_index import Memory, QuestionIndex
from penbot.nlu.text_classifier import View, unit

log = logging.getLogger(__name__)

LIKELY_QUESTIONS = "perguntas_provaveis"
"""The key of the parse that holds [{"name": entry id, "confidence": 0-1}], likeliest first. The confidences of
all entries together say how likely it is that the FAQ is asked."""

_FILE = "perguntas.joblib"
_READ = 2000  # characters of a message that are looked at


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class QuestionFinder(GraphComponent, IntentClassifier):
    """Training keeps the vectors of what is taught and of the FAQ as it stands, so that a start takes no time;
    what changes afterwards is encoded when it is seen. Without the encoder nothing is found."""

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        memory: Memory | None = None,
        others: Vectors | None = None,
    ) -> None:
        self._config, self._storage, self._resource = config, model_storage, resource
        self._memory, self._others = memory, others
        self._indexed: Knowledge | None = None
        self._index: QuestionIndex | None = None

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"encoder": "use", "ranking_length": 10}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> QuestionFinder:
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> QuestionFinder:
        with model_storage.read_from(resource) as folder:
            kept = joblib.load(folder / _FILE)
        encode = _encoder(config["encoder"])
        if encode is None or kept is None:
            return cls(config, model_storage, resource)
        view, others, texts, vectors = kept
        known = dict(zip(texts, vectors.astype(np.float32), strict=True))
        finder = cls(config, model_storage, resource, Memory(encode, view, known), others.astype(np.float32))
        finder._current()
        return finder

    def train(self, training_data: TrainingData) -> Resource:
        encode = _encoder(self._config["encoder"])
        kept = encode and self._learnt(encode, training_data)
        with self._storage.write_to(self._resource) as folder:
            joblib.dump(kept, folder / _FILE, compress=1)
        return self._resource

    def _learnt(self, encode: Encoder, training_data: TrainingData) -> tuple[View, Vectors, list[str], Vectors]:
        vectors = encode([m.get(TEXT) for m in training_data.intent_examples if has_words(m.get(TEXT))])
        view = View.of(vectors)
        self._memory, self._others = Memory(encode, view), unit(view(vectors))
        self._current()
        known = self._memory.known
        return view, _half(self._others), list(known), _half(np.array(list(known.values())))

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            text = message.get(TEXT)
            if text and has_words(text) and (index := self._current()):
                products = [e["value"] for e in message.get(ENTITIES, []) if e["entity"] == PRODUCT]
                ranking = index.ranking(text[:_READ], products, self._config["ranking_length"])
                guesses = [{"name": id_, "confidence": chance} for id_, chance in ranking]
                message.set(LIKELY_QUESTIONS, guesses, add_to_output=True)
        return messages

    def _current(self) -> QuestionIndex | None:
        """The index of the content as it stands now."""
        knowledge = app().store.current()
        if knowledge is not self._indexed and self._memory is not None and self._others is not None:
            self._index = QuestionIndex(knowledge.faq.values(), self._memory, self._others)
            self._indexed = knowledge
        return self._index


def _encoder(name: str) -> Encoder | None:
    try:
        return encoder(name)
    except EncoderUnavailable as err:
        log.warning("encoder.unavailable name=%s reason=%s", name, err)
        return None


def _half(vectors: Vectors) -> Vectors:
    """Half the bytes on disk."""
    return vectors.astype(np.float16)
