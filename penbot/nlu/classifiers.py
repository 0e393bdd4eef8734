"""Rasa components around TextClassifier: which question is asked, and which product is spoken of."""

from __future__ import annotations

from typing import Any

import joblib
import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from penbot.app import app
from penbot.knowledge.model import PRODUCT, SUPPORT, SmallTalk, Subject
from penbot.language.clauses import halves
from penbot.language.spelling import Speller
from penbot.language.text import has_words
from penbot.nlu.examples import NO_PRODUCT, PRODUCT_TAUGHT
from penbot.nlu.normalise import as_question, as_situation
from penbot.nlu.text_classifier import TextClassifier

LIKELY_PRODUCTS = "produtos_provaveis"
"""The key of the parse that holds [{"name": product id, "confidence": 0-1}], likeliest first."""

PARTS = "partes"
"""The key of the parse that holds the ways to read a message as two, likeliest first:
[{"said_so", "parts": [{"start", "end", "intent_ranking"}, …]}, …]."""

_NOTHING = {"name": "nlu_fallback", "confidence": 1.0}  # a message without a word
_FILE = "classificador.joblib"
_READ = 2000  # characters of a message that are looked at: a pasted log says early what it is about
_SURE = 0.6
_LIKELY_TYPE = 0.12  # from here on a second support type is worth a look
_NO_SLIP = 4  # a word of the examples that stands there so often is no slip
_NO_PRODUCT_EVERY = 4  # one in so many of the questions without a product teaches what no product looks like


class _Classifier(GraphComponent):
    """What both share: the trained parts on disk, and a ranking of labels for a message."""

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        classifier: TextClassifier | None = None,
        speller: Speller | None = None,
    ) -> None:
        self._config, self._storage, self._resource = config, model_storage, resource
        self._classifier, self._speller = classifier, speller

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"encoders": ["use"], "ranking_length": 10}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> _Classifier:
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> _Classifier:
        with model_storage.read_from(resource) as folder:
            classifier, speller = joblib.load(folder / _FILE)
        return cls(config, model_storage, resource, classifier, speller)

    def _learn(self, texts: list[str], labels: list[str], speller: Speller) -> Resource:
        unique = dict.fromkeys(zip(texts, labels, strict=True))
        self._speller = speller
        self._classifier = TextClassifier(tuple(self._config["encoders"])).fit(*map(list, zip(*unique, strict=True)))
        with self._storage.write_to(self._resource) as folder:
            joblib.dump((self._classifier, self._speller), folder / _FILE, compress=1)
        return self._resource

    def _ranking(self, text: str) -> list[dict[str, Any]]:
        assert self._classifier is not None
        chances = self._classifier.predict([text])[0]
        best = np.argsort(-chances)[: self._config["ranking_length"]]
        return [{"name": self._classifier.labels[i], "confidence": float(chances[i])} for i in best]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class QuestionClassifier(_Classifier, IntentClassifier):
    """The intent, from the text with its names masked and its spelling mended."""

    def train(self, training_data: TrainingData) -> Resource:
        examples = [m for m in training_data.intent_examples if has_words(m.get(TEXT))]
        speller = Speller((m.get(TEXT) for m in examples), often=_NO_SLIP)
        knowledge = app().store.current()
        texts = [as_question(m.get(TEXT), knowledge, speller) for m in examples]
        return self._learn(texts, [m.get(INTENT) for m in examples], speller)

    def process(self, messages: list[Message]) -> list[Message]:
        assert self._speller is not None
        for message in messages:
            ranking = [_NOTHING]
            text = (message.get(TEXT) or "")[:_READ]
            if text and has_words(text):
                ranking = self._ranking(as_question(text, app().store.current(), self._speller))
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, list(ranking), add_to_output=True)
            if text and _may_be_two(message, ranking):
                ways = [{"said_so": so, "parts": self._parts(text, spans)} for so, *spans in halves(text)]
                message.set(PARTS, ways, add_to_output=True)
        return messages

    def _parts(self, text: str, spans: list[tuple[int, int]]) -> list[dict[str, Any]]:
        assert self._speller is not None
        knowledge = app().store.current()
        return [
            {
                "start": start,
                "end": end,
                INTENT_RANKING_KEY: self._ranking(as_question(text[start:end], knowledge, self._speller)),
            }
            for start, end in spans
        ]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class ProductClassifier(_Classifier, IntentClassifier):
    """The products a message may be about though it names none, from the situations the content tells."""

    def train(self, training_data: TrainingData) -> Resource:
        about_one = [m for m in training_data.intent_examples if m.get(PRODUCT_TAUGHT)]
        general = [m for m in training_data.intent_examples if m.get(INTENT).startswith("perguntar_")]
        speller = Speller((m.get(TEXT) for m in training_data.intent_examples), often=_NO_SLIP)
        texts = [(m.get(TEXT), m.get(PRODUCT_TAUGHT)) for m in about_one]
        texts += [(m.get(TEXT), NO_PRODUCT) for m in general[::_NO_PRODUCT_EVERY]]
        return self._learn([as_situation(text, speller) for text, _ in texts], [label for _, label in texts], speller)

    def process(self, messages: list[Message]) -> list[Message]:
        assert self._speller is not None
        for message in messages:
            text = (message.get(TEXT) or "")[:_READ]
            if text and has_words(text) and not _about_no_product(message):
                message.set(LIKELY_PRODUCTS, self._ranking(as_situation(text, self._speller)), add_to_output=True)
            for part in (part for way in message.get(PARTS, []) for part in way["parts"]):
                piece = as_situation(text[part["start"] : part["end"]], self._speller)
                part[LIKELY_PRODUCTS] = self._ranking(piece)
        return messages


def _may_be_two(message: Message, ranking: list[dict[str, Any]]) -> bool:
    """Whether a message may be two requests: it names two products or two types, or two types are likely."""
    types = app().store.current().support_types
    likely = [guess for guess in ranking if guess["name"] in types and guess["confidence"] >= _LIKELY_TYPE]
    named = {
        kind: {entity["value"] for entity in message.get(ENTITIES, []) if entity["entity"] == kind}
        for kind in (PRODUCT, SUPPORT)
    }
    return bool(likely) and (len(likely) > 1 or any(len(ids) > 1 for ids in named.values()))


def _about_no_product(message: Message) -> bool:
    """Whether the question is surely of the kind that needs no product: then there is no need to look."""
    intent = message.get(INTENT) or {}
    entry = app().store.current().by_intent.get(intent.get("name") or "")
    return isinstance(entry, (Subject, SmallTalk)) and intent["confidence"] >= _SURE
